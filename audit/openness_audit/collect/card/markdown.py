"""Take a Markdown card apart: sections, blocks, tables and links, each with its line in the whole file."""

from __future__ import annotations

from typing import Final, Literal

from openness_audit.collect.card.events import MarkdownReader
from openness_audit.collect.card.frontmatter import normalized, read_front_matter
from openness_audit.collect.card.outline import outline
from openness_audit.model.capture import Text
from openness_audit.model.card import Block, Card, Document
from openness_audit.model.evidence import Place, PlaceKind

MAX_CARD_BYTES: Final = 200_000


def document_of(text: Text, kind: PlaceKind, repo: str) -> Document:
    """Give what is needed to cite `text` of the repository `repo`, with the canonical page of the file as its URL."""
    host = "https://" if repo.startswith(("github.com/", "gitlab.com/")) else "https://huggingface.co/"
    local = not text.origin.url.startswith("http")
    return Document(
        kind=kind,
        repo=repo,
        path=text.path,
        url=text.origin.url if local else f"{host}{repo}/blob/{text.sha or 'main'}/{text.path}",
        sha=text.sha,
        sha256=text.origin.sha256,
        retrieved_at=text.origin.retrieved_at,
        from_cache=text.origin.from_cache,
    )


def read_card(
    text: str,
    document: Document,
    role: Literal["card", "own-readme", "dataset-card"] = "card",
    *,
    truncated: bool = False,
) -> Card:
    """Read a card; any text gives a card, within caps, in linear time.

    In every block, `text` begins on `line` and each line break in it is one in the file, so an offset's line is
    `line_at(block, offset)`. A fenced code block's `line` is the first line of the code.
    """
    text = normalized(text)
    front = read_front_matter(text)
    body = _blanked(text, front.line_end)
    raw = body.encode()
    if len(raw) > MAX_CARD_BYTES:
        truncated = True
        body = raw[:MAX_CARD_BYTES].decode("utf-8", "ignore")
    reader = MarkdownReader(body)
    reader.read()
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    sections, blocks = outline(reader.builder.drafts, max(1, lines))
    return Card(
        document=document,
        front_matter=front,
        sections=sections,
        blocks=blocks,
        role=role,
        truncated=truncated or reader.builder.full,
    )


def line_at(block: Block, offset: int) -> int:
    """Give the line of the file on which the character at `offset` of the block's text stands."""
    return min(block.line_end, block.line + block.text.count("\n", 0, offset))


def cite_at(card: Card, block: Block, start: int, end: int) -> Place:
    """Cite the characters `start` to `end` of a block's text, on their own lines."""
    place = card.cite(block, block.text[start:end])
    return card.document.at(
        line_at(block, start),
        block.text[start:end],
        line_end=line_at(block, max(start, end - 1)),
        text_kind=place.text_kind,
    )


def _blanked(text: str, line_end: int) -> str:
    """Empty the lines of the front matter, so that the lines of the body keep their numbers."""
    at = 0
    for _ in range(line_end):
        at = text.find("\n", at) + 1
        if at == 0:
            return "\n" * line_end
    return "\n" * line_end + text[at:]
