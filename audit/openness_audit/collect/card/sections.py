"""Say which parts of a model card have content: description, architecture, training, evaluation, limits, use."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.ties import ALL_TIED, Ties
from openness_audit.collect.card.outline import content_of, count_words
from openness_audit.collect.card.section_parts import (
    LEAST_WORDS,
    guides,
    is_usage,
    kind_of,
    numbers_in,
    own_words,
    parts_of,
    parts_of_title,
)
from openness_audit.collect.card.section_words import PARTS, section_words
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIBES: Final = 8  # words of a paragraph that says what the model is
LABELLED: Final = 8  # words behind a label such as "Limitations:"
FEW_SENTENCES: Final = 2  # a card of so many and nothing else is no model card (criteria.md section 3)
_COPIES: Final = frozenset({"quantized", "conversion", "reupload"})
_LABEL = re.compile(r"\W{0,4}(?P<label>[^\n:：]{3,60}?)\W{0,3}[:：]\W{0,4}(?P<rest>[^\n]{10,})")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n\s*\n")
_NUMBER = re.compile(r"\d")


def section_mentions(cards: tuple[Card, ...], identity: Identity, ties: Ties = ALL_TIED) -> tuple[Mention, ...]:
    """List the parts of the model card that are there.

    Args:
        cards: the model card; an own repository's README documents code, and is no model card.
        identity: the subject's names.
        ties: the card's paragraphs that are tied to the subject; of a part's places these are cited first.

    Returns:
        One mention per part found, with attr `content` where something is written and `pointer` where the part only
        leads elsewhere. Template text is nothing. In a copy's card (quantization, conversion, re-upload) the quoted
        card of the original counts, elsewhere it is the base's.
    """
    found: list[Mention] = []
    for card in cards:
        if card.role == "card":
            found += _Reader(card, identity, ties).read()
    return tuple(found)


class _Reader:
    """Collects the parts of one card."""

    def __init__(self, card: Card, identity: Identity, ties: Ties) -> None:
        self.card = card
        self.identity = identity
        self.ties = ties
        self.owners: dict[int, Whose] = {}  # by section
        self.words: dict[tuple[str, Whose], int] = defaultdict(int)
        self.places: dict[tuple[str, Whose], list[Place]] = defaultdict(list)
        self.pointers: dict[tuple[str, Whose], list[Place]] = defaultdict(list)

    def read(self) -> list[Mention]:
        """Read every block, then the metadata."""
        for block in self.card.blocks:
            owner = self._owner(block)
            if owner == "other" or block.kind == "heading":
                continue
            found = [*self._headed(block), *self._by_content(block)]
            if found and owner == "self" and self._about_base(block):
                owner = "base"
            for part, words in found:
                self._add(part, owner, block, words)
        self._model_index()
        self._described()
        return self._mentions()

    def _owner(self, block: Block) -> Whose:
        """Say whose a block is by the headings above it."""
        known = self.owners.get(block.section)
        if known is None:
            known = section_whose(self.card.path_of(block), self.identity)
            known = self.owners[block.section] = (
                "self" if known == "base" and self.identity.derivation in _COPIES else known
            )
        return known

    def _about_base(self, block: Block) -> bool:
        """Say whether a derived model's card speaks of its base here: a pasted card says nothing of this model."""
        if self.identity.derivation in _COPIES or not self.identity.parent_names or block.kind == "code":
            return False
        return whose(block.text[:600], (), self.identity) == "base"

    def _add(self, part: str, owner: Whose, block: Block, words: int | None) -> None:
        """Count words to a part; None for what only leads elsewhere."""
        place = self.card.cite(block)
        if words is None:
            self.pointers[part, owner].append(place)
        else:
            self.words[part, owner] += words
            self.places[part, owner].append(place)

    def _headed(self, block: Block) -> Iterator[tuple[str, int | None]]:
        """Give the parts which the heading opens that a block stands under."""
        path = self.card.path_of(block)
        for part in parts_of(path):
            if part == "training" and guides(block, path):
                continue
            if part in {"description", "intended-use"} and is_usage(path[-1]) and not parts_of_title(path[-1]):
                continue
            kind = kind_of(block, part)
            if kind == "content":
                yield part, LEAST_WORDS if block.kind == "table" else own_words(content_of(block.text))
            elif kind == "pointer":
                yield part, None

    def _by_content(self, block: Block) -> Iterator[tuple[str, int]]:
        """Give the parts to which a block belongs whatever heading it stands under."""
        if block.kind in {"code", "heading"} or block.citation:
            return
        words = section_words()
        if block.kind in {"table", "list-item"}:
            if len(set(_low(words.hyperparameters.findall(block.text)))) >= 3 and numbers_in(block):
                yield "training", LEAST_WORDS
            if len(set(_low(words.architecture_facts.findall(block.text)))) >= 3 and numbers_in(block) >= 2:
                yield "architecture", LEAST_WORDS
        if block.kind == "table":
            return
        label = _LABEL.match(block.text)
        if label and len(label["label"].split()) <= 5:
            for part in parts_of_title(label["label"].strip()):
                if own_words(content_of(label["rest"])) >= LABELLED:
                    yield part, LABELLED
        text = block.text[:10_000]
        said = {part: pattern for part, pattern in words.said.items() if pattern.search(text)}
        for sentence in _SENTENCE.split(text) if said else ():
            yield from self._said(sentence, said, block)

    def _said(self, sentence: str, said: dict[str, re.Pattern[str]], block: Block) -> Iterator[tuple[str, int]]:
        """Give the parts a sentence belongs to that says something of the model's limits, use, structure or results."""
        if count_words(sentence) < DESCRIBES or own_words(sentence) < DESCRIBES:
            return
        for part, pattern in said.items():
            if not pattern.search(sentence):
                continue
            if part == "evaluation" and not (_NUMBER.search(sentence) or "following results" in sentence.lower()):
                continue
            if whose(sentence, self.card.path_of(block), self.identity) == "self":
                yield part, LEAST_WORDS

    def _model_index(self) -> None:
        """Count results in the metadata as the evaluation part (criteria.md section 3)."""
        front = self.card.front_matter
        index = front.values.get("model-index")
        if isinstance(index, list) and any(isinstance(i, dict) and _has_results(i) for i in index):
            place = self.card.document.at(front.lines.get("model-index", 1), "model-index", text_kind="yaml")
            self.words["evaluation", "self"] += LEAST_WORDS
            self.places["evaluation", "self"].append(place)

    def _described(self) -> None:
        """Find what says what the model is: the first paragraph of prose that is not usage, licence or template."""
        for block in self.card.blocks:
            path = self.card.path_of(block)
            if block.kind not in {"paragraph", "quote", "list-item"} or block.citation or self._owner(block) != "self":
                continue
            if any(is_usage(t) for t in path[1:]) or any(
                p not in {"description", "architecture"} for p in parts_of(path)
            ):
                continue
            text = content_of(block.text)
            if own_words(text) >= DESCRIBES:
                self._add("description", "self", block, DESCRIBES)
                return

    def _rich(self) -> bool:
        """Say whether the card is more than one or two sentences, usage and words that only lead elsewhere apart."""
        sentences = extras = 0
        for block in self.card.blocks:
            if block.kind == "heading" or block.citation or any(is_usage(t) for t in self.card.path_of(block)[1:]):
                continue
            text = content_of(block.text)
            if block.kind in {"code", "table", "list-item"}:
                extras += bool(block.kind == "code" or text.strip())
            else:
                sentences += sum(own_words(s) >= 3 for s in _SENTENCE.split(text))
            if sentences > FEW_SENTENCES:
                return True
        return sentences > 0 and extras > 0

    def _mentions(self) -> list[Mention]:
        rich = self._rich()
        found = []
        for part in PARTS:
            for owner in ("self", "base"):
                key: tuple[str, Whose] = (part, "self" if owner == "self" else "base")
                enough = self.words[key] >= LEAST_WORDS and (part != "description" or rich)
                places = self.places[key] if enough else self.pointers[key] or self.places[key]
                if places:
                    attrs = frozenset({"content"} if enough else {"pointer"} if self.pointers[key] else set())
                    places = sorted(places, key=lambda p: not self.ties.tied(p.line, f"section-{part}"))
                    found += [
                        Mention(topic="card-section", object=part, whose=key[1], place=place, attrs=attrs)
                        for place in dict.fromkeys(places[:3])
                    ]
        return found


def _low(names: list[str]) -> list[str]:
    return [re.sub(r"[\s_-]+", " ", name.lower()) for name in names]


def _has_results(entry: dict[object, object]) -> bool:
    results = entry.get("results")
    return isinstance(results, list) and any(isinstance(r, dict) and r.get("metrics") for r in results)
