"""The structure of a model card, with line numbers, before anything in it is understood."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.evidence import Place, PlaceKind, TextKind

FrontMatterState: TypeAlias = Literal[
    "ok",  # a mapping was read
    "no-metadata",  # the card does not begin with a front-matter block
    "empty",  # a block without content
    "unclosed",  # opened by --- and never closed
    "malformed",  # not YAML, or YAML that a strict reader refuses
    "not-a-mapping",  # a list or a bare string
    "too-large",  # over a cap of bytes, depth, events or aliases
]
BlockKind: TypeAlias = Literal["paragraph", "heading", "list-item", "code", "table", "html", "quote"]


class FrontMatter(Struct, frozen=True, kw_only=True):
    """The metadata block.

    `values` follows YAML 1.2 for `no`, `yes`, `on`, `off` (strings). `lines` maps a path such as `license`,
    `datasets[1]` or `model-index[0].results` to its line in the file.
    """

    state: FrontMatterState
    values: dict[str, Any]
    lines: dict[str, int]
    line_end: int = 0  # last line of the block, 0 where there is none
    problem: str | None = None  # what the parser said, for a finding


class Link(Struct, frozen=True, kw_only=True):
    """One link or image; `text` is its label or alternative text."""

    url: str
    text: str
    line: int
    image: bool = False


class Block(Struct, frozen=True, kw_only=True):
    """One block of the body.

    `text` is the plain text without markup (code blocks: the code verbatim); `links` are those inside it; `rows` are a
    table's cells, the header row first; `info` is a code block's language; `section` indexes `Card.sections`.
    """

    kind: BlockKind
    text: str
    line: int
    line_end: int
    section: int
    info: str = ""
    links: tuple[Link, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    row_lines: tuple[int, ...] = ()
    citation: bool = False  # inside a BibTeX entry or a section headed as citation


class Section(Struct, frozen=True, kw_only=True):
    """A heading and what stands below it until the next heading of the same or a higher level.

    Section 0 is what stands before the first heading (level 0, empty title). `path` holds the titles from the outermost
    heading to this one. `words` counts words of own content (not sub-sections), template text excluded; `template` is
    true where all content is placeholder text ("[More Information Needed]", "coming soon", HTML comments).
    """

    index: int
    title: str
    level: int
    line: int
    line_end: int
    path: tuple[str, ...]
    words: int
    template: bool


class Document(Struct, frozen=True, kw_only=True):
    """What is needed to cite a text that was read."""

    kind: PlaceKind
    repo: str
    path: str
    url: str  # canonical page of the file, at the commit, without a line anchor
    sha: str | None
    sha256: str
    retrieved_at: str
    from_cache: bool

    def at(self, line: int, excerpt: str, *, line_end: int | None = None, text_kind: TextKind = "prose") -> Place:
        """Give the citation of `line` (from 1); `excerpt` is cut to 200 characters and put on one line."""
        return Place(
            kind=self.kind,
            repo=self.repo,
            url=self.url,
            sha=self.sha,
            path=self.path,
            line=line,
            line_end=line_end if line_end != line else None,
            excerpt=" ".join(excerpt.split())[:200],
            sha256=self.sha256,
            text_kind=text_kind,
            retrieved_at=self.retrieved_at,
            from_cache=self.from_cache,
        )


class Card(Struct, frozen=True, kw_only=True):
    """A Markdown text (model card, data set card or repository README) taken apart.

    `role` says whether the text is the subject's card or an own repository's README, which counts like the card.
    """

    document: Document
    front_matter: FrontMatter
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    role: Literal["card", "own-readme", "dataset-card"] = "card"
    truncated: bool = False

    def path_of(self, block: Block) -> tuple[str, ...]:
        """Give the titles of the headings above `block`, outermost first."""
        return self.sections[block.section].path

    def cite(self, block: Block, excerpt: str | None = None) -> Place:
        """Cite the whole block, or the line in it where `excerpt` begins."""
        kinds: dict[BlockKind, TextKind] = {
            "paragraph": "prose",
            "heading": "heading",
            "list-item": "list",
            "code": "code",
            "table": "table",
            "html": "html",
            "quote": "prose",
        }
        return self.document.at(
            block.line, block.text if excerpt is None else excerpt, line_end=block.line_end, text_kind=kinds[block.kind]
        )
