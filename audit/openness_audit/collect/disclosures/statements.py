"""Find the card's statements on limits, bias, risks, ethics, personal data, uses and the handling of data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from openness_audit.collect.attribution.ties import Ties
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.card.outline import content_of, count_words
from openness_audit.collect.card.section_parts import kind_of, own_words, parts_of_title
from openness_audit.collect.disclosures.vocabulary import Words, words
from openness_audit.collect.results.owner import Owner
from openness_audit.collect.results.text import sentences
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.card import Block
from openness_audit.model.disclosures import PersonalData, RiskLevel, StatementTopic
from openness_audit.model.facts_disclosures import StatementFact
from openness_audit.model.facts_origins import DataSet

LEAST_WORDS: Final = 4  # of a statement
MOST_TITLE: Final = 12  # words of a heading
LABEL_WORDS: Final = 5
LONGEST: Final = 1200  # characters of a sentence
_PARTS: Final[dict[StatementTopic, str]] = {
    "intended-use": "intended-use",
    "out-of-scope-use": "intended-use",
    "users": "intended-use",
}
_ABOUT_DATA: Final = ("data-collection", "data-preprocessing")
_TIES: Final[dict[StatementTopic, tuple[str, ...]]] = {  # the parts of a card whose headings tie a statement
    "intended-use": ("section-intended-use",),
    "out-of-scope-use": ("section-intended-use",),
    "users": ("section-intended-use",),
    "data-collection": ("section-training", "data-statement"),
    "data-preprocessing": ("section-training", "data-statement"),
    "personal-data": ("section-training", "data-statement", "section-limitations"),
}
_OF_BIAS: Final = frozenset({"limitations", "safety", "ethics"})  # headings below which cards speak of bias, too
_SAID: Final[tuple[PersonalData, ...]] = ("may-contain", "not-used", "removed", "used")
_NAME = re.compile(r"\S{0,80}/\S{1,80}|(?=\S{0,60}\d)\S{1,60}[-_]\S{1,60}|[^\s_-]{1,40}(?:[-_][^\s_-]{1,40}){3,12}")
_LABEL = re.compile(r"\W{0,4}(?P<label>[^\n:：|]{3,50}?)\W{0,3}[:：]\W{0,4}(?P<rest>[^\n]{2,})")


class Finder:
    """Reads one card, block by block."""

    def __init__(self, owner: Owner, ties: Ties, data: tuple[DataSet, ...], *, copied: bool) -> None:
        """Keep the card with its attribution; `copied`: the model is another one's copy, and so may its card be."""
        self.owner, self.card, self.ties, self.copied = owner, owner.card, ties, copied
        self.words: Words = words()
        self.data = sorted(
            {d.id or d.name for d in data if d.whose == "self" and len(d.name) > 3}, key=len, reverse=True
        )
        self.topics: dict[int, tuple[str, tuple[StatementTopic, ...], bool]] = {}

    def read(self) -> Iterator[StatementFact]:
        """Give the statements in the order of the card, each topic's block once."""
        personal = self._speaks_of_people()
        for block in self.card.blocks:
            if block.citation or block.kind in ("heading", "code"):
                continue
            heading, topics, of_training = self._section(block.section)
            if block.rows:
                yield from self._levels(block, heading)
                continue
            label = _LABEL.match(block.text[:400])
            level = self._level(label["label"], label["rest"]) if label else None
            if level and self._own(block, block.text, "safety"):
                yield self._fact("safety", block, heading, level=level)
            elif topics:
                yield from self._headed(block, heading, topics)
            elif label and len(label["label"].split()) <= LABEL_WORDS:
                yield from self._labelled(block, label)
            if (of_training or set(topics) & set(_ABOUT_DATA)) and not self.copied:
                yield from self._of_data(block, heading, topics)
            if personal:
                yield from self._personal(block, heading)

    def _section(self, index: int) -> tuple[str, tuple[StatementTopic, ...], bool]:
        """Give the innermost heading that opens topics, these, and whether the section is about training."""
        if index not in self.topics:
            path = tuple(self._bare(title) for title in self.card.sections[index].path)
            found: tuple[str, tuple[StatementTopic, ...]] = ("", ())
            for title in reversed(path):
                if len(title.split()) > MOST_TITLE or self.words.not_headings.search(title):
                    break
                opened = topics_of(title)
                if opened:
                    found = (title, opened)
                    break
            of_training = any("training" in parts_of_title(title) for title in path[-2:])
            self.topics[index] = (*found, of_training)
        return self.topics[index]

    def _bare(self, title: str) -> str:
        """Give a heading without models' names, which may hold a topic's word: "bert-base-bias-detector"."""
        if self.owner.names.naming(title) in ("exact", "near"):
            return ""
        return _NAME.sub(" ", title)

    def _own(self, block: Block, text: str, topic: StatementTopic) -> bool:
        """Say whether a statement is the subject's own, in doubt not."""
        if self.copied and self.owner.names.about(text) != "self":
            return False
        sections = _TIES.get(topic, ("section-limitations",))
        tied = any(self.ties.tied(block.line, section) for section in sections)
        if not tied and not self._section(block.section)[1]:
            return False
        return self.owner.said(block, text) == "self"

    def _headed(self, block: Block, heading: str, topics: tuple[StatementTopic, ...]) -> Iterator[StatementFact]:
        part = _PARTS.get(topics[0], "limitations")
        text = block.text
        if kind_of(block, part) != "content" or own_words(content_of(text)) < LEAST_WORDS or _leads_in(text):
            return
        if self.words.says_nothing.match(text):
            return
        for topic in self._sorted(text, topics, weak=self.words.weak_headings.match(heading) is not None):
            if topic not in _ABOUT_DATA and self._own(block, text, topic):
                yield self._fact(topic, block, heading)

    def _sorted(
        self, text: str, topics: tuple[StatementTopic, ...], *, weak: bool = False
    ) -> tuple[StatementTopic, ...]:
        """Give the topics of those the heading opens that a paragraph is on; bias may stand below any of its like.

        `weak`: the heading ("Uses") opens other things, too, so that the text itself must speak of the topic.
        """
        said = self.words.said
        if "intended-use" in topics and said["out-of-scope-use"].search(text) and not self._meant(text):
            topics = tuple(dict.fromkeys("out-of-scope-use" if t == "intended-use" else t for t in topics))
        if "bias" not in topics and set(topics) & _OF_BIAS and said["bias"].search(text):
            topics = (*topics, "bias") if len(topics) == 1 else ("bias", *topics)
            if len(topics) == 2:
                return topics
        if len(topics) == 1 and not weak:
            return topics
        found = tuple(t for t in topics if said[t].search(text))
        if found:
            return found
        raw = self.words.raw
        doubtful = set(topics) & raw.not_default_beside
        return (raw.default_of_several,) if raw.default_of_several in topics and not doubtful else ()

    def _meant(self, text: str) -> bool:
        """Say whether a text speaks of intended use beside what it excludes: "should not be used for" is no use."""
        said = self.words.said
        return said["intended-use"].search(said["out-of-scope-use"].sub(" ", text)) is not None

    def _labelled(self, block: Block, match: re.Match[str]) -> Iterator[StatementFact]:
        """Read a paragraph or list entry that a label opens: "Limitations: only tested on short texts"."""
        if self.words.not_headings.search(match["label"]):
            return
        rest = block.text[match.start("rest") :]
        for topic in self._sorted(rest, topics_of(match["label"])):
            if (
                topic not in _ABOUT_DATA
                and own_words(content_of(rest)) >= LEAST_WORDS
                and self._own(block, block.text, topic)
            ):
                yield self._fact(topic, block, match["label"].strip())

    def _level(self, label: str, value: str) -> RiskLevel | None:
        return self.words.risk_levels.get(plain(value)) if plain(label) in self.words.risk_labels else None

    def _levels(self, block: Block, heading: str) -> Iterator[StatementFact]:
        """Read the rows of a table that state a level of risk."""
        for row, line in zip(block.rows, block.row_lines, strict=False):
            level = self._level(row[0], row[1]) if len(row) == 2 else None
            if level and self._own(block, " | ".join(row), "safety"):
                place = self.card.document.at(line, " | ".join(row), text_kind="table")
                yield StatementFact(topic="safety", heading=heading or None, place=place, level=level)

    def _of_data(self, block: Block, heading: str, topics: tuple[StatementTopic, ...]) -> Iterator[StatementFact]:
        """Read how training data came about and what was done to it, sentence by sentence."""
        said = self.words.said
        for start, sentence in sentences(block.text):
            if count_words(sentence) < LEAST_WORDS or len(sentence) > LONGEST or not own_words(content_of(sentence)):
                continue
            for topic in _ABOUT_DATA:
                if not said[topic].search(sentence) or not (topic in topics or self.words.data.search(sentence)):
                    continue
                if _leads_in(sentence) or not self._own(block, sentence, topic):
                    continue
                low = sentence.lower()
                named = next((name for name in self.data if name.rpartition("/")[2].lower() in low), None)
                place = cite_at(self.card, block, start, start + len(sentence))
                yield StatementFact(topic=topic, heading=heading or None, place=place, data_set=named)
                break

    def _speaks_of_people(self) -> bool:
        """Say whether any word about personal data is in the card at all, before its sentences are looked at."""
        stems = self.words.raw.personal_data.stems
        low = "\n".join(b.text for b in self.card.blocks if b.kind not in ("code", "table")).lower()
        return any(stem in low for stem in stems) and self.words.personal["about"].search(low) is not None

    def _personal(self, block: Block, heading: str) -> Iterator[StatementFact]:
        patterns = self.words.personal
        if not patterns["about"].search(block.text):
            return
        about_data = any(patterns["data"].search(t) for t in self.card.path_of(block))
        for start, sentence in sentences(block.text):
            if not patterns["about"].search(sentence) or len(sentence) > LONGEST or _leads_in(sentence):
                continue
            if patterns["use"].search(sentence) or not (about_data or patterns["data"].search(sentence)):
                continue
            if self._own(block, sentence, "personal-data"):
                unsure = patterns["unsure"].search(sentence)
                kind = "may-contain" if unsure else next((k for k in _SAID if patterns[k].search(sentence)), None)
                place = cite_at(self.card, block, start, start + len(sentence))
                yield StatementFact(
                    topic="personal-data",
                    heading=heading or None,
                    place=place,
                    said=kind,
                )

    def _fact(
        self, topic: StatementTopic, block: Block, heading: str, *, level: RiskLevel | None = None
    ) -> StatementFact:
        return StatementFact(topic=topic, heading=heading or None, place=self.card.cite(block), level=level)


def _leads_in(text: str) -> bool:
    """Say whether a text only opens a list or code: "It has these limits:"."""
    bare = text.strip(" *_")
    return "\n" not in bare and (bare.endswith((":", "：")) or words().lead_in.search(bare[-60:]) is not None)


def topics_of(title: str) -> tuple[StatementTopic, ...]:
    """Name the topics that a heading opens; most open none."""
    found = words()
    if not title or not found.any_heading.search(title):
        return ()
    opened = tuple(topic for topic, pattern in found.headings.items() if pattern.search(title))
    if "out-of-scope-use" in opened and "intended-use" in opened and not _both(title):
        return tuple(t for t in opened if t != "intended-use")
    if "users" in opened:
        return tuple(t for t in opened if t != "intended-use") if "uses" not in title.lower() else opened
    return opened


def _both(title: str) -> bool:
    """Say whether a heading opens uses and what is no use apart: "Intended uses and out-of-scope uses"."""
    return "intended use" in title.lower().replace("unintended", "")
