"""Refuse what an audit cannot be asked for, before any request is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.wording import choices

if TYPE_CHECKING:
    from openness_audit.ruleset import RuleSet


def check_explain(explain: str, format_: str | None, rules: RuleSet) -> None:
    """Refuse --explain of something that is no component before any request is made."""
    if format_ not in (None, "text"):
        raise UsageError("--explain is told as text only", hint="leave -f away, or write other formats with -o")
    from openness_audit.render.text.explain import LICENSE_NAMES  # noqa: PLC0415 - only for --explain
    from openness_audit.scoring import PARTS  # noqa: PLC0415 - only for --explain

    parts = {r.component or r.id for r in rules.rules if r.kind == "component"}
    known = sorted(parts | PARTS.keys() | {LICENSE_NAMES[0]})
    if explain not in known and explain not in LICENSE_NAMES:
        raise UsageError(f"no component is named {explain!r}", hint=choices(explain, known))


def check_fix_card(format_: str | None, explain: str | None, *, many: bool) -> None:
    """Refuse what a patch cannot be printed beside, before any request is made."""
    if format_ is not None or explain is not None:
        raise UsageError("--fix-card prints a patch", hint="leave -f and --explain away, or write reports with -o")
    if many:
        raise UsageError("--fix-card patches one card at a time", hint="name one model")
