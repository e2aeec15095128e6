"""Tell by an address, an arXiv number or a DOI where a paper, report or post is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from openness_audit.collect.papers.words import paper_words
from openness_audit.collect.patterns import lazy

Kind = Literal["paper", "report", "blog"]

_ARXIV_URL = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|format)|ar5iv\.org/(?:abs|html)|huggingface\.co/papers|alphaxiv\.org/abs)/"
    r"(?:arxiv:)?(?P<id>\d{4}\.\d{4,5}|[a-z-]{2,12}/\d{7})",
    re.IGNORECASE,
)
ARXIV_TEXT = lazy(
    r"(?:arxiv[:\s/.]{1,3}(?:preprint\s{0,2}arxiv:\s?)?|eprint\s{0,5}=\s{0,5}[{\"]\s?)(?P<id>\d{4}\.\d{4,5})",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:doi\.org/|doi\s{0,4}[=:]\s{0,4}[{\"]?\s?)(?P<id>10\.\d{4,9}/[^\s\"<>{},;]{2,120})", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s\"<>{}|\\^`\])]{4,300}")


@lru_cache(maxsize=512)  # an address is asked about several times
def host_and_path(url: str) -> tuple[str, str]:
    """Give an address's host and path in lower case, empty where it is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return (parts.hostname or "").lower(), parts.path.strip("/").lower()


def paper_id(url: str) -> str | None:
    """Give `arxiv:...` or `doi:...` for an address that leads to one; software DOIs and template noise are none."""
    arxiv = _ARXIV_URL.search(url)
    if arxiv:
        return None if is_noise(arxiv["id"]) else f"arxiv:{arxiv['id'].lower()}"
    doi = _DOI.search(url)
    if doi and not doi["id"].startswith(paper_words().file.doi_skip) and not is_noise(url):
        return f"doi:{doi['id'].lower().rstrip('.)')}"
    return None


def is_noise(text: str) -> bool:
    """Say whether an arXiv number or address stands in card templates and says nothing of a model."""
    noise = paper_words().file.noise
    return text in noise.arxiv or any(part in text for part in (*noise.urls, *noise.arxiv))


@lru_cache(maxsize=2)
def _with_below(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the endings of hosts and of all below them, where a point is put before a host."""
    return tuple(f".{host}" for host in hosts)


def is_blog(url: str, *, called_paper: bool = False) -> bool:
    """Say whether an address is a post's; on a publisher's site only what is not called a paper."""
    words = paper_words().file
    host, path = host_and_path(url)
    if host == "huggingface.co":
        return path.startswith("blog/")
    hosts = _with_below(words.blog_platforms if called_paper else (*words.blog_platforms, *words.blog_hosts))
    named = host.startswith("blog.") or "/blog" in f"/{path}"
    return bool(path) and (named or f".{host}".endswith(hosts))


def called_paper(label: str, before: str) -> bool:
    """Say whether a link is called a paper, by its own words or by the words right before it."""
    paper, blog = paper_words().patterns["paper"], paper_words().patterns["blog"]
    return bool(paper.search(label) or paper.search(before[-15:])) and not blog.search(f"{before[-25:]} {label}")


def kind_of_link(url: str, label: str, before: str) -> Kind | None:
    """Say whether an address that is no arXiv number or DOI leads to a paper, a report or a post."""
    words = paper_words()
    host, path = host_and_path(url)
    if not host or not path or is_noise(url):
        return None
    pdf = path.endswith(".pdf")
    named = called_paper(label, before)
    elsewhere = host in words.file.not_papers
    if host in words.file.hosts or (named and not elsewhere and not is_blog(url, called_paper=True)):
        return report_or_paper(label, before)
    post = is_blog(url) or bool(words.patterns["blog"].search(f"{before[-40:]} {label}"))
    if post and (not elsewhere or is_blog(url)):
        return "blog"
    slug = re.sub(r"[-_/.]+", " ", path)
    if pdf and (named or (not elsewhere and words.patterns["report"].search(f"{before[-40:]} {label} {slug}"))):
        return report_or_paper(label, before)
    return None


def report_or_paper(label: str, before: str) -> Kind:
    """Tell a report from a paper by what it is called."""
    return "report" if paper_words().patterns["report"].search(f"{before[-25:]} {label}") else "paper"


def place_of_entry(entry: str) -> str | None:
    """Give where a BibTeX entry says the paper is: arXiv, a DOI, or an address that is a paper's or a post's."""
    named = paper_id(entry)
    if named and named.startswith("arxiv:"):
        return named
    arxiv = ARXIV_TEXT.search(entry)
    if arxiv:
        return None if is_noise(arxiv["id"]) else f"arxiv:{arxiv['id']}"
    if named:
        return named
    words = paper_words().file
    for match in _URL.finditer(entry):
        url = match.group().rstrip(".,;)")
        host, path = host_and_path(url)
        pdf = path.endswith(".pdf") and host not in words.not_papers
        if (host in words.hosts and path) or pdf or is_blog(url):
            return None if is_noise(url) else url
    return None
