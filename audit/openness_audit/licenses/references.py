"""Load the reference texts of the SPDX list and the fingerprints of vendors' licences."""

from __future__ import annotations

import base64
import lzma
from array import array
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from openness_audit.errors import RuleError

__all__ = [
    "GRAM",
    "SAMPLE",
    "Fingerprint",
    "Fingerprints",
    "References",
    "fingerprints",
    "gram_index",
    "grams",
    "nearest",
    "references",
]

SAMPLE = 24  # hashes kept of each reference text to find candidates by: half of them suffice for half a text
GRAM = 5  # words to a gram, as measured in the prototype (licenses.md 1.2)


class References(Struct, frozen=True, forbid_unknown_fields=True):
    """Normalised words of the SPDX list's texts, in compressed blocks, and the digest of each text."""

    notice: str
    version: str
    digests: dict[str, tuple[str, ...]]  # digest of the normalised words: the ids whose text it is
    blocks: tuple[str, ...]  # base64 of LZMA of lines "ID<tab>words"
    block_of: dict[str, int]
    samples: dict[str, str]  # base64 of the `SAMPLE` lowest gram hashes of each text

    def words(self, expression: str) -> list[str] | None:
        """Give the reference words of an SPDX id, None for one without a text on the list."""
        number = self.block_of.get(expression)
        return None if number is None else _block(number)[expression].split(" ")


class Fingerprint(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a licence text that is not shipped: digest of its words, and the hashes of all its 5-grams."""

    id: str  # of the terms file
    version: str
    source: str
    digest: str
    words: int
    grams: str  # base64 of little-endian 32-bit hashes, sorted
    use_policy: bool = False


class Fingerprints(Struct, frozen=True, forbid_unknown_fields=True):
    """All fingerprints, with a note on where they come from."""

    notice: str
    table: tuple[Fingerprint, ...]


def _read(name: str) -> bytes:
    return files("openness_audit.rules").joinpath("licenses", name).read_bytes()


@cache
def references() -> References:
    """Read `rules/licenses/spdx-texts.json`; RuleError when it is malformed."""
    try:
        return msgspec.json.decode(_read("spdx-texts.json"), type=References)
    except msgspec.DecodeError as problem:
        raise RuleError(f"licenses/spdx-texts.json: {problem}") from problem


@cache
def fingerprints() -> Fingerprints:
    """Read `rules/licenses/fingerprints.json`; RuleError when it is malformed."""
    try:
        return msgspec.json.decode(_read("fingerprints.json"), type=Fingerprints)
    except msgspec.DecodeError as problem:
        raise RuleError(f"licenses/fingerprints.json: {problem}") from problem


@lru_cache(maxsize=6)  # of about 1 MB each: a scan of many models keeps to a few blocks
def _block(number: int) -> dict[str, str]:
    lines = lzma.decompress(base64.b64decode(references().blocks[number])).decode().splitlines()
    return dict(line.split("\t", 1) for line in lines)


def grams(words: list[str]) -> list[int]:
    """Give the 32-bit hash of every run of five words, in order (the same on every machine)."""
    import zlib  # noqa: PLC0415 - only texts need it

    joined = [word.encode() for word in words]
    return [zlib.crc32(b" ".join(joined[i : i + GRAM])) for i in range(max(0, len(joined) - GRAM + 1))]


@cache
def gram_index() -> dict[int, tuple[int, ...]]:
    """Map each gram hash to the numbers of the fingerprints that hold it."""
    index: dict[int, tuple[int, ...]] = {}
    for number, entry in enumerate(fingerprints().table):
        held = array("I")
        held.frombytes(base64.b64decode(entry.grams))
        for gram in held:
            index[gram] = (*index.get(gram, ()), number)
    return index


@cache
def _sample_index() -> dict[int, tuple[str, ...]]:
    index: dict[int, tuple[str, ...]] = {}
    for expression, sample in references().samples.items():
        held = array("I")
        held.frombytes(base64.b64decode(sample))
        for gram in held:
            index[gram] = (*index.get(gram, ()), expression)
    return index


def nearest(own: list[int], least: float) -> list[str]:
    """Name at most four SPDX texts of which at least this share of the sample stands among a text's grams."""
    index = _sample_index()
    hits: Counter[str] = Counter()
    for gram in set(own):
        hits.update(index.get(gram, ()))
    ranked = sorted(hits.items(), key=lambda h: (-h[1], len(h[0]), h[0]))
    return [expression for expression, count in ranked[:4] if count >= least * SAMPLE]
