"""Sources that answer only from what was really recorded: whatever is a stand-in is a failure with that cause."""

from __future__ import annotations

import gzip
import json
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from openness_audit.errors import SubjectNotFoundError
from openness_audit.licenses.identify import identify
from openness_audit.model.bundle import Part
from openness_audit.model.capture import (
    CodeAnswer,
    DatasetAnswer,
    Failure,
    FileEntry,
    GitRepo,
    Listing,
    Origin,
    PageAnswer,
    Refs,
    RepoInfo,
    RepoKind,
    Text,
)
from openness_audit.model.evidence import Cause
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.exchange import TEXT_CAP

HUB = "https://huggingface.co"
WHOLE = ("exact", "equivalent")  # matches of a licence text that name it beyond doubt


class Source(Struct, frozen=True):
    """Where a copy was taken from, and when."""

    name: str
    date: str | None


def not_recorded(source: str, detail: str) -> Cause:
    """Give the cause of everything that was not recorded."""
    return Cause(code="not-recorded", source=source, retryable=False, detail=detail)


def _failure(source: str, what: str) -> Failure:
    return Failure(not_recorded(source, f"{what} was not recorded"))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


class Recorded:
    """The recorded parts of the files of `world/`, as the sources of an audit."""

    endpoint = HUB
    offline = True

    def __init__(self, world: Path) -> None:
        """Read the files lazily from `world`."""
        self._world = world
        self._attested: dict[str, Any] = json.loads((world / "attested.json").read_text("utf-8"))

    def _load(self, name: str, key: str) -> dict[str, dict[str, Any]]:
        with gzip.open(self._world / "data" / name, "rt", encoding="utf-8") as lines:
            return {record[key].lower(): record for record in map(json.loads, lines) if not record.get("stand-in")}

    @cached_property
    def _models(self) -> dict[str, dict[str, Any]]:
        return self._load("models.jsonl.gz", "id")

    @cached_property
    def _datasets(self) -> dict[str, dict[str, Any]]:
        return self._load("datasets.jsonl.gz", "id")

    @cached_property
    def _github(self) -> dict[str, dict[str, Any]]:
        return self._load("github.jsonl.gz", "repo")

    def _record(self, kind: RepoKind, repo_id: str) -> dict[str, Any] | None:
        found = (self._models if kind == "model" else self._datasets).get(repo_id.lower())
        return found if found and "README.md" in found.get("files", {}) else None

    def card(self, repo_id: str) -> str | None:
        """Give the text of a model's card."""
        record = self._record("model", repo_id)
        return str(record["files"]["README.md"]) if record else None

    def card_source(self, kind: RepoKind, repo_id: str) -> Source:
        """Say where the card of a repository was taken from."""
        record = self._record(kind, repo_id) or {}
        return Source(f"github.com/{record['readme_source']}", record["snapshot"])

    def listing_source(self, repo_id: str) -> Source:
        """Say where the file listing of a model was taken from."""
        record = self._record("model", repo_id) or {}
        if record.get("listing") == "recorded":
            name, _, date = record["listing_source"].rpartition(" ")
            return Source(name if name.startswith("Hub") else f"github.com/{name}", date)
        return Source("; ".join(self._attested[record["id"]]["sources"]), None)

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record, as far as the card's own metadata gives it."""
        where = repo_id if kind == "model" else f"datasets/{repo_id}"
        record = self._record(kind, repo_id)
        if record is None or revision not in (None, "main"):
            return _failure(where, f"the record of {where}")
        values = record.get("cardData") or {}
        prefix = f"{where}: " if kind == "dataset" else ""
        return RepoInfo(
            kind=kind,
            id=record["id"],
            origin=self._card_origin(kind, record),
            gated=None,
            gated_cause=not_recorded(prefix + "access conditions", "whether access is gated was not recorded"),
            pipeline_tag=values.get("pipeline_tag"),
            library_name=values.get("library_name"),
            card_data=values,
        )

    def _card_origin(self, kind: RepoKind, record: dict[str, Any]) -> Origin:
        prefix = "datasets/" if kind == "dataset" else ""
        return Origin(
            url=f"{HUB}/{prefix}{record['id']}/blob/main/README.md",
            sha256=_digest(record["files"]["README.md"]),
            retrieved_at=record["snapshot"],
        )

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of a model to be recorded."""
        info = self.info("model", repo_id, revision)
        if isinstance(info, Failure):
            raise SubjectNotFoundError(info.cause.detail)
        return info

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:  # noqa: ARG002 - protocol
        """What was recorded of a model's files; what is not in it may still be there."""
        record = self._record("model", repo_id) if kind == "model" else None
        files = self._files(record) if record else ()
        if record is None or not files:
            return _failure("file listing", "the file listing")
        source = self.listing_source(repo_id)
        names = "\n".join(f"{f.path} {f.size} {f.sha256}" for f in files)
        origin = Origin(url=f"{HUB}/{record['id']}/tree/main", sha256=_digest(names), retrieved_at=source.date or "")
        return Listing(
            files=files,
            complete=False,
            origin=origin,
            cut=not_recorded("file listing", "only a part of the file listing was recorded"),
            strength="declared",
        )

    def _files(self, record: dict[str, Any]) -> tuple[FileEntry, ...]:
        """The files that a copy or a public source shows to be the repository's; the card is one of them.

        A copy on a code host is a stranger's: files may have been left out or added. What is stored by its digest (LFS)
        and what was captured with its content is taken, and nothing follows from what is not there.
        """
        texts: dict[str, Any] = record["files"]
        if record.get("listing") == "recorded":
            if record["listing_source"].startswith("Hub"):
                raise NotImplementedError("listings of the Hub's API: none of the bundled models has one")
            kept = [row for row in record["tree"] if row.get("lfs") or row["path"] in texts]
            return tuple(
                FileEntry(path=r["path"], size=r["size"], sha256=(r.get("lfs") or {}).get("oid"), oid=r.get("oid"))
                for r in sorted(kept, key=lambda r: r["path"])
            )
        named = self._attested.get(record["id"], {}).get("files", ())
        card = FileEntry(path="README.md", size=len(texts["README.md"].encode("utf-8")))
        return (card, *(FileEntry(path=name) for name in sorted(named))) if named else ()

    def refs(self, repo_id: str) -> Refs | Failure:  # noqa: ARG002 - protocol
        """Branches and tags were recorded nowhere: the names the card states are facts of the card."""
        return _failure("branches and tags", "the list of branches and tags")

    def text(
        self,
        kind: RepoKind,
        repo_id: str,
        sha: str | None,  # noqa: ARG002 - no commit was recorded
        path: str,
        max_bytes: int = TEXT_CAP,  # noqa: ARG002 - protocol
    ) -> Text | Failure:
        """A text of the model's card or of a copy of its repository."""
        record = self._record(kind, repo_id)
        if record is None or path not in record["files"]:
            return _failure(path, f"the content of {path}")
        mirrored = record.get("listing") == "recorded"
        if path != "README.md" and not mirrored:  # taken from another repository than this one
            return _failure(path, f"the content of {path}")
        text = record["files"][path]
        date = record["snapshot"] if path == "README.md" else self.listing_source(repo_id).date
        prefix = "datasets/" if kind == "dataset" else ""
        url = f"{HUB}/{prefix}{record['id']}/blob/main/{quote(path)}"
        return Text(path=path, text=text, origin=Origin(url=url, sha256=_digest(text), retrieved_at=date or ""))

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's card."""
        info = self.info("dataset", repo_id)
        if isinstance(info, Failure):
            return DatasetAnswer(info=info)
        return DatasetAnswer(info=info, card=self.text("dataset", info.id, None, "README.md"))

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository at the commit that was recorded; its licence is what the licence's text says."""
        record = self._github.get(f"{owner}/{name}".lower())
        key = f"github.com/{owner}/{name}".lower()
        if record is None:
            lost = _failure(key, f"the code repository {key}")
            return CodeAnswer(repo=lost, listing=lost)
        owner, _, name = record["repo"].partition("/")
        at = f"https://github.com/{record['repo']}"
        texts = {p: self._code_file(record, p) for p in ("README.md", record["license_path"]) if p in record["files"]}
        licence = texts.get(record["license_path"])
        known = identify(licence.text) if licence else None
        names = "\n".join(f"{row['path']} {row.get('size')}" for row in record["tree"])
        return CodeAnswer(
            repo=GitRepo(
                host="github.com",
                owner=owner,
                name=name,
                origin=Origin(url=at, sha256="", retrieved_at=""),
                default_branch=record["default_branch"],
                license_spdx=known.expression if known and known.match in WHOLE else None,
            ),
            listing=Listing(
                files=tuple(FileEntry(path=row["path"], size=row.get("size")) for row in record["tree"]),
                complete=True,
                origin=Origin(url=f"{at}/tree/{record['commit']}", sha256=_digest(names), retrieved_at=""),
                sha=record["commit"],
            ),
            readme=texts.get("README.md"),
            license_text=licence,
        )

    def _code_file(self, record: dict[str, Any], path: str) -> Text:
        text, commit = record["files"][path], record["commit"]
        origin = Origin(
            url=f"https://github.com/{record['repo']}/blob/{commit}/{path}", sha256=_digest(text), retrieved_at=""
        )
        return Text(path=path, text=text, origin=origin, sha=commit)

    def code_part(self, key: str) -> Part | None:
        """Say at which commit a code repository was recorded."""
        record = self._github.get(key.removeprefix("github.com/"))
        name = f"github.com/{record['repo']}" if record else ""
        return Part(what=name, source=name, commit=record["commit"]) if record else None

    def code_text(
        self,
        owner: str,
        name: str,
        commit: str | None,  # noqa: ARG002 - protocol
        path: str,
        max_bytes: int = TEXT_CAP,  # noqa: ARG002 - protocol
    ) -> Text | Failure:
        """Contents of other files were not recorded."""
        return _failure(path, f"the content of github.com/{owner}/{name}/{path}")

    def page(self, url: str) -> PageAnswer | Failure:
        """Pages on other hosts are not asked."""
        detail = "links to other hosts are not followed"
        return Failure(Cause(code="not-requested", source=url, retryable=False, detail=detail))

    def stats(self) -> RequestCounts:
        """No network is asked."""
        return RequestCounts()

    def close(self) -> None:
        """Nothing is open."""
