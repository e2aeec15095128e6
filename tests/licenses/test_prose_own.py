"""What a card's words grant and forbid beside the metadata: they may close what is open, and open hardly anything."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences_kit import collect, tagged, words
from openness_audit.licenses.families import OPEN
from openness_audit.model.facts_licenses import LicenseFacts


def own(facts: LicenseFacts) -> tuple[str, str]:
    return facts.own.expression, facts.own.family


def against(facts: LicenseFacts) -> list[tuple[str, str]]:
    return [(c.between[1], c.confidence) for c in facts.conflicts if c.kind == "tag-prose"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("## License\n\nMIT", ("MIT", "osi")),
        ("The weights are released under Apache 2.0.", ("Apache-2.0", "osi")),
        ("| License | MIT |\n|---|---|\n| Size | 7B |", ("MIT", "osi")),
        ("## License\n\nFind it [here](https://github.com/acme/owl/blob/main/LICENSE).", ("NOASSERTION", "unknown")),
        ("License: see [this](https://example.org/owl/LICENSE.md)", ("NOASSERTION", "unknown")),
        ("## 协议\n\n请遵循 [LICENSE](LICENSE)。", ("NOASSERTION", "unknown")),
        ("## 协议\n\n商业用途：请通过邮件联系申请书面授权。", ("NOASSERTION", "community")),
        ("## ライセンス\n\n❌ 本モデルやマージしたモデルを販売する行為", ("NOASSERTION", "community")),
        ("## License\n\nMIT, see [LICENSE](https://github.com/acme/owl/blob/main/LICENSE).", ("MIT", "osi")),
        ("## Usage\n\nRead [this](https://github.com/acme/owl/blob/main/LICENSE) first.", ("NONE", "none-declared")),
        ("The model is under CC-BY-NC-4.0; our code is under the MIT license.", ("CC-BY-NC-4.0", "non-commercial")),
        ("This model is under MIT. It is for non-commercial use only.", ("NOASSERTION", "non-commercial")),
        ("This model is under MIT. For commercial use, please contact us.", ("NOASSERTION", "community")),
        ("This model is released under a modified MIT license.", ("LicenseRef-modified-mit-license", "unknown")),
        (
            "This project is for research purposes only.\n\n## License\n\nMIT",
            ("NOASSERTION", "non-commercial"),
        ),
        ("This project is licensed under the MIT license.", ("NONE", "none-declared")),
        ("![license](https://img.shields.io/badge/license-MIT-green)", ("NONE", "none-declared")),
        (
            "This model is under a modified MIT license, for research purposes only.",
            ("LicenseRef-modified-mit-license", "non-commercial"),
        ),
        (
            "The weights have a CC BY-SA 4.0 license with further conditions.",
            ("LicenseRef-modified-cc-by-sa-4.0-license", "unknown"),
        ),
        ("It joins two models. The first was released under an MIT license.", ("NONE", "none-declared")),
        ("## License\n\n- parser/core - MIT\n- parser/edge - BSD-3-Clause", ("NONE", "none-declared")),
        ("## License\n\n- other work of that kind released the model as Apache-2.0", ("NONE", "none-declared")),
        ("Our scripts are under the MIT license.", ("NONE", "none-declared")),
        ("Jay 7B has been released under the Apache 2.0 license.", ("NONE", "none-declared")),
        ("The base model is under the Apache 2.0 license.", ("NONE", "none-declared")),
    ],
    ids=str,
)
def test_own_terms_without_metadata(body: str, wanted: tuple[str, str]) -> None:
    assert own(collect(f"# Owl\n\n{body}\n")) == wanted


def test_words_that_bind_outweigh_a_file_that_may_be_the_codes() -> None:
    body = "# Owl\n\nThis model is for research purposes only.\n"

    assert own(collect(body, files={"LICENSE": words("MIT")})) == ("NOASSERTION", "non-commercial")
    assert own(collect(body, files={"LICENSE-MODEL": words("MIT")})) == ("MIT", "osi")


def test_a_licence_nobody_knows_is_not_opened_by_the_card() -> None:
    facts = collect("---\nlicense: other\nlicense_name: barn-terms\n---\n\nThis model is under the MIT license.\n")

    assert own(facts) == ("LicenseRef-barn-terms", "unknown")


@pytest.mark.parametrize(
    ("tag", "body", "wanted"),
    [
        ("apache-2.0", "This model is for research purposes only.", [("non-commercial", "high")]),
        ("apache-2.0", "For commercial use of the model, please contact us.", [("community", "medium")]),
        (
            "creativeml-openrail-m",
            "This model is not permitted to be used behind API services.",
            [("community", "medium")],
        ),
        ("apache-2.0", "The model weights are under the Llama 2 license.", [("LicenseRef-hf-llama2", "medium")]),
        ("apache-2.0", "License: Academic research only.", [("non-commercial", "high")]),
        # near misses
        ("llama2", "For commercial use of the model, please contact us.", []),
        ("apache-2.0", "This model is under Apache 2.0; a tuned model follows as CC-BY-NC-4.0.", []),
        ("apache-2.0", "- org/Owl-7B: apache-2.0\n- org/Owl-7B-Jay: cc-by-nc-4.0", []),
        ("apache-2.0", "## Bias and limitations\n\nWe release the model for research purposes only.", []),
        ("apache-2.0", "All data in this project can only be used for academic purposes.", []),
        ("apache-2.0", "This project is for research purposes only.", []),
        ("apache-2.0", "Models with -x in their name were trained on data with non-commercial licenses.", []),
        ("mit", "The adapters are MIT, the base model is under the Gemma license.", []),
        ("mit", "The model must not be used to break the law, for commercial or other purposes.", []),
    ],
    ids=str,
)
def test_words_against_the_metadata(tag: str, body: str, wanted: list[tuple[str, str]]) -> None:
    assert against(collect(tagged(tag, body))) == wanted


OWN = (
    "This model is released under the MIT license.",
    "The model weights are licensed under CC BY-NC 4.0.",
    "This model is for research purposes only.",
    "For commercial use of the model, please contact us.",
    "## License\n\nApache 2.0",
    "Words about birds.",
)
FOREIGN = (
    "The training data set is licensed under CC0-1.0.",
    "The training data is for research purposes only.",
    "Jay 7B has been released under the Apache 2.0 license.",
    "Our data sets are released under the MIT license.",
    "The documentation lives elsewhere. License: CC-BY-4.0.",
    "Thank you to the Jay team for releasing it under Apache 2.0.",
    "The evaluation scripts are released under the MIT license.",
)
TAGS = ("", "license: mit\n", "license: cc-by-nc-4.0\n", "license: other\n")


def card(front: str, sections: tuple[str, ...]) -> str:
    return f"---\n{front}tags: [a]\n---\n# Owl\n\n" + "\n\n".join(f"# Part {i}\n\n{s}" for i, s in enumerate(sections))


@given(st.sampled_from(TAGS), st.sampled_from(OWN), st.sampled_from(FOREIGN), st.booleans())
def test_words_about_other_things_change_nothing(front: str, body: str, foreign: str, first: bool) -> None:
    parts = (foreign, body) if first else (body, foreign)
    alone, beside = collect(card(front, (body,))), collect(card(front, parts))

    assert own(alone) == own(beside)
    assert against(alone) == against(beside)


@given(st.sampled_from(TAGS), st.permutations([*OWN, *FOREIGN[:3]]), st.integers(1, 9))
def test_the_order_of_sections_does_not_matter(front: str, sections: list[str], size: int) -> None:
    one = collect(card(front, tuple(sections[:size])))
    other = collect(card(front, tuple(reversed(sections[:size]))))

    assert own(one) == own(other)
    assert sorted(against(one)) == sorted(against(other))


@given(st.sampled_from(TAGS), st.sampled_from(OWN[1:4]), st.sampled_from(OWN))
def test_further_words_never_open_what_words_close(front: str, closing: str, further: str) -> None:
    facts = collect(card(front, (closing, further)))

    assert own(facts)[1] not in OPEN or front == "license: mit\n"
    assert against(facts) or front != "license: mit\n" or closing == OWN[1]  # two grants, one of them the tag's


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("[mit, apache-2.0]", ("MIT AND Apache-2.0", "osi")),
        ("[cc-by-nc-4.0, mit]", ("CC-BY-NC-4.0 AND MIT", "non-commercial")),
        ("'???'", ("NOASSERTION", "unknown")),
        ("{name: MIT}", ("MIT", "osi")),
        ("{a: b}", ("NOASSERTION", "unknown")),
        ("[]", ("NONE", "none-declared")),
        ("[[mit]]", ("MIT", "osi")),
        ("false", ("NONE", "none-declared")),
        ("3.5", ("NOASSERTION", "unknown")),
        ("''", ("NONE", "none-declared")),
    ],
    ids=str,
)
def test_what_strangers_write_for_a_licence(raw: str, wanted: tuple[str, str]) -> None:
    assert own(collect(f"---\nlicense: {raw}\n---\n# Owl\n")) == wanted


@pytest.mark.parametrize(
    "raw",
    ["MIT AND", "(MIT OR", "AND AND", "MIT WITH", "MIT OR OR Apache-2.0", "MIT)) OR (", "() OR ()", "mit and/or bsd"],
)
def test_a_broken_expression_is_never_open(raw: str) -> None:
    facts = collect(None, card_data={"license": raw})

    assert facts.own.family not in OPEN
    assert facts.own.expression == "NOASSERTION" or facts.own.expression.startswith("LicenseRef-")


@pytest.mark.parametrize("value", ["licence " * 300, "mit " * 300, "x" * 5_000, "MIT AND " * 300 + "MIT"])
def test_a_sentence_for_a_tag_is_kept_short(value: str) -> None:
    facts = collect(None, card_data={"license": value})

    assert facts.own.family not in OPEN
    assert len(facts.own.expression) <= 120


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, json_values, json_values)
def test_any_value_of_the_metadata_gives_an_answer(value: Any, name: Any, link: Any) -> None:
    facts = collect(None, card_data={"license": value, "license_name": name, "license_link": link})

    assert facts.own.expression
    assert own(facts) == own(collect(None, card_data={"license": value, "license_name": name, "license_link": link}))
