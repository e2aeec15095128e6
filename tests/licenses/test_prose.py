"""What a card says of terms: of what, whose, and whether it binds."""

from __future__ import annotations

import pytest

from licences_kit import collect
from openness_audit.model.facts import LicenseProse


def said(body: str, *, repo: str = "org/Owl-7B", parents: tuple[str, ...] = ()) -> tuple[LicenseProse, ...]:
    return collect(f"# Owl\n\n{body}\n", repo=repo, parent_names=parents).prose


@pytest.mark.parametrize(
    ("body", "expression", "scope"),
    [
        ("This model is released under the Apache 2.0 license.", "Apache-2.0", "model"),
        ("We release the weights under the MIT license.", "MIT", "weights"),
        ("- **License:** CC BY-NC 4.0", "CC-BY-NC-4.0", "model"),
        ("Owl-7B is licensed under CC-BY-SA-4.0.", "CC-BY-SA-4.0", "model"),
        ("Use of this model is governed by the Llama 2 Community License.", "LicenseRef-hf-llama2", "model"),
        ("License: Stability AI Community License.", "LicenseRef-stability-ai-community-license", "model"),
        ("This model is based on Eagle, and is governed by the Apache-2.0 license.", "Apache-2.0", "model"),
        ("本模型采用 Apache-2.0 许可证。", "Apache-2.0", "model"),
        ("このモデルは MIT ライセンスの下で公開しています。", "MIT", "model"),
        (
            "This model is released under the [licence](https://creativecommons.org/licenses/by/4.0/).",
            "CC-BY-4.0",
            "model",
        ),
        ("This model comes under the Barn Owl Research License.", "LicenseRef-barn-owl-research-license", "model"),
    ],
    ids=str,
)
def test_a_grant_of_the_models_own_licence(body: str, expression: str, scope: str) -> None:
    (found,) = [p for p in said(body) if p.expression]

    assert (found.expression, found.scope, found.whose, found.restricts) == (expression, scope, "self", False)


@pytest.mark.parametrize(
    "body",
    [
        "The training data is licensed under CC BY-NC 4.0.",
        "The code in this repository is released under the MIT license.",
        "The base model is licensed under the Apache 2.0 license.",
        "The licence of this model follows the licence of the original model.",
        "It was trained on a corpus by Whisper Wood, used under CC BY-NC 4.0 (research only).",
        "Please check the license of the original model.",
        "See the Model License for details.",
        "Researchers at MIT and users of Apache Spark will like it.",
        "The new weights were published under an MIT license, our modifications under Apache 2.0.",
    ],
    ids=str,
)
def test_no_grant_of_the_model(body: str) -> None:
    own = [p for p in said(body) if p.expression and p.whose == "self" and p.scope in ("model", "weights", "unknown")]

    assert own == []


@pytest.mark.parametrize(
    "body",
    [
        "This model is for research purposes only.",
        "The model should only be used for educational and research purposes.",
        "Commercial use of the model is strictly prohibited, and commercial use is not allowed in products.",
        "The weights may not be used for any commercial purpose.",
        "This model is for non-commercial use only.",
        "License: non-commercial use only",
        "本模型仅供学术研究使用。",
        "模型权重禁止商用。",
        "このモデルは商用利用不可です。",
        "Dieses Modell ist nur für Forschungszwecke.",
        "Ce modèle: usage non commercial.",
    ],
    ids=str,
)
def test_words_that_bind(body: str) -> None:
    assert [(p.restricts, p.whose) for p in said(body) if p.restricts][:1] == [(True, "self")]


@pytest.mark.parametrize(
    "body",
    [
        "This model is intended for research.",
        "The model is intended for research purposes only.",
        "The model is meant for both commercial and non-commercial use.",
        "We recommend using this model only for research.",
        "It is open not only to academic research but to commerce.",
        "It competes with commercial systems that are not open.",
        "The model must not be used for illegal or harmful acts.",
        "模型权重对学术研究完全开放，并支持商用。",
    ],
    ids=str,
)
def test_advice_and_bans_on_harm_do_not_bind(body: str) -> None:
    assert [p.text for p in said(body) if p.restricts] == []


def test_a_statement_about_the_base_is_the_bases() -> None:
    (found,) = said("Eagle-2 is licensed under the Llama 2 Community License.", parents=("nest/Eagle-2",))

    assert (found.whose, found.scope) == ("base", "base")


def test_commerce_on_request_is_community_terms() -> None:
    (found,) = said("The weights are free for research; fill in the application form for a commercial licence.")

    assert (found.expression, found.family, found.restricts) == (None, "community", True)


def test_a_statement_cites_its_line() -> None:
    (found,) = said("Some words.\n\nThis model is released under the MIT license.")

    assert found.place.line == 5
    assert found.place.excerpt == "This model is released under the MIT license."


@pytest.mark.parametrize(
    "body", ["License " * 30_000, "for research " * 20_000, "A " * 50_000 + "License", "under the " * 30_000]
)
def test_a_hostile_card_is_read_in_linear_time(body: str) -> None:
    assert len(said(body)) <= 60
