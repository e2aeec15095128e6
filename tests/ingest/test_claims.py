"""What documents claim, against what was found: licences, commit, files, base models, data sets."""

from __future__ import annotations

import msgspec
import pytest

from bom_kit import data, file
from ingest_kit import (
    DIGEST,
    GULL,
    HEAD,
    SHA,
    TERN,
    ai_package,
    audit,
    compared,
    component,
    cyclonedx,
    one,
    package,
    relationship,
    results,
    spdx,
    spdx3,
)
from openness_audit.ingest.meanings import of_expression
from openness_audit.ingest.terms import compare
from openness_audit.model.audit_licenses import ConflictDoc
from openness_audit.model.audit_origins import LineageDoc, ParentDoc

NC = "CC-BY-NC-4.0"
change = msgspec.structs.replace
PARENTS = LineageDoc(parents=(ParentDoc(id=GULL, name=GULL, relation="finetune", source="metadata", evidence=()),))


def licences(found: set[tuple[str, str, str | None]]) -> set[tuple[str, str, str | None]]:
    return {row for row in found if row[0].startswith("license")}


@pytest.mark.parametrize(
    ("said", "found", "relation"),
    [
        ("Apache-2.0", "apache-2.0", "same"),
        ("Apache License 2.0", "Apache-2.0", "same"),
        ("MIT AND Apache-2.0", "Apache-2.0 AND MIT", "same"),
        ("(MIT OR (Apache-2.0))", "Apache-2.0 OR MIT", "same"),
        ("GPL-3.0+", "GPL-3.0-or-later", "same"),
        ("LicenseRef-hf-llama2", "Llama 2 Community License Agreement", "same"),
        ("LicenseRef-llama2", "LicenseRef-hf-llama2", "same"),
        ("LicenseRef-acme", "LicenseRef-ACME", "same"),
        ("NONE", "NONE", "same"),
        ("Apache-2.0", NC, "wider"),
        ("Apache-2.0", "Apache-2.0 AND CC-BY-NC-4.0", "wider"),
        ("Apache-2.0", "LicenseRef-hf-llama2", "wider"),
        ("MIT OR CC-BY-NC-4.0", NC, "wider"),
        ("Apache-2.0", "NONE", "wider"),
        ("MIT", "GPL-3.0-only", "wider"),
        (NC, "Apache-2.0", "narrower"),
        ("NONE", "MIT", "narrower"),
        ("MIT", "Apache-2.0", "different"),
        ("MIT", "Apache-2.0 AND MIT", "different"),
        (NC, "CC-BY-ND-4.0", "different"),
        ("LicenseRef-acme", "Apache-2.0", "unclear"),
        ("NOASSERTION", "MIT", "unclear"),
        ("MIT AND", "MIT", "unclear"),
        ("LicenseRef-hf-openrail", "LicenseRef-hf-bigscience-bloom-rail-1.0", "unclear"),
    ],
)
def test_how_two_licences_relate(said: str, found: str, relation: str) -> None:
    assert compare(of_expression(said), of_expression(found))[0] == relation


@pytest.mark.parametrize("expression", ["MIT", NC, "Apache-2.0 AND MIT", "MIT OR LicenseRef-x", "NONE"])
def test_a_licence_is_the_same_as_itself(expression: str) -> None:
    assert compare(of_expression(expression), of_expression(expression)) == ("same", ())


def test_the_words_of_a_reference_do_not_make_it_open() -> None:
    text = {
        "licenseId": "LicenseRef-mit",
        "name": "MIT License",
        "extractedText": "You may look at it on Sundays, and do nothing else with it.",
    }
    document = spdx(package(declared="LicenseRef-mit"), hasExtractedLicensingInfos=[text])

    assert ("license-declared", "agrees", None) not in results(document, audit(declared="MIT"))


@pytest.mark.parametrize("about", ["declared", "concluded", None])
def test_more_freedom_than_found_is_the_worst(about: str | None) -> None:
    document = cyclonedx(component(licences=one("Apache-2.0", about)))
    kind = f"license-{about}" if about else "license"

    row = (kind, "contradicts", "bom-license-too-open")
    assert row in results(document, audit(declared=NC))


