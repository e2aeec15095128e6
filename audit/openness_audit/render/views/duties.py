"""Words that all reports share on what adopting a model asks: the weightiest first, the unread counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.licenses.clauses import vocabulary
from openness_audit.render.escape import clean
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ObligationDoc

STATUSES = {
    "applies": "Asked of everyone who uses it",
    "conditional": "Asked with the use or above the threshold that is named",
    "unknown": "Not known: have these texts read",
}
_STATUS_ORDER = ("applies", "conditional", "unknown")
WEIGHTIEST = 3


def duty_words(row: ObligationDoc) -> str:
    """Name an obligation in a few words: its term, with what the words are about."""
    term = next((term for term in vocabulary().terms if term.id == row.id), None)
    if term is None:
        return clean(row.what)
    value = clean(row.value or "")
    if value.isdigit():
        value = f"{int(value):,}"
    elif value and '"' in term.asks:
        value = f'"{value}"'
    title = term.title[:1].lower() + term.title[1:]
    return f"{title} {value}" if value and len(value) <= 48 else title


def weight(row: ObligationDoc) -> tuple[int, int, bool]:
    """Weigh an obligation: by how many uses its term forbids, then by for how many it is asked."""
    term = next((term for term in vocabulary().terms if term.id == row.id), None)
    if term is None or not term.effects:
        return (0, 0, False)
    if row.trigger == "any use":  # where it is conditional all the same, only in a case that its own words name
        asked = len(vocabulary().uses) if row.status == "applies" else 0
    else:
        asked = len(row.trigger.split("; "))
    return (list(term.effects.values()).count("forbids"), asked, row.status == "applies")


def weightiest(audit: Audit, most: int = WEIGHTIEST) -> list[ObligationDoc]:
    """Give the obligations that change most for the adopter, each term once; unread texts are not among them."""
    known = [row for row in audit.licenses.obligations if row.status != "unknown"]
    told: dict[str, ObligationDoc] = {}
    for row in sorted(known, key=weight, reverse=True):
        told.setdefault(duty_words(row), row)
    return list(told.values())[:most]


def unread_texts(audit: Audit) -> int:
    """Count the licences of the sheet whose demands are not known."""
    return len({row.clause for row in audit.licenses.obligations if row.status == "unknown"})


def obligations_words(audit: Audit, most: int = WEIGHTIEST) -> str:
    """Say the weightiest obligations in a line, and count the rest; nothing where there is no sheet."""
    return "; ".join(filter(None, [*map(duty_words, weightiest(audit, most)), duties_left(audit, most)]))


def duty_lines(audit: Audit) -> list[tuple[str, str]]:
    """Give the weightiest obligations with their clauses, for the summary."""
    rows = [(duty_words(row), clean(row.clause)) for row in weightiest(audit)]
    return [(words[:1].upper() + words[1:], clause) for words, clause in rows]


def duties_left(audit: Audit, most: int = WEIGHTIEST) -> str:
    """Count the obligations that are not among the weightiest, and the texts that were not read; or say nothing."""
    rows = audit.licenses.obligations
    left = sum(row.status != "unknown" for row in rows) - len(weightiest(audit, most))
    texts = unread_texts(audit)
    said = [f"{left} more"] if left else []
    said += [f"{plural(texts, 'licence text')} not read"] if texts else []
    return "; ".join(said)


def grouped(audit: Audit) -> list[tuple[str, list[ObligationDoc]]]:
    """Give the obligations by whether they apply to all, where something is done, or are not known."""
    rows = audit.licenses.obligations
    found = [(status, [row for row in rows if row.status == status]) for status in _STATUS_ORDER]
    return [(STATUSES[status], told) for status, told in found if told]


def asked_by(row: ObligationDoc, audit: Audit) -> str:
    """Name the base model whose terms ask for something, or nothing where the model's own do."""
    return clean(row.source) if row.source and row.source != audit.subject.id else ""


def trigger_words(row: ObligationDoc) -> str:
    """Say for what something is asked, or nothing where it is asked of everyone: `to serve as a product`."""
    if row.status != "conditional":
        return ""
    said = clean(row.trigger).replace("; ", ", ")
    return f"in {said}" if said == "any use" else f"to {said.replace('internal use', 'use it internally')}"
