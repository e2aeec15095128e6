"""Words that every form of a registry's report shares. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.comparison.rows import CRITERIA
from openness_audit.licenses.families import OPEN, RESTRICTED
from openness_audit.render.changes import words as changes_words
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.wording import CODES, both, plural

if TYPE_CHECKING:
    from openness_audit.model.changes import Direction
    from openness_audit.model.registry import SourceDoc
    from openness_audit.model.registry_changes import KindCountDoc, MoveDoc, ScanChanges, ScanSideDoc
    from openness_audit.model.registry_report import Report, SharedDoc

_MORE_CODES = {
    "internal": "internal error", "crashed": "its process died", "unreadable": "neither card nor listing was read",
    "junk": "no row of a model",
}  # fmt: skip
_STATES = {
    "planning": "it had only been planned",
    "running": "it was not finished: it goes on, or was killed",
    "stopped": "it was stopped",
}
STANDS = {
    "unknown": "terms not known",
    "none-declared": "declares no licence",
    "restricted": "restricted terms",
}
NEXT = {
    "unknown": "resolve: find its terms (a token for gated models, a question to its publisher), then scan again",
    "none-declared": "resolve: ask its publisher for a licence, or use another base model",
    "restricted": "waive: accept its terms in the policy, or use another base model",
}
MOVES = {
    "changed": "changed",
    "appeared": "appeared",
    "gone": "gone, or private now",
    "not-audited": "could not be audited this time",
    "audited-again": "could be audited again",
    "not-listed": "no longer among the models asked for",
    "not-reached": "not reached by the later scan",
}
MOST_SHORT = 2
_APPEARED: dict[str, str] = {
    "worse": "appeared, and is against the policy",
    "unknown": "appeared, and the policy cannot be decided",
}
WAYS: dict[Direction, str] = {
    "worse": "for the worse", "unknown": "not determined", "better": "for the better", "neutral": "neutral",
}  # fmt: skip
CLEARS = (
    "Named by: models made from it, directly or further down. Holds back: those whose terms are not open, it being one "
    "of the reasons. Clears: those for which it is the only reason, so that their terms would be open if its own "
    "turned out to be open, or were accepted."
)
CLEARS_POLICY = (
    "Clears for the policy: models that break or leave open nothing but clauses on terms, which hang on it alone. "
    "Where that cannot be told, a model is not counted."
)
NO_POLICY_FILE = "The policy's file is not at hand as it was, so what would clear for the policy is not counted."


def number(count: int) -> str:
    """Write a count as people read it: `1,484`."""
    return f"{count:,}"


def share(count: int, of: int) -> str:
    """Say a share in percent; one that is not nought never reads 0 %, nor one that is not all 100 %."""
    if not of or count in (0, of):
        return "0 %" if not count else "100 %"
    percent = 100 * count / of
    return "under 1 %" if percent < 1 else "over 99 %" if percent > 99 else f"{percent:.0f} %"


def cause(code: str) -> str:
    """Word the code of a cause."""
    known = {str(name): said for name, said in CODES.items()} | _MORE_CODES
    return known.get(code) or clean(code).replace("-", " ")


def source(said: SourceDoc) -> str:
    """Say where the models come from."""
    if said.kind == "hub":
        parts = [f"models of {clean(said.author)}" if said.author else "models on the Hub"]
        parts += [f"with {clean(said.search)!r} in their id"] if said.search else []
        parts += [f"tagged {', '.join(map(clean, said.tags))}"] if said.tags else []
        parts += [f"the first {number(said.top)}" + (f" by {said.sort}" if said.sort else "")] if said.top else []
        return ", ".join(parts)
    place = clean(said.path or "").replace("\\", "/").rpartition("/")[2] or clean(said.path or "")
    if said.kind == "list":
        return "a list from standard input" if said.path == "-" else f"the list {place}"
    return f"the dump {place}" if said.kind == "dump" else f"the evidence in {place}"


def state(report: Report) -> str:
    """Say that a scan was not finished, and how far it is; nothing where it was."""
    if report.complete:
        return ""
    counts = report.scan.counts
    far = (
        f"{number(report.models)} of {number(counts.targets)} models"
        if counts.targets
        else f"{number(report.models)} models"
    )
    why = f" ({clean(report.scan.why)})" if report.scan.why else ""
    return f"{_STATES.get(report.scan.state, 'it was not finished')}{why}: {far} are in this report"


def audited(report: Report) -> str:
    """Count the models, those without an audit apart."""
    left = report.models - report.audited
    said = f"{number(report.models)} model{'' if report.models == 1 else 's'}, {number(report.audited)} audited"
    return f"{said}, {number(left)} could not be audited" if left else said


def open_now(report: Report) -> tuple[int, int]:
    """Count the models that declare open terms, and those that are under open terms with their base models."""
    declared = sum(f.declared for f in report.families if f.family in OPEN)
    return declared, sum(f.effective for f in report.families if f.family in OPEN)


def terms(family: str) -> str:
    """Say which terms a family of licences comes to."""
    if family in OPEN:
        return "open"
    return "restricted" if family in RESTRICTED else "unlicensed" if family == "none-declared" else "undetermined"


def tone(family: str) -> str:
    """Give the tone that a family is drawn in: the same shapes as levels have."""
    return {"open": "open", "restricted": "partial", "unlicensed": "closed", "undetermined": "unknown"}[terms(family)]


def policy(report: Report) -> str:
    """Count the policy's results in a sentence."""
    found = report.policy
    if found is None:
        return "no policy judged these models"
    return (
        f"policy {clean(found.name)}: {number(found.met)} meet it, {number(found.violated)} violate it, "
        f"{number(found.no_verdict)} cannot be decided"
    )


