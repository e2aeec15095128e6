"""Measure how licence statements of recorded cards are read, against what a careful reader wrote down first.

    python tests/real_world/license_prose.py SHARED [--misses]

`license_prose.csv` holds lines of cards and labels, no texts. `states`: the line says this. `may`: it can be read so,
and counts neither way. `nothing`: it says nothing of terms. `model` stands for model, weights, and an unsaid scope.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from recorded import Recorded

from openness_audit.capturing import capture_model
from openness_audit.collect.assemble import read
from openness_audit.collect.licenses.prose import find_prose
from openness_audit.model.capture import Failure, Listing, RepoInfo
from openness_audit.model.evidence import Cause
from openness_audit.model.facts_licenses import LicenseProse

SAMPLE = Path(__file__).with_suffix(".csv")
Label = dict[str, str]


class Cards(Recorded):
    """The recorded world without listings, which a card's words do not need."""

    def listing(self, *_: Any) -> Listing | Failure:
        """Give none."""
        return Failure(Cause(code="not-recorded", source="file listing", retryable=False, detail="not needed"))


def statements(world: Cards, model: str) -> tuple[LicenseProse, ...]:
    """Read one card's statements, as an audit does."""
    info = world.info("model", model)
    if not isinstance(info, RepoInfo):
        return ()
    reading = read(capture_model(world, info)[0])
    said = find_prose(reading.card, reading.identity)
    return tuple(p for p in said if p.expression or p.restricts)  # a link to a licence alone states no terms


def fits(said: LicenseProse, label: Label) -> bool:
    """Tell whether a statement is what the label says, in every column."""
    scope = "model" if said.scope in ("model", "weights", "unknown") else said.scope
    told = {"family": said.family, "scope": scope, "whose": said.whose, "restricts": str(said.restricts).lower()}
    return all(label[name] == "any" or value in label[name].split() for name, value in told.items())


def judged(found: list[LicenseProse], labels: list[Label], line: int) -> Iterator[tuple[str, str]]:
    """Give `right`, `wrong` and `missed` for one line, each with what it is about."""
    left = list(found)
    for label in (each for each in labels if each["kind"] == "states"):
        hit = next((said for said in left if fits(said, label)), None)
        if hit is not None:
            left.remove(hit)
        what = f"{label['family']}/{label['scope']}/{label['whose']}/{label['restricts']}"
        yield ("right" if hit is not None else "missed"), what
    for said in left:  # a statement of several lines is held against the one it begins in
        if said.place.line == line and not any(label["kind"] != "nothing" and fits(said, label) for label in labels):
            yield "wrong", f"{said.family}/{said.scope}/{said.whose}/{str(said.restricts).lower()}"


def main() -> None:
    """Print precision and recall of each sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    world = Cards(options.shared / "world")
    rows = list(csv.DictReader(SAMPLE.open(encoding="utf-8", newline="")))
    cards: dict[str, tuple[LicenseProse, ...]] = {}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (sample, model, line), group in groupby(rows, key=lambda row: (row["sample"], row["model"], row["line"])):
        if model not in cards:
            cards[model] = statements(world, model)
        at, labels = int(line), list(group)
        found = [p for p in cards[model] if p.place.line and p.place.line <= at <= (p.place.line_end or p.place.line)]
        counts[sample]["lines"] += 1
        for outcome, what in judged(found, labels, at):
            counts[sample][outcome] += 1
            if options.misses and outcome != "right":
                print(f"{outcome}\t{sample}\t{model}:{line}\t{what}")
    for sample, seen in counts.items():
        right, wrong, missed = (seen[name] for name in ("right", "wrong", "missed"))
        print(
            f"{sample}: {seen['lines']} lines, {right + missed} statements: precision {right / (right + wrong):.3f}, "
            f"recall {right / (right + missed):.3f}"
        )


if __name__ == "__main__":
    main()
