"""Find proper names of models that no list knows, and tell a card's own nicknames from names used in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.attribution.words import attribution_file, read_vocabulary
from openness_audit.collect.code.vocabulary import normal
from openness_audit.collect.patterns import lazy

MAX_SENTENCE: Final = 1_500
_LEAST: Final = 3  # letters of a word that two names can have in common
_NAME: Final = r"(?P<name>[^\W\d_][\w.+-]{1,40}(?:[ ](?=[A-Z\d])[\w.+-]{1,30}){0,7})"
_FIRST: Final = rf"^\W{{0,6}}(?:(?:The|the|Our|our)\s[\"'“(]{{0,2}})?{_NAME}[\"'”\])`]{{0,2}}"
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+(?:\.\d+)?|[^\W\d_A-Za-z]+")
_INNER = re.compile(r"[a-z\d][A-Z]|[A-Z]{2}[a-z]|[a-z]{2}[-_][a-z\d]+[-_][a-z\d]|[A-Za-z]\d|[A-Z]\w*-[A-Z\d]")
_BEHIND = re.compile(r"[\"'”)\]]{0,2}\s{0,2}(?:[,:;(–—-]|is\b|are\b|an?\b|which\b|$)")
_GAP = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"[^\W_][\w.+-]{2,60}")


class ForeignWords(Struct, frozen=True):
    """`rules/vocabulary/foreign.yaml`, compiled."""

    introduces: re.Pattern[str]
    subject: re.Pattern[str]
    done: re.Pattern[str]
    kinds: re.Pattern[str]
    not_kinds: re.Pattern[str]
    code_label: re.Pattern[str]
    documents: re.Pattern[str]
    labels: re.Pattern[str]
    evaluates: re.Pattern[str]
    verbs: re.Pattern[str]
    deeper: frozenset[str]
    no_names: frozenset[str]
    name_rows: frozenset[str]
    in_one_go: frozenset[str]


class Known(Struct, frozen=True):
    """The names a card may call its subject by: its own, its base models', and those it uses again and again."""

    identity: Identity
    words: frozenset[str]  # words of the subject's id and of its base models'
    joined: tuple[str, ...]  # the same names without separators
    repeated: frozenset[str]  # names, without separators, that stand in a title or in several paragraphs
    in_one_go: bool = False  # a kind of model that is made from no other


@cache
def foreign_words() -> ForeignWords:
    """Load and compile the vocabulary, once."""
    raw = read_vocabulary("foreign")
    return ForeignWords(
        introduces=lazy(rf"(?:^|\b)(?i:{'|'.join(raw['introduces'])})[\"'“\[(]?{_NAME}"),
        subject=lazy(f"{_FIRST}(?i:{'|'.join(raw['subject'])})"),
        done=lazy(f"{_FIRST}(?i:{'|'.join(raw['done'])})"),
        kinds=lazy(raw["kinds"], re.IGNORECASE),
        not_kinds=lazy(raw["not_kinds"], re.IGNORECASE),
        code_label=lazy(raw["code_label"], re.IGNORECASE),
        documents=lazy(raw["documents"], re.IGNORECASE),
        labels=lazy(f"(?i:{raw['labels']}){_NAME}"),
        evaluates=lazy(raw["evaluates"], re.IGNORECASE),
        verbs=lazy(raw["verbs"], re.IGNORECASE),
        deeper=frozenset(raw["deeper"]),
        no_names=frozenset(normal(n) for n in raw["no_names"]),
        name_rows=frozenset(raw["name_rows"]),
        in_one_go=frozenset(raw["in_one_go"]),
    )


@lru_cache(maxsize=4096)  # the same names are compared for every paragraph
def telling(name: str) -> frozenset[str]:
    """Give the words of a name that can tell it from others."""
    raw = attribution_file()
    found = (w.lower() for part in _GAP.split(name) for w in (*_WORD.findall(part), part))
    return (
        frozenset(w for w in found if len(w) >= _LEAST and not w[0].isdigit()) - raw.common - raw.variants - raw.formats
    )


