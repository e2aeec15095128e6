"""Read what a card's sentences say a model was made from."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import islice
from typing import Final

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in, tokens_of
from openness_audit.collect.attribution.words import patterns
from openness_audit.collect.lineage.code import LOADED, MAX_CODE, MERGED, is_own, of_code
from openness_audit.collect.lineage.derivation import same_name
from openness_audit.collect.lineage.gates import block_gates, speaks_of_merge
from openness_audit.collect.lineage.refs import Ref, Statement, cite_ref, is_id, refs_in
from openness_audit.collect.lineage.tables import table_statements
from openness_audit.collect.lineage.words import Said, lineage_file, lineage_patterns
from openness_audit.collect.once import once_a_card
from openness_audit.model.card import Block, Card
from openness_audit.model.facts_origins import Relation

MAX_BLOCKS: Final = 600
_SENTENCE: Final = 1_000  # characters before a name that can be its sentence
_GAP: Final = 70  # characters between a phrase and the name it leads to
_LINE: Final = 160  # characters of a paragraph that is no more than a name or an address
_SHORT: Final = 5  # words of a sentence that begins with the phrase itself
_NEED_ID: Final = frozenset({"merge", "reupload", "conversion"})  # said of too many other things to trust a bare name
_PRAISED: Final = frozenset({"merge", "quantized"})  # said of other people's works on the model as well
_NEAR: Final = 25  # the same, where the phrase is weak and the name bare
_FAR: Final = 200  # characters behind a name in which its verb may stand
_BASE = re.compile(r"\s+base(?: model)?\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?;。！？]\s|\n\s*\n|[。！？]|(?<=\S)\n(?=\s*[-*•|])")
_ADDRESS = re.compile(r"https?://\S+")
_JOIN = re.compile(
    r"[\s`*_'\"()\[\]]*(?:,|and|&|\+|と|和|及|und|et|y|e|plus|with|also)[\s`*_'\"()\[\],&]*(?:and|the|with)?[\s`*_'\"(\[]*"
)
_FILLER = re.compile(
    r"[\s:|=\-–—>*_`'\"(\[]*(?:(?:is|was|are|the|meta|google|mistral|openai)(?:['’]s)?[\s`*:\[]+){0,3}", re.IGNORECASE
)


@once_a_card
def statements(card: Card, identity: Identity) -> tuple[Statement, ...]:
    """List, in the order of the card, the models it says this one was made from.

    Args:
        card: the model card.
        identity: the subject's names, without any parents.

    Returns:
        Links, written ids and bare names; what stands in another model's quoted card, in citations, credits and lists
        of related models is left out. Where it names none, a part of its own name may be one's: `owl-barn`, "a
        fine-tune of Owl".
    """
    found = _statements(card, identity, parts=False)
    gate = block_gates().tuned
    if found or not any(_tuned(block) for block in card.blocks[:MAX_BLOCKS] if gate.may(block.text)):
        return found
    return _statements(card, identity, parts=True)


def _tuned(block: Block) -> bool:
    """Say whether a block says outright that something was fine-tuned from something."""
    if block.kind == "code":
        return False
    said = lineage_patterns().said
    return any(each.before.search(block.text) for each in said if each.strong and each.relation == "finetune")


def _statements(card: Card, identity: Identity, *, parts: bool) -> tuple[Statement, ...]:
    found: list[Statement] = []
    intro: tuple[int, Relation] | None = None  # blocks left of a list that was announced, and its relation
    merge = speaks_of_merge(card.blocks[:MAX_BLOCKS])
    for block in card.blocks[:MAX_BLOCKS]:
        if block.citation:
            continue
        path = card.path_of(block)
        role = _section_role(path, identity)
        quoted = section_whose(path, identity) == "base"
        if not quoted and block.kind != "heading" and path and lineage_patterns().list_heads.search(path[-1]):
            refs = [r for r in refs_in(block, identity) if r.id and not is_own(r, identity)][:1]
            refs = refs if block.kind == "list-item" or len(block.text) <= _LINE else []
            found += [Statement(r, "merge", strong=True, place=cite_ref(card, block, r)) for r in refs]
            continue
        if role == "skip" and (quoted or block.kind != "code" or not MERGED.search(block.text[:MAX_CODE])):
            continue
        if block.kind == "code":  # a merge's configuration is this model's below any heading of its own card
            found += of_code(card, block, identity)
            continue
        named = partial(_others_in, block, identity, parts=parts)  # the models in it; most blocks say nothing of any
        listed = intro is not None and intro[0] > 0 and block.kind in {"list-item", "table"}
        if intro is not None and listed:
            found += [Statement(r, intro[1], strong=True, place=cite_ref(card, block, r)) for r in named()[:1] if r.id]
            intro = (intro[0] - 1, intro[1])
            continue
        if role == "parents" and block.kind != "heading":
            found += [Statement(r, "unknown", strong=True, place=cite_ref(card, block, r)) for r in named()[:1] if r.id]
        if block.kind == "table":
            found += table_statements(card, block, named, identity)
        elif _states(block.text):
            found += _of_block(card, block, named(), path, identity)
        intro = (_announces(block) if merge else None) or (intro if block.kind == "heading" and intro else None)
    return tuple(found)


def _others_in(block: Block, identity: Identity, *, parts: bool) -> list[Ref]:
    """List the models a block names, without this one."""
    return [r for r in refs_in(block, identity, parts=parts) if not is_own(r, identity)]


def _states(text: str) -> bool:
    """Say whether a text has a phrase that makes a name a parent, as `_said` looks for it in parts of the text."""
    return not text.isascii() or block_gates().states.may(text)  # `_far` needs a script in which the verb stands last


def linked(card: Card, identity: Identity) -> tuple[Statement, ...]:
    """List every other model the card's own sections link, load or write the id of, with no relation said."""
    found: list[Statement] = []
    for block in card.blocks[:MAX_BLOCKS]:
        if block.kind == "code":  # snippets of a copied card still load the model that was copied
            loaded = islice(LOADED.finditer(block.text[:MAX_CODE]), 20)
            rows = [Ref(m.start("id"), m.end("id"), m["id"], m["id"], "card-id") for m in loaded]
            rows = [r for r in rows if is_id(r.name) and not is_own(r, identity)]
            found += [Statement(r, "unknown", strong=False, place=cite_ref(card, block, r)) for r in rows]
            continue
        if block.citation or _section_role(card.path_of(block), identity) == "skip":
            continue
        refs = [r for r in refs_in(block) if not is_own(r, identity)]
        found += [Statement(r, "unknown", strong=False, place=cite_ref(card, block, r)) for r in refs]
    return tuple(found)


