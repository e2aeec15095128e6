"""The vocabulary of checks: what a check takes, what it may answer, and how it is registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

from openness_audit.checks.asked import card_unread, mentions_of, once_a_subject, texts_unread
from openness_audit.model.evidence import (
    STRENGTHS,
    Absent,
    Cause,
    Observed,
    Place,
    Strength,
    Unavailable,
)
from openness_audit.model.facts import Facts, Mention
from openness_audit.model.facts_files import FileFacts
from openness_audit.model.facts_origins import CodeRepository, RoleFound
from openness_audit.wording import few, listed, plural

__all__ = ["card_unread", "mentions_of", "once_a_subject", "texts_unread"]  # given on: checks take them from here

_NOT_ASKED = ("not-requested", "budget")  # hosts and repositories that no audit opens: the link counts as declared
MOST_NAMES = 3  # files named in a reason; the citations hold more


class Seen(Struct, frozen=True, kw_only=True):
    """The thing was observed, at these places; `words` fill the {placeholders} of a rule's `why`."""

    places: tuple[Place, ...]
    strength: Strength
    words: dict[str, str] = field(default_factory=dict)


class NotSeen(Struct, frozen=True, kw_only=True):
    """Every place in `searched` was read and the thing is not there; `instead` says what was seen in its stead."""

    searched: tuple[str, ...]
    instead: str = ""
    short: str = ""  # `instead` in a few words
    places: tuple[Place, ...] = ()  # where that was seen


class CouldNot(Struct, frozen=True, kw_only=True):
    """The thing was not observed, and a place that would show it could not be read."""

    causes: tuple[Cause, ...]
    searched: tuple[str, ...] = ()


Answer: TypeAlias = Seen | NotSeen | CouldNot
Args = TypeVar("Args", bound=Struct)


class NoArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """For checks without arguments."""


class Check(Struct, frozen=True, kw_only=True):
    """A registered check: its name, the Struct its `with` block must fit, its function and its one-line help."""

    name: str
    args: type[Struct]
    run: Callable[[Facts, Any], Answer]
    help: str


REGISTRY: dict[str, Check] = {}


def check(name: str, args: type[Args]) -> Callable[[Callable[[Facts, Args], Answer]], Callable[[Facts, Args], Answer]]:
    """Register a pure function `facts, args -> Seen | NotSeen | CouldNot` under the name rules call it by."""

    def register(function: Callable[[Facts, Args], Answer]) -> Callable[[Facts, Args], Answer]:
        if name in REGISTRY:
            raise ValueError(f"check {name} is registered twice")
        REGISTRY[name] = Check(name=name, args=args, run=function, help=(function.__doc__ or "").strip().split("\n")[0])
        return function

    return register


def call(facts: Facts, name: str, arguments: dict[str, Any]) -> Answer:
    """Run a registered check; an unknown name is a KeyError, unfit arguments a msgspec.ValidationError."""
    found = REGISTRY[name]
    read = _READ.get(id(arguments))
    if read is None or read[0] is not arguments or type(read[1]) is not found.args:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        read = _READ[id(arguments)] = arguments, msgspec.convert(arguments, found.args)
    return found.run(facts, read[1])


_MOST_READ: Final = 4_096  # ten times what the rules have
_READ: dict[int, tuple[dict[str, Any], Any]] = {}  # a rule's words as arguments; held, so that no id is another's


def seen(places: tuple[Place, ...], strength: Strength, **words: str) -> Seen:
    """Make a `Seen`; a witness without a place cannot be constructed."""
    if not places:
        raise ValueError("an observation must cite a place")
    return Seen(places=places, strength=strength, words=words)


def file_words(paths: Sequence[str]) -> dict[str, str]:
    """Name files for a rule's words: `names` the first few, `few` as short as can be, `count` and `files` all."""
    return {
        "names": listed(paths, MOST_NAMES),
        "few": few(paths),
        "count": str(len(paths)),
        "files": plural(len(paths), "file"),
    }


def texts_searched(facts: Facts) -> tuple[str, ...]:
    """Name the texts in which mentions were looked for."""
    return facts.searched


def from_mentions(facts: Facts, found: tuple[Mention, ...]) -> Answer:
    """Turn matching mentions into an answer: the strongest lead; none is `NotSeen` only if every text was read."""
    if found:
        ranked = sorted(found, key=lambda m: (-STRENGTHS[m.strength], m.place.line or 0, m.object))
        names = [m.object for m in ranked if m.object]
        return seen(
            tuple(dict.fromkeys(m.place for m in ranked)),
            ranked[0].strength,
            object=ranked[0].object,
            names=", ".join(dict.fromkeys(names)),
            few=few(names),
            count=str(len(found)),
            detail=ranked[0].place.excerpt or "",
        )
    return nothing_said(facts)


