"""One model, before and now -> its part of the document of changes. Pure."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec.structs import replace

from openness_audit import exits
from openness_audit.drift.changes import changes
from openness_audit.drift.cite import cited
from openness_audit.drift.snapshot import snapshot
from openness_audit.model.changes import (
    SCHEMA_ID,
    ChangesDoc,
    ComparerDoc,
    ModelChangesDoc,
    StateDoc,
)
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from typing import Literal

    from openness_audit.model.audit import Audit
    from openness_audit.model.changes import Change, Result
    from openness_audit.model.lock import Approval, Snapshot

_CODES: dict[Result, int] = {
    "same": exits.AUDITED,
    "changed": exits.AUDITED,
    "worse": exits.VIOLATED,
    "unknown": exits.NO_VERDICT,
}


def model_changes(
    asked: str,
    old: Snapshot,
    audit: Audit,
    *,
    approval: Approval | None = None,
    line: int | None = None,
    with_policy: bool = True,
) -> ModelChangesDoc:
    """Compare a model with what it was.

    Args:
        asked: what it was asked for as.
        old: what it was.
        audit: what it is.
        approval: who approved what it was.
        line: where it stands in the lock file.
        with_policy: whether the policy's results are compared; else only what they judge is.

    Returns:
        The model's part of the document, with the exit code it earns: worse or against the policy 1, else not
        determined 3.
    """
    new = snapshot(audit)
    if not with_policy:
        old, new = replace(old, policy=None), replace(new, policy=None)
    found = cited(changes(old, new), audit)
    ways = {change.direction for change in found}
    result: Result = "worse" if "worse" in ways else "unknown" if "unknown" in ways else "changed" if found else "same"
    judged = exits.of_audit(audit)[0] if with_policy else exits.AUDITED
    return ModelChangesDoc(
        asked=asked,
        result=result,
        code=exits.of_many([_CODES[result], judged]),
        old=_state(old),
        new=_state(new),
        changes=found,
        cautions=tuple(_cautions(old, new, audit, found)),
        approval=approval,
        line=line,
    )


def document(
    command: Literal["check", "diff"], models: Iterable[ModelChangesDoc], *, as_of: date, lock: str | None = None
) -> ChangesDoc:
    """Put the document together; its exit code is the worst of its models'."""
    rows = tuple(models)
    return ChangesDoc(
        schema=SCHEMA_ID,
        tool=ComparerDoc(name="modelaudit", version=version("openness-audit")),
        command=command,
        as_of=as_of.isoformat(),
        lock=lock,
        models=rows,
        code=exits.of_many(row.code for row in rows),
    )


def _state(side: Snapshot) -> StateDoc:
    return StateDoc(
        id=side.id,
        asked=side.asked,
        sha=side.sha,
        as_of=side.as_of,
        class_=side.class_,
        score_low=side.score_low,
        score_high=side.score_high,
        policy=side.policy,
        rules=side.rules.version,
    )


def _cautions(old: Snapshot, new: Snapshot, audit: Audit, found: Sequence[Change]) -> Iterator[str]:
    """Say what the comparison cannot tell, or what else may be behind it."""
    if old.id.lower() != new.id.lower():
        yield f"these are two models, {old.id} and {new.id}: `modelaudit compare` puts models side by side"
    if old.rules != new.rules and found:
        by = f"modelaudit {old.rules.program}, rules {old.rules.version}"
        now = f"modelaudit {new.rules.program}, rules {new.rules.version}"
        versions = f"{by}, and now by {now}" if by != now else f"{by}, of other words"
        yield f"it was read and judged by {versions}: that alone may be behind a change"
    if audit.run.offline:
        yield "audited offline: on what the cache holds, which may be older than the model"
    if old.sha == new.sha and old.sha is not None:
        return
    if not (old.texts_read and new.texts_read):
        yield "licence files could not be read, then or now: that their words are the same cannot be told"
    blind = sum(f.sha256 is None for f in new.weights.files)
    if blind:
        yield (
            f"the Hub gives no digest of {plural(blind, 'file')} of weights: another of the same size would not be seen"
        )
    if old.weights.cut or new.weights.cut:
        yield "the file listing is longer than an audit reads: not all files of weights were compared"
