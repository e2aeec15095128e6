"""Which papers a card points to, and whether they cover the model."""

from __future__ import annotations

import pytest

from lineage_kit import card, info, lineage, names_of
from openness_audit.collect.papers.coverage import find_papers
from openness_audit.model.facts_origins import Paper


def papers(text: str, model: str = "acme/zeta-7b", tags: tuple[str, ...] = ()) -> dict[str, Paper]:
    found = lineage(text, model)
    return {p.id: p for p in find_papers((card(text, model),), info(model, tags=tags), names_of(model, found), found)}


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("For details see our [paper](https://arxiv.org/abs/2401.00001).", "self"),
        ("Today we introduce [Zeta 1.0](https://arxiv.org/abs/2401.00001), a family of models.", "family"),
        ("[Zeta](https://arxiv.org/abs/2401.00001) is a small model of letters.", "family"),
        ("[Eta](https://arxiv.org/abs/2401.00001) is a small model of letters.", "unknown"),
        ("**Update:** paper is [here](https://arxiv.org/abs/2401.00001).", "self"),
        ("More details in [Owl et al. (LREC 2023)](https://arxiv.org/abs/2401.00001).", "self"),
        ("See results in [Owl et al. (LREC 2023)](https://arxiv.org/abs/2401.00001).", "other"),
        ("- **Paper:** https://arxiv.org/abs/2401.00001", "self"),
        ("Accompanying paper can be found here: https://arxiv.org/abs/2401.00001", "self"),
        ("[Technical report](https://arxiv.org/pdf/2401.00001v2)", "self"),
        ("Zeta was introduced in [Small models](https://arxiv.org/abs/2401.00001).", "self"),
        ("```\n@misc{z, title={Zeta: small and open}, eprint={2401.00001}}\n```", "family"),
        ("```\n@misc{z, title={Zeta-13B: larger}, eprint={2401.00001}}\n```", "family"),
        ("```\n@misc{z, title={Zeta 2: better}, eprint={2401.00001}}\n```", "predecessor"),
        ("## Training data\nThe letters corpus ([paper](https://arxiv.org/abs/2401.00001)).", "data"),
        ("It uses the method of [quick attention](https://arxiv.org/abs/2401.00001).", "method"),
        ("## Evaluation\nWe report [quiz](https://arxiv.org/abs/2401.00001) scores.", "other"),
        ("Others said so (see [Smith et al., 2020](https://arxiv.org/abs/2401.00001)).", "other"),
    ],
)
def test_what_a_paper_covers(text: str, covers: str) -> None:
    assert papers(f"# Zeta 7B\n\n{text}\n")["arxiv:2401.00001"].covers == covers


def test_a_well_known_method_is_never_the_models_paper() -> None:
    text = "# Zeta 7B\n\nFor details see our [paper](https://arxiv.org/abs/2106.09685).\n"

    assert papers(text)["arxiv:2106.09685"].covers == "method"


def test_a_base_models_paper_does_not_cover_its_tuning_for_a_task() -> None:
    text = "# Zeta\n\nA fine-tune of [base](https://huggingface.co/google-bert/bert-base-cased).\n\n"
    text += "[Paper](https://arxiv.org/abs/1810.04805)\n"

    assert papers(text, "google-bert/bert-base-cased-finetuned-mrpc")["arxiv:1810.04805"].covers == "base"


def test_a_toolkits_paper_does_not_cover_what_was_made_with_it() -> None:
    text = "# Zeta\n\nA speech model from a toolkit ([paper](https://arxiv.org/abs/2109.06912)).\n"

    assert papers(text)["arxiv:2109.06912"].covers == "method"


@pytest.mark.parametrize("title", ["{ESPnet}: speech made simple", "SpeechBrain: tools for voices"])
def test_the_only_citation_is_not_the_models_where_its_title_is_headed_by_software(title: str) -> None:
    text = f"# Zeta\n\n### How to cite\n\n```\n@misc{{t, title={{{title}}}, eprint={{2401.00001}}}}\n```\n"

    assert papers(text)["arxiv:2401.00001"].covers == "method"


@pytest.mark.parametrize(
    ("title", "covers"),
    [("A large dataset of garden letters", "data"), ("Datasets and pre-trained models for letters", "self")],
)
def test_the_only_citation_is_the_datas_where_its_title_speaks_of_data_alone(title: str, covers: str) -> None:
    text = f"# Zeta\n\n## Citation\n\nPlease cite:\n\n```\n@misc{{t, title={{{title}}}, eprint={{2401.00001}}}}\n```\n"

    assert papers(text)["arxiv:2401.00001"].covers == covers


