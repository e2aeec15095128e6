"""SARIF: valid by the official schema and by GitHub's limits, stable, and harmless whatever strangers wrote."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from audit_sample import AUDIT, BELL, BIDI, FINDINGS, SCRIPT
from batch_kit import ALONE, BATCHES, MISSING, SEVERAL, change, item, named, policed
from cli_fakes import RULES
from openness_audit.model.audit_policy import VoidWaiverDoc
from openness_audit.model.batch import STDIN, Batch, Origin
from openness_audit.render import escape
from openness_audit.render.ci import sarif
from openness_audit.ruleset import load_rules

TESTS = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((TESTS / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker(["uri", "uri-reference"]))


def problems(text: str) -> list[str]:
    return [f"{e.json_path}: {e.message[:200]}" for e in VALIDATOR.iter_errors(json.loads(text))]


def run_of(batch: Batch) -> dict[str, Any]:
    text = sarif.render_batch(batch)
    assert problems(text) == []
    (run,) = json.loads(text)["runs"]
    return dict(run)


def uris(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["uri"]] if isinstance(node.get("uri"), str) else []
        return own + [uri for value in node.values() for uri in uris(value)]
    return [uri for value in node for uri in uris(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("name", BATCHES)
def test_golden_log(name: str) -> None:
    path, told = GOLDEN / f"log-{name}.sarif", sarif.render_batch(BATCHES[name])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(told, "utf-8")

    assert problems(told) == []
    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


def test_the_schema_and_its_formats_are_at_work() -> None:
    log = json.loads(sarif.render_batch(ALONE))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b\\c"

    assert len(problems(json.dumps(log))) == 2
    assert SCHEMA["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


def test_results_lead_with_the_worst() -> None:
    results = run_of(SEVERAL)["results"]

    assert [r["ruleId"] for r in results[:4]] == ["policy/minimum-score", "not-audited", "not-audited", "policy/osaid"]
    assert [r["level"] for r in results] == sorted(
        (r["level"] for r in results), key=["error", "warning", "note"].index
    )
    waived = [r for r in results if "suppressions" in r]
    assert waived == results[-len(waived) :]


def test_what_blocks_the_gate_is_an_error_and_what_is_accepted_is_suppressed() -> None:
    told = {
        (r["properties"].get("clause"), r["properties"]["model"].partition("@")[0]): r
        for r in run_of(SEVERAL)["results"]
    }

    assert told["minimum-score", "acme/tern-7b"]["level"] == "error"
    assert told["osaid", "acme/gull"]["level"] == "error"
    assert told["mof", "acme/gull"]["level"] == "note"
    assert told["mof", "acme/gull"]["suppressions"][0]["justification"] == "the policy accepts that this is not known"
    assert told["family", "acme/tern-7b"]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "waived by legal@acme.example until 2027-03-01, T-7; the risk is accepted: only in the "
            "laboratory",
        }
    ]
    assert ("gated", "acme/tern-7b") not in told


def test_a_model_without_an_audit_is_a_result_and_a_notification() -> None:
    run = run_of(BATCHES["missing"])
    call = run["invocations"][0]

    assert (call["executionSuccessful"], call["exitCode"]) == (False, 3)
    assert [n["message"]["text"] for n in call["toolExecutionNotifications"]] == [
        "acme/missing could not be audited: not found, or private"
    ]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("not-audited", "error")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "models.txt", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 1},
    }


def test_every_finding_is_there_with_its_rule_and_where_it_was_read() -> None:
    run = run_of(ALONE)
    rules = run["tool"]["driver"]["rules"]

    assert len(run["results"]) == len(AUDIT.findings)
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    first = run["results"][0]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "huggingface.co/acme/tern-7b/LICENSE"},
                "region": {"startLine": 212, "snippet": {"text": "You may not use the Model for surveillance."}},
            }
        }
    ]
    assert first["message"]["text"].endswith(
        f"Read at https://huggingface.co/acme/tern-7b/blob/{AUDIT.subject.sha}/LICENSE#L212"
    )


def test_the_users_own_file_goes_first() -> None:
    origins = (Origin("a b/ü.py", 7, 3), Origin("/abs/models.txt", 2), Origin("../x.txt", 1), Origin(STDIN, 5))
    first = run_of(Batch(items=(item(AUDIT, *origins),), rules=RULES.rules))["results"][0]

    assert uris(first["locations"]) == ["a%20b/%C3%BC.py"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 3}
    assert uris(first["relatedLocations"])[:2] == ["file:///abs/models.txt", "../x.txt"]
    assert uris(first["relatedLocations"])[2:] == ["huggingface.co/acme/tern-7b/LICENSE"]
    assert [place["id"] for place in first["relatedLocations"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("hf://tern@v1", " (named tern)"), ("ACME/tern-7b", ""), ("https://huggingface.co/acme/tern", "")],
)
def test_a_model_that_has_another_name_by_now_is_told_by_both(asked: str, said: str) -> None:
    first = run_of(Batch(items=(item(AUDIT, asked=asked),)))["results"][0]

    assert first["message"]["text"].startswith(f"acme/tern-7b@0123456789ab{said}: ")


def test_a_fault_of_the_code_stands_in_the_code() -> None:
    line = change(
        AUDIT.evidence[0], id="e-code", kind="code", repo="", url="", path="src/app.py", line=12, excerpt=None
    )
    fault = change(FINDINGS[0], evidence=("e-code",))
    audit = change(AUDIT, findings=(fault,), evidence=(*AUDIT.evidence, line))
    (result,) = run_of(Batch(items=(item(audit, Origin("a.py", 1), Origin("src/app.py", 12)),)))["results"]

    assert [place["physicalLocation"] for place in result["locations"]] == [
        {"artifactLocation": {"uri": "src/app.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 12}}
    ]
    assert "relatedLocations" not in result
    assert "Read at" not in result["message"]["text"]


def test_a_directory_is_told_by_its_own_files() -> None:
    local = change(
        AUDIT,
        subject=change(AUDIT.subject, kind="directory", id="tern", url="file:tern", sha=None),
        evidence=tuple(
            change(e, repo="tern", url=f"file:tern/{e.path}") if e.repo == AUDIT.subject.id else e
            for e in AUDIT.evidence
        ),
    )
    results = run_of(Batch(items=(msgspec.structs.replace(item(local), folder="models/tern"),)))["results"]

    assert uris(results[0]["locations"]) == ["models/tern/LICENSE"]
    assert uris([r for r in results if r["ruleId"] == "finetuning-code"]) == ["models/tern/README.md"]


def test_only_the_users_own_files_are_of_the_checked_repository() -> None:
    def based(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["uri"]] if "uriBaseId" in node else []
            return own + [uri for value in node.values() for uri in based(value)]
        return [uri for value in node for uri in based(value)] if isinstance(node, list) else []

    assert set(based(run_of(SEVERAL))) == {"models.txt", "src/app.py", "lists/my%20models%231.txt"}
    assert based(run_of(ALONE)) == []


def test_no_address_has_a_scheme_that_github_refuses() -> None:
    assert {urlsplit(uri).scheme for name in BATCHES for uri in uris(run_of(BATCHES[name]))} <= {"", "file"}


def test_fingerprints_tell_models_and_faults_apart_and_do_not_move() -> None:
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run_of(SEVERAL)["results"]]
    later = change(AUDIT, subject=change(AUDIT.subject, sha="f" * 40), as_of="2027-01-01")
    moved = run_of(Batch(items=(item(later, Origin("other.txt", 99)),), rules=RULES.rules))

    assert len(set(prints)) == len(prints)
    assert all(re.fullmatch(r"[0-9a-f]{16}:[0-9]+", p) for p in prints)
    assert [r["partialFingerprints"] for r in moved["results"]] == [
        r["partialFingerprints"] for r in run_of(ALONE)["results"]
    ]


def test_two_revisions_of_a_model_are_told_apart() -> None:
    twice = run_of(Batch(items=(item(AUDIT), item(AUDIT, asked="acme/tern-7b@v1"))))["results"]
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in twice]

    assert len(set(prints)) == 2 * len(AUDIT.findings)


def test_a_void_waiver_is_said() -> None:
    audit = policed("violated")
    policy = audit.verdict.policy
    assert policy is not None
    void = VoidWaiverDoc(on="minimum-score", why="it ended on 2026-01-01", waiver=policy.clauses[1].waiver)  # type: ignore[arg-type]  # the kit's second clause is waived
    told = change(audit, verdict=change(audit.verdict, policy=change(policy, void_waivers=(void,))))

    first = run_of(Batch(items=(item(told),)))["results"][0]

    assert "A waiver by legal@acme.example holds no longer: it ended on 2026-01-01" in first["message"]["text"]


def test_packaged_rules_explain_themselves() -> None:
    rules = run_of(Batch(items=(item(AUDIT),), rules=load_rules().rules))["tool"]["driver"]["rules"]
    ours = [r for r in rules if r["id"] in {rule.id for rule in load_rules().rules}]

    assert len(ours) == len(load_rules().rules)
    for rule in ours:
        assert rule["help"]["text"]
        assert "**What the publisher can do**" in rule["help"]["markdown"]
        assert rule["helpUri"].startswith("https://")
        assert rule["properties"]["precision"] in ("high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert len(rule["shortDescription"]["text"]) <= len(rule["fullDescription"]["text"]) <= 1024
        assert "security-severity" not in rule["properties"]
        assert len(rule["properties"]["tags"]) <= 20


def test_limits_are_kept_from_the_mildest_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_of(SEVERAL)["results"]
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    short = run_of(SEVERAL)

    assert [r["ruleId"] for r in short["results"]] == [r["ruleId"] for r in whole[:5]]
    assert short["properties"]["resultsLeftOut"] == len(whole) - 5
    said = short["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith(f"{len(whole) - 5} results left out")


def test_what_github_does_not_show_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_SHOWN", 2)
    run = run_of(ALONE)
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]

    assert said == f"GitHub shows the 2 worst of these {len(AUDIT.findings)} results"
    assert len(run["results"]) == len(AUDIT.findings)


def test_bytes_are_kept_within_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    small = len(gzip.compress(sarif.render_batch(BATCHES["missing"]).encode()))
    monkeypatch.setattr(sarif, "MOST_BYTES", small + 2_500)
    told = sarif.render_batch(Batch(items=tuple(item(named(f"acme/m{n}")) for n in range(20))))

    assert len(gzip.compress(told.encode())) <= small + 2_500
    assert json.loads(told)["runs"][0]["properties"]["resultsLeftOut"] > 0


def test_places_of_one_result_are_limited() -> None:
    origins = tuple(Origin("a.py", line) for line in range(1, 1500))
    first = run_of(Batch(items=(item(AUDIT, *origins),)))["results"][0]

    assert len(first["locations"]) + len(first["relatedLocations"]) <= 1_000


def test_words_of_strangers_are_no_links_no_placeholders_and_steer_nothing() -> None:
    hostile = f"[click](javascript:alert(1)) {{0}} {BIDI} {BELL} {SCRIPT} \ud800"
    audit = change(AUDIT, findings=tuple(change(f, title=hostile, message=hostile) for f in FINDINGS))
    text = sarif.render_batch(Batch(items=(item(audit), MISSING)))

    assert problems(text) == []
    assert [c for c in text if c != "\n" and escape.hidden(c)] == []
    said = json.loads(text)["runs"][0]["results"][1]["message"]["text"]
    assert "\\[click\\](javascript" in said
    assert "{{0}}" in said


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=80), st.text(max_size=40))
def test_any_words_give_a_valid_log(name: str, words: str, path: str) -> None:
    audit = change(
        AUDIT,
        subject=change(AUDIT.subject, id=name),
        findings=tuple(change(f, title=words, message=path) for f in FINDINGS),
        evidence=tuple(change(e, path=path, repo=name, excerpt=words) for e in AUDIT.evidence),
    )
    missing = msgspec.structs.replace(MISSING, asked=words, origins=(Origin(path, 1),))

    assert problems(sarif.render_batch(Batch(items=(item(audit), item(audit, Origin(path, 3)), missing)))) == []