def test_no_licence_at_all_is_less_than_any() -> None:
    document = cyclonedx(component(licences=one("MIT")))

    assert ("license", "contradicts", "bom-license-too-open") in results(document, audit(declared=None))


@pytest.mark.parametrize(
    "document",
    [
        cyclonedx(component(licences=one("Apache-2.0", "declared"))),
        spdx(package()),
        spdx3(ai_package(), relationship(f"urn:{TERN}", "hasDeclaredLicense", "https://spdx.org/licenses/Apache-2.0")),
    ],
)
def test_a_declared_licence_that_is_not_all_that_binds(document: dict[str, object]) -> None:
    assert licences(results(document, audit(binds=NC))) == {
        ("license-declared", "agrees", None),
        ("license-concluded", "says-nothing", "bom-license-not-all"),
    }


def test_a_licence_without_acknowledgement_is_read_as_what_binds() -> None:
    document = cyclonedx(component(licences=one("Apache-2.0")))

    assert licences(results(document, audit(binds=NC))) == {("license", "contradicts", "bom-license-too-open")}
    assert licences(results(document, audit())) == {("license", "agrees", None)}


def test_what_cannot_be_settled_is_not_agreed_to() -> None:
    conflict = ConflictDoc(
        kind="tag-text", between=("Apache-2.0", NC), why="the text", path=(), severity="error", confidence="high",
        evidence=(),
    )  # fmt: skip
    found = audit()
    doubtful = change(found, licenses=change(found.licenses, conflicts=(conflict,)))
    unread = audit(complete=False)
    document = spdx(package(concluded="Apache-2.0"))

    for each in (doubtful, unread):
        assert licences(results(document, each)) == {
            ("license-declared", "agrees", None),
            ("license-concluded", "not-determined", None),
        }


def test_an_open_claim_over_restricted_terms_that_are_not_named() -> None:
    found = audit(declared="NOASSERTION")
    restricted = change(found, verdict=change(found.verdict, terms="restricted"))
    document = cyclonedx(component(licences=one("MIT")))

    assert licences(results(document, restricted)) == {("license", "contradicts", "bom-license-too-open")}
    assert licences(results(document, found)) == {("license", "not-determined", None)}


def test_a_restricted_licence_as_declared_is_not_all_that_binds() -> None:
    document = cyclonedx(component(licences=one(NC)))

    assert licences(results(document, audit(declared=NC, binds=f"{NC} AND LicenseRef-hf-llama2"))) == {
        ("license", "agrees", None),
        ("license-concluded", "says-nothing", "bom-license-not-all"),
    }


def test_another_licence_than_the_declared_one_where_what_binds_is_not_settled() -> None:
    document = cyclonedx(component(licences=one("MIT")))

    assert licences(results(document, audit(complete=False))) == {("license", "contradicts", "bom-license-differs")}
    unsettled = audit(binds=f"Apache-2.0 AND {NC}", complete=False)
    assert licences(results(document, unsettled)) == {("license", "contradicts", "bom-license-too-open")}


def test_the_name_of_a_reference_is_told_beside_it() -> None:
    text = {"licenseId": "LicenseRef-1", "name": "Llama 2 Community License", "extractedText": "see the site"}
    document = spdx(package(declared="LicenseRef-1"), hasExtractedLicensingInfos=[text])
    (row,) = [
        row
        for row, _ in compared(document, audit(declared="LicenseRef-hf-llama2"))
        if row.said and row.about != "commit"
    ]

    assert (row.said, row.result) == ("LicenseRef-1 (Llama 2 Community License)", "agrees")


def test_data_named_where_its_reference_belongs() -> None:
    document = cyclonedx(component(modelCard={"modelParameters": {"datasets": [{"ref": "acme-lab/notes"}]}}))

    assert ("dataset", "agrees", None) in results(document, change(audit(), training_data=(data("acme-lab/notes"),)))


