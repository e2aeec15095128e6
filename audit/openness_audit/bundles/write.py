"""Write an evidence bundle: the same answers, the same bytes."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from openness_audit.bundles.archive import pack
from openness_audit.bundles.canonical import digest
from openness_audit.model.evidence_bundle import SCHEMA_ID, Manifest, MemberDoc, RulesDoc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.evidence_bundle import BundleSettingsDoc, BundleSubjectDoc, Contents, JudgedDoc

MANIFEST, AUDIT, CONTENTS, RULES, ANSWERS = "manifest.json", "audit.json", "contents.json", "ruleset.zip", "answers/"


class Recorded(Struct, frozen=True, kw_only=True):
    """What one audit was answered: `bodies` by their digest in hex, `audit` the document as JSON."""

    contents: Contents
    bodies: Mapping[str, bytes]
    audit: str
    tool: str
    recorded_at: str
    as_of: str
    subject: BundleSubjectDoc
    settings: BundleSettingsDoc
    rules: RulesDoc
    ruleset: bytes | None  # None: it is beside the bundle
    policy: JudgedDoc | None = None


class Packed(Struct, frozen=True):
    """A bundle's bytes, and the digest of its manifest: it names the whole."""

    data: bytes
    manifest: str


def write(recorded: Recorded) -> Packed:
    """Put a bundle together.

    Args:
        recorded: what was asked and answered.

    Returns:
        The file's bytes, and `sha256:` of its manifest.
    """
    files = {f"{ANSWERS}{name}": body for name, body in recorded.bodies.items()}
    files[AUDIT] = recorded.audit.encode("utf-8")
    files[CONTENTS] = _json(recorded.contents)
    if recorded.ruleset is not None:
        files[RULES] = recorded.ruleset
    manifest = Manifest(
        schema=SCHEMA_ID,
        tool=recorded.tool,
        recorded_at=recorded.recorded_at,
        as_of=recorded.as_of,
        subject=recorded.subject,
        settings=recorded.settings,
        rules=recorded.rules,
        policy=recorded.policy,
        audit=digest(recorded.audit),
        members=tuple(
            MemberDoc(path=name, size=len(body), sha256=sha256(body).hexdigest())
            for name, body in sorted(files.items())
        ),
    )
    files[MANIFEST] = _json(manifest)
    name = f"sha256:{sha256(files[MANIFEST]).hexdigest()}"
    return Packed(pack(files, first=MANIFEST, stored=frozenset({RULES})), name)


def _json(value: Struct) -> bytes:
    """Write a part as JSON that people can read."""
    return (json.dumps(msgspec.to_builtins(value), ensure_ascii=True, indent=1) + "\n").encode("ascii")
