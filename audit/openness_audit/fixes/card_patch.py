"""Write what to add to a card as a unified diff that `patch` and `git apply` take, whatever its bytes. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from openness_audit.fixes.card_edits import Edit, edits_for
from openness_audit.model.fixes import Addition

__all__ = ["CardPatch", "card_patch"]

CONTEXT = 3
NAME = "README.md"
_BOM = "\ufeff"
_NO_END = "\\ No newline at end of file"


class CardPatch(Struct, frozen=True, kw_only=True):
    """A diff (empty: nothing to add, or nothing that can be), what was left out and why, and how many blanks there are.

    Where there is no diff, `blanks` are those of an earlier patch that the card still holds.
    """

    diff: str
    notes: tuple[str, ...] = ()
    blanks: int = 0


def card_patch(text: str | None, additions: Iterable[Addition], *, digest: str | None = None) -> CardPatch:
    """Make the patch of a card.

    Args:
        text: the card as it is, carriage returns included; None where there is none.
        additions: what to add.
        digest: the sha256 of the file's bytes; tells whether `text` is the file to the letter.

    Returns:
        The patch; it changes no byte of the card but the lines it replaces, and never fills in what was not read.
    """
    wanted = tuple(additions)
    if not wanted:
        return CardPatch(diff="")
    if text is None:
        return _new(wanted)
    whole = _to_the_letter(text, digest)
    if whole is None:
        return CardPatch(
            diff="", notes=("the card is not plain UTF-8 text, or only its beginning was read: no patch would fit",)
        )
    if "\r" in whole.replace("\r\n", ""):
        return CardPatch(
            diff="", notes=("the card ends lines with carriage returns alone: write it with line feeds first",)
        )
    mark = _BOM if whole.startswith(_BOM) else ""
    body = whole.removeprefix(_BOM)
    done = edits_for(body.replace("\r\n", "\n"), wanted)
    if not done.edits:
        return CardPatch(diff="", notes=tuple(done.notes), blanks=body.count("FILL IN"))
    end = "\r" if body.count("\r\n") * 2 > body.count("\n") else ""
    lines = (mark + body).split("\n")
    if mark and done.edits[0].at == 0:  # a mark in front of the block would hide it
        first = done.edits[0]
        done.edits[0] = Edit(
            0, 1, (*first.lines, body.split("\n")[0].removesuffix("\r")) if not first.count else first.lines
        )
    diff = _diff(
        lines, [Edit(e.at, e.count, tuple(f"{row}{end}" for row in e.lines)) for e in _merged(done.edits)], end
    )
    return CardPatch(diff=diff, notes=tuple(done.notes), blanks=_blanks(done.edits))


def _blanks(edits: Iterable[Edit]) -> int:
    return sum(row.count("FILL IN") for edit in edits for row in edit.lines)


def _to_the_letter(text: str, digest: str | None) -> str | None:
    """Give the text with the mark its file begins with; None where the file holds other bytes."""
    if digest is None:
        return text
    for whole in (text, _BOM + text):
        if hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest() == digest:
            return whole
    return None


def _new(additions: tuple[Addition, ...]) -> CardPatch:
    """Write the card that is not there."""
    done = edits_for("", additions)
    rows = [row for edit in done.edits for row in edit.lines]
    head = f"--- /dev/null\n+++ b/{NAME}\n@@ -0,0 +1,{len(rows)} @@\n"
    return CardPatch(
        diff=head + "".join(f"+{row}\n" for row in rows), notes=tuple(done.notes), blanks=_blanks(done.edits)
    )


def _is_plain(line: str) -> bool:
    """Say whether a line may be shown on a terminal as it is."""
    return all(char == "\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in line.removesuffix("\r"))


def _hunks(edits: list[Edit], lines: Sequence[str]) -> list[tuple[int, int, list[Edit]]]:
    """Group edits whose context touches; each with its first line and the line behind its last one."""
    total = len(lines) - 1 if lines[-1] == "" else len(lines)
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        above = next(
            (n for n in range(min(CONTEXT, edit.at)) if not _is_plain(lines[edit.at - 1 - n])), min(CONTEXT, edit.at)
        )
        after = edit.at + edit.count
        room = min(CONTEXT, total - after)
        below = next((n for n in range(room) if not _is_plain(lines[after + n])), room)
        if above < min(CONTEXT, edit.at) or below < room:  # uneven context would tie the hunk to an end of the file
            above = below = min(above, below)
        first, last = edit.at - above, after + below
        if groups and first <= groups[-1][1]:
            groups[-1] = (groups[-1][0], max(last, groups[-1][1]), [*groups[-1][2], edit])
        else:
            groups.append((first, last, [edit]))
    return groups


def _merged(edits: Iterable[Edit]) -> list[Edit]:
    """Put together what is added at one place."""
    out: list[Edit] = []
    for edit in edits:
        if out and not edit.count and out[-1].at + out[-1].count == edit.at:
            out[-1] = Edit(out[-1].at, out[-1].count, (*out[-1].lines, *edit.lines))
        else:
            out.append(edit)
    return out


def _diff(lines: Sequence[str], edits: list[Edit], end: str) -> str:
    """Write the hunks."""
    open_end = len(lines) if lines[-1] != "" else -1  # lines in a file that ends without a line feed
    if open_end == len(lines) and any(e.at == open_end for e in edits):
        # the missing line feed is a change of the last line
        edits = [Edit(e.at - 1, 1, (f"{lines[-1]}{end}", *e.lines)) if e.at == open_end else e for e in edits]
    out, moved = [f"--- a/{NAME}\n", f"+++ b/{NAME}\n"], 0
    for first, last, group in _hunks(edits, lines):
        rows, at = [], first
        for edit in group:
            rows += _rows(" ", lines, range(at, edit.at), open_end)
            rows += _rows("-", lines, range(edit.at, edit.at + edit.count), open_end)
            rows += [f"+{row}\n" for row in edit.lines]
            at = edit.at + edit.count
        rows += _rows(" ", lines, range(at, last), open_end)
        old = last - first
        new = old + sum(len(e.lines) - e.count for e in group)
        start, start_new = (first + 1 if old else first), (first + moved + 1 if new else first + moved)
        out += [f"@@ -{start},{old} +{start_new},{new} @@\n", *rows]
        moved += new - old
    return "".join(out)


def _rows(sign: str, lines: Sequence[str], numbers: range, open_end: int) -> list[str]:
    """Write old lines; the one that ends the file without a line feed says so."""
    return [f"{sign}{lines[n]}\n" + (f"{_NO_END}\n" if n + 1 == open_end else "") for n in numbers]
