"""Whatever stands in a policy file: it is a policy, or every problem has its file and line. Nothing else is raised."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit_sample import AUDIT
from cli_fakes import Fake
from openness_audit.cli.policy.policies import read_source, template, templates
from openness_audit.errors import PolicyError
from openness_audit.model.policy import Policy
from openness_audit.policy.apply import apply
from openness_audit.policy.fit import fit
from openness_audit.policy.load import Read, load
from openness_audit.policy.marks import UnreadableError, read_toml, read_yaml
from openness_audit.policy.parse import CLAUSES, Source
from policy_kit import names

AT = re.compile(r"^policy\.(?:yaml|toml):\d+: .", re.DOTALL)
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML ends a line
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2000),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from(
        ("score", "MIT", "open", "none", "weights", "packaged:research", "policy.yaml", "*", "accepted-risk", "data")
    ),
)
KEYS = st.sampled_from(
    (
        *("check", "at-least", "component", "allow", "deny", "use", "expression", "message", "unknown", "at-most"),
        *("name", "extends", "clauses", "overrides", "waivers", "waiver-files", "models", "reason", "schema", "of"),
        *("model", "clause", "finding", "granted", "expires", "commit", "license-digest", "text", "approver", "x"),
    )
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
CLAUSE = st.builds(
    lambda check, rest: {"check": check} | rest,
    st.sampled_from(sorted(set(CLAUSES) - {"cel"})),
    st.dictionaries(KEYS, VALUES, max_size=4),
)
DOCUMENT = st.builds(
    lambda rest, clauses: {"name": "x"} | rest | {"clauses": clauses},
    st.dictionaries(KEYS, VALUES, max_size=3),
    st.dictionaries(st.sampled_from(("a", "b", "A!", "")), CLAUSE | SCALARS, max_size=3),
)


def check(text: str, name: str = "policy.yaml") -> None:
    def read(wanted: str, beside: str) -> Source:
        if wanted == name:
            return Source(name, text)
        if wanted.startswith("packaged:"):
            return read_source(wanted, beside)
        raise FileNotFoundError(2, "there is no such file")

    found = loaded(Source(name, text), read)
    if isinstance(found, tuple):
        assert found
        assert all(AT.match(words) for words in found), found
        assert all(1 <= int(words.split(":")[1]) <= len(BREAK.findall(text)) + 1 for words in found), found
    else:
        assert apply(AUDIT, found, date(2026, 11, 21)).verdict.policy is not None


def loaded(source: Source, read: Read) -> Policy | tuple[str, ...]:
    """The policy, or what is wrong with it."""
    try:
        return load(source, read, names())
    except PolicyError as problem:
        return problem.problems


@given(DOCUMENT)
def test_documents_that_nearly_fit(document: dict[str, Any]) -> None:
    check(yaml.safe_dump(document, allow_unicode=True))


@example("[")
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    check(text)
    check(text, "policy.toml")


@settings(max_examples=60)
@given(st.sampled_from(templates()), st.data())
def test_templates_that_are_damaged(name: str, data: st.DataObject) -> None:
    text = template(name)
    at = data.draw(st.integers(0, len(text)))
    check(
        text[:at]
        + data.draw(st.text("-:{}[]#\n '\"&*!|>%@`ab1", max_size=3))
        + text[data.draw(st.integers(at, len(text))) :]
    )


@given(VALUES)
def test_what_fits_has_no_misfits_and_what_does_not_has_some(value: Any) -> None:
    for kind in CLAUSES.values():
        found, misfits = fit(value, kind)
        assert (found is None) == bool(misfits)


@given(st.text(max_size=80))
def test_readers_read_or_say_where(text: str) -> None:
    for read in (read_yaml, read_toml):
        with suppress(UnreadableError):
            read(text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfename: x", "it is not text in UTF-8"),
        (b"x" * (2 << 20), "it is larger than 1 MB"),
        (b"\xef\xbb\xbfname: x\nclauses: {c: {check: pinned}}\n", ""),
    ],
)
def test_files_that_are_no_text(
    data: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_bytes(data)

    assert Fake()("policy", "validate", "policy.yaml") == (2 if said else 0)

    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", [".", "/dev/null", "none.yaml", "packaged:", "packaged:../x", "packaged:research/", ""]
)
def test_names_that_are_no_policy(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Fake()("policy", "validate", name) == 2

    assert capsys.readouterr().err.startswith("error: the policy ")
