"""Load what is known about each licence: names, family, conditions and limitations, each file with its evidence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct, field

from openness_audit.errors import RuleError
from openness_audit.licenses.clauses import Act, Effect, UseId, vocabulary

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


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Reduce a licence name to what tells it apart: lower case, no filler words, no punctuation but `+`.

    "Apache License, Version 2.0", "apache-2.0" and "Apache 2.0 licence" give the same key.
    """
    spaced = name.replace("++", " plus plus ").replace("_", " ")
    return _NOT_WORD.sub("", _FILLER.sub(" ", spaced).lower())


@cache
def all_terms() -> dict[str, Terms]:
    """Read every `rules/licenses/*.yaml` once, by id; RuleError names a malformed file."""
    import yaml  # noqa: PLC0415 - lazy: --help must not load it

    found: dict[str, Terms] = {}
    folder = files("openness_audit.rules").joinpath("licenses")
    for source in sorted(folder.iterdir(), key=lambda s: s.name):
        if not source.name.endswith(".yaml"):
            continue
        try:
            entry = msgspec.convert(yaml.load(source.read_bytes(), yaml.CSafeLoader), Terms)
        except (msgspec.ValidationError, yaml.YAMLError) as problem:
            raise RuleError(f"licenses/{source.name}: {problem}") from problem
        if source.name != f"{entry.id}.yaml":
            raise RuleError(f"licenses/{source.name}: id {entry.id} is not the file's name")
        _check(entry)
        found[entry.id] = entry
    return found


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


def terms(license_id: str) -> Terms:
    """Give one licence by its id; KeyError for an unknown one."""
    return all_terms()[license_id]


@cache
def _expressions() -> dict[str, Terms]:
    return {entry.expression.lower(): entry for entry in all_terms().values() if entry.expression != "NOASSERTION"}


def by_expression(expression: str) -> Terms | None:
    """Give the licence whose SPDX id or LicenseRef this is, whatever the case; GNU `-or-later` counts as its family."""
    low = expression.lower()
    return _expressions().get(low) or _expressions().get(re.sub(r"(?:-or-later|\+)$", "-only", low))


@cache
def _names() -> dict[str, Terms]:
    names: dict[str, Terms] = {}
    for entry in all_terms().values():  # an id or name always wins over another licence's alias
        for name in (entry.id, entry.name, entry.expression, entry.expression.removeprefix("LicenseRef-hf-")):
            names.setdefault(key(name), entry)
    for entry in all_terms().values():
        for name in entry.aliases:
            names.setdefault(key(name), entry)
    names.pop("", None)
    return names


def by_name(name: str) -> Terms | None:
    """Give the licence that this id, name or known spelling stands for."""
    return _names().get(key(name))
