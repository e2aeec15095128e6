"""Write the example reports from the evidence bundled with the program; no network is asked.

    python tests/real_world/make_examples.py [--check]

Every model of `MODELS` becomes a JSON, an HTML and a text file in `reports/examples/`. Date and clock are fixed: a file
changes only when the evidence, the rules or the words change. With --check nothing is written, and the exit code is 1
where a file would change.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from openness_audit.model.audit import Audit
from openness_audit.pipeline import audit_model
from openness_audit.render import ending_of, renderer
from openness_audit.ruleset import RuleSet, load_rules
from openness_audit.settings import Settings, Target

EXAMPLES = Path(__file__).resolve().parents[2] / "reports" / "examples"
MODELS = (  # DESIGN section 6
    "allenai/OLMo-7B",
    "meta-llama/Llama-2-7b-hf",
    "meta-llama/Llama-2-7b-chat-hf",
    "elyza/ELYZA-japanese-Llama-2-7b",
    "TencentARC/LLaMA-Pro-8B",
    "mistralai/Mistral-7B-v0.1",
    "BioMistral/BioMistral-7B",
    "nvidia/OpenMath-Mistral-7B-v0.1",
    "nvidia/OpenMath-Mistral-7B-v0.1-hf",
    "tiiuae/falcon-7b",
    "tiiuae/falcon-40b",
    "OpenAssistant/falcon-7b-sft-top1-696",
    "nomic-ai/gpt4all-falcon",
    "EleutherAI/pythia-12b",
    "bigscience/bloom",
    "microsoft/phi-2",
    "mistralai/Mixtral-8x7B-v0.1",
)
FORMATS = ("json", "html", "text")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def example(model: str, rules: RuleSet, nowhere: Path) -> Audit:
    """Audit one model as of a fixed day; `nowhere` is an empty folder in place of the user's cache."""
    settings = Settings(cache_dir=nowhere, offline=True)
    as_of = date(NOW.year, NOW.month, NOW.day)
    audit = audit_model(Target(kind="hub", id=model), settings, rules=rules, now=NOW, as_of=as_of)
    return msgspec.structs.replace(audit, run=msgspec.structs.replace(audit.run, duration_s=0.0))


def examples_of(model: str, rules: RuleSet, nowhere: Path) -> dict[str, str]:
    """Give the files of one model by name."""
    audit = example(model, rules, nowhere)
    return {f"{model.replace('/', '--')}{ending_of(name)}": renderer(name)(audit) for name in FORMATS}


def main() -> int:
    """Write what changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args().check
    rules = load_rules()
    with tempfile.TemporaryDirectory() as nowhere:
        made = {name: text for model in MODELS for name, text in examples_of(model, rules, Path(nowhere)).items()}
    old = {path.name: path.read_bytes() for path in EXAMPLES.glob("*--*")}
    changed = sorted(n for n in {*old, *made} if n not in made or old.get(n) != made[n].encode("utf-8"))
    for name in changed:
        print(name)
        if check:
            continue
        EXAMPLES.mkdir(exist_ok=True)
        (EXAMPLES / name).write_bytes(made[name].encode("utf-8")) if name in made else (EXAMPLES / name).unlink()
    size = sum(len(text.encode("utf-8")) for text in made.values())
    print(f"{len(made)} examples, {size / 1e6:.2f} MB, {len(changed)} changed")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
