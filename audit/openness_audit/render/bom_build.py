"""Make a bill of materials of one audit, or of all audits of a call together; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.errors import NoVerdictError
from openness_audit.render import batch_view, bom_licenses, bom_notes, bom_parts, view
from openness_audit.render.bom import Bom, Link, Note, Part, reference
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch, Item

_NAME = "modelaudit"
_KINDS = (
    "verdict",
    "criterion",
    "finding",
    "conflict",
    "undecided",
    "data-not-named",
    "chain-incomplete",
    "not-checked",
)


def of_audit(audit: Audit) -> Bom:
    """Give the bill of materials of one model."""
    return _bom(clean(audit.subject.id), [audit], [], [])


def of_batch(batch: Batch) -> Bom:
    """Give one bill of materials of several models; one that could not be audited is in it, and said to be so.

    Raises NoVerdictError where no model was audited: there is nothing to list, nor a date to list it by.
    """
    audits = [item.audit for item in batch.items if item.audit]
    if not audits:
        raise NoVerdictError("no model was audited, so there is no bill of materials", hint="see why above")
    if len(audits) == len(batch.items) == 1:
        return of_audit(audits[0])
    missed = [_missed(item) for item in batch.items if item.audit is None]
    name = f"{len(batch.items)} models"
    return _bom(name, audits, [part for part, _ in missed], [note for _, note in missed])


def _missed(item: Item) -> tuple[Part, Note]:
    name = batch_view.name_of(item)
    part = Part(
        ref=reference("model", name, "not-audited"), kind="model", name=name, comment="not audited", missed=True
    )
    return part, Note(part.ref, "not-audited", f"could not be audited: {batch_view.problem_words(item)}.")


def _bom(name: str, audits: list[Audit], parts: list[Part], notes: list[Note]) -> Bom:
    links: list[Link] = []
    for audit in audits:
        own = bom_parts.subject(audit)
        held = list(bom_parts.files(audit))
        parts += [own, *held, *bom_parts.bases(audit), *bom_parts.data(audit), *bom_parts.code(audit)]
        links += [Link(own.ref, "contains", part.ref) for part in held]
        links += [*bom_parts.lineage(audit), *bom_parts.data_links(audit), *bom_parts.code_links(audit)]
        notes += bom_notes.of_audit(audit, own.ref)
    every = _once(parts)
    known = {part.ref for part in every}
    return Bom(
        name=name,
        created=f"{max(audit.as_of for audit in audits)[:10]}T00:00:00Z",
        tool=_NAME,
        version=_one(audit.tool.version for audit in audits),
        rules=_one(f"{audit.tool.ruleset.version} ({audit.tool.ruleset.digest})" for audit in audits),
        caution="; ".join(_caution(audit, alone=len(audits) == 1) for audit in audits if audit.run.bundled),
        parts=every,
        links=tuple(sorted({x for x in links if {x.source, x.target} <= known}, key=_values)),
        notes=tuple(sorted(set(notes), key=_rank)),
        refs=bom_licenses.references((part.terms for part in every), audits),
    )


def _caution(audit: Audit, *, alone: bool) -> str:
    """Say that an audit rests on a record that comes with the program: other evidence than a run's own answers."""
    said = view.offline_words(audit)
    return said if alone else f"{clean(audit.subject.id)}: {said}"


def _one(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(clean(value) for value in values)) or "unknown"


def _values(link: Link) -> tuple[str, str, str, str]:
    return link.source, link.bond, link.target, link.comment


def _rank(note: Note) -> tuple[str, int, str, str]:
    kind = note.kind.partition(":")[0]
    return note.about, _KINDS.index(kind) if kind in _KINDS else len(_KINDS), note.kind, note.text


def _once(parts: list[Part]) -> tuple[Part, ...]:
    """Keep each part once: as it was audited where it was; else as it was told first."""
    found: dict[str, Part] = {}
    for part in parts:
        if part.ref not in found or (part.subject and not found[part.ref].subject):
            found[part.ref] = part
    return tuple(sorted(found.values(), key=lambda part: (not part.subject, part.kind != "model", part.kind, part.ref)))
