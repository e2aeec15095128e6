"""`modelaudit policy init | validate | show | waiver`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
import yaml

from audit_sample import AUDIT, SHA
from cli_fakes import Fake
from openness_audit.cli.commands.policy import REASONS
from openness_audit.cli.policy.policies import template, templates
from openness_audit.model.policy import Reason
from openness_audit.policy.digests import license_digest

ONE = "acme/tern-7b"
POLICY = "name: ours\nclauses:\n  score: {check: score, at-least: 50}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_reasons_of_the_command_are_those_of_the_type() -> None:
    assert get_args(Reason) == REASONS


def test_init_writes_the_template_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("policy", "init", "--template", "research")

    captured = capsys.readouterr()
    goal = folder / ".modelaudit.yaml"
    assert (code, goal.read_text(), captured.out) == (0, template("research"), "")
    assert captured.err.startswith(f"wrote {goal} from the template research")


def test_init_never_overwrites_unless_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = folder / ".modelaudit.yaml"
    goal.write_text("mine")

    assert (Fake()("policy", "init"), goal.read_text()) == (2, "mine")
    assert "is there already" in capsys.readouterr().err
    assert (Fake()("policy", "init", "--force", "-q"), goal.read_text()) == (0, template("commercial-product"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--template", "nope"], "no packaged policy is called 'nope'"),
        (["sub"], "is a folder"),
    ],
)
def test_init_that_cannot_be(words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sub").mkdir()

    assert Fake()("policy", "init", *words) == 2

    assert said in capsys.readouterr().err


def test_init_into_a_folder_that_is_not_there(folder: Path) -> None:
    assert Fake()("policy", "init", "none/policy.yaml") == 4

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", templates())
def test_a_template_is_named_by_the_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Fake()("policy", "init", "--help")

    assert f"  {name} " in capsys.readouterr().out


def test_validate_says_that_a_policy_is_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ours.yaml").write_text(POLICY)

    assert (Fake()("policy", "validate", "ours.yaml"), capsys.readouterr()) == (0, ("ours.yaml: valid: 1 clause\n", ""))


def test_validate_tells_everything_with_file_and_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ours.yaml").write_text(
        "name: ours\ncolour: red\nclauses:\n  score: {check: score, at-least: lots}\n  data: {check: scor}\n"
    )

    assert Fake()("policy", "validate", "ours.yaml") == 2

    captured = capsys.readouterr()
    keys = "schema, name, description, extends, use, clauses, overrides, waivers, waiver-files"
    assert captured.out.splitlines() == [
        f"ours.yaml:2: colour: unknown key 'colour'; one of: {keys}",
        "ours.yaml:4: clauses.score.at-least: expected a whole number, got text",
        "ours.yaml:5: clauses.data.check: 'scor' is no check; did you mean 'score'?",
    ]
    assert captured.err == "3 problems: this policy cannot be used\n"


def test_validate_notes_waivers_that_have_run_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ours.yaml").write_text(POLICY + waivers(granted="2026-01-01", expires="2026-03-01"))

    assert Fake()("policy", "validate", "ours.yaml") == 0

    assert capsys.readouterr().err == f"note: the waiver for {ONE} by J. Doe expired on 2026-03-01\n"


def waivers(**changes: str) -> str:
    entry = {
        "model": ONE,
        "clause": "score",
        "reason": "accepted-risk",
        "text": "known",
        "approver": "J. Doe",
        "granted": "2026-11-01",
        "expires": "2027-01-01",
        "commit": SHA,
        "license-digest": license_digest(AUDIT),
    } | changes
    return yaml.safe_dump({"waivers": [entry]}, sort_keys=False)


def test_a_file_of_waivers_is_checked_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "good.yaml").write_text(waivers())
    (folder / "bad.yaml").write_text(waivers(commit="main"))

    assert Fake()("policy", "validate", "good.yaml") == 0
    assert capsys.readouterr().out == "good.yaml: valid: 1 waiver\n"
    assert Fake()("policy", "validate", "bad.yaml") == 2
    assert capsys.readouterr().out.startswith("bad.yaml:9: waivers.1.commit: 'main' has not the form")
    assert Fake()(ONE, "--policy", "good.yaml") == 2
    assert "this is a file of waivers, and no policy" in capsys.readouterr().err


def test_without_a_policy_there_is_nothing_to_validate_or_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert [Fake()("policy", "validate"), Fake()("policy", "show")] == [2, 2]

    assert "`modelaudit policy init`" in capsys.readouterr().err


def test_show_joins_what_is_extended_and_says_where_clauses_stand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "base.yaml").write_text(POLICY)
    (folder / "ours.yaml").write_text(
        "name: mine\nextends: base.yaml\nclauses:\n  gate: {check: gated, allow: [none]}\n"
        "overrides:\n- models: [acme/*]\n  reason: known to us\n  clauses: {score: null}\n"
    )

    assert Fake()("policy", "show", "ours.yaml") == 0

    said = capsys.readouterr().out
    assert "score  score; at-least 50 [base.yaml:3]\n" in said
    assert "gate   gated; allow none [ours.yaml:4]\n" in said
    assert "exception for acme/*: known to us [ours.yaml:6]\n  score  dropped\n" in said


def test_show_for_a_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ours.yaml").write_text(
        POLICY + "overrides:\n- models: [acme/*]\n  reason: known\n  clauses: {score: {check: score, at-least: 20}}\n"
    )

    assert Fake()("policy", "show", "ours.yaml", "--model", "ACME/tern-7b") == 0

    said = capsys.readouterr().out
    assert "score  score; at-least 20 [ours.yaml:5]\n" in said
    assert "exception for ACME/tern-7b: acme/*: known (other clause score)\n" in said


def test_show_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert Fake()("policy", "show", "-f", "json") == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["found"], found["clauses"]["score"]["at-least"]) == ("ours", True, 50)


def waiver(*words: str) -> int:
    return Fake()("policy", "waiver", ONE, "--reason", "accepted-risk", "--approver", "J. Doe: legal", *words)


def test_a_waiver_is_printed_ready_and_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY.replace("50", "80") + "waiver-files: [waivers.yaml]\n")
    (folder / "waivers.yaml").write_text("waivers: []\n")
    assert Fake()(ONE, "-q") == 1

    assert waiver("--clause", "score", "--text", "low, and known", "--ticket", "T-1") == 0

    captured = capsys.readouterr()
    (folder / "waivers.yaml").write_text(captured.out)
    assert yaml.safe_load(captured.out)["waivers"][0]["approver"] == "J. Doe: legal"
    assert captured.err.startswith("waives: score, violated: score ")
    assert Fake()(ONE, "-q") == 0


def test_a_waiver_without_words_is_not_ready(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert waiver("--clause", "score") == 0

    (folder / ".modelaudit.yaml").write_text(POLICY + capsys.readouterr().out)
    assert Fake()("policy", "validate") == 2
    assert ".modelaudit.yaml:8: waivers.1.text" in capsys.readouterr().out


@pytest.mark.parametrize("finding", ["tag-text", "1f" * 8])
def test_a_waiver_for_a_finding(finding: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text("name: x\nclauses: {f: {check: findings, at-most: warning}}\n")

    assert waiver("--finding", finding, "--text", "read by us") == 0

    path = folder / ".modelaudit.yaml"
    path.write_text(path.read_text() + capsys.readouterr().out)
    assert Fake()(ONE, "-q") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "a waiver is for a clause or for a finding"),
        (("--clause", "score", "--finding", "tag-text"), "a waiver is for a clause or for a finding"),
        (("--clause", "scor"), "has no clause 'scor'\nhelp: did you mean score?"),
        (("--finding", "nope"), "has no finding 'nope'"),
        (("--clause", "score", "--expires", "2027-11-22"), "is not between 2026-11-21 and 2027-11-21"),
        (("--clause", "score", "--expires", "2026-11-20"), "is not between"),
        (("--clause", "score", "--no-policy"), "there is no policy"),
    ],
)
def test_a_waiver_that_cannot_be(
    words: tuple[str, ...], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert (waiver(*words), said in capsys.readouterr().err) == (2, True)


def test_a_waiver_for_a_model_that_is_not_there(folder: Path) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    words = ("--reason", "accepted-risk", "--approver", "x", "--clause", "score")
    assert Fake()("policy", "waiver", "acme/missing", *words) == 3
