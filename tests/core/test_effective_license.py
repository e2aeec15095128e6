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
