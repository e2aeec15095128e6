"""A row of an index -> what is kept of a model to be compared, and what changed between two of them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from openness_audit.drift.changes import weighed
from openness_audit.drift.facts import NOT_LOOKED, license_words, relabelled
from openness_audit.drift.judged import concluded
from openness_audit.model.changes import Change
from openness_audit.model.lock import (
    CardMark,
    CriterionMark,
    FindingMark,
    LicenseMark,
    PolicyMark,
    RulesMark,
    Snapshot,
    WeightsMark,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from openness_audit.model.registry import ScanRun

CRITERIA = ("data", "weights", "evaluation_code", "finetuning_code", "metrics")
COLUMNS = (
    "seq", "model", "ifnull(revision, '')", "problem", "sha", "class", "terms", "extent", "osaid", "gated",
    "score_low", "score_high", *CRITERIA, "license_declared", "license_declared_family", "license", "license_family",
    "license_effective", "license_effective_family", "policy",
)  # fmt: skip
POINTS = {"open": (20.0, 20.0), "partial": (10.0, 10.0), "closed": (0.0, 0.0), "unknown": (0.0, 20.0)}
_NO_DIGEST = "sha256:" + "0" * 64
_GATES = {0: "none", 1: "gated"}


class Side(NamedTuple):
    """One model of one scan; the fields are those of `COLUMNS`, then what was found, not ruled out, not looked at."""

    seq: int
    model: str
    revision: str
    problem: str | None
    sha: str | None
    class_: str | None
    terms: Any
    extent: Any
    osaid: Any
    gated: int | None
    score_low: int
    score_high: int
    data: Any
    weights: Any
    evaluation_code: Any
    finetuning_code: Any
    metrics: Any
    license_declared: str | None
    license_declared_family: str | None
    license: str | None
    license_family: str | None
    license_effective: str | None
    license_effective_family: str | None
    policy: Any
    found: frozenset[tuple[str, str]] = frozenset()  # rule and severity
    undecided: str = ""
    causes: frozenset[str] = frozenset()
    unmet: frozenset[tuple[str, str]] = frozenset()  # clause and how it stands

    @property
    def key(self) -> tuple[str, str]:
        """By which the same model of another scan is known."""
        return self.model, self.revision


def compared(side: Side) -> tuple[Any, ...]:
    """Give what makes two sides the same: all but the place in the scan, and what could not be ruled out."""
    return (*side[3:24], side.found, side.causes, side.unmet)


def changes(old: Side, new: Side, scans: tuple[ScanRun, ScanRun], levels: Collection[str]) -> tuple[Change, ...]:
    """Say what changed of a model that has a verdict on both sides.

    Args:
        old: what it was.
        new: what it is.
        scans: the manifests of both.
        levels: rules about the level of a component, which the criteria tell already.

    Returns:
        The changes, the worst first, by the ranks and words of `modelaudit diff`.
    """
    before, after = (_snapshot(side, scan, levels) for side, scan in zip((old, new), scans, strict=True))
    read = [*_read(old, new, before, after)]
    found = weighed(read, concluded(before, after))
    return tuple(_said(change, old, new) for change in found if change.kind != "policy-changed")


def _said(change: Change, old: Side, new: Side) -> Change:
    """Leave out points that a row does not hold, and name the clauses behind a policy's result."""
    if change.kind.startswith("criterion-"):
        words = [side and side.partition(",")[0] for side in (change.old, change.new)]
        return replace(change, old=words[0], new=words[1])
    if change.kind == "policy-result":
        fresh = sorted({clause for clause, met in new.unmet - old.unmet if met != "waived"})
        return replace(change, why=", ".join(fresh)) if fresh else change
    return change


def _read(old: Side, new: Side, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Give what changed of what was read: commit, gate, licence tag, and what could not be looked at."""
    if old.sha != new.sha:
        yield Change(kind="commit-moved", about="", old=old.sha, new=new.sha, direction="neutral")
    was, is_ = _GATES.get(old.gated or 0), _GATES.get(new.gated or 0)
    if old.gated is not None and new.gated is None:
        yield Change(kind="unread", about="gate", old=was, new=None, direction="unknown", why=NOT_LOOKED)
    elif old.gated is not None and was != is_:
        kind, way = ("gate-added", "worse") if new.gated else ("gate-removed", "better")
        yield Change(kind=kind, about="", old=was, new=is_, direction=way)  # type: ignore[arg-type]  # the literals above
    tags = before.declared, after.declared
    if tags[0] != tags[1]:
        way = relabelled(*tags, settled=False)
        words = [license_words(tag) for tag in tags]
        yield Change(kind="license-relabelled", about="", old=words[0], new=words[1], direction=way)
    for code in sorted(new.causes - old.causes):
        yield Change(kind="unread", about="some places", old=None, new=code, direction="unknown", why=NOT_LOOKED)


def _snapshot(side: Side, scan: ScanRun, levels: Collection[str]) -> Snapshot:
    """Fill in what a row holds; of all else both sides have the same nothing, so that it is not compared."""
    policy = scan.policy
    return Snapshot(
        id=side.model, asked=side.revision or None, sha=side.sha, as_of=scan.as_of, gated=None,
        card=CardMark(state="unknown"), texts=(), texts_read=False, terms_read=False,
        declared=_license(side.license_declared, side.license_declared_family),
        own=_license(side.license, side.license_family),
        effective=_license(side.license_effective, side.license_effective_family),
        weights=WeightsMark(digest=None), base_models=(), training_data=(), code_repositories=(),
        criteria=tuple(_criterion(name, getattr(side, name)) for name in CRITERIA),
        score_low=side.score_low, score_high=side.score_high, class_=side.class_ or "", terms=side.terms,
        extent=side.extent, osaid=side.osaid, uses=(), obligations=(),
        findings=tuple(FindingMark(id=rule, severity=grave) for rule, grave in side.found if rule not in levels),  # type: ignore[arg-type]  # a severity
        undecided=tuple(side.undecided.split()), license_digest=_NO_DIGEST,
        policy=PolicyMark(name=policy.name, digest=policy.digest, path=policy.path, result=side.policy)
        if policy and side.policy
        else None,
        not_checked=(),
        rules=RulesMark(program="", version="", digest="", vocabulary_digest=""),
    )  # fmt: skip


def _license(expression: str | None, family: str | None) -> LicenseMark:
    return LicenseMark(expression=expression, family=family or "unknown")


def _criterion(name: str, status: Any) -> CriterionMark:
    low, high = POINTS.get(status, (0.0, 0.0))
    return CriterionMark(id=name.replace("_", "-"), status=status or "unknown", low=low, high=high)
