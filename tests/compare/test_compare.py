"""What a comparison says: who is ahead only where that is certain, and silence only where everything was read."""

from __future__ import annotations

import itertools
import json
from importlib import resources
from typing import Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audit_sample import AUDIT
from compare_kit import apache, best, cells, change, compared, named, row, with_level, with_score
from openness_audit.comparison.table import Column, compare, leaders
from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ObligationDoc, ResolvedLicense
from openness_audit.model.compare import CellDoc, Comparison, MissingDoc
from openness_audit.model.evidence import Availability
from openness_audit.render import escape
from openness_audit.render.compare import json as compare_json

OTHER = named("acme/other", apache(AUDIT))
THIRD = named("zeta/third", with_level(with_score(AUDIT, 0, 20), "data", "closed"))


def moved(comparison: Comparison, order: tuple[int, ...]) -> Comparison:
    """Put the columns into another order."""
    return change(
        comparison,
        models=tuple(comparison.models[at] for at in order),
        rows=tuple(change(r, cells=tuple(r.cells[at] for at in order)) for r in comparison.rows),
    )


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_of_the_models_only_moves_the_columns(order: tuple[int, ...]) -> None:
    audits = (AUDIT, OTHER, THIRD)

    assert compared(*(audits[at] for at in order)) == moved(compared(*audits), order)


@pytest.mark.parametrize("count", [2, 3, 8])
def test_a_model_does_not_differ_from_itself(count: int) -> None:
    comparison = compared(*[AUDIT] * count)

    assert [r.id for r in comparison.rows if r.differs or any(c.best for c in r.cells)] == []
    assert comparison.cautions == ()


def test_document_fits_its_schema_and_reads_back() -> None:
    told = compare_json.render(
        compare([Column(AUDIT), Column(OTHER, from_file=True)], [MissingDoc(asked="a/b", why="c")])
    )
    schema = json.loads((resources.files("openness_audit.schemas") / "compare.schema.json").read_text("utf-8"))

    assert [problem.message for problem in Draft202012Validator(schema).iter_errors(json.loads(told))] == []
    assert compare_json.render(msgspec.json.decode(told, type=Comparison)) == told
    assert [char for char in told if char != "\n" and escape.hidden(char)] == []


BOUNDS = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: (min(pair), max(pair)))


@settings(deadline=None)
@given(st.lists(BOUNDS, min_size=2, max_size=6))
def test_who_is_ahead_stays_ahead_whatever_the_unknown_turns_out_to_be(bounds: list[tuple[int, int]]) -> None:
    ahead = leaders([CellDoc(low=low, high=high) for low, high in bounds])

    for truth in itertools.product(*(range(low, high + 1) for low, high in bounds)):
        top = max(truth)
        assert not ahead or (all(truth[at] == top for at in ahead) if len(ahead) > 1 else truth[min(ahead)] == top)
        assert not ahead or all(truth[at] < top for at in range(len(truth)) if at not in ahead)


def test_a_known_level_above_all_others_is_ahead() -> None:
    comparison = compared(with_level(AUDIT, "data", "open"), with_level(OTHER, "data", "partial"), THIRD)

    assert best(comparison, "data") == (True, False, False)


@pytest.mark.parametrize("other", ["unknown", "not-applicable"])
def test_nobody_is_ahead_of_what_may_be_as_good(other: Availability) -> None:
    comparison = compared(with_level(AUDIT, "data", "open"), with_level(OTHER, "data", other), THIRD)

    assert best(comparison, "data") == (False, False, False)
    assert row(comparison, "data").differs


@pytest.mark.parametrize(
    ("scores", "ahead"),
    [
        (((60, 60), (20, 40)), (True, False)),
        (((40, 60), (20, 40)), (False, False)),
        (((60, 80), (20, 40)), (True, False)),
        (((60, 60), (60, 60)), (False, False)),
        (((60, 60), (60, 60), (0, 20)), (True, True, False)),
        (((60, 60), (40, 80), (0, 20)), (False, False, False)),
    ],
)
def test_scores_are_ranked_only_where_intervals_do_not_meet(
    scores: tuple[tuple[int, int], ...], ahead: tuple[bool, ...]
) -> None:
    comparison = compared(*(with_score(AUDIT, low, high) for low, high in scores))

    assert best(comparison, "score") == ahead


def test_audits_by_different_rules_are_not_ranked() -> None:
    tool = change(OTHER.tool, ruleset=change(OTHER.tool.ruleset, digest="sha256:" + "77" * 32))
    comparison = compared(with_score(AUDIT, 90, 90), change(with_score(OTHER, 10, 10), tool=tool))

    assert not comparison.ranked
    assert [r.id for r in comparison.rows if any(c.best for c in r.cells)] == []
    assert "different rules" in comparison.cautions[0]


