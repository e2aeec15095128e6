"""What we write ourselves is read back and agrees; altered, it is contradicted where it was altered, and only there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli_fakes import NOW
from openness_audit.ingest.compare import compare
from openness_audit.ingest.gather import Places, gather
from openness_audit.ingest.reading import read
from openness_audit.model.audit import Audit
from openness_audit.model.ingest import ComparedDoc
from openness_audit.pipeline import audit_model
from openness_audit.render import renderer
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources.offline import bundled_ids

FORMATS = ("spdx", "spdx-tag", "spdx3", "cyclonedx", "cyclonedx-1.7")
CALM = {"agrees", "says-nothing", "not-determined"}


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Audit]:
    rules = load_rules()
    settings = Settings(offline=True, cache_dir=tmp_path_factory.mktemp("cache"))
    return {
        name: audit_model(
            Target(kind="hub", id=name), settings, rules=rules, now=NOW, as_of=date(2026, 11, 21)
        )
        for name in bundled_ids()
    }  # fmt: skip


def rows(text: str, audits: dict[str, Audit]) -> dict[str, list[ComparedDoc]]:
    """Compare each model that a document names and whose audit is known."""
    documents = (("bom", read(text.encode(), "bom")),)
    gathered = gather(documents)
    places = Places(documents, gathered)
    return {
        key.id: [row for row, _ in compare(held, audits[key.id], None, places)]
        for key, held in gathered.models.items()
        if key.id in audits
    }


@pytest.mark.parametrize("name", FORMATS)
def test_what_we_write_agrees_with_what_we_found(name: str, audits: dict[str, Audit]) -> None:
    for model, audit in audits.items():
        found = rows(renderer(name)(audit), audits)
        assert model in found
        for every in found.values():
            assert {row.result for row in every} <= CALM, (model, every)
        told = {row.about: row.result for row in found[model] if row.about.startswith("license")}
        if audit.licenses.declared.expression:
            assert told["license-declared"] == "agrees", model


def put(value: Any, old: str, new: str) -> Any:
    """Replace a text wherever it stands as a whole."""
    if isinstance(value, dict):
        return {key: put(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [put(inner, old, new) for inner in value]
    return new if value == old else value


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("model", "other", "result", "freedom"),
    [
        ("bigscience/bloom", "Apache-2.0", "contradicts", "more"),
        ("allenai/OLMo-7B", "MIT", "contradicts", "same"),
        ("allenai/OLMo-7B", "CC-BY-NC-4.0", "narrower", "less"),
    ],
)
def test_another_licence_is_contradicted(
    name: str, model: str, other: str, *, result: str, freedom: str, audits: dict[str, Audit]
) -> None:
    audit = audits[model]
    text = renderer(name)(audit)
    own = audit.licenses.declared.expression
    assert own
    if name == "spdx-tag":
        altered = text.replace(f"Declared: {own}", f"Declared: {other}").replace(
            f"Concluded: {own}", f"Concluded: {other}"
        )
    else:
        altered = json.dumps(put(json.loads(text), own, other))
    found = rows(altered, audits)[model]

    told = {row.about: (row.result, row.freedom) for row in found if row.about.startswith("license")}
    assert told == {"license-declared": (result, freedom), "license-concluded": (result, freedom)}
    assert {row.result for row in found if not row.about.startswith("license")} <= CALM


@pytest.mark.parametrize("name", FORMATS)
def test_a_digest_that_was_altered_is_told(name: str, audits: dict[str, Audit]) -> None:
    audit = next(a for a in audits.values() if sum(f.sha256 is not None for f in a.files) > 1)
    digest = next(f.sha256 for f in audit.files if f.sha256) or ""
    text = renderer(name)(audit)
    plain = digest.removeprefix("sha256:")
    assert plain in text
    found = rows(text.replace(plain, "0" * 64), audits)[audit.subject.id]

    bad = [row for row in found if row.result == "contradicts"]
    assert {row.about for row in bad} == {"file"}
    assert all(row.found == plain for row in bad)


def test_places_of_a_written_document_hold_what_is_told(audits: dict[str, Audit], tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(renderer("spdx")(audits["allenai/OLMo-7B"]))
    found = rows(path.read_text(), audits)["allenai/OLMo-7B"]
    lines = path.read_text().splitlines()

    for row in found:
        if row.about in ("license-declared", "license-concluded"):
            assert row.said in lines[row.places[0].line - 1]
