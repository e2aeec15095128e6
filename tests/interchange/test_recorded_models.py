"""Real models through every format: those that are bundled always, all labelled ones where the recorded world is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from make_examples import NOW
from run import AS_OF, stand_in
from spdx_python_model.bindings import v3_0_1 as model
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from openness_audit.model.audit import Audit
from openness_audit.pipeline import audit_model
from openness_audit.render import renderer
from openness_audit.ruleset import RuleSet, load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources.offline import bundled_ids

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLDEN = SHARED / "golden" / "dev.jsonl"
SPDX = {"spdx": ".spdx.json", "spdx-tag": ".spdx", "spdx-rdf": ".rdf.xml"}
CYCLONEDX = {
    "cyclonedx": JsonStrictValidator(SchemaVersion.V1_6),
    "cyclonedx-1.7": JsonStrictValidator(SchemaVersion.V1_7),
}
STANDARD = "https://spdx.org/rdf/3.0.1/terms/"
OPEN = {"Apache-2.0", "MIT", "BSD-3-Clause"}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[str, str]]:
    with stand_in(SHARED) as found:
        yield found


def problems(audit: Audit, folder: Path) -> list[str]:
    """Give whatever a standard's own validator says against the documents of an audit."""
    said = []
    for name, ending in SPDX.items():
        path = folder / f"a{ending}"
        path.write_text(renderer(name)(audit), "utf-8")
        said += [f"{name}: {row.validation_message}" for row in validate_full_spdx_document(parse_file(str(path)))]
    for name, validator in CYCLONEDX.items():
        wrong = validator.validate_str(renderer(name)(audit))
        said += [f"{name}: {wrong}"] if wrong else []
    found = model.SHACLObjectSet()
    model.JSONLDDeserializer().read(io.BytesIO(renderer("spdx3")(audit).encode()), found)
    return said + [f"spdx3: missing {ref}" for ref in found.link() if not ref.startswith(STANDARD)]


def concluded(audit: Audit) -> str:
    return str(json.loads(renderer("spdx")(audit))["packages"][0]["licenseConcluded"])


def check(audit: Audit, folder: Path) -> None:
    assert problems(audit, folder) == []
    if concluded(audit) in OPEN:
        assert audit.verdict.terms == "open"
    if audit.verdict.terms in {"unlicensed", "undetermined"}:
        assert concluded(audit) in {"NONE", "NOASSERTION"}


def audited(name: str, settings: Settings, rules: RuleSet, now: datetime, as_of: date) -> Audit:
    return audit_model(Target(kind="hub", id=name), settings, rules=rules, now=now, as_of=as_of)


@pytest.mark.parametrize("name", bundled_ids())
def test_bundled_models_are_valid_in_every_format(name: str, rules: RuleSet, tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path / "nowhere", offline=True)

    check(audited(name, settings, rules, NOW, NOW.date()), tmp_path)


@pytest.mark.world
@pytest.mark.skipif(not GOLDEN.is_file(), reason="the recorded world is not beside this checkout")
def test_labelled_models_are_valid_in_every_format(world: tuple[str, str], rules: RuleSet, tmp_path: Path) -> None:
    names = [msgspec.json.decode(line)["id"] for line in GOLDEN.read_text("utf-8").splitlines()]
    settings = Settings(endpoint=world[0], github_api_url=world[1], cache_dir=tmp_path / "cache")

    for name in names:
        check(audited(name, settings, rules, NOW, AS_OF), tmp_path)
