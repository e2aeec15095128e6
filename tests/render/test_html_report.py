"""The HTML page: whole, safe, and readable without colour."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib import resources

import msgspec
import pytest

from audit_sample import AUDIT, EVIDENCE, SCRIPT
from openness_audit.render import html, markdown

PAGE = html.render(AUDIT)
VOID = {"meta", "br", "circle", "rect", "path"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


@pytest.fixture(scope="module")
def page() -> Reader:
    reader = Reader()
    reader.feed(PAGE)
    return reader


def test_tags_are_balanced(page: Reader) -> None:
    assert (page.unbalanced, page.open) == ([], [])


def test_nothing_runs_and_nothing_is_fetched(page: Reader) -> None:
    names = {tag for tag, _ in page.tags}
    attributes = {key for _, found in page.tags for key in found}

    assert names & {"script", "iframe", "object", "embed", "link", "img", "form", "base"} == set()
    assert [a for a in attributes if a.startswith("on") or a in ("src", "srcset", "style", "action")] == []
    assert "url(" not in PAGE
    assert "@import" not in PAGE


def test_strangers_words_stay_words() -> None:
    assert SCRIPT not in PAGE
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGE
    assert "\u202e" not in PAGE
    assert "\x1b" not in PAGE


def test_links_are_http_or_inside_the_page(page: Reader) -> None:
    links = [found["href"] or "" for tag, found in page.tags if tag == "a"]

    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []


def test_inner_links_have_a_goal(page: Reader) -> None:
    goals = {found.get("id") for _, found in page.tags}
    inner = {
        (found["href"] or "")[1:] for tag, found in page.tags if tag == "a" and (found["href"] or "").startswith("#")
    }

    assert inner - goals == set()


def test_ids_are_unique(page: Reader) -> None:
    ids = [found["id"] for _, found in page.tags if "id" in found]

    assert len(ids) == len(set(ids))


def test_landmarks_and_tables_are_named(page: Reader) -> None:
    names = [tag for tag, _ in page.tags]

    assert [names.count(n) for n in ("header", "main", "footer", "nav", "h1")] == [1, 1, 1, 1, 1]
    assert names.count("table") == names.count("caption")
    assert [found for tag, found in page.tags if tag == "th" and "scope" not in found] == []


def test_evidence_links_go_to_commit_and_line() -> None:
    sha = AUDIT.subject.sha

    assert f"https://huggingface.co/acme/tern-7b/blob/{sha}/README.md?code=true#L41" in PAGE
    assert f"https://github.com/acme/tern/blob/{sha}/train/run.sh#L3" in PAGE


def test_states_are_told_in_words() -> None:
    tiles = re.findall(r'<li class="tile [a-z-]+">.*?<span class="state [a-z-]+">([a-z ]+)</span>', PAGE)

    assert tiles == ["partial", "open", "not determined", "closed", "partial"]


def test_page_says_what_it_is_not() -> None:
    assert "Evidence, not legal advice or certification." in PAGE


def test_large_audit_stays_below_300_kb() -> None:
    many = tuple(msgspec.structs.replace(EVIDENCE[0], id=f"e-{n:012x}", line=n, excerpt="w" * 200) for n in range(3000))

    assert len(html.render(msgspec.structs.replace(AUDIT, evidence=many)).encode()) < 300_000


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_wcag_aa(scheme: str) -> None:
    css = (resources.files("openness_audit.reports") / "audit.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", blocks[0 if scheme == "light" else 1]))

    ratios = {}
    for ground in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "link", "open", "partial", "closed", "unknown", "none"):
            low, high = sorted((_luminance(colors[ground]), _luminance(colors[ink])))
            ratios[f"{ink} on {ground}"] = (high + 0.05) / (low + 0.05)

    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


def test_markdown_holds_no_markup_of_strangers() -> None:
    told = markdown.render(AUDIT)
    outside_code = re.sub(r"(`+).*?\1", "", told)

    assert "<script" not in outside_code
    assert "](javascript" not in told
    assert "](data" not in told
    assert re.findall(r"@\w", outside_code) == []


def test_markdown_tables_keep_their_columns() -> None:
    rows = [line for line in markdown.render(AUDIT).splitlines() if line.startswith("|")]

    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
