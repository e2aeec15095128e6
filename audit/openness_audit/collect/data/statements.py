"""Find what a card itself says to document the training data."""

from __future__ import annotations

from typing import Final

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.data.context import heading_of, sentences_of
from openness_audit.collect.data.found import Ground
from openness_audit.collect.data.unnamed import objects_in
from openness_audit.collect.data.vocabulary import data_words
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose
from openness_audit.model.facts import Mention
from openness_audit.model.facts_origins import Lineage

LEAST_SENTENCES: Final = 2  # "more than a sentence" (criteria.md section 3)
LEAST_WORDS: Final = 15
LONG_FIELD: Final = 20  # words of a labelled field that say as much as two sentences
LEAST_ITEMS: Final = 3  # items or rows that stand for sentences
MAX_LABEL: Final = 48


def data_statements(cards: tuple[Card, ...], identity: Identity, lineage: Lineage) -> tuple[Mention, ...]:
    """Give the statements about training data: one per section or labelled paragraph, and AI-Act summaries.

    Args:
        cards: the model's card and own repositories' READMEs.
        identity: the subject's names.
        lineage: what it was made from.

    Returns:
        Mentions of topic `data-statement`; attribute `section` where there is more than one sentence of content,
        `summary` where a summary of training content is linked or given.
    """
    ground = Ground(identity, lineage)
    rows: list[Mention] = []
    for card in cards:
        rows += _sections(card, ground)
        rows += _labelled(card, ground)
        rows += _summaries(card, ground)
    return tuple(rows)


def _content(block: Block) -> bool:
    return not block.citation and block.kind in {"paragraph", "list-item", "table", "quote"}


def _sections(card: Card, ground: Ground) -> list[Mention]:
    """Read the sections headed as training data."""
    rows = []
    for section in card.sections:
        if heading_of(section.path[-1:]).role != "data" or section.template:
            continue
        inside = [s.index for s in card.sections if s.path[: len(section.path)] == section.path]
        blocks = [b for b in card.blocks if b.section in inside and b.line >= section.line and _content(b)]
        if blocks:
            said = section_whose(section.path, ground.identity)
            rows.append(_mention(card, blocks, section.title, said))
    return rows


def _labelled(card: Card, ground: Ground) -> list[Mention]:
    """Read paragraphs and items that begin with a label, and paragraphs about training data outside such sections."""
    rows = []
    for block in card.blocks:
        if not _content(block) or block.kind == "table" or heading_of(card.path_of(block)[-1:]).role == "data":
            continue
        label, colon, rest = block.text.partition(":")
        headed = bool(colon) and len(label) <= MAX_LABEL and data_words().label_gate.may(block.text)
        labelled = headed and heading_of((label.strip(" *_`"),)).role == "data"
        if not labelled and not _about_data(block.text):
            continue
        path = card.path_of(block)
        said = section_whose(path, ground.identity) if labelled else whose(block.text, path, ground.identity)
        title = label.strip(" *_`") if labelled and rest.strip() else "training data"
        rows.append(_mention(card, [block], title, said, long=labelled and len(rest.split()) >= LONG_FIELD))
    return rows


def _about_data(text: str) -> bool:
    """Say whether two sentences or more of a paragraph speak of the data that was trained on."""
    if not data_words().verb_gate.may(text):
        return False
    told = [s for s in sentences_of(text[:20_000]) if any(stop is not None for _, stop in objects_in(s.text))]
    return len(told) >= LEAST_SENTENCES


def _mention(card: Card, blocks: list[Block], title: str, said: Whose, *, long: bool = False) -> Mention:
    """Make the statement, marked where it is more than one sentence."""
    sentences, words, items = 0, 0, 0
    for block in blocks:
        if block.kind in {"list-item", "table"}:
            items += max(1, len(block.rows) - 1)
        for sentence in sentences_of(block.text[:20_000]):
            count = len(sentence.text.split())
            if not (data_words().statement_pointers.search(sentence.text) and count <= 30):
                sentences += 1
                words += count
    enough = long or (sentences >= LEAST_SENTENCES and words >= LEAST_WORDS) or items >= LEAST_ITEMS
    return Mention(
        topic="data-statement",
        object=title[:80],
        whose=said,
        place=card.cite(blocks[0]),
        strength="declared" if enough else "claimed",
        attrs=frozenset({"section"} if enough else ()),
    )


def _summaries(card: Card, ground: Ground) -> list[Mention]:
    """Find a public summary of training content (AI Act, Art. 53) by heading or link, and links to data sheets."""
    words = data_words()
    rows = []
    for block in card.blocks:
        if block.citation:
            continue
        headed = block.kind == "heading" and words.statement_summary.search(block.text) is not None
        told = [(k, "summary") for k in block.links if words.statement_summary.search(k.text)]
        told += [(k, "linked") for k in block.links if words.statement_links.search(k.text)]
        if not told and not headed:
            continue
        rows.append(
            Mention(
                topic="data-statement",
                object=" ".join(told[0][0].text.split())[:80] if told else block.text[:80],
                whose=section_whose(card.path_of(block), ground.identity),
                place=card.cite(block, told[0][0].text if told else None),
                strength="declared",
                attrs=frozenset({told[0][1] if told else "summary"}),
            )
        )
    return rows
