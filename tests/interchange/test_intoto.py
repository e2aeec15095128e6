"""in-toto Statements: what they are about, the whole audit in them, and another implementation that reads them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st
from in_toto_attestation.v1 import statement as in_toto
from in_toto_attestation.v1 import statement_pb2

from audit_sample import AUDIT, BIDI, SHA
from bom_kit import AUDITS, FILES, FOLDER, MANY_FILES, another_run, change, file
from openness_audit.errors import OutputError
from openness_audit.render import json as audit_json
from openness_audit.render.records import intoto

DIGEST = "ab" * 32
TRAP = AUDITS["hostile"]
ANY = {**AUDITS, "hostile": change(TRAP, files=(*TRAP.files, file("a.bin")))}


def told(audit: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(intoto.render(audit))
    return found


def with_files(*files: Any, **subject: Any) -> Any:
    return change(AUDIT, files=files, subject=change(AUDIT.subject, **subject))


@pytest.mark.parametrize("name", ANY)
def test_the_reference_implementation_takes_every_statement(name: str) -> None:
    made = ParseDict(told(ANY[name]), statement_pb2.Statement())

    in_toto.Statement.copy_from_pb(made).validate()


@pytest.mark.parametrize("name", ANY)
def test_the_predicate_is_the_audit_and_fits_its_schema(name: str) -> None:
    document = told(ANY[name])

    assert document["predicateType"] == document["predicate"]["schema"]
    assert audit_json.validate_audit(json.dumps(document["predicate"]).encode()) == []
    if name != "hostile":  # it holds lone surrogates, which no Statement does
        assert document["predicate"] == json.loads(audit_json.render(ANY[name]))


def test_the_subject_is_the_repository_at_its_commit_and_each_file_of_weights() -> None:
    audit = with_files(
        file("b.safetensors"),
        file("a.bin", DIGEST.upper()),
        file("c.bin", None),
        change(file("LICENSE"), kind="license"),
    )

    assert told(audit)["subject"] == [
        {
            "name": "huggingface.co/acme/tern-7b",
            "uri": f"pkg:huggingface/acme/tern-7b@{SHA}",
            "digest": {"gitCommit": SHA},
        },
        {"name": "a.bin", "digest": {"sha256": DIGEST}},
        {"name": "b.safetensors", "digest": {"sha256": DIGEST}},
    ]


def test_a_model_without_a_known_commit_is_told_by_its_weights() -> None:
    assert told(with_files(file("a.bin"), sha=None))["subject"] == [{"name": "a.bin", "digest": {"sha256": DIGEST}}]
    assert told(with_files(file("a.bin"), sha="HEAD\n"))["subject"][0]["name"] == "a.bin"


@pytest.mark.parametrize(
    "audit", [change(FOLDER, files=()), with_files(sha=None), TRAP, with_files(file("a.bin", "zz"), sha="")]
)
def test_what_no_digest_tells_gets_no_statement(audit: Any) -> None:
    with pytest.raises(OutputError, match="no Statement can be made of"):
        intoto.render(audit)


def test_a_file_is_never_taken_for_another_repository() -> None:
    trap = "huggingface.co/meta-llama/Llama-2-7b"
    names = [row["name"] for row in told(with_files(file(trap), file(f"x/{trap}")))["subject"]]

    assert names == ["huggingface.co/acme/tern-7b", f"./{trap}", f"x/{trap}"]


def test_names_are_unique_and_every_subject_has_a_digest() -> None:
    rows = told(FILES)["subject"]

    assert len(rows) == MANY_FILES + 1
    assert len({row["name"] for row in rows}) == len(rows)
    assert all(row["digest"] for row in rows)


def test_the_same_audit_gives_the_same_bytes_and_another_run_differs_in_what_may_differ() -> None:
    one, two = told(AUDIT), told(another_run(AUDIT))
    for document in (one, two):
        del document["predicate"]["run"]
        for row in document["predicate"]["evidence"]:
            del row["retrieved_at"], row["from_cache"]

    assert intoto.render(AUDIT) == intoto.render(change(AUDIT, evidence=AUDIT.evidence[::-1]))
    assert one == two


def test_one_line_holds_the_same_statement() -> None:
    line = intoto.line(AUDIT)

    assert line.count("\n") == 1
    assert json.loads(line) == told(AUDIT)


@settings(max_examples=25)
@given(st.text(st.characters(codec=None), min_size=1))
def test_any_name_is_readable_and_steers_no_terminal(name: str) -> None:
    text = intoto.render(with_files(file(name), file(BIDI)))

    ParseDict(json.loads(text.encode("utf-8")), statement_pb2.Statement())
    assert BIDI not in text


def test_an_audit_that_does_not_fit_its_schema_is_never_a_predicate() -> None:
    with pytest.raises(Exception, match="does not fit its own schema"):
        intoto.render(msgspec.structs.replace(AUDIT, schema="https://example.org/another"))
