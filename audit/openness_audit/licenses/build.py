"""Write the reference texts and fingerprints that identification compares with; run by hand when the sources change.

    python -m openness_audit.licenses.build --spdx DIR --out rules/licenses
    python -m openness_audit.licenses.build --texts PATH [--texts PATH] --out rules/licenses

`--spdx` is the unpacked npm package `spdx-license-list` (CC0-1.0; its `licenses/*.json` hold the SPDX texts).
`--texts` is a folder of vendors' own texts: plain files, or JSON-lines files (gzipped or not) of objects with the text
as `text` or as the values of `files`. Texts are found by the SHA-256 that the manifest states, so names do not matter.
They belong to their authors: only digests, sketches and headings are written. `--manifest` states for each text its
id under `rules/licenses/`, role, version, date, heading, address and digest. Nothing is written when one is missing.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import lzma
from array import array
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml
from msgspec import Struct
from spdx_license_list import LICENSES

from openness_audit.licenses.normalise import digest, tokens
from openness_audit.licenses.references import (
    SAMPLE,
    Fingerprint,
    Fingerprints,
    References,
    grams,
    sketch,
    symbols,
)

MANIFEST = Path(str(files("openness_audit.rules").joinpath("vocabulary/license-fingerprints.yaml")))
_BLOCK = 400_000  # characters: decompressing one costs about 4 ms
SPDX_NOTICE = (
    "Normalised words of the license texts of the SPDX License List (data under CC0-1.0), by way of the npm package "
    "spdx-license-list (CC0-1.0). The texts belong to their authors. Written by openness_audit.licenses.build."
)
VENDOR_NOTICE = (
    "Digests and sketches of licence texts that are not shipped, with where each text can be read. "
    "Written by openness_audit.licenses.build from rules/vocabulary/license-fingerprints.yaml."
)


class Listed(Struct, frozen=True, forbid_unknown_fields=True):
    """One text of the manifest; `spdx` ones are found by the SPDX list's words and get no fingerprint."""

    sha256: str
    id: str
    url: str
    title: str
    role: Literal["license", "use-policy"] = "license"
    version: str = ""
    date: str = ""
    spdx: bool = False


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """Which texts stand for which licence, and when they were obtained."""

    obtained: str
    texts: tuple[Listed, ...]


def spdx_references(folder: Path) -> References:
    """Read the SPDX texts of the npm package in `folder`."""
    digests: dict[str, list[str]] = {}
    blocks: list[str] = []
    block_of: dict[str, int] = {}
    samples: dict[str, str] = {}
    lines: list[str] = []
    for path in sorted((folder / "licenses").glob("*.json")):
        listed = LICENSES.get(path.stem)
        if listed is not None and listed.deprecated_id:  # its successor has the same text
            continue
        words = tokens(json.loads(path.read_text("utf-8"))["licenseText"])
        if len(words) < 8:  # no text to compare with
            continue
        digests.setdefault(digest(words), []).append(path.stem)
        lines.append(f"{path.stem}\t{' '.join(words)}")
        block_of[path.stem] = len(blocks)
        samples[path.stem] = _pack_hashes(sorted(set(grams(words)))[:SAMPLE])
        if sum(map(len, lines)) >= _BLOCK:
            blocks.append(_pack(lines))
            lines = []
    if lines:
        blocks.append(_pack(lines))
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    return References(
        notice=SPDX_NOTICE,
        version=f"npm spdx-license-list {version}",
        digests={text: tuple(sorted(ids, key=_plainest)) for text, ids in sorted(digests.items())},
        blocks=tuple(blocks),
        block_of=block_of,
        samples=samples,
    )


def _pack_hashes(hashes: list[int]) -> str:
    return base64.b64encode(array("I", hashes).tobytes()).decode()


def _plainest(expression: str) -> tuple[bool, bool, int, str]:
    """Order ids with the same text: text cannot tell `-only` from `-or-later`; `-only` is the careful reading."""
    return (expression.endswith("-or-later"), "invariants" in expression, len(expression), expression)


def _pack(lines: list[str]) -> str:
    return base64.b64encode(lzma.compress("\n".join(lines).encode(), preset=9)).decode()


def read_texts(folder: Path) -> Iterator[str]:
    """Give every text below `folder`, or in it when it is a file."""
    for path in [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file()):
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        if ".jsonl" not in path.suffixes:
            yield body.decode("utf-8", "replace")
            continue
        for line in body.splitlines():
            row = json.loads(line)
            found = [row.get("text"), *(row.get("files") or {}).values()]
            yield from (text for text in found if isinstance(text, str))


def fingerprint(text: str, listed: Listed) -> Fingerprint:
    """Reduce a text to what tells it and cannot be read back."""
    words = tokens(text)
    marks = "".join(symbols(words))
    return Fingerprint(
        id=listed.id,
        role=listed.role,
        version=listed.version,
        date=listed.date,
        url=listed.url,
        title=" ".join(tokens(listed.title)),
        sha256=listed.sha256,
        digest=digest(words),
        words=len(words),
        sketch=_pack_hashes(sorted(sketch(grams(words)))),
        order=base64.b64encode(bytes.fromhex(marks + "0" * (len(marks) % 2))).decode(),
    )


def vendor_fingerprints(folders: list[Path], manifest: Manifest) -> tuple[Fingerprints, tuple[Listed, ...]]:
    """Make the table, equal words kept once; also gives the texts that were not found."""
    wanted = {listed.sha256: listed for listed in manifest.texts}
    table: dict[str, Fingerprint] = {}
    for folder in folders:
        for text in read_texts(folder):
            listed = wanted.pop(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), None)
            if listed is not None and not listed.spdx:
                made = fingerprint(text, listed)
                kept = table.get(made.digest)
                table[made.digest] = min(made, kept or made, key=lambda f: (f.sha256 != _first(manifest, f), f.url))
    rows = sorted(table.values(), key=lambda f: (f.id, f.role, f.version, f.digest))
    return Fingerprints(notice=VENDOR_NOTICE, obtained=manifest.obtained, table=tuple(rows)), tuple(wanted.values())


def _first(manifest: Manifest, made: Fingerprint) -> str:
    """Give the digest of the text that the manifest lists first for a version: the vendor's own copy."""
    key = (made.id, made.role, made.version)
    return next(t.sha256 for t in manifest.texts if (t.id, t.role, t.version) == key)


def main(arguments: list[str] | None = None) -> int:
    """Write `spdx-texts.json` or `fingerprints.json` and return 0; a usage error where a text is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spdx", type=Path)
    parser.add_argument("--texts", type=Path, action="append", default=[])
    parser.add_argument("--manifest", type=Path, default=MANIFEST)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    if options.texts:
        manifest = msgspec.convert(yaml.safe_load(options.manifest.read_text("utf-8")), Manifest)
        table, missing = vendor_fingerprints(options.texts, manifest)
        if missing:
            parser.error("".join(f"\nno text with SHA-256 {m.sha256}: {m.title}, {m.url}" for m in missing))
        (options.out / "fingerprints.json").write_bytes(_json(table))
    if options.spdx:
        (options.out / "spdx-texts.json").write_bytes(_json(spdx_references(options.spdx)))
    return 0


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


if __name__ == "__main__":
    raise SystemExit(main())
