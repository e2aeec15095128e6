"""The vocabulary of how code names models (`rules/vocabulary/code-usages.yaml`), ready to ask."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct, field

from openness_audit.model.usages import Kind
from openness_audit.packaged import read_as

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = re.compile(r"[\s.\-]+")
LONGEST_KEY = 60


class Call(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"packages": "from"}):
    """One call that names a model; the fields are explained at the head of the data file."""

    call: str
    at: int | None
    names: tuple[str, ...]
    kind: Kind = "model"
    of: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    elsewhere: Literal["medium", "low", "none"] = "none"
    bare: str = "hub"
    task: int | None = None
    marked: bool = False

    def fits(self, receiver: str) -> bool:
        """Say whether the part before the call's own name is one this row is about."""
        return not self.of or any(
            receiver.startswith(of[:-1]) if of.endswith("*") else receiver == of for of in self.of
        )


class Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of keys that hold an id; `sure`: they hold nothing else."""

    kind: Kind
    names: tuple[str, ...]
    sure: bool = False


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command that names a model; `marked`: only behind an address of the Hub, `tagged`: `name:quantisation`."""

    words: tuple[str, ...]
    at: int | None = None
    flags: tuple[str, ...] = ()
    type_flags: tuple[str, ...] = ()
    revision_flags: tuple[str, ...] = ()
    marked: bool = False
    tagged: bool = False


class Placeholders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names that stand for a name to be filled in."""

    owners: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]


class FileKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which files get one kind of reading."""

    endings: frozenset[str]
    names: frozenset[str]


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole vocabulary, as its file says it."""

    libraries: frozenset[str]
    other_hubs: frozenset[str]
    calls: tuple[Call, ...]
    not_calls: frozenset[str]
    revisions: tuple[str, ...]
    repo_types: tuple[str, ...]
    keys: tuple[Key, ...]
    not_keys: frozenset[str]
    part_keys: frozenset[str]
    origin_keys: frozenset[str]
    argument_keys: frozenset[str]
    command_keys: frozenset[str]
    commands: tuple[Command, ...]
    any_flags: frozenset[str]
    revision_flags: frozenset[str]
    hosts: tuple[str, ...]
    address_marks: tuple[str, ...]
    not_owners: frozenset[str]
    kinds: dict[str, Kind]
    schemes: tuple[str, ...]
    canonical: frozenset[str]
    builders: frozenset[str]
    folders: frozenset[str]
    endings: frozenset[str]
    not_weights: frozenset[str]
    placeholders: Placeholders
    not_hub: tuple[str, ...]
    marks: tuple[str, ...]
    files: dict[str, FileKind]
    skipped_folders: dict[str, frozenset[str]]
    skipped_files: frozenset[str]


class KeyMeaning(Struct, frozen=True):
    """What a key says about its value."""

    kind: Kind
    sure: bool
    origin: bool = False


class Index(Struct, frozen=True, kw_only=True):
    """What is looked up often, made once from the words."""

    calls: dict[str, tuple[Call, ...]]
    keys: dict[str, KeyMeaning]
    not_hub: re.Pattern[str]
    marks: tuple[tuple[str, tuple[str, ...]], ...]  # a text, and names of which one must stand in the same file
    key: re.Pattern[str]
    slashed: re.Pattern[str]
    calls_in_text: re.Pattern[str]
    reading: dict[str, str] = field(default_factory=dict)  # `.py` or a whole name -> the kind of reading


@cache
def words() -> Words:
    """Read the data file. Raises RuleError where it does not fit."""
    return read_as("vocabulary/code-usages.yaml", Words)


@cache
def index() -> Index:
    """Make the tables and patterns."""
    w = words()
    calls: dict[str, tuple[Call, ...]] = {}
    for call in w.calls:
        calls[call.call] = (*calls.get(call.call, ()), call)
    names = "|".join(sorted(map(re.escape, calls), key=len, reverse=True))
    heads = "|".join(sorted({part for key in w.keys for name in key.names for part in name.split("_")[-1:]}))
    marks: list[tuple[str, tuple[str, ...]]] = [(mark, ()) for mark in w.marks]
    for call in w.calls:  # a name that says little counts only beside the name of its package
        beside = call.packages if call.elsewhere == "none" and call.packages else ()
        marks += [(f"{call.call}(", beside), (f"{call.call} (", beside)]
    reading = {f".{end}": kind for kind, files in w.files.items() for end in files.endings}
    return Index(
        calls=calls,
        keys={name: KeyMeaning(key.kind, key.sure) for key in w.keys for name in key.names},
        not_hub=re.compile("|".join(w.not_hub), re.IGNORECASE),
        marks=tuple(marks),
        key=re.compile(rf"(?:{heads})", re.IGNORECASE),
        slashed=re.compile(r"[\"'][\w.-]{2,96}/[\w.-]{2,96}[\"']"),
        calls_in_text=re.compile(rf"(?:(?<![\w.])([A-Za-z_][\w.]{{0,120}})\.)?(?<![\w])({names})\s{{0,8}}\("),
        reading=reading | {name: kind for kind, files in w.files.items() for name in files.names},
    )


def worth_reading(text: str) -> bool:
    """Say whether a text can name anything: a call, an address, or a key with a quoted `owner/name`."""
    known = index()
    for mark, beside in known.marks:
        if mark in text and (not beside or any(name in text for name in beside)):
            return True
    return known.slashed.search(text) is not None and known.key.search(text) is not None


def plain_key(key: str) -> str:
    """Spell a key in lower case with underscores: `modelId`, `model-id` and `MODEL_ID` are one."""
    return _JOINT.sub("_", _HUMP.sub("_", key[-LONGEST_KEY:]) if not key.isupper() else key[-LONGEST_KEY:]).lower()


@lru_cache(maxsize=8192)
def meaning_of(key: str) -> KeyMeaning | None:
    """Say what a key holds: by its whole name, or by how a longer one ends; None for any other."""
    w, found = words(), index().keys
    name = plain_key(key.strip("-"))
    if name in w.not_keys:
        return None
    if name in w.origin_keys:
        return KeyMeaning("model", sure=True, origin=True)
    name = name.strip("_")
    while name:
        if name in found:
            return found[name]
        name = name.partition("_")[2]
    return None


def reading_of(name: str) -> str | None:
    """Tell by a file's name how it is read; None for a kind that names no models."""
    low = name.lower()
    by_name = index().reading
    if low in by_name and not low.startswith("."):
        return by_name[low]
    if low in by_name:
        return by_name[low]
    stem, dot, end = low.rpartition(".")
    if dot and f".{end}" in by_name:
        return by_name[f".{end}"]
    head = low.partition(".")[0]
    return by_name.get(head) if stem and head in words().files["dockerfile"].names else None
