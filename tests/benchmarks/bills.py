"""Time each bill of materials beyond its audit: of a made-up model of 5,000 files, and of one with 200 data sets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from bom_kit import DATA, FILES, MANY_DATA, MANY_FILES
from openness_audit.render import BILLS, renderer

_IMPORTS = "import time; t = time.process_time(); import openness_audit.render.{0}; {1}; print(time.process_time() - t)"
_BINDING = "from spdx_python_model.bindings import v3_0_1"


def bills(best: Callable[[Callable[[], object], int], float], repeat: int) -> list[tuple[str, str, str]]:
    """Give a row for each format; what is imported for SPDX 3 alone is a row of its own."""
    rows = []
    for name in BILLS:
        tell = renderer(name)
        files, data = (best(lambda tell=tell, audit=audit: tell(audit), repeat) for audit in (FILES, DATA))  # type: ignore[misc]  # mypy cannot infer the defaults
        what = f"`-f {name}` of {MANY_FILES} files (of {MANY_DATA} data sets {data:.2f} s)"
        rows.append((what, "< 0.5 s", f"{files:.2f} s"))
    script = _IMPORTS.format("spdx.v3", _BINDING)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    rows.append(("imports of `-f spdx3`, which no other format makes", "-", f"{float(done.stdout):.2f} s"))
    return rows
