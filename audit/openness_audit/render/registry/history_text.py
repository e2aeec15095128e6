"""Tell on a terminal what changed between two scans: counts, then the models that are not as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.layout import Page
from openness_audit.render.registry import words
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from openness_audit.model.registry_changes import ScanChanges
    from openness_audit.model.registry_report import NightDoc

WIDTH = 80
MOST = 12  # models without -v
MOST_KINDS = 8
_STYLE = {"worse": "error", "unknown": "unknown", "better": "open", "neutral": "quiet"}


def render(
    found: ScanChanges, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the changes in at most `width` columns.

    Args:
        found: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: every model that the document holds.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    tell(page, found, verbose=verbose)
    page.add()
    page.fields(view.NOTICE, f"{clean(found.tool.name)} {clean(found.tool.version)}", style="quiet")
    return page.render(color=color)


def tell(page: Page, found: ScanChanges, *, verbose: bool) -> None:
    """Add what changed to a page."""
    page.text(f"{words.moved(found)}; {words.number(found.same)} are as they were", style="strong")
    page.text(words.side(found.old), lead="old: ", style="quiet")
    page.text(words.side(found.new), lead="new: ", style="quiet")
    for caution in found.cautions:
        page.text(caution, lead="mind: ", style="unknown")
    if found.moves:
        page.add()
    for one in found.moves:
        lead = f"  {one.direction:<8}{words.number(one.models):>9}  "
        page.text(words.MOVES[one.move], lead=lead, lead_style=_STYLE[one.direction])
    if found.kinds:
        page.add()
        page.add(("what changed most", "strong"))
    kinds = [kind for kind in found.kinds if kind.kind != "commit-moved"]
    for kind in kinds if verbose else kinds[:MOST_KINDS]:
        lead = f"  {kind.direction:<8}{words.number(kind.models):>9}  "
        page.text(words.kind(kind), lead=lead, lead_style=_STYLE[kind.direction])
    told = [one for one in found.models if one.direction != "neutral" or verbose]
    shown = told if verbose else told[:MOST]
    if shown:
        page.add()
        page.add(("the models", "strong"))
    for model in shown:
        at = f"@{clean(model.revision)}" if model.revision else ""
        said = f"{clean(model.model)}{at}: {words.move(model)}"
        page.text(said, lead=f"  {model.direction:<8}", lead_style=_STYLE[model.direction], most=0 if verbose else 2)
    left = sum(one.models for one in found.moves) - len(shown)
    if left > 0:
        page.text(f"{words.number(left)} more (-v, or -o changes.csv for all)", lead=" " * 10, style="quiet")


def tell_nights(page: Page, nights: tuple[NightDoc, ...]) -> None:
    """Add a line for each of several scans, and the models that got worse from one to the next."""
    if not nights:
        return
    page.add()
    page.add(("from scan to scan, the earliest first", "strong"))
    ruled = any(one.violated is not None for one in nights)
    heads = ["models", "open terms", *(["violate"] if ruled else []), "worse", "better", "unknown"]
    page.add(("  as of     " + "".join(f"{head:>11}" for head in heads), "quiet"))
    for one in nights:
        counts = [one.models, one.open_terms, *([one.violated] if ruled else []), one.worse, one.better, one.unknown]
        cells = "".join(f"{'-' if count is None else words.number(count):>11}" for count in counts)
        page.add(f"  {clean(one.as_of)}{cells}")
        for move in one.named:
            page.text(f"{clean(move.model)}: {words.move(move)}", lead="             worse  ", lead_style="error")
