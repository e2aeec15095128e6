"""Say which paragraphs of a card are tied to its subject, so that another card's could not stand there unnoticed.

A paragraph is tied where it names the subject, its publisher or a base model that the rest knows, links something of
theirs or a file of the repository, or stands below a heading on what it is about. What only words without such a tie
say gives at most `partial`: nobody could tell it from a paragraph of another card.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.foreign import Reader, chunks
from openness_audit.collect.attribution.foreign_marks import Chunk, links_of, names_subject, steps_of, text_of
from openness_audit.collect.attribution.foreign_names import telling
from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.attribution.words import phrases, read_vocabulary
from openness_audit.collect.card.builder import PSEUDO_LEVEL
from openness_audit.collect.card.outline import is_placeholder
from openness_audit.collect.card.section_parts import parts_of_title
from openness_audit.collect.code.vocabulary import normal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.collect.attribution.identity import Identity
    from openness_audit.model.capture import RepoInfo
    from openness_audit.model.card import Card
    from openness_audit.model.facts import Mention
    from openness_audit.model.facts_origins import DataSet, Lineage

_ACRONYM: Final = 3  # letters of an abbreviated name
_CAPITALS = re.compile(r"\b[A-Z]{3,12}\b")
UNTIED: Final = "untied"  # the attribute of a mention that nothing ties to the subject


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """The headings that tie statements of one topic."""

    parts: frozenset[str]
    headings: tuple[str, ...]


@cache
def _topics() -> dict[str, tuple[frozenset[str], re.Pattern[str] | None]]:
    """Load `rules/vocabulary/ties.yaml`, once."""
    raw = msgspec.convert(read_vocabulary("ties")["topics"], dict[str, Topic])
    return {name: (t.parts, phrases(t.headings) if t.headings else None) for name, t in raw.items()}


class Ties(Struct, frozen=True):
    """The paragraphs of one card by their first lines: the headings above each, and whether it is tied by itself."""

    starts: tuple[int, ...] = ()
    paths: tuple[tuple[str, ...], ...] = ()
    named: tuple[bool, ...] = ()
    lists: frozenset[int] = frozenset()  # first lines of lists beside a tied one, below one heading

    def tied(self, line: int | None, topic: str) -> bool:
        """Say whether what stands in this line is tied to the subject, as a statement on this topic."""
        at = bisect_right(self.starts, line or 0) - 1
        if at < 0 or self.named[at]:
            return True
        if topic == "data-set" and self.starts[at] in self.lists:  # a list of properties goes on behind an empty line
            return True
        parts, words = _topics().get(topic, (None, None))
        if parts is None:
            return True
        return any(parts & set(parts_of_title(t)) or (words and words.search(t)) for t in self.paths[at])


ALL_TIED: Final = Ties()


def ties_of(card: Card | None, info: RepoInfo, lineage: Lineage, paths: Iterable[str]) -> Ties:
    """Look at every paragraph of the subject's card.

    Args:
        card: the card without the paragraphs that are about other models; None where there is none.
        info: the Hub's record of the subject.
        lineage: what the model was made from.
        paths: the files of the repository.

    Returns:
        What ties each of its paragraphs.
    """
    if card is None:
        return Ties()
    reader, files = Reader(card, info, lineage), {p.lower() for p in paths}
    every = chunks(card)
    titles = _titles(card)
    opener = _generated(every, info)
    named = [c[0].kind == "heading" or n == opener or _named(c, reader, files) for n, c in enumerate(every)]
    lists = {c[0].section for c, tied in zip(every, named, strict=True) if tied and c[0].kind == "list-item"}
    return Ties(
        starts=tuple(c[0].line for c in every),
        paths=tuple(titles[c[0].section] for c in every),
        named=tuple(named),
        lists=frozenset(c[0].line for c in every if c[0].kind == "list-item" and c[0].section in lists),
    )


def _generated(every: tuple[Chunk, ...], info: RepoInfo) -> int:
    """Give the number of the paragraph that a training library wrote below the model's name; -1 where there is none."""
    marks = {normal(t) for t in read_vocabulary("ties")["generated"]}
    if not any(normal(tag) in marks for tag in info.tags):
        return -1
    name = normal(info.id.rpartition("/")[2])
    return next((n + 1 for n, c in enumerate(every) if c[0].kind == "heading" and normal(c[0].text) == name), -1)


