"""`approve`, `check` and `diff`: what is asked, written and told, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import Fake, audited
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc
from openness_audit.model.changes import ChangesDoc
from openness_audit.render import json as render_json
from openness_audit.settings import Target

change = msgspec.structs.replace
ONE, TWO = "acme/tern-7b", "acme/other"
LOCK = "modelaudit.lock.json"
WHO = ("--approver", "J. Doe")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def approved(*models: str) -> None:
    assert Fake()("approve", *(models or (ONE, TWO)), *WHO, "-q") == 0


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def gated(target: Target) -> Audit:
    found = audited(target)
    return change(found, subject=change(found.subject, gated="manual")) if target.id == ONE else found


def judged(result: Literal["met", "violated", "no-verdict"]) -> Audit:
    clause = ClauseDoc(id="no-gate", met="violated" if result == "violated" else "unknown", why="asked and found")
    policy = PolicyDoc(
        name="house", digest="sha256:" + "a" * 64, path=".modelaudit.yaml", result=result, clauses=(clause,)
    )
    return change(AUDIT, verdict=change(AUDIT.verdict, policy=policy))


def saved(path: Path, audit: Audit = AUDIT) -> str:
    path.write_text(render_json.render(audit), "utf-8")
    return path.name


def test_a_lock_is_written_and_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("approve", TWO, ONE, *WHO, "--note", "for search", "--ticket", "LEGAL-12")
    told = capsys.readouterr()

    assert (code, files(folder)) == (0, [LOCK])
    entries = json.loads((folder / LOCK).read_text("utf-8"))["entries"]
    assert [(e["model"], e["approval"], e["snapshot"]["policy"]) for e in entries] == [
        (name, {"approver": "J. Doe", "at": "2026-11-21T09:00:00Z", "note": "for search", "ticket": "LEGAL-12"}, None)
        for name in (TWO, ONE)
    ]
    assert told.out.count("no policy is in force") == 1
    assert told.err == f"2 of 2 models approved: wrote {LOCK}, which holds 2 models\n"


def test_approving_again_replaces_and_says_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved()
    capsys.readouterr()
    code = Fake(answer=gated)("approve", ONE, "--approver", "R. Roe")
    told = capsys.readouterr().out

    entries = {e["model"]: e for e in json.loads((folder / LOCK).read_text("utf-8"))["entries"]}
    assert (code, entries[ONE]["approval"]["approver"], entries[TWO]["approval"]["approver"]) == (0, "R. Roe", "J. Doe")
    assert "approved 2026-11-21 by J. Doe" in told
    assert "gate added: no gate -> granted by hand" in told


@pytest.mark.parametrize(("result", "code"), [("violated", 1), ("no-verdict", 3)])
def test_what_the_policy_does_not_allow_is_not_approved(
    result: Literal["violated", "no-verdict"], code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Fake(answer=lambda _: judged(result))("approve", ONE, *WHO) == code

    said = capsys.readouterr().err
    assert files(folder) == []
    assert f"{ONE} is not approved: policy house" in said
    assert "no-gate" in said


def test_one_that_cannot_be_audited_keeps_no_other_from_being_approved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Fake()("approve", "acme/missing", ONE, *WHO) == 3
    assert [e["model"] for e in json.loads((folder / LOCK).read_text("utf-8"))["entries"]] == [ONE]
    assert "1 of 2 models approved" in capsys.readouterr().err


def test_evidence_of_no_commit_is_neither_approved_nor_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adrift = Fake(answer=lambda t: change(audited(t), subject=change(audited(t).subject, sha=None)))
    assert adrift("approve", ONE, *WHO) == 3
    assert files(folder) == []
    approved(ONE)
    assert adrift("check") == 3
    assert "is of no commit" in capsys.readouterr().out


def test_no_policy_leaves_the_policy_out_of_the_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    met = judged("met")
    assert Fake(answer=lambda _: met)("approve", ONE, *WHO, "-q") == 0

    assert Fake()("check", "--no-policy") == 0
    assert "1 as approved" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["approve", ONE], 2, "Missing option '--approver'"),
        (["approve", ONE, "--approver", " "], 2, "--approver is empty"),
        (["approve", ONE, *WHO, "--note", "x" * 501], 2, "--note is empty or longer"),
        (["approve", ".", *WHO], 2, "is a directory: a lock holds models of the Hub"),
        (["approve", ONE, f"{ONE}@v1", *WHO], 2, "named at two revisions"),
        (["approve", "a b", *WHO], 2, "names no model"),
        (["approve", ONE, *WHO, "--lock", "none/x.json"], 4, "there is no folder none"),
        (["check"], 2, f"the lock {LOCK} is not here"),
        (["check", "--lock", "."], 2, "the lock . is not a file"),
        (["check", "-f", "html"], 2, "not available for changes"),
        (["check", "-o", "a.svg"], 2, "names no format of changes"),
        (["check", "-o", "out/"], 2, "-o names no file"),
        (["diff", ONE], 2, "Missing argument 'NEW'"),
        (["diff", ONE, "none.json"], 2, "there is no file 'none.json'"),
        (["diff", ONE, "acme/missing"], 3, "acme/missing: not found"),
    ],
)
def test_calls_that_cannot_be_carried_out_write_nothing(
    words: list[str], code: int, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Fake()(*words) == code
    assert said in capsys.readouterr().err
    assert files(folder) == []


def test_check_says_what_changed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    approved()
    fake = Fake(answer=gated)
    code = fake("check", "-f", "json", "-o", "a.md", "-o", "a.txt", "-o", "a.sarif", "-q")
    told = msgspec.json.decode(capsys.readouterr().out, type=ChangesDoc)

    assert (code, told.code, files(folder)) == (1, 1, ["a.md", "a.sarif", "a.txt", LOCK])
    assert [(m.asked, m.result, m.code, m.line) for m in told.models] == [
        (TWO, "same", 0, 5),
        (ONE, "worse", 1, told.models[1].line),
    ]
    assert (folder / LOCK).read_text("utf-8").splitlines()[
        (told.models[1].line or 0) - 1
    ].strip() == f'"model": "{ONE}",'
    assert [(c.kind, c.direction) for c in told.models[1].changes] == [("gate-added", "worse")]
    assert "gate added" in (folder / "a.md").read_text("utf-8")


def test_only_the_models_that_are_named_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    approved()
    fake = Fake(answer=gated)

    assert fake("check", "ACME/Other") == 0
    assert [target.id for target, _, _ in fake.asked] == [TWO]
    assert fake("check", "acme/tern") == 2
    assert f"did you mean {ONE}?" in capsys.readouterr().err


def test_the_asked_revision_is_asked_for_again(folder: Path) -> None:
    assert folder
    answer = lambda t: change(audited(t), subject=change(audited(t).subject, revision=t.revision))  # noqa: E731 - one line
    assert Fake(answer=answer)("approve", f"{ONE}@v1", *WHO, "-q") == 0
    fake = Fake(answer=answer)

    assert fake("check", "-q") == 0
    assert [(target.id, target.revision) for target, _, _ in fake.asked] == [(ONE, "v1")]


@pytest.mark.parametrize(
    ("result", "code", "word"), [("violated", 1, "violated"), ("no-verdict", 3, "cannot be decided")]
)
def test_todays_policy_judges_what_was_approved(
    result: Literal["violated", "no-verdict"], code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(ONE)

    assert Fake(answer=lambda _: judged(result))("check") == code
    assert f"policy house: {word}" in capsys.readouterr().out


def test_a_policy_that_is_not_there_any_more_leaves_its_verdict_open(capsys: pytest.CaptureFixture[str]) -> None:
    met = judged("met")
    assert Fake(answer=lambda _: met)("approve", ONE, *WHO, "-q") == 0

    assert Fake()("check") == 3
    assert "policy house (.modelaudit.yaml) judged then, and none is in force now" in " ".join(
        capsys.readouterr().out.split()
    )


def test_an_entry_edited_by_hand_is_void_and_the_others_are_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved()
    path = folder / LOCK
    path.write_text(path.read_text("utf-8").replace("J. Doe", "R. Roe", 1), "utf-8")
    code = Fake()("check")
    told = capsys.readouterr().out

    assert code == 1
    assert "2 approved models: 1 approval void and 1 as approved" in told
    assert f"{TWO} (line 5)" in told
    assert "modelaudit approve MODEL --approver NAME" in told
    assert Fake()("approve", TWO, *WHO, "-q") == 0
    assert Fake()("check", "-q") == 0


def test_a_crash_of_one_model_loses_no_other(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    approved()

    def answer(target: Target) -> Audit:
        if target.id == ONE:
            raise RuntimeError("boom")
        return audited(target)

    assert Fake(answer=answer)("check") == 4
    assert "1 not audited and 1 as approved" in capsys.readouterr().out
    assert len(files(folder)) == 2


def test_a_lock_that_cannot_be_written_is_left_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(ONE)
    before = (folder / LOCK).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openness_audit.cli.base.output._write_part", full)
    assert Fake()("approve", TWO, *WHO) == 4
    assert (files(folder), (folder / LOCK).read_bytes()) == ([LOCK], before)


def test_an_interrupt_while_auditing_leaves_the_lock_as_it_was(folder: Path) -> None:
    approved(ONE)
    before = (folder / LOCK).read_bytes()

    def stop(_: Target) -> Audit:
        raise KeyboardInterrupt

    assert Fake(answer=stop)("approve", TWO, *WHO) == 130
    assert (files(folder), (folder / LOCK).read_bytes()) == ([LOCK], before)


def test_an_approval_written_meanwhile_is_kept(folder: Path) -> None:
    def slow(target: Target) -> Audit:
        if not (folder / LOCK).exists():
            approved(TWO)
        return audited(target)

    assert Fake(answer=slow)("approve", ONE, *WHO, "-q") == 0
    assert [e["model"] for e in json.loads((folder / LOCK).read_text("utf-8"))["entries"]] == [TWO, ONE]


def test_diff_of_finished_audits_asks_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = saved(folder / "old.json"), saved(folder / "new.json", gated(Target(kind="hub", id=ONE)))
    fake = Fake()

    assert (fake("diff", old, new), fake.asked) == (1, [])
    assert "gate added: no gate -> granted by hand" in capsys.readouterr().out
    assert fake("diff", new, old) == 0
    assert fake("diff", old, old, "-f", "markdown") == 0
    assert "nothing changed" in capsys.readouterr().out


def test_diff_of_a_file_and_a_revision(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake(answer=gated)

    assert fake("diff", saved(folder / "old.json"), f"{ONE}@v2", "-f", "json") == 1
    assert [(target.id, target.revision) for target, _, _ in fake.asked] == [(ONE, "v2")]
    (model,) = msgspec.json.decode(capsys.readouterr().out, type=ChangesDoc).models
    assert [c.kind for c in model.changes] == ["gate-added"]


def test_diff_of_two_models_says_that_compare_does_that(capsys: pytest.CaptureFixture[str]) -> None:
    Fake()("diff", ONE, TWO)

    assert "modelaudit compare" in capsys.readouterr().out
