"""Carry out `modelaudit policy waiver`: audit the model, and print an entry that holds for it as it is now."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base.output import check_place, emit, tell, write_files
from openness_audit.cli.base.target import parse_target
from openness_audit.cli.common.auditing import audit_one
from openness_audit.errors import NoVerdictError, UsageError
from openness_audit.model.policy import LONGEST_WAIVER_D
from openness_audit.policy.digests import license_digest
from openness_audit.policy.waiver_text import added
from openness_audit.wording import choices

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit

__all__ = ["Wish", "print_waiver"]

USUAL_D = 90
BLANK = '""  # FILL IN: why, in a sentence or two'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be waived, why and by whom."""

    clause: str | None
    finding: str | None
    reason: str
    approver: str
    text: str | None
    ticket: str | None
    expires: date | None
    into: Path | None = None


def print_waiver(services: Services, how: How, model: str, wish: Wish) -> int:
    """Audit a model and print a waiver, or add it to a file of waivers.

    Args:
        services: what to call.
        how: the shared options; the policy among them is the one that is waived.
        model: as the user named it.
        wish: what is to be waived.

    Returns:
        The exit code: 0 where there is an entry. Raises UsageError for a wish that no waiver can fulfil, NoVerdictError
        where the model cannot be audited, or has no commit that a waiver could hold for, and OutputError.
    """
    if (wish.clause is None) == (wish.finding is None):
        raise UsageError("a waiver is for a clause or for a finding", hint="give --clause ID or --finding ID")
    if wish.into is not None and not wish.text:
        raise UsageError("a waiver without a reason in words cannot be added to a file", hint="give --text WORDS")
    expires = wish.expires or how.as_of + timedelta(days=USUAL_D)
    last = how.as_of + timedelta(days=LONGEST_WAIVER_D)
    if not how.as_of <= expires <= last:
        raise UsageError(f"--expires {expires} is not between {how.as_of} and {last}", hint="a waiver runs for a year")
    if wish.clause is not None:
        _check_clause(how, wish.clause)
    target = parse_target(model, is_directory=os.path.isdir, endpoint=how.settings.endpoint)
    rules = services.load_rules(how.rules_dir)
    audit = audit_one(target, how, services, rules, f"auditing {target.id}")
    if audit.subject.sha is None:
        raise NoVerdictError(
            f"{audit.subject.id}: a waiver is for one commit, and a folder has none", hint="name a model"
        )
    for line in _told(audit, wish):
        if not how.quiet:
            tell(line)
    entry = _entry(audit, wish, how.as_of, expires)
    if wish.into is not None:
        _add(wish.into, entry, quiet=how.quiet)
        return exits.AUDITED
    emit(entry, machine=True)
    if not how.quiet:
        tell("note: add this to `waivers` of the policy, or of a file that its `waiver-files` names")
    return exits.AUDITED


def _add(path: Path, entry: str, *, quiet: bool) -> None:
    """Add an entry to a file of waivers, whole or not at all."""
    check_place(path)
    try:
        old = path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} cannot be read", hint="give --into a file of waivers in UTF-8") from problem
    text = added(old, entry)
    if text is None:
        raise UsageError(
            f"{path}: there is no sure place for the waiver in it",
            hint="leave --into away, and put what is printed where it belongs",
        )
    write_files([(path, text)])
    if not quiet:
        tell(f"added to {path}")


def _check_clause(how: How, name: str) -> None:
    policy = how.gate.policy
    if policy is None:
        raise UsageError("there is no policy whose clause could be waived", hint="name one with --policy FILE")
    known = {*policy.clauses, *(key for o in policy.overrides for key in o.clauses)}
    if name not in known:
        raise UsageError(f"the policy {policy.name} has no clause {name!r}", hint=choices(name, sorted(known)))


def _told(audit: Audit, wish: Wish) -> list[str]:
    """Word what would be waived; UsageError for a finding that is not there."""
    if wish.finding is not None:
        found = [f for f in audit.findings if wish.finding in (f.id, f.rule, f.fingerprint)]
        if not found:
            known = sorted({f.id for f in audit.findings})
            hint = choices(wish.finding, known) if known else "it has no findings"
            raise UsageError(f"{audit.subject.id} has no finding {wish.finding!r}", hint=hint)
        return [f"waives: {f.severity} {f.id}: {f.message or f.title}" for f in found]
    policy = audit.verdict.policy
    row = next((c for c in policy.clauses if c.id == wish.clause), None) if policy else None
    if row is None:
        return [f"note: the policy has no clause {wish.clause} for this model, so nothing needs the waiver"]
    if row.met == "met":
        return [f"note: the clause {row.id} is met, so nothing needs the waiver: {row.why}"]
    return [f"waives: {row.id}, {'not known' if row.met == 'unknown' else row.met}: {row.why}"]


def _entry(audit: Audit, wish: Wish, granted: date, expires: date) -> str:
    """Write the entry as YAML, every value quoted as it needs."""
    rows = [
        ("model", _quoted(audit.subject.id)),
        ("clause", _quoted(wish.clause) if wish.clause else ""),
        ("finding", _quoted(wish.finding) if wish.finding else ""),
        ("reason", wish.reason),
        ("text", _quoted(wish.text) if wish.text else BLANK),
        ("approver", _quoted(wish.approver)),
        ("ticket", _quoted(wish.ticket) if wish.ticket else ""),
        ("granted", granted.isoformat()),
        ("expires", expires.isoformat()),
        ("commit", _quoted(audit.subject.sha or "")),
        ("license-digest", license_digest(audit)),
    ]
    lines = [f"{key}: {value}" for key, value in rows if value]
    return "waivers:\n  - " + "\n    ".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a value so that YAML reads it as this very text: JSON strings are YAML."""
    import json  # noqa: PLC0415 - only here

    plain = text.replace("/", "").replace("-", "").replace("_", "").replace(".", "")
    if text.isascii() and plain.isalnum() and not plain.isdigit() and plain[0].isalpha():
        return (
            text if text.lower() not in ("true", "false", "yes", "no", "on", "off", "null", "y", "n") else f'"{text}"'
        )
    return json.dumps(text, ensure_ascii=True)
