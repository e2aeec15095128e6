"""Tell an audit as one HTML page that needs nothing else: no request, no script to read it, screen and paper."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from openness_audit.render import html_parts, page, parcel, profiles_view, tree, view
from openness_audit.render.escape import clean
from openness_audit.render.explain import code_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template
    from jinja2.runtime import Context
    from markupsafe import Markup

    from openness_audit.model.audit import Audit, EvidenceDoc
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
KINDS = {
    "card": "model card",
    "metadata": "card metadata",
    "listing": "file listing",
    "model-info": "Hub metadata",
    "dataset": "data set",
    "code-repository": "code repository",
    "refs": "branches and tags",
    "file": "file",
}
_WORD = re.compile(
    r"(?:(?:pre|post|full|half|fine|non|hyper)-)?[a-z]+[,;:.]?(?: |$)"
)  # no name of a file or repository
_CODE = re.compile(r"`([^`]+)`")
MOST_EVIDENCE = 300  # rows of the evidence table, and
MOST_BYTES = 150_000  # characters of them: the page stays below 300 KB, the rest is in the JSON
MOST_PAGE = 290_000
ROOMS = (1.0, 0.4, 0.15, 0.05)  # shares of the usual lengths
MOST_EXCERPT = 320
CUT_AT = 200  # characters at which `collect` cuts an excerpt


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


def _excerpt(text: str) -> str:
    """Quote a place, and show where the quotation was cut."""
    said = page.clip(clean(text), MOST_EXCERPT)
    return f"{said} \u2026" if len(text) == CUT_AT and not said.endswith("\u2026") else said


class _Cited:
    """Numbers the citations in the order of the page's table, and looks them up for the template."""

    def __init__(self, audit: Audit, room: float) -> None:
        ordered = sorted(
            audit.evidence, key=lambda e: (e.repo != audit.subject.id, e.repo, e.path or "", e.line or 0, e.id)
        )
        self._audit = audit
        self._uses = page.cited_for(audit)
        self.rows = [self._row(number, e) for number, e in enumerate(ordered, 1)]
        self._by_id = {row["id"]: row for row in self.rows}
        self.shown = self._fit(MOST_BYTES * room)

    def _row(self, number: int, evidence: EvidenceDoc) -> dict[str, Any]:
        uses = self._uses.get(evidence.id, [])
        return {
            "id": evidence.id,
            "number": number,
            "anchor": f"evidence-{number}",
            "place": page.clip(view.place(evidence, self._audit), 240),
            "url": view.link(evidence),
            "excerpt": _excerpt(evidence.excerpt) if evidence.excerpt else None,
            "strength": evidence.strength,
            "kind": KINDS.get(evidence.kind, clean(evidence.kind)),
            "retrieved": clean(evidence.retrieved_at or "")[:10],
            "sha256": clean(evidence.sha256 or "")[:12],
            "uses": ", ".join(uses[:4]) + (f" and {len(uses) - 4} more" if len(uses) > 4 else ""),
        }

    def _fit(self, most: float) -> list[dict[str, Any]]:
        """Take rows from the top until the table is as large as it may get."""
        used, count = 0, 0
        for row in self.rows[:MOST_EVIDENCE]:
            # each address and place stands in the row twice at most, and escaping may lengthen the words
            used += 420 + 2 * len(row["url"] or "") + len((row["place"] + (row["excerpt"] or "")).encode()) * 2
            if used > most:
                break
            count += 1
        return self.rows[:count]

    def __call__(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        return [self._by_id[key] for key in ids if key in self._by_id]

    def at(self, path: str, line: int) -> dict[str, Any] | None:
        """Give the citation of a line of the subject's own file, if there is one."""
        place = f"{path}:{line}"
        return next((row for row in self.rows if row["place"] == place), None)

    def read(self) -> str:
        """Say when the places were read."""
        dates = sorted({row["retrieved"] for row in self.rows if row["retrieved"]})
        if not dates:
            return ""
        return f"read {dates[0]}" if len(dates) == 1 else f"read between {dates[0]} and {dates[-1]}"


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


def _render(audit: Audit, room: float) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - only here

    cited, parts = _Cited(audit, room), _parts(audit)
    fix = view.best_fix(audit)
    style, script = _style(audit), f"\n{parcel.file('filter.js')}"
    lead, rest = page.lead_and_rest(clean(audit.verdict.sentence))
    root, unseen = tree.grow(audit, max(3, int(tree.MOST_MODELS * room)))
    return _template().render(
        **html_parts.terms(audit),
        **html_parts.claims(audit),
        **html_parts.policy(audit),
        frameworks=profiles_view,
        sources=functools.partial(_sources, {c.id: c.evidence for c in audit.components}),
        audit=audit,
        room=room,
        upto=lambda most: max(1, int(most * room)),
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
        subject=view.subject_name(audit),
        lead=lead,
        rest=rest,
        root=root,
        unseen=unseen,
        dense=page.dense(audit),
        gaps=page.gaps(audit),
        files=page.files(audit),
        class_words=page.class_words(audit),
        points=page.points,
        few=page.few,
        untold=page.untold,
        clauses=functools.partial(page.clauses, most=max(2, int(page.MOST_CLAUSES * room))),
        line_url=functools.partial(page.line_url, audit),
        license_title=page.license_title,
        unread_texts=page.unread_texts(audit),
        code_words=code_words,
        again=f"modelaudit {clean(audit.subject.id)}@{audit.subject.sha}"
        if audit.subject.kind == "model" and audit.subject.sha and not audit.run.offline
        else "",
        subject_url=view.subject_url(audit),
        data_words=view.data_words,
        access_words=view.access_words,
        whose=view.WHOSE,
        access=tree.ACCESS,
        node_status=tree.STATUSES,
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
        bounds=view.bounds_words,
        family=view.family_words,
        strengths=STRENGTH_WORDS,
    )
