"""The files of models as SPDX 3.0.1 in JSON-LD, written directly: of nothing else are there thousands.

Objects of the binding take 0.7 ms each to make, index and encode, and a file needs three. Tests read every document by
the binding, and check it against the official JSON schema: what is written here is what the binding would write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openness_audit.render.bom.bill import Bom, Part

    Json = dict[str, Any]

HELD = "contains"


def rows(bom: Bom, base: str, creation: str) -> list[Json]:
    """Give the elements of all files, and for each model the relationship to those that it contains.

    Args:
        bom: the bill of materials.
        base: what names of elements begin with.
        creation: the name of the creation information.
    """
    shared = {"creationInfo": creation}
    held: dict[str, list[str]] = {}
    for link in bom.links:
        if link.bond == HELD:
            held.setdefault(link.source, []).append(base + link.target)
    found = [_file(part, base) | shared for part in bom.parts if part.kind == "file"]
    for source, files in held.items():
        found.append(
            {
                "type": "Relationship",
                "spdxId": f"{base}{HELD}-{source}",
                "from": base + source,
                "relationshipType": HELD,
                "to": files,
                "completeness": "noAssertion",
            }
            | shared
        )
    return found


def size(part: Part) -> str:
    """Say how long a file is, where that is known."""
    return f"{part.size} bytes" if part.size is not None else ""


def _file(part: Part, base: str) -> Json:
    told: Json = {"type": "software_File", "spdxId": base + part.ref, "software_primaryPurpose": "file"}
    optional = {"name": part.name, "summary": part.role, "comment": size(part)}
    told.update({key: value for key, value in optional.items() if value})
    if part.download:
        told["externalRef"] = [{"type": "ExternalRef", "externalRefType": "binaryArtifact", "locator": [part.download]}]
    if part.sha256:
        told["verifiedUsing"] = [{"type": "Hash", "algorithm": "sha256", "hashValue": part.sha256}]
    return told
