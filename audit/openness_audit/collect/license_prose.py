"""Find what the body of a card says about terms: which licence, of what, whose, and whether it binds."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from openness_audit.collect.identity import Identity
from openness_audit.collect.license_names import names_in
from openness_audit.collect.license_vocabulary import prose_words
from openness_audit.collect.markdown import cite_at
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts import LicenseProse

__all__ = ["find_prose"]

Scope: TypeAlias = Literal["model", "weights", "code", "data", "outputs", "base", "unknown"]

# a sentence ends at its stop, at an empty line, or where the next line is an item or a labelled value
_END = re.compile(r"[.!?](?=\s|$)|[。！？]|\n(?=[ \t]*(?:[-*•>#❌✅]|[\w /]{1,30}[:：]|\n))")
_LONG = 900  # characters of a sentence that are read
_OTHER_SCOPES: tuple[Scope, ...] = ("data", "outputs", "code")
_MOST = 60  # statements kept of one card
_PROPER = re.compile(r"\b[A-Z][\w.+-]*[A-Z0-9][\w.+-]*\b|^\W*[A-Z][\w.+-]{2,}(?=\s+(?:is|are|was|has|by|falls)\b)")


def _sentences(text: str) -> list[tuple[int, str]]:
    """Cut a block's text into sentences with their offsets; soft line breaks stay inside."""
    found, at = [], 0
    for end in [*(m.end() for m in _END.finditer(text[:20_000])), min(len(text), 20_000)]:
        if text[at:end].strip():
            found.append((at, text[at : min(end, at + _LONG)]))
        at = end
    return found


def _scope(before: str, sentence: str, path: str) -> Scope:
    """Say what a statement applies to: by the words in front of the licence, else in the sentence, else the heading."""
    for text in (before, sentence, path):
        hits = {name for name, pattern in prose_words().scope.items() if pattern.search(text)}
        if hits & {"weights", "model"}:
            if (
                "data" in hits
                and "weights" not in hits
                and re.search(r"\bdata ?sets? (?:is|are)\b|\bdata (?:is|are)\b", text)
            ):
                return "data"
            return "weights" if "weights" in hits else "model"
        for name in _OTHER_SCOPES:
            if name in hits:
                return name
    return "unknown"


def _names_subject(text: str, me: Identity) -> bool:
    """Tell whether the text names the subject, its family or its publisher's project."""
    low = text.lower()
    if any(alias in low for alias in me.aliases):
        return True
    own = {w for name in (*me.family, *me.project) for w in (name,) if len(w) >= 3} - me.parent_names
    return any(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z])", low) for word in own)


def _names_parent(text: str, me: Identity) -> bool:
    low = text.lower()
    return any(len(name) >= 4 and name in low for name in me.parent_names)


def _whose(before: str, sentence: str, me: Identity, *, labelled: bool) -> Whose:
    """Say whose terms a sentence speaks of; only words in front of the licence's name speak of its subject."""
    words = prose_words()
    low = before.lower()
    if words.other.search(sentence.lower()):
        return "other"
    if words.same.search(sentence.lower()):
        return "base"
    if words.opens.search(low) and words.goes_on.search(low):
        return "self"
    subject = re.split(r"[,;，；]|\b(?:which|while|whereas|but|based on|built on|derived from)\b", low)[-1]
    if _names_parent(before, me) and not _names_subject(before, me) and not words.self_words.search(subject):
        return "base"
    if words.self_words.search(subject) and not re.search(r"\bbase model", subject):
        return "self"
    if words.base.search(low) and not words.self_words.search(low) and not labelled:
        return "base"
    if labelled or _names_subject(before, me):
        return "self"
    if words.beside.search(low):
        return "other"
    if _PROPER.search(before):
        return "other"
    return "self"


