"""The table of formats: every one has an ending of its own, and what holds several models says so."""

from __future__ import annotations

import pytest

from batch_kit import ALONE, SEVERAL
from openness_audit.errors import UsageError
from openness_audit.render import FORMATS, batch_renderer, ending_of, format_of, holds_several, renderer, tells_problems

BILLS = ("spdx", "spdx-tag", "spdx-rdf", "spdx3", "cyclonedx", "cyclonedx-1.7")
SEVERAL_MODELS = ("markdown", "sarif", "junit", "csv", "summary", "comment", *BILLS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_found_by_its_own_ending(name: str) -> None:
    assert format_of(f"model{ending_of(name)}") == name
    assert format_of(f"MODEL{ending_of(name).upper()}") == name


def test_what_holds_several_models() -> None:
    assert [name for name in SEVERAL_MODELS if not holds_several(name)] == []
    assert [name for name in FORMATS if tells_problems(name) and not holds_several(name)] == []


@pytest.mark.parametrize("name", SEVERAL_MODELS)
def test_every_model_is_in_it(name: str) -> None:
    told = batch_renderer(name)(SEVERAL)
    clean = () if name == "sarif" else ("acme/wren",)  # it lists what is wrong

    assert [asked for asked in ("acme/tern-7b", "acme/gull", "acme/missing", *clean) if asked not in told] == []


@pytest.mark.parametrize("name", [name for name in FORMATS if not holds_several(name)])
def test_a_format_of_one_model_is_not_made_of_several(name: str) -> None:
    with pytest.raises(UsageError, match="holds one model"):
        batch_renderer(name)


@pytest.mark.parametrize("name", SEVERAL_MODELS)
def test_the_same_batch_gives_the_same_bytes(name: str) -> None:
    assert batch_renderer(name)(SEVERAL) == batch_renderer(name)(SEVERAL)


@pytest.mark.parametrize("name", [name for name in SEVERAL_MODELS if name != "markdown"])
def test_one_audit_is_a_batch_of_one(name: str) -> None:
    (item,) = ALONE.items
    assert item.audit is not None

    assert item.audit.subject.id in renderer(name)(item.audit)
