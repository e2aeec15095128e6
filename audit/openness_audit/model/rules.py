"""Rules as data: what one YAML file under `rules/` may say."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

Effort: TypeAlias = Literal["low", "medium", "high"]
Severity: TypeAlias = Literal["error", "warning", "note"]
Confidence: TypeAlias = Literal["high", "medium", "low"]


class Signal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"args": "with"}):
    """A named check with its arguments, the level it gives when it is seen, and the words for why.

    `why` may use {object}, {count}, {names}, {few}, {detail} of the check's answer; `short` is the same in a few words.
    """

    check: str
    gives: Literal["open", "partial"]
    why: str
    short: str = ""
    args: dict[str, Any] = field(default_factory=dict)


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"args": "with"}):
    """A check that, when seen, holds the level at most at `most`; one that `denies` a signal replaces its sentence."""

    check: str
    most: Literal["partial", "closed"]
    why: str
    short: str = ""
    denies: bool = False
    args: dict[str, Any] = field(default_factory=dict)


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"args": "with"}):
    """A check that makes the question not applicable when it is seen."""

    check: str
    why: str
    short: str = ""
    args: dict[str, Any] = field(default_factory=dict)


class Remediation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a publisher can do, how much work it is, and, where there is one, text to add."""

    text: str
    effort: Effort
    patch: str | None = None


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question.

    A `component` rule has signals and gives a level; a `finding` rule has one `when` check per fault and makes a
    finding. `inherits` says, per derivation, how ancestors count: `own-or-parent` (the better),
    `own-or-parent-partial` (the same, but what comes from the ancestor counts as partial at most), `parent` (only the
    ancestor's), `combine` (both stages: all open is open, all closed is closed, else partial), `lowest` (merge).
    """

    id: str
    kind: Literal["component", "finding"]
    title: str
    question: str
    rationale: str
    remediation: Remediation
    since: str
    component: str | None = None
    criterion: str | None = None
    weight: int | None = None
    signals: tuple[Signal, ...] = ()
    caps: tuple[Cap, ...] = ()
    not_applicable: tuple[Condition, ...] = ()
    inherits: dict[str, Literal["own-or-parent", "own-or-parent-partial", "parent", "combine", "lowest"]] = field(
        default_factory=dict
    )
    own_stage: tuple[Condition, ...] = ()  # with `combine`: any seen means the subject has this stage of its own
    closed: str = ""  # the words for why it is closed
    closed_short: str = ""  # the same in a few words
    when: tuple[Condition, ...] = ()
    severity: Severity = "note"
    confidence: Confidence = "high"
    message: str = ""
    levels: dict[str, str] = field(default_factory=dict)  # what open, partial and closed mean, for help and docs
    references: tuple[str, ...] = ()
