"""Write bills of materials of recorded models in every format, validate each by its standard, and time them.

    python tests/real_world/bills.py SHARED [--sample N] [--libraries N] [--files N] [--keep DIR]

SHARED is the folder that holds `world/` and `golden/`. The labelled models are audited with no network, and N of the
recorded ones (--sample), and one document of all of them together is made. Each JSON document is checked against the
official schema; the first --libraries models (all labelled ones unless told) are read and validated by spdx-tools, the
binding of SPDX 3 and cyclonedx-python-lib, too. So is a made-up model of --files files (two minutes for 5,000): of it
spdx-tools validates the JSON and reads the same from tag-value and RDF. The exit code is 1 where anything is wrong, or
a format takes more than half a second.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cyclonedx.model.bom import Bom
from make_examples import NOW
from run import AS_OF, labelled, sampled
from spdx_python_model.bindings import v3_0_1 as model
from spdx_tools.spdx.model.document import Document
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from benchmarks.recorded_world import RecordedWorld
from bom_kit import FILES, change, file
from bom_schemas import problems
from openness_audit import pipeline
from openness_audit.errors import NoVerdictError
from openness_audit.model.audit import Audit
from openness_audit.model.batch import Batch, Item
from openness_audit.render import batch_renderer, renderer
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target

JSON = ("spdx", "spdx3", "cyclonedx", "cyclonedx-1.7")
FORMS = {"spdx": ".spdx.json", "spdx-tag": ".spdx", "spdx-rdf": ".rdf.xml", **dict.fromkeys(JSON[1:], ".json")}
STANDARD = "https://spdx.org/rdf/3.0.1/terms/"
MOST_SECONDS = 0.5


class Check:
    """What a pass over many models found: problems, and the processor's seconds of each format."""

    def __init__(self, keep: Path | None) -> None:
        self.keep = keep
        self.wrong: Counter[str] = Counter()
        self.example: dict[str, str] = {}
        self.slowest = dict.fromkeys(FORMS, (0.0, "", 0))

    def add(self, name: str, said: str) -> None:
        """Keep a problem, and the first document that has it."""
        self.wrong[said[:160]] += 1
        self.example.setdefault(said[:160], name)

    def audit(self, name: str, audit: Audit, *, libraries: bool) -> None:
        """Write one model in every format, and validate each."""
        for form in FORMS:
            started = time.process_time()
            text = renderer(form)(audit)
            spent = time.process_time() - started
            if spent > self.slowest[form][0]:
                self.slowest[form] = (spent, name, len(text))
            self.document(name, form, text, libraries=libraries)

    def many(self, name: str, audit: Audit) -> None:
        """Validate a model of many files: what takes minutes once, and the other forms of SPDX 2.3 by comparison."""
        self.audit(name, audit, libraries=False)
        for form in JSON:
            for said in by_library(form, renderer(form)(audit)):
                self.add(name, said)
        told = {form: content(form, renderer(form)(audit)) for form in ("spdx", "spdx-tag", "spdx-rdf")}
        for form in ("spdx-tag", "spdx-rdf"):
            if told[form] != told["spdx"]:
                self.add(name, f"{form}: says something else than the JSON")

    def document(self, name: str, form: str, text: str, *, libraries: bool) -> None:
        """Validate one document."""
        if self.keep:
            (self.keep / f"{name.replace('/', '--')}.{form}{FORMS[form]}").write_text(text, "utf-8")
        said = problems(form, json.loads(text)) if form in JSON else []
        if libraries:
            said += list(by_library(form, text))
        for problem in said:
            self.add(name, problem)


def by_library(form: str, text: str) -> Iterator[str]:
    """Read a document by its standard's own library, and give what it reports."""
    if form.startswith("cyclonedx"):
        read = Bom.from_json(json.loads(text))  # type: ignore[attr-defined]  # added to the class by its decorator
        if not read.validate():
            yield f"{form}: the library finds it incomplete"
    elif form == "spdx3":
        found = model.SHACLObjectSet()
        model.JSONLDDeserializer().read(io.BytesIO(text.encode()), found)
        yield from (f"spdx3: refers to {ref}, which is missing" for ref in found.link() if not ref.startswith(STANDARD))
    else:
        document = parsed(form, text)
        yield from (f"{form}: {row.validation_message}" for row in validate_full_spdx_document(document))


def parsed(form: str, text: str) -> Document:
    """Read a document of SPDX 2.3."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{FORMS[form]}"
        path.write_text(text, "utf-8")
        return parse_file(str(path))


def content(form: str, text: str) -> list[str]:
    """Give what a document of SPDX 2.3 says, in an order of its own: RDF has none."""
    document = parsed(form, text)
    return sorted(map(repr, (*document.packages, *document.relationships, *document.annotations)))


def audits(shared: Path, names: list[str]) -> Iterator[tuple[str, Audit]]:
    """Audit recorded models with no network."""
    rules, recorded = load_rules(), RecordedWorld(shared / "world")
    with (
        tempfile.TemporaryDirectory() as scratch,
        patch("openness_audit.sources.opening.open_sources", lambda *_, **__: recorded),
    ):
        settings = Settings(cache_dir=Path(scratch))
        for name in names:
            try:
                target = Target(kind="hub", id=name)
                yield name, pipeline.audit_model(target, settings, rules=rules, now=NOW, as_of=AS_OF)
            except NoVerdictError as problem:
                print(f"{name}: {problem}", file=sys.stderr)


def main() -> int:
    """Print what is wrong, and the slowest document of each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, metavar="SHARED")
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    parser.add_argument("--libraries", type=int, metavar="N")
    parser.add_argument("--files", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    options = parser.parse_args()
    golden = labelled(options.shared)
    names = list(dict.fromkeys((*golden, *sampled(options.shared, options.sample, 7))))
    libraries = len(golden) if options.libraries is None else options.libraries
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    gc.set_threshold(500_000, 20, 20)  # as the command line does
    check = Check(options.keep)
    done: list[Item] = []
    for name, audit in audits(options.shared, names):
        check.audit(name, audit, libraries=len(done) < libraries)
        done.append(Item(asked=name, audit=audit))
        print(f"\r{len(done)} of {len(names)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for form in FORMS:
        check.document("all-together", form, batch_renderer(form)(Batch(items=tuple(done))), libraries=False)
    if options.files:
        files = tuple(file(f"part/{number:05}.bin") for number in range(options.files))
        check.many(f"{options.files} files", change(FILES, files=files))
    print("| format | slowest, seconds of the processor | of | bytes |\n|---|---|---|---|")
    for form, (spent, name, size) in check.slowest.items():
        print(f"| {form} | {spent:.2f} | {name} | {size:,} |")
    for said, count in check.wrong.most_common():
        print(f"{count} x {said} ({check.example[said]})")
    print(f"{len(done)} models, {sum(check.wrong.values())} problems")
    return 1 if check.wrong or any(row[0] > MOST_SECONDS for row in check.slowest.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
