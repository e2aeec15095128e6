"""Dumps that cannot be meant are refused before anything is done; those that break off leave no empty folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cli_fakes import NOW
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def scan(*words: str) -> int:
    return run(["scan", *words, "--out", "out", "--workers", "1"], Services(environ={}, now=lambda: NOW))


@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        ("none.jsonl", "\n  \n", (), "none.jsonl holds no rows"),
        ("d.jsonl", '{"modelId": "a/b", "card": "# x"}', ("card=README",), "no column 'README' for --column card="),
        ("d.jsonl", '{"name": "a/b", "card": "# x"}', (), "no column of model ids"),
        ("cut.jsonl.gz", "", (), "holds no rows"),
    ],
)
def test_a_dump_that_cannot_be_meant_is_refused_and_leaves_nothing(
    name: str, text: str, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    words = [word for option in options for word in ("--column", option)]
    assert scan(name, *words) == 2
    assert said in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_dump_without_cards_is_no_error_but_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("d.jsonl").write_text('{"modelId": "a/b", "README": "# x"}')
    assert scan("d.jsonl") == 3
    said = capsys.readouterr()
    assert "note: d.jsonl has no column of cards: name it by --column card=COLUMN" in said.err
    assert "it has: README, modelId" in said.err
    assert "such as: nothing of a/b could be read" in said.out


def test_what_breaks_off_before_anything_is_finished_leaves_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    rows = b"".join(json.dumps({"modelId": f"a/b{n}", "card": f"# {n}"}).encode() + b"\n" for n in range(9))
    Path("cut.jsonl.gz").write_bytes(gzip.compress(rows)[:-8])
    assert scan("cut.jsonl.gz") == 2
    assert "get it anew, and scan it into another folder" in capsys.readouterr().err
    assert not Path("out").exists()
