"""Tell a comparison in GitHub Markdown: one table, with what differs and who is ahead said in words and signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.compare import words
from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc
from openness_audit.render.markdown.audit import MOST_BYTES
from openness_audit.render.markdown.parts import MARKS
from openness_audit.render.views import audit as view
from openness_audit.render.views.page import clip
from openness_audit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.compare import CellDoc, Comparison, RowDoc

MOST_WORDS = 240  # characters of one cell
MOST_ROWS = 60  # of a group
_MARKS = MARKS | {"allowed": "●", "conditions": "◐", "not-allowed": "⊘", "not-determined": "?", "not-known": "?"}


def render(comparison: Comparison) -> str:
    """Tell the comparison as Markdown; strangers' words cannot become mark-up, links or mentions.

    A table that GitHub would refuse for its length is told again with shorter cells.
    """
    for most in (MOST_WORDS, 80, 24):
        told = "\n".join(_lines(comparison, most)) + "\n"
        if len(told.encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return told


def _lines(comparison: Comparison, most: int) -> Iterator[str]:
    yield f"## {esc(words.headline(comparison))}"
    yield ""
    for missing in comparison.missing:
        yield f"> **Not compared:** {esc(clip(words.missing(missing), 400))}"
        yield ""
    for caution in comparison.cautions:
        yield f"> **Mind:** {esc(clip(clean(caution), 400))}"
        yield ""
    names = words.names(comparison)
    for at, model in enumerate(comparison.models):
        url = safe_url(model.url)
        name = code_span(clip(names[at], 120))
        link = f"[{name}]({url.replace('(', '%28').replace(')', '%29')})" if url else name
        yield f"- {link} ({esc(words.standing(model))}): {esc(clip(words.sentence(comparison, at), 400))}"
    yield ""
    short = words.short_names(comparison)
    for columns, rows in words.ahead(comparison):
        who = listed((clip(short[at], 80) for at in columns), len(columns))
        yield f"- **{esc(who)}** ahead for certain: {esc(', '.join(rows))}"
    if not words.ahead(comparison):
        yield "- No model is ahead of all others for certain."
    for at, much in words.doubtful(comparison):
        yield f"- **{esc(clip(short[at], 80))}**: {much} are not determined."
    yield ""
    yield from _table(comparison, most)
    yield ""
    yield f"≠ the models differ; ▲ {words.AHEAD}. {words.HOW} {words.SEARCHED}"
    yield ""
    yield f"{esc(comparison.tool.name)} {esc(comparison.tool.version)}. {view.NOTICE}"


def _table(comparison: Comparison, most: int) -> Iterator[str]:
    names = [esc(clip(name, 80)) for name in words.names(comparison)]
    yield f"| | {' | '.join(names)} |"
    yield "|---|" + "---|" * len(names)
    for group, title in words.GROUPS.items():
        rows = [row for row in comparison.rows if row.group == group and row.id != "verdict"]
        if not rows:
            continue
        yield f"| **{title}** |" + " |" * len(names)
        for row in rows[:MOST_ROWS]:
            cells = " | ".join(_cell(row, cell, most) for cell in row.cells)
            yield f"| {'≠ ' if row.differs else ''}{esc(clip(words.title(row), 80))} | {cells} |"
        if len(rows) > MOST_ROWS:
            yield f"| {len(rows) - MOST_ROWS} more rows are in the JSON document |" + " |" * len(names)


def _cell(row: RowDoc, cell: CellDoc, most: int) -> str:
    mark = _MARKS.get(cell.state or "", "") if row.group in ("criteria", "uses", "obligations") else ""
    told = esc(clip(words.said(row, cell), most))
    return " ".join(filter(None, (mark, f"**{told}**" if cell.best else told, "▲" if cell.best else "")))
