"""Tell on a terminal what changed: what came of it, then each model that is not as it was, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import changes_words as words
from openness_audit.render import view
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page

if TYPE_CHECKING:
    from openness_audit.model.changes import ChangesDoc, ModelChangesDoc
    from openness_audit.model.lock import Entry

WIDTH = 80
MOST_LINES = 12  # changes of one model without -v
MOST_SAME = 6  # lines of names that are as approved, without -v
_STYLE = {"worse": "error", "unknown": "unknown", "better": "open", "neutral": "quiet"}
_LEAD = 10


def render(
    document: ChangesDoc, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the changes in at most `width` columns.

    Args:
        document: what changed.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: every change by itself, with its reason; and every model by name.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    page.text(words.headline(document), style="strong")
    if document.command == "check":
        page.fields(clean(document.lock or ""), f"checked as of {document.as_of}", style="quiet")
    order = list(words.RESULTS)
    for model in sorted(document.models, key=lambda m: (order.index(m.result), m.asked.lower())):
        if document.command == "diff" or model.result != "same":
            page.add()
            _model(page, model, verbose=verbose, check=document.command == "check")
    same = sorted((clean(m.asked) for m in document.models if m.result == "same"), key=str.lower)
    if same and document.command == "check":
        page.add()
        page.text(", ".join(same), lead="as approved: ", most=0 if verbose else MOST_SAME)
    page.add()
    page.fields(view.NOTICE, f"{clean(document.tool.name)} {clean(document.tool.version)}", style="quiet")
    return page.render(color=color)


def _model(page: Page, model: ModelChangesDoc, *, verbose: bool, check: bool) -> None:
    if check:
        page.text(f"{clean(model.asked)}: {words.RESULTS[model.result]}", style="strong")
        page.text("; ".join(filter(None, (words.approved(model), words.commits(model)))), lead="  ", style="quiet")
    elif model.old and model.new:
        page.text(words.state(model.old), lead="old: ", style="quiet")
        page.text(words.state(model.new), lead="new: ", style="quiet")
    if model.why:
        page.text(clean(model.why), lead="  ", style="error")
    _lines(page, model, verbose=verbose)
    for caution in model.cautions:
        page.text(clean(caution), lead="  mind: ", style="quiet")
    if policy := words.policy_line(model):
        page.text(policy, lead="  ")
    if model.hint:
        page.text(clean(model.hint), lead="  next: ")


def _lines(page: Page, model: ModelChangesDoc, *, verbose: bool) -> None:
    """Tell the changes, a line or paragraph each."""
    lines = words.lines(model, every=verbose)
    shown = lines if verbose else lines[:MOST_LINES]
    for way, text, place in shown:
        page.row(f"  {way:<{_LEAD - 2}}", text, place, lead_style=_STYLE[way])
    if len(lines) > len(shown):
        page.text(f"{len(lines) - len(shown)} more (-v)", lead=" " * _LEAD, style="quiet")


def approval(
    entry: Entry,
    since: ModelChangesDoc | None,
    void: str = "",
    *,
    width: int = WIDTH,
    verbose: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Tell what was approved.

    Args:
        entry: the new entry of the lock.
        since: what changed since the entry it replaces.
        void: why that entry could not be trusted, if it could not.
        width: columns of the terminal.
        verbose: every change by itself, with its reason.
        encoding: what the terminal reads.

    Returns:
        The lines, ending in a line feed.
    """
    page = Page(width, encoding)
    now = entry.snapshot
    page.text(f"{words.of_entry(entry)}", lead="approved: ")
    page.text(words.under_policy(now), lead="  ", style="quiet" if now.policy else "warning")
    if now.not_checked:
        page.text(words.blind(now), lead="  mind: ", style="unknown")
    if void:
        page.text(f"the entry it replaces could not be trusted: {clean(void)}", lead="  mind: ", style="warning")
    if since is not None:
        page.text(words.since(since), lead="  ", style="quiet")
        _lines(page, since, verbose=verbose)
    return page.render(color=False)
