from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.code.spellings import spellings

_WORDS = st.sampled_from(("owl", "Owl-7B", "snowy owl", "snowy_owl.2", "ol", "wl-7", "b", "7"))
_TEXT = st.lists(st.sampled_from(("owl", "OWL", "snowy", "-", "_", ".", " ", "7b", "7", "b", "s", "2", "é", "/")))


def _slowly(names: set[str], text: str) -> bool:
    loose = [r"[-_. ]?".join(map(re.escape, re.split(r"[-_. ]+", name))) for name in names]
    return re.search(rf"(?<![a-z0-9])(?:{'|'.join(loose)})(?![a-z])", text, re.IGNORECASE) is not None


@given(st.sets(_WORDS, min_size=1), _TEXT.map("".join))
def test_names_are_found_as_a_pattern_of_them_would(names: set[str], text: str) -> None:
    found = spellings(names)
    assert found is not None
    assert found.found_in(text) is _slowly(names, text)


def test_no_names_are_found_nowhere() -> None:
    assert spellings(()) is None


def test_case_beyond_ascii_is_ignored_too() -> None:
    found = spellings({"Größe-7B"})
    assert found is not None
    assert found.found_in("the GRÖßE 7b model")
    assert not found.found_in("the gröse 7b model")
