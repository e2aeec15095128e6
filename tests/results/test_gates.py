"""What passes blocks over hides nothing that the slow way finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.compute.vocabulary import compute_words
from openness_audit.collect.files.checkpoints import checkpoint_words
from openness_audit.collect.results.vocabulary import vocabulary

_NUMBERS = ("8", "1.5", "3,200", "64x", "two", "half a", "an", "1e21", "2 x", "")
_UNITS = (
    *("kg", "g", "tons", "CO2", "co₂ eq", "carbon", "kWh", "MWh", "kilowatt-hours", "FLOPs", "zettaflops", "PF-days"),
    *("GPU hours", "gpuh", "a100sh", "TPU-h", "core hours", "node days", "flo", "fls", "GPU-months"),
)
_CHIPS = ("A100", "H100s", "TPU v4-32", "RTX 4090", "T4", "V100-32GB", "Ascend 910B", "昇腾", "M2 Ultra", "Gaudi2")
_REST = (" ", "\n", ":", "|", "-", ", ", "for", "with", "reflect", "each", "emission", ".", "(", ")", "/")


def _durations() -> tuple[str, ...]:
    raw = vocabulary("compute")
    return (*(unit.rstrip("?") for unit in raw["durations"]), *raw["wide_durations"])


@given(st.lists(st.sampled_from((*_NUMBERS, *_UNITS, *_CHIPS, *_REST, *_durations())), max_size=9).map("".join))
def test_where_there_is_no_hint_nothing_is_said_of_compute(text: str) -> None:
    words = compute_words()
    low = " ".join(text.lower().split())
    assert words.hinted([text]) or not words.says_something(low)


def test_each_label_that_takes_a_bare_number_is_a_hint() -> None:
    words = compute_words()
    assert [label for label in sorted(words.sets["unit_free_labels"]) if not words.hinted([f"{label}: 14"])] == []


def test_hints_are_told_by_the_text_they_stand_in() -> None:
    words = compute_words()
    assert words.hinted(["It sings.", "Eight GPU\nhours.", "", "Owls", "A100"]) == {1, 4}


def test_every_phrase_passes_its_own_gate() -> None:
    for name, known in checkpoint_words().texts.items():
        for phrase in vocabulary("checkpoints")[name]:
            assert known.search(phrase) is None or known.may_be_in(phrase.lower()), phrase
            assert known.may_be_in(f"x{phrase.upper()}y".lower()), phrase
