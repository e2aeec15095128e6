"""What is passed over when data sets are looked for holds nothing that would have been found."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.words import read_vocabulary
from openness_audit.collect.data.context import heading_of, sentences_of, verbs_in
from openness_audit.collect.data.links import known_names
from openness_audit.collect.data.vocabulary import VERBS, Rows, corpora, data_words, word_spans, words_of

RAW = read_vocabulary("data")
SAID = (
    *("It was trained on owls", "Fine-Tuned", "PRE-TRAINED", "validated", "train and validated", "scores 45.2 mAP"),
    *(
        "We evaluate",
        "a system",
        "12 EM",
        "étranger",
        "entraîné",
        "训练",
        "で学習",
        "évaluée",
        "ＴＲＡＩＮＥＤ",
        "trainﬁng",
    ),
)
BETWEEN = (" ", ". ", ".\n\n", "。", "\n", "-", ") ", "ı", "İ", "ſ", "3")
TEXT = st.lists(st.one_of(st.sampled_from(SAID), st.sampled_from(BETWEEN)), max_size=9).map("".join)
NAMES = sorted({name for corpus in corpora().by_hub.values() for name in (*corpus.names, *corpus.exact)})


@given(TEXT)
def test_rows_match_as_one_pattern(text: str) -> None:
    for kind in VERBS:
        rows = RAW["verbs"][kind]["patterns"]
        as_one = [m.span() for m in re.finditer("|".join(rows), text, re.IGNORECASE)]
        assert [m.span() for m in Rows(rows).finditer(text)] == as_one


@given(TEXT)
def test_a_text_that_does_not_pass_has_no_verb_in_any_sentence(text: str) -> None:
    if not data_words().verb_gate.may(text):
        assert [s for s in sentences_of(text) if verbs_in(s.text)] == []


LABELS = st.sampled_from(
    [*RAW["headings"]["data_nouns"], *RAW["headings"]["data_phrases"], *RAW["headings"]["evaluation"]]
)


@given(
    LABELS,
    st.sampled_from((str.title, str.upper, str.lower)),
    st.sampled_from(("{}", "2 {}", "{}2", "**{}**", "The {}")),
)
def test_a_label_of_data_or_evaluation_passes(phrase: str, written: Callable[[str], str], around: str) -> None:
    label = around.format(written(phrase))
    if heading_of((label,)).role in {"data", "evaluation"}:
        assert data_words().label_gate.may(f"{label}: owls")


@given(
    st.lists(st.sampled_from([*NAMES, "the", "and", "Owl", "-cleaned", "-7B", ", ", "\n"]), max_size=6),
    st.sampled_from((" ", "-", "")),
)
def test_every_name_found_is_one_of_the_list(parts: list[str], joint: str) -> None:
    text = joint.join(parts)
    known, spans = corpora(), [text[a:b].lower() for a, b in word_spans(text)]
    assert tuple(spans) == words_of(text)
    for name in known_names(text):
        said = text[name.start : name.end]
        listed = known.by_words.get(words_of(said)) or known.by_wide.get(said.lower())
        assert name.corpus == (
            listed or known.by_exact[tuple(text[name.start + a : name.start + b] for a, b in word_spans(said))]
        )
