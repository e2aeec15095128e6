"""Fixes: what each is worth, the shortest lists of them, and values that only evidence fills in."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases_loader import facts_of
from openness_audit.evaluate import evaluate
from openness_audit.fixes.counterfactuals import fixes
from openness_audit.fixes.known_values import known_values
from openness_audit.judge import judge
from openness_audit.model.assessment import Assessment, Bounds, Evaluation
from openness_audit.model.facts import Facts
from openness_audit.model.fixes import Fixes
from openness_audit.ruleset import load_rules
from openness_audit.scoring import bounds_alone, criteria, extent, score

RULES = load_rules().rules
COMPONENTS = [r.id for r in RULES if r.kind == "component"]
MENDABLE = (
    "evaluation-code",
    "evaluation-results",
    "finetuning-code",
    "finetuning-data",
    "pretraining-data",
    "training-code",
    "training-metrics",
    "weights",
)
ENDS = [Bounds("closed", "closed"), Bounds("closed", "open"), Bounds("partial", "open"), Bounds("open", "open")]
PLACE = {
    "kind": "file",
    "repo": "org/model",
    "url": "https://huggingface.co/org/model/blob/main/LICENSE",
    "path": "LICENSE",
}


def assessed(levels: dict[str, Any]) -> Evaluation:
    found = {}
    for name in COMPONENTS:
        level = levels.get(name, "open")
        bounds = None if level is None else Bounds(level, level)
        found[name] = Assessment(rule=name, bounds=bounds, own=bounds, strength="verified", why="told")
    return Evaluation(assessments=found, findings=(), unknown_findings={})


def mended(levels: dict[str, Any], family: str = "osi", facts: Facts | None = None) -> Fixes:
    found, read = assessed(levels), facts or facts_of({})
    return fixes(read, RULES, found, judge(read, found.assessments, family))


def text_file(expression: str | None, match: str = "exact", path: str = "LICENSE") -> dict[str, Any]:
    return {
        "path": path,
        "expression": expression,
        "family": "osi",
        "match": match,
        "similarity": 1.0,
        "changed": [],
        "sha256": "0" * 64,
        "place": PLACE,
    }


def licensed(*texts: dict[str, Any], prose: list[dict[str, Any]] | None = None) -> Facts:
    return facts_of(
        {
            "licenses": {
                "declared": {"absent": ["front matter"]},
                "texts": list(texts),
                "prose": prose or [],
                "own": {"expression": "NONE", "family": "none-declared", "why": "tested"},
                "conflicts": [],
                "texts_searched": {"observed": True, "at": "@file listing"},
            }
        }
    )


def test_nothing_is_mended_where_all_is_open() -> None:
    assert mended({}) == Fixes(low=100, high=100)


def test_a_gap_is_worth_what_it_lifts_and_the_text_is_a_blank() -> None:
    found = mended({"evaluation-code": "closed"})

    assert [(f.finding, f.low, f.high, f.effort) for f in found.every] == [("evaluation-code", 100, 100, "low")]
    assert [(a.where, a.key, a.filled, "FILL IN" in a.text) for a in found.every[0].additions] == [
        ("section", "Evaluation", False, True)
    ]
    assert (found.to_score, found.low, found.high) == (("evaluation-code",), 100, 100)


def test_the_next_class_takes_as_few_fixes_as_can_be() -> None:
    found = mended({"pretraining-data": "closed", "finetuning-data": None, "evaluation-results": "closed"})

    assert (found.next_class, found.to_class) == ("open-reproducible", ("pretraining-data",))


def test_without_a_licence_declaring_one_is_the_next_step() -> None:
    facts = licensed()
    found = evaluate(RULES, facts)
    levels = assessed({})
    both = Evaluation(assessments=levels.assessments, findings=found.findings, unknown_findings={})

    told = fixes(facts, RULES, both, judge(facts, levels.assessments, "none-declared"))

    assert (told.next_class, told.to_class) == ("open-reproducible", ("license-not-declared",))
    assert next(a.text for f in told.every if f.finding == "license-not-declared" for a in f.additions).startswith(
        "license: FILL IN"
    )


def test_a_licence_declared_over_terms_that_nobody_knows_leads_to_no_class() -> None:
    facts = licensed()
    found = evaluate(RULES, facts)
    levels = assessed({})
    both = Evaluation(assessments=levels.assessments, findings=found.findings, unknown_findings={})

    told = fixes(facts, RULES, both, judge(facts, levels.assessments, "none-declared"), free_above=False)

    assert (told.next_class, told.to_class) == (None, ())
    assert "license-not-declared" in [f.finding for f in told.every]


def test_restricted_terms_are_not_mended_by_words() -> None:
    assert mended({}, family="community").next_class is None


def test_what_only_the_base_model_can_tell_is_not_the_publishers_to_mend() -> None:
    derived = facts_of(
        {
            "lineage": {
                "derivation": "finetune",
                "places": [],
                "parents": [
                    {
                        "id": "org/base",
                        "name": "org/base",
                        "relation": "finetune",
                        "source": "metadata",
                        "places": ["@README.md:2"],
                    }
                ],
            }
        }
    )
    assert [f.finding for f in mended({"training-code": "closed"}, facts=derived).every] == []
    assert [f.finding for f in mended({"training-code": "closed"}).every] == ["training-code"]


def test_only_an_identified_text_fills_in_the_licence() -> None:
    def told(*texts: dict[str, Any], **more: Any) -> list[str]:
        return [a.text for rows in known_values(licensed(*texts, **more)).values() for a in rows]

    assert told(text_file("Apache-2.0")) == ["license: apache-2.0"]
    assert told(text_file("Apache-2.0", "modified")) == []
    assert told(text_file("Apache-2.0", "closest")) == []
    assert told(text_file(None)) == []
    assert told(text_file("Apache-2.0"), text_file("MIT", path="LICENSE-MIT")) == []
    assert told() == []
    said = {
        "expression": "MIT",
        "family": "osi",
        "scope": "model",
        "whose": "self",
        "restricts": False,
        "text": "",
        "place": "@README.md:9",
    }
    assert told(text_file("Apache-2.0"), prose=[said]) == []


def parent(source: str, **more: Any) -> dict[str, Any]:
    row = {"id": "org/base", "name": "org/base", "relation": "adapter", "source": source, "places": ["@README.md:2"]}
    return {"lineage": {"derivation": "adapter", "places": ["@adapter_config.json:1"], "parents": [{**row, **more}]}}


def test_only_a_base_model_that_files_or_a_resolved_id_name_is_filled_in() -> None:
    def told(facts: dict[str, Any]) -> list[str]:
        return [a.text for key in ("parents", "relation") for a in known_values(facts_of(facts)).get(key, ())]

    there = {"resolved": {"observed": "a" * 40}}
    assert told(parent("files")) == ["base_model: org/base", "base_model_relation: adapter"]
    assert told(parent("card-link", **there))[:1] == ["base_model: org/base"]
    assert "base_model: org/base" not in told(parent("card-link"))
    assert "base_model: org/base" not in told(parent("card-link", tied=False, **there))
    assert "base_model: org/base" not in told(parent("card-name", id=None))
    assert "base_model: org/base" not in told(parent("metadata", **there))
    assert "base_model: a: b\nlicense: mit" not in told(parent("files", id="a: b\nlicense: mit"))


LEVELS = st.fixed_dictionaries({name: st.sampled_from(["open", "partial", "closed", None]) for name in MENDABLE})


@settings(max_examples=60, deadline=None)
@given(levels=LEVELS, family=st.sampled_from(["osi", "community", "none-declared"]))
def test_no_shorter_list_reaches_as_high(levels: dict[str, Any], family: str) -> None:
    found, base = mended(levels, family), assessed(levels).assessments

    def lifted(names: tuple[str, ...]) -> int:
        best = Bounds("open", "open")
        opened = {n: Assessment(rule=n, bounds=best, own=None, strength="verified", why="") for n in names}
        return score(criteria({**base, **opened})).low

    all_of = tuple(f.finding for f in found.every if base.get(f.finding) and base[f.finding].bounds)
    assert lifted(found.to_score) == found.low == lifted(all_of)
    for fewer in combinations(found.to_score, max(0, len(found.to_score) - 1)):
        assert not found.to_score or lifted(fewer) < found.low
    gains = [f.low for f in found.every]
    assert gains == sorted(gains, reverse=True)


@given(st.dictionaries(st.sampled_from(COMPONENTS), st.none() | st.sampled_from(ENDS)))
def test_levels_alone_make_the_score_and_the_extent_of_whole_criteria(levels: dict[str, Bounds | None]) -> None:
    found = {n: Assessment(rule=n, bounds=b, own=b, strength="verified", why="told") for n, b in levels.items()}

    assert score(bounds_alone(found)) == score(criteria(found))
    assert extent(bounds_alone(found), found) == extent(criteria(found), found)
