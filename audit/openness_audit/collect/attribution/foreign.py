"""Find the paragraphs of a card that are about another model, and leave them out of everything that is read.

A card is not always about its subject alone: paragraphs are copied from other cards. A paragraph that shows that it was
written about another model is evidence of nothing here, whatever "we" and "this model" say in it. A paragraph cannot
vouch for itself: a base model that only it names does not make it the subject's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from openness_audit.collect.attribution.foreign_index import own_metadata
from openness_audit.collect.attribution.foreign_marks import Chunk, contradicts, is_foreign, names_subject, text_of
from openness_audit.collect.attribution.foreign_names import Known, foreign_words, names_to_know, telling, tokens
from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.outline import content_of, count_words
from openness_audit.collect.code.vocabulary import normal
from openness_audit.collect.lineage.kinds import kinds_of_name
from openness_audit.collect.lineage.refs import Statement
from openness_audit.collect.lineage.statements import statements
from openness_audit.collect.once import once_a_card
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card, Section
from openness_audit.model.facts_origins import Lineage

MAX_CHUNKS: Final = 3_000
MOST_ORIGINS: Final = 8  # a card that names more says nothing sure of its model's origin


@once_a_card
def chunks(card: Card) -> tuple[Chunk, ...]:
    """Give the blocks that stand together without an empty line; a heading stands alone."""
    return tuple(_chunks(card))


def _chunks(card: Card) -> Iterator[Chunk]:
    run: list[Block] = []
    for block in card.blocks[: MAX_CHUNKS * 4]:
        fence = 1 if block.kind == "code" or (run and run[-1].kind == "code") else 0
        together = bool(run) and block.line - run[-1].line_end <= 1 + fence and block.kind != "heading"
        if run and (not together or run[-1].kind == "heading" or block.section != run[-1].section):
            yield tuple(run)
            run = []
        run.append(block)
    if run:
        yield tuple(run)


def own_part(card: Card, info: RepoInfo, lineage: Lineage, kind: int | None = None) -> Card:
    """Leave out of a card what shows that it is about another model.

    Args:
        card: the subject's card.
        info: the Hub's record of the subject.
        lineage: what the whole card and the metadata say it was made from.
        kind: the configuration's kind of model (`kind_of_config`), where it is known.

    Returns:
        The card without those blocks and without another model's results; the same card where there are none.
    """
    card = own_metadata(card, info, lineage)
    reader = Reader(card, info, lineage, kind)
    dropped = reader.foreign_blocks()
    if not dropped:
        return card
    blocks = tuple(b for b in card.blocks if id(b) not in dropped)
    touched = {b.section for b in card.blocks if id(b) in dropped}
    sections = tuple(_recounted(s, blocks) if s.index in touched else s for s in card.sections)
    return msgspec.structs.replace(card, blocks=blocks, sections=sections)


def _recounted(section: Section, blocks: tuple[Block, ...]) -> Section:
    """Count a section's words, and whether it is a template, by the blocks that are left."""
    left = [b for b in blocks if b.section == section.index and b.kind != "heading"]
    said = ["" if b.kind == "code" else content_of(b.text) for b in left]
    words = sum(count_words(text) for b, text in zip(left, said, strict=True) if not b.citation)
    filled = any(
        b.kind == "code" or text.strip() or (b.links and not b.text) for b, text in zip(left, said, strict=True)
    )
    return msgspec.structs.replace(section, words=words, template=bool(left) and not filled)


