"""The GitHub Action's step, called as `action.yml` calls it: environment in, files and exit code out."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import command_kit
from openness_audit import exits
from openness_audit.cli.action import step as action
from openness_audit.cli.action.inputs import Inputs, call_of, read_inputs
from openness_audit.cli.action.results import MOST_ANNOTATIONS, annotation_lines, job_code, output_lines, read_results
from openness_audit.errors import UsageError
from standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
CARD = "---\nlicense: apache-2.0\n---\n# One\n\nOne was trained on C4.\n"
MODELS = {"acme/one": {"files": {"README.md": CARD, "model.safetensors": 2_000_000, "config.json": "{}"}}}
STRICT = "name: Strict\nclauses:\n  data:\n    check: component\n    component: evaluation-code\n    at-least: open\n"


def runner(tmp_path: Path, **inputs: str) -> dict[str, str]:
    """The environment of a step on a runner, with these inputs."""
    files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    named = {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    return {"RUNNER_TEMP": str(tmp_path), **{n: str(f) for n, f in files.items()}, **named}


def outputs(environ: dict[str, str]) -> dict[str, str]:
    """Read the outputs as the runner does."""
    text = Path(environ["GITHUB_OUTPUT"]).read_text("utf-8")
    return {m[1]: m[3] for m in re.finditer(r"^([\w-]+)<<(\S+)\n(.*?)\n\2$", text, re.MULTILINE | re.DOTALL)}


def whole(tmp_path: Path, hub: StandIn, **inputs: str) -> tuple[int, dict[str, str], str]:
    """Run the step as the action does, in a process of its own."""
    environ = runner(tmp_path, **inputs)
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    given = {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path / "cache"), **environ}
    done = command_kit.run(work, env=given, module="openness_audit.cli.action")
    assert "Traceback" not in done.stderr
    return done.returncode, environ, done.stdout + done.stderr


@pytest.mark.skipif(not (ROOT / "action.yml").exists(), reason="action.yml is not beside these tests")
def test_every_input_of_the_action_reaches_the_step_and_every_output_comes_from_it(tmp_path: Path) -> None:
    described: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    audit = next(step for step in described["runs"]["steps"] if step.get("id") == "audit")
    handed = {
        name.removeprefix("INPUT_").lower().replace("_", "-") for name in audit["env"] if name.startswith("INPUT_")
    }
    elsewhere = {"token", "github-token", "cache", "working-directory", "python-version"}
    environ = runner(tmp_path)
    Path(environ["GITHUB_OUTPUT"]).write_text(
        output_lines(read_results(call_of(read_inputs({"INPUT_MODELS": "a/b"})), 0)), "utf-8"
    )

    assert handed | elsewhere == set(described["inputs"])
    assert set(outputs(environ)) == set(described["outputs"])
    assert all(
        value["value"] == f"${{{{ steps.audit.outputs.{name} }}}}" for name, value in described["outputs"].items()
    )


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "nothing to audit"),
        ({"models": "a/b", "path": "."}, "exclude each other"),
        ({"path": ".", "lock": "x.json"}, "exclude each other"),
        ({"models": "a/b", "fail_on": "sometimes"}, "fail-on"),
        ({"models": "a/b", "comment": "perhaps"}, "comment"),
        ({"models": "a/b", "format": "pdf"}, "pdf"),
        ({"models": "--rules=x"}, "begins with a dash"),
        ({"models": "a/b", "arguments": '--as-of "2026'}, "arguments"),
    ],
)
def test_an_input_that_cannot_be_meant_is_named(inputs: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        read_inputs({f"INPUT_{name.upper()}": value for name, value in inputs.items()})


@pytest.mark.parametrize(
    ("inputs", "head"),
    [
        ({"models": "a/b\nc/d@v1", "list": "models.txt"}, ("audit", "a/b", "c/d@v1", "--list", "models.txt")),
        ({"path": "src"}, ("scan", "src")),
        ({"lock": "modelaudit.lock.json"}, ("check", "--lock", "modelaudit.lock.json")),
    ],
)
def test_each_kind_of_subject_has_its_command(inputs: dict[str, str], head: tuple[str, ...]) -> None:
    words = call_of(read_inputs({f"INPUT_{name.upper()}": value for name, value in inputs.items()})).arguments

    assert words[: len(head)] == head


@pytest.mark.parametrize(
    ("code", "fail_on", "expected"),
    [
        (exits.AUDITED, "no-verdict", 0),
        (exits.VIOLATED, "no-verdict", 1),
        (exits.VIOLATED, "violation", 1),
        (exits.VIOLATED, "never", 0),
        (exits.NO_VERDICT, "no-verdict", 3),
        (exits.NO_VERDICT, "violation", 0),
        (exits.NO_VERDICT, "never", 0),
        (exits.USAGE, "never", 2),
        (exits.FAILED, "never", 4),
        (exits.INTERRUPTED, "never", 130),
    ],
)
def test_only_a_verdict_can_be_forgiven(code: int, fail_on: Any, expected: int) -> None:
    assert job_code(code, fail_on) == expected


def test_no_value_can_end_its_output_early(tmp_path: Path) -> None:
    call = call_of(read_inputs({"INPUT_MODELS": "a/b", "INPUT_OUTPUT_DIR": str(tmp_path)}))
    call.audits.mkdir()
    audit = {"score": {"low": 1, "high": 2}, "verdict": {"class": "x\nEOF\nverdict<<EOF\nmet\nEOF"}}
    (call.audits / "a--b.json").write_text(json.dumps(audit), "utf-8")
    environ = runner(tmp_path)
    Path(environ["GITHUB_OUTPUT"]).write_text(output_lines(read_results(call, 1)), "utf-8")

    found = outputs(environ)

    assert found["class"] == "x\nEOF\nverdict<<EOF\nmet\nEOF"
    assert found["verdict"] == "violated"
    assert found["score"] == "1-2"


def sarif(tmp_path: Path, *results: dict[str, Any]) -> Path:
    path = tmp_path / "x.sarif"
    path.write_text(json.dumps({"runs": [{"results": list(results)}]}), "utf-8")
    return path


def result(uri: str, level: str = "error", text: str = "bad", **more: Any) -> dict[str, Any]:
    named = {"uri": uri} if uri.startswith("huggingface.co/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}
    place = {"physicalLocation": {"artifactLocation": named, "region": {"startLine": 3, "startColumn": 2}}}
    return {"ruleId": "tag-text", "level": level, "message": {"text": text}, "locations": [place], **more}


def test_annotations_stand_at_the_users_own_lines_alone(tmp_path: Path) -> None:
    found = annotation_lines(
        sarif(
            tmp_path,
            result("src/my%20run.py", "note", "a, b: 100%\n::error::x"),
            result("huggingface.co/acme/one/README.md"),
            result("models.txt"),
            result("waived.txt", suppressions=[{"kind": "external"}]),
        )
    )

    assert found == (
        "::error file=models.txt,line=3,col=2,title=tag-text::bad",
        "::notice file=src/my run.py,line=3,col=2,title=tag-text::a, b: 100%25 ::error::x",
    )


def test_annotations_beyond_githubs_limit_are_counted(tmp_path: Path) -> None:
    found = annotation_lines(sarif(tmp_path, *(result(f"{n}.py") for n in range(MOST_ANNOTATIONS + 5))))

    assert len(found) == MOST_ANNOTATIONS
    assert "and 6 more" in found[-1]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"runs": 3}', '{"runs": [{"results": [{}]}]}'])
def test_a_broken_report_gives_no_annotation(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.sarif"
    path.write_text(text, "utf-8")

    assert annotation_lines(path) == ()


def test_summary_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    environ = runner(tmp_path, models="a/b")

    def write(words: Sequence[str]) -> int:
        summary = call_of(read_inputs(environ)).summary
        assert str(summary) in words
        summary.write_text("é line\n" * 300_000, "utf-8")
        return 0

    assert action.step(environ, write) == 0
    text = Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert len(text.encode()) < 1024 * 1024
    assert text.endswith("*The rest did not fit into a job summary; it is in modelaudit.summary.md.*\n")


def test_a_call_that_wrote_nothing_still_leaves_outputs_and_a_summary(tmp_path: Path) -> None:
    environ = runner(tmp_path, models="a/b")

    assert action.step(environ, lambda _: exits.NO_VERDICT) == exits.NO_VERDICT
    assert outputs(environ) == {
        "verdict": "no-verdict",
        "exit-code": "3",
        "score": "",
        "class": "",
        "json": "",
        "sarif": "",
        "summary": "",
    }
    assert "exit code 3" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")


def test_wrong_inputs_fail_the_step_with_an_annotation(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert action.step(runner(tmp_path), lambda _: 0) == exits.USAGE
    assert capfd.readouterr().out.startswith("::error title=modelaudit::there is nothing to audit")


def test_the_whole_step_audits_a_list_and_hands_back_everything(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as hub:
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / "models.txt").write_text("# ours\nacme/one\nacme/none\n", "utf-8")
        code, environ, said = whole(tmp_path, hub, list="models.txt", format="junit, csv")
    found = outputs(environ)

    assert code == exits.NO_VERDICT
    assert found["verdict"] == "no-verdict"
    assert found["exit-code"] == "3"
    assert found["class"].startswith("open-")
    assert json.loads(Path(found["json"]).read_text("utf-8"))["subject"]["id"] == "acme/one"
    assert json.loads(Path(found["sarif"]).read_text("utf-8"))["version"] == "2.1.0"
    assert "acme/one" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert "acme/none" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert sorted(path.name for path in (tmp_path / "modelaudit").iterdir()) == [
        "audits",
        "modelaudit.csv",
        "modelaudit.sarif",
        "modelaudit.summary.md",
        "modelaudit.xml",
    ]
    assert "file=models.txt,line=3" in said


def test_the_whole_step_gates_on_a_policy(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as hub:
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / ".modelaudit.yaml").write_text(STRICT, "utf-8")
        strict = whole(tmp_path, hub, models="acme/one")
        (tmp_path / "github_output").unlink()
        forgiven = whole(tmp_path, hub, models="acme/one", fail_on="never")

    assert (strict[0], forgiven[0]) == (exits.VIOLATED, exits.AUDITED)
    assert outputs(forgiven[1])["verdict"] == "violated"
    assert "BLOCK by the policy Strict" in Path(strict[1]["GITHUB_STEP_SUMMARY"]).read_text("utf-8")


def test_the_whole_step_scans_code(tmp_path: Path) -> None:
    with StandIn(models={"owls/one": MODELS["acme/one"]}) as hub:
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / ".gitignore").write_text("app.py\n", "utf-8")
        code = 'from transformers import AutoModel\nAutoModel.from_pretrained("owls/one")\n'
        (tmp_path / "work" / "app.py").write_text(code, "utf-8")
        (tmp_path / "work" / ".modelaudit.yaml").write_text(STRICT, "utf-8")
        ended, environ, said = whole(tmp_path, hub, path=".", format="junit", comment="true")
    found = outputs(environ)

    assert (ended, found["verdict"], found["exit-code"]) == (exits.VIOLATED, "violated", "1")
    assert json.loads(Path(found["json"]).read_text("utf-8"))["subject"]["id"] == "owls/one"
    assert "owls/one" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert "file=app.py,line=2" in said


def test_the_whole_step_checks_a_lock(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as hub:
        work = tmp_path / "work"
        work.mkdir()
        environ = {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path / "cache")}
        approved = command_kit.run(work, "approve", "acme/one", "--approver", "J. Doe", "-q", env=environ)
        assert approved.returncode == 0
        same = whole(tmp_path, hub, lock="modelaudit.lock.json", comment="true")
        unpoliced = outputs(same[1])["verdict"]
        (tmp_path / "github_output").unlink()
        (work / ".modelaudit.yaml").write_text(STRICT, "utf-8")
        strict = whole(tmp_path, hub, lock="modelaudit.lock.json")

    assert (same[0], unpoliced) == (exits.AUDITED, "no-policy")
    assert (strict[0], outputs(strict[1])["verdict"]) == (exits.VIOLATED, "violated")
    assert "acme/one" in Path(strict[1]["GITHUB_STEP_SUMMARY"]).read_text("utf-8")


def test_what_a_card_says_is_no_command_to_the_runner(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    environ = runner(tmp_path, models="a/b")

    def shout(_: Sequence[str]) -> int:
        print("::error::from a card")
        print("##[set-output name=verdict]met", file=sys.stderr)
        return exits.VIOLATED

    assert action.step(environ, shout) == exits.VIOLATED
    told = capfd.readouterr()
    before, _, rest = told.out.partition("::stop-commands::")
    word, _, rest = rest.partition("\n")
    within, _, after = rest.partition(f"\n::{word}::\n")
    assert (told.err, len(word)) == ("", 32)
    assert "::error" in within
    assert "##[" in within
    assert "card" not in before + after


@pytest.mark.parametrize("code", [exits.USAGE, exits.AUDITED])
def test_reports_of_an_earlier_step_are_not_taken_for_this_ones(tmp_path: Path, code: int) -> None:
    environ = runner(tmp_path, models="a/b")
    call = call_of(read_inputs(environ))
    call.audits.mkdir(parents=True)
    audit = {"score": {"low": 99, "high": 99}, "verdict": {"class": "open", "policy": {"result": "met"}}}
    (call.audits / "old.json").write_text(json.dumps(audit), "utf-8")
    (call.audits / "of-others.json").write_text("{}", "utf-8")
    for path in (call.sarif, call.summary, call.comment, call.changes):
        path.write_text("PASS", "utf-8")

    assert action.step(environ, lambda _: code) == exits.USAGE
    found = outputs(environ)
    assert (found["verdict"], found["score"], found["sarif"], found["summary"]) == ("error", "", "", "")
    assert "PASS" not in Path(environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert (call.audits / "of-others.json").exists()


def test_a_folder_cannot_take_the_place_of_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme" / "one").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    words = call_of(read_inputs({"INPUT_MODELS": "acme/one ./acme/one acme/two hf://acme/one"})).arguments

    assert words[1:5] == ("hf://acme/one", "./acme/one", "acme/two", "hf://acme/one")


def test_a_lock_that_no_policy_judged_is_not_called_met(tmp_path: Path) -> None:
    call = call_of(read_inputs({"INPUT_LOCK": "x.json", "INPUT_OUTPUT_DIR": str(tmp_path)}))
    verdicts = []
    for policy in (None, {"result": "met"}):
        call.changes.write_text(json.dumps({"models": [{"new": {"policy": policy}}, {"new": None}]}), "utf-8")
        verdicts.append(read_results(call, exits.AUDITED).verdict)

    assert verdicts == ["no-policy", "met"]


def test_the_inputs_are_a_closed_set() -> None:
    assert isinstance(read_inputs({"INPUT_MODELS": "a/b", "INPUT_SOMETHING_ELSE": "x"}), Inputs)
