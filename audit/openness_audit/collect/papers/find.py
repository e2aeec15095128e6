"""Find every paper, report and blog post a card or the Hub's tags point to, with the words around it."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, Literal

from msgspec import Struct

from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.lineage.refs import position
from openness_audit.collect.papers.places import (
    ARXIV_TEXT,
    Kind,
    is_blog,
    is_noise,
    kind_of_link,
    paper_id,
    place_of_entry,
    report_or_paper,
)
from openness_audit.collect.papers.words import paper_words
from openness_audit.collect.places import info_place
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card, Link
from openness_audit.model.evidence import Place

MAX_FOUND: Final = 300
MAX_ENTRIES: Final = 40  # of one BibTeX block
_ENTRY = re.compile(r"@[A-Za-z]{3,20}\s{0,3}[{(]")
_TITLE = re.compile(r"\btitle\s{0,6}=\s{0,6}(?P<open>[{\"])", re.IGNORECASE)
_STOP = re.compile(r"[.!?]\s|[。！？\n]")


class Candidate(Struct, frozen=True, kw_only=True):
    """One pointer: `before` and `after` are the words around it in its sentence, `label` the link's own.

    `block` says which BibTeX block it stands in, so that a card's only citation is told from one of many.
    """

    id: str
    kind: Kind
    source: Literal["bibtex", "link", "text", "tag"]
    place: Place
    path: tuple[str, ...] = ()
    title: str | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    citation: bool = False
    role: str = "card"
    block: int = -1
    repo: str = ""


def candidates(cards: tuple[Card, ...], info: RepoInfo) -> tuple[Candidate, ...]:
    """List every pointer in the cards, in order, then the Hub's `arxiv:` and `doi:` tags that no card spells out."""
    found: list[Candidate] = []
    for card in cards:
        for index, block in enumerate(card.blocks):
            if len(found) >= MAX_FOUND:
                break
            found += _entries(card, block, index) if _ENTRY.search(block.text) else _links(card, block)
    seen = {c.id for c in found}
    for tag in info.tags:
        head, _, rest = tag.partition(":")
        named = f"{head}:{rest.lower()}"
        wanted = head in {"arxiv", "doi"} and rest and named not in seen
        if wanted and not is_noise(rest) and not rest.startswith(paper_words().file.doi_skip):
            found.append(Candidate(id=named, kind="paper", source="tag", place=info_place(info, tag)))
    return tuple(found)


def _links(card: Card, block: Block) -> list[Candidate]:
    """Read the links of a block, and the arXiv numbers written out in it."""
    if block.kind == "code":
        return []
    found: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    cursor = 0
    for link in block.links[:MAX_FOUND]:
        if link.image:
            continue
        at = position(block, link, cursor)
        start, end = (at, at + len(link.text)) if at >= 0 else (0, 0)
        cursor = max(cursor, end)
        before, after = _sentence(block.text, start, end)
        named = paper_id(link.url)
        url = link.url.split("#")[0]
        kind = report_or_paper(link.text, before) if named else kind_of_link(url, link.text, before)
        if kind is not None:
            place = _place(card, block, start, end, link)
            found.append(_candidate(card, block, named or url, kind, place, link.text, (before, after)))
            taken.append((start, end))
    for match in islice(ARXIV_TEXT.finditer(block.text), MAX_FOUND):
        named = f"arxiv:{match['id']}"
        inside = any(s <= match.start() < e for s, e in taken)
        if not inside and not is_noise(match["id"]) and all(c.id != named for c in found):
            around = _sentence(block.text, match.start(), match.end())
            place = _place(card, block, match.start(), match.end(), None)
            found.append(_candidate(card, block, named, "paper", place, match.group(), around, linked=False))
    return found


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """Give the words of the sentence before and behind a place in a text."""
    begin = max((m.end() for m in _STOP.finditer(text, max(0, start - 400), start)), default=max(0, start - 400))
    stop = _STOP.search(text, end)
    return text[begin:start], text[end : min(stop.start() if stop else len(text), end + 200)]


def _place(card: Card, block: Block, start: int, end: int, link: Link | None) -> Place:
    if link is not None and end == 0:
        return card.document.at(link.line, link.text, text_kind="link")
    begin = max(block.text.rfind("\n", 0, start) + 1, start - 80)
    return cite_at(card, block, begin, max(end, begin + 1))


def _candidate(  # noqa: PLR0917 - one place that builds them
    card: Card,
    block: Block,
    named: str,
    kind: Kind,
    place: Place,
    label: str,
    around: tuple[str, str],
    *,
    linked: bool = True,
) -> Candidate:
    return Candidate(
        id=named,
        kind=kind,
        source="link" if linked else "text",
        place=place,
        path=card.path_of(block),
        title=label if len(label.split()) >= 4 else None,
        label=label,
        before=around[0],
        after=around[1],
        citation=block.citation,
        role=card.role,
        repo=card.document.repo,
    )


def _entries(card: Card, block: Block, index: int) -> list[Candidate]:
    """Read the entries of a BibTeX block that say where the paper is; `before` is the text that introduces it."""
    found = []
    intro = card.blocks[index - 1].text[-200:] if index and card.blocks[index - 1].section == block.section else ""
    starts = [m.start() for m in _ENTRY.finditer(block.text)][:MAX_ENTRIES]
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        entry = block.text[start:end][:6_000]
        named = place_of_entry(entry)
        if named is None:
            continue
        found.append(
            Candidate(
                id=named,
                kind="blog" if named.startswith("http") and is_blog(named) else "paper",
                source="bibtex",
                place=cite_at(card, block, start, start + min(len(entry), 200)),
                path=card.path_of(block),
                title=_title(entry),
                label=entry[:60],
                before=intro,
                citation=True,
                role=card.role,
                block=index,
                repo=card.document.repo,
            )
        )
    return found


def _title(entry: str) -> str | None:
    """Read the title of a BibTeX entry, in braces or quotes, without markup."""
    match = _TITLE.search(entry)
    if not match:
        return None
    depth, out = 1, []
    for char in entry[match.end() : match.end() + 500]:
        if match["open"] == '"' and char == '"':
            break
        depth += {"{": 1, "}": -1}.get(char, 0)
        if match["open"] == "{" and depth == 0:
            break
        if char not in "{}":
            out.append(char)
    return " ".join("".join(out).split()) or None
