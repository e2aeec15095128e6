"""Tell an audit as one HTML page that needs nothing else: no request, no script to read it, screen and paper."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from openness_audit.render.escape import clean
from openness_audit.render.html import parcel
from openness_audit.render.html import parts as html_parts
from openness_audit.render.html.evidence import Cited
from openness_audit.render.views import audit as view
from openness_audit.render.views import disclosures as disclosures_view
from openness_audit.render.views import page, tree
from openness_audit.render.views import profiles as profiles_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template
    from jinja2.runtime import Context
    from markupsafe import Markup

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_components import ComponentDoc

STATUS_WORDS = {
    "open": "open",
    "partial": "partial",
    "closed": "closed",
    "unknown": "not determined",
    "not-applicable": "not applicable",
}
STRENGTH_WORDS = {
    "verified": "the artefact or the text itself was seen",
    "declared": "metadata, or a link that was not opened",
    "claimed": "prose only",
    "none": "no evidence",
}
_WORD = re.compile(
    r"(?:(?:pre|post|full|half|fine|non|hyper)-)?[a-z]+[,;:.]?(?: |$)"
)  # no name of a file or repository
_CODE = re.compile(r"`([^`]+)`")
MOST_PAGE = 290_000  # bytes: the page stays below 300 KB
ROOMS = (1.0, 0.4, 0.15, 0.05)  # shares of the usual lengths


@functools.cache
def _template() -> Template:
    from jinja2 import pass_context  # noqa: PLC0415 - 108 ms, only HTML

    clip, sentence = pass_context(_clip), pass_context(_sentence)
    environment = parcel.environment()
    environment.filters.update(status=STATUS_WORDS.get, sentence=sentence, clip=clip, title=page.title)
    return environment.get_template("audit.html.j2")


def _clip(context: Context, text: str, most: int) -> str:
    """Cut a text; shorter where the page would grow too large."""
    return page.clip(text, max(24, int(most * context["room"])))


def _sentence(context: Context, value: Any) -> Markup:
    """Begin with a capital where the first word is a plain lower-case one; words in backticks become code."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with jinja2

    text = _clip(context, parcel.clean_value(value), 1200)
    said = text[:1].upper() + text[1:] if _WORD.match(text) else text
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(said))))  # noqa: S704 - escaped just before


def _parts(audit: Audit) -> dict[str, list[ComponentDoc]]:
    """Give the components that each criterion is judged by."""
    by_id = {c.id: c for c in audit.components}
    return {c.id: [by_id[a] for a in c.assessments if a in by_id] for c in audit.criteria}


def _places(searched: Sequence[str]) -> str:
    words = ", ".join(page.clip(clean(s), 120) for s in searched[:10])
    return words + (f" and {len(searched) - 10} more" if len(searched) > 10 else "")


def _searched(parts: Sequence[ComponentDoc]) -> list[tuple[str, str]]:
    """Say what was searched for the parts of a criterion; once where it is the same for all."""
    said = [(page.title(p.id).lower(), _places(p.searched)) for p in parts if p.searched]
    return [("", said[0][1])] if len({places for _, places in said}) == 1 else said


def _style(audit: Audit) -> str:
    """Give the style sheet, with the line that runs along the foot of each printed page."""
    subject = parcel.css_text(page.clip(view.subject_name(audit), 90))
    running = f"@page {{ @bottom-left {{ content: {subject}; }} }}"
    return f"\n{parcel.file('audit.css')}{running}\n"


def render(audit: Audit) -> str:
    """Tell the audit as HTML. Strangers' words are escaped, and only http and https addresses become links.

    A page above `MOST_PAGE` bytes is told again with shorter texts and lists, each of which says what it leaves out.
    """
    for room in ROOMS:
        told = _render(audit, room)
        if len(told.encode()) <= MOST_PAGE:
            break
    return told


def _sources(cited: dict[str, tuple[str, ...]], names: Sequence[str]) -> list[str]:
    """Give what is cited for the components called `names`, each once."""
    return list(dict.fromkeys(key for name in names for key in cited.get(name, ())))


def _words(audit: Audit) -> dict[str, Any]:
    """Word what the page says of the whole audit."""
    subject, fix = audit.subject, view.best_fix(audit)
    lead, rest = page.lead_and_rest(clean(audit.verdict.sentence))
    pinned = subject.kind == "model" and subject.sha and not audit.run.offline
    return {
        "subject": view.subject_name(audit),
        "subject_url": view.subject_url(audit),
        "lead": lead,
        "rest": rest,
        "class_words": page.class_words(audit),
        "score": view.score_words(audit.score),
        "coverage": view.coverage_words(audit),
        "fix": fix,
        "now": view.interval(audit.score.low, audit.score.high),
        "then": view.interval(fix[0].low, fix[0].high) if fix else "",
        "gate": view.gate_words(audit),
        "offline": view.offline_words(audit),
        "requests": view.requests_words(audit),
        "again": f"modelaudit {clean(subject.id)}@{subject.sha}" if pinned else "",
        "last_line": view.last_line(audit),
        "notice": view.NOTICE,
    }


def _tools(audit: Audit, room: float) -> dict[str, Any]:
    """Give the functions and tables that the template asks."""
    return {
        "frameworks": profiles_view,
        "disclosed": disclosures_view,
        "sources": functools.partial(_sources, {c.id: c.evidence for c in audit.components}),
        "upto": lambda most: max(1, int(most * room)),
        "points": page.points,
        "few": page.few,
        "untold": page.untold,
        "clauses": functools.partial(page.clauses, most=max(2, int(page.MOST_CLAUSES * room))),
        "line_url": functools.partial(page.line_url, audit),
        "license_title": page.license_title,
        "code_words": view.code_words,
        "data_words": view.data_words,
        "access_words": view.access_words,
        "bounds": view.bounds_words,
        "family": view.family_words,
        "whose": view.WHOSE,
        "access": tree.ACCESS,
        "node_status": tree.STATUSES,
        "strengths": STRENGTH_WORDS,
    }


def _render(audit: Audit, room: float) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - only here

    cited, parts = Cited(audit, room), _parts(audit)
    style, script = _style(audit), f"\n{parcel.file('filter.js')}"
    root, unseen = tree.grow(audit, max(3, int(tree.MOST_MODELS * room)))
    return _template().render(
        **html_parts.terms(audit),
        **html_parts.claims(audit),
        **html_parts.policy(audit),
        **_words(audit),
        **_tools(audit, room),
        audit=audit,
        room=room,
        style=Markup(style),  # noqa: S704 - our own file, and an escaped string
        script=Markup(script),  # noqa: S704 - our own file
        style_digest=parcel.digest(style),
        script_digest=parcel.digest(script),
        cited=cited,
        evidence=cited.shown,
        evidence_left=len(cited.rows) - len(cited.shown),
        parts=parts,
        searched={name: _searched(found) for name, found in parts.items()},
        findings=view.ranked(audit),
        root=root,
        unseen=unseen,
        dense=page.dense(audit),
        gaps=page.gaps(audit),
        files=page.files(audit),
        unread_texts=page.unread_texts(audit),
    )
