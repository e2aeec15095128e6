"""Find the intermediate checkpoints of this model's own training run that a card names or says are available."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.card.whole import low_text
from openness_audit.collect.patterns import lazy
from openness_audit.collect.results.owner import Owner, once, owners
from openness_audit.collect.results.phrases import Phrases
from openness_audit.collect.results.text import sentences
from openness_audit.collect.results.vocabulary import vocabulary
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Polarity, Whose
from openness_audit.model.facts import Mention
from openness_audit.model.facts_files import FileFacts

MAX_NAMED: Final = 200
MAX_CODE: Final = 20_000
_REVISION = re.compile(r"revision\s{0,3}=\s{0,3}[\"']([\w.\-]{2,80})[\"']")
_LOADED = re.compile(r"[\"']([\w.\-]{1,96}/[\w.\-]{1,96})[\"']")
_TREE = re.compile(r"huggingface\.co/([\w.\-]{1,96}/[\w.\-]{1,96})/(?:tree|blob|resolve)/([\w.\-%]{2,80})")
_HUB = re.compile(r"huggingface\.co/([\w.\-]{1,96})/([\w.\-]{1,96})")


class CheckpointWords(Struct, frozen=True):
    """Patterns compiled from `rules/vocabulary/checkpoints.yaml`."""

    name: re.Pattern[str]
    lead: re.Pattern[str]
    texts: dict[str, Phrases]
    series: tuple[str, ...]
    own_prefixes: frozenset[str]


@cache
def checkpoint_words() -> CheckpointWords:
    """Compile the vocabulary."""
    raw = vocabulary("checkpoints")
    leads = "|".join(sorted((re.escape(w).replace(r"\ ", "[-_]?") for w in raw["names"]), key=len, reverse=True))
    name = lazy(
        rf"(?<![a-z0-9])(?:[a-z0-9]{{1,20}}[-_.]){{0,6}}(?:{leads})[-_]?\d{{1,9}}(?:\.\d{{1,3}})?[kmbt]?"
        r"(?:[-_][a-z0-9]{1,20}(?:\.[a-z0-9]{1,6})?){0,3}(?![a-z0-9])",
        re.IGNORECASE,
    )
    keys = (
        "pretraining",
        "reachable",
        "origin",
        "context",
        "intermediate",
        "given",
        "promised",
        "denied",
        "one_of_a_run",
        "not_checkpoints",
    )
    return CheckpointWords(
        name,
        lazy(leads),
        {k: Phrases(tuple(raw[k])) for k in keys},
        tuple(raw["series"]),
        frozenset(raw["own_prefixes"]),
    )


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
    found: list[Mention] = []
    for owner in owners(cards, identity):
        card = owner.card
        spoken_of = checkpoint_words().texts["context"].may_be_in(low_text(card))
        for block in card.blocks:
            if block.citation:
                continue
            found += _linked(card, block, owner)
            if block.kind == "code":
                found += _loaded(card, block, owner)
            elif spoken_of and block.kind != "heading":
                found += _said(card, block, owner)
    return once(found, lambda m: (m.topic, m.object, m.whose))[:MAX_NAMED]


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
    for match in _REVISION.finditer(block.text[:MAX_CODE]):
        if checkpoint_words().name.fullmatch(match.group(1)):
            ids = {m.group(1).lower() for m in _LOADED.finditer(block.text[:MAX_CODE])}
            own = not ids or owner.names.full_id in ids
            whose: Whose = owner.section(block) if own else "other"
            yield _named(match.group(1), whose, cite_at(card, block, match.start(), match.end()))


def _linked(card: Card, block: Block, owner: Owner) -> Iterator[Mention]:
    """Give branches of this repository and sibling repositories of intermediate states that are linked."""
    for link in block.links:
        tree = _TREE.search(link.url)
        if tree:
            if checkpoint_words().name.fullmatch(tree.group(2)):
                own = tree.group(1).lower() == owner.names.full_id
                place = card.document.at(link.line, link.url, text_kind="link")
                yield _named(tree.group(2), owner.heading(block) if own else "other", place)
            continue
        hub = _HUB.search(link.url)
        if not hub or hub.group(1).lower() != owner.identity.org:
            continue
        name = hub.group(2).lower()
        if name.endswith(checkpoint_words().series):
            family = any(name.startswith(word) for word in owner.identity.family)
            whose = owner.section(block) if family and owner.names.about(name) != "other" else "other"
            place = card.document.at(link.line, link.url, text_kind="link")
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
        names = list(words.name.finditer(sentence))
        claim = None if table else _claim(flat)
        if not names and claim is None:
            continue
        whose = owner.section(block) if table else owner.said(block, flat)
        given = table or heading or words.texts["given"].search(flat) or words.texts["reachable"].search(flat)
        for match in names if given else ():
            place = cite_at(card, block, start + match.start(), start + match.end())
            origin = not table and words.texts["origin"].search(sentence[: match.start()]) is not None
            yield _named(match.group(), "base" if origin else _of_prefix(match.group(), owner) or whose, place)
        if claim is not None:
            place = cite_at(card, block, start, start + len(sentence))
            yield Mention(
                topic="checkpoint-claim",
                object=claim[0],
                whose=_whose_claim(flat, whose, owner),
                place=place,
                polarity=claim[1],
            )


def _of_prefix(name: str, owner: Owner) -> Whose | None:
    """Say `other` where what stands before "step" names another model; None where it names none, or this one."""
    lead = re.match(r"[a-z]+", name.lower())
    if lead is None or lead.group() in checkpoint_words().own_prefixes:
        return None
    word = lead.group()
    if owner.names.about(name) == "other":
        return "other"
    if checkpoint_words().lead.fullmatch(word):
        return None
    cores = owner.names.cores or (owner.identity.name.lower(),)
    return None if any(word.startswith(core[:40]) or core.startswith(word) for core in cores) else "other"


def _whose_claim(sentence: str, whose: Whose, owner: Owner) -> Whose:
    """Say whose a claim is: not the subject's where it names another model, or is a derived model's on pre-training."""
    if whose != "self" or owner.names.about(sentence) == "self":
        return whose
    if any(n.whose != "self" for n in names_in(sentence, owner.identity)):
        return "other"
    if owner.identity.derivation == "base":
        return whose
    return "base" if checkpoint_words().texts["pretraining"].search(sentence) else whose


def _claim(sentence: str) -> tuple[str, Polarity] | None:
    """Give what a sentence claims of intermediate checkpoints, and whether it affirms, denies or promises it."""
    texts = checkpoint_words().texts
    own_state = texts["one_of_a_run"].search(sentence)
    if not own_state and not (texts["intermediate"].search(sentence) and texts["given"].search(sentence)):
        return None
    polarity: Polarity = "affirmed"
    if texts["denied"].search(sentence):
        polarity = "denied"
    elif texts["promised"].search(sentence):
        polarity = "promised"
    return ("one state of a run" if own_state else "intermediate checkpoints"), polarity