def test_audits_of_different_days_and_ways_are_told() -> None:
    late = change(OTHER, as_of="2026-12-24", run=change(OTHER.run, offline=True))

    assert [said.partition(" (")[0] for said in compared(AUDIT, late).cautions] == [
        "the audits were made as of different days",
        "some of the models were audited offline, on older or less evidence than the others",
    ]


def states(comparison: Comparison, name: str) -> tuple[str | None, ...]:
    return tuple(cell.state for cell in cells(comparison, name))


def ask(audit: Audit, name: str, status: Literal["applies", "unknown"] = "applies", value: str | None = None) -> Audit:
    asks = ObligationDoc(
        id=name, what=f"mind {name}", clause="Odd, section 2", license="LicenseRef-odd", trigger="any use",
        status=status, evidence=(), source="up/stream", value=value,
    )  # fmt: skip
    return change(audit, licenses=change(audit.licenses, obligations=(*audit.licenses.obligations, asks)))


def test_what_a_licence_does_not_ask_is_known_only_where_it_was_read_to_the_end() -> None:
    plain = apache(AUDIT)
    unread = ask(plain, "unread", "unknown")
    uncertain = change(plain, licenses=change(plain.licenses, chain_complete=False))
    older = change(plain, licenses=change(plain.licenses, uses=(), obligations=(), chain=(), chain_complete=None))
    nothing = ResolvedLicense(expression="NONE", family="none-declared", why="looked everywhere")
    adapter = ResolvedLicense(expression="Apache-2.0", family="unknown", why="the base model is not named")
    unnamed = change(plain, licenses=change(plain.licenses, effective=adapter))
    bare = change(plain, licenses=change(plain.licenses, own=nothing, effective=nothing, obligations=()))

    comparison = compared(ask(plain, "share-alike"), plain, unread, uncertain, older, unnamed, bare)

    assert states(comparison, "asks.share-alike") == (
        "asked", "not-asked", "not-known", "not-known", "not-known", "not-known", "no-licence",
    )  # fmt: skip


def test_more_texts_that_were_not_read_are_a_difference() -> None:
    plain = apache(AUDIT)
    once = ask(plain, "unread", "unknown")
    found = row(compared(plain, once, ask(once, "unread", "unknown")), "asks.unread")

    assert (found.differs, [(c.state, c.value) for c in found.cells]) == (
        True,
        [("not-asked", None), ("not-known", "1 text"), ("not-known", "2 texts")],
    )


def test_nobody_is_ahead_in_a_use_by_terms_that_are_only_partly_known() -> None:
    plain, adapter = apache(AUDIT), ResolvedLicense(expression="MIT", family="unknown", why="no base is named")
    unnamed = change(plain, licenses=change(plain.licenses, effective=adapter))

    assert best(compared(plain, AUDIT), "serve") == (True, False)
    assert best(compared(unnamed, AUDIT), "serve") == (False, False)


def test_another_threshold_is_a_difference_and_names_whose_terms_ask() -> None:
    comparison = compared(
        ask(apache(AUDIT), "user-threshold", value="100"), ask(apache(OTHER), "user-threshold", value="700000000")
    )
    found = row(comparison, "asks.user-threshold")

    assert (found.differs, [c.value for c in found.cells]) == (True, ["100", "700000000"])
    assert [(i.text, i.about, i.of) for i in found.cells[0].items] == [
        ("mind user-threshold", "Odd, section 2", "up/stream")
    ]


def test_every_use_and_criterion_has_a_row_even_where_an_audit_lacks_it() -> None:
    empty = change(AUDIT, criteria=(), licenses=change(AUDIT.licenses, uses=(), obligations=()))
    comparison = compared(AUDIT, empty)

    assert [r.cells[1].state for r in comparison.rows if r.group == "criteria"] == ["unknown"] * 5
    assert [r.cells[1].state for r in comparison.rows if r.group == "uses"] == ["not-determined"] * 6


def test_weightiest_demands_come_first_and_unread_texts_last() -> None:
    every = apache(AUDIT)
    for name in ("trademark", "unread", "zz-unheard-of", "non-commercial", "citation"):
        every = ask(every, name)
    asked = [r.id.removeprefix("asks.") for r in compared(every, OTHER).rows if r.group == "obligations"]

    assert asked == ["non-commercial", "attribution", "citation", "trademark", "zz-unheard-of", "unread"]
