"""The reader of tag-value files works out its grammar when it first runs: once, and before any test."""

from __future__ import annotations

import gc
import tempfile
import warnings
from pathlib import Path

import pytest
from filelock import FileLock
from spdx_tools.spdx.parser.tagvalue.parser import Parser


@pytest.fixture(scope="session", autouse=True)
def _grammar() -> None:
    """Have spdx-tools write its tables beside itself, one process at a time; it leaves the report on them open."""
    with FileLock(Path(tempfile.gettempdir()) / "openness-audit-tests-grammar.lock"), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        Parser()  # type: ignore[no-untyped-call]  # no annotations
        gc.collect()
