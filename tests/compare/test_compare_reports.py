"""A comparison on a terminal and in Markdown: word for word, within its width, harmless whatever strangers wrote."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from audit_sample import AUDIT
from audit_terms import poisoned
from browser_kit import big, hostile, offline, older, undetermined
from compare_kit import apache, change, compared, named, with_level, with_score
from fuzz_budget import examples
from openness_audit.comparison.table import Column, compare
from openness_audit.errors import UsageError
from openness_audit.model.audit import Audit
from openness_audit.model.compare import Comparison, MissingDoc
from openness_audit.render import escape
from openness_audit.render.compare import html as compare_html
from openness_audit.render.compare import markdown as compare_markdown
from openness_audit.render.compare import text as compare_text
from openness_audit.render.compare import words as compare_words
from openness_audit.render.compare.formats import COMPARED
from openness_audit.render.markdown.audit import MOST_BYTES

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = "OPENNESS_AUDIT_REGENERATE=1 python -m pytest tests/compare"
OTHER = named("acme/other", with_score(with_level(apache(AUDIT), "data", "open"), 80, 80))
THIRD = named("zeta/third", with_level(undetermined(), "weights", "open"))
THREE = compared(AUDIT, OTHER, THIRD)
GONE = compare([Column(OTHER), Column(offline(), from_file=True)], [MissingDoc(asked="a/b", why="a/b was not found")])
REPORTS = {
    "three-80.txt": compare_text.render(THREE),
    "three-120-verbose.txt": compare_text.render(THREE, width=120, verbose=True),
    "missing-80.txt": compare_text.render(GONE),
    "eight-80.txt": compare_text.render(compared(*[AUDIT, OTHER] * 4)),
    "three.md": compare_markdown.render(THREE),
}
BAD = [hostile(), poisoned(), big(), older(), undetermined(), AUDIT, OTHER]


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_report_is_the_committed_one(name: str) -> None:
    path = GOLDEN / name
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(REPORTS[name], "utf-8")
    committed = path.read_text("utf-8") if path.exists() else "(no golden file)"

    assert REPORTS[name] == committed, f"if the change is meant, run `{REGENERATE}` and read the diff"


COMPARISONS = st.lists(st.sampled_from(BAD), min_size=2, max_size=8).map(lambda audits: compared(*audits))


@settings(deadline=None, max_examples=examples(40))
@given(COMPARISONS, st.integers(60, 200), st.booleans(), st.sampled_from(["utf-8", "ascii", "latin-1"]))
def test_no_line_is_wider_than_the_terminal(told: Comparison, width: int, verbose: bool, encoding: str) -> None:
    report = compare_text.render(told, width=width, verbose=verbose, encoding=encoding)

    assert [line for line in report.splitlines() if cell_len(line) > width] == []
    assert [char for char in report if char != "\n" and escape.hidden(char)] == []
    assert report.encode(encoding)


@settings(deadline=None, max_examples=examples(30))
@given(COMPARISONS, st.integers(60, 200))
def test_colour_changes_no_word(told: Comparison, width: int) -> None:
    plain = compare_text.render(told, width=width)
    colored = compare_text.render(told, width=width, color=True)

    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", colored).split("\n")] == plain.split("\n")


@settings(deadline=None, max_examples=examples(30))
@given(st.lists(st.sampled_from(BAD), min_size=2, max_size=8), st.sampled_from([60, 80, 120, 200]))
def test_every_model_and_every_criterion_is_told_at_every_width(audits: list[Audit], width: int) -> None:
    told = compared(*audits)
    report = " ".join(compare_text.render(told, width=width).split())

    for row in told.rows:
        if row.group in ("criteria", "uses"):
            assert row.title.split()[0] in report
    joined = report.replace(" ", "")
    assert [name for name in compare_words.names(told) if name.replace(" ", "") not in joined] == []


@settings(deadline=None, max_examples=examples(30))
@given(COMPARISONS)
def test_markdown_fits_a_comment_and_keeps_its_columns(told: Comparison) -> None:
    report = compare_markdown.render(told)
    rows = [line for line in report.splitlines() if line.startswith("|")]

    assert len(report.encode()) <= MOST_BYTES
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {len(told.models) + 2}
    assert "<" not in report.replace("\\<", "")
    assert [char for char in report if char not in "\n\u2060" and escape.hidden(char)] == []


@settings(deadline=None, max_examples=examples(10))
@given(COMPARISONS)
def test_page_stays_small_and_hides_nothing(told: Comparison) -> None:
    page = compare_html.render(told)

    assert len(page.encode()) <= compare_html.MOST_PAGE
    assert [char for char in page if char != "\n" and escape.hidden(char)] == []


@pytest.mark.parametrize("width", [60, 200])
def test_thousands_of_demands_nobody_heard_of_are_cut_and_counted(width: int) -> None:
    asks = tuple(change(AUDIT.licenses.obligations[0], id=f"odd-{n}", what=f"do {n}") for n in range(3000))
    told = compared(change(AUDIT, licenses=change(AUDIT.licenses, obligations=asks)), OTHER)
    report = compare_text.render(told, width=width)

    assert len(told.rows) > 3000
    assert len(report.splitlines()) < 400
    assert "2941 more rows" in report
    assert len(compare_html.render(told).encode()) <= compare_html.MOST_PAGE
    assert "2941 more rows" in compare_html.render(told)
    assert len(compare_markdown.render(told).encode()) <= MOST_BYTES


def test_rows_are_marked_where_models_differ_and_where_one_is_ahead() -> None:
    lines = compare_text.render(compared(AUDIT, OTHER)).splitlines()

    assert [" ".join(line.split()) for line in lines if "Training data" in line or "Fine-tuning code" in line] == [
        "* Training data partial open +",
        "Fine-tuning code closed closed",
    ]


def test_same_name_is_told_apart_by_its_commit_then_by_number() -> None:
    newer = change(AUDIT, subject=change(AUDIT.subject, sha="f" * 40))
    unknown = change(AUDIT, subject=change(AUDIT.subject, sha=None))

    assert compare_words.names(compared(AUDIT, newer, OTHER, unknown, unknown)) == (
        "acme/tern-7b@0123456789ab", "acme/tern-7b@ffffffffffff", "acme/other", "acme/tern-7b (1)", "acme/tern-7b (2)",
    )  # fmt: skip


def test_models_that_are_the_same_are_said_to_be() -> None:
    assert compare_words.headline(compared(AUDIT, AUDIT)) == "2 models compared: no difference"
    assert "no model is ahead" in compare_text.render(compared(AUDIT, AUDIT))


@pytest.mark.parametrize("name", ["sarif", "badge", "notice", ""])
def test_other_formats_are_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match="not available for a comparison"):
        COMPARED.known(name)


@pytest.mark.parametrize("path", ["a.svg", "a.spdx.json", "a.notice.md", "a.sarif", "a", "a.csv"])
def test_other_endings_are_refused(path: str) -> None:
    with pytest.raises(UsageError, match="names no format of a comparison"):
        COMPARED.of_path(path)
