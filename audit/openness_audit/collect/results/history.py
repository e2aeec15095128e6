"""Find training histories: metrics by epoch or step, tracker runs, training curves and logs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.results.layout import Grid, is_number
from openness_audit.collect.results.names import Names
from openness_audit.collect.results.owner import Owner, once, owners
from openness_audit.collect.results.tables import compares
from openness_audit.collect.results.text import code_grids
from openness_audit.collect.results.vocabulary import plain, tracker_pages_not, tracker_vendors, trackers
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card, Link
from openness_audit.model.evidence import Place, TextKind, Whose
from openness_audit.model.facts import Mention
from openness_audit.model.facts_files import FileFacts

MIN_ROWS: Final = 2  # one row is a final result, not a history


def history_mentions(
    cards: tuple[Card, ...], info: RepoInfo, identity: Identity, files: FileFacts | None
) -> tuple[Mention, ...]:
    """Give the topic `training-history`.

    Args:
        cards: the subject's card and own repositories' READMEs.
        info: the Hub's record (not needed beyond the card).
        identity: the subject's names; a derived model's history is only what a shared README says of it by name.
        files: the listing; `trainer_state.json`, event files and logs in it are counted by the `file` check.

    Returns:
        Mentions with the attribute `table`, `tracker` or `image`.
    """
    del info, files
    found: list[Mention] = []
    for owner in owners(cards, identity):
        for block in owner.card.blocks:
            if not block.citation:
                found += _of_block(owner.card, block, owner)
    return once(found, lambda m: (m.object, m.whose, m.place.line))


def _of_block(card: Card, block: Block, owner: Owner) -> Iterator[Mention]:
    names = owner.names
    grids: tuple[Grid, ...] = (Grid(block.rows, block.row_lines),) if block.rows else ()
    if block.kind == "code":
        grids = code_grids(block)
    for grid in grids:
        line = history_line(grid, names)
        if line is not None:
            place = card.document.at(line, " | ".join(grid.rows[0]), text_kind="table")
            yield _mention("results by epoch or step", owner.section(block), place, "table")
    for link in block.links:
        tracked = tracker_of(link.url)
        kind: TextKind = "image" if link.image else "link"
        if tracked and not link.image:
            whose = _whose(block, f"{_line_of(block, link)} {link.text}", _slug(link.url), owner)
            yield _mention(tracked, whose, card.document.at(link.line, link.url, text_kind=kind), "tracker")
        elif link.image and is_curve(link, card.path_of(block), names):
            whose = _whose(block, link.text, link.url.rpartition("/")[2], owner)
            place = card.document.at(link.line, f"{link.text} {link.url}".strip(), text_kind="image")
            yield _mention("training curve", whose, place, "image")


def _whose(block: Block, text: str, slug: str, owner: Owner) -> Whose:
    """Say whose a link or image is, by the words around it; its address counts only where it names a sibling.

    The run of a derived model commonly bears the base's name. In a family's README all runs are a base model's own, as
    one report shows every size; a derived model must be named.
    """
    if owner.names.about(slug, parents=False) == "other":
        return "other"
    if "self" in (owner.names.about(text), owner.names.about(slug)):
        return owner.heading(block)
    if owner.shared and owner.identity.derivation == "base":
        return "other" if owner.names.about(text) == "other" else owner.heading(block)
    return owner.said(block, text)


def _mention(name: str, whose: Whose, place: Place, attr: str) -> Mention:
    return Mention(
        topic="training-history", object=name, whose=whose, place=place, strength="declared", attrs=frozenset({attr})
    )


def _line_of(block: Block, link: Link) -> str:
    """Give the line of text that holds a link."""
    lines = block.text.split("\n")
    return lines[min(max(0, link.line - block.line), len(lines) - 1)][:600]


def _slug(url: str) -> str:
    """Give the readable parts of a tracker's path: project and title."""
    return " ".join(unquote(urlsplit(url).path).split("/")[2:5]) if "://" in url else ""


def history_line(grid: Grid, names: Names) -> int | None:
    """Give the header's line of a table with metrics by epoch or step, with at least two different rows; else None."""
    header = [plain(c) for c in grid.rows[0]]
    words = names.words
    steps = [i for i, h in enumerate(header) if h in words.sets["history_steps"]]
    measures = [
        i
        for i, h in enumerate(grid.rows[0])
        if header[i] in words.sets["history_measures"] or words.loss(h) or words.metric(h) or words.benchmark(h)
    ]
    if not steps or not measures or compares(grid, words):
        return None
    counted = set()
    for row in grid.rows[1:]:
        key = tuple(row[i].strip() for i in steps if i < len(row))
        measured = any(i < len(row) and is_number(row[i]) for i in measures)
        if measured and any(k[:1].isdigit() for k in key):
            counted.add(key)
    return grid.lines[0] if len(counted) >= MIN_ROWS else None


@lru_cache(maxsize=1024)
def tracker_of(url: str) -> str | None:
    """Name the tracker whose run, report or project page a URL is; None for its home page, documentation and assets."""
    known, nobody = trackers()
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if not any(host in tracker.hosts for tracker in known):
        return None
    path = [p for p in unquote(parts.path).split("/") if p]
    no_pages, endings = tracker_pages_not()
    for tracker in known:
        if host not in tracker.hosts or not path:
            continue
        if tracker.last:
            page = path[0].lower() not in nobody and any(p in tracker.paths for p in path[2:])
            return tracker.id if page else None
        pages = {p.lower() for p in path}
        words = {w for p in path[1:2] for w in plain(p).split()}
        if path[0].lower() in nobody or (pages | words) & no_pages or path[-1].lower().endswith(endings):
            return None
        if path[0].lower() in tracker_vendors() and not pages & {"runs", "r"}:
            return None
        if pages & set(tracker.paths) or (tracker.projects and len(path) >= 2):
            return tracker.id
    return None


def is_curve(link: Link, path: tuple[str, ...], names: Names) -> bool:
    """Tell whether an image is a training curve by its alternative text, its file name or the heading above it."""
    words = names.words
    file = unquote(urlsplit(link.url).path if "://" in link.url else link.url).rpartition("/")[2].rpartition(".")[0]
    label = f"{link.text} {file}"
    if words.texts["not_curves"].search(label):
        return False
    if words.texts["curves"].search(label) or plain(file).replace(" ", "_") in words.sets["history_curve_files"]:
        return True
    if plain(link.text) in words.losses or plain(file) in words.losses:
        return True
    return bool(path) and bool(words.texts["curve_sections"].search(path[-1]))
