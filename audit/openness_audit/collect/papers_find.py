"""Find every paper, report and blog post a card or the Hub's tags point to, with the words around it."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from openness_audit.collect.lineage_metadata import info_place
from openness_audit.collect.lineage_refs import position
from openness_audit.collect.markdown import cite_at
from openness_audit.collect.papers_words import paper_words
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card, Link
from openness_audit.model.evidence import Place

MAX_FOUND: Final = 300
_ARXIV_URL = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|format)|ar5iv\.org/(?:abs|html)|huggingface\.co/papers|alphaxiv\.org/abs)/(?:arxiv:)?(?P<id>\d{4}\.\d{4,5}|[a-z-]{2,12}/\d{7})",
    re.IGNORECASE,
)
_ARXIV_TEXT = re.compile(
    r"(?:arxiv[:\s/.]{1,3}(?:preprint\s{0,2}arxiv:\s?)?|eprint\s{0,5}=\s{0,5}[{\"]\s?)(?P<id>\d{4}\.\d{4,5})",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:doi\.org/|doi\s{0,4}[=:]\s{0,4}[{\"]?\s?)(?P<id>10\.\d{4,9}/[^\s\"<>{},;]{2,120})", re.IGNORECASE
)
_ENTRY = re.compile(r"@[A-Za-z]{3,20}\s{0,3}[{(]")
_TITLE = re.compile(r"\btitle\s{0,6}=\s{0,6}(?P<open>[{\"])", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"<>{}|\\^`\])]{4,300}")
_STOP = re.compile(r"[.!?]\s|[。！？\n]")

Source = Literal["bibtex", "link", "text", "tag"]


class Candidate(Struct, frozen=True):
    """One pointer: `before` and `after` are the words around it in its sentence, `label` the link's own."""

    id: str
    kind: Literal["paper", "report", "blog"]
    source: Source
    place: Place
    path: tuple[str, ...] = ()
    title: str | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    citation: bool = False
    role: str = "card"
    block: int = -1  # which BibTeX block, so that a card's only citation is told from one of many
    repo: str = ""


def candidates(cards: tuple[Card, ...], info: RepoInfo) -> tuple[Candidate, ...]:
    """List every pointer in the cards, in order, then the Hub's `arxiv:` and `doi:` tags that no card spells out."""
    found: list[Candidate] = []
    for card in cards:
        for index, block in enumerate(card.blocks):
            if len(found) < MAX_FOUND:
                found += _of_block(card, block, index)
    seen = {c.id for c in found}
    for tag in info.tags:
        head, _, rest = tag.partition(":")
        paper_id = f"{head}:{rest.lower()}"
        if head in {"arxiv", "doi"} and rest and paper_id not in seen and not _is_noise(paper_id, ""):
            if not rest.startswith(paper_words().file.doi_skip):
                found.append(Candidate(paper_id, "paper", "tag", info_place(info, tag)))
    return tuple(found)


def _of_block(card: Card, block: Block, index: int) -> list[Candidate]:
    if _ENTRY.search(block.text):
        return _bibtex(card, block, index)
    if block.kind == "code":
        return []
    found: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    cursor = 0
    for link in block.links:
        if link.image:
            continue
        at = position(block, link, cursor)
        start, end = (at, at + len(link.text)) if at >= 0 else (0, 0)
        cursor = max(cursor, end)
        candidate = _of_link(card, block, link, start, end)
        if candidate is not None:
            found.append(candidate)
            taken.append((start, end))
    for match in _ARXIV_TEXT.finditer(block.text):
        if not any(s <= match.start() < e for s, e in taken):
            paper_id = f"arxiv:{match['id']}"
            if not _is_noise(paper_id, "") and all(c.id != paper_id for c in found):
                found.append(_around(card, block, match.start(), match.end(), paper_id, "paper", "text"))
    return found


def _of_link(card: Card, block: Block, link: Link, start: int, end: int) -> Candidate | None:
    """Say whether a link leads to a paper, a report or a blog post."""
    arxiv, doi = _ARXIV_URL.search(link.url), _DOI.search(link.url)
    before, _ = _sentence(block.text, start, end)
    if arxiv:
        if _is_noise(arxiv["id"], ""):
            return None
        return _around(
            card, block, start, end, f"arxiv:{arxiv['id'].lower()}", _report(link.text, before), "link", link
        )
    words = paper_words()
    if doi and not doi["id"].startswith(words.file.doi_skip) and not _is_noise("", link.url):
        return _around(card, block, start, end, f"doi:{doi['id'].lower().rstrip('.)')}", "paper", "link", link)
    host = (urlsplit(link.url).hostname or "").lower() if "://" in link.url else ""
    if not host or _is_noise("", link.url):
        return None
    url = link.url.split("#")[0]
    named = f"{before[-40:]} {link.text}"
    labelled = _labels_paper(link.text, before) and host not in words.file.not_papers
    if host in words.file.hosts or (labelled and not _blog_url(host, url, called_paper=True)):
        return _around(card, block, start, end, url, _report(link.text, before), "link", link)
    if words.patterns["blog"].search(named) or _blog_url(host, url):
        return _around(card, block, start, end, url, "blog", "link", link) if _is_page(host, url) else None
    pdf = url.lower().endswith(".pdf")
    if host in words.file.not_papers and not (pdf and _labels_paper(link.text, before)):
        return None
    if pdf and (
        _labels_paper(link.text, before)
        or words.patterns["report"].search(f"{named} {url.replace('-', ' ').replace('_', ' ')}")
    ):
        return _around(card, block, start, end, url, _report(link.text, before), "link", link)
    return None


