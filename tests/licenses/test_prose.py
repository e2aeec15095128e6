"""What a card says of terms: of what, whose, and whether it binds."""

from __future__ import annotations

import pytest

from licences_kit import collect
from openness_audit.model.facts_licenses import LicenseProse


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
        ("Our Owl 7B weights and code are distributed under the Apache License 2.0.", "Apache-2.0", "weights"),
        ("Owl-7B 模型权重的使用遵循 Apache-2.0 协议。", "Apache-2.0", "weights"),
        ("本モデルはCC-BY-NC-SA-4.0ライセンスの下で公開します。", "CC-BY-NC-SA-4.0", "model"),
        ("이 모델은 MIT 라이선스로 배포됩니다.", "MIT", "model"),
        ("Dieses Modell steht unter der MIT-Lizenz.", "MIT", "model"),
        ("Ce modèle est publié sous licence Apache-2.0.", "Apache-2.0", "model"),
        ("Este modelo se publica bajo la licencia CC-BY-4.0.", "CC-BY-4.0", "model"),
        ("Licencia: CC-BY-4.0", "CC-BY-4.0", "model"),
        ("License: Barn Dweller 2.0", "LicenseRef-barn-dweller-2.0", "model"),
        ("**License** The Llama 2 Community License applies.", "LicenseRef-hf-llama2", "model"),
        ("- **Model weights license:** MIT", "MIT", "weights"),
        ("Usage must be in accordance with the Llama 2 license.", "LicenseRef-hf-llama2", "unknown"),
        ("This model is released under a modified MIT license.", "LicenseRef-modified-mit-license", "model"),
    ],
    ids=str,
)
def test_a_grant_of_the_models_own_licence(body: str, expression: str, scope: str) -> None:
    (found,) = [p for p in said(body) if p.expression]

    assert (found.expression, found.scope, found.whose, found.restricts) == (expression, scope, "self", False)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            "The code is under Apache-2.0, while the weights fall under CC BY-NC 4.0.",
            [("Apache-2.0", "code"), ("CC-BY-NC-4.0", "weights")],
        ),
        ("本仓库的代码依照 MIT 协议开源，模型权重遵循 Apache-2.0 协议。", [("MIT", "code"), ("Apache-2.0", "weights")]),
        (
            "License: Code is released under MIT, model weights are released under CC-BY-4.0.",
            [("MIT", "code"), ("CC-BY-4.0", "weights")],
        ),
        ("This project is released under MIT, while Eagle2 is licensed under Apache-2.0.", [("MIT", "unknown")]),
        ("The training code for the models is released under the MIT license.", [("MIT", "code")]),
        ("This repository is released under the MIT license.", [("MIT", "unknown")]),
        ("Barn code lives elsewhere. License: MIT", [("MIT", "code")]),
    ],
    ids=str,
)
def test_each_licence_is_of_what_its_clause_names(body: str, wanted: list[tuple[str, str]]) -> None:
    assert [(p.expression, p.scope) for p in said(body) if p.expression and p.whose == "self"] == wanted


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("## License\n\nApache 2.0", "Apache-2.0"),
        ("## Licence\n\n[GNU GPL v3](https://www.gnu.org/licenses/gpl-3.0.html)", "GPL-3.0-only"),
        ("## 项目协议\n\n[Apache-2.0 license](LICENSE)", "Apache-2.0"),
        ("## ライセンス\n\nMIT", "MIT"),
        ("| Property | Value |\n|---|---|\n| License | MIT |", "MIT"),
        (
            "| Model | Score | License |\n|---|---|---|\n| Owl-7B | 3 | CC-BY-NC-4.0 |\n| Jay-7B | 9 | MIT |",
            "CC-BY-NC-4.0",
        ),
        ("![Model License](https://img.shields.io/badge/Model%20License-Apache--2.0-green.svg)", "Apache-2.0"),
        ("<p><b>License:</b> MIT</p>", "MIT"),
        ("## License and citation\n\nThis model is under the MIT license.", "MIT"),
    ],
    ids=str,
)
def test_headings_tables_and_badges(body: str, expression: str) -> None:
    found = [p for p in said(body) if p.expression]

    assert [(p.expression, p.scope, p.whose) for p in found] == [(expression, "model", "self")]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://img.shields.io/badge/license-MIT-green", [("MIT", "unknown")]),
        ("https://img.shields.io/badge/Code_License-MIT-f5de53?&color=f5de53", [("MIT", "code")]),
        ("https://img.shields.io/static/v1?label=Data%20License&message=CC0-1.0", [("CC0-1.0", "data")]),
        ("https://img.shields.io/github/license/somebody/MIT.svg", []),
        ("https://img.shields.io/badge/build-passing-green", []),
        ("https://[broken/badge/license-MIT-green", []),
    ],
)
def test_a_badge_is_read_by_its_address(address: str, wanted: list[tuple[str, str]]) -> None:
    assert [(p.expression, p.scope) for p in said(f"![]({address})")] == wanted


