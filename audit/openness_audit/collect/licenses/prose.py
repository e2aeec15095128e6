"""Find what the body of a card says about terms: which licence, of what, whose, and whether it binds."""

from __future__ import annotations

import re

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.card.whole import where
from openness_audit.collect.licenses.badges import badge_words
from openness_audit.collect.licenses.names import Named, labelled_name, names_in
from openness_audit.collect.licenses.subject import Scope, names_subject, scope_of, segment_of, whose_of
from openness_audit.collect.licenses.vocabulary import prose_words
from openness_audit.licenses.families import OPEN
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts_licenses import LicenseProse

__all__ = ["find_prose"]

# a sentence ends at its stop, at an empty line, or where the next line is an item or a labelled value
_END = re.compile(
    r"(?<!\bie)(?<!\bi\.e)(?<!\be\.g)(?<!\beg)(?<! vs)[.!?](?=\s|$)|[。！？]"
    r"|\n(?=[ \t]*(?:[-*•>#❌✅]|[\w /]{1,30}[:：]|\n))"
)
_TITLED = re.compile(r"\s*\W{0,4}licen[cs]es?\b(?:\W+\w+){0,3}\W*$", re.IGNORECASE)  # "**License** The X License"
_LICENCE_FILE = re.compile(r"^(?:https?://[^?#]{4,200}/)?[\w%.-]{0,60}licen[cs]e[\w%.-]{0,60}\Z", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w./-]*")
_LONG = 900  # characters of a sentence that are read
_SHORT = 200  # characters of a paragraph below "License" that is read without further words of terms
_MOST = 60  # statements kept of one card


def _sentences(text: str) -> list[tuple[int, str]]:
    """Cut a block's text into sentences with their offsets; soft line breaks stay inside."""
    found, at = [], 0
    for end in [*(m.end() for m in _END.finditer(text[:20_000])), min(len(text), 20_000)]:
        if text[at:end].strip():
            found.append((at, text[at : min(end, at + _LONG)]))
        at = end
    return found


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((found for found in (pattern.search(text) for pattern in patterns) if found), None)


def _of_base(scope: Scope) -> Scope:
    """Give the scope of a statement about another's work: data and code keep theirs."""
    return scope if scope in ("data", "code", "outputs") else "base"


class _Read(Struct, frozen=True, kw_only=True):
    """A sentence with what surrounds it.

    `label` is the match of "License:" at its beginning; `lead` are the words of the same line in front of it, which say
    what a label speaks of. `under` is true below a heading about terms, `elsewhere` below one about other works.
    """

    text: str
    lead: str
    path: str
    place: Place
    label: re.Match[str] | None
    under: bool
    elsewhere: bool
    cautions: bool

    @property
    def labelled(self) -> bool:
        return self.label is not None and not self.lead.strip()


