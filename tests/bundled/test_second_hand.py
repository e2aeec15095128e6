"""What is known at second hand or by halves may show that something is there, never that it is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cases_loader import facts_of
from openness_audit.checks import call
from openness_audit.checks.base import CouldNot, Seen
from openness_audit.collect.data.find import resolve_data
from openness_audit.model.capture import DatasetAnswer, Failure, Origin, RepoInfo
from openness_audit.model.evidence import Cause, Place
from openness_audit.model.facts_origins import DataSet

LOST = Cause(code="not-recorded", source="file listing", retryable=False, detail="only a part was recorded")
CUT = {"code": "not-recorded", "source": "file listing", "retryable": False, "detail": "only a part was recorded"}
GATE = Cause(code="not-recorded", source="datasets/acme/birds: access conditions", retryable=False, detail="no")
ORIGIN = Origin(url="https://huggingface.co/datasets/acme/birds", sha256="0" * 64, retrieved_at="2025-01")
PLACE = Place(kind="card", repo="acme/tern-7b", url="https://huggingface.co/acme/tern-7b", line=4)


def some_files(*groups: dict[str, Any]) -> dict[str, Any]:
    weights = [g for g in groups if g["kind"].startswith("weights")]
    return {
        "files": {
            "observed": {
                "groups": [g for g in groups if g not in weights],
                "weights": {"groups": weights},
                "complete": False,
                "count": 1,
                "place": "@l",
                "cut": CUT,
                "strength": "declared",
            }
        }
    }


WEIGHTS = {"kind": "weights-full", "paths": ["model.safetensors"], "places": ["@model.safetensors"]}


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        ("file", {"kinds": ["evaluation-results"]}),
        ("weights", {"kinds": ["weights-quantized"]}),
        ("architecture", {"described": False}),
    ],
)
def test_what_half_a_listing_does_not_show_may_still_be_there(check: str, arguments: dict[str, Any]) -> None:
    answer = call(facts_of(some_files(WEIGHTS)), check, arguments)

    assert isinstance(answer, CouldNot)
    assert answer.causes == (LOST,)


def test_files_known_by_a_copy_are_declared_not_verified() -> None:
    answer = call(facts_of(some_files(WEIGHTS)), "weights", {"kinds": ["weights-full"]})

    assert isinstance(answer, Seen)
    assert answer.strength == "declared"


def test_a_gate_that_was_not_recorded_keeps_its_cause() -> None:
    subject = {
        "id": "org/model",
        "sha": None,
        "url": "https://huggingface.co/org/model",
        "gated": None,
        "gated_cause": CUT,
    }
    answer = call(facts_of({"subject": subject}), "gated", {})

    assert isinstance(answer, CouldNot)
    assert answer.causes == (LOST,)


def a_set(name: str) -> DataSet:
    return DataSet(
        name=name,
        stage="pretraining",
        whose="self",
        how="metadata",
        extent="whole",
        access="unresolved",
        places=(PLACE,),
        id=name,
    )


def known(name: str) -> DatasetAnswer:
    return DatasetAnswer(info=RepoInfo(kind="dataset", id=name, origin=ORIGIN, gated=None, gated_cause=GATE))


def test_a_data_set_whose_gate_was_not_recorded_is_neither_public_nor_gated() -> None:
    (found,) = resolve_data((a_set("acme/birds"),), {"acme/birds": known("acme/birds")})

    assert (found.access, found.cause) == ("unknown", GATE)


@pytest.mark.parametrize("answer", [known("allenai/dolma"), DatasetAnswer(info=Failure(LOST))])
def test_where_the_list_of_corpora_speaks_for_the_hub_the_reason_says_so(answer: DatasetAnswer) -> None:
    data = resolve_data((a_set("allenai/dolma"),), {"allenai/dolma": answer})
    facts = msgspec.structs.replace(facts_of({}), data=data)
    told = call(facts, "corpora", {"stage": "pretraining", "which": "all"})

    assert isinstance(told, Seen)
    assert told.strength == "declared"
    assert told.words["names"] == "allenai/dolma (by this program's list of corpora)"


def test_an_unread_gate_of_one_corpus_leaves_the_whole_unknown() -> None:
    data = resolve_data((a_set("acme/birds"),), {"acme/birds": known("acme/birds")})
    facts = msgspec.structs.replace(facts_of({}), data=data)
    whole = call(facts, "corpora", {"stage": "pretraining", "which": "all"})

    assert isinstance(whole, CouldNot)
    assert whole.causes == (GATE,)
    assert isinstance(call(facts, "corpora", {"stage": "pretraining", "which": "some"}), Seen)
