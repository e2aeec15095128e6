"""Tell an ingest on a terminal: each model with its claims, then what to do, then what was not audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.gathered import ingest_words as words
from openness_audit.render.gathered import words as shared
from openness_audit.render.layout import Page, pad
from openness_audit.render.views import audit as view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.ingest import ComparedDoc, Ingest, NamedModelDoc

WIDTH = 80
MOST_MODELS, MOST_ROWS, MOST_PLACES = 200, 5, 3  # without -v
EVERYTHING = 10_000
_TAGS = max(map(len, words.CLAIMS.values())) + 2
_STYLES = {"met": "open", "violated": "closed", "no-verdict": "unknown"}
_CLAIMS = {
    "contradicts": "error",
    "narrower": "note",
    "drifted": "warning",
    "not-determined": "unknown",
    "agrees": "open",
}
_WEIGHTY = frozenset({"contradicts", "narrower", "drifted"})


def render(
    ingest: Ingest, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the ingest in at most `width` columns.

    Args:
        ingest: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: every claim with its reason and all places.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    page.text(words.headline(ingest), style="strong")
    if said := shared.offline(ingest.models):
        page.text(said, style="warning")
    for read in ingest.files:
        page.text(words.file(read), lead="read ", style="quiet")
        for doubt in read.doubts:
            page.text(clean(doubt), lead="  ", style="warning")
    page.fields(f"as of {ingest.as_of}", f"policy {clean(ingest.policy)}" if ingest.policy else "", style="quiet")
    shown = ingest.models if verbose else ingest.models[:MOST_MODELS]
    for model in shown:
        _model(page, model, verbose=verbose)
    if len(ingest.models) > len(shown):
        page.text(f"and {len(ingest.models) - len(shown)} models more (-v)", style="quiet")
    _findings(page, ingest)
    _others(page, ingest, verbose=verbose)
    page.add()
    page.text(words.last(ingest), style="strong")
    page.fields(view.NOTICE, f"{clean(ingest.tool.name)} {clean(ingest.tool.version)}", style="quiet")
    return page.render(color=color)


def _model(page: Page, model: NamedModelDoc, *, verbose: bool) -> None:
    page.add()
    score = shared.score(model)
    result = shared.RESULTS.get(model.policy or "", "")
    page.text(shared.name(model), style="strong")
    page.fields(
        f"  {words.standing(model)}", score and f"score {score}", result, style=_STYLES.get(model.policy or "", "")
    )
    if model.problem:
        page.text(clean(model.problem), lead="  ", style="warning")
    if said := shared.use(model):
        page.text(said, lead="  ")
    if said := shared.clauses(model):
        page.text(said, lead="  policy: ", lead_style=_STYLES.get(model.policy or "", ""))
    above = "; another thing was made from it" if model.upstream else ""
    page.text(
        f"named at {shared.places(model.places, EVERYTHING if verbose else MOST_PLACES)}{above}",
        lead="  ",
        style="quiet",
    )
    for row in model.compared:
        _claim(page, row, verbose=verbose)


def _claim(page: Page, row: ComparedDoc, *, verbose: bool) -> None:
    lead = f"  {pad(words.CLAIMS[row.result], _TAGS)}"
    page.text(f"{words.ABOUT[row.about]}: {words.claim(row)}", lead=lead, lead_style=_CLAIMS.get(row.result, ""))
    if verbose or row.result in _WEIGHTY:
        page.text(clean(row.why), lead=" " * (_TAGS + 2))
    if verbose or row.result in _WEIGHTY:
        most = EVERYTHING if verbose else MOST_PLACES
        page.text(shared.places(row.places, most), lead=f"{' ' * (_TAGS + 2)}--> ", style="quiet")


def _findings(page: Page, ingest: Ingest) -> None:
    """Tell the findings by rule, worst first, and what to do about each."""
    for rule, todo in shared.rules_told(ingest.findings).items():
        found = [f for f in ingest.findings if f.rule == rule]
        page.add()
        lead = f"{found[0].severity}[{clean(rule)}]: "
        page.text(f"{clean(found[0].title)} ({plural(len(found), 'claim')})", lead=lead, lead_style=found[0].severity)
        page.text(todo, lead="  = help: ", lead_style="note")


def _others(page: Page, ingest: Ingest, *, verbose: bool) -> None:
    """Say what was named and not audited."""
    most = EVERYTHING if verbose else MOST_ROWS
    if ingest.unlocated:
        page.add()
        page.text(f"not audited: {plural(len(ingest.unlocated), 'model')} named without saying where on the Hub")
        for row in ingest.unlocated[:most]:
            above = " (another thing was made from it)" if row.upstream else ""
            page.text(f"{clean(row.name) or '(no name)'}{above}", lead=f"  {shared.place(row.place)}  ", style="quiet")
        _more(page, len(ingest.unlocated) - most)
    if ingest.datasets:
        page.add()
        page.text(f"{plural(len(ingest.datasets), 'data set')} (listed, not audited):")
        for data in ingest.datasets[: most * 2]:
            page.text(shared.places(data.places, most if verbose else 2), lead=f"  {clean(data.id)}  ", style="quiet")
        _more(page, len(ingest.datasets) - most * 2)


def _more(page: Page, left: int) -> None:
    if left > 0:
        page.text(f"  and {left} more (-v)", style="quiet")
