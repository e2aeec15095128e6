"""Find the intermediate checkpoints of this model's own training run that a card names or says are available."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.identity import Identity
from openness_audit.collect.markdown import cite_at
from openness_audit.collect.results_names import Names, names_of
from openness_audit.collect.results_owner import Owner
from openness_audit.collect.results_phrases import Phrases
from openness_audit.collect.results_text import sentences
from openness_audit.collect.results_vocabulary import vocabulary
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Polarity, Whose
from openness_audit.model.facts import FileFacts, Mention

MAX_NAMED: Final = 200
MAX_CODE: Final = 20_000
_REVISION = re.compile(r"revision\s{0,3}=\s{0,3}[\"']([\w.\-]{2,80})[\"']")
_LOADED = re.compile(r"[\"']([\w.\-]{1,96}/[\w.\-]{1,96})[\"']")
_TREE = re.compile(r"huggingface\.co/([\w.\-]{1,96}/[\w.\-]{1,96})/(?:tree|blob|resolve)/([\w.\-%]{2,80})")
_HUB = re.compile(r"huggingface\.co/([\w.\-]{1,96})/([\w.\-]{1,96})")


class CheckpointWords(Struct, frozen=True):
    """Patterns compiled from `rules/vocabulary/checkpoints.yaml`."""

    name: re.Pattern[str]
    texts: dict[str, Phrases]
    series: tuple[str, ...]


@cache
def checkpoint_words() -> CheckpointWords:
    """Compile the vocabulary."""
    raw = vocabulary("checkpoints")
    leads = "|".join(sorted((re.escape(w).replace(r"\ ", "[-_]?") for w in raw["names"]), key=len, reverse=True))
    name = re.compile(
        rf"(?<![a-z0-9])(?:[a-z0-9]{{1,20}}[-_.]){{0,6}}(?:{leads})[-_]?\d{{1,9}}(?:\.\d{{1,3}})?[kmbt]?(?:[-_][\w.]{{1,20}}){{0,3}}(?![a-z0-9])",
        re.IGNORECASE,
    )
    keys = ("pretraining", "context", "intermediate", "given", "promised", "denied", "one_of_a_run", "not_checkpoints")
    return CheckpointWords(name, {k: Phrases(tuple(raw[k])) for k in keys}, tuple(raw["series"]))


def checkpoint_mentions(
    cards: tuple[Card, ...], info: RepoInfo, identity: Identity, files: FileFacts | None
) -> tuple[Mention, ...]:
    """Give the topics `checkpoint` (named) and `checkpoint-claim` (said to be available).

    Args:
        cards: the subject's card and own repositories' READMEs.
        info: the Hub's record (not needed; branches and tags are read by `refs`).
        identity: the subject's names; names that hold a base model's are that model's.
        files: the listing (not needed; folders of checkpoints are read by `files`).

    Returns:
        Mentions; a repository that holds the whole series has the attribute `series`.
    """
    del info, files
    names = names_of(identity, cards)
    found: list[Mention] = []
    for card in cards:
        if card.role == "dataset-card":
            continue
        owner = Owner(card, identity, names)
        for block in card.blocks:
            if block.citation:
                continue
            found += _linked(card, block, owner)
            if block.kind == "code":
                found += _loaded(card, block, owner)
            elif block.kind != "heading":
                found += _said(card, block, owner)
    unique: dict[tuple[str, str, str], Mention] = {}
    for mention in found:
        unique.setdefault((mention.topic, mention.object, mention.whose), mention)
    return tuple(list(unique.values())[:MAX_NAMED])


def _named(name: str, whose: Whose, place: Place, *, series: bool = False) -> Mention:
    return Mention(
        topic="checkpoint",
        object=name,
        whose=whose,
        place=place,
        strength="declared",
        attrs=frozenset({"series"} if series else ()),
    )


def _loaded(card: Card, block: Block, owner: Owner) -> Iterator[Mention]:
    """Give the revisions that code loads of this very model."""
    ids = {m.group(1).lower() for m in _LOADED.finditer(block.text[:MAX_CODE])}
    own = not ids or owner.names.full_id in ids
    for match in _REVISION.finditer(block.text[:MAX_CODE]):
        if checkpoint_words().name.fullmatch(match.group(1)):
            whose: Whose = owner.section(block) if own else "other"
            yield _named(match.group(1), whose, cite_at(card, block, match.start(), match.end()))


def _linked(card: Card, block: Block, owner: Owner) -> Iterator[Mention]:
    """Give branches of this repository and sibling repositories of intermediate states that are linked."""
    for link in block.links:
        place = card.document.at(link.line, link.url, text_kind="link")
        tree = _TREE.search(link.url)
        if tree:
            if checkpoint_words().name.fullmatch(tree.group(2)):
                own = tree.group(1).lower() == owner.names.full_id
                yield _named(tree.group(2), owner.heading(block) if own else "other", place)
            continue
        hub = _HUB.search(link.url)
        if not hub or hub.group(1).lower() != owner.identity.org:
            continue
        name = hub.group(2).lower()
        if name.endswith(checkpoint_words().series):
            family = any(name.startswith(word) for word in owner.identity.family)
            whose = owner.section(block) if family and owner.names.about(name) != "other" else "other"
            yield _named(f"{hub.group(1)}/{hub.group(2)}", whose, place, series=True)


def _said(card: Card, block: Block, owner: Owner) -> Iterator[Mention]:
    words = checkpoint_words()
    heading = bool(words.texts["context"].search(" / ".join(card.path_of(block)[-2:])))
    table = block.kind == "table"
    header = " ".join(block.rows[0]) if block.rows else ""
    for start, sentence in [(0, block.text[:MAX_CODE])] if table else list(sentences(block.text)):
        context = heading or words.texts["context"].search(header if table else sentence) is not None
        if not context or words.texts["not_checkpoints"].search(sentence):
            continue
        flat = " ".join(sentence.split())
        whose = owner.section(block) if table else owner.said(block, flat)
        for match in words.name.finditer(sentence):
            place = cite_at(card, block, start + match.start(), start + match.end())
            yield _named(match.group(), "other" if owner.names.about(match.group()) == "other" else whose, place)
        if not table:
            yield from _claimed(card, block, (start, start + len(sentence)), _whose_claim(flat, whose, owner))


def _whose_claim(sentence: str, whose: Whose, owner: Owner) -> Whose:
    """Say whose a claim is: of a derived model, words on pre-training speak of the base's run."""
    if whose != "self" or owner.identity.derivation == "base" or owner.names.about(sentence) == "self":
        return whose
    return "base" if checkpoint_words().texts["pretraining"].search(sentence) else whose


def _claimed(card: Card, block: Block, span: tuple[int, int], whose: Whose) -> Iterator[Mention]:
    texts = checkpoint_words().texts
    sentence = " ".join(block.text[span[0] : span[1]].split())
    own_state = texts["one_of_a_run"].search(sentence)
    if not own_state and not (texts["intermediate"].search(sentence) and texts["given"].search(sentence)):
        return
    polarity: Polarity = "affirmed"
    if texts["denied"].search(sentence):
        polarity = "denied"
    elif texts["promised"].search(sentence):
        polarity = "promised"
    yield Mention(
        topic="checkpoint-claim",
        object="one state of a run" if own_state else "intermediate checkpoints",
        whose=whose,
        place=cite_at(card, block, *span),
        polarity=polarity,
    )
