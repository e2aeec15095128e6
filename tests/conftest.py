"""What every test runs with: examples are the same in every run unless asked to search anew, and signals are taken."""

from __future__ import annotations

import signal

from hypothesis import settings

from fuzz_budget import SEARCHING

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("searching", derandomize=False, deadline=None)
settings.load_profile("searching" if SEARCHING else "steady")

# a background job, or one under nohup, hands its processes on with these ignored; tests that interrupt need them
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
