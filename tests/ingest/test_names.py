"""What documents name on the Hub: package URLs, addresses, `hf://`, in every format; models told from data sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_kit import GULL, SHA, TERN, ai_package, component, cyclonedx, keys, package, said, spdx, spdx3
from openness_audit.ingest.references import read

NAMES = st.from_regex(
    r"[A-Za-z0-9][A-Za-z0-9._]{0,20}[A-Za-z0-9]/[A-Za-z0-9][A-Za-z0-9._]{0,20}[A-Za-z0-9]", fullmatch=True
)


@pytest.mark.parametrize(
    ("text", "kind", "name", "revision"),
    [
        (f"pkg:huggingface/{TERN}@{SHA.upper()}", "model", TERN, SHA),
        ("pkg:huggingface/Acme-Lab/Tern-7B", "model", "Acme-Lab/Tern-7B", None),
        ("pkg:huggingface/acme-lab%2Ftern-7b", "model", TERN, None),
        ("pkg:huggingface/gpt2@main", "model", "gpt2", "main"),
        (f"pkg:huggingface/datasets/{TERN}", "dataset", TERN, None),
        (f"pkg:huggingface/{TERN}?repository_url=https://huggingface.co", "model", TERN, None),
        (f"pkg:generic/x?download_url=https://huggingface.co/{TERN}", "model", TERN, None),
        (f"https://huggingface.co/{TERN}", "model", TERN, None),
        (f"https://www.huggingface.co/{TERN}/tree/main", "model", TERN, "main"),
        (f"git+https://huggingface.co/{TERN}@{SHA}", "model", TERN, SHA),
        (f"git+https://huggingface.co/{TERN}.git@{SHA}", "model", TERN, SHA),
        (f"git@hf.co:{TERN}", "model", TERN, None),
        (f"https://huggingface.co/api/models/{TERN}/revision/{SHA}", "model", TERN, SHA),
        (f"https://huggingface.co/{TERN}/resolve/{SHA}/a.bin?download=true", "model", TERN, SHA),
        (f"https://huggingface.co/datasets/{TERN}", "dataset", TERN, None),
        (f"hf://{TERN}@v1", "model", TERN, "v1"),
        (f"http://127.0.0.1:9999/{TERN}", "model", TERN, None),
    ],
)
def test_what_names_a_repository_of_the_hub(text: str, kind: str, name: str, revision: str | None) -> None:
    found = read(text, "/x", "http://127.0.0.1:9999")

    assert found is not None
    assert (found.kind, found.id, found.revision, found.pointer) == (kind, name, revision, "/x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NOASSERTION",
        "pkg:pypi/transformers@4.1",
        "pkg:huggingface/",
        "pkg:huggingface/a/b/c",
        "pkg:huggingface/../b",
        f"pkg:huggingface/{TERN}?repository_url=https://models.example.org",
        "https://huggingface.co/acme-lab",
        "https://huggingface.co/spaces/acme-lab/demo",
        "https://huggingface.co/docs/transformers",
        f"https://models.example.org/{TERN}",
        f"https://models.example.org/huggingface.co/{TERN}",
        f"https://huggingface.co.example.org/{TERN}",
        "https://[",
        "x" * 5000,
        f"pkg:huggingface/{TERN} and more",
    ],
)
def test_what_names_none(text: str) -> None:
    assert read(text, "/x") is None


@given(NAMES, st.sampled_from(["", f"@{SHA}"]))
def test_a_package_url_gives_its_name_back(name: str, version: str) -> None:
    found = read(f"pkg:huggingface/{name}{version}", "/x")

    assert found is not None
    assert (found.id, found.revision) == (name, version[1:] or None)


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    for prefix in ("", "pkg:huggingface/", "https://huggingface.co/", "hf://", "git@hf.co:"):
        read(prefix + text, "/x")


@pytest.mark.parametrize(
    "part",
    [
        component(
            purl=None, externalReferences=[{"type": "website", "url": f"https://huggingface.co/{TERN}/tree/{SHA}"}]
        ),
        component(purl=None, externalReferences=[{"type": "vcs", "url": f"git+https://huggingface.co/{TERN}@{SHA}"}]),
        component(purl=None, version=SHA, externalReferences=[{"type": "other", "url": f"https://hf.co/{TERN}"}]),
        component(type="library"),
        component(purl=f"pkg:huggingface/{TERN}", version=SHA),
        {"type": "application", "name": "app", "components": [component()]},
    ],
)
def test_components_of_many_tools(part: dict[str, object]) -> None:
    assert keys(cyclonedx(part)) == [f"{TERN}@{SHA}"]


@pytest.mark.parametrize(
    "part",
    [
        package(),
        package(downloadLocation="NOASSERTION", versionInfo=SHA, homepage=f"https://huggingface.co/{TERN}"),
        package(
            downloadLocation="NOASSERTION",
            externalRefs=[{"referenceType": "purl", "referenceLocator": f"pkg:huggingface/{TERN}@{SHA}"}],
        ),
    ],
)
def test_packages_of_spdx_2(part: dict[str, object]) -> None:
    assert keys(spdx(part)) == [f"{TERN}@{SHA}"]


@pytest.mark.parametrize(
    "element",
    [
        ai_package(),
        ai_package(software_packageUrl=None, software_downloadLocation=f"https://huggingface.co/{TERN}/tree/{SHA}"),
        ai_package(
            software_packageUrl=None,
            externalIdentifier=[{"type": "ExternalIdentifier", "identifier": f"pkg:huggingface/{TERN}@{SHA}"}],
        ),
        {"@type": "ai:AIPackage", "@id": "urn:x", "software:packageUrl": f"pkg:huggingface/{TERN}@{SHA}"},
        {
            "@type": "https://spdx.org/rdf/3.0.1/terms/AI/AIPackage",
            "@id": "urn:x",
            "https://spdx.org/rdf/3.0.1/terms/Software/packageUrl": f"pkg:huggingface/{TERN}@{SHA}",
        },
    ],
)
def test_packages_of_spdx_3_whatever_their_prefix(element: dict[str, object]) -> None:
    assert keys(spdx3(element)) == [f"{TERN}@{SHA}"]


def test_a_page_that_is_linked_beside_a_package_url_is_no_other_model() -> None:
    part = component(externalReferences=[{"type": "documentation", "url": f"https://huggingface.co/{GULL}"}])

    assert keys(cyclonedx(part)) == [f"{TERN}@{SHA}"]


def test_a_library_whose_page_is_on_the_hub_is_no_model() -> None:
    part = {
        "type": "library",
        "name": "tools",
        "externalReferences": [{"type": "website", "url": f"https://huggingface.co/{GULL}"}],
    }

    assert keys(cyclonedx(part)) == []


def test_a_release_number_is_no_revision_of_the_hub() -> None:
    assert keys(cyclonedx(component(purl=f"pkg:huggingface/{TERN}@1.0"))) == [TERN]


def test_data_sets_are_told_apart_by_what_they_refer_to() -> None:
    data = component(
        type="data", purl=None, externalReferences=[{"type": "website", "url": "https://hf.co/datasets/a/b"}]
    )
    read_ = said(cyclonedx(component(), data))

    assert [(thing.kind, thing.refs[0].id) for thing in read_.bill.things] == [("model", TERN), ("dataset", "a/b")]


def test_a_model_at_two_revisions_is_two_and_at_one_is_one() -> None:
    other = component(purl=f"pkg:huggingface/{TERN}@{'f' * 40}")

    assert keys(cyclonedx(component(), component(), other)) == [f"{TERN}@{SHA}", f"{TERN}@{'f' * 40}"]
