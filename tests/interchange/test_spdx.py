"""SPDX 2.3: what is written is valid by the library, says only what the audit holds, and is the same in three forms."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from spdx_tools.spdx.model.document import Document
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from spdx_tools.spdx.writer.rdf import rdf_writer

from bom_kit import (
    AUDITS,
    BATCH,
    CODE,
    COMPOUND,
    FILES,
    INHERITED,
    MANY_FILES,
    MERGE,
    PLAIN,
    SAID,
    UNDETERMINED,
    UNLICENSED,
    UNREAD,
    VENDOR,
    another_run,
    change,
)
from openness_audit.errors import NoVerdictError
from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ChainDoc
from openness_audit.model.batch import Batch, Item, Problem
from openness_audit.render.spdx import v2_json as spdx
from openness_audit.render.spdx import v2_rdf as spdx_rdf
from openness_audit.render.spdx import v2_tag as spdx_tag

SPDX_ID = re.compile(r"SPDXRef-[A-Za-z0-9.\-]+")


def told(audit: Audit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spdx.render(audit))
    return found


def read(text: str, path: Path) -> Document:
    path.write_text(text, "utf-8")
    return parse_file(str(path))


def problems(document: Document) -> list[str]:
    return [found.validation_message for found in validate_full_spdx_document(document)]


def package(document: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [row for row in document["packages"] if row["name"] == name]
    return dict(found)


def relations(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = {row["SPDXID"]: row["name"] for row in document["packages"]} | {"SPDXRef-DOCUMENT": "document"}
    return [
        (names[row["spdxElementId"]], row["relationshipType"], names[row["relatedSpdxElement"]])
        for row in document["relationships"]
    ]


@pytest.mark.parametrize("name", AUDITS)
def test_every_document_is_valid_in_three_forms_that_say_the_same(name: str, tmp_path: Path) -> None:
    forms = [
        read(spdx.render(AUDITS[name]), tmp_path / "a.spdx.json"),
        read(spdx_tag.render(AUDITS[name]), tmp_path / "a.spdx"),
        read(spdx_rdf.render(AUDITS[name]), tmp_path / "a.rdf.xml"),
    ]

    assert [problems(form) for form in forms] == [[], [], []]
    assert len({said(form) for form in (forms[:2] if name == "compound" else forms)}) == 1


def test_rdf_is_the_graph_that_the_library_writes(tmp_path: Path) -> None:
    document = read(spdx.render(COMPOUND), tmp_path / "a.spdx.json")  # its reader of RDF loses brackets, so as a graph
    theirs = io.BytesIO()
    rdf_writer.write_document_to_stream(document, theirs, validate=False)

    graphs = [Graph().parse(data=data, format="xml") for data in (spdx_rdf.render(COMPOUND), theirs.getvalue())]

    assert isomorphic(*graphs)


def said(document: Document) -> str:
    """Give everything a document says, in an order of its own: RDF has none."""
    rows = (*document.packages, *document.relationships, *document.annotations, *document.extracted_licensing_info)
    return repr(document.creation_info) + "\n".join(sorted(map(repr, rows)))


def test_several_models_and_those_that_could_not_be_audited_are_in_one_document(tmp_path: Path) -> None:
    document = read(spdx.render_batch(BATCH), tmp_path / "a.spdx.json")
    described = [row for row in document.relationships if row.relationship_type.name == "DESCRIBES"]
    missed = [row for row in document.annotations if "[not-audited]" in row.annotation_comment]

    assert problems(document) == []
    assert len(missed) == 2
    assert len(described) >= 4
    assert problems(read(spdx_tag.render_batch(BATCH), tmp_path / "a.spdx")) == []
    assert problems(read(spdx_rdf.render_batch(BATCH), tmp_path / "a.rdf.xml")) == []


def test_nothing_is_listed_where_nothing_was_audited() -> None:
    gone = Item(asked="acme/gone", problem=Problem(message="not found", hint="", code=3))

    with pytest.raises(NoVerdictError, match="no model was audited"):
        spdx.render_batch(Batch(items=(gone,)))


@pytest.mark.parametrize("form", [spdx, spdx_tag, spdx_rdf])
@pytest.mark.parametrize("name", ["sample", "merge", "hostile"])
def test_the_same_answers_give_the_same_bytes(form: Any, name: str) -> None:
    assert form.render(AUDITS[name]) == form.render(another_run(AUDITS[name]))


def test_other_findings_give_another_namespace() -> None:
    other = change(PLAIN, findings=())

    assert told(PLAIN)["documentNamespace"] != told(other)["documentNamespace"]
    assert told(PLAIN)["creationInfo"]["created"] == f"{PLAIN.as_of}T00:00:00Z"


@pytest.mark.parametrize("name", AUDITS)
def test_ids_and_categories_are_as_the_standard_writes_them(name: str) -> None:
    document = told(AUDITS[name])
    ids = [row["SPDXID"] for row in document["packages"]]
    references = [ref for row in document["packages"] for ref in row.get("externalRefs", ())]

    assert {ref["referenceCategory"] for ref in references} <= {
        "PACKAGE-MANAGER"
    }  # every edition of the schema knows it
    assert all(SPDX_ID.fullmatch(found) for found in ids)
    assert len(set(ids)) == len(ids)


def test_files_are_packages_with_their_sha256() -> None:
    document = told(FILES)
    files = [row for row in document["packages"] if row["primaryPackagePurpose"] == "FILE"]

    assert len(files) == MANY_FILES
    assert {row["checksums"][0]["checksumValue"] for row in files} == {"ab" * 32}
    assert sum(kind == "CONTAINS" for _, kind, _ in relations(document)) == MANY_FILES
    assert "files" not in document


def test_every_base_model_of_a_merge_is_there_and_a_circle_is_no_problem() -> None:
    found = relations(told(MERGE))

    assert sum(kind == "DESCENDANT_OF" and source == "acme/tern-7b" for source, kind, _ in found) == 12
    assert ("acme/part-0", "DESCENDANT_OF", "acme/part-11") in found
    assert ("acme/part-11", "DESCENDANT_OF", "acme/part-0") in found


def test_code_is_told_by_what_it_did_and_only_the_publishers() -> None:
    found = [row for row in relations(told(CODE)) if row[1] not in {"CONTAINS", "DESCRIBES"} and "git" in str(row)]
    model = "acme/tern-7b"

    assert sorted(found) == sorted(
        [
            (model, "DEPENDS_ON", "github.com/acme/tern-run"),
            (model, "OTHER", "github.com/tools/any"),
            (model, "OTHER", "gitlab.example/acme/x"),
            ("github.com/acme/tern", "GENERATES", model),
            ("github.com/acme/tern-eval", "TEST_TOOL_OF", model),
        ]
    )


@pytest.mark.parametrize(
    ("audit", "declared", "concluded"),
    [
        (PLAIN, "Apache-2.0", "Apache-2.0"),
        (UNLICENSED, "NONE", "NONE"),
        (UNDETERMINED, "Apache-2.0", "NOASSERTION"),
        (INHERITED, "NONE", "NOASSERTION"),
        (change(INHERITED, verdict=change(INHERITED.verdict, terms="unlicensed")), "NONE", "NONE"),
        (UNREAD, "NOASSERTION", "NOASSERTION"),
        (MERGE, "MIT", "NOASSERTION"),  # the terms of base models are not known
        (AUDITS["sample"], "Apache-2.0", "NOASSERTION"),  # its statements contradict each other
        (VENDOR, "LicenseRef-hf-llama2", "LicenseRef-hf-llama2 AND LicenseRef-never-heard-of"),
    ],
)
def test_nothing_is_concluded_where_more_may_bind(audit: Audit, declared: str, concluded: str) -> None:
    found = package(told(audit), "acme/tern-7b")

    assert (found["licenseDeclared"], found["licenseConcluded"]) == (declared, concluded)


def test_open_terms_of_base_models_are_named_beside_the_conclusion() -> None:
    chain = tuple(
        ChainDoc(
            id=name,
            path=("acme/tern-7b", name),
            relations=("finetune",),
            expression=expression,
            family="osi",
            how="declared",
            binds=binds,
            evidence=(),
        )
        for name, expression, binds in (
            ("acme/one", "BSD-3-Clause", True),
            ("acme/two", "Apache-2.0", True),
            ("acme/own", "MIT", False),
        )
    )
    found = package(told(change(PLAIN, licenses=change(PLAIN.licenses, chain=chain))), "acme/tern-7b")

    assert found["licenseConcluded"] == "Apache-2.0"
    assert found["licenseComments"].endswith(
        ". Besides, terms of base models bind, and stand with them: BSD-3-Clause of acme/one"
    )


def test_a_licence_off_the_list_says_where_its_text_is_to_be_read() -> None:
    llama, unheard = told(VENDOR)["hasExtractedLicensingInfos"]

    assert llama["licenseId"] == "LicenseRef-hf-llama2"
    assert "to be read at https://" in llama["extractedText"]
    assert llama["seeAlsos"]
    assert unheard["extractedText"].endswith("no address of its text is known.")
    assert "seeAlsos" not in unheard


def test_words_of_strangers_add_no_line_to_tag_value() -> None:
    text = spdx_tag.render(AUDITS["hostile"])

    assert "<text>" not in text
    assert "\nPackageLicenseConcluded: MIT\n" not in text
    assert all(re.match(r"$|[A-Z][A-Za-z]+: ", line) for line in text.splitlines())


def test_findings_gaps_and_unnamed_data_are_annotations() -> None:
    notes = [row["comment"] for row in package(told(AUDITS["sample"]), "acme/tern-7b")["annotations"]]
    kinds = {note.partition("]")[0].partition(":")[0].strip("[") for note in notes}
    unnamed = [row["comment"] for row in told(AUDITS["hostile"])["packages"][0]["annotations"]]

    assert {"verdict", "criterion", "finding", "not-checked"} <= kinds
    assert any(note.startswith("[data-not-named]") for note in unnamed)


def test_what_is_disclosed_is_an_annotation_a_subject() -> None:
    notes = [row["comment"] for row in package(told(SAID), "acme/tern-7b")["annotations"]]
    said = dict(note[len("[disclosed:") :].split("] its publisher says: ", 1) for note in notes if "[disc" in note)

    assert said["hyperparameters"] == "learning-rate (finetuning): 2e-5; epochs: 1; 3"
    assert said["metrics"] == "accuracy (Quiz, test): 0.7; Quiz (reported by a board): 0.8; loss: 1.2"
    assert said["limitations"] == '"It counts badly." (README.md#L41)'
    assert said["computing"].startswith('energy (pretraining): "2.5 MWh" (README.md#L41); ')
    assert set(said) == {
        "bias",
        "computing",
        "data-collection",
        "data-preprocessing",
        "ethics",
        "hyperparameters",
        "intended-use",
        "limitations",
        "metrics",
        "out-of-scope-use",
        "personal-data",
        "safety",
        "traits",
        "users",
    }