def _labels_paper(label: str, before: str) -> bool:
    """Say whether a link is called a paper, by its own words or by the word before a colon."""
    paper, blog = paper_words().patterns["paper"], paper_words().patterns["blog"]
    return bool(paper.search(label) or paper.search(before[-15:])) and not blog.search(f"{before[-25:]} {label}")


def _blog_url(host: str, url: str, *, called_paper: bool = False) -> bool:
    words = paper_words().file
    if host == "huggingface.co":
        return "/blog/" in url
    hosts = words.blog_platforms if called_paper else (*words.blog_platforms, *words.blog_hosts)
    return host.startswith("blog.") or "/blog" in url or any(host == h or host.endswith(f".{h}") for h in hosts)


def _is_page(host: str, url: str) -> bool:
    """Leave out the front page of a site, and hosts that hold no posts."""
    path = urlsplit(url).path.strip("/")
    return bool(path) and (host == "huggingface.co" and "/blog/" in url or host not in paper_words().file.not_papers)


def _report(label: str, before: str) -> Literal["paper", "report"]:
    return "report" if paper_words().patterns["report"].search(f"{before[-25:]} {label}") else "paper"


def _is_noise(paper_id: str, url: str) -> bool:
    noise = paper_words().file.noise
    return paper_id.removeprefix("arxiv:") in noise.arxiv or any(part in url for part in noise.urls)


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """Give the words of the sentence before and behind a place in a text."""
    begin = max((m.end() for m in _STOP.finditer(text, max(0, start - 400), start)), default=max(0, start - 400))
    stop = _STOP.search(text, end)
    return text[begin:start], text[end : min(stop.start() if stop else len(text), end + 200)]


def _around(
    card: Card,
    block: Block,
    start: int,
    end: int,
    paper_id: str,
    kind: Literal["paper", "report", "blog"],
    source: Source,
    link: Link | None = None,
) -> Candidate:
    before, after = _sentence(block.text, start, end)
    label = link.text if link else block.text[start:end]
    begin = start - min(len(before), 80)
    place = cite_at(card, block, begin, max(end, begin + 1)) if end else card.cite(block, label or None)
    if link is not None and end == 0:
        place = card.document.at(link.line, label, text_kind="link")
    title = label if len(label.split()) >= 4 else None
    return Candidate(
        paper_id,
        kind,
        source,
        place,
        card.path_of(block),
        title,
        label,
        before,
        after,
        block.citation,
        card.role,
        -1,
        card.document.repo,
    )


def _bibtex(card: Card, block: Block, index: int) -> list[Candidate]:
    """Read the entries of a BibTeX block that say where the paper is; `before` is the text that introduces it."""
    found = []
    intro = card.blocks[index - 1].text[-200:] if index and card.blocks[index - 1].section == block.section else ""
    starts = [m.start() for m in _ENTRY.finditer(block.text)][:40]
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        entry = block.text[start:end][:6_000]
        paper_id = _locator(entry)
        if paper_id is None or _is_noise(paper_id, entry if not paper_id.startswith("arxiv:") else ""):
            continue
        title = _title(entry)
        place = cite_at(card, block, start, start + min(len(entry), 200))
        kind: Literal["paper", "report", "blog"] = "paper"
        if paper_id.startswith("http"):
            kind = "blog" if _blog_url((urlsplit(paper_id).hostname or "").lower(), paper_id) else "paper"
        found.append(
            Candidate(
                paper_id,
                kind,
                "bibtex",
                place,
                card.path_of(block),
                title,
                entry[:60],
                intro,
                "",
                True,
                card.role,
                index,
                card.document.repo,
            )
        )
    return found


def _locator(entry: str) -> str | None:
    """Give where a BibTeX entry says the paper is: arXiv, a DOI, or an address that is a paper's or a post's."""
    arxiv = _ARXIV_URL.search(entry) or _ARXIV_TEXT.search(entry)
    if arxiv:
        return f"arxiv:{arxiv['id'].lower()}"
    words = paper_words().file
    doi = _DOI.search(entry)
    if doi and not doi["id"].startswith(words.doi_skip):
        return f"doi:{doi['id'].lower().rstrip('.)')}"
    for match in _URL.finditer(entry):
        url = match.group().rstrip(".,;)")
        host = (urlsplit(url).hostname or "").lower()
        if (
            host in words.hosts
            or (url.lower().endswith(".pdf") and host not in words.not_papers)
            or _blog_url(host, url)
        ):
            return url
    return None


def _title(entry: str) -> str | None:
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
