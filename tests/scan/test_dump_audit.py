"""A row of a dump: what it does not tell is unknown, and its summary is that of its audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openness_audit.document.row import row_of
from openness_audit.errors import SourceUnreachableError
from openness_audit.model.row import DumpRow
from openness_audit.ruleset import load_rules
from openness_audit.scan.dump_audit import audit_row, facts_of, summary_of_row
from openness_audit.sources.exchange import TEXT_CAP

AS_OF = date(2026, 1, 1)
EXAMPLE = (Path(__file__).parents[2] / "docs" / "example-model" / "README.md").read_text("utf-8")
DERIVED = """---
license: apache-2.0
base_model: acme/lantern
datasets: [acme/chat]
---
# Lantern chat

Fine-tuned from [Lantern](https://huggingface.co/acme/lantern) on our dialogues. This model is fully open source.
The code is at <https://github.com/acme/lantern-chat>.

| Step | Training loss |
|---|---|
| 100 | 1.25 |
| 200 | 1.13 |
"""
CARDS = ("", "# Only a title\n", EXAMPLE, DERIVED, "---\nlicense: [\n---\nBroken metadata.\n", "\ufeff\x00\ud800")


@pytest.mark.parametrize("card", CARDS)
def test_the_summary_of_a_row_is_that_of_its_audit(card: str) -> None:
    row = DumpRow(id="acme/lantern-chat", card=card, tags=("license:mit",), library_name="transformers")
    rules = load_rules()
    assert summary_of_row(row, rules) == row_of(audit_row(row, rules, AS_OF))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(DERIVED.splitlines()), max_size=14).map("\n".join))
def test_summary_and_audit_agree_on_any_card(card: str) -> None:
    row = DumpRow(id="acme/lantern-chat", card=card)
    rules = load_rules()
    assert summary_of_row(row, rules) == row_of(audit_row(row, rules, AS_OF))


@pytest.mark.parametrize("card", CARDS)
def test_what_a_dump_does_not_tell_is_unknown_and_never_closed(card: str) -> None:
    audit = audit_row(DumpRow(id="acme/lantern-chat", card=card), load_rules(), AS_OF)
    status = {c.id: c for c in audit.components}
    assert status["weights"].availability == "unknown"
    assert status["weights"].at_least == "closed"
    assert {cause.code for cause in status["weights"].unknown} == {"not-recorded"}
    assert audit.verdict.gated is None
    assert audit.files == ()
    assert {"file listing", "branches and tags"} <= {row.what for row in audit.not_checked}


def test_base_models_data_sets_and_code_were_not_looked_up() -> None:
    audit = audit_row(DumpRow(id="acme/lantern-chat", card=DERIVED), load_rules(), AS_OF)
    assert {row.what: row.code for row in audit.not_checked}.items() >= {
        "acme/lantern": "not-recorded",
        "datasets/acme/chat": "not-recorded",
        "github.com/acme/lantern-chat": "not-recorded",
    }.items()
    assert audit.licenses.own.expression == "Apache-2.0"
    assert audit.licenses.effective.family == "unknown"
    summary = row_of(audit)
    assert [above.id for above in summary.ancestors] == list(summary.unresolved) == ["acme/lantern"]


def test_without_a_card_there_is_nothing_to_judge() -> None:
    row = DumpRow(id="acme/lantern", tags=("license:mit",))
    for run in (lambda: summary_of_row(row, load_rules()), lambda: audit_row(row, load_rules(), AS_OF)):
        with pytest.raises(SourceUnreachableError, match="the dump has no card of it"):
            run()


def test_an_enormous_card_is_cut_and_says_so() -> None:
    card = DERIVED + "word " * TEXT_CAP
    facts = facts_of(DumpRow(id="acme/lantern-chat", card=card))
    assert "too-large" in {row.cause.code for row in facts.unread}
