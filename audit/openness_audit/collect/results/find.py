"""Find the evaluation results a card, its metadata or an own repository states, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from msgspec import Struct, field

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.results.index import IndexResult, index_results
from openness_audit.collect.results.layout import Grid
from openness_audit.collect.results.names import Names, names_of
from openness_audit.collect.results.owner import Owner, once, owners
from openness_audit.collect.results.tables import Measured, Scores, read_scores
from openness_audit.collect.results.text import (
    code_grids,
    excluded,
    in_results,
    list_scores,
    may_score,
    printed_scores,
    prose_scores,
)
from openness_audit.collect.results.vocabulary import plain, result_files
from openness_audit.model.capture import CodeAnswer, Listing, RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts import Mention
from openness_audit.model.facts_files import FileFacts

MAX_MENTIONS: Final = 400  # of one topic; a card with a thousand results is cited by its first ones
MAX_PATHS: Final = 20

_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")


class Reported(Struct, frozen=True):
    """The scores of one row, column, list entry or sentence of the card that are the subject's, and their place."""

    values: tuple[Measured, ...]
    place: Place
    named: bool = False  # the row, column or sentence names the subject
    label: str = ""  # what the row or column is headed with


class Reports(Struct):
    """Collects the subject's own scores: those of the metadata, and those of the card's text; and who owns what."""

    owner: Owner | None = None
    indexed: tuple[IndexResult, ...] = ()
    rows: list[Reported] = field(default_factory=list)


def result_mentions(
    cards: tuple[Card, ...],
    info: RepoInfo,
    identity: Identity,
    files: FileFacts | None,
    reports: Reports | None = None,
) -> tuple[Mention, ...]:
    """Give the topics `evaluation-results` and `benchmark`.

    Args:
        cards: the subject's card and own repositories' READMEs.
        info: the Hub's record (nothing in it is needed beyond the card).
        identity: the subject's names.
        files: the listing; result files in it are counted by the `file` check, not here.
        reports: what the subject's card gives of its own scores is put here, with their values.

    Returns:
        Mentions of numbers in `model-index`, tables, lists and sentences, and one per benchmark they are on.
    """
    del info, files
    found: Iterable[Mention] = chain.from_iterable(_of_card(owner, reports) for owner in owners(cards, identity))
    if reports is not None:
        found = list(found)  # to the end: all scores are reported
    return once(found, lambda m: (m.topic, m.object, m.whose, m.place.line), MAX_MENTIONS)


def _of_card(owner: Owner, reports: Reports | None) -> Iterator[Mention]:
    """Read the metadata and the body of one card, for as long as somebody asks for more."""
    mine = reports if owner.card.role == "card" else None
    if owner.card.role == "card":
        indexed: Iterable[IndexResult] = index_results(owner.card, owner.names)
        if mine is not None:
            mine.owner, mine.indexed = owner, tuple(indexed)
            indexed = mine.indexed
        yield from _from_index(indexed, owner.names)
    yield from _from_body(owner.card, owner, None if mine is None else mine.rows)


def _from_index(results: Iterable[IndexResult], names: Names) -> Iterator[Mention]:
    for result in results:
        attrs = {"model-index", "verified"} if result.verified else {"model-index"}
        yield Mention(
            topic="evaluation-results",
            object=result.dataset_name or result.dataset_type or result.metric,
            whose="self",
            place=result.place,
            strength="declared",
            attrs=frozenset(attrs),
        )
        labels = (result.dataset_type, result.dataset_name)
        if _HUB_ID.fullmatch(result.dataset_type):
            yield _benchmark(result.dataset_type, "self", result.place, "hub-id")
        else:
            yield _named(
                next((x for x in labels if names.words.benchmark(x)), labels[1] or labels[0]), names, result.place
            )


def _named(label: str, names: Names, place: Place, whose: Whose = "self") -> Mention:
    known = names.words.benchmark(label)
    if known is None:
        return _benchmark(plain(label)[:80] or "unnamed", whose, place, "unidentified")
    return _benchmark(known.id, whose, place, "public" if known.public else "withheld")


def _benchmark(name: str, whose: Whose, place: Place, attr: str) -> Mention:
    return Mention(
        topic="benchmark", object=name, whose=whose, place=place, strength="declared", attrs=frozenset({attr})
    )


def _from_body(card: Card, owner: Owner, reported: list[Reported] | None) -> Iterator[Mention]:
    before: Block | None = None  # what may say that results follow
    above: list[Block] = []
    for block in card.blocks:
        if block.citation:
            continue
        if block.kind in ("table", "code"):
            yield from _tables(card, block, owner, reported)
            printed = printed_scores(block, owner.names) if block.kind == "code" else ()
            if printed and (_led(block, above, owner.names) or in_results(card, block, owner.names)):
                for score in printed:
                    yield from _scores(card, score, owner.section(block), owner.names, reported)
        elif block.kind in ("paragraph", "list-item", "quote", "html") and may_score(block.text):
            yield from _lines(card, block, owner, reported, before)
        if block.kind in ("paragraph", "heading", "quote"):
            before = block
            above = [*above[-1:], block]


