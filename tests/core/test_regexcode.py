"""A pattern made of kept code is the pattern that `re` compiles, and nothing but speed hangs on what was kept."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openness_audit import kept, regexcode
from openness_audit.collect.patterns import _Lazy
from openness_audit.regexcode import Code, Codes, to_code, to_pattern
from openness_audit.warm import warm_up

FLAGS = st.sampled_from([0, re.IGNORECASE, re.MULTILINE, re.IGNORECASE | re.DOTALL, re.VERBOSE, re.ASCII]).map(int)
SOURCE = st.lists(
    st.one_of(
        st.sampled_from(["(?P<a>x)", "(?i:ß|k)", "[^a-zé\u3040-\u30ff]+?", "(?<!b)c", r"\b\w{2,3}", "(d)|(e)", "训练"]),
        st.text("aK ſ.-", max_size=3),
    ),
    max_size=5,
    unique=True,
).map("".join)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is kept; each `Codes()` is another process."""
    monkeypatch.setattr(kept, "_path", lambda name: tmp_path / "cache" / f"{name}.msgpack")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    return tmp_path / "cache"


def keeping(*sources: str) -> None:
    """Compile and keep in a process of its own."""
    process = Codes()
    for source in sources:
        process.compiled(source, 0)
    process.keep()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # nothing is kept here
@given(SOURCE, FLAGS)
def test_a_pattern_made_of_its_code_is_the_pattern(source: str, flags: int) -> None:
    real = re.compile(source, flags)

    made = to_pattern(msgspec.msgpack.decode(msgspec.msgpack.encode(to_code(source, flags)), type=Code))

    assert (made, made.flags, made.groups, made.groupindex) == (real, real.flags, real.groups, real.groupindex)


def test_every_pattern_of_the_vocabularies_is_the_same_when_it_was_kept() -> None:
    process = Codes()
    warm_up()
    gc.collect()  # malformed patterns of other tests
    every = [(found.pattern, int(found._flags)) for found in gc.get_objects() if isinstance(found, _Lazy)]  # noqa: SLF001 - as it was asked for

    assert len(every) > 300
    assert all(process.compiled(*key) == re.compile(*key) for key in every)
    assert process.new.keys() == set(every)


def test_what_was_kept_is_not_compiled_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping("owl(s)?")
    monkeypatch.setattr(regexcode, "to_code", lambda *_: pytest.fail("compiled again"))

    assert Codes().compiled("owl(s)?", 0) == re.compile("owl(s)?")
    assert len(list(folder.iterdir())) == 1


def test_processes_add_to_what_others_kept() -> None:
    first = Codes()
    first.compiled("owl", 0)
    keeping("kite")
    first.keep()

    assert {source for source, _ in Codes().known} == {"owl", "kite"}


def test_a_few_new_patterns_are_not_worth_writing_all_again() -> None:
    keeping(*(f"owl{number}" for number in range(100)))
    keeping("kite")

    assert len(Codes().known) == 100


def test_patterns_of_older_vocabularies_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexcode, "MOST", 3)
    for number in range(12):
        keeping(f"owl{number}")

    assert len(Codes().known) <= 4


@pytest.mark.parametrize("damage", [b"", b"\0" * 100])
def test_damage_costs_only_time(folder: Path, damage: bytes) -> None:
    keeping("owl")
    next(folder.iterdir()).write_bytes(damage)

    assert Codes().known == {}
    assert Codes().compiled("owl", 0) == re.compile("owl")


def test_another_interpreter_does_not_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    keeping("owl")
    monkeypatch.setattr("sys.version", "3.99")

    assert Codes().known == {}


def test_code_that_the_engine_refuses_is_compiled_by_re(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexcode, "to_code", lambda source, flags: Code(source, flags, 0, b"\xff" * 8, 0, {}))
    process = Codes()

    assert process.compiled("owl", int(re.IGNORECASE)) == re.compile("owl", re.IGNORECASE)
    assert process.new == {}


def test_an_interpreter_of_another_make_compiles_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(regexcode, "import_module", missing)
    process = Codes()

    assert process.compiled("owl", 0) == re.compile("owl")
    assert process.new == {}


def test_a_malformed_pattern_is_refused_as_by_re() -> None:
    process = Codes()

    with pytest.raises(re.error, match="missing"):
        process.compiled("(owl", 0)
    assert process.new == {}
