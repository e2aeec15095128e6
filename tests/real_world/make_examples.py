"""Write the example reports from the evidence bundled with the program; no network is asked.

    python tests/real_world/make_examples.py [--check]

Every model of `MODELS` becomes a JSON, an HTML and a text file in `reports/examples/`, and a row of the table in its
README. Date and clock are fixed: a file changes only when the evidence, the rules or the words change. With --check
nothing is written, and the exit code is 1 where a file would change.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
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
README = "README.md"
START, END = "<!-- made by make_examples.py -->", "<!-- end -->"
FORMATS = ("json", "html", "text")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def example(model: str, rules: RuleSet, nowhere: Path) -> Audit:
    """Audit one model as of a fixed day; `nowhere` is an empty folder in place of the user's cache."""
    settings = Settings(cache_dir=nowhere, offline=True)
    as_of = date(NOW.year, NOW.month, NOW.day)
    audit = audit_model(Target(kind="hub", id=model), settings, rules=rules, now=NOW, as_of=as_of)
    return msgspec.structs.replace(audit, run=msgspec.structs.replace(audit.run, duration_s=0.0))


def slug(model: str) -> str:
    """Name the files of a model."""
    return model.replace("/", "--")


def examples_of(audit: Audit) -> dict[str, str]:
    """Give the files of one model by name."""
    return {f"{slug(audit.subject.id)}{ending_of(name)}": renderer(name)(audit) for name in FORMATS}


def readme(old: str, audits: Iterable[Audit]) -> str:
    """Give the README with its table made anew; the prose is a person's."""
    before, mark, rest = old.partition(START)
    after = rest[rest.index(END) :]
    rows = ["| model | verdict | score | recorded |", "|---|---|---|---|"]
    for audit in audits:
        dates = audit.run.bundled[0].recorded
        when = " to ".join(dict.fromkeys((dates[0], dates[-1])))
        name = f"[{audit.subject.id}]({slug(audit.subject.id)}.html)"
        score = f"{audit.score.low} to {audit.score.high}"
        rows.append(f"| {name} | {audit.verdict.sentence} | {score} | {when} |")
    return "\n".join((before + mark, "", *rows, "", after))


def all_files(rules: RuleSet, nowhere: Path) -> dict[str, str]:
    """Give every file of the folder by name."""
    audits = [example(model, rules, nowhere) for model in MODELS]
    made = {name: text for audit in audits for name, text in examples_of(audit).items()}
    return {**made, README: readme((EXAMPLES / README).read_text("utf-8"), audits)}


def main() -> int:
    """Write what changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args().check
    with tempfile.TemporaryDirectory() as nowhere:
        made = all_files(load_rules(), Path(nowhere))
    old = {path.name: path.read_bytes() for path in EXAMPLES.iterdir()}
    changed = sorted(n for n in {*old, *made} if n not in made or old.get(n) != made[n].encode("utf-8"))
    for name in changed:
        print(name)
        if not check:
            (EXAMPLES / name).write_bytes(made[name].encode("utf-8")) if name in made else (EXAMPLES / name).unlink()
    size = sum(len(text.encode("utf-8")) for text in made.values())
    print(f"{len(made)} files, {size / 1e6:.2f} MB, {len(changed)} changed")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
