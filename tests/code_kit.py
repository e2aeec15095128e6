"""Build cards, identities and answers of a code host for the tests of code."""

from __future__ import annotations

from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.card.markdown import read_card
from openness_audit.model.capture import CodeAnswer, Failure, FileEntry, GitRepo, Listing, Origin, RepoInfo, Text
from openness_audit.model.card import Card, Document
from openness_audit.model.evidence import Cause, CauseCode

ORIGIN = Origin(url="https://api.github.com/x", sha256="0" * 64, retrieved_at="2025-01-01T00:00:00Z")
SHA = "c" * 40


def card(text: str, repo: str = "acme/Falke-7B") -> Card:
    document = Document(
        kind="card",
        repo=repo,
        path="README.md",
        url=f"https://huggingface.co/{repo}/blob/{SHA}/README.md",
        sha=SHA,
        sha256="0" * 64,
        retrieved_at="2025-01-01T00:00:00Z",
        from_cache=False,
    )
    return read_card(text, document)


def me(repo: str = "acme/Falke-7B", *parents: str, made: str = "base") -> Identity:
    return identity(repo, parent_ids=parents, derivation=made)


def info(repo: str = "acme/Falke-7B", *tags: str, library: str | None = None) -> RepoInfo:
    return RepoInfo(kind="model", id=repo, origin=ORIGIN, sha=SHA, tags=tags, library_name=library)


def answer(repo: str, paths: tuple[str, ...], readme: str | None = None) -> CodeAnswer:
    owner, name = repo.split("/")
    return CodeAnswer(
        repo=GitRepo(host="github.com", owner=owner, name=name, origin=ORIGIN, license_spdx="MIT"),
        listing=Listing(files=tuple(FileEntry(path=p) for p in paths), complete=True, origin=ORIGIN, sha=SHA),
        readme=Text(path="README.md", text=readme, origin=ORIGIN, sha=SHA) if readme is not None else None,
    )


def failed(code: CauseCode) -> CodeAnswer:
    failure = Failure(
        Cause(code=code, source="github.com", retryable=code == "rate-limited", detail=f"answered {code}")
    )
    return CodeAnswer(repo=failure, listing=failure)
