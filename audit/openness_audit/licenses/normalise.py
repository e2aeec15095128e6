"""Reduce a licence text to the words that matter, so that layout, case and copyright lines do not tell texts apart."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

from openness_audit.licenses.words import text_words
from openness_audit.regexcode import codes

__all__ = ["MAX_CHARACTERS", "address", "digest", "is_copyright_line", "readable", "tokens"]

MAX_CHARACTERS = 262_144  # five times the longest text on the SPDX list; a licence file beyond it is cut before reading
_LEAD = re.compile(r"^[\s#/*;%>|!=_~.:-]+")
_MARKER = re.compile(r"^(?:\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})?|[a-z]|[ivx]{1,4})[.)]|[•‣◦○●▪–—])\s+", re.IGNORECASE)
# Han, kana and hangul are written without blanks: one character is one word, so that a changed one shows
_TOKEN = codes().compiled(r"@[\w.]+|[぀-ヿ㐀-鿿가-힯]|[^\W_぀-ヿ㐀-鿿가-힯]+", 0)  # wide classes compile slowly
# a wrapped line of a sentence may begin with "copyright notice" or "Copyright Act": only one that names a work's owner
_COPYRIGHT = re.compile(
    r"^(?:portions\s)?(?:copyright\b(?!,\s\D)|copr\.|\(c\)(?=.{0,12}\d)|©|all rights reserved\b)"
    r"(?!\s(?:act|acts|and|holders?|in|interest|interests|infringement|is|law|laws|license|notices?|on|or|owners?|"
    r"permission|protection|remains|rights?|statements?|to)\b)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"^(?:portions\s)?(?:all rights|(?:copyright|copr\.|©|\(c\))[\s:,.]*(?:(?:by|and|the|c)\s)?"
    r"(?:\(c\)|©|\d|[<\[{]|yyyy|years?\b))",
    re.IGNORECASE,
)
_ENDS = ("", *".:;!?)>]*=-_")  # how the line before the beginning of a sentence ends
_TOP = 4  # lines that stand above the terms
_SAME = {"licence": "license", "licences": "licenses", "licenced": "licensed"}  # SPDX equivalent words
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5});")
_TAG = re.compile(
    r"</?(?:a|b|br|body|center|code|div|em|font|h[1-6]|head|hr|html|i|li|link|meta|ol|p|pre|script|span|strong|style|"
    r"table|tbody|td|title|tr|tt|u|ul)\b[^<>]{0,300}>|<!doctype[^<>]{0,300}>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"<?\b(?:https?://|www\.|mailto:)[^\s<>\"'()\[\]]{2,200}>?|\b[\w.+-]{1,64}@[\w.-]{3,64}", re.IGNORECASE
)
_IN_ADDRESS = re.compile(r"^(?:https?://|mailto:)|^www\.|[^a-z0-9.]", re.IGNORECASE)


_BINARY = {  # how files begin that hold no plain text
    "%PDF-": "a PDF, whose text is not read here",
    "PK\x03\x04": "an archive or an office document",
    "\ufffd\ufffd\x11": "an office document",
    "{\\rtf": "in Rich Text Format, which is not read here",
    "\ufffdPNG": "a picture",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_PAGE = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_UNSHOWN = re.compile(r"<(script|style|head)\b[^<>]{0,300}>", re.IGNORECASE)


def readable(text: str) -> tuple[str, str]:
    """Give a file's text as words can be read from it, and why they cannot, which is empty where they can.

    UTF-16 without a mark, which decodes as a zero after every letter, is put right; scripts and styles of an HTML page
    are left out.
    """
    front = text[:2000].lstrip("\ufeff \n\r\t")
    for mark, told in _BINARY.items():
        if front.startswith(mark):
            return "", told
    zeros = front.count("\x00")
    if 3 * zeros >= len(front) > 0:  # every second character, or more in UTF-32
        text = text.replace("\x00", "")
        front = text[:2000]
    if 20 * len(_CONTROL.findall(front)) > len(front):
        return "", "not text"
    return _shown_part(text) if _PAGE.search(front) else text, ""


def _shown_part(text: str) -> str:
    """Leave out what an HTML page does not show; of an element that never ends only the start is left out."""
    kept: list[str] = []
    at = 0
    endless: set[str] = set()
    while (found := _UNSHOWN.search(text, at)) is not None:
        kept.append(text[at : found.start()])
        name, at = found.group(1).lower(), found.end()
        end = None if name in endless else re.compile(f"</{name}", re.IGNORECASE).search(text, at)
        if end is None:
            endless.add(name)  # looked for once: a page of nothing but starts must not be read again and again
        else:
            at = end.start()
    return "".join([*kept, text[at:]])


def _blanked(match: re.Match[str]) -> str:
    """Drop a tag, unless it says something a reader of the file would take for terms."""
    said = _TOKEN.findall(match.group().lower())
    return " " if text_words().operative.isdisjoint(said) else match.group()


def _flatten(match: re.Match[str]) -> str:
    """Make one token of a web or mail address, without scheme and closing punctuation."""
    return " @" + _IN_ADDRESS.sub("", _IN_ADDRESS.sub("", match.group().strip("<>"))).lower().strip(".") + " "


def address(word: str) -> bool:
    """Tell whether a normalised word stands for a web or mail address."""
    return word.startswith("@")


def is_copyright_line(line: str) -> bool:
    """Tell whether a line only says whose work it is; one that also restricts something is not such a line."""
    if not _COPYRIGHT.match(line) or len(line) > 240:
        return False
    vocabulary = text_words()
    said = _TOKEN.findall(line)
    low = {word.lower() for word in said if not (word[0].isupper() and word.lower() in vocabulary.names)}
    if not vocabulary.operative.isdisjoint(low):
        return False
    bound = [word for word in said if word.lower() in vocabulary.binding]
    return not bound or (len(bound) == 1 and bound[0].istitle())  # one may be somebody's name


def tokens(text: str) -> list[str]:
    """Give the words of a licence text in order, after the SPDX matching guidelines.

    Case, white space, punctuation, comment prefixes, list markers, HTML tags and entities and copyright lines are
    dropped; British and American "licence" are the same; an address is one word that begins with `@`. At most
    `MAX_CHARACTERS` are read.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    if _ENTITY.search(text):
        text = html.unescape(text)
    if "</" in text:
        text = _TAG.sub(_blanked, text)
    text = _ADDRESS.sub(_flatten, text)
    found: list[str] = []
    before, seen = "", 0
    for raw in text.replace("\ufeff", "").splitlines():
        line = _LEAD.sub("", raw)
        if not line:
            before = ""
            continue
        if is_copyright_line(line) and (_DATED.match(line) or seen < _TOP or before[-1:] in _ENDS):
            continue  # a line of a sentence may begin with the word "copyright" too: it stands amid a paragraph
        before, seen = line.rstrip(), seen + 1
        found += _TOKEN.findall(_MARKER.sub("", line).lower())
    return [_SAME.get(word, word) for word in found]


def digest(words: list[str]) -> str:
    """Give the SHA-256 of normalised words, in hex: equal only for texts that say the same."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
