"""Code of every kind with ids planted in it, and readers that give back what was found and where."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hypothesis import strategies as st

from openness_audit.scan.code.reading import read_text

SHA = "0123456789abcdef0123456789abcdef01234567"
_LETTERS = "bcdfghjklmnpqrstvwxz"
OWNERS = st.text(_LETTERS, min_size=3, max_size=9).map(lambda w: f"{w}-lab")
NAMES = st.builds(lambda w, n: f"{w}-{n}b", st.text(_LETTERS, min_size=4, max_size=9), st.integers(1, 90))
IDS = st.builds(lambda owner, name: f"{owner}/{name}", OWNERS, NAMES)


@dataclass(frozen=True)
class Planted:
    """A piece of code with one id in it: `{id}` stands for it, on line `line` of the piece."""

    text: str
    line: int = 1
    kind: str = "model"


PYTHON = (
    Planted('AutoModel.from_pretrained("{id}")'),
    Planted("tok = AutoTokenizer.from_pretrained('{id}', use_fast=True)"),
    Planted("x = transformers.AutoModelForCausalLM.from_pretrained(\n    '{id}',\n    revision='main',\n)", 2),
    Planted('pipe = pipeline("text-generation", model="{id}")'),
    Planted('pipe = pipeline("text-generation", "{id}")'),
    Planted("pipe = pipeline(\n    task='ner',\n    model='{id}',\n)", 3),
    Planted('snapshot_download(repo_id="{id}")'),
    Planted('snapshot_download("{id}", repo_type="dataset")', kind="dataset"),
    Planted('hf_hub_download("{id}", "config.json")'),
    Planted('HfApi().snapshot_download("{id}")'),
    Planted('InferenceClient(model="{id}")'),
    Planted('load_dataset("{id}", split="train")', kind="dataset"),
    Planted('load_dataset(path="{id}")', kind="dataset"),
    Planted('SentenceTransformer("{id}")'),
    Planted('CrossEncoder("{id}")'),
    Planted('LLM(model="{id}", dtype="auto")'),
    Planted('PeftModel.from_pretrained(base, "{id}")'),
    Planted('PEFT = PeftModel.from_pretrained(base, model_id="{id}")'),
    Planted('DiffusionPipeline.from_pretrained("{id}").to("cuda")'),
    Planted('pipe.load_lora_weights("{id}")'),
    Planted('NAME_OF_IT = "{id}"\nAutoModel.from_pretrained(NAME_OF_IT)', 2),
    Planted('def load(which="{id}"):\n    return AutoModel.from_pretrained(which)', 2),
    Planted(
        'class Of:\n    of = "{id}"\n\n    def a(self):\n        AutoModel.from_pretrained(self.of)',
        5,
    ),
    Planted('MODEL_ID = "{id}"'),
    Planted('MODEL = os.environ.get("MODEL", "{id}")'),
    Planted('parser.add_argument("--model-name", default="{id}")'),
    Planted('@click.option("--model", default="{id}")\ndef run(model): ...'),
    Planted('def serve(*, model_name="{id}"): ...'),
    Planted('client.chat.completions.create(model="{id}", messages=[])'),
    Planted('lm_eval.simple_evaluate(model="hf", model_args="pretrained={id},dtype=float")'),
    Planted('AutoModel.from_pretrained(f"{id}")'),
    Planted('CONFIG = {{"model": "{id}"}}'),
    Planted('AutoModel.from_pretrained("{id}" if small else None)'),
    Planted('URL = "https://huggingface.co/{id}/resolve/main/model.bin"'),
    Planted('data = pd.read_csv("hf://datasets/{id}/train.csv")', kind="dataset"),
)
HEAD = (
    "import os, click, transformers\nfrom transformers import *\nfrom datasets import load_dataset\n"
    "from huggingface_hub import *\nfrom sentence_transformers import *\nfrom vllm import LLM\n"
    "from peft import PeftModel\nfrom diffusers import DiffusionPipeline\n"
)
SHELL = (
    Planted("vllm serve {id} --port 8000"),
    Planted("python -m vllm.entrypoints.openai.api_server \\\n  --model {id}", 2),
    Planted("text-generation-launcher --model-id={id}"),
    Planted("huggingface-cli download {id}"),
    Planted("hf download {id} --repo-type dataset", kind="dataset"),
    Planted("ollama run hf.co/{id}:Q4_K_M"),
    Planted("llama-server -hf {id}:Q8_0"),
    Planted("./llama-cli --hf-repo {id} -m x.gguf"),
    Planted('export MODEL_ID="{id}"'),
    Planted("python train.py --model_name_or_path {id} --epochs 3"),
    Planted("git clone https://huggingface.co/{id}"),
    Planted("python3 - <<'EOF' > log\nfrom transformers import X\nX.from_pretrained('{id}')\nEOF", 3),
    Planted("git clone -b v1 https://huggingface.co/{id}"),
    Planted("lm_eval --model hf --model_args pretrained={id},dtype=float --tasks mmlu"),
    Planted('vllm serve ./mine --speculative_config \'{{"model": "{id}", "method": "draft"}}\''),
    Planted("docker run ghcr.io/huggingface/text-generation-inference --model-id {id}"),
)
YAML = (
    Planted("model: {id}"),
    Planted('model_name: "{id}"'),
    Planted("base_model: {id}  # what it starts from"),
    Planted("env:\n  - name: MODEL_ID\n    value: {id}", 3),
    Planted("environment:\n  - MODEL_ID={id}", 2),
    Planted("command: --model {id}"),
    Planted("args:\n  - --model\n  - {id}", 3),
    Planted("run: |\n  set -e\n  hf download {id}", 3),
    Planted("datasets:\n  - path: {id}\n    type: chat", 2, "dataset"),
    Planted("model:\n  name: {id}", 2),
)
TOML = (
    Planted('model = "{id}"'),
    Planted("model_name_or_path = '{id}'"),
    Planted('models = [\n  "{id}",\n]', 2),
    Planted('dataset_name = "{id}"', kind="dataset"),
)
DOCKER = (
    Planted("ENV MODEL_ID={id}"),
    Planted("ENV HF_MODEL_ID {id}"),
    Planted("ARG MODEL={id}"),
    Planted("RUN apt-get update && \\\n    huggingface-cli download {id}", 2),
    Planted('CMD ["--model", "{id}"]'),
    Planted('ENTRYPOINT ["vllm", "serve", "{id}"]'),
    Planted("ARG WHICH={id}\nRUN python -c \"X.from_pretrained('${{WHICH}}')\"", 2),
    Planted("RUN python -c \"from transformers import AutoModel; AutoModel.from_pretrained('{id}')\""),
)
LOW = (
    Planted('# AutoModel.from_pretrained("{id}")'),
    Planted('"""Load it by AutoModel.from_pretrained("{id}")."""'),
    Planted("# see https://huggingface.co/{id}"),
)


def planted(pieces: tuple[Planted, ...], *, most: int = 8) -> st.SearchStrategy[list[tuple[Planted, str]]]:
    """Draw pieces, each with an id of its own."""
    return st.lists(st.tuples(st.sampled_from(pieces), IDS), min_size=1, max_size=most, unique_by=lambda p: p[1])


def written(
    chosen: list[tuple[Planted, str]], head: str = "", joint: str = "\n"
) -> tuple[str, set[tuple[str, int, str]]]:
    """Write pieces one below the other; gives the text, and the kind, line and id of what is planted."""
    text, where = head, set()
    for piece, name in chosen:
        line = text.count("\n") + piece.line
        where.add((piece.kind, line, name))
        text += piece.text.format(id=name) + "\n" + joint
    return text, where


def found(kind: str, text: str) -> set[tuple[str, int, str | None]]:
    """Read a text and give the kind, line and id of everything found in it."""
    return {(u.kind, u.line, u.id) for u in read_text("file", kind, text)[0]}


def notebook(cells: list[str], *, joined: bool = False, indent: int | None = 1) -> str:
    """Write a notebook with these cells of code."""
    sources = [cell if joined else cell.splitlines(keepends=True) for cell in cells]
    told: list[object] = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"cells": told, "metadata": {}, "nbformat": 4}, indent=indent)
