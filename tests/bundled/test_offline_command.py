"""The command line without a network, as someone meets it who tries the program on a train."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from openness_audit.offline import Offline
from openness_audit.sources.offline import bundled_ids

NO_NETWORK = """
import socket, sys
def refuse(*_): raise OSError("there is no network")
socket.socket.connect = refuse
from openness_audit.cli import main
sys.argv = ["modelaudit", *sys.argv[1:]]
main()
"""


def run(home: Path, *words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", before + NO_NETWORK, *words],
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "OPENNESS_AUDIT_CACHE": str(home / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=home,
    )


def test_the_first_command_of_the_readme_needs_neither_network_nor_cache(tmp_path: Path) -> None:
    done = run(tmp_path, "allenai/OLMo-7B", "--offline")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("offline: from evidence recorded 2024-11 and bundled with the program")
    assert "0 requests" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_nowhere_is_exit_3_with_the_models_that_are_bundled(tmp_path: Path) -> None:
    done = run(tmp_path, "nobody/nothing", "--offline", "-o", "audit.json")

    assert (done.returncode, done.stdout) == (3, "")
    assert "nobody/nothing is neither in the cache nor bundled with the program" in done.stderr
    assert all(name in " ".join(done.stderr.split()) for name in bundled_ids())
    assert list(tmp_path.iterdir()) == []


def test_the_cache_command_tells_what_is_bundled(tmp_path: Path) -> None:
    done = run(tmp_path, "cache", "info")

    assert done.returncode == 0
    assert "  allenai/OLMo-7B, recorded 2024-11\n" in done.stdout
    assert all(f"  {name}, recorded " in done.stdout for name in bundled_ids())


def test_an_audit_from_a_record_loads_no_network_stack(tmp_path: Path) -> None:
    barred = (
        "import sys\nsys.modules.update(dict.fromkeys(('requests', 'httpx2', 'huggingface_hub', 'requests_cache')))\n"
    )
    done = run(tmp_path, "allenai/OLMo-7B", "--offline", before=barred)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_records_used_are_told_in_one_order_whichever_thread_was_first() -> None:
    names = ["meta-llama/Llama-2-7b-hf", "allenai/OLMo-7B", "meta-llama/Llama-2-13b-hf"]
    told = []
    for order in (names, [names[0], *reversed(names[1:])]):
        offline = Offline(None, {})
        for name in order:
            assert offline.bundled(name) is not None
        told.append([row.id for row in offline.documents()])

    assert told == [[names[0], names[1], names[2]]] * 2
