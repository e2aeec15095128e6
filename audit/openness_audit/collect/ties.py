"""Say which paragraphs of a card are tied to its subject, so that another card's could not stand there unnoticed.

A paragraph is tied where it names the subject, its publisher or a base model that the rest knows, links something of
theirs or a file of the repository, or stands below a heading on what it is about. What only words without such a tie
say gives at most `partial`: nobody could tell it from a paragraph of another card.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution_names import names_in
from openness_audit.collect.attribution_words import phrases, read_vocabulary
from openness_audit.collect.foreign import Reader, chunks
from openness_audit.collect.foreign_marks import Chunk, links_of, names_subject, steps_of, text_of
from openness_audit.collect.foreign_names import telling
from openness_audit.collect.sections_parts import parts_of_title

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from openness_audit.collect.identity import Identity
    from openness_audit.model.capture import RepoInfo
    from openness_audit.model.card import Card
    from openness_audit.model.facts import DataSet, Lineage, Mention

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

    def tied(self, line: int | None, topic: str) -> bool:
        """Say whether what stands in this line is tied to the subject, as a statement on this topic."""
        at = bisect_right(self.starts, line or 0) - 1
        if at < 0 or self.named[at]:
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
    every = list(chunks(card))
    named = [c[0].kind == "heading" or _named(c, reader, files) for c in every]
    lists = {c[0].section for c, tied in zip(every, named, strict=True) if tied and c[0].kind == "list-item"}
    return Ties(
        starts=tuple(c[0].line for c in every),
        paths=tuple(card.path_of(c[0]) for c in every),
        named=tuple(
            tied or (c[0].kind == "list-item" and c[0].section in lists)  # a list goes on behind an empty line
            for c, tied in zip(every, named, strict=True)
        ),
    )


def _named(chunk: Chunk, reader: Reader, files: set[str]) -> bool:
    """Say whether a paragraph names the subject, its publisher or base model, or links a file of the repository."""
    known = reader.known(chunk)
    if names_subject(chunk, known) or reader.backed(chunk):
        return True
    if any(n.whose == "base" for n in names_in(text_of(chunk), known.identity)):
        return True
    return any("://" not in k.url and "/".join(steps_of(k.url)).lower() in files for k in links_of(chunk) if k.url)


def marked(mentions: Iterable[Mention], ties: Ties) -> list[Mention]:
    """Mark the statements of the card that nothing ties to the subject."""
    return [
        msgspec.structs.replace(m, attrs=m.attrs | {UNTIED})
        if m.place.kind == "card" and m.whose == "self" and not ties.tied(m.place.line, m.topic)
        else m
        for m in mentions
    ]


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
