"""Tell whether a path, a name or a text names the subject, and whether two organisations are one."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity, aliases_of, family_of
from openness_audit.collect.code.spellings import Spellings, spellings
from openness_audit.collect.code.vocabulary import code_words, normal

_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_VERSION = re.compile(r"[-_. ]?v?(\d{1,2}(?:\.\d{1,2})?)(?![\d]*[bm]\b)(?![\d.]*\d)", re.IGNORECASE)
_COMMON = 4  # letters a name needs before its mere occurrence means something
_ENDS = ("", " ", "\n", '"', "'", "`", ")", ",", ";", "\\")  # what may follow a model's id in a command
_PREFIX = 5  # letters two organisations must share to be one


class SubjectNames(Struct, frozen=True):
    """The subject's names, ready to look for.

    `own` are not its base models' names; `strict` are only whole names where the base models are not known, so that a
    family name may be theirs; `version` is the family's number.
    """

    name: str
    own: Spellings | None
    strict: Spellings | None
    family: frozenset[str]
    inherited: bool  # the family's name is the base model's too
    heads: frozenset[str]  # what a version can follow

    @property
    def versioned(self) -> re.Pattern[str] | None:
        """Find the family's name with a version."""
        return _versioned(self.heads) if self.heads else None

    @property
    def version(self) -> str:
        """Give the version in the model's own name, if there is one."""
        first = self.versioned.search(self.name) if self.versioned else None
        return first.group(1) if first else ""

    def named_in(self, text: str) -> bool:
        """Say whether the text names this model or its family."""
        return self.own is not None and self.own.found_in(text)

    def whole(self) -> SubjectNames:
        """Give the same names for a foreign repository, where a family name alone may be the base model's."""
        return msgspec.structs.replace(self, own=self.strict)

    def siblings_only(self, texts: list[str]) -> bool:
        """Say whether the texts name other versions of the family and never this one."""
        version, versioned = self.version, self.versioned
        if versioned is None or not version:
            return False
        seen = {m.group(1) for text in texts for m in versioned.finditer(text)}
        return bool(seen) and version not in seen


def _is_brand(lead: str, identity: Identity) -> bool:
    """Say whether the first word of a longer name is the publisher's (`internlm-xcomposer` of internlm)."""
    longer = any(re.match(rf"{re.escape(lead)}[-_. ][a-z]", name) for name in identity.family)
    return longer and same_organisation(lead, identity.org)


def _uncertain(identity: Identity) -> bool:
    return identity.derivation != "base" and not identity.parent_ids and not identity.parent_names


@lru_cache(maxsize=64)
def _versioned(heads: frozenset[str]) -> re.Pattern[str]:
    joined = "|".join(sorted(map(re.escape, heads)))
    return re.compile(rf"(?<![a-z0-9])(?:{joined}){_VERSION.pattern}", re.IGNORECASE)


@lru_cache(maxsize=64)
def subject_names(identity: Identity) -> SubjectNames:
    """Gather the names of a subject; words it shares with other publishers' base models are left out of `own`."""
    shared: set[str] = set(identity.parent_names)
    relatives: set[str] = set()  # names of base models by the same publisher: the project's own
    for parent in (*identity.parent_ids, *identity.parent_names):
        org, _, name = parent.rpartition("/")
        names = family_of(name) | aliases_of(name)
        if org and same_organisation(org, identity.org):
            relatives |= names
        else:
            shared |= names
    shared -= relatives
    lead = re.split(r"[-_. ]", identity.name.lower())[0]
    words = {w for w in identity.family | identity.aliases if len(w) >= _COMMON or w == lead}
    if re.fullmatch(r"[a-z]+\d+[a-z]*", lead):  # t5, phi2: short, but no word
        words.add(lead)
    if _is_brand(lead, identity):
        words = {w for w in words if re.search(r"[-_. ]", w) or not same_organisation(w, identity.org)}
    common = code_words().sets["organisation_words"]
    own = {w for w in words | relatives if w not in shared and w not in common and (len(w) >= _COMMON or w in words)}
    strict = own & {w for w in identity.aliases if re.search(r"[-_. ]", w)} if _uncertain(identity) else own
    bare = {re.sub(r"\d+(?:\.\d+)?$", "", re.split(r"[-_ ]", f)[0]) for f in identity.family}
    return SubjectNames(
        name=identity.name,
        own=spellings(own),
        strict=spellings(strict),
        family=frozenset(words),
        inherited=bool(identity.family & (shared | relatives)),
        heads=frozenset(b for b in bare if len(b) >= 3),
    )


@lru_cache(maxsize=4096)
def same_organisation(one: str, two: str) -> bool:
    """Say whether two account names belong to one publisher, by spelling or by the list of organisations."""
    a, b = normal(one), normal(two)
    if not a or not b:
        return False
    words = code_words()
    if a == b or words.organisations.get(a, frozenset()) & words.organisations.get(b, frozenset()):
        return True
    short, long = sorted((a, b), key=len)
    common = words.sets["organisation_words"]
    if len(short) >= _PREFIX and long.startswith(short) and short not in common:
        return True
    first, second = (_first_word(name) for name in (one, two))
    return first == second and len(first) >= _PREFIX and first not in common


def _first_word(name: str) -> str:
    parts = [p for p in re.split(r"[-_.]", name) if p]
    return normal(parts[0]) if parts else ""


def publisher_owns(owner: str, repo: str, identity: Identity) -> bool:
    """Say whether a code host's account, or a repository named after the project, is the publisher's."""
    if identity.org and same_organisation(owner, identity.org):
        return True
    if any(same_organisation(owner, name) for name in identity.project):
        return True
    return len(normal(identity.org)) >= _PREFIX and normal(repo) == normal(identity.org)


def parent_owns(owner: str, identity: Identity) -> bool:
    """Say whether a code host's account belongs to the publisher of a base model, also one the model is named after."""
    if len(normal(owner)) >= _PREFIX and normal(identity.name).startswith(normal(owner)):
        return True  # "Meta-Llama-3-8B" by somebody who is not meta-llama
    return any("/" in parent and same_organisation(owner, parent.split("/")[0]) for parent in identity.parent_ids)


def names_parent(repo: str, identity: Identity) -> bool:
    """Say whether a repository is named after a base model."""
    low = repo.lower()
    parents: set[str] = set(identity.parent_names)
    for parent in identity.parent_ids:
        parents |= family_of(parent.rpartition("/")[2])
    return any(len(p) >= _COMMON and normal(p) == normal(low) for p in parents)


def starts_from(text: str, identity: Identity) -> bool:
    """Say whether a command or configuration takes the finished model itself, and none of its base models."""
    low, own = text.lower(), identity.id.lower()
    at = low.find(own)
    if at < 0 or "/" not in own or any(parent.lower() in low for parent in identity.parent_ids):
        return False
    takes = code_words().patterns["commands.takes"]
    while at >= 0:
        if low[at + len(own) : at + len(own) + 1] in _ENDS and takes.search(low, max(0, at - 60), at):
            return True
        at = low.find(own, at + 1)
    return False
