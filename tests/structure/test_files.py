"""Files sorted by kind, and weights told apart: full, quantized, adapter, delta, empty, short of a shard."""

from __future__ import annotations

import json

import pytest

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.files.kinds import collect_files, wanted_texts
from openness_audit.collect.files.names import kind_of, words
from openness_audit.model.capture import Failure, Listing, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Cause
from openness_audit.model.facts_files import FileFacts
from structure_kit import PLACE, card, listing, text


def collect(
    files: Listing | tuple[str, ...],
    *,
    repo: str = "org/model",
    tags: tuple[str, ...] = (),
    readme: Card | None = None,
    texts: dict[str, Text | Failure] | None = None,
    derivation: str = "base",
) -> FileFacts:
    listed = files if isinstance(files, Listing) else listing(*files)
    return collect_files(listed, texts or {}, PLACE, identity(repo, derivation=derivation), readme, tags)


def kinds(found: FileFacts) -> dict[str, tuple[str, ...]]:
    return {group.kind: group.paths for group in found.weights.groups}


@pytest.mark.parametrize(
    "path",
    [
        "model.safetensors",
        "pytorch_model.bin",
        "consolidated.00.pth",
        "model.ckpt",
        "tf_model.h5",
        "flax_model.msgpack",
        "onnx/model.onnx",
        "model.tflite",
        "rust_model.ot",
        "saved_model/saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "unet/diffusion_pytorch_model.safetensors",
        "exp/train/valid.acc.ave_10best.pth",
        "stt_en.nemo",
        "model.pdparams",
        "sklearn_model.joblib",
        "model.skops",
        "cc.en.300.bin",
        "ner/model",
        "ggml-model-f16.bin",
        "model-BF16.gguf",
        "weights.npz",
        "model.keras",
    ],
)
def test_full_weights_of_every_framework(path: str) -> None:
    assert kinds(collect((path,))) == {"weights-full": (path,)}


@pytest.mark.parametrize(
    "path",
    [
        "optimizer.pt",
        "scheduler.pt",
        "training_args.bin",
        "rng_state_0.pth",
        "policy.optimizer.pth",
        "global_step100/zero_pp_rank_0_mp_rank_00_optim_states.pt",
        "opt_state.msgpack",
    ],
)
def test_training_state_is_no_weights(path: str) -> None:
    found = collect((path,))

    assert kinds(found) == {}
    assert [group.kind for group in found.groups] == ["training-state"]


@pytest.mark.parametrize(
    "path", ["tokenizer.model", "spiece.model", "5gram.bin", "imatrix.dat", "mmproj-f16.gguf", "data/dataset.zip"]
)
def test_other_binaries_are_no_weights(path: str) -> None:
    assert kinds(collect((path,))) == {}


@pytest.mark.parametrize(
    "path",
    [
        "m.Q4_K_M.gguf",
        "m.gguf",
        "ggml-model-q4_0.bin",
        "m-gptq-4bit-128g.safetensors",
        "onnx/model_int8.onnx",
        "m-imatrix.Q8_0.gguf",
    ],
)
def test_quantized_by_the_name_of_the_file(path: str) -> None:
    found = collect((path,))

    assert kinds(found) == {"weights-quantized": (path,)}
    assert (found.weights.precision, found.weights.precision_why) == ("quantized", "the names of the files")


WHOLE = ("config.json", "model.safetensors")


@pytest.mark.parametrize(
    "name",
    [
        "Big-7B-GPTQ",
        "Big-7B-AWQ",
        "Big-7B-4.0bpw-exl2",
        "Big-7B-4bit",
        "Big-7B-4-bits",
        "Big-7B-int8",
        "Big-7B-FP8",
        "Big-7B-quantized.w8a8",
        "Big-7B-bnb-4bit",
    ],
)
def test_quantized_by_the_name_of_the_repository(name: str) -> None:
    assert set(kinds(collect(WHOLE, repo=f"org/{name}"))) == {"weights-quantized"}


@pytest.mark.parametrize("name", ["Big-2b-it", "Big-7B-GGUF", "Big-7B-fp16", "Big-8b-ite"])
def test_a_name_that_only_looks_like_it_is_full(name: str) -> None:
    assert set(kinds(collect(WHOLE, repo=f"org/{name}"))) == {"weights-full"}


