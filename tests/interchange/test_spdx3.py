"""SPDX 3.0.1: what is written is read back by the binding, refers to nothing that is missing, and claims no more."""

from __future__ import annotations

import io
import json
from typing import Any, Literal

import pytest
from spdx_python_model.bindings import v3_0_1 as model

from bom_kit import (
    ADAPTER,
    AUDITS,
    BATCH,
    CODE,
    DATA,
    FILES,
    MANY_DATA,
    MANY_FILES,
    MERGE,
    PLAIN,
    SAID,
    VENDOR,
    another_run,
    change,
    statement,
)
from openness_audit.model.audit import Audit
from openness_audit.model.disclosures import DisclosuresDoc
from openness_audit.render.spdx import v3 as spdx3

STANDARD = "https://spdx.org/rdf/3.0.1/terms/"
AT = "README.md#L41"


def read(text: str) -> Any:
    """Read a document by the binding, which checks every class, property, word and cardinality it knows."""
    found = model.SHACLObjectSet()
    model.JSONLDDeserializer().read(io.BytesIO(text.encode()), found)
    return found


def missing(found: Any) -> set[str]:
    return {ref for ref in found.link() if not ref.startswith(STANDARD)}


def graph(audit: Audit) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(spdx3.render(audit))["@graph"]
    return rows


def of_type(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["type"] == kind]


def relations(rows: list[dict[str, Any]], kind: str) -> list[tuple[str, list[str]]]:
    names = {row["spdxId"]: row.get("name", row["spdxId"]) for row in rows if "spdxId" in row}
    return [
        (names[row["from"]], sorted(names.get(to, to) for to in row["to"]))
        for row in of_type(rows, "Relationship")
        if row["relationshipType"] == kind
    ]


def entry(key: str, value: str) -> dict[str, str]:
    return {"type": "DictionaryEntry", "key": key, "value": value}


@pytest.mark.parametrize("name", [*AUDITS, "files"])
def test_every_document_is_read_back_and_refers_to_nothing_missing(name: str) -> None:
    found = read(spdx3.render({**AUDITS, "files": FILES}[name]))

    assert missing(found) == set()
    assert len(list(found.foreach_type("SpdxDocument"))) == 1
    assert len(list(found.foreach_type("ai_AIPackage"))) >= 1


def test_several_models_and_those_that_could_not_be_audited_are_in_one_document() -> None:
    text = spdx3.render_batch(BATCH)
    rows = json.loads(text)["@graph"]
    (bill,) = of_type(rows, "software_Sbom")

    assert missing(read(text)) == set()
    assert len(bill["rootElement"]) >= 6
    assert sum("[not-audited]" in row["statement"] for row in of_type(rows, "Annotation")) == 2


@pytest.mark.parametrize("name", ["sample", "merge", "hostile"])
def test_the_same_answers_give_the_same_bytes(name: str) -> None:
    assert spdx3.render(AUDITS[name]) == spdx3.render(another_run(AUDITS[name]))


def test_every_element_is_in_the_document_once_and_created_at_the_as_of_date() -> None:
    rows = graph(AUDITS["sample"])
    ids = [row["spdxId"] for row in rows if "spdxId" in row]
    (document,) = of_type(rows, "SpdxDocument")
    (made,) = of_type(rows, "CreationInfo")

    assert len(set(ids)) == len(ids)
    assert {document["spdxId"], *document["element"]} == set(ids)
    assert made["created"] == f"{AUDITS['sample'].as_of}T00:00:00Z"


def test_data_sets_say_how_they_can_be_had_only_where_that_is_known() -> None:
    known = of_type(graph(DATA), "dataset_DatasetPackage")
    unknown = of_type(graph(AUDITS["hostile"]), "dataset_DatasetPackage")

    assert len(known) == MANY_DATA
    assert {row["dataset_datasetAvailability"] for row in known} == {"directDownload"}
    assert {row["dataset_datasetType"][0] for row in known} == {"noAssertion"}
    assert any("dataset_datasetAvailability" not in row for row in unknown)


def test_the_model_is_trained_on_its_data_and_descends_from_its_bases() -> None:
    ((source, trained),) = relations(graph(DATA), "trainedOn")
    ((_, bases),) = [row for row in relations(graph(MERGE), "descendantOf") if row[0] == "acme/tern-7b"]

    assert (source, len(trained)) == ("acme/tern-7b", MANY_DATA)
    assert len(bases) == 12
    assert relations(graph(ADAPTER), "dependsOn")[0] == ("acme/tern-7b", ["acme/part-0"])


def test_code_generates_the_model_and_tests_it() -> None:
    rows = graph(CODE)

    assert relations(rows, "generates") == [("github.com/acme/tern", ["acme/tern-7b"])]
    assert relations(rows, "hasTest") == [("acme/tern-7b", ["github.com/acme/tern-eval"])]


def test_files_are_what_the_binding_itself_would_write() -> None:
    text = spdx3.render(AUDITS["sample"])

    again = model.JSONLDSerializer().serialize_data(read(text))
    assert [again] == [json.loads(text)]


def test_files_have_digests_and_no_licence_is_claimed_for_them() -> None:
    rows = graph(FILES)
    files = of_type(rows, "software_File")
    licensed = {row["from"] for row in of_type(rows, "Relationship") if "License" in row["relationshipType"]}

    assert len(files) == MANY_FILES
    assert files[0]["verifiedUsing"][0]["hashValue"] == "ab" * 32
    assert licensed.isdisjoint(row["spdxId"] for row in files)


