"""Bills of materials as other tools take them, and as the command writes them, loading nothing it is not asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lib4sbom.parser import SBOMParser  # type: ignore[import-untyped]  # no stubs
from license_expression import ExpressionError, get_spdx_licensing  # type: ignore[import-untyped]  # no stubs
from ntia_conformance_checker.sbom_checker import SbomChecker
from spdx_tools.spdx.clitools import pyspdxtools
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from bom_kit import AUDITS, BATCH, licensed
from openness_audit.cli import entry
from openness_audit.cli.base.services import Services
from openness_audit.render import renderer
from openness_audit.render.bom import bill as bom
from openness_audit.render.bom import build as bom_build
from openness_audit.render.bom import licenses as bom_licenses
from openness_audit.render.spdx import v2_json as spdx
from openness_audit.render.spdx import v3 as spdx3

GOLDEN = Path(__file__).parent / "golden"
NEW = "OpenMDW-1.0"  # on the list of SPDX since 3.28
LOADED = ("spdx_python_model", "spdx_tools", "cyclonedx")
BUNDLED = "microsoft/phi-2"
SIMPLE = {"MIT", "Apache-2.0"}
FORMATS = {
    "spdx": ".spdx.json",
    "spdx-tag": ".spdx",
    "spdx-rdf": ".spdx.rdf.xml",
    "spdx3": ".spdx3.json",
    "cyclonedx": ".cdx.json",
    "cyclonedx-1.7": ".v1.7.cdx.json",
}
WORDS = st.sampled_from(
    ["MIT", "Apache-2.0", "AND", "OR", "WITH", "(", ")", "NONE", "NOASSERTION", "LicenseRef-x", "é", "a b"]
)


def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command line in this process: a new one takes a second of imports."""
    entry.run(words, Services(environ={"OPENNESS_AUDIT_CACHE": str(tmp_path / "cache")}))
    return capsys.readouterr().out


unclosed = pytest.mark.filterwarnings("ignore::ResourceWarning")  # lib4sbom leaves its own lists open


def command(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys; from openness_audit.cli.entry import run\n"
        f"code = run({list(words)!r})\n"
        f"print(code, *[name for name in {LOADED!r} if name in sys.modules], file=sys.stderr)"
    )
    env = {**os.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path / "cache")}
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)


def stranger(path: Path, text: str) -> SBOMParser:
    path.write_text(text, "utf-8")
    parser = SBOMParser()
    parser.parse_file(str(path))
    return parser


