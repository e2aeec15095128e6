"""Tell the report of a scan on a terminal: one screen, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad
from openness_audit.render.registry import history_text, words
from openness_audit.render.views import audit as view
from openness_audit.render.views.page import class_title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.registry_report import LevelsDoc, Report

WIDTH = 80
MOST = 6  # lines of a list without -v
MOST_AT_ALL = 60
_BAR = 20  # cells of a full bar
_LEVELS = (
    ("open", "open"), ("partial", "partial"), ("closed", "closed"), ("unknown", "not determined"),
    ("not_applicable", "n/a"),
)  # fmt: skip


def render(
    report: Report, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the report in at most `width` columns.

    Args:
        report: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: longer lists.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    most = MOST_AT_ALL if verbose else MOST
    _top(page, report)
    _count(page, "classes", [(class_title(c.name), c.models) for c in report.classes], report.audited, most)
    _scores(page, report)
    _criteria(page, report)
    _terms(page, report, most)
    _rules(page, report, most)
    _clauses(page, report, most)
    _ancestors(page, report, most)
    if report.changes is not None:
        page.add()
        history_text.tell(page, report.changes, verbose=verbose)
    history_text.tell_nights(page, report.nights)
    page.add()
    page.fields(view.NOTICE, f"{clean(report.tool.name)} {clean(report.tool.version)}", style="quiet")
    return page.render(color=color)


def _top(page: Page, report: Report) -> None:
    run = report.scan
    page.text(f"{words.audited(report)}: {words.source(run.source)}", style="strong")
    page.fields(
        f"as of {run.as_of}",
        f"rules {clean(run.tool.ruleset.version)}",
        f"{clean(run.tool.name)} {clean(run.tool.version)}",
        style="quiet",
    )
    if said := words.state(report):
        page.text(said, lead="mind: ", style="unknown")
    page.text(words.policy(report))
    if report.problems:
        said = ", ".join(f"{words.number(p.models)} {words.cause(p.code)}" for p in report.problems)
        page.text(said, lead="not audited: ", style="unknown")


def _count(page: Page, title: str, rows: Iterable[tuple[str, int]], of: int, most: int) -> None:
    """Tell counts with a bar each; the rest in a line."""
    every = list(rows)
    if not every:
        return
    page.add()
    page.add((title, "strong"))
    top = max(n for _, n in every)
    for name, n in every[:most]:
        _line(page, name, n, of, top)
    if len(every) > most:
        left = sum(n for _, n in every[most:])
        page.text(f"{words.number(left)} in {len(every) - most} more (-v)", lead="  ", style="quiet")


def _line(page: Page, name: str, count: int, of: int, top: int) -> None:
    lead = f"  {words.number(count):>9}  {words.share(count, of):>9}  "
    if page.narrow:
        page.text(name, lead=lead)
        return
    bar = "#" * max(1, round(_BAR * count / top)) if count else ""
    room = page.width - cell_len(lead) - _BAR - 2
    said = name if cell_len(name) <= room else f"{name[: room - 4]} ..."
    page.add(lead + pad(said, room) + "  ", (bar, "quiet"))


def _scores(page: Page, report: Report) -> None:
    scores = report.scores
    if scores.median_low is None:
        return
    page.add()
    low, high = scores.median_low, scores.median_high
    middle = str(low) if low == high else f"between {low} and {high}"
    said = (
        f"median {middle}; {words.number(scores.exact)} models have one score, {words.number(scores.interval)} a range"
    )
    page.add(("score", "strong"), f"  {said}")
    for band in scores.bands:
        lead = f"  {f'{band.low} to {band.high}':>9}  "
        page.text(f"{words.number(band.sure)} surely, {words.number(band.possible)} more possibly", lead=lead)


def _criteria(page: Page, report: Report) -> None:
    page.add()
    page.add(("criteria", "strong"))
    for one in report.criteria:
        lead = f"  {one.id:<17}"
        page.text(_levels(one), lead=lead)


def _levels(one: LevelsDoc) -> str:
    return ", ".join(f"{words.number(n)} {said}" for field, said in _LEVELS if (n := getattr(one, field)))


def _terms(page: Page, report: Report, most: int) -> None:
    declared, left = words.open_now(report)
    rows = [(words.family(f.family), f.effective) for f in report.families if f.effective]
    _count(page, "licences, with those of base models", rows, report.audited, most)
    said = f"{words.number(declared)} models declare open terms; with base models, {words.number(left)} are under them"
    page.text(said, lead="  ", style="quiet")


def _rules(page: Page, report: Report, most: int) -> None:
    if not report.rules:
        return
    page.add()
    page.add(("found most often", "strong"))
    for rule in report.rules[:most]:
        lead = f"  {words.number(rule.models):>9}  {rule.severity:<8} "
        page.row(lead, clean(rule.title), clean(rule.rule), most=1)
    if len(report.rules) > most:
        page.text(f"{len(report.rules) - most} more rules found something (-v)", lead="  ", style="quiet")


def _clauses(page: Page, report: Report, most: int) -> None:
    if report.policy is None or not report.policy.clauses:
        return
    page.add()
    page.add(("clauses of the policy that are not met", "strong"))
    for one in report.policy.clauses[:most]:
        said = f"{words.number(one.violated)} violate it, for {words.number(one.unknown)} not known"
        alone = f"; alone in the way of {words.number(one.alone)}" if one.alone else ""
        page.text(f"{said}{alone}", lead=f"  {clean(one.clause):<20} ")


def _ancestors(page: Page, report: Report, most: int) -> None:
    told = [one for one in report.ancestors if words.clears(one)] or list(report.ancestors)
    if not told:
        return
    page.add()
    page.add(("resolve or waive these base models: how many models that clears", "strong"))
    for one in told[:most]:
        policy = "" if one.clears_policy is None else f", {words.number(one.clears_policy)} for the policy"
        said = f"{clean(one.id)}: {words.STANDS[one.stand]}{policy}; named by {words.number(one.named_by)}"
        page.text(said, lead=f"  {words.number(one.clears):>9}  ")
    left = len(report.ancestors) + report.ancestors_left - min(len(told), most)
    if left:
        page.text(f"{words.plural_number(left, 'more base model')} (-v, or the HTML report)", lead="  ", style="quiet")
