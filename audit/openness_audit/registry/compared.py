"""Put the document of what changed between two scans together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.drift.changes import WORST_FIRST
from openness_audit.model.registry_changes import (
    SCHEMA_ID,
    FlowDoc,
    KindCountDoc,
    MoveCountDoc,
    MoveDoc,
    ScanChanges,
    ScanSideDoc,
)
from openness_audit.registry.history import moves
from openness_audit.registry.report import tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.model.registry import SourceDoc
    from openness_audit.registry.opened import Opened
    from openness_audit.ruleset import RuleSet

MOST = 2_000  # models in the document; the counts are of all
_NAMED = ("criterion-", "finding-", "class", "unread")  # kinds that say what they are about by a name of ours


def levels_of(rules: RuleSet) -> frozenset[str]:
    """Name the rules about the level of a component, whose findings the criteria tell already."""
    return frozenset(rule.id for rule in rules.rules if rule.kind == "component")


def scan_changes(
    old: Opened, new: Opened, rules: RuleSet, keep: Callable[[MoveDoc], None] = lambda _: None
) -> ScanChanges:
    """Say what changed between two scans.

    Args:
        old: the earlier scan.
        new: the later one; `keep_undecided` must have been called.
        rules: say which findings are about the level of a component.
        keep: is given every model that is not as it was, in the order of their names.

    Returns:
        The document; its size does not grow with the number of models above `MOST`.
    """
    levels = levels_of(rules)
    flows: Counter[tuple[str, str, str]] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, str, str]] = Counter()
    kept: dict[str, list[MoveDoc]] = {way: [] for way in WORST_FIRST}
    same = 0
    for one in moves(old, new, levels, flows):
        if one is None:
            same += 1
            continue
        counts[one.move, one.direction] += 1
        for kind in {(c.kind, c.about if c.kind.startswith(_NAMED) else "", c.direction) for c in one.changes}:
            kinds[kind] += 1
        keep(one)
        if len(kept[one.direction]) < MOST:
            kept[one.direction].append(one)
    told = [one for way in WORST_FIRST for one in kept[way]][:MOST]
    ways = {direction for _, direction in counts}
    return ScanChanges(
        schema=SCHEMA_ID,
        tool=tool(),
        old=_side(old),
        new=_side(new),
        cautions=tuple(_cautions(old, new)),
        same=same,
        moves=tuple(
            MoveCountDoc(move=move, direction=way, models=n)  # type: ignore[arg-type]  # of a `MoveDoc`
            for (move, way), n in sorted(counts.items(), key=lambda i: (WORST_FIRST.index(i[0][1]), -i[1], i[0]))
        ),
        kinds=tuple(
            KindCountDoc(kind=kind, about=about, direction=way, models=n)  # type: ignore[arg-type]  # a direction
            for (kind, about, way), n in sorted(kinds.items(), key=lambda i: (WORST_FIRST.index(i[0][2]), -i[1], i[0]))
        ),
        flows=tuple(
            FlowDoc(what=what, old=was, new=is_, models=n)  # type: ignore[arg-type]  # the words of `_flow`
            for (what, was, is_), n in sorted(flows.items(), key=lambda i: (i[0][0], -i[1], i[0]))
        ),
        models=tuple(told),
        left=sum(counts.values()) - len(told),
        code=exits.VIOLATED if "worse" in ways else exits.NO_VERDICT if "unknown" in ways else exits.AUDITED,
    )


def _side(scan: Opened) -> ScanSideDoc:
    run = scan.manifest
    return ScanSideDoc(
        folder=str(scan.path),
        as_of=run.as_of,
        program=run.tool.version,
        rules=run.tool.ruleset.version,
        source=run.source,
        policy=run.policy,
        state=run.state,
        models=scan.one("SELECT count(*) FROM models"),
        audited=scan.one("SELECT count(*) FROM models WHERE problem IS NULL"),
    )


def _cautions(old: Opened, new: Opened) -> Iterator[str]:
    """Say what else may be behind a change."""
    before, after = old.manifest, new.manifest
    if before.tool != after.tool:
        yield "the program or its rules are not the same in both scans: that alone may be behind a change"
    if (before.policy and before.policy.digest) != (after.policy and after.policy.digest):
        yield "the policy is not the same in both scans: its results cannot be compared with each other"
    if _choice(before.source) != _choice(after.source):
        yield "the models were not chosen in the same way: one that appears, or is missing, says little"
    if before.source.kind != after.source.kind:
        yield "one scan read other sources than the other: what it could not see is not a change of the model"
    for scan, word in ((before, "earlier"), (after, "later")):
        if scan.state != "finished":
            yield f"the {word} scan was not finished: models that it did not reach are not compared"
    if before.as_of > after.as_of:
        yield f"the earlier scan is of {before.as_of}, the later one of {after.as_of}: are they the wrong way round?"


def _choice(source: SourceDoc) -> tuple[object, ...]:
    """Give what says which models were meant; the next dump is another file and still the same choice."""
    place = source.path if source.kind in {"list", "bundles"} else None
    return source.kind, source.author, source.search, source.tags, source.sort, source.top, place
