"""Decide what kind of derivation a model is, and whether it had a tuning stage of its own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import tokens_of
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.lineage.gates import block_gates, speaks_of_merge
from openness_audit.collect.lineage.refs import Statement
from openness_audit.collect.lineage.words import lineage_file, lineage_patterns
from openness_audit.model.capture import Failure, RepoInfo, Text
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place
from openness_audit.model.facts_origins import Derivation, Parent, Relation

FEW_WORDS: Final = 40  # a card with fewer says nothing about tuning by its silence
_TEXT: Final = 5_000  # characters of a block that are read
_SPLIT = re.compile(r"[-_.\s]+")
_GOES_ON = re.compile(r"-([a-z][a-z0-9]+)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n\s*\n")
_ADAPTER_FILES = (
    "adapter_config.json",
    "adapter_model.bin",
    "adapter_model.safetensors",
    "pytorch_lora_weights.safetensors",
    "pytorch_lora_weights.bin",
)
_FULL_FILE = re.compile(
    r"^(?:pytorch_model|model|flax_model|tf_model|consolidated)[\w.-]*\.(?:bin|safetensors|msgpack|h5|pth)$"
)


class Seen(Struct, frozen=True):
    """Everything the decision looks at."""

    card: Card | None
    info: RepoInfo
    paths: tuple[str, ...]
    texts: dict[str, Text | Failure]
    identity: Identity
    parents: tuple[Parent, ...]
    relation: Relation | None
    statements: tuple[Statement, ...]
    shrunk: bool = False  # the Hub takes it for a quantization of a model with another name

    @property
    def parts(self) -> frozenset[str]:
        """Give the parts of the repository's name."""
        low = self.identity.name.lower()
        return frozenset(_SPLIT.split(low)) | frozenset(low.split("-"))

    @property
    def tags(self) -> frozenset[str]:
        """Give the Hub's tags and library, in lower case."""
        front = self.card.front_matter.values.get("tags") if self.card is not None else None
        written = [str(t) for t in front] if isinstance(front, list) else [front] if isinstance(front, str) else []
        return frozenset(t.lower() for t in (*self.info.tags, *written, self.info.library_name or ""))

    def copied(self, relation: Relation) -> bool:
        """Say whether the card states a copy of the very model that is the parent, and not of some other file."""
        ids = {p.id for p in self.parents if p.id}
        return any(s.relation == relation and s.strong and s.ref.id in ids for s in self.statements)

    @property
    def names_publisher(self) -> bool:
        """Say whether the card names who publishes the repository, which a card copied from another one does not."""
        org = re.escape(self.identity.org)
        named = re.compile(rf"(?<![\w/@-]){org}(?![\w/-])", re.IGNORECASE)
        blocks = self.card.blocks[:200] if self.card is not None and len(org) > 2 else ()
        return any(named.search(b.text[:5_000]) for b in blocks if b.kind != "code")

    def said(self, relation: Relation) -> bool:
        """Say whether the card states a relation outright."""
        return any(s.relation == relation and s.strong for s in self.statements)


@lru_cache(maxsize=1024)
def same_name(parent: str, name: str) -> bool:
    """Say whether a parent's id and a repository name differ in words for format, packaging and publisher only."""
    formats = lineage_patterns().formats
    org, _, theirs = parent.rpartition("/")
    left, right = (tokens_of(formats.sub(" ", n)) for n in (theirs, name))
    return bool(left) and (left == right or left == right - (tokens_of(org) - left))


