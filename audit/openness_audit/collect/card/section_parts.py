"""Read the parts of a model card: which headings open them, and what in them is content."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from openness_audit.collect.card.outline import content_of, count_words
from openness_audit.collect.card.section_words import PARTS, section_words
from openness_audit.model.card import Block

MAX_TITLE_WORDS: Final = 10
LEAST_WORDS: Final = 6  # of content below a heading
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n")
_NUMBER = re.compile(r"\d")
_DATA = re.compile(r"(?:training|train)\s(?:and|&)\seval\w*\sdata", re.IGNORECASE)

_OF_TRAINING = re.compile(r"\btrain\w*\s(?:result|metric|performance|accuracy|loss|score)", re.IGNORECASE)
Kind = Literal["content", "pointer", "nothing"]


@lru_cache(maxsize=2048)
def parts_of_title(title: str) -> tuple[str, ...]:
    """Name the parts a heading opens; a guide ("How to train") opens none."""
    words = section_words()
    if not title or len(title.split()) > MAX_TITLE_WORDS or words.not_headings.search(title):
        return ()
    found = [part for part in PARTS if words.headings[part].search(title)]
    if "evaluation" in found and (_DATA.search(title) or _OF_TRAINING.search(title)):
        found.remove("evaluation")
    if words.fine_tuning.search(title) and "training" not in found:
        found.append("training")
    specific = [part for part in found if part not in {"description", "architecture"}]
    return tuple(specific or found)


@lru_cache(maxsize=2048)
def is_usage(title: str) -> bool:
    """Say whether a heading opens usage, a licence, credits or files."""
    return bool(section_words().usage.search(title) or section_words().not_headings.search(title))


@lru_cache(maxsize=512)
def parts_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """Name the parts the text under these headings belongs to: those of the innermost heading that opens any."""
    for title in reversed(path):
        found = parts_of_title(title)
        if found:
            return found
        if section_words().not_headings.search(title):
            return ()
    return ()


def kind_of(block: Block, part: str) -> Kind:
    """Say whether a block is content of a part, or only leads elsewhere, or is nothing (template, code, a heading)."""
    if block.kind in {"code", "heading"} or block.citation:
        return "nothing"
    if block.kind == "table":
        filled = [row for row in block.rows[1:] if any(content_of(cell).strip() for cell in row[1:] or row)]
        return "content" if filled else "nothing"
    text = content_of(block.text)
    if not text.strip() or not count_words(text):
        return "nothing"
    kept = own_words(text)
    if part == "training" and _is_guide(block.text):
        return "nothing"
    if kept:
        return "content"
    return "pointer" if block.links or count_words(text) >= 2 else "nothing"


@lru_cache(maxsize=2048)
def own_words(text: str) -> int:
    """Count the words of a text without the sentences that only lead elsewhere or promise."""
    words = section_words()
    total = 0
    for sentence in _SENTENCE.split(text[:20_000]):
        if words.pointer.match(sentence) or words.leads.search(sentence) or words.promised.search(sentence):
            continue
        total += count_words(sentence)
    return total


def _is_guide(text: str) -> bool:
    """Say whether a text tells the reader how to train, rather than how the model was trained."""
    guide = re.match(
        r"\W*(?:to (?:fine|train)|you can|run the|use the following|we provide|how to)", text, re.IGNORECASE
    )
    return bool(guide) and not section_words().training_said.search(text)


def guides(block: Block, path: tuple[str, ...]) -> bool:
    """Say whether a block below a heading such as "Fine-tuning" nowhere says that this was done."""
    words = section_words()
    title = next((t for t in reversed(path) if parts_of_title(t)), "")
    if not words.fine_tuning.search(title) or words.headings["training"].search(title):
        return False
    return not words.done.search(block.text) and block.kind != "table"


def numbers_in(block: Block) -> int:
    """Count the rows or list entries of a block that hold a number."""
    if block.kind == "table":
        return sum(any(_NUMBER.search(cell) for cell in row[1:]) for row in block.rows[1:])
    return sum(bool(_NUMBER.search(line)) for line in block.text.split("\n"))
