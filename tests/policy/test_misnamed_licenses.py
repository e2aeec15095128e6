"""A licence spelt as no audit spells it would be denied by nobody: such a policy is refused."""

from __future__ import annotations

import pytest

from openness_audit.errors import PolicyError
from openness_audit.policy.license_names import misnamed
from policy_kit import of_clause


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("GPL-3.0", "GPL-3.0-only, GPL-3.0-or-later, or GPL-3.0-* for all"),
        ("AGPL-3.0", "AGPL-3.0-*"),
        ("llama3.1", "LicenseRef-hf-llama3.1"),
        ("gemma", "LicenseRef-hf-gemma"),
        ("CC-BY-NC", "CC-BY-NC-*"),
        ("odc-by", "ODC-By-1.0"),
        ("acme-licence", "list SPDX ids"),
        ("CCBY*", "fits no licence"),
        ("llama*", "fits no licence"),
        ("NOASSERTION", "unknown: accept"),
    ],
)
@pytest.mark.parametrize("key", ["deny", "allow"])
def test_a_name_that_no_audit_gives_a_licence_is_refused(key: str, name: str, instead: str) -> None:
    with pytest.raises(PolicyError) as caught:
        of_clause(f"check: license, {key}: ['{name}']")

    (problem,) = caught.value.problems
    assert problem.startswith(f"policy.yaml:3: clauses.c.{key}: {name!r} ")
    assert instead in problem


@pytest.mark.parametrize(
    "name",
    [
        "mit",
        "GPL-3.0-or-later",
        "GPL-3.0*",
        "CC-BY-*",
        "*",
        "NONE",
        "LicenseRef-acme",
        "LicenseRef-hf-llama*",
        "EUPL-1.2+",
    ],
)
def test_a_name_that_an_audit_can_give_is_taken(name: str) -> None:
    assert misnamed(name) == ""
    assert of_clause(f"check: license, deny: ['{name}']").clauses
