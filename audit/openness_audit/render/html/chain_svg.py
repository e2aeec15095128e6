"""Draw the chain of terms: a small tree of boxes, each model with its licence, told by shape and word before colour."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple
from xml.sax import saxutils

from openness_audit.render.escape import clean
from openness_audit.render.views import terms as terms_view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.render.views.terms import Step

WIDTH = 350  # a phone shows it unscaled
BOX, GAP, INDENT = 54, 12, 20
DEEPEST = 6  # steps that are set in further; deeper ones stand below each other
MOST_DRAWN = 14  # boxes; the list beside the picture holds every model
WIDE, NARROW_CELL = 7.6, 6.6  # pixels of a bold 13 px and a plain 12 px character, at most


def escape(text: str) -> str:
    """Escape a text for XML, without the two characters that XML cannot hold."""
    return saxutils.escape(text.replace("\ufffe", "").replace("\uffff", ""), {"'": "&#39;", '"': "&#34;"})


class _Box(NamedTuple):
    """Where a model is drawn."""

    step: Step
    x: int
    y: int
    parent: int  # index of the box above it, -1 for none


def _cells(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, room: int) -> str:
    """Cut a name to `room` cells in its middle: its owner and its end are what tell it apart."""
    if _cells(text) <= room:
        return text
    head, tail = text[: room // 2], text[len(text) - room // 2 :]
    while head and _cells(head) + _cells(tail) + 1 > room:
        head, tail = (head[:-1], tail) if _cells(head) >= _cells(tail) else (head, tail[1:])
    return f"{head}\u2026{tail}"


def _end(text: str, room: int) -> str:
    """Cut a text to `room` cells at its end."""
    if _cells(text) <= room:
        return text
    while text and _cells(text) >= room:
        text = text[:-1]
    return f"{text.rstrip()}\u2026"


def words(step: Step) -> str:
    """Tell one model of the chain in a sentence, as the picture's description does."""
    link = step.link
    made = terms_view.made_words(link)
    said = f"{made} {clean(link.id)}" if made else clean(link.id)
    tail = "" if link.binds else ", does not bind"
    conflict = f", conflict {step.conflict}" if step.conflict else ""
    return f"{said}: {terms_view.license_words(link)}{tail}{conflict}"


def draw(audit: Audit) -> str:
    """Draw the chain of an audit as SVG for the middle of a page; nothing where there is no chain.

    Every word is escaped; nothing is referred to outside the picture. Its description tells every model.
    """
    steps = terms_view.steps(audit)
    if not steps:
        return ""
    boxes = _layout(_drawn(steps))
    left = len(steps) - len(boxes)
    height = boxes[-1].y + BOX + (24 if left else 2)
    title = f"Chain of terms: {plural(len(steps), 'model')}"
    told = ". ".join(words(step) for step in steps)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg class="chain" {size} role="img" aria-labelledby="chain-title chain-told">',
        f'<title id="chain-title">{escape(title)}</title><desc id="chain-told">{escape(told)}.</desc>',
        *_edges(boxes),
        *(part for box in boxes for part in _model(box)),
    ]
    if left:
        parts.append(f'<text x="2" y="{height - 6}" class="small">and {left} more, in the list</text>')
    return "".join([*parts, "</svg>"])


def _drawn(steps: list[Step]) -> list[Step]:
    """Choose what is drawn: the paths of conflicts whatever comes, then the nearest to the top."""
    failing = {step.link.path[:n] for step in steps if step.conflict for n in range(1, len(step.link.path) + 1)}
    first = [n for n, step in enumerate(steps) if step.link.path in failing]
    rest = [n for n, step in enumerate(steps) if step.link.path not in failing]
    kept = sorted([*first, *rest][:MOST_DRAWN])
    return [steps[n] for n in kept]


def _layout(steps: list[Step]) -> list[_Box]:
    """Set boxes below each other, each a little further in than the one it hangs on."""
    boxes: list[_Box] = []
    last: dict[int, int] = {}  # depth -> the box drawn there last
    for number, step in enumerate(steps):
        parent = last.get(step.depth - 1, -1)
        boxes.append(_Box(step, 1 + INDENT * min(step.depth, DEEPEST), 1 + number * (BOX + GAP), parent))
        last[step.depth] = number
    return boxes


def _failing(box: _Box, boxes: list[_Box]) -> bool:
    """Say whether the step to a box lies on the path of a conflict."""
    path = box.step.link.path
    return any(other.step.conflict and other.step.link.path[: len(path)] == path for other in boxes)


def _edges(boxes: list[_Box]) -> list[str]:
    """Draw every step, those on the path of a conflict above the others."""
    below = sorted((box for box in boxes if box.parent >= 0), key=lambda box: _failing(box, boxes))
    return [_edge(box, boxes) for box in below]


def _edge(box: _Box, boxes: list[_Box]) -> str:
    """Draw the step from the model above: a line in, with an arrow to where the terms go."""
    above = boxes[box.parent]
    x, top, y = above.x + 9, above.y + BOX, box.y + BOX // 2
    if above.x == box.x:  # deeper than what is set in
        x, y = box.x + 9, box.y
    kind = "edge failing" if _failing(box, boxes) else "edge"
    line = f'<path class="{kind}" d="M{box.x} {y}H{x}V{top + 7}"/>'
    return f'{line}<path class="{kind} head" d="M{x} {top + 1}l-4 7h8z"/>'


def _model(box: _Box) -> Iterator[str]:
    """Draw a model: how the one above was made from it, its name, its licence."""
    link, x, y = box.step.link, box.x, box.y
    width = WIDTH - x - 1
    kind = "box" if link.binds else "box loose"
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{BOX}" rx="4" class="{kind}"/>'
    made = terms_view.made_words(link) or "this model"
    note = f"conflict {box.step.conflict}" if box.step.conflict else "" if link.binds else "does not bind"
    yield f'<text x="{x + 10}" y="{y + 15}" class="small">{escape(made)}</text>'
    if note:
        flag = " failing" if box.step.conflict else ""
        yield f'<text x="{x + width - 8}" y="{y + 15}" class="small end{flag}">{escape(note)}</text>'
    name = fit(clean(link.id), int((width - 18) / WIDE))
    yield f'<text x="{x + 10}" y="{y + 31}" class="name">{escape(name)}</text>'
    tone = "not-determined" if link.how == "unknown" else terms_view.tone(link.family, link.expression)
    yield f'<g transform="translate({x + 10} {y + 37}) scale(.5)" class="mark {tone}">{shape(tone)}</g>'
    said, room = terms_view.license_words(link), int((width - 34) / NARROW_CELL)
    if _cells(said) > room and link.expression != "NONE":  # the mark tells the family too
        said = _end(terms_view.license_name(link.expression), room)
    yield f'<text x="{x + 27}" y="{y + 47}" class="says">{escape(said)}</text>'


def shape(verdict: str) -> str:
    """Give the shape of a verdict in a square of 24: disc, half disc, barred ring, broken ring with a question mark."""
    return {
        "allowed": '<circle cx="12" cy="12" r="10" class="full"/>',
        "conditions": '<circle cx="12" cy="12" r="9" class="ring"/><path d="M12 3a9 9 0 0 1 0 18z" class="full"/>',
        "not-allowed": '<circle cx="12" cy="12" r="9" class="ring"/><path d="M6 18L18 6" class="ring"/>',
    }.get(
        verdict,
        '<circle cx="12" cy="12" r="9" class="ring dashed"/><text x="12" y="16.5" class="what">?</text>',
    )
