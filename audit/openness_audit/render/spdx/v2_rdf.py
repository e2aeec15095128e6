"""Write SPDX 2.3 as RDF/XML: the JSON document of `v2_json`, each package a resource of the document's namespace.

Written directly: the library that could names blank nodes at random, so the same audit would give other bytes, and
takes a second for a model of three hundred files. Tests have it read what is written here, and compare it with what it
reads from the JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from openness_audit.render.bom import build as bom_build
from openness_audit.render.bom.bill import NOASSERTION, NONE
from openness_audit.render.bom.licenses import is_listed
from openness_audit.render.escape import clean
from openness_audit.render.spdx import v2_json as spdx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom

    Json = dict[str, Any]

_SPDX, _LICENSES = "http://spdx.org/rdf/terms#", "http://spdx.org/licenses/"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"'
    ' xmlns:doap="http://usefulinc.com/ns/doap#"'
    f' xmlns:spdx="{_SPDX}">\n'
)
_FALSE = '<spdx:filesAnalyzed rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">false</spdx:filesAnalyzed>'
_WORD = re.compile(r"\(|\)|[^\s()]+")
_LITERALS = {
    "name": "spdx:name",
    "versionInfo": "spdx:versionInfo",
    "supplier": "spdx:supplier",
    "homepage": "doap:homepage",
    "sourceInfo": "spdx:sourceInfo",
    "licenseComments": "spdx:licenseComments",
    "copyrightText": "spdx:copyrightText",
    "summary": "spdx:summary",
    "comment": "rdfs:comment",
}


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    return told(spdx.document(bom))


def told(document: Json) -> str:
    """Write a document as it stands in JSON."""
    return _HEAD + "\n".join((*_Writer(document).lines(), "</rdf:RDF>\n"))


class _Writer:
    """Holds the namespace of one document, and its relationships by where they start, while it is written."""

    def __init__(self, document: Json) -> None:
        """Index the relationships."""
        self.document = document
        self.base = f"{document['documentNamespace']}#"
        self.relations: dict[str, list[Json]] = {}
        for row in document["relationships"]:
            self.relations.setdefault(row["spdxElementId"], []).append(row)

    def lines(self) -> Iterator[str]:
        """Give the document, then its packages."""
        document, made = self.document, self.document["creationInfo"]
        yield f"<spdx:SpdxDocument rdf:about={quoteattr(self.base + document['SPDXID'])}>"
        yield _literal("spdx:specVersion", document["spdxVersion"])
        yield _resource("spdx:dataLicense", _LICENSES + document["dataLicense"])
        yield _literal("spdx:name", document["name"])
        yield _literal("rdfs:comment", document["comment"])
        creators = "".join(_literal("spdx:creator", creator) for creator in made["creators"])
        yield _node("spdx:creationInfo", "spdx:CreationInfo", creators + _literal("spdx:created", made["created"]))
        for row in document.get("hasExtractedLicensingInfos", ()):
            yield self.extracted(row)
        yield from self.related(document["SPDXID"])
        yield "</spdx:SpdxDocument>"
        for package in document["packages"]:
            yield from self.package(package)

    def extracted(self, row: Json) -> str:
        """Write a licence that is not on SPDX's list."""
        parts = [_literal("spdx:licenseId", row["licenseId"]), _literal("spdx:extractedText", row["extractedText"])]
        parts += [_literal("spdx:name", row["name"])]
        parts += [_literal("rdfs:seeAlso", url) for url in row.get("seeAlsos", ())]
        kind, about = "spdx:ExtractedLicensingInfo", self.base + row["licenseId"]
        return _node("spdx:hasExtractedLicensingInfo", kind, "".join(parts), about)

    def package(self, row: Json) -> Iterator[str]:
        """Write a package with its relationships and annotations."""
        yield f"<spdx:Package rdf:about={quoteattr(self.base + row['SPDXID'])}>"
        yield from (_literal(name, row[key]) for key, name in _LITERALS.items() if row.get(key))
        place = row["downloadLocation"]
        known = place not in (NOASSERTION, NONE)
        yield _literal("spdx:downloadLocation", place) if known else _nothing("spdx:downloadLocation", place)
        yield _FALSE
        yield self.license("spdx:licenseConcluded", row["licenseConcluded"])
        yield self.license("spdx:licenseDeclared", row["licenseDeclared"])
        yield _resource("spdx:primaryPackagePurpose", f"{_SPDX}purpose_{row['primaryPackagePurpose'].lower()}")
        for found in row.get("checksums", ()):
            digest = _literal("spdx:checksumValue", found["checksumValue"])
            algorithm = _resource("spdx:algorithm", f"{_SPDX}checksumAlgorithm_sha256")
            yield _node("spdx:checksum", "spdx:Checksum", algorithm + digest)
        for found in row.get("externalRefs", ()):
            category = _resource("spdx:referenceCategory", f"{_SPDX}referenceCategory_packageManager")
            kind = _resource("spdx:referenceType", f"http://spdx.org/rdf/references/{found['referenceType']}")
            locator = _literal("spdx:referenceLocator", found["referenceLocator"])
            yield _node("spdx:externalRef", "spdx:ExternalRef", category + kind + locator)
        for note in row.get("annotations", ()):
            kind = _resource("spdx:annotationType", f"{_SPDX}annotationType_{note['annotationType'].lower()}")
            said = _literal("spdx:annotator", note["annotator"])
            said += _literal("spdx:annotationDate", note["annotationDate"]) + _literal("rdfs:comment", note["comment"])
            yield _node("spdx:annotation", "spdx:Annotation", kind + said)
        yield from self.related(row["SPDXID"])
        yield "</spdx:Package>"

    def related(self, source: str) -> Iterator[str]:
        """Write the relationships that start at an element."""
        for row in self.relations.get(source, ()):
            first, *rest = row["relationshipType"].lower().split("_")
            word = first + "".join(part.capitalize() for part in rest)
            said = _resource("spdx:relationshipType", f"{_SPDX}relationshipType_{word}")
            said += _resource("spdx:relatedSpdxElement", self.base + row["relatedSpdxElement"])
            said += _literal("rdfs:comment", row["comment"]) if "comment" in row else ""
            yield _node("spdx:relationship", "spdx:Relationship", said)

    def license(self, name: str, expression: str) -> str:
        """Write an expression as a tree of licence sets: OR binds weakest, WITH strongest."""
        if expression in (NOASSERTION, NONE):
            return _nothing(name, expression)
        return self.joined(name, _WORD.findall(expression), ("OR", "AND"))

    def joined(self, name: str, words: list[str], operators: tuple[str, ...]) -> str:
        """Write the words of an expression, split at the weakest operator that is not in brackets."""
        while _bracketed(words):
            words, operators = words[1:-1], ("OR", "AND")
        if not operators:
            return self.single(name, words)
        kind = {"OR": "spdx:DisjunctiveLicenseSet", "AND": "spdx:ConjunctiveLicenseSet"}[operators[0]]
        parts = _split(words, operators[0])
        if len(parts) == 1:
            return self.joined(name, words, operators[1:])
        return _node(name, kind, "".join(self.joined("spdx:member", part, operators[1:]) for part in parts))

    def single(self, name: str, words: list[str]) -> str:
        """Write one licence, or one with an exception."""
        place = _LICENSES + words[0] if is_listed(words[0]) else self.base + words[0]
        if len(words) == 1:
            return _resource(name, place)
        exception = _node("spdx:licenseException", "spdx:LicenseException", "", _LICENSES + words[2])
        return _node(name, "spdx:WithExceptionOperator", _resource("spdx:member", place) + exception)


def _bracketed(words: list[str]) -> bool:
    """Say whether one pair of brackets holds all words."""
    depth = 0
    for number, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return word == ")" and number == len(words) - 1
    return False


def _split(words: list[str], operator: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == operator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _literal(name: str, value: str) -> str:
    return f"<{name}>{escape(clean(value))}</{name}>"


def _resource(name: str, address: str) -> str:
    return f"<{name} rdf:resource={quoteattr(address)}/>"


def _nothing(name: str, word: str) -> str:
    return _resource(name, _SPDX + word.lower())


def _node(name: str, kind: str, inner: str, about: str = "") -> str:
    said = f" rdf:about={quoteattr(about)}" if about else ""
    return f"<{name}><{kind}{said}>{inner}</{kind}></{name}>"
