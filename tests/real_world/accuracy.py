"""Write docs/accuracy.md's table: audit the labelled models, score them, and list every miss with its kind.

    python tests/real_world/accuracy.py SHARED [--check]

Rewrites the part between the markers of docs/accuracy.md; `--check` only says whether agreement has fallen below it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from pages import write_between

ROOT = Path(__file__).resolve().parent.parent.parent
DOC = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def measure(shared: Path, out: Path) -> tuple[dict[str, dict[str, float]], list[list[str]]]:
    """Audit and score the labelled models; gives the table and the misses."""
    run = [sys.executable, str(ROOT / "tests" / "real_world" / "run.py"), str(shared), "--out", str(out)]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    golden = shared / "golden"
    score = [sys.executable, str(golden / "evaluate.py"), str(golden / "dev.jsonl"), str(out)]
    table = json.loads(subprocess.run([*score, "--json"], check=True, capture_output=True, text=True).stdout)["fields"]
    told = subprocess.run([*score, "--misses"], check=True, capture_output=True, text=True).stdout
    return table, [line.split("\t") for line in told.splitlines() if line.count("\t") == 3]


def page(table: dict[str, dict[str, float]], misses: list[list[str]]) -> str:
    """Word the table and the misses."""
    lines = [
        "| field | models | answered | agreement | false open | false closed | readers |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in table.items():
        if "precision" in row:
            lines.append(
                f"| {name} | {row['models']} | precision {row['precision']:.2f} | recall {row['recall']:.2f} | | | |"
            )
            continue
        readers = f"{row['readers_agree']:.2f}" if row.get("readers_agree") else ""
        lines.append(
            f"| {name} | {row['models']} | {row['coverage']:.2f} | {row['agreement']:.2f} | {row['false_open']:.2f} "
            f"| {row['false_closed']:.2f} | {readers} |"
        )
    lines += ["", "Every disagreement (a label that is not answered counts in *answered*, not in *agreement*):", ""]
    lines += ["| field | model | label | tool |", "|---|---|---|---|"]
    for field, model, label, tool in misses:
        lines.append(f"| {field} | {model} | {label.removeprefix('label=')} | {tool.removeprefix('tool=')} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        table, misses = measure(options.shared, Path(scratch))
    five = table["five_criteria"]
    parts = {"answered": "coverage", "agreement": "agreement", "false open": "false_open"}
    print("five criteria: " + ", ".join(f"{word} {five[key]:.3f}" for word, key in parts.items()))
    if options.check:
        return 0 if five["agreement"] >= 0.90 and five["coverage"] >= 0.90 and five["false_open"] <= 0.02 else 1
    write_between(DOC, BEGIN, END, page(table, misses))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
