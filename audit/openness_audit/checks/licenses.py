"""Checks on what is said about the licence, and where it contradicts itself."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.checks.base import Answer, CouldNot, NoArgs, NotSeen, check, seen
from openness_audit.collect.licenses.texts import text_scope
from openness_audit.licenses.chain_effective import ALONE
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.paths import license_role
from openness_audit.model.evidence import Absent, Cause, Observed, Place, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_files import FileGroup
from openness_audit.model.facts_licenses import DeclaredLicense, LicenseText

_SURE = ("exact", "equivalent")
METADATA = ("front matter of README.md", "the Hub's record")


def _declared(facts: Facts) -> DeclaredLicense | None:
    found = facts.licenses.declared
    return found.value if isinstance(found, Observed) else None


def _files(facts: Facts) -> tuple[LicenseText, ...]:
    return tuple(text for text in facts.licenses.texts if text.role == "license")


def _listed(facts: Facts) -> tuple[FileGroup, ...]:
    """Give the licence files of the listing, read or not."""
    if not isinstance(facts.files, Observed):
        return ()
    return tuple(group for group in facts.files.value.groups if group.kind == "license")


def _about(facts: Facts) -> tuple[Place, ...]:
    """Cite the Hub's record, or the card, for what is not there."""
    if facts.subject.place is not None:
        return (facts.subject.place,)
    return facts.card.places if isinstance(facts.card, Observed) else ()


def _names_nothing(declared: DeclaredLicense) -> bool:
    """Tell whether the tag is there and says that there is none, or nothing: null, `unknown`, an empty list."""
    return declared.expression is None or declared.family == "none-declared"


@check("license-undeclared", NoArgs)
def license_undeclared(facts: Facts, _: NoArgs) -> Answer:
    """Neither the metadata nor a file states a licence."""
    found = facts.licenses.declared
    declared = _declared(facts)
    if declared is not None and not _names_nothing(declared):
        return NotSeen(searched=METADATA)
    if _files(facts) or _listed(facts):
        return NotSeen(searched=(*METADATA, "licence files"))
    unread = [f.cause for f in (found, facts.licenses.texts_searched) if isinstance(f, Unavailable)]
    if unread:
        return CouldNot(causes=tuple(unread), searched=METADATA)
    places = declared.places if declared is not None else _about(facts)
    if not places:
        return NotSeen(searched=METADATA)
    said = next((p for p in facts.licenses.prose if p.whose == "self" and p.expression), None)
    where = (said.place,) if said else ()
    told = f"the card's text speaks of {said.expression}" if said else _silent(facts)
    return seen((*places, *where), "verified", detail=told, object=(said.expression or "") if said else "")


def _silent(facts: Facts) -> str:
    """Say why no text of the card names a licence."""
    return "there is no card to name one" if isinstance(facts.card, Absent) else "the card's text names none either"


@check("license-imprecise", NoArgs)
def license_imprecise(facts: Facts, _: NoArgs) -> Answer:
    """The metadata names a family of licences, or `other` without saying which."""
    found = facts.licenses.declared
    if isinstance(found, Unavailable):
        return CouldNot(causes=(found.cause,), searched=METADATA)
    declared = _declared(facts)
    if declared is None or _names_nothing(declared):
        return NotSeen(searched=METADATA)
    resolved = resolve(list(declared.raw) or None, declared.name, declared.link)
    if resolved.precise or not declared.places:
        return NotSeen(searched=METADATA)
    raw = ", ".join(declared.raw) or "nothing"
    why = "names no licence" if resolved.expression == "NOASSERTION" else "is a family of licences, not one text"
    own = facts.licenses.own
    if resolved.expression == "NOASSERTION" and own.expression not in ("NOASSERTION", "NONE"):
        why += f"; by {'the licence file' if _files(facts) else 'the card'} it is {own.expression}"
    return seen(declared.places, "verified", object=raw, detail=why)


class TextArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`tag` and `text`: whether each must be there."""

    tag: bool
    text: bool


@check("license-text", TextArgs)
def license_text(facts: Facts, args: TextArgs) -> Answer:
    """The metadata names a licence, or does not, while a licence file is in the repository, or is not."""
    found, searched = facts.licenses.declared, facts.licenses.texts_searched
    if isinstance(found, Unavailable):
        return CouldNot(causes=(found.cause,), searched=METADATA)
    declared = _declared(facts)
    tagged = declared is not None and not _names_nothing(declared)
    if tagged != args.tag:
        return NotSeen(searched=METADATA)
    files, listed = _files(facts), _listed(facts)
    there = bool(files or listed)
    if isinstance(searched, Unavailable) and not there:
        return CouldNot(causes=(searched.cause,), searched=("file listing",))
    if there != args.text:
        return NotSeen(searched=("file listing",))
    places = (declared.places if declared is not None else ()) + tuple(t.place for t in files)
    places += () if files else tuple(p for group in listed for p in group.places)
    told = ", ".join(dict.fromkeys(t.expression or "an unidentified text" for t in files)) or "a text that was not read"
    raw = ", ".join(declared.raw or ((declared.name or ""),)) if declared is not None else ""
    names = [t.path for t in files] or [p for group in listed for p in group.paths]
    return seen(
        places or _about(facts), "verified", object=raw, names=", ".join(names[:4]), count=str(len(names)), detail=told
    )


@check("license-text-unknown", NoArgs)
def license_text_unknown(facts: Facts, _: NoArgs) -> Answer:
    """The metadata names a licence, and beside it stands a licence file of which nobody knows what it says.

    Where a whole known text is the declared licence, only files named for the model count: another is some component's.
    """
    declared = _declared(facts)
    if isinstance(facts.licenses.declared, Unavailable):
        return CouldNot(causes=(facts.licenses.declared.cause,), searched=METADATA)
    if declared is None or _names_nothing(declared) or declared.expression == "NOASSERTION":
        return NotSeen(searched=METADATA)
    files = _files(facts)
    if isinstance(facts.licenses.texts_searched, Unavailable) and not (files or _listed(facts)):
        return CouldNot(causes=(facts.licenses.texts_searched.cause,), searched=("file listing",))
    whole = any(t.match in _SURE and t.expression in declared.candidates for t in files)
    told: dict[str, tuple[str, tuple[Place, ...]]] = {}
    for text in files:
        if text.match not in (*_SURE, "modified"):
            like = f", closest to {text.similar_to}" if text.similar_to else ""
            told[text.path] = (f"is no text that is known{f' ({text.reason})' if text.reason else like}", (text.place,))
    known = {text.path for text in files}
    for group in _listed(facts):
        told |= {path: ("could not be read", group.places) for path in group.paths if path not in known}
    told = {
        path: what
        for path, what in sorted(told.items())
        if license_role(path) == "license" and _may_bind(text_scope(path), whole=whole)
    }
    if not told:
        return NotSeen(searched=("licence files",))
    first = next(iter(told))
    return seen(
        tuple(dict.fromkeys(place for _, places in told.values() for place in places)) + declared.places,
        "verified",
        object=", ".join(declared.raw),
        names=first,
        count=str(len(told)),
        detail=told[first][0],
    )


def _may_bind(scope: str, *, whole: bool) -> bool:
    return scope == "model" or (scope == "unknown" and not whole)


class ConflictArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` of conflict, and optionally the severities that count."""

    kind: Literal["tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"]
    severities: tuple[Literal["error", "warning", "note"], ...] = ("error", "warning", "note")


def _unread(facts: Facts, kind: str) -> tuple[Cause, ...]:
    """Give why a conflict of this kind could not be looked for."""
    found = facts.licenses.declared
    if isinstance(found, Unavailable):
        return (found.cause,)
    if isinstance(found, Absent):
        return ()  # without a tag there is nothing to conflict with
    if kind == "tag-text":
        searched = facts.licenses.texts_searched
        return (searched.cause,) if isinstance(searched, Unavailable) else ()
    if kind == "tag-prose":
        return (facts.card.cause,) if isinstance(facts.card, Unavailable) else ()
    if kind == "tag-upstream":
        lost = [p.resolved.cause for p in facts.lineage.parents if isinstance(p.resolved, Unavailable)]
        unread = [row.cause for row in facts.unread if row.scope == "parent"]
        return tuple(dict.fromkeys((*lost, *unread, *_unnamed(facts))))
    if kind == "tag-data":
        own = [d for d in facts.data if d.whose == "self" and d.stage in ("pretraining", "finetuning")]
        return tuple(d.cause for d in own if d.access == "unavailable" and d.cause is not None)
    return tuple(r.opened.cause for r in facts.code if r.whose == "self" and isinstance(r.opened, Unavailable))


def _unnamed(facts: Facts) -> tuple[Cause, ...]:
    """Give why no base model is named of a model that was made from one, or whose card nobody could read."""
    if facts.lineage.parents:
        return ()
    if isinstance(facts.card, Unavailable):
        return (facts.card.cause,)
    if facts.lineage.derivation in ALONE:
        return ()
    detail = "nothing says which model this one was made from"
    return (Cause(code="ancestor-not-identified", source=facts.subject.id, retryable=False, detail=detail),)


_SEARCHED = {
    "tag-text": "licence files",
    "tag-prose": "README.md",
    "tag-upstream": "metadata of the base models",
    "tag-data": "metadata of the training data",
    "code-host": "the code host's record",
}


@check("license-conflict", ConflictArgs)
def license_conflict(facts: Facts, args: ConflictArgs) -> Answer:
    """Two statements about terms cannot both hold."""
    found = [c for c in facts.licenses.conflicts if c.kind == args.kind and c.severity in args.severities]
    if found:
        places = tuple(dict.fromkeys(place for conflict in found for place in conflict.places))
        return seen(
            places,
            "verified",
            object=found[0].between[-1],
            names=" and ".join(found[0].between),
            count=str(len(found)),
            detail="; ".join(dict.fromkeys(c.why for c in found[:3])),
        )
    causes = _unread(facts, args.kind)
    searched = (*METADATA, _SEARCHED[args.kind])
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)
