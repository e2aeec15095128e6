"""Answer as the stand-in Hub does, from the files it serves, with no server between: the sources of a benchmark.

Records are kept packed and read one at a time, so that what a process holds does not grow with what it has seen.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

from openness_audit.errors import SubjectNotFoundError
from openness_audit.model.capture import (
    CodeAnswer,
    DatasetAnswer,
    Failure,
    FileEntry,
    GitRepo,
    Listing,
    Origin,
    PageAnswer,
    Ref,
    Refs,
    RepoInfo,
    RepoKind,
    Text,
)
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.exchange import TEXT_CAP, failure
from openness_audit.sources.hubrecord import parse_info
from openness_audit.sources.reading import file_entry

HUB = "https://huggingface.co"
CODE = "https://github.com"
Record = dict[str, Any]


class Records:
    """The lines of one file, packed, by id; an older or differently spelt id leads to the present one."""

    def __init__(self, path: Path, key: str) -> None:
        self._packed: dict[str, bytes] = {}
        self._now: dict[str, str] = {}
        with gzip.open(path, "rb") as lines:
            for line in lines:
                record = json.loads(line)
                if "renamed_to" in record:
                    self._now[record[key].lower()] = record["renamed_to"]
                else:
                    self._packed[record[key]] = zlib.compress(line, 1)
                    self._now.setdefault(record[key].lower(), record[key])
        self.ids = tuple(sorted(self._packed))

    def get(self, name: str) -> Record | None:
        """One record, None where there is none."""
        packed = self._packed.get(name) or self._packed.get(self._now.get(name.lower(), ""))
        found: Record | None = json.loads(zlib.decompress(packed)) if packed else None
        return found


class RecordedWorld:
    """The recorded models, data sets and code repositories, as the sources of any number of audits."""

    endpoint = HUB
    offline = True

    def __init__(self, world: Path) -> None:
        """Read `world/data`."""
        self._repos = {
            "model": Records(world / "data" / "models.jsonl.gz", "id"),
            "dataset": Records(world / "data" / "datasets.jsonl.gz", "id"),
        }
        self._code = Records(world / "data" / "github.jsonl.gz", "repo")
        self.models = self._repos["model"].ids

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The record of a model or data set."""
        record = self._repos[kind].get(repo_id)
        if record is None:
            return _gone(repo_id)
        url = f"{HUB}/api/{kind}s/{repo_id}"
        shown = {
            "disabled": False,
            "private": False,
            "siblings": [{"rfilename": row["path"]} for row in record["tree"]],
            **{key: value for key, value in record.items() if key not in {"files", "tree", "cardData"}},
            **({"cardData": record["cardData"]} if record.get("cardData") is not None else {}),
            **record.get("info", {}),
        }
        return parse_info(kind, repo_id, revision, shown, _origin(url, record["sha"]))

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of the model to be audited; raises SubjectNotFoundError."""
        info = self.info("model", repo_id, revision)
        if isinstance(info, Failure):
            raise SubjectNotFoundError(info.cause.detail)
        return info

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """All files, with the sizes of what was recorded in full."""
        record = self._repos[kind].get(repo_id)
        if record is None:
            return _gone(repo_id)
        texts = record["files"]
        rows = [row | ({"size": len(texts[row["path"]])} if row["path"] in texts else {}) for row in record["tree"]]
        entries = [file_entry({"type": "file", **row, "lfs": _lfs(repo_id, row)}) for row in rows]
        url = f"{HUB}/{_prefix(kind)}{repo_id}/tree/{sha}"
        return Listing(files=tuple(e for e in entries if e), complete=True, origin=_origin(url, str(rows)), sha=sha)

    def refs(self, repo_id: str) -> Refs | Failure:
        """Branches; their commits were not recorded."""
        record = self._repos["model"].get(repo_id)
        if record is None:
            return _gone(repo_id)
        names = ("main", *record.get("branches", ()))
        refs = tuple(Ref(name=name, kind="branch", sha=_sha1(f"{repo_id}@{name}")) for name in names)
        return Refs(refs=refs, origin=_origin(f"{HUB}/api/models/{repo_id}/refs", str(names)))

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file; of one whose content was not recorded a line that says so."""
        record = self._repos[kind].get(repo_id)
        if record is None or path not in {row["path"] for row in record["tree"]}:
            return _gone(f"{repo_id}/{path}")
        if record["gated"] and path != "README.md":
            return failure("gated", f"{repo_id}/{path}", "access has to be requested from the owner")
        unread = "{}\n" if path.endswith(".json") else f"[the content of {path} was not recorded]\n"
        url = f"{HUB}/{_prefix(kind)}{repo_id}/blob/{sha}/{path}"
        return _text(path, record["files"].get(path, unread), url, sha, max_bytes)

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        info = self.info("dataset", repo_id)
        if isinstance(info, Failure) or "README.md" not in info.siblings:
            return DatasetAnswer(info=info)
        return DatasetAnswer(info=info, card=self.text("dataset", info.id, info.sha, "README.md"))

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository."""
        record = self._code.get(f"{owner}/{name.removesuffix('.git')}")
        page = f"{CODE}/{owner}/{name}"
        if record is None:
            return CodeAnswer(repo=_gone(page), listing=_gone(page))
        owner, _, name = record["repo"].partition("/")
        commit, texts, license_path = record["commit"], record["files"], record.get("license_path") or ""
        files = tuple(FileEntry(path=row["path"], size=row.get("size")) for row in record["tree"])
        read: Callable[[str], Text] = lambda path: _text(path, texts[path], f"{page}/blob/{commit}/{path}", commit)  # noqa: E731 - one line
        return CodeAnswer(
            repo=GitRepo(
                host="github.com",
                owner=owner,
                name=name,
                origin=_origin(page, record["repo"]),
                default_branch=record.get("default_branch"),
                description=record.get("description"),
                license_spdx=record.get("license_spdx"),
                pushed_at=record.get("pushed_at"),
            ),
            listing=Listing(files=files, complete=True, origin=_origin(f"{page}/tree/{commit}", ""), sha=commit),
            readme=read("README.md") if "README.md" in texts else None,
            license_text=read(license_path) if license_path in texts else None,
        )

    def code_text(
        self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of a GitHub repository."""
        record = self._code.get(f"{owner}/{name}") or {"files": {}}
        if path not in record["files"]:
            return _gone(f"{CODE}/{owner}/{name}/{path}")
        return _text(path, record["files"][path], f"{CODE}/{owner}/{name}/blob/{commit}/{path}", commit, max_bytes)

    def page(self, url: str) -> PageAnswer | Failure:
        """No other host is asked."""
        return failure("not-requested", url, "links to other hosts are not followed")

    def stats(self) -> RequestCounts:
        """No network is asked."""
        return RequestCounts()

    def close(self) -> None:
        """Stay open: every audit of a run asks here."""


def _gone(what: str) -> Failure:
    return failure("not-found-or-private", what, "the repository does not exist, or is private")


def _sha1(text: str) -> str:
    return sha1(text.encode("utf-8")).hexdigest()  # noqa: S324 - ids as git has them


def _origin(url: str, body: str) -> Origin:
    return Origin(url=url, sha256=sha256(body.encode("utf-8")).hexdigest(), retrieved_at="", from_cache=True)


def _prefix(kind: RepoKind) -> str:
    return "datasets/" if kind == "dataset" else ""


def _lfs(repo_id: str, row: Record) -> Record | None:
    """A file kept by its digest; one that was not recorded is made of the name."""
    kept = row.get("lfs")
    return kept and {"oid": sha256(f"{repo_id}/{row['path']}".encode()).hexdigest(), **kept}


def _text(path: str, text: str, url: str, sha: str | None, max_bytes: int = TEXT_CAP) -> Text:
    body = text.encode("utf-8")
    whole = len(body) <= max_bytes
    shown = text if whole else body[:max_bytes].decode("utf-8", "replace")
    return Text(path=path, text=shown, origin=_origin(url, shown), sha=sha, truncated=not whole)
