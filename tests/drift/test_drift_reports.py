"""What is told of changes: word for word, within its width, harmless whatever strangers wrote, and in known formats."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from rich.cells import cell_len

from audit_sample import AUDIT
from drift_kit import LICENSES, SAMPLE, SNAPSHOTS, change
from fuzz_budget import examples
from openness_audit.drift.changes import changes
from openness_audit.drift.lockfile import sealed
from openness_audit.drift.snapshot import snapshot
from openness_audit.drift.told import document, model_changes
from openness_audit.model.audit import Audit
from openness_audit.model.changes import ChangesDoc, FactKind, JudgedKind, ModelChangesDoc
from openness_audit.model.lock import Approval, DataMark, PlaceMark, Snapshot
from openness_audit.render import escape
from openness_audit.render.changes import json as changes_json
from openness_audit.render.changes import markdown as changes_markdown
from openness_audit.render.changes import sarif as changes_sarif
from openness_audit.render.changes import text as changes_text
from openness_audit.render.changes import words as changes_words
from openness_audit.render.markdown.audit import MOST_BYTES
from openness_audit.render.reference.schemas import schema

GOLDEN = Path(__file__).parent / "golden"
SARIF = Draft202012Validator(
    json.loads((Path(__file__).parents[1] / "data" / "sarif-schema-2.1.0.json").read_text("utf-8")),
    format_checker=FormatChecker(["uri", "uri-reference"]),
)
REGENERATE = "OPENNESS_AUDIT_REGENERATE=1 python -m pytest tests/drift"
APPROVAL = Approval(approver="J. Doe", at="2026-10-01T09:00:00Z", ticket="LEGAL-12")
DAY = date(2026, 11, 21)
HOSTILE = "a/\x1b[31m\u202egpj|<script>@everyone`"


def told(name: str, line: int, **said: object) -> ModelChangesDoc:
    """Compare the sample, under another name, with what it was before."""
    sha = "89abcdef" * 5
    text = msgspec.json.encode(AUDIT).replace(b"acme/tern-7b", name.encode())
    audit = msgspec.json.decode(text, type=Audit)
    old = change(snapshot(audit), sha=sha, **said) if said else snapshot(audit)
    return model_changes(name, old, audit, approval=APPROVAL, line=line)


WORSE = told(
    "acme/tern-7b",
    5,
    declared=LICENSES[0],
    gated="auto",
    criteria=tuple(change(c, status="open", low=20.0, high=20.0) for c in SAMPLE.criteria),
    uses=tuple(change(u, verdict="allowed") for u in SAMPLE.uses),
    obligations=(),
    score_low=100,
    score_high=100,
    training_data=(
        *SAMPLE.training_data,
        DataMark(name="acme/gone", stage="pretraining", availability="open", access="public", licenses=()),
    ),
)
UNKNOWN = told("acme/auk", 70, not_checked=())
QUIET = told("acme/dove", 90, card=change(SAMPLE.card, sha256="00" * 32))
QUIET = change(QUIET, cautions=())
SAME = told("acme/gull", 120)
VOID = ModelChangesDoc(
    asked="acme/kite", result="void", code=1, line=150, why="its entry was edited after it was approved",
    hint="approve it again: modelaudit approve acme/kite --approver NAME",
)  # fmt: skip
GONE = [
    ModelChangesDoc(
        asked=name, result="not-audited", code=3, line=180 + at, approval=APPROVAL,
        why=f"{name} could not be read: huggingface.co cannot be reached", hint="check the network",
    )
    for at, name in enumerate(("acme/owl", "acme/lark"))
]  # fmt: skip
CHECK = document("check", [WORSE, UNKNOWN, QUIET, SAME, VOID, *GONE], as_of=DAY, lock="modelaudit.lock.json")
CLEAN = document("check", [SAME], as_of=DAY, lock="modelaudit.lock.json")
DIFF = document("diff", [change(WORSE, approval=None, line=None)], as_of=DAY)
REPORTS = {
    "check-80.txt": changes_text.render(CHECK),
    "check-verbose-120.txt": changes_text.render(CHECK, width=120, verbose=True),
    "clean-80.txt": changes_text.render(CLEAN),
    "diff-80.txt": changes_text.render(DIFF),
    "check.md": changes_markdown.render(CHECK),
    "clean.md": changes_markdown.render(CLEAN),
    "approve-80.txt": changes_text.approvals(
        [(sealed(SAMPLE, APPROVAL), WORSE, ""), (sealed(SAMPLE, APPROVAL), None, "x")]
    ),
}


def test_every_kind_of_change_has_words() -> None:
    assert set(changes_words.KINDS) == {*get_args(FactKind), *get_args(JudgedKind)}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_report_is_the_committed_one(name: str) -> None:
    path = GOLDEN / name
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(REPORTS[name], "utf-8")
    committed = path.read_text("utf-8") if path.exists() else "(no golden file)"

    assert REPORTS[name] == committed, f"if the change is meant, run `{REGENERATE}` and read the diff"


def made(old: Snapshot, new: Snapshot, names: list[str]) -> ChangesDoc:
    """Compare generated snapshots, under names that strangers chose."""
    rows = [
        change(
            c, about=c.about and HOSTILE if at % 3 == 0 and c.kind[:4] in ("data", "code", "base", "unre") else c.about
        )
        for at, c in enumerate(changes(old, new))
    ]
    models = [
        change(
            WORSE, asked=name, changes=tuple(rows), old=change(WORSE.old, asked=name, id=name) if WORSE.old else None
        )
        for name in names
    ]
    return document("check", models, as_of=DAY, lock="lock\x1b[1m.json")


DOCUMENTS = st.builds(
    made, SNAPSHOTS, SNAPSHOTS, st.lists(st.sampled_from([HOSTILE, "acme/x", "a" * 96]), min_size=1, max_size=3)
)


@settings(max_examples=examples(25))
@given(DOCUMENTS, st.integers(40, 160), st.booleans(), st.sampled_from(["utf-8", "ascii", "latin-1"]))
def test_no_line_is_wider_than_the_terminal_and_none_steers_it(
    found: ChangesDoc, width: int, verbose: bool, encoding: str
) -> None:
    report = changes_text.render(found, width=width, verbose=verbose, encoding=encoding)

    assert [line for line in report.splitlines() if cell_len(line) > width] == []
    assert [char for char in report if char != "\n" and escape.hidden(char)] == []
    assert report.encode(encoding)


@settings(max_examples=examples(20))
@given(DOCUMENTS)
def test_colour_changes_no_word(found: ChangesDoc) -> None:
    colored = re.sub(r"\x1b\[[0-9;]*m", "", changes_text.render(found, color=True))

    assert [line.rstrip() for line in colored.split("\n")] == changes_text.render(found).split("\n")


@settings(max_examples=examples(20))
@given(DOCUMENTS)
def test_markdown_keeps_its_columns_and_no_mark_up_of_strangers(found: ChangesDoc) -> None:
    report = changes_markdown.render(found)
    rows = [line for line in report.splitlines() if line.startswith("|")]

    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} <= {4}
    assert "<script" not in report
    assert "@everyone" not in report
    assert [char for char in report if char not in "\n\u2060\ufe0f" and escape.hidden(char)] == []


def test_markdown_of_thousands_fits_a_comment_and_counts_the_rest() -> None:
    many = document("check", [change(WORSE, asked=f"acme/m{n}") for n in range(400)], as_of=DAY, lock="l.json")
    report = changes_markdown.render(many)

    assert len(report.encode()) <= MOST_BYTES
    assert "more models do not fit here" in report


def test_a_clean_check_is_one_line_of_markdown() -> None:
    assert len(changes_markdown.render(CLEAN).splitlines()) == 1


@pytest.mark.parametrize("found", [CHECK, CLEAN, DIFF])
def test_json_fits_its_schema_and_is_read_back(found: ChangesDoc) -> None:
    text = changes_json.render(found)

    assert list(Draft202012Validator(json.loads(schema("changes"))).iter_errors(json.loads(text))) == []
    assert msgspec.json.decode(text, type=ChangesDoc) == found


def test_sarif_points_at_the_line_of_the_lock() -> None:
    run = json.loads(changes_sarif.render(CHECK))["runs"][0]
    places = {
        (r["properties"]["model"], p["artifactLocation"]["uri"], p["region"]["startLine"])
        for r in run["results"]
        for p in [r["locations"][0]["physicalLocation"]]
    }

    assert places == {
        ("acme/tern-7b", "modelaudit.lock.json", 5), ("acme/auk", "modelaudit.lock.json", 70),
        ("acme/kite", "modelaudit.lock.json", 150), ("acme/owl", "modelaudit.lock.json", 180),
        ("acme/lark", "modelaudit.lock.json", 181),
    }  # fmt: skip
    assert run["invocations"][0]["exitCode"] == 1
    assert {r["level"] for r in run["results"]} == {"error", "warning"}
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(prints)) == len(prints)


@settings(max_examples=examples(10))
@given(DOCUMENTS)
def test_sarif_fits_the_official_schema(found: ChangesDoc) -> None:
    text = changes_sarif.render(found)

    assert [e.message for e in SARIF.iter_errors(json.loads(text))] == []
    assert [char for char in text if char != "\n" and escape.hidden(char)] == []


def test_what_goes_beyond_what_is_shown_is_counted() -> None:
    many = document("check", [change(WORSE, asked=f"acme/m{n}") for n in range(1000)], as_of=DAY, lock="l.json")
    run = json.loads(changes_sarif.render(many))["runs"][0]

    left = run["properties"]["resultsLeftOut"]
    assert (len(run["results"]), left > 0) == (5000, True)
    assert f"{left:,} results left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize("code", ["not-found-or-private", "rate-limited", "a word of another version"])
def test_places_that_could_not_be_read_say_why(code: str) -> None:
    new = change(SAMPLE, not_checked=(PlaceMark(what="LICENSE", code=code),))
    found = changes(change(SAMPLE, not_checked=()), new)

    assert [(c.kind, c.about, c.direction) for c in found] == [("unread", "LICENSE", "unknown")]
    shown = changes_text.render(document("diff", [change(WORSE, changes=found)], as_of=DAY))
    assert "could not be looked at: LICENSE" in shown
