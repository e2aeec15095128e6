"""What a rule file says is the same whether its YAML is read or what was kept of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from openness_audit import kept as store
from openness_audit import packaged
from openness_audit.errors import RuleError

TEXTS = {"rules/a.yaml": b"words: [one, two]\nmost: 3\nshare: 0.5\nnone: null\n", "rules/b.yaml": b"- yes\n- 'yes'\n"}
VALUES = {path: yaml.load(text, yaml.CSafeLoader) for path, text in TEXTS.items()}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which `owls` is kept."""
    path = tmp_path / "cache" / "owls.msgpack"
    monkeypatch.setattr(store, "_path", lambda name: path.with_name(f"{name}.msgpack"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return path


def without_reading(texts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Give the values where no YAML may be read."""
    with monkeypatch.context() as patched:
        patched.setattr(packaged, "parse", lambda *_: pytest.fail("the YAML was read"))
        return packaged.parsed("owls", texts)


def test_what_was_kept_is_what_the_yaml_says(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert packaged.parsed("owls", TEXTS) == VALUES

    assert without_reading(TEXTS, monkeypatch) == VALUES
    assert [path.name for path in kept.parent.iterdir()] == ["owls.msgpack"]


def test_another_text_is_read_and_replaces_what_was_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged.parsed("owls", TEXTS)
    changed = TEXTS | {"rules/b.yaml": b"- no\n"}

    assert packaged.parsed("owls", changed)["rules/b.yaml"] == [False]
    assert without_reading(changed, monkeypatch)["rules/b.yaml"] == [False]
    assert kept.exists()


def test_texts_that_run_into_each_other_are_other_texts(kept: Path) -> None:
    packaged.parsed("owls", {"a": b"ab", "b": b"c"})

    assert packaged.parsed("owls", {"a": b"a", "b": b"bc"}) == {"a": "a", "b": "bc"}
    assert kept.exists()


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b[:0], lambda b: b[:40] + b"\xc1" + b[41:], lambda b: b * 2]
)
def test_damage_is_noticed_and_mended(kept: Path, monkeypatch: pytest.MonkeyPatch, damage: object) -> None:
    packaged.parsed("owls", TEXTS)
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]  # one of the functions above

    assert packaged.parsed("owls", TEXTS) == VALUES
    assert without_reading(TEXTS, monkeypatch) == VALUES


def test_values_that_would_come_back_as_others_are_not_kept(kept: Path) -> None:
    date = {"a": b"since: 2026-01-01\n"}

    assert packaged.parsed("owls", date) == packaged.parsed("owls", date) == {"a": yaml.safe_load(date["a"])}
    assert not kept.exists()


def test_a_folder_that_takes_no_files_changes_nothing(kept: Path) -> None:
    kept.parent.write_text("in the way")

    assert packaged.parsed("owls", TEXTS) == VALUES


def test_nothing_is_written_where_python_writes_no_bytecode(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert packaged.parsed("owls", TEXTS) == VALUES
    assert not kept.parent.exists()


def test_what_is_no_yaml_is_told_with_its_path_and_line(kept: Path) -> None:
    with pytest.raises(RuleError, match=r"^rules/b\.yaml:2: not YAML"):
        packaged.parsed("owls", {"rules/b.yaml": b"a: 1\nb: ]\n"})

    assert not kept.exists()


def test_what_does_not_fit_is_told_with_its_path() -> None:
    with pytest.raises(RuleError, match=r"^rules/vocabulary/template\.yaml: Expected `int`"):
        packaged.read_as("vocabulary/template.yaml", int)
