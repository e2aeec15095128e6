"""The marks by which a paragraph shows that it was written about another model than the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from openness_audit.collect.attribution.decide import whose
from openness_audit.collect.attribution.foreign_names import Known, foreign_words, introduced, is_known, ties, tokens
from openness_audit.collect.attribution.names import may_name, names_in
from openness_audit.collect.attribution.words import patterns
from openness_audit.collect.code.links import code_url
from openness_audit.collect.code.names import same_organisation
from openness_audit.collect.code.owner import is_fork_of_tool, is_tool
from openness_audit.collect.code.vocabulary import code_words
from openness_audit.collect.gates import Gate
from openness_audit.collect.lineage.derivation import same_name
from openness_audit.collect.lineage.refs import Statement, hub_id
from openness_audit.collect.lineage.words import lineage_patterns
from openness_audit.collect.results.history import tracker_of
from openness_audit.collect.results.names import names_of
from openness_audit.collect.results.vocabulary import plain, result_words
from openness_audit.model.card import Block, Link

Chunk: TypeAlias = tuple[Block, ...]

_BEGINS: Final = 6  # characters before a name that is a sentence's subject
MAX_TEXT: Final = 6_000  # characters of a block that are looked at
_COPIES: Final = frozenset({"quantized", "conversion", "reupload"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|(?<=[。！？])|\n")
_DETAILS = re.compile(
    r"details_([\w.-]{1,96}?)__([\w.-]{1,96})|leaderboard\S{0,40}[?&](?:query|search)=([\w.%/-]{1,200})"
)
_LOADED = re.compile(
    r"(?:from_pretrained\(|pretrained\s{0,2}=|pretrained_model_name_or_path|model_name_or_path|base_model\w*|"
    r"model_(?:id|name|path)|--model\w*|\bmodel)[\s=:(\"']{0,5}(?P<id>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
)


@cache
def _introducing() -> Gate:
    """Give the gate to what introduces another model, or has it as its subject."""
    words = foreign_words()
    return Gate(words.introduces, words.labels, words.subject, words.done)


def text_of(chunk: Chunk) -> str:
    """Give the words of blocks that stand together."""
    return "\n".join([b.text[:MAX_TEXT] for b in chunk])


def links_of(chunk: Chunk) -> Iterator[Link]:
    """Give the links of blocks that stand together."""
    return (link for block in chunk for link in block.links[:200])


def contradicts(said: list[Statement], known: Known) -> bool:
    """Say whether a paragraph makes the subject from models that the rest says it was not made from.

    A copy has its original's name: "quantized from X" speaks of another copy where the subject is not called like X.
    """
    me = known.identity
    named = [s for s in said if not is_known(s.ref.name.rpartition("/")[2], known)]
    if not named or len(named) < len(said):
        return False
    if me.parent_ids or me.parent_names or known.in_one_go:
        return True
    copy = lineage_patterns().quantized.search(me.name) or me.derivation in _COPIES
    if copy and not any(s.ref.id and same_name(s.ref.id, me.name) for s in said):
        return True  # another copy's origin
    return any(s.relation in _COPIES and s.ref.id and not same_name(s.ref.id, me.name) for s in named)


def is_foreign(chunk: Chunk, known: Known) -> bool:
    """Say whether blocks that stand together show that they are about another model than the subject."""
    return (
        _page_of_another(chunk, known)
        or _results_of_another(chunk, known)
        or _run_of_another(chunk, known)
        or _loads_another(chunk, known)
        or _code_of_another(chunk, known)
        or _tells_of_another(chunk, known)
    )


def _ours(repo_id: str, known: Known) -> bool:
    """Say whether a Hub id is the subject's, its publisher's, a base model's, or named like one of them."""
    low, me = repo_id.lower(), known.identity
    org = low.partition("/")[0] if "/" in low else ""
    if low == me.id.lower() or low in {p.lower() for p in me.parent_ids} or low in me.parent_names:
        return True
    if org and me.org and same_organisation(org, me.org):
        return True
    return is_known(low.rpartition("/")[2], known)


def names_subject(chunk: Chunk, known: Known) -> bool:
    """Say whether a paragraph names the subject, or links something of its publisher's."""
    me, text = known.identity, text_of(chunk)
    low = text.lower()
    if ("/" in me.id and me.id.lower() in low) or any(n.whose == "self" for n in names_in(text, me)):
        return True
    if any(alias in cell.lower() for b in chunk for row in b.rows for cell in row[:2] for alias in me.aliases):
        return True  # a row far down in a long table
    for link in links_of(chunk):
        parts = [p for p in steps_of(link.url) if p not in {"datasets", "spaces", "models"}]
        if me.org and parts and same_organisation(parts[0], me.org):
            return True
    return False


@lru_cache(maxsize=1024)  # each paragraph's links are looked at by several readers
def steps_of(url: str) -> tuple[str, ...]:
    """Give the steps of an address's path; none for what is no address."""
    try:
        return tuple(unquote(p) for p in urlsplit(url.strip()).path.split("/") if p)
    except ValueError:
        return ()


def _page_of_another(chunk: Chunk, known: Known) -> bool:
    """Say whether a paragraph points into another model's repository: to its files, its logs, its discussions."""
    for link in links_of(chunk):
        found = None if link.image or foreign_words().documents.search(link.url.partition("#")[0]) else hub_id(link.url)
        if found and set(steps_of(link.url)[1:4]) & foreign_words().deeper and not _ours(found, known):
            return True
    return False


