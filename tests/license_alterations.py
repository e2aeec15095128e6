"""Ways to alter a licence text that change what it permits: none of the results may be called by the plain name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openness_audit.licenses.references import references

ADDED = {
    "non-commercial": "The Software may be used for non-commercial purposes only.",
    "research-only": "This release is meant for academic research; every other use needs our consent.",
    "no-business": "Businesses have to buy a key from us first.",
    "no-selling": "Selling copies, or access to them, is not part of this grant.",
    "user-threshold": "Services with over 700 million monthly active users ask us for a licence of their own.",
    "field": "Weapons makers are left out.",
    "outputs": "What it writes is kept out of the training of other networks.",
    "contact": "Contact sales before you ship it.",
}
COMMONS = (
    "Commons Clause addition: the rights that this text gives do not include selling the work, "
    "neither by itself nor as a hosted service whose worth comes from it."
)
FOREIGN_HEADINGS = (
    "LLAMA 2 COMMUNITY LICENSE AGREEMENT",
    "Gemma Terms of Use",
    "Non-Commercial License",
    "Apache License, Version 2.0",
    "MIT License",
    "CreativeML Open RAIL-M",
    "Business Source License 1.1",
)
EXCHANGED = {
    "may ": "must not ",
    "permitted": "forbidden",
    "worldwide": "local",
    "perpetual": "temporary",
    "irrevocable": "revocable",
    "without restriction": "with care",
    "royalty-free": "priced",
    "free of charge": "at our price",
    "any person": "any student",
    "sell": "lend",
    " or ": " and ",
    "700 million": "7 million",
}
_NUMBER = re.compile(r"(?<![\w.(])(\d{2,3}) (?=million|days|years|calendar|months)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z])")
_BLANK = re.compile(r"\n[ \t]*\n")


def words(expression: str) -> str:
    """Give a reference text as running words, to be altered."""
    found = references().words(expression)
    assert found is not None
    return " ".join(found)


def _inside(text: str, share: float) -> tuple[str, str]:
    """Cut a text at the first blank after this share of it: inside a paragraph, mostly inside a sentence."""
    at = text.find(" ", int(len(text) * share))
    return (text[:at], text[at:]) if at > 0 else (text, "")


def additions(text: str) -> Iterator[tuple[str, str]]:
    """Give the text with a sentence more: at the start, between paragraphs, inside one, and at the end."""
    blanks = [m.start() for m in _BLANK.finditer(text)]
    for kind, sentence in ADDED.items():
        yield f"{kind} at the start", f"{sentence}\n\n{text}"
        yield f"{kind} at the end", f"{text.rstrip()}\n\n{sentence}\n"
        yield f"{kind} in the last line", f"{text.rstrip()} {sentence}\n"
        if blanks:
            at = blanks[len(blanks) // 2]
            yield f"{kind} between paragraphs", f"{text[:at]}\n\n{sentence}\n{text[at:]}"
        before, after = _inside(text, 0.5)
        yield f"{kind} inside a paragraph", f"{before} {sentence}{after}"
    yield "commons clause at the end", f"{text}\n\n{COMMONS}\n"
    yield "commons clause at the start", f"{COMMONS}\n\n{text}"
    yield "restriction in a copyright line", f"Copyright (c) 2024 Someone. For non-commercial use only.\n{text}"
    yield "request in a copyright line", f"Copyright (c) 2024 Someone. You have to buy a key first.\n{text}"
    yield "restriction after a copyright line", f"Copyright (c) 2024 Someone\nResearch use only\n\n{text}"


def changes_inside(text: str) -> Iterator[tuple[str, str]]:
    """Give the text with a word or a number changed, taken away or put in, and with sentences left out."""
    nots = [m.span() for m in re.finditer(r"\bnot ", text, re.IGNORECASE)]
    for name, spot in ({"first": 0, "middle": len(nots) // 2, "last": -1} if nots else {}).items():
        start, end = nots[spot]
        yield f"{name} not deleted", text[:start] + text[end:]
    for modal in ("may", "must", "shall", "is", "are"):
        if (found := re.search(rf"\b{modal} (?!not)", text)) is not None:
            yield f"not inserted after {modal}", f"{text[: found.end()]}not {text[found.end() :]}"
    for before, after in EXCHANGED.items():
        yield f"{before.strip()} -> {after.strip()}", text.replace(before, after, 1)
    if (number := _NUMBER.search(text)) is not None:
        yield "a number changed", text[: number.start()] + "7" + text[number.end() - 1 :]
        yield "a number grown", text[: number.start(1)] + "9" + text[number.start(1) :]
    ends = [m.start() for m in _SENTENCE.finditer(text) if "rights reserved" not in text[m.start() - 20 : m.end() + 20]]
    for name, spot in {"a": len(ends) // 3, "another": 2 * len(ends) // 3}.items():
        if spot + 1 < len(ends):
            yield f"{name} sentence removed", text[: ends[spot]] + text[ends[spot + 1] :]
    yield "the second half removed", text[: len(text) // 2]


def alterations(text: str) -> Iterator[tuple[str, str]]:
    """Give every alteration of a text, with its kind; some leave a text as it was, which the caller skips."""
    yield from additions(text)
    yield from changes_inside(text)


def headings(text: str) -> Iterator[tuple[str, str]]:
    """Give the text below the title of another licence."""
    for heading in FOREIGN_HEADINGS:
        yield f"under '{heading}'", f"{heading}\n\n{text}"
