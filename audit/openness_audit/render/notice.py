"""Write the notices that whoever adopts a model must ship with it, as a Markdown file with blanks to be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.terms import by_expression
from openness_audit.render import view
from openness_audit.render.escape import code_span, safe_url
from openness_audit.render.escape import markdown as esc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.licenses.terms import Terms
    from openness_audit.model.audit import Audit, ChainDoc, ObligationDoc

_SHOWN = ("naming-display", "notice-line")  # their value is what readers must see, word for word
_DONE = frozenset({"internal", "serve"})


def render(audit: Audit) -> str:
    """Tell what must be shipped: names, licences and their texts, lines to show, and what is left for the adopter.

    Copyright lines stand in the publishers' own files and are not made up here. Where terms are not known, the file
    says so in its first lines: a notice with a gap must not look complete.
    """
    made = f"modelaudit {esc(audit.tool.version)}, rules {esc(audit.tool.ruleset.version)}, as of {esc(audit.as_of)}"
    head = [f"# Notices for {esc(audit.subject.id)}", ""]
    lines = [*head, *_gaps(audit), *_models(audit), *_words(audit), *_duties(audit), f"Made by {made}. {view.NOTICE}"]
    return "\n".join(lines) + "\n"


def _gaps(audit: Audit) -> Iterator[str]:
    """Say first what these notices cannot hold."""
    unread = [o.what for o in audit.licenses.obligations if o.status == "unknown"]
    none = [link.id for link in audit.licenses.chain if link.binds and link.expression == "NONE"]
    shut = [use.use for use in audit.licenses.uses if use.verdict == "not-allowed" and use.use not in _DONE]
    if not (unread or none or shut):
        return
    yield "> **Not ready to ship.**"
    for name in none:
        yield f"> {esc(name)} declares no licence: no notice makes it lawful to pass it on."
    for what in dict.fromkeys(unread):
        yield f"> Left to do: {esc(what)}."
    titles = {use.id: use.title.lower() for use in vocabulary().uses}
    if shut:
        yield f"> Not allowed whatever is shipped: {', '.join(titles[use] for use in shut if use in titles)}."
    yield ""


def _entries(link: ChainDoc) -> list[Terms]:
    names = link.expression.replace("(", " ").replace(")", " ").replace(" OR ", " AND ").split(" AND ")
    return [entry for entry in (by_expression(name.strip()) for name in names) if entry is not None]


def _models(audit: Audit) -> Iterator[str]:
    """Name each model whose terms bind, at its commit, with its licence and where the text stands."""
    yield "## Models"
    yield ""
    commits = {node.id: node.sha for node in audit.lineage.nodes} | {audit.subject.id: audit.subject.sha}
    for link in (link for link in audit.licenses.chain if link.binds):
        sha = commits.get(link.id)
        at = f" at commit {code_span(sha)}" if sha else ""
        made = "" if len(link.path) == 1 else f", which it was made from ({esc(link.relations[-1])})"
        yield f"- **{esc(link.id)}**{at}{made}: {_license(link)}"
        for entry in _entries(link):
            for address in dict.fromkeys([text.url for text in entry.texts] or [entry.source]):
                url = safe_url(address)
                yield f"  - text of {esc(entry.name)}: {f'<{url}>' if url else code_span(address)}"
    yield ""


def _license(link: ChainDoc) -> str:
    if link.expression == "NONE":
        return "no licence declared"
    if link.how == "unknown":
        return "licence not known"
    names = " and ".join(esc(entry.name) for entry in _entries(link))
    return f"{names} ({code_span(link.expression)})" if names else code_span(link.expression)


def _words(audit: Audit) -> Iterator[str]:
    """Give the lines that must be shown as they are."""
    rows = [o for o in audit.licenses.obligations if o.id in _SHOWN and o.value]
    if not rows:
        return
    yield "## Words to show"
    yield ""
    for row in rows:
        place = "in a notice file" if row.id == "notice-line" else "where users see it"
        yield f"> {esc(row.value or '')}"
        yield ""
        yield f"({place}: {esc(row.clause)})"
        yield ""


def _duties(audit: Audit) -> Iterator[str]:
    """List what is left for the adopter to do before passing the model on."""
    shipping = [o for o in audit.licenses.obligations if o.status != "unknown" and _about_shipping(o)]
    if not shipping:
        return
    yield "## Before passing it on"
    yield ""
    for row in shipping:
        yield f"- [ ] {esc(row.what)} ({esc(row.clause)}; for: {esc(row.trigger)})"
    yield ""


def _about_shipping(row: ObligationDoc) -> bool:
    """Say whether something is to be done when copies are given away, rather than while the model is used."""
    known = {term.id: term for term in vocabulary().terms}
    term = known.get(row.id)
    return term is not None and term.kind == "condition" and not set(term.effects) <= _DONE
