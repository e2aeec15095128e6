"""Let `python -m openness_audit.cli.action` do the step."""

from __future__ import annotations

import os
import sys

from openness_audit.cli.action.step import step

if __name__ == "__main__":
    sys.exit(step(os.environ))
