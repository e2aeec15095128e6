"""Put what a command measured between the markers of a documentation page."""

from __future__ import annotations

from pathlib import Path


def write_between(page: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between two markers, by way of a temporary file; the page keeps all else.

    Raises:
        SystemExit: the page has no such markers.
    """
    before, found, rest = page.read_text("utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{page} has no {begin} ... {end}")
    draft = page.with_name(f"{page.name}.new")
    draft.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", "utf-8")
    draft.replace(page)
