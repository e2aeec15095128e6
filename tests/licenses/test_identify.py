"""A licence text is what its words say: never plain X for X with words added or taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from license_alterations import words
from openness_audit.licenses.identify import identify
from openness_audit.licenses.references import fingerprints, references
from openness_audit.licenses.terms import terms

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
STANDARD = ("MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0-only", "CC-BY-NC-4.0", "MPL-2.0", "ISC", "CC0-1.0")
PLAIN = ("exact", "equivalent")


def wrapped(text: str, width: int = 70) -> str:
    return re.sub(rf"(.{{{width}}}\S*) ", r"\1\n", text)


@pytest.mark.parametrize("expression", STANDARD)
def test_the_whole_text_is_exact(expression: str) -> None:
    found = identify(words(expression))

    assert (found.expression, found.match, found.similarity) == (expression, "exact", 1.0)


def test_this_projects_own_licence_is_apache() -> None:
    found = identify(APACHE)

    assert found.expression == "Apache-2.0"
    assert found.match in PLAIN
    assert found.family == "osi"


def test_layout_case_comments_and_a_copyright_line_do_not_matter() -> None:
    text = "\n".join(f"# {line}" for line in wrapped(words("MIT").upper()).splitlines())

    found = identify("\ufeff# Copyright (c) 2024 Somebody\r\n" + text.replace("\n", "\r\n"))

    assert (found.expression, found.match) == ("MIT", "exact")


def test_a_missing_appendix_and_a_filled_name_are_equivalent() -> None:
    without = words("Apache-2.0").split("end of terms and conditions")[0]
    named = words("BSD-3-Clause").replace("neither the name of the copyright holder", "neither the name of Owl Labs")

    assert identify(without).match == "equivalent"
    assert identify(named).match in PLAIN
    assert identify(named).expression == "BSD-3-Clause"


def test_a_deprecated_gnu_id_is_given_as_only() -> None:
    assert identify(words("GPL-3.0-or-later")).expression == "GPL-3.0-only"


ALTERATIONS: dict[str, Callable[[str], str]] = {
    "a non-commercial sentence at the end": lambda t: t + "\n\nThe work may be used for non-commercial purposes only.",
    "a non-commercial sentence at the front": lambda t: "No commercial use is allowed.\n\n" + t,
    "a restriction in a copyright line": lambda t: "Copyright (c) 2024 Somebody. For research only.\n" + t,
    "the right to sell taken away": lambda t: t + "\n\nThe rights above do not include the right to sell the work.",
    "a user threshold": lambda t: t + "\n\nAbove 100 million monthly active users, ask for a licence.",
    "a sentence in the middle": lambda t: (
        t[: len(t) // 2 + t[len(t) // 2 :].find(" ")]
        + " commercial use requires a fee "
        + t[len(t) // 2 + t[len(t) // 2 :].find(" ") :]
    ),
    "the first not deleted": lambda t: re.sub(r"\bnot ", "", t, count=1),
    "a not added": lambda t: re.sub(r"\bmay ", "may not ", t, count=1),
}


@pytest.mark.parametrize("kind", ALTERATIONS)
@pytest.mark.parametrize("expression", STANDARD)
def test_an_altered_text_is_never_called_plain(expression: str, kind: str) -> None:
    text = words(expression)
    altered = ALTERATIONS[kind](text)
    if altered == text:
        pytest.skip("the text has no such word")

    found = identify(altered)

    assert found.match not in PLAIN
    assert found.expression != expression
    assert found.family not in ("osi", "permissive", "open-data", "permissive-model")


def test_the_changed_words_are_listed() -> None:
    found = identify(words("MIT") + " the work may be used for non commercial purposes only")

    assert found.similar_to == "MIT"
    assert found.expression == "LicenseRef-modified-MIT"
    assert found.family == "non-commercial"
    assert found.changed == ("+the work may be used for non commercial purposes only",)


def test_a_missing_word_is_listed() -> None:
    found = identify(words("MIT").replace("shall be included", "be included", 1))

    assert (found.match, found.changed) == ("modified", ("-shall",))


@pytest.mark.parametrize(
    "text", ["", "MIT", "stand-in content of a file", "lorem ipsum dolor " * 60, "\x00\x01" * 500, "许可" * 4]
)
def test_what_is_no_licence_text_is_none(text: str) -> None:
    found = identify(text)

    assert (found.expression, found.match, found.family) == (None, "none", "unknown")


def test_two_texts_in_one_file_are_both_named() -> None:
    found = identify(wrapped(words("MIT")) + "\n\n" + wrapped(words("ISC")))

    assert found.expression in ("ISC AND MIT", None) or found.match == "modified"


def test_a_huge_file_is_cut_and_read_in_time() -> None:
    assert identify("a word " * 400_000).match == "none"


def test_every_fingerprint_belongs_to_a_known_licence_and_ships_no_text() -> None:
    """One five-word hash in four and four bits per word: too little to read the words back from."""
    table = fingerprints().table

    assert {entry.id for entry in table} <= {terms(entry.id).id for entry in table}
    for entry in table:
        assert len(entry.digest) == len(entry.sha256) == 64
        assert all(not gram & 3 for gram in entry.hashes)
        assert len(entry.hashes) < 0.4 * entry.words
        assert len(entry.symbols) == entry.words
        assert entry.url.startswith("https://")
        assert len(entry.title.split()) < 16


def test_every_reference_text_is_the_one_its_digest_names() -> None:
    from openness_audit.licenses.normalise import digest  # noqa: PLC0415 - needed here only

    for key, ids in list(references().digests.items())[::40]:
        assert digest(words(ids[0]).split(" ")) == key
