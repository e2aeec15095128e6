"""Every JSON document fits the schema that its standard publishes, and the schemas do refuse what is wrong."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bom_kit import AUDITS, BATCH, FILES, MANY_FILES
from bom_schemas import CYCLONEDX, SCHEMAS, SPDX, problems
from openness_audit.model.audit import Audit
from openness_audit.render import batch_renderer, renderer

FORMS = (*SPDX, *CYCLONEDX)
every = pytest.mark.parametrize("form", FORMS)


def told(form: str, audit: Audit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(renderer(form)(audit))
    return found


def of_type(document: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(row for row in document["@graph"] if row["type"] == kind)


@every
@pytest.mark.parametrize("name", AUDITS)
def test_every_document_fits_the_official_schema(form: str, name: str) -> None:
    assert problems(form, told(form, AUDITS[name])) == []


@every
def test_several_models_in_one_document_fit_it(form: str) -> None:
    assert problems(form, json.loads(batch_renderer(form)(BATCH))) == []


@every
def test_thousands_of_files_fit_it(form: str) -> None:
    text = renderer(form)(FILES)

    assert problems(form, json.loads(text)) == []
    assert len(set(re.findall(r"part/\d{5}\.bin", text))) == MANY_FILES


WRONG: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a key that is not known": ("spdx", lambda d: d["packages"][0].update(colour="red")),
    "a category of no standard": (
        "spdx",
        lambda d: d["packages"][0]["externalRefs"][0].update(referenceCategory="PACKAGES"),
    ),
    "a package without a place": ("spdx", lambda d: d["packages"][0].pop("downloadLocation")),
    "a relationship of no kind": ("spdx3", lambda d: of_type(d, "Relationship").update(relationshipType="likes")),
    "a model's key on data": ("spdx3", lambda d: of_type(d, "dataset_DatasetPackage").update(ai_domain=["law"])),
    "data of no type": ("spdx3", lambda d: of_type(d, "dataset_DatasetPackage").pop("dataset_datasetType")),
    "a file without a name of its own": ("spdx3", lambda d: of_type(d, "software_File").pop("spdxId")),
    "a digest of no algorithm": (
        "spdx3",
        lambda d: of_type(d, "software_File")["verifiedUsing"][0].update(algorithm="crc"),
    ),
    "a type of no component": ("cyclonedx", lambda d: d["components"][0].update(type="model")),
    "a licence that is on no list": (
        "cyclonedx-1.7",
        lambda d: d["components"][0].update(licenses=[{"license": {"id": "Mine-1.0"}}]),
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_schemas_refuse_what_is_wrong(wrong: str) -> None:
    form, spoil = WRONG[wrong]
    document = told(form, AUDITS["sample"])
    spoil(document)

    assert problems(form, document)


def test_the_schemas_are_those_that_their_provenance_names() -> None:
    said = dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (SCHEMAS / "README.md").read_text("utf-8")))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SCHEMAS.glob("*.json")}

    assert found == said
