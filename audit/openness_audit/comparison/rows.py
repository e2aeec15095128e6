"""The rows of a comparison that are read from verdict, criteria, profiles and findings. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.model.compare import CellDoc, ItemDoc, RowDoc
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.compare import Group
    from openness_audit.model.profiles import EuGpaiDoc, MofDoc, OsaidDoc, OsaiDoc

CRITERIA = {
    "data": "Training data",
    "weights": "Weights",
    "evaluation-code": "Evaluation code",
    "finetuning-code": "Fine-tuning code",
    "metrics": "Metrics",
}
SEVERITIES = ("error", "warning", "note")
OPEN_QUESTIONS = frozenset({"unknown", "not-determined", "not-known"})
NOT_HELD = "this audit does not hold it"
_NEXT = {"none": "III", "III": "II", "II": "I", "I": ""}
_MOF = {"none": 0.0, "III": 1.0, "II": 2.0, "I": 3.0}


def row(group: Group, name: str, title: str, cells: Sequence[CellDoc], *, ranks: bool = False) -> RowDoc:
    """Make a row; it differs where states, values, bounds or the things in its cells do, whatever the reasons say."""
    told = {(c.state, c.value, c.low, c.high, tuple(sorted((i.text, i.about) for i in c.items))) for c in cells}
    return RowDoc(id=name, group=group, title=title, differs=len(told) > 1, ranks=ranks, cells=tuple(cells))


def told_row(group: Group, name: str, title: str, cells: Sequence[CellDoc], *, ranks: bool = False) -> RowDoc:
    """Make a row whose things in the cells only explain: it differs where states, values or bounds do."""
    told = {(c.state, c.value, c.low, c.high) for c in cells}
    return RowDoc(id=name, group=group, title=title, differs=len(told) > 1, ranks=ranks, cells=tuple(cells))


def glance(audits: Sequence[Audit]) -> list[RowDoc]:
    """Compare what leads every report: the sentence, the class, the score and how much of it is known."""
    rows = [
        row("glance", "verdict", "Verdict", [CellDoc(value=a.verdict.sentence) for a in audits]),
        row("glance", "class", "Class", [CellDoc(value=a.verdict.class_) for a in audits]),
        row("glance", "score", "Score", [_score(a) for a in audits], ranks=True),
        row("glance", "coverage", "Criteria known", [CellDoc(value=_coverage(a)) for a in audits]),
        row("glance", "access", "Access to the weights", [CellDoc(state=_access(a)) for a in audits]),
    ]
    rows.append(row("glance", "evidence", "Evidence", [_evidence(a) for a in audits]))
    if any(a.verdict.policy for a in audits):  # first: it is what the page was asked for
        rows.insert(0, row("glance", "policy", "Policy", [_policy(a) for a in audits]))
    return rows


def days(audit: Audit) -> tuple[str, ...]:
    """Give the days on which the audit's evidence was read, or recorded, in order."""
    read = {e.retrieved_at[:10] for e in audit.evidence if e.retrieved_at}
    return tuple(sorted(read.union(*(kept.recorded for kept in audit.run.bundled))))


def _evidence(audit: Audit) -> CellDoc:
    span = " to ".join(dict.fromkeys((*days(audit)[:1], *days(audit)[-1:])))
    if any(kept.id == audit.subject.id for kept in audit.run.bundled):
        return CellDoc(state="bundled", value=span or None)
    return CellDoc(state="offline" if audit.run.offline else "live", value=span or None)


def _score(audit: Audit) -> CellDoc:
    score = audit.score
    value = None if score.value is None else str(score.value)
    state = "not-determined" if value is None else "determined"
    low, high = (float(min(100, max(0, end))) for end in (score.low, score.high))
    return CellDoc(state=state, value=value, low=low, high=high)


def _coverage(audit: Audit) -> str:
    applicable = [c for c in audit.criteria if c.status != "not-applicable"]
    return f"{sum(c.status != 'unknown' for c in applicable)} of {len(applicable)}"


def _access(audit: Audit) -> str:
    return {True: "gated", False: "free", None: "not-known"}[audit.verdict.gated]


def _policy(audit: Audit) -> CellDoc:
    policy = audit.verdict.policy
    if policy is None:
        return CellDoc(state="none")
    stands = {"violated": [c.id for c in policy.clauses if c.met == "violated"]}
    stands["not known"] = [c.id for c in policy.clauses if c.met == "unknown" and not c.accepted]
    stands["waived"] = [c.id for c in policy.clauses if c.met == "waived"]
    why = "; ".join(f"{word}: {', '.join(ids)}" for word, ids in stands.items() if ids)
    return CellDoc(state=policy.result, value=policy.name, why=why)


def criteria(audits: Sequence[Audit]) -> list[RowDoc]:
    """Compare the five criteria."""
    return [
        told_row("criteria", name, title, [_criterion(audit, name) for audit in audits], ranks=True)
        for name, title in CRITERIA.items()
    ]


def _criterion(audit: Audit, name: str) -> CellDoc:
    found = next((c for c in audit.criteria if c.id == name), None)
    if found is None:
        return CellDoc(state="unknown", why=NOT_HELD)
    counts = found.status != "not-applicable"
    return CellDoc(
        state=found.status,
        low=found.points_low if counts else None,
        high=found.points_high if counts else None,
        why=found.short or found.why,
    )


