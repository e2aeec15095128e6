"""Claims of openness and what can be mended, in every report."""

from __future__ import annotations

from typing import Any

import msgspec

from audit_sample import AUDIT
from openness_audit.model.audit_findings import AdditionDoc, ClaimDoc, FixDoc, FixesDoc
from openness_audit.render.html import audit as html
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.text import audit as text
from openness_audit.render.views import claims as claims_view

EVIDENCE = AUDIT.claims[0].evidence


def claim(held: Any, line: int, words: str = "We release the data.", kind: str = "released") -> ClaimDoc:
    return ClaimDoc(
        text=words,
        line=line,
        about="data",
        held=held,
        evidence=EVIDENCE,
        kind=kind,
        why="LicenseRef-hf-llama2 applies",
    )


FIXES = FixesDoc(
    every=(
        FixDoc(
            finding="license-not-declared",
            component=None,
            effort="low",
            low=50,
            high=60,
            text="declare one",
            additions=(
                AdditionDoc(where="front-matter", key="license", text="license: mit", filled=True),
                AdditionDoc(where="section", key="Training <data>", text="FILL IN: all", filled=False),
            ),
        ),
    ),
    next_class="open-weights-only",
    to_class=("license-not-declared",),
    to_score=("evaluation-code",),
    low=70,
    high=80,
)
AUDITED = msgspec.structs.replace(
    AUDIT,
    claims=(
        claim("held", 3),
        claim("held", 9),
        claim("contradicted", 5, "Fully <b>open</b>\x1b[31m."),
        claim("held", 7, ""),
    ),
    fixes=FIXES,
)


def test_what_is_not_borne_out_comes_first_and_sentences_that_say_the_same_are_told_once() -> None:
    told = [(row.claim.held, row.where) for row in claims_view.rows(AUDITED)]

    assert told == [("contradicted", "line 5"), ("held", "line 3, also 9, 7")]


def test_every_report_tells_claims_and_fixes() -> None:
    said = text.render(AUDITED, verbose=True)
    marked = markdown.render(AUDITED)
    page = html.render(AUDITED)

    for told in (said, marked):
        assert "not borne out" in told
        assert "license-not-declared (with an open licence)" in told.replace("\\", "")
        assert "Llama 2" in told
    assert 'id="claims"' in page
    assert 'id="mend"' in page
    assert "license: mit, a section" in page


def test_strangers_words_stay_words() -> None:
    page = html.render(AUDITED)

    assert "\x1b" not in text.render(AUDITED, verbose=True)
    assert "<b>open</b>" not in page
    assert "Training <data>" not in page
    assert "<b>" not in markdown.render(AUDITED)


def test_a_sentence_that_was_not_recorded_is_not_quoted() -> None:
    bare = msgspec.structs.replace(AUDIT, claims=(claim("held", 7, ""),))

    assert claims_view.quoted(bare.claims[0], 80) == "a sentence of the card"
    assert "A sentence of the card" in html.render(bare)


def test_nothing_claimed_and_nothing_to_mend_tells_nothing() -> None:
    page = html.render(msgspec.structs.replace(AUDIT, claims=(), fixes=None))

    assert 'id="claims"' not in page
    assert 'id="mend"' not in page