class Reader:
    """Looks at one card's paragraphs, each with the names that the rest of the card vouches for."""

    def __init__(self, card: Card, info: RepoInfo, lineage: Lineage, kind: int | None = None) -> None:
        """Read what the whole card says about names and origins."""
        self.model, self.lineage, self.kind = info.id, lineage, kind
        self.in_one_go = bool({info.pipeline_tag, info.library_name} & foreign_words().in_one_go)
        self.every = chunks(card)[:MAX_CHUNKS]
        self.repeated = repeated_names(card)
        self.said = statements(card, identity(info.id))
        self.declared = any(p.source in {"metadata", "files"} for p in lineage.parents)
        self.tags = frozenset(normal(t) for t in info.tags if ":" not in t and len(normal(t)) > 2)
        self.cache: dict[tuple[str, ...], Known] = {}
        self.own_said = frozenset(id(s) for s in self._own_said())
        self.elsewhere: Known | None = None  # what all paragraphs know that say nothing of base models themselves

    def foreign_blocks(self) -> set[int]:
        """Give the identities of the blocks to leave out; what a foreign paragraph says vouches for no other one."""
        dropped = self._pass()
        lines = {line for c in self.every for b in c if id(b) in dropped for line in range(b.line, b.line_end + 1)}
        left = tuple(s for s in self.said if s.place.line not in lines)
        if len(left) < len(self.said):
            self.said, self.elsewhere = left, None
            dropped |= self._pass()
        return dropped

    def _pass(self) -> set[int]:
        """Look at every paragraph once; what a foreign one announces goes with it."""
        dropped: set[int] = set()
        announced = False
        below: dict[int, list[bool]] = {}  # by section: which of its paragraphs are foreign
        for chunk in self.every:
            if chunk[0].kind == "heading":
                announced = False
                continue
            foreign = self._is_foreign(chunk, announced=announced and chunk[0].kind in {"list-item", "code", "table"})
            if foreign:
                dropped |= {id(b) for b in chunk}
            announced = foreign and chunk[-1].text.rstrip().endswith((":", "："))
            below.setdefault(chunk[0].section, []).append(foreign)
        heads = (c[0] for c in self.every if c[0].kind == "heading" and all(below.get(c[0].section, [False])))
        return dropped | {id(head) for head in heads}

    def _own_said(self) -> Iterator[Statement]:
        """Give what paragraphs that name the subject say of the model it was tuned from, where only prose names one."""
        bare = names_to_know(identity(self.model), frozenset())
        tuned = [s for s in self.said if s.relation in {"finetune", "adapter"} and s.ref.id and not self.declared]
        starts = [c[0].line for c in self.every]
        for said in tuned if len({s.ref.id for s in tuned}) <= MOST_ORIGINS else ():
            at = bisect_right(starts, said.place.line or 0) - 1
            if at >= 0 and names_subject(self.every[at], bare):
                yield said

    def known(self, chunk: Chunk) -> Known:
        """Give the subject's names as the metadata, the files and the rest of the card tell them."""
        if self._within(chunk):
            return self._known(chunk[0].line, chunk[-1].line_end)
        if self.elsewhere is None:
            self.elsewhere = self._known(1, 0)
        return self.elsewhere

    def _known(self, first: int, last: int) -> Known:
        """Give them without what the lines between these two say."""
        outside = tuple(
            p
            for p in self.lineage.parents
            if p.source in {"metadata", "files"}
            or any(s.ref.name == (p.id or p.name) and not first <= (s.place.line or 0) <= last for s in self.said)
        )
        elsewhere = (s for s in self.said if not first <= (s.place.line or 0) <= last)
        backed = [s.ref for s in elsewhere if self._tagged(s) or id(s) in self.own_said]
        ids = tuple(dict.fromkeys([*(p.id for p in outside if p.id), *(r.id for r in backed if r.id)]))
        names = tuple(dict.fromkeys([*(p.name for p in outside), *(r.name for r in backed)]))
        key = (*ids, "", *names)
        if key not in self.cache:
            me = identity(
                self.model,
                parent_ids=ids,
                parent_names=names,
                derivation=self.lineage.derivation,
            )
            self.cache[key] = names_to_know(me, self.repeated, in_one_go=self.in_one_go)
        return self.cache[key]

    def _tagged(self, said: Statement) -> bool:
        """Say whether a tag of the Hub (as the configuration's kind of model) backs a base model only prose names."""
        name = normal(said.ref.name.rpartition("/")[2])
        sure = said.strong or said.ref.id
        return not self.declared and bool(sure) and any(tag in name for tag in self.tags)

    def said_in(self, chunk: Chunk) -> list[Statement]:
        """Give what a paragraph says outright of the models this one was made from."""
        return [s for s in self._within(chunk) if s.strong]

    def _within(self, chunk: Chunk) -> list[Statement]:
        first, last = chunk[0].line, chunk[-1].line_end
        return [s for s in self.said if first <= (s.place.line or 0) <= last]

    def backed(self, chunk: Chunk) -> bool:
        """Say whether a paragraph says what the model was made from, and a tag or the model's own name backs it."""
        own = telling(self.model.rpartition("/")[2])
        return any(self._tagged(s) or telling(s.ref.name) & own for s in self.said_in(chunk))

    def _of_other_kind(self, chunk: Chunk) -> bool:
        """Say whether a paragraph makes the subject from a model of a kind that its configuration rules out."""
        if self.kind is None:
            return False
        refs = [s.ref for s in self._within(chunk) if s.strong or s.ref.id]
        kinds = [found for found in (kinds_of_name(r.id or r.name) for r in refs) if found]
        return bool(kinds) and not any(self.kind in found for found in kinds)

    def _is_foreign(self, chunk: Chunk, *, announced: bool) -> bool:
        known, said = self.known(chunk), self.said_in(chunk)
        denied = contradicts(said, known) and not any(self._tagged(s) for s in said)
        denied = denied or self._of_other_kind(chunk)
        marked = announced or denied or is_foreign(chunk, known)
        return marked and not names_subject(chunk, known)


@once_a_card
def repeated_names(card: Card) -> frozenset[str]:
    """Give the names that stand in the card's title or in several of its paragraphs: what it calls its subject."""
    seen: Counter[str] = Counter()
    for chunk in chunks(card)[:MAX_CHUNKS]:
        seen.update(tokens(text_of(chunk)))
    titles = [s.title for s in card.sections[1:3] if s.level == 1]
    front = [str(card.front_matter.values.get(key, "")) for key in ("model_name", "model-name", "title", "name")]
    named = {normal(t) for title in (*titles, *front) for t in (title, *title.split()) if len(normal(t)) > 3}
    return frozenset({name for name, count in seen.items() if count > 1} | named)
