"""What an opened repository holds for the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from code_kit import answer, card, failed, me
from openness_audit.collect.code.repositories import find_repositories, own_readmes, resolve_repositories
from openness_audit.model.capture import Listing
from openness_audit.model.evidence import Absent, Observed, Unavailable

if TYPE_CHECKING:
    from openness_audit.collect.attribution.identity import Identity
    from openness_audit.model.capture import CodeAnswer
    from openness_audit.model.facts_origins import CodeRepository

TEXT = "- **Repository:** https://github.com/acme/falke"


def resolved(got: CodeAnswer, who: Identity | None = None, text: str = TEXT) -> CodeRepository:
    subject = who or me()
    found = find_repositories((card(text),), subject)
    return resolve_repositories(found, {found[0].key: got}, subject)[0]


def levels(repo: CodeRepository) -> dict[str, str]:
    return {role.role: role.level for role in repo.roles}


@pytest.mark.parametrize(
    ("paths", "role", "level"),
    [
        (("scripts/train.py", "configs/falke-7b.yaml"), "training", "full"),
        (("configs/falke-7b.yaml",), "training", "parts"),
        (("finetune/finetune_lora.py",), "finetuning", "full"),
        (("examples/llama-factory/falke-sft.yaml",), "finetuning", "full"),
        (("eval/run_eval.py", "eval/mmlu.py"), "evaluation", "full"),
        (("eval/eval_gsm8k.py",), "evaluation", "parts"),
        (("data/preprocess_data.py",), "data-preparation", "full"),
        (("falke/modeling_falke.py",), "architecture", "full"),
        (("infer.py",), "inference", "full"),
    ],
)
def test_a_base_models_repository(paths: tuple[str, ...], role: str, level: str) -> None:
    assert levels(resolved(answer("acme/falke", paths)))[role] == level


@pytest.mark.parametrize(
    "paths",
    [
        ("tests/test_train.py", "docs/train.rst", ".github/workflows/train.yml"),
        ("benchmark/speed_benchmark.py",),
        ("eval/eval_haiku.py",),
        ("third_party/lib/finetune.py", "README.md", "LICENSE"),
    ],
)
def test_files_that_show_no_role(paths: tuple[str, ...]) -> None:
    assert not {"training", "finetuning", "evaluation"} & set(levels(resolved(answer("acme/falke", paths))))


@pytest.mark.parametrize(
    ("paths", "readme", "level"),
    [
        (("train_falke.py", "config/a100.json"), "Train Falke", "full"),
        (("finetune_demo/finetune.py", "finetune_demo/configs/sft.yaml"), "Falke", "toolkit"),
        (
            ("finetune/finetune.py",),
            "Falke\n\nA script for users to fine-tune our models on downstream tasks.",
            "toolkit",
        ),
    ],
)
def test_a_derived_models_repository(paths: tuple[str, ...], readme: str, level: str) -> None:
    who = me("acme/Falke-7B", "nest/Habicht-7B", made="finetune")

    assert levels(resolved(answer("acme/falke", paths, readme), who))["finetuning"] == level


def test_scripts_of_sibling_versions_evaluate_another_model() -> None:
    who = me("acme/Falke2-7B")

    repo = resolved(answer("acme/falke", ("eval/eval.py", "eval/configs/falke3-7b.yaml")), who)

    assert "evaluation" not in levels(repo)


def test_places_cite_the_path_at_the_commit() -> None:
    role = next(r for r in resolved(answer("acme/falke", ("eval/eval.py",))).roles if r.role == "evaluation")

    place = role.places[0]
    assert (place.kind, place.repo, place.path) == ("code-repository", "github.com/acme/falke", "eval/eval.py")
    assert place.url == f"https://github.com/acme/falke/blob/{'c' * 40}/eval/eval.py"
    assert role.strength == "verified"


def test_a_dead_link_has_no_roles_and_an_unreadable_one_keeps_what_the_card_says() -> None:
    text = "Evaluation code: https://github.com/acme/falke"

    dead, unread = (resolved(failed(code), text=text) for code in ("not-found-or-private", "rate-limited"))

    assert isinstance(dead.opened, Absent)
    assert dead.roles == ()
    assert isinstance(unread.opened, Unavailable)
    assert [(r.role, r.level, r.strength) for r in unread.roles] == [("evaluation", "full", "declared")]


def test_a_repository_of_the_publisher_for_another_model_is_not_this_models() -> None:
    repo = resolved(
        answer("acme/habicht", ("eval/eval.py", "train.py"), "News: see also Falke"),
        text="https://github.com/acme/habicht",
    )

    assert repo.whose == "other"
    assert repo.roles == ()


def test_a_framework_of_the_publisher_counts_only_where_its_files_name_the_model() -> None:
    who = me("lm-sys/falke-13b", "nest/Habicht-13b", made="finetune")
    text = "- **Repository:** https://github.com/lm-sys/FastChat"

    named = resolved(answer("lm-sys/FastChat", ("fastchat/train/train.py", "scripts/train_falke.sh")), who, text)
    general = resolved(answer("lm-sys/FastChat", ("fastchat/train/train.py",), "falke"), who, text)

    assert (named.whose, levels(named)["finetuning"]) == ("self", "full")
    assert (general.whose, general.roles) == ("generic", ())


def test_somebody_elses_labelled_code_is_full_only_where_it_names_the_model() -> None:
    who = me("acme/Falke-7B", "nest/Habicht-7B", made="finetune")
    text = "- Code: https://github.com/jdoe/tuner"

    assert levels(resolved(answer("jdoe/tuner", ("train_sft.py",)), who, text))["finetuning"] == "parts"
    assert levels(resolved(answer("jdoe/tuner", ("train_sft.py",), "Made Falke."), who, text))["finetuning"] == "full"


def test_a_listing_cut_at_a_cap_stays_unread() -> None:
    got = answer("acme/falke", ("eval/eval.py",))
    assert isinstance(got.listing, Listing)
    cut = replace(got, listing=replace(got.listing, complete=False))

    assert isinstance(resolved(cut).opened, Unavailable)


def test_readmes_of_own_repositories_count_like_the_card() -> None:
    subject = me()
    found = find_repositories((card(TEXT),), subject)
    answers = {found[0].key: answer("acme/falke", ("train.py",), "# Falke\n\nText.\n")}
    repos = resolve_repositories(found, answers, subject)

    readmes = own_readmes(repos, answers)

    assert isinstance(repos[0].opened, Observed)
    assert [(c.role, c.document.repo, c.document.kind) for c in readmes] == [
        ("own-readme", "github.com/acme/falke", "code-repository")
    ]
