"""The patch of a card applies with `patch`, changes nothing else, and fills in nothing that was not read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openness_audit.collect.card.frontmatter import read_front_matter
from openness_audit.fixes.card_patch import card_patch
from openness_audit.model.fixes import Addition

PATCH = shutil.which("patch") or ""
pytestmark = pytest.mark.skipif(not PATCH, reason="the program `patch` is not installed")
LICENSE = Addition(where="front-matter", key="license", text="license: apache-2.0", filled=True)
NO_LICENSE = Addition(where="front-matter", key="license", text="license: FILL IN  (an id)")
BASE = Addition(where="front-matter", key="base_model", text="base_model: org/base", filled=True)
DATA = Addition(where="front-matter", key="datasets", text="datasets:\n- org/one\n- org/two", filled=True)
STUB = Addition(where="section", key="Training data", text="FILL IN: every corpus.")
ALL = (LICENSE, BASE, DATA, STUB)


def patched(folder: Path, card: bytes | None, diff: str) -> bytes:
    """Apply a diff with `patch`, which must take every hunk where it says."""
    target = folder / "README.md"
    if card is not None:
        target.write_bytes(card)
    done = subprocess.run(
        [PATCH, "-p1", "--batch", "--binary"], cwd=folder, input=diff.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"offset" not in done.stdout
    assert b"fuzz" not in done.stdout
    return target.read_bytes()


def after(folder: Path, card: bytes, additions: tuple[Addition, ...] = ALL) -> str:
    text = card.removeprefix(b"\xef\xbb\xbf").decode()
    made = card_patch(text, additions, digest=hashlib.sha256(card).hexdigest())
    assert made.diff, made.notes
    return patched(folder, card, made.diff).decode()


def test_keys_and_a_section_are_added(tmp_path: Path) -> None:
    told = after(tmp_path, b"---\ntags:\n- x\n---\n# Model\n\nWords.\n")

    assert told == (
        "---\ntags:\n- x\nlicense: apache-2.0\nbase_model: org/base\ndatasets:\n- org/one\n- org/two\n---\n"
        "# Model\n\nWords.\n\n## Training data\n\n<!-- FILL IN: every corpus. -->\n"
    )


def test_a_blank_is_a_comment(tmp_path: Path) -> None:
    told = after(tmp_path, b"---\ntags: [x]\n---\n# M\n", (NO_LICENSE,))

    assert told == "---\ntags: [x]\n# license: FILL IN  (an id)\n---\n# M\n"
    assert read_front_matter(told).values == {"tags": ["x"]}


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        ("datasets:\n- org/old\n", "datasets:\n- org/old\n- org/one\n- org/two\n"),
        (
            "datasets:\n    - org/old\ntags: [x]\n",
            "datasets:\n    - org/old\n    - org/one\n    - org/two\ntags: [x]\n",
        ),
        ("datasets: [org/old]\n", "datasets: [org/old, org/one, org/two]\n"),
        ("datasets: org/one\n", "datasets:\n- org/one\n- org/two\n"),
        ("datasets:\n", "datasets:\n- org/one\n- org/two\n"),
        ("license:\ndatasets: []\n", None),
    ],
)
def test_a_list_is_added_to_as_it_is_written(tmp_path: Path, front: str, wanted: str | None) -> None:
    card = f"---\n{front}---\n# M\n"
    if wanted is None:
        assert card_patch(card, (DATA,)).diff == ""
        return
    assert after(tmp_path, card.encode(), (DATA,)) == f"---\n{wanted}---\n# M\n"


def test_an_empty_value_is_replaced(tmp_path: Path) -> None:
    assert after(tmp_path, b"---\nlicense:\ntags: [x]\n---\nHi\n", (LICENSE,)) == (
        "---\nlicense: apache-2.0\ntags: [x]\n---\nHi\n"
    )


@pytest.mark.parametrize(
    "card",
    [
        b"# Model\n\nWords.\n",
        b"\n\n# Model\n",
        b"",
        b"\n",
        b"---\n---\n# Model\n",
        b"---\ntags:\n- x\n\n# Never closed\n\nWords.\n",
        b"---\r\ntags: [x]\r\n---\r\n# Model\r\n\r\nWords.\r\n",
        b"\xef\xbb\xbf---\ntags: [x]\n---\n# Model\n",
        b"\xef\xbb\xbf# Model\n",
        b"\xef\xbb\xbf---\r\ntags: [x]\r\n---\r\n# Model",
        b"---\ntags: [x]\n---\nNo line feed at the end",
        b"---\ntags: [x]\n---",
        b"No metadata, no line feed",
        b"---\ntags: [x]\n---\n\x1b[31mred\x1b[0m\nwords\n\x07\n",
        "---\ntags: [x]\n---\n# Modèle \u202eabc\n模型\n".encode(),
    ],
    ids=repr,
)
def test_any_card_takes_the_patch(tmp_path: Path, card: bytes) -> None:
    told = after(tmp_path, card)

    found = read_front_matter(told)
    assert found.state == "ok"
    assert {k: found.values[k] for k in ("license", "base_model", "datasets")} == {
        "license": "apache-2.0",
        "base_model": "org/base",
        "datasets": ["org/one", "org/two"],
    }
    assert told.count("## Training data") == 1
    old = card.decode().removeprefix("\ufeff").replace("\r\n", "\n").splitlines()
    new = told.removeprefix("\ufeff").replace("\r\n", "\n").splitlines()
    assert [row for row in new if row in old and row.strip("- ")] == [row for row in old if row.strip("- ")]
    assert told.count("\r\n") in (0, told.count("\n"))


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("---\ntags: [x\nlicense: : :\n---\n# M\n", "cannot be read"),
        ("---\n- a\n- list: here\n---\n# M\n", "cannot be read"),
        ("one\rtwo\rthree\r", "carriage returns"),
    ],
)
def test_metadata_that_cannot_be_read_is_left_alone(card: str, said: str) -> None:
    made = card_patch(card, (LICENSE,))

    assert (made.diff, [said in note for note in made.notes]) == ("", [True])


def test_bytes_that_are_not_the_text_give_no_patch() -> None:
    made = card_patch("caf\ufffd\n", ALL, digest=hashlib.sha256(b"caf\xe9\n").hexdigest())

    assert made.diff == ""
    assert "UTF-8" in made.notes[0]


def test_a_card_that_is_not_there_is_made(tmp_path: Path) -> None:
    made = card_patch(None, ALL)

    told = patched(tmp_path, None, made.diff).decode()
    assert told.startswith("---\nlicense: apache-2.0\n")
    assert told.endswith("## Training data\n\n<!-- FILL IN: every corpus. -->\n")
    assert made.blanks == 1


def test_nothing_to_add_gives_no_patch() -> None:
    assert card_patch("# M\n", ()).diff == ""


def test_a_stub_goes_below_its_heading(tmp_path: Path) -> None:
    told = after(tmp_path, b"---\na: b\n---\n# M\n## Training Data\n\n## Other\n", (STUB,))

    assert told == "---\na: b\n---\n# M\n## Training Data\n\n<!-- FILL IN: every corpus. -->\n\n## Other\n"


def test_hostile_lines_are_no_context() -> None:
    made = card_patch("---\na: \x1b]0;x\x07b\n---\nline\n", (BASE, STUB))

    assert "\x1b" not in made.diff


LINES = st.lists(
    st.sampled_from(
        ["---", "a: b", "license:", "# Training data", "## X", "words", "", "- x", "```", "\tq", "datasets:", "é\u202e"]
    ),
    max_size=14,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), last=st.booleans(), mark=st.booleans())
def test_every_patch_applies(tmp_path: Path, lines: list[str], *, end: str, last: bool, mark: bool) -> None:
    card = (("\ufeff" if mark else "") + end.join(lines) + (end if last else "")).encode()
    made = card_patch(card.removeprefix(b"\xef\xbb\xbf").decode(), ALL, digest=hashlib.sha256(card).hexdigest())
    if not made.diff:
        assert made.notes
        return

    told = patched(tmp_path, card, made.diff).decode()

    before, found = read_front_matter(card.decode()), read_front_matter(told)
    if before.state == "ok":
        filled = {"license", "base_model", "datasets"}
        assert {k: v for k, v in found.values.items() if k not in filled} == {
            k: v for k, v in before.values.items() if k not in filled
        }
