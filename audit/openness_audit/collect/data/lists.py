"""Read lists and tables of training data, item by item."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from openness_audit.collect.data.context import sentences_of, verbs_in
from openness_audit.collect.data.found import Found, Ground
from openness_audit.collect.data.links import links_of
from openness_audit.collect.data.metadata import placeholder
from openness_audit.collect.data.names import Said, Source, named_in
from openness_audit.collect.data.prose import extent_of, found_in, verb_of
from openness_audit.collect.data.unnamed import unnamed_in
from openness_audit.collect.data.vocabulary import data_words
from openness_audit.model.card import Block, Card

_NAMELESS = re.compile(r"[\W\d_]*")
MAX_ROWS: Final = 200
MOST_NAME: Final = 6  # words of an item that only names
MOST_WORDS: Final = 12  # of an item that can be a bare name
_COUNT = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<=\w{3})[.。]\Z")


def list_found(items: list[Source], ground: Ground) -> list[Found]:
    """Read the items of one list that is about training data, by its heading or the sentence before it.

    An item that names no data set counts as one without identity where its neighbours do name theirs.
    """
    found: list[Found] = []
    bare: list[Source] = []
    named_any = False
    for index, source in enumerate(items[:MAX_ROWS]):
        rows: list[Found] = []
        for sentence in sentences_of(source.block.text):
            said = Said(sentence, source, ground)
            some, accepted = found_in(said)
            rows += some
            rows += unnamed_in(said, accepted)
        found += [msgspec.structs.replace(r, source="list") for r in rows]
        if any(r.how != "undisclosed" for r in rows):
            named_any = True
        elif (
            not rows
            and not (index and _explains(source.block, items[index - 1].block))
            and not _label(source.block, items[index + 1].block if index + 1 < len(items) else None)
        ):
            bare.append(source)
    if named_any:
        found += [one for source in bare for one in _bare(source, ground)]
    return found + _rest(len(items) - MAX_ROWS, found)


def _rest(left: int, found: list[Found]) -> list[Found]:
    """Say that a list or table of data goes on behind what is read of it: the rest counts as unnamed."""
    if left <= 0 or not found:
        return []
    last = found[-1]
    more = Found(name=f"{left} more", stage=last.stage, whose=last.whose, how="undisclosed", place=last.place,
                 source=last.source, extent="mixture", verb=last.verb)  # fmt: skip
    return [more]


def _label(block: Block, following: Block | None) -> bool:
    """Say whether an item only heads the items below it: "Question answering", with the sets in the next ones."""
    text = block.text.strip()
    if text.endswith(":") or (following is not None and data_words().collective.match(text)):
        return True
    words = re.split(r"[\s/]+", text)
    small = len(words) >= 2 and all(w[:1].islower() or not w[:1].isalpha() for w in words[1:])
    return following is not None and small and not _COUNT.search(text) and not data_words().strong.search(text)


def _explains(block: Block, before: Block) -> bool:
    """Say whether an item is a sentence on the item before it, which is no more than a name."""
    text = block.text.strip()
    return len(before.text.split()) <= MOST_NAME and (text.endswith(".") or len(text.split()) > MOST_NAME)


def _bare(source: Source, ground: Ground) -> list[Found]:
    """Make a finding of an item that names its data only by words of its own."""
    text = source.block.text.strip()
    name = re.split(r"[:(–—|\n]| - ", text)[0].strip(" *_`")
    if not name or len(name.split()) > MOST_WORDS or _NAMELESS.fullmatch(name) or verbs_in(text):
        return []
    if placeholder(name) or _SENTENCE.search(name):
        return []  # the name of a split, or a remark
    if not (data_words().nouns.search(text) or name[:1].isupper() or name[:1].isdigit()):
        return []
    kind = verb_of(source.verb, source.heading)
    return [
        Found(
            name=name[:80],
            stage=ground.stage(kind, name=name),
            whose=ground.owner(source.owner or "self", kind, continued=bool(source.verb and source.verb.continued)),
            how="named",
            place=source.card.cite(source.block),
            source="list",
            verb=kind,
        )
    ]


def table_found(source: Source, ground: Ground) -> list[Found]:
    """Read a table of training data: one set per row, from the column that names them."""
    block = source.block
    if len(block.rows) < 2:
        return []
    header = [cell.lower().strip(" *_`#:") for cell in block.rows[0]]
    column = next((i for i, cell in enumerate(header) if cell in data_words().table_headers), None)
    if column is None:
        return []
    lines = block.row_lines or tuple(block.line for _ in block.rows)
    kind = verb_of(source.verb, source.heading)
    whose = ground.owner(source.owner or "self", kind, continued=bool(source.verb and source.verb.continued))
    found: list[Found] = []
    for row, line in list(zip(block.rows, lines, strict=False))[1 : MAX_ROWS + 1]:
        cell = row[column].strip() if column < len(row) else ""
        if not cell or cell.lower().strip(" *_`") in data_words().totals or _NAMELESS.fullmatch(cell):
            continue
        place = source.card.document.at(line, " | ".join(row), text_kind="table")
        part = _row_block(source.card, block, cell, line)
        named = named_in(cell, 0, msgspec.structs.replace(source, block=part), ground)
        base = Found(
            name=cell[:80],
            stage=ground.stage(kind, name=cell[:80]),
            whose=whose,
            how="named",
            place=place,
            source="table",
            verb=kind,
        )
        found += [
            msgspec.structs.replace(
                base,
                name=n.name,
                stage=ground.stage(kind, corpus=n.corpus, name=n.id or n.name),
                how=n.how,
                id=n.id,
                url=n.url,
                corpus=n.corpus,
                extent=extent_of(cell, n, 0, None),
            )
            for n in named
        ] or [_first_link(base, part)]
    return found + _rest(len(block.rows) - 1 - MAX_ROWS, found)


def features_found(source: Source, ground: Ground) -> list[Found]:
    """Read the row "Sources" of a two-column table of features: every data set that its value links."""
    block = source.block
    lines = block.row_lines or tuple(block.line for _ in block.rows)
    found: list[Found] = []
    for row, line in list(zip(block.rows, lines, strict=False))[:MAX_ROWS]:
        if len(row) != 2 or row[0].lower().strip(" *_`#:") not in data_words().feature_rows:
            continue
        part = _row_block(source.card, block, row[1], line)
        base = Found(
            name=row[1][:80],
            stage=ground.stage("training"),
            whose="self",
            how="named",
            place=source.card.document.at(line, " | ".join(row), text_kind="table"),
            source="table",
            verb="training",
        )
        found += [
            msgspec.structs.replace(base, name=part.text[k.start : k.end], how="link", url=k.url, id=k.id)
            for k in links_of(part)
            if k.kind in {"hub", "data", "code", "web"}
        ]
    return found


def _first_link(base: Found, part: Block) -> Found:
    """Take a row's own link for its data set, whatever host it leads to; a paper only names it."""
    link = next((k for k in links_of(part) if k.kind in {"hub", "data", "code", "web", "paper"}), None)
    if link is None:
        return base
    how = "named" if link.kind == "paper" else "link"
    return msgspec.structs.replace(base, how=how, url=link.url, id=link.id)


def _row_block(card: Card, block: Block, cell: str, line: int) -> Block:  # noqa: ARG001 - the card owns the block
    """Give one cell as a block of its own, with the links that stand on its line."""
    links = tuple(k for k in block.links if k.line == line and k.text and k.text in cell)
    return msgspec.structs.replace(block, text=cell, line=line, line_end=line, links=links, rows=(), row_lines=())


def introduces(text: str) -> bool:
    """Say whether a paragraph leads into the list or table after it."""
    last = text.rstrip()[-160:]
    if last.endswith((":", "：")) or data_words().follows.search(last) is not None:
        return True
    return data_words().broken_off.search(last) is not None
