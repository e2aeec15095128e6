"""Read a text that is not parsed: comments, strings, other languages, broken files; addresses of the Hub anywhere."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from openness_audit.scan.code.ids import read_id
from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.vocabulary import Call, index, meaning_of, words

if TYPE_CHECKING:
    from openness_audit.model.rules import Confidence
    from openness_audit.scan.code.gather import Sheet

LONGEST_CALL = 400  # characters from a bracket to the name in it
_STRING = re.compile(r"\s{0,200}([rRbBuUfF]{0,2})([\"'`])((?:(?!\2)[^\\\n]){1,200})\2")
_FIRST = re.compile(r"\s{0,200}(?:[\"'`][^\"'`\n]{0,200}[\"'`]|[\w.\[\]]{1,120})\s{0,40},")
_PAIR = re.compile(r"(?<![\w.-])([A-Za-z_][\w-]{1,59})[\"']?\s{0,8}(?::=?|=>?)\s{0,8}([\"'`])([\w.:@/-]{3,200})\2")


@cache
def _url() -> re.Pattern[str]:
    hosts = "|".join(re.escape(h) for h in words().hosts)
    return re.compile(rf"(?:(?<![\w.-])(?:https?://)?(?:{hosts})/|(?<![\w.-])hf://)[\w./@%+~:-]{{2,300}}")


@cache
def _keyword() -> re.Pattern[str]:
    names = {name for call in words().calls for name in call.names}
    return re.compile(rf"(?<![\w.])({'|'.join(sorted(names, key=len, reverse=True))})\s{{0,8}}=")


def addresses(
    sheet: Sheet,
    text: str,
    lines: Lines,
    *,
    confidence: Confidence = "low",
    pages: Confidence = "low",
    open_end: bool = False,
    how: str = "",
) -> None:
    """Note every address of the Hub in a text.

    Args:
        sheet: where to.
        text: the text.
        lines: its lines.
        confidence: of the address of a file (`/resolve/`, `/raw/`, `hf://`).
        pages: of the address of a page, which is a link before it is a use.
        open_end: the text goes on with something that is not known, so that a name at its end may be cut.
        how: what to call it; by default the host.
    """
    if not any(mark in text for mark in words().address_marks):
        return
    for match in _url().finditer(text):
        found = match.group().rstrip(".:,-")
        ends = match.end() == len(text)
        named = read_id(found)
        if named.shape == "none" or (open_end and ends and found.endswith(named.id)):
            continue
        own = _of_weights(found)
        line, column = lines.at(match.start())
        host = found.removeprefix("https://").removeprefix("http://").partition("/")[0]
        sheet.name(
            found,
            line,
            column,
            how or ("hf://" if found.startswith("hf://") else host),
            confidence=confidence if own else pages,
        )


def _of_weights(address: str) -> bool:
    """Say whether an address is of a file that may hold a model: not of a picture, a page or a licence."""
    part = next((part for part in ("/resolve/", "/raw/") if part in address), None)
    if part is None:
        return address.startswith("hf://")
    file = address.partition(part)[2].partition("/")[2].rpartition("/")[2]
    ending = file.rpartition(".")[2].lower() if "." in file else ""
    return not file or (ending != "" and ending not in words().not_weights)


def _argument(call: Call, text: str, start: int) -> tuple[int, str] | None:
    """Find the text given for the id in the brackets of a call that begin at `start`."""
    end = start + LONGEST_CALL
    for match in _keyword().finditer(text, start, end):
        if match.group(1) in call.names and ")" not in text[start : match.start()]:
            given = _STRING.match(text, match.end(), end)
            return (given.start(1), given.group(3)) if given else None
    at = start
    for _ in range(call.at or 0):
        before = _FIRST.match(text, at, end)
        if before is None:
            return None
        at = before.end()
    given = _STRING.match(text, at, end) if call.at is not None else None
    return (given.start(1), given.group(3)) if given else None


def calls(sheet: Sheet, text: str, lines: Lines, *, confidence: Confidence = "low") -> None:
    """Note every call that names a model, told by its spelling alone."""
    for match in index().calls_in_text.finditer(text):
        receiver = (match.group(1) or "").rpartition(".")[2]
        row = next((c for c in index().calls[match.group(2)] if c.fits(receiver)), None)
        found = _argument(row, text, match.end()) if row else None
        if row is None or found is None:
            continue
        line, column = lines.at(found[0])
        how = f"{receiver}.{row.call}" if receiver else row.call
        sheet.name(
            found[1],
            line,
            column,
            how,
            confidence=confidence,
            kind=row.kind,
            bare=row.bare,
            marked=row.marked,
            note="read without parsing",
        )


def pairs(sheet: Sheet, text: str, lines: Lines, *, confidence: Confidence = "low") -> None:
    """Note `key = "owner/name"` and `key: "owner/name"` for keys that hold ids."""
    for match in _PAIR.finditer(text):
        key, value = match.group(1), match.group(3)
        if "/" not in value:
            continue
        meaning = meaning_of(key)
        if meaning is not None:
            line, column = lines.at(match.start(2))
            sheet.name(
                value,
                line,
                column,
                key,
                confidence=confidence,
                kind=meaning.kind,
                note="read without parsing",
                loose=True,
            )


def arguments(sheet: Sheet, text: str, line: int, column: int, how: str, *, confidence: Confidence = "medium") -> None:
    """Note what `pretrained=owner/name,revision=main` names: arguments of a model in one text."""
    parts = [part.partition("=") for part in text.split(",")]
    given = {key.strip(): value.strip("\"' ") for key, _, value in parts}
    revision = next((given[name] for name in words().revisions if given.get(name)), None)
    at = 0
    for key, sign, value in parts:
        name = value.strip("\"' ")
        meaning = meaning_of(key.strip()) if sign and name else None
        if meaning is not None:
            shift = at + len(key) + 1 + value.index(name)
            told = f"{how} {key.strip()}"
            sheet.name(
                name,
                line,
                column + shift,
                told,
                confidence=confidence,
                kind=meaning.kind,
                bare="old",
                revision=revision,
            )
        at += len(key) + len(sign) + len(value) + 1


def read_lines(sheet: Sheet, text: str, *, line: int = 1, column: int = 1, confidence: Confidence = "low") -> None:
    """Read a text by its lines: calls, pairs of key and value, and addresses of the Hub."""
    lines = Lines(text, line=line, column=column)
    calls(sheet, text, lines, confidence=confidence)
    pairs(sheet, text, lines, confidence=confidence)
    addresses(sheet, text, lines, confidence=confidence)
