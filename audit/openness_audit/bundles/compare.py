"""The recorded audit against the one that a replay gives: equal, or what differs, and why that may be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from openness_audit.bundles.canonical import canonical, digest
from openness_audit.drift.changes import changes
from openness_audit.drift.snapshot import snapshot
from openness_audit.render.json import dumps, plain

if TYPE_CHECKING:
    from openness_audit.bundles.read import Bundle
    from openness_audit.model.audit import Audit
    from openness_audit.model.changes import Change


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a replay, `audit` not judged by a policy.

    `equal`: the recorded audit came out. Else `reasons` say what is not as it was then (none: nothing is), `changed`
    what that changed, `components` which levels moved, and `parts` names the parts of the document that differ.
    """

    equal: bool
    reasons: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    components: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def compare(bundle: Bundle, audit: Audit, text: str) -> Outcome:
    """Compare a replay with what was recorded.

    Args:
        bundle: the evidence, with the recorded audit.
        audit: the replay's document.
        text: the same as JSON.

    Returns:
        The outcome.
    """
    made = bundle.manifest
    if digest(text) == made.audit:
        return Outcome(equal=True)
    before = bundle.audit
    reasons = tuple(_reasons(bundle, audit))
    if before is None:
        return Outcome(equal=False, reasons=(*reasons, "the recorded audit is of another version of its schema"))
    new, old = json.loads(canonical(text)), json.loads(canonical(dumps(plain(before), indent=None)))
    if reasons and _content(old) == _content(new):  # another program wrote it, and says the same
        return Outcome(equal=True, reasons=reasons)
    parts = tuple(sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)))
    return Outcome(
        equal=False,
        reasons=reasons,
        changed=changes(snapshot(before), snapshot(audit)),
        components=tuple(_components(before, audit)),
        parts=parts,
    )


def _components(before: Audit, audit: Audit) -> list[str]:
    """Word the components whose level moved."""
    levels = [{c.id: c.availability for c in one.components} for one in (before, audit)]
    return [
        f"{name}: {levels[0].get(name, 'not asked')} -> {levels[1].get(name, 'not asked')}"
        for name in sorted(levels[0].keys() | levels[1].keys())
        if levels[0].get(name) != levels[1].get(name)
    ]


def _reasons(bundle: Bundle, audit: Audit) -> list[str]:
    """Say what is not as it was when the bundle was made."""
    made, now = bundle.manifest, audit.tool
    found = []
    if made.tool != f"{now.name} {now.version}":
        found.append(f"{made.tool} made it, and this is {now.name} {now.version}")
    then, rules = made.rules, now.ruleset
    if (then.digest, then.vocabulary_digest) != (rules.digest, now.vocabulary_digest):
        found.append(f"the rules are others: then {then.version}, now {rules.version}, with other digests")
    elif then.version != rules.version:
        found.append(f"the same rules were called {then.version}, and now {rules.version}")
    if made.as_of != audit.as_of:
        found.append(f"it was judged as of {made.as_of}, and now as of {audit.as_of}")
    return found


def _content(document: dict[str, Any]) -> Any:
    """Give a document without the program and rules that made it, and without the day."""
    return {key: value for key, value in document.items() if key not in {"tool", "as_of"}}
