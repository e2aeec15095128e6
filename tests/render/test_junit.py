"""JUnit XML: a stranger's parser reads it whole, nothing red is lost, and nothing unknown is green."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from audit_sample import AUDIT, FINDINGS, RATE
from batch_kit import ALONE, BATCHES, EVERY_CLEAN, MISSING, SEVERAL, change, item, policed
from cli_fakes import RULES
from openness_audit.model.audit_findings import UndecidedDoc
from openness_audit.model.batch import Batch, Origin
from openness_audit.render.ci import junit

TestCase.__test__ = False  # pytest would take them for tests
TestSuite.__test__ = False
GOLDEN = Path(__file__).parent / "golden"


def suites(batch: Batch) -> list[TestSuite]:
    return list(JUnitXml.fromstring(junit.render_batch(batch).encode()))


def states(suite: TestSuite) -> dict[str, str]:
    told = {}
    for case in suite:
        kinds = [type(r).__name__.lower() for r in case.result if isinstance(r, (Error, Failure, Skipped))]
        assert len(kinds) <= 1
        told[f"{case.classname.rpartition('.')[2]}/{case.name}"] = kinds[0] if kinds else "passed"
    return told


@pytest.mark.parametrize("name", BATCHES)
def test_golden_document(name: str) -> None:
    path, told = GOLDEN / f"junit-{name}.xml", junit.render_batch(BATCHES[name])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(told, "utf-8")

    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


def test_each_model_is_a_suite() -> None:
    names = [suite.name for suite in suites(SEVERAL)]

    assert names[:4] == [
        "acme/tern-7b@0123456789ab",
        "acme/gull@0123456789ab",
        "acme/wren@0123456789ab",
        "acme/missing",
    ]
    assert len(names) == len(SEVERAL.items)


def test_counts_are_those_of_the_cases() -> None:
    root = ET.fromstring(junit.render_batch(SEVERAL))  # noqa: S314 - our own output

    for node in (root, *root.findall("testsuite")):
        cases = list(node.iter("testcase"))
        counts = [sum(c.find(tag) is not None for c in cases) for tag in ("failure", "error", "skipped")]
        assert [int(node.attrib[k]) for k in ("tests", "failures", "errors", "skipped")] == [len(cases), *counts]
    assert int(root.attrib["failures"]) == 1
    assert int(root.attrib["errors"]) == 3


def test_without_a_policy_error_findings_fail() -> None:
    told = states(suites(ALONE)[0])

    assert told["findings/tag-text"] == "failure"
    assert told["findings/finetuning-code"] == "passed"
    assert told["findings/card-thin"] == "skipped"
    assert told["criteria/evaluation-code: status known"] == "skipped"
    assert told["criteria/finetuning-code: status known"] == "passed"


def test_a_finding_that_could_not_be_looked_for_is_not_green() -> None:
    undecided = UndecidedDoc(rule="tag-text", severity="error", confidence="high", component="weights", unknown=(RATE,))
    audit = change(AUDIT, findings=(), undecided=(undecided,))
    (suite,) = suites(Batch(items=(item(audit),), rules=RULES.rules))

    assert states(suite)["findings/tag-text"] == "skipped"
    assert states(suites(EVERY_CLEAN)[0])["findings/tag-text"] == "passed"


def test_with_a_policy_its_clauses_decide() -> None:
    violated, undecided, met, *_ = (states(suite) for suite in suites(SEVERAL))

    assert {k: v for k, v in violated.items() if k.startswith("policy/")} == {
        "policy/minimum-score": "failure",
        "policy/family": "skipped",
        "policy/gated": "passed",
    }
    assert violated["findings/tag-text"] == "passed"
    assert {k: v for k, v in undecided.items() if k.startswith("policy/")} == {
        "policy/osaid": "error",
        "policy/gated": "passed",
        "policy/mof": "skipped",
    }
    assert set(met.values()) == {"passed", "skipped"}


@pytest.mark.parametrize(("result", "code"), [("met", 0), ("violated", 1), ("no-verdict", 3)])
def test_red_is_what_the_exit_code_says(result: str, code: int) -> None:
    (suite,) = suites(Batch(items=(item(policed(result)),)))

    assert bool(suite.failures or suite.errors) == (code != 0)


def test_a_closed_criterion_is_not_hidden_behind_green() -> None:
    cases = {case.name: case for case in suites(ALONE)[0]}

    assert cases["finetuning-code: status known"].system_out.startswith("Fine-tuning code: closed: ")


def test_a_model_without_an_audit_is_an_error_with_its_place() -> None:
    (suite,) = suites(BATCHES["missing"])
    (case,) = suite
    (problem,) = case.result

    assert (problem.type, problem.message) == ("not-audited", "acme/missing: not found, or private")
    assert "set HF_TOKEN" in problem.text
    assert (case._elem.attrib["file"], case._elem.attrib["line"]) == ("models.txt", "4")  # noqa: SLF001 - it offers no other way


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_give_a_document(name: str, words: str) -> None:
    audit = change(
        AUDIT,
        subject=change(AUDIT.subject, id=name),
        findings=tuple(change(f, title=words, message=name) for f in FINDINGS),
    )
    missing = msgspec.structs.replace(MISSING, asked=words, origins=(Origin(name, 1),))

    assert len(suites(Batch(items=(item(audit), missing)))) == 2