def test_licences_are_expressions_with_their_own_texts_or_the_standards_individuals() -> None:
    rows = graph(VENDOR)
    expressions = [
        row["simplelicensing_licenseExpression"] for row in of_type(rows, "simplelicensing_LicenseExpression")
    ]
    texts = of_type(rows, "simplelicensing_SimpleLicensingText")
    concluded = relations(graph(MERGE), "hasConcludedLicense")

    assert "LicenseRef-hf-llama2 AND LicenseRef-never-heard-of" in expressions
    assert [row["name"] for row in texts if "never" in row["spdxId"]] == ["never-heard-of"]
    assert ("acme/tern-7b", [f"{STANDARD}ExpandedLicensing/NoAssertionLicense"]) in concluded or (
        "acme/tern-7b",
        ["expandedlicensing_NoAssertionLicense"],
    ) in concluded


def test_the_profiles_say_nothing_where_nothing_is_disclosed() -> None:
    keys = {key for name in ("plain", "merge", "data", "code") for row in graph(AUDITS[name]) for key in row}
    profile = {key for key in keys if key.startswith(("ai_", "dataset_"))}

    assert profile <= {
        "ai_informationAboutTraining",
        "ai_informationAboutApplication",
        "ai_useSensitivePersonalInformation",
        "dataset_datasetType",
        "dataset_datasetAvailability",
        "dataset_hasSensitivePersonalInformation",
    }
    assert {row.get("ai_useSensitivePersonalInformation") for row in graph(PLAIN)} == {None, "noAssertion"}


def test_what_is_disclosed_is_in_the_properties_of_its_profile_with_its_place() -> None:
    rows = graph(SAID)
    (found,) = [row for row in of_type(rows, "ai_AIPackage") if "ai_metric" in row]
    said = {key: value for key, value in found.items() if key.startswith("ai_")}
    at = AT

    assert said.pop("ai_informationAboutTraining").endswith(
        f'"Volunteers took the pictures." ({at}); energy (pretraining): "2.5 MWh" ({at}); '
        f'energy (inference): "some" ({at}); energy: "7 kWh" ({at}); emissions (pretraining): "1.2 t" ({at}); '
        f'hardware (pretraining): "8 A100" ({at})'
    )
    assert said == {
        "ai_domain": ["text-generation"],
        "ai_energyConsumption": {
            "type": "ai_EnergyConsumption",
            "ai_trainingEnergyConsumption": [
                {
                    "type": "ai_EnergyConsumptionDescription",
                    "ai_energyQuantity": "2500.0",
                    "ai_energyUnit": "kilowattHour",
                }
            ],
        },
        "ai_hyperparameter": [entry("learning-rate (finetuning)", "2e-5"), entry("epochs", "1; 3")],
        "ai_informationAboutApplication": f'task on the Hub: text-generation; "Telling birds apart." ({at}); '
        f'for: "Ornithologists." ({at})',
        "ai_limitation": f'"It counts badly." ({at}); bias: "It prefers cats." ({at}); '
        f'out of scope: "Medicine." ({at})',
        "ai_metric": [
            entry("accuracy (Quiz, test)", "0.7"),
            entry("Quiz (reported by a board)", "0.8"),
            entry("loss", "1.2"),
        ],
        "ai_modelDataPreprocessing": [f'"Doubles were taken out." ({at})'],
        "ai_safetyRiskAssessment": "medium",
        "ai_typeOfModel": ["llama", "LlamaForCausalLM"],
        "ai_useSensitivePersonalInformation": "yes",
    }


def test_what_is_said_of_a_data_set_is_with_it_and_maybe_asserts_nothing() -> None:
    (found,) = [row for row in of_type(graph(SAID), "dataset_DatasetPackage") if row["name"] == "acme/tern-corpus"]

    assert {key: value for key, value in found.items() if key.startswith("dataset_")} == {
        "dataset_dataCollectionProcess": f'"It was photographed from ships." ({AT})',
        "dataset_dataPreprocessing": [f'"Dark pictures were left out." ({AT})'],
        "dataset_datasetType": ["noAssertion"],
        "dataset_datasetAvailability": "directDownload",
        "dataset_hasSensitivePersonalInformation": "noAssertion",
        "dataset_knownBias": [f'"Gulls are missing from it." ({AT})'],
    }


def test_what_has_no_property_is_an_annotation() -> None:
    notes = [row["statement"] for row in of_type(graph(SAID), "Annotation") if row["statement"].startswith("[disc")]

    assert sorted(note.partition("]")[0] for note in notes) == [
        "[disclosed:ethics",
        "[disclosed:personal-data",
        "[disclosed:personal-data",
        "[disclosed:safety",
        "[disclosed:traits",
    ]
    assert f"[disclosed:ethics] its publisher says: see {AT}" in notes


PERSONAL: dict[str, tuple[tuple[str, ...], Literal["yes", "no", "no-assertion"], str]] = {
    "said to be used": (("used",), "yes", "yes"),
    "may be in it": (("may-contain",), "yes", "noAssertion"),
    "not used": (("not-used",), "no", "no"),
    "taken out": (("removed",), "no-assertion", "noAssertion"),
    "contradicting itself": (("used", "not-used"), "no-assertion", "noAssertion"),
    "not used, where more is not known": (("not-used",), "no-assertion", "noAssertion"),
    "nothing said": ((), "no-assertion", "noAssertion"),
}


@pytest.mark.parametrize("case", PERSONAL)
def test_personal_information_is_asserted_only_where_it_is_said(case: str) -> None:
    words, whole, told = PERSONAL[case]
    rows = tuple(statement("personal-data", "A sentence.", said=word) for word in words)
    audit = change(PLAIN, disclosures=DisclosuresDoc(topics=(), statements=rows, personal_information=whole))
    (found,) = [row for row in of_type(graph(audit), "ai_AIPackage") if row["name"] == "acme/tern-7b"]

    assert found["ai_useSensitivePersonalInformation"] == told
