"""Scanned code as a bill of materials: what it depends on is each model and data set that it names, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from bom_schemas import CYCLONEDX, SPDX, problems
from cli_fakes import Fake
from scan_kit import SHA

APP = f"""from transformers import AutoModel
AutoModel.from_pretrained("acme-lab/tern-7b")
AutoModel.from_pretrained("acme-lab/gull-3b", revision="{SHA}")
AutoModel.from_pretrained("acme-lab/tern-7b")
load_dataset("acme-lab/notes", revision="{SHA}")
"""
ENDINGS = {
    "spdx": ".spdx.json",
    "spdx-tag": ".spdx",
    "spdx-rdf": ".spdx.rdf.xml",
    "spdx3": ".spdx3.json",
    "cyclonedx": ".cdx.json",
    "cyclonedx-1.7": ".v1.7.cdx.json",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(APP)
    return tmp_path


def written(name: str, *words: str) -> str:
    assert Fake()("scan", "src", "-q", "-o", f"all{ENDINGS[name]}", *words) == 0
    return Path(f"all{ENDINGS[name]}").read_text("utf-8")


def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(name))
    return found


@pytest.mark.parametrize("name", [*SPDX, *CYCLONEDX])
def test_a_scan_fits_the_official_schema(name: str) -> None:
    assert problems(name, told(name)) == []


@pytest.mark.parametrize("name", ["spdx", "spdx-tag", "spdx-rdf"])
def test_a_scan_is_valid_by_the_library(name: str, folder: Path) -> None:
    written(name)

    assert validate_full_spdx_document(parse_file(str(folder / f"all{ENDINGS[name]}"))) == []


def test_the_code_depends_on_every_model_and_data_set_and_says_where() -> None:
    document = told("cyclonedx")
    names = {part["bom-ref"]: part for part in document["components"]}
    (row,) = [row for row in document["dependencies"] if row["ref"].startswith("app-")]
    named = {names[ref]["name"]: names[ref]["evidence"]["occurrences"] for ref in row["dependsOn"]}

    assert document["metadata"]["component"]["type"] == "application"
    assert document["metadata"]["component"]["name"] == "code in src"
    assert named["tern-7b"][:2] == [{"location": "src/app.py", "line": 2}, {"location": "src/app.py", "line": 4}]
    assert named["gull-3b"][0] == {"location": "src/app.py", "line": 3}
    assert named["notes"] == [{"location": "src/app.py", "line": 5}]


def test_a_data_set_that_was_not_looked_up_claims_nothing() -> None:
    document = told("spdx")
    (found,) = [row for row in document["packages"] if row["name"] == "acme-lab/notes"]

    assert (found["licenseDeclared"], found["licenseConcluded"]) == ("NOASSERTION", "NOASSERTION")
    assert found["versionInfo"] == SHA
    assert found["comment"] == "named by code; not looked up"
    assert found["sourceInfo"] == "named at src/app.py#L5"


@pytest.mark.parametrize("name", [*SPDX, *CYCLONEDX])
def test_code_without_models_is_a_bill_of_itself(name: str, folder: Path) -> None:
    (folder / "src" / "app.py").write_text("print()\n")

    assert problems(name, told(name)) == []
    assert "1 file scanned" in written(name)


def test_a_model_that_could_not_be_audited_is_in_it(folder: Path) -> None:
    (folder / "src" / "app.py").write_text(APP.replace("gull-3b", "missing-3b"))
    Fake()("scan", "src", "-q", "-o", "all.spdx3.json")
    rows = json.loads(Path("all.spdx3.json").read_text("utf-8"))["@graph"]

    assert problems("spdx3", {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": rows}) == []
    assert [row["software_sourceInfo"] for row in rows if row.get("comment") == "not audited"] == [
        "named at src/app.py#L3"
    ]


def test_a_list_without_audits_has_no_bill(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("scan", "src", "--list-only", "-o", "all.cdx.json") == 2
    assert "not available for a list without audits" in capsys.readouterr().err
