"""Tell an ingest in GitHub Markdown: a table of the models, a table of the claims that do not agree, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean, code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.gathered import ingest_words as words
from openness_audit.render.gathered import words as shared
from openness_audit.render.views import audit as view
from openness_audit.render.views.page import clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.ingest import ComparedDoc, Ingest, NamedModelDoc

MOST_PLACES = 4


def render(ingest: Ingest) -> str:
    """Tell the ingest as Markdown; strangers' words cannot become mark-up, links or mentions.

    A report that GitHub would refuse for its length is told again with fewer rows, which are counted.
    """
    return shared.within(lambda most: _lines(ingest, most))


def _lines(ingest: Ingest, most: int) -> Iterator[str]:
    yield f"## {esc(words.headline(ingest))}"
    yield ""
    if said := shared.offline(ingest.models):
        yield from (f"> {esc(said)}", "")
    for read in ingest.files[:most]:
        yield f"- Read: {esc(words.file(read))}"
        yield from (f"  - {esc(clean(doubt))}" for doubt in read.doubts)
    yield ""
    if ingest.models:
        yield "| Model | Class | Score | Policy | Claims | Named at |"
        yield "|---|---|---|---|---|---|"
        yield from map(_row, ingest.models[:most])
        yield from shared.rest(len(ingest.models) - most, "model")
        yield ""
    rows = [(model, row) for model in ingest.models for row in model.compared if row.result != "agrees"]
    if rows:
        yield "| Model | Claim | Compared | In the document | Found | Why | At |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_claim(model, row) for model, row in rows[:most])
        yield from shared.rest(len(rows) - most, "claim")
        yield ""
    worst = {finding.rule: finding.severity for finding in reversed(ingest.findings)}
    for rule, todo in shared.rules_told(ingest.findings).items():
        yield f"- **{worst[rule]}** {code_span(rule)}: {esc(todo)}"
    for row in ingest.unlocated[:most]:
        shown = code_span(clip(row.name, 120) or "(no name)")
        yield f"- Not audited, because it is not said where it is: {shown} ({esc(shared.place(row.place))})"
    yield from shared.rest(len(ingest.unlocated) - most, "model")
    if ingest.datasets:
        yield ""
        names = ", ".join(code_span(clip(row.id, 100)) for row in ingest.datasets[:most])
        yield f"{shared.LISTED} {names}"
        yield from shared.rest(len(ingest.datasets) - most, "data set")
    yield ""
    yield f"{esc(words.last(ingest))}. {esc(clean(ingest.tool.name))} {esc(ingest.tool.version)}. {view.NOTICE}"


def _named(model: NamedModelDoc) -> str:
    return f"[{code_span(clip(shared.name(model), 120), table=True)}]({shared.HUB}{model.id})"


def _row(model: NamedModelDoc) -> str:
    at = clip(shared.places(model.places, MOST_PLACES), 400)
    cells = (
        shared.stands(model, words.standing(model)),
        shared.score(model),
        shared.policy(model),
        words.counted(model.compared),
        at,
    )
    return f"| {' | '.join((_named(model), *map(esc, cells)))} |"


def _claim(model: NamedModelDoc, row: ComparedDoc) -> str:
    result = words.CLAIMS[row.result]
    shown = f"**{result}**" if row.result in ("contradicts", "drifted") else result
    cells = (clip(clean(row.said), 120), clip(clean(row.found), 120), clip(clean(row.why), 300))
    at = clip(shared.places(row.places, MOST_PLACES), 300)
    return f"| {_named(model)} | {words.ABOUT[row.about]} | {shown} | {' | '.join(map(esc, (*cells, at)))} |"
