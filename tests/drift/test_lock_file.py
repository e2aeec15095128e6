"""The lock file: what is written is read back, and what strangers or accidents made of it is named."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_kit import SAMPLE, SNAPSHOTS, change
from fuzz_budget import examples
from openness_audit.drift import lockfile
from openness_audit.drift.lockfile import EDITED, parse, render, replaced, sealed
from openness_audit.errors import UsageError
from openness_audit.model.lock import Approval, Entry, Lock, Snapshot

APPROVAL = Approval(approver="J. Doe", at="2026-11-21T09:00:00Z", ticket="LEGAL-12")
NAMES = ("zeta/owl", "acme/tern", "Acme/Auk")


def entry(name: str = "acme/tern") -> Entry:
    return sealed(change(SAMPLE, id=name), APPROVAL)


def lock(*names: str) -> str:
    rows: tuple[lockfile.Row, ...] = ()
    for name in names or NAMES:
        rows = replaced(rows, entry(name))
    return render(rows)


def refused(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "modelaudit.lock.json")
    return caught.value.message, caught.value.hint


def test_entries_are_sorted_whatever_the_order_of_approval() -> None:
    assert lock(*NAMES) == lock(*reversed(NAMES))
    assert [row.model for row in parse(lock().encode(), "x")] == ["Acme/Auk", "acme/tern", "zeta/owl"]


@settings(max_examples=examples(50))
@given(SNAPSHOTS, st.text(min_size=1, max_size=40))
def test_what_is_written_is_read_back(one: Snapshot, note: str) -> None:
    held = sealed(one, msgspec.structs.replace(APPROVAL, note=note))
    text = render(replaced((), held))
    (row,) = parse(text.encode("utf-8", "surrogatepass"), "x")

    assert (row.entry, row.why) == (held, "")
    assert render((row,)) == text
    assert msgspec.json.decode(text, type=Lock).entries == (held,)


def test_each_entry_knows_its_line() -> None:
    text = lock()
    lines = text.splitlines()

    for row in parse(text.encode(), "x"):
        assert row.line is not None
        assert lines[row.line - 1].strip() == f'"model": "{row.model}",'


def test_a_mark_is_one_line_so_that_branches_merge() -> None:
    assert any(line.strip().startswith('{"path": ') and line.rstrip(",").endswith("}") for line in lock().splitlines())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"expression": "LicenseRef-tern"', '"expression": "MIT"'),
        ('"approver": "J. Doe"', '"approver": "R. Roe"'),
        ('"score_low": ', '"score_low": 1'),
        ('"id": "acme/tern"', '"id": "acme/other"'),
        ('"model": "acme/tern"', '"model": "acme/other"'),
        ('"digest": "sha256:', '"digest": "sha512:'),
        ('"gated": false', '"gated": "perhaps"'),
        ('"asked": ', '"asked_for": '),
    ],
)  # fmt: skip
def test_an_entry_edited_by_hand_is_named_and_the_others_are_read(old: str, new: str) -> None:
    text = lock("acme/tern", "zeta/owl")
    edited = text.replace(old, new, 1)
    assert edited != text
    one, two = parse(edited.encode(), "x")

    assert (two.why, two.model) == ("", "zeta/owl")
    assert one.entry is None
    assert "edited" in one.why
    assert json.loads(render((one, two)))["entries"][0] == json.loads(edited)["entries"][0], "kept as it was"


def test_layout_is_no_edit() -> None:
    squeezed = json.dumps(json.loads(lock()), sort_keys=True)

    assert [row.why for row in parse(squeezed.encode(), "x")] == ["", "", ""]


def test_conflict_markers_are_told_with_their_line_and_how_to_mend_them() -> None:
    ours, theirs = lock("acme/tern").splitlines(), lock("zeta/owl").splitlines()
    merged = "\n".join([*ours[:3], "<<<<<<< HEAD", *ours[3:], "=======", *theirs[3:], ">>>>>>> branch", ""])
    message, hint = refused(merged)

    assert message.startswith("modelaudit.lock.json:4: ")
    assert "delete the lines that begin with <<<<<<<" in hint


def test_entries_of_two_branches_merged_as_asked_are_trusted() -> None:
    ours, theirs = (json.loads(lock(name)) for name in ("acme/tern", "zeta/owl"))
    ours["entries"] += theirs["entries"]

    assert [row.why for row in parse(json.dumps(ours).encode(), "x")] == ["", ""]


def test_two_entries_of_one_model_hold_neither() -> None:
    both = json.loads(lock("acme/tern"))
    both["entries"] *= 2
    text = json.dumps(both, indent=1)
    rows = parse(text.encode(), "x")

    assert [row.entry for row in rows] == [None, None]
    assert "2 entries (lines 5 and " in rows[0].why
    assert [row.why for row in parse(render(replaced(rows, entry())).encode(), "x")] == [""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("{", ":1: this is not JSON"),
        ("\n\nhello", ":3: this is not JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        ("[]", "names no schema"),
        ("null", "names no schema"),
        ('{"schema": 1}', "names no schema"),
        ('{"schema": "https://openness-audit.dev/schemas/audit-1.json", "entries": []}', "its schema is"),
        ('{"schema": "https://openness-audit.dev/schemas/lock-2.json", "more": {}}', "a newer modelaudit (version 2"),
        ('{"schema": "https://openness-audit.dev/schemas/lock-1.json"}', "no list of entries"),
        ('{"schema": "https://openness-audit.dev/schemas/lock-1.json", "entries": {}}', "no list of entries"),
        ('{"schema": "https://openness-audit.dev/schemas/lock-1.json", "entries": [], "x": 1}', "it has a key 'x'"),
        ('{"schema": "a", "schema": "b"}', "'schema' stands twice"),
        ("[" * 100_000, "is no lock"),
        ('{"schema": "\x1b[31m"}', "not JSON"),
        ('{"schema": "\\u001b[31m", "entries": []}', "its schema is '\\\\x1b[31m'"),
    ],
    ids=[
        "empty", "blank", "cut", "words", "no-utf8", "list", "null", "number", "audit", "newer", "none", "entries",
        "key", "twice", "deep", "escape", "escaped",
    ],
)  # fmt: skip
def test_what_is_no_lock_is_refused(text: str | bytes, said: str) -> None:
    message, hint = refused(text)

    assert said in message
    assert hint
    assert "\x1b" not in message


@pytest.mark.parametrize("raw", [None, 1, "x", [], {}, {"model": 3}, {"model": ""}, {"model": "acme/tern"}])
def test_what_is_no_entry_is_named_by_its_place(raw: object) -> None:
    document = json.loads(lock("zeta/owl"))
    document["entries"].insert(0, raw)
    odd, good = parse(json.dumps(document).encode(), "x")

    assert (good.why, odd.entry) == ("", None)
    assert odd.model in ("entry 1", "acme/tern")
    assert odd.why
    assert odd.why != EDITED
    assert json.loads(render((odd, good)))["entries"].count(raw) == 1
