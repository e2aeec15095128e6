"""docs/schemas/ is what the program says of its documents, with examples that it wrote."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from example_hub import hub
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.cli.policy.policies import template
from openness_audit.render.reference import schemas
from openness_audit.render.reference.schema_pages import Example, about, abridged, pages
from openness_audit.ruleset import RULESET_VERSION

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "schemas"
VERSIONS = ROOT / "docs" / "versions.md"
AGAIN = "if the change is meant: OPENNESS_AUDIT_REGENERATE=1 python -m pytest tests/core/test_schema_pages.py"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MODEL, OTHER = "lantern-lab/lantern-7b", "quarry/quarry-7b"
VARYING = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "https://hub.example"),
    (re.compile(r'"127\.0\.0\.1:\d+"'), '"hub.example"'),
    (re.compile(r"(\"evidence_(?:from|to)\": )\"[0-9-]{10}\""), r'\1"..."'),
    (re.compile(r"\"/[^\"]*/examples\d*/"), '"'),  # where the commands were run
    (re.compile(r"\b[0-9a-f]{64}\b"), "..."),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*"), "..."),
)
pytestmark = pytest.mark.skipif(
    not (ROOT / "docs").is_dir(), reason="tests run against an installed wheel, without docs"
)

COMMANDS = {  # what writes each example
    "audit": f"modelaudit {MODEL} -o audit.json --save-evidence audit.bundle",
    "ingest": "modelaudit bill.cdx.json -o ingest.json",
    "compare": f"modelaudit compare {MODEL} {OTHER} -o compare.json",
    "lock": f"modelaudit approve {OTHER} --approver J. Doe",
    "changes": "modelaudit check -o changes.json",
    "scan": "modelaudit scan app -o scan.json",
    "plan": f"modelaudit scan --org {MODEL.partition('/')[0]} --plan -o plan.json",
    "registry": "modelaudit scan --list models.txt --out rows --workers 1",
    "row": "modelaudit scan --list models.txt --out again --workers 1",
    "report": "modelaudit report rows -o report.json",
    "history": "modelaudit diff rows again -o history.json",
}
BILL = {  # it claims less than the publisher asks for
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {
            "type": "machine-learning-model",
            "name": MODEL,
            "purl": f"pkg:huggingface/{MODEL}",
            "licenses": [{"license": {"id": "MIT"}}],
        }
    ],
}
FILES = {"audit": "audit.json", "compare": "compare.json", "lock": "modelaudit.lock.json", "changes": "changes.json"}
FILES |= {"registry": "rows/scan.json", "row": "again/rows-00000.jsonl"}


def steady(text: str) -> str:
    for pattern, said in VARYING:
        text = pattern.sub(said, text)
    return text


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the commands against the invented Hub, the check against the same Hub a month on."""
    (folder / "app").mkdir()
    (folder / "app" / "serve.py").write_text(
        f'pipeline("text-generation", model="{MODEL}", revision="main")\n', "utf-8"
    )
    (folder / "models.txt").write_text(f"{MODEL}\n", "utf-8")
    (folder / "bill.cdx.json").write_text(json.dumps(BILL, indent=2), "utf-8")
    with hub() as now, hub(later=True) as month_on:
        for name, command in COMMANDS.items():
            server = month_on if name == "changes" else now
            environ = {
                **server.environ,
                "OPENNESS_AUDIT_CACHE": str(folder / ("later" if server is month_on else "now")),
            }
            words = command.replace("J. Doe", "J.~Doe").split()[1:]
            services = Services(environ=environ, now=lambda: NOW, folder=lambda: folder)
            run([word.replace("~", " ") for word in (*words, *([] if name == "lock" else ["-q"]))], services)
            if name == "audit":
                with zipfile.ZipFile(folder / "audit.bundle") as bundle:
                    yield "evidence", bundle.read("manifest.json").decode()
            yield name, (folder / FILES.get(name, f"{name}.json")).read_text("utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("examples")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return dict(written(folder))
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def told(made: dict[str, str]) -> dict[str, str]:
    return pages(examples(made))


def examples(made: dict[str, str]) -> dict[str, Example]:
    said = about()
    found = {
        name: Example(
            text=steady(abridged(json.loads(text), said[name].shows)),
            language="json",
            made=f"Written by `{COMMANDS.get(name, COMMANDS['audit'])}`; a part of it: of lists the first entry, "
            "of long texts the beginning.",
        )
        for name, text in made.items()
    }
    policy = template("commercial-product")
    rule = (ROOT / "rules" / "findings" / "tag-text.yaml").read_text("utf-8")
    found["policy"] = Example(
        text=policy, language="yaml", made="Written by `modelaudit policy init --template commercial-product`."
    )
    found["rule"] = Example(text=rule, language="yaml", made="`rules/findings/tag-text.yaml`.")
    return found


def test_the_pages_are_what_the_program_says(told: dict[str, str]) -> None:
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        FOLDER.mkdir(exist_ok=True)
        for name, text in told.items():
            (FOLDER / name).write_text(text, "utf-8")

    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(told), AGAIN
    stale = [name for name, text in told.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], AGAIN


def test_every_link_of_the_pages_leads_somewhere(told: dict[str, str]) -> None:
    for name, text in told.items():
        heads = {head.lower() for head in re.findall(r"^### (\S+)$", text, re.MULTILINE)}
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            if link.startswith("#"):
                assert link[1:] in heads, (name, link)
            else:
                assert link in told or (FOLDER / link).is_file(), (name, link)


def test_every_example_names_its_schema(made: dict[str, str]) -> None:
    for name, text in made.items():
        if name == "row":  # the manifest beside the rows says what they are
            continue
        assert json.loads(text)["schema"] == json.loads(schemas.schema(name))["$id"]


def test_every_document_is_told_of_with_its_present_version() -> None:
    said = about()

    assert sorted(said) == sorted(schemas.NAMES), "tell of it in schemas/documents.yaml"
    for name in schemas.NAMES:
        version = schemas.version(name)
        assert sorted(said[name].versions) == list(range(1, version + 1)), "say what changed in schemas/documents.yaml"


def test_the_page_on_versions_names_the_rule_set_of_today() -> None:
    assert f"`{RULESET_VERSION}`" in VERSIONS.read_text("utf-8")
