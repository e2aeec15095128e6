"""Tell an audit as one HTML page that needs nothing else: no script, no request, light and dark, screen and paper."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

from openness_audit.render import view
from openness_audit.render.escape import clean, safe_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template
    from markupsafe import Markup

    from openness_audit.model.audit import Audit, ComponentDoc, EvidenceDoc

STATUS_WORDS = {
    "open": "open",
    "partial": "partial",
    "closed": "closed",
    "unknown": "not determined",
    "not-applicable": "not applicable",
}
STRENGTH_WORDS = {
    "verified": "the artefact itself was seen",
    "declared": "metadata, or a link that was not opened",
    "claimed": "prose only",
    "none": "no evidence",
}
_CODE = re.compile(r"`([^`]+)`")
MOST_EVIDENCE = 400  # rows of the evidence table: the page stays below 300 KB, the rest is in the JSON


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - 108 ms, and only HTML needs it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(clean=_clean, web=safe_url, status=STATUS_WORDS.get, sentence=_sentence)
    return environment.from_string(_file("audit.html.j2"))


def _file(name: str) -> str:
    return (resources.files("openness_audit.reports") / name).read_text("utf-8")


def _clean(value: Any) -> str:
    """Spell out hidden characters of anything shown; escaping for HTML comes after, by the template."""
    return clean(str(value))


def _sentence(value: Any) -> Markup:
    """Begin with a capital where the first word is a plain lower-case one; words in backticks become code."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with jinja2

    text = _clean(value)
    first = text.partition(" ")[0]
    said = text[:1].upper() + text[1:] if first.isascii() and first.isalpha() and first.islower() else text
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(said))))  # noqa: S704 - escaped just before


class _Cited:
    """Numbers the citations in the order of the page's table, and looks them up for the template."""

    def __init__(self, audit: Audit) -> None:
        ordered = sorted(
            audit.evidence, key=lambda e: (e.repo != audit.subject.id, e.repo, e.path or "", e.line or 0, e.id)
        )
        self._audit = audit
        self.rows = [self._row(number, e) for number, e in enumerate(ordered, 1)]
        self._by_id = {row["id"]: row for row in self.rows}

    def _row(self, number: int, evidence: EvidenceDoc) -> dict[str, Any]:
        return {
            "id": evidence.id,
            "number": number,
            "anchor": f"evidence-{number}",
            "place": view.place(evidence, self._audit),
            "url": view.link(evidence),
            "excerpt": clean(evidence.excerpt) if evidence.excerpt else None,
            "strength": evidence.strength,
            "kind": evidence.kind,
            "retrieved": (evidence.retrieved_at or "")[:10],
            "sha256": (evidence.sha256 or "")[:12],
            "cached": evidence.from_cache,
        }

    def __call__(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        return [self._by_id[key] for key in ids if key in self._by_id]


def _parts(audit: Audit) -> dict[str, list[ComponentDoc]]:
    """Give the components that each criterion is judged by."""
    by_id = {c.id: c for c in audit.components}
    return {c.id: [by_id[a] for a in c.assessments if a in by_id] for c in audit.criteria}


def _searched(parts: Sequence[ComponentDoc]) -> list[tuple[str, str]]:
    """Say what was searched for the parts of a criterion; once where it is the same for all."""
    said = [(p.id.replace("-", " "), ", ".join(map(clean, p.searched))) for p in parts if p.searched]
    return [("", said[0][1])] if len({places for _, places in said}) == 1 else said


def render(audit: Audit) -> str:
    """Tell the audit as HTML. Strangers' words are escaped, and only http and https addresses become links."""
    from markupsafe import Markup  # noqa: PLC0415

    cited, parts = _Cited(audit), _parts(audit)
    fix = view.best_fix(audit)
    return _template().render(
        audit=audit,
        css=Markup(_file("audit.css")),  # noqa: S704 - our own file, and it holds no end tag
        cited=cited,
        evidence=cited.rows[:MOST_EVIDENCE],
        evidence_left=max(0, len(cited.rows) - MOST_EVIDENCE),
        parts=parts,
        searched={name: _searched(found) for name, found in parts.items()},
        findings=view.ranked(audit),
        subject=view.subject_name(audit),
        score=view.score_words(audit.score),
        coverage=view.coverage_words(audit),
        offline=view.offline_words(audit),
        gate=view.gate_words(audit),
        fix=fix,
        now=view.interval(audit.score.low, audit.score.high),
        then=view.interval(fix[0].low, fix[0].high) if fix else "",
        last_line=view.last_line(audit),
        requests=view.requests_words(audit),
        notice=view.NOTICE,
        why=view.why,
        family=view.family_words,
        strengths=STRENGTH_WORDS,
    )