def test_quantized_by_the_configuration() -> None:
    config = text("config.json", json.dumps({"quantization_config": {"quant_method": "gptq", "bits": 4}}))

    found = collect(WHOLE, texts={"config.json": config})

    assert found.weights.precision_why == "config.json sets gptq"
    assert [p.path for p in found.weights.precision_places] == ["config.json"]


def test_a_native_precision_of_training_is_full_unless_the_name_says_otherwise() -> None:
    config = {"config.json": text("config.json", json.dumps({"quantization_config": {"quant_method": "fp8"}}))}

    assert set(kinds(collect(WHOLE, texts={**config}))) == {"weights-full"}
    assert set(kinds(collect(WHOLE, texts={**config}, repo="org/Big-FP8"))) == {"weights-quantized"}


@pytest.mark.parametrize(
    ("tags", "readme", "extra"),
    [
        pytest.param(("gptq",), None, (), id="a tag"),
        pytest.param(("base_model:quantized:org/big",), None, (), id="the Hub's relation"),
        pytest.param((), "---\nbase_model_relation: quantized\n---\n", (), id="the card's relation"),
        pytest.param((), "---\nmodel_creator: a\nquantized_by: b\n---\n", (), id="the one who did it"),
        pytest.param((), "# Big 7B - AWQ\n", (), id="the card's title"),
        pytest.param((), None, ("quantize_config.json",), id="a file beside it"),
    ],
)
def test_quantized_by_tag_card_or_file(tags: tuple[str, ...], readme: str | None, extra: tuple[str, ...]) -> None:
    found = collect((*WHOLE, *extra), tags=tags, readme=card(readme) if readme else None)

    assert set(kinds(found)) == {"weights-quantized"}
    assert found.weights.precision_places


def test_a_maker_who_quantizes_elsewhere_leaves_the_weights_full() -> None:
    readme = card("---\nmodel_creator: a\nquantized_by: a\n---\nQuantized versions are elsewhere.\n")

    assert set(kinds(collect(WHOLE, readme=readme))) == {"weights-full"}


def test_full_beside_quantized_is_full() -> None:
    found = collect((*WHOLE, "m.Q4_K_M.gguf"))

    assert kinds(found) == {"weights-full": ("model.safetensors",), "weights-quantized": ("m.Q4_K_M.gguf",)}
    assert found.weights.precision == "full"


@pytest.mark.parametrize(
    ("paths", "tags"),
    [
        (("adapter_config.json", "adapter_model.safetensors"), ()),
        (("pytorch_lora_weights.safetensors",), ()),
        (("my-style.safetensors",), ("lora",)),
        (("learned_embeds.bin",), ()),
        (("pytorch_adapter.bin", "pytorch_model_head.bin"), ()),
    ],
)
def test_adapter_only(paths: tuple[str, ...], tags: tuple[str, ...]) -> None:
    assert set(kinds(collect(paths, tags=tags))) == {"weights-adapter"}


def test_a_merged_model_keeps_the_tag_of_its_adapter_and_is_full() -> None:
    assert set(kinds(collect(WHOLE, tags=("lora", "peft")))) == {"weights-full"}


def test_delta_needs_the_name_and_the_card() -> None:
    said = card("These are delta weights: apply them to the base.\n")

    assert set(kinds(collect(WHOLE, repo="org/big-delta-v1", readme=said))) == {"weights-delta"}
    assert set(kinds(collect(WHOLE, repo="org/delta-4b", readme=card("# delta-4b\n\nA merge.\n")))) == {"weights-full"}


@pytest.mark.parametrize(
    ("size", "kind"), [(0, "weights-empty"), (134, "weights-empty"), (None, "weights-full"), (10**9, "weights-full")]
)
def test_an_empty_file_or_a_pointer_is_no_weights(size: int | None, kind: str) -> None:
    sizes = {} if size is None else {"model.safetensors": size}

    assert set(kinds(collect(listing("model.safetensors", sizes=sizes)))) == {kind}


@pytest.mark.parametrize(
    ("path", "tags", "kind"),
    [
        ("ppo-Lander.zip", ("reinforcement-learning",), "weights-full"),
        ("model.zip", (), "weights-full"),
        ("release.zip", (), "weights-unknown"),
        ("thing.pkl", (), "weights-unknown"),
        ("thing.pkl", ("sklearn",), "weights-full"),
    ],
)
def test_an_archive_is_the_model_where_tag_or_name_say_so(path: str, tags: tuple[str, ...], kind: str) -> None:
    assert set(kinds(collect((path,), tags=tags))) == {kind}


