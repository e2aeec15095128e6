"""A criterion that does not apply is left out of the score, and every report says so."""

from __future__ import annotations

import json

import msgspec
import pytest

from audit_sample import AUDIT
from openness_audit.render import renderer

LEFT_OUT = msgspec.structs.replace(
    AUDIT,
    criteria=tuple(
        msgspec.structs.replace(c, status="not-applicable", weight=0, points_low=0.0, points_high=0.0)
        if c.id == "finetuning-code"
        else c
        for c in AUDIT.criteria
    ),
)


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_every_report_says_what_is_not_counted(name: str) -> None:
    told = " ".join(renderer(name)(LEFT_OUT).split())

    assert "1 not applicable and not counted" in told


def test_json_gives_it_no_weight() -> None:
    criteria = json.loads(renderer("json")(LEFT_OUT))["criteria"]

    assert {c["id"]: c["weight"] for c in criteria if c["status"] == "not-applicable"} == {"finetuning-code": 0}
