"""Walk through a card and read every sentence, list and table that can be about training data."""

from __future__ import annotations

from typing import Final

import msgspec

from openness_audit.collect.attribution.decide import whose
from openness_audit.collect.data.context import Heading, VerbAt, heading_of, sentences_of, verbs_in
from openness_audit.collect.data.found import Found, Ground
from openness_audit.collect.data.lists import features_found, introduces, list_found, table_found
from openness_audit.collect.data.names import Said, Source
from openness_audit.collect.data.prose import found_in
from openness_audit.collect.data.unnamed import cleaned_in, unnamed_in
from openness_audit.collect.data.vocabulary import data_words
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose

MAX_BLOCKS: Final = 3_000
MAX_LABEL: Final = 48  # characters of a label
MOST_LABEL: Final = 8  # words of a paragraph that labels the table after it
MAX_TEXT: Final = 20_000  # characters of one block


class _Lead:
    """What the last paragraph says about the list or table that follows it; it is read when one does."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.block: Block | None = None
        self.unread: tuple[str, ...] | None = None  # the headings above the block that is still to be read
        self.verb: VerbAt | None = None
        self.owner: Whose | None = None
        self.data = False

    def note(self, block: Block, path: tuple[str, ...]) -> None:
        """Take a block for what introduces the next ones."""
        self.block, self.unread, self.verb, self.owner, self.data = block, path, None, None, False

    def introduces(self, block: Block) -> bool:
        """Say whether a list item or table has the block before it in its section, and read that."""
        if self.block is None or self.block.section != block.section or block.kind not in {"list-item", "table"}:
            return False
        if self.unread is not None:
            path, self.unread = self.unread, None
            self._read(self.block, path)
        return True

    def _read(self, block: Block, path: tuple[str, ...]) -> None:
        """Keep the verb of the sentence that introduces what follows."""
        short = block.kind == "paragraph" and len(block.text.split()) <= MOST_LABEL  # "First stage: pre-training"
        if not introduces(block.text) and not short:
            return
        last = sentences_of(block.text[:MAX_TEXT])
        if not last:
            return
        verbs = verbs_in(last[-1].text)
        broken = bool(verbs) and data_words().broken_off.search(last[-1].text.rstrip()) is not None
        self.data = broken or data_words().strong.search(last[-1].text) is not None
        if verbs:
            self.verb = msgspec.structs.replace(verbs[-1], start=0, end=0)  # its place is in another text
            self.owner = whose(last[-1].text, path, self.ground.identity, at=verbs[-1].start)


def card_found(card: Card, ground: Ground) -> list[Found]:
    """Give every data set that the body of a card names or leaves unnamed.

    Args:
        card: the model's card or an own repository's README.
        ground: who the subject is.
    """
    found: list[Found] = []
    lead = _Lead(ground)
    items: list[Source] = []
    for block in card.blocks[:MAX_BLOCKS]:
        if block.kind != "list-item" and items:
            found += list_found(items, ground)
            items = []
        if block.citation or block.kind in {"code", "heading"}:
            found += _headed(card, block, ground)
            lead = lead if block.kind == "code" else _Lead(ground)
            continue
        if _of_contents(block):
            continue
        path = card.path_of(block)
        source = _source(card, block, path, lead)
        if block.kind == "list-item":
            if _about_data(source, lead):
                items.append(source)
            else:
                found += _prose(source, ground)
            if block.text.rstrip().endswith((":", "：")):
                lead.note(block, path)
            continue
        if block.kind == "table":
            found += _tabled(source, ground)
            continue
        found += _prose(source, ground)
        lead.note(block, path)
    return found + list_found(items, ground)


def _headed(card: Card, block: Block, ground: Ground) -> list[Found]:
    """Read the id of a data set in a heading: "# A model trained on the acme/owls dataset"."""
    if block.kind != "heading" or block.citation:
        return []
    if not block.links and "/" not in block.text and not data_words().set_phrase.search(block.text):
        return []  # nothing that has an id
    return [f for f in _prose(_source(card, block, card.path_of(block), _Lead(ground)), ground) if f.id]


def _tabled(source: Source, ground: Ground) -> list[Found]:
    """Read a table of data by its heading or what introduces it; elsewhere only its row of sources."""
    if source.heading.role == "data" or (source.verb is not None and source.verb.kind != "evaluation"):
        return table_found(source, ground)
    return features_found(source, ground) if source.heading.role != "evaluation" else []


def _of_contents(block: Block) -> bool:
    """Say whether an item only leads to a section of the card: a line of its table of contents."""
    if block.kind != "list-item" or not block.links:
        return False
    inside = sum(len(k.text) for k in block.links if k.url.startswith("#"))
    return inside * 4 >= len(block.text) * 3 > 0


def _source(card: Card, block: Block, path: tuple[str, ...], lead: _Lead) -> Source:
    introduced = lead.introduces(block)
    above = heading_of(path)
    labelled = _labelled(block, above)
    return Source(
        card,
        block,
        labelled or above,
        path,
        lead.verb if introduced else None,
        lead.owner if introduced else None,
        labelled is not None,
    )


def _labelled(block: Block, above: Heading) -> Heading | None:
    """Read a label at the beginning of a block as its heading: "Training data: ..."."""
    if not data_words().label_gate.may(block.text):
        return None  # neither a label of data nor one of evaluation
    label, colon, _ = block.text[:MAX_LABEL].partition(":")
    if not colon:
        label, colon, _ = block.text[:MAX_LABEL].partition("：")
    said = heading_of((label.strip(" *_`#"),)) if colon else None
    if said is not None and said.role == "data" and above.role == "evaluation":
        return above
    return said if said is not None and said.role in {"data", "evaluation"} else None


def _about_data(source: Source, lead: _Lead) -> bool:
    """Say whether a list is one of data sets: by the sentence before it, or by its heading."""
    if source.verb is not None:
        return source.verb.kind != "evaluation" and (lead.data or source.heading.role in {"data", "training"})
    return source.heading.role == "data"


def _prose(source: Source, ground: Ground) -> list[Found]:
    """Read a block sentence by sentence."""
    text = source.block.text[:MAX_TEXT]
    if source.verb is None and source.heading.role not in {"data", "training"} and not data_words().verb_gate.may(text):
        return []  # without a verb, only headings and what introduces a list make a name training data
    if source.heading.role == "elsewhere" and not verbs_in(text):
        return []
    found: list[Found] = []
    for sentence in sentences_of(text):
        said = Said(sentence, source, ground)
        some, accepted = found_in(said)
        found += some
        found += unnamed_in(said, accepted)
        if source.heading.role in {"data", "training"}:
            found += cleaned_in(said)
    return found
