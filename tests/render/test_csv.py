"""CSV: a row for every model, read back whole by any reader, and nothing in it that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_sample import AUDIT
from batch_kit import BATCHES, SEVERAL, change, item
from openness_audit.model.batch import Batch, Item, Problem
from openness_audit.render.records import csv as render_csv

GOLDEN = Path(__file__).parent / "golden"
FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("name", BATCHES)
def test_golden_table(name: str) -> None:
    path, told = GOLDEN / f"table-{name}.csv", render_csv.render_batch(BATCHES[name])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_bytes(told.encode())

    assert told.encode() == (path.read_bytes() if path.exists() else b"(no golden file)")


def test_every_model_has_a_row_with_its_outcome() -> None:
    told = rows(render_csv.render_batch(SEVERAL))

    assert [(row["model"], row["outcome"], row["exit_code"]) for row in told[:4]] == [
        ("acme/tern-7b", "violated", "1"),
        ("acme/gull", "no-verdict", "3"),
        ("acme/wren", "met", "0"),
        ("acme/missing", "not-audited", "3"),
    ]
    assert len(told) == len(SEVERAL.items)
    assert told[3]["problem"] == "acme/missing: not found, or private"
    assert [row["score_low"] for row in told] == ["50", "50", "50", "", ""]


def test_policy_and_places() -> None:
    first, second = rows(render_csv.render_batch(SEVERAL))[:2]

    assert (first["clauses_violated"], first["clauses_waived"]) == ("minimum-score", "family")
    assert (second["policy_result"], second["clauses_unknown"], second["clauses_accepted"]) == (
        "no-verdict",
        "osaid",
        "mof",
    )
    assert first["named_in"] == "models.txt:1; src/app.py:12"


def test_lines_end_as_the_standard_says() -> None:
    told = render_csv.render_batch(SEVERAL)

    assert told.count("\r\n") == told.count("\n") == len(SEVERAL.items) + 1
    assert told.splitlines()[0].split(",") == list(render_csv.COLUMNS)
    assert len(set(render_csv.COLUMNS)) == len(render_csv.COLUMNS)


@settings(max_examples=300)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(("", *FORMULA)))
def test_no_cell_is_a_formula(asked: str, message: str, first: str) -> None:
    problem = Problem(message=first + message, hint=f" {first}{asked}", code=3)
    audit = change(AUDIT, subject=change(AUDIT.subject, id=first + asked, revision=message))

    told = rows(render_csv.render_batch(Batch(items=(Item(asked=asked, problem=problem), item(audit)))))

    assert len(told) == 2
    assert [cell for row in told for cell in row.values() if cell.startswith(FORMULA)] == []
