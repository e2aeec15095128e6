"""Tell the words of a call that name bills of materials from those that name models."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openness_audit.cli.base.target import EVIDENCE, is_path
from openness_audit.errors import UsageError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = (".json", ".jsonld", ".spdx", ".tag", ".xml", ".rdf")  # of bills of materials; no model is named so


def bills_among(words: Sequence[str]) -> tuple[str, ...]:
    """Find the files among what a call names.

    Args:
        words: the models of the command line.

    Returns:
        The files, each once; none where only models are named. Raises UsageError for files beside models, and for the
        name of a file that is not there.
    """
    files = [word for word in words if _is_file(word)]
    for word in words:
        if word not in files and _ends_like_one(word) and "://" not in word and not os.path.isdir(word):  # noqa: PTH112 - never raises
            hint = "name a bill of materials that is there (SPDX or CycloneDX), or a model as org/name"
            raise UsageError(f"there is no file {clean(word)[:200]!r}", hint=hint)
    if files and len(files) < len(words):
        other = next(word for word in words if word not in files)
        hint = "one call audits what a document names, or the models it names itself"
        raise UsageError(f"{clean(files[0])!r} is a file, {clean(other)[:200]!r} is not", hint=hint)
    return tuple(dict.fromkeys(files))


def _ends_like_one(word: str) -> bool:
    return word.lower().endswith(ENDINGS)


def _is_file(word: str) -> bool:
    """Say whether a word means a file: there is one, and it is spelt as a path or ends as such documents do."""
    spelt = _ends_like_one(word) or (is_path(word) and not word.endswith(EVIDENCE))
    return spelt and os.path.isfile(word)  # noqa: PTH113 - never raises
