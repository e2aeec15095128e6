"""The words for what changed, the same in every format: a line a change, sorted and gathered for people. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from openness_audit.comparison.rows import CRITERIA
from openness_audit.licenses.clauses import vocabulary
from openness_audit.render.escape import clean
from openness_audit.wording import CODES, both, listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openness_audit.model.changes import Change, ChangesDoc, Direction, ModelChangesDoc, Result, StateDoc
    from openness_audit.model.lock import Entry, Snapshot

    Line: TypeAlias = tuple[Direction, str, str]  # which way, the words, and where that was read

COMMIT = 12  # characters of a commit or digest that are shown
_FEW = 3  # duties told by name in one line
RESULTS: dict[Result, str] = {
    "worse": "changed for the worse",
    "void": "approval void",
    "unknown": "cannot be determined",
    "not-audited": "not audited",
    "changed": "changed, not for the worse",
    "same": "as approved",
}
_KINDS = {
    "model-renamed": "renamed",
    "card-changed": "card changed",
    "card-gone": "card gone",
    "card-added": "card added",
    "license-relabelled": "licence relabelled",
    "license-own": "licence of its own",
    "license-effective": "licence with its base models",
    "license-text-changed": "licence text changed",
    "license-text-gone": "licence text gone",
    "license-text-added": "licence text added",
    "gate-added": "gate added",
    "gate-removed": "gate removed",
    "gate-changed": "gate changed",
    "weights-replaced": "weights replaced",
    "weights-gone": "weights gone",
    "weights-added": "weights added",
    "base-model-gone": "base model gone",
    "base-model-back": "base model back",
    "base-model-access": "access to base model",
    "base-model-relicensed": "base model relicensed",
    "base-model-added": "base model named",
    "base-model-dropped": "base model no longer named",
    "data-gone": "data set gone",
    "data-back": "data set back",
    "data-access": "access to data set",
    "data-relicensed": "data set relicensed",
    "data-added": "data set named",
    "data-dropped": "data set no longer named",
    "code-gone": "code repository gone",
    "code-back": "code repository back",
    "code-moved": "code changed",
    "code-relicensed": "code relicensed",
    "code-added": "code repository linked",
    "code-dropped": "code repository no longer linked",
    "unread": "could not be looked at",
    "criterion-fell": "fell",
    "criterion-rose": "rose",
    "criterion-changed": "changed",
    "score": "score",
    "class": "class",
    "use": "use",
    "obligation-appeared": "new demand",
    "obligation-gone": "demand gone",
    "obligation-changed": "demand changed",
    "finding-appeared": "new finding",
    "finding-gone": "finding gone",
    "policy-result": "policy",
    "policy-changed": "policy changed",
}
_ACCESS = {"none": "no gate", "auto": "granted on asking", "manual": "granted by hand"}


def arrow(old: str | None, new: str | None) -> str:
    """Put old and new beside each other."""
    if old is None:
        return clean(new or "")
    if new is None:
        return f"was {clean(old)}"
    return f"{clean(old)} -> {clean(new)}"


def line(change: Change) -> str:
    """Word one change."""
    kind, about = _KINDS[change.kind], clean(change.about)
    if change.kind == "commit-moved":
        return f"commit moved: {arrow(*(_short(side) for side in (change.old, change.new)))}"
    if change.kind.startswith("criterion-"):
        return f"{CRITERIA.get(change.about, about)} {kind}: {arrow(change.old, change.new)}"
    if change.kind == "use":
        said = arrow(*(side.replace("-", " ") if side else None for side in (change.old, change.new)))
        return f"use, {_uses().get(change.about, about).lower()}: {said}"
    if change.kind.startswith("obligation-"):
        return f"{kind}: {_duty(change)}"
    if change.kind.startswith("gate-"):
        return f"{kind}: {arrow(*(_ACCESS.get(side or '', side) for side in (change.old, change.new)))}"
    if change.kind == "code-moved":
        return f"{kind}: {about} {arrow(*(_short(side) for side in (change.old, change.new)))}"
    if change.kind == "policy-changed" and change.new is None:
        return f"policy {clean(change.old or '')} ({about}) judged then, and none is in force now"
    if change.kind == "unread":
        return f"{kind}: {about}{_unread(change)}"
    said = arrow(change.old, change.new)
    if change.kind.startswith("weights-"):
        return f"{kind}: {said}"
    named = f"{kind}: {about}" if about else kind
    return f"{named}, {said}" if about and said else f"{named}: {said}" if said else named


def _short(commit: str | None) -> str:
    return commit[:COMMIT] if commit else "none"


def _unread(change: Change) -> str:
    cause = CODES.get(change.new or "", "") if change.new else ""  # type: ignore[call-overload]  # any word may stand there
    was = f", was {clean(change.old)}" if change.old else ""
    return f" ({cause}){was}" if cause else was


def _uses() -> dict[str, str]:
    return {use.id: use.title for use in vocabulary().uses}


def duty_title(change: Change) -> str:
    """Name the demand."""
    name = change.about.partition(" of ")[0]
    titles = {term.id: term.title for term in vocabulary().terms}
    return "licence texts not read" if name == "unread" else titles.get(name, name)


def _duty(change: Change) -> str:
    source = clean(change.about.partition(" of ")[2])
    said = arrow(change.old, change.new) if change.old and change.new else ""
    return f"{clean(duty_title(change))}{f', {said}' if said else ''}{f' (terms of {source})' if source else ''}"


def place(change: Change) -> str:
    """Say where the new state was read, in short."""
    if not change.evidence:
        return ""
    first = change.evidence[0]
    if first.path is None:
        return ""
    return f"{first.path}:{first.line}" if first.line else first.path


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
        if change.kind == "commit-moved":
            continue  # the head says it
        key = change.kind, change.direction
        if every or not change.kind.startswith("obligation-"):
            groups.append([change])
        elif key in gathered:
            gathered[key].append(change)
        else:
            gathered[key] = [change]
            groups.append(gathered[key])
    return [(group[0].direction, _together(group, every=every), place(group[0])) for group in groups]


def _together(found: Sequence[Change], *, every: bool) -> str:
    first = found[0]
    if len(found) == 1:
        return line(first) + (f" ({clean(first.why)})" if first.why and every else "")
    kind = _KINDS[first.kind].replace("demand", "demands")
    return f"{len(found)} {kind}: {listed((clean(duty_title(c)).lower() for c in found), _FEW)}"


def state(side: StateDoc) -> str:
    """Name one side: model, commit, and how it stands."""
    sha = f"@{side.sha[:COMMIT]}" if side.sha else ""
    low, high = side.score_low, side.score_high
    score = str(low) if low == high else f"{low} to {high}"
    return f"{clean(side.id)}{sha}  {clean(side.class_)}  score {score}  as of {side.as_of}"


def counts(models: Iterable[ModelChangesDoc]) -> str:
    """Count the results, the gravest first: `2 changed for the worse, 1 not audited and 27 as approved`."""
    found = [model.result for model in models]
    return both([f"{found.count(name)} {said}" for name, said in RESULTS.items() if name in found])


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
    """Say whether the policy's verdict still holds."""
    old, new = (side.policy if side else None for side in (model.old, model.new))
    if new is None:
        return ""
    said = {"met": "met", "violated": "violated", "no-verdict": "cannot be decided"}[new.result]
    was = f" (was {old.result.replace('-', ' ')})" if old and old.result != new.result else ""
    return f"policy {clean(new.name)}: {said}{was}"


def approved(model: ModelChangesDoc) -> str:
    """Say who approved it when."""
    found = model.approval
    if found is None:
        return ""
    ticket = f", {clean(found.ticket)}" if found.ticket else ""
    return f"approved {found.at[:10]} by {clean(found.approver)}{ticket}"


def commits(model: ModelChangesDoc) -> str:
    """Say at which commit it was, and is."""
    if model.old is None or model.new is None:
        return f"at {_short(model.old.sha)}" if model.old else ""
    old, new = _short(model.old.sha), _short(model.new.sha)
    branch = f"revision {clean(model.old.asked)}" if model.old.asked else "the default branch"
    return f"at {old}, as it is now" if old == new else f"at {old}; {branch} is now at {new}"


def of_entry(entry: Entry) -> str:
    """Say what was approved."""
    now = entry.snapshot
    low, high = now.score_low, now.score_high
    score = str(low) if low == high else f"{low} to {high}"
    licence = clean(now.effective.expression or now.effective.family)
    return f"{clean(entry.model)} at {_short(now.sha)}: {clean(now.class_)}, score {score}, {licence}"


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
