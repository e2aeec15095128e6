"""Sort links and names by what they are to a data set: its Hub page, its home, its paper, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from openness_audit.collect.card.links import urls_in
from openness_audit.collect.data.vocabulary import Corpus, corpora, data_words, word_spans, words_as_written
from openness_audit.collect.once import once_a_card
from openness_audit.model.card import Block

LinkKind: TypeAlias = Literal["hub", "data", "code", "paper", "pointer", "model", "web", "ignored"]

_HUB_HOSTS: Final = ("huggingface.co", "hf.co", "www.huggingface.co")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
_LEADERBOARD = re.compile(
    r"(?:open-llm-leaderboard[\w-]{0,10}|OALL)/|/details_|autoevaluate/|^(?:open-llm-leaderboard)$"
)
_GLUED = re.compile(r"[-_](?=[^\W_])")
_SIZE = re.compile(r"[-_ ]\d{1,4}(?:\.\d{1,2})?[bB](?![^\W_])")
_DATA_FILES: Final = ("readme.md", ".json", ".jsonl", ".csv", ".parquet", ".txt", ".zip", ".gz")
MAX_NAMES: Final = 200  # known names looked for in one text


class LinkAt(Struct, frozen=True):
    """A link in a block's text: its label's offsets, its address and kind, and the Hub id of a data set."""

    start: int
    end: int
    url: str
    kind: LinkKind
    id: str | None = None


class NameAt(Struct, frozen=True):
    """A known corpus named in a text; `reduced` where the name itself says that it is a part ("alpaca-cleaned")."""

    start: int
    end: int
    corpus: Corpus
    reduced: bool = False


def hub_dataset_id(text: str) -> str | None:
    """Give the data set id of a Hub address, of `datasets/org/name`, or of a plain id; None for anything else."""
    value = text.strip().strip("`\"'<>")
    if "://" in value or value.lower().startswith(("huggingface.co/", "hf.co/")):
        parts = urlsplit(value if "://" in value else f"https://{value}")
        if parts.netloc.lower() not in _HUB_HOSTS or not parts.path.startswith("/datasets/"):
            return None
        steps = [unquote(s) for s in parts.path.split("/")[2:] if s]
        for word in ("tree", "blob", "resolve", "viewer", "raw", "discussions"):
            if word in steps:
                steps = steps[: steps.index(word)]
        value = "/".join(steps[:2])
    elif value.startswith("datasets/"):
        value = value.removeprefix("datasets/")
    value = value.rstrip("/.")
    if not _HUB_ID.fullmatch(value) or _LEADERBOARD.search(value):
        return None
    return value


@lru_cache(maxsize=1024)  # a card's links are sorted for its headings, lists and sentences
def link_kind(url: str) -> tuple[LinkKind, str | None]:
    """Say what a link leads to, and the data set's id where it is a Hub data set."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "ignored", None
    if parts.scheme not in {"http", "https"} or not host:
        return "ignored", None
    place = f"{host}{parts.path}".lower()
    if host in _HUB_HOSTS and parts.path.startswith("/datasets/"):
        found = None if "/blob/" in parts.path and not parts.path.lower().endswith(_DATA_FILES) else hub_dataset_id(url)
        return ("hub", found) if found else ("ignored", None)
    words = data_words()
    if host in {"doi.org", "dx.doi.org"}:
        doi = parts.path.lstrip("/").lower()
        return ("data" if doi.startswith(words.data_dois) else "paper"), None
    steps = host.split(".")
    within = {".".join(steps[at:]) for at in range(len(steps))}  # "data.acme.org" is on "acme.org"
    kinds: tuple[LinkKind, ...] = ("paper", "pointer", "data", "code", "ignored")
    for kind in kinds:
        hosts, pages = words.hosts[kind]
        if not hosts.isdisjoint(within) or place in pages or place.startswith(tuple(f"{page}/" for page in pages)):
            return kind, None
    if host in _HUB_HOSTS:
        return "model", None
    return ("paper" if parts.path.lower().endswith(".pdf") else "web"), None


@once_a_card
def links_of(block: Block) -> tuple[LinkAt, ...]:
    """List a block's links with the offsets of their labels in its text; addresses in plain text too."""
    rows: list[LinkAt] = []
    at = 0
    for link in block.links:
        if link.image:
            continue
        begin = block.text.find(link.text, at) if link.text else -1
        if begin < 0:
            begin = block.text.find(link.text) if link.text else -1
        if begin < 0:
            continue
        kind, found = link_kind(link.url)
        rows.append(LinkAt(begin, begin + len(link.text), link.url, kind, found))
        at = begin + len(link.text)
    for url, start, end in urls_in(block.text[:20_000]):
        if not any(r.start < end and start < r.end for r in rows):
            kind, found = link_kind(url)
            rows.append(LinkAt(start, end, url, kind, found))
    return tuple(sorted(rows, key=lambda r: (r.start, r.end)))


def known_names(text: str) -> list[NameAt]:
    """Find the names of well-known corpora in a text, the longest first; names of models are none."""
    return list(_known_names(text))


@lru_cache(maxsize=256)
def _known_names(text: str) -> tuple[NameAt, ...]:
    known = corpora()
    exact = words_as_written(text)
    lower = tuple([word.lower() for word in exact])  # of a list: in half the time of a generator
    spans: list[tuple[int, int]] = []
    found: list[NameAt] = []
    behind = 0  # a name that is part of another one hides the shorter names inside it
    for at, first in enumerate(lower):
        if first not in known.sizes or at < behind or len(found) == MAX_NAMES:
            continue
        for size in known.sizes[first]:
            corpus = known.by_words.get(lower[at : at + size]) or known.by_exact.get(exact[at : at + size])
            if corpus is None:
                continue
            spans = spans or word_spans(text)
            part = spans[at : at + size]
            if _adjacent(text, part):
                name = _named(text, part[0][0], part[-1][1], corpus)
                found += [name] if name else []
                behind = at + size
                break
    for match in known.wide.finditer(text):
        found.append(NameAt(match.start(), match.end(), known.by_wide[match.group().lower()]))
    return tuple(sorted(found, key=lambda n: n.start))


def _adjacent(text: str, part: list[tuple[int, int]]) -> bool:
    """Say whether words follow each other with no more than a separator between them."""
    return all(len(text[a[1] : b[0]].strip(" -_./'’\n")) == 0 and b[0] - a[1] <= 3 for a, b in pairwise(part))


def _named(text: str, start: int, end: int, corpus: Corpus) -> NameAt | None:
    """Check what stands around a name; None where it is part of another name."""
    words = data_words()
    before, reduced = text[max(0, start - 24) : start], False
    if before[-1:] in {"-", "_", "@", "\\", "."} and before[-2:-1].isalnum():
        return None
    if corpus.ambiguous and words.not_data_before.search(before):
        return None
    if _SIZE.match(text, end) or words.not_data_after.match(text, end):
        return None
    if _GLUED.match(text, end):
        if words.subset_endings.match(text, end + 1):
            reduced = True
        elif not words.name_endings.match(text, end + 1):
            return None
    return NameAt(start, end, corpus, reduced)
