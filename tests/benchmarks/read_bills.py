"""Measure the time and the peak memory of reading large bills of materials, and print them as one table.

    python tests/benchmarks/read_bills.py [FILE...]

Needs nothing but the project: documents are generated, and files of one's own are measured beside them. Seconds are of
the processor, from the bytes to the claims with their lines; memory is the largest resident set of a process that does
nothing else, the document's own bytes included. No model is audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ONE = (
    "import json, resource, sys, time\n"
    "from openness_audit.ingest.gather import Places, gather\n"
    "from openness_audit.ingest.reading import read\n"
    "data = open(sys.argv[1], 'rb').read()\n"
    "started = time.process_time()\n"
    "documents = (('bom', read(data, 'bom')),)\n"
    "gathered = gather(documents)\n"
    "Places(documents, gathered)\n"
    "took = time.process_time() - started\n"
    "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
    "print(json.dumps([len(data) / 1e6, documents[0][1].bill.elements, len(gathered.models), took, peak]))\n"
)
SHA = "0123456789abcdef0123456789abcdef01234567"
ROUNDS = 3


def library(number: int) -> dict[str, object]:
    """Give a component as generators of software bills of materials write it."""
    name = f"package-{number}"
    return {
        "type": "library",
        "bom-ref": f"pkg:npm/{name}@1.0.{number}",
        "name": name,
        "version": f"1.0.{number}",
        "description": "What this package is for, said in a sentence of some length. " * 5,
        "purl": f"pkg:npm/{name}@1.0.{number}",
        "licenses": [{"license": {"id": "MIT"}}],
        "externalReferences": [
            {"type": "website", "url": f"https://packages.example.org/{name}"},
            {"type": "vcs", "url": f"https://git.example.org/{name}"},
        ],
        "hashes": [{"alg": "SHA-256", "content": "ab" * 32}],
    }


def model(number: int, models: int) -> dict[str, object]:
    """Give a component that is one of so many models."""
    name = f"model-{number % models}"
    return {
        "type": "machine-learning-model",
        "bom-ref": f"m{number}",
        "group": "acme-lab",
        "name": name,
        "purl": f"pkg:huggingface/acme-lab/{name}@{SHA}",
        "licenses": [{"license": {"id": "Apache-2.0", "acknowledgement": "declared"}}],
    }


def documents() -> dict[str, Iterator[dict[str, object]]]:
    """Give the components of the documents that are measured, by what they are."""
    return {
        "60,000 packages, 1 model": chain(map(library, range(60_000)), [model(0, 1)]),
        "10,000 components of 1 model": (model(number, 1) for number in range(10_000)),
        "10,000 models": (model(number, 10_000) for number in range(10_000)),
    }


def write(path: Path, components: Iterator[dict[str, object]]) -> None:
    """Write a document piece by piece: a process inherits the peak of the one that starts it."""
    with path.open("w") as stream:
        stream.write('{\n "bomFormat": "CycloneDX",\n "specVersion": "1.6",\n "components": [\n')
        for number, component in enumerate(components):
            stream.write(f"{',' if number else ''}{json.dumps(component, indent=1)}\n")
        stream.write("]}\n")


def measured(path: Path) -> str:
    """Measure one file, the best of a few times."""
    command = [sys.executable, "-c", ONE, str(path)]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(ROUNDS)
    ]
    size, elements, models, took, peak = min(runs, key=lambda run: run[3])
    return f"{size:.0f} | {elements:,} | {models:,} | {took:.1f} | {peak:.0f}"


def main() -> None:
    """Print the table."""
    print("| document | MB | elements | models | seconds | MB of memory |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bom.json"
        for name, document in documents().items():
            write(path, document)
            print(f"| {name} | {measured(path)} |", flush=True)
    for name in sys.argv[1:]:
        print(f"| {name} | {measured(Path(name))} |", flush=True)


if __name__ == "__main__":
    main()
