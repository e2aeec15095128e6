"""What the files of a run's folder are called."""

from __future__ import annotations

import hashlib
import re

MANIFEST = "scan.json"
TARGETS = "targets.jsonl"
AUDITS = "audits"

_PART = re.compile(r"\.?rows-\d{5,}\.(?:jsonl|parquet)(?:\.tmp)?")
_NOT_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 150  # characters, well below what file systems take


def part_name(number: int, ending: str) -> str:
    """Name a part of the rows."""
    return f"rows-{number:05d}.{ending}"


def is_part(name: str) -> bool:
    """Say whether a file is a part of the rows, or the draft of one."""
    return _PART.fullmatch(name) is not None


def audit_name(model: str, revision: str | None) -> str:
    """Give the path, below the run's folder, of the whole audit of a model.

    Args:
        model: its id.
        revision: the revision that was asked for, if one was.

    Returns:
        `audits/XX/ORG--NAME.json`; XX spreads the files over 256 folders. A name that had to be changed or cut ends in
        a digest, so that no two models share one.
    """
    asked = f"{model}@{revision}" if revision else model
    digest = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()
    name = model.replace("/", "--") + (f"@{revision}" if revision else "")
    plain = _NOT_NAME.sub("-", name.replace("@", ".at."))[:_LONGEST]
    if revision or plain != name:
        plain = f"{plain}.{digest[:12]}"
    return f"{AUDITS}/{digest[:2]}/{plain}.json"
