"""Insert paragraphs that other models' cards wrote about themselves into real cards, and count what they raise.

    PYTHONPATH=tests python tests/real_world/insertions.py SHARED [--cards N] [--each N] [--seed S] [--show N] [--write]

Paragraphs, lists, tables, code blocks and citations are drawn from the recorded cards, those with evidence first, and
put at random places of other models' cards. Three kinds are counted apart: those that name their own model, those that
name or link another's model, run or code, and those that name nobody (docs/attribution.md says what can be asked of
each). `--write` puts the table into docs/reliability.md. Exit code 1 when more than `BOUND` of the named ones open
anything.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Final, Literal, TypeAlias

from captures import Audited, World, audited
from changes import with_card
from laws import reaches
from mutations import PAGE, _hub
from run import sampled

from fuzz.mutate import inserted, paragraphs
from openness_audit.collect.assemble import readme_of
from openness_audit.collect.attribution.identity import aliases_of, family_of
from openness_audit.model.capture import Text
from openness_audit.ruleset import RuleSet, load_rules

Kind: TypeAlias = Literal["its own name", "another's name or link", "nobody"]
BEGIN, END = "<!-- insertions:begin -->", "<!-- insertions:end -->"
KINDS: Final[tuple[Kind, ...]] = ("its own name", "another's name or link", "nobody")
BOUND: Final = 0.05
OPEN: Final = 2
EVIDENCE: Final = re.compile(
    r"(?P<code>github\.com/)|(?P<harness>harness|lm.eval|leaderboard|mteb)|(?P<data>/datasets/|trained on|dataset)|"
    r"(?P<run>wandb\.|tensorboard)|(?P<table>^\s*\|.*\d\.\d)|(?P<checkpoint>checkpoint|revision)|"
    r"(?P<paper>arxiv\.org|@article|@misc)|(?P<training>torchrun|accelerate launch|learning_rate|axolotl)|"
    r"(?P<compute>A100|V100|TPU|CO2)|(?P<terms>licen[sc]e)|(?P<snippet>from_pretrained)|(?P<base>based on|fine-?tuned)|"
    r"(?P<limits>limitation|intended use|parameters)",
    re.IGNORECASE | re.MULTILINE,
)
LINKED: Final = re.compile(
    r"(?:github\.com|wandb\.ai|huggingface\.co)/(?!datasets/|spaces/|docs/|blog/|papers/)[\w.-]+/[\w.-]+"
)
HEADING: Final = re.compile(r"^(?:#{1,6}\s|---|===)", re.MULTILINE)
Donor: TypeAlias = tuple[str, str]  # a model and a paragraph of its card


def _spelled(name: str) -> str:
    return re.sub(r"[-_\s]+", " ", name.lower())


def _says(text: str, names: set[str], least: int) -> bool:
    low = _spelled(text)
    found = (re.escape(_spelled(n)) for n in names if len(n) >= least)
    return any(re.search(rf"(?<![a-z0-9]){n}(?![a-z])", low) for n in found)


def donors(shared: Path) -> dict[str, list[Donor]]:
    """Give the paragraphs of the recorded cards by the evidence they hold."""
    found: dict[str, list[Donor]] = defaultdict(list)
    with gzip.open(shared / "world" / "data" / "models.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            text = row.get("files", {}).get("README.md")
            if row.get("stand-in") or not isinstance(text, str):
                continue
            lines = text.split("\n")
            for start, end in paragraphs(lines):
                part = "\n".join(lines[start:end])
                if 25 <= len(part) <= 6_000 and not HEADING.search(part):
                    for kind in {m.lastgroup or "" for m in EVIDENCE.finditer(part)}:
                        found[kind].append((row["id"], part))
    return dict(found)


def kind_of(donor: Donor) -> Kind:
    """Say whom a paragraph names: the model it was written about, another one or another's things, or nobody."""
    model, text = donor
    name = model.rpartition("/")[2]
    if model.lower() in text.lower() or _says(text, set(aliases_of(name)), 4):
        return "its own name"
    return "another's name or link" if LINKED.search(text) or _says(text, set(family_of(name)), 5) else "nobody"


def related(model: str, base: Audited, donor: Donor) -> bool:
    """Say whether a paragraph may be about the subject: by its publisher, its family, or its base models."""
    parents = [p.id or p.name for p in base.facts.lineage.parents]
    own = {n for m in (model, *parents) for n in family_of(m.rpartition("/")[2])} | {model.partition("/")[0].lower()}
    same = donor[0].partition("/")[0].lower() == model.partition("/")[0].lower()
    return same or _says(donor[1], own, 3) or bool(own & family_of(donor[0].rpartition("/")[2]))