def derivation_of(seen: Seen, *, tuned: bool | None) -> tuple[Derivation, bool]:
    """Decide the kind of derivation, and whether it is only the same publisher's re-packaging.

    A relation stated in metadata decides. Otherwise: adapter files without whole weights; a name, tag or statement of
    quantization; a merge of several; a change of format; the same name under another publisher; else a fine-tune.
    """
    names, tags = lineage_file().names, lineage_file().tags
    ids = [p.id or p.name for p in seen.parents]
    same = [i for i in ids if same_name(i, seen.identity.name)]
    stated: dict[Relation, Derivation] = {"adapter": "adapter", "quantized": "quantized", "merge": "merge"}
    files = {p.rpartition("/")[2].lower() for p in seen.paths}
    whole = any(_FULL_FILE.match(f) for f in files)
    ours = [i for i in same if i.partition("/")[0].lower() == seen.identity.org]
    copied_tag = seen.relation == "merge" and len(ids) == 1 and _quantized(seen, files)  # nothing merges one model
    if seen.relation in stated and not (seen.relation == "adapter" and whole) and not copied_tag:
        return stated[seen.relation], False
    own_tuning = seen.relation == "finetune" or seen.said("finetune") or seen.said("adapter")
    always = seen.parts & names.quantized_always or re.search(r"\dbpw|bpw\d", seen.identity.name.lower())
    converts = bool(seen.parts & (names.conversion - names.full) or seen.tags & tags.library_conversion)
    copied_card = seen.shrunk and not seen.names_publisher
    # tuned on quantized weights, whatever it is called and whatever else lies beside the adapter
    adapts = seen.info.library_name == "peft" and (seen.shrunk or seen.relation == "adapter")
    if not adapts and _quantized(seen, files) and (same or always or not own_tuning or copied_card):
        return "quantized", False
    if converts and copied_card:
        return "quantized", False
    if _adapter(seen, files, whole=whole):
        return "adapter", False
    if _merge(seen, ids):
        return "merge", False
    if ours and not seen.parts & (names.conversion - names.full):
        return ("finetune" if tuned else "base"), True
    if seen.copied("conversion") or (converts and (same or seen.said("unknown")) and seen.relation != "finetune"):
        return "conversion", False
    tuned_from = any(s.relation == "finetune" and s.ref.id in same for s in seen.statements)  # "Finetuning X on Y"
    if seen.copied("reupload") or (same and seen.relation != "finetune" and not own_tuning and not tuned_from):
        return "reupload", False
    return ("finetune" if ids or tuned else "base"), False