def names_to_know(identity: Identity, repeated: frozenset[str], *, in_one_go: bool = False) -> Known:
    """Put together what the subject may be called."""
    names = [identity.name, identity.org, *identity.project, *identity.parent_names]
    names += [p.rpartition("/")[2] for p in identity.parent_ids]
    return Known(
        identity=identity,
        words=frozenset(w for n in names for w in telling(n)),
        joined=tuple(dict.fromkeys(normal(n) for n in names if len(normal(n)) >= _LEAST)),
        repeated=repeated,
        in_one_go=in_one_go,
    )


def is_known(name: str, known: Known) -> bool:
    """Say whether a name may be the subject's, its base models' or its publisher's, by any spelling."""
    joined = normal(name)
    if len(joined) < _LEAST or joined in known.repeated or telling(name) & known.words:
        return True
    if any(joined in own or own in joined for own in known.joined):
        return True
    if any(len(other) > _LEAST and (joined.startswith(other) or other.startswith(joined)) for other in known.repeated):
        return True
    return any(n.whose in {"self", "base"} for n in names_in(name, known.identity))


def _proper(name: str, text: str, end: int, *, introduced: bool) -> bool:
    """Say whether a word is written like a name of its own: capitals or digits inside, or set off after "introduce"."""
    first = name.split(maxsplit=1)[0]
    if foreign_words().no_names & {normal(name), normal(first)} or not any(c.isupper() or c in "-_" for c in name):
        return False
    if _INNER.search(name):
        return True
    return introduced and name[:1].isupper() and _BEHIND.match(text, end) is not None


def introduced(sentence: str) -> Iterator[str]:
    """Give the proper names a sentence introduces ("we present NAME") or has as its subject ("NAME is a model")."""
    words, text = foreign_words(), sentence[:MAX_SENTENCE]
    for match in words.introduces.finditer(text):
        name = match["name"].rstrip(".-+")
        if _proper(name, text, match.end("name"), introduced=True):
            yield name
    labelled = words.labels.search(text)
    if labelled is not None and _proper(labelled["name"], text, labelled.end(), introduced=False):
        yield labelled["name"].rstrip(".-+")
    subject = words.subject.search(text)
    if subject is not None:
        kind = words.kinds.search(text, subject.end("name"), subject.end() + 120)
        other = words.not_kinds.search(text, subject.end("name"), kind.start() if kind else 0)
        subject = subject if kind is not None and other is None else None
    subject = subject or words.done.search(text)
    if subject is not None and _proper(subject["name"], text, subject.end("name"), introduced=False):
        yield subject["name"].rstrip(".-+")


def _named(head: str) -> bool:
    """Say whether the words before a title's colon are a proper name: capitals inside, or nothing but capitals."""
    bare = head.strip(" {}")
    return bool(_INNER.search(bare)) or (len(bare) >= _LEAST and bare.isupper() and bare.isalpha())


def titled(title: str, known: Known) -> bool:
    """Say whether a paper's title begins with a proper name, before a colon, that the card does not know."""
    head, colon, _ = title.partition(":")
    return bool(colon) and len(head.split()) <= 4 and _named(head) and not is_known(head.strip(), known)


def ties(text: str, known: Known) -> bool:
    """Say whether a name, an account or a part of an address has a word of the subject's, its base's or publisher's."""
    joined = normal(text)
    return bool(telling(text) & known.words) or any(
        len(own) > _LEAST and (own in joined or (len(joined) > _LEAST and joined in own)) for own in known.joined
    )


def tokens(text: str) -> frozenset[str]:
    """Give the words of a text that are written like names, without separators."""
    # a plain word, which most are, has nothing inside
    odd = (w for w in _TOKEN.findall(text) if not (w.isalpha() and w[1:].islower()))
    return frozenset(normal(w) for w in odd if _INNER.search(w))
