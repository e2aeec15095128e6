"""Find the names of licences in a sentence."""

from __future__ import annotations

import re

from msgspec import Struct

from openness_audit.collect.licenses.vocabulary import prose_words
from openness_audit.licenses.families import OPEN
from openness_audit.licenses.ids import from_link, resolve, slug
from openness_audit.licenses.terms import Terms, by_name, key
from openness_audit.model.card import Link
from openness_audit.regexcode import codes

__all__ = ["Named", "labelled_name", "names_in"]

_LONGEST = 9  # words: "Stability AI Non-Commercial Research Community License Agreement" has eight
_SPLIT = r"\s,;:!?()\[\]{}\"'“”‘’|<>*`/，。；：！？（）【】「」《》"
_WIDE = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"  # scripts that put no blank around a Latin name
_WORD = codes().compiled(rf"[^{_SPLIT}{_WIDE}]+|[{_WIDE}]+", 0)  # wide classes compile slowly
_GERMAN = re.compile(r"-(?=lizenz\b)", re.IGNORECASE)  # "MIT-Lizenz"
_LABEL = re.compile(r"^\W*licen[cs]es?\W+", re.IGNORECASE)
_TITLE = re.compile(r"\blicen[cs]e(?: agreement)?$", re.IGNORECASE)
_ASIDE = re.compile(r"[(（\[【]\s*$")
_SPELT = re.compile(
    r"(?:cc[- ]?by(?:[- ](?:nc|nd|sa))*|[al]?gpl(?:[- ]?v?\d)?|(?:[a-z]+-)*open-?rail(?:-\+*m)?)$", re.IGNORECASE
)
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


def _of(entry: Terms, start: int, end: int, text: str = "") -> Named:
    if entry.unless and any(prose_words().altered_before.search(f"{word} ") for word in text.split()):
        return Named(
            f"LicenseRef-{slug(_LABEL.sub('', text))}", "unknown", start, end, vendor=True
        )  # some modified text, not that one
    vendor = entry.expression.startswith("LicenseRef-")
    return Named(entry.expression, entry.family, start, end, vendor, entry.unless)


def _altered(sentence: str, one: Named) -> Named:
    """Give the name its own LicenseRef where the words beside it say that the text is not the plain one."""
    words = prose_words()
    before = words.altered_before.search(sentence[max(0, one.start - 30) : one.start])
    if before is None and not words.altered_after.match(sentence[one.end : one.end + 60]):
        return one
    family = "unknown" if one.family in OPEN else one.family
    start = one.start if before is None else max(0, one.start - 30) + before.start()
    name = slug(f"modified {_LABEL.sub('', sentence[one.start : one.end])}")
    return Named(f"LicenseRef-{name}", family, start, one.end, vendor=True)


def labelled_name(value: str, start: int, *, known: bool = False) -> Named | None:
    """Read what stands behind "License:" as a name, where it can be one: known, or short and with a name's capitals.

    Args:
        value: the words behind the label, to the end of the sentence.
        start: where they stand in it.
        known: whether only the name of a known licence will do: below a heading there may stand anything.
    """
    words = prose_words()
    text = words.value_end.split(value.strip()[:200])[0].strip(" \t\"'`*_[](){}【】.:<>")
    if words.nameless.fullmatch(text.lower()):
        return None  # "non-commercial license"
    if words.nameless.search(text.lower()) and not words.license_word.search(text) and not _CODED.search(key(text)):
        return None  # "academic research only": terms, not a name
    if not text or len(text.split()) > _LONGEST or words.no_value.match(text) or "://" in text:
        return None
    if not (words.license_word.search(text) or _CODED.search(key(text)) or text[:1].isupper()):
        return None
    if all(word.lower() in words.no_name or words.license_word.fullmatch(word) for word in text.split()):
        return None
    resolved = resolve("other", text)
    if resolved.expression in (None, "NOASSERTION"):
        return None
    if known and not (resolved.known or _SPELT.match(text)):
        return None
    at = start + max(value.find(text), 0)
    family = (
        "unknown"
        if resolved.family in OPEN and not resolved.known and not key(text).startswith("cc")
        else resolved.family
    )
    return _altered(value, Named(resolved.expression or "", family, at, at + len(text), vendor=True))


def _plausible(sentence: str, text: str, entry: Terms, start: int, end: int) -> bool:
    """Tell a licence's name from a model's or an everyday word ("MIT", "Llama 2", "Apache Spark")."""
    before, after = sentence[max(0, start - 40) : start], sentence[end : end + 30].lstrip(" \"'”’*`_-)")
    said = prose_words()
    beside = bool(said.after_name.match(after)) or bool(said.before_name.search(before))
    if sentence[end : end + 2] in {"'s", "’s"} and not said.own_license.match(sentence[end + 2 : end + 40].lower()):
        return False  # "Owl's licence": whose, not which
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


def _linked(text: str, start: int) -> list[Named]:
    """Read the label of a link, "Owl community license", as a licence of that name."""
    words = text.split()
    named = len(words) >= 2 and text[:1].isupper() and bool(_TITLE.search(text))
    if not named or len(words) > _LONGEST or all(word.lower() in prose_words().no_name for word in words[:-1]):
        return []
    resolved = resolve("other", text)
    if resolved.expression in (None, "NOASSERTION"):
        return []
    family = "unknown" if resolved.family in OPEN and not resolved.known else resolved.family
    return [Named(resolved.expression or "", family, start, start + len(text), vendor=True)]


def names_in(sentence: str, links: tuple[Link, ...] = ()) -> list[Named]:
    """List the licences a sentence names, in order, each at its longest name; links to known licence pages count.

    `sentence` is at most a few hundred characters; `links` are those of its block whose label or address stands in it.
    """
    sentence = _GERMAN.sub(" ", sentence)
    words = [(m.start(), m.end()) for m in _WORD.finditer(sentence[:800])]
    found: list[Named] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            start, end = words[at][0], words[at + size - 1][1]
            text = sentence[start:end].rstrip(".")
            entry = by_name(text) if len(text) > 1 else None
            if (
                size == 1
                and _SPELT.match(text)
                and (entry is None or (entry.id.startswith("cc-by") and not entry.precise))
            ):
                spelt = resolve("other", text)
                found.append(Named(spelt.expression or "", spelt.family, start, start + len(text), vendor=True))
                break
            if entry is None or entry.id in ("other", "unknown") or not key(text):
                continue
            if _plausible(sentence, text, entry, start, start + len(text)):
                found.append(_of(entry, start, start + len(text), text))
                at += size - 1
                break
        at += 1
    found += _proper(sentence, found)
    for link in links:
        entry = from_link(link.url)
        label = sentence.find(link.text) if link.text else sentence.find(link.url)
        if entry is None and label >= 0 and not found:
            found += _linked(link.text, label)
        if entry is not None and label >= 0 and all(n.expression != entry.expression for n in found):
            found.append(_of(entry, label, label + len(link.text or link.url)))
    return sorted((_altered(sentence, one) for one in found), key=lambda n: n.start)
