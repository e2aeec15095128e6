"""The JSON document: valid, deterministic, harmless on a terminal."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audit_sample import AUDIT, BIDI
from openness_audit.errors import AuditError
from openness_audit.model.audit import Audit
from openness_audit.render import escape
from openness_audit.render import json as render_json
from openness_audit.render.reference import schemas


def test_document_is_valid() -> None:
    assert render_json.validate_audit(render_json.render(AUDIT).encode()) == []


def test_document_reads_back_as_the_same_audit() -> None:
    again = msgspec.json.decode(render_json.render(AUDIT).encode(), type=Audit)

    assert render_json.render(again) == render_json.render(AUDIT)
    assert again.findings == AUDIT.findings


def test_line_holds_the_same_document() -> None:
    line = render_json.line(AUDIT)

    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(render_json.render(AUDIT))


def test_order_of_evidence_changes_nothing() -> None:
    turned = msgspec.structs.replace(
        AUDIT, evidence=tuple(reversed(AUDIT.evidence)), not_checked=tuple(reversed(AUDIT.not_checked))
    )

    assert render_json.render(turned) == render_json.render(AUDIT)


def test_hidden_characters_are_json_escapes() -> None:
    text = render_json.render(AUDIT)

    assert [c for c in text if c != "\n" and escape.hidden(c)] == []
    assert json.loads(text)["files"][1]["path"] == f"weights/{BIDI}"


def test_lone_surrogates_do_not_break_the_document() -> None:
    broken = msgspec.structs.replace(AUDIT, subject=msgspec.structs.replace(AUDIT.subject, library="\ud800"))

    assert render_json.render(broken).encode("utf-8")


def test_problems_name_their_place() -> None:
    document = json.loads(render_json.render(AUDIT))
    document["score"]["low"] = "fifty"
    del document["subject"]

    problems = render_json.validate_audit(json.dumps(document).encode())

    assert sorted(p.split(":")[0] for p in problems) == ["$", "$.score.low"]
    assert render_json.validate_audit(b"{")[0].startswith("not JSON")


def test_an_audit_that_does_not_fit_is_not_written() -> None:
    odd = msgspec.structs.replace(AUDIT, schema="https://example.org/another")

    with pytest.raises(AuditError, match="does not fit its own schema"):
        render_json.render(odd)


@pytest.mark.parametrize("name", schemas.NAMES)
def test_committed_schema_is_the_one_of_the_types(name: str) -> None:
    committed = (resources.files("openness_audit.schemas") / schemas.file_name(name)).read_text("utf-8")

    assert schemas.schema(name) == committed, (
        f"run `modelaudit schema {name} > {schemas.file_name(name)}` in schemas/ and read the diff"
    )


@pytest.mark.parametrize("name", schemas.NAMES)
def test_schema_is_a_schema(name: str) -> None:
    document = json.loads(schemas.schema(name))

    Draft202012Validator.check_schema(document)
    assert document["$id"].startswith("https://")
    assert document["title"]


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**63), 2**63)
            | st.text()
            | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
    )
)
def test_both_ways_of_writing_give_the_same_bytes(document: dict[str, Any]) -> None:
    assert render_json.indented(document) == render_json.dumps(document, indent=2)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_as_python_does(number: float) -> None:
    assert render_json.indented({"a": [number], "b": number}) == render_json.dumps(
        {"a": [number], "b": number}, indent=2
    )
