"""The words for one thing that changed, the same in every format. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.comparison.rows import CRITERIA
from openness_audit.licenses.clauses import vocabulary
from openness_audit.render.escape import clean
from openness_audit.wording import CODES

if TYPE_CHECKING:
    from openness_audit.model.changes import Change

COMMIT = 12  # characters of a commit or digest that are shown
KINDS = {
    "commit-moved": "commit moved",
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
_GATES = {"none": "no gate", "auto": "granted on asking", "manual": "granted by hand", "unknown": "not known"}
_ACCESS = {"not-found-or-private": "not found, or private", "missing": "not found, or private"}


def arrow(old: str | None, new: str | None) -> str:
    """Put old and new beside each other."""
    if old is None:
        return clean(new or "")
    if new is None:
        return f"was {clean(old)}"
    return f"{clean(old)} -> {clean(new)}"


def line(change: Change) -> str:
    """Word one change."""
    kind, about = KINDS[change.kind], clean(change.about)
    old, new = change.old, change.new
    if change.kind == "commit-moved":
        return f"{kind}: {arrow(short(old), short(new))}"
    if change.kind.startswith("criterion-"):
        return f"{CRITERIA.get(change.about, about)} {kind}: {arrow(old, new)}"
    if change.kind == "use":
        return f"{_uses().get(change.about, about)}: {arrow(_spaced(old), _spaced(new))}"
    if change.kind.startswith("obligation-"):
        return f"{kind}: {duty_title(change)}{f', {arrow(old, new)}' if old and new else ''}"
    if change.kind.startswith("finding-"):
        return f"{kind}: {about}{f' ({clean(change.why)})' if change.why else ''}"
    if change.kind.startswith("gate-"):
        return f"{kind}: {arrow(_GATES.get(old or '', old), _GATES.get(new or '', new))}"
    if change.kind == "code-moved":
        return f"{kind}: {about} {arrow(short(old), short(new))}"
    if change.kind == "policy-changed" and new is None:
        return f"policy {clean(old or '')} ({about}) judged then, and none is in force now"
    return _plain(change)


def with_why(change: Change) -> str:
    """Word one change with its reason, where it says more than that something could not be looked at."""
    told = change.kind == "unread" or change.kind.startswith("finding-")
    return line(change) + (f" ({clean(change.why)})" if change.why and not told else "")


def _plain(change: Change) -> str:
    """Word a change that is its kind, what it is about, old and new."""
    kind, about = KINDS[change.kind], clean(change.about)
    if change.kind == "unread":
        return f"{kind}: {about}{_unread(change)}"
    if change.kind == "code-gone":
        return f"{kind}: {about}"
    said = arrow(_ACCESS.get(change.old or "", change.old), _ACCESS.get(change.new or "", change.new))
    if change.kind.startswith("weights-"):
        return f"{kind}: {said}"
    named = f"{kind}: {about}" if about else kind
    return f"{named}, {said}" if about and said else f"{named}: {said}" if said else named


def _spaced(word: str | None) -> str | None:
    return word.replace("-", " ") if word else word


def short(commit: str | None) -> str:
    """Give the beginning of a commit, as people tell one from another by."""
    return commit[:COMMIT] if commit else "none"


def _unread(change: Change) -> str:
    cause = next((said for code, said in CODES.items() if code == change.new), "")
    was = f", was {clean(change.old)}" if change.old else ""
    return f" ({cause}){was}" if cause else was


def _uses() -> dict[str, str]:
    return {use.id: use.title for use in vocabulary().uses}


def duty_title(change: Change) -> str:
    """Name the demand."""
    titles = {term.id: term.title for term in vocabulary().terms} | {"unread": "licence texts not read"}
    return titles.get(change.about, clean(change.about)).lower()


def place(change: Change) -> str:
    """Say where the new state was read, in short."""
    if not change.evidence:
        return ""
    first = change.evidence[0]
    if first.path is None:
        return ""
    return f"{first.path}:{first.line}" if first.line else first.path
