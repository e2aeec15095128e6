"""Write CycloneDX 1.6 as JSON (ML-BOM): a component with its model card for each model, data sets as components.

Written directly: cyclonedx-python-lib has no model card, no data and no annotations, so most of the document would be
put in after it. Tests have the library validate every document strictly, and read it back. Files of a model are its
own components, base models stand in `pedigree` and, with their terms, among the components.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from openness_audit.render import json
from openness_audit.render.bom import build as bom_build
from openness_audit.render.bom.bill import SITE
from openness_audit.render.cyclonedx.card import PREFIX, data_properties, data_said, model_card, own
from openness_audit.render.cyclonedx.licenses import licenses, properties

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom, Link, Part

    Json = dict[str, Any]

VERSION = "1.6"
_TYPES = {"model": "machine-learning-model", "file": "file", "data": "data", "code": "library", "app": "application"}
_NEEDED = frozenset({"descends-from", "depends-on", "trained-on"})  # what the dependency graph tells
_USED = ("trained-on", "tested-on", "named-data")


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    return json.indented(document(bom, VERSION))


def document(bom: Bom, version: str) -> Json:
    """Give the document as it stands in the JSON schema of CycloneDX 1.6 or 1.7."""
    return _Writer(bom, version).document()


class _Writer:
    """Holds the indexes of one bill of materials while it is written."""

    def __init__(self, bom: Bom, version: str) -> None:
        """Index links by their source, and parts and licences by their references."""
        self.bom, self.version = bom, version
        self.parts = {part.ref: part for part in bom.parts}
        self.refs = {ref.id: ref for ref in bom.refs}
        self.links: dict[str, list[Link]] = {}
        self.held: set[str] = set()
        for link in bom.links:
            self.links.setdefault(link.source, []).append(link)
            if link.bond == "contains":
                self.held.add(link.target)
        self.tool = {"type": "application", "name": bom.tool, "version": bom.version}

    def document(self) -> Json:
        """Give the whole document; one audited model is what it is about, several are its components."""
        roots = self.bom.roots()
        digest = self.bom.digest()
        main = roots[0] if len(roots) == 1 else None
        others = [part for part in self.bom.parts if part is not main and part.ref not in self.held]
        metadata: Json = {
            "timestamp": self.bom.created,
            "tools": {"components": [self.tool]},
            "properties": [own("name", self.bom.name), own("comment", self.bom.comment())],
        }
        if main:
            metadata["component"] = self._component(main)
        return {
            "$schema": f"http://cyclonedx.org/schema/bom-{self.version}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": self.version,
            "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{SITE}/cyclonedx/{self.version}/{digest}')}",
            "version": 1,
            "metadata": metadata,
            "components": [self._component(part) for part in others],
            "dependencies": self._dependencies(),
            "compositions": [{"aggregate": "incomplete", "assemblies": [part.ref for part in roots]}],
            "annotations": [
                {
                    "bom-ref": f"note-{number}",
                    "subjects": [note.about],
                    "annotator": {"component": self.tool},
                    "timestamp": self.bom.created,
                    "text": f"[{note.kind}] {note.text}",
                }
                for number, note in enumerate(self.bom.notes, start=1)
            ],
        }

    def _component(self, part: Part) -> Json:
        """Describe one part; a model holds its files, and names what it was made from."""
        group, _, name = part.name.rpartition("/") if part.account and part.kind != "code" else ("", "", part.name)
        told: Json = {"type": _TYPES[part.kind], "bom-ref": part.ref, "name": name or part.ref}
        optional = {
            "group": group,
            "publisher": part.account,
            "version": part.commit,
            "description": part.comment,
            "purl": part.purl,
        }
        told.update({key: value for key, value in optional.items() if value})
        if part.sha256:
            told["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
        if terms := licenses(part.terms, self.refs):
            told["licenses"] = terms
        if addresses := _addresses(part):
            told["externalReferences"] = addresses
        if part.seen:
            told["evidence"] = {"occurrences": [_occurrence(url, line) for url, line in part.seen]}
        if part.kind == "model":
            told.update(self._model(part))
        if part.kind == "data":
            told["data"] = [_data(part)]
        if facts := _facts(part):
            told["properties"] = facts
        return told

    def _targets(self, part: Part, bonds: Iterable[str]) -> list[tuple[Link, Part]]:
        wanted = set(bonds)
        return [(link, self.parts[link.target]) for link in self.links.get(part.ref, ()) if link.bond in wanted]

    def _model(self, part: Part) -> Json:
        told: Json = {}
        if files := self._targets(part, ["contains"]):
            told["components"] = [self._component(file) for _, file in files]
        if above := self._targets(part, ["descends-from"]):
            notes = "; ".join(f"{link.comment} {base.name}" for link, base in above)
            told["pedigree"] = {"ancestors": [_ancestor(base) for _, base in above], "notes": notes}
        if part.subject:
            told["modelCard"] = self._card(part)
        return told

    def _card(self, part: Part) -> Json:
        """Give the model card, with what the audit found of each component of a release."""
        used = self._targets(part, _USED)
        said = [own(link.bond, f"{target.name}: {link.comment}") for link, target in used]
        return model_card(part, list(dict.fromkeys(target.ref for _, target in used)), said)

    def _dependencies(self) -> list[Json]:
        """Give the graph: what each model descends from, depends on and was trained on, and the code that made it."""
        needed: dict[str, dict[str, None]] = {part.ref: {} for part in self.bom.parts if part.ref not in self.held}
        for link in self.bom.links:
            if link.bond in _NEEDED:
                needed[link.source][link.target] = None
            elif link.bond == "generates":
                needed[link.target][link.source] = None
        return [{"ref": ref} | ({"dependsOn": sorted(found)} if found else {}) for ref, found in needed.items()]


def _occurrence(url: str, line: int | None) -> Json:
    return {"location": url} | ({"line": line} if line else {})


def _ancestor(base: Part) -> Json:
    """Name a base model; its terms and its own base models are with its component, which has the same reference."""
    told: Json = {"type": "machine-learning-model", "name": base.name or base.ref}
    optional = {"version": base.commit, "purl": base.purl}
    told.update({key: value for key, value in optional.items() if value})
    return told | {"properties": [own("bom-ref", base.ref)]}


def _addresses(part: Part) -> list[Json]:
    kinds = {"model": "model-card", "file": "distribution", "data": "website", "code": "vcs", "app": "vcs"}
    return [{"type": kinds[part.kind], "url": part.url}] if part.url else []


def _data(part: Part) -> Json:
    """Describe a data set, and the account that holds it as its custodian."""
    told: Json = {"type": "dataset", "name": part.name}
    if part.url:
        told["contents"] = {"url": part.url}
    if part.account:
        told["governance"] = {"custodians": [{"organization": {"name": part.account}}]}
    return told | data_said(part.card)


def _facts(part: Part) -> list[Json]:
    said = {
        "role": part.role,
        "access": part.how,
        "library": part.library,
        "size": "" if part.size is None else str(part.size),
        "last-changed": part.changed,
    }
    told = [own(name, value) for name, value in said.items() if value]
    told += data_properties(part.card) if part.kind == "data" else []
    return told + (properties(part.terms, PREFIX) if part.kind not in {"file", "app"} else [])
