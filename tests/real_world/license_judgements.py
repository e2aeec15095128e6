"""Compare the audits' licence part with what people judged by reading, before they saw an audit.

    python tests/real_world/license_judgements.py SHARED [--labels FILE] [--audits DIR] [--misses] [--write]

SHARED holds `world/`. LABELS: JSON lines of `id`, `own`, `own_family`, `effective_family`, `conflicts` (kind, sure),
`base_models`, `uses`. Prints precision and recall of each kind of conflict with their 95 % intervals (Wilson), and how
often the families and the verdicts agree; `--write` puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from pages import write_between

HERE = Path(__file__).resolve().parent
KINDS = ("tag-upstream", "tag-prose", "tag-text", "tag-data", "code-host")
USES = ("internal", "serve", "redistribute", "fine-tune-publish", "train-on-outputs", "relicense")
ORDER = ("allowed", "conditions", "not-determined", "not-allowed")
BEGIN, END = "<!-- licences -->", "<!-- /licences -->"


def wilson(hits: int, of: int) -> str:
    """Give a share with its 95 % interval."""
    if of == 0:
        return "none"
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{hits}/{of} = {share:.2f} ({max(0.0, middle - half):.2f}-{min(1.0, middle + half):.2f})"


def audited(shared: Path, ids: list[str], out: Path) -> dict[str, Any]:
    """Audit the models; gives the documents by id."""
    listed = out / "ids.txt"
    listed.write_text("\n".join(ids), "utf-8")
    run = [sys.executable, str(HERE / "run.py"), str(shared), "--ids", str(listed), "--out", str(out)]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return read(ids, out)


def read(ids: list[str], folder: Path) -> dict[str, Any]:
    """Read audits that were made before."""
    files = {name: folder / f"{name.replace('/', '--')}.json" for name in ids}
    return {name: json.loads(path.read_text("utf-8")) for name, path in files.items() if path.exists()}


def conflict_rows(labels: list[dict[str, Any]], audits: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Count agreed, invented and missed conflicts of each kind; a doubtful label that is missed counts neither way."""
    right: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    lines = []
    for label in labels:
        if label["id"] not in audits:
            continue
        said = {(c["kind"]): c for c in audits[label["id"]]["licenses"]["conflicts"]}
        meant = {c["kind"]: c["sure"] for c in label["conflicts"]}
        for kind in KINDS:
            if kind in said and kind in meant:
                right[kind] += 1
            elif kind in said:
                invented[kind] += 1
                lines.append(f"{kind}\t{label['id']}\tonly the tool\t{said[kind]['why']}")
            elif meant.get(kind):
                missed[kind] += 1
                lines.append(f"{kind}\t{label['id']}\tonly the reader\t")
            elif kind in meant:
                lines.append(f"{kind}\t{label['id']}\tonly the reader, in doubt\t")
    rows = ["| conflict | precision | recall |", "|---|---|---|"]
    for kind in (*KINDS, "all but code-host"):
        names = [k for k in KINDS if k != "code-host"] if kind.startswith("all") else [kind]
        hits, wrong, lost = (sum(c[n] for n in names) for c in (right, invented, missed))
        rows.append(f"| {kind} | {wilson(hits, hits + wrong)} | {wilson(hits, hits + lost)} |")
    return rows, lines


def agreement(labels: list[dict[str, Any]], audits: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Count agreement on families and uses, and how often a use is called freer than the reader said."""
    rows = ["| question | agrees | freer than the reader | stricter |", "|---|---|---|---|"]
    lines = []
    asked = [(label, audits[label["id"]]["licenses"]) for label in labels if label["id"] in audits]
    for name in ("own", "effective"):
        same = 0
        for label, found in asked:
            family = found[name]["family"]
            same += family == label[f"{name}_family"]
            if family != label[f"{name}_family"]:
                lines.append(f"{name}\t{label['id']}\t{label[f'{name}_family']}\t{family}: {found[name]['why']}")
        rows.append(f"| family of the {name} licence | {wilson(same, len(asked))} | | |")
    for use in USES:
        pairs = [(label, next(u for u in found["uses"] if u["use"] == use)) for label, found in asked if found["uses"]]
        told = [(label, u, ORDER.index(label["uses"][use]), ORDER.index(u["verdict"])) for label, u in pairs]
        freer = sum(tool < reader for *_, reader, tool in told)
        stricter = sum(tool > reader for *_, reader, tool in told)
        lines += [
            f"{use}\t{label['id']}\t{label['uses'][use]}\t{u['verdict']}: {'; '.join(u['why'])[:200]}"
            for label, u, reader, tool in told
            if tool != reader
        ]
        rows.append(f"| {use} | {wilson(len(told) - freer - stricter, len(told))} | {freer} | {stricter} |")
    return rows, lines


def main() -> int:
    """Compare, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--labels", type=Path, default=HERE / "labels" / "licenses.jsonl")
    parser.add_argument("--audits", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    labels = [json.loads(line) for line in options.labels.read_text("utf-8").splitlines() if line.strip()]
    ids = [label["id"] for label in labels]
    with tempfile.TemporaryDirectory() as scratch:
        audits = read(ids, options.audits) if options.audits else audited(options.shared, ids, Path(scratch))
    conflicts, wrong = conflict_rows(labels, audits)
    families, differing = agreement(labels, audits)
    table = "\n".join([f"{len(audits)} models.", "", *conflicts, "", *families])
    print(table)
    if options.misses:
        print("\n".join(["", *wrong, "", *differing]))
    if options.write:
        write_between(HERE.parent.parent / "docs" / "accuracy.md", BEGIN, END, table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
