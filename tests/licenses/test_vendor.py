"""Vendors' texts are told by fingerprints: whole words are exact, anything else is a relative at most."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openness_audit.licenses import build, references
from openness_audit.licenses import identify as identify_module
from openness_audit.licenses.identify import forget, identify
from openness_audit.licenses.normalise import tokens
from openness_audit.licenses.terms import terms
from openness_audit.licenses.vendor import unlike

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


def manifest(folder: Path) -> Path:
    row = {"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "id": "llama3", "version": "1", "date": "2024-01-01",
           "title": "Owl Community License Agreement", "url": "https://example.org/owl"}  # fmt: skip
    path = folder / "manifest.yaml"
    path.write_text(json.dumps({"obtained": "2024", "texts": [row]}), "utf-8")
    return path


@pytest.fixture
def owl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make a table with one invented text, and let the lookups read it."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any-name").write_text(TEXT, "utf-8")
    assert build.main(
        ["--texts", str(tmp_path / "texts"), "--manifest", str(manifest(tmp_path)), "--out", str(tmp_path)]
    ) == 0  # fmt: skip
    assert "nests" not in (tmp_path / "fingerprints.json").read_text("utf-8")
    shipped = references._read  # noqa: SLF001 - the other tables stay as they are
    own = {"fingerprints.json": tmp_path / "fingerprints.json"}
    monkeypatch.setattr(references, "_read", lambda name: own[name].read_bytes() if name in own else shipped(name))
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


@pytest.mark.usefixtures("owl")
@pytest.mark.parametrize(("family", "left"), [("permissive-model", "unknown"), ("community", "community")])
def test_an_altered_open_text_is_not_open(family: str, left: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = msgspec.structs.replace(terms("llama3"), family=family)
    monkeypatch.setattr(identify_module, "terms", lambda _: known)
    forget()

    assert identify(TEXT).family == family
    assert identify(TEXT + " Owls in the Union are excluded.").family == left
    assert identify(TEXT + " For non-commercial use only.").family == "non-commercial"


@pytest.mark.usefixtures("owl")
def test_missing_words_are_counted_at_their_place() -> None:
    (entry,) = references.fingerprints().table
    altered = tokens(TEXT.replace("the list of forbidden branches", "the list"))

    assert unlike(altered, entry) == ("-3 words after 'and with the list'",)


@pytest.mark.usefixtures("owl")
def test_other_words_under_its_title_are_a_hint_at_most() -> None:
    found = identify("Owl Community License Agreement\n\n" + "Everything in here was written anew, for parrots. " * 5)

    assert (found.expression, found.match, found.similar_to) == (None, "closest", "LicenseRef-hf-llama3")
    assert "title" in found.reason


@pytest.mark.usefixtures("owl")
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["not", "may", "free", "owls", "700"]), st.booleans(), st.data())
def test_a_word_more_less_or_other_is_never_the_version_itself(word: str, put: bool, data: st.DataObject) -> None:
    words = TEXT.lower().split(" ")
    at = data.draw(st.integers(0, len(words) - 1).filter(lambda at: words[at].strip(",.") != word))
    kept = at if put else at + 1

    assert identify(" ".join([*words[:at], word, *words[kept:]])).match in {"modified", "closest"}
    assert identify(" ".join(words[:at] + words[at + 1 :])).match in {"modified", "closest"}


def test_a_missing_text_is_named_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "other").write_text(TEXT + " More.", "utf-8")

    with pytest.raises(SystemExit):
        build.main(["--texts", str(tmp_path / "texts"), "--manifest", str(manifest(tmp_path)), "--out", str(tmp_path)])

    assert "https://example.org/owl" in capsys.readouterr().err
    assert not (tmp_path / "fingerprints.json").exists()


def test_the_manifest_and_the_table_name_the_same_texts() -> None:
    listed = msgspec.convert(yaml.safe_load(build.MANIFEST.read_text("utf-8")), build.Manifest).texts
    table = references.fingerprints().table

    assert {entry.sha256 for entry in table} <= {text.sha256 for text in listed}
    assert {(t.id, t.role, t.version) for t in listed if not t.spdx} == {(e.id, e.role, e.version) for e in table}
