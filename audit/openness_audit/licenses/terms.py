"""Load what is known about each licence: names, family, conditions and limitations, each file with its evidence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

from openness_audit.errors import RuleError
from openness_audit.licenses.clauses import Act, Effect, UseId, vocabulary
from openness_audit.packaged import parse, parsed
from openness_audit.packaged import place as shipped

__all__ = [
    "Clause",
    "Family",
    "Grant",
    "Known",
    "SourceText",
    "Terms",
    "all_terms",
    "asks",
    "by_expression",
    "by_name",
    "cited",
    "key",
    "terms",
]

Family: TypeAlias = Literal[
    "osi",
    "permissive",
    "open-data",
    "permissive-model",
    "behavioural-use",
    "community",
    "non-commercial",
    "no-derivatives",
    "proprietary",
    "none-declared",
    "unknown",
]
Known: TypeAlias = Literal["read", "listed", "name"]

# words that names are written with or without
_FILLER = re.compile(
    r"\b(?:the|licen[cs]es?|licen[cs]ing|agreement|version|international|unported|v(?=\.?\s?\d))\b|\bv(?=\d)",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")
_BODY = re.compile(rb"^(?:known|texts|grants|clauses|evidence):", re.MULTILINE)  # names stand above these in every file
_LONGEST = 400  # characters of a name that are looked at
_T = TypeVar("_T")
# "paragraph 2" and "Attachment A" name a place themselves, "4(a)" does not
_PLACE = re.compile(r"\w*[a-z]{3}")


class SourceText(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """A text that clauses were read in: which version, where it stands, and the SHA-256 of its UTF-8 bytes as read."""

    id: str
    title: str
    url: str
    sha256: str
    version: str = ""


class Grant(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """What a licence allows, and where it says so."""

    acts: tuple[Act, ...]
    text: str
    section: str


class Clause(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """One thing a licence demands or forbids.

    `term` is an id of the vocabulary; `value` fills its words (a number of users, a name to display). `text` and
    `section` say where it was read and are empty where the text could not be. `says` and `effects` win over the
    vocabulary's. `when` narrows it in words ("above 700 million monthly users on the release date").
    """

    term: str
    text: str = ""
    section: str = ""
    value: str | int | None = None
    says: str = ""
    when: str = ""
    effects: dict[UseId, Effect] = field(default_factory=dict)


class Terms(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """One licence.

    `hub` is true for the Hub's own ids. `precise` is false for a family id (`gpl`, `cc`, `openrail`): it names no text.
    `known` says how its terms are known: `read` clause by clause in `texts`; `listed`: some, from a list, the text not
    read; `name`: the name alone. Where it is not `read`, what no clause says is unknown, not absent. `evidence` says
    the same in words, `source` where the text stands.
    """

    id: str
    name: str
    expression: str
    family: Family
    evidence: str
    source: str
    hub: bool = False
    osi: bool = False
    precise: bool = True
    known: Known = "name"
    aliases: tuple[str, ...] = ()
    texts: tuple[SourceText, ...] = ()
    grants: tuple[Grant, ...] = ()
    clauses: tuple[Clause, ...] = ()
    notes: str = ""
    unless: str = ""  # where this pattern is in the names of the model or its base, the bare name means another text

    def has(self, term: str) -> bool:
        """Say whether a clause of this kind is known."""
        return any(clause.term == term for clause in self.clauses)

    def granted(self, act: Act) -> Grant | None:
        """Give the grant of an act, None where none was read."""
        return next((grant for grant in self.grants if act in grant.acts), None)


def asks(clause: Clause) -> str:
    """Say what a clause asks, in its own words or the vocabulary's, with its value and when it holds."""
    said = clause.says or vocabulary().term(clause.term).asks
    value = f"{clause.value:,}" if isinstance(clause.value, int) else clause.value or "as the licence says"
    return said.replace("{value}", value) + (f" ({clause.when})" if clause.when else "")