def profiles(audits: Sequence[Audit]) -> list[RowDoc]:
    """Compare what each framework makes of the models, where any of the audits was read by it."""
    rows = []
    if any(a.profiles.osaid for a in audits):
        cells = [_osaid(a.profiles.osaid) for a in audits]
        rows.append(told_row("profiles", "osaid", "Open Source AI Definition", cells, ranks=True))
    if any(a.profiles.mof for a in audits):
        cells = [_mof(a.profiles.mof) for a in audits]
        rows.append(told_row("profiles", "mof", "Model Openness Framework", cells, ranks=True))
    if any(a.profiles.osai for a in audits):
        cells = [_osai(a.profiles.osai) for a in audits]
        rows.append(told_row("profiles", "osai", "European Index", cells, ranks=True))
    if any(a.profiles.eu_gpai for a in audits):
        cells = [_eu(a.profiles.eu_gpai) for a in audits]
        rows.append(row("profiles", "eu-gpai", "EU AI Act: evidence found", cells))
    if any(a.disagreements for a in audits):
        cells = [CellDoc(items=tuple(ItemDoc(text=said) for said in a.disagreements)) for a in audits]
        rows.append(row("profiles", "disagreements", "Where they disagree", cells))
    return rows


def _osaid(found: OsaidDoc | None) -> CellDoc:
    if found is None:
        return CellDoc(state="not-determined", low=0.0, high=1.0, why=NOT_HELD)
    known, met = found.verdict != "not-determined", found.verdict == "conforms"
    return CellDoc(state=found.verdict, low=float(met), high=float(met or not known), why=found.why)


def _mof(found: MofDoc | None) -> CellDoc:
    if found is None:
        return CellDoc(state="not-determined", low=0.0, high=3.0, why=NOT_HELD)
    above = _NEXT[found.at_most]  # what keeps it from the class above the best it can have
    lacks = dict.fromkeys(gap.component for gap in found.missing if gap.class_ == above)
    unsure = dict.fromkeys(gap.component for gap in found.not_determined)
    said = [f"not determined: {', '.join(unsure)}"] if found.class_ == "not-determined" and unsure else []
    said += [f"for class {above} it lacks {', '.join(lacks)}"] if lacks else []
    return CellDoc(
        state="not-determined" if found.class_ == "not-determined" else "determined",
        value=None if found.class_ == "not-determined" else found.class_,
        low=_MOF[found.at_least],
        high=_MOF[found.at_most],
        why="; ".join(said),
    )


def _osai(found: OsaiDoc | None) -> CellDoc:
    if found is None:
        return CellDoc(state="not-determined", why=NOT_HELD)
    named = found.dimensions.items()
    unknown = [name.replace("_", " ") for name, dimension in named if dimension.status == "unknown"]
    return CellDoc(
        state="determined" if found.low == found.high else "not-determined",
        value=f"of {found.of}",
        low=found.low,
        high=found.high,
        why=f"not determined: {', '.join(unknown)}" if unknown else "",
    )


def _eu(found: EuGpaiDoc | None) -> CellDoc:
    if found is None:
        return CellDoc(state="not-determined", why=NOT_HELD)
    every = (*found.exemption, *found.duties)
    items = tuple(ItemDoc(text=item.question, about=item.result) for item in every)
    left: dict[str, list[str]] = {}
    for item in every:
        left.setdefault(item.result.replace("-", " "), []).append(item.id.replace("-", " "))
    found_, rest = left.pop("found", []), "; ".join(f"{how}: {', '.join(names)}" for how, names in sorted(left.items()))
    return CellDoc(value=f"{len(found_)} of {len(every)}", why=rest, items=items)


def questions(rows: Sequence[RowDoc]) -> list[RowDoc]:
    """Give the rows whose answers can be not determined."""
    return [r for r in rows if r.group in ("criteria", "uses", "profiles") and any(c.state for c in r.cells)]


def gaps(audits: Sequence[Audit], rows: Sequence[RowDoc]) -> list[RowDoc]:
    """Compare what is wrong, what is not determined in the rows above, and what was not checked."""
    asked = questions(rows)
    return [
        told_row("gaps", "findings", "Findings", [_findings(a) for a in audits]),
        row("gaps", "not-determined", "Not determined", [_open(asked, at) for at in range(len(audits))]),
        row("gaps", "not-checked", "Not checked", [_unchecked(a) for a in audits]),
    ]


def _findings(audit: Audit) -> CellDoc:
    told = [f for f in audit.findings if f.waiver is None]
    waived = len(audit.findings) - len(told)
    counts = [(name, sum(f.severity == name for f in told)) for name in SEVERITIES]
    said = [plural(count, name) for name, count in counts if count] + ([f"{waived} waived"] if waived else [])
    ranked = sorted(told, key=lambda f: SEVERITIES.index(f.severity))
    items = tuple(ItemDoc(text=f.title, about=f.severity) for f in ranked)
    return CellDoc(value=", ".join(said) or "none", items=items)


def _open(rows: Sequence[RowDoc], at: int) -> CellDoc:
    left = [r.title for r in rows if r.cells[at].state in OPEN_QUESTIONS]
    return CellDoc(value=f"{len(left)} of {len(rows)}", items=tuple(ItemDoc(text=title) for title in left))


def _unchecked(audit: Audit) -> CellDoc:
    items = tuple(ItemDoc(text=n.what, about=n.code) for n in audit.not_checked)
    return CellDoc(value=str(len(items)) if items else "nothing", items=items)
