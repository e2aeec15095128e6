"""Read an evidence bundle: nothing of it is believed before its digests hold."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from openness_audit.bundles.archive import Caps, unpack
from openness_audit.bundles.canonical import digest
from openness_audit.bundles.write import ANSWERS, AUDIT, CONTENTS, MANIFEST, RULES
from openness_audit.errors import BundleError, TamperedError
from openness_audit.model.audit import Audit
from openness_audit.model.evidence_bundle import SCHEMA_ID, Contents, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openness_audit.model.evidence_bundle import MemberDoc

T = TypeVar("T")

LARGEST = 512 * 1024 * 1024  # bytes of a bundle; most have less than two million
CAPS = Caps(member=64 * 1024 * 1024, total=1024 * 1024 * 1024, count=20_000)  # an answer has at most 32 MiB
_KIND = SCHEMA_ID.rpartition("-")[0] + "-"
_NO_BUNDLE = "give a file that `modelaudit MODEL --save-evidence FILE` wrote"
_TRUST = "do not rely on it: get the bundle again from whoever made it, and compare the digest of its manifest"


class Bundle(Struct, frozen=True, kw_only=True):
    """A bundle whose digests hold.

    `name` is `sha256:` of its manifest; `audit` is the recorded audit, None where this version of the program cannot
    read it; `ruleset` is the archive of the rules, None where they are beside the bundle.
    """

    name: str
    manifest: Manifest
    contents: Contents
    bodies: Mapping[str, bytes]
    audit_text: bytes
    audit: Audit | None
    ruleset: bytes | None


class _Named(Struct):
    schema: str = ""


def read(path: Path) -> Bundle:
    """Read a bundle and check everything its manifest says.

    Args:
        path: the file.

    Returns:
        The bundle. Raises BundleError for a file that is none, is damaged or unsafe, or of another version, and
        TamperedError where something is not what the manifest says.
    """
    shown = repr(str(path))
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise BundleError(f"{shown} is no file", hint=_NO_BUNDLE)
    try:
        with path.open("rb") as file:
            if (size := path.stat().st_size) > LARGEST:
                raise BundleError(f"{shown} has {size} bytes, more than a bundle may have", hint=_NO_BUNDLE)
            files = unpack(file, shown, CAPS)
    except OSError as problem:
        raise BundleError(f"{shown} cannot be read: {problem.strerror}", hint=_NO_BUNDLE) from problem
    manifest = _manifest(files, shown)
    for wrong in _differences(manifest, files):
        raise TamperedError(f"{shown} is not what its manifest says: {wrong}", hint=_TRUST)
    contents = _decoded(files, CONTENTS, Contents, shown)
    bodies = {name.removeprefix(ANSWERS): body for name, body in files.items() if name.startswith(ANSWERS)}
    for wrong in _loose(contents, bodies):
        raise TamperedError(f"{shown} does not hold together: {wrong}", hint=_TRUST)
    return Bundle(
        name=f"sha256:{sha256(files[MANIFEST]).hexdigest()}",
        manifest=manifest,
        contents=contents,
        bodies=bodies,
        audit_text=files[AUDIT],
        audit=_audit(files[AUDIT], manifest, shown),
        ruleset=_ruleset(files, manifest, shown),
    )


def _manifest(files: Mapping[str, bytes], shown: str) -> Manifest:
    if MANIFEST not in files:
        raise BundleError(f"{shown} is no evidence bundle: it holds no {MANIFEST}", hint=_NO_BUNDLE)
    try:
        schema = msgspec.json.decode(files[MANIFEST], type=_Named).schema
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise BundleError(f"{shown} is no evidence bundle: its {MANIFEST} cannot be read", hint=_NO_BUNDLE) from problem
    if schema != SCHEMA_ID:
        raise _other_schema(schema, shown)
    return _decoded(files, MANIFEST, Manifest, shown)


def _other_schema(schema: str, shown: str) -> BundleError:
    """Say of a bundle of another version whether an older or a newer program reads it."""
    number = schema.removeprefix(_KIND).removesuffix(".json")
    if not schema.startswith(_KIND) or not number.isdecimal():
        return BundleError(f"{shown} is no evidence bundle: its schema is {schema[:100]!r}", hint=_NO_BUNDLE)
    mine = SCHEMA_ID.removeprefix(_KIND).removesuffix(".json")
    if len(number) < 9 and int(number) > int(mine):
        hint = "install a newer modelaudit"
    else:
        hint = "read it with the release of modelaudit that made it"
    return BundleError(
        f"{shown} is an evidence bundle of version {number[:9]}; this modelaudit reads {mine}", hint=hint
    )


def _decoded(files: Mapping[str, bytes], name: str, kind: type[T], shown: str) -> T:
    try:
        return msgspec.json.decode(files[name], type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise BundleError(f"{shown}: {name} is not as it has to be: {str(problem)[:200]}", hint=_NO_BUNDLE) from problem


def _differences(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[str]:
    """Give what differs between the manifest and the files, the first of it being enough."""
    listed: dict[str, MemberDoc] = {}
    for member in manifest.members:
        if member.path in listed:
            yield f"it lists {member.path!r} twice"
        listed[member.path] = member
    for name in sorted(listed.keys() | {AUDIT, CONTENTS}):
        if name not in listed:
            yield f"it does not list {name!r}"
        elif name not in files:
            yield f"{name!r} is missing"
    for name in sorted(files.keys() - {MANIFEST}):
        if problem := _wrong(name, files[name], listed.get(name)):
            yield problem


def _wrong(name: str, body: bytes, listed: MemberDoc | None) -> str:
    """Say what is wrong with one file; nothing where it is what the manifest lists."""
    if listed is None:
        return f"{name!r} was added"
    if len(body) != listed.size or sha256(body).hexdigest() != listed.sha256:
        return f"{name!r} was changed"
    if name.startswith(ANSWERS):
        return "" if name == ANSWERS + listed.sha256 else f"{name!r} is not named by its digest"
    return "" if name in {AUDIT, CONTENTS, RULES} else f"{name!r} does not belong in a bundle"


def _loose(contents: Contents, bodies: Mapping[str, bytes]) -> Iterator[str]:
    """Give what the list of answers names and the bundle does not hold, and what nothing names."""
    named = {request.answer.body for request in contents.requests if request.answer}
    named |= {record.body for record in contents.records}
    named |= {read.body for read in contents.directory.reads if read.body} if contents.directory else set()
    for name in sorted(named - bodies.keys()):
        yield f"the answer {name[:64]!r} is missing"
    for name in sorted(bodies.keys() - named):
        yield f"nothing was answered by {name!r}"
    for request in contents.requests:
        if (request.answer is None) == (request.failure is None):
            yield f"{request.url[:200]!r} has neither an answer nor a failure, or both"
    keys = [(request.url, request.accept, request.max_bytes) for request in contents.requests]
    if len(set(keys)) < len(keys):
        yield "one request is listed twice"


def _audit(text: bytes, manifest: Manifest, shown: str) -> Audit | None:
    """Give the recorded audit, where this version reads it. Raises TamperedError where it is another."""
    try:
        found = digest(text)
    except (ValueError, RecursionError) as problem:
        raise TamperedError(f"{shown} does not hold together: {AUDIT} is no audit", hint=_TRUST) from problem
    if found != manifest.audit:
        raise TamperedError(
            f"{shown} is not what its manifest says: the recorded audit has another digest", hint=_TRUST
        )
    try:
        return msgspec.json.decode(text, type=Audit)
    except msgspec.MsgspecError:
        return None


def _ruleset(files: Mapping[str, bytes], manifest: Manifest, shown: str) -> bytes | None:
    """Give the archive of the rules, where it is in the bundle. Raises TamperedError where it is another."""
    rules = manifest.rules
    if rules.path is None:
        return None
    if rules.path != RULES or RULES not in files or sha256(files[RULES]).hexdigest() != rules.sha256:
        raise TamperedError(f"{shown} is not what its manifest says: the rules are not those it names", hint=_TRUST)
    return files[RULES]
