"""Laws of identification: layout never changes the answer, and any word that matters always does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from license_alterations import alterations, headings, words
from openness_audit.licenses.identify import identify
from openness_audit.licenses.words import text_words

STANDARD = ("MIT", "Apache-2.0", "BSD-3-Clause", "GPL-2.0-only", "CC-BY-NC-4.0", "MPL-2.0", "ISC", "CC0-1.0")
PLAIN = ("exact", "equivalent")
BINDING = sorted(word for word in text_words().operative | text_words().binding if len(word) > 2 and word.isascii())
licences = st.sampled_from(STANDARD)
# running words have no ends of paragraphs: the form in the GPL's appendix would run on into the next sentence
laid_out = st.sampled_from([expression for expression in STANDARD if not expression.startswith("GPL")])


def lines(text: str, width: int) -> list[str]:
    return re.findall(rf".{{1,{width}}}(?:\s|$)|\S+", text)


@settings(deadline=None, max_examples=60)
@given(
    laid_out,
    st.integers(40, 200),
    st.sampled_from(["", "# ", " * ", "// ", "> ", "    ", ";; ", "% "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from([str.upper, str.lower, str.title, str.capitalize]),
)
def test_layout_and_case_do_not_change_the_answer(  # noqa: PLR0917 - one argument per kind of layout
    expression: str, width: int, prefix: str, ending: str, mark: str, case: object
) -> None:
    text = "".join(f"{prefix}{line.strip()}{ending}" for line in lines(words(expression), width))

    found = identify(mark + case(text))  # type: ignore[operator]  # a method of str

    assert found.expression == expression
    assert found.match in PLAIN  # a line may happen to begin as a copyright line does, and is passed over


@settings(deadline=None, max_examples=60)
@given(
    licences, st.sampled_from(["“{}”", "‘{}’", "«{}»", '"{}"', "'{}'", "({})", "*{}*", "{},", "{}.", "{}—"]), st.data()
)
def test_quotes_and_punctuation_do_not_change_the_answer(expression: str, form: str, data: st.DataObject) -> None:
    text = words(expression).split(" ")
    at = data.draw(st.integers(0, len(text) - 1))
    if not text[at].startswith("@"):
        text[at] = form.format(text[at])

    assert (identify(" ".join(text)).expression, identify(" ".join(text)).match) == (expression, "exact")


@settings(deadline=None, max_examples=60)
@given(licences, st.sampled_from(BINDING), st.data())
def test_a_binding_word_put_in_anywhere_is_never_plain(expression: str, word: str, data: st.DataObject) -> None:
    text = words(expression).split(" ")
    at = data.draw(st.integers(0, len(text)))

    found = identify(" ".join([*text[:at], word, *text[at:]]))

    assert found.match == "modified"
    assert found.similar_to == expression


@settings(deadline=None, max_examples=60)
@given(licences, st.data())
def test_an_operative_word_taken_away_is_never_plain(expression: str, data: st.DataObject) -> None:
    text = words(expression).split(" ")
    places = [at for at, word in enumerate(text) if word in text_words().operative]
    at = data.draw(st.sampled_from(places))

    found = identify(" ".join(text[:at] + text[at + 1 :]))

    assert found.match not in PLAIN


@settings(deadline=None, max_examples=60)
@given(licences, st.sampled_from(BINDING), st.data())
def test_a_word_exchanged_for_a_binding_one_is_never_plain(expression: str, word: str, data: st.DataObject) -> None:
    text = words(expression).split(" ")
    at = data.draw(st.integers(0, len(text) - 1).filter(lambda at: text[at] != word))

    assert identify(" ".join([*text[:at], word, *text[at + 1 :]])).match not in PLAIN


@settings(deadline=None, max_examples=60)
@given(licences, st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12), st.data())
def test_any_word_put_into_the_terms_shows(expression: str, word: str, data: st.DataObject) -> None:
    """In a title or in the place of a name it may be a name; it is told in `changed` all the same."""
    text = words(expression).split(" ")
    at = data.draw(st.integers(0, len(text)))

    found = identify(" ".join([*text[:at], word, *text[at:]]))

    assert found.match != "exact"
    assert found.match == "modified" or any(word in change for change in found.changed) or found.similarity == 1.0


@pytest.mark.parametrize("expression", ["MIT", "BSD-3-Clause", "ISC", "Apache-2.0"])
def test_the_adversarial_set_is_never_plain(expression: str) -> None:
    text = "\n".join(lines(words(expression), 70))
    for kind, altered in alterations(text):
        if altered.split() == text.split():
            continue
        found = identify(altered)
        assert found.match not in PLAIN, (kind, found)
        assert found.family not in ("osi", "permissive-model", "open-data"), (kind, found)


@pytest.mark.parametrize("expression", ["BSD-3-Clause", "GPL-2.0-only", "MPL-2.0", "ISC", "CC0-1.0"])
def test_the_title_of_another_licence_is_never_passed_over(expression: str) -> None:
    for kind, altered in headings(words(expression)):
        assert identify(altered).match not in PLAIN, kind


def test_a_changed_number_is_never_plain() -> None:
    text = words("GPL-3.0-only")
    assert "60 days" in text

    assert identify(text.replace("60 days", "90 days", 1)).match == "modified"
    assert identify(text.replace("60 days", "6 60 days", 1)).match == "modified"


def test_another_licence_behind_it_is_named_too_or_makes_it_modified() -> None:
    both = identify(f"{words('MIT')}\n\n{words('Apache-2.0')}")

    assert both.expression == "Apache-2.0 AND MIT" or both.match == "modified"
    assert both.expression not in STANDARD


@pytest.mark.parametrize("expression", [*STANDARD, "EUPL-1.2", "OFL-1.1", "AGPL-3.0-only", "EPL-2.0", "ODbL-1.0"])
def test_half_of_a_text_is_never_plain(expression: str) -> None:
    text = words(expression).split(" ")

    assert identify(" ".join(text[: len(text) // 2])).match not in PLAIN
    assert identify(" ".join(text[len(text) // 2 :])).match not in PLAIN
