"""What is said of a model and of all models that were compared, the same in every format. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from openness_audit.render.changes import words
from openness_audit.render.escape import clean
from openness_audit.wording import both, listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openness_audit.model.changes import Change, ChangesDoc, Direction, ModelChangesDoc, Result, StateDoc
    from openness_audit.model.lock import Entry, Snapshot

    Line: TypeAlias = tuple[Direction, str, str]  # which way, the words, and where that was read

_FEW = 3  # duties told by name in one line
RESULTS: dict[Result, str] = {
    "worse": "changed for the worse",
    "void": "approval void",
    "unknown": "cannot be determined",
    "not-audited": "not audited",
    "changed": "changed, not for the worse",
    "same": "as approved",
}
LEFT: tuple[Result, ...] = ("void", "not-audited")  # no changes are known of these
_TOLD_APART = frozenset({"commit-moved", "policy-result", "policy-changed"})  # by `commits` and `policy_line`
_QUIET = frozenset({"commit-moved", "card-changed", "code-moved"})  # what goes on in any living repository


def lines(model: ModelChangesDoc, *, every: bool) -> list[Line]:
    """Word the changes of a model, the worst first.

    Args:
        model: its part of the document.
        every: one line for each; else demands of one kind are gathered, and what only follows is left out.

    Returns:
        Which way, the words, and where that was read.
    """
    groups: list[list[Change]] = []
    gathered: dict[tuple[str, Direction], list[Change]] = {}
    for change in model.changes:
        if change.kind in _TOLD_APART and not every and not (change.kind == "policy-changed" and change.new is None):
            continue
        key = change.kind, change.direction
        if every or not change.kind.startswith("obligation-"):
            groups.append([change])
        elif key in gathered:
            gathered[key].append(change)
        else:
            gathered[key] = [change]
            groups.append(gathered[key])
    return [(group[0].direction, _together(group, every=every), words.place(group[0])) for group in groups]


def _together(found: Sequence[Change], *, every: bool) -> str:
    first = found[0]
    if len(found) == 1:
        return words.with_why(first) if every else words.line(first)
    kind = words.KINDS[first.kind].replace("demand", "demands")
    return f"{len(found)} {kind}: {listed(map(words.duty_title, found), _FEW)}"


def state(side: StateDoc) -> str:
    """Name one side: model, commit, and how it stands."""
    sha = f"@{words.short(side.sha)}" if side.sha else ""
    low, high = side.score_low, side.score_high
    score = str(low) if low == high else f"{low} to {high}"
    return f"{clean(side.id)}{sha}  {clean(side.class_)}  score {score}  as of {side.as_of}"


def counts(models: Iterable[ModelChangesDoc]) -> str:
    """Count the results, the gravest first: `2 changed for the worse, 1 not audited and 27 as approved`."""
    found = [model.result for model in models]
    return both([f"{found.count(name)} {said}" for name, said in RESULTS.items() if name in found])


NEXT = (
    "if a change is acceptable, approve again: modelaudit approve MODEL --approver NAME; until then use the approved "
    "commit, MODEL@COMMIT (-v has it whole)"
)


def headline(document: ChangesDoc) -> str:
    """Say in one sentence what came of it."""
    if document.command == "diff":
        (model,) = document.models
        return diff_line(model)
    return f"{plural(len(document.models), 'approved model')}: {counts(document.models)}"


def diff_line(model: ModelChangesDoc) -> str:
    """Count the changes of one model by their direction."""
    name = clean(model.new.id if model.new else model.asked)
    if not model.changes:
        return f"{name}: nothing changed"
    names: dict[Direction, str] = {
        "worse": "for the worse", "unknown": "not determined", "better": "for the better", "neutral": "neutral",
    }  # fmt: skip
    ways = [change.direction for change in model.changes]
    said = both([f"{ways.count(way)} {word}" for way, word in names.items() if way in ways])
    return f"{name}: {plural(len(ways), 'change')}, {said}"


def policy_line(model: ModelChangesDoc) -> str:
    """Say whether the policy's verdict still holds, and by which policy."""
    old, new = (side.policy if side else None for side in (model.old, model.new))
    if new is None:
        return ""
    said = {"met": "met", "violated": "violated", "no-verdict": "cannot be decided"}[new.result]
    clauses = next((f" ({clean(c.why)})" for c in model.changes if c.kind == "policy-result" and c.why), "")
    was = "no policy judged it then" if old is None else ""
    if old is not None:
        was = f"was {old.result.replace('-', ' ')}" if old.result != new.result else ""
        other = "the policy is another than then" if old.digest != new.digest else ""
        was = "; ".join(filter(None, (was, other)))
    return f"policy {clean(new.name)}: {said}{clauses}{f'; {was}' if was else ''}"


