"""The Open Source AI Definition: two axes, read apart, and the verdicts the OSI published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run import stand_in

from openness_audit.model.assessment import Bounds
from openness_audit.model.audit import Audit
from openness_audit.pipeline import audit_model
from openness_audit.profiles.basis import Basis, Item
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.osaid import axis, osaid
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from profiles_kit import NAMES, bases, basis, changed, resolutions

SHARED = Path(__file__).resolve().parents[3] / "shared"
RULES = load_profiles().osaid
PUBLISHED = {  # of the twelve, those that are recorded: what the OSI said, and the axis inferred from its reasons
    "EleutherAI/pythia-12b": "conforms",
    "allenai/OLMo-7B": "conforms",
    "google-t5/t5-11b": "conforms",
    "bigscience/bloom": "fails-terms",
    "microsoft/phi-2": "fails-components",
    "mistralai/Mixtral-8x7B-v0.1": "fails-components",
    "meta-llama/Llama-2-70b-chat-hf": "fails-both",  # the model of the family that is recorded
}


def audit(model: str, settings: Settings) -> Audit:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    target = Target(kind="hub", id=model)
    return audit_model(target, settings, rules=load_rules(), now=now, as_of=date(2026, 11, 21))


@pytest.mark.world
@pytest.mark.skipif(not (SHARED / "world").is_dir(), reason="the recorded world is not beside this checkout")
def test_the_published_verdicts_come_out_where_the_model_is_recorded(tmp_path: Path) -> None:
    with stand_in(SHARED) as (endpoint, github):
        settings = Settings(endpoint=endpoint, github_api_url=github, cache_dir=tmp_path)
        found = {}
        for model in PUBLISHED:
            told = audit(model, settings)
            assert told.profiles.osaid is not None
            found[model] = told.profiles.osaid.verdict
            assert told.verdict.osaid == ("yes" if found[model] == "conforms" else "no")

    assert found == PUBLISHED


@pytest.mark.parametrize(
    ("model", "verdicts"),
    [
        ("EleutherAI/pythia-12b", {"conforms", "not-determined"}),
        ("allenai/OLMo-7B", {"conforms", "not-determined"}),
        ("bigscience/bloom", {"fails-terms"}),
        ("microsoft/phi-2", {"fails-components"}),
        ("mistralai/Mixtral-8x7B-v0.1", {"fails-components"}),
        ("meta-llama/Llama-2-7b-hf", {"fails-both"}),
    ],
)
def test_what_is_bundled_never_contradicts_a_published_verdict(model: str, verdicts: set[str], tmp_path: Path) -> None:
    told = audit(model, Settings(endpoint="https://huggingface.co", offline=True, cache_dir=tmp_path))

    assert told.profiles.osaid is not None
    assert told.profiles.osaid.verdict in verdicts


OPEN = dict.fromkeys(NAMES, "open")


@pytest.mark.parametrize(
    ("levels", "licenses", "gated", "verdict", "decides"),
    [
        (OPEN, {}, False, "conforms", ()),
        (OPEN, {"weights": "bigscience-openrail-m"}, False, "fails-terms", ("terms.parameters",)),
        (OPEN, {"training-code": "cc-by-nc-4.0"}, False, "fails-terms", ("terms.code",)),
        (OPEN, {"weights": "NONE"}, False, "fails-terms", ("terms.parameters",)),
        (OPEN, {}, True, "fails-terms", ("terms.access",)),
        (OPEN, {}, None, "not-determined", ("terms.access",)),
        (OPEN, {"weights": "openmdw-1.0"}, False, "not-determined", ("terms.parameters",)),
        (OPEN, {"weights": "cc-by-4.0"}, False, "conforms", ()),
        (OPEN, {"training-code": "cc-by-4.0"}, False, "not-determined", ("terms.code",)),
        (OPEN | {"training-code": "closed"}, {}, False, "fails-components", ("components.training-code",)),
        (OPEN | {"training-code": "partial"}, {}, False, "not-determined", ("components.training-code",)),
        (OPEN | {"finetuning-data": "none", "tuning-code": "none"}, {}, False, "conforms", ()),
        (OPEN | {"data-preparation-code": "closed"}, {}, False, "conforms", ()),
        (
            OPEN | {"data-preparation-code": "closed", "data-card": "partial"},
            {},
            False,
            "fails-components",
            ("components.data-preparation-code",),
        ),
        (OPEN | {"pretraining-data": "partial"}, {}, False, "conforms", ()),
        (
            OPEN | {"pretraining-data": "partial", "data-card": "partial"},
            {},
            False,
            "not-determined",
            ("components.data-information",),
        ),
        (
            OPEN | {"pretraining-data": "closed"},
            {"weights": "llama2"},
            False,
            "fails-both",
            ("components.data-information", "terms.parameters"),
        ),
        (OPEN | {"full-weights": "unknown"}, {}, False, "not-determined", ("components.parameters",)),
    ],
)  # fmt: skip
def test_verdict_and_what_decides(
    levels: dict[str, str], licenses: dict[str, str], gated: bool | None, verdict: str, decides: tuple[str, ...]
) -> None:
    found = osaid(RULES, basis(levels, licenses=licenses, gated=gated))

    assert (found.verdict, found.decides) == (verdict, decides)


def test_the_sentence_names_what_decides() -> None:
    levels = OPEN | {"pretraining-data": "closed", "training-code": "closed"}
    found = osaid(RULES, basis(levels, licenses={"weights": "llama2"}))

    assert (
        found.why
        == "training data not described, no training code, terms of the weights (LicenseRef-hf-llama2 of weights)"
    )


@given(bases())
def test_both_axes_are_folds_of_their_elements_and_the_verdict_of_both(base: Basis) -> None:
    found = osaid(RULES, base)

    assert (found.components_met, found.terms_met) == (axis(found.components), axis(found.terms))
    assert (found.verdict == "conforms") == (found.components_met == found.terms_met == "met")
    assert (found.verdict in ("fails-components", "fails-both")) == (found.components_met == "not-met")
    assert (found.verdict in ("fails-terms", "fails-both")) == (found.terms_met == "not-met")
    assert bool(found.decides) == (found.verdict != "conforms")


@given(bases(), st.sampled_from(NAMES))
def test_opening_a_component_never_makes_a_part_missing(base: Basis, name: str) -> None:
    item = base.items[name]
    if item.bounds is None:
        return
    opened = Item(id=name, bounds=Bounds("open", "open"), why="opened", covers=item.covers)
    before, after = osaid(RULES, base), osaid(RULES, changed(base, opened))
    worth = {"not-met": 0, "not-determined": 1, "met": 2}

    assert all(worth[before.components[k].status] <= worth[after.components[k].status] for k in before.components)


@given(bases())
def test_a_verdict_holds_whatever_the_unknown_turns_out_to_be(base: Basis) -> None:
    before = osaid(RULES, base)
    for end in (0, -1):
        resolved = base
        for item in base.items.values():
            resolved = changed(resolved, resolutions(item)[end])
        after = osaid(RULES, resolved)

        assert before.components_met in (after.components_met, "not-determined")
        if before.components_met == "not-met":
            assert after.verdict in ("fails-components", "fails-both")
