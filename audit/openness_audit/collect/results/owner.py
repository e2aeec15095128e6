"""Decide whose a block or sentence is: by headings, its own words, and whether the text covers a family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.results.names import Names, names_of
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose
from openness_audit.model.facts import Mention


class Owner:
    """Answers whose something in one card is.

    A README of an own repository covers a family unless the repository is named like the model (its size included,
    where its name has one): then only what names this very model, in the sentence or a heading, is this model's.
    """

    def __init__(self, card: Card, identity: Identity, names: Names) -> None:
        """Keep the card, and find out whether it covers a family."""
        self.card = card
        self.identity = identity
        self.names = names
        repository = card.document.repo.rstrip("/").rpartition("/")[2]
        self.shared = card.role != "card" and names.naming(repository) != "exact"
        self._sections: dict[int, Whose] = {}
        self._named: dict[int, bool] = {}

    def heading_names_it(self, block: Block) -> bool:
        """Tell whether a heading above the block names this very model."""
        if block.section not in self._named:
            self._named[block.section] = (
                self.names.about(" / ".join(self.card.path_of(block)), sized=self.shared) == "self"
            )
        return self._named[block.section]

    def strict(self, block: Block) -> bool:
        """Tell whether only what names the model counts here."""
        return self.shared and not self.heading_names_it(block)

    def _path(self, block: Block) -> tuple[str, ...]:
        """Give the headings above a block but for a benchmark's name, which may look like a model's ("GPT4All")."""
        path = self.card.path_of(block)
        if path and self.names.words.benchmark(path[-1]):
            return path[:-1]
        return path

    def heading(self, block: Block) -> Whose:
        """Say whose a block is by the headings above it."""
        if block.section not in self._sections:
            self._sections[block.section] = section_whose(self._path(block), self.identity)
        return self._sections[block.section]

    def section(self, block: Block) -> Whose:
        """Say whose a block is by headings, where its own words name no model."""
        found = self.heading(block)
        return "other" if found == "self" and self.strict(block) else found

    def said(self, block: Block, text: str, at: int | None = None) -> Whose:
        """Say whose a statement is; in doubt not `self`."""
        about = self.names.about(text, sized=self.shared)
        if about == "other":
            return "other"
        found = whose(text, self._path(block), self.identity, at)
        if found == "other" and about == "self" and self._only_this(text):
            found = self.heading(block)
        if found == "self" and self.strict(block) and about != "self":
            return "other"
        return found

    def _only_this(self, text: str) -> bool:
        """Tell whether every name taken for another model's is a spelling of this one's ("Stable LM 2 1.6B")."""
        others = [n for n in names_in(text, self.identity) if n.whose == "other"]
        return bool(others) and all(self.names.naming(n.text) in ("exact", "near") for n in others)


def owners(cards: tuple[Card, ...], identity: Identity) -> Iterator[Owner]:
    """Give one owner for each text that may speak of the model: a data set's card does not."""
    names = names_of(identity, cards)
    return (Owner(card, identity, names) for card in cards if card.role != "dataset-card")


def once(mentions: Iterable[Mention], key: Callable[[Mention], object], most: int | None = None) -> tuple[Mention, ...]:
    """Keep the first of the mentions that are the same by `key`; of others, the first `most`."""
    found: dict[object, Mention] = {}
    for mention in mentions:
        found.setdefault(key(mention), mention)
        if len(found) == most:
            break
    return tuple(found.values())
