"""Tell a scan on a terminal: the models with where they are used, then what to mend, then what was not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from openness_audit.render.escape import clean
from openness_audit.render.gathered import scan_words as words
from openness_audit.render.gathered import words as shared
from openness_audit.render.layout import Page, pad
from openness_audit.render.views import audit as view
from openness_audit.wording import listed, plural

if TYPE_CHECKING:
    from openness_audit.model.scan import Scan, ScannedDoc

WIDTH = 80
MOST_PLACES = 3  # of a model without -v
MOST_MODELS = 200
MOST_ROWS = 5  # of what was not worked out or not read, without -v
EVERYTHING = 10_000
_STYLES = {"met": "open", "violated": "closed", "no-verdict": "unknown"}


def render(
    scan: Scan, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the scan in at most `width` columns.

    Args:
        scan: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: every place, with the call that names the model.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    page.text(words.headline(scan), style="strong")
    if said := shared.offline(scan.models):
        page.text(said, style="warning")
    paths = ", ".join(map(clean, scan.paths))
    policy = f"policy {clean(scan.policy)}" if scan.policy else ""
    page.fields(f"scanned {paths}", f"as of {scan.as_of}", policy, style="quiet")
    _models(page, scan, verbose=verbose)
    _findings(page, scan, verbose=verbose)
    _datasets(page, scan, verbose=verbose)
    _gaps(page, scan, verbose=verbose)
    page.add()
    page.text(words.last(scan), style="strong")
    page.fields(view.NOTICE, f"{clean(scan.tool.name)} {clean(scan.tool.version)}", style="quiet")
    return page.render(color=color)


def _models(page: Page, scan: Scan, *, verbose: bool) -> None:
    if not scan.models:
        return
    shown = scan.models if verbose else scan.models[:MOST_MODELS]
    lead = min(max(cell_len(shared.name(m)) for m in shown), 40)
    page.add()
    for model in shown:
        _model(page, model, lead)
        if said := shared.use(model):
            page.text(said, lead="  ")
        _clauses(page, model)
        _places(page, scan, model, verbose=verbose)
    if len(scan.models) > len(shown):
        page.text(f"and {len(scan.models) - len(shown)} more; all with -v, or with -f json")


def _model(page: Page, model: ScannedDoc, lead: int) -> None:
    """Tell one model in a line: name, class, score, and what the policy says."""
    name = shared.name(model)
    if model.problem is not None:
        page.add((name, "strong"), ("  not audited", "warning"))
        page.text(clean(model.problem), lead="  error: ", lead_style="error")
        return
    score = f"score {shared.score(model)}" if model.score else ""
    rest = "  ".join(filter(None, (words.standing(model), score)))
    result = shared.RESULTS.get(model.policy or "", "")
    if cell_len(name) > lead or lead + 2 + cell_len(rest) + 2 + cell_len(result) > page.width:
        page.add((name, "strong"))
        page.add("  ", rest, "  ", (result, _STYLES.get(model.policy or "", "")))
        return
    page.add((pad(name, lead), "strong"), "  ", rest, "  ", (result, _STYLES.get(model.policy or "", "")))


def _clauses(page: Page, model: ScannedDoc) -> None:
    if said := shared.clauses(model):
        page.text(said, lead="  policy: ", lead_style=_STYLES.get(model.policy or "", ""))


def _places(page: Page, scan: Scan, model: ScannedDoc, *, verbose: bool) -> None:
    if not verbose:
        page.text(f"{words.pin(model)}; {shared.places(model.places, MOST_PLACES)}", lead="  ", style="quiet")
        return
    page.text("; ".join(filter(None, (words.pin(model), words.counts(model)))), lead="  ", style="quiet")
    for usage in scan.usages:
        if (usage.kind, usage.id, usage.revision) == ("model", model.id, model.revision) and _counts(
            scan, usage.confidence
        ):
            cell = f" (cell {usage.cell}, line {usage.cell_line})" if usage.cell else ""
            note = f"; {clean(usage.note)}" if usage.note else ""
            told = f"{clean(usage.how)}, {usage.confidence} confidence{note}"
            page.text(told, lead=f"  {shared.place(usage)}{cell}  ", style="quiet")


def _counts(scan: Scan, confidence: str) -> bool:
    return scan.with_low or confidence != "low"


def _findings(page: Page, scan: Scan, *, verbose: bool) -> None:
    """Tell the findings about how the code names models, worst first, and once for each rule what to do."""
    todo = shared.rules_told(scan.findings)
    for rule in sorted(todo, key=lambda r: [f.rule == r for f in scan.findings].index(True)):
        found = [f for f in scan.findings if f.rule == rule]
        first = found[0]
        page.add()
        lead = f"{first.severity}[{clean(rule)}]: "
        page.text(f"{clean(first.title)} ({plural(len(found), 'model')})", lead=lead, lead_style=first.severity)
        if verbose:
            for finding in found:
                page.text(f"{clean(finding.model)}: {clean(finding.message)}", lead="  ")
                page.text(shared.places(finding.places, EVERYTHING), lead="  --> ", style="quiet")
        else:
            page.text(listed((clean(f.model) for f in found), MOST_MODELS), lead="  --> ", style="quiet")
        page.text(todo[rule], lead="  = help: ", lead_style="note")


def _datasets(page: Page, scan: Scan, *, verbose: bool) -> None:
    if not scan.datasets:
        return
    page.add()
    page.text(f"{plural(len(scan.datasets), 'data set')} (listed, not audited):")
    for row in scan.datasets if verbose else scan.datasets[: MOST_ROWS * 4]:
        name = clean(f"{row.id}@{row.revision}" if row.revision else row.id)
        page.text(shared.places(row.places, EVERYTHING if verbose else 2), lead=f"  {name}  ", style="quiet")
    if not verbose and len(scan.datasets) > MOST_ROWS * 4:
        page.text(f"  and {len(scan.datasets) - MOST_ROWS * 4} more (-v)", style="quiet")


def _gaps(page: Page, scan: Scan, *, verbose: bool) -> None:
    """Say what was found and not audited, what was not read, and what was passed over."""
    open_, low, ids = words.unresolved(scan), words.low_usages(scan), words.low_ids(scan)
    if not (open_ or low or scan.unread or scan.skipped):
        return
    page.add()
    most = EVERYTHING if verbose else MOST_ROWS
    if open_:
        page.text(f"not worked out: {plural(len(open_), 'place')} where the code alone does not say which model")
        for usage in open_[:most]:
            page.text(f"{clean(usage.how)}: {clean(usage.note)}", lead=f"  {shared.place(usage)}  ", style="quiet")
        _more(page, len(open_) - most)
    if low:
        said = "in comments, documentation, files read by their lines, or like a placeholder"
        page.text(f"low confidence: {plural(len(low), 'place')} {said}; audited with --include-low")
        for name in ids[:most]:
            at = [usage for usage in low if usage.id == name]
            page.text(shared.places(at, most if verbose else 2), lead=f"  {clean(name)}  ", style="quiet")
        _more(page, len(ids) - most)
    for row in scan.unread[:most]:
        verb = "read in part" if row.partly else "not read"
        page.text(clean(row.why), lead=f"{verb}: {clean(row.path)}: ", lead_style="" if row.partly else "warning")
    _more(page, len(scan.unread) - most)
    if scan.skipped:
        page.text(words.skipped(scan), lead="passed over: ", style="quiet")


def _more(page: Page, left: int) -> None:
    if left > 0:
        page.text(f"  and {left} more (-v)", style="quiet")