@pytest.mark.parametrize(
    "body",
    [
        "The documentation lives on our site. License: CC-BY-4.0.",
        "## Models fine-tuned from Owl\n\n* Jay, for questions\n* License: MIT",
        "## Acknowledgements\n\nThe pre-trained checkpoint is under the MIT license.",
        "Pre-trained CLIP model by OpenAI, License: MIT License",
        "Jay 7B has been released under the Apache 2.0 license.",
        "Their work is released under a CC0 license.",
        "Thank you to the Jay team for releasing it under Apache 2.0.",
        "Folders hold files under a different license than MIT.",
        "| Model | Score | License |\n|---|---|---|\n| Jay-7B | 9 | MIT |",
        "- **License for base weights:** MIT",
        "## License\n\n- org/Jay-7B: MIT",
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
        "This model is for research only and we do not recommend it for advice.",
        "License: Academic research only.",
        "- **License:** Non-commercial license",
        "This model is under a non-commercial license (see the file).",
        "This model should not be used for anything besides research purposes.",
        "ONLY USE THIS MODEL FOR RESEARCH PURPOSE!!",
        "The model is for research exploration, and prohibited for commercial usage.",
        "Owl-7B 也是非商用的，仅供研究使用。",
        "This model is not permitted to be used behind API services.",
        "License: Apache-2.0 under the condition that the model is not used to compete with us",
        "❌ 本モデルを商用の画像生成サービスで利用する行為",
        "The Owl-7B models are released exclusively for research purposes and are not intended for commercial use.",
        "The weights are provided solely for research and are not intended for production.",
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
        "It is intended exclusively for research.",
        "The model is meant for both commercial and non-commercial use.",
        "We recommend using this model only for research.",
        "It is open not only to academic research but to commerce.",
        "It competes with commercial systems that are not open.",
        "The model must not be used for illegal or harmful acts.",
        "模型权重对学术研究完全开放，并支持商用。",
        "This model is not restricted to non-commercial use.",
        "Commercial use of this model is allowed under the license.",
        "The weights may be used for research and commercial purposes.",
        "## Limitations\n\nThis model is for research purposes only.",
        "We plan to release a second model for commercial purposes.",
        "It was trained on data with non-commercial licenses.",
        "For commercial and business inquiries write to the barn.",
    ],
    ids=str,
)
def test_advice_and_bans_on_harm_do_not_bind(body: str) -> None:
    assert [p.text for p in said(body) if p.restricts] == []


def test_a_statement_about_the_base_is_the_bases() -> None:
    (found,) = said("Eagle-2 is licensed under the Llama 2 Community License.", parents=("nest/Eagle-2",))

    assert (found.whose, found.scope) == ("base", "base")


@pytest.mark.parametrize(
    "body",
    [
        "The weights are free for research; fill in the application form for a commercial licence.",
        "The model is free for research. For commercial use, please contact us.",
        "The model's commercial use is subject to an agreement with the barn.",
        "If you wish to use our models for commercial purposes, please sign this form.",
        "模型权重对学术研究完全开放。如需商用，请填写问卷申请。",
        "The weights are open to research, and free commercial use is also allowed after completing the questionnaire.",
    ],
    ids=str,
)
def test_commerce_on_request_is_community_terms(body: str) -> None:
    (found,) = said(body)

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
