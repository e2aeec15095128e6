"""Measure the audit of a dump of cards: models a second, what each stage costs, the floor, and the memory.

    python tests/benchmarks/dump.py CARDS.jsonl.gz [--rows N] [--stages N] [--memory]

CARDS holds recorded models, an object a line with `id` and the card as `files["README.md"]`. The dump is made of them:
every row has an id of its own, and the names of its model and publisher are replaced in the text, so that what a
process remembers of equal texts helps no row. The floor is reading the row, YAML and Markdown alone. Times are of the
processor: on a machine that does other work they are longer, but say the same of each other.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import gzip
import json
import pstats
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec
import pyromark
import yaml

from openness_audit.collect.card.frontmatter import read_front_matter
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.patterns import compile_all
from openness_audit.model.capture import Origin, Text
from openness_audit.model.row import DumpRow
from openness_audit.ruleset import load_rules
from openness_audit.scan.dump_audit import facts_of, summary_of_row

AS_OF = date(2026, 1, 1)
MARKS = (0.1, 0.25, 0.5, 0.75, 1.0)
STAGES = {  # functions whose time with all that they call makes a stage
    "YAML front matter": "read_front_matter",
    "Markdown and sections": "read_card",
    "base models (lineage)": "find_lineage",
    "whose paragraphs are (foreign, ties)": "own_part ties_of",
    "data sets": "find_data data_statements",
    "code": "code_mentions find_repositories",
    "results": "result_mentions history_mentions checkpoint_mentions",
    "compute": "compute_mentions",
    "parts of the card": "section_mentions",
    "papers": "find_papers",
    "licences": "collect_licenses chain_of",
    "claims": "find_claims",
    "evaluate": "evaluate",
    "judge": "judge",
    "the row": "row_without_document",
}
_HEAD = re.compile(r"\A---\n(.*?)\n---[ \t]*\n", re.DOTALL)


def recorded(path: Path) -> list[DumpRow]:
    """Read the models that have a card."""
    found = []
    with gzip.open(path, "rb") as lines:
        for line in lines:
            one = json.loads(line)
            card = one.get("files", {}).get("README.md")
            if card is not None and not one.get("stand-in"):
                row = DumpRow(
                    id=one["id"],
                    card=card,
                    last_modified=one.get("lastModified"),
                    library_name=one.get("library_name"),
                    pipeline_tag=one.get("pipeline_tag"),
                    tags=tuple(one.get("tags", ())),
                    downloads=one.get("downloads"),
                    likes=one.get("likes"),
                    created_at=one.get("createdAt"),
                )
                found.append(row)
    random.Random(0).shuffle(found)  # noqa: S311 - the same mixture on every run
    return found


def renamed(row: DumpRow, number: int) -> DumpRow:
    """Give a row a name of its own, in its card too, and every paragraph a word that no other row has."""
    org, _, name = row.id.rpartition("/")
    new_org, new_name = f"{org or 'legacy'}-{number:x}", f"{name}-{number:x}"
    text = (row.card or "").replace(name, new_name)
    text = text.replace(f"{org}/", f"{new_org}/") if org else text
    head = _HEAD.match(text)
    at = head.end() if head else 0
    body = text[at:].replace(".\n", f". (x{number:x})\n")
    return msgspec.structs.replace(row, id=f"{new_org}/{new_name}", card=text[:at] + body)


def dump(rows: list[DumpRow], most: int) -> Iterator[bytes]:
    """Give the lines of a dump of so many rows."""
    for number in range(most):
        yield msgspec.json.encode(renamed(rows[number % len(rows)], number))


def resident_mb() -> float:
    """Give the resident memory of this process."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def floor(lines: list[bytes]) -> list[tuple[str, float]]:
    """Time what no audit can do without: reading the line, the front matter, the Markdown."""
    decode = msgspec.json.Decoder(DumpRow).decode
    rows = [decode(line) for line in lines]
    origin = Origin(url="https://huggingface.co", sha256="", retrieved_at="")
    texts = [Text(path="README.md", text=row.card or "", origin=origin) for row in rows]
    heads = [head.group(1) if (head := _HEAD.match(row.card or "")) else "" for row in rows]

    def events(source: str) -> None:
        try:
            for _ in yaml.parse(source, Loader=yaml.CSafeLoader):
                pass
        except yaml.YAMLError:
            return

    steps: list[tuple[str, Callable[[int], object]]] = [
        ("reading the row (JSON)", lambda i: decode(lines[i])),
        ("YAML events (libyaml)", lambda i: events(heads[i])),
        ("Markdown events (pyromark)", lambda i: list(pyromark.events(rows[i].card or ""))),
        ("front matter with lines", lambda i: read_front_matter(rows[i].card or "")),
        (
            "card: front matter, sections, blocks",
            lambda i: read_card(texts[i].text, document_of(texts[i], "card", "x/y")),
        ),
    ]
    found = []
    for name, step in steps:
        started = time.process_time()
        for index in range(len(rows)):
            step(index)
        found.append((name, (time.process_time() - started) / len(rows)))
    return found


def stages(lines: list[bytes]) -> list[tuple[str, float]]:
    """Share the time of a profiled run out to the stages: Python's profiler makes calls dear, so only shares count."""
    decode, rules = msgspec.json.Decoder(DumpRow).decode, load_rules()
    profile = cProfile.Profile()
    profile.enable()
    for line in lines:
        summary_of_row(decode(line), rules)
    profile.disable()
    table = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    whole = next(row[3] for key, row in table.items() if key[2] == "summary_of_row")
    spent: dict[str, float] = {}
    for (file, _, name), row in table.items():
        if "openness_audit" in file:
            spent[name] = spent.get(name, 0.0) + row[3]
    return [(stage, sum(spent.get(name, 0.0) for name in names.split()) / whole) for stage, names in STAGES.items()]


def throughput(rows: list[DumpRow], most: int) -> list[str]:
    """Audit so many rows end to end in one process; tell speed and memory at each mark."""
    decode, encode, rules = msgspec.json.Decoder(DumpRow).decode, msgspec.json.Encoder().encode, load_rules()
    marks = {max(1, round(most * share)) for share in MARKS}
    spent, written, told = 0.0, 0, []
    for number, line in enumerate(dump(rows, most), 1):
        started = time.process_time()
        written += len(encode(summary_of_row(decode(line), rules)))
        spent += time.process_time() - started
        if number in marks:
            told.append(
                f"{number} rows: {number / spent:.1f} models/s, {resident_mb():.0f} MB, {written} bytes written"
            )
            print(told[-1], flush=True)
    return told


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cards", type=Path, metavar="CARDS")
    parser.add_argument("--rows", type=int, default=1_000, metavar="N", help="rows audited end to end")
    parser.add_argument("--stages", type=int, default=200, metavar="N", help="rows profiled, 0 for none")
    options = parser.parse_args()
    gc.set_threshold(500_000, 20, 20)  # as the command line does
    rows = recorded(options.cards)
    print(f"{len(rows)} recorded cards, {sum(len(r.card or '') for r in rows) / len(rows):.0f} characters on average")
    for line in dump(rows, 30):
        facts_of(msgspec.json.decode(line, type=DumpRow))
    compile_all()
    some = list(islice(dump(rows, 1_030), 30, None))
    print("\n| floor | ms a model |\n|---|---|")
    for name, seconds in floor(some):
        print(f"| {name} | {seconds * 1000:.2f} |")
    if options.stages:
        print("\n| stage | share |\n|---|---|")
        for name, share in stages(some[: options.stages]):
            print(f"| {name} | {share:.1%} |")
    print()
    throughput(rows, options.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