SHARDS = ("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors")
INDEX = "model.safetensors.index.json"


@pytest.mark.parametrize(
    ("paths", "index", "missing"),
    [
        pytest.param(SHARDS, None, (), id="all there by name"),
        pytest.param(SHARDS[:2], None, (SHARDS[2],), id="one missing by name"),
        pytest.param((*SHARDS, INDEX), SHARDS, (), id="all there by the index"),
        pytest.param((*SHARDS[1:], INDEX), SHARDS, (SHARDS[0],), id="one missing by the index"),
        pytest.param((*SHARDS[1:], INDEX), (), (SHARDS[0],), id="an index that says nothing"),
        pytest.param((SHARDS[0], "pytorch_model.bin"), None, (), id="another format is complete"),
        pytest.param(("a-00000-of-00002.bin", "a-00001-of-00002.bin"), None, (), id="counted from zero"),
        pytest.param(("model-00001-of-99999.safetensors",), None, (), id="a count nobody believes"),
    ],
)
def test_missing_shards(paths: tuple[str, ...], index: tuple[str, ...] | None, missing: tuple[str, ...]) -> None:
    content = json.dumps({"weight_map": {f"layer.{n}": name for n, name in enumerate(index)}} if index else {})
    texts: dict[str, Text | Failure] = {INDEX: text(INDEX, content)} if index is not None else {}

    assert collect(paths, texts=texts).weights.missing == missing


def test_a_shard_of_a_component_is_missed_too() -> None:
    found = collect(("vae/diffusion_pytorch_model.bin", "unet/diffusion_pytorch_model-00001-of-00002.bin"))

    assert found.weights.missing == ("unet/diffusion_pytorch_model-00002-of-00002.bin",)


def checkpoints(*paths: str) -> tuple[str, ...]:
    return next((g.paths for g in collect(paths).groups if g.kind == "checkpoint-folder"), ())


def test_folders_of_a_trainer_are_checkpoints_and_not_the_weights() -> None:
    found = collect(
        (
            "pytorch_model.bin",
            "checkpoint-500/pytorch_model.bin",
            "checkpoint-500/optimizer.pt",
            "checkpoint-1000/pytorch_model.bin",
        )
    )

    assert kinds(found) == {"weights-full": ("pytorch_model.bin",)}
    assert [g.paths for g in found.groups if g.kind == "checkpoint-folder"] == [("checkpoint-1000", "checkpoint-500")]


def test_the_last_checkpoint_is_the_model_where_there_is_nothing_else() -> None:
    found = collect(("checkpoint-500/model.safetensors", "checkpoint-1000/model.safetensors"))

    assert kinds(found) == {"weights-full": ("checkpoint-1000/model.safetensors",)}
    assert [g.paths for g in found.groups if g.kind == "checkpoint-folder"] == [("checkpoint-500",)]


def test_files_by_step_or_epoch_are_checkpoints() -> None:
    assert checkpoints("x-000002.safetensors", "x-000004.safetensors", "x.safetensors") == (
        "x-000002.safetensors",
        "x-000004.safetensors",
    )
    assert checkpoints("a_500_steps.ckpt", "a_1000_steps.ckpt", "a_1500_steps.ckpt") == (
        "a_1000_steps.ckpt",
        "a_500_steps.ckpt",
    )


