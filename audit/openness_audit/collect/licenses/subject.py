"""Say what a statement about terms speaks of, and whose terms they are; in doubt they are not the model's own."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in as models_in
from openness_audit.collect.attribution.names import tokens_of
from openness_audit.collect.licenses.vocabulary import prose_words
from openness_audit.model.evidence import Whose

__all__ = ["Scope", "names_subject", "scope_of", "segment_of", "whose_of"]

Scope: TypeAlias = Literal["model", "weights", "code", "data", "outputs", "base", "unknown"]

_OTHER_SCOPES: tuple[Scope, ...] = ("data", "outputs", "code")
_PROPER = re.compile(
    r"\b[A-Z][\w.+-]*[A-Z0-9][\w.+-]*\b"
    r"|^\W*[A-Z][\w.+-]{2,}(?:[ -]v?\d[\w.]*)?(?=\s+(?:is|are|was|has|have|by|falls)\b)"
)
_DATA_IS = re.compile(r"\bdata ?sets? (?:\w+ )?(?:is|are)\b|\bdata (?:is|are)\b")
_WITH_DATA = re.compile(r"\b(?:models?|weights|checkpoints?)\b[^.;]{0,40}(?:\band\b|,)[^.;]{0,40}\bdata")
_JOINED = re.compile(r"[\W_]+")
_SURE = 6  # letters: a shorter name may be a part of another word
_SAYS = re.compile(r"[^\W\d_]{3,}")


def segment_of(sentence: str, start: int, previous: int) -> str:
    """Give the words of the clause in front of a licence's name; those up to the name before it where that is nearer.

    "The code is under A, while the weights fall under B" gives "while the weights fall under" for B.
    """
    before = sentence[previous:start]
    last = None
    for last in prose_words().clause.finditer(before.lower()):  # noqa: B007 - the last one is wanted
        pass
    return before[last.start() :] if last else before


def scope_of(*texts: str) -> Scope:
    """Say what a statement applies to, by the first of the texts that says: nearest words first, the heading last."""
    for text in texts:
        hits = {name for name, pattern in prose_words().scope.items() if pattern.search(text)}
        if "code" in hits and "weights" not in hits and prose_words().code_of.search(text):
            return "code"
        if hits & {"weights", "model"}:
            if "data" in hits and "weights" not in hits and _DATA_IS.search(text) and not _WITH_DATA.search(text):
                return "data"
            return "weights" if "weights" in hits else "model"
        for name in _OTHER_SCOPES:
            if name in hits:
                return name
    return "unknown"


def names_subject(text: str, me: Identity) -> bool:
    """Tell whether the text names the subject, its family or its publisher's project."""
    low = text.lower()
    if any(alias in low for alias in me.aliases):
        return True
    own = {name for name in (*me.family, *me.project) if len(name) >= 3} - me.parent_names
    return any(word in low and re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z])", low) for word in own)


def _names_parent(text: str, me: Identity) -> bool:
    low = text.lower()
    return any(len(name) >= 4 and name in low for name in me.parent_names)


def _by_names(subject: str, me: Identity) -> Whose | None:
    """Read the model names of a subject: this model's own if it is among them, else the last one's."""
    kin = bool(me.parent_ids) and all(parent.partition("/")[0].lower() == me.org for parent in me.parent_ids)
    own = tokens_of(me.name)
    spelt = _JOINED.sub("", me.name.lower())
    if len(spelt) >= _SURE and spelt in _JOINED.sub("", subject.lower()):
        return "self"
    names = [  # a publisher's words on the family are of this model and of its base alike
        "self" if kin and not named.exact and tokens_of(named.text) <= own else named.whose
        for named in models_in(subject, me)
    ]
    if "self" in names:
        return "self"
    return names[-1] if names else None


def whose_of(segment: str, before: str, sentence: str, me: Identity, *, labelled: bool) -> Whose:
    """Say whose terms a sentence speaks of; only words in front of the licence's name speak of its subject.

    Args:
        segment: the clause in front of the licence's name.
        before: all of the sentence in front of it.
        sentence: the sentence.
        me: the subject's names.
        labelled: whether it begins with a label ("License: ...").

    Returns:
        `self` only where the words are of this model, of the card's own project, or of nothing else that has a name.
    """
    words = prose_words()
    if words.other.search(sentence.lower()):
        return "other"
    if words.same.search(sentence.lower()):
        return "base"
    if words.opens.search(before.lower()) and words.goes_on.search(before.lower()):
        tail = words.aside.split(before)[-1].lower()
        if not words.contrast.search(segment.lower()) and not words.base.search(tail):
            return "self"
    text = segment if _SAYS.search(words.grant.sub(" ", segment.lower())) else before
    told = _by_words(text, words.aside.split(text)[-1], me, labelled=labelled)
    if told is not None:
        return told
    if labelled:
        return "self"
    named = _by_names(text, me)
    if named is not None:
        return named
    if names_subject(text, me):
        return "self"
    proper = any(match[0].strip(" .-\"'“") not in words.no_proper for match in _PROPER.finditer(text))
    return "other" if words.beside.search(text.lower()) or proper else "self"


def _by_words(text: str, subject: str, me: Identity, *, labelled: bool) -> Whose | None:
    """Read the names and words for the subject itself and for what it was made from; None where neither is there."""
    words, low = prose_words(), text.lower()
    named = _by_names(subject, me)
    if named == "self" and not words.base.search(low):
        return "self"
    own_words = bool(words.self_words.search(subject.lower()))
    if _names_parent(text, me) and not names_subject(text, me) and not own_words:
        return "base"
    if own_words and not re.search(r"\bbase model", subject.lower()):
        return "self"
    if words.base.search(low) and not words.self_words.search(low) and not labelled:
        return "base"
    return None if labelled else named
