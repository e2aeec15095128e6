"""Tell a policy's result on a terminal: what blocks first, the rest with -v."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.views import audit as view
from openness_audit.render.views import policy as policy_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.render.layout import Page

MOST_BLOCKING = 4  # clauses on one screen; -v tells all
_LEAD = 11


def top(page: Page, audit: Audit) -> None:
    """Tell the policy's result, whose policy it is, and the verdict on the use the model is wanted for."""
    said = policy_view.headline(audit)
    if said is not None:
        page.text(said.words, style=said.mark)
        found = policy_view.found_words(audit)
        if found:
            page.text(found, style="quiet")
    use = policy_view.wanted(audit)
    if use is not None:
        page.text(use.words, style=use.mark, most=2)


def short(page: Page, audit: Audit, most: int) -> None:
    """Tell what blocks, each in one line, and of what is left out how much; and waivers that hold no longer."""
    found = policy_view.blocking(audit)
    most += len(found) == most + 1  # the line that counts the last one can as well tell it
    for row in found[:most]:
        _line(page, row, audit, most=1)
    if len(found) > most:
        page.text(f"+ {len(found) - most} more clauses not met (-v)", style="quiet")
    for words in policy_view.void_words(audit)[:1]:
        page.text(words, style="warning", most=1)


def details(page: Page, audit: Audit) -> None:
    """Tell every clause, every waiver, and the exceptions that hold for this model."""
    for words in (*policy_view.override_words(audit), *policy_view.void_words(audit)):
        page.text(words, style="warning")
    for row in policy_view.rows(audit):
        _line(page, row, audit, most=0)
        if row.message:
            page.text(row.message, lead=" " * _LEAD + "= policy: ")
        if row.waiver:
            page.text(row.waiver, lead=" " * _LEAD + "= ")


def _line(page: Page, row: policy_view.Row, audit: Audit, *, most: int) -> None:
    word = row.word.partition(",")[0]
    page.row(f"{word:<{_LEAD}}", f"{row.id}: {row.why}", _place(row.evidence, audit), lead_style=row.mark, most=most)


def _place(ids: Sequence[str], audit: Audit) -> str:
    known = view.evidence_by_id(audit)
    return next((view.place(known[key], audit) for key in ids if key in known), "")
