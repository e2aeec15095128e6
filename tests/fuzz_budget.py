"""How many examples the laws try: few and always the same, or `OPENNESS_AUDIT_FUZZ=20` times as many, new each run."""

from __future__ import annotations

import os

SEARCHING = int(os.environ.get("OPENNESS_AUDIT_FUZZ", "0"))


def examples(few: int) -> int:
    """Give how many examples a law tries, from how many are enough in every run."""
    return few * max(1, SEARCHING)
