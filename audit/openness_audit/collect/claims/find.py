"""Find what a card claims of its own model's openness; in doubt whose a claim is, it is not the model's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from openness_audit.collect.attribution.decide import section_whose
from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.claims.vocabulary import ClaimWords, Form, claim_words
from openness_audit.collect.licenses.subject import names_subject
from openness_audit.model.claims import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.collect.attribution.identity import Identity
    from openness_audit.model.card import Block, Card
    from openness_audit.model.evidence import Polarity

__all__ = ["find_claims"]

MOST_CLAIMS: Final = 40  # of one card
MAX_SENTENCE: Final = 700  # characters of a sentence that are read
MOST_SENTENCES: Final = 500  # of one card that speak of openness; no card that was seen has a tenth of them
MOST_LINKS: Final = 8  # descriptions tried in one sentence
MAX_BLOCK: Final = 20_000
_END = re.compile(
    r"(?<!\bie)(?<!\bi\.e)(?<!\be\.g)(?<!\beg)(?<! vs)(?<!\bal)[.!?](?=[\s*_)\"'”]|$)|[。！？]"
    r"|\n(?=[ \t]*(?:[-*•>#✅📣🔥🎉]|\[?\d{4}[./-]|\n))"
)
_PROPER = re.compile(r"(?<=[\w,)] )[A-Z][\w.+-]+|\b[A-Z][\w.+-]*[A-Z0-9][\w.+-]*\b")
_LETTERS = re.compile(r"\w")
_LIST = re.compile(r"[,;&和与及、]|\band\b|\bas well as\b|\balong(?:side)? with\b")
_OPEN_TO_ALL = frozenset({"fully-open", "open-weights", "released"})
_OPEN = re.compile(r"\bo(?:pen|epn)(?:ly)?[- ]?sourc|\bopen\b|[开開]源", re.IGNORECASE)
_ARTICLE = re.compile(r"\W*(?:a|an|\d+|two|three|four|new|another)\b", re.IGNORECASE)
_ONE = re.compile(r"\W*(?:(?:an?|our|the first)\b|首个|一个|一款)", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:we|i)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)")
_PUBLIC = re.compile(r"\b(?:freely|publicly|openly)\b", re.IGNORECASE)


class _Sentence(Struct, frozen=True):
    """A sentence of a block, and where in it it stands."""

    text: str
    start: int
    block: Block
    path: tuple[str, ...]


def _sentences(block: Block, path: tuple[str, ...]) -> Iterator[_Sentence]:
    """Cut a block's text into sentences; soft line breaks stay inside."""
    text, at = block.text[:MAX_BLOCK], 0
    for end in [*(m.end() for m in _END.finditer(text)), len(text)]:
        if end > at and text[at:end].strip():
            yield _Sentence(text[at : min(end, at + MAX_SENTENCE)].replace("\n", " "), at, block, path)
        at = max(at, end)


def _about(text: str, words: ClaimWords) -> tuple[str, ...]:
    """Give what a mention is of; words that one thing took are not read as another ("training code" is no training)."""
    found: dict[int, str] = {}
    left = text
    for name, pattern in words.objects.items():
        for match in pattern.finditer(left):
            partly = name != "beside" and words.partly.search(text[max(0, match.start() - 20) : match.start()])
            found[match.start()] = "beside" if partly else name
        left = pattern.sub(lambda m: " " * (len(m[0]) - 1) + ";" if m[0] else "", left)
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _heads(text: str, words: ClaimWords) -> str:
    """Give what a list names, without what only describes it ("models trained on data": models)."""
    return "; ".join(words.describes.split(part)[0] for part in _LIST.split(text))


def _matches(form: Form, text: str) -> Iterator[re.Match[str]]:
    """Give what a form matches; of descriptions also those that begin inside another, a few."""
    if form.tie != "link":
        yield from form.pattern.finditer(text)
        return
    at = 0
    for _ in range(MOST_LINKS):
        match = form.pattern.search(text, at)
        if match is None:
            return
        yield match
        at = match.start() + 1


