"""Load the reference texts of the SPDX list and the fingerprints of vendors' licences."""

from __future__ import annotations

import base64
import lzma
from array import array
from collections import Counter
from functools import cache, lru_cache
from typing import Literal

import msgspec
from msgspec import Struct

from openness_audit import packaged
from openness_audit.errors import RuleError

__all__ = [
    "GRAM",
    "SAMPLE",
    "Fingerprint",
    "Fingerprints",
    "References",
    "by_digest",
    "fingerprints",
    "gram_index",
    "grams",
    "nearest",
    "references",
    "sketch",
    "symbols",
]

SAMPLE = 24  # hashes kept of each reference text to find candidates by: half of them suffice for half a text
_BLANK = 32
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
    """One version of a text that is not shipped, by what tells it and cannot be read back."""

    id: str  # of the terms file
    role: Literal["license", "use-policy"]
    version: str
    date: str  # that the text itself bears; empty where it bears none
    url: str
    title: str  # the normalised words of its heading
    sha256: str  # of the text as it was obtained
    digest: str  # of its normalised words
    words: int
    sketch: str  # base64 of little-endian 32-bit hashes of one five-word run in four, sorted
    order: str  # base64 of four bits per word, in order: enough to align words with, too little to tell them by

    @property
    def hashes(self) -> array[int]:
        """Give the hashes of the sketch."""
        held = array("I")
        held.frombytes(base64.b64decode(self.sketch))
        return held

    @property
    def symbols(self) -> list[str]:
        """Give one of sixteen symbols per word, in order."""
        return list(base64.b64decode(self.order).hex()[: self.words])


class Fingerprints(Struct, frozen=True, forbid_unknown_fields=True):
    """All fingerprints, with a note on where they come from."""

    notice: str
    obtained: str
    table: tuple[Fingerprint, ...]


def _read(name: str) -> bytes:
    return packaged.place(f"licenses/{name}").read_bytes()


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

    joined = " ".join(words).encode()
    ends = [-1, *(at for at, byte in enumerate(joined) if byte == _BLANK), len(joined)]
    return [zlib.crc32(joined[ends[i] + 1 : ends[i + GRAM]]) for i in range(max(0, len(words) - GRAM + 1))]


def sketch(hashes: list[int]) -> set[int]:
    """Keep one hash in four: the same ones of every text."""
    return {gram for gram in hashes if not gram & 3}


def symbols(words: list[str]) -> list[str]:
    """Give one of sixteen symbols per word, in order."""
    import zlib  # noqa: PLC0415 - only texts need it

    known: dict[str, str] = {}
    return [known.get(word) or known.setdefault(word, f"{zlib.crc32(word.encode()) & 15:x}") for word in words]


@cache
def by_digest() -> dict[str, Fingerprint]:
    """Map the digest of normalised words to the fingerprint of the text they are."""
    return {entry.digest: entry for entry in fingerprints().table}


@cache
def gram_index() -> dict[int, tuple[int, ...]]:
    """Map each hash of a sketch to the numbers of the fingerprints that hold it."""
    index: dict[int, tuple[int, ...]] = {}
    for number, entry in enumerate(fingerprints().table):
        for gram in entry.hashes:
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


def nearest(own: list[int], least: float) -> list[tuple[str, int]]:
    """Name the SPDX texts of which at least this share of the sample stands in a text, with how much of it."""
    index = _sample_index()
    hits: Counter[str] = Counter()
    for gram in index.keys() & set(own):
        hits.update(index[gram])
    return [(expression, count) for expression, count in hits.items() if count >= least * SAMPLE]