class _Reader:
    """Reads one card's blocks into statements."""

    def __init__(self, card: Card, me: Identity) -> None:
        self.card, self.me = card, me
        self.names = " ".join((me.id, *me.parent_ids, *sorted(me.parent_names))).lower()
        self.found: list[LicenseProse] = []

    def read(self) -> tuple[LicenseProse, ...]:
        """Read every block that may state terms."""
        for block in self.card.blocks:
            if block.citation or block.kind == "code" or len(self.found) >= _MOST:
                continue
            if block.kind == "table":
                self._table(block)
            elif prose_words().trigger.search(block.text.lower()):
                for start, sentence in _sentences(block.text):
                    self._sentence(block, start, sentence)
        return tuple(self.found[:_MOST])

    def _path(self, block: Block) -> str:
        return " / ".join(self.card.path_of(block)[-2:]).lower()

    def _under_heading(self, block: Block) -> bool:
        path = self.card.path_of(block)
        return bool(path) and bool(prose_words().heading.search(path[-1].lower().strip()))

    def _table(self, block: Block) -> None:
        """Read the row "License | MIT" of a two-column table of properties."""
        for row, line in zip(block.rows, block.row_lines, strict=False):
            if len(row) != 2 or not prose_words().label.search(row[0].lower() + ":"):
                continue
            for named in names_in(f"License: {row[1][:200]}"):
                place = self.card.document.at(line, f"{row[0]} | {row[1]}", text_kind="table")
                self.found.append(
                    LicenseProse(
                        expression=named.expression,
                        family=named.family,
                        scope="model",
                        whose="self",
                        restricts=False,
                        text=place.excerpt or "",
                        place=place,
                    )
                )

    def _sentence(self, block: Block, start: int, sentence: str) -> None:
        words, low = prose_words(), sentence.lower()
        if not words.trigger.search(low):
            return
        labelled = bool(words.label.search(low))
        under = self._under_heading(block)
        named = names_in(sentence, tuple(link for link in block.links if not link.image))
        place = cite_at(self.card, block, start, start + len(sentence))
        for one in named:
            if one.unless and re.search(one.unless, self.names):
                continue
            before = sentence[: one.start]
            whose = _whose(before, sentence, self.me, labelled=labelled)
            granted = labelled or bool(words.grant.search(low)) or (under and len(named) == 1)
            if not granted:
                continue
            scope = _scope(before.lower(), low, self._path(block) if not under else "")
            if labelled and scope in ("unknown", "code", "outputs"):
                scope = "model" if "code" not in before.lower() else scope
            self.found.append(
                LicenseProse(
                    expression=one.expression,
                    family=one.family,
                    scope="base" if whose == "base" else scope,
                    whose=whose,
                    restricts=False,
                    text=place.excerpt or "",
                    place=place,
                )
            )
        self._restriction(sentence, place, self._path(block), labelled=labelled)

    def _restriction(self, sentence: str, place: Place, path: str, *, labelled: bool) -> None:
        """Keep words that bind: "for research purposes only" does, "intended for research" does not."""
        words, low = prose_words(), sentence.lower()
        flat = " ".join(low.split())
        match = next((m for m in (p.search(flat) for p in words.restricts) if m), None)
        asked = words.on_request.search(flat)
        if match is None and asked is None:
            return
        if match is not None and words.advice.search(flat) and not words.binding.search(flat):
            match = None
        if match is None and asked is None:
            return
        before = sentence[: match.start()] if match else sentence
        whose = _whose(before, sentence, self.me, labelled=labelled)
        scope = _scope(before.lower(), low, path)
        self.found.append(
            LicenseProse(
                expression=None,
                family="non-commercial" if match else "community",
                scope="base" if whose == "base" else scope,
                whose=whose,
                restricts=match is not None,
                text=" ".join(sentence.split())[:200],
                place=place,
            )
        )


def find_prose(card: Card | None, me: Identity) -> tuple[LicenseProse, ...]:
    """List the statements about terms in a card's body, in order.

    Args:
        card: the subject's own card; None gives nothing.
        me: the subject's names, to tell its terms from its base model's and others'.

    Returns:
        Statements, each with what it applies to, whose it is, and whether it binds the licensee.
    """
    return _Reader(card, me).read() if card is not None else ()
