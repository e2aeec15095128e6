"""Vendors' texts are told by fingerprints: whole words are exact, anything else is a relative at most."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from openness_audit.licenses import build, references
from openness_audit.licenses.identify import forget, identify

TEXT = (
    "Owl Community License Agreement. You may use the Owl Materials for any purpose, provided that your service has "
    "fewer than five thousand nests, that every nest shows the words Built by Owls, and that no output is used to "
    "hatch another bird of prey. Copies must come with this agreement and with the list of forbidden branches. The "
    "authors give no warranty of any kind and answer for no loss of feathers, eggs, mice or sleep, whatever the cause."
)


def reset() -> None:
    references.fingerprints.cache_clear()
    references.gram_index.cache_clear()
    references.by_digest.cache_clear()
    forget()


@pytest.fixture
def owl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a table with one invented text, and let the lookups read it."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any-name").write_text(TEXT, "utf-8")
    row = {"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "id": "llama3", "version": "1", "date": "2024-01-01",
           "title": "Owl Community License Agreement", "url": "https://example.org/owl"}  # fmt: skip
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(json.dumps({"obtained": "2024", "texts": [row]}), "utf-8")
    done = build.main(
        ["--texts", str(tmp_path / "texts"), "--manifest", str(manifest), "--out", str(tmp_path)],
    )
    assert done == 0
    monkeypatch.setattr(references, "_read", lambda name: (tmp_path / name).read_bytes())
    reset()
    yield
    monkeypatch.undo()
    reset()


@pytest.mark.usefixtures("owl")
def test_the_whole_text_is_exact() -> None:
    found = identify(TEXT.upper())

    assert (found.expression, found.family, found.match, found.version) == (
        "LicenseRef-hf-llama3",
        "community",
        "exact",
        "1",
    )


@pytest.mark.usefixtures("owl")
def test_a_text_with_other_words_is_derived_from_it_and_the_words_are_shown() -> None:
    found = identify(TEXT + " Owls in the Union are excluded.")

    assert (found.expression, found.match) == ("LicenseRef-modified-llama3", "modified")
    assert found.similar_to == "LicenseRef-hf-llama3"
    assert found.changed == ("+owls in the union are excluded",)


@pytest.mark.usefixtures("owl")
def test_another_heading_does_not_hide_it() -> None:
    found = identify("MIT License\n\n" + TEXT)

    assert found.similar_to == "LicenseRef-hf-llama3"
    assert found.match == "modified"
    assert found.family == "community"


@pytest.mark.usefixtures("owl")
def test_half_of_it_is_a_hint_at_most() -> None:
    found = identify(TEXT[: len(TEXT) // 2])

    assert (found.expression, found.match) == (None, "closest")
