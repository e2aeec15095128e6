"""Every id that is planted in code is found at its line, once, and nothing else is."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openness_audit.model.usages import Usage
from openness_audit.scan.code.reading import read_text
from scan_kit import DOCKER, HEAD, IDS, LOW, PYTHON, SHA, SHELL, TOML, YAML, Planted, found, notebook, planted, written


def usages(kind: str, text: str) -> list[Usage]:
    return read_text("file", kind, text)[0]


def one(kind: str, text: str) -> Usage:
    (usage,) = usages(kind, text)
    return usage


@settings(deadline=None)
@given(planted(PYTHON))
def test_what_is_planted_in_python_is_found(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written(chosen, HEAD)

    assert found("python", text) == where


@settings(deadline=None)
@given(planted(SHELL))
def test_what_is_planted_in_a_script_is_found(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written(chosen, "#!/bin/sh\n")

    assert found("shell", text) == where


@settings(deadline=None)
@given(planted(YAML))
def test_what_is_planted_in_yaml_is_found(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written(chosen, "", "---\n")

    assert found("yaml", text) == where


@settings(deadline=None)
@given(planted(TOML))
def test_what_is_planted_in_toml_is_found(chosen: list[tuple[Planted, str]]) -> None:
    text = "".join(f"[table-{at}]\n{piece.text.format(id=name)}\n" for at, (piece, name) in enumerate(chosen))
    names = {(piece.kind, name) for piece, name in chosen}
    told = found("toml", text)

    assert {(kind, name) for kind, _, name in told} == names
    assert all(str(name) in text.split("\n")[line - 1] for _, line, name in told)


@settings(deadline=None)
@given(planted(DOCKER))
def test_what_is_planted_in_a_dockerfile_is_found(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written(chosen, "FROM python:3.11\n")

    assert found("dockerfile", text) >= where
    assert {name for _, _, name in found("dockerfile", text)} == {name for _, _, name in where}


@settings(deadline=None)
@given(st.lists(IDS, min_size=1, max_size=6, unique=True), st.integers(0, 4))
def test_what_is_planted_in_json_is_found(names: list[str], indent: int) -> None:
    text = json.dumps({"a": [{"model_name_or_path": name, "x": 1} for name in names]}, indent=indent or None)
    lines = text.split("\n")

    assert found("json", text) == {
        ("model", next(n for n, s in enumerate(lines, 1) if f'"{i}"' in s), i) for i in names
    }


@settings(deadline=None)
@given(planted(PYTHON), st.booleans())
def test_what_is_planted_in_a_notebook_is_found_at_its_line_and_cell(
    chosen: list[tuple[Planted, str]], joined: bool
) -> None:
    cells = [HEAD, *(piece.text.format(id=name) for piece, name in chosen)]
    text = notebook(cells, joined=joined)
    told = usages("notebook", text)

    assert {(u.kind, u.id, u.cell, u.cell_line) for u in told} == {
        (piece.kind, name, at, piece.line) for at, (piece, name) in enumerate(chosen, 2)
    }
    # the place in the file is where the argument stands, which may be a constant's name: its line is part of the cell
    assert all(_said(text, u) in cells[(u.cell or 1) - 1] for u in told)


def _said(text: str, usage: Usage) -> str:
    line = text.split("\n")[usage.line - 1].strip()
    said: str = json.loads(line.removeprefix('"source": ').rstrip(","))
    return said


@settings(deadline=None)
@given(planted(LOW))
def test_what_stands_in_comments_and_docstrings_is_told_with_low_confidence(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written(chosen, HEAD)

    assert found("python", text) == where
    assert {u.confidence for u in usages("python", text)} == {"low"}


@settings(deadline=None)
@given(planted(PYTHON), planted(SHELL))
def test_a_page_tells_what_its_blocks_name_with_low_confidence(
    python: list[tuple[Planted, str]], shell: list[tuple[Planted, str]]
) -> None:
    code, inside = written(python, HEAD)
    script, more = written(shell)
    text = f"# Title\n\n```python\n{code}```\n\nwords\n\n```bash\n{script}```\n"
    shift = 3 + code.count("\n") + 5
    where = {(k, line + 3, i) for k, line, i in inside} | {(k, line + shift, i) for k, line, i in more}

    assert found("markdown", text) == where
    assert {u.confidence for u in usages("markdown", text)} == {"low"}


@settings(deadline=None)
@given(planted(PYTHON), st.randoms(use_true_random=False))
def test_no_id_is_told_twice_for_one_place_and_the_order_is_by_place(
    chosen: list[tuple[Planted, str]], shuffle: random.Random
) -> None:
    text, _ = written([*chosen, *shuffle.sample(chosen, len(chosen))], HEAD)
    places = [(u.line, u.column, u.id or "") for u in usages("python", text)]

    assert places == sorted(set(places))
    assert usages("python", text) == usages("python", text)


@settings(deadline=None)
@given(planted(PYTHON, most=4))
def test_broken_python_is_read_by_its_lines_and_said(chosen: list[tuple[Planted, str]]) -> None:
    text, where = written([p for p in chosen if p[0].text.startswith("Auto")], HEAD + "def broken(:\n")
    told, why = read_text("file", "python", text)

    assert {(u.kind, u.line, u.id) for u in told} >= where
    assert {u.confidence for u in told} <= {"low"}
    assert why == ("not Python from line 9 on" if where else why)


@pytest.mark.parametrize(
    ("code", "revision", "pinned"),
    [
        (f'X.from_pretrained("lab-a/m-1", revision="{SHA}")', SHA, "commit"),
        ('X.from_pretrained("lab-a/m-1", revision="main")', "main", "branch-or-tag"),
        ('X.from_pretrained("lab-a/m-1", revision="0123456")', "0123456", "branch-or-tag"),
        ('X.from_pretrained("lab-a/m-1")', None, "no"),
        ('X.from_pretrained("lab-a/m-1", revision=None)', None, "no"),
        ('X.from_pretrained("lab-a/m-1", revision=given())', None, "not-resolvable"),
        ('X.from_pretrained("lab-a/m-1", **more)', None, "not-resolvable"),
        (f'REV = "{SHA}"\nX.from_pretrained("lab-a/m-1", revision=REV)', SHA, "commit"),
        (f'U = "https://huggingface.co/lab-a/m-1/resolve/{SHA}/x.bin"', SHA, "commit"),
        ('X.from_pretrained("lab-a/m-1@2.1")', "2.1", "branch-or-tag"),
    ],
)
def test_a_pin_is_a_full_commit_id(code: str, revision: str | None, pinned: str) -> None:
    usage = one("python", f"from transformers import X\n{code}\n")

    assert (usage.id, usage.revision, usage.pinned) == ("lab-a/m-1", revision, pinned)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ('X.from_pretrained(f"{owner}/{name}")', "an f-string"),
        ("X.from_pretrained(pick())", "`pick()` gives it"),
        ("X.from_pretrained(sys.argv[1])", "a look-up gives it"),
        ('X.from_pretrained(os.environ["MODEL"])', "the environment variable MODEL gives it"),
        ("from config import NAME\nX.from_pretrained(NAME)", "`NAME` is defined elsewhere"),
        ("def f(name):\n    X.from_pretrained(name)", "`name` is given from outside"),
        ('pipeline("ner")', "no model is named: the library's default for the task is loaded"),
    ],
)
def test_what_cannot_be_worked_out_is_said_and_never_guessed(code: str, why: str) -> None:
    usage = one("python", f"from transformers import X, pipeline\n{code}\n")

    assert (usage.id, usage.confidence, usage.note) == (None, "low", why)


@pytest.mark.parametrize(
    "code",
    [
        'X.from_pretrained("./model")',
        'X.from_pretrained("/data/model")',
        'X.from_pretrained("../a/b")',
        'X.from_pretrained("~/a/b")',
        r'X.from_pretrained("C:\\models\\a")',
        'X.from_pretrained("a/b/c")',
        'X.from_pretrained("weights.bin")',
        'X.from_pretrained("lab-a/model.safetensors")',
        'X.from_pretrained(os.path.join(root, "lab-a/m-1"))',
        'X.from_pretrained(Path("lab-a") / "m-1")',
        'load_dataset("json", data_files="x.json")',
        'push_to_hub("lab-a/m-1")',
        'TrainingArguments(hub_model_id="lab-a/m-1")',
        'create(model="openai/gpt-4o")',
        'create(model="gpt-4")',
        'response.headers["model"] = "text/html"',
        'URL = "https://huggingface.co/docs/transformers"',
        'URL = "https://huggingface.co/spaces/lab-a/m-1"',
        'URL = "https://huggingface.co/lab-a"',
        'snapshot_download("lab-a/m-1", repo_type="space")',
    ],
)
def test_paths_files_and_other_services_are_no_models(code: str) -> None:
    text = f"import os\nfrom transformers import X\nfrom datasets import load_dataset\n{code}\n"

    assert usages("python", text) == []


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ('from transformers import X\nX.from_pretrained("lab-a/m-1")', "high"),
        ('from transformers import *\nX.from_pretrained("lab-a/m-1")', "high"),
        ('import transformers\nkind.from_pretrained("lab-a/m-1")', "high"),
        ('from mine import X\nX.from_pretrained("lab-a/m-1")', "medium"),
        ('from modelscope import X\nX.from_pretrained("lab-a/m-1")', "low"),
        ('X.from_pretrained("lab-a/m-1")', "medium"),
        ('create(model="lab-a/m-1")', "medium"),
        ('from transformers import X\nX.from_pretrained("my-org/my-model")', "low"),
        ('from transformers import X\nX.from_pretrained("unknown-name")', "low"),
        ('from transformers import X\nX.from_pretrained("gpt2")', "high"),
    ],
)
def test_confidence_follows_from_where_a_call_comes(text: str, confidence: str) -> None:
    assert one("python", text).confidence == confidence


@pytest.mark.parametrize(
    ("rest", "confidence"),
    [
        ("resolve/main/model.safetensors", "medium"),
        ("resolve/main/", "medium"),
        ("raw/main/config.json", "medium"),
        ("resolve/main/LICENSE", "low"),
        ("resolve/main/pictures/one.png", "low"),
        ("blob/main/model.bin", "low"),
        ("", "low"),
    ],
)
def test_an_address_is_a_use_where_it_is_of_a_file_that_may_hold_a_model(rest: str, confidence: str) -> None:
    assert one("python", f'URL = "https://huggingface.co/lab-a/m-1/{rest}"').confidence == confidence


def test_a_name_of_a_folder_beside_the_code_is_no_model() -> None:
    text = 'from transformers import X\nX.from_pretrained("lab-a/m-1")\n'

    assert read_text("file", "python", text, is_local=lambda name: name == "lab-a/m-1") == ([], "")


def test_short_names_of_sentence_transformers_have_their_owner() -> None:
    text = "from sentence_transformers import SentenceTransformer\nSentenceTransformer('all-MiniLM-L6-v2')"

    assert one("python", text).id == "sentence-transformers/all-MiniLM-L6-v2"


def test_every_branch_of_a_choice_is_told() -> None:
    text = (
        "from transformers import X\nNAMES = {'s': 'lab-a/m-1', 'l': 'lab-a/m-2'}\n"
        "X.from_pretrained(NAMES[size])\nX.from_pretrained(NAMES['l'])\n"
        "for name in ['lab-b/m-3', 'lab-b/m-4']:\n    X.from_pretrained(name)\n"
    )

    assert [(u.line, u.id, u.confidence) for u in usages("python", text)] == [
        (3, "lab-a/m-1", "medium"),
        (3, "lab-a/m-2", "medium"),
        (4, "lab-a/m-2", "high"),
        (6, "lab-b/m-3", "medium"),
        (6, "lab-b/m-4", "medium"),
    ]


def test_a_name_that_is_bound_again_is_what_it_was_bound_to_last() -> None:
    text = (
        "from transformers import X\nname = 'lab-a/m-1'\nX.from_pretrained(name)\nname = 'lab-a/m-2'\n"
        "X.from_pretrained(name)\nif big:\n    name = 'lab-a/m-3'\nX.from_pretrained(name)\n"
    )

    assert [(u.line, u.id, u.confidence) for u in usages("python", text)] == [
        (3, "lab-a/m-1", "high"),
        (5, "lab-a/m-2", "high"),
        (8, "lab-a/m-2", "medium"),
        (8, "lab-a/m-3", "medium"),
    ]


@settings(deadline=None)
@given(planted(SHELL), planted(PYTHON))
def test_readings_of_the_same_text_agree_on_the_place(
    shell: list[tuple[Planted, str]], python: list[tuple[Planted, str]]
) -> None:
    script, _ = written(shell)
    code, _ = written(python, HEAD)
    text = f"{script}python - <<'EOF'\n{code}EOF\n"
    every = [(u.line, u.id) for u in usages("shell", text)]

    assert sorted(set(every)) == sorted(every)
