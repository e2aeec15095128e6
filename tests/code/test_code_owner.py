"""Whose a linked repository is."""

from __future__ import annotations

import pytest

from code_kit import card, me
from openness_audit.collect.code.names import same_organisation, subject_names
from openness_audit.collect.code.repositories import find_repositories, repositories_to_open


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("lm-sys", "LMSYS", True),
        ("bigcode", "bigcode-project", True),
        ("meta-llama", "facebookresearch", True),
        ("google-t5", "google-research", True),
        ("open-acme", "open-birds", False),
        ("deepacme", "deepbird", False),
        ("", "acme", False),
    ],
)
def test_two_accounts_are_one_publisher(one: str, two: str, same: bool) -> None:
    assert same_organisation(one, two) is same


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Code: https://github.com/acme/falke", "self"),
        ("See https://github.com/acme-ai/tools for more.", "self"),
        ("- **Repository:** https://github.com/jdoe/falke", "self"),
        ("It outperforms [Habicht](https://github.com/nest/habicht).", "other"),
        ("Serve it with [vLLM](https://github.com/vllm-project/vllm).", "generic"),
        ("Code: https://github.com/jdoe/llama.cpp", "generic"),
        ("Trained with [TRL](https://github.com/huggingface/trl).", "generic"),
    ],
)
def test_a_repository_is_attributed(text: str, whose: str) -> None:
    assert [
        repo.whose
        for repo in find_repositories((card(text),), me("acme-ai/Falke-7B" if "acme-ai" in text else "acme/Falke-7B"))
    ] == [whose]


def test_the_bases_repository_is_the_bases_even_when_labelled() -> None:
    found = find_repositories(
        (card("- **Repository:** https://github.com/nest/habicht"),),
        me("acme/Falke-7B", "nest/Habicht-7B", made="finetune"),
    )

    assert [repo.whose for repo in found] == ["base"]


def test_a_copied_card_speaks_of_another_model() -> None:
    text = "# Falke 7B GGUF\n\n# Original model card: Falke 7B\n\n# Falke\n\n- **Repository:** https://github.com/nest/falke\n"

    found = find_repositories((card(text, "quants/Falke-7B-GGUF"),), me("quants/Falke-7B-GGUF", made="quantized"))

    assert [repo.whose for repo in found] == ["base"]


def test_a_copy_named_after_its_maker_does_not_own_the_makers_code() -> None:
    found = find_repositories(
        (card("Our code: https://github.com/nest-labs/recipes"),), me("someone/Nest-Labs-Habicht-7B")
    )

    assert [repo.whose for repo in found] == ["base"]


def test_the_projects_own_repositories_are_opened_first_and_at_most_three() -> None:
    text = "\n\n".join(
        f"More at https://github.com/acme/{name}" for name in ("site", "tools", "other", "blog", "falke")
    )
    found = find_repositories((card(text),), me())

    assert repositories_to_open(found) == ("github.com/acme/falke", "github.com/acme/site", "github.com/acme/tools")


def test_nothing_but_citations_and_other_hosts_is_opened() -> None:
    text = "Code: https://gitlab.com/acme/falke\n\n# Citation\n\n```bibtex\n@misc{x, url={https://github.com/acme/falke}}\n```\n"

    assert repositories_to_open(find_repositories((card(text),), me())) == ()


def test_names_shared_with_another_publishers_base_are_not_the_subjects() -> None:
    names = subject_names(me("acme/Habicht-7B-Falke-chat", "nest/Habicht-7B", made="finetune"))

    assert not names.named_in("configs/habicht.yaml")
    assert names.named_in("configs/habicht-7b-falke-chat.yaml")


def test_names_shared_with_the_publishers_own_base_are_the_projects() -> None:
    names = subject_names(me("acme/Falke-7B-instruct", "acme/Falke-7B", made="finetune"))

    assert names.named_in("configs/falke-7b.yaml")


def test_other_versions_of_the_family_are_siblings() -> None:
    names = subject_names(me("acme/Falke2.5-7B"))

    assert names.siblings_only(["eval/falke3.yaml"])
    assert not names.siblings_only(["eval/falke2.5.yaml", "eval/falke3.yaml"])


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("- [Falke-7B-further](https://github.com/nestlab/Falke-7B-further)", "self"),
        ("The full codebase is available on [GitHub](https://github.com/NestLab/Falke).", "self"),
        ("Training code url: https://github.com/nestlab/birds_2020", "self"),
        ("See [Falke](https://github.com/NestLab/Falke).", "other"),
        ("The codes for the pretraining are available at [birds](https://github.com/nestlab/birds).", "self"),
        ("The code is available on [GitHub](https://github.com/NestLab/llama-birds).", "other"),
    ],
)
def test_a_repository_elsewhere_is_the_models_by_its_name_or_by_what_the_card_says(text: str, whose: str) -> None:
    assert [repo.whose for repo in find_repositories((card(text),), me("acme/Falke-7B-further"))] == [whose]


def test_a_copy_does_not_own_the_repository_it_is_called_like() -> None:
    who = me("acme/Falke-7B-GGUF", "nest/Falke-7B", made="quantized")

    assert [r.whose for r in find_repositories((card("[x](https://github.com/lab/Falke-7B-GGUF)"),), who)] == ["other"]
