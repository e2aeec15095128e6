"""What every test runs with: generated examples are the same in every run, unless asked to search anew."""

from __future__ import annotations

from hypothesis import settings

from fuzz_budget import SEARCHING

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("searching", derandomize=False, deadline=None)
settings.load_profile("searching" if SEARCHING else "steady")