def _quantized(seen: Seen, files: set[str]) -> bool:
    names, tags = lineage_file().names, lineage_file().tags
    named = any(re.fullmatch(names.quantized_pattern, part) for part in seen.parts)
    if named or seen.parts & names.quantized or seen.said("quantized"):
        return True
    weights = [f for f in files if f.endswith((".gguf", ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5"))]
    only = bool(weights) and all(f.endswith(".gguf") for f in weights)
    same = any(same_name(p.id or p.name, seen.identity.name) for p in seen.parents)
    return same and (only or bool(seen.tags & tags.quantized) or "quantize_config.json" in files)


def _adapter(seen: Seen, files: set[str], *, whole: bool) -> bool:
    if files & set(_ADAPTER_FILES):
        return not whole
    if whole:
        return False
    tags, names = lineage_file().tags, lineage_file().names
    return bool(seen.tags & tags.adapter or seen.parts & names.adapter) or seen.said("adapter")


def _merge(seen: Seen, ids: list[str]) -> bool:
    tags, names = lineage_file().tags, lineage_file().names
    tagged = bool(seen.tags & tags.merge)
    if not ids:
        return tagged or _says_merged(seen)
    named = tagged or bool(seen.parts & names.merge)
    words = seen.card is not None and speaks_of_merge(seen.card.blocks[:200])
    if seen.said("merge") and len(ids) > 1:
        return True
    return (named and (len(ids) > 1 or words)) or (len(ids) > 1 and words)


def _says_merged(seen: Seen) -> bool:
    """Say whether the card tells of this model, and not of its data, that it was merged from others."""
    if seen.card is None:
        return False
    words = lineage_patterns()
    for block in seen.card.blocks[:80]:
        if block.kind in {"code", "table"} or block.citation or not block_gates().merged.may(block.text):
            continue
        for _, sentence in _split(block):
            found = words.merge_said.search(sentence)
            before = sentence[: found.start()] if found else ""
            if found and not words.not_the_model.search(before):
                path = seen.card.path_of(block)
                if whose(sentence, path, seen.identity, found.start()) == "self":
                    return True
    return False


def tuned_of(seen: Seen) -> tuple[bool | None, tuple[Place, ...]]:
    """Say whether the model had a tuning stage of its own, before its kind of derivation is known.

    A name such as `-chat`, a training library's tag, or a sentence about this model is evidence; so is a statement of
    continued pre-training against it. None: nothing is said.
    """
    names, tags = lineage_file().names, lineage_file().tags
    parent_parts = {w for p in seen.parents for w in _SPLIT.split((p.id or p.name).lower())}
    said, where = _sentences(seen)
    if re.search(r"\d[bm]-it\b", seen.identity.name.lower()):
        return True, where
    adapted = seen.parts & (names.adapter - names.adapting) or seen.tags & tags.adapter
    if adapted or (seen.parts - parent_parts) & names.tuned or (not seen.parents and seen.parts & names.tuned):
        return True, where
    if seen.tags & tags.tuned or seen.tags & tags.library_tuned:
        return True, where
    if said is not None:
        return said, where
    if seen.parents:
        return True, ()
    return (False if _only_pretrained(seen) else None), ()


def _only_pretrained(seen: Seen) -> bool:
    """Say whether silence about tuning means there was none: a card with content, about a model of no single task."""
    card = seen.card
    if card is None or sum(s.words for s in card.sections) < FEW_WORDS:
        return False
    if seen.info.pipeline_tag in lineage_file().task_pipelines:
        return False
    if seen.parts & lineage_file().names.base:
        return True
    said = lineage_patterns().pretrained_said
    return any(said.search(b.text) for b in card.blocks[:80] if b.kind not in {"code", "table"} and not b.citation)


def _sentences(seen: Seen) -> tuple[bool | None, tuple[Place, ...]]:
    """Read the card's own sentences: tuned, only pre-trained further, or silent."""
    if seen.card is None:
        return None, ()
    words = lineage_patterns()
    continued: list[Place] = []
    denied: list[Place] = []
    nouns = False
    for block in seen.card.blocks[:150]:
        if block.kind in {"code", "table", "html"} or block.citation or not block_gates().tells.may(block.text):
            continue
        path = seen.card.path_of(block)
        if section_whose(path, seen.identity) != "self":
            continue
        for start, sentence in _split(block):
            if words.not_tuned.search(sentence) and not words.tuned_said.search(words.not_tuned.sub(" ", sentence)):
                denied.append(cite_at(seen.card, block, start, start + len(sentence)))
                continue
            end = _tuned_at(sentence, seen.identity)
            nouns = nouns or bool(words.tuned_nouns.search(sentence))
            if not end and words.continued.search(sentence) and whose(sentence, path, seen.identity) == "self":
                continued.append(cite_at(seen.card, block, start, start + len(sentence)))
                continue
            introduced = end and _first_lines(seen.card, block) and not _of_sibling(sentence, seen.identity)
            if introduced and whose(sentence[:end], path, seen.identity) == "self":
                return True, (cite_at(seen.card, block, start, start + len(sentence)),)
    if continued:
        return (None if nouns else False), tuple(continued[:3])
    return (False, tuple(denied[:3])) if denied else (None, ())


def _tuned_at(sentence: str, identity: Identity) -> int:
    """Give where the words end that say a model was tuned, 0 where there are none."""
    words = lineage_patterns()
    if words.several.search(sentence) and words.several.search(words.both_said.sub(" ", sentence)):
        return 0
    for match in words.tuned_said.finditer(sentence):
        if not words.not_yet.search(sentence[max(0, match.start() - 40) : match.start()]):
            return match.end()
    found = words.tuned_is.search(sentence)
    if found and not words.not_yet.search(f"{found.group()[:12]} "):
        return found.end()
    for match in words.tuned_kind.finditer(sentence):
        near = sentence[match.end() : match.end() + 60].lower().lstrip(" ,:(（\"'*`")
        if any(near.startswith(alias) and not near[len(alias) :].startswith("-") for alias in identity.aliases):
            return match.end()
    return 0


def _of_sibling(sentence: str, identity: Identity) -> bool:
    """Say whether a sentence names a model whose name goes on behind this one's (`owl-7b-chat`), and never this one."""
    low, found = sentence.lower(), False
    for alias in identity.aliases:
        at = low.find(alias)
        while at >= 0:
            rest = _GOES_ON.match(low, at + len(alias))
            if rest is None or rest.group(1) in lineage_file().names.base:
                return False
            found, at = True, low.find(alias, at + 1)
    return found


def _first_lines(card: Card, block: Block) -> bool:
    """Say whether a block stands where a model is introduced: a base model's card speaks of tuning further down."""
    return block.section <= 4 or block.line - card.front_matter.line_end <= 60


def _split(block: Block) -> list[tuple[int, str]]:
    rows, at = [], 0
    for part in _SENTENCE.split(block.text[:_TEXT]):
        if part and part.strip():
            start = block.text.find(part, at)
            rows.append((start, part))
            at = start + len(part)
    return rows
