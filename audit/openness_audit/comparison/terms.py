"""The rows of a comparison that are read from the licence's terms: uses, conflicts, and who demands what. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from openness_audit.comparison.rows import NOT_HELD, SEVERITIES, row, told_row
from openness_audit.licenses.clauses import vocabulary
from openness_audit.model.compare import CellDoc, ItemDoc
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ConflictDoc, ObligationDoc, ResolvedLicense, UseDoc
    from openness_audit.model.compare import RowDoc

_VERDICTS = {"allowed": (2.0, 2.0), "conditions": (1.0, 1.0), "not-allowed": (0.0, 0.0), "not-determined": (0.0, 2.0)}
_ASKED = {"applies": "asked", "conditional": "asked-if", "unknown": "not-known"}
UNREAD = "unread"


def uses(audits: Sequence[Audit]) -> list[RowDoc]:
    """Compare the verdict on each use: allowed before allowed with conditions before not allowed."""
    return [
        told_row("uses", use.id, use.title, [_use(audit, use.id) for audit in audits], ranks=True)
        for use in vocabulary().uses
    ]


def _use(audit: Audit, name: str) -> CellDoc:
    found = next((u for u in audit.licenses.uses if u.use == name), None)
    verdict = found.verdict if found else "not-determined"
    low, high = _VERDICTS[verdict]
    low = low if _settled(audit) else 0.0  # terms that are not known may forbid what the known ones allow
    items = _reasons(found, audit) if found else ()
    return CellDoc(state=verdict, low=low, high=high, why=items[0].text if items else NOT_HELD, items=items)


def _reasons(use: UseDoc, audit: Audit) -> tuple[ItemDoc, ...]:
    """Give the reasons of a verdict, each once: what the terms of several models of the chain ask is one condition."""
    names = sorted((link.id for link in audit.licenses.chain), key=len, reverse=True)
    told: dict[str, ItemDoc] = {}
    for why in use.why:
        of = next((name for name in names if why.startswith(f"{name}: ")), "")
        text = why.removeprefix(f"{of}: ") if of else why
        told.setdefault(text, ItemDoc(text=text, of=of if of != audit.subject.id else ""))
    return tuple(told.values())


def licence(audits: Sequence[Audit]) -> list[RowDoc]:
    """Compare the licences, and what contradicts them."""
    rows = [
        row("licence", "license-own", "Licence of its own", [_resolved(a.licenses.own) for a in audits]),
        row("licence", "license-effective", "With its base models", [_resolved(a.licenses.effective) for a in audits]),
        row("licence", "conflicts", "Conflicts", [_conflicts(a.licenses.conflicts) for a in audits]),
    ]
    if any(a.licenses.notes for a in audits):
        rows.append(row("licence", "notes", "To be weighed", [_conflicts(a.licenses.notes) for a in audits]))
    return rows


def _resolved(found: ResolvedLicense) -> CellDoc:
    return CellDoc(state=found.family, value=found.expression, why=found.why)


def _conflicts(found: Sequence[ConflictDoc]) -> CellDoc:
    worst_first = sorted(found, key=lambda c: SEVERITIES.index(c.severity))
    items = tuple(ItemDoc(text=c.why, about=c.severity, of=" > ".join(c.path[1:])) for c in worst_first)
    counts = [(name, sum(c.severity == name for c in found)) for name in SEVERITIES]
    return CellDoc(value=", ".join(plural(count, name) for name, count in counts if count) or "none", items=items)


def obligations(audits: Sequence[Audit]) -> list[RowDoc]:
    """Join what the models demand, one row a kind of demand, the weightiest first; texts nobody read come last."""
    terms = {term.id: term for term in vocabulary().terms}
    order = {name: at for at, name in enumerate(terms)}

    def weight(name: str) -> tuple[bool, int, bool, int, int, str]:
        effects = list(terms[name].effects.values()) if name in terms else []
        limits = bool(effects) and terms[name].kind == "limitation"
        place = order.get(name, len(order))
        return name == UNREAD, -effects.count("forbids"), not limits, -effects.count("conditions"), place, name

    titles = {name: term.title for name, term in terms.items()} | {UNREAD: "Licence texts not read"}
    sheets = [_sheet(audit) for audit in audits]
    return [
        told_row(
            "obligations",
            f"asks.{name}",
            titles.get(name, name),
            [_duty(sheet, name) for sheet in sheets],
        )
        for name in sorted({name for sheet in sheets for name in sheet.duties}, key=weight)
    ]


class _Sheet(Struct, frozen=True):
    """What a model demands by kind, and what it means that a kind is not there."""

    audit: Audit
    duties: dict[str, list[ObligationDoc]]
    silence: str
    silence_of_texts: str


def _sheet(audit: Audit) -> _Sheet:
    """Gather what a model demands. Not to be demanded is known only where all terms that bind were read."""
    found: dict[str, list[ObligationDoc]] = {}
    for duty in audit.licenses.obligations:
        found.setdefault(duty.id, []).append(duty)
    read = audit.licenses.uses and audit.licenses.chain_complete is not False and _settled(audit)
    silent = "no-licence" if audit.licenses.effective.expression == "NONE" else "not-asked"
    unread = any(duty.status == "unknown" for duty in audit.licenses.obligations)
    return _Sheet(audit, found, silent if read and not unread else "not-known", silent if read else "not-known")


def _duty(sheet: _Sheet, name: str) -> CellDoc:
    """Say what a model demands of one kind."""
    found = sheet.duties.get(name, [])
    if not found:
        return CellDoc(state=sheet.silence_of_texts if name == UNREAD else sheet.silence)
    states = {_ASKED[duty.status] for duty in found}
    values = list(dict.fromkeys(duty.value for duty in found if duty.value))
    return CellDoc(
        state=next(state for state in _ASKED.values() if state in states),
        value=plural(len(found), "text") if name == UNREAD else ", ".join(values) or None,
        items=tuple(_item(duty, sheet.audit) for duty in found),
    )


def _item(duty: ObligationDoc, audit: Audit) -> ItemDoc:
    when = f", {duty.trigger}" if duty.status == "conditional" else ""
    return ItemDoc(
        text=duty.what,
        about=f"{duty.clause}{when}",
        of=duty.source if duty.source != audit.subject.id else "",
    )


def _settled(audit: Audit) -> bool:
    """Say whether it is known whose terms bind and which they are; a base model that nobody names leaves that open."""
    effective = audit.licenses.effective
    return effective.family != "unknown" and effective.expression not in ("NOASSERTION", "")
