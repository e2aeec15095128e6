"""Grade what an opened code repository holds for the subject: which roles, how fully, and by which files."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.files import (
    RepositoryFiles,
    RoleFiles,
    benchmarks_in,
    general_scripts,
    in_tool_folder,
)
from openness_audit.collect.code.links import path_name
from openness_audit.collect.code.names import SubjectNames
from openness_audit.collect.code.vocabulary import CodeRole, code_words
from openness_audit.model.card import Block, Card
from openness_audit.model.facts_origins import Role

Level: TypeAlias = Literal["full", "parts", "toolkit"]
MAX_PATHS: Final = 6  # cited per role
FULL_EVALUATION: Final = 2  # scripts or benchmarks that make an evaluation suite
_HEADING = 12  # words of a heading of instructions at most


class Opened(Struct, frozen=True):
    """What is known of an opened repository.

    `dedicated`: its name is the model's or family's. `named`: its README names the model, or the card names it as the
    model's code. `tool`: a general tool or a fork of one, of which only what names the model counts; `harness`: one
    that evaluates. `trusted`: under the publisher's organisation, or named after the model. `linked`: the paths in
    it that the card links; `hints`: the roles its words give.
    """

    names: SubjectNames
    files: RepositoryFiles
    dedicated: bool
    named: bool
    tool: bool
    harness: bool
    trusted: bool
    linked: tuple[str, ...]
    hints: frozenset[str]
    readme: Card | None


class Graded(Struct, frozen=True):
    """One role with its level, the paths that show it, and README blocks that instruct."""

    role: Role
    level: Level
    paths: tuple[str, ...]
    for_subject: bool
    blocks: tuple[Block, ...] = ()


def _named(paths: tuple[str, ...], names: SubjectNames, linked: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the paths that name the subject or lie below a path the card links."""
    deep = tuple(f"{path}/" for path in linked if path)
    return tuple(
        p for p in paths if (names.named_in(p) and not names.siblings_only([p])) or p.startswith(deep) or p in linked
    )


def _first(role: CodeRole, *groups: tuple[str, ...]) -> tuple[str, ...]:
    """Choose what to cite: group by group, files that say the role themselves before those whose folder does."""
    words = code_words()
    kept: list[str] = []
    for group in groups:
        said = [p for p in group if words.roles[role].path.search(path_name(p).rpartition("/")[2])]
        kept += [*said, *group]
    return tuple(dict.fromkeys(kept))[:MAX_PATHS]


def instructions(card: Card | None, role: Literal["training", "finetuning"]) -> tuple[Block, ...]:
    """Find headings of a README below which commands for a role stand; gives the heading and the code block."""
    if card is None:
        return ()
    words = code_words()
    for section in card.sections:
        title = section.title
        if not title or len(title.split()) > _HEADING:
            continue
        if not words.patterns[f"instruction_headings.{role}"].search(title):
            continue
        if role == "training" and words.roles["finetuning"].context.search(title):
            continue
        below = [b for b in card.blocks if section.line <= b.line <= section.line_end]
        code = next((b for b in below if b.kind == "code"), None)
        if code is not None:
            return (below[0], code)
    return ()


def _further(card: Card | None) -> bool:
    """Say whether the README speaks of fine-tuning as something for the users of the finished model."""
    if card is None:
        return False
    tuned, further = code_words().roles["finetuning"].context, code_words().patterns["further_words"]
    return any(
        tuned.search(b.text) and further.search(b.text)
        for b in card.blocks
        if b.kind in {"paragraph", "list-item", "heading"}
    )


def _finetuning_of_base(opened: Opened, names: SubjectNames) -> Graded | None:
    """A base model: any public way to fine-tune it in a repository of its own counts."""
    files = opened.files.roles["finetuning"]
    every = _first(
        "finetuning", _named(files.all, names, opened.linked), files.scripts, files.further, files.configs, files.docs
    )
    blocks = instructions(opened.readme, "finetuning")
    train = opened.files.train.scripts or opened.files.roles["training"].scripts
    if not every and not blocks:
        if "finetuning" in opened.hints and train:
            return Graded("finetuning", "full", _first("finetuning", train), for_subject=True)
        return None
    close = opened.trusted or opened.named or opened.dedicated or bool(opened.hints & {"finetuning"})
    runs = files.scripts or files.further or files.configs or files.docs or blocks
    return Graded("finetuning", "full" if runs and close else "parts", every, for_subject=close, blocks=blocks)


def _finetuning_of_derived(opened: Opened, names: SubjectNames) -> Graded | None:
    """A derived model: what made it; a way to tune it further is a toolkit."""
    tuning, train = opened.files.roles["finetuning"], opened.files.train
    variant = code_words().roles["finetuning"].path
    stack = _first("finetuning", train.all)
    if names.inherited:  # the base model's training scripts lie in the same repository
        train = RoleFiles(
            scripts=tuple(p for p in train.scripts if variant.search(p) or "finetuning" in opened.hints),
            configs=tuple(p for p in train.configs if variant.search(p)),
        )
    scripts = (*tuning.scripts, *train.scripts)
    configs = (*tuning.configs, *train.configs)
    named = _named((*scripts, *configs), names, opened.linked)
    rest = (*tuning.further, *tuning.docs, *train.further)
    blocks = instructions(opened.readme, "finetuning")
    if not scripts and not configs and not rest and not blocks:
        return Graded("finetuning", "parts", stack, for_subject=False) if stack else None
    if opened.tool:
        level: Level = "full" if named and scripts else "toolkit"
        return Graded("finetuning", level, _first("finetuning", named, scripts, configs), for_subject=bool(named))
    mine = bool(named) or opened.dedicated or opened.named
    if scripts and mine and (train.scripts or not _further(opened.readme) or any(p in named for p in tuning.configs)):
        return Graded(
            "finetuning", "full", _first("finetuning", named, scripts, configs), for_subject=True, blocks=blocks
        )
    level = "toolkit" if not scripts or mine else "parts"
    return Graded(
        "finetuning", level, _first("finetuning", named, scripts, configs, rest), for_subject=mine, blocks=blocks
    )


