"""Builders for the licence tests: facts without a network, and texts made from the bundled references."""

from __future__ import annotations

from typing import Any

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.licenses.find import collect_licenses
from openness_audit.licenses.references import references
from openness_audit.model.capture import Failure, FileEntry, Listing, Origin, RepoInfo, Text
from openness_audit.model.evidence import Cause
from openness_audit.model.facts_licenses import LicenseFacts
from openness_audit.model.facts_origins import CodeRepository, DataSet

ORIGIN = Origin(url="https://huggingface.co/org/model", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")


def words(expression: str) -> str:
    """Give a reference text as running words (MIT, Apache-2.0 ...), to be altered by a test."""
    found = references().words(expression)
    assert found is not None
    return " ".join(found)


def failure(code: Any = "rate-limited") -> Failure:
    return Failure(Cause(code=code, source="the Hub", retryable=True, detail="try later"))


def info(repo: str, card_data: dict[str, Any] | None = None) -> RepoInfo:
    return RepoInfo(kind="model", id=repo, origin=ORIGIN, sha="a" * 40, card_data=card_data)


def collect(
    readme: str | Failure | None = None,
    *,
    files: dict[str, str] | None = None,
    repo: str = "org/Owl-7B",
    parent_ids: tuple[str, ...] = (),
    parent_names: tuple[str, ...] = (),
    data: tuple[DataSet, ...] = (),
    code: tuple[CodeRepository, ...] = (),
    listing: Listing | Failure | None = None,
    card_data: dict[str, Any] | None = None,
) -> LicenseFacts:
    """Collect the licence facts of a model with this card and these files."""
    texts: dict[str, Text | Failure] = {
        path: Text(path=path, text=text, origin=ORIGIN) for path, text in (files or {}).items()
    }
    card = None
    if isinstance(readme, str):
        text = Text(path="README.md", text=readme, origin=ORIGIN)
        texts["README.md"] = text
        card = read_card(readme, document_of(text, "card", repo))
    elif readme is not None:
        texts["README.md"] = readme
    entries = tuple(FileEntry(path=path) for path in ("README.md", "model.safetensors", *(files or {})))
    return collect_licenses(
        info(repo, card_data),
        card.front_matter if card else None,
        card,
        listing or Listing(files=entries, complete=True, origin=ORIGIN),
        texts,
        identity(repo, parent_ids=parent_ids, parent_names=parent_names),
        code,
        data,
    )


def tagged(tag: str, body: str = "") -> str:
    return f"---\nlicense: {tag}\n---\n# Owl 7B\n\n{body}\n"
