"""Tell whether a table label, heading or sentence names this model, another, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.results.vocabulary import ResultWords, result_words
from openness_audit.model.card import Card

Naming: TypeAlias = Literal["exact", "near", "family", "other", "none"]
Subject: TypeAlias = Literal["self", "other", "none"]

MAX_TEXT: Final = 20_000

_SIZE = re.compile(r"(?<![a-z0-9.])(\d{1,4}x)?(\d{1,5}(?:\.\d{1,3})?)\s?(b|m|bn|billion|million)(?=v\d|[^a-z0-9]|$)")
_DECIMAL = re.compile(r"(?<![a-z\d])(\d{1,2})[_p](?=\d{1,2}[bm](?![a-z]))|(?<![a-z\d])(v\d)_(?=\d)")
_DATE = re.compile(r"(?:20)?2[2-6](?:0[1-9]|1[0-2])(?:[0-3]\d)?|(?:0[1-9]|1[0-2])[0-3]\d|1\.0")
_VERSION = re.compile(r"(?<![a-z0-9])v\s?(\d{1,3}(?:\.\d{1,4}){0,4})(?![a-z0-9])")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]")
_HUB_ID = re.compile(r"(?<![\w./-])[\w][\w.-]{1,40}/[\w.-]{2,96}(?![\w/])")
_NEXT_VERSION = re.compile(
    r"[-_.]?\d{1,2}(?:\.\d)?(?![\w.]*[bm]\b)[-_\s](?:\d|[a-z]{0,12}[-_]?\d)|\s\d(?:\.\d)?[\s-]\d+[bm]\b"
)  # "OLMo-2-7B", "OLMo 2 7B"
_GLUED = re.compile(r"(?<=\d[bm])(?=v\d)")
_CARD_TITLE = re.compile(r"^(?:model card (?:for|of)|model)\s+|\s+(?:model card|card|model)$", re.IGNORECASE)


class Name(Struct, frozen=True):
    """A model's name taken apart: letters and bare numbers run together, size in millions, version, formats."""

    core: str
    size: float | None
    experts: str
    version: str
    formats: frozenset[str]


def _decimal(low: str) -> str:
    """Write `1_6b` and `v1_1` with a point."""
    return _DECIMAL.sub(lambda m: f"{m.group(1) or m.group(2)}.", low)


def take_apart(text: str, words: ResultWords | None = None) -> Name:
    """Split a name such as `OpenLLaMA 3Bv2` into its parts."""
    words = words or result_words()
    low = _GLUED.sub(" ", _decimal(text.lower()[:200]))
    low = re.sub(r"[_\-/]", " ", low.rpartition("/")[2] if _HUB_ID.fullmatch(low.strip()) else low)
    size = _SIZE.search(low)
    version = _VERSION.search(low)
    rest = _VERSION.sub(" ", _SIZE.sub(" ", low))
    formats: set[str] = set()
    kept: list[str] = []
    for chunk in rest.split():
        bare = chunk.strip("()[],;:*")
        if bare in words.sets["format_words"] or words.format_pattern.fullmatch(bare):
            formats.add(bare)
        elif not _DATE.fullmatch(bare) and not (not kept and bare in words.sets["vendor_words"]):
            tokens = (words.synonyms.get(t, t) for t in _TOKEN.findall(chunk))
            kept += [t for t in tokens if t not in words.sets["ignorable_words"]]
    number = None
    if size:
        number = float(size.group(2)) * (1000 if size.group(3) in ("b", "bn", "billion") else 1)
    return Name(
        core="".join(kept),
        size=number,
        experts=size.group(1) or "" if size else "",
        version=version.group(1) if version else "",
        formats=frozenset(formats),
    )


def _sizes_agree(one: Name, two: Name) -> bool:
    if one.size is None or two.size is None:
        return True
    return one.experts == two.experts and abs(one.size - two.size) <= 0.05 * max(one.size, two.size)


def _first(version: str) -> bool:
    return not version or version.startswith("0.") or version in ("1", "1.0")