def _titles(card: Card) -> list[tuple[str, ...]]:
    """Give for every section the headings that can tie what stands in it."""
    stack: list[tuple[int, str]] = []
    found: list[tuple[str, ...]] = []
    real: list[int] = []  # by section: the one of its last heading that is not in bold only
    for section in card.sections:
        if section.level != PSEUDO_LEVEL:
            while stack and stack[-1][0] >= section.level:
                stack.pop()
            stack.append((section.level, section.title))
            real.append(section.index)
        else:
            real.append(real[-1] if real else 0)
        found.append(tuple(title for _, title in stack if title))
    empty = {real[b.section] for b in card.blocks if is_placeholder(b)}
    return [() if real[index] in empty else path for index, path in enumerate(found)]


def _named(chunk: Chunk, reader: Reader, files: set[str]) -> bool:
    """Say whether a paragraph names the subject, its publisher or base model, or links a file of the repository."""
    known = reader.known(chunk)
    if names_subject(chunk, known) or reader.backed(chunk) or _abbreviated(text_of(chunk), known.identity.name):
        return True
    if any(n.whose == "base" for n in names_in(text_of(chunk), known.identity)):
        return True
    return any("://" not in k.url and "/".join(steps_of(k.url)).lower() in files for k in links_of(chunk) if k.url)


def _abbreviated(text: str, name: str) -> bool:
    """Say whether a text calls the subject by the first letters of its name: SVD for stable-video-diffusion-xt."""
    short = _acronyms(name)
    return bool(short) and not short.isdisjoint(_CAPITALS.findall(text))


@lru_cache(maxsize=16)
def _acronyms(name: str) -> frozenset[str]:
    letters = "".join(w[0] for w in re.split(r"[\W_]+", name) if w).upper()
    return frozenset(letters[:n] for n in range(_ACRONYM, len(letters) + 1))


def marked(mentions: Iterable[Mention], ties: Ties) -> list[Mention]:
    """Mark the statements of the card that nothing ties to the subject."""
    return [
        msgspec.structs.replace(m, attrs=m.attrs | {UNTIED})
        if m.place.kind == "card" and m.whose == "self" and not ties.tied(m.place.line, _topic(m))
        else m
        for m in mentions
    ]


def _topic(mention: Mention) -> str:
    return f"section-{mention.object}" if mention.topic == "card-section" else mention.topic


def tied_lineage(lineage: Lineage, ties: Ties, identity: Identity) -> Lineage:
    """Mark the base models that only paragraphs without a tie name, and that the subject's name does not hold."""
    own = telling(identity.name)
    parents = tuple(
        msgspec.structs.replace(
            p,
            tied=any(a.kind != "card" or ties.tied(a.line, "lineage") for a in p.places)
            or bool(own & telling(p.name.rpartition("/")[2])),
        )
        for p in lineage.parents
    )
    said = lineage.tuned is not True or any(a.kind != "card" or ties.tied(a.line, "lineage") for a in lineage.places)
    sure = any(p.tied for p in parents) if parents else said or not lineage.places
    return msgspec.structs.replace(lineage, parents=parents, sure=sure)


def tied_data(data: Iterable[DataSet], ties: Ties, identity: Identity) -> tuple[DataSet, ...]:
    """Mark the data sets that only paragraphs without a tie name, and after which the subject is not called either."""
    own = telling(identity.name)
    return tuple(
        msgspec.structs.replace(
            d,
            tied=any(p.kind != "card" or ties.tied(p.line, "data-set") for p in d.places)
            or bool(own & telling(d.name.rpartition("/")[2])),
        )
        for d in data
    )
