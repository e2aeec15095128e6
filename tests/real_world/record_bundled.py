"""Record the facts that are shipped with the program, from what was really recorded of the models.

    python tests/real_world/record_bundled.py SHARED [--check]

SHARED is the folder that holds `world/`. Every model of `MODELS`, and every base model their levels hang on, becomes a
file of `audit/openness_audit/bundled/`; nothing of a stand-in gets in, and no sentence of a card (DESIGN section 6).
With --check nothing is written: the exit code is 1 where a file would change.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from make_examples import MODELS
from recorded import Recorded, Source

from openness_audit.capturing import capture_model
from openness_audit.collect.assemble import complete
from openness_audit.model.bundle import BUNDLE_SCHEMA, Bundle, Part
from openness_audit.model.capture import Failure, Listing, ModelCapture, RepoInfo, Text
from openness_audit.model.claims import Claim
from openness_audit.model.evidence import Absent, Place
from openness_audit.model.facts import CardFacts, Facts
from openness_audit.model.facts_licenses import LicenseProse
from openness_audit.model.facts_origins import DataSet, Paper

BUNDLED = Path(__file__).resolve().parents[2] / "audit" / "openness_audit" / "bundled"
KEPT = ("license", "license_name", "license_link", "base_model", "base_model_relation", "datasets")
HUB_RECORD = "the Hub's record"  # was not recorded, only what the card's metadata says
LONGEST_NAME = 4  # words; the "name" of data that the card leaves unnamed may be half a sentence


def bare(value: Any) -> Any:
    """Give the same facts without a stranger's sentences, and cite the card where its metadata was all there is."""
    if isinstance(value, Place):
        return _place(value)
    if isinstance(value, msgspec.Struct):
        fields: dict[str, Any] = {name: bare(getattr(value, name)) for name in value.__struct_fields__}
        if isinstance(value, LicenseProse | Claim):
            fields["text"] = ""
        if isinstance(value, Paper):
            fields["title"] = None
        if isinstance(value, CardFacts):
            fields["problem"] = None
        if isinstance(value, DataSet) and value.how == "undisclosed" and len(value.name.split()) > LONGEST_NAME:
            fields["name"] = "data that is not named"
        if isinstance(value, Absent):
            fields["searched"] = tuple(place for place in value.searched if place != HUB_RECORD)
        return type(value)(**fields)
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    return value


def _place(place: Place) -> Place:
    """The Hub's own record was not recorded: what stands in the card's metadata is cited there."""
    plain = msgspec.structs.replace(place, excerpt=None, retrieved_at=place.retrieved_at or None)
    if place.kind == "model-info":
        url = f"https://huggingface.co/{place.repo}/blob/main/README.md"
        return msgspec.structs.replace(plain, kind="metadata", path="README.md", url=url, text_kind="yaml")
    if place.kind == "listing":  # known by a copy or by other sources, not by the Hub
        return msgspec.structs.replace(plain, kind="bundled")
    if place.kind == "dataset" and place.path is None:
        return msgspec.structs.replace(
            plain, path="README.md", url=f"{place.url}/blob/main/README.md", text_kind="yaml"
        )
    return plain


def _info(info: RepoInfo) -> RepoInfo:
    values = {key: info.card_data[key] for key in KEPT if key in (info.card_data or {})} if info.card_data else None
    return msgspec.structs.replace(info, card_data=values)


def parts_of(capture: ModelCapture, sources: Recorded) -> tuple[Part, ...]:
    """Say where each answer came from."""

    def part(what: str, source: Source) -> Part:
        return Part(what=what, source=source.name, recorded=source.date)

    found = [part("card", sources.card_source("model", capture.info.id))]
    if isinstance(capture.listing, Listing):
        source = sources.listing_source(capture.info.id)
        found.append(part("file listing", source))
        found += [
            part(path, source)
            for path, text in sorted(capture.texts.items())
            if isinstance(text, Text) and path != "README.md"
        ]
    for name, dataset in sorted(capture.datasets.items()):
        if isinstance(dataset.info, RepoInfo):
            found.append(part(f"datasets/{name}", sources.card_source("dataset", name)))
    for name, parent in sorted(capture.parents.items()):
        if isinstance(parent, RepoInfo):
            found.append(part(f"models/{name}", sources.card_source("model", name)))
    return (*found, *filter(None, map(sources.code_part, sorted(capture.code))))


def missing_of(capture: ModelCapture, facts: Facts) -> tuple[str, ...]:
    """Name what was not recorded."""
    words = {"access conditions": "whether access is gated"}
    if isinstance(capture.listing, Listing):
        words["file listing"] = "files beyond those recorded"
    unread = [words.get(u.what, u.what) for u in facts.unread if u.cause.code == "not-recorded"]
    return tuple(dict.fromkeys(["commit id", "date of the last change", *unread]))


def record(sources: Recorded, model: str) -> Bundle:
    """Record one model."""
    info = sources.subject(model, None)
    capture, reading = capture_model(sources, info)
    facts = bare(complete(capture, reading))
    return Bundle(
        schema=BUNDLE_SCHEMA,
        id=info.id,
        parts=parts_of(capture, sources),
        missing=missing_of(capture, facts),
        info=_info(info),
        listing=None if isinstance(capture.listing, Failure) else capture.listing,
        facts=facts,
    )


def above(facts: Facts) -> Iterator[str]:
    """Give the base models that levels may hang on (`ancestors.climb` asks for the same)."""
    for parent in facts.lineage.parents:
        yield from (parent.id,) if parent.id else parent.candidates


def record_all(sources: Recorded) -> dict[str, bytes]:
    """Record all models and the base models above them; gives the files by name."""
    waiting, made = list(MODELS), dict[str, Bundle]()
    while waiting:
        name = waiting.pop(0)
        info = sources.info("model", name)
        if isinstance(info, Failure) or info.id in made:
            continue
        made[info.id] = record(sources, info.id)
        waiting += above(made[info.id].facts)
    return {f"{name.replace('/', '--')}.json": encoded(bundle) for name, bundle in sorted(made.items())}


def encoded(bundle: Bundle) -> bytes:
    """Write a record: the same record, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(bundle, order="sorted"), indent=1) + b"\n"


def main() -> int:
    """Record, and say what changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing")
    call = parser.parse_args()
    files = record_all(Recorded(call.shared / "world"))
    old = {path.name: path.read_bytes() for path in BUNDLED.glob("*.json")}
    changed = sorted(name for name in {*old, *files} if old.get(name) != files.get(name))
    for name in changed:
        print(name)
        if call.check:
            continue
        BUNDLED.mkdir(exist_ok=True)
        (BUNDLED / name).write_bytes(files[name]) if name in files else (BUNDLED / name).unlink()
    print(f"{len(files)} records, {sum(map(len, files.values())) / 1e6:.2f} MB, {len(changed)} changed")
    return 1 if call.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
