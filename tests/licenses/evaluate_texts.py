"""Print how well licence texts are identified: exact, near, silent, wrong, time, and an adversarial set.

python tests/licenses/evaluate_texts.py LABELLED.jsonl.gz [VENDOR.jsonl.gz]

LABELLED: JSON lines of `set`, `path`, `expected` (list of SPDX ids), `text`. VENDOR: JSON lines of `key`, `text`.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from typing import Any

from openness_audit.licenses.identify import Identified, identify

NON_COMMERCIAL = "\n\nThe Software may be used for non-commercial purposes only.\n"
COMMONS = (
    "\n\nCommons Clause addition: the rights that this text gives do not include selling the work, "
    "neither by itself nor as a hosted service whose worth comes from it.\n"
)


def rows(path: str) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def same(expression: str) -> frozenset[str]:
    return frozenset(re.sub(r"-(only|or-later)$|\+$", "", e) for e in expression.split(" AND "))


def grade(found: Identified, expected: list[str]) -> str:
    wanted = frozenset().union(*(same(e) for e in expected))
    if found.match in ("exact", "equivalent") and found.expression:
        got = same(found.expression)
        return "right" if got == wanted else "right+" if wanted <= got else "WRONG"
    if found.match in ("modified", "closest") and found.similar_to:
        got = same(found.similar_to)
        return f"{found.match}-right" if got & wanted else f"{found.match}-other"
    return "silent"


def alter(text: str) -> dict[str, str]:
    out = {"nc": text + NON_COMMERCIAL, "nc-first": NON_COMMERCIAL + text, "commons": text + COMMONS}
    for number, spot in enumerate(re.finditer(r"\bnot ", text, re.IGNORECASE)):
        if number in (0, 2):
            out[f"not{number}"] = text[: spot.start()] + text[spot.end() :]
    lines = text.splitlines(keepends=True)
    out["copyright-nc"] = "Copyright (c) 2024 Someone. For non-commercial use only.\n" + text
    out["middle"] = "".join([*lines[: len(lines) // 2], "Commercial use requires a fee.\n", *lines[len(lines) // 2 :]])
    return out


def main(arguments: list[str]) -> int:
    labelled = rows(arguments[0])
    identify(labelled[0]["text"])
    table: dict[str, Counter[str]] = defaultdict(Counter)
    spent: list[float] = []
    altered: Counter[str] = Counter()
    for row in labelled:
        begin = time.process_time()
        found = identify(row["text"])
        spent.append((time.process_time() - begin) * 1000)
        grading = grade(found, row["expected"])
        table[row["set"]][f"{grading}/{found.match}"] += 1
        if "--misses" in arguments and not grading.startswith("right"):
            print(grading, row["set"], row["path"], row["expected"], found.match, found.expression, found.similar_to,
                  found.similarity, found.changed[:4])  # fmt: skip
    for name, counts in sorted(table.items()):
        print(name, sum(counts.values()), dict(counts.most_common()))
    total = sum(table.values(), Counter())
    print("all", dict(total.most_common()))
    spent.sort()
    print(f"ms of processor time: median {statistics.median(spent):.1f} p95 {spent[int(len(spent) * 0.95)]:.1f} "
          f"p99 {spent[int(len(spent) * 0.99)]:.1f} max {spent[-1]:.0f}")  # fmt: skip
    if "--adversarial" in arguments:
        for row in labelled[:: 3 if len(labelled) > 500 else 1]:
            if identify(row["text"]).match not in ("exact", "equivalent"):
                continue
            for kind, text in alter(row["text"]).items():
                if text == row["text"]:
                    continue
                found = identify(text)
                plain = found.match in ("exact", "equivalent")
                altered[f"{kind}: {'PLAIN' if plain else found.match}"] += 1
                if plain:
                    print("PLAIN", kind, row["path"], found.expression, found.match, found.changed)
        print("altered", dict(sorted(altered.items())))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