def _results_of_another(chunk: Chunk, known: Known) -> bool:
    """Say whether links to a leaderboard's details, or the linked rows of a table, are other models' only."""
    named = [
        (m.group(3) or f"{m.group(1)}/{m.group(2)}").replace("%2F", "/")
        for link in links_of(chunk)
        for m in [_DETAILS.search(link.url)]
        if m
    ]
    if named and not any(_ours(n, known) for n in named):
        return True
    rows = [hub_id(link.url) for b in chunk if b.kind == "table" for link in b.links[:100] if not link.image]
    linked = [r for r in rows if r]
    if linked and not any(_ours(r, known) for r in linked):
        return True
    return any(_table_of_others(b, known) for b in chunk if b.rows)


def _table_of_others(block: Block, known: Known) -> bool:
    """Say whether a table's rows bear the names of other models only, or its properties another model's name."""
    return _named_otherwise(block, known) or _rows_of_others(block, known)


def _named_otherwise(block: Block, known: Known) -> bool:
    """Say whether a table of properties has a row "Name" with another model's name."""
    for row in block.rows[1:40]:
        value = row[1].strip(" `*_") if len(row) == 2 else ""
        if value and row[0].strip(" *_`:").lower() in foreign_words().name_rows and not is_known(value, known):
            return True
    return False


def _rows_of_others(block: Block, known: Known) -> bool:
    """Say whether the first column holds models, none of which is the subject."""
    words, names = result_words(), names_of(known.identity)
    cells = [row[0].strip() for row in block.rows[1:200] if row and row[0].strip()]
    headed = bool(block.rows[0]) and plain(block.rows[0][0]) in words.sets["model_columns"] | {"name"}
    models = [c for c in cells if "/" in c or not (words.benchmark(c) or words.metric(c))]
    if not headed and len(models) < len(cells):
        return False
    namings = [names.naming(c) for c in models]
    if any(n in {"exact", "near", "family"} for n in namings) or any(is_known(c, known) for c in models if tokens(c)):
        return False
    others = sum(n == "other" or (headed and bool(tokens(c))) for n, c in zip(namings, models, strict=True))
    return others >= (1 if headed else 2)


def tracker_ties(url: str, known: Known) -> bool:
    """Say whether a tracker's run is under the publisher's account, or named after the subject or its base model."""
    steps = steps_of(url)[:6]
    org = known.identity.org
    return any(org and same_organisation(s, org) for s in steps[:2]) or any(ties(s, known) for s in steps)


def _run_of_another(chunk: Chunk, known: Known) -> bool:
    """Say whether a tracker's run bears neither the subject's name nor its publisher's."""
    return any(tracker_of(link.url) and not tracker_ties(link.url, known) for link in links_of(chunk) if not link.image)


def _loads_another(chunk: Chunk, known: Known) -> bool:
    """Say whether code loads, trains or evaluates other models only."""
    for block in chunk:
        if block.kind != "code" or block.citation:
            continue
        text = block.text[:20_000]
        ids = [m["id"].rstrip(".") for m in _LOADED.finditer(text)]
        sure = bool(known.identity.parent_ids) or foreign_words().evaluates.search(text)
        if ids and sure and not any(_ours(i, known) for i in ids):
            return True
        if not ids and sure and code_words().patterns["commands.launch"].search(text):
            names = names_in(text, known.identity)
            if names and not any(n.whose != "other" or is_known(n.text, known) for n in names):
                return True
    return False


def _code_of_another(chunk: Chunk, known: Known) -> bool:
    """Say whether a link called "code" leads to a repository of nobody the card knows, with a name of its own."""
    for block in chunk:
        for link in block.links[:200]:
            url = None if link.image else code_url(link.url)
            if url is None or is_tool(url.key, url.name) or is_fork_of_tool(url.name):
                continue
            before = _line_before(block, link).rstrip(" *_`<([:：|")
            label = re.split(r"[|•,.;]", before)[-1]
            if not any(foreign_words().code_label.search(t) for t in (link.text, label) if t.strip()):
                continue
            if not ties(url.owner, known) and not is_known(url.name, known):
                return True
    return False


def _line_before(block: Block, link: Link) -> str:
    """Give the words before a link on its line."""
    lines = block.text.split("\n")
    line = lines[min(max(0, link.line - block.line), len(lines) - 1)][:600]
    return line.partition(link.text)[0] if link.text else ""


def _tells_of_another(chunk: Chunk, known: Known) -> bool:
    """Say whether a sentence introduces another model by name, or has it as its subject."""
    for block in chunk:
        if block.kind in {"code", "table", "heading"} or block.citation:
            continue
        text = block.text[:MAX_TEXT]
        for sentence in _SENTENCE.split(text) if _introducing().may(text) else ():
            if sentence and any(not is_known(name, known) for name in introduced(sentence)):
                return True
    return _speaks_of_others(chunk, known)


def _speaks_of_others(chunk: Chunk, known: Known) -> bool:
    """Say whether a paragraph has other models as its subjects, and neither "we" nor "this model"."""
    text = " ".join([b.text[:MAX_TEXT] for b in chunk if b.kind not in {"code", "table"}])
    if not may_name(text, known.identity):
        return False
    speaker = next((m for m in patterns().speakers.finditer(text) if m.lastgroup == "me"), None)
    if speaker is not None:
        return False
    for sentence in _SENTENCE.split(text)[:40]:
        names = names_in(sentence, known.identity) if sentence else ()
        begins = bool(names) and names[0].start <= _BEGINS and not is_known(names[0].text, known)
        verb = begins and foreign_words().verbs.search(sentence[names[0].end :]) is not None
        if verb and whose(sentence, (), known.identity) == "other":
            return True
    return False
