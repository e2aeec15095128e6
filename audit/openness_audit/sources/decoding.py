"""Decompress a body piece by piece, never beyond a cap, and tell one that ends too early from one that is empty."""

from __future__ import annotations

import zlib

_GZIP = 16 + zlib.MAX_WBITS
_BITS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class BadEncodingError(ValueError):
    """The body is not what its header says; the message tells in which way."""


class Decoder:
    """The encodings that are asked for, one at a time; libraries read a broken body as an empty one."""

    def __init__(self, encoding: str) -> None:
        """Read a body whose Content-Encoding is `encoding`.

        Raises:
            BadEncodingError: it is another than was asked for.
        """
        name = encoding.strip().lower()
        if name not in {"", "identity", *_BITS}:
            raise BadEncodingError("in an encoding that was not asked for")
        self._bits = _BITS.get(name)
        self._stream = zlib.decompressobj(self._bits) if self._bits else None
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        """What so many more bytes stand for, at most `room` bytes of it.

        Raises:
            BadEncodingError: they stand for nothing.
        """
        if self._stream is None:
            return data[:room]
        out = bytearray()
        while data and len(out) < room:
            if self._stream.eof:  # a file may be several, one after the other; after the last, anything
                if self._bits != _GZIP or not data.startswith(b"\x1f\x8b"):
                    break
                self._stream = zlib.decompressobj(self._bits)
            out += self._decompress(data, room - len(out))
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        return bytes(out)

    def finish(self) -> None:
        """Say that no more comes.

        Raises:
            BadEncodingError: more had to come.
        """
        if self._stream is not None and self._begun and not self._stream.eof:
            raise BadEncodingError("that ends before it is complete")

    def _decompress(self, data: bytes, most: int) -> bytes:
        assert self._stream is not None  # noqa: S101 - `feed` asks only then
        try:
            found = self._stream.decompress(data, most)
        except zlib.error:
            if self._begun or self._bits != zlib.MAX_WBITS:
                raise BadEncodingError("that cannot be decompressed") from None
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" as many servers understand it
            self._begun = True
            return self._decompress(data, most)
        self._begun = True
        return found