def test_silence_is_told_as_silence() -> None:
    assert licences(results(cyclonedx(component()), audit())) == {("license", "says-nothing", None)}
    assert licences(results(spdx(package(declared="NOASSERTION")), audit())) == {
        ("license-declared", "says-nothing", None),
        ("license-concluded", "says-nothing", None),
    }


def test_a_stricter_claim_is_narrower() -> None:
    document = spdx(package(declared=NC, concluded=NC))

    assert licences(results(document, audit())) == {
        ("license-declared", "narrower", "bom-license-narrower"),
        ("license-concluded", "narrower", "bom-license-narrower"),
    }


def test_several_licences_of_one_component_all_bind() -> None:
    document = cyclonedx(component(licences=[*one("MIT"), {"license": {"name": NC}}]))

    assert licences(results(document, audit(declared=f"MIT AND {NC}"))) == {("license", "agrees", None)}


def test_a_licence_is_known_by_its_name_and_by_its_address() -> None:
    named = cyclonedx(component(licences=[{"license": {"name": "Llama 2 Community License"}}]))
    linked = [{"license": {"name": "see link", "url": "https://creativecommons.org/licenses/by-nc/4.0/"}}]

    assert ("license", "agrees", None) in results(named, audit(declared="LicenseRef-hf-llama2"))
    assert ("license", "agrees", None) in results(cyclonedx(component(licences=linked)), audit(declared=NC))


def test_an_expanded_licence_of_spdx_3_is_written_out() -> None:
    members = ["https://spdx.org/licenses/MIT", "https://spdx.org/licenses/Apache-2.0"]
    kind = "expandedlicensing_DisjunctiveLicenseSet"
    either = {"type": kind, "spdxId": "urn:either", "expandedlicensing_member": members}
    document = spdx3(ai_package(), either, relationship(f"urn:{TERN}", "hasConcludedLicense", "urn:either"))

    assert ("license-concluded", "agrees", None) in results(document, audit(declared="MIT OR Apache-2.0"))


def test_the_commit_agrees_drifts_or_is_not_given() -> None:
    document = cyclonedx(component())

    assert ("commit", "agrees", None) in results(document, audit(), SHA)
    assert ("commit", "agrees", None) in results(document, audit())
    assert ("commit", "drifted", "bom-commit-drifted") in results(document, audit(), HEAD)
    loose = cyclonedx(component(purl=f"pkg:huggingface/{TERN}"))
    assert ("commit", "says-nothing", None) in results(loose, audit())
    release = cyclonedx(component(purl=f"pkg:huggingface/{TERN}@1.0"))
    assert ("commit", "not-determined", None) in results(release, audit())