def _announces(block: Block) -> tuple[int, Relation] | None:
    """Say whether a block of a merge's card announces a list of the models that went into it."""
    text, words = block.text[-200:], lineage_patterns()
    led = text.rstrip(" *_\n").endswith((":", "：")) and words.list_merge.search(text)
    return (30, "merge") if (led or words.list_intro.search(text)) and len(block.text) < 600 else None


@lru_cache(maxsize=1024)  # most sections hold several blocks
def _section_role(path: tuple[str, ...], identity: Identity) -> str:
    """Say how to read a section: `parents` lists this model's parents, `skip` is about others, `own` is prose."""
    owner = section_whose(path, identity)
    title = path[-1] if path else ""
    if owner == "self":
        return "parents" if len(path) > 1 and lineage_patterns().labels.fullmatch(title.strip(" :")) else "own"
    said = lineage_patterns().labels.search(title) or lineage_patterns().list_intro.search(title)
    quotes = lineage_patterns().quoting.search(" ".join(path))
    return "parents" if owner == "base" and said and not quotes else "skip"


def _of_block(card: Card, block: Block, refs: list[Ref], path: tuple[str, ...], identity: Identity) -> list[Statement]:
    """Read every named model of a block in the sentence it stands in."""
    found: list[Statement] = []
    sure: list[Statement] = []  # said outright of this model, whatever the names
    last: tuple[Ref, Statement] | None = None
    for index, ref in enumerate(refs):
        back = max(0, ref.start - _SENTENCE)
        begin = max((m.end() for m in _STOP.finditer(block.text, back, ref.start)), default=back)
        stop = _STOP.search(block.text, ref.end)
        end = stop.start() if stop else len(block.text)
        near = last is not None and ref.start - last[0].end <= _GAP
        if last is not None and near and _JOIN.fullmatch(block.text, last[0].end, ref.start):
            said = Statement(ref, last[1].relation, last[1].strong, cite_ref(card, block, ref))
            found.append(said)
            last = (ref, said)
            continue
        start = max(begin, refs[index - 1].end if index else 0)
        until = min(end, refs[index + 1].start if index + 1 < len(refs) else end)
        before, after = block.text[start : ref.start], block.text[ref.end : until]
        match = _said(before, after, ref)
        sibling = index > 0 and refs[index - 1].id is None and refs[index - 1].start >= begin and len(before) < _NEAR
        if (
            match is None
            or (sibling and last is None)
            or _not_about(block.text[begin : ref.start], after, match, ref, path, identity)
        ):
            last = None
            continue
        said = Statement(ref, match.relation, match.strong, cite_ref(card, block, ref))
        if (
            said.strong
            and said.ref.id
            and lineage_patterns().outright.fullmatch(before)
            and match.before.search(before)
        ):
            sure.append(said)
        found.append(said)
        last = (ref, said)
    return [s for s in found if s in sure or not _is_child(s, identity)]


