"""A policy's result in every report: first, whole, and never quieter than what it blocks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from audit_gated import CLAUSES, GATED, gated
from audit_sample import AUDIT
from openness_audit.model.audit_policy import ClauseDoc
from openness_audit.render.html import audit as html
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.text import audit as text
from openness_audit.render.views import policy as policy_view

GOLDEN = Path(__file__).parent / "golden"
REPORTS = {
    "policy-80.txt": text.render(GATED),
    "policy-verbose-80.txt": text.render(GATED, verbose=True),
    "policy.md": markdown.render(GATED),
}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_report_is_the_committed_one(name: str) -> None:
    path = GOLDEN / name
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(REPORTS[name], "utf-8")
    committed = path.read_text("utf-8") if path.exists() else "(no golden file)"

    assert REPORTS[name] == committed, "if meant: OPENNESS_AUDIT_REGENERATE=1 python -m pytest tests/render"


def test_result_is_the_first_line_and_says_whose_policy() -> None:
    first, second = text.render(GATED, width=120).splitlines()[:2]

    assert first.startswith("BLOCK by the policy Acme: models in products: 1 violated, 1 not known")
    assert second == "policy found at .modelaudit.yaml; --no-policy judges by none"


def test_screen_holds_with_a_policy_and_every_line_fits() -> None:
    lines = text.render(GATED).splitlines()

    assert len(lines) <= 28  # four more than without: what blocks is not cut for what is nice to know
    assert [line for line in lines if cell_len(line) > 80] == []


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_every_clause_and_waiver_is_told(kind: str) -> None:
    told = {"text": lambda a: text.render(a, verbose=True), "markdown": markdown.render, "html": html.render}[kind](
        GATED
    )

    assert [c.id for c in CLAUSES if c.id not in told] == []
    assert "legal@acme.example" in told.replace("\u2060", "")
    assert "2027-01-01" in told
    assert "our own models may be gated" in told.lower().replace("\n", " ")


def test_strangers_words_in_a_waiver_are_escaped() -> None:
    assert "<script>alert" not in html.render(GATED)
    assert "signed &lt;script&gt;" in markdown.render(GATED)


def test_without_policy_or_use_nothing_is_led_with() -> None:
    assert policy_view.headline(AUDIT) is None
    assert policy_view.wanted(AUDIT) is None
    assert 'id="policy"' not in html.render(AUDIT)


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ((), "PASS by the policy Acme: models in products: it has no clauses"),
        ((CLAUSES[0],), "PASS by the policy Acme: models in products: its clause is met"),
        ((CLAUSES[0], CLAUSES[2]), "NO VERDICT by the policy Acme: models in products: 1 not known, 1 met"),
        (CLAUSES[:3], "BLOCK by the policy Acme: models in products: 1 violated, 1 not known, 1 met"),
        (
            (CLAUSES[0], CLAUSES[3], CLAUSES[4]),
            "PASS by the policy Acme: models in products: 1 not known but accepted, 1 waived, 1 met",
        ),
    ],
)
def test_headline_counts_what_decides(clauses: tuple[ClauseDoc, ...], words: str) -> None:
    said = policy_view.headline(gated(*clauses))

    assert said is not None
    assert said.words == words


def test_blocking_clauses_come_first_and_accepted_ones_do_not_block() -> None:
    assert [row.id for row in policy_view.blocking(GATED)] == ["no-restricted", "score-floor"]
    assert [row.id for row in policy_view.rows(GATED)] == [
        "no-restricted",
        "score-floor",
        "data-known",
        "serve",
        "weights-open",
    ]


def test_use_that_nobody_judged_is_not_determined() -> None:
    said = policy_view.wanted(gated(*CLAUSES, wanted="some-later-use"))

    assert said is not None
    assert said.mark == "unknown"