def _training(opened: Opened, names: SubjectNames, *, derived: bool) -> Graded | None:
    """Pre-training: complete with scripts (or instructions) and the configuration of this model."""
    files, train = opened.files.roles["training"], opened.files.train
    if derived and not names.inherited:
        train = RoleFiles()
    scripts = (*files.scripts, *train.scripts, *files.further)
    configs = (*files.configs, *train.configs)
    named = _named((*scripts, *configs), names, opened.linked)
    blocks = instructions(opened.readme, "training") if not opened.tool else ()
    if not named and opened.dedicated:
        named = scripts if configs or len(scripts) > 1 or blocks else ()
    models = _named(opened.files.other_configs, names, ())
    if not scripts and not configs and not blocks:
        return (
            Graded("training", "parts", _first("training", models), for_subject=True)
            if models and not derived
            else None
        )
    paths = _first("training", named, models, scripts, configs)
    if (scripts or blocks) and (named or models):
        return Graded("training", "full", paths, for_subject=True, blocks=blocks)
    if opened.tool and not named:
        return Graded("training", "toolkit", paths, for_subject=False)
    return Graded("training", "parts", paths, for_subject=opened.named or bool(models), blocks=blocks)


def _evaluation(opened: Opened, names: SubjectNames) -> Graded | None:
    """Evaluation: a suite or a general script is full, a script for one known benchmark is a part."""
    files = opened.files.roles["evaluation"]
    every = (*files.scripts, *files.further, *files.configs)
    named = _named(every, names, opened.linked)
    scripts = tuple(p for p in (*files.scripts, *files.further) if opened.tool or p in named or not in_tool_folder(p))
    configs = tuple(p for p in files.configs if opened.tool or p in named or not in_tool_folder(p))
    every = (*scripts, *configs)
    if not scripts or (names.siblings_only(list(every)) and not named):
        return None
    if opened.tool and not named:
        if not opened.harness:  # a framework's or fork's general evaluation says nothing of this model
            return None
        return Graded("evaluation", "toolkit", _first("evaluation", scripts), for_subject=False)
    mine = bool(named) or opened.dedicated or opened.named or (opened.trusted and "evaluation" in opened.hints)
    general, known = general_scripts(scripts), benchmarks_in(every)
    paths = _first("evaluation", named, general, scripts, configs)
    if not general and not known:
        if len(scripts) < FULL_EVALUATION or not (opened.hints & {"evaluation"} or named):
            return None
        return Graded("evaluation", "full" if mine else "parts", paths, for_subject=mine)
    whole = bool(general) or len(known) >= FULL_EVALUATION
    return Graded("evaluation", "full" if whole and mine else "parts", paths, for_subject=mine)


def _plain(role: CodeRole, opened: Opened, names: SubjectNames) -> Graded | None:
    """Data preparation, inference and architecture: scripts that are the model's own are full."""
    files = opened.files.roles[role]
    scripts = (*files.scripts, *files.further) if role != "architecture" else files.scripts
    if not scripts:
        return None
    named = _named(scripts, names, opened.linked)
    if opened.tool:
        return Graded(role, "full", _first(role, named), for_subject=True) if named else None
    mine = bool(named) or opened.dedicated or opened.named or role in opened.hints
    return Graded(role, "full" if mine else "parts", _first(role, named, scripts), for_subject=mine)


def _records(opened: Opened, names: SubjectNames) -> list[Graded]:
    """Results and training histories of this model that lie in the repository."""
    found: list[Graded] = []
    for role, paths in (("results", opened.files.results), ("training-history", opened.files.history)):
        kept = _named(paths, names, ())
        if kept:
            found.append(
                Graded(
                    "results" if role == "results" else "training-history", "full", kept[:MAX_PATHS], for_subject=True
                )
            )
    return found


def grade(opened: Opened, identity: Identity) -> tuple[Graded, ...]:
    """Grade every role of an opened repository for the subject.

    Args:
        opened: its sorted listing and what the card says of it.
        identity: the subject's names; `derivation` decides what fine-tuning code is.

    Returns:
        The roles found, in a fixed order. A role the card's words give, of which no file speaks, is a part where the
        repository holds code at all.
    """
    names = opened.names
    derived = identity.derivation != "base"
    tuning = _finetuning_of_derived(opened, names) if derived else _finetuning_of_base(opened, names)
    graded = [
        _training(opened, names, derived=derived),
        tuning,
        _evaluation(opened, names),
        _plain("data-preparation", opened, names),
        _plain("inference", opened, names),
        _plain("architecture", opened, names),
        *_records(opened, names),
    ]
    found = [g for g in graded if g is not None]
    have = {g.role for g in found}
    if opened.files.code and not opened.tool:
        spoken: tuple[Role, ...] = ("training", "finetuning", "evaluation", "data-preparation")
        missing = (role for role in spoken if role in opened.hints and role not in have)
        found += [Graded(role, "parts", (), for_subject=True) for role in missing]
    return tuple(found)
