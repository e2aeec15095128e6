"""Write the notices that whoever adopts a model must ship with it, and apart from them what is left to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.terms import by_expression
from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import audit as view
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import terms as terms_view
from openness_audit.render.views import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.licenses.terms import SourceText, Terms
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ChainDoc, LicenseTextDoc, ObligationDoc

_SHOWN = {"naming-display": "where users see it", "notice-line": "in this file, as it stands"}  # shown word for word
_TOLD = frozenset({"notice-line", "license-copy", "state-changes"})  # done by a part of the notices of its own
_SHIPPING = frozenset({"redistribute", "fine-tune-publish", "relicense"})
_SHARED = frozenset({"redistribute", "fine-tune-publish"})
_BLANK = "[to be filled in: {}]"


def render(audit: Audit) -> str:
    """Tell what must be shipped: models, words to show, limits, licence texts; then what only the adopter can do.

    Copyright lines and changes are not made up here: they are blanks. Where terms are not known, not granted or
    contradict each other, the file begins by saying so: a notice with a gap must not look complete.
    """
    made = f"modelaudit {esc(audit.tool.version)}, rules {esc(audit.tool.ruleset.version)}, as of {esc(audit.as_of)}"
    lines = [
        f"# Notices for {esc(audit.subject.id)}",
        "",
        *_offline(audit),
        *_gaps(audit),
        *_models(audit),
        *_words(audit),
        *_limits(audit),
        *_changes(audit),
        *_texts(audit),
        *_duties(audit),
        f"Made by {made}. {view.NOTICE}",
    ]
    return "\n".join(lines) + "\n"


def _offline(audit: Audit) -> Iterator[str]:
    said = view.offline_words(audit)
    if said:
        yield f"> {esc(said)}"
        yield ""


def _binding(audit: Audit) -> list[ChainDoc]:
    return [link for link in audit.licenses.chain if link.binds]


def _gaps(audit: Audit) -> Iterator[str]:
    """Say first what these notices cannot hold, and what no notice makes lawful."""
    none = [link.id for link in _binding(audit) if link.expression == "NONE"]
    said = [f"{esc(name)} declares no licence: no notice makes it lawful to pass it on." for name in none]
    said += [f"Licence not known of {esc(', '.join(names))}: {esc(why)}." for names, why in terms_view.unread(audit)]
    files = terms_view.unread_files(audit)
    said += [f"Not read: {esc(', '.join(files))}. A licence file there may say otherwise."] if files else []
    unread = {o.what: o for o in audit.licenses.obligations if o.status == "unknown"}
    known = {name for names, _ in terms_view.unread(audit) for name in names}
    said += [
        f"Left to do: {esc(terms_view.named(what))}." for what, o in unread.items() if clean(o.source) not in known
    ]
    said += [
        f"Licence statements contradict each other ({esc(c.kind)}): {esc(terms_view.named(c.why))}."
        for c in audit.licenses.conflicts
        if c.severity == "error"
    ]
    shut = {use.use for use in audit.licenses.uses if use.verdict == "not-allowed"}
    titles = [use.title.lower() for use in vocabulary().uses if use.id in shut & _SHARED]
    said += [f"Not allowed, whatever is shipped: {', '.join(titles)}."] if titles else []
    if not audit.licenses.chain:
        said = ["The terms that bind were not worked out: these notices hold nothing but the model's name."]
    if said:
        yield "> **Not ready to ship.** Remove these lines once they are settled."
        yield from (f">\n> - {line}" if number == 0 else f"> - {line}" for number, line in enumerate(said))
        yield ""


def _entries(expression: str) -> list[Terms]:
    names = expression.replace("(", " ").replace(")", " ").replace(" OR ", " AND ").split(" AND ")
    return [entry for entry in (by_expression(name.strip()) for name in names) if entry is not None]


def _models(audit: Audit) -> Iterator[str]:
    """Name each model whose terms bind, at its commit, with its licence, and leave room for its copyright lines."""
    nodes = {node.id: node for node in audit.lineage.nodes}
    yield "## Models"
    yield ""
    for link in _binding(audit):
        node, own = nodes.get(link.id), link.id == audit.subject.id
        sha = audit.subject.sha if own else node.sha if node else None
        at = f", commit {code_span(sha)}" if sha else ""
        yield f"- **{esc(link.id)}**{at}{_made(link)}"
        yield f"  - Licence: {_license(link)}"
        url = safe_url(view.subject_url(audit) if own else tree.hub_url(clean(link.id), node))
        if url:
            yield f"  - Source: <{url}>"
        if link.expression != "NONE":
            yield "  - Copyright: " + _BLANK.format(f"the copyright lines of {esc(link.id)}, from its own files")
    yield ""


def _made(link: ChainDoc) -> str:
    """Say what was made from a model, and how: ` (from which org/a was fine-tuned)`."""
    made = terms_view.made_words(link)
    if not made or len(link.path) < 2:
        return ""
    below = esc(link.path[-2])
    return (
        f" (from which {below} was {made.removesuffix(' from')})"
        if made.endswith(" from")
        else f" ({below} is made for it)"
    )


def _license(link: ChainDoc) -> str:
    if link.expression == "NONE":
        return "none declared"
    if link.how == "unknown":
        return "not known"
    name = terms_view.license_name(link.expression)
    names = " and ".join(entry.name for entry in _entries(link.expression)) or name
    return f"{esc(names)} ({code_span(link.expression)})" if names != link.expression else code_span(link.expression)


def _words(audit: Audit) -> Iterator[str]:
    """Give the lines that must be shown as they are."""
    rows = {o.value: o for o in audit.licenses.obligations if o.id in _SHOWN and o.value}
    if not rows:
        return
    yield "## Words to show"
    yield ""
    for value, row in rows.items():
        yield f"> {esc(value)}"
        yield ""
        yield f"({_SHOWN[row.id]}; {esc(row.clause)})"
        yield ""


def _of_kind(audit: Audit, kind: str) -> Iterator[ObligationDoc]:
    """Give what is asked by terms of one kind that bear on giving the model to others."""
    known = {term.id: term for term in vocabulary().terms}
    for row in audit.licenses.obligations:
        term = known.get(row.id)
        if term is not None and term.kind == kind and row.status != "unknown" and term.effects:
            yield row


def _limits(audit: Audit) -> Iterator[str]:
    """Tell recipients what they may not do: the limits bind them as well."""
    rows = dict.fromkeys(f"- {esc(row.what)} ({esc(row.clause)})" for row in _of_kind(audit, "limitation"))
    if any(use.use == "relicense" and use.verdict == "not-allowed" for use in audit.licenses.uses):
        rows["- put neither it nor what is made from it under terms of one's own"] = None
    if rows:
        yield "## Limits that bind whoever receives it"
        yield ""
        yield from rows
        yield ""


def _changes(audit: Audit) -> Iterator[str]:
    """Leave room for what was changed, where a licence asks for it."""
    rows = [o for o in audit.licenses.obligations if o.id == "state-changes"]
    if rows:
        asked = esc(", ".join(dict.fromkeys(clean(o.clause) for o in rows)))
        blank = _BLANK.format("what was changed, when, and by whom; or that nothing was")
        yield from ("## Changes", "", f"{blank} (asked for by {asked})", "")


def _texts(audit: Audit) -> Iterator[str]:
    """List the texts to enclose: those in the repository at its commit, and those of the licences, with digests."""
    held = [_held(text, audit) for text in audit.licenses.texts]
    listed = [_text(entry, text) for entry in _licences(_binding(audit)) for text in entry.texts]
    loose = [_address(entry) for entry in _licences(_binding(audit)) if not entry.texts]
    if not (held or listed or loose):
        return
    yield "## Licence texts to enclose"
    yield ""
    yield from dict.fromkeys([*held, *listed, *loose])
    yield ""


def _licences(links: Iterable[ChainDoc]) -> list[Terms]:
    return list({entry.id: entry for link in links for entry in _entries(link.expression)}.values())


def _held(text: LicenseTextDoc, audit: Audit) -> str:
    said = esc(terms_view.license_name(text.expression)) if text.expression else "not identified"
    altered = ", altered" if text.match == "modified" else ""
    return f"- {code_span(text.path)} in the repository of {esc(audit.subject.id)}: {said}{altered}"


def _text(entry: Terms, text: SourceText) -> str:
    version = f" ({esc(text.version)})" if text.version else ""
    url = safe_url(text.url)
    where = f"<{url}>" if url else code_span(text.url)
    return f"- {esc(text.title or entry.name)}{version}: {where}, SHA-256 {code_span(text.sha256)} as read"


def _address(entry: Terms) -> str:
    url = safe_url(entry.source)
    return f"- {esc(entry.name)}: {f'<{url}>' if url else code_span(entry.source or 'no address known')}"


def _duties(audit: Audit) -> Iterator[str]:
    """List what is left for the adopter to do before passing the model on, apart from the notices."""
    rows = [row for row in _of_kind(audit, "condition") if row.id not in _TOLD and _about_shipping(row)]
    if not rows:
        return
    yield "---"
    yield ""
    yield "## Before passing it on (not part of the notices: remove this list)"
    yield ""
    for row in rows:
        cited = "; ".join(filter(None, (clean(row.clause), duties_view.trigger_words(row))))
        yield f"- [ ] {esc(row.what)} ({esc(cited)})"
    yield ""


def _about_shipping(row: ObligationDoc) -> bool:
    """Say whether something is to be done when copies are given away, rather than while the model is used."""
    effects = set(vocabulary().term(row.id).effects)
    return bool(effects & _SHIPPING) and "internal" not in effects
