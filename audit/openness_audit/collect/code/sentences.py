"""Walk through the sentences of cards, each with its headings and with whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.decide import whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.code.links import is_original
from openness_audit.collect.code.owner import COPIES
from openness_audit.collect.code.vocabulary import code_words
from openness_audit.collect.once import once_a_card
from openness_audit.collect.places import info_place
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Polarity, Whose

MAX_BLOCK: Final = 20_000  # characters of a block that are read
_OWNER = re.compile(r"[\w.-]{1,40}/$")  # of "owner/tool"
_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|[。！？]|\n(?=\s*(?:[-*•]|\d+\.)\s)|\n\s*\n")


class Sentence(Struct, frozen=True):
    """One sentence: where it stands, its text, and the addresses linked in it."""

    card: Card
    block: Block
    start: int
    text: str
    urls: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """Give the headings above it, outermost first."""
        return self.card.path_of(self.block)

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Cite a part of the sentence, by default all of it."""
        last = len(self.text) if end is None else end
        return cite_at(self.card, self.block, self.start + start, self.start + last)


def sentences(card: Card) -> Iterator[Sentence]:
    """Give the sentences of a card's prose, lists, headings and tables; code, templates and citations are left out."""
    for block in card.blocks:
        if block.kind == "code" or block.citation or card.sections[block.section].template:
            continue
        text = block.text[:MAX_BLOCK]
        start = 0
        for match in (*_END.finditer(text), None):
            end = match.start() if match else len(text)
            part = text[start:end]
            if part.strip():
                yield Sentence(card, block, start, part, _urls(block, part, start, text))
            start = match.end() if match else end


def _urls(block: Block, part: str, start: int, text: str) -> tuple[str, ...]:
    if not block.links:
        return ()
    if len(part) == len(text):
        return tuple(link.url for link in block.links)
    first = block.line + text.count("\n", 0, start)
    last = first + part.count("\n")
    return tuple(
        link.url
        for link in block.links
        if (link.text and link.text in part) or (not link.text and first <= link.line <= last)
    )


@once_a_card
def by_section(card: Card) -> dict[int, list[Block]]:
    """Give the blocks of each section, citations left out."""
    found: dict[int, list[Block]] = {section.index: [] for section in card.sections}
    for block in card.blocks:
        if not block.citation:
            found[block.section].append(block)
    return found


def about(sentence: Sentence, identity: Identity, at: int | None = None, end: int | None = None) -> Whose:
    """Say which model a sentence is about; never `self` below the heading of a copied card.

    `at`..`end` is a tool's name: it is masked with its owner, since some tools are called like models (GPT-NeoX).
    """
    text = sentence.text
    if at is not None and end is not None:
        owner = _OWNER.search(text[max(0, at - 60) : at])
        at -= len(owner.group()) if owner else 0
        text = text[:at] + "tool".ljust(end - at)[: end - at] + text[end:]
    return block_about(sentence.card, sentence.block, text, identity, at)


def block_about(card: Card, block: Block, text: str, identity: Identity, at: int | None = None) -> Whose:
    """Say which model a text in a block is about."""
    if is_original(card, block):
        return "base"
    return whose(text, card.path_of(block), identity, at)


def polarity(text: str) -> Polarity:
    """Say whether a sentence affirms, denies or promises."""
    words = code_words()
    if words.patterns["denied"].search(text):
        return "denied"
    return "promised" if words.patterns["promised"].search(text) else "affirmed"


def metadata_whose(identity: Identity) -> Whose:
    """Say whose the metadata's tags are: a copy repeats those of its base."""
    return "base" if identity.derivation in COPIES else "self"


def metadata_place(card: Card | None, info: RepoInfo, key: str, excerpt: str) -> Place:
    """Cite a key of the front matter, or the Hub's record where the card does not hold it."""
    line = card.front_matter.lines.get(key) if card is not None else None
    if card is not None and line is not None:
        return card.document.at(line, excerpt, text_kind="yaml")
    return info_place(info, excerpt)