def clears(one: SharedDoc) -> int:
    """Give the larger of the two counts of models that an ancestor clears."""
    return max(one.clears, one.clears_policy or 0)


def advice(one: SharedDoc) -> str:
    """Say what to do about an ancestor, as the heading of a list would."""
    verb = {"unknown": "resolve or waive", "none-declared": "resolve or replace", "restricted": "waive or replace"}
    return f"{verb[one.stand]} {clean(one.id)}"


def side(one: ScanSideDoc) -> str:
    """Name one of two scans."""
    return f"{clean(one.folder)}, as of {one.as_of}: {number(one.models)} models, {number(one.audited)} audited"


def moved(found: ScanChanges) -> str:
    """Count what changed by direction, in a sentence."""
    by = {way: sum(m.models for m in found.moves if m.direction == way) for way in WAYS}
    said = [f"{number(n)} {WAYS[way]}" for way, n in by.items() if n]
    every = sum(by.values())
    return f"{plural_number(every, 'model')} changed, {both(said)}" if every else "nothing changed"


def plural_number(count: int, word: str) -> str:
    """Count a noun, with commas."""
    return plural(count, word).replace(str(count), number(count), 1)


def kind(one: KindCountDoc) -> str:
    """Name a kind of change."""
    said = changes_words.KINDS.get(one.kind, one.kind.replace("-", " "))
    about = CRITERIA.get(one.about, clean(one.about))
    if one.kind.startswith("criterion-"):
        return f"{about} {said}"
    return f"{said}: {about}" if about else str(said)


def move(one: MoveDoc) -> str:
    """Say in one line what became of a model."""
    if one.changes:
        return "; ".join(changes_words.line(c) for c in one.changes if c.kind != "commit-moved") or "commit moved"
    said = _APPEARED.get(one.direction, MOVES[one.move]) if one.move == "appeared" else MOVES[one.move]
    return f"{said}{f' ({cause(one.why)})' if one.why else ''}"


def short_move(one: MoveDoc) -> str:
    """Say the same for a narrow column: the gravest changes, and how many more there are."""
    told = [changes_words.line(c) for c in one.changes if c.direction == one.direction]
    if one.direction == "neutral" or not told:
        return move(one)
    left = len(one.changes) - len(told[:MOST_SHORT])
    return "; ".join(told[:MOST_SHORT]) + (f"; and {left} more" if left else "")


def family(name: str) -> str:
    """Say a licence family in words."""
    return view.family_words(name)
