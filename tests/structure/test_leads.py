"""The words that begin names are found where their pattern finds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.leads import Leads

WORDS = ("owl", "code owl", "owl chat", "gpt4owl", "owl.2", "o1 owl", "owl-mini", "snowy owl", "éowl", "x")
TEXT = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(str.title),
        st.text("owlOWL -_\n\x1c1.é2cKſŸÿ×ªж", max_size=4),
    ),
    max_size=7,
).map("".join)


@given(st.lists(st.sampled_from(WORDS), max_size=5), TEXT)
def test_words_are_found_where_their_pattern_finds_them(words: list[str], text: str) -> None:
    leads = Leads(words)

    assert leads.spans(text) == [match.span() for match in leads.pattern.finditer(text)]
