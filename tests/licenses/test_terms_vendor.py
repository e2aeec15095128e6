"""Terms of the vendors' licences: what every read one must say, and exactly how their versions differ."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from openness_audit.licenses.clauses import USES, vocabulary
from openness_audit.licenses.rulings import effect, of_terms
from openness_audit.licenses.terms import Clause, asks, terms
from openness_audit.render.reference.rules import explain_license

LLAMAS = ("llama1", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4")

# internal, serve, redistribute, fine-tune-publish, train-on-outputs, relicense
# A allowed, C with conditions, N not allowed, ? not determined
READ = {
    "llama1": "NNCCCN",
    "llama2": "CCCCNN",
    "llama3": "CCCCNN",
    "llama3.1": "CCCCCN",
    "llama3.2": "CCCCCN",
    "llama3.3": "CCCCCN",
    "llama4": "CCCCCN",
    "gemma": "CCCCCC",
    "databricks-open-model-license": "CCCCNC",
    "falcon-2-11b-tii-license": "CCCCCC",
    "falcon-llm-tii-license-2.0": "CCCCCC",
    "tii-falcon-llm-license": "CCCCCC",
    "tongyi-qianwen": "CCCCNC",
    "tongyi-qianwen-research": "NNCCNN",
    "qwen": "CCCCCC",
    "deepseek-license": "CCCCCC",
    "chatglm2-6b-license": "CC??C?",
    "chatglm3-6b-license": "CC??C?",
    "openmdw-1.0": "AACCAC",
    "openmdw-1.1": "AACCAC",
    "modified-mit": "ACCCAC",
    "nvidia-open-model-license": "CCCCCC",
    "exaone": "NNCCNN",
    "tencent-hunyuan-community": "CCCCNC",
    "bilibili-model-license": "CCCCCN",
    "openatom-model-license": "ACCCCC",
}
LISTED = {
    "falcon-180b-tii-license": "??????",
    "qwen-research": "NN???N",
    "yi-license": "??????",
    "baichuan2-community-license": "??????",
    "internlm": "??????",
    "glm-4": "??????",
    "grok2-community": "????N?",
}
LETTER = {"allowed": "A", "conditions": "C", "not-allowed": "N", "not-determined": "?"}


def row(name: str) -> str:
    return "".join(LETTER[of_terms(terms(name), use).verdict] for use in USES)


def demands(name: str, text: str = "") -> set[tuple[str, str | int | None]]:
    """Give the kinds of clauses with their values, the notice line without its words."""
    clauses = [c for c in terms(name).clauses if not text or c.text == text]
    return {(c.term, None if c.term == "notice-line" else c.value) for c in clauses}


def change(older: str, newer: str) -> tuple[set[tuple[str, str | int | None]], set[tuple[str, str | int | None]]]:
    """Give what the newer licence no longer asks, and what it asks anew."""
    return demands(older) - demands(newer), demands(newer) - demands(older)


def clauses(name: str, term: str) -> tuple[Clause, ...]:
    return tuple(c for c in terms(name).clauses if c.term == term)


def test_the_verdicts_of_every_licence() -> None:
    assert {name: row(name) for name in (*READ, *LISTED)} == {**READ, **LISTED}


def test_what_was_read_and_what_is_known_from_elsewhere() -> None:
    assert {name: terms(name).known for name in (*READ, *LISTED)} == {
        **dict.fromkeys(READ, "read"),
        **dict.fromkeys(LISTED, "listed"),
    }


@pytest.mark.parametrize("name", READ)
def test_every_clause_of_a_read_licence_names_its_text_and_place(name: str) -> None:
    entry = terms(name)
    texts = {t.id for t in entry.texts}

    assert all(c.section and c.text in texts for c in entry.clauses)
    assert all(g.section and g.text in texts for g in entry.grants)
    assert all(re.fullmatch(r"[0-9a-f]{64}", t.sha256) and t.url.startswith("https://") for t in entry.texts)
    assert len(texts) == len(entry.texts) == len({t.sha256 for t in entry.texts})


@pytest.mark.parametrize("name", [*READ, *LISTED])
def test_no_clause_leaves_a_blank(name: str) -> None:
    for clause in terms(name).clauses:
        said = clause.says or vocabulary().term(clause.term).asks
        assert "{value}" not in said or clause.value is not None
        assert "{value}" not in asks(clause)
        assert not clause.says or not clause.says.endswith(".")


@pytest.mark.parametrize("name", LISTED)
def test_a_text_that_was_not_read_is_not_cited(name: str) -> None:
    entry = terms(name)

    assert (entry.texts, entry.grants) == ((), ())
    assert "not obtained" in entry.evidence or "no text" in entry.evidence
    assert "A" not in row(name)
    assert "C" not in row(name)


@pytest.mark.parametrize("name", READ)
def test_the_page_shows_every_clause_with_its_place(name: str) -> None:
    shown = " ".join(explain_license(terms(name), 100).split())

    for clause in terms(name).clauses:
        assert " ".join(asks(clause).split()) in shown
        assert clause.section in shown


@pytest.mark.parametrize("name", [n for n in READ if clauses(n, "user-threshold") or clauses(n, "revenue-threshold")])
def test_above_a_threshold_no_right_is_left(name: str) -> None:
    for clause in (*clauses(name, "user-threshold"), *clauses(name, "revenue-threshold")):
        assert {effect(clause, use) for use in USES} == {"conditions"}


def test_llama_versions_differ_exactly_so() -> None:
    assert [change(a, b) for a, b in pairwise(LLAMAS[1:])] == [
        (set(), {("naming-display", "Built with Meta Llama 3"), ("naming-prefix", "Llama 3")}),
        (
            {
                ("naming-display", "Built with Meta Llama 3"),
                ("naming-prefix", "Llama 3"),
                ("output-training-ban", None),
            },
            {("naming-display", "Built with Llama"), ("naming-prefix", "Llama"), ("output-naming", "Llama")},
        ),
        (set(), {("territory", "the European Union, for its multimodal models"), ("no-circumvention", None)}),
        (set(), set()),
        (set(), set()),
    ]


def test_the_ban_on_training_with_outputs_is_in_these_alone() -> None:
    assert {name for name in READ if clauses(name, "output-training-ban")} == {
        "llama2",
        "llama3",
        "databricks-open-model-license",
        "tongyi-qianwen",
        "tongyi-qianwen-research",
        "exaone",
        "tencent-hunyuan-community",
        "bilibili-model-license",  # only for models that are commercial
    }


def test_a_model_trained_on_outputs_is_a_derivative_in_these_alone() -> None:
    assert {name for name in READ if clauses(name, "outputs-derivative")} == {
        "gemma",
        "tii-falcon-llm-license",
        "deepseek-license",
        "tencent-hunyuan-community",
        "bilibili-model-license",
        "openatom-model-license",
    }


def test_the_thresholds() -> None:
    found = {
        name: [(c.term, c.value) for c in terms(name).clauses if c.term in ("user-threshold", "revenue-threshold")]
        for name in READ
    }
    seven_hundred = [("user-threshold", 700_000_000)]

    assert {name: rows for name, rows in found.items() if rows} == {
        **dict.fromkeys(LLAMAS[1:], seven_hundred),
        "databricks-open-model-license": seven_hundred,
        "tongyi-qianwen": [("user-threshold", 100_000_000)],
        "qwen": [("user-threshold", 100_000_000)],
        "tencent-hunyuan-community": [("user-threshold", 100_000_000), ("user-threshold", 1_000_000)],
        "bilibili-model-license": [("user-threshold", 100_000_000), ("revenue-threshold", "1 billion yuan (RMB)")],
    }


def test_restrictions_must_be_written_into_agreements_with_others_in_these_alone() -> None:
    written = {name for name in READ for c in clauses(name, "pass-on-use-policy") if "enforceable" in asks(c)}
    merely_told = {name for name in READ for c in clauses(name, "pass-on-use-policy")} - written

    assert written == {
        "gemma",
        "falcon-2-11b-tii-license",
        "falcon-llm-tii-license-2.0",
        "deepseek-license",
        "tencent-hunyuan-community",
    }
    assert merely_told == set(LLAMAS[1:])


def test_dbrx_takes_the_ban_and_the_threshold_of_llama_2_and_leaves_terms_free() -> None:
    assert change("llama2", "databricks-open-model-license") == (
        {("pass-on-terms", None), ("pass-on-use-policy", None), ("disclose-risks", None)},
        {("state-changes", None), ("own-terms", None), ("remote-restriction", None), ("use-latest", None)},
    )


def test_qwen_lets_outputs_train_where_tongyi_qianwen_does_not() -> None:
    qwen, research = change("tongyi-qianwen", "qwen"), change("tongyi-qianwen", "tongyi-qianwen-research")

    assert qwen == ({("output-training-ban", None)}, {("naming-display", "Built with Qwen")})
    assert research == ({("user-threshold", 100_000_000)}, {("research-only", None)})
    assert terms("tongyi-qianwen-research").granted("commercial") is None


def test_openmdw_versions_differ_in_the_suits_that_end_them() -> None:
    old, new = ({c.term: asks(c) for c in terms(f"openmdw-{v}").clauses} for v in ("1.0", "1.1"))

    assert new == {term: said.replace("patents", "patents or copyright") for term, said in old.items()}
    assert new != old


def test_falcon_licences_differ_exactly_so() -> None:
    line = "[name of relevant Derivative Work] is built using {} from the Technology Innovation Institute"
    llm, ai = line.format("Falcon LLM technology"), line.format("artificial intelligence technology")
    gone, new = change("tii-falcon-llm-license", "falcon-2-11b-tii-license")

    assert {term for term, _ in gone} == {
        "pass-on-terms", "disclose-source", "registration", "royalty", "outputs-derivative",
    }  # fmt: skip
    assert {term for term, _ in new} == {"pass-on-use-policy", "own-terms", "use-restrictions", "terms-may-change"}
    assert change("falcon-2-11b-tii-license", "falcon-llm-tii-license-2.0") == (
        {("naming-display", llm)},
        {("naming-display", ai)},
    )


def test_the_two_hunyuan_texts_differ_in_territory_users_and_ban() -> None:
    name = "tencent-hunyuan-community"
    kinds = ("territory", "user-threshold", "output-training-ban")
    found = {
        text.id: [(c.term, c.value, asks(c).partition(" (")[0]) for c in terms(name).clauses
                  if c.text == text.id and c.term in kinds]
        for text in terms(name).texts
    }  # fmt: skip
    places = "mind that nothing is granted in {}: use, copies and outputs there are unlicensed"
    three = "the European Union, the United Kingdom and South Korea"
    ask = "ask for a licence of one's own above {} monthly active users"

    assert found == {
        "hunyuan-large": [
            ("territory", "the European Union", places.format("the European Union")),
            ("output-training-ban", None, "improve no other large language model with it or with what it makes"),
            ("user-threshold", 100_000_000, ask.format("100,000,000")),
        ],
        "hunyuan-3d-2.0": [
            ("territory", three, places.format(three)),
            ("output-training-ban", None, "improve no other AI model with it or with what it makes"),
            ("user-threshold", 1_000_000, ask.format("1,000,000")),
        ],
    }
    assert demands(name, "hunyuan-3d-2.0") - demands(name, "hunyuan-large") == {
        ("territory", three),
        ("user-threshold", 1_000_000),
    }


def test_chatglm3_asks_to_register_before_commerce_and_chatglm2_does_not() -> None:
    new = {("registration", "a form for commercial use")}

    assert change("chatglm2-6b-license", "chatglm3-6b-license") == (set(), new)


def test_terms_of_ones_own_are_possible_where_the_licence_says_so() -> None:
    allowed = {name for name in READ if clauses(name, "own-terms")}

    assert {name for name in READ if clauses(name, "pass-on-terms")} & allowed == set()
    assert {name: row(name)[-1] for name in allowed if row(name)[-1] != "C"} == {"tongyi-qianwen-research": "N"}


def test_gemma_was_read_in_both_versions_and_its_policy() -> None:
    assert [(t.title, t.version) for t in terms("gemma").texts] == [
        ("Gemma Terms of Use", "last modified March 24, 2025"),
        ("Gemma Terms of Use", "last modified April 1, 2024"),
        ("Gemma Prohibited Use Policy", "last modified February 21, 2024"),
    ]


def test_the_duty_of_the_kimi_licence_begins_above_its_thresholds() -> None:
    assert demands("modified-mit") == {("attribution", None), ("naming-display", "Kimi K2")}
    (display,) = clauses("modified-mit", "naming-display")
    assert "100 million" in display.when
    assert "20 million" in display.when
    assert {use for use in USES if effect(display, use) == "conditions"} == {"serve", "relicense"}
