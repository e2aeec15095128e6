"""Decide whose a sentence is: this model's, its base's, or another model's.

A name counts by its place in the sentence: the first one that can be the subject decides ("X was trained on ..."), one
behind a preposition or a verb does not ("fine-tuned from X"). A sentence that names nobody belongs to the section it
stands in. Where another model may be the subject, the answer is never `self`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import Named, names_in, tokens_of
from openness_audit.collect.attribution.words import attribution_file, patterns
from openness_audit.model.evidence import Whose

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|(?<=[。！？])|\n[ \t]*\n")
_LINK_WORDS = re.compile(r"[,;]?\s?(?:and|or|und|et|y|e|和|与|及|、|/|&|\+)\s?\Z|,\s?\Z", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[^\s]{1,30}['’]s?\Z")
_RELATIVE = re.compile(r"\A\S{0,3},?\s?(?:which|that|whose)\s(?:is|was|were|are|has|had|itself)\b", re.IGNORECASE)
_CALLED_BASE = re.compile(r"[\w.]{2,40}[\s-](?:[\w.]{1,20}[\s-])?base model\b", re.IGNORECASE)
_BACK: Final = 80  # characters before a name that can make it an object


class _Candidate(Struct, frozen=True):
    start: int
    end: int
    whose: Whose
    named: Named | None = None


@lru_cache(maxsize=1024)
def section_whose(path: tuple[str, ...], identity: Identity) -> Whose:
    """Say whose the text under these headings is, from the headings alone.

    Args:
        path: the titles from the outermost heading to the innermost (`Card.path_of`).
        identity: the subject's names.

    Returns:
        `base` anywhere below a heading that opens the base's card, otherwise what the innermost heading that names a
        model says, otherwise `self`.
    """
    answer: Whose = "self"
    for depth, title in enumerate(path):
        found, decided = _heading_whose(title, identity, inner=depth > 0)
        if decided:
            return found or answer
        answer = found or answer
    return answer


@lru_cache(maxsize=1024)  # a heading stands above many others
def _heading_whose(title: str, identity: Identity, *, inner: bool) -> tuple[Whose | None, bool]:
    """Say whose a heading is, None where it says nothing, and whether those below it say no more."""
    words = patterns()
    names = names_in(title, identity)
    own = any(n.whose == "self" and (n.exact or (not inner and _called_base(title[n.start :]))) for n in names)
    if words.quoted.search(title) and not own:
        quotes = identity.derivation != "base" or identity.parent_ids or not _only_base_words(title)
        return ("base", True) if quotes else (None, False)
    if len(title) <= 60 and words.others.search(title):
        return "other", True
    return _title_whose(title, names, inner=inner), False


def _called_base(title: str) -> bool:
    """Say whether a card's title only calls its model a base model: "Heron Base Model (large)"."""
    return _CALLED_BASE.match(title) is not None


def _only_base_words(title: str) -> bool:
    """Say whether a heading is no more than "Base model": in a base model's card that is the model itself."""
    return "base" in title.lower()


def _title_whose(title: str, names: tuple[Named, ...], *, inner: bool) -> Whose | None:
    """Say whose a heading is by the names in it; None where it says nothing."""
    kinds = {n.whose for n in names}
    if not kinds:
        return None
    if "self" in kinds or patterns().derivation.search(title):
        return "self"
    if "base" in kinds:
        return "base" if inner or any(n.exact for n in names) else None
    return "other" if inner else None  # the first heading is the model's display name


def whose(text: str, path: tuple[str, ...], identity: Identity, at: int | None = None) -> Whose:
    """Say which model a sentence is about.

    Args:
        text: a sentence; of several, the one at offset `at` counts, or without `at` the first that names a model.
        path: the headings above it.
        identity: the subject's names.
        at: the offset in `text` of the fact in question; a relative clause about a named model before it then counts.

    Returns:
        `self`, `base` or `other`; `self` only where no other model can be the subject.
    """
    section = section_whose(path, identity)
    if section == "base":
        return section
    said = _said(text, identity, at)
    if section == "other" and said is None:
        return section
    return said or "self"


def _said(text: str, identity: Identity, at: int | None) -> Whose | None:
    """Say whose the sentence at `at` is by its own words, or, where it begins with "It", by the one before."""
    last: Whose | None = None
    start = 0
    for sentence in _sentences(text):
        begin = text.find(sentence, start)
        start = begin + len(sentence)
        found = _sentence_whose(sentence, identity, None if at is None else at - begin)
        if found is None and last is not None and patterns().continues.match(sentence):
            found = last
        if at is None and found is not None:
            return found
        if at is not None and at < start:
            return found
        last = found
    return None


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text[:20_000]) if part and part.strip()]


@lru_cache(maxsize=256)
def _candidates(sentence: str, identity: Identity) -> tuple[_Candidate, ...]:
    """List the words in a sentence that may say whose it is, in order; a name wins over a word inside it."""
    names = [_Candidate(n.start, n.end, n.whose, n) for n in names_in(sentence, identity)]
    derived = identity.derivation != "base" or bool(identity.parent_ids)
    rows = list(names)
    for match in patterns().speakers.finditer(sentence[:4_000]):
        if any(n.start < match.end() and match.start() < n.end for n in names):
            continue
        base: Whose = "base" if derived else "self"
        kind: Whose = {"base": base, "others": "other", "me": "self"}[str(match.lastgroup)]
        rows.append(_Candidate(match.start(), match.end(), kind))
    return tuple(sorted(rows, key=lambda c: c.start))


def _sentence_whose(sentence: str, identity: Identity, at: int | None) -> Whose | None:
    """Give the owner of the first possible subject; None where nobody is named as one."""
    rows = _candidates(sentence, identity)
    if at is not None:
        for row in reversed([r for r in rows if r.end <= at]):
            if row.whose != "self" and _RELATIVE.match(sentence[row.end : row.end + 30]):
                return row.whose
    was_object = False
    for index, row in enumerate(rows):
        before = sentence[max(0, row.start - _BACK) : row.start]
        joined = bool(index and rows[index - 1].end >= row.start - 8 and _LINK_WORDS.search(before))
        is_object = was_object if joined else _is_object(row, before, sentence)
        if not is_object:
            return row.whose
        was_object = is_object
    return None


def _is_object(row: _Candidate, before: str, sentence: str) -> bool:
    """Say whether a name stands where an object stands, so that the sentence can be about something else."""
    words = patterns()
    if row.named is None and row.whose == "self":
        return False
    if row.named is not None and words.object_after.match(sentence, row.end):
        return True
    bare = _unmodified(before)
    if words.owned.search(bare) or words.topic.search(bare):
        return False
    if words.object_before.search(bare):
        return True
    tuned = row.named is not None and row.whose == "base" and bool(words.tuned_passive.match(sentence, row.end))
    return tuned and row.named is not None and not tokens_of(row.named.text) & attribution_file().tuned_names


def _unmodified(before: str) -> str:
    """Drop articles, adjectives and possessives from the end: "from Meta's original" leaves "from"."""
    modifiers = attribution_file().modifiers
    text = before.rstrip(" \t\n*_`\"'“”‘’([<")
    for _ in range(5):
        head, _, word = text.rpartition(" ")
        low = word.lower().strip("*_`\"'“”([")
        dropped = (
            low in modifiers
            or (_POSSESSIVE.fullmatch(word) is not None)
            or ("-" in low and low.split("-")[0] in modifiers)
        )
        if not dropped or not head:
            break
        text = head.rstrip(" \t\n*_`\"'“”([")
    return text + " "
