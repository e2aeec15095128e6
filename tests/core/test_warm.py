"""What an image keeps while it is built is there for every later process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_preparing_keeps_rules_vocabularies_and_the_code_of_their_patterns(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)

    subprocess.run(
        [sys.executable, "-c", "from openness_audit.warm import prepare; prepare()"], env=environ, check=True
    )

    kept = {path.name.split(".")[0]: path for path in tmp_path.rglob("*.msgpack")}
    assert {"rules", "licenses", "profiles", "vocabulary", "patterns"} <= kept.keys()
    assert kept["patterns"].stat().st_size > 1_000_000
