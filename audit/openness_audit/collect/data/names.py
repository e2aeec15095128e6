"""Find the data sets a text names: by link, id, well-known name, or a name of their own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.data.context import Heading, Sentence, VerbAt
from openness_audit.collect.data.found import Ground, How, of_hub, plain
from openness_audit.collect.data.links import LinkAt, NameAt, hub_dataset_id, known_names, links_of
from openness_audit.collect.data.metadata import placeholder
from openness_audit.collect.data.vocabulary import Corpus, corpora, data_words
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose

_QUOTED_ID = re.compile(
    r"[`\"“](?P<id>[A-Za-z0-9][\w.-]{1,60}/[A-Za-z0-9][\w.-]{1,90})[`\"”]"
    r"|(?<![\w/.:@-])(?P<bare>[A-Za-z0-9][\w.-]{1,40}/[A-Za-z0-9][\w.-]{1,90})(?=\s(?:data\s?set|corpus)\b)"
)
_MARKED = re.compile(r"[A-Z0-9_.-]")
_VALUE = re.compile(r"[^,;&\n]{1,60}")
ASIDE: Final = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
GONE: Final = ("closed", "withdrawn")  # availabilities of corpora nobody can fetch
MAX_FOUND: Final = 60  # in one sentence


class Named(Struct, frozen=True, kw_only=True):
    """A data set named in a text, with its offsets there."""

    start: int
    end: int
    name: str
    how: How
    id: str | None = None
    url: str | None = None
    corpus: Corpus | None = None
    reduced: bool = False
    pointer: bool = False


class Source(Struct, frozen=True):
    """The block a sentence stands in, and what the headings and the words that introduce a list say about it."""

    card: Card
    block: Block
    heading: Heading
    path: tuple[str, ...]
    verb: VerbAt | None = None  # of the sentence that introduces the list or table
    owner: Whose | None = None  # whose that sentence is
    labelled: bool = False

    @property
    def links(self) -> tuple[LinkAt, ...]:
        """Give the block's links."""
        return links_of(self.block)


class Said(Struct, frozen=True):
    """A sentence, the block it stands in, and who the subject is."""

    sentence: Sentence
    source: Source
    ground: Ground

    @property
    def text(self) -> str:
        """Give the sentence's text."""
        return self.sentence.text


class _Rows:
    """The names found so far; none may stand inside another."""

    def __init__(self) -> None:
        self.rows: list[Named] = []

    def add(self, *named: Named) -> None:
        """Keep the names that stand where none stands yet."""
        self.rows += [n for n in named if not any(r.start < n.end and n.start < r.end for r in self.rows)]


@lru_cache(maxsize=8)
def _plain(names: frozenset[str]) -> frozenset[str]:
    return frozenset(plain(name) for name in names)


def named_in(text: str, offset: int, source: Source, ground: Ground) -> list[Named]:
    """List the data sets a stretch of a block's text names, in order, none inside another.

    Args:
        text: the stretch; `offset` is where it begins in the block's text.
        offset: see above.
        source: gives the links.
        ground: gives the names of models, which are no data sets.
    """
    found = _Rows()
    names = known_names(text)
    listed = _plain(ground.listed)
    for link in source.links:
        start, end = link.start - offset, link.end - offset
        if start < 0 or end > len(text):
            continue
        inside = [n for n in names if n.start < end and start < n.end]
        one = _linked(text, start, link, inside[0].corpus if inside else None, source, listed)
        found.add(*([one] if one else []))
        if link.kind == "model":
            names = [n for n in names if n not in inside]
    found.add(*(_listed(text, name) for name in names))
    for match in _QUOTED_ID.finditer(text) if "/" in text else ():
        found.add(*_identified(match, text, ground))
    if source.labelled and source.heading.role == "data":
        found.add(*_values(text, offset))
    for match in data_words().set_phrase.finditer(text):
        found.add(*_unlisted(match["name"], match.start("name"), ground))
    rows = sorted(found.rows, key=lambda r: r.start)[:MAX_FOUND]
    return sorted([*rows, *_joined_links(text, rows, offset, source.links)], key=lambda r: r.start)


def _listed(text: str, name: NameAt) -> Named:
    """Name a well-known corpus; one that was never released, or is gone, is only a name."""
    corpus = name.corpus
    how: How = "named" if corpus.availability in GONE else "well-known"
    return Named(
        start=name.start,
        end=name.end,
        name=text[name.start : name.end],
        how=how,
        url=corpus.url if how == "well-known" else None,
        corpus=corpus,
        reduced=name.reduced,
    )


