"""Cards as people really leave them: about other models, endless, unfilled, decorated, pointing elsewhere, at odds."""

from __future__ import annotations

import pytest

from hostile_kit import audit_of, capture_of
from openness_audit.model.audit import Audit

HEAD = "---\nlicense: mit\n---\n# Owl-7B\n\n"
C4 = "[C4](https://huggingface.co/datasets/allenai/c4)"
OWN = f"Owl-7B was trained on {C4}.\n\n## Results\n\n| Model | MMLU |\n|---|---|\n| Owl-7B | 41.0 |\n\n"
TABLE = "## Results\n\n| Model | MMLU |\n|---|---|\n" + "".join(
    f"| Gull-{n}B | {30 + n % 50}.5 |\n" for n in range(3000)
)


def audit(body: str, head: str = HEAD) -> Audit:
    return audit_of(capture_of({"README.md": head + body}))


def found(of: Audit) -> dict[str, str]:
    """Give what was found of every component: all that is not `closed`."""
    return {c.id: c.availability for c in of.components if c.availability != "closed"}


def data(of: Audit) -> list[tuple[str, str]]:
    return [(d.name, d.availability) for d in of.training_data]


def others(count: int) -> str:
    """Write of other models at length: their data, results, papers and code."""
    said = (
        f"Gull-{n}B was trained on [notes {n}](https://huggingface.co/datasets/gulls/notes{n}) and reaches "
        f"{40 + n % 9}.1 on MMLU ([paper](https://arxiv.org/abs/2401.{10000 + n})); "
        f"its code is at https://github.com/gulls/gull{n}.\n\n"
        for n in range(count)
    )
    return "## Other models\n\n" + "".join(said)


def test_what_is_said_of_other_models_at_length_adds_nothing() -> None:
    assert found(audit(others(80))) == found(audit(""))
    both, alone = audit(OWN + others(80)), audit(OWN)
    assert (found(both), data(both)) == (found(alone), data(alone))
    assert found(alone)["evaluation-results"] == "open"


def test_a_table_of_three_thousand_other_models_holds_no_result_of_this_one() -> None:
    assert "evaluation-results" not in found(audit(TABLE))


def test_the_own_row_at_the_end_of_a_table_of_three_thousand_is_read() -> None:
    own = audit(TABLE + "| Owl-7B | 41.0 |\n")

    assert found(own)["evaluation-results"] == "open"
    assert {e.line for e in own.evidence if e.excerpt == "Owl-7B | 41.0"} == {3010}


@pytest.mark.parametrize("count", [150, 3000])
def test_data_behind_what_is_read_of_a_long_table_is_not_taken_for_public(count: int) -> None:
    rows = "".join(f"| {C4} | {n} |\n" for n in range(count))
    told = audit(f"## Training data\n\n| Dataset | Size |\n|---|---|\n{rows}")

    assert found(told)["pretraining-data"] == ("open" if count == 150 else "partial")


@pytest.mark.parametrize("many", [100, 900])
def test_data_behind_what_is_read_of_a_long_list_is_not_taken_for_public(many: int) -> None:
    told = audit("## Training data\n\n" + "- the Pile\n" * many)

    assert found(told)["pretraining-data"] == ("open" if many == 100 else "partial")
    assert [name for name, _ in data(told)] == (["the Pile"] if many == 100 else [f"{many - 200} more", "the Pile"])


def test_more_information_needed_everywhere_says_nothing() -> None:
    titles = (
        "Model Details",
        "Uses",
        "Bias, Risks, and Limitations",
        "Training Data",
        "Training Procedure",
        "Evaluation",
    )
    more = "[More Information Needed]"
    body = "".join(
        f"## {title}\n\n{more}\n\n- **Developed by:** {more}\n- **Datasets:** {more}\n- **Hardware Type:** {more}\n"
        f"- **License:** {more}\n- **Paper [optional]:** {more}\n\n"
        for title in titles
    )
    told = audit(body)

    assert found(told) == found(audit(""))
    assert (told.claims, told.training_data, told.licenses.prose) == ((), (), ())
    assert "template-card" in {f.rule for f in told.findings}


@pytest.mark.parametrize(
    "ornament", ["", "# ⭐⭐⭐\n\n", "### ----------\n\n", "# &nbsp;\n\n", "# \n\n", "###### ~ ~ ~\n\n", "# 🦉\n"]
)
def test_a_heading_of_signs_ends_no_section(ornament: str) -> None:
    body = f"## Training data\n\n{ornament}- C4\n- the Pile\n\n## Evaluation\n\n{ornament}| Model | MMLU |\n|---|---|\n"
    told = audit(
        f"{body}| Owl-7B | 41.0 |\n\n## Limitations\n\n{ornament}It is often wrong; let people check what it says.\n"
    )

    assert found(told) == {
        "evaluation-data": "open",
        "evaluation-results": "open",
        "finetuning-data": "not-applicable",
        "model-card": "partial",
        "pretraining-data": "open",
    }


@pytest.mark.parametrize("level", ["#", "##", "######"])
def test_a_card_written_in_headings_opens_nothing_by_their_number(level: str) -> None:
    lines = ("This is the best model", "Please read the whole card", "Use it with care", "Training data", "Evaluation")

    assert found(audit("".join(f"{level} {line}\n" for line in lines))) == found(audit(""))


@pytest.mark.parametrize(
    "body",
    [
        "See https://huggingface.co/gulls/Gull-7B",
        "This model has moved to [gulls/Gull-7B](https://huggingface.co/gulls/Gull-7B).",
        "Please refer to the [original model card](https://huggingface.co/gulls/Gull-7B) for more details.",
        "Details: https://github.com/gulls/gull",
    ],
)
def test_a_card_that_is_a_link_to_another_repository_takes_nothing_from_there(body: str) -> None:
    told = audit(body, "---\nlicense: mit\n---\n")

    assert (found(told), told.training_data, told.claims) == (found(audit("", "---\nlicense: mit\n---\n")), (), ())
    assert {c.availability for c in told.components if c.id in {"model-card", "data-card"}} == {"closed"}


@pytest.mark.parametrize(
    "denial",
    [
        "## Training data\n\nThe training data of Owl-7B cannot be disclosed.",
        "We trained Owl-7B on a proprietary mix of web pages.",
        "## Data\n\nThe training corpus of Owl-7B is not released.",
    ],
)
def test_of_data_that_is_named_and_denied_both_are_shown_and_the_careful_reading_counts(denial: str) -> None:
    told = audit(f"Owl-7B was trained on {C4}.\n\n{denial}\n")

    assert found(told)["pretraining-data"] == "partial"
    assert len(told.training_data) == 2
    assert {line for d in told.training_data for e in told.evidence if e.id in d.evidence for line in [e.line]} >= {6}


def test_a_claim_and_its_denial_are_both_in_the_card_and_the_claim_does_not_hold() -> None:
    told = audit("We release all training data of Owl-7B.\n\nThe training data of Owl-7B is not released.\n")

    assert [(c.text, c.held) for c in told.claims] == [("We release all training data of Owl-7B.", "contradicted")]
    assert "pretraining-data" not in found(told)


def test_terms_that_words_narrow_are_both_shown_and_no_use_is_allowed_by_the_wider() -> None:
    told = audit("Owl-7B is for non-commercial use only.\n")

    assert [(c.kind, c.between) for c in told.licenses.conflicts] == [("tag-prose", ("MIT", "non-commercial"))]
    assert "allowed" not in {u.verdict for u in told.licenses.uses if u.use == "serve"}
