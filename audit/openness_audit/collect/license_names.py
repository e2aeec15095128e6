"""Find the names of licences in a sentence."""

from __future__ import annotations

import re

from msgspec import Struct

from openness_audit.collect.license_vocabulary import prose_words
from openness_audit.licenses.ids import from_link, resolve
from openness_audit.licenses.terms import Terms, by_name, key
from openness_audit.model.card import Link

__all__ = ["Named", "names_in"]

_LONGEST = 9  # words: "Stability AI Non-Commercial Research Community License Agreement" has eight
_WORD = re.compile(r"[^\s,;:!?()\[\]{}\"'“”‘’|<>*`/，。；：！？（）【】「」《》]+")
_ASIDE = re.compile(r"[(（\[【]\s*$")
_CODED = re.compile(r"\d|gpl|^cc|cc0|clause|rail|unlicense|wtfpl|odbl")  # keys no ordinary word has
_FULL = re.compile(
    r"\b((?:[A-Z0-9][\w.+&-]{0,30}[ ]+(?:(?:of|for|and|the)[ ]+)?){1,7})"
    r"(Licen[cs]e(?:[ ]Agreement)?|LICEN[CS]E(?:[ ]AGREEMENT)?)\b"
)


class Named(Struct, frozen=True):
    """A licence named in characters [start, end) of a sentence."""

    expression: str
    family: str
    start: int
    end: int
    vendor: bool = False
    unless: str = ""


def _of(entry: Terms, start: int, end: int) -> Named:
    vendor = entry.expression.startswith("LicenseRef-")
    return Named(entry.expression, entry.family, start, end, vendor, entry.unless)


def _plausible(sentence: str, text: str, entry: Terms, start: int, end: int) -> bool:
    """Tell a licence's name from a model's or an everyday word ("MIT", "Llama 2", "Apache Spark")."""
    before, after = sentence[max(0, start - 40) : start], sentence[end : end + 30].lstrip(" \"'”’*`_-)")
    said = prose_words()
    beside = bool(said.after_name.match(after)) or bool(said.before_name.search(before))
    if entry.expression.startswith("LicenseRef-") and not said.license_word.search(text):
        return beside and not (
            after[:1].isalnum() and not said.after_name.match(after) and bool(re.match(r"[\w.-]*\d", after))
        )
    return (
        beside or bool(_CODED.search(key(text))) or bool(said.license_word.search(text)) or bool(_ASIDE.search(before))
    )


def _proper(sentence: str, taken: list[Named]) -> list[Named]:
    """Read "the Somebody Model License" as a licence of that name."""
    found = []
    for match in _FULL.finditer(sentence):
        words = match[1].split()
        while words and words[0].lower() in prose_words().no_name:
            words = words[1:]
        if all(word.lower() in prose_words().no_name for word in words):
            continue
        if any(t.start < match.end() and match.start() < t.end for t in taken):
            continue
        resolved = resolve("other", " ".join((*words, match[2])))
        if resolved.expression and resolved.expression != "NOASSERTION":
            found.append(Named(resolved.expression, resolved.family, match.start(), match.end(), vendor=True))
    return found


def names_in(sentence: str, links: tuple[Link, ...] = ()) -> list[Named]:
    """List the licences a sentence names, in order, each at its longest name; links to known licence pages count.

    `sentence` is at most a few hundred characters; `links` are those of its block whose label or address stands in it.
    """
    words = [(m.start(), m.end()) for m in _WORD.finditer(sentence[:800])]
    found: list[Named] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            start, end = words[at][0], words[at + size - 1][1]
            text = sentence[start:end].rstrip(".")
            entry = by_name(text) if len(text) > 1 else None
            if entry is None or entry.id in ("other", "unknown") or not key(text):
                continue
            if _plausible(sentence, text, entry, start, start + len(text)):
                found.append(_of(entry, start, start + len(text)))
                at += size - 1
                break
        at += 1
    found += _proper(sentence, found)
    for link in links:
        entry = from_link(link.url)
        label = sentence.find(link.text) if link.text else sentence.find(link.url)
        if entry is not None and label >= 0 and all(n.expression != entry.expression for n in found):
            found.append(_of(entry, label, label + len(link.text or link.url)))
    return sorted(found, key=lambda n: n.start)
