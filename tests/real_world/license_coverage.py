"""Print how many recorded cards the licence resolver can place, and what is left; needs the shared folder.

    python tests/real_world/license_coverage.py SHARED

Read are `license`, `license_name` and `license_link` of every recorded model and data set (`SHARED/world/data`). A card
is placed when what it says leads to licences whose terms are known here, or to a family id of the Hub; `family only`
when the name's own words give no more than the family away; `not placed` otherwise. "other" with neither a name nor a
known address, and "unknown", name nothing that could be placed: they are counted, not hidden.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from openness_audit.licenses.ids import resolve
from openness_audit.licenses.terms import terms

Outcome: TypeAlias = Literal["read", "listed", "name", "family-only", "not-placed", "names-nothing", "states-nothing"]
GOAL_TAGGED, GOAL_NAMED = 0.99, 0.90
PLACED: tuple[Outcome, ...] = ("read", "listed", "name")
MEANING: dict[Outcome, str] = {
    "read": "placed, every licence read clause by clause",
    "listed": "placed, some terms known from a list",
    "name": "placed, the name alone is known",
    "family-only": "the name's own words give its family, no more",
    "not-placed": "not placed",
    "names-nothing": "names nothing: `other` alone, `unknown`, `???`",
    "states-nothing": "states nothing: empty, `none`",
}


def outcome(license_: object, name: object, link: object) -> Outcome:
    """Say how far a declaration can be placed."""
    found = resolve(license_, name, link)
    if found.expression is None:
        return "states-nothing"
    if set(found.known) & {"other", "unknown"} and not found.candidates:
        return "names-nothing"
    named = [c for c in found.candidates or (found.expression,) if c != "NOASSERTION"]
    if len(found.known) < len(set(named)):
        return "not-placed" if found.family == "unknown" else "family-only"
    known = [terms(one).known for one in found.known]
    return "name" if "name" in known else "listed" if "listed" in known else "read"


def declarations(path: Path) -> Iterator[tuple[object, object, object]]:
    """Give the three licence fields of each card that has any."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            card = json.loads(line).get("cardData") or {}
            fields = (card.get("license"), card.get("license_name"), card.get("license_link"))
            if any(field is not None for field in fields):
                yield fields


def share(part: int, whole: int, goal: float) -> str:
    """Write a share with its goal."""
    value = part / whole if whole else 1.0
    return f"{part} of {whole} = {value:.1%} (goal {goal:.0%}, {'met' if value >= goal else 'missed'})"


def report(title: str, found: list[tuple[object, object, object]]) -> bool:
    """Print the table of one kind of repository; False where a goal is missed."""
    outcomes = Counter(outcome(*fields) for fields in found)
    naming = [fields for fields in found if outcome(*fields) not in ("names-nothing", "states-nothing")]
    placed = sum(outcome(*fields) in PLACED for fields in naming)
    others = [fields for fields in found if fields[0] in ("other", ["other"]) and fields[1] not in (None, "other")]
    named = sum(outcome(*fields) in PLACED for fields in others)
    print(f"{title}: {len(found)} cards with a licence field, {len(set(map(str, found)))} different")
    for kind, meaning in MEANING.items():
        print(f"  {outcomes[kind]:6}  {meaning}")
    print(f"  cards that name a licence, placed: {share(placed, len(naming), GOAL_TAGGED)}")
    print(f"  `other` with a name, placed:       {share(named, len(others), GOAL_NAMED)}")
    left = Counter(json.dumps(fields, ensure_ascii=False) for fields in found if outcome(*fields) not in PLACED)
    print("  left:")
    for fields, count in left.most_common():
        print(f"  {count:6}  {fields}")
    return placed >= GOAL_TAGGED * len(naming) and named >= GOAL_NAMED * len(others)


def main(shared: Path) -> int:
    """Print the shares of models and data sets, and of both together."""
    models = list(declarations(shared / "world" / "data" / "models.jsonl.gz"))
    datasets = list(declarations(shared / "world" / "data" / "datasets.jsonl.gz"))
    met = [report("models", models), report("data sets", datasets)]
    both = [*models, *datasets]
    naming = [fields for fields in both if outcome(*fields) not in ("names-nothing", "states-nothing")]
    print(f"together: {share(sum(outcome(*f) in PLACED for f in naming), len(naming), GOAL_TAGGED)}")
    return 0 if met[0] else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