def policies(document: ChangesDoc) -> tuple[str, ...]:
    """Say which policy judged today, and how many models meet it; or that none did."""
    marks = [model.new.policy for model in document.models if model.new]
    if not marks:
        return ()
    words_ = {"met": "met by", "violated": "violated by", "no-verdict": "cannot be decided for"}
    found: dict[str, list[str]] = {}
    for mark in marks:
        name = f"policy {clean(mark.name)} ({clean(mark.path)})" if mark else ""
        found.setdefault(name, []).append(mark.result if mark else "")
    return tuple(
        f"{name}: {', '.join(f'{word} {results.count(key)}' for key, word in words_.items() if key in results)}"
        if name
        else "no policy is in force: what the models are allowed for is not judged"
        for name, results in found.items()
    )


def advice(document: ChangesDoc) -> tuple[str, ...]:
    """Say what to do next where anything is to be done."""
    told = [NEXT] if any(model.result in ("worse", "unknown") for model in document.models) else []
    changes = [change for model in document.models for change in model.changes]
    if any(change.kind == "unread" and change.new == "rate-limited" for change in changes):
        told.append(
            "some places were not read for a rate limit: set GITHUB_TOKEN and HF_TOKEN, which raise it, or wait"
        )
    return tuple(told)


def is_quiet(model: ModelChangesDoc) -> bool:
    """Say whether nothing changed but a commit or the words of the card, and nothing is to be minded."""
    return model.result == "changed" and not model.cautions and all(c.kind in _QUIET for c in model.changes)


def shared_cautions(document: ChangesDoc) -> tuple[str, ...]:
    """Give the cautions to tell once for all: those that several models share, or one that is not told by itself."""
    every = [caution for model in document.models for caution in model.cautions]
    alone = {caution for model in document.models if model.result == "same" for caution in model.cautions}
    return tuple(caution for caution in dict.fromkeys(every) if caution in alone or every.count(caution) > 1)


def names(models: Iterable[ModelChangesDoc]) -> list[str]:
    """Name models in order; those whose entry cannot be trusted with their line in the lock."""
    ordered = sorted(models, key=lambda m: m.asked.lower())
    return [f"{clean(m.asked)} (line {m.line})" if m.result == "void" and m.line else clean(m.asked) for m in ordered]


def without_changes(document: ChangesDoc) -> dict[tuple[Result, str, str], list[ModelChangesDoc]]:
    """Gather the models that could not be compared by why not: the void entries first, then those not audited."""
    found: dict[tuple[Result, str, str], list[ModelChangesDoc]] = {}
    for result in LEFT:
        for model in document.models:
            if model.result == result:
                why, hint = model.why.replace(model.asked, "the model"), model.hint.replace(model.asked, "MODEL")
                found.setdefault((result, why, hint), []).append(model)
    return found


def approved(model: ModelChangesDoc) -> str:
    """Say who approved it when."""
    found = model.approval
    if found is None:
        return ""
    ticket = f", {clean(found.ticket)}" if found.ticket else ""
    return f"approved {found.at[:10]} by {clean(found.approver)}{ticket}"


def commits(model: ModelChangesDoc, *, whole: bool = False) -> str:
    """Say at which commit it was, and is."""
    if model.old is None:
        return ""
    old = (model.old.sha or "none") if whole else words.short(model.old.sha)
    if model.new is None or model.old.sha == model.new.sha:
        return f"at {old}, as it is now" if model.new else f"at {old}"
    branch = f"revision {clean(model.old.asked)}" if model.old.asked else "the default branch"
    return f"at {old}; {branch} is now at {words.short(model.new.sha)}"


def of_entry(entry: Entry) -> str:
    """Say what was approved."""
    now = entry.snapshot
    low, high = now.score_low, now.score_high
    score = str(low) if low == high else f"{low} to {high}"
    licence = clean(now.effective.expression or now.effective.family)
    return f"{clean(entry.model)} at {words.short(now.sha)}: {clean(now.class_)}, score {score}, {licence}"


def under_policy(now: Snapshot) -> str:
    """Say which policy allowed it."""
    if now.policy is None:
        return "no policy is in force: it rests on the approver's word alone"
    return f"policy {clean(now.policy.name)} ({clean(now.policy.path)}) is met"


def blind(now: Snapshot) -> str:
    """Say what could not be read."""
    return f"approved without what could not be read: {listed((clean(p.what) for p in now.not_checked), _FEW)}"


def since(model: ModelChangesDoc) -> str:
    """Say which approval was replaced, and how much changed since."""
    found = len([change for change in model.changes if change.kind != "commit-moved"])
    what = plural(found, "change") + " since" if found else "nothing else changed since"
    moved = f"; {commits(model)}" if model.old and model.new and model.old.sha != model.new.sha else ""
    return f"it was {approved(model)}{moved}; {what}"
