"""Files that strangers could write: nothing crashes, nothing takes for ever, and what is still legible is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openness_audit.scan.code import reading as scan
from openness_audit.scan.code.reading import decode, read_text, scan_code
from scan_kit import notebook

CALL = 'X.from_pretrained("lab-a/m-1")'
CODE = f"from transformers import X\n{CALL}\n"
KINDS = ("python", "notebook", "yaml", "json", "toml", "ini", "shell", "dockerfile", "markdown", "lines")
HOSTILE = {
    "nested brackets": "[" * 50_000,
    "nested braces": '{"a":' * 20_000,
    "nested calls": "f(" * 5_000 + ")" * 5_000,
    "a long sum": "x = " + " + ".join(["'a'"] * 20_000),
    "a long line": "model = '" + "a" * 1_000_000 + "'",
    "many quotes": "'\"" * 100_000,
    "many slashes": "a/" * 200_000,
    "many colons": "model: " * 50_000,
    "open call": "from_pretrained(" * 20_000,
    "open call with blanks": ("from_pretrained(" + " " * 300) * 2_000,
    "open fences": "```python\n" * 20_000,
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nmodel: *c\n" * 500,
    "anchors": "*a " * 10_000,
    "dollars": "--model ${" * 20_000,
    "backslashes": "\\" * 200_000,
    "continued": "vllm serve \\\n" * 20_000,
    "hosts": "https://huggingface.co/" * 20_000,
    "nulls": "\0" * 1000,
    "surrogates": "\udcff\udcfe model: lab-a/m-1",
    "wide": "𝔐𝔬𝔡𝔢𝔩 = 'lab-a/m-1' # \u202e \n" * 100,
    "heredocs": "RUN <<EOF\n" * 5_000,
    "magics": "%%bash\n!x\n%y\n" * 5_000,
    "keys": "".join(f"k{n} = 'a/b'\n" for n in range(20_000)),
    "comments": "# X.from_pretrained(\n" * 20_000,
    "alternatives": CODE + "if b: a = [a, a, a, a, a, a, a]\n" * 40 + "X.from_pretrained(a)\n",
    "bindings": CODE + "m = 'a/b'\n" * 3_000 + "X.from_pretrained(m)\n" * 500,
    "a long way": "m0 = 'a/b'\n" + "".join(f"m{n} = m{n - 1}\n" for n in range(1, 2_000)) + "X.from_pretrained(m1999)",
    "decorators": "@a\n" * 5_000 + "def f(): pass\n" + CODE,
    "signs": f"x = {'-' * 100_000}1\n{CODE}",
    "attributes": f"x = a{'.b' * 50_000}\n{CODE}",
    "stars": "from_pretrained('a/b', " * 5_000,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", HOSTILE, ids=str)
def test_nothing_a_stranger_writes_stops_a_reader(kind: str, what: str) -> None:
    text = HOSTILE[what] if kind != "notebook" else notebook([HOSTILE[what]])
    usages, _ = read_text("file", kind, text)

    assert len(usages) <= scan.MOST_USAGES


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_takes_an_empty_file(kind: str) -> None:
    assert read_text("file", kind, "")[0] == []


def test_a_notebook_that_is_no_json_is_read_by_its_lines() -> None:
    text = notebook([CODE])[:-5] + "<<<"
    told, why = read_text("file", "notebook", text)

    assert [(u.id, u.confidence) for u in told] == [("lab-a/m-1", "low")]
    assert why.startswith("not JSON")


@pytest.mark.parametrize(
    "content",
    [[], "text", None, {"cells": 3}, {"cells": [1, None, {}, {"source": 4}]}, {"cells": [{"cell_type": "code"}]}],
)
def test_a_notebook_of_another_shape_names_nothing(content: object) -> None:
    assert read_text("file", "notebook", json.dumps(content)) == ([], "")


def test_one_broken_cell_leaves_the_others() -> None:
    told, why = read_text(
        "file", "notebook", notebook(["NAME = 'lab-a/m-1'", "x = = 1", f"{CODE}X.from_pretrained(NAME)"])
    )

    assert [(u.cell, u.cell_line, u.confidence) for u in told] == [(3, 2, "high"), (3, 3, "high")]
    assert why == ""


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("yaml", "model: lab-a/m-1\nbad: [\n", "not YAML from line 3 on"),
        ("yaml", "a: b: c\nmodel: lab-a/m-1\n", "not YAML from line 1 on"),
        ("json", '{"model": "lab-a/m-1",\n', "not JSON: it ends inside what begins on line 1"),
        ("toml", 'model = "lab-a/m-1"\nx = \n', "not TOML: Invalid value (at line 2, column 5)"),
    ],
)
def test_a_broken_configuration_is_read_by_its_lines(kind: str, text: str, why: str) -> None:
    told, said = read_text("file", kind, text)

    assert ({u.id for u in told}, said) == ({"lab-a/m-1"}, why)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "cp1252"])
def test_encodings_do_not_hide_a_model(encoding: str) -> None:
    text = decode(f"# é\n{CODE}".replace("\n", "\r\n").encode(encoding))

    assert text is not None
    assert [(u.line, u.id) for u in read_text("file", "python", text)[0]] == [(3, "lab-a/m-1")]


def test_columns_count_characters_not_bytes() -> None:
    (usage,) = read_text("file", "python", 'from transformers import X\né = "ü"; X.from_pretrained("lab-a/m-1")')[0]

    assert usage.column == 28


@pytest.mark.parametrize("name", ["long.py", "long.ipynb"])
def test_a_file_too_long_to_parse_is_read_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(scan, "MOST_CODE_BYTES", 20_000)
    monkeypatch.setattr(scan, "PIECE", 5_000)
    filler = "x = 1\n" * 4000
    text = f"{filler}{CODE}" if name.endswith(".py") else notebook([filler, CODE])
    (tmp_path / name).write_text(text)
    code = scan_code([str(tmp_path)])
    line = next(n for n, s in enumerate(text.split("\n"), 1) if "lab-a/m-1" in s)

    assert [(u.line, u.id, u.confidence) for u in code.usages] == [(line, "lab-a/m-1", "low")]
    assert [(u.partly, u.why) for u in code.unread] == [(True, "0 MB is too long to parse")]


def test_an_ignore_file_made_to_take_long_is_harmless(tmp_path: Path) -> None:
    lines = ["*a" * 200, "**/" * 150 + "x", "[" * 300, "\\", "!", "*" * 390, "a" * 10_000, "(?:" * 50]
    (tmp_path / ".gitignore").write_text("\n".join(lines))
    (tmp_path / ("a" * 200 + ".py")).write_text(CODE)

    assert len(scan_code([str(tmp_path)]).usages) == 1
