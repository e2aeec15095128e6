"""A licence file that is no text, or too much of one, gets a clear state: never a crash, never silence."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_alterations import words
from openness_audit.collect.licenses.texts import collect_texts, left_out, texts_searched
from openness_audit.licenses.identify import identify
from openness_audit.licenses.normalise import MAX_CHARACTERS
from openness_audit.model.capture import FileEntry, Listing, Origin, RepoInfo, Text
from openness_audit.model.evidence import Observed, Unavailable
from openness_audit.sources.reading import decode_text

ORIGIN = Origin(url="https://huggingface.co/org/model", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")
INFO = RepoInfo(kind="model", id="org/model", origin=ORIGIN, sha="a" * 40)
MIT = words("MIT")
NO_TEXT = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj " + MIT.encode(),
    "an office document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20,
    "an archive": b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 20,
    "Rich Text Format": rb"{\rtf1\ansi " + MIT.encode() + b"}",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "not text": bytes(range(256)) * 40,
}


def file(body: bytes, path: str = "LICENSE", *, truncated: bool = False) -> dict[str, Text]:
    return {path: Text(path=path, text=decode_text(body), origin=ORIGIN, truncated=truncated)}


def listing(*paths: str) -> Listing:
    return Listing(files=tuple(FileEntry(path=p, size=9) for p in paths), complete=True, origin=ORIGIN)


@pytest.mark.parametrize("told", NO_TEXT)
def test_a_file_without_plain_text_is_none_and_listed_as_unread(told: str) -> None:
    texts = file(NO_TEXT[told])

    found = identify(texts["LICENSE"].text)
    (row,) = left_out(listing("LICENSE"), dict(texts))
    searched = texts_searched(INFO, listing("LICENSE"), dict(texts))

    assert (found.match, found.expression, found.family) == ("none", None, "unknown")
    assert told in found.reason
    assert (row.what, row.scope, row.cause.code) == ("LICENSE", "license-text", "not-text")
    assert told in row.cause.detail
    assert searched == Unavailable(row.cause)
    assert [(t.match, t.reason) for t in collect_texts(INFO, dict(texts))] == [("none", found.reason)]


def test_an_empty_file_is_none_for_that_reason_and_was_read() -> None:
    texts = file(b" \r\n\t\n")

    found = identify(texts["LICENSE"].text)

    assert (found.match, found.reason) == ("none", "empty")
    assert left_out(listing("LICENSE"), dict(texts)) == ()
    assert isinstance(texts_searched(INFO, listing("LICENSE"), dict(texts)), Observed)


def test_a_name_in_place_of_a_text_is_none_for_that_reason() -> None:
    assert identify("MIT License").reason == "2 words are no licence text"


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF16_LE + MIT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + MIT.encode("utf-16-be"),
        MIT.encode("utf-16-le"),
        MIT.encode("utf-16-be"),
        codecs.BOM_UTF8 + MIT.encode(),
        MIT.encode("utf-32-le"),
    ],
    ids=["utf-16-le", "utf-16-be", "utf-16-le unmarked", "utf-16-be unmarked", "utf-8 mark", "utf-32-le unmarked"],
)
def test_a_text_is_read_in_the_encodings_that_editors_write(body: bytes) -> None:
    found = identify(decode_text(body))

    assert (found.expression, found.match) == ("MIT", "exact")


def test_a_page_is_read_without_its_tags_scripts_and_styles() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Terms</title><style>p { color: red }</style></head><body>"
        f"<script>if (a < b) {{ sell() }}</script><p class='x'>{MIT}</p></body></html>"
    )

    assert identify(page).expression == "MIT"


def test_words_in_tags_of_a_plain_file_are_not_hidden() -> None:
    hidden = f"{MIT}\n<script>Not for commercial use.</script>\n"
    titled = f"{MIT}\n<p title='not for commercial use'></p>\n"

    assert identify(hidden).match == identify(titled).match == "modified"


def test_a_page_of_unended_elements_is_read_once() -> None:
    assert identify("<html>" + "<script>" * 30_000).match == "none"


def test_a_text_longer_than_is_read_is_a_guess_and_listed_as_unread() -> None:
    long = MIT + "\n" + "\n" * MAX_CHARACTERS + "Not for commercial use."
    texts = file(long.encode())

    found = identify(texts["LICENSE"].text)
    (row,) = left_out(listing("LICENSE"), dict(texts))

    assert (found.match, found.expression, found.similar_to) == ("closest", None, "MIT")
    assert "262,144" in found.reason
    assert row.cause.code == "too-large"


def test_a_file_cut_by_its_source_is_listed_as_unread() -> None:
    texts = file(MIT.encode(), truncated=True)

    assert [row.cause.code for row in left_out(listing("LICENSE"), dict(texts))] == ["too-large"]


def test_a_file_that_was_not_asked_for_is_listed_beside_one_that_is_no_text() -> None:
    rows = left_out(listing("LICENSE", "LICENSE.pdf", "NOTICE"), dict(file(NO_TEXT["a PDF"], "LICENSE.pdf")))

    assert [row.what for row in rows] == ["LICENSE.pdf", "LICENSE and 1 more"]


@given(st.binary(max_size=400), st.sampled_from(["", "%PDF-", "<html>", "PK\x03\x04", MIT]))
def test_no_bytes_crash_it_or_make_a_plain_licence_of_what_is_not_one(body: bytes, front: str) -> None:
    found = identify(front + decode_text(body))

    assert found.match in ("exact", "equivalent", "modified", "closest", "none")
    assert found.expression in (None, "MIT", "LicenseRef-modified-MIT")
