"""Read SPDX 3 as JSON-LD, whatever prefix a writer gives its words: packages, relationships, licences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.ingest import parts
from openness_audit.ingest.nouns import Bill, FileClaim, LicenseClaim, LicensePart, LicenseText, Thing
from openness_audit.ingest.references import COMMIT
from openness_audit.ingest.values import rows, step, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.ingest.nouns import Acknowledged, Kind

    Json = dict[str, Any]
    Row = tuple[Json, str]

_PREFIX = re.compile(
    r"^(?:https?://spdx\.org/rdf/.*/|(?:spdx:)?(?:core|software|ai|dataset|simplelicensing|expandedlicensing|security|build|extension)[_:/])",
    re.IGNORECASE,
)
_KINDS: dict[str, Kind] = {"AIPackage": "model", "DatasetPackage": "dataset", "Package": "other", "File": "other"}
_ABOUT: dict[str, Acknowledged] = {"hasDeclaredLicense": "declared", "hasConcludedLicense": "concluded"}
_MADE_FROM = {"descendantOf": False, "ancestorOf": True, "hasVariant": True}
_DATA = frozenset({"trainedOn", "testedOn", "finetunedOn", "validatedOn", "pretrainedOn", "usedData"})
_SETS = {"ConjunctiveLicenseSet": " AND ", "DisjunctiveLicenseSet": " OR "}
_DEEPEST, _MOST = 16, 64  # sets of licences in sets, and members of one


def version_of(found: Json) -> str:
    """Give the version that a document says it is of: what its creation information says, else its context."""
    for row, _ in _elements(found):
        if said := text(_plain(row).get("specVersion"), 40):
            return said
        info = row.get("creationInfo")
        if isinstance(info, dict) and (said := text(_plain(info).get("specVersion"), 40)):
            return said
    context = found.get("@context")
    for said, _ in texts(context, ""):
        if match := re.search(r"spdx\.org/rdf/(3\.\d+(?:\.\d+)?)", said):
            return match[1]
    return ""


def read(found: Json, version: str, endpoint: str) -> Bill:
    """Read a document.

    Args:
        found: the decoded JSON.
        version: what it says it is of.
        endpoint: the configured Hub.

    Returns:
        What it says.
    """
    return _Reading(found, endpoint).bill(version)


def _elements(found: Json) -> Iterator[Row]:
    """Give the elements of the graph, and those that stand within others, each with its pointer."""
    waiting: list[Row] = list(rows(found.get("@graph"), "/@graph") if "@graph" in found else [(found, "")])[::-1]
    while waiting:
        row, at = waiting.pop()
        yield row, at
        for key in ("to", "from", "element", "rootElement", "elements"):
            below = [(inner, where) for inner, where in rows(row.get(key), at + step(key)) if len(inner) > 1]
            if len(at) < 1000:
                waiting += below[::-1]


def _plain(row: Json) -> Json:
    """Give a mapping with the plain names of its words."""
    return {_word(key): value for key, value in row.items()}


def _word(key: str) -> str:
    return _PREFIX.sub("", key, count=1) if ":" in key or "_" in key else key


def _type(row: Json) -> str:
    said = row.get("type", row.get("@type"))
    return _word(next((value for value, _ in texts(said, "")), ""))


def _id(value: Any) -> str:
    """Give the IRI of a reference, or of an element that stands in its place."""
    if isinstance(value, dict):
        return text(value.get("spdxId")) or text(value.get("@id"))
    return text(value)


class _Reading:
    """One reading: the elements that count, by their IRIs."""

    def __init__(self, found: Json, endpoint: str) -> None:
        self.endpoint = endpoint
        self.things: dict[str, Thing] = {}
        self.files: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        self.licenses: dict[str, Json] = {}
        self.relations: list[Row] = []
        self.count = self.twice = 0
        for row, at in _elements(found):
            self.count += 1
            self.element(row, at)

    def element(self, row: Json, at: str) -> None:
        """Take one element."""
        kind, key = _type(row), _id(row) or at
        if kind.endswith("Relationship"):
            self.relations.append((_plain(row), at))
        elif kind in _KINDS:
            if key in self.things:
                self.twice, key = self.twice + 1, at
            self.things[key] = self.thing(row, at, key, _KINDS[kind])
            if kind == "File":
                self.files[key] = self.file(row, at)
        elif "icens" in kind:
            self.licenses.setdefault(key, _plain(row))

    def thing(self, row: Json, at: str, key: str, said: Kind) -> Thing:
        """Read one package."""
        spelt = {_word(name): name for name in row}
        plain = _plain(row)

        def where(name: str) -> str:
            return at + step(spelt.get(name, name))

        outside = [
            (value, place)
            for ref, below in rows(plain.get("externalIdentifier"), where("externalIdentifier"))
            for value, place in [(text(_plain(ref).get("identifier")), f"{below}/identifier")]
        ]
        places = [
            (value, place)
            for ref, below in rows(plain.get("externalRef"), where("externalRef"))
            for value, place in texts(_plain(ref).get("locator"), f"{below}/locator")
        ]
        tiers = [
            [(text(plain.get("packageUrl")), where("packageUrl")), *(p for p in outside if p[0].startswith("pkg:"))],
            [(text(plain.get("downloadLocation")), where("downloadLocation"))],
            [p for p in outside if not p[0].startswith("pkg:")],
        ]
        if said != "other":
            tiers += [[(text(plain.get("homePage")), where("homePage"))], places]
        refs = parts.chosen(tiers, self.endpoint) if _type(row) != "File" else ()
        version = text(plain.get("packageVersion"), 200)
        return Thing(
            key=key,
            kind=parts.kind_of(said, refs),
            name=text(plain.get("name"), 400),
            pointer=at,
            refs=refs,
            version=version,
            version_pointer=where("packageVersion") if version else "",
        )

    def file(self, row: Json, at: str) -> tuple[str, list[tuple[str, str]]]:
        """Read the path of a file in its repository, and its digests."""
        plain = _plain(row)
        found = [
            ref.path
            for out, below in rows(plain.get("externalRef"), at)
            for ref in parts.chosen([list(texts(_plain(out).get("locator"), below))], self.endpoint)
            if ref.path
        ]
        sums = [
            (text(_plain(row).get("hashValue")).lower(), f"{below}/hashValue")
            for row, below in rows(plain.get("verifiedUsing"), f"{at}/verifiedUsing")
            if text(_plain(row).get("algorithm")).lower().endswith("sha256")
        ]
        good = [(digest, below) for digest, below in sums if COMMIT.fullmatch(digest) and len(digest) == 64]
        return (found[0] if found else text(plain.get("name"))), good

    def bill(self, version: str) -> Bill:
        """Give what the document says, its relationships put into the things they are of."""
        bases: list[tuple[str, str, str]] = []
        data: list[tuple[str, str, str]] = []
        claims: dict[str, list[LicenseClaim]] = {}
        held: dict[str, list[FileClaim]] = {}
        for row, at in self.relations:
            kind = _word(text(row.get("relationshipType")).rpartition("/")[2])
            source = _id(row.get("from"))
            for target in self.targets(row.get("to")):
                if kind in _ABOUT:
                    claims.setdefault(source, []).append(self.claim(_ABOUT[kind], target, f"{at}/to"))
                elif kind in _DATA:
                    data.append((source, target, at))
                elif kind in _MADE_FROM:
                    bases.append((target, source, at) if _MADE_FROM[kind] else (source, target, at))
                elif kind == "contains" and target in self.files:
                    path, sums = self.files[target]
                    held.setdefault(source, []).extend(FileClaim(path, digest, where) for digest, where in sums)
        change = msgspec.structs.replace
        things = {
            key: change(thing, licenses=_joined(claims.get(key, [])), files=tuple(held.get(key, ())))
            for key, thing in self.things.items()
            if key not in self.files
        }
        things, nowhere = parts.linked(things, bases, data)
        return Bill(
            format="spdx3",
            version=version,
            elements=self.count,
            things=tuple(things.values()),
            texts=self.texts(),
            doubts=parts.doubts(nowhere, self.twice),
        )

    def targets(self, value: Any) -> list[str]:
        """Give the IRIs that a relationship leads to."""
        every = value if isinstance(value, list) else [value]
        return [name for name in map(_id, every) if name]

    def claim(self, about: Acknowledged, target: str, at: str) -> LicenseClaim:
        """Read what a licence relationship leads to."""
        if target.endswith("NoAssertionLicense"):
            return LicenseClaim(about, (), at)
        if target.endswith("NoneLicense"):
            return parts.claim(about, "NONE", at)
        row = self.licenses.get(target)
        if row is not None and _type(row) == "SimpleLicensingText":
            said = text(row.get("name"), 400)
            return LicenseClaim(about, (LicensePart(said, expression=False, body=_body(row)),), at)
        return parts.claim(about, self.expression(target, 0), at)

    def expression(self, target: str, depth: int) -> str:
        """Give the expression of a licence element; sets of the expanded profile are written out."""
        row = self.licenses.get(target)
        if row is None:
            return _tail(target)
        if said := text(row.get("licenseExpression")):
            return said
        kind = _type(row)
        if kind in _SETS and depth < _DEEPEST:
            members = [_id(member) for member in _list(row.get("member"))[:_MOST]]
            inner = [said for name in members if (said := self.expression(name, depth + 1))]
            return f"({_SETS[kind].join(inner)})" if len(inner) > 1 else "".join(inner)
        if kind == "OrLaterOperator":
            return self.expression(_id(row.get("subjectLicense")), depth + 1) + "+" if depth < _DEEPEST else ""
        return _tail(target)

    def texts(self) -> dict[str, LicenseText]:
        """Give the licences that the document describes, by the LicenseRefs that expressions name them by."""
        made: dict[str, LicenseText] = {}
        for row in self.licenses.values():
            for entry, _ in rows(row.get("customIdToUri"), ""):
                plain = _plain(entry)
                other = self.licenses.get(text(plain.get("value")))
                if other is not None:
                    made[text(plain.get("key"))] = _text(other)
        for key, row in self.licenses.items():
            if _type(row) in ("SimpleLicensingText", "CustomLicense"):
                made.setdefault(_tail(key), _text(row))
        return made


def _joined(claims: list[LicenseClaim]) -> tuple[LicenseClaim, ...]:
    """Join claims of one kind: several licences that a thing has all bind."""
    made: dict[str, LicenseClaim] = {}
    for claim in claims:
        first = made.setdefault(claim.about, claim)
        if first is not claim and set(claim.parts) - set(first.parts):
            made[claim.about] = msgspec.structs.replace(first, parts=(*first.parts, *claim.parts))
    return tuple(made.values())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _tail(iri: str) -> str:
    """Give the last part of an IRI: of a listed licence its id, of one's own the name it is known by."""
    return re.split(r"[/#:]", iri)[-1] if iri else ""


def _body(row: Json) -> str:
    body = row.get("licenseText")
    return body if isinstance(body, str) else ""


def _text(row: Json) -> LicenseText:
    urls = [url for out, _ in rows(row.get("externalRef"), "") for url, _ in texts(_plain(out).get("locator"), "")]
    urls += [url for url, _ in texts(row.get("seeAlso"), "")]
    return LicenseText(text(row.get("name"), 400), _body(row), tuple(urls))
