"""Say that an audit is a replay: of when, and by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit


def replay_words(audit: Audit) -> str:
    """Say that an evidence bundle was audited again; nothing of any other audit."""
    made, by = audit.run.replay, audit.tool.ruleset
    if made is UNSET:
        return ""
    then = f"then {clean(made.ruleset.version)}, of other words"
    same = "those of then" if (made.ruleset, made.vocabulary_digest) == (by, audit.tool.vocabulary_digest) else then
    when = clean(made.recorded_at[:10])
    return (
        f"replay: from evidence recorded {when}; by rules {clean(by.version)}, {same}; the model may have changed since"
    )