def _led(block: Block, above: list[Block], names: Names) -> bool:
    """Say whether one of the two paragraphs above a block says that results follow, or is no more than "Results:"."""
    words = names.words
    near = [b for b in above if b.section == block.section]
    return any(words.texts["lead_in"].search(b.text) or plain(b.text) in words.sets["result_sections"] for b in near)


def _tables(card: Card, block: Block, owner: Owner, reported: list[Reported] | None) -> Iterator[Mention]:
    names = owner.names
    grids: tuple[Grid, ...] = (Grid(block.rows, block.row_lines),) if block.rows else ()
    if block.kind == "code":
        grids = code_grids(block)
    if not grids or excluded(card, block, names):
        return
    for grid in grids:
        for score in read_scores(grid, names, strict=owner.strict(block)):
            yield from _scores(card, score, owner.heading(block), names, reported)


def _scores(
    card: Card, score: Scores, section: Whose, names: Names, reported: list[Reported] | None
) -> Iterator[Mention]:
    whose = section if score.whose == "self" and not score.named else score.whose
    place = card.document.at(score.line, score.excerpt, text_kind="table" if score.table else "list")
    yield Mention(
        topic="evaluation-results",
        object=", ".join(" ".join(m.split()) for m in score.measured[:4])[:120],
        whose=whose,
        place=place,
        strength="declared",
        attrs=frozenset({"table" if score.table else "list"}),
    )
    if whose != "self":
        return
    if reported is not None:
        reported.append(Reported(score.values, place, score.named, score.label))
    labels = [m for m in score.measured if names.words.benchmark(m) or not names.words.metric(m)]
    for label in labels[:60] or [""]:
        if plain(label) not in names.words.sets["score_words"]:
            yield _named(label, names, place)


def _lines(
    card: Card, block: Block, owner: Owner, reported: list[Reported] | None, before: Block | None
) -> Iterator[Mention]:
    names = owner.names
    if excluded(card, block, names):
        return
    leads = before is not None and before.section == block.section and names.words.texts["lead_in"].search(before.text)
    listed = list_scores(block, names, expected=bool(leads) or in_results(card, block, names))
    for score in listed:
        yield from _scores(card, score, owner.section(block), names, reported)
    if listed:
        return
    for start, end, measured, value in prose_scores(block, names):
        whose = owner.said(block, block.text[start:end])
        place = cite_at(card, block, start, end)
        if whose == "self" and reported is not None:
            named = names.about(block.text[start:end]) == "self"
            reported.append(Reported((Measured(measured, "", value, place.line or block.line),), place, named))
        yield Mention(topic="evaluation-results", object=measured, whose=whose, place=place, attrs=frozenset({"prose"}))


def repository_results(answers: dict[str, CodeAnswer], identity: Identity) -> tuple[Mention, ...]:
    """Give `evaluation-results` for result files of linked repositories whose path names this model with its size.

    Args:
        answers: what was read of the linked repositories, by `github.com/owner/name`.
        identity: the subject's names; only repositories of its publisher or project count.

    Returns:
        One mention per repository, citing its listing.
    """
    names = names_of(identity)
    found = []
    for key, answer in sorted(answers.items()):
        parts = key.lower().split("/")
        owner = parts[1] if len(parts) > 1 else ""
        if not isinstance(answer.listing, Listing) or owner not in {identity.org, *identity.project}:
            continue
        paths = [f.path for f in answer.listing.files if _is_result(f.path, names)]
        if paths:
            found.append(_listed(key, answer.listing, paths))
    return tuple(found)


def _is_result(path: str, names: Names) -> bool:
    pattern, endings = result_files()
    if not path.lower().endswith(endings) or not pattern.search(path):
        return False
    return any(names.naming(re.sub(r"\.\w{2,5}$", "", part)) == "exact" for part in path.split("/"))


def _listed(key: str, listing: Listing, paths: list[str]) -> Mention:
    origin = listing.origin
    place = Place(
        kind="code-repository",
        repo=key,
        url=f"https://{key}/blob/{listing.sha or 'HEAD'}/{paths[0]}",
        sha=listing.sha,
        path=paths[0],
        excerpt=", ".join(paths[:MAX_PATHS])[:200],
        sha256=origin.sha256,
        text_kind="name",
        retrieved_at=origin.retrieved_at,
        from_cache=origin.from_cache,
    )
    return Mention(
        topic="evaluation-results",
        object=paths[0],
        whose="self",
        place=place,
        strength="verified",
        attrs=frozenset({"file"}),
    )
