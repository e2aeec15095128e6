"""Read a finished audit from a file, or understand what is to be audited instead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit.cli.base.target import parse_target
from openness_audit.errors import UsageError
from openness_audit.model.audit import SCHEMA_ID, Audit
from openness_audit.render.escape import clean
from openness_audit.schema_versions import UPDATE, newer

if TYPE_CHECKING:
    from openness_audit.settings import Target

LARGEST = 64 * 1024 * 1024  # bytes of a finished audit; the largest seen have one
NO_AUDIT = "give a document that `modelaudit MODEL -o audit.json` wrote"
_ARCHIVE = b"PK\x03\x04"  # how an evidence bundle begins


def read_audit(path: Path) -> Audit:
    """Read a finished audit.

    Args:
        path: the file; a JSON document that this version of the program wrote, or an evidence bundle that has one.

    Returns:
        The document. Raises UsageError for a file that cannot be read or holds anything else, TamperedError for a
        bundle that is not what its manifest says.
    """
    shown = repr(clean(str(path)))
    try:
        with path.open("rb") as file:
            packed = file.read(len(_ARCHIVE)) == _ARCHIVE
        if packed:
            return _of_bundle(path, shown)
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{shown} is too large for an audit", hint=NO_AUDIT)
        data = path.read_bytes()
        _refuse_other(msgspec.json.decode(data, type=_Named), shown)
        found = msgspec.json.decode(data, type=Audit)
    except OSError as problem:
        raise UsageError(f"{shown} cannot be read: {problem.strerror}", hint=NO_AUDIT) from problem
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageError(
            f"{shown} is no audit of this version: {clean(str(problem))[:200]}", hint=NO_AUDIT
        ) from problem
    if found.schema != SCHEMA_ID:
        raise UsageError(
            f"{shown} is no audit of this version: its schema is {clean(found.schema)[:100]!r}", hint=NO_AUDIT
        )
    return found


def _of_bundle(path: Path, shown: str) -> Audit:
    """Give the audit that was recorded together with its evidence."""
    from openness_audit.bundles.read import read  # noqa: PLC0415 - rarely needed

    found = read(path).audit
    if found is None or found.schema != SCHEMA_ID:
        raise UsageError(
            f"{shown} holds no audit of this version", hint="audit it anew: modelaudit replay FILE -o audit.json"
        )
    return found


class _Named(msgspec.Struct, rename={"statement": "_type", "payload_type": "payloadType"}):
    schema: str = ""
    statement: str = ""
    payload_type: str = ""


def _refuse_other(found: _Named, shown: str) -> None:
    """Say of an audit of a later version what reads it, and of an attestation where the audit is in it."""
    if version := newer(found.schema, SCHEMA_ID):
        raise UsageError(f"{shown} was written by a newer modelaudit (version {version} of the audit)", hint=UPDATE)
    if found.statement:
        raise UsageError(f"{shown} is an in-toto Statement", hint="its audit is the predicate: jq .predicate FILE")
    if found.payload_type:
        raise UsageError(f"{shown} is a signed envelope", hint="verify it, then take the predicate of its payload")


def subject_of(text: str, endpoint: str) -> Target | Audit:
    """Understand one MODEL: a finished audit where it names a file, else what an audit takes.

    Args:
        text: a path, or any spelling of a model.
        endpoint: the configured Hub.

    Returns:
        The document, or the model to audit. Raises UsageError for anything else.
    """
    if os.path.isfile(text):  # noqa: PTH113 - never raises
        return read_audit(Path(text))
    if text.lower().endswith(".json") and text.count("/") != 1:
        raise UsageError(f"there is no file {clean(text)!r}", hint=NO_AUDIT)
    return parse_target(text, is_directory=os.path.isdir, endpoint=endpoint)
