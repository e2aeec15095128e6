"""Measure how statements in other languages than English are read in recorded cards.

    python tests/real_world/languages.py SHARED [--misses]

`labels/languages.csv` holds lines of cards and what a careful reader found there, no texts. `heading`: it opens this
part of the card. `data`: it says something of the training data, named or not (a
summary counts as read though it gives way to what the card names). `licence`: it states terms of this
family. `base`: it names this model as what the model was made from.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from recorded import Recorded

from openness_audit.capturing import capture_model
from openness_audit.collect.assemble import read, readme_of
from openness_audit.collect.card.section_parts import parts_of_title
from openness_audit.collect.data.cards import card_found
from openness_audit.collect.data.found import Found, Ground
from openness_audit.collect.licenses.prose import find_prose
from openness_audit.model.capture import Failure, Listing, RepoInfo, Text
from openness_audit.model.evidence import Cause, Place
from openness_audit.model.facts_licenses import LicenseProse
from openness_audit.model.facts_origins import Parent

LABELS = Path(__file__).parent / "labels" / "languages.csv"
KINDS = ("heading", "data", "licence", "base")
Label = dict[str, str]


class Cards(Recorded):
    """The recorded world without listings, which a card's words do not need."""

    def listing(self, *_: Any) -> Listing | Failure:
        """Give none."""
        return Failure(Cause(code="not-recorded", source="file listing", retryable=False, detail="not needed"))


class Read(Struct, frozen=True):
    """What was read in one card."""

    lines: tuple[str, ...] = ()
    data: tuple[Found, ...] = ()
    prose: tuple[LicenseProse, ...] = ()
    parents: tuple[Parent, ...] = ()


def read_card_of(world: Cards, model: str) -> Read:
    """Read one recorded card, as an audit does."""
    info = world.info("model", model)
    if not isinstance(info, RepoInfo):
        return Read()
    capture = capture_model(world, info)[0]
    reading = read(capture)
    text = readme_of(capture.texts)
    if reading.card is None or not isinstance(text, Text):
        return Read()
    return Read(
        lines=tuple(text.text.split("\n")),
        data=tuple(card_found(reading.card, Ground(reading.identity, reading.lineage))),
        prose=find_prose(reading.card, reading.identity),
        parents=reading.lineage.parents,
    )


def _at(line: int, place: Place) -> bool:
    return place.line is not None and place.line <= line <= (place.line_end or place.line)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.rpartition("/")[2].lower())


def was_read(label: Label, found: Read) -> bool:
    """Tell whether the statement a label marks was read."""
    line, value = int(label["line"]), label["value"]
    here = partial(_at, line)
    if label["what"] == "heading":
        written = found.lines[line - 1] if line <= len(found.lines) else ""
        title = re.split(r"[:：]", written)[0] if not written.startswith("#") else written
        return value in parts_of_title(title.strip("#*_ \t"))
    if label["what"] == "data":
        return any(here(each.place) for each in found.data)
    if label["what"] == "licence":
        return any(here(said.place) and value in ("any", said.family) for said in found.prose)
    return any(_plain(value) in (_plain(each.id or ""), _plain(each.name)) for each in found.parents)


def main() -> None:
    """Print the recall of each kind of statement by language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    world = Cards(options.shared / "world")
    labels = list(csv.DictReader(LABELS.open(encoding="utf-8", newline="")))
    cards = {model: read_card_of(world, model) for model in dict.fromkeys(each["model"] for each in labels)}
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: {kind: [0, 0] for kind in KINDS})
    for label in labels:
        ok = was_read(label, cards[label["model"]])
        read_of = counts[label["language"]][label["what"]]
        read_of[0] += ok
        read_of[1] += 1
        if options.misses and not ok:
            print(f"missed\t{label['language']}\t{label['model']}:{label['line']}\t{label['what']} {label['value']}")
    print("| language | cards | " + " | ".join(KINDS) + " | all |")
    print("|---|---|" + "---|" * (len(KINDS) + 1))
    for language, kinds in counts.items():
        n = len({each["model"] for each in labels if each["language"] == language})
        cells = [f"{got} / {of}" if of else "-" for got, of in kinds.values()]
        got, of = (sum(each[i] for each in kinds.values()) for i in (0, 1))
        print(f"| {language} | {n} | {' | '.join(cells)} | {got / of:.2f} |")


if __name__ == "__main__":
    main()
