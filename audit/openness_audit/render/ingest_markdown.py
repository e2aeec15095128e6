"""Tell an ingest in GitHub Markdown: a table of the models, a table of the claims that do not agree, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import ingest_words as words
from openness_audit.render import view
from openness_audit.render.escape import clean, code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.markdown import MOST_BYTES
from openness_audit.render.page import clip
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.ingest import ComparedDoc, Ingest, NamedModelDoc

MOST_PLACES = 4
_HUB = "https://huggingface.co/"


def render(ingest: Ingest) -> str:
    """Tell the ingest as Markdown; strangers' words cannot become mark-up, links or mentions.

    A report that GitHub would refuse for its length is told again with fewer rows, which are counted.
    """
    for most in (500, 200, 50, 10):
        told = "\n".join(_lines(ingest, most)) + "\n"
        if len(told.encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return told


def _lines(ingest: Ingest, most: int) -> Iterator[str]:
    yield f"## {esc(words.headline(ingest))}"
    yield ""
    if said := words.offline(ingest):
        yield from (f"> {esc(said)}", "")
    for read in ingest.files[:most]:
        yield f"- Read: {esc(words.file(read))}"
        yield from (f"  - {esc(clean(doubt))}" for doubt in read.doubts)
    yield ""
    if ingest.models:
        yield "| Model | Class | Score | Policy | Claims | Named at |"
        yield "|---|---|---|---|---|---|"
        yield from map(_row, ingest.models[:most])
        yield from _rest(len(ingest.models) - most, "model")
        yield ""
    rows = [(model, row) for model in ingest.models for row in model.compared if row.result != "agrees"]
    if rows:
        yield "| Model | Claim | Compared | In the document | Found | Why | At |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_claim(model, row) for model, row in rows[:most])
        yield from _rest(len(rows) - most, "claim")
        yield ""
    worst = {finding.rule: finding.severity for finding in reversed(ingest.findings)}
    for rule, todo in words.rules_told(ingest).items():
        yield f"- **{worst[rule]}** {code_span(rule)}: {esc(todo)}"
    for row in ingest.unlocated[:most]:
        shown = code_span(clip(row.name, 120) or "(no name)")
        yield f"- Not audited, because it is not said where it is: {shown} ({esc(words.place(row.place))})"
    yield from _rest(len(ingest.unlocated) - most, "model")
    if ingest.datasets:
        yield ""
        names = ", ".join(code_span(clip(row.id, 100)) for row in ingest.datasets[:most])
        yield f"{words.LISTED} {names}"
        yield from _rest(len(ingest.datasets) - most, "data set")
    yield ""
    yield f"{esc(words.last(ingest))}. {esc(clean(ingest.tool.name))} {esc(ingest.tool.version)}. {view.NOTICE}"


def _named(model: NamedModelDoc) -> str:
    return f"[{code_span(clip(words.name(model), 120), table=True)}]({_HUB}{model.id})"


def _row(model: NamedModelDoc) -> str:
    said = f"{words.standing(model)}: {model.problem}" if model.problem else words.standing(model)
    said = "; ".join(filter(None, (said, words.use(model))))
    result = words.RESULTS.get(model.policy or "", "")
    unmet = words.clauses(model)
    policy = f"{result}: {clip(unmet, 200)}" if unmet else result
    at = clip(words.places(model.places, MOST_PLACES), 400)
    cells = (clip(said, 300), words.score(model), policy, words.counted(model.compared), at)
    return f"| {' | '.join((_named(model), *map(esc, cells)))} |"


def _claim(model: NamedModelDoc, row: ComparedDoc) -> str:
    result = words.CLAIMS[row.result]
    shown = f"**{result}**" if row.result in ("contradicts", "drifted") else result
    cells = (clip(clean(row.said), 120), clip(clean(row.found), 120), clip(clean(row.why), 300))
    at = clip(words.places(row.places, MOST_PLACES), 300)
    return f"| {_named(model)} | {words.ABOUT[row.about]} | {shown} | {' | '.join(map(esc, (*cells, at)))} |"


def _rest(left: int, what: str) -> Iterator[str]:
    if left > 0:
        yield f"\n{plural(left, what)} more in the JSON document."
