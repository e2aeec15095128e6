"""Sort the files of a code repository by the role their paths speak of."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from openness_audit.collect.code.links import path_name
from openness_audit.collect.code.vocabulary import CODE_ROLES, CodeRole, code_words, tool_names
from openness_audit.model.capture import Listing

MAX_FILES: Final = 40_000  # of one listing that are looked at

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


class RoleFiles(Struct, frozen=True):
    """The files of one role: `scripts` run it, `configs` set it up, `further` are meant for users of the model."""

    scripts: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Give scripts, then configurations, then the rest."""
        return (*self.scripts, *self.configs, *self.further)


class RepositoryFiles(Struct, frozen=True):
    """A listing, sorted.

    Files per role; `train` for files that say "train" without a stage; `other_configs` for configurations that speak of
    no role; results, histories, and how many files of code of any kind there are.
    """

    roles: dict[CodeRole, RoleFiles]
    train: RoleFiles
    other_configs: tuple[str, ...]
    results: tuple[str, ...]
    history: tuple[str, ...]
    code: int  # files of code of any kind


class _Sorter:
    """Collects paths under their roles."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, list[str]]] = {}

    def put(self, role: str, path: str, kind: str) -> None:
        self.found.setdefault(role, {}).setdefault(kind, []).append(path)

    def files(self, role: str) -> RoleFiles:
        kinds = self.found.get(role, {})
        return RoleFiles(**{kind: tuple(paths) for kind, paths in kinds.items()})


def _kind(path: str, name: str) -> str | None:
    """Tell what a file can be: a script, a configuration or instructions; None for anything else."""
    words = code_words()
    low = path.lower()
    if words.patterns["excluded_path"].search(low):
        return "docs" if low.endswith(tuple(words.sets["docs_endings"])) and low.startswith("doc") else None
    if low.endswith(tuple(words.sets["docs_endings"])):
        return "docs"
    config = low.endswith(tuple(words.sets["config_endings"])) or (low.endswith(".json") and "config" in low)
    if not config and not low.endswith(tuple(words.sets["code_endings"])):
        return None
    if words.patterns["further_path"].search(name):
        return "further"
    return "configs" if config else "scripts"


def _roles_of(name: str) -> list[str]:
    """Name the roles a path speaks of; a fine-tuning word wins over a pre-training one."""
    words = code_words()
    found: list[str] = [role for role in CODE_ROLES if words.roles[role].path.search(name)]
    if "finetuning" in found and "training" in found:
        found.remove("training")
    if "evaluation" in found and words.patterns["not_evaluation_path"].search(name):
        found.remove("evaluation")
    if not {"training", "finetuning", "evaluation", "data-preparation"} & set(found) and words.patterns[
        "train_path"
    ].search(name):
        found.append("train")
    return found


def sort_files(listing: Listing) -> RepositoryFiles:
    """Sort a repository's files by role, from their paths alone.

    Args:
        listing: the files at one commit.

    Returns:
        Paths per role in the order of the listing; tests, documentation, web sites and third-party folders are no
        evidence and are left out.
    """
    words = code_words()
    sorter = _Sorter()
    results, history, other = [], [], []
    code = 0
    for entry in listing.files[:MAX_FILES]:
        path = entry.path
        low = path.lower()
        code += low.endswith(tuple(words.sets["code_endings"]))
        name = path_name(_CAMEL.sub("_", path))
        if words.patterns["history_path"].search(low):
            history.append(path)
        elif low.endswith(tuple(words.sets["result_endings"])) and words.patterns["result_path"].search(name):
            results.append(path)
        kind = _kind(path, name)
        if kind is None:
            continue
        spoken = _roles_of(name)
        if not spoken and kind == "configs":
            other.append(path)
        for role in spoken:
            sorter.put(role, path, kind)
        if low.endswith(".ipynb") and name.rpartition("/")[2] in words.sets["benchmarks"]:
            sorter.put("evaluation", path, "scripts")
    roles = {role: sorter.files(role) for role in CODE_ROLES}
    return RepositoryFiles(
        roles=roles,
        train=sorter.files("train"),
        other_configs=tuple(other),
        results=tuple(results),
        history=tuple(history),
        code=code,
    )


def benchmarks_in(paths: tuple[str, ...]) -> frozenset[str]:
    """Name the public benchmarks that stand in paths."""
    known = code_words().sets["benchmarks"]
    found: set[str] = set()
    for path in paths:
        name = path_name(path)
        for step in name.split("/"):
            tokens = step.split("_")
            found |= known & {
                "_".join(tokens[i:j]) for i in range(len(tokens)) for j in range(i + 1, min(i + 3, len(tokens) + 1))
            }
    return frozenset(found)


def in_tool_folder(path: str) -> bool:
    """Say whether a path lies in a copy of a general tool (`finetune/Megatron-LM/...`)."""
    return any(step.lower() in tool_names() for step in path.split("/")[:-1])


def general_scripts(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the evaluation scripts that are not about one thing of their own (`eval.py`, `run_eval.sh`)."""
    pattern = code_words().patterns["generic_evaluation_stems"]
    return tuple(p for p in paths if pattern.search(path_name(p).rpartition("/")[2]))
