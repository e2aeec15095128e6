"""What is left of a licence after the direct base model's."""

from __future__ import annotations

import pytest

from cases_loader import facts_of
from openness_audit.document_parts import effective_license


def conflict(theirs: str) -> dict[str, object]:
    return {
        "kind": "tag-upstream",
        "between": ["MIT", theirs],
        "why": f"the base model is under {theirs}",
        "severity": "error",
        "confidence": "high",
        "places": ["@README.md:2"],
    }


@pytest.mark.parametrize(
    ("theirs", "family"),
    [
        ([], "osi"),
        (["LicenseRef-hf-llama2"], "community"),
        (["LicenseRef-hf-llama2", "CC-BY-NC-4.0"], "non-commercial"),
        (["LicenseRef-of-nobody"], "unknown"),
    ],
)
def test_a_permissive_tag_over_stricter_terms_takes_the_strictest_family(theirs: list[str], family: str) -> None:
    own = {"expression": "MIT", "family": "osi", "why": "declared"}
    facts = facts_of(
        {
            "licenses": {
                "own": own,
                "conflicts": [conflict(t) for t in theirs],
                "declared": {"absent": []},
                "texts": [],
                "prose": [],
                "texts_searched": {"absent": []},
            }
        }
    )

    found = effective_license(facts)

    assert (found.expression, found.family) == (" AND ".join(["MIT", *theirs]), family)


NOTHING = {"declared": {"absent": []}, "texts": [], "prose": [], "texts_searched": {"absent": []}, "conflicts": []}


@pytest.mark.parametrize(
    ("derivation", "parents", "why"),
    [
        ("base", [], "the repository's own; no base model is named"),
        ("adapter", [], "the repository's own; the model it was made from is not named, and its terms are not known"),
        ("quantized", [("o/lost", None)], "the repository's own; the terms of o/lost are not known"),
        (
            "finetune",
            [("o/b", "mit")],
            "the repository's own; compared with o/b (MIT); models further up were not",
        ),
        (
            "merge",
            [("o/lost", None), ("o/b", "mit")],
            "the repository's own; the terms of o/lost are not known; compared with o/b (MIT); models further up were not",  # noqa: E501
        ),
    ],
)
def test_terms_are_only_said_to_be_compared_where_both_were_read(
    derivation: str, parents: list[tuple[str, str | None]], why: str
) -> None:
    rows = [
        {"id": p, "name": p, "relation": derivation, "source": "metadata", "places": ["@README.md:2"], "license": terms}
        for p, terms in parents
    ]
    own = {"expression": "MIT", "family": "osi", "why": "declared"}
    facts = facts_of(
        {
            "licenses": {**NOTHING, "own": own},
            "lineage": {"derivation": derivation, "places": [], "parents": rows},
        }
    )

    assert effective_license(facts).why == why
