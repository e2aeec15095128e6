"""The licence of a component is the one seen where the component was seen."""

from __future__ import annotations

from typing import Any

import pytest

from cases_loader import facts_of
from openness_audit.model.assessment import Assessment, Bounds
from openness_audit.model.evidence import Place
from openness_audit.model.facts import Facts
from openness_audit.profiles.covers import covers_of, release_of
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.read import basis_of

KNOWN = load_profiles().covers
OWN = {"expression": "Apache-2.0", "family": "osi", "why": "the tag"}
LINK = {"observed": True}


def facts(**parts: Any) -> Facts:
    base = {"licenses": {"declared": {"absent": []}, "texts": [], "prose": [], "own": OWN, "conflicts": [],
                         "texts_searched": {"absent": []}}}  # fmt: skip
    return facts_of({**base, **parts})


def repo(name: str, license_: str | None, *, full: bool = True, role: str = "training") -> dict[str, Any]:
    found: dict[str, Any] = {
        "role": role,
        "level": "full" if full else "parts",
        "strength": "verified",
        "places": [],
        "for_subject": full,
    }
    return {"url": f"https://github.com/acme/{name}", "key": f"github.com/acme/{name}", "whose": "self", "why": "own",
            "opened": LINK, "roles": [found], "places": ["@README.md:9"], "license": license_}  # fmt: skip


def assessment(of: Facts, rule: str, *, at: tuple[Place, ...] = ()) -> Assessment:
    places = at or (of.code[0].places if of.code else ())
    level = Bounds("open", "open")
    return Assessment(rule=rule, bounds=level, own=level, strength="verified", why="x", places=places)


def said(of: Facts, rule: str, *, at: tuple[Place, ...] = ()) -> list[str]:
    rows = covers_of(release_of(of), assessment(of, rule, at=at), KNOWN.components[rule], KNOWN)
    return [row.expression for row in rows]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ([repo("a", "MIT")], ["MIT"]),
        ([repo("a", "NONE")], ["NONE"]),
        ([repo("a", None)], ["NOASSERTION"]),
        ([repo("a", "NOASSERTION")], ["NOASSERTION"]),
        ([repo("a", "GPL-3.0"), repo("b", None)], ["GPL-3.0-only"]),
        ([repo("a", "MIT", full=False), repo("b", None, full=False)], ["MIT", "NOASSERTION"]),
    ],
)
def test_code_carries_the_licence_of_its_repository(code: list[dict[str, Any]], expected: list[str]) -> None:
    assert said(facts(code=code), "training-code") == expected


def test_code_in_the_card_carries_the_licence_of_the_release() -> None:
    of = facts(code=[repo("a", "MIT", role="evaluation")])

    assert said(of, "inference-code", at=of.code[0].places) == ["Apache-2.0"]


def test_data_carries_the_licences_of_all_data_sets_of_its_stage() -> None:
    row = {
        "stage": "pretraining",
        "whose": "self",
        "how": "metadata",
        "extent": "whole",
        "access": "public",
        "places": [],
    }
    of = facts(
        data=[
            {**row, "name": "one", "id": "acme/one", "license": "odc-by"},
            {**row, "name": "two", "id": "acme/two"},
            {**row, "name": "three", "license": "mixed"},
            {**row, "name": "tuned", "stage": "finetuning", "license": "mit"},
            {**row, "name": "theirs", "whose": "base", "license": "mit"},
        ]
    )

    assert said(of, "pretraining-data") == ["ODC-By-1.0", "NOASSERTION", "NOASSERTION"]
    assert said(of, "finetuning-data") == ["MIT"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("arxiv:2402.00838", "NOASSERTION"),
        ("https://huggingface.co/org/model/blob/main/report.pdf", "Apache-2.0"),
        ("https://huggingface.co/org/model-of-others/blob/main/report.pdf", "NOASSERTION"),
        ("https://github.com/acme/a/blob/main/report.pdf", "MIT"),
        ("https://example.com/report.pdf", "NOASSERTION"),
    ],
)
def test_a_paper_carries_the_terms_of_where_it_stands(address: str, expected: str) -> None:
    paper = {"id": address, "covers": "self", "kind": "report", "places": []}

    assert said(facts(papers=[paper], code=[repo("a", "MIT")]), "technical-report") == [expected]


def test_weights_carry_what_is_left_of_the_terms_after_upstream() -> None:
    of = facts()
    found = {"weights": assessment(of, "weights"), "model-card": assessment(of, "model-card")}
    base = basis_of(of, found, family="community")

    assert [c.family for c in base.items["weights"].covers] == ["community"]
    assert [c.family for c in base.items["model-card"].covers] == ["osi"]


def test_what_is_inherited_from_a_model_that_was_not_read_has_no_licence_that_was_seen() -> None:
    of = facts()
    own, theirs = Bounds("closed", "closed"), Bounds("open", "open")
    inherited = Assessment(
        rule="training-code", bounds=theirs, own=own, strength="verified", why="x", inherited_from="org/base"
    )

    assert basis_of(of, {"training-code": inherited}).items["training-code"].covers == ()


def test_what_is_inherited_carries_the_licence_of_the_base_models_repository() -> None:
    base = facts(code=[repo("a", "MIT")])
    own, theirs = Bounds("closed", "closed"), Bounds("open", "open")
    inherited = Assessment(
        rule="training-code", bounds=theirs, own=own, strength="verified", why="x", places=base.code[0].places,
        inherited_from="org/base",
    )  # fmt: skip
    found = basis_of(facts(), {"training-code": inherited}, above={"org/base": (base, {})})

    assert [c.expression for c in found.items["training-code"].covers] == ["MIT"]
