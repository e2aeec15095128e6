"""Find the models a piece of text names: by a link to the Hub, by a written Hub id, or by a bare name."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import Named, names_in, tokens_of
from openness_audit.collect.attribution.words import attribution_file
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.gates import Gate
from openness_audit.collect.lineage.words import lineage_file, lineage_patterns
from openness_audit.model.card import Block, Card, Link
from openness_audit.model.evidence import Place
from openness_audit.model.facts_origins import Relation

MAX_REFS: Final = 200  # models named in one block
MAX_TEXT: Final = 30_000
MAX_WORDS: Final = 5_000
_HOSTS: Final = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co"})
_PART = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")
_WRITTEN = re.compile(
    r"(?<![\w/.:@\\-])(?P<org>[A-Za-z0-9][\w-]{1,60})/(?P<name>[A-Za-z0-9][\w.-]{2,95}[A-Za-z0-9])(?![\w/\\@]|\.\w)",
    re.ASCII,  # scripts without blanks write on right behind a name
)
_ARTICLE = re.compile(r"[\s*_`'\"]{0,4}(?:(?:the|our|base|original)[\s*_`'\"]{1,4}){0,3}", re.IGNORECASE)
_LEGACY_WORD = re.compile(r"(?<![\w/.-])[a-z][a-z0-9]{1,20}(?:[-.][a-z0-9]{1,20}){0,6}(?![\w/-])", re.ASCII)


class Ref(Struct, frozen=True):
    """A model named in a text, at `start` to `end`; `id` is None for a bare name."""

    start: int
    end: int
    name: str
    id: str | None
    how: Literal["card-link", "card-id", "card-name"]


class Statement(Struct, frozen=True):
    """One model the card says this one was made from."""

    ref: Ref
    relation: Relation
    strong: bool
    place: Place


def cite_ref(card: Card, block: Block, ref: Ref) -> Place:
    """Cite the line a name stands in."""
    start = max(0, block.text.rfind("\n", 0, ref.start) + 1, ref.start - 120)
    return cite_at(card, block, start, min(len(block.text), max(ref.end, start + 200)))


def is_id(text: str) -> bool:
    """Say whether a metadata value has the form of a Hub id: `org/name`, or a legacy name without organisation."""
    parts = text.split("/")
    return (
        len(parts) in {1, 2} and all(_PART.fullmatch(p) for p in parts) and not text.endswith((".git", ".json", ".bin"))
    )


@cache
def _legacy() -> Gate:
    return Gate(pieces=lineage_file().legacy)


def is_legacy(name: str) -> bool:
    """Say whether a bare name is one of the Hub's ids without an organisation."""
    return name.startswith(lineage_file().legacy)


@lru_cache(maxsize=1024)  # each block's links are looked at by several readers
def hub_id(url: str) -> str | None:
    """Give the model id a link leads to, None where it leads elsewhere (data sets, spaces, documentation, people)."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.hostname not in _HOSTS:
        return None
    path = [unquote(p) for p in parts.path.split("/") if p]
    if path and path[0] == "models":
        path = path[1:]
    if not path or path[0].lower() in lineage_file().reserved:
        return None
    if len(path) == 1 or path[1] in {"tree", "blob", "resolve", "raw"}:
        return path[0] if is_legacy(path[0]) else None
    found = f"{path[0]}/{path[1].removesuffix('.git')}"
    return found if is_id(found) else None


def refs_in(block: Block, identity: Identity | None = None, *, parts: bool = False) -> tuple[Ref, ...]:
    """List the models named in a block, in order; bare names only where `identity` is given.

    With `parts`, what is a part of this model's own name counts too, right behind "a fine-tune of".
    """
    text = block.text[:MAX_TEXT]
    rows: list[Ref] = []
    cursor = 0
    for link in block.links[:MAX_REFS]:
        found = hub_id(link.url) if not link.image else None
        at = position(block, link, cursor)
        if at < 0:
            continue
        cursor = at + len(link.text)
        if found:
            rows.append(Ref(at, cursor, found, found, "card-link"))
    written = _written(text, rows)
    if written:
        elsewhere = " ".join(link.url for link in block.links if hub_id(link.url) is None).lower()
        rows += [r for r in written if r.name.lower() not in elsewhere]
    if identity is not None:
        names = names_in(text, identity)
        others = [n for n in names if n.whose != "self" or (parts and _is_base(n, text, identity))]
        if "://" in text:
            others = [n for n in others if not _in_address(n, text)]
        named = [Ref(n.start, n.end, n.text, None, "card-name") for n in others]
        rows += [n for n in named if not _overlaps(n, rows)]
    return tuple(sorted(rows, key=lambda r: r.start)[:MAX_REFS])


def _in_address(named: Named, text: str) -> bool:
    """Say whether a name is a part of a bare address, which names a page and not a model."""
    start = max(text.rfind(sign, 0, named.start) for sign in " \n(<") + 1
    return "://" in text[start : named.start]


def _is_base(named: Named, text: str, identity: Identity) -> bool:
    """Say whether a part of this model's own name is the base's: Owl of owl-barn, not of owl-7b-v2, its own family."""
    words = attribution_file()
    more = tokens_of(identity.name) - tokens_of(named.text) - words.variants
    if named.exact or not any(token.isalpha() for token in more):
        return False
    tail = text[max(0, named.start - 80) : named.start]
    strong = (said for said in lineage_patterns().said if said.strong and said.relation == "finetune")
    return any(_ARTICLE.fullmatch(tail[m.end() :]) for said in strong for m in said.before.finditer(tail))


def position(block: Block, link: Link, cursor: int) -> int:
    """Find where a link's words stand in the block, on the line it was written on; -1 where they do not."""
    if not link.text:
        return -1
    line = 0
    for _ in range(max(0, link.line - block.line)):
        line = block.text.find("\n", line) + 1 or line
    start = max(cursor, line)
    at = block.text.find(link.text, start)
    first = at
    for _ in range(20):
        if at < 0:
            break
        around = block.text[max(0, at - 1) : at] + block.text[at + len(link.text) : at + len(link.text) + 1]
        if not any(c.isalnum() or c in "-_" for c in around):
            return at
        at = block.text.find(link.text, at + 1)
    return first


def _overlaps(ref: Ref, rows: list[Ref]) -> bool:
    return any(ref.start < other.end and other.start < ref.end for other in rows)


def _written(text: str, rows: list[Ref]) -> list[Ref]:
    """List ids written out, as `org/name` or as a legacy name."""
    found = []
    for match in islice(_WRITTEN.finditer(text), MAX_REFS) if "/" in text else ():
        org, name = match["org"], match["name"]
        likely = any(c.isdigit() for c in name) or "-" in name or "_" in name
        ref = Ref(match.start(), match.end(), match.group(), match.group(), "card-id")
        if likely and org.lower() not in lineage_file().reserved and not _overlaps(ref, rows):
            found.append(ref)
    if not _legacy().may(text):
        return found
    for match in islice(_LEGACY_WORD.finditer(text), MAX_WORDS):
        word = match.group()
        if ("-" in word or word in {"gpt2", "distilgpt2", "ctrl"}) and is_legacy(word):
            ref = Ref(match.start(), match.end(), word, word, "card-id")
            if not _overlaps(ref, [*rows, *found]):
                found.append(ref)
    return found