class _Reader:
    """Reads one card's blocks into statements."""

    def __init__(self, card: Card, me: Identity) -> None:
        self.card, self.me = card, me
        self.names = " ".join((me.id, *me.parent_ids, *sorted(me.parent_names))).lower()
        self.found: list[LicenseProse] = []
        self.headed: dict[int, bool] = {}  # by section: whether its heading is about terms

    def read(self) -> tuple[LicenseProse, ...]:
        """Read every block that may state terms."""
        words = prose_words()
        triggered = self._triggered()
        for index, block in enumerate(self.card.blocks):
            if block.kind == "code" or len(self.found) >= _MOST:
                continue
            if block.citation and not (self._under_heading(block) or words.label.search(block.text[:80].lower())):
                continue
            self._badges(block)
            if block.kind == "table":
                self._table(block)
                continue
            short = len(block.text) <= _SHORT and block.kind != "heading" and self._under_heading(block)
            if short or index in triggered:
                for start, sentence in _sentences(block.text):
                    if short or words.trigger.search(sentence.lower()):
                        self._sentence(block, start, sentence)
        return tuple(self.found[:_MOST])

    def _triggered(self) -> frozenset[int]:
        """Number the blocks in which a word of terms stands, by one look through all of them."""
        texts = ["" if block.kind in {"code", "table"} else block.text.lower() for block in self.card.blocks]
        return frozenset(where(prose_words().trigger, texts))

    def _path(self, block: Block) -> str:
        return " / ".join(self.card.path_of(block)[-2:]).lower()

    def _under_heading(self, block: Block) -> bool:
        if block.section not in self.headed:
            title = self.card.sections[block.section].title.lower().strip()
            self.headed[block.section] = prose_words().heading.search(title) is not None
        return self.headed[block.section]

    def _keep(self, named: Named, scope: Scope, whose: Whose, place: Place) -> None:
        self.found.append(
            LicenseProse(
                expression=named.expression,
                family=named.family,
                scope=_of_base(scope) if whose == "base" else scope,
                whose=whose,
                restricts=False,
                text=place.excerpt or "",
                place=place,
            )
        )

    def _badges(self, block: Block) -> None:
        """Read "License: MIT" off the badges; one without a word on the model may be the code's."""
        for image in block.links:
            said = badge_words(image)
            if said is None:
                continue
            place = self.card.document.at(image.line, said, text_kind="html")
            label = said.partition(":")[0].lower()
            named: list[Named | None] = [*names_in(said)] or [labelled_name(said.partition(":")[2], len(label) + 1)]
            for each in named:
                if each is not None:
                    self._keep(each, scope_of(label), "other" if self._elsewhere(block) else "self", place)

    def _elsewhere(self, block: Block) -> bool:
        path = self.card.path_of(block)
        return len(path) > 1 and bool(prose_words().elsewhere.search(path[-1].lower()))

    def _table(self, block: Block) -> None:
        """Read the row "License | MIT" of a table of properties, and the own row of one with a column "License"."""
        words = prose_words()
        heads = (
            [i for i, cell in enumerate(block.rows[0]) if words.label.search(cell.lower() + ":")] if block.rows else []
        )
        for row, line in zip(block.rows, block.row_lines, strict=False):
            if len(row) == 2 and words.label.search(row[0].lower() + ":"):
                cell = row[1]
            elif heads and len(row) > max(2, heads[0]) and any(c.lower().strip() in self.me.aliases for c in row[:2]):
                cell = row[heads[0]]
            else:
                continue
            place = self.card.document.at(line, " | ".join(row), text_kind="table")
            for named in names_in(f"License: {cell[:200]}"):
                self._keep(named, "model", "self", place)

    def _sentence(self, block: Block, start: int, sentence: str) -> None:
        """Read the statements of one sentence."""
        words, path = prose_words(), self._path(block)
        line = block.text.rfind("\n", 0, start + len(sentence) - len(sentence.lstrip())) + 1
        one = _Read(
            text=sentence,
            lead=block.text[line:start] if line < start else "",
            path=path,
            place=cite_at(self.card, block, start, start + len(sentence)),
            label=words.label.search(sentence.lower()),
            under=self._under_heading(block),
            elsewhere=self._elsewhere(block),
            cautions=bool(words.cautions.search(path)),
        )
        named = names_in(sentence, tuple(link for link in block.links if not link.image))
        if one.label is not None and not named:
            value = labelled_name(sentence[one.label.end() :], one.label.end())
            named = [value] if value is not None else []
        elif one.under and not named and len(sentence) <= _SHORT:
            value = labelled_name(sentence, 0, known=True)
            named = [value] if value is not None else []
        self._grants(one, named)
        if not named and (one.under or one.label is not None):
            self._linked(block, one)
        self._restriction(one, nameless=one.label is not None and not named)

    def _linked(self, block: Block, one: _Read) -> None:
        """Keep that a licence is linked which the card does not name: what it allows was not read."""
        link = next((k for k in block.links if _LICENCE_FILE.search(k.url) and k.text and k.text in one.text), None)
        if link is not None and self._whose(one, one.text[:0], "") == "self":
            self.found.append(
                LicenseProse(
                    expression=None, family="unknown", scope="model", whose="self", restricts=False,
                    text=one.place.excerpt or "", place=one.place,
                )
            )  # fmt: skip

    def _whose(self, one: _Read, segment: str, before: str) -> Whose:
        """Say whose a statement is, by the words in front of it, those of its line, and the heading above."""
        if one.label is not None and one.label["of"]:
            segment = before = before[: one.label.end()]
            if prose_words().base.search(segment.lower()):
                return "base"
        lead = one.lead if one.label is not None else ""
        if lead and prose_words().beside.search(lead.lower()):
            return "other"
        whose = whose_of(lead + segment, lead + before, one.text, self.me, labelled=one.labelled)
        if whose == "self" and one.elsewhere and not names_subject(segment, self.me):
            return "other"
        return whose

    def _grants(self, one: _Read, named: list[Named]) -> None:
        """Keep the licences that are granted: behind a label, under a heading, or by words that grant."""
        words, low, previous = prose_words(), one.text.lower(), 0
        for each in named:
            if each.unless and re.search(each.unless, self.names):
                continue
            segment, before = segment_of(one.text, each.start, previous), one.text[: each.start]
            alone = one.under and (len(named) == 1 or (not previous and len(before.split()) <= 3))
            alone = alone or (not previous and bool(_TITLED.match(before or one.text[:12])))
            previous = each.end
            if not (one.label is not None or words.grant.search(low) or alone):
                continue
            whose = self._whose(one, segment, before)
            bare = one.label is None and not words.grant.search(low)
            if bare and each.family in OPEN and self._of_a_thing(before):
                whose = "other"
            self._keep(each, self._scope(one, segment, before, one.text[each.end :]), whose, one.place)

    def _of_a_thing(self, before: str) -> bool:
        """Tell whether the words in front of a bare name ("parser/core - MIT") are another thing's."""
        rest = [word for word in _WORD.findall(before) if word.lower() not in prose_words().no_name]
        return bool(rest) and not names_subject(before, self.me) and scope_of(before.lower()) == "unknown"

    def _scope(self, one: _Read, segment: str, before: str, after: str) -> Scope:
        """Say what a licence is of: its label, its clause, the sentence, the line, the heading."""
        words = prose_words()
        if one.label is not None:
            told = scope_of(f"{one.label['kind'] or ''} {one.label['of'] or ''}", segment.lower(), one.lead.lower())
            return "model" if told in ("unknown", "outputs") else told
        scope = scope_of(segment.lower(), before.lower(), words.clause.split(after.lower())[0], one.lead.lower())
        if scope == "unknown" and not one.under and not words.project.search(one.text.lower()):
            scope = scope_of(one.path)
        if scope != "unknown":
            return scope
        if names_subject(before, self.me) or _TITLED.match(before or one.text[:12]):
            return "model"
        if one.under and not words.project.search(one.text.lower()):
            told = scope_of(one.path.rpartition(" / ")[2])
            return "model" if told == "unknown" else told
        return "unknown"

    def _restriction(self, one: _Read, *, nameless: bool) -> None:
        """Keep words that bind: "for research purposes only" does, "intended for research" does not."""
        words = prose_words()
        plain = " ".join(one.text.split())
        flat = words.allows.sub(lambda m: " " * len(m[0]), plain.lower())
        match = _first(words.restricts, flat) or (words.nameless.search(flat) if nameless else None)
        closed = "non-commercial" if match else "community"
        match = match or _first(words.fields, flat)
        if match is not None and (words.advice.search(flat) or one.cautions) and not words.binding.search(flat):
            match = None
        if match is None and not one.cautions:
            match, closed = words.on_request.search(flat), "community"
        if match is None:
            return
        before = plain[: match.start()]
        whose = self._whose(one, segment_of(plain, len(before), 0), before)
        scope = scope_of(before.lower(), one.text.lower(), one.lead.lower(), one.path)
        if scope == "unknown" and (one.under or one.label is not None or names_subject(before, self.me)):
            scope = "model"
        self.found.append(
            LicenseProse(
                expression=None,
                family=closed,
                scope=_of_base(scope) if whose == "base" else scope,
                whose=whose,
                restricts=True,
                text=" ".join(one.text.split())[:200],
                place=one.place,
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
