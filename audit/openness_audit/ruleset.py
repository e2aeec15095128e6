"""Load the rules: every YAML file checked against its type, its checks and its own file name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import yaml
from msgspec import Struct

from openness_audit import checks, packaged
from openness_audit.errors import RuleError
from openness_audit.model.rules import Cap, Condition, Rule, Signal
from openness_audit.profiles.data import load_profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable

Folder: TypeAlias = "Path | Traversable"  # a file or folder, on a disk or in memory

RULESET_VERSION = "1.0.0"
FAMILIES = ("components", "findings")
PROFILES = ("profiles",)
VOCABULARIES = ("vocabulary", "licenses")


class RuleSet(Struct, frozen=True, kw_only=True):
    """The rules in force, sorted by id, with the digests that name them in a report."""

    rules: tuple[Rule, ...]
    version: str
    digest: str
    vocabulary_digest: str

    def get(self, rule_id: str) -> Rule | None:
        """Give the rule of this id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def _line_of(node: yaml.Node | None, path: str) -> int:
    """Give the line (from 1) of a msgspec path such as `$.signals[0].check` in a composed document."""
    line = node.start_mark.line + 1 if node else 1
    for part in path.replace("[", ".[").split(".")[1:]:
        if isinstance(node, yaml.SequenceNode) and part.startswith("[") and part[1:-1].isdigit():
            node = node.value[int(part[1:-1])]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        else:
            break
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _fail(name: str, text: str, problem: str) -> RuleError:
    path = problem.rsplit("at `", 1)[1].rstrip("`") if "at `" in problem else "$"
    line = _line_of(yaml.compose(text, yaml.CSafeLoader), path)
    return RuleError(f"{name}:{line}: {problem}", hint="mend the rule file; `modelaudit schema rule` prints its schema")


def parse_rule(text: str, name: str) -> Rule:
    """Read one rule file; `name` is its path for messages. Raises RuleError with path and line."""
    return _rule(packaged.parse(text, name), text, name)


def _rule(raw: object, text: str, name: str) -> Rule:
    """Check what a rule file says."""
    try:
        rule = msgspec.convert(raw, Rule)
    except msgspec.ValidationError as problem:
        raise _fail(name, text, str(problem)) from problem
    if rule.id != Path(name).stem:
        raise _fail(name, text, f"id {rule.id!r} must equal the file's name - at `$.id`")
    groups: dict[str, tuple[Signal | Cap | Condition, ...]] = {
        "signals": rule.signals,
        "caps": rule.caps,
        "not_applicable": rule.not_applicable,
        "when": rule.when,
        "own_stage": rule.own_stage,
    }
    for field, entries in groups.items():
        for index, entry in enumerate(entries):
            found = checks.REGISTRY.get(entry.check)
            if found is None:
                known = ", ".join(sorted(checks.REGISTRY))
                raise _fail(
                    name, text, f"no check named {entry.check!r} (known: {known}) - at `$.{field}[{index}].check`"
                )
            try:
                msgspec.convert(entry.args, found.args)
            except msgspec.ValidationError as problem:
                raise _fail(name, text, f"{entry.check}: {problem}") from problem
    return rule


def _files(families: Iterable[str]) -> list[tuple[str, str]]:
    """List `(family/name, text)` of the YAML and JSON files of the families, sorted by name."""
    found = []
    for family in families:
        below = packaged.place(family)
        if below.is_dir():
            found += [
                (f"rules/{family}/{entry.name}", _shipped(entry, f"rules/{family}/{entry.name}"))
                for entry in below.iterdir()
                if entry.name.endswith((".yaml", ".json"))
            ]
    return sorted(found)


def _shipped(file: Folder, name: str) -> str:
    """Read one file. Raises RuleError for what is no text: the rules need not be those installed."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise RuleError(f"{name}: it is not text in UTF-8") from problem


def _own(extra: Folder | None) -> list[tuple[str, Folder]]:
    """List an organisation's own rules, by their path below its folder: where that lies does not change what they say.

    Raises RuleError where there is no such folder.
    """
    if extra is None:
        return []
    if not extra.is_dir():
        raise RuleError(f"{extra}: not a folder of rules", hint="give --rules a folder that holds YAML rule files")
    if isinstance(extra, Path):
        return sorted((f"own/{path.relative_to(extra).as_posix()}", path) for path in extra.rglob("*.yaml"))
    return sorted(_below(extra, "own"), key=lambda row: row[0])


def _below(folder: Folder, name: str) -> Iterator[tuple[str, Folder]]:
    """Walk a folder that is on no disk."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".yaml"):
            yield f"{name}/{entry.name}", entry


def texts(extra: Folder | None = None) -> dict[str, str]:
    """Give every file that the digests of a rule set are made of, by name: `rules/...`, and `own/...` from `extra`.

    Raises RuleError for a file of `extra` that cannot be read.
    """
    return dict(_files((*FAMILIES, *PROFILES, *VOCABULARIES))) | {name: text for name, _, text in _own_texts(extra)}


def _digest(files: list[tuple[str, str]]) -> str:
    whole = hashlib.sha256()
    for name, text in files:
        whole.update(f"{name}\0{text}\0".encode())
    return f"sha256:{whole.hexdigest()}"


def _text(path: Folder) -> str:
    """Read a file of an organisation's own rules. Raises RuleError where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        said = getattr(problem, "strerror", None) or "it is not text in UTF-8"
        raise RuleError(f"{path}: it cannot be read: {said}") from problem


def _own_texts(extra: Folder | None) -> list[tuple[str, str, str]]:
    """Read an organisation's own rules: the name for the digest, the path for messages, and the text."""
    return [(name, str(path), _text(path)) for name, path in _own(extra)]


def digests() -> tuple[str, str]:
    """Give the digests of the rules and of the vocabularies in use, without an organisation's own, unread."""
    return _digest(_files(FAMILIES) + _files(PROFILES)), _digest(_files(VOCABULARIES))


def load_rules(extra: Folder | None = None) -> RuleSet:
    """Load the packaged rules and, from `extra`, an organisation's own (any depth of one folder; same ids replace).

    Raises RuleError for a file that does not fit.
    """
    shipped = _files(FAMILIES)
    values = packaged.parsed("rules", {name: text.encode("utf-8") for name, text in shipped})
    rules = {rule.id: rule for rule in (_rule(values[name], text, name) for name, text in shipped)}
    own = _own_texts(extra)
    rules |= {rule.id: rule for rule in (parse_rule(text, path) for _, path, text in own)}
    load_profiles()  # a profile that does not fit is refused before anything is judged by it
    return RuleSet(
        rules=tuple(rules[key] for key in sorted(rules)),
        version=packaged.version_in_use() or RULESET_VERSION,
        digest=_digest(shipped + [(name, text) for name, _, text in own] + _files(PROFILES)),
        vocabulary_digest=_digest(_files(VOCABULARIES)),
    )
