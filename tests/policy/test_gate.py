"""The gate at the command line: which policy is used, and every exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_fakes import Fake, audited
from openness_audit.model.audit import Audit
from openness_audit.settings import Target
from policy_kit import scored

ONE = "acme/tern-7b"
POLICY = "name: ours\nclauses:\n  score: {check: score, at-least: 50}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_score(low: int, high: int) -> Fake:
    def answer(target: Target) -> Audit:
        assert audited(target).subject.id == target.id
        return scored(low, high)

    return Fake(answer=answer)


@pytest.mark.parametrize(("low", "high", "code"), [(50, 60, 0), (40, 49, 1), (40, 60, 3)])
def test_the_policy_decides_the_exit_code(
    low: int, high: int, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ours.yaml").write_text(POLICY)

    ended = with_score(low, high)(ONE, "--policy", "ours.yaml", "-f", "json")

    found = json.loads(capsys.readouterr().out)["verdict"]["policy"]
    assert (ended, found["result"], found["found"]) == (
        code,
        {0: "met", 1: "violated", 3: "no-verdict"}[code],
        False,
    )


def test_an_unknown_that_the_clause_accepts_is_no_obstacle(folder: Path) -> None:
    (folder / "ours.yaml").write_text(POLICY.replace("50}", "50, unknown: accept}"))

    assert with_score(40, 60)(ONE, "--policy", "ours.yaml", "-q") == 0
    assert with_score(40, 49)(ONE, "--policy", "ours.yaml", "-q") == 1


def test_the_nearest_policy_upward_is_found_and_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)
    (folder / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(folder / "a" / "b")

    assert with_score(40, 49)(ONE, "-f", "json") == 1

    found = json.loads(capsys.readouterr().out)["verdict"]["policy"]
    assert (found["found"], found["path"]) == (True, "../../.modelaudit.yaml")


def test_a_table_of_pyproject_is_a_policy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[tool.modelaudit]\nname = "ours"\n[tool.modelaudit.clauses.score]\n'
        'check = "score"\nat-least = 50\n'
    )

    assert with_score(40, 49)(ONE, "-f", "json") == 1

    assert json.loads(capsys.readouterr().out)["verdict"]["policy"]["path"] == "pyproject.toml"


def test_a_pyproject_without_the_table_is_none(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.other]\nabout = "modelaudit"\n')

    assert with_score(40, 49)(ONE, "-q") == 0


def test_no_policy_judges_by_none(folder: Path) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert with_score(40, 49)(ONE, "--no-policy", "-q") == 0
    assert with_score(40, 49)(ONE, "--no-policy", "--policy", "x", "-q") == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({".modelaudit.yml": POLICY}, "a policy found by itself is called .modelaudit.yaml"),
        ({".modelaudit.yaml": POLICY, "pyproject.toml": "[tool.modelaudit]\n"}, "there is a policy in"),
        ({".modelaudit.yaml": "name: x\n"}, ".modelaudit.yaml:1: no clause is left: a policy must ask something"),
        ({".modelaudit.yaml": POLICY + "colour: red\n"}, ".modelaudit.yaml:4: colour: unknown key 'colour'"),
        ({"pyproject.toml": "[tool.modelaudit\n"}, "pyproject.toml:1: not TOML"),
    ],
)
def test_a_policy_that_cannot_be_used_stops_everything(
    files: dict[str, str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    fake = with_score(100, 100)

    assert (fake(ONE), fake.asked) == (2, [])

    assert said in capsys.readouterr().err


def test_a_policy_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    fake = with_score(100, 100)

    assert (fake(ONE, "--policy", "none.yaml"), fake.asked) == (2, [])

    assert capsys.readouterr().err.startswith(
        "error: the policy 'none.yaml' cannot be read: there is no such file\nhelp: a policy is a file, or one of: "
        "packaged:"
    )


def test_compare_judges_as_well(folder: Path) -> None:
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert with_score(40, 49)("compare", ONE, "acme/two", "-q") == 1
    assert with_score(40, 60)("compare", ONE, "acme/two", "-q") == 3


def test_report_leads_with_the_wanted_use_whoever_says_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = with_score(40, 49)
    (folder / "ours.yaml").write_text(
        "name: Ours\nuse: serve\nclauses:\n  score: {check: score, at-least: 1}\n", "utf-8"
    )

    said = [
        (fake(ONE, *words, "-f", "json"), json.loads(capsys.readouterr().out)["verdict"]["wanted"])[1]
        for words in (
            ("--no-policy",),
            ("--policy", "ours.yaml"),
            ("--no-policy", "--use", "internal"),
            ("--policy", "ours.yaml", "--use", "internal"),
        )
    ]

    assert said == [None, "serve", "internal", "internal"]
    assert fake(ONE, "--use", "selling") == 2


def test_a_finished_audit_is_judged_by_the_policy_in_force(folder: Path) -> None:
    low, high = with_score(40, 49), with_score(60, 60)
    assert (low(ONE, "-q", "-o", "low.json"), high(ONE, "-q", "-o", "high.json")) == (0, 0)
    (folder / ".modelaudit.yaml").write_text(POLICY)

    assert low("compare", "low.json", "high.json", "-q") == 1
    assert low("compare", "high.json", "high.json", "-q") == 0
    assert low("compare", "low.json", "high.json", "-q", "--no-policy") == 0


def test_findings_of_a_scan_can_be_denied(folder: Path) -> None:
    (folder / ".modelaudit.yaml").write_text("name: x\nclauses: {c: {check: findings, deny: [unpinned-model]}}\n")

    assert with_score(40, 49)(ONE, "-q") == 0


def test_a_policy_of_the_right_name_that_is_no_file_stops_everything(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".modelaudit.yaml").mkdir()

    assert with_score(60, 60)(ONE) == 2
    assert "the policy is no file" in capsys.readouterr().err
    assert with_score(60, 60)(ONE, "--no-policy", "-q") == 0


def test_a_table_in_a_long_pyproject_is_not_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text("# long\n" * 200_000 + '[tool.modelaudit]\nname = "ours"\n')

    assert with_score(60, 60)(ONE) == 2
    assert "larger than" in capsys.readouterr().err