class _Reader:
    """Reads one card's claims."""

    def __init__(self, card: Card, me: Identity) -> None:
        self.card, self.me, self.words = card, me, claim_words()
        self.found: list[Claim] = []
        self.left = MOST_SENTENCES

    def read(self) -> tuple[Claim, ...]:
        """Read every sentence that may claim something."""
        for block in self.card.blocks:
            if block.kind in {"code", "table"} or block.citation or len(self.found) >= MOST_CLAIMS:
                continue
            if not self.words.trigger.search(block.text):
                continue
            path = self.card.path_of(block)
            if not self._own_section(path):
                continue
            for sentence in _sentences(block, path):
                if self.left > 0 and self.words.trigger.search(sentence.text):
                    self.left -= 1
                    self._sentence(sentence)
        return tuple(self.found[:MOST_CLAIMS])

    def _own_section(self, path: tuple[str, ...]) -> bool:
        """Say whether what stands below these headings may be of this model."""
        if section_whose(path, self.me) != "self" or (len(path) > 1 and self.words.elsewhere.search(path[-1])):
            return False
        named = {n.whose for title in path[-2:] for n in names_in(title, self.me)}
        return "base" not in named or "self" in named

    def _sentence(self, sentence: _Sentence) -> None:
        """Keep the claims of one sentence, each kind once."""
        low = sentence.text.lower()
        taken: list[tuple[int, int]] = []
        for form in self.words.forms:
            if not any(word in low for word in form.holding):
                continue
            for match in _matches(form, sentence.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                claim = self._claim(sentence, form, match)
                if claim is not None:
                    taken.append(match.span())
                    self.found.append(claim)

    def _claim(self, sentence: _Sentence, form: Form, match: re.Match[str]) -> Claim | None:
        """Give the claim of one match; None where it is not of this model, or of nothing that is judged."""
        text, words = sentence.text, self.words
        starts = (m.end() for m in words.clause.finditer(text, 0, match.start() + 1))
        start = max((at for at in starts if at <= match.start() + 1), default=0)
        cut = words.clause.search(text, match.end())
        before = text[min(start, match.start()) : match.start()]
        after = text[match.end() : cut.start() if cut else len(text)]
        if not self._is_own(sentence, form, match, before):
            return None
        object_ = match.groupdict().get("object") or ""
        said = match[0][: len(match[0]) - len(object_)]
        about = self._things(form, before, said, object_)
        if not about or (form.kind in _OPEN_TO_ALL and words.some_only.search(after)):
            return None
        whole = bool(words.whole.search(before[-80:] + said + object_[:60]))
        kind = "fully-open" if about == ("model",) and self._is_full(form, said, after) else form.kind
        if kind == "released" and about == ("model",) and _PUBLIC.search(said):
            kind = "open-weights"
        return Claim(
            kind=kind,
            about=about,
            text=" ".join(text.split())[:200],
            place=cite_at(self.card, sentence.block, *_span(sentence)),
            polarity=self._polarity(before, said, object_ + after),
            whole=whole or form.kind == "fully-open",
            linked=any(not k.image for k in sentence.block.links) or bool(words.paper.search(sentence.block.text)),
        )

    def _is_full(self, form: Form, said: str, after: str) -> bool:
        """Say whether "fully" stands right before "open", and not for some uses only."""
        if form.kind not in {"open-source", "open-weights"}:
            return False
        at = max((m.start() for m in _OPEN.finditer(said)), default=0)
        return bool(self.words.whole.search(said[max(0, at - 12) : at])) and not self.words.some_only.search(after)

    def _things(self, form: Form, before: str, said: str, object_: str) -> tuple[str, ...]:
        """Give what the claim is of; nothing where its words name only what is not judged."""
        if form.kind == "open-data":
            return ("data",)
        if form.kind in {"reproducible", "fully-open", "open-weights"} or form.tie in {"link", "label"}:
            return ("model",)
        named = (_heads(object_, self.words) if object_ else said) if form.tie == "self" else before
        all_found = _about(named, self.words)
        found = tuple(name for name in all_found if name != "beside")
        if form.kind == "released":  # that a model is released is told by its files
            whole = self.words.whole.search(object_[:40] or before[-60:]) or _PUBLIC.search(said)
            found = tuple(name for name in found if name != "model" or whole)
            return found if not (set(found) <= {"model", "weights"} and _ARTICLE.match(object_)) else ()
        if found:
            return found
        return ("model",) if self._names_me(object_) or not (all_found or _proper(object_)) else ()

    def _names_me(self, text: str) -> bool:
        named = names_in(text, self.me)
        return any(n.whose == "self" for n in named) if named else names_subject(text, self.me)

    def _is_own(self, sentence: _Sentence, form: Form, match: re.Match[str], before: str) -> bool:
        """Say whether the claim is of this model."""
        words = self.words
        if form.tie == "label":
            rest = sentence.block.text[sentence.start + match.end() :][:200]
            return bool(words.whole.search(match[0])) or form.kind == "open-weights" or self._names_me(rest)
        if words.cited.search(sentence.text):
            return False
        if form.tie == "self":
            object_ = match.groupdict().get("object") or ""
            told = _SPEAKER.match(match[0]) or not words.others.search(before[-60:])
            return bool(told) and not words.partly.search(object_[:24])
        if form.tie == "link":
            return self._described(sentence, match)
        return self._is_subject(before, with_things=form.kind != "open-weights")

    def _described(self, sentence: _Sentence, match: re.Match[str]) -> bool:
        """Say whether what is described is this model: the words in front name it, or there are none."""
        before = sentence.text[: match.start("link")]
        opened = _OPEN.search(match[0])
        if self.words.others.search(match[0][: opened.start()] if opened else match[0]):
            return False
        if not _LETTERS.search(before):
            first = sentence.block.kind == "heading" or (sentence.start == 0 and _ONE.match(match[0]))
            return match["link"] == "" and bool(first) and not self.words.general.search(sentence.text[match.end() :])
        things = _about(before[-30:], self.words)
        return not (things and "model" not in things) and self._is_subject(before, with_things=False)

    def _is_subject(self, before: str, *, with_things: bool) -> bool:
        """Say whether the words in front of a claim are of this model."""
        words, tail = self.words, before[-160:]
        last = tail.rpartition(",")[2]
        if self._names_me(last) and not words.others.search(last):
            return True
        if words.others.search(tail):
            return False
        names = [n.whose for n in names_in(tail, self.me)]
        if names:
            return "self" in names
        if names_subject(tail, self.me):
            return True
        if any(name.lower() != self.me.org for name in _proper(tail)):
            return False
        if words.self_words.search(tail):
            return True
        things = set(_about(tail, words)) - {"beside"} if with_things and len(tail.split()) <= 14 else set()
        return bool(things) and (
            len(things) > 1 or things == {"code"} or bool(words.ours.search(tail) or words.whole.search(tail))
        )

    def _polarity(self, before: str, said: str, after: str) -> Polarity:
        near = before[-60:] + said
        if self.words.promised.search(near) or self.words.later.search(_ASIDE.sub(" ", after)[:80]):
            return "promised"
        return "denied" if self.words.denied.search(near) else "affirmed"


def _span(sentence: _Sentence) -> tuple[int, int]:
    lead = len(sentence.text) - len(sentence.text.lstrip())
    return sentence.start + lead, sentence.start + len(sentence.text.rstrip())


def _proper(text: str) -> list[str]:
    """List the names of things in a text."""
    return [m[0] for m in _PROPER.finditer(text) if m[0].strip(".,") not in claim_words().no_proper]


def find_claims(card: Card | None, me: Identity) -> tuple[Claim, ...]:
    """List what the card says of its model's openness, in order.

    Args:
        card: the subject's own card, without paragraphs about other models; None gives nothing.
        me: the subject's names.

    Returns:
        Claims of this very model, promises and denials among them with their polarity; none is judged yet.
    """
    return _Reader(card, me).read() if card is not None else ()