def weights(digest: str) -> tuple[dict[str, object], ...]:
    """Give the same file in CycloneDX, in SPDX 2 and in SPDX 3."""
    url = f"https://huggingface.co/{TERN}/resolve/{SHA}/model.safetensors"
    inner = {"type": "file", "name": "model.safetensors", "hashes": [{"alg": "SHA-256", "content": digest.upper()}]}
    out = {"type": "distribution", "url": url, "hashes": [{"alg": "SHA-256", "content": digest}]}
    held = {"SPDXID": "SPDXRef-f", "fileName": "./model.safetensors"}
    held["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]  # type: ignore[assignment]  # as JSON has it
    contains = {"spdxElementId": package()["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-f"}
    element = {"type": "software_File", "spdxId": "urn:f", "name": "model.safetensors"}
    element["verifiedUsing"] = [{"type": "Hash", "algorithm": "sha256", "hashValue": digest}]  # type: ignore[assignment]  # as above
    return (
        cyclonedx(component(components=[inner])),
        cyclonedx(component(externalReferences=[out])),
        spdx(package(), files=[held], relationships=[contains]),
        spdx(package(hasFiles=["SPDXRef-f"]), files=[held]),
        spdx3(ai_package(), element, relationship(f"urn:{TERN}", "contains", "urn:f")),
    )


def test_digests_of_files() -> None:
    found = change(audit(), files=(file("model.safetensors", f"sha256:{DIGEST}"),))

    for document in weights(DIGEST):
        assert ("file", "agrees", None) in results(document, found)
        assert ("file", "not-determined", None) in results(document, audit())
    for document in weights("cd" * 32):
        assert ("file", "contradicts", "bom-file-differs") in results(document, found)


def bases(name: str) -> tuple[dict[str, object], ...]:
    """Give the same base model in CycloneDX, in SPDX 2 and in SPDX 3."""
    other = {"type": "machine-learning-model", "name": name.rpartition("/")[2], "purl": f"pkg:huggingface/{name}"}
    made = {"spdxElementId": package()["SPDXID"], "relationshipType": "DESCENDANT_OF"}
    made["relatedSpdxElement"] = package(name)["SPDXID"]
    return (
        cyclonedx(component(pedigree={"ancestors": [other]})),
        spdx(package(), package(name), relationships=[made]),
        spdx3(ai_package(), ai_package(name), relationship(f"urn:{TERN}", "descendantOf", f"urn:{name}")),
        spdx3(ai_package(), ai_package(name), relationship(f"urn:{name}", "ancestorOf", f"urn:{TERN}")),
    )


def test_base_models_that_agree_are_missed_or_invented() -> None:
    found = change(audit(name=TERN), lineage=PARENTS)
    silent = cyclonedx(component())

    assert ("base-model", "says-nothing", "bom-base-model-differs") in results(silent, found)
    row = cyclonedx(component(pedigree={"ancestors": [{"name": "gull-3b"}]}))
    assert ("base-model", "agrees", None) in results(row, found)
    assert ("base-model", "agrees", None) in results(bases(GULL)[0], found)
    assert ("base-model", "contradicts", "bom-base-model-differs") in results(bases("acme-lab/owl")[0], found)
    assert ("base-model", "not-determined", None) in results(bases("acme-lab/owl")[0], audit())


def test_data_sets_that_agree_or_are_missed() -> None:
    found = change(audit(), training_data=(data("acme-lab/notes"), data("acme-lab/tests", "evaluation")))
    inline = {"type": "dataset", "name": "notes", "contents": {"url": "https://huggingface.co/datasets/acme-lab/notes"}}

    def with_data(*rows: object) -> dict[str, object]:
        return cyclonedx(component(modelCard={"modelParameters": {"datasets": list(rows)}}))

    assert ("dataset", "agrees", None) in results(with_data(inline), found)
    other = results(with_data({"type": "dataset", "name": "acme-lab/other"}), found)
    assert {("dataset", "not-determined", None), ("dataset", "says-nothing", "bom-dataset-missing")} <= other
    assert ("dataset", "says-nothing", None) in results(cyclonedx(component()), found)


def test_a_data_set_that_the_audit_knows_by_its_address() -> None:
    row = data("Notes of Acme", id=None, url="https://huggingface.co/datasets/acme-lab/notes-1")
    inline = {"type": "dataset", "contents": {"url": "https://huggingface.co/datasets/acme-lab/notes-1"}}
    document = cyclonedx(component(modelCard={"modelParameters": {"datasets": [inline]}}))

    assert ("dataset", "agrees", None) in results(document, change(audit(), training_data=(row,)))


def test_every_claim_stands_at_its_line() -> None:
    document = spdx(package(concluded=NC))
    rows = {str(row.about): row for row, _ in compared(document, audit())}
    import json  # noqa: PLC0415 - the text as the kit writes it

    lines = json.dumps(document, indent=1).splitlines()
    for about, key in (("license-declared", "licenseDeclared"), ("license-concluded", "licenseConcluded")):
        (place,) = rows[about].places
        assert place.pointer == f"/packages/0/{key}"
        assert lines[place.line - 1][place.column - 1 :].startswith(f'"{package(concluded=NC)[key]}"')
        assert f'"{key}"' in lines[place.line - 1]


def test_claims_that_are_alike_share_a_row() -> None:
    document = cyclonedx(*(component(licences=one("MIT")) for _ in range(50)))
    rows = [row for row, _ in compared(document, audit()) if row.about == "license"]

    assert [(row.result, len(row.places)) for row in rows] == [("contradicts", 50)]
