"""Tell a comparison as one HTML page that needs nothing else: no request, no script, screen and paper."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from openness_audit.render.compare import words
from openness_audit.render.escape import clean
from openness_audit.render.html import parcel
from openness_audit.render.views import audit as view
from openness_audit.render.views import page
from openness_audit.render.views import terms as terms_view

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.runtime import Context
    from markupsafe import Markup

    from openness_audit.model.compare import Comparison, RowDoc

MOST_ROWS = 60  # of a group; the rest is in the JSON
MOST_PAGE = 290_000  # bytes, as of the page of an audit
_TONES = {
    "conforms": "open",
    "fails-terms": "closed",
    "fails-components": "closed",
    "fails-both": "closed",
    "not-known": "unknown",
    "asked": "asks",
    "asked-if": "asks",
    "not-asked": "not-applicable",
    "no-licence": "not-applicable",
}
_KNOWN = frozenset({
    "open", "partial", "closed", "unknown", "not-applicable", "allowed", "conditions", "not-allowed", "not-determined",
})  # fmt: skip
LEAST_COLUMN = 118  # pixels of a model; where there is less, the table becomes a stack
BELOW = ("conflicts", "notes", "disagreements")
ROOMS = (1.0, 0.5, 0.2)  # shares of the usual lengths


@functools.cache
def _template() -> Template:
    from jinja2 import pass_context  # noqa: PLC0415 - 108 ms, only HTML

    environment = parcel.environment()
    environment.filters.update(named=terms_view.named, clip=pass_context(_clip), capital=words.capital)
    return environment.get_template("compare.html.j2")


def _clip(context: Context, text: str, most: int) -> str:
    """Cut a text; shorter where the page would grow too large."""
    return page.clip(text, max(16, int(most * context["room"])))


def render(comparison: Comparison) -> str:
    """Tell the comparison as HTML. Strangers' words are escaped, and only http and https addresses become links.

    A page above `MOST_PAGE` bytes is told again with shorter texts, each of which shows that it was cut.
    """
    for room in ROOMS:
        told = _render(comparison, room)
        if len(told.encode("utf-8", "replace")) <= MOST_PAGE:
            break
    return told


def _render(comparison: Comparison, room: float) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - only here

    names = words.names(comparison)
    told_below = _told_below(comparison)
    title = parcel.css_text(page.clip(", ".join(names), 150))
    running = f"@page {{ @bottom-left {{ content: {title}; }} }}"
    narrow = max(760, 232 + LEAST_COLUMN * len(names))
    stacked = f"@media screen and (max-width: {narrow}px) {{\n{parcel.file('compare-stacked.css')}}}\n"
    style = f"\n{parcel.file('audit.css')}{parcel.file('compare.css')}{stacked}{running}\n"
    return _template().render(
        doc=comparison,
        room=room,
        style=Markup(style),  # noqa: S704 - our own files, and an escaped string
        style_digest=parcel.digest(style),
        names=names,
        short=words.short_names(comparison),
        headline=words.headline(comparison),
        leading=words.ahead(comparison),
        doubtful=words.doubtful(comparison),
        groups=_groups(comparison),
        told_below=told_below,
        refusals=words.refusals(comparison),
        class_title=page.class_title,
        below=lambda row: any(row in rows for _, rows in told_below),
        alike=lambda row: not row.differs and (row.group == "obligations" or len(set(row.cells)) == 1),
        anchor=_anchors(comparison).get,
        days=sorted({m.as_of for m in comparison.models}),
        words=words,
        broken=_broken,
        percent=_percent,
        tone=_tone,
        family=view.family_words,
        licence_name=terms_view.license_name,
        notice=view.NOTICE,
    )


def _groups(comparison: Comparison) -> list[tuple[str, list[RowDoc], int]]:
    """Give the groups with their rows, and how many rows are left out."""
    told = []
    for group, title in words.GROUPS.items():
        rows = [row for row in comparison.rows if row.group == group]
        if rows:
            told.append((title, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS)))
    return told


def _told_below(comparison: Comparison) -> list[tuple[str, list[RowDoc]]]:
    """Give the rows whose cells only count, with what they count told below the table."""
    held = [row for row in comparison.rows if any(c.items for c in row.cells)]
    parts = [
        ("Who asks for what", [row for row in held if row.group == "obligations"]),
        ("Contradictions, and what is to be weighed", [row for row in held if row.id in BELOW]),
    ]
    return [(title, rows[:MOST_ROWS]) for title, rows in parts if rows]


def _anchors(comparison: Comparison) -> dict[RowDoc, str]:
    """Number the rows of what is asked: a stranger's word is no anchor."""
    return {row: f"row-{at}" for at, row in enumerate(comparison.rows, 1)}


def _tone(state: str) -> str:
    """Give the class of a state's colour: never a stranger's word."""
    return state if state in _KNOWN else _TONES.get(state, "not-applicable" if state else "")


def _percent(points: float | None) -> float:
    """Fit points into the width of a bar."""
    return min(100.0, max(0.0, points or 0.0))


def _broken(name: str) -> Markup:
    """Let a long name go on in the next line behind its joints."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with jinja2

    told = str(escape(clean(name)))
    return Markup(told.replace("/", "/<wbr>").replace("-", "-<wbr>").replace("_", "_<wbr>"))  # noqa: S704 - escaped just before
