"""Registry files: every form gives the same models with their lines, and nothing in one is passed over in silence."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openness_audit.cli.audit import lists
from openness_audit.cli.audit.lists import read_list
from openness_audit.cli.base.project import project_path
from openness_audit.errors import UsageError
from openness_audit.model.batch import Origin, Wanted


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def at(text: str, line: int, column: int, path: str = "models.txt") -> Wanted:
    return Wanted(text, (Origin(path, line, column),))


def read(data: str | bytes, name: str = "models.txt") -> tuple[Wanted, ...]:
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_list(name)


PLAIN = (
    "# approved\r\nacme/tern-7b\r\n\r\n  gpt2@v1   # pinned\r\nhf://acme/gull\rhttps://huggingface.co/acme/owl/tree/v2"
)


@pytest.mark.parametrize(
    "data",
    [PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("utf-16"), PLAIN.replace("\r\n", "\n").encode()],
    ids=["windows", "utf-8 mark", "utf-16", "unix"],
)
def test_plain_lines(data: bytes) -> None:
    assert read(data) == (
        at("acme/tern-7b", 2, 1),
        at("gpt2@v1", 4, 3),
        at("hf://acme/gull", 5, 1),
        at("https://huggingface.co/acme/owl/tree/v2", 6, 1),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- acme/a\n- b@v1  # why\n", [("acme/a", 1, 3), ("b@v1", 2, 3)]),
        ("---\n- acme/a\n", [("acme/a", 2, 3)]),
        ("# ours\nmodels:\n  - acme/a\n  - id: b\n    revision: v1\n", [("acme/a", 3, 5), ("b@v1", 4, 5)]),
        ("version: 1\nmodels:\n  acme/a:\n  b: v1\n", [("acme/a", 3, 3), ("b@v1", 4, 3)]),
        ("acme/a: main\nb:\n  sha: abc\n  owner: me\n", [("acme/a@main", 1, 1), ("b@abc", 2, 1)]),
        ("- model: acme/a@v1\n  revision: v1\n", [("acme/a@v1", 1, 3)]),
        ("- id: acme/a\n  commit: abc\n- id: b\n  tag: v1\n", [("acme/a@abc", 1, 3), ("b@v1", 3, 3)]),
        ("- &x acme/a\n- *x\n", [("acme/a", 1, 3), ("acme/a", 1, 3)]),
        (
            '["acme/a",\n\t{"id": "b", "revision": null},\n\t"c\\/d"]',
            [("acme/a", 1, 2), ("b", 2, 2), ("c/d", 3, 2)],
        ),
        ('{"models": ["acme/a"]}', [("acme/a", 1, 13)]),
    ],
)
def test_yaml_and_json(text: str, found: list[tuple[str, int, int]]) -> None:
    assert read(text) == tuple(at(*entry) for entry in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- acme/a\n- owner: me\n", 2),
        ("- acme/a\n- [x, y]\n", 2),
        ("- acme/a\n-\n", 2),
        ("acme/a: v1\n? [x]\n: y\n", 2),
    ],
)
def test_an_entry_without_an_id_is_a_problem_at_its_line(text: str, line: int) -> None:
    last = read(text)[-1]

    assert last.problem is not None
    assert last.problem.code == 3
    assert last.problem.message.startswith("no model is named here")
    assert last.origins[0].line == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- model: acme/a@v1\n  revision: v2\n", "more than one revision: v1, v2"),
        ("- id: acme/a\n  revision: v1\n  tag: v2\n", "more than one revision"),
        ("- id: acme/a\n  id: acme/b\n", "more than one id"),
        ("- {id: acme/a, revision: [v1, v2]}\n", "`revision:` is one word"),
        ("acme/a: {sha: {x: y}}\n", "`sha:` is one word"),
        ("acme/a: [v1, v2]\n", "a revision is one word"),
    ],
)
def test_an_entry_that_may_mean_another_model_is_a_problem(text: str, said: str) -> None:
    (only,) = read(text)

    assert only.problem is not None
    assert (only.problem.code, said in only.problem.message) == (3, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "names no model"),
        (b"models: [acme/a]\nmodels: [acme/b]\n", "models.txt:2: `models:` stands twice"),
        (b"# nothing yet\n\n", "names no model"),
        (b"models: []\n", "names no model"),
        (b"\x7fELF\0\0", "is not text"),
        (b"[" * 100_000, "nested too deeply"),
        (b"- {a: {b: {c: {d: {e: {f: {g: {h: {i: j}}}}}}}}}\n", "nested too deeply"),
        (b"- acme/a\n- b: [\n", "models.txt:3: not YAML or JSON"),
        (b"- acme/a\n---\n- acme/b\n", "models.txt:3: a second document"),
        (b"models: acme/a\n", "names no model"),
        (b"- acme/a\n" * (lists.MOST + 1), "more than 100000 models"),
        (b"x" * (lists.LARGEST + 1), "more than 8 MiB"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(data)

    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("name", ["absent.txt", ".", "a\0b"])
def test_a_file_that_cannot_be_read(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_list(name)


def test_bytes_that_are_no_text_stay_an_entry() -> None:
    assert [entry.text for entry in read(b"acme/a\nacme/\xff\n")] == ["acme/a", "acme/\ufffd"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"acme/a\n")))

    assert read_list("-") == (at("acme/a", 1, 1, "-"),)


def test_paths_are_from_the_root_of_the_checkout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".git").mkdir()
    (folder / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(folder / "a")

    assert project_path("b/models.txt") == "a/b/models.txt"
    assert project_path("../models.txt") == "models.txt"
    assert project_path("/elsewhere/models.txt") == "/elsewhere/models.txt"


@settings(max_examples=200)
@given(st.lists(st.from_regex(r"[a-z]{1,8}/[a-z0-9._]{1,8}(@v[0-9])?", fullmatch=True), min_size=1, max_size=8))
def test_every_form_names_the_same_models(ids: list[str]) -> None:
    forms = ("\n".join(ids), "- " + "\n- ".join(ids), "models:\n- " + "\n- ".join(ids))

    assert [[entry.text for entry in read(form)] for form in forms] == [ids] * 3


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    try:
        found = read(data)
    except UsageError:
        return
    assert found
    assert all(entry.origins[0].line >= 1 and entry.origins[0].column >= 1 for entry in found)