@pytest.mark.parametrize("name", ["plain", "merge", "vendor"])
@pytest.mark.parametrize("ending", [".spdx.json", ".spdx", ".rdf.xml"])
def test_the_command_of_spdx_tools_finds_no_problem(name: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text(renderer({".spdx.json": "spdx", ".spdx": "spdx-tag", ".rdf.xml": "spdx-rdf"}[ending])(AUDITS[name]))
    done = CliRunner().invoke(pyspdxtools.main, ["-i", str(path)])

    assert (done.exit_code, done.output) == (0, "")


def test_a_checker_of_minimum_elements_reads_both_versions_of_spdx(tmp_path: Path) -> None:
    old, new = tmp_path / "a.spdx.json", tmp_path / "a.spdx3.json"
    old.write_text(spdx.render(AUDITS["plain"]), "utf-8")
    new.write_text(spdx3.render(AUDITS["plain"]), "utf-8")

    checked = [SbomChecker(str(path), sbom_spec=spec) for path, spec in ((old, "spdx2"), (new, "spdx3"))]

    assert [found.parsing_errors for found in checked] == [[], []]
    assert not any(found.validation_messages for found in checked)
    assert all(found.doc_author and found.doc_timestamp for found in checked)


@unclosed
@pytest.mark.parametrize("form", ["spdx", "spdx-tag"])
@pytest.mark.parametrize("name", ["merge", "said", "code", "hostile"])
def test_a_reader_of_many_formats_finds_every_package_and_relationship(form: str, name: str, tmp_path: Path) -> None:
    bill = bom_build.of_audit(AUDITS[name])
    found = stranger(tmp_path / f"a{FORMATS[form]}", renderer(form)(AUDITS[name]))
    licences = {row["name"]: row["licensedeclared"] for row in found.get_packages()}

    assert len(found.get_packages()) == len(bill.parts)
    assert len(found.get_relationships()) == len(bill.links) + len(bill.roots())
    assert {row.name: licences[row.name] for row in bill.parts if row.terms.declared in SIMPLE} == {
        row.name: row.terms.declared for row in bill.parts if row.terms.declared in SIMPLE
    }


@unclosed
def test_a_reader_of_many_formats_finds_every_component_of_cyclonedx(tmp_path: Path) -> None:
    text = renderer("cyclonedx")(AUDITS["merge"])
    found = stranger(tmp_path / "a.cdx.json", text)
    inner = {part["bom-ref"] for part in json.loads(text)["components"]}

    assert {row["bom-ref"] for row in found.get_packages()} == inner


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_each_format_and_loads_one_library_for_one_of_them(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"phi{FORMATS[name]}"
    done = command(tmp_path, "audit", BUNDLED, "--offline", "-q", "-o", str(path))
    shown = here(tmp_path, capsys, "audit", BUNDLED, "--offline", "-q", "-f", name)

    assert done.stderr.split()[1:] == (["spdx_python_model"] if name == "spdx3" else [])
    assert path.read_text("utf-8") == shown


def test_an_audit_without_these_formats_loads_nothing_of_them(tmp_path: Path) -> None:
    assert command(tmp_path, "audit", BUNDLED, "--offline", "-q", "-f", "json").stderr.split()[1:] == []


@pytest.mark.parametrize("name", FORMATS)
def test_several_models_are_one_file_or_one_each(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"both{FORMATS[name]}"
    words = ("audit", BUNDLED, "tiiuae/falcon-7b", "--offline", "-q")
    here(tmp_path, capsys, *words, "-o", str(path))
    here(tmp_path, capsys, *words, "-f", name, "-o", f"{tmp_path / 'each'}/")

    text = path.read_text("utf-8")
    assert "phi-2" in text
    assert "falcon-7b" in text
    assert {found.name for found in (tmp_path / "each").iterdir()} == {
        f"microsoft--phi-2{FORMATS[name]}",
        f"tiiuae--falcon-7b{FORMATS[name]}",
    }


@given(st.lists(WORDS, max_size=9).map(" ".join))
def test_an_expression_that_is_kept_parses_and_any_other_is_not_asserted(words: str) -> None:
    kept = bom_licenses.fit(words)
    if kept in {"NONE", "NOASSERTION"}:
        return
    try:
        parsed = get_spdx_licensing().parse(kept)
    except ExpressionError:
        parsed = None

    assert parsed is not None
    assert "NONE" not in kept.split()
    assert "NOASSERTION" not in kept.split()


@given(st.text(), st.text())
def test_references_are_ids_of_every_standard_and_tell_names_apart(one: str, other: str) -> None:
    first, second = bom.reference("file", one), bom.reference("file", other)

    assert set(first) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert len(first) <= 80
    assert (first == second) == (one.encode("utf-8", "replace") == other.encode("utf-8", "replace"))


@pytest.mark.parametrize("name", ["spdx", "spdx3", "cyclonedx"])
def test_golden_document(name: str) -> None:
    path, told = GOLDEN / f"tern{FORMATS[name]}", renderer(name)(AUDITS["sample"])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, "utf-8")

    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


def test_an_id_that_spdx_tools_does_not_know_yet_is_all_it_reports() -> None:
    document = JsonLikeDictParser().parse(json.loads(spdx.render(licensed(AUDITS["plain"], NEW, NEW))))  # type: ignore[no-untyped-call]  # no annotations
    said = [found.validation_message for found in validate_full_spdx_document(document)]

    assert len(said) == 2
    assert all(f"Unrecognized license reference: {NEW}" in message for message in said)


@pytest.mark.parametrize("name", FORMATS)
def test_evidence_that_is_bundled_is_said_to_be(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("audit", BUNDLED, "tiiuae/falcon-7b", "--offline", "-q", "-f", name)
    told = here(tmp_path, capsys, *words)

    assert told.count("bundled with the program") == 2


def test_a_run_leaves_no_trace() -> None:
    told = [renderer(name)(AUDITS["sample"]) for name in FORMATS] + [json.dumps(spdx.render_batch(BATCH))]

    assert not any(AUDITS["sample"].run.started_at in text or "retrieved" in text for text in told)
