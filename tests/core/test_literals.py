"""What a pattern is said to need stands in each of its matches."""

from __future__ import annotations

import gc
import re
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.patterns import _Lazy
from openness_audit.literals import folded, pieces
from openness_audit.warm import warm_up

PARTS = (
    *(
        "owl",
        "kite",
        "(?:owl|kite)s?",
        "[aä]b",
        "x{2,3}",
        "(?P<n>red|green)",
        "(?:a|bc)*",
        "(?=owl)",
        r"\b",
        "(?<!no )",
    ),
    *(
        "ß",
        "K",
        "ı",
        "İ",
        "ſ",
        "训练",
        ".{0,3}",
        "[^x]",
        r"\d+",
        "(?:owl|)",
        "(?i:Owl)",
        "(?>ab|a)",
        "tr(?:ai|ei)n(?:ed|ing)",
    ),
)


def needed(source: str, flags: int = re.IGNORECASE) -> tuple[str, ...]:
    parse: Any = import_module("re._parser").parse
    return pieces(parse(source, flags))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\btrain(?:ed|ing)", ("trained", "training")),
        (r"train(?:ed)?", ("train",)),
        (r"\d+ (?:owls|kites)\b", (" kites", " owls")),
        ("(?:owl|kite|[a-z]{3})", ()),
        ("(?:owl)?", ()),
        ("(?:owl){2,5}", ("owl",)),
        ("", ()),
    ],
)
def test_the_pieces_are_the_longest_that_every_match_holds(source: str, expected: tuple[str, ...]) -> None:
    assert needed(source) == expected


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4), st.booleans(), st.data())
def test_every_match_holds_a_piece(parts: list[str], either: bool, data: st.DataObject) -> None:
    source = "|".join(parts) if either else "".join(re.sub(r"P<n>", f"P<n{i}>", p) for i, p in enumerate(parts))
    try:
        pattern = re.compile(source, re.IGNORECASE)
    except re.error:
        return  # one name twice
    text = data.draw(st.text("owlkitesOWLabcäxrdgn ßKkıiİſ训练tred0", max_size=30))
    match = pattern.search(text)
    found = needed(source)

    assert match is None or not found or any(piece in folded(text) for piece in found)


def test_matches_of_the_vocabularies_hold_a_piece() -> None:
    warm_up()
    texts = (
        "It was trained on 8 A100 GPUs for 3 days.",
        "Licensed under Apache 2.0",
        "学習データは公開されています。",
        "Fine-tuned FROM Llama 2",
    )
    for made in [found for found in gc.get_objects() if isinstance(found, _Lazy)]:
        found = needed(made.pattern, int(made._flags))  # noqa: SLF001 - as it was asked for
        for text in texts:
            hit = re.compile(made.pattern, int(made._flags)).search(text)  # noqa: SLF001 - the same
            assert hit is None or not found or any(piece in folded(text) for piece in found), made.pattern
