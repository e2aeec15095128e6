"""A released schema never changes, every field is explained, and a document of a later version is refused as such."""

from __future__ import annotations

import copy
import json
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from audit_sample import AUDIT
from openness_audit.cli.compare.finished import read_audit
from openness_audit.drift import lockfile
from openness_audit.errors import UsageError
from openness_audit.render import json as audit_json
from openness_audit.render.records import intoto
from openness_audit.render.reference import schemas
from openness_audit.render.reference.schema_words import words
from openness_audit.ruleset import RULESET_VERSION, load_rules
from openness_audit.schema_versions import digest, newer, problems, rules_problems, version_of

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://openness-audit.dev/schemas"
SCHEMA = {
    "$id": f"{BASE}/a-1.json",
    "$defs": {"A": {"title": "A", "description": "An a.", "properties": {"title": {"type": "string"}}}},
}


@cache
def today() -> dict[str, dict[str, Any]]:
    """Every schema as the program gives it now."""
    return {name: json.loads(schemas.schema(name)) for name in schemas.NAMES}


def changed(**more: Any) -> dict[str, Any]:
    made = copy.deepcopy(SCHEMA)
    made["$defs"]["A"] |= more  # type: ignore[index]  # it is a dictionary
    return made


@pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="tests run against an installed wheel")
def test_no_released_schema_was_changed() -> None:
    program = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    released = json.loads((resources.files("openness_audit.schemas") / "released.json").read_text("utf-8"))

    assert problems(today(), released, program) == []
    rules = load_rules()
    assert rules_problems(RULESET_VERSION, (rules.digest, rules.vocabulary_digest), released, program) == []


def test_what_a_release_demands_of_the_rules() -> None:
    released = {"ruleset-1.0.0": "sha256:a sha256:b"}

    assert rules_problems("1.0.0", ("sha256:a", "sha256:b"), released, "1.2.0") == []
    assert rules_problems("1.1.0", ("sha256:c", "sha256:b"), released, "0.2.0") == []
    (changed_rules,) = rules_problems("1.0.0", ("sha256:a", "sha256:c"), released, "1.2.0")
    assert "raise RULESET_VERSION" in changed_rules
    (unknown,) = rules_problems("1.1.0", ("sha256:c", "sha256:b"), released, "1.2.0")
    assert "note it there with sha256:c sha256:b" in unknown


def test_what_a_release_demands() -> None:
    released = {f"{BASE}/a-1.json": digest(SCHEMA)}
    widened = changed(properties={"title": {"type": ["string", "null"]}})
    followed = widened | {"$id": f"{BASE}/a-2.json"}

    assert problems({"a": SCHEMA}, released, "1.2.0") == []
    assert problems({"a": changed(description="Better words.")}, released, "1.2.0") == []
    assert problems({"a": widened}, released, "1.2.0") == ["a: version 1 was released and must not change: make it 2"]
    assert problems({"a": widened}, released, "0.9.0") != []
    assert problems({"a": followed}, released, "0.9.0") == []
    (said,) = problems({"a": followed}, released, "1.2.0")
    assert f"{BASE}/a-2.json is not in schemas/released.json" in said
    assert digest(followed) in said


def test_a_field_that_is_called_like_words_counts() -> None:
    assert digest(SCHEMA) != digest(changed(properties={}))
    assert digest(SCHEMA) != digest(changed(properties={"title": {"type": "integer"}}))


@pytest.mark.parametrize("name", schemas.NAMES)
def test_every_schema_says_its_version_once(name: str) -> None:
    version = version_of(today()[name]["$id"])
    consts = [
        x["properties"]["schema"]
        for x in today()[name]["$defs"].values()
        if "const" in x.get("properties", {}).get("schema", {})
    ]

    assert version is not None
    assert {row["const"] for row in consts} <= {today()[name]["$id"]}


@pytest.mark.parametrize("name", schemas.NAMES)
def test_every_field_is_explained(name: str) -> None:
    bare = [
        f"{kind}.{field}"
        for kind, definition in today()[name]["$defs"].items()
        for field, schema in definition.get("properties", {}).items()
        if not schema.get("description")
    ]

    assert bare == [], "name them in the docstring of their type (`field`: ...), or in schemas/fields.yaml"


def test_what_is_explained_is_there() -> None:
    fields: dict[str, set[str]] = {}
    for document in today().values():
        for name, definition in document["$defs"].items():
            fields.setdefault(name.partition("_")[0], set()).update(definition.get("properties", {}))
    said = words()
    stale = {kind: set(rows) - fields[kind] for kind, rows in said.types.items() if kind in fields}

    assert {kind: rows for kind, rows in stale.items() if rows} == {}
    assert set(said.types) - set(fields) == {"Clause"}  # what every clause of a policy shares
    assert set(said.common) - set().union(*fields.values()) == set()


@pytest.mark.parametrize(
    ("found", "ours", "version"),
    [
        (f"{BASE}/audit-2.json", f"{BASE}/audit-1.json", 2),
        (f"{BASE}/audit-10.json", f"{BASE}/audit-9.json", 10),
        (f"{BASE}/audit-1.json", f"{BASE}/audit-1.json", None),
        (f"{BASE}/audit-1.json", f"{BASE}/audit-2.json", None),
        (f"{BASE}/lock-2.json", f"{BASE}/audit-1.json", None),
        (f"{BASE}/audit-0.json", f"{BASE}/audit-1.json", None),
        ("audit-two", f"{BASE}/audit-1.json", None),
        ("", f"{BASE}/audit-1.json", None),
    ],
)
def test_a_later_version_of_the_same_document_is_told(found: str, ours: str, version: int | None) -> None:
    assert newer(found, ours) == version


def test_an_audit_of_a_later_version_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    document = json.loads(audit_json.render(AUDIT)) | {"schema": f"{BASE}/audit-7.json", "something-new": {}}
    path.write_text(json.dumps(document), "utf-8")

    with pytest.raises(UsageError, match=r"written by a newer modelaudit \(version 7 of the audit\)") as raised:
        read_audit(path)
    assert "pip install -U openness-audit" in raised.value.hint


def test_a_lock_of_a_later_version_is_refused_as_such() -> None:
    text = json.dumps({"schema": f"{BASE}/lock-12.json", "something-new": {}})

    with pytest.raises(UsageError, match=r"written by a newer modelaudit \(version 12 of the lock\)"):
        lockfile.parse(text.encode(), "modelaudit.lock.json")


def test_other_documents_are_not_taken_for_later_ones(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text(json.dumps({"schema": f"{BASE}/changes-2.json"}), "utf-8")

    with pytest.raises(UsageError, match="no audit of this version"):
        read_audit(path)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (intoto.render(AUDIT), "is an in-toto Statement"),
        ('{"payloadType": "application/vnd.in-toto+json", "payload": ""}', "is a signed envelope"),
    ],
)
def test_an_attestation_is_no_audit_and_is_told_as_such(document: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.intoto.json"
    path.write_text(document, "utf-8")

    with pytest.raises(UsageError, match=said):
        read_audit(path)
