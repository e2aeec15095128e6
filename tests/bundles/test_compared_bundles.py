"""A bundle is a finished audit as well: `compare` and `diff` read the one that is in it, and ask nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundle_kit import Program, members
from openness_audit.bundles.archive import pack


def test_a_bundle_is_as_good_as_its_audit(owl: Path, program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    audit, asked = str(owl.with_name("audit.json")), program.hub.count()

    assert program("diff", str(owl), audit) == 0
    assert "nothing changed" in capsys.readouterr().out
    told = []
    for one in (str(owl), audit):
        assert program("compare", one, audit, "-f", "json") == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert program.hub.count() == asked


def test_a_bundle_that_was_changed_is_not_compared(
    owl: Path, program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    files = members(owl)
    forged = program.folder / "forged.bundle"
    forged.write_bytes(pack(files | {"audit.json": files["audit.json"].replace(b"apache", b"abacus")}))

    assert program("diff", str(owl), str(forged)) == 1
    assert "is not what its manifest says" in capsys.readouterr().err


def test_an_archive_of_another_kind_is_no_audit(
    owl: Path, program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    other = program.folder / "other.zip"
    other.write_bytes(pack({"a.txt": b"a"}))

    assert program("diff", str(owl), str(other)) == 2
    assert "--save-evidence" in capsys.readouterr().err
