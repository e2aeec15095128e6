"""Tell what a heading and a verb say about data: training, of which stage, or evaluation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from openness_audit.collect.data.vocabulary import VERBS, Verb, data_words

HeadingRole: TypeAlias = Literal["data", "training", "evaluation", "elsewhere", ""]

_SPLIT = re.compile(r"(?<=[.!?])[\"'”)\]]?\s+(?=[^a-z\s])|(?<=[。！？；])|\n[ \t]*\n")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’]s)?|&")
_PLAIN_FORM = re.compile(r"(?:tune|train)\Z", re.IGNORECASE)
_BEFORE: Final = 60  # characters before a verb in which it can be denied or be an instruction
MAX_HEADING_WORDS: Final = 12
MAX_SENTENCE: Final = 3_000


class Heading(Struct, frozen=True):
    """What the headings above a text say: its role, and the stage where one is named."""

    role: HeadingRole = ""
    stage: str = ""  # "pretraining", "finetuning" or nothing


class VerbAt(Struct, frozen=True):
    """A verb of training or evaluation in a sentence; `counts` is false where it is denied or is an instruction."""

    kind: Verb
    start: int
    end: int
    counts: bool
    continued: bool


class Sentence(Struct, frozen=True):
    """A sentence of a block, with its offset in the block's text."""

    text: str
    start: int


@lru_cache(maxsize=512)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Split a block's text into sentences; abbreviations do not end one."""
    found: list[Sentence] = []
    begin = 0
    for match in _SPLIT.finditer(text):
        if data_words().abbreviated.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        found.append(Sentence(text[begin : match.end()][:MAX_SENTENCE], begin))
        begin = match.end()
    found.append(Sentence(text[begin:][:MAX_SENTENCE], begin))
    return tuple(s for s in found if s.text.strip())


@lru_cache(maxsize=512)  # a path is asked for by each block below it
def heading_of(path: tuple[str, ...]) -> Heading:
    """Say what stands below these headings, the innermost that says something first.

    Args:
        path: the titles from the outermost heading to the innermost (`Card.path_of`).
    """
    role: HeadingRole = ""
    stage = ""
    for title in reversed(path):
        role = role or _role(title)
        if not stage and role in {"data", "training"}:
            stage = _stage(title)
    return Heading(role, stage)


def _words_of(title: str) -> list[str]:
    """Give the words of a heading in lower case; none where it is too long for one."""
    words = _LETTERS.findall(title[:200])
    return [w.lower() for w in words] if len(words) <= MAX_HEADING_WORDS else []


def _stage(title: str) -> str:
    """Give the one stage that a heading names."""
    said = [name for name, pattern in data_words().heading_stages.items() if pattern.search(title)]
    return said[0] if len(said) == 1 and _words_of(title) else ""


@lru_cache(maxsize=2048)  # most cards have the same headings
def _role(title: str) -> HeadingRole:
    """Say what one heading is about."""
    words = _words_of(title)
    if not words:
        return ""
    known = data_words()
    tests = known.heading_roles["evaluation"].search(title)
    trains = known.heading_roles["training"].search(title) or any(
        p.search(title) for p in known.heading_stages.values()
    )
    about_data = not known.heading_nouns.isdisjoint(words) and all(
        w in known.heading_nouns or w in known.heading_fillers for w in words
    )
    if (about_data or known.heading_phrases.search(title)) and (trains or not tests):
        return "data"
    if known.heading_roles["elsewhere"].search(title) and not trains:
        return "elsewhere"
    if tests and not trains:
        return "evaluation"
    if trains and len(words) <= 5:
        return "training"
    return ""


def verbs_in(text: str) -> list[VerbAt]:
    """List the verbs of training and evaluation of a sentence in order, each with whether it says that it happened."""
    return list(_verbs_in(text))


def _to_the_reader(text: str, start: int, end: int) -> bool:
    """Say whether a verb in its plain form tells the reader what could be done: "you can ... or fine-tune it"."""
    words = data_words()
    if not _PLAIN_FORM.search(text[start:end]):
        return False
    return words.addressed.search(text[:start]) is not None or words.addressed_after.match(text, end) is not None


@lru_cache(maxsize=256)
def _verbs_in(text: str) -> tuple[VerbAt, ...]:
    words = data_words()
    if not words.verb_gate.may(text):
        return ()
    taken: list[tuple[int, int, Verb]] = []
    for kind in VERBS:
        for match in words.verbs[kind].finditer(text):
            if not any(s < match.end() and match.start() < e for s, e, _ in taken):
                taken.append((match.start(), match.end(), kind))
    if not taken:
        return ()
    rows = []
    used = words.used.search(text) is not None
    for start, end, kind in sorted(taken):
        before = text[max(0, start - _BEFORE) : start]
        around = text[max(0, start - 30) : end + 12]
        order = words.instructed.search(before)
        told = order is not None and not (order.group().strip().lower().startswith("to") and used)
        told = told or _to_the_reader(text, start, end)
        counts = words.negated.search(before[-30:]) is None and (kind == "evaluation" or not told)
        rows.append(VerbAt(kind, start, end, counts, words.continued.search(around) is not None))
    return tuple(rows)
