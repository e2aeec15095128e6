"""What an audit says of a model, as the notes of a bill of materials: verdict, criteria, findings, and every gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.bom import parts as bom_parts
from openness_audit.render.bom.bill import Note
from openness_audit.render.bom.places import MOST_PLACES, at, places
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.audit_components import UnknownDoc


def of_audit(audit: Audit, about: str) -> Iterator[Note]:
    """Give the notes on the audited model: where everything else stands, they say what could not be known."""
    known = {row.id: row for row in audit.evidence}
    yield Note(about, "verdict", f"{_verdict(audit)} {view.NOTICE}")
    for row in audit.criteria:
        words = f"{clean(row.title)}: {row.status}; {clean(row.short or row.why)}."
        yield Note(about, f"criterion:{row.id}", words + _places(known, row.evidence))
    for finding in audit.findings:
        waived = f" Waived: {clean(finding.waiver.reason)}." if finding.waiver else ""
        yield Note(
            about,
            f"finding:{clean(finding.rule)}",
            f"{finding.severity} (confidence {finding.confidence}): {clean(finding.title)}: {clean(finding.message)}."
            f" What to do: {clean(finding.remediation.text)}{waived}{_places(known, finding.evidence)}",
        )
    told = {finding.rule for finding in audit.findings}
    for conflict in audit.licenses.conflicts:
        if conflict.kind in told:
            continue
        words = f"licence statements contradict each other: {clean(conflict.why)}."
        yield Note(about, f"conflict:{conflict.kind}", words + _places(known, conflict.evidence))
    yield from _gaps(audit, about, known)


def _verdict(audit: Audit) -> str:
    score = audit.score
    points = f"{score.value}" if score.value is not None else f"{score.low} to {score.high}"
    return f"{clean(audit.verdict.sentence)}. Class {clean(audit.verdict.class_)}; score {points} of 100."


def _gaps(audit: Audit, about: str, known: dict[str, EvidenceDoc]) -> Iterator[Note]:
    for row in audit.training_data:
        if not bom_parts.named(row):
            words = f"{clean(row.stage)} data is spoken of and not named."
            yield Note(about, "data-not-named", words + _places(known, row.evidence))
    for undecided in audit.undecided:
        yield Note(
            about, f"undecided:{clean(undecided.rule)}", f"could not be ruled out: {_unread(undecided.unknown)}."
        )
    for gap in audit.not_checked:
        yield Note(about, "not-checked", f"not checked: {clean(gap.what)}: {clean(gap.why)}.")
    if audit.licenses.chain_complete is False:
        yield Note(about, "chain-incomplete", "terms of base models could not all be read; others may bind, too.")


def _unread(causes: tuple[UnknownDoc, ...]) -> str:
    return "; ".join(dict.fromkeys(f"{clean(c.source)}: {clean(c.detail)}" for c in causes)) or "not read"


def _places(known: dict[str, EvidenceDoc], cited: tuple[str, ...]) -> str:
    """Say where the evidence stands: addresses only, never a stranger's words."""
    urls = [at(url, line) for url, line in places(known, cited)]
    shown = urls[:MOST_PLACES]
    more = f" and {len(urls) - len(shown)} more" if len(urls) > len(shown) else ""
    return f" Evidence: {' '.join(shown)}{more}" if shown else ""
