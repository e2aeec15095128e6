"""Read CycloneDX as JSON, as many tools write it: components of any depth, model cards, services left aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.ingest import parts
from openness_audit.ingest.nouns import Bill, FileClaim, LicenseClaim, LicensePart, Mention, Thing
from openness_audit.ingest.references import COMMIT
from openness_audit.ingest.values import child, rows, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.ingest.nouns import Acknowledged, Kind, Ref

    Json = dict[str, Any]

_KINDS: dict[str, Kind] = {"machine-learning-model": "model", "data": "dataset"}
_DOWNLOADS = frozenset({"distribution", "vcs", "distribution-intake", "source-distribution"})
_PAGES = frozenset({"website", "model-card", "documentation", "other"})  # of a model they are its own page
_OWN: dict[str, Acknowledged] = {  # properties of our own documents: NONE and NOASSERTION have no place but here
    "openness-audit:license:declared": "declared",
    "openness-audit:license:concluded": "concluded",
}
_DEEPEST = 100  # components in components


def read(found: Json, version: str, endpoint: str) -> Bill:
    """Read a document.

    Args:
        found: the decoded JSON.
        version: its `specVersion`.
        endpoint: the configured Hub.

    Returns:
        What it says.
    """
    things: dict[str, Thing] = {}
    sets: list[tuple[str, str, str]] = []
    elements = twice = deep = 0
    for part, pointer, holder, depth in _components(found):
        elements += 1
        deep += depth == _DEEPEST
        key = text(part.get("bom-ref")) or pointer
        if holder and text(part.get("type")) == "file" and holder in things:
            things[holder] = _with_file(things[holder], part, pointer, endpoint)
            continue
        if key in things:
            twice, key = twice + 1, pointer
        thing = _thing(part, pointer, key, endpoint)
        things[key] = thing
        sets += [(key, ref, at) for ref, at in _data_refs(part, pointer)]
    known = {thing.key for thing in things.values()}
    for key, ref, at in sets:  # some tools write the name of a data set where its reference belongs
        if ref not in known:
            named = parts.named(ref, at, endpoint)
            things[key] = msgspec.structs.replace(things[key], datasets=(*things[key].datasets, named))
    things, nowhere = parts.linked(things, (), sets)
    doubts = parts.doubts(nowhere, twice)
    if deep:
        doubts = (*doubts, f"components more than {_DEEPEST} deep were not read: {deep}")
    above = {base.id for thing in things.values() for base in thing.bases if base.id}
    return Bill(
        format="cyclonedx",
        version=version,
        elements=elements,
        things=tuple(
            msgspec.structs.replace(t, upstream=True) if any(r.id in above for r in t.refs) else t
            for t in things.values()
        ),
        texts={},
        doubts=doubts,
    )


def _components(found: Json) -> Iterator[tuple[Json, str, str, int]]:
    """Walk all components: each with its pointer, the reference of the one that holds it, and how deep it lies."""
    main = child(child(found, "metadata"), "component")
    waiting = [(row, at, "", 1) for row, at in rows(found.get("components"), "/components")][::-1]
    waiting += [(main, "/metadata/component", "", 1)] if isinstance(main, dict) else []
    while waiting:
        part, pointer, holder, depth = waiting.pop()
        yield part, pointer, holder, depth
        if depth < _DEEPEST:
            own = text(part.get("bom-ref")) or pointer
            below = [(row, at, own, depth + 1) for row, at in rows(part.get("components"), f"{pointer}/components")]
            waiting += below[::-1]


def _thing(part: Json, pointer: str, key: str, endpoint: str) -> Thing:
    said = _KINDS.get(text(part.get("type")), "other")
    refs = _refs(part, pointer, said, endpoint)
    group, name = text(part.get("group"), 200), text(part.get("name"), 400)
    if said == "other" and not refs:
        return Thing(key=key, kind=said, name=f"{group}/{name}" if group else name, pointer=pointer)
    version = text(part.get("version"), 200)
    return Thing(
        key=key,
        kind=parts.kind_of(said, refs),
        name=f"{group}/{name}" if group else name,
        pointer=pointer,
        refs=refs,
        version=version,
        version_pointer=f"{pointer}/version" if version else "",
        licenses=tuple(_licenses(part, pointer)),
        files=tuple(_distributed(part, pointer, endpoint)),
        bases=tuple(_ancestors(part, pointer, endpoint)),
        datasets=tuple(_inline_data(part, pointer, endpoint)),
    )


def _refs(part: Json, pointer: str, said: Kind, endpoint: str) -> tuple[Ref, ...]:
    outside = [
        (text(row.get("type")), text(row.get("url")), f"{at}/url")
        for row, at in rows(part.get("externalReferences"), f"{pointer}/externalReferences")
    ]
    contents = [
        (text(child(child(row, "contents"), "url")), f"{at}/contents/url")
        for row, at in rows(part.get("data"), f"{pointer}/data")
    ]
    tiers = [
        [(text(part.get("purl")), f"{pointer}/purl")],
        [(url, at) for kind, url, at in outside if kind in _DOWNLOADS or url.startswith("hf://")],
    ]
    if said != "other":
        tiers += [contents, [(url, at) for kind, url, at in outside if kind in _PAGES]]
    return parts.chosen(tiers, endpoint)


def _licenses(part: Json, pointer: str) -> Iterator[LicenseClaim]:
    """Give the claims, one for each acknowledgement; our own documents say NONE and NOASSERTION in properties."""
    found: dict[Acknowledged, tuple[list[LicensePart], str]] = {}
    for row, at in rows(part.get("licenses"), f"{pointer}/licenses"):
        license_ = row.get("license")
        inner: Json = license_ if isinstance(license_, dict) else row
        told = text(inner.get("acknowledgement")) or text(row.get("acknowledgement"))
        about: Acknowledged = "declared" if told == "declared" else "concluded" if told == "concluded" else "not-said"
        if (made := _license(row, inner)) is not None:
            found.setdefault(about, ([], at))[0].append(made)
    for about, (held, at) in found.items():
        yield LicenseClaim(about, tuple(held), at)
    for row, at in rows(part.get("properties"), f"{pointer}/properties"):
        own = _OWN.get(text(row.get("name")))
        if own is not None and own not in found:
            yield parts.claim(own, text(row.get("value")), f"{at}/value")


def _license(row: Json, inner: Json) -> LicensePart | None:
    if said := text(row.get("expression")):
        return LicensePart(said, expression=True)
    url = text(inner.get("url"))
    body = child(inner.get("text"), "content")
    encoded = bool(child(inner.get("text"), "encoding"))
    held = body if isinstance(body, str) and not encoded else ""
    if said := text(inner.get("id")):
        return LicensePart(said, expression=True)
    said = text(inner.get("name")) or url
    return LicensePart(said, expression=False, urls=(url,) if url else (), body=held) if said or held else None


def _with_file(thing: Thing, part: Json, pointer: str, endpoint: str) -> Thing:
    """Put a file that a component holds into it."""
    refs = _refs(part, pointer, "other", endpoint)
    path = next((ref.path for ref in refs if ref.path), "") or text(part.get("name"))
    found = tuple(FileClaim(path, digest, at) for digest, at in _digests(part, pointer) if path)
    return msgspec.structs.replace(thing, files=(*thing.files, *found))


def _distributed(part: Json, pointer: str, endpoint: str) -> Iterator[FileClaim]:
    """Give the files that addresses with digests lead to."""
    for row, at in rows(part.get("externalReferences"), f"{pointer}/externalReferences"):
        found = parts.chosen([[(text(row.get("url")), at)]], endpoint)
        if found and found[0].path:
            for digest, where in _digests(row, at):
                yield FileClaim(found[0].path, digest, where)


def _digests(part: Json, pointer: str) -> Iterator[tuple[str, str]]:
    for row, at in rows(part.get("hashes"), f"{pointer}/hashes"):
        content = text(row.get("content")).lower()
        if text(row.get("alg")).upper() == "SHA-256" and COMMIT.fullmatch(content) and len(content) == 64:
            yield content, f"{at}/content"


def _ancestors(part: Json, pointer: str, endpoint: str) -> Iterator[Mention]:
    above = f"{pointer}/pedigree/ancestors"
    for row, at in rows(child(part.get("pedigree"), "ancestors"), above):
        refs = _refs(row, at, "model", endpoint)
        group, name = text(row.get("group"), 200), text(row.get("name"), 400)
        yield Mention(f"{group}/{name}" if group else name, refs[0].id if refs else None, at)


def _data_rows(part: Json, pointer: str) -> Iterator[tuple[Json, str]]:
    parameters = child(part.get("modelCard"), "modelParameters")
    yield from rows(child(parameters, "datasets"), f"{pointer}/modelCard/modelParameters/datasets")


def _data_refs(part: Json, pointer: str) -> Iterator[tuple[str, str]]:
    for row, at in _data_rows(part, pointer):
        if ref := text(row.get("ref")):
            yield ref, at


def _inline_data(part: Json, pointer: str, endpoint: str) -> Iterator[Mention]:
    for row, at in _data_rows(part, pointer):
        if text(row.get("ref")):
            continue
        name = text(row.get("name"), 400)
        found = parts.chosen([[(text(child(row.get("contents"), "url")), at)]], endpoint)
        if name or found:
            yield Mention(name, found[0].id if found else None, at)
