"""Make a bill of materials of one audit, or of all audits of a call together; reads no file and no clock."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from openness_audit.errors import NoVerdictError
from openness_audit.model.batch import STDIN, Item
from openness_audit.render.bom import licenses as bom_licenses
from openness_audit.render.bom import notes as bom_notes
from openness_audit.render.bom import parts as bom_parts
from openness_audit.render.bom.bill import Bom, Link, Note, Part, Place, reference
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch, Origin
    from openness_audit.model.scan import PlaceDoc

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


class Beside(Struct, frozen=True, kw_only=True):
    """What a bill holds that no audit tells of. `seen`: where parts are named in the user's files, by reference."""

    parts: tuple[Part, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    seen: dict[str, tuple[Place, ...]] = {}
    as_of: str = ""  # the day that is judged, where no audit says it


def of_audit(audit: Audit) -> Bom:
    """Give the bill of materials of one model."""
    return of_items(clean(audit.subject.id), (Item(asked=audit.subject.id, audit=audit),))


def of_batch(batch: Batch) -> Bom:
    """Give one bill of materials of several models; one that could not be audited is in it, and said to be so.

    Raises NoVerdictError where no model was audited: there is nothing to list, nor a date to list it by.
    """
    audits = [item.audit for item in batch.items if item.audit]
    if not audits:
        raise NoVerdictError("no model was audited, so there is no bill of materials", hint="see why above")
    alone = len(audits) == len(batch.items) == 1
    return of_items(clean(audits[0].subject.id) if alone else f"{len(batch.items)} models", batch.items)


def of_items(name: str, items: tuple[Item, ...], beside: Beside | None = None) -> Bom:
    """Give a bill of materials of models, by its name, with where the user's files name each."""
    more = beside or Beside()
    seen = {ref: dict.fromkeys(places) for ref, places in more.seen.items()}
    for item in items:
        seen.setdefault(model_of(item), {}).update(dict.fromkeys(named_at(item.origins)))
    missed = [_missed(item) for item in items if item.audit is None]
    made = _bom(
        name,
        [item.audit for item in items if item.audit],
        replace(
            more,
            parts=(*(part for part, _ in missed), *more.parts),
            notes=(*(note for _, note in missed), *more.notes),
        ),
    )
    return replace(made, parts=tuple(_seen_at(part, seen.get(part.ref)) for part in made.parts))


def model_of(item: Item) -> str:
    """Refer to the model of an item, audited or not."""
    if item.audit is not None:
        return bom_parts.model_ref(item.audit, item.audit.subject.id)
    return reference("model", batch_view.name_of(item), "not-audited")


def named_at(rows: Iterable[Origin | PlaceDoc]) -> tuple[Place, ...]:
    """Give where the user's files name something; what was read from standard input is in no file."""
    return tuple(dict.fromkeys((clean(row.path), row.line) for row in rows if row.path != STDIN))


def _seen_at(part: Part, places: Iterable[Place] | None) -> Part:
    return replace(part, seen=tuple(dict.fromkeys((*sorted(places, key=_by_line), *part.seen)))) if places else part


def _by_line(place: Place) -> tuple[str, int]:
    return place[0], place[1] or 0


def _missed(item: Item) -> tuple[Part, Note]:
    """Give the part of a model without an audit, and why there is none."""
    ref = model_of(item)
    part = Part(ref=ref, kind="model", name=batch_view.name_of(item), comment="not audited", missed=True)
    return part, Note(ref, "not-audited", f"could not be audited: {batch_view.problem_words(item)}.")


def _bom(name: str, audits: list[Audit], more: Beside) -> Bom:
    parts, links, notes = list(more.parts), list(more.links), list(more.notes)
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
        created=f"{max(more.as_of, *(audit.as_of for audit in audits), '')[:10]}T00:00:00Z",
        tool=_NAME,
        version=_one(audit.tool.version for audit in audits) or version("openness-audit"),
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
    return ", ".join(dict.fromkeys(clean(value) for value in values))


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
