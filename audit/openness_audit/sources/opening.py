"""Open the sources of a run: the Hub and GitHub behind one cache, with a directory before them where one is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.settings import Settings, Target
    from openness_audit.sources.api import Sources
    from openness_audit.sources.recording import Recorder


def open_sources(
    settings: Settings | SourceSettings,
    *,
    target: Target | None = None,
    on_wait: Callable[[str], None] | None = None,
    on_network: Callable[[], None] | None = None,
    recorder: Recorder | None = None,
) -> Sources:
    """The Hub, GitHub and (on request) other hosts behind one cache; `close()` it when done.

    A `target` that is a directory becomes the subject. `on_wait` is told in one sentence, from any thread, what is
    being waited for and how long, and once at the start if the cache cannot be used. `on_network` is called
    when the Hub is about to be asked something that the cache does not answer. `recorder` is told everything
    that is asked and answered. The time limit of `settings` runs from now.
    """
    from openness_audit.sources.live import LiveSources  # noqa: PLC0415 - loads the network stack

    plain = settings if isinstance(settings, SourceSettings) else SourceSettings.of(settings)
    live = LiveSources(plain, on_wait=on_wait, on_network=on_network, recorder=recorder)
    if target is None or target.kind != "directory":
        return live
    from openness_audit.sources.folder import DiskFolder  # noqa: PLC0415 - rarely needed
    from openness_audit.sources.local import LocalSources  # noqa: PLC0415 - rarely needed

    if recorder is None:
        return LocalSources(Path(target.id), live)
    return LocalSources(recorder.folder(DiskFolder(Path(target.id))), live)
