"""Whether an open licence that is declared here would leave open terms."""

from __future__ import annotations

import pytest

from openness_audit.licenses.chain_effective import open_above
from openness_audit.model.chain import How, Link


def link(expression: str, family: str, how: How) -> Link:
    return Link(id="o/m", path=("o/m",), relations=(), expression=expression, family=family, how=how)


ME = link("NONE", "none-declared", "none")


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ((), True),
        ((link("Apache-2.0", "osi", "declared"),), True),
        ((link("Apache-2.0", "osi", "declared"), link("CC-BY-NC-4.0", "non-commercial", "declared")), False),
        ((link("NOASSERTION", "unknown", "unknown"),), False),
        ((link("NONE", "none-declared", "none"),), False),
    ],
)
def test_only_known_open_terms_upstream_leave_it_open(above: tuple[Link, ...], expected: bool) -> None:
    assert open_above((ME, *above)) is expected
