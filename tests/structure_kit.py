"""Builders shared by the tests of the structure of cards and listings."""

from __future__ import annotations

from openness_audit.collect.card.markdown import read_card
from openness_audit.model.capture import FileEntry, Listing, Origin, Text
from openness_audit.model.card import Card, Document
from openness_audit.model.evidence import Place

ORIGIN = Origin(url="https://huggingface.co/api/models/org/model", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")
DOCUMENT = Document(
    kind="card",
    repo="org/model",
    path="README.md",
    url="https://huggingface.co/org/model/blob/main/README.md",
    sha=None,
    sha256="0" * 64,
    retrieved_at="2026-01-01T00:00:00Z",
    from_cache=False,
)
PLACE = Place(kind="listing", repo="org/model", url="https://huggingface.co/api/models/org/model/tree/main")


def card(text: str) -> Card:
    return read_card(text, DOCUMENT)


def listing(*paths: str, sizes: dict[str, int] | None = None, complete: bool = True) -> Listing:
    files = tuple(FileEntry(path=p, size=(sizes or {}).get(p)) for p in paths)
    return Listing(files=files, complete=complete, origin=ORIGIN)


def text(path: str, content: str) -> Text:
    return Text(path=path, text=content, origin=ORIGIN)
