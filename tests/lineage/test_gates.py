"""What passes blocks over where base models and names are read hides nothing that a reader would find in them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openness_audit.collect.attribution.foreign_marks import _SENTENCE, steps_of
from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.attribution.names import MAX_TEXT, may_name, names_in
from openness_audit.collect.lineage.gates import block_gates, speaks_of_merge
from openness_audit.collect.lineage.refs import hub_id
from openness_audit.collect.lineage.statements import _states
from openness_audit.collect.lineage.words import lineage_file, lineage_patterns
from openness_audit.model.card import Block

RAW = lineage_file()
SAID = sorted({p for g in (*RAW.strong.values(), *RAW.weak.values()) for p in (*g.before, *g.after)})
TOLD = sorted({*RAW.tuned_said, *RAW.tuned_is, *RAW.continued, *RAW.not_tuned, *RAW.tuned_nouns, *RAW.scratch})
MERGED = sorted({*RAW.merge_words, *RAW.merge_said})
GLUE = st.sampled_from(("", " ", "-", "_", "\n", "é", "x", ". ", "。", "'s "))
NAMES = (
    "Owl-7B",
    "snowy owl",
    "llama",
    "Llama 2",
    "Kite-13b-chat",
    "BERT",
    "mistral.",
    "gpt 4",
    "train_owl",
    "7 Billion",
)
ME = identity("acme/owl-7b", parent_ids=("kites/Kite-13b",))


def texts(*phrases: str) -> st.SearchStrategy[str]:
    """Phrases in any case, in a row, with letters or blanks between them."""
    one = st.sampled_from(phrases)
    return st.lists(st.one_of(one, one.map(str.upper), one.map(str.title), GLUE), max_size=6).map("".join)


def block(text: str) -> Block:
    """Give a paragraph."""
    return Block(kind="paragraph", section=0, line=1, line_end=1, text=text)


@settings(max_examples=40)  # thirteen long patterns each
@given(texts(*SAID), st.integers(0, 30), st.integers(0, 60))
def test_a_phrase_in_any_part_of_a_block_lets_it_pass(text: str, start: int, size: int) -> None:
    part = text[start : start + size]
    words = lineage_patterns()
    found = [s for s in words.said if s.before.search(part) or s.after.match(part)]

    if found or words.far.match(part):
        assert _states(text)


@settings(max_examples=40)
@given(texts(*TOLD), st.integers(0, 30), st.integers(0, 60))
def test_what_tells_of_tuning_lets_a_block_pass(text: str, start: int, size: int) -> None:
    part = text[start : start + size]
    words, gates = lineage_patterns(), block_gates()
    telling = (
        words.not_tuned,
        words.tuned_said,
        words.tuned_is,
        words.tuned_kind,
        words.tuned_nouns,
        words.continued,
    )

    assert gates.tells.may(text) or not any(p.search(part) for p in telling)
    assert gates.scratch.may(text) or not words.scratch.search(part)


@given(texts(*MERGED))
def test_words_for_merging_are_found_in_blocks(text: str) -> None:
    words = lineage_patterns()

    assert speaks_of_merge((block("nothing"), block(text))) is bool(words.merge_words.search(text))
    assert block_gates().merged.may(text) or not words.merge_said.search(text)


@given(texts(*NAMES, *(f"{name} is" for name in NAMES)))
def test_a_text_that_no_sentence_of_names_a_model_in_may_be_passed_over(text: str) -> None:
    named = [part for part in _SENTENCE.split(text) if part and names_in(part, ME)]

    assert may_name(text, ME) or not named


def test_names_far_down_in_a_long_text_are_left_to_its_sentences() -> None:
    assert may_name("An owl. " * MAX_TEXT, ME)
    assert not may_name("A barn. " * 9, ME)


def test_an_address_is_taken_apart_alike_whenever_it_is_asked_for() -> None:
    urls = ("https://huggingface.co/acme/owl%2D7b/", "https://[broken", "docs/use.md", "")

    assert [steps_of(url) for url in urls * 2] == [("acme", "owl-7b"), (), ("docs", "use.md"), ()] * 2
    assert [hub_id(url) for url in urls * 2] == ["acme/owl-7b", None, None, None] * 2
