"""The folder of a run: whenever it is killed, nothing that was finished is lost, and nothing is done twice."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.errors import OutputError, UsageError
from openness_audit.model.row import AncestorRow, BaseRow, Row
from openness_audit.scan import folder as folders
from openness_audit.scan.folder import Done, Folder
from openness_audit.scan.index import Index
from openness_audit.scan.opening import create_folder, read_manifest, resume_folder
from openness_audit.scan.outcome import Outcome
from openness_audit.scan.places import audit_name
from registry_kit import MANIFEST, outcome, rows


class KilledError(BaseException):
    """The process ends here: no handler of errors sees it."""


def killing(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """End the process at the n-th step that brings something to the disk."""
    steps = iter(range(after))

    def stepped(real: object) -> object:
        def step(*words: object) -> object:
            if next(steps, None) is None:
                raise KilledError
            return real(*words)  # type: ignore[operator]  # a function it is

        return step

    monkeypatch.setattr(os, "fsync", stepped(os.fsync))
    monkeypatch.setattr(Index, "enter", stepped(Index.enter))
    monkeypatch.setattr(Index, "close_part", stepped(Index.close_part))


def finish(folder: Folder, count: int) -> None:
    """Do what is left of a run of `count` models, three at a time."""
    left = [seq for seq in range(count) if seq not in folder.done]
    for start in range(0, len(left), 3):
        folder.add(outcome(seq) for seq in left[start : start + 3])
        folder.commit()
    folder.finish()


@pytest.mark.parametrize("write", ["jsonl", "parquet"])
@pytest.mark.parametrize("kills", [(1, 3, 2), (5, 1, 1, 4), (8, 9, 10), (2,) * 9, (13, 7)])
def test_a_run_killed_anywhere_ends_with_each_row_once(
    write: str, kills: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if write == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    monkeypatch.setattr(folders, "PART_ROWS", 7)
    path, manifest = tmp_path / "out", MANIFEST(write)
    folder = create_folder(path, manifest)
    kept: set[str] = set()
    for kill in kills:
        with monkeypatch.context() as patched:
            killing(patched, kill)
            with suppress(KilledError):
                finish(folder, 20)
        before = {f"acme/m{seq}" for seq in range(20) if seq in folder.done}
        (path / "rows-00099.jsonl").write_bytes(b'{"half a')  # a part that was just begun
        folder.close()
        folder = resume_folder(path)
        kept |= before
        assert before <= {f"acme/m{seq}" for seq in range(20) if seq in folder.done}
    finish(folder, 20)
    folder.close()

    assert sorted(row["model"] for row in rows(path)) == sorted(f"acme/m{seq}" for seq in range(20))
    with closing(sqlite3.connect(path / "index.sqlite")) as index:
        told = index.execute("SELECT p.name, line, model FROM models JOIN parts p USING (part)").fetchall()
    where = {(name, line): row["model"] for name in {t[0] for t in told} for line, row in enumerate(rows(path, name))}
    assert {(name, line): model for name, line, model in told} == where
    assert {one.name for one in path.iterdir()} == {"scan.json", "index.sqlite", ".lock", *(t[0] for t in told)}


@given(st.lists(st.integers(0, 5000)))
def test_places_that_are_done(places: list[int]) -> None:
    done = Done(places)
    assert done.count == len(set(places))
    assert {place for place in range(5010) if place in done} == set(places)


def test_two_at_a_time_are_refused(tmp_path: Path) -> None:
    first = create_folder(tmp_path / "out", MANIFEST())
    with pytest.raises(UsageError, match="is being written by another"):
        create_folder(tmp_path / "out", MANIFEST())
    with pytest.raises(UsageError, match="is being written by another"):
        resume_folder(tmp_path / "out")
    first.close()
    resume_folder(tmp_path / "out").close()


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    create_folder(tmp_path / "run", MANIFEST()).close()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("")
    for name, said in (("run", "holds a scan already"), ("other", "not empty: it holds 'thesis.tex'")):
        with pytest.raises(UsageError, match=said):
            create_folder(tmp_path / name, MANIFEST())
    with pytest.raises(UsageError, match="no scan to go on with"):
        resume_folder(tmp_path / "other")
    assert [one.name for one in (tmp_path / "other").iterdir()] == ["thesis.tex"]


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out"
    create_folder(path, MANIFEST()).close()
    told = json.loads((path / "scan.json").read_text())
    (path / "scan.json").write_text(json.dumps(told | {"schema": told["schema"].replace("-1", "-9")}))
    with pytest.raises(UsageError, match="version that this program does not know"):
        resume_folder(path)
    (path / "scan.json").write_text(json.dumps(told))
    with closing(sqlite3.connect(path / "index.sqlite")) as index:
        index.execute("PRAGMA user_version = 9")
    with pytest.raises(UsageError, match="no index that this version knows"):
        resume_folder(path)


def test_rows_that_were_cut_are_told(tmp_path: Path) -> None:
    path = tmp_path / "out"
    folder = create_folder(path, MANIFEST())
    finish(folder, 3)
    folder.close()
    (path / "rows-00000.jsonl").write_bytes(b"")
    with pytest.raises(UsageError, match="was cut or removed"):
        resume_folder(path)


def test_a_full_disk_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = create_folder(tmp_path / "out", MANIFEST())
    folder.add([outcome(0)])
    folder.commit()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        folder.add([outcome(1)])
        with pytest.raises(OutputError, match="No space left on device"):
            folder.commit()
    assert folder.waiting == 1
    folder.commit()
    folder.close()
    assert [row["model"] for row in rows(tmp_path / "out")] == ["acme/m0", "acme/m1"]


def test_the_index_answers_questions(tmp_path: Path) -> None:
    row = Row(
        model="acme/tern",
        class_="open-weights-only",
        gated=False,
        components={"weights": "open", "data-card": "unknown"},
        bases=(
            BaseRow(id="acme/Sea", name="acme/Sea", relation="finetune"),
            BaseRow(id=None, name="Gull", relation=""),
        ),
        ancestors=(
            AncestorRow(id="acme/sea", license="MIT", family="osi"),
            AncestorRow(id="acme/salt", license="unknown", family="unknown"),
        ),
        unresolved=("acme/salt",),
        errors=("tag-text",),
        notes=("tag-without-text",),
        causes=("gated",),
        policy="violated",
        policy_violated=("pinned",),
        exit_code=1,
    )
    folder = create_folder(tmp_path / "out", MANIFEST())
    folder.add([Outcome(seq=4, row=msgspec.json.encode(row))])
    folder.finish()
    codes = folder.codes()
    folder.close()
    with closing(sqlite3.connect(tmp_path / "out" / "index.sqlite")) as index:

        def ask(query: str) -> list[tuple[object, ...]]:
            return index.execute(query).fetchall()

        assert ask("SELECT seq, model, class, gated, exit_code FROM models") == [
            (4, "acme/tern", "open-weights-only", 0, 1)
        ]
        assert ask("SELECT rule, severity FROM findings ORDER BY rule") == [
            ("tag-text", "error"), ("tag-without-text", "note"),
        ]  # fmt: skip
        assert ask("SELECT component, availability FROM components ORDER BY 1") == [
            ("data-card", "unknown"), ("weights", "open"),
        ]  # fmt: skip
        assert ask(
            "SELECT ancestor, relation, ancestor_license, ancestor_family, resolved FROM ancestors ORDER BY ancestor"
        ) == [
            ("Gull", "", "unknown", "unknown", 0),
            ("acme/salt", None, "unknown", "unknown", 0),
            ("acme/sea", "finetune", "MIT", "osi", 1),
        ]
        assert ask("SELECT code FROM causes") == [("gated",)]
        assert ask("SELECT clause, met FROM clauses") == [("pinned", "violated")]
    assert codes == {1: 1}
    assert read_manifest(tmp_path / "out") == MANIFEST()


@given(st.lists(st.tuples(st.text(min_size=1), st.none() | st.text(min_size=1)), unique=True))
def test_audits_of_different_models_never_share_a_file(asked: list[tuple[str, str | None]]) -> None:
    names = [audit_name(*one) for one in asked]
    told = {one for one in asked if one[0].isascii() and "/" in one[0]}
    assert len({names[asked.index(one)] for one in told}) == len(told)
    assert all(name.count("/") == 2 and ".." not in name.split("/") and len(name) < 200 for name in names)
