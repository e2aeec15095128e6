"""Tell the versions of our documents apart, and whether a changed schema or rule set needs a new one; pure."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UPDATE = "update modelaudit: pip install -U openness-audit"
_ID = re.compile(r"^(?P<family>.{1,200}-)(?P<version>[1-9]\d{0,5})(?:\.json)?$")
_WORDS = ("description", "title", "$id", "examples")  # what a schema says about itself binds no reader


def version_of(schema: str) -> int | None:
    """Give the version that a schema's id ends in, or None."""
    found = _ID.match(schema)
    return int(found["version"]) if found else None


def newer(found: str, ours: str) -> int | None:
    """Give the version of a document's schema where it is a later one of the same document, else None.

    Args:
        found: the schema that the document names.
        ours: the schema that this program reads.

    Returns:
        The version.
    """
    theirs, mine = _ID.match(found), _ID.match(ours)
    if theirs is None or mine is None or theirs["family"] != mine["family"]:
        return None
    version = int(theirs["version"])
    return version if version > int(mine["version"]) else None


def digest(schema: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what a schema demands: its words may be mended without a new version."""
    bare = json.dumps(_bare(schema), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(bare.encode()).hexdigest()}"


def problems(schemas: Mapping[str, Mapping[str, Any]], released: Mapping[str, str], program: str) -> list[str]:
    """Say which schemas were changed after their version was released, and which released ones are not noted.

    Args:
        schemas: the schemas of today, by name.
        released: the digest of every version that was released, by its id (`schemas/released.json`).
        program: the version of the program. Nothing is released before 1.0.0.

    Returns:
        A sentence each; none where all is well.
    """
    found = []
    for name, schema in schemas.items():
        address, now = schema["$id"], digest(schema)
        if released.get(address, now) != now:
            version = version_of(address) or 0
            found.append(f"{name}: version {version} was released and must not change: make it {version + 1}")
        elif address not in released and not program.startswith("0."):
            found.append(f"{name}: {address} is not in schemas/released.json: note it there with {now}")
    return found


def rules_problems(version: str, digests: tuple[str, str], released: Mapping[str, str], program: str) -> list[str]:
    """Say whether the rules were changed after their version was released, or are not noted.

    Args:
        version: the version of the rule set.
        digests: those of the rules and of the vocabularies.
        released: as for `problems`; the rules are there as `ruleset-VERSION`.
        program: the version of the program.

    Returns:
        A sentence each; none where all is well.
    """
    name, now = f"ruleset-{version}", " ".join(digests)
    if released.get(name, now) != now:
        return [f"the rules of version {version} were released and must not change: raise RULESET_VERSION"]
    if name not in released and not program.startswith("0."):
        return [f"{name} is not in schemas/released.json: note it there with {now}"]
    return []


def _bare(node: Any, *, names: bool = False) -> Any:
    """Leave out what is for people; a field may be called `title`, so names of fields are kept."""
    if isinstance(node, dict):
        return {
            key: _bare(value, names=not names and key in ("properties", "$defs"))
            for key, value in node.items()
            if names or key not in _WORDS
        }
    return [_bare(item) for item in node] if isinstance(node, list) else node
