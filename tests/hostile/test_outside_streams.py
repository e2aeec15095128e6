"""Standard streams that are closed, full, or read by nobody; outputs that cannot be written."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from openness_audit.cli.base import ending, output
from openness_audit.errors import OutputError
from outside_kit import MODEL, no_mishap, run, shell, small_hub

pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams and devices of POSIX")

PRINTING = ["--help", "--version", "rules", "schema audit", "cache info", "licenses"]


@pytest.mark.parametrize("words", PRINTING)
@pytest.mark.parametrize(
    ("stream", "code", "said"),
    [
        (">/dev/full", 4, "error: standard output: No space left on device\n"),
        (">&-", 4, "error: standard output: it is closed\n"),
        ("| true; exit ${PIPESTATUS[0]}", 0, ""),
    ],
)
def test_what_cannot_be_printed_is_told(tmp_path: Path, words: str, stream: str, code: int, said: str) -> None:
    done = shell(tmp_path, f"modelaudit {words} {stream}", {})

    assert done.returncode == code
    assert done.stderr.startswith(said) if said else done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("line", "code", "written"),
    [
        ("modelaudit {m} >&-", 4, set()),
        ("modelaudit {m} -f json >/dev/full", 4, set()),
        ("modelaudit {m} -q -o a.json >&- 2>&- <&-", 0, {"a.json"}),
        ("modelaudit acme/none 2>&-", 3, set()),
        ("modelaudit acme/none 2>/dev/full", 3, set()),
        ("modelaudit acme/none >&- 2>&-", 3, set()),
        ("modelaudit {m} -f json | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}", 0, set()),
        ("modelaudit {m} {m}@main -f json | true; exit ${{PIPESTATUS[0]}}", 4, set()),
        ("ln -s /dev/full x.json; modelaudit {m} -q -o x.json -o y.json", 4, {"x.json", "y.json"}),
        (
            "mkfifo p.json; cat p.json >q.json & modelaudit {m} -q -o p.json; c=$?; wait; exit $c",
            0,
            {"p.json", "q.json"},
        ),
        ("mkdir d.json; modelaudit {m} -q -o d.json", 0, {"d.json"}),
        ("ln -s l.json l.json; modelaudit {m} -q -o l.json", 4, {"l.json"}),
        ("ln -s gone/x l.json; modelaudit {m} -q -o l.json", 4, {"l.json"}),
        ("modelaudit {m} -q -o $(printf 'a%.0s' {{1..300}}).json", 4, set()),
        ("modelaudit {m} -q -o ''", 2, set()),
        ("touch f; modelaudit {m} -q -o f/x.json", 4, {"f"}),
        ("touch f; modelaudit {m} -q -o f/", 4, {"f"}),
        ("modelaudit {m} -q -o none/x.json", 4, set()),
        ("modelaudit {m} -q -o a.json -o none/x.json", 4, set()),
        ("mkdir z; cd z; rmdir ../z; modelaudit {m} -q -o x.json", 4, set()),
    ],
)
def test_an_audit_ends_in_its_code_with_whole_files_or_none(
    tmp_path: Path, line: str, code: int, written: set[str]
) -> None:
    with small_hub() as hub:
        done = shell(tmp_path, line.format(m=MODEL), hub.environ)

    no_mishap(done)
    assert done.returncode == code, done.stderr
    assert {path.name for path in tmp_path.iterdir()} - {"cache"} == written
    for path in tmp_path.rglob("*.json"):
        if path.is_file():
            assert json.loads(path.read_bytes())["subject"]["id"] == MODEL


def test_a_pipe_that_nobody_reads_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "READER_WAIT_S", 0.1)
    os.mkfifo(tmp_path / "p.json")
    with pytest.raises(OutputError, match="nobody reads this pipe"):
        output.write_files([(tmp_path / "p.json", "{}"), (tmp_path / "a.json", "{}")])

    assert (tmp_path / "a.json").read_text("utf-8") == "{}"


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_disk_that_is_full_leaves_whole_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, at: int
) -> None:
    """The disk is full at one step of one of three files."""
    full = OSError(errno.ENOSPC, "No space left on device")
    real = {"open": output._write_part, "fsync": os.fsync, "replace": Path.replace}  # noqa: SLF001 - a step that fails
    calls = iter(range(100))

    def fails(*given: object) -> object:
        if next(calls) == at:
            if step == "write":
                Path(str(given[0])).write_bytes(b"{")  # the beginning got through
            raise full
        return real["open" if step == "write" else step](*given)  # type: ignore[operator]  # one of the three

    owner, name = {"fsync": (os, "fsync"), "replace": (Path, "replace")}.get(step, (output, "_write_part"))
    monkeypatch.setattr(owner, name, fails)
    (tmp_path / "b.json").write_text("old", "utf-8")
    with pytest.raises(OutputError, match="No space left") as failed:
        output.write_files([(tmp_path / f"{name}.json", "{}") for name in "abc"])

    assert failed.value.hint == "free space on the disk"
    found = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert found.pop("b.json") in ("old", "{}")
    assert set(found.values()) <= {"{}"}
    assert set(found) <= {"a.json", "c.json"}
    assert step == "replace" or not found
    assert not ending.unfinished


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="everything may be written by root")
def test_a_folder_that_may_not_be_written_is_refused_before_any_request(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with small_hub() as hub:
        done = run(tmp_path, MODEL, "-o", "out/a.json", env=hub.environ)

        assert hub.count() == 0
    assert done.returncode == 4
    assert "out/a.json" in done.stderr
