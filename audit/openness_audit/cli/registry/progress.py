"""Show how far a run of many models is: one line that changes on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from openness_audit.cli.base import output
from openness_audit.cli.base.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from openness_audit.scan.run import Progress

LOG_S = 10.0  # between two lines of a log, at first
LONGER = 0.1  # of the time since the beginning; so a night of ten hours has some 90 lines
LOG_MOST_S = 600.0
LINE_S = 0.2  # between two changes of a terminal's line
_WAIT = re.compile(r"waiting (\d+) s")
_SHOWN = 3  # causes of failures


@contextlib.contextmanager
def registry_progress(environ: Mapping[str, str], *, wanted: bool) -> Iterator[Callable[[Progress], None]]:
    """Give a function that shows progress while the block runs.

    Args:
        environ: says what the terminal can do.
        wanted: False: nothing is shown.

    Yields:
        The function; off a terminal it writes a line every ten seconds, and the longer it lasts the more seldom.
    """
    began = last = time.monotonic()
    terminal = sys.stderr.isatty() and environ.get("TERM") != "dumb"
    with progress("scanning", environ, wanted=wanted) as show:

        def told(how_far: Progress) -> None:
            nonlocal last
            now = time.monotonic()
            pause = LINE_S if terminal else min(max(LOG_S, (now - began) * LONGER), LOG_MOST_S)
            if not wanted or now - last < pause:
                return
            last = now
            said = words(how_far, datetime.now().astimezone())
            if terminal:
                show(said)
            else:
                output.tell(said)

        yield told


def words(how_far: Progress, now: datetime) -> str:
    """Word how far a run is.

    Args:
        how_far: the numbers.
        now: the time of the clock on the wall.

    Returns:
        One line.
    """
    of = f" of {how_far.targets:,}" if how_far.targets is not None else ""
    rate = how_far.now / how_far.seconds if how_far.seconds > 0 else 0.0
    parts = [f"{how_far.done:,}{of} models"]
    if rate > 0:
        parts.append(f"{rate:,.1f}/s")
    left = (how_far.targets or 0) - how_far.done
    if rate > 0 and left > 0:
        parts.append(f"about {_span(left / rate)} left")
    if how_far.failures:
        causes = [f"{count:,} {cause}" for cause, count in how_far.failures.most_common(_SHOWN)]
        more = len(how_far.failures) - _SHOWN
        parts.append(f"not audited: {', '.join(causes)}{f', and {more} other causes' if more > 0 else ''}")
    if how_far.waiting:
        asked = _WAIT.search(how_far.waiting)
        until = now + timedelta(seconds=int(asked[1])) if asked else None
        parts.append(f"waiting for quota until {until:%H:%M:%S}" if until else how_far.waiting)
    return "; ".join(parts)


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
