"""Tell an audit on a terminal: the verdict first, nothing that scrolls it away, the exit code last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad
from openness_audit.render.text import details as text_details
from openness_audit.render.text import policy as policy_text
from openness_audit.render.text import profiles as profiles_text
from openness_audit.render.text import terms as terms_text
from openness_audit.render.text.explain import explain
from openness_audit.render.views import audit as view
from openness_audit.render.views import terms as terms_view
from openness_audit.wording import level_word

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_verdict import CriterionDoc

__all__ = ["explain", "render"]

WIDTH = 80
HEIGHT = 23  # lines of a report without -v on 80 columns: one of 24 is left for the prompt
LEAST_FINDINGS = 2  # lines kept for findings, whatever else there is
TOP_UNCHECKED = 3
_LEAD = 25  # columns of a criterion's id and status


def render(
    audit: Audit, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the audit in at most `width` columns, and without `verbose` in so few lines that none scrolls away.

    Args:
        audit: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: everything instead of the most important.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    if verbose:
        page = Page(width, encoding)
        _top(page, audit, wide=None, licence=0, clauses=0)
        text_details.parts(page, audit)
        text_details.findings(page, audit)
        _bottom(page, audit, most=0, duties=0)
        return page.render(color=color)
    for lines in _TIGHTER:
        page, room, told = _screen(audit, width, encoding, lines)
        if room >= LEAST_FINDINGS or page.narrow:
            break
    if not told and lines is _TIGHTER[0]:  # no criterion is cut for the frameworks, but what was not checked is
        other, _, told = _screen(audit, width, encoding, _TIGHTER[1])
        page = other if told else page
    return page.render(color=color)


def _screen(audit: Audit, width: int, encoding: str, lines: _Lines) -> tuple[Page, int, bool]:
    """Tell the audit with parts of so many `lines`; also the lines left to findings, and if frameworks are told."""
    page, bottom = Page(width, encoding), Page(width, encoding)
    _top(page, audit, wide=lines.wide, licence=lines.licence, clauses=lines.clauses)
    _bottom(bottom, audit, most=lines.unchecked, duties=lines.duties)
    room = HEIGHT - len(page) - len(bottom)
    severe = sum(f.severity != "note" for f in _fresh(audit))  # none of which is left out for the frameworks
    kept = profiles_text.fits(audit, page) if severe + 2 <= room else 0
    _top_findings(page, audit, max(LEAST_FINDINGS, room - kept))
    left = HEIGHT - len(page) - len(bottom)
    told = profiles_text.short(page, audit, left)
    if not told and left > 0:
        page.add()
    page.join(bottom)
    return page, room, told


class _Lines(NamedTuple):
    """Most lines of each part; the first `wide` criteria may take two, the others one."""

    wide: int
    licence: int
    unchecked: int
    duties: int
    clauses: int = policy_text.MOST_BLOCKING


_TIGHTER = (
    _Lines(5, 2, 2, 2),
    *(_Lines(wide, 2, 1, 1) for wide in range(5, -1, -1)),
    _Lines(0, 1, 1, 1, 2),
    _Lines(0, 1, 1, 1, 1),
)


def _top(page: Page, audit: Audit, *, wide: int | None, licence: int, clauses: int) -> None:
    """Policy, verdict, subject, class, score, criteria (the first `wide` in two lines; None: all whole) and licence."""
    offline = view.offline_words(audit)
    if offline:
        page.text(offline, style="warning")
    policy_text.top(page, audit)
    page.text(clean(audit.verdict.sentence), style="strong")
    page.fields(
        view.subject_name(audit),
        f"rules {clean(audit.tool.ruleset.version)}",
        clean(audit.as_of),
        view.requests_words(audit),
        style="quiet",
    )
    if wide is None:
        page.text(view.address_words(audit), style="quiet")
    page.fields(
        clean(audit.verdict.class_),
        view.score_words(audit.score),
        view.coverage_words(audit),
    )
    policy_text.details(page, audit) if wide is None else policy_text.short(page, audit, clauses)
    page.add()
    for number, criterion in enumerate(audit.criteria):
        _criterion(page, criterion, audit, most=0 if wide is None else 2 if number < wide else 1)
    page.row(pad("licence", _LEAD), view.license_words(audit), "", most=licence)


def _criterion(page: Page, criterion: CriterionDoc, audit: Audit, *, most: int) -> None:
    known = view.evidence_by_id(audit)
    places = [view.place(known[e], audit) for e in criterion.evidence if e in known]
    why = view.short(criterion)
    place = places[0] if places and most else ""
    repo, _, path = place.rpartition(" ")
    page.row(
        f"{criterion.id:<16}{level_word(criterion.status):<9}",
        why,
        path if repo.count("/") > 1 and repo.lower() in why.lower() else place,  # a code host's; never another card's
        lead_style=criterion.status,
        most=most,
    )
    if not most:
        lead = " " * (2 if page.narrow else _LEAD)
        if places:
            said = "read there" if criterion.strength == "none" else f"evidence {criterion.strength}"
            page.text(f"{said}: {view.grouped(places)}", lead=lead, style="quiet")
        else:
            page.text(f"searched: {_searched(criterion, audit)}", lead=lead, style="quiet")


def _searched(criterion: CriterionDoc, audit: Audit) -> str:
    """List what was looked through for a criterion without evidence."""
    found = [s for c in audit.components if c.id in criterion.assessments for s in c.searched]
    return ", ".join(map(clean, dict.fromkeys(found))) or "nothing had to be"


def _fresh(audit: Audit) -> list[FindingDoc]:
    """Give the findings that say more than what a criterion lacks, worst first."""
    told = {rule for c in audit.criteria for rule in c.assessments}
    return [f for f in view.ranked(audit) if f.waiver is None and f.rule not in told]


def _top_findings(page: Page, audit: Audit, room: int) -> None:
    """Tell the worst findings in `room` lines; those that only repeat what a criterion above lacks are counted."""
    ranked, fresh = view.ranked(audit), _fresh(audit)
    known = view.evidence_by_id(audit)
    used, shown = (1 if len(ranked) > len(fresh) or audit.score.if_fixed else 0), 0
    if room > LEAST_FINDINGS + 1 or page.narrow:
        page.add()
        used += 1
    for finding in fresh:
        if used + 1 + (len(fresh) - shown > 1 and len(ranked) == len(fresh)) > room and shown:
            break
        cited = [known[e] for e in finding.evidence if e in known]
        place = view.place(cited[0], audit) if cited else ""
        page.row(f"{finding.severity}[{clean(finding.id)}]: ", clean(finding.title), place, most=1)
        used, shown = used + 1, shown + 1
        conflict = terms_view.conflict_of(finding, audit)
        said = terms_view.path_words(conflict.path) if conflict and conflict.path else clean(finding.message)
        if finding.severity != "note" and said and used + len(fresh) - shown < room:
            page.text(said, lead="  ", most=1)
            used += 1
    _rest(page, audit, len(fresh) - shown, len(ranked) - len(fresh))


def _rest(page: Page, audit: Audit, left: int, repeated: int) -> None:
    """Count the findings that are not told, and name the fix that lifts the score most."""
    waived = sum(f.waiver is not None for f in audit.findings)
    said = [f"{left} more"] if left else []
    said += [f"{repeated - waived} on the criteria above"] if repeated > waived else []
    said += [f"{waived} waived"] if waived else []
    rest = f"+ {', '.join(said)} (-v)" if said else ""
    found = view.best_fix(audit)
    best = ""
    if found is not None:
        now, then = view.interval(audit.score.low, audit.score.high), view.interval(found[0].low, found[0].high)
        best = f"best fix: {clean(found[0].finding)}, score {now} -> {then}"
    line = "; ".join(filter(None, (rest, best)))
    if line:
        page.text(line if len(line) <= page.width or page.narrow else rest or best, style="quiet")


def _bottom(page: Page, audit: Audit, *, most: int, duties: int) -> None:
    """Uses and obligations, what was not checked, what this is, the counts and the exit code."""
    if duties:
        terms_text.short(page, audit, duties=duties)
    _not_checked(page, audit, most=most)
    page.fields(view.NOTICE, f"modelaudit {clean(audit.tool.version)}", style="quiet")
    page.text(view.last_line(audit), style="strong")


def _not_checked(page: Page, audit: Audit, *, most: int) -> None:
    lead = "not checked: "
    if not audit.not_checked:
        page.text("nothing: every place the rules name was looked at", lead=lead)
        return
    if not most:
        for item in audit.not_checked:
            page.text(f"{clean(item.what)} ({view.code_words(item.code)}): {clean(item.why)}", lead=lead)
        return
    said = list(dict.fromkeys(f"{clean(i.what)} ({view.code_words(i.code)})" for i in audit.not_checked))
    for shown in range(min(TOP_UNCHECKED, len(said)), 0, -1):  # whole names, as many as fit
        left = len(said) - shown
        words = "; ".join(said[:shown]) + (f" and {left} more (-v)" if left else "")
        trial = Page(page.width)
        trial.text(words, lead=lead)
        if len(trial) <= most:
            break
    page.text(words, lead=lead)