def changes(before: Audited, after: Audited) -> tuple[set[str], set[str]]:
    """Name what was raised, and what of it became open; a licence, a base model or own data that is new counts too."""
    old, new = reaches(before.audit), reaches(after.audit)
    raised = {n for n in old if (new[n] or (0, 0))[0] > (old[n] or (0, 0))[0]}
    opened = {n for n in raised if (new[n] or (0, 0))[0] == OPEN and not n.startswith("criterion")}
    one, two = before.facts, after.facts
    extra = {
        "(licence)": one.licenses.own.expression != two.licenses.own.expression,
        "(base models)": bool({p.name for p in two.lineage.parents} - {p.name for p in one.lineage.parents}),
    }
    return {n for n in raised if not n.startswith("criterion")} | {n for n, new_one in extra.items() if new_one}, opened


def table(
    tried: Counter[Kind],
    raised: Counter[tuple[Kind, str]],
    opened: Counter[tuple[Kind, str]],
    any_: Counter[tuple[Kind, str]],
    models: int,
) -> str:
    """Word the tables for the page."""
    out = [f"{sum(tried.values())} paragraphs of other models' cards in {models} cards.", ""]
    out += ["| the paragraph names | inserted | raised anything | opened anything |", "|---|---|---|---|"]
    for kind in KINDS:
        total = max(1, tried[kind])
        share = [f"{any_[kind, what]} ({100 * any_[kind, what] / total:.1f} %)" for what in ("raised", "opened")]
        out.append(f"| {kind} | {tried[kind]} | {share[0]} | {share[1]} |")
    out += ["", "Raised / opened, by component:", "", f"| component | {' | '.join(KINDS)} |", "|---|---|---|---|"]
    for name in sorted({n for _, n in raised}):
        cells = [f"{raised[kind, name]} / {opened[kind, name]}" if raised[kind, name] else "" for kind in KINDS]
        out.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(out) + "\n"


def write(text: str) -> None:
    """Put the table between its markers of the page, at its end where there are none yet."""
    page = PAGE.read_text("utf-8") if PAGE.exists() else "# Reliability\n"
    if BEGIN not in page:
        command = "`python tests/real_world/insertions.py SHARED --write`"
        page = f"{page.rstrip()}\n\n## Paragraphs of other models\n\n{command}\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    draft = PAGE.with_suffix(".md.new")
    draft.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", "utf-8")
    draft.replace(PAGE)


class Count:
    """What was inserted so far, and what it did."""

    def __init__(self, pool: dict[str, list[Donor]], rules: RuleSet, world: World) -> None:
        self.pool, self.rules, self.world = pool, rules, world
        self.tried: Counter[Kind] = Counter()
        self.raised: Counter[tuple[Kind, str]] = Counter()
        self.opened: Counter[tuple[Kind, str]] = Counter()
        self.any: Counter[tuple[Kind, str]] = Counter()
        self.shown: list[str] = []

    def model(self, model: str, each: int, seed: int) -> bool:
        """Insert into one card; False where the model has none."""
        capture = self.world.model(model)
        text = None if capture is None else readme_of(capture.texts)
        if capture is None or not isinstance(text, Text):
            return False
        base, rng = audited(capture, self.world, self.rules), Random(f"{seed}:{model}")  # noqa: S311 - a sample
        for _ in range(each):
            drawn = (rng.choice(self.pool[rng.choice(sorted(self.pool))]) for _ in range(20))
            donor = next((d for d in drawn if not related(model, base, d)), None)
            mutant = None if donor is None else inserted(text.text, donor[1], rng)
            if donor is None or mutant is None:
                continue
            kind = kind_of(donor)
            raised, opened = changes(base, audited(with_card(capture, mutant), self.world, self.rules))
            self.tried[kind] += 1
            self.any[kind, "raised"] += bool(raised)
            self.any[kind, "opened"] += bool(opened)
            self.raised.update((kind, name) for name in raised)
            self.opened.update((kind, name) for name in opened)
            if opened:
                told = donor[1][:300].replace("\n", "\n    ")
                self.shown.append(f"{kind}: {model} <- {donor[0]}: {', '.join(sorted(opened))}\n    {told}")
        return True


def main() -> int:
    """Insert, count, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with _hub(options.shared) as (endpoint, github):
        count = Count(donors(options.shared), load_rules(), World(endpoint, github))
        chosen = sampled(options.shared, options.cards, options.seed)
        models = sum(count.model(model, options.each, options.seed) for model in chosen)
    text = table(count.tried, count.raised, count.opened, count.any, models)
    print("\n".join(count.shown[: options.show]))
    print(text)
    if options.write:
        write(text)
    named = max(1, count.tried["its own name"])
    return 1 if count.any["its own name", "opened"] / named > BOUND else 0


if __name__ == "__main__":
    raise SystemExit(main())
