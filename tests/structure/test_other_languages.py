"""What is read in cards written in other languages than English: headings, data, terms and base models."""

from __future__ import annotations

import pytest

from lineage_kit import card, info, lineage, names_of
from openness_audit.collect.card.section_parts import parts_of_title
from openness_audit.collect.data.find import find_data
from openness_audit.collect.licenses.prose import find_prose
from openness_audit.model.facts_licenses import LicenseProse

MODEL = "acme/zeta-7b"


def terms(text: str) -> list[LicenseProse]:
    return list(find_prose(card(text), names_of(MODEL, lineage(text, MODEL))))


@pytest.mark.parametrize(
    ("part", "titles"),
    [
        ("description", ["模型细节", "解説", "모델 정보", "Détails du modèle", "Detalles del modelo", "Modelldetails"]),
        ("training", ["训练集", "データセット", "학습 데이터", "Données", "Conjunto de datos", "Datensatz"]),
        ("evaluation", ["测评结果", "評価結果", "실험 결과", "Métriques", "Rendimiento", "Bewertung"]),
        ("limitations", ["局限性", "免責事項", "유의사항", "Avertissements", "Advertencia", "Ethische Überlegungen"]),
        ("intended-use", ["应用场景", "想定用途", "사용 목적", "Usages prévus", "Usos previstos", "Einsatzgebiete"]),
    ],
)
def test_headings_open_their_part(part: str, titles: list[str]) -> None:
    assert {title: part in parts_of_title(title) for title in titles} == dict.fromkeys(titles, True)


@pytest.mark.parametrize(
    ("sentence", "parent"),
    [
        ("本模型使用 [owl/beta-7b](https://huggingface.co/owl/beta-7b) 系列模型进行训练。", "owl/beta-7b"),
        ("对话版本，预训练模型可见[owl/beta-7b](https://huggingface.co/owl/beta-7b)。", "owl/beta-7b"),
        ("本モデルはowl/beta-7bを物語集でファインチューニングしたものです。", "owl/beta-7b"),
        ("事前学習済みモデルとして[owl/beta-7b](https://huggingface.co/owl/beta-7b)を利用しました。", "owl/beta-7b"),
        ("owl/beta-7b에 요리책 데이터를 fine-tuning한 모델입니다.", "owl/beta-7b"),
        ("`owl/beta-7b` 를 약 3GB의 편지에 대해서 추가적인 사전 학습을 진행하였습니다.", "owl/beta-7b"),
        ("모델 체크포인트: owl/beta-7b", "owl/beta-7b"),
        ("Ce modèle a été affiné à partir de owl/beta-7b.", "owl/beta-7b"),
        ("Este modelo fue entrenado a partir de owl/beta-7b.", "owl/beta-7b"),
        ("Eine Feinabstimmung von owl/beta-7b.", "owl/beta-7b"),
    ],
)
def test_a_sentence_names_the_base_model(sentence: str, parent: str) -> None:
    found = lineage(f"# Zeta 7B\n\n{sentence}", MODEL)

    assert [p.id for p in found.parents] == [parent]


@pytest.mark.parametrize(
    "sentence",
    [
        "owl/beta-7bを用いて生成した対話データでファインチューニングしました。",
        "owl/beta-7bを比較対象とし、ファインチューニング後の精度を示します。",
        "owl/beta-7b를 번역에 쓰고 그 결과로 파인튜닝했습니다.",
    ],
)
def test_a_model_that_made_the_data_is_no_base_model(sentence: str) -> None:
    assert lineage(f"# Zeta 7B\n\n{sentence}", MODEL).parents == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "使用海量的代码进行训练。",
        "此模型通过大规模的句对进行训练。",
        "新聞のテキストで学習しました。",
        "정원 가꾸기 텍스트로 학습한 모델입니다.",
        "오래된 편지 데이터를 fine-tuning한 모델입니다.",
        "Le modèle a été entraîné sur des textes de presse.",
        "El modelo fue entrenado con textos de prensa.",
        "Das Modell wurde mit Texten aus der Presse trainiert.",
    ],
)
def test_data_without_a_name_is_undisclosed(sentence: str) -> None:
    text = f"# Zeta 7B\n\n{sentence}"
    found = lineage(text, MODEL)

    assert {d.how for d in find_data((card(text),), info(MODEL), names_of(MODEL, found), found)} == {"undisclosed"}


@pytest.mark.parametrize(
    ("text", "family", "restricts"),
    [
        ("本モデルはApache-2.0で公開しています。", "osi", False),
        ("このモデルは非営利目的の利用に限り使えます。", "non-commercial", True),
        ("## 版权许可\n\n[MIT License](LICENSE)", "osi", False),
        ("Veröffentlicht unter CC BY-NC 4.0.", "non-commercial", False),
        ("Die kommerzielle Nutzung ist untersagt.", "non-commercial", True),
        ("L'usage commercial est interdit.", "non-commercial", True),
        ("Utilisable à des fins non commerciales.", "non-commercial", True),
        ("El uso comercial está prohibido.", "non-commercial", True),
        ("Este modelo se publica bajo la licencia MIT.", "osi", False),
    ],
)
def test_terms_are_read(text: str, family: str, restricts: bool) -> None:
    assert [(t.family, t.restricts) for t in terms(f"# Zeta 7B\n\n{text}")] == [(family, restricts)]
