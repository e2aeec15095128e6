"""Tell an audit as a small picture: class, score interval, and the five criteria by shape. Needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import page
from openness_audit.render.views import policy as policy_view

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_verdict import CriterionDoc

# one palette for light and dark surroundings: the badge brings its own ground; each pair is at least 4.5:1
DARK, PAPER, INK, EDGE = "#1d2126", "#fbfaf6", "#1d2126", "#8b867a"
TONES = {
    "open": "#0d6b4d",
    "partial": "#8a5600",
    "closed": "#a8321f",
    "unknown": "#5b4a8a",
    "not-applicable": "#5d646c",
}
GATES = {"met": "#0d6b4d", "violated": "#a8321f", "no-verdict": "#5b4a8a"}  # white on each is at least 4.5:1
_GATE_WORDS = {"met": "policy met", "violated": "policy violated", "no-verdict": "policy undecided"}
_WORDS = {"unknown": "not determined", "not-applicable": "not applicable"}
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif"
_HEIGHT, _GLYPH, _PAD = 24, 18, 9
MOST_LETTERS = 60
_THIN = frozenset("iljtfI.,:;'|()[] -")
_WIDE = frozenset("mwMWOQGD@%")


def _width(text: str) -> int:
    """Estimate how wide a text is set at 12 pixels; `textLength` then makes it exactly so in every font."""
    return round(sum(4.0 if c in _THIN else 9.6 if c in _WIDE or ord(c) > 0x2E7F else 6.8 for c in text))


def _glyph(status: str, left: int) -> str:
    """Draw a state, told apart by shape first: disc, half disc, ring, dashed ring with a question mark, dash."""
    x, y, tone = left + _GLYPH // 2, _HEIGHT // 2, TONES[status]
    ring = f'<circle cx="{x}" cy="{y}" r="6" fill="none" stroke="{tone}" stroke-width="1.6"'
    if status == "open":
        return f'<circle cx="{x}" cy="{y}" r="6.8" fill="{tone}"/>'
    if status == "partial":
        return f'{ring}/><path d="M{x} {y - 6}a6 6 0 0 1 0 12z" fill="{tone}"/>'
    if status == "closed":
        return f"{ring}/>"
    if status == "unknown":
        mark = (
            f'<text x="{x}" y="{y + 3.4}" font-size="9.5" font-weight="700" text-anchor="middle" fill="{tone}">?</text>'
        )
        return f'{ring} stroke-dasharray="2.2 1.57"/>{mark}'
    return f'<path d="M{x - 6} {y}h12" stroke="{tone}" stroke-width="2"/>'


def _said(criterion: CriterionDoc) -> str:
    return f"{clean(criterion.title)}: {_WORDS.get(criterion.status, criterion.status)}"


def _text(words: str, left: int, ink: str, weight: int) -> str:
    return (
        f'<text x="{left}" y="16" textLength="{_width(words)}" lengthAdjust="spacingAndGlyphs" '
        f'font-weight="{weight}" fill="{ink}">{escape(words)}</text>'
    )


def _gate(audit: Audit, left: int) -> tuple[str, int]:
    """Draw the policy's result from `left` on, and give its width; nothing where there is no policy."""
    policy = audit.verdict.policy
    if policy is None:
        return "", 0
    words = _GATE_WORDS[policy.result]
    wide = _width(words) + 2 * _PAD
    end = left + wide
    ground = f'<path d="M{left} 0h{wide - 4}a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4H{left}z" fill="{GATES[policy.result]}"/>'
    return f"{ground}\n{_text(words, end - wide + _PAD, '#ffffff', 600)}\n", wide


def render(audit: Audit) -> str:
    """Tell the audit as an SVG image, with the policy's result where there is one.

    The same audit gives the same bytes; strangers' words are escaped.
    """
    named = page.clip(page.class_words(audit), MOST_LETTERS)
    score = f"{view.interval(audit.score.low, audit.score.high).replace('-', '–')} of 100"
    first = _width(named) + 2 * _PAD
    second = first + _PAD + _GLYPH * len(audit.criteria) + _PAD // 2
    gate, wide = _gate(audit, second + _width(score) + _PAD)
    whole = second + _width(score) + _PAD + wide
    result = policy_view.headline(audit)
    title = (
        f"{clean(audit.subject.id)}: {f'{result.words}; ' if result else ''}{named}, {view.score_words(audit.score)}"
    )
    told = "; ".join(_said(c) for c in audit.criteria)
    desc = f"{told}. {view.coverage_words(audit)}. As of {clean(audit.as_of)}. {view.NOTICE}"
    glyphs = "".join(_glyph(c.status, first + _PAD // 2 + n * _GLYPH) for n, c in enumerate(audit.criteria))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" viewBox="0 0 {whole} {_HEIGHT}" '
        f'role="img" aria-labelledby="badge-title badge-desc" font-family="{_FONT}" font-size="12">\n'
        f'<title id="badge-title">{escape(title)}</title>\n<desc id="badge-desc">{escape(desc)}</desc>\n'
        f'<rect x=".5" y=".5" width="{whole - 1}" height="{_HEIGHT - 1}" rx="3.5" fill="{PAPER}" stroke="{EDGE}"/>\n'
        f'<path d="M4 0h{first - 4}v{_HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="{DARK}"/>\n'
        f"{_text(named, _PAD, '#ffffff', 600)}\n{glyphs}\n{_text(score, second, INK, 600)}\n{gate}</svg>\n"
    )
