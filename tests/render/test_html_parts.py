"""What the page makes of long reasons, chains of base models, and causes of what was not checked."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from audit_sample import AUDIT
from openness_audit.model.audit import Audit, NotCheckedDoc
from openness_audit.model.audit_origins import EdgeDoc, LineageDoc
from openness_audit.render.views import page, tree

LONG = "a reason that is longer than the line which is kept as one sentence, so that its parts are told one by one"


def test_a_short_reason_stays_one_sentence() -> None:
    assert page.clauses("no tag; no file") == ([page.Clause("no tag; no file.")], 0)


def test_a_long_reason_becomes_lines_and_a_list_in_brackets_becomes_their_items() -> None:
    told = page.clauses(f"{LONG} (one is named; the other is not); {LONG}")

    assert told == ([page.Clause(LONG, ("one is named", "the other is not")), page.Clause(LONG)], 0)


def test_lines_that_differ_in_one_name_become_one() -> None:
    told = page.clauses("; ".join(f"the base model acme/tern-{n} could not be evaluated" for n in range(12)))

    names = ", ".join(f"acme/tern-{n}" for n in range(8)) + " and 4 more"
    assert told == ([page.Clause("the base model could not be evaluated:", (names,))], 0)


@given(st.text(max_size=400), st.integers(24, 300))
def test_a_clipped_text_is_short_and_says_so(text: str, most: int) -> None:
    told = page.clip(text, most)

    assert told == text if len(text) <= most else (len(told) <= most + 2 and told.endswith("\u2026"))


@given(st.lists(st.integers(0, 9), min_size=5, max_size=8))
def test_no_line_of_a_reason_is_lost(numbers: list[int]) -> None:
    parts = [f"line {n} of a reason that is told in several lines" for n in numbers]
    lines, left = page.clauses("; ".join(parts))

    assert ([line.text.rstrip(".") for line in lines], left) == (list(dict.fromkeys(parts)), 0)


def _lineage(*steps: tuple[str, str]) -> Audit:
    edges = tuple(EdgeDoc(from_=a, to=b, relation="merge", evidence=()) for a, b in steps)
    return msgspec.structs.replace(AUDIT, lineage=LineageDoc(parents=(), nodes=(), edges=edges))


def _names(branch: tree.Branch) -> list[tuple[str, bool]]:
    return [(branch.name, branch.again)] + [found for c in branch.children for found in _names(c)]


def test_a_base_model_used_twice_is_drawn_once() -> None:
    root, left = tree.grow(
        _lineage((AUDIT.subject.id, "a/a"), (AUDIT.subject.id, "b/b"), ("a/a", "b/b"), ("b/b", "c/c"))
    )

    assert _names(root) == [
        (AUDIT.subject.id, False),
        ("a/a", False),
        ("b/b", False),
        ("c/c", False),
        ("b/b", True),
    ]
    assert left == 0


def test_a_circle_of_base_models_ends() -> None:
    root, _ = tree.grow(_lineage((AUDIT.subject.id, "a/a"), ("a/a", AUDIT.subject.id)))

    assert _names(root) == [(AUDIT.subject.id, False), ("a/a", False), (AUDIT.subject.id, True)]


def test_models_left_out_are_counted() -> None:
    root, left = tree.grow(_lineage(*((AUDIT.subject.id, f"a/{n}") for n in range(90))), most=10)

    assert (len(root.children), left) == (9, 81)


def test_what_was_not_checked_is_told_by_cause() -> None:
    gated = tuple(NotCheckedDoc(what=f"file-{n}", code="gated", why="ask the owner") for n in range(5))
    found = page.gaps(msgspec.structs.replace(AUDIT, not_checked=gated))

    assert found == [page.Gap(names=("file-0", "file-1", "file-2"), left=2, cause="gated", why="ask the owner")]


def test_the_verdict_is_split_and_nothing_of_it_lost() -> None:
    assert page.lead_and_rest("Open weights, reproducible") == ("Open weights, reproducible", "")
    assert page.lead_and_rest("Open: no data; no code") == ("Open:", "no data; no code")