class Names(Struct, frozen=True):
    """The subject's names, and the questions whether a label is one of them and which model a sentence names."""

    own: tuple[Name, ...]
    parents: tuple[Name, ...]
    full_id: str
    quantized: bool
    words: ResultWords
    cores: tuple[str, ...]  # the subject's name without size and version, to find it in running text
    parent_cores: tuple[str, ...]

    def naming(self, label: str) -> Naming:
        """Say how a label stands to the subject.

        exact: its name with everything the name states; near: its name less size, version or format; family: only a
        size that is the subject's; other: another model's name; none: no model's name.
        """
        low = label.lower()
        named = bool(self.full_id) and self.full_id in low
        if named and re.search(rf"(?<![\w/-]){re.escape(self.full_id)}(?![\w/-])", low):
            return "exact"
        if self.words.texts["own_words"].search(low):
            return "exact"
        best: Naming = "none"
        for text in dict.fromkeys((label, _BRACKETS.sub(" ", label), label.split("(", maxsplit=1)[0])):
            found = self._one(take_apart(text, self.words))
            if found in ("exact", "near", "family"):
                return found
            best = found if found == "other" else best
        return "other" if best == "none" and self.is_model(label) else best

    def fits(self, label: str) -> bool:
        """Tell whether the size that a label names, if it names one, can be the subject's."""
        found = take_apart(label, self.words)
        sized = [own for own in self.own if own.size is not None]
        return found.size is None or not sized or any(_sizes_agree(found, own) for own in sized)

    def _one(self, name: Name) -> Naming:
        for own in self.own:
            if not name.core:
                same = name.size is not None and own.size is not None and _sizes_agree(name, own)
                return "family" if same else "other" if name.size is not None else "none"
            same = name.core == own.core
            if not (same or self._shortened(name, own)) or not _sizes_agree(name, own):
                continue
            if name.version and name.version != own.version:
                continue
            if not name.version and not _first(own.version):
                continue
            whole = same and (own.size is None or name.size is not None)
            return "exact" if whole and (not self.quantized or own.formats <= name.formats) else "near"
        return "none"

    def _shortened(self, name: Name, own: Name) -> bool:
        """Tell whether a name is the subject's without an ending such as "instruct", and no base model's."""
        if any(name.core == p.core for p in self.parents) or len(name.core) < 4:
            return False
        return any(name.core + ending == own.core for ending in self.words.variants)

    def is_model(self, label: str) -> bool:
        """Tell whether a label looks like a model's name: a Hub id, a size, or a well-known lead word."""
        bare = label.strip().lower()
        if not bare or len(bare) > 120 or self.words.benchmark(label) or self.words.metric(label):
            return False
        if _HUB_ID.fullmatch(bare) or (_SIZE.search(bare) and len(bare.split()) <= 6):
            return True
        first = _TOKEN.findall(bare)[:2]
        leads = self.words.sets["model_words"]
        return bool(first) and (first[0] in leads or "".join(first) in leads)

    def is_parent(self, label: str) -> bool:
        """Tell whether a label names a base model and not the subject."""
        if self.naming(label) in ("exact", "near"):
            return False
        name = take_apart(label, self.words)
        return bool(name.core) and any(name.core == p.core and _sizes_agree(name, p) for p in self.parents)

    def about(self, text: str, *, parents: bool = True, sized: bool = False) -> Subject:
        """Say which model running text names: this one, another of its family or (`parents`) a base only, or none.

        With `sized` a name that leaves out the size the subject has names none.
        """
        low = text.lower()
        if self.full_id and self.full_id in low:
            return "self"
        found: Subject = "none"
        for end in _spelled(low, self.cores):
            size = _size_after(low, end)
            agrees = any(_sizes_agree(size, own) for own in self.own)
            if agrees and size.size is not None:
                return "self"
            sibling = not agrees or _NEXT_VERSION.match(low, end) is not None
            found = "other" if sibling or found == "other" else "self"
        if sized and found == "self" and any(own.size is not None for own in self.own):
            found = "none"
        if parents and found == "none" and next(_spelled(low, self.parent_cores), None) is not None:
            return "other"
        return found


def _size_after(low: str, end: int) -> Name:
    """Read the size written right behind a name, as a name without letters."""
    tail = _decimal(re.sub(r"[_\-]", " ", low[end : end + 14]))
    size = _SIZE.match(_GLUED.sub(" ", tail.lstrip()))
    if not size:
        return Name("", None, "", "", frozenset())
    scale = 1000 if size.group(3) in ("b", "bn", "billion") else 1
    return Name("", float(size.group(2)) * scale, size.group(1) or "", "", frozenset())


def _spelled(low: str, cores: tuple[str, ...]) -> Iterator[int]:
    """Find names in lower-case text, written with at most one character between their parts: where each ends."""
    if not cores:
        return
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(low[:MAX_TEXT])]
    for index, (first, start, _) in enumerate(tokens):
        if index and tokens[index - 1][2] == start and not first.isdigit():
            continue  # inside a word
        for core in cores:
            if not core.startswith(first):
                continue
            joined, last = first, index
            while len(joined) < len(core) and last + 1 < len(tokens) and tokens[last + 1][1] - tokens[last][2] <= 1:
                last += 1
                joined += tokens[last][0]
            if joined == core:
                yield tokens[last][2]


def names_of(identity: Identity, cards: tuple[Card, ...] = ()) -> Names:
    """Collect the subject's names: the repository's, and the card's first title where it is no parent's name."""
    titles = tuple(s.title for c in cards if c.role == "card" for s in c.sections[1:2] if s.level == 1)
    return _names(identity, titles)


@lru_cache(maxsize=64)
def _names(identity: Identity, titles: tuple[str, ...]) -> Names:
    words = result_words()
    own = [take_apart(identity.name, words)]
    parents = tuple(
        take_apart(p.rpartition("/")[2], words) for p in sorted({*identity.parent_ids, *identity.parent_names}) if p
    )
    for title in titles:
        name = take_apart(_CARD_TITLE.sub("", title.strip()), words)
        known = {p.core for p in parents} | {n.core for n in own}
        if len(name.core) >= 4 and name.core not in known and len(title.split()) <= 6 and _sizes_agree(name, own[0]):
            own.append(name)
    cores = tuple(dict.fromkeys(n.core for n in own if 3 <= len(n.core) <= 60))
    return Names(
        own=tuple(own),
        parents=parents,
        full_id=identity.id.lower() if "/" in identity.id else "",
        quantized=identity.derivation in ("quantized", "conversion", "reupload"),
        words=words,
        cores=cores,
        parent_cores=tuple(dict.fromkeys(p.core for p in parents if 4 <= len(p.core) <= 60 and p.core not in cores)),
    )
