"""Change the evidence of real models in every way, and check that no law of evidence breaks.

    PYTHONPATH=tests python tests/real_world/mutations.py SHARED [--cards N] [--kinds A,B] [--each N] [--write]

Each model is read once from the stand-in Hub and kept outside the project, so that later runs need no network. Then its
card, listing, branches and the answers about what it links are changed (`fuzz/mutate.py`, and the kinds below), and the
audit is made again: nothing may crash, run over its cap of time or memory, or give a state without evidence or search;
taking evidence away may raise nothing, and a failure may only widen what is not known (`laws.py`). `--write` puts the
table into docs/reliability.md. Exit code 1 when a law was broken.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from captures import Audited, World, audited
from changes import FAILED, TAKEN, with_card
from laws import EVERY, Limits, escaped, limits, reaches, risen, unproven, widened
from pages import write_between
from run import labelled, sampled, stand_in

from fuzz.mutate import REMOVALS, SCRAMBLES, Mutant, keys_of
from openness_audit.collect.assemble import readme_of
from openness_audit.model.capture import ModelCapture, Text
from openness_audit.ruleset import load_rules

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- mutations:begin -->", "<!-- mutations:end -->"
HEADED: Final = frozenset({"model-card", "data-card", "architecture"})
SECONDS: Final = 20.0  # of one audit without a network; the slowest known takes a tenth
MEGABYTES: Final = 1500


ORIGINS: Final = ("base-model-key", "base-model-lines")  # limits, taken all the same: what a model is changes with them
KINDS: Final = (*REMOVALS, *TAKEN, *FAILED, *SCRAMBLES, *ORIGINS)


@dataclass(slots=True)
class Tally:
    """What one kind of change did."""

    mutants: int = 0
    judged: int = 0  # those without a limit in what was taken
    crash: list[str] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    law: list[str] = field(default_factory=list)
    cap: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, other: Tally) -> None:
        """Add another's counts."""
        for name in ("mutants", "judged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("crash", "proof", "law", "cap"):
            getattr(self, name).extend(getattr(other, name))
        self.slowest = max(self.slowest, other.slowest)

    @property
    def broken(self) -> list[str]:
        """Everything that must not be."""
        return [*self.crash, *self.proof, *self.law, *self.cap]


def _without_origin(kind: str, base: Audited, text: str) -> Mutant | None:
    """Drop the base model's key from the metadata, or that and every line that names the base model as such."""
    lines = text.split("\n")
    keys = [(key, at, end) for key, at, end in keys_of(lines) if key in {"base_model", "base_model_relation"}]
    drop = {n for _, at, end in keys for n in range(at, end)}
    if kind == "base-model-lines":
        lineage = base.facts.lineage
        said = [*lineage.places, *(place for parent in lineage.parents for place in parent.places)]
        drop |= {p.line - 1 for p in said if p.line and p.kind == "card"}
    gone = "\n".join(lines[n] for n in sorted(drop) if n < len(lines))
    kept = "\n".join(line for n, line in enumerate(lines) if n not in drop)
    names = tuple(key for key, _, _ in keys)
    return Mutant(kind, kept, frozenset(n + 1 for n in drop), gone, names) if drop else None


def _changed(kind: str, base: Audited, rng: Random) -> tuple[ModelCapture, Mutant | None] | None:
    """Make one changed capture of a kind."""
    text = readme_of(base.capture.texts)
    if kind in REMOVALS or kind in SCRAMBLES or kind in ORIGINS:
        if not isinstance(text, Text) or (kind in ORIGINS and not base.facts.lineage.parents):
            return None
        edit = {**REMOVALS, **SCRAMBLES}.get(kind)
        mutant = edit(text.text, rng) if edit else _without_origin(kind, base, text.text)
        return (with_card(base.capture, mutant), mutant) if mutant is not None and mutant.text != text.text else None
    capture = {**TAKEN, **FAILED}[kind](base.capture, rng)
    return (capture, None) if capture is not None else None


def _law(kind: str, base: Audited, after: Audited, spared: frozenset[str]) -> list[str]:
    """Say which law a change broke."""
    old, new = reaches(base.audit), reaches(after.audit)
    if kind in FAILED:
        return escaped(old, new)
    if kind == "keys-shuffled":
        return [f"{name}: {old[name]} became {new[name]}" for name in old if old[name] != new[name]]
    if kind in SCRAMBLES:
        return []
    more = [] if "*" in spared or "terms" in spared else widened(base.audit, after.audit)
    return [*risen(old, new, spared), *more]


def _spared(base: Audited, held: Limits, mutant: Mutant | None, kind: str) -> frozenset[str]:
    """Give the components that a removal took a limit from."""
    if kind == "readme":
        return EVERY if base.facts.lineage.parents else held.touched(held.lines)
    if mutant is None or kind in ORIGINS:
        return frozenset()
    sorted_by = HEADED if kind == "heading" else frozenset()  # the text below it now stands under another heading
    return held.touched(mutant.lines, mutant.keys) | sorted_by


@dataclass(frozen=True, slots=True)
class Plan:
    """Which models to change, how, and for how long."""

    models: tuple[str, ...]
    kinds: tuple[str, ...]
    seed: int
    each: int  # kinds of change per model, drawn by lot; 0: all
    until: float  # by the monotonic clock
    endpoint: str
    github: str


def check(model: str, plan: Plan, world: World) -> dict[str, Tally] | None:
    """Change one model in every way, or in some, and check the laws; None where there is no such model."""
    rules = load_rules()
    capture = world.model(model)
    if capture is None:
        return None
    base = audited(capture, world, rules)
    held = limits(base.facts, base.reading)
    tallies: dict[str, Tally] = {}
    rng = Random(f"{plan.seed} {model}")  # noqa: S311 - a choice, not a secret
    for kind in rng.sample(plan.kinds, len(plan.kinds)):
        if plan.each and len(tallies) == plan.each:
            break
        made = _changed(kind, base, Random(f"{plan.seed} {model} {kind}"))  # noqa: S311 - likewise
        if made is not None:
            tallies[kind] = Tally(mutants=1)
            _one(tallies[kind], (kind, f"{kind} {model}"), (base, held), made, world)
    return tallies


def _one(
    tally: Tally,
    names: tuple[str, str],
    before: tuple[Audited, Limits],
    made: tuple[ModelCapture, Mutant | None],
    world: World,
) -> None:
    """Audit one changed capture."""
    kind, name = names
    base, held = before
    capture, mutant = made
    started = time.monotonic()
    try:
        after = audited(capture, world, load_rules())
        spent = time.monotonic() - started
        spared = _spared(base, held, mutant, kind)
    except Exception:  # noqa: BLE001 - a crash is what this looks for
        tally.crash.append(f"{name}: {traceback.format_exc()}")
        return
    tally.slowest = max(tally.slowest, spent)
    tally.cap += [f"{name}: {spent:.1f} s"] if spent > SECONDS else []
    tally.proof += [f"{name}: {wrong}" for wrong in unproven(after.audit)]
    tally.judged += "*" not in spared
    lost = f" | {sorted(mutant.lines)[:3]} {mutant.gone[:160]!r}" if mutant is not None else ""
    tally.law += [f"{name}: {wrong}{lost}" for wrong in _law(kind, base, after, spared)]


def run(plan: Plan) -> tuple[dict[str, Tally], int]:
    """Check the models one after the other; gives the tallies, and how many models there were."""
    world = World(plan.endpoint, plan.github)
    total = {kind: Tally() for kind in plan.kinds}
    models = 0
    for model in plan.models:
        if time.monotonic() > plan.until:
            break
        found = check(model, plan, world)
        models += found is not None
        for kind, tally in (found or {}).items():
            total[kind].add(tally)
            for line in tally.broken:
                print(line, file=sys.stderr, flush=True)
    world.close()
    return total, models


@contextlib.contextmanager
def _hub(shared: Path) -> Iterator[tuple[str, str]]:
    """Give the stand-in Hub that runs already (HF_ENDPOINT), else start one."""
    running, github = os.environ.get("HF_ENDPOINT", ""), os.environ.get("GITHUB_API_URL", "")
    if running.startswith("http://127.0.0.1") and github:
        yield running, github
    else:
        with stand_in(shared) as found:
            yield found


def table(tallies: dict[str, Tally], models: int, memory: int) -> str:
    """Word the table for the page."""
    rows = sum(t.mutants for t in tallies.values())
    head = (
        f"{models} models, {rows} changed captures; at most {memory} MB of memory.\n\n"
        "| what was done | changes | judged | crashes | without proof | law broken | over a cap | slowest |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {kind} | {t.mutants} | {t.judged} | {len(t.crash)} | {len(t.proof)} | {len(t.law)} "
        f"| {len(t.cap)} | {t.slowest:.2f} s |\n"
        for kind, t in tallies.items()
        if t.mutants
    )


def main() -> int:
    """Check all models, print what broke, and the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--each", type=int, default=0, help="kinds of change per model, drawn by lot (0: all)")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after that, with the models done so far")
    parser.add_argument("--ids", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kinds = tuple(options.kinds.split(",")) if options.kinds else KINDS
    chosen = labelled(options.shared)
    chosen += [m for m in sampled(options.shared, options.cards, options.seed) if m not in chosen]
    chosen = options.ids.read_text("utf-8").split() if options.ids else chosen[: options.cards]
    random.Random(options.seed).shuffle(chosen)  # noqa: S311 - an order, not a secret
    with _hub(options.shared) as (endpoint, github):
        until = time.monotonic() + 60 * options.minutes
        total, models = run(Plan(tuple(chosen), kinds, options.seed, options.each, until, endpoint, github))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    broken = [line for t in total.values() for line in t.broken]
    print(Counter(line.partition(": ")[2].partition(" | ")[0] for line in broken).most_common(25), file=sys.stderr)
    text = table(total, models, memory)
    print(text)
    if options.write:
        write_between(PAGE, BEGIN, END, text)
    counted = any(t.broken for kind, t in total.items() if kind not in ORIGINS)  # what those raise is told, not counted
    return 1 if counted or memory > MEGABYTES else 0


if __name__ == "__main__":
    raise SystemExit(main())