def cited(section: str) -> str:
    """Write where in a text something stands: "section 4(a)", but "paragraph 2" for a text without numbers."""
    return section if _PLACE.match(section) else f"section{'s' if re.search(r', | and ', section) else ''} {section}"


def key(name: str) -> str:
    """Reduce a licence name to what tells it apart: lower case, no filler words, no punctuation but `+`.

    "Apache License, Version 2.0", "apache-2.0" and "Apache 2.0 licence" give the same key. Names beyond a few hundred
    characters are cut.
    """
    return _key(name[:_LONGEST])


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    spaced = name.replace("++", " plus plus ").replace("_", " ")
    return _NOT_WORD.sub("", _FILLER.sub(" ", spaced).lower())


class _Head(Struct, frozen=True, rename="kebab"):
    """What a licence is called: the first lines of its file, which are all that finding it by name needs."""

    id: str
    name: str
    expression: str
    aliases: tuple[str, ...] = ()


@cache
def _files() -> dict[str, bytes]:
    folder = shipped("licenses")
    found = sorted((s for s in folder.iterdir() if s.name.endswith(".yaml")), key=lambda s: s.name)
    return {source.name.removesuffix(".yaml"): source.read_bytes() for source in found}


def _as(license_id: str, value: object, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise RuleError(f"licenses/{license_id}.yaml: {problem}") from problem


@cache
def _heads() -> tuple[_Head, ...]:
    """Read the names in every file, without texts and clauses: a third of the work, and an audit needs few files."""
    heads = {name: _BODY.split(text, maxsplit=1)[0] for name, text in _files().items()}
    return tuple(_as(name, value, _Head) for name, value in parsed("licenses", heads).items())


@cache
def terms(license_id: str) -> Terms:
    """Give one licence by its id; KeyError for an unknown one, RuleError for a malformed file."""
    entry = _as(license_id, parse(_files()[license_id], f"licenses/{license_id}.yaml"), Terms)
    if license_id != entry.id:
        raise RuleError(f"licenses/{license_id}.yaml: id {entry.id} is not the file's name")
    _check(entry)
    return entry


@cache
def all_terms() -> dict[str, Terms]:
    """Read every `rules/licenses/*.yaml` once, by id; RuleError names a malformed file."""
    return {license_id: terms(license_id) for license_id in _files()}


def _check(entry: Terms) -> None:
    """Refuse a licence whose clauses name no known term, or a text or section that is not given."""
    terms_known = {term.id for term in vocabulary().terms}
    texts = {text.id for text in entry.texts}
    for clause in entry.clauses:
        if clause.term not in terms_known:
            raise RuleError(f"licenses/{entry.id}.yaml: no term is called {clause.term!r}")
    places: tuple[Clause | Grant, ...] = (*entry.clauses, *entry.grants)
    for place in places:
        if (entry.known == "read" or place.text) and not (place.text in texts and place.section):
            raise RuleError(f"licenses/{entry.id}.yaml: {place} names no text and section")
    if entry.known == "read" and not entry.grants:
        raise RuleError(f"licenses/{entry.id}.yaml: read, yet nothing is granted; say where, or what it denies")


@cache
def _expressions() -> dict[str, str]:
    return {head.expression.lower(): head.id for head in _heads() if head.expression != "NOASSERTION"}


def by_expression(expression: str) -> Terms | None:
    """Give the licence whose SPDX id or LicenseRef this is, whatever the case; GNU `-or-later` counts as its family."""
    low = expression.lower()
    found = _expressions().get(low) or _expressions().get(re.sub(r"(?:-or-later|\+)$", "-only", low))
    return terms(found) if found else None


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for head in _heads():  # an id or name always wins over another licence's alias
        for name in (head.id, head.name, head.expression, head.expression.removeprefix("LicenseRef-hf-")):
            names.setdefault(key(name), head.id)
    for head in _heads():
        for name in head.aliases:
            names.setdefault(key(name), head.id)
    names.pop("", None)
    return names


def by_name(name: str) -> Terms | None:
    """Give the licence that this id, name or known spelling stands for."""
    found = _names().get(key(name))
    return terms(found) if found else None
