"""Documents that are wrong, huge, circular, or nothing of the kind: an answer or a usage error, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest_kit import (
    GULL,
    SHA,
    TERN,
    Hub,
    ai_package,
    audit,
    component,
    cyclonedx,
    keys,
    one,
    package,
    relationship,
    said,
    spdx,
    spdx3,
)
from openness_audit.errors import UsageError
from openness_audit.ingest import reading
from openness_audit.ingest.compare import compare
from openness_audit.ingest.gather import Places, gather
from openness_audit.ingest.pointers import places

TAGS = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
PackageName: tern
SPDXID: SPDXRef-t
PackageVersion: {SHA}
PackageDownloadLocation: https://huggingface.co/{TERN}
PackageComment: <text>two
PackageName: not a package
lines</text>
PackageLicenseDeclared: MIT
PackageLicenseConcluded: NOASSERTION
LicenseID: LicenseRef-x
ExtractedText: <text>words
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"hello", "is no bill of materials"),
        (b"[1, 2]", "is no bill of materials"),
        (b"{}", "is JSON, but no bill of materials"),
        (b'{"a": 1', "bom.json:1: it is not JSON"),
        (b'{"a":\n\n 1 x}', "bom.json:3: it is not JSON"),
        (b'{"a": "\\ud800"}', "it is not JSON"),
        (b'{"a": NaN}', "it is not JSON"),
        (b'{"bomFormat": "CycloneDX", "bomFormat": 3}', "no bill of materials"),
        (b"\xff\xfe{\x00", "bom.json:1: it is not UTF-8"),
        (b'{"bomFormat":\n"\xe9"}', "bom.json:2: it is not UTF-8"),
        (b"<?xml version='1.0'?><bom/>", "XML and RDF are not read"),
        (b'{"bomFormat": "CycloneDX"}', "CycloneDX without a version is not read"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "2.0"}', "version '2.0' of CycloneDX is not read"),
        (b'{"bomFormat": "CycloneDX", "specVersion": 1.6}', "CycloneDX without a version"),
        (b'{"spdxVersion": "SPDX-1.2"}', "version 'SPDX-1.2' of SPDX is not read"),
        (b'{"@context": "https://schema.org", "@graph": []}', "is JSON-LD, but not of SPDX 3"),
        (b'{"@context": "https://spdx.org/rdf/4.0.0/spdx-context.jsonld", "@graph": []}', "SPDX without a version"),
        (b'{"@graph": [{"specVersion": "4.0"}]}', "version '4.0' of SPDX is not read"),
        (b'{"schema": "https://openness-audit.dev/schemas/audit-1.json"}', "is a document of modelaudit"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too deeply nested"),
        (b"SPDXVersion: SPDX-2.0\n", "version 'SPDX-2.0' of SPDX is not read"),
    ],
)
def test_what_is_no_document_that_is_read(data: bytes, told: str) -> None:
    with pytest.raises(UsageError) as problem:
        reading.read(data, "bom.json")

    assert told in problem.value.message
    assert problem.value.hint


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="larger than 64 MB"):
        reading.read(b" " * (reading.LARGEST + 1), "bom.json")
    monkeypatch.setattr(reading, "MOST_VALUES", 20)
    with pytest.raises(UsageError, match="more than 20 values"):
        reading.read(json.dumps({"a": list(range(40))}).encode(), "bom.json")
    monkeypatch.setattr(reading, "MOST_VALUES", 10_000)
    monkeypatch.setattr(reading, "MOST_ELEMENTS", 3)
    with pytest.raises(UsageError, match="more than 3 elements"):
        reading.read(json.dumps(cyclonedx(*[component()] * 4)).encode(), "bom.json")


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_versions_of_cyclonedx_that_are_read(version: str) -> None:
    assert keys(cyclonedx(component(), version=version)) == [f"{TERN}@{SHA}"]


@pytest.mark.parametrize("version", ["3.0.0", "3.0.1", "3.1.0"])
def test_versions_of_spdx_3_that_are_read(version: str) -> None:
    assert keys(spdx3(ai_package(), version=version)) == [f"{TERN}@{SHA}"]


def test_a_byte_order_mark_is_passed_over() -> None:
    read = reading.read(b"\xef\xbb\xbf" + json.dumps(cyclonedx(component())).encode(), "bom.json")

    assert read.places({"/components/0"})["/components/0"][0] == 1


def test_tag_value_with_texts_over_lines() -> None:
    read = said(TAGS)
    (thing,) = read.bill.things

    assert (read.bill.format, thing.refs[0].id, thing.version, len(thing.licenses)) == ("spdx-tag", TERN, SHA, 2)
    assert read.places({thing.licenses[0].pointer}) == {"line 10": (10, 1)}


def test_circles_and_references_to_nowhere_are_harmless() -> None:
    circle = [
        relationship(f"urn:{TERN}", "descendantOf", f"urn:{GULL}", "urn:nowhere"),
        relationship(f"urn:{GULL}", "descendantOf", f"urn:{TERN}", f"urn:{GULL}"),
    ]
    bill = said(spdx3(ai_package(), ai_package(GULL), *circle)).bill

    assert [(thing.upstream, len(thing.bases)) for thing in bill.things] == [(True, 1), (True, 1)]
    assert bill.doubts == ("references that lead nowhere in the document: 1",)


def test_a_set_of_licences_that_holds_itself() -> None:
    loop = {
        "type": "expandedlicensing_ConjunctiveLicenseSet",
        "spdxId": "urn:loop",
        "expandedlicensing_member": "urn:loop",
    }
    bill = said(spdx3(ai_package(), loop, relationship(f"urn:{TERN}", "hasDeclaredLicense", "urn:loop"))).bill

    assert len(bill.things) == 1


def test_ids_that_stand_twice_are_counted() -> None:
    for document in (
        cyclonedx(component(), component()),
        spdx(package(), package()),
        spdx3(ai_package(), ai_package()),
    ):
        bill = said(document).bill
        assert len(bill.things) == 2
        assert "twice" in bill.doubts[0]


def test_components_in_components_without_end() -> None:
    inner = component()
    for _ in range(300):
        inner = {"type": "application", "name": "a", "components": [inner]}

    assert "deep" in said(cyclonedx(inner)).bill.doubts[0]


def test_ten_thousand_components_that_name_one_model(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bom.json").write_text(json.dumps(cyclonedx(*[component(licences=one("MIT"))] * 10_000), indent=1))
    hub = Hub({TERN: audit()})

    assert hub("bom.json") == 0
    assert len(hub.asked) == 1
    out = capsys.readouterr().out
    assert "and 9997 more" in out
    assert len(out) < 3000


def test_a_file_that_may_not_be_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bom.json").write_text("{}")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert Hub()("bom.json") == 2
    assert "bom.json cannot be read: Permission denied" in capsys.readouterr().err


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["MIT", TERN, "NONE", SHA]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FULL = (
    cyclonedx(
        component(
            licences=[*one("MIT", "declared"), {"expression": "MIT OR X"}],
            version=SHA,
            externalReferences=[{"type": "vcs", "url": f"https://hf.co/{TERN}", "hashes": [{"alg": "SHA-256"}]}],
            pedigree={"ancestors": [component(GULL)]},
            modelCard={"modelParameters": {"datasets": [{"ref": "x"}, {"name": "n", "contents": {"url": "u"}}]}},
            components=[{"type": "file", "name": "f", "hashes": [{"alg": "SHA-256", "content": "ab" * 32}]}],
            properties=[{"name": "openness-audit:license:declared", "value": "MIT"}],
        ),
        metadata={"component": component(GULL)},
    ),
    spdx(
        package(externalRefs=[{"referenceLocator": "x"}], hasFiles=["SPDXRef-f"], checksums=[{"algorithm": "SHA256"}]),
        files=[
            {"SPDXID": "SPDXRef-f", "fileName": "f", "checksums": [{"algorithm": "SHA256", "checksumValue": "ab" * 32}]}
        ],
        relationships=[{"spdxElementId": "a", "relationshipType": "DESCENDANT_OF", "relatedSpdxElement": "b"}],
        hasExtractedLicensingInfos=[{"licenseId": "LicenseRef-x", "crossRefs": [{"url": "u"}], "seeAlsos": ["s"]}],
    ),
    spdx3(
        ai_package(externalIdentifier=[{"identifier": "x"}], externalRef=[{"locator": ["y"]}]),
        {"type": "software_File", "spdxId": "urn:f", "name": "f", "verifiedUsing": [{"algorithm": "sha256"}]},
        {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
        relationship(f"urn:{TERN}", "hasDeclaredLicense", "urn:l"),
        relationship(f"urn:{TERN}", "contains", "urn:f"),
    ),
)


def spots(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List every place of a document but those that say what it is."""
    found = [path] if path and path[0] not in ("bomFormat", "specVersion", "spdxVersion", "@context") else []
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        found += spots(inner, (*path, key))
    return found


