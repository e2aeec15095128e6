"""The bundled records hold no sentence of a card, nothing made up, and are what recording gives today."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from record_bundled import BUNDLED, record_all
from recorded import Recorded

from openness_audit.model.capture import Text

WORLD = Path(__file__).resolve().parents[3] / "shared" / "world"
MOST_WORDS = 6  # in a row, of a card's own: longer runs are sentences, shorter ones names
RUN = MOST_WORDS + 1
_TOKENS = re.compile(r"[a-z0-9]+|[^\W\d_]")  # a character of a script without blanks counts as a word
_STAND_IN_NAMES = re.compile(r"model-0000\d-of-00003\.safetensors")  # as the stand-in Hub makes them up

pytestmark = [
    pytest.mark.world,
    pytest.mark.skipif(not WORLD.is_dir(), reason="the recorded world is not beside this checkout"),
]
NAMES = sorted(path.name for path in BUNDLED.glob("*.json"))


@pytest.fixture(scope="module")
def sources() -> Recorded:
    return Recorded(WORLD)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def runs(text: str) -> set[tuple[str, ...]]:
    words = _TOKENS.findall(text.lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def loaded(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((BUNDLED / name).read_text("utf-8"))
    return record


def texts(record: dict[str, Any], sources: Recorded) -> Iterator[str]:
    """Give every text of a stranger that was read for a record."""
    yield from filter(None, map(sources.card, (record["id"], *filter(None, ids(record)))))
    for part in record["parts"]:
        kind, _, name = part["what"].partition("/")
        if kind == "github.com":
            readme = sources.code(*name.split("/")).readme
        elif kind == "datasets":
            readme = sources.dataset(name).card
        else:
            continue
        if isinstance(readme, Text):
            yield readme.text


def ids(record: dict[str, Any]) -> list[str]:
    return [parent["id"] for parent in record["facts"]["lineage"]["parents"]]


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_a_stranger_is_in_a_record(name: str, sources: Recorded) -> None:
    record = loaded(name)
    theirs = set[tuple[str, ...]]().union(*map(runs, texts(record, sources)))
    said = {text for text in strings(record) if " " in text or not text.isascii()}  # the rest are names and addresses
    known = {record["id"], *ids(record)}
    ours = {text for text in said if text.rsplit(":", 1)[0] in known or text.endswith("was not recorded")}

    assert {text for text in said - ours if runs(text) & theirs} == set()


def test_recording_again_gives_the_same_bytes(sources: Recorded) -> None:
    made = record_all(sources)

    assert sorted(made) == NAMES
    stale = [name for name in NAMES if made[name] != (BUNDLED / name).read_bytes()]
    assert stale == [], "python tests/real_world/record_bundled.py SHARED"


def test_nothing_made_up_is_in_a_record() -> None:
    made_up = set[str]()
    for file in ("models.jsonl.gz", "datasets.jsonl.gz"):
        with gzip.open(WORLD / "data" / file, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if not record.get("dates", "").startswith("recorded"):
                    made_up |= {record.get(name, "") for name in ("sha", "createdAt", "lastModified")} - {""}
                made_up |= {revision["sha"] for revision in record.get("revisions", ())}
    for name in NAMES:
        said = list(strings(loaded(name)))
        assert not made_up & set(said), name
        assert not [text for text in said if _STAND_IN_NAMES.search(text)], name
