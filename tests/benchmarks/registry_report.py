"""Measure the report of a scan with many rows: time and memory of each form, and of what changed since another.

    python tests/benchmarks/registry_report.py [--rows 10000 100000] [--like DIR] [--keep DIR]

`--like DIR` is the folder of a scan whose rows are used again and again under other names; without it a few made-up
kinds of rows are. `--keep DIR` leaves the folders and reports there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.model.row import AncestorRow, BaseRow, Row
from openness_audit.scan.opening import create_folder
from openness_audit.scan.outcome import Outcome

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from registry_folder_kit import lost, model
from registry_kit import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARE_CHANGED = 0.01


def kinds(like: Path | None) -> list[Row]:
    """Give the rows to use again and again."""
    if like is not None:
        lines = [line for part in sorted(like.glob("rows-*.jsonl")) for line in part.open("rb")]
        return [msgspec.json.decode(line, type=Row) for line in lines]
    above = [AncestorRow(id=f"maker/base-{n}", license="unknown", family="unknown") for n in range(40)]
    made = [
        model("a/b", bases=(BaseRow(id=one.id, name=one.id, relation="finetune"),), ancestors=(one,),
              unresolved=(one.id,), terms="undetermined", class_="undetermined-weights-only", warnings=("weights",))
        for one in above
    ]  # fmt: skip
    return [*made, *(model("a/b", score=n, score_low=n, score_high=n) for n in range(0, 101, 5)), lost("a/b", "gated")]


def rows(like: list[Row], count: int, changed: float) -> Iterator[Row]:
    """Give `count` rows under names of their own; a share `changed` of them says something else under the same name."""
    chosen = random.Random(7)  # noqa: S311 - a sample, no secret
    for n in range(count):
        other = chosen.random() < changed
        row = like[(n + (1 if other else 0)) % len(like)]
        name = like[n % len(like)].model.rpartition("/")[2][:60]
        yield msgspec.structs.replace(row, model=f"org-{n % 997}/{name}-{n}")


def fill(path: Path, like: list[Row], count: int, changed: float = 0.0) -> float:
    """Write the folder of a finished scan; gives the seconds."""
    began = time.monotonic()
    folder = create_folder(path, MANIFEST())
    for seq, row in enumerate(rows(like, count, changed)):
        folder.add([Outcome(seq=seq, row=msgspec.json.encode(row))])
        if folder.waiting >= 5000:
            folder.commit()
    folder.finish()
    folder.tell(msgspec.structs.replace(folder.manifest, state="finished", counts=folder.counts()))
    folder.close()
    return time.monotonic() - began


def run(where: Path, *words: str) -> tuple[float, float]:
    """Run modelaudit; gives the seconds of the processor and the most memory in MB, at least what this process has."""
    command = [sys.executable, "-m", "openness_audit", *words]
    child = subprocess.Popen(command, cwd=where, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def size(path: Path) -> float:
    """Give the MB of a file, and of the folder of rows beside it."""
    beside = path.with_name(f"{path.stem}.rows")
    return sum(one.stat().st_size for one in [path, *beside.glob("**/*")] if one.is_file()) / 1e6


def measure(where: Path, like: list[Row], count: int) -> Iterator[dict[str, Any]]:
    """Measure every form for so many rows."""
    for name, changed in (("before", 0.0), ("after", SHARE_CHANGED)):
        yield {"what": f"write the folder ({name})", "seconds": fill(where / f"{name}-{count}", like, count, changed)}
    for form in ("json", "csv", "html"):
        out = f"report-{count}.{form}"
        seconds, memory = run(where, "report", f"after-{count}", "-q", "-o", out)
        yield {"what": f"report as {form}", "seconds": seconds, "memory": memory, "size": size(where / out)}
    seconds, memory = run(where, "diff", f"before-{count}", f"after-{count}", "-q", "-o", f"diff-{count}.json")
    yield {"what": "diff", "seconds": seconds, "memory": memory, "size": size(where / f"diff-{count}.json")}


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    words.add_argument("--like", type=Path, help="a folder of a scan (made-up rows)")
    words.add_argument("--keep", type=Path, help="leave everything there")
    said = words.parse_args()
    like = kinds(said.like)
    with contextlib.ExitStack() as stack:
        where = said.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where.mkdir(parents=True, exist_ok=True)
        print(f"{len(like)} kinds of rows; seconds are those of the processor, but for the folders")
        for count in said.rows:
            for row in measure(where, like, count):
                memory = f"{row['memory']:>6.0f} MB" if "memory" in row else ""
                written = f"{row['size']:>8.1f} MB written" if "size" in row else ""
                print(f"{count:>9,}  {row['what']:<26}{row['seconds']:>8.1f} s  {memory:>9}  {written}", flush=True)


if __name__ == "__main__":
    main()