@settings(max_examples=150)
@given(st.data())
def test_wrong_types_anywhere_are_no_crash(data: st.DataObject) -> None:
    document = json.loads(json.dumps(data.draw(st.sampled_from(FULL))))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(spots(document)))
        at = document
        for key in path:
            at = at[key]
        at[last] = data.draw(JUNK)
    try:
        read = said(document)
    except UsageError:
        return
    documents = (("bom.json", read),)
    gathered = gather(documents)
    every = Places(documents, gathered)
    for held in gathered.models.values():
        for row, _ in compare(held, audit(), None, every):
            assert all(place.line >= 1 for place in row.places)


@settings(max_examples=100)
@given(JUNK, st.sampled_from([None, 1, "\t"]))
def test_every_pointer_leads_to_its_value(value: object, indent: int | str | None) -> None:
    text = json.dumps({"": value, "a/b~": [value]}, indent=indent)
    wanted = {"".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
              for path in [(), *spots(json.loads(text))]}  # fmt: skip
    found = places(text, wanted)

    assert found.keys() == wanted
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    for pointer, (line, column) in found.items():
        at = json.loads(text)
        for step in pointer.split("/")[1:]:
            plain = step.replace("~1", "/").replace("~0", "~")
            at = at[int(plain)] if isinstance(at, list) else at[plain]
        value_there = json.JSONDecoder(strict=False).raw_decode(text, starts[line - 1] + column - 1)[0]
        assert value_there == at
