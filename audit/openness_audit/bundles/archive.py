"""Zip files that give the same bytes for the same content, and zip files made by strangers."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from openness_audit.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Source = BinaryIO | bytes

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that zip knows
_PLAIN = (0o100644) << 16
_UNIX = 3
_FREE_RATIO = 64 * 1024 * 1024  # below it, how well something is packed does not matter
_MOST_RATIO = 250  # text and JSON pack ten- to thirtyfold; a bomb a thousandfold
_ENCRYPTED = 0x1
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\:]")
_AGAIN = "get the file again from where it was made"


class Caps(Struct, frozen=True, kw_only=True):
    """The most that is read of an archive: bytes of one member and of all, unpacked, and members."""

    member: int
    total: int
    count: int


def pack(files: Mapping[str, bytes], *, first: str = "", stored: frozenset[str] = frozenset()) -> bytes:
    """Make a zip file: names sorted, no times, nothing of the machine in it.

    Args:
        files: content by name.
        first: the name that goes before all others.
        stored: names whose content is packed already.

    Returns:
        The archive's bytes.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in sorted(files, key=lambda each: (each != first, each)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compress_type=method)
    return whole.getvalue()


def unpack(source: Source, shown: str, caps: Caps) -> dict[str, bytes]:
    """Read every member of a zip file made by a stranger; nothing is written to a disk.

    Args:
        source: the archive: its bytes, or an open file.
        shown: what to call it.
        caps: the most to read; checked before anything is unpacked, and while it is.

    Returns:
        The content by name, without folders. Raises BundleError for what cannot be read whole and safely.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_all(entries, shown, caps)
            return {entry.filename: _content(archive, entry, shown) for entry in entries if not entry.is_dir()}
    except zipfile.BadZipFile as problem:
        raise BundleError(f"{shown}: {_damage(stream, problem)}", hint=_AGAIN) from problem
    except (zlib.error, EOFError, struct.error) as problem:
        raise BundleError(f"{shown} is damaged: a member cannot be unpacked", hint=_AGAIN) from problem
    except (NotImplementedError, RuntimeError, ValueError, OverflowError, UnicodeError) as problem:
        raise BundleError(f"{shown} is no zip file that can be read: {problem}", hint=_AGAIN) from problem


def _damage(stream: BinaryIO, problem: Exception) -> str:
    """Tell a file that was cut off from one that never was an archive, and both from one that was changed."""
    stream.seek(0)
    if stream.read(2) != b"PK":
        return "it is no zip file"
    if "CRC" in str(problem):
        return "it is damaged: a member does not fit its checksum"
    return "it is cut off or damaged: its table of contents cannot be read"


def _check_all(entries: list[zipfile.ZipInfo], shown: str, caps: Caps) -> None:
    """Refuse, before anything is unpacked, what no bundle needs. Raises BundleError."""
    if len(entries) > caps.count:
        raise BundleError(f"{shown} holds {len(entries)} files, more than {caps.count}", hint=_AGAIN)
    seen: set[str] = set()
    for entry in entries:
        problem = _odd(entry, seen, caps)
        if problem:
            raise BundleError(f"{shown} is not safe to read: {problem}", hint=_AGAIN)
        seen.add(entry.filename)
    total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if total > caps.total:
        raise BundleError(f"{shown} unpacks to {total} bytes, more than {caps.total}", hint=_AGAIN)
    if total > _FREE_RATIO and total > _MOST_RATIO * packed:
        raise BundleError(f"{shown} unpacks to {total // max(packed, 1)} times its size", hint=_AGAIN)


def _odd(entry: zipfile.ZipInfo, seen: set[str], caps: Caps) -> str:
    """Say what is wrong with one entry; nothing where it is a plain file."""
    name = entry.filename
    shown = repr(name[:80])
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or _CONTROL.search(entry.orig_filename) or any(part in {"", ".", ".."} for part in parts):
        return f"the name {shown} leads out of it"
    if name in seen:
        return f"{shown} is in it twice"
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode) or (stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))):
        return f"{shown} is a link or a device"
    if entry.flag_bits & _ENCRYPTED:
        return f"{shown} is encrypted"
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return f"{shown} is packed by a method that bundles do not use"
    if entry.file_size > caps.member or entry.file_size < 0:
        return f"{shown} unpacks to {entry.file_size} bytes, more than {caps.member}"
    if entry.is_dir() and entry.file_size:
        return f"{shown} is a folder that has content"
    return ""


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str) -> bytes:
    """Unpack one member, no further than its entry says. Raises BundleError where there is less."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
        file.read(1)  # the end of a member is where its checksum is looked at
    if len(content) != entry.file_size:
        raise BundleError(f"{shown} is damaged: {entry.filename!r} has another size than it says", hint=_AGAIN)
    return content
