"""What a document says of commit, files, base models and data sets, against what an audit found; pure."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from openness_audit.ingest.compare_licenses import Row
from openness_audit.ingest.gather import revision
from openness_audit.ingest.references import read
from openness_audit.wording import listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.ingest.gather import Held
    from openness_audit.ingest.nouns import FileClaim, Mention
    from openness_audit.model.audit import Audit

_MOST_FILES = 50  # that differ and get a row each
_MOST_NAMES = 8
_TRAINING = frozenset({"pretraining", "finetuning"})


def rows(held: Held, audit: Audit, head: str | None) -> Iterator[Row]:
    """Compare whatever is no licence.

    Args:
        held: the thing of a document.
        audit: what was found, at the commit that the document names.
        head: the present commit, where it was asked for.

    Returns:
        A row for each claim; files that agree share one.
    """
    yield from _commit(held, audit, head)
    yield from _files(held, audit)
    yield from _bases(held, audit)
    yield from _datasets(held, audit)


def _commit(held: Held, audit: Audit, head: str | None) -> Iterator[Row]:
    named, sha = revision(held.thing, held.ref), audit.subject.sha or ""
    pointer = held.ref.pointer
    said = held.ref.revision or ""
    if named and named == held.thing.version.lower() and not said:
        pointer, said = held.thing.version_pointer, named
    if named is None:
        why = "without a commit whatever the head holds is meant; the present one was audited"
        if said:
            why = "it is no commit of the repository, so the present head was audited"
        yield Row(
            about="commit",
            said=said,
            found=sha,
            result="not-determined" if said else "says-nothing",
            why=why,
            pointer=pointer,
        )
    elif not sha:
        why = "the audit rests on evidence without a commit"
        yield Row(about="commit", said=named, found="", result="not-determined", why=why, pointer=pointer)
    elif not sha.startswith(named):
        why = "it is a branch or a tag, which can move; it leads to this commit now"
        yield Row(about="commit", said=named, found=sha, result="not-determined", why=why, pointer=pointer)
    elif head and head != sha:
        why = "the commit was audited, and the repository has changed since"
        yield Row(about="commit", said=named, found=head, result="drifted", why=why, pointer=pointer)
    else:
        why = "the commit was audited, and is the present head" if head else "the commit was audited"
        yield Row(about="commit", said=named, found=sha, result="agrees", why=why, pointer=pointer)


def _path(name: str) -> str:
    """Give a path in the repository, without the spellings that mean the same."""
    return posixpath.normpath(name.lstrip("/")) if name.strip("./") else name


def _files(held: Held, audit: Audit) -> Iterator[Row]:
    found = {_path(row.path): row.sha256.removeprefix("sha256:").lower() for row in audit.files if row.sha256}
    pairs = [(claim, found.get(_path(claim.path))) for claim in held.thing.files]
    good = [claim for claim, digest in pairs if digest == claim.sha256]
    unknown = [claim for claim, digest in pairs if digest is None]
    if good:
        yield Row(
            about="file",
            said=plural(len(good), "SHA-256 digest"),
            found="the same",
            result="agrees",
            why="the repository has these files with these digests",
            pointer=good[0].pointer,
        )
    pinned = revision(held.thing, held.ref) is not None
    since = "" if pinned else "; the document names no commit, so it may have been changed since"
    yield from _other_files([(claim, digest) for claim, digest in pairs if digest not in (None, claim.sha256)], since)
    if unknown:
        yield Row(
            about="file",
            said=listed((claim.path for claim in unknown), _MOST_NAMES),
            found="",
            result="not-determined",
            why="of these files the audit knows no digest",
            pointer=unknown[0].pointer,
        )


def _other_files(bad: list[tuple[FileClaim, str | None]], since: str) -> Iterator[Row]:
    """Tell files with other digests, a row each for the first of them."""
    for claim, digest in bad[:_MOST_FILES]:
        yield Row(
            about="file",
            said=f"{claim.path}: {claim.sha256}",
            found=digest or "",
            result="contradicts",
            why=f"the repository has another file of this name{since}",
            pointer=claim.pointer,
        )
    if len(bad) > _MOST_FILES:
        more = bad[_MOST_FILES:]
        yield Row(
            about="file",
            said=f"{len(more)} more",
            found="other digests",
            result="contradicts",
            why=f"the repository has other files of these names{since}",
            pointer=more[0][0].pointer,
        )


def _names(name: str | None) -> set[str]:
    """Give the spellings by which a model or data set is found again: its id, and the id without the owner."""
    low = (name or "").casefold().strip()
    return {low, low.rpartition("/")[2]} - {""}


def _match(mention: Mention, known: Iterable[str]) -> bool:
    """Say whether a mention is one of those known: by id where both have one, else by the bare name."""
    if mention.id and "/" in mention.id:
        low = mention.id.casefold()
        return any(
            low == name.casefold() or ("/" not in name and name.casefold() == low.rpartition("/")[2]) for name in known
        )
    said = _names(mention.id or mention.name)
    return any(said & _names(name) for name in known)


def _bases(held: Held, audit: Audit) -> Iterator[Row]:
    parents = [row for row in audit.lineage.parents if row.id and row.id != audit.subject.id]
    nodes = [node.id for node in audit.lineage.nodes if node.id != audit.subject.id]
    known = [*(row.id or "" for row in parents), *(row.name for row in audit.lineage.parents), *nodes]
    found = listed(dict.fromkeys(row.id or "" for row in parents), _MOST_NAMES)
    cited = tuple(dict.fromkeys(name for row in parents for name in row.evidence))
    for mention in held.thing.bases:
        said = mention.id or mention.name
        if _match(mention, known):
            yield Row(
                about="base-model",
                said=said,
                found=said,
                result="agrees",
                why="the audit found this base model",
                pointer=mention.pointer,
                evidence=cited,
            )
        else:
            sure = bool(parents) and len(parents) == len(audit.lineage.parents)
            yield Row(
                about="base-model",
                said=said,
                found=found,
                result="contradicts" if sure else "not-determined",
                why="the audit found other base models, and not this one"
                if sure
                else "the repository does not name it",
                pointer=mention.pointer,
                evidence=cited if sure else (),
            )
    missed = [row for row in parents if not any(_match(mention, [row.id or ""]) for mention in held.thing.bases)]
    if missed:
        yield Row(
            about="base-model",
            said="",
            found=listed(dict.fromkeys(row.id or "" for row in missed), _MOST_NAMES),
            result="says-nothing",
            why="the document does not say that the model was made from it, and its terms may bind",
            pointer=held.thing.pointer,
            evidence=tuple(dict.fromkeys(name for row in missed for name in row.evidence)),
            binds=True,
        )


def _datasets(held: Held, audit: Audit) -> Iterator[Row]:
    mentions = held.thing.datasets
    linked = [ref.id for row in audit.training_data if row.url and (ref := read(row.url, "")) is not None]
    known = [*(name for row in audit.training_data for name in (row.id, row.name) if name), *linked]
    for mention in mentions:
        said, there = mention.id or mention.name, _match(mention, known)
        yield Row(
            about="dataset",
            said=said,
            found=said if there else "",
            result="agrees" if there else "not-determined",
            why="the audit found this data set named" if there else "the audit did not find it named",
            pointer=mention.pointer,
        )
    training = [row for row in audit.training_data if row.id and row.stage in _TRAINING]
    missed = [row for row in training if not any(_match(mention, [row.id or ""]) for mention in mentions)]
    if missed:
        yield Row(
            about="dataset",
            said="",
            found=listed(dict.fromkeys(row.id or "" for row in missed), _MOST_NAMES),
            result="says-nothing",
            why="the publisher names it as training data, the document does not",
            pointer=held.thing.pointer,
            evidence=tuple(dict.fromkeys(name for row in missed for name in row.evidence)),
            binds=bool(mentions),
        )
