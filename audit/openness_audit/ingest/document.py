"""Make the document of an ingest from what was named, and what came of the audits; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.document.short import in_short
from openness_audit.ingest.findings import found_in, ingest_rules
from openness_audit.model.ingest import (
    SCHEMA_ID,
    BillReadDoc,
    ComparedDoc,
    Ingest,
    IngestFindingDoc,
    NamedDatasetDoc,
    NamedModelDoc,
    UnlocatedDoc,
)
from openness_audit.model.scan import ScannerDoc
from openness_audit.scan.code.findings import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openness_audit.ingest.gather import Gathered, Held, Places
    from openness_audit.ingest.reading import Read
    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch, Item
    from openness_audit.model.ingest import BillPlaceDoc
    from openness_audit.scan.code.wanted import Key

    Compared = tuple[tuple[ComparedDoc, str | None], ...]

_MOST_NAMES = 20


@dataclass(slots=True)
class Under:
    """An ingest under way.

    `documents` is what was read, by path; `gathered` what it names; `places` where everything stands. `compared` are
    the claims about each model that was audited, each with the rule it breaks; `heads` the present commits of models
    that are named at one.
    """

    documents: tuple[tuple[str, Read], ...]
    gathered: Gathered
    places: Places
    compared: dict[Key, Compared] = field(default_factory=dict)
    heads: dict[Key, str | None] = field(default_factory=dict)


def make_ingest(under: Under, batch: Batch, codes: Iterable[int], *, as_of: str, policy: str | None = None) -> Ingest:
    """Join an ingest.

    Args:
        under: what was read and compared.
        batch: the audits.
        codes: the exit codes so far.
        as_of: the day that is judged.
        policy: the path of the policy in force.

    Returns:
        The document. A model of its own that is named without saying where it is keeps it from being a pass.
    """
    places, gathered = under.places, under.gathered
    items = {item.asked: item for item in batch.items}
    models = []
    for key, held in gathered.models.items():
        item = items.get(key.text)
        named = _named(key, held, item, places)
        audit = item.audit if item else None
        models.append(_audited(named, audit, under.compared.get(key, ()), under.heads.get(key)) if audit else named)
    unlocated = tuple(
        UnlocatedDoc(name=thing.name, upstream=thing.upstream, place=places.at(path, thing.pointer))
        for path, thing in gathered.unlocated
    )
    missing = [exits.NO_VERDICT for row in unlocated if not row.upstream]
    return Ingest(
        schema=SCHEMA_ID,
        tool=ScannerDoc(name="modelaudit", version=version("openness-audit")),
        as_of=as_of,
        source="bill-of-materials",
        files=tuple(_read(path, read) for path, read in under.documents),
        policy=policy,
        models=tuple(models),
        findings=_findings(under.compared),
        datasets=tuple(
            NamedDatasetDoc(id=key.id, revision=key.revision, places=_named_at(held, places))
            for key, held in gathered.datasets.items()
        ),
        unlocated=unlocated,
        exit_code=exits.of_many([*codes, *missing]),
    )


def _read(path: str, read: Read) -> BillReadDoc:
    """Tell what was read of one file."""
    bill = read.bill
    return BillReadDoc(path=path, format=bill.format, version=bill.version, elements=bill.elements, doubts=bill.doubts)


def _findings(compared: Mapping[Key, Compared]) -> tuple[IngestFindingDoc, ...]:
    """Tell the claims that do not hold, the worst first."""
    rules = {rule.id: rule for rule in ingest_rules()}
    made = [
        IngestFindingDoc(
            rule=finding.rule,
            severity=finding.severity,
            title=finding.title,
            model=key.shown,
            message=finding.message,
            remediation=rules[finding.rule].remediation.text,
            places=row.places,
        )
        for key, rows in compared.items()
        for finding, row in found_in(key.text, rows)
    ]
    return tuple(sorted(made, key=lambda f: SEVERITIES[f.severity]))


def _named_at(held: Iterable[Held], places: Places) -> tuple[BillPlaceDoc, ...]:
    return tuple(dict.fromkeys(places.at(each.path, each.ref.pointer) for each in held))


def _named(key: Key, held: Sequence[Held], item: Item | None, places: Places) -> NamedModelDoc:
    """Tell a model that has no audit, or as far as it goes without."""
    problem = item.problem if item else None
    names = tuple(dict.fromkeys(each.thing.name for each in held if each.thing.name))[:_MOST_NAMES]
    return NamedModelDoc(
        id=key.id,
        revision=key.revision,
        names=names,
        upstream=all(each.thing.upstream for each in held),
        places=_named_at(held, places),
        audited=False,
        problem=problem.message if problem else None,
        hint=problem.hint if problem else None,
        exit_code=problem.code if problem else exits.AUDITED,
    )


def _audited(named: NamedModelDoc, audit: Audit, compared: Compared, head: str | None) -> NamedModelDoc:
    rows = tuple(row for row, _ in compared)
    cited = {name for row in rows for name in row.evidence}
    return NamedModelDoc(
        id=named.id,
        revision=named.revision,
        names=named.names,
        upstream=named.upstream,
        places=named.places,
        audited=True,
        compared=rows,
        evidence=tuple(row for row in audit.evidence if row.id in cited),
        head=head,
        **in_short(audit),
    )
