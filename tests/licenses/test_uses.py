"""Verdicts per use and the obligation sheet: laws over every licence that is known, and chains of two."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.licenses.clauses import USES, UseId
from openness_audit.licenses.obligations import sheet
from openness_audit.licenses.rulings import ORDER, effect, of_link, of_terms
from openness_audit.licenses.terms import all_terms
from openness_audit.licenses.uses import verdicts
from openness_audit.model.chain import Chain, Effective, Link
from openness_audit.model.evidence import Cause, Place
from openness_audit.model.facts_licenses import LicenseConflict

KNOWN = sorted(name for name in all_terms() if name not in ("other", "unknown"))
CAUSE = Cause(code="gated", source="org/base", retryable=False, detail="its files need an accepted gate")


def link(name: str, model: str = "org/model", path: tuple[str, ...] = ("org/model",)) -> Link:
    entry = all_terms()[name]
    relations = ("finetune",) * (len(path) - 1)
    place = Place(kind="metadata", repo=model, url=f"https://huggingface.co/{model}", line=2)
    return Link(
        id=model, path=path, relations=relations, expression=entry.expression, family=entry.family, how="declared",
        known=(name,), places=(place,),
    )  # fmt: skip


def chain(*links: Link) -> Chain:
    first = links[0]
    return Chain(links=links, binding=links, effective=Effective(expression=first.expression, family="osi", why=""))


def above(name: str) -> Link:
    return link(name, "org/base", ("org/model", "org/base"))


NONE = Link(id="org/model", path=("org/model",), relations=(), expression="NONE", family="none-declared", how="none")
GATED = Link(
    id="org/base", path=("org/model", "org/base"), relations=("finetune",), expression="NOASSERTION", family="unknown",
    how="unknown", cause=CAUSE,
)  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_every_licence_answers_every_use_with_reasons(name: str) -> None:
    for found in verdicts(chain(link(name))):
        assert found.why, found.use
        assert found.path == ("org/model",)
        assert found.places, found.use


@pytest.mark.parametrize("name", [n for n in KNOWN if all_terms()[n].known != "read"])
def test_what_was_not_read_allows_nothing(name: str) -> None:
    assert {v.verdict for v in verdicts(chain(link(name)))} <= {"not-determined", "not-allowed"}
    assert "unread" in {o.id for o in sheet(chain(link(name)))}


@pytest.mark.parametrize("name", [n for n in KNOWN if all_terms()[n].family in ("non-commercial", "no-derivatives")])
def test_what_forbids_commerce_or_changes_never_lets_them_through(name: str) -> None:
    found = {v.use: v.verdict for v in verdicts(chain(link(name)))}
    use: UseId = "serve" if all_terms()[name].family == "non-commercial" else "fine-tune-publish"
    assert found[use] in ("not-allowed", "not-determined")


@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_a_base_model_never_makes_a_use_freer_and_order_does_not_matter(mine: str, theirs: str) -> None:
    alone = {v.use: v.verdict for v in verdicts(chain(link(mine)))}
    both = {v.use: v.verdict for v in verdicts(chain(link(mine), above(theirs)))}
    other = {v.use: v.verdict for v in verdicts(chain(above(theirs)))}
    turned = Chain(
        links=(link(mine), above(theirs)), binding=(above(theirs), link(mine)), effective=chain(link(mine)).effective
    )
    assert both == {use: max(alone[use], other[use], key=ORDER.index) for use in USES}
    assert both == {v.use: v.verdict for v in verdicts(turned)}


@given(st.sampled_from(KNOWN))
def test_an_unread_base_model_allows_nothing_and_hides_no_ban(mine: str) -> None:
    alone = {v.use: v.verdict for v in verdicts(chain(link(mine)))}
    below = {v.use: v.verdict for v in verdicts(chain(link(mine), GATED))}
    assert below == {use: "not-allowed" if alone[use] == "not-allowed" else "not-determined" for use in USES}


def test_without_a_licence_copying_is_reserved_and_the_rest_is_open_to_question() -> None:
    assert {v.use: v.verdict for v in verdicts(chain(NONE))} == {
        "internal": "not-determined",
        "serve": "not-determined",
        "redistribute": "not-allowed",
        "fine-tune-publish": "not-allowed",
        "train-on-outputs": "not-determined",
        "relicense": "not-allowed",
    }
    assert sheet(chain(NONE)) == ()


@pytest.mark.parametrize("name", [n for n in KNOWN if all_terms()[n].known == "read"])
def test_a_clause_that_forbids_decides_and_is_cited(name: str) -> None:
    entry = all_terms()[name]
    for use in USES:
        forbids = [c for c in entry.clauses if effect(c, use) == "forbids"]
        ruling = of_terms(entry, use)
        assert (ruling.verdict == "not-allowed") == bool(forbids), use
        assert all(r.place is not None and r.place.sha256 for r in ruling.reasons) or ruling.verdict == "not-determined"


@pytest.mark.parametrize("name", [n for n in KNOWN if all_terms()[n].known == "read"])
def test_the_sheet_lists_every_clause_once(name: str) -> None:
    rows = sheet(chain(link(name), above(name)))
    said = {(c.term, None if c.value is None else str(c.value)) for c in all_terms()[name].clauses}
    assert {(o.id, o.value) for o in rows} == said
    assert len({(o.id, o.what) for o in rows}) == len(rows)
    assert all(o.source == "org/model" and o.places and o.trigger for o in rows)


def test_a_choice_takes_the_freer_licence() -> None:
    choice = msgspec.structs.replace(link("cc-by-nc-4.0"), known=("cc-by-nc-4.0", "apache-2.0"), choice=True)
    for use in USES:
        both = [of_link(link(n), use).verdict for n in ("cc-by-nc-4.0", "apache-2.0")]
        assert of_link(choice, use).verdict == min(both, key=ORDER.index)


def test_what_the_licence_file_forbids_under_an_open_tag_is_not_determined() -> None:
    conflict = LicenseConflict(
        kind="tag-text", between=("Apache-2.0", "CC-BY-NC-4.0"), why="the metadata says Apache-2.0, LICENSE says other",
        severity="error", confidence="high", places=(),
    )  # fmt: skip
    free = chain(link("apache-2.0"))
    before = {v.use: v.verdict for v in verdicts(free)}
    after = {v.use: v.verdict for v in verdicts(free, (conflict,))}
    nc = {v.use: v.verdict for v in verdicts(chain(link("cc-by-nc-4.0")))}
    assert after == {use: "not-determined" if nc[use] == "not-allowed" else before[use] for use in USES}
    note = msgspec.structs.replace(conflict, severity="note")
    assert {v.use: v.verdict for v in verdicts(free, (note,))} == before


def test_words_of_the_card_that_no_known_licence_covers_leave_all_uses_open_to_question() -> None:
    said = LicenseConflict(
        kind="tag-prose",
        between=("Apache-2.0", "community"),
        why="the card forbids to serve it",
        severity="error",
        confidence="medium",
        places=(),
    )

    found = verdicts(chain(link("apache-2.0")), (said,))

    assert {(use.verdict, use.why) for use in found} == {
        ("not-determined", ("contradicted: the card forbids to serve it",))
    }
