"""Tell a scan in GitHub Markdown: a table of the models with where they are used, and what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean, code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.gathered import scan_words as words
from openness_audit.render.gathered import words as shared
from openness_audit.render.views import audit as view
from openness_audit.render.views.page import clip
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.scan import Scan, ScannedDoc

MOST_PLACES = 4


def render(scan: Scan) -> str:
    """Tell the scan as Markdown; strangers' words cannot become mark-up, links or mentions.

    A report that GitHub would refuse for its length is told again with fewer rows, which are counted.
    """
    return shared.within(lambda most: _lines(scan, most))


def _lines(scan: Scan, most: int) -> Iterator[str]:
    yield f"## {esc(words.headline(scan))}"
    yield ""
    if said := shared.offline(scan.models):
        yield from (f"> {esc(said)}", "")
    if scan.models:
        yield "| Model | Class | Score | Policy | Pinned | Used at |"
        yield "|---|---|---|---|---|---|"
        yield from map(_row, scan.models[:most])
        yield from shared.rest(len(scan.models) - most, "model")
        yield ""
    for finding in scan.findings[:most]:
        said = f"{esc(finding.title)}: {code_span(finding.model)} {esc(finding.message)}"
        yield f"- **{finding.severity}** {said} ({esc(shared.places(finding.places, MOST_PLACES))})"
    yield from shared.rest(len(scan.findings) - most, "finding")
    for rule, todo in shared.rules_told(scan.findings).items():
        yield f"- What to do about {code_span(rule)}: {esc(todo)}"
    yield ""
    if scan.datasets:
        names = ", ".join(code_span(clip(row.id, 100)) for row in scan.datasets[:most])
        yield f"{shared.LISTED} {names}"
        yield from shared.rest(len(scan.datasets) - most, "data set")
        yield ""
    yield from _gaps(scan, min(most, 20))
    yield f"{esc(words.last(scan))}. {esc(clean(scan.tool.name))} {esc(scan.tool.version)}. {view.NOTICE}"


def _row(model: ScannedDoc) -> str:
    name = f"[{code_span(clip(shared.name(model), 120), table=True)}]({shared.HUB}{model.id})"
    cells = (shared.stands(model, words.standing(model)), shared.score(model), shared.policy(model), words.pin(model))
    return f"| {' | '.join((name, *map(esc, cells), esc(clip(shared.places(model.places, MOST_PLACES), 400))))} |"


def _gaps(scan: Scan, most: int) -> Iterator[str]:
    """Say what was not audited and what was not read."""
    open_, low = words.unresolved(scan), words.low_usages(scan)
    if open_:
        yield f"- Not worked out at {plural(len(open_), 'place')}: {esc(shared.places(open_, MOST_PLACES))}"
    if low:
        names = plural(len(words.low_ids(scan)), "model")
        yield f"- Named with low confidence, not audited: {plural(len(low), 'place')}, {names} nowhere else"
    for row in scan.unread[:most]:
        yield f"- {'Read in part' if row.partly else '**Not read**'}: {esc(row.path)}: {esc(row.why)}"
    yield from shared.rest(len(scan.unread) - most, "file")
    if scan.skipped:
        yield f"- Passed over: {esc(words.skipped(scan))}"
    yield ""
