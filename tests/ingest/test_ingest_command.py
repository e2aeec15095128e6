"""`modelaudit FILE`, as it is called: what it audits, writes, shows, and the exit code."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from audit_sample import BELL, BIDI, SCRIPT
from bom_kit import MIXED, TAG_END, XML_END
from ingest_kit import GULL, HEAD, SHA, TERN, Hub, audit, component, cyclonedx, one, package, spdx
from openness_audit.render.reference.schemas import schema
from openness_audit.scan.code.wanted import Key

HOSTILE = (
    SCRIPT,
    BIDI,
    BELL,
    MIXED,
    TAG_END,
    XML_END.replace("\ud800", ""),
    "",
    " ",
    "a|b](x)@everyone",
    "y" * 3000,
    "{0} %s",
)
NC = "CC-BY-NC-4.0"
OPEN = cyclonedx(component(licences=one("Apache-2.0")))
POLICY = "name: p\nclauses:\n  honest: {check: findings, deny: [bom-license-too-open]}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(document: object, name: str = "bom.cdx.json") -> str:
    Path(name).write_text(document if isinstance(document, str) else json.dumps(document, indent=1))
    return name


def hub(**audits: object) -> Hub:
    return Hub({TERN: audit(declared=NC), GULL: audit(GULL)}, **audits)  # type: ignore[arg-type]  # fields of the kit


@pytest.mark.parametrize("words", [("bom.cdx.json",), ("audit", "bom.cdx.json"), ("./bom.cdx.json",)])
def test_a_document_is_audited_and_compared(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    write(OPEN)
    found = hub()

    assert found(*words) == 0
    assert found.asked == [Key(TERN, SHA)]
    out = capsys.readouterr().out
    assert out.startswith("1 model named in 1 element: 1 licence claim more open than found\n")
    assert "contradicts     licence: Apache-2.0; found CC-BY-NC-4.0" in out
    assert "--> bom.cdx.json:" in out
    assert "error[bom-license-too-open]" in out
    assert out.splitlines()[-2].startswith("1 model, 1 contradiction or gap: exit 0")


def test_each_model_once_however_often_it_is_named() -> None:
    write(cyclonedx(*([component()] * 30), component(GULL)))
    write(spdx(package()), "other.spdx.json")
    found = hub()

    assert found("bom.cdx.json", "other.spdx.json", "-q") == 0
    assert found.asked == [Key(GULL, SHA), Key(TERN, SHA)]


def test_a_policy_can_refuse_what_claims_too_much() -> None:
    write(OPEN)
    Path("p.yaml").write_text(POLICY)

    assert hub()("bom.cdx.json", "-q", "--policy", "p.yaml") == 1
    write(cyclonedx(component(licences=one(NC))))
    assert hub()("bom.cdx.json", "-q", "--policy", "p.yaml") == 0


def test_the_json_fits_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    write(cyclonedx(component(licences=one("Apache-2.0")), component(GULL), component("a/gone"), {"type": "data"}))

    assert hub(heads={TERN: HEAD})("bom.cdx.json", "-f", "json") == 3
    told = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads(schema("ingest"))).validate(told)
    assert [(m["id"], m["audited"], m["exit_code"]) for m in told["models"]] == [
        ("a/gone", False, 3),
        (GULL, True, 0),
        (TERN, True, 0),
    ]
    tern = told["models"][2]
    assert (tern["sha"], tern["head"]) == (SHA, HEAD)
    cited = {row["id"] for row in tern["evidence"]}
    assert all(set(row["evidence"]) <= cited for row in tern["compared"])
    assert {f["rule"] for f in told["findings"]} == {"bom-license-too-open", "bom-commit-drifted"}


def test_sarif_points_at_the_lines_of_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    name = write(OPEN)

    assert hub()(name, "-f", "sarif") == 0
    run = json.loads(capsys.readouterr().out)["runs"][0]
    (result,) = [r for r in run["results"] if r["ruleId"] == "bom-license-too-open"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == name
    line = Path(name).read_text().splitlines()[place["region"]["startLine"] - 1]
    assert '"licenses"' not in line
    assert line.strip() == "{"
    assert "bom-license-too-open" in {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_every_output_is_written(folder: Path) -> None:
    write(OPEN)
    names = ["i.json", "i.md", "i.txt", "i.sarif", "i.xml", "i.csv", "i.spdx.json", "i.cdx.json"]

    assert hub()("bom.cdx.json", "-q", *(word for name in names for word in ("-o", name)), "-o", "audits/") == 0
    assert all((folder / name).stat().st_size for name in names)
    assert [path.name for path in (folder / "audits").iterdir()] == [f"acme-lab--tern-7b@{SHA[:12]}.json"] or list(
        (folder / "audits").iterdir()
    )
    ET.parse("i.xml")  # noqa: S314 - our own


def test_no_model_is_said_and_passes(capsys: pytest.CaptureFixture[str]) -> None:
    write(cyclonedx({"type": "library", "name": "x", "purl": "pkg:pypi/x@1"}))

    assert hub()("bom.cdx.json") == 0
    assert capsys.readouterr().out.startswith("No model of the Hub is named in 1 element\n")


def test_a_model_that_is_nowhere_has_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    write(cyclonedx({"type": "machine-learning-model", "name": "in-house"}))

    assert hub()("bom.cdx.json") == 3
    assert "named without saying where" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.json",), "there is no file 'gone.json'"),
        (("gone.spdx",), "there is no file"),
        (("bom.cdx.json", TERN), "is a file"),
        (("bom.cdx.json", "--explain", "data"), "--explain does not go"),
        (("bom.cdx.json", "--save-evidence", "e.bundle"), "--save-evidence does not go"),
        (("bom.cdx.json", "--fix-card"), "--fix-card does not go"),
        (("bom.cdx.json", "-f", "html"), "format 'html' is not available"),
        (("bom.cdx.json", "-o", "x.svg"), "names no format"),
        (("bom.cdx.json", "-o", "bom.cdx.json"), "names the document that is read"),
        (("bom.cdx.json", "-o", "a.json", "-o", "./a.json"), "twice"),
    ],
)
def test_words_that_cannot_be_carried_out(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(OPEN)
    found = hub()

    assert found(*words) == 2
    assert found.asked == []
    error = capsys.readouterr().err
    assert said in error
    assert "help: " in error


def test_a_model_whose_name_is_that_of_a_file_is_still_a_model() -> None:
    Path("gpt2").write_text("not a document")
    found = Hub({"gpt2": audit("gpt2")})

    assert found("gpt2", "-q") == 0
    assert found.asked == [Key("gpt2", None)]


@pytest.mark.parametrize("name", ["text", "json", "markdown", "sarif", "junit", "csv", "cyclonedx"])
def test_strangers_words_stay_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [
        component(f"acme-lab/x{number}", licences=[{"license": {"name": word}}], version=word) | {"name": word}
        for number, word in enumerate(HOSTILE)
    ]
    parts += [{"type": "machine-learning-model", "name": word, "bom-ref": word} for word in HOSTILE]
    write(cyclonedx(*parts))

    assert Hub(answer=lambda target: audit(target.id))("bom.cdx.json", "-f", name) == 3
    out = capsys.readouterr().out
    assert not [c for c in out if ord(c) < 32 and c not in "\n\t\r"]
    if name == "markdown":
        assert "<script>" not in re.sub("`[^`]*`", "", out)
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in out.splitlines() if line.startswith("|")}
        assert cells == {7, 8}