def test_the_paper_of_the_templates_carbon_section_is_noise() -> None:
    text = "# Zeta\n\nCarbon can be estimated as in [Lacoste et al.](https://arxiv.org/abs/1910.09700).\n"

    assert papers(text, tags=("arxiv:1910.09700",)) == {}


def test_a_parents_paper_is_the_bases() -> None:
    text = "---\nbase_model: mistralai/Mistral-7B-v0.1\n---\n# Zeta\n\n[Paper](https://arxiv.org/abs/2310.06825)\n"

    assert papers(text)["arxiv:2310.06825"].covers == "base"


def test_a_publishers_well_known_paper_covers_its_model() -> None:
    text = "# Llama 2\n\nLlama 2 is a pretrained model. [Paper](https://arxiv.org/abs/2307.09288)\n"

    assert papers(text, "meta-llama/Llama-2-7b")["arxiv:2307.09288"].covers == "family"
    assert papers(text, "someone/Llama-2-7b-plants")["arxiv:2307.09288"].covers == "base"


def test_a_copys_paper_is_its_bases() -> None:
    text = "---\nbase_model: acme/zeta-7b\n---\n# Zeta 7B GGUF\n\n[Paper](https://arxiv.org/abs/2401.00001)\n"

    assert papers(text, "q/zeta-7b-GGUF")["arxiv:2401.00001"].covers == "base"


def test_a_tag_alone_says_nothing_of_what_is_covered() -> None:
    assert papers("# Zeta\n", tags=("arxiv:2401.00001",))["arxiv:2401.00001"].covers == "unknown"


def test_a_citation_without_a_place_to_read_it_is_no_paper() -> None:
    assert papers("```\n@misc{z, title={Zeta}, year={2024}, url={https://huggingface.co/acme/zeta-7b}}\n```\n") == {}


def test_a_post_is_no_paper() -> None:
    found = papers("# Zeta\n\nRead our [blog post](https://acme.example/news/zeta-is-here).\n")

    assert [(p.kind, p.covers) for p in found.values()] == [("blog", "self")]


def test_a_guide_to_tune_the_model_is_nobodys_post() -> None:
    assert papers("# Zeta\n\nSee this [blog post](https://x.example/blog/how-to-fine-tune-zeta).\n") == {}


def test_a_projects_readme_counts_only_for_papers_that_name_the_model() -> None:
    entry = "```\n@misc{z, title={Zeta 7B}, eprint={2401.00002}}\n```\n"
    text = f"# Tools\n\n[Paper](https://arxiv.org/abs/2401.00001)\n\n{entry}"
    found = lineage("# Zeta\n", "acme/zeta-7b")
    readme = card(text, "github.com/acme/tools", "own-readme")

    got = {p.id: p.covers for p in find_papers((readme,), info("acme/zeta-7b"), names_of("acme/zeta-7b", found), found)}

    assert got == {"arxiv:2401.00001": "other", "arxiv:2401.00002": "self"}


def test_every_paper_is_cited() -> None:
    found = papers("# Zeta\n\ntext\n\n- Paper: https://arxiv.org/abs/2401.00001\n")

    assert found["arxiv:2401.00001"].places[0].line == 5


@pytest.mark.parametrize(
    ("model", "base", "title", "covers"),
    [
        ("acme/vicunazeta-7b", "Owl-2", "VicunaZeta: letters that follow", "family"),  # the base goes by another name
        ("acme/opt-zeta-7b", "", "OPT-Zeta: tuning at scale", "family"),  # more than the name of the base's family
        ("acme/llama-7b-zeta", "Llama", "Llama: open models", "base"),
    ],
)
def test_a_tuned_models_own_title_is_told_from_that_of_the_family_it_was_made_from(
    model: str, base: str, title: str, covers: str
) -> None:
    text = f"# Zeta\n\nA fine-tuned version of {base or 'another model'}.\n\n"
    text += f"```\n@misc{{t, title={{{title}}}, eprint={{2401.00001}}}}\n```\n"

    assert papers(text, model)["arxiv:2401.00001"].covers == covers


def test_a_card_titled_as_that_of_a_base_model_is_the_models_own() -> None:
    text = "# ZetaBERT Base Model (large)\n\nBased on the BERT model. [ZetaBERT](https://arxiv.org/abs/2401.00001).\n"

    assert papers(text, "acme/zetabert-base")["arxiv:2401.00001"].covers == "family"
