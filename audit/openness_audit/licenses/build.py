"""Write the reference texts and fingerprints that identification compares with; run by hand when the sources change.

    python -m openness_audit.licenses.build --spdx DIR --vendor FILE --manifest FILE --out rules/licenses

`--spdx` is the unpacked npm package `spdx-license-list` (CC0-1.0; its `licenses/*.json` hold the SPDX texts).
`--vendor` is a JSON-lines file, gzipped or not, of vendors' own texts (`key`, `source`, `text`); they belong to their
authors, so only digests and hashes of five-word runs are written. `--manifest` maps `key`, or `key @ source` where one
key has several versions, to an id under `rules/licenses/`, a version, and whether it is a use policy.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import lzma
from array import array
from pathlib import Path
from typing import Any

import msgspec
import yaml
from spdx_license_list import LICENSES

from openness_audit.licenses.normalise import digest, tokens
from openness_audit.licenses.references import SAMPLE, Fingerprint, Fingerprints, References, grams

_BLOCK = 400_000  # characters: decompressing one costs about 4 ms
SPDX_NOTICE = (
    "Normalised words of the license texts of the SPDX License List (data under CC0-1.0), by way of the npm package "
    "spdx-license-list (CC0-1.0). The texts belong to their authors. Written by openness_audit.licenses.build."
)
VENDOR_NOTICE = (
    "Digests and hashes of five-word runs of licence texts that are not shipped, with where each text was read. "
    "Written by openness_audit.licenses.build."
)


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


def vendor_fingerprints(texts: list[dict[str, str]], manifest: dict[str, dict[str, Any]]) -> Fingerprints:
    """Make the table; a text whose key the manifest does not name is left out, equal texts are kept once."""
    table: dict[str, Fingerprint] = {}
    for row in texts:
        entry = manifest.get(f"{row['key']} @ {row['source']}") or manifest.get(row["key"])
        if entry is None:
            continue
        words = tokens(row["text"])
        key = digest(words)
        table.setdefault(
            key,
            Fingerprint(
                id=entry["id"],
                version=str(entry.get("version", "")),
                source=row["source"],
                digest=key,
                words=len(words),
                grams=_pack_hashes(sorted(set(grams(words)))),
                use_policy=bool(entry.get("use-policy", False)),
            ),
        )
    return Fingerprints(notice=VENDOR_NOTICE, table=tuple(sorted(table.values(), key=lambda f: (f.id, f.digest))))


def main(arguments: list[str] | None = None) -> int:
    """Write `spdx-texts.json` and `fingerprints.json`; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spdx", type=Path)
    parser.add_argument("--vendor", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    if options.spdx:
        (options.out / "spdx-texts.json").write_bytes(_json(spdx_references(options.spdx)))
    if options.vendor and options.manifest:
        opener = gzip.open if options.vendor.suffix == ".gz" else open
        with opener(options.vendor, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line) for line in lines]
        manifest = yaml.safe_load(options.manifest.read_text("utf-8"))
        (options.out / "fingerprints.json").write_bytes(_json(vendor_fingerprints(texts, manifest)))
    return 0


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


if __name__ == "__main__":
    raise SystemExit(main())
