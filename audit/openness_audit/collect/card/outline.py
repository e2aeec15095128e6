"""Turn drafts of blocks into sections and blocks: headings, words of content, template text, citations."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.card.draft import Draft
from openness_audit.collect.patterns import lazy
from openness_audit.model.card import Block, Section
from openness_audit.packaged import read_as

MAX_SECTIONS: Final = 2_000
MAX_PATH: Final = 12

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CJK = lazy(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]{3,20}\s{0,3}[{(]", re.MULTILINE)
_PUNCTUATION = " \t\n.,;:!?*_-–—~()[]{}<>|\"'`#…。！？：🚧⏳"


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/template.yaml`."""

    anywhere: tuple[str, ...]
    alone: frozenset[str]
    boilerplate: tuple[str, ...]
    citation_headings: tuple[str, ...]
    generated_tags: frozenset[str]
    generated_sections: tuple[tuple[str, ...], ...]


@cache
def template() -> Template:
    """Load the vocabulary of placeholder text, once."""
    return read_as("vocabulary/template.yaml", Template)


@lru_cache(maxsize=2048)  # several parts of the audit count the same sentence
def count_words(text: str) -> int:
    """Count words; two characters of a script without blanks count as one word."""
    cjk = 0 if text.isascii() else len(_CJK.findall(text))
    return len(_WORD.findall(_CJK.sub(" ", text) if cjk else text)) + (cjk + 1) // 2


@lru_cache(maxsize=512)
def content_of(text: str) -> str:
    """Give the text without placeholders and boilerplate; empty where nothing was filled in."""
    words = template()
    low = " ".join(text.lower().split())
    if low.startswith(words.boilerplate):
        return ""
    rest, hit = low, False
    for phrase in words.anywhere:
        if phrase in rest:
            rest, hit = rest.replace(phrase, " "), True
    bare = rest.strip(_PUNCTUATION)
    if bare in words.alone:
        return ""
    label, _, value = bare.partition(":")
    if value.strip(_PUNCTUATION) in words.alone and value and len(label.split()) <= 6:
        return ""
    if not hit:
        return text
    return "" if rest.rstrip(" *_").endswith(":") or len(bare.split()) <= 3 else rest


def is_placeholder(block: Block) -> bool:
    """Say whether a block says that something is still to be written: "More information needed"."""
    return block.kind not in {"heading", "code", "table"} and bool(block.text.strip()) and not content_of(block.text)


def is_citation_heading(title: str) -> bool:
    """Say whether a heading announces how to cite."""
    low = title.lower()
    words = set(_WORD.findall(low))
    return any(w in words or (not w.isascii() and w in low) for w in template().citation_headings)


def outline(drafts: list[Draft], lines: int) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """Give the sections and blocks of a card that is `lines` long."""
    heads: list[tuple[str, int, int, tuple[str, ...], bool]] = [("", 0, 1, (), False)]
    stack: list[tuple[int, str]] = []
    blocks: list[Block] = []
    words = [0]
    filled = [False]
    any_content = [False]
    for draft in drafts:
        body = draft.text()
        title = " ".join((body or " ".join(draft.alts)).split())[:300]
        opens = draft.kind == "heading" and (not title or _WORD.search(title) is not None)  # "# ***" is decoration
        if opens and len(heads) < MAX_SECTIONS:
            while stack and stack[-1][0] >= draft.level:
                stack.pop()
            stack.append((draft.level, title))
            cites = is_citation_heading(title)
            heads.append((title, draft.level, draft.line, tuple(t for _, t in stack[-MAX_PATH:]), cites))
            words.append(0)
            filled.append(False)
            any_content.append(False)
        cited = heads[-1][4] or bool(_BIBTEX.search(body))
        blocks.append(_block(draft, body, len(heads) - 1, citation=cited))
        if draft.kind != "heading":
            any_content[-1] = True
            content = "" if draft.kind == "code" else content_of(body)
            words[-1] += 0 if cited else count_words(content)
            filled[-1] = filled[-1] or draft.kind == "code" or bool(content.strip()) or bool(draft.links and not body)
    ends = [_end(heads, index, lines) for index in range(len(heads))]
    sections = tuple(
        Section(
            index=index,
            title=title,
            level=level,
            line=line,
            line_end=max(line, ends[index]),
            path=path,
            words=words[index],
            template=any_content[index] and not filled[index],
        )
        for index, (title, level, line, path, _) in enumerate(heads)
    )
    return sections, tuple(blocks)


def _end(heads: list[tuple[str, int, int, tuple[str, ...], bool]], index: int, lines: int) -> int:
    level = heads[index][1]
    if index == 0:
        return heads[1][2] - 1 if len(heads) > 1 else lines
    return next((head[2] - 1 for head in heads[index + 1 :] if head[1] <= level), lines)


def _block(draft: Draft, body: str, section: int, *, citation: bool) -> Block:
    return Block(
        kind=draft.kind,
        text=body,
        line=draft.line,
        line_end=max(draft.line, draft.line_end),
        section=section,
        info=draft.info,
        links=tuple(draft.links),
        rows=tuple(draft.rows),
        row_lines=tuple(draft.row_lines),
        citation=citation,
    )