def test_one_first_format_beside_the_weights_is_no_checkpoint() -> None:
    assert checkpoints("pytorch_model.bin", "model.ckpt-900000.data-00000-of-00001") == ()
    assert checkpoints("pytorch_model.bin", "global_step400000/mp_rank_00_model_states.pt") == ()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("LICENSE", "license"),
        ("LICENSE.txt", "license"),
        ("LICENSE-MODEL", "license"),
        ("COPYING", "license"),
        ("Big License Agreement.txt", "license"),
        ("USE_POLICY.md", "use-policy"),
        ("NOTICE.txt", "notice"),
        ("trainer_state.json", "training-history"),
        ("train_loss.png", "training-history"),
        ("runs/Jan01/events.out.tfevents.1.host.2.0", "tensorboard"),
        ("eval_results.json", "evaluation-results"),
        (".eval_results/gsm8k.yaml", "evaluation-results"),
        ("train_results.json", "other"),
        ("eval.py", "evaluation-code"),
        ("finetune.py", "finetuning-code"),
        ("run_speech_recognition_ctc.py", "finetuning-code"),
        ("pretrain.sh", "training-code"),
        ("modeling_big.py", "architecture-code"),
        ("handler.py", "inference-code"),
        ("mergekit_config.yml", "merge-config"),
        ("train_tokenizer.py", "other"),
        (".ipynb_checkpoints/train-checkpoint.py", "other"),
        ("config.json", "config"),
        ("README.md", "other"),
    ],
)
def test_files_of_other_kinds(path: str, kind: str) -> None:
    assert [g.kind for g in collect((path,)).groups] == [kind]


@pytest.mark.parametrize(("derivation", "kind"), [("base", "training-code"), ("finetune", "finetuning-code")])
def test_a_training_script_belongs_to_the_stage_of_the_model(derivation: str, kind: str) -> None:
    assert [g.kind for g in collect(("train.py",), derivation=derivation).groups] == [kind]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"eval_accuracy": 0.9, "train_loss": 1}', "evaluation-results"),
        ('{"eval_loss": 0.9, "train_loss": 1}', "other"),
        ("{}", "other"),
        ("not json", "other"),
        ("[" * 5000, "other"),
    ],
)
def test_all_results_are_evaluation_results_when_they_name_some(content: str, kind: str) -> None:
    found = collect(("all_results.json",), texts={"all_results.json": text("all_results.json", content)})

    assert [g.kind for g in found.groups] == [kind]


def test_the_architecture_is_read_from_the_configuration_with_its_line() -> None:
    config = text("config.json", '{\n  "architectures": ["BigForCausalLM"],\n  "model_type": "big"\n}')

    found = collect(("config.json",), texts={"config.json": config})

    assert found.model_type == "big"
    assert found.model_type_place is not None
    assert (found.model_type_place.path, found.model_type_place.line) == ("config.json", 3)


def test_a_configuration_that_was_not_read_says_nothing() -> None:
    cause = Cause(code="rate-limited", source="config.json", retryable=True, detail="")

    assert collect(("config.json",), texts={"config.json": Failure(cause)}).model_type is None


def test_every_file_kept_is_cited_by_its_page_and_at_most_twenty() -> None:
    group = collect(tuple(f"runs/events.out.tfevents.{n}" for n in range(30))).groups[0]

    assert (len(group.paths), len(group.places)) == (30, 20)
    assert group.places[0].url == "https://huggingface.co/org/model/blob/main/runs/events.out.tfevents.0"
    assert {(p.kind, p.text_kind) for p in group.places} == {("listing", "name")}


def test_the_texts_wanted_are_small_few_and_at_the_top() -> None:
    listed = listing(
        "model.safetensors",
        "sub/LICENSE",
        "LICENSE",
        "config.json",
        "readme.md",
        INDEX,
        "USE_POLICY.md",
        "LICENSE-big.md",
        sizes={"LICENSE-big.md": 5_000_000, "LICENSE": 1000},
    )

    assert wanted_texts(listed) == ("readme.md", "LICENSE", "USE_POLICY.md", "config.json", INDEX)
    assert len(wanted_texts(listing(*(f"LICENSE-{n}" for n in range(50))))) == 12


def test_every_kind_of_the_vocabulary_is_a_kind_of_file_group() -> None:
    from typing import get_args  # noqa: PLC0415 - only here

    from openness_audit.model.facts_files import FileGroup  # noqa: PLC0415 - only here

    allowed = (
        set(get_args(FileGroup.__annotations__["kind"]))
        if not isinstance(FileGroup.__annotations__["kind"], str)
        else set()
    )
    source = FileGroup.__annotations__["kind"] if isinstance(FileGroup.__annotations__["kind"], str) else ""

    assert {
        k.kind for k in words().kinds if k.kind not in allowed and f"'{k.kind}'" not in source.replace('"', "'")
    } == {"train-script", "weights"}


def test_a_name_is_matched_whatever_its_case() -> None:
    assert kind_of("License.TXT") == ("license", "")
