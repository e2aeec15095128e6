"""Bundles that were tampered with, damaged, made to do harm, or of another version: each is refused in a sentence."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundle_kit import Program, members, sealed
from openness_audit.bundles.archive import Caps, pack, unpack
from openness_audit.bundles.read import read
from openness_audit.errors import AuditError, BundleError, TamperedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Files = dict[str, bytes]
CAPS = Caps(member=1000, total=5000, count=8)


def answer_of(files: Files) -> str:
    return next(name for name in sorted(files) if name.startswith("answers/"))


def entry(name: str, body: bytes = b"x", mode: int = 0o100644, *, first: bytes = b"") -> bytes:
    whole = io.BytesIO(first)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, body)
    return whole.getvalue()


def twice(name: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(name, b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, b"two")
    return whole.getvalue()


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite a field of the first header with this signature."""
    at = data.index(signature) + offset
    return data[:at] + value + data[at + len(value) :]


def encrypted() -> bytes:
    data = patched(entry("a"), b"PK\x01\x02", 8, b"\x01\x00")
    return patched(data, b"PK\x03\x04", 6, b"\x01\x00")


def bzipped() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a", b"x")
    return whole.getvalue()


ARCHIVES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is no zip file"),
    "text": (b"hello " * 100, "is no zip file"),
    "cut off": (entry("a", b"x" * 500)[:-30], "cut off or damaged"),
    "only the beginning": (b"PK\x03\x04", "cut off or damaged"),
    "upward": (entry("../a"), "leads out of it"),
    "upward within": (entry("a/../../b"), "leads out of it"),
    "absolute": (entry("/etc/passwd"), "leads out of it"),
    "of another system": (entry("..\\a"), "leads out of it"),
    "of a drive": (entry("C:/a"), "leads out of it"),
    "null": (patched(patched(entry("abc"), b"abc", 1, b"\x00"), b"PK\x01\x02", 47, b"\x00"), "leads out of it"),
    "link": (entry("a", b"/etc/passwd", stat.S_IFLNK | 0o777), "a link or a device"),
    "pipe": (entry("a", b"", stat.S_IFIFO | 0o644), "a link or a device"),
    "twice": (twice("a"), "is in it twice"),
    "encrypted": (encrypted(), "is encrypted"),
    "another method": (bzipped(), "packed by a method"),
    "bomb": (entry("a", b"\0" * 100_000), "unpacks to 100000 bytes, more than 1000"),
    "many": (pack({f"f{number}": b"" for number in range(9)}), "holds 9 files, more than 8"),
    "all too large": (pack({f"f{number}": b"x" * 999 for number in range(6)}), "unpacks to 5994 bytes, more than 5000"),
    "size that lies": (patched(entry("a", b"\0" * 900), b"PK\x01\x02", 24, struct.pack("<L", 9)), "damaged"),
    "size of 64 bits": (patched(entry("a"), b"PK\x01\x02", 24, b"\xff\xff\xff\xff"), ""),
    "checksum": (patched(entry("a", b"x" * 99), b"PK\x01\x02", 16, b"1234"), "does not fit its checksum"),
    "content": (patched(pack({"a": b"hello"}, stored=frozenset({"a"})), b"hello", 0, b"world"), "fit its checksum"),
    "another name inside": (patched(entry("abc"), b"abc", 0, b"xyz"), "damaged"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_made_to_do_harm_is_refused_and_named(name: str) -> None:
    data, said = ARCHIVES[name]
    with pytest.raises(BundleError) as refused:
        unpack(data, "it", CAPS)
    assert said in refused.value.message
    assert "\n" not in refused.value.message


def test_a_bomb_is_seen_by_how_well_it_is_packed() -> None:
    data = pack({"a": b"\0" * (80 << 20)})
    with pytest.raises(BundleError, match="times its size"):
        unpack(data, "it", Caps(member=1 << 30, total=1 << 30, count=8))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_bundle_that_was_damaged_anywhere_is_refused_or_the_same(owl: Path, data: st.DataObject) -> None:
    whole = bytearray(owl.read_bytes()[: -1 if data.draw(st.booleans()) else None])
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    path = owl.with_name("damaged.bundle")
    path.write_bytes(whole)
    try:
        found = read(path)
    except (BundleError, TamperedError):
        return
    assert found == read(owl)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_anything_at_all_is_refused(owl: Path, data: bytes) -> None:
    path = owl.with_name("odd.bundle")
    path.write_bytes(data)
    with pytest.raises(BundleError):
        read(path)


def changed(files: Files) -> bytes:
    return pack({**files, answer_of(files): b"another answer"})


def added(files: Files) -> bytes:
    return pack({**files, "answers/" + "0" * 64: b"more"})


def missing(files: Files) -> bytes:
    return pack({name: body for name, body in files.items() if name != answer_of(files)})


def stranger(files: Files) -> bytes:
    return sealed({**files, "notes.txt": b"read me"})


def renamed(files: Files) -> bytes:
    files["answers/" + "0" * 64] = files.pop(answer_of(files))
    return sealed(files)


def replaced(files: Files) -> bytes:
    """An answer exchanged for another, everything else put right."""
    contents = json.loads(files["contents.json"])
    body = next(row["answer"] for row in contents["requests"] if row["answer"])["body"]
    files["answers/" + "0" * 64] = files.pop(f"answers/{body}")
    return sealed({**files, "contents.json": files["contents.json"].replace(body.encode(), b"0" * 64)})


def loose(files: Files) -> bytes:
    files["contents.json"] = files["contents.json"].replace(answer_of(files)[8:].encode(), b"1" * 64)
    return sealed(files)


def another_audit(files: Files) -> bytes:
    """The recorded audit bettered, its member's digest put right, but not that of the audit."""
    return sealed({**files, "audit.json": files["audit.json"].replace(b'"closed"', b'"open"')})


def other_rules(files: Files) -> bytes:
    return sealed({**files, "ruleset.zip": pack({"rules/components/x.yaml": b"id: x"})})


def lying(key: str, value: Any) -> Callable[[Files], bytes]:
    def change(manifest: dict[str, Any]) -> None:
        manifest[key] = value

    return lambda files: sealed(files, change)


def listed_twice(files: Files) -> bytes:
    return sealed(files, lambda manifest: manifest["members"].append(manifest["members"][0]))


def asked_twice(files: Files) -> bytes:
    contents = json.loads(files["contents.json"])
    contents["requests"].append(contents["requests"][0])
    return sealed({**files, "contents.json": json.dumps(contents).encode()})


def without(name: str) -> Callable[[Files], bytes]:
    return lambda files: sealed({n: body for n, body in files.items() if n != name} | {})


BASE = "https://openness-audit.dev/schemas/evidence-"
TAMPERED: dict[str, tuple[Callable[[Files], bytes], int, str]] = {
    "changed member": (changed, 1, "was changed"),
    "added member": (added, 1, "was added"),
    "missing member": (missing, 1, "is missing"),
    "member of no kind": (stranger, 1, "does not belong in a bundle"),
    "member of another name": (renamed, 1, "is not named by its digest"),
    "answer exchanged": (replaced, 1, "is not named by its digest"),
    "answer that is not there": (loose, 1, "is missing"),
    "audit bettered": (another_audit, 1, "the recorded audit has another digest"),
    "rules exchanged": (other_rules, 1, "the rules are not those it names"),
    "digest that lies": (lying("audit", "sha256:" + "0" * 64), 1, "another digest"),
    "members listed twice": (listed_twice, 1, "twice"),
    "request listed twice": (asked_twice, 1, "one request is listed twice"),
    "no audit": (without("audit.json"), 1, "it does not list 'audit.json'"),
    "no contents": (without("contents.json"), 1, "it does not list 'contents.json'"),
    "newer": (lying("schema", f"{BASE}2.json"), 2, "of version 2; this modelaudit reads 1"),
    "older": (lying("schema", f"{BASE}0.json"), 2, "of version 0; this modelaudit reads 1"),
    "of another kind": (lying("schema", "https://example.org/x"), 2, "its schema is"),
    "field of no kind": (lying("more", 1), 2, "manifest.json is not as it has to be"),
    "manifest that is no JSON": (lambda files: pack({**files, "manifest.json": b"{"}), 2, "cannot be read"),
    "no manifest": (lambda _: pack({"a": b""}), 2, "it holds no manifest.json"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_named_and_ends_in_its_exit_code(
    program: Program, owl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make, code, said = TAMPERED[name]
    path = tmp_path / "other.bundle"
    path.write_bytes(make(members(owl)))

    assert program("replay", str(path), "-o", str(tmp_path / "out.json")) == code

    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert len(shown.err.splitlines()) == 2
    assert not (tmp_path / "out.json").exists()


def test_an_archive_packed_anew_is_the_same_bundle(program: Program, owl: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.bundle"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.mkdir("answers")
        for name, body in sorted(members(owl).items(), reverse=True):
            archive.writestr(name, body)

    assert read(path) == read(owl)
    assert program("replay", str(path), "-q") == 0


def test_an_audit_bettered_with_all_digests_put_right_does_not_come_out(
    program: Program, owl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openness_audit.bundles.canonical import digest  # noqa: PLC0415 - what a forger would use

    files = members(owl)
    files["audit.json"] = files["audit.json"].replace(b'"license": "', b'"license": "X')
    path = tmp_path / "forged.bundle"
    path.write_bytes(sealed(files, lambda manifest: manifest.update(audit=digest(files["audit.json"]))))

    assert program("replay", str(path), "-q") == 1
    assert "make another audit of this evidence than the recorded one" in capsys.readouterr().err


def test_only_the_bundle_that_is_expected_is_read(
    program: Program, owl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = read(owl).name

    assert program("replay", str(owl), "-q", "--expect", name) == 0
    assert program("replay", str(owl), "-q", "--expect", "sha256:" + "0" * 64) == 1
    assert f"the digest of its manifest is {name}" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["nowhere.bundle"], ["."]])
def test_a_file_that_cannot_be_read_is_told(program: Program, words: list[str]) -> None:
    assert program("replay", *words) == 2


def test_every_refusal_says_what_to_do_next(owl: Path, tmp_path: Path) -> None:
    for make, _, _ in TAMPERED.values():
        path = tmp_path / "other.bundle"
        path.write_bytes(make(members(owl)))
        with pytest.raises(AuditError) as refused:
            read(path)
        assert refused.value.hint