@once_a_subject
def nothing_said(facts: Facts) -> Answer:
    """Answer that no text says it, as far as every text was read."""
    causes, searched = texts_unread(facts), texts_searched(facts)
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)


class MentionArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`topic` and, optionally, `objects` (any of), `attrs` (all of), `without` (none of), `whose`, least `strength`."""

    topic: str
    objects: tuple[str, ...] = ()
    attrs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    whose: tuple[str, ...] = ("self",)
    polarity: tuple[str, ...] = ("affirmed",)
    strength: Strength = "none"
    at_least: int = 1


@check("mention", MentionArgs)
def mention(facts: Facts, args: MentionArgs) -> Answer:
    """A statement of the given topic stands in the card, its metadata, or an own repository's README."""
    found = tuple(
        m
        for m in mentions_of(facts, args.topic)
        if m.whose in args.whose
        and m.polarity in args.polarity
        and (not args.objects or m.object in args.objects)
        and set(args.attrs) <= m.attrs
        and not set(args.without) & m.attrs
        and STRENGTHS[m.strength] >= STRENGTHS[args.strength]
    )
    if len({m.object for m in found}) < args.at_least:
        found = ()
    return from_mentions(facts, found)


def listing_cut(files: FileFacts) -> Cause:
    """Say why a listing is not complete."""
    detail = "the listing was cut at a cap"
    return files.cut or Cause(code="too-large", source="file listing", retryable=False, detail=detail)


def listing_of(facts: Facts) -> FileFacts | CouldNot | NotSeen:
    """Give the listing, or the answer where there is none to look at."""
    if isinstance(facts.files, Unavailable):
        return CouldNot(causes=(facts.files.cause,))
    return NotSeen(searched=facts.files.searched) if isinstance(facts.files, Absent) else facts.files.value


def subject_place(facts: Facts) -> Place:
    """Cite the model itself: its record."""
    subject = facts.subject
    return subject.place or Place(kind="model-info", repo=subject.id, url=subject.url, sha=subject.sha)


def any_place(facts: Facts) -> tuple[Place, ...]:
    """Cite what says what the model was made from, or else its card or record."""
    if facts.lineage.places:
        return facts.lineage.places
    if isinstance(facts.card, Observed):
        return facts.card.places or (facts.card.value.place,)
    return (subject_place(facts),)


class FileArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`kinds`: any of the file groups of `FileGroup.kind`."""

    kinds: tuple[str, ...]
    at_least: int = 1


@check("file", FileArgs)
def file(facts: Facts, args: FileArgs) -> Answer:
    """The listing holds files of a kind."""
    files = listing_of(facts)
    if not isinstance(files, FileFacts):
        return files
    groups = [g for g in files.groups if g.kind in args.kinds]
    paths = [p for g in groups for p in g.paths]
    if len(paths) >= args.at_least:
        places = tuple(p for g in groups for p in g.places)
        return seen(places, files.strength, object=paths[0], **file_words(paths))
    if not files.complete:
        return CouldNot(causes=(listing_cut(files),), searched=("file listing",))
    return NotSeen(searched=("file listing",))


def _only_linked(repo: CodeRepository, role: RoleFound) -> bool:
    """Say whether a role is what the card's words promise of a repository that should have been read and was not."""
    unread = isinstance(repo.opened, Unavailable) and repo.opened.cause.code not in _NOT_ASKED
    return unread and role.strength != "verified"


class RepositoryArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`role`, the `levels` that count, and whether it must name this model or its family."""

    role: str
    levels: tuple[str, ...] = ("full",)
    for_subject: bool = False
    whose: tuple[str, ...] = ("self",)


@check("repository", RepositoryArgs)
def repository(facts: Facts, args: RepositoryArgs) -> Answer:
    """A linked code repository of the publisher plays a role (training, fine-tuning, evaluation ...) for this model."""
    found = [
        (repo, role)
        for repo in facts.code
        if repo.whose in args.whose and not isinstance(repo.opened, Absent)
        for role in repo.roles
        if role.role == args.role and role.level in args.levels and (role.for_subject or not args.for_subject)
        if not _only_linked(repo, role)
    ]
    if found:
        found.sort(key=lambda f: (-STRENGTHS[f[1].strength], f[0].key))
        repo, role = found[0]
        places = tuple(dict.fromkeys(p for r, o in found for p in (*o.places, *r.places)))
        return seen(places, role.strength, object=repo.key, detail=repo.why, **file_words(role.paths))
    causes = tuple(
        r.opened.cause for r in facts.code if r.whose in args.whose and isinstance(r.opened, Unavailable)
    ) + card_unread(facts)
    opened = tuple(r.key for r in facts.code if isinstance(r.opened, Observed) and r.whose in args.whose)
    searched = (*texts_searched(facts), *opened)
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)
