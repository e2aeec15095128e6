"""Whatever stands between the two lines of dashes: no crash, nothing run, nothing silently lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_kit import audit_of, capture_of, held, states
from openness_audit.collect.card.frontmatter import MAX_BYTES, read_front_matter

BODY = "\n# Owl-7B\n\nWords.\n"
DEEP = 100_000
MANY = 100_000


def framed(block: str) -> str:
    return f"---\n{block}\n---\n{BODY}"


def listed(key: str, count: int) -> str:
    return f"license: mit\n{key}:\n" + "".join(f"- acme/x{n}\n" for n in range(count))


BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
BROKEN = {
    "brackets": "a: " + "[" * DEEP,
    "braces": "a: " + "{" * DEEP,
    "a key of braces": "{" * DEEP,
    "both": "a: " + "[{" * DEEP,
    "dashes": "- " * DEEP,
    "question marks": "? " * DEEP,
    "steps": "".join(" " * n + "a:\n" for n in range(1000)),
    "alias bomb": BOMB,
    "merge key": "license: mit\nx: &x {a: 1}\ny:\n  <<: *x",
    "an anchor to itself": "a: &a [*a]",
    "a list as key": "[a, b]: c",
    "a mapping as key": "{a: b}: c",
    "two documents": "license: mit\n--- x\nlicense: gpl",
    "tabs": "\tlicense: mit",
    "NUL": "license: m\0it",
    "another version": "%YAML 9.9\nlicense: mit",
    "5 MB of a word": "x: " + "a" * 5_000_000,
    "5 MB of a list": "tags:\n" + "- tag\n" * 900_000,
    **{f"{MANY} in {key}": listed(key, MANY) for key in ("tags", "datasets", "base_model", "license", "model-index")},
}
FIELDS = [
    "license",
    "license_name",
    "license_link",
    "datasets",
    "base_model",
    "base_model_relation",
    "tags",
    "library_name",
    "model-index",
    "pipeline_tag",
    "language",
    "model_name",
    "metrics",
    "co2_eq_emissions",
    "new_version",
    "arxiv",
    "extra_gated_prompt",
]
VALUES = (
    "[a, [b]]",
    "{a: {b: c}}",
    "[{type: 1, results: 2}, 3, [4]]",
    "[{name: x, results: [{task: 1, dataset: [2], metrics: {a: 1}}, 5]}]",
    "true",
    "1e999",
    ".nan",
    "-1",
    "99999999999999999999999999999999999999999",
    "0x" + "f" * 30,
    "2023-99-99",
    "~",
    "[~, 1, {}, []]",
    '"a\\nb\\r\\u2028c"',
    '"\\ud800"',
    '"\\u001b[31m\\u0007"',
    '"\\u202egpj"',
    "'<script>alert(1)</script>'",
    '"[x](javascript:alert(1))"',
    "!!python/object/apply:os.system ['false']",
    "!!binary AAAA",
    "'" + "x" * 5000 + "'",
    "../../etc/passwd",
    "mеta-llama/Llama-2-7b",
)


@pytest.mark.parametrize("name", BROKEN)
def test_a_block_that_cannot_be_read_is_a_place_not_looked_at(name: str) -> None:
    text = framed(BROKEN[name])
    state = read_front_matter(text).state
    audit = audit_of(capture_of({"README.md": text}))

    held(audit)
    assert state in {"malformed", "too-large"}
    assert [(row.what, row.code) for row in audit.not_checked if "metadata" in row.what] == [
        ("the metadata of README.md", state)
    ]
    assert {key for key, found in states(audit).items() if found == "open"} <= {"weights"}
    assert states(audit)["pretraining-data"] != "closed"


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_of_the_wrong_shape_is_told_or_left_out(value: str) -> None:
    held(audit_of(capture_of({"README.md": framed("\n".join(f"{key}: {value}" for key in FIELDS))})))


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(FIELDS), value=st.sampled_from(VALUES))
def test_one_value_of_the_wrong_shape_is_judged(key: str, value: str) -> None:
    audit_of(capture_of({"README.md": framed(f"{key}: {value}")}))


@pytest.mark.parametrize("key", ["tags", "datasets", "base_model", "license", "model-index"])
def test_thousands_of_values_are_told_within_the_caps(key: str) -> None:
    held(audit_of(capture_of({"README.md": framed(listed(key, 5_000))})))


def test_nothing_is_run_and_numbers_beyond_json_stay_words() -> None:
    values = read_front_matter(framed("a: !!python/name:os.system\nb: 1e999\nc: .nan\nd: 1e3")).values

    assert values == {"a": "", "b": "1e999", "c": None, "d": 1000.0}


def test_the_hub_s_own_reading_makes_up_for_a_block_that_is_too_large_here() -> None:
    text = framed("x: " + "a" * (MAX_BYTES + 1))
    audit = audit_of(capture_of({"README.md": text}, card_data={"license": "mit", "datasets": ["acme/seeds"]}))

    assert not [row for row in audit.not_checked if "metadata" in row.what]
    assert audit.licenses.own.expression == "MIT"


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"], ids=["NEL", "LS", "PS"])
def test_other_line_ends_of_yaml_do_not_move_the_lines(mark: str) -> None:
    front = read_front_matter(framed(f"a: 'x{mark}y'\nlicense: mit"))

    assert (front.state, front.lines, front.line_end) == ("ok", {"a": 2, "license": 3}, 4)


@pytest.mark.parametrize(
    "body",
    [
        framed("license: mit").encode("utf-16"),
        b"\xfe\xff" + framed("license: mit").encode("utf-16-be"),
        b"\xef\xbb\xbf" + framed("license: mit").encode(),
        framed("license: mit").replace("\n", "\r\n").encode(),
        framed("license: mit").replace("\n", "\r").encode(),
        framed("license: mit\nx: é").encode("latin-1"),
    ],
    ids=["UTF-16", "UTF-16 BE", "BOM", "CRLF", "CR", "Latin-1"],
)
def test_encodings_and_line_ends_change_nothing(body: bytes) -> None:
    audit = audit_of(capture_of({"README.md": body}))

    held(audit)
    assert audit.licenses.own.expression == "MIT"


@pytest.mark.parametrize("body", [bytes(range(256)) * 400, b"\x00" * 50_000, b"\xff\xfe" + b"\x00\xd8" * 5_000, b""])
def test_bytes_that_are_no_text_are_audited(body: bytes) -> None:
    held(audit_of(capture_of({"README.md": body})))


YAML = st.lists(
    st.sampled_from(
        [*"abx[]{}|>#%~\t\r\n\x85\x00\"'", "license", "datasets", ": ", "  ", "- ", "&a ", "*a", "!!x ", "---"]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=250, deadline=None)
@given(block=st.one_of(YAML, st.text(max_size=200)), raw=st.booleans())
def test_any_block_is_read_without_raising(block: str, raw: bool) -> None:
    text = block if raw else framed(block)
    front = read_front_matter(text)

    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert (front.state == "ok") or not front.values
    assert all(1 <= line <= last for line in front.lines.values())


@settings(max_examples=30, deadline=None)
@given(block=YAML)
def test_any_block_is_audited(block: str) -> None:
    held(audit_of(capture_of({"README.md": framed(block)})))
