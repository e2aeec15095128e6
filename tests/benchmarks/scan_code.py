"""Measure the time and the peak memory of scanning large code bases, and print them as one table.

    python tests/benchmarks/scan_code.py [--files 50000] [--notebook-mb 200] [PATH...]

Needs nothing but the project: the code is generated, and paths of real code are measured beside it. Seconds are of the
processor; memory is the largest resident set of a process that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ONE = (
    "import json, resource, sys, time\n"
    "from openness_audit.scan.code.reading import scan_code\n"
    "started = time.process_time()\n"
    "code = scan_code([sys.argv[1]])\n"
    "took = time.process_time() - started\n"
    "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
    "print(json.dumps([code.files, len(code.usages), took, peak]))\n"
)
CALL = 'from transformers import AutoModel\nAutoModel.from_pretrained("birds-lab/owl-{n}b")\n'
PLAIN = "def step_{n}(value: int) -> dict[str, int]:\n    return {{'value': value, 'next': value + {n}}}\n\n\n"
KINDS = {  # ending -> content
    "py": PLAIN * 40,
    "md": "# Title {n}\n\nSome words, and more of them.\n\n" * 30,
    "yaml": "steps:\n  - name: build {n}\n    run: make all\n" * 20,
    "json": '{{"name": "row", "number": {n}}}',
    "sh": "set -e\nmake build-{n}\n" * 10,
}


def tree(folder: Path, files: int) -> None:
    """Write a code base: one file in fifty loads a model."""
    kinds = list(KINDS.items())
    for n in range(files):
        ending, text = kinds[n % len(kinds)]
        below = folder / f"d{n % 200}" / f"e{n % 13}"
        below.mkdir(parents=True, exist_ok=True)
        said = CALL if n % 50 == 0 else text
        (below / f"f{n}.{'py' if n % 50 == 0 else ending}").write_text(said.format(n=n))


def notebook(path: Path, megabytes: int) -> None:
    """Write a notebook full of pictures."""
    picture = ("A" * 76 + "\n") * 26_000
    source = CALL.format(n=1).splitlines(keepends=True)
    cell = {"cell_type": "code", "source": source, "outputs": [{"data": {"image/png": picture}}]}
    with path.open("w") as stream:
        stream.write('{"nbformat": 4, "metadata": {}, "cells": [\n')
        told = json.dumps(cell, indent=1)
        for number in range(max(1, megabytes // 2)):  # never whole in memory: a child's peak begins at its parent's
            stream.write((",\n" if number else "") + told)
        stream.write("\n]}\n")


def measured(path: Path) -> tuple[int, int, float, float]:
    """Give the files read, the usages found, the seconds and the megabytes of one scan in a process of its own."""
    done = subprocess.run([sys.executable, "-c", ONE, str(path)], check=True, capture_output=True, text=True)
    files, usages, seconds, megabytes = json.loads(done.stdout)
    return files, usages, seconds, megabytes


def rows(options: argparse.Namespace, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Make what is measured, one after the other."""
    for part in (options.files // 10, options.files):
        folder = scratch / f"tree-{part}"
        tree(folder, part)
        yield f"{part:,} generated files", folder
    folder = scratch / "notebook"
    folder.mkdir()
    notebook(folder / "pictures.ipynb", options.notebook_mb)
    yield f"a notebook of {options.notebook_mb} MB", folder
    for path in options.paths:
        yield str(path.name), path


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--notebook-mb", type=int, default=200)
    options = parser.parse_args()
    print("| code base | files read | places found | seconds | ms a file | MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for name, path in rows(options, Path(scratch)):
            files, usages, seconds, megabytes = measured(path)
            told = (name, f"{files:,}", f"{usages:,}", f"{seconds:.1f}", f"{seconds * 1000 / max(files, 1):.2f}")
            print(f"| {' | '.join(told)} | {megabytes:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
