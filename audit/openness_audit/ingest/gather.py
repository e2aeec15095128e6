"""From what documents name to what is audited: each model once a revision, with every thing that names it; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from openness_audit.ingest.nouns import LicenseText, Ref, Thing
from openness_audit.ingest.references import COMMIT
from openness_audit.model.batch import Origin, Wanted
from openness_audit.model.ingest import BillPlaceDoc
from openness_audit.scan.code.wanted import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openness_audit.ingest.reading import Read

FULL = 40  # hexadecimal digits of a whole commit id


class Held(Struct, frozen=True):
    """One thing of one document that names a model or a data set."""

    path: str
    thing: Thing
    ref: Ref
    texts: dict[str, LicenseText]


class Gathered(Struct, frozen=True):
    """What all documents name: models and data sets by key, and models of which they do not say where they are."""

    models: dict[Key, list[Held]]
    datasets: dict[Key, list[Held]]
    unlocated: tuple[tuple[str, Thing], ...]


def gather(documents: Sequence[tuple[str, Read]]) -> Gathered:
    """Group what documents name, in the order of the names.

    Args:
        documents: paths with what was read there.

    Returns:
        Each model and data set at each revision, once.
    """
    found: dict[str, dict[Key, list[Held]]] = {"model": {}, "dataset": {}}
    unlocated: list[tuple[str, Thing]] = []
    for path, read in documents:
        for thing in read.bill.things:
            for ref in thing.refs:
                key = Key(ref.id, revision(thing, ref))
                found[ref.kind].setdefault(key, []).append(Held(path, thing, ref, read.bill.texts))
            if thing.kind == "model" and not thing.refs:
                unlocated.append((path, thing))
    return Gathered(_sorted(found["model"]), _sorted(found["dataset"]), tuple(unlocated))


def _sorted(found: dict[Key, list[Held]]) -> dict[Key, list[Held]]:
    return {key: found[key] for key in sorted(found, key=lambda k: (k.id.lower(), k.id, k.revision or ""))}


def revision(thing: Thing, ref: Ref) -> str | None:
    """Give the revision that is audited: that of the reference, else a version that is a whole commit id.

    The version of a package URL is a commit (purl-spec, type huggingface); tools write release numbers there, too,
    which no repository knows.
    """
    said = ref.revision
    if said and (
        COMMIT.fullmatch(said) or not ref.pointer.endswith(("/purl", "Url", "referenceLocator", "identifier"))
    ):
        return said
    low = thing.version.lower()
    return low if said is None and COMMIT.fullmatch(low) and len(low) == FULL else None


def wanted(models: dict[Key, list[Held]], places: Places) -> tuple[Wanted, ...]:
    """Give what is to be audited, with where it is named."""
    return tuple(
        Wanted(key.text, tuple(dict.fromkeys(_origin(places.at(h.path, h.ref.pointer)) for h in held)))
        for key, held in models.items()
    )


def _origin(place: BillPlaceDoc) -> Origin:
    return Origin(path=place.path, line=place.line, column=place.column)


class Places:
    """The lines of every pointer that is told, found once a document."""

    def __init__(self, documents: Sequence[tuple[str, Read]], gathered: Gathered) -> None:
        """Find the places of whatever names or claims something of a model or a data set."""
        wanted: dict[str, set[str]] = {path: set() for path, _ in documents}
        for every in (*gathered.models.values(), *gathered.datasets.values()):
            for held in every:
                wanted[held.path].update(_pointers(held))
        for path, thing in gathered.unlocated:
            wanted[path].add(thing.pointer)
        self._found = {path: read.places(wanted[path]) for path, read in documents}

    def at(self, path: str, pointer: str) -> BillPlaceDoc:
        """Give the place of a pointer."""
        line, column = self._found[path].get(pointer, (1, 1))
        return BillPlaceDoc(path=path, pointer=pointer, line=line, column=column)


def _pointers(held: Held) -> Iterable[str]:
    thing = held.thing
    yield from (thing.pointer, held.ref.pointer)
    if thing.version_pointer:
        yield thing.version_pointer
    for rows in (thing.licenses, thing.files, thing.bases, thing.datasets):
        yield from (row.pointer for row in rows)
