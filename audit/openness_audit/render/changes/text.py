"""Tell on a terminal what changed: what came of it, then each model that is not as it was, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.changes import said
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    page.text(said.headline(document), style="strong")
    if document.command == "check":
        page.fields(clean(document.lock or ""), f"checked as of {document.as_of}", style="quiet")
        _check(page, document, verbose=verbose)
    else:
        _diff(page, document, verbose=verbose)
    page.add()
    page.fields(view.NOTICE, f"{clean(document.tool.name)} {clean(document.tool.version)}", style="quiet")
    return page.render(color=color)


def _check(page: Page, document: ChangesDoc, *, verbose: bool) -> None:
    """Tell every approved model: those that changed by themselves, the others by name."""
    for policy in said.policies(document):
        page.text(policy, style="quiet")
    shared = said.shared_cautions(document)
    for caution in shared:
        page.text(clean(caution), lead="mind: ", style="quiet")
    order = list(said.RESULTS)
    models = sorted(document.models, key=lambda m: (order.index(m.result), m.asked.lower()))
    quiet = [m for m in models if said.is_quiet(m) and not verbose]
    for model in models:
        if model.result not in ("same", *said.LEFT) and model not in quiet:
            page.add()
            _model(page, model, shared, verbose=verbose)
    for (result, why, hint), left in said.without_changes(document).items():
        page.add()
        page.text(f"{said.RESULTS[result]}: {clean(why)}", style="strong")
        page.text(", ".join(said.names(left)), lead="  ", most=0 if verbose else MOST_SAME)
        page.text(clean(hint), lead="  next: ")
    for lead, group in (
        ("another commit or card, else as approved", quiet),
        ("as approved", [m for m in models if m.result == "same"]),
    ):
        if group:
            page.add()
            page.text(f"{len(group)} {lead}:")
            page.text(", ".join(said.names(group)), lead="  ", most=0 if verbose else MOST_SAME, style="quiet")
    for number, advice in enumerate(said.advice(document)):
        if number == 0:
            page.add()
        page.text(advice, lead="next: ")


def _model(page: Page, model: ModelChangesDoc, shared: Iterable[str], *, verbose: bool) -> None:
    page.text(f"{clean(model.asked)}: {said.RESULTS[model.result]}", style="strong")
    about = "; ".join(filter(None, (said.approved(model), said.commits(model, whole=verbose))))
    if about:
        page.text(about, lead="  ", style="quiet")
    _lines(page, model, verbose=verbose)
    _rest(page, model, shared)


def _diff(page: Page, document: ChangesDoc, *, verbose: bool) -> None:
    for model in document.models:
        page.add()
        if model.old and model.new:
            page.text(said.state(model.old), lead="old: ", style="quiet")
            page.text(said.state(model.new), lead="new: ", style="quiet")
        if model.changes:
            page.add()
        _lines(page, model, verbose=verbose)
        _rest(page, model, ())


def _rest(page: Page, model: ModelChangesDoc, shared: Iterable[str]) -> None:
    for caution in model.cautions:
        if caution not in shared:
            page.text(clean(caution), lead="  mind: ", style="quiet")
    if policy := said.policy_line(model):
        broken = model.new is not None and model.new.policy is not None and model.new.policy.result != "met"
        page.text(policy, lead="  ", style="error" if broken else "")


def _lines(page: Page, model: ModelChangesDoc, *, verbose: bool) -> None:
    """Tell the changes, a line or paragraph each."""
    lines = said.lines(model, every=verbose)
    shown = lines if verbose else lines[:MOST_LINES]
    for way, text, place in shown:
        page.row(f"  {way:<{_LEAD - 2}}", text, place, lead_style=_STYLE[way])
    if len(lines) > len(shown):
        page.text(f"{len(lines) - len(shown)} more (-v)", lead=" " * _LEAD, style="quiet")


def approvals(
    told: Sequence[tuple[Entry, ModelChangesDoc | None, str]],
    *,
    width: int = WIDTH,
    color: bool = False,
    verbose: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Tell what was approved.

    Args:
        told: each new entry of the lock, what changed since the entry it replaces, and why that could not be trusted.
        width: columns of the terminal.
        color: use colour.
        verbose: every change by itself, with its reason.
        encoding: what the terminal reads.

    Returns:
        The lines, ending in a line feed.
    """
    page = Page(width, encoding)
    for entry, since, void in told:
        page.text(said.of_entry(entry), lead="approved: ")
        if entry.snapshot.not_checked:
            page.text(said.blind(entry.snapshot), lead="  mind: ", style="unknown")
        if void:
            page.text(f"the entry it replaces could not be trusted: {clean(void)}", lead="  mind: ", style="warning")
        if since is not None:
            page.text(said.since(since), lead="  ", style="quiet")
            _lines(page, since, verbose=verbose)
    for policy in dict.fromkeys(said.under_policy(entry.snapshot) for entry, _, _ in told):
        page.text(policy, style="quiet" if any(entry.snapshot.policy for entry, _, _ in told) else "warning")
    return page.render(color=color)
