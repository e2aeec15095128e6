"""The Hub of the worked example: three invented candidates on loopback. `--later` shows one of them a month on.

python tests/example_hub.py            # prints what to export, and serves until it is interrupted
python tests/example_hub.py --later
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from standin import StandIn, sha1

MIT_CODE = {
    "files": {
        "README.md": "# lantern\n\nPre-training, fine-tuning and evaluation code of the Lantern models.\n",
        "LICENSE": "",
        "train/pretrain.py": "import torch\n\n\ndef main():\n    ...\n",
        "train/finetune.py": "import torch\n\n\ndef main():\n    ...\n",
        "train/config.yaml": "layers: 32\n",
        "eval/evaluate.py": "import lm_eval\n\n\ndef main():\n    ...\n",
    },
    "license": "apache-2.0",
}
LANTERN = """---
license: apache-2.0
language: [en]
library_name: transformers
pipeline_tag: text-generation
datasets:
- lantern-lab/lantern-pages
- lantern-lab/lantern-talk
---
# Lantern 7B

Lantern 7B is a language model of 32 layers. Its training code, fine-tuning code and evaluation code are at
[github.com/lantern-lab/lantern](https://github.com/lantern-lab/lantern).

## Training data

Lantern 7B was pre-trained on all of [lantern-lab/lantern-pages](https://huggingface.co/datasets/lantern-lab/lantern-pages)
and fine-tuned on [lantern-lab/lantern-talk](https://huggingface.co/datasets/lantern-lab/lantern-talk).

## Evaluation

| Task | Lantern 7B |
|---|---|
| MMLU | 52.1 |
| ARC-c | 47.3 |

## Intended use

Writing help and questions about gardens, in English. It is not fit for medical or legal advice.
"""
HARBOR = """---
license: llama2
base_model: meta-llama/Llama-2-7b-hf
library_name: transformers
pipeline_tag: text-generation
---
# Harbor 7B Chat

Harbor 7B Chat is Llama 2 7B, fine-tuned on conversations of our own helpdesk. The conversations are not released.

## Evaluation

| Task | Harbor 7B Chat |
|---|---|
| MT-Bench | 6.4 |
"""
QUARRY = """---
license: {license}
library_name: transformers
pipeline_tag: text-generation
---
# Quarry 7B

Quarry 7B is a language model that was trained from scratch by the Quarry team.

## Training data

The data come from the public web, filtered by quality. We do not list the sources.

## Evaluation

| Task | Quarry 7B |
|---|---|
| MMLU | 58.9 |
"""
WEIGHTS = {"config.json": '{"model_type": "llama"}', "model.safetensors": 14_000_000_000}
DATA_CARD = "# Pages\n\n" + "Ten million pages on gardens, gathered with their owners' consent over nine years. " * 6


def hub(*, later: bool = False) -> StandIn:
    """The three candidates and what they are made from; `later`, Quarry has other terms and other weights."""
    quarry = {**WEIGHTS, "model.safetensors": 14_100_000_000} if later else WEIGHTS
    licence = "cc-by-nc-4.0" if later else "apache-2.0"
    models: dict[str, Any] = {
        "lantern-lab/lantern-7b": {"files": {"README.md": LANTERN, **WEIGHTS}},
        "harbor-ai/harbor-7b-chat": {"files": {"README.md": HARBOR, **WEIGHTS}},
        "quarry/quarry-7b": {
            "files": {"README.md": QUARRY.format(license=licence), **quarry},
            "sha": sha1(f"quarry under {licence}"),
        },
        "meta-llama/Llama-2-7b-hf": {
            "files": {"README.md": "---\nlicense: llama2\n---\n# Llama 2 7B\n\nPre-trained by Meta.\n", **WEIGHTS},
            "gated": "manual",
        },
    }
    datasets = {
        name: {"files": {"README.md": f"---\nlicense: cc-by-4.0\n---\n{DATA_CARD}", "data/train.parquet": 9_000_000}}
        for name in ("lantern-lab/lantern-pages", "lantern-lab/lantern-talk")
    }
    return StandIn(models=models, datasets=datasets, github={"lantern-lab/lantern": MIT_CODE})


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--later", action="store_true", help="Quarry 7B a month on: other terms, other weights")
    with hub(later=parser.parse_args().later) as server:
        print("export " + " ".join(f"{name}={value}" for name, value in server.environ.items() if value), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