def _values(text: str, offset: int) -> list[Named]:
    """Read the values of a labelled field ("dataset: opus"): there a known name counts however it is written."""
    colon = text.find(":") + 1 if offset == 0 else 0
    rows: list[Named] = []
    for match in _VALUE.finditer(text, colon):
        name = match.group().strip()
        known = corpora().by_hub.get(name.lower())
        if known is not None and name:
            start = match.start() + match.group().find(name)
            rows.append(
                Named(start=start, end=start + len(name), name=name, how="well-known", url=known.url, corpus=known)
            )
    return rows


def _linked(  # noqa: PLR0917 - a link, and all that tells what it names
    text: str, start: int, link: LinkAt, corpus: Corpus | None, source: Source, listed: frozenset[str]
) -> Named | None:
    """Say what data set a link names, given the corpus its label names and the metadata's; None where it names none."""
    end = start + link.end - link.start
    label = " ".join(text[start:end].split())
    if link.kind == "hub" and link.id:
        return Named(start=start, end=end, name=link.id, how="link", id=link.id, url=link.url, corpus=of_hub(link.id))
    words = data_words()
    odd = "://" in label or (corpus is None and words.not_data_labels.search(label) is not None)
    named = words.strong.search(label) is not None or words.collective.match(text, end) is not None
    about = (not odd and named) or plain(label) in listed  # listed: the metadata has it by the words of this link
    if label.lower() in words.site_labels:
        return None
    if link.kind == "data" or (link.kind in {"code", "web"} and (corpus or about)):
        if corpus is not None and corpus.availability in {*GONE, "derived"}:
            how: How = "well-known" if corpus.availability == "derived" else "named"
            return Named(start=start, end=end, name=label, how=how, corpus=corpus)
        return Named(start=start, end=end, name=label, how="link", url=link.url, corpus=corpus)
    if link.kind == "paper" and corpus is None and about:
        return Named(start=start, end=end, name=label, how="named", url=link.url)
    if link.kind == "pointer" and source.heading.role == "data":
        return Named(start=start, end=end, name=label, how="named", url=link.url, pointer=True)
    return None


def _identified(match: re.Match[str], text: str, ground: Ground) -> list[Named]:
    """Read `org/name` in quotes or before "dataset"."""
    found = hub_dataset_id(match["id"] or match["bare"])
    if (
        found is None
        or not _MARKED.search(found)
        or found.lower() in {ground.identity.id.lower(), *(p.lower() for p in ground.identity.parent_ids)}
    ):
        return []
    corpus = of_hub(found)
    if corpus is None and match["id"] and not data_words().collective.match(text, match.end()):
        return []
    return [Named(start=match.start(), end=match.end(), name=found, how="link", id=found, corpus=corpus)]


def _unlisted(raw: str, start: int, ground: Ground) -> list[Named]:
    """Read the X of "the X dataset": a well-known id in small letters, a name, or a placeholder."""
    name = raw.strip(" *_`\"'")
    end = start + len(raw)
    known = corpora().by_hub.get(name.lower())
    if known is not None:
        return [
            Named(
                start=start,
                end=end,
                name=name,
                how="well-known",
                id=name if hub_dataset_id(name) else None,
                url=known.url,
                corpus=known,
            )
        ]
    if placeholder(name):
        return [Named(start=start, end=end, name=name, how="undisclosed")]
    last = name.split()[-4:]
    kept = [w for w in last if w.lower().strip("'’s") not in data_words().not_names]
    proper = [w for w in kept if any(c.isupper() or c.isdigit() or c == "_" for c in w) and not w.isdigit()]
    if not proper or names_in(name, ground.identity):
        return []
    return [Named(start=start, end=end, name=" ".join(kept[kept.index(proper[0]) :]), how="named")]


def _joined_links(text: str, named: list[Named], offset: int, links: tuple[LinkAt, ...]) -> list[Named]:
    """Take a link to some site for a data set where "and" joins it to one."""
    rows: list[Named] = []
    for link in links:
        start, end = link.start - offset, link.end - offset
        taken = any(n.start < end and start < n.end for n in named)
        if start < 0 or end > len(text) or taken or link.kind not in {"web", "code", "data"}:
            continue
        label = " ".join(text[start:end].split())
        ahead = [ASIDE.sub("", text[n.end : start]) for n in (*named, *rows) if n.end <= start]
        behind = [ASIDE.sub("", text[end : n.start]) for n in named if n.start >= end]
        joined = any(data_words().coordinated.fullmatch(between) for between in (*ahead[-1:], *behind[:1]))
        if joined and "://" not in label and not data_words().not_data_labels.search(label):
            rows.append(Named(start=start, end=end, name=label, how="link", url=link.url))
    return rows
