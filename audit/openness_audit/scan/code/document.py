"""Make the document of a scan from what was found and what came of the audits; pure."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

from openness_audit import exits
from openness_audit.document.short import in_short
from openness_audit.model.batch import Batch, Item, Origin
from openness_audit.model.scan import (
    SCHEMA_ID,
    DatasetUseDoc,
    PlaceDoc,
    Scan,
    ScanFindingDoc,
    ScannedDoc,
    ScannerDoc,
)
from openness_audit.model.usages import Code, Pinned, Usage
from openness_audit.scan.code.findings import SEVERITIES, found_in
from openness_audit.scan.code.wanted import Key, chosen, origins

_LEAST_FIRST: tuple[Pinned, ...] = ("no", "branch-or-tag", "not-resolvable", "commit")


def make_scan(
    code: Code, batch: Batch | None, codes: Iterable[int], *, as_of: str, with_low: bool, policy: str | None = None
) -> Scan:
    """Join a scan.

    Args:
        code: what was found in the files.
        batch: the audits of the models; None where only a list was asked for.
        codes: the exit codes so far.
        as_of: the day that is judged.
        with_low: places of low confidence were audited too.
        policy: the path of the policy in force.

    Returns:
        The document; a file that could not be read keeps it from being a pass.
    """
    models = chosen(code, "model", with_low=with_low)
    items = {item.asked: item for item in batch.items} if batch else {}
    unreadable = [exits.NO_VERDICT for u in code.unread if not u.partly]
    return Scan(
        schema=SCHEMA_ID,
        tool=ScannerDoc(name="modelaudit", version=version("openness-audit")),
        as_of=as_of,
        source="code",
        paths=code.roots,
        files=code.files,
        with_low=with_low,
        listed_only=batch is None,
        policy=policy,
        models=tuple(_model(key, usages, items.get(key.text)) for key, usages in models.items()),
        findings=_findings(models),
        datasets=tuple(
            DatasetUseDoc(id=key.id, revision=key.revision, pinned=_pinned(usages), places=_places(origins(usages)))
            for key, usages in chosen(code, "dataset", with_low=with_low).items()
        ),
        usages=code.usages,
        skipped=code.skipped,
        unread=code.unread,
        exit_code=exits.of_many([*codes, *unreadable]),
    )


def _findings(models: dict[Key, list[Usage]]) -> tuple[ScanFindingDoc, ...]:
    """Judge how each model is named; the worst first."""
    made = [
        ScanFindingDoc(
            rule=rule.id,
            severity=rule.severity,
            title=rule.title,
            model=key.shown,
            message=finding.message,
            remediation=finding.remediation.text,
            places=_places(origins(held)),
        )
        for key, usages in models.items()
        for rule, finding, held in found_in(key, usages)
    ]
    return tuple(sorted(made, key=lambda f: SEVERITIES[f.severity]))


def _pinned(usages: Iterable[Usage]) -> Pinned:
    """Give the least that a place pins."""
    found = {u.pinned for u in usages}
    return next(pinned for pinned in _LEAST_FIRST if pinned in found)


def _places(found: Iterable[Origin]) -> tuple[PlaceDoc, ...]:
    return tuple(PlaceDoc(path=o.path, line=o.line, column=o.column) for o in found)


def _model(key: Key, usages: list[Usage], item: Item | None) -> ScannedDoc:
    places = _places(origins(usages))
    audit = item.audit if item else None
    problem = item.problem if item else None
    if audit is None:
        return ScannedDoc(
            id=key.id,
            revision=key.revision,
            pinned=_pinned(usages),
            places=places,
            audited=False,
            problem=problem.message if problem else None,
            hint=problem.hint if problem else None,
            exit_code=problem.code if problem else exits.AUDITED,
        )
    return ScannedDoc(
        id=key.id,
        revision=key.revision,
        pinned=_pinned(usages),
        places=places,
        audited=True,
        **in_short(audit),
    )