def _said(before: str, after: str, ref: Ref) -> Said | None:
    """Find the phrase that makes a name a parent."""
    tail = before[-(_GAP + 60) :]
    base = ref.name.lower().endswith(" base") or _BASE.match(after) is not None  # "trained on the Owl-7B base"
    for said in lineage_patterns().said:
        if any(_leads(said, m.group(), tail[m.end() :], ref, base=base) for m in said.before.finditer(tail)):
            return said
        if said.after.match(after[:60]) and (ref.id or (said.strong and said.relation == "finetune")):
            made = not said.strong and lineage_patterns().never.search(after[:_NEAR])  # "X を用いて生成した" data
            return None if made else said
    return _far(after) if ref.id else None


def _far(after: str) -> Said | None:
    """Find the verb of a sentence whose verb stands last: "X を Y でファインチューニング"."""
    words = lineage_patterns()
    match = words.far.match(after[:_FAR]) if not after[:_FAR].isascii() else None
    if match is None or words.never.search(match.group()):
        return None
    return next(said for said in words.said if said.strong and said.relation == "finetune")


def _leads(said: Said, phrase: str, gap: str, ref: Ref, *, base: bool) -> bool:
    """Say whether a phrase leads to a name, which is called a `base` or not, over the words between them."""
    raw = lineage_file()
    if len(gap) > _GAP or lineage_patterns().gap_stop.search(gap):
        return False
    label = " ".join(re.split(r"[\s_-]+", phrase.lower()))
    if (said.relation == "unknown" or label in raw.labels_only) and not _FILLER.fullmatch(gap):
        return False
    if label in raw.link_only:
        return (ref.how == "card-link" or base) and len(gap) < _NEAR
    if ref.id:
        return True
    if said.strong:
        return said.relation not in _NEED_ID and (label not in raw.labels_only or "model" in label)
    return label in raw.bare and len(gap) < _NEAR


def _not_about(  # noqa: PLR0917 - the sentence on both sides of the name
    sentence: str, after: str, said: Said, ref: Ref, path: tuple[str, ...], identity: Identity
) -> bool:
    """Say whether the sentence, up to the name, is about something other than this model."""
    words = lineage_patterns()
    if not said.strong and (words.thing.search(after[:25]) or words.thing.search(ref.name)):
        return True
    if said.relation in _PRAISED and words.aside.search(sentence):
        return True
    beside = words.labels.sub(" ", sentence)  # "base encoder model: X" speaks of no other encoder
    beside = words.used_to.sub(" ", beside)  # "we used the X dataset to fine-tune Y" speaks of this model
    if words.not_the_model.search(beside) and (not said.strong or said.relation in {"unknown", "finetune"}):
        return True
    if ref.how != "card-link" and not said.strong and not _speaks_of_self(sentence, identity):
        return True
    named = _ADDRESS.sub(" ", sentence) if "://" in sentence else sentence  # a bare address is nobody's name
    return whose(named, path, identity) != "self"


def _speaks_of_self(sentence: str, identity: Identity) -> bool:
    """Say whether a sentence up to a name has this model as its subject, or has none: "Based on X, ..."."""
    me = patterns().speakers.search(sentence)
    if me is not None and me.lastgroup == "me":
        return True
    return any(n.whose == "self" for n in names_in(sentence, identity)) or len(sentence.split()) <= _SHORT


def _is_child(said: Statement, identity: Identity) -> bool:
    """Say whether a name extends this model's own: then it was made from this model, not the other way round."""
    name = said.ref.name.rpartition("/")[2]
    own, theirs = tokens_of(identity.name), tokens_of(name)
    formats, quantized = lineage_patterns().formats, lineage_patterns().quantized
    shrunk = quantized.search(name) and not quantized.search(identity.name)
    if (shrunk or (formats.search(name) and not formats.search(identity.name))) and own <= theirs:
        return True
    if shrunk and same_name(name, identity.name):
        return True
    return bool(own) and own < theirs and said.relation in {"finetune", "unknown"}
