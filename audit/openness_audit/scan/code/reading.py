"""Read files of code one by one and join what they name; one file's trouble never stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from openness_audit.model.usages import Code, Reader, Skipped, Unread, Usage
from openness_audit.scan.code.configs import read_config_json, read_config_toml, read_config_yaml, read_ini
from openness_audit.scan.code.dockerfile import read_dockerfile
from openness_audit.scan.code.gather import Sheet
from openness_audit.scan.code.ids import IsLocal
from openness_audit.scan.code.lines import read_lines
from openness_audit.scan.code.markdown_file import read_markdown
from openness_audit.scan.code.notebook import read_notebook
from openness_audit.scan.code.python_file import read_python
from openness_audit.scan.code.shell import read_shell
from openness_audit.scan.code.vocabulary import worth_reading
from openness_audit.scan.code.walk import MOST_FILES, REASONS, File, Tally, walk

MOST_BYTES = 2_000_000  # of one configuration, script or page
MOST_CODE_BYTES = 20_000_000  # of one Python file or notebook; a longer one is read piece by piece
MOST_PIECES_BYTES = 1_000_000_000
PIECE = 1_000_000  # bytes read at once of a file that is too long to parse
MOST_USAGES = 100_000  # of one scan


def _read_lines(sheet: Sheet, text: str) -> str:
    sheet.most = "low"
    read_lines(sheet, text)
    return ""


_READERS: dict[str, tuple[Reader, Callable[[Sheet, str], str]]] = {
    "python": ("python", read_python),
    "notebook": ("notebook", read_notebook),
    "yaml": ("config", read_config_yaml),
    "json": ("config", read_config_json),
    "toml": ("config", read_config_toml),
    "ini": ("config", read_ini),
    "shell": ("shell", read_shell),
    "dockerfile": ("dockerfile", read_dockerfile),
    "markdown": ("markdown", read_markdown),
    "lines": ("lines", _read_lines),
}


def read_text(path: str, kind: str, text: str, *, is_local: IsLocal = lambda _name: False) -> tuple[list[Usage], str]:
    """Read one text.

    Args:
        path: its path, for the usages.
        kind: how it is read: a key of `files` in the vocabulary.
        text: its content.
        is_local: tells a name that is a folder or file beside it.

    Returns:
        Its usages by place, and why it was read by its lines, or only in part; empty where it was read as it should.
    """
    reader, read = _READERS[kind]
    sheet = Sheet(path, reader, is_local)
    why = read(sheet, text)
    return sheet.usages(), why or ("it names too many models" if sheet.cut else "")


def scan_code(
    roots: Mapping[str, str] | Sequence[str],
    *,
    ignores: bool = True,
    limit: int = MOST_BYTES,
    progress: Callable[[str], None] = lambda _said: None,
) -> Code:
    """Find the models that the files below some folders name.

    Args:
        roots: folders and files; as a mapping, each to its path as reports name it.
        ignores: respect `.gitignore`.
        limit: bytes of the longest configuration, script or page that is read.
        progress: told now and then how far the scan is.

    Returns:
        The usages by place, what was passed over and what could not be read.
    """
    tally = Tally()
    usages: list[Usage] = []
    unread: list[Unread] = []
    files = 0
    named = roots if isinstance(roots, Mapping) else {root: root for root in roots}
    for file in _once(named, tally, ignores=ignores):
        if files >= MOST_FILES or len(usages) >= MOST_USAGES:
            tally.skip("too-many")
            continue
        found, trouble, reason = _file(file, limit)
        if reason:
            tally.skip(reason)
            continue
        files += trouble is None or trouble.partly
        usages += found
        unread += [trouble] if trouble else []
        if files % 100 == 0:
            progress(f"{files} files read")
    unread += [Unread(path=path, why=why) for path, why in tally.unread]
    return Code(
        roots=tuple(named.values()),
        files=files,
        usages=tuple(sorted(usages, key=lambda u: (u.path, u.line, u.column, u.id or "", u.kind))),
        skipped=tuple(
            Skipped(reason=r, count=tally.counts[r], why=why) for r, why in REASONS.items() if r in tally.counts
        ),
        unread=tuple(sorted(unread, key=lambda u: u.path)),
    )


def _once(roots: Mapping[str, str], tally: Tally, *, ignores: bool) -> Iterator[File]:
    """List the files of all roots, each once though roots overlap."""
    seen: set[str] = set()
    for root, shown in roots.items():
        for file in walk(root, tally, shown=shown, ignores=ignores):
            if len(roots) > 1:
                real = os.path.realpath(file.path)
                if real in seen:
                    continue
                seen.add(real)
            yield file


def _file(file: File, limit: int) -> tuple[list[Usage], Unread | None, str]:
    """Read one file: its usages, its trouble, and the reason why it is passed over, if it is."""
    code = file.kind in ("python", "notebook")
    if file.size > (MOST_PIECES_BYTES if code else limit):
        return [], None, "too-large"
    folder = Path(file.path).parent

    def is_local(name: str) -> bool:
        return "/" in name and ((folder / name).exists() or Path(name).exists())

    try:
        if file.size > MOST_CODE_BYTES:
            return _pieces(file, is_local)
        data = Path(file.path).read_bytes()
    except OSError as problem:
        return [], Unread(path=file.shown, why=str(problem.strerror)), ""
    text = decode(data)
    if text is None:
        return [], None, "binary"
    try:
        found, why = read_text(file.shown, file.kind, text, is_local=is_local)
    except RecursionError:
        found, why = read_text(file.shown, "lines", text, is_local=is_local)[0], "too deeply nested to parse"
    return found, Unread(path=file.shown, why=why, partly=True) if why else None, ""


def _pieces(file: File, is_local: IsLocal) -> tuple[list[Usage], Unread | None, str]:
    """Read a file that is too long to parse, a piece at a time, by its lines."""
    sheet = Sheet(file.shown, "notebook" if file.kind == "notebook" else "python", is_local)
    sheet.most = "low"
    line = 1
    with Path(file.path).open("rb") as stream:
        while data := stream.read(PIECE) + stream.readline(PIECE):
            if b"\0" in data:
                return [], None, "binary"
            text = data.decode("utf-8", "replace")
            said = text.replace('\\"', '"') if file.kind == "notebook" else text
            if worth_reading(said):
                read_lines(sheet, said, line=line)
            line += text.count("\n")
    why = f"{file.size // 1_000_000} MB is too long to parse"
    return sheet.usages(), Unread(path=file.shown, why=why, partly=True), ""


def decode(data: bytes) -> str | None:
    """Give the text of a file; None for what is no text. Names of models are ASCII, so that any guess reads them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _lines(data.decode("utf-16"))
        except UnicodeDecodeError:
            return None
    if b"\0" in data:
        return None
    try:
        return _lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _lines(data.decode("latin-1"))


def _lines(text: str) -> str:
    """Make every line end one sign, as parsers count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
