"""`python -m openness_audit` does what `modelaudit` does."""

from __future__ import annotations

from openness_audit.cli import main

if __name__ == "__main__":
    main()
