"""The metadata block: each state told apart, values by YAML 1.2, a line for every key."""

from __future__ import annotations

from typing import Any

import pytest

from openness_audit.collect.card.frontmatter import MAX_DEPTH, MAX_EVENTS, read_front_matter
from openness_audit.model.card import FrontMatterState


@pytest.mark.parametrize(
    ("text", "state"),
    [
        pytest.param("---\nlicense: mit\n---\n# Card\n", "ok", id="a mapping"),
        pytest.param("\n\n  \n---\nlicense: mit\n---\n", "ok", id="blank lines before the block"),
        pytest.param("\ufeff---\r\nlicense: mit\r\n---\r\n", "ok", id="byte order mark and CRLF"),
        pytest.param("---  \nlicense: mit\n---\t\ntext", "ok", id="blanks behind the dashes"),
        pytest.param("---\nlicense: mit\n---", "ok", id="the file ends with the block"),
        pytest.param("# Card\n\n---\nlicense: mit\n---\n", "no-metadata", id="a block that does not begin the card"),
        pytest.param("", "no-metadata", id="an empty card"),
        pytest.param("----\nlicense: mit\n----\n", "no-metadata", id="four dashes"),
        pytest.param("---\n\nA line drawn above the title.\n", "no-metadata", id="a line drawn, and no second one"),
        pytest.param("---\n---\ntext", "empty", id="nothing in it"),
        pytest.param("---\n# only a comment\n---\n", "empty", id="only a comment"),
        pytest.param("---\nlicense: mit\n\n# Card\ntext\n", "unclosed", id="never closed"),
        pytest.param("---\nlicense: mit\n----\ntext\n", "unclosed", id="closed by four dashes"),
        pytest.param("---", "unclosed", id="only the opening"),
        pytest.param("---\ntitle: a: b\n---\n", "malformed", id="a colon in a bare value"),
        pytest.param("---\nlicense: [mit\n---\n", "malformed", id="a bracket left open"),
        pytest.param("---\ntags:\n\t- a\n---\n", "malformed", id="a tab"),
        pytest.param("---\npattern: *.bin\n---\n", "malformed", id="a star without quotes"),
        pytest.param("---\n? [a]\n: b\n---\n", "malformed", id="a list as a key"),
        pytest.param("---\nlicense: mit\x07\n---\n", "malformed", id="a control character"),
        pytest.param("---\n- a\n- b\n---\n", "not-a-mapping", id="a list"),
        pytest.param("---\njust a sentence\n---\n", "not-a-mapping", id="a bare string"),
        pytest.param("---\na: " + "[" * 60_000 + "\n---\n", "too-large", id="nested deeper than libyaml survives"),
        pytest.param("---\na: &x [1]\nb: *x\n---\n", "too-large", id="an alias"),
        pytest.param("---\n" + "a: b\n" * MAX_EVENTS + "---\n", "too-large", id="too many keys"),
        pytest.param("---\na: " + "x" * 2_000_000 + "\n---\n", "too-large", id="too many bytes"),
    ],
)
def test_each_state_is_told_apart(text: str, state: FrontMatterState) -> None:
    found = read_front_matter(text)

    assert found.state == state
    assert (found.values != {}) == (state == "ok")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("2024-01-31", "2024-01-31"),
        ("2024-13-45", "2024-13-45"),
        ("1:30", "1:30"),
        ("7", 7),
        ("24_700_000", 24_700_000),
        ("0x10", 16),
        ("0o17", 15),
        ("6e-5", 6e-5),
        (".5", 0.5),
        ("1.0", 1.0),
        ("1.0.2", "1.0.2"),
        (".nan", None),
        ("~", None),
        ("", None),
        ("null", None),
        ("'null'", "null"),
        ('"7"', "7"),
        ("!!str 7", "7"),
        ("!custom thing", "thing"),
        ("9" * 400, "9" * 400),
        ("Academic Free License v3.0", "Academic Free License v3.0"),
        ("???", "???"),
        ("[mit, apache-2.0]", ["mit", "apache-2.0"]),
        ("{a: 1}", {"a": 1}),
        ("|\n  two\n  lines", "two\nlines\n"),
    ],
)
def test_values_follow_the_core_schema_of_yaml_1_2(written: str, value: Any) -> None:
    assert read_front_matter(f"---\nlicense: {written}\n---\n").values == {"license": value}


def test_every_key_and_item_has_its_line_in_the_file() -> None:
    text = (
        "\n---\nlicense: mit\ndatasets:\n- org/a\n- org/b\nmodel-index:\n- name: m\n  results:\n"
        "  - task:\n      type: t\n    metrics:\n    - value: 1\n---\n"
    )

    found = read_front_matter(text)

    assert found.lines == {
        "license": 3,
        "datasets": 4,
        "datasets[0]": 5,
        "datasets[1]": 6,
        "model-index": 7,
        "model-index[0]": 8,
        "model-index[0].name": 8,
        "model-index[0].results": 9,
        "model-index[0].results[0]": 10,
        "model-index[0].results[0].task": 10,
        "model-index[0].results[0].task.type": 11,
        "model-index[0].results[0].metrics": 12,
        "model-index[0].results[0].metrics[0]": 13,
        "model-index[0].results[0].metrics[0].value": 13,
    }
    assert found.line_end == 14


def test_the_last_of_two_equal_keys_counts_and_is_noted() -> None:
    found = read_front_matter("---\nlanguage: en\nlanguage: fr\n---\n")

    assert found.values == {"language": "fr"}
    assert found.problem == "line 3: the key 'language' stands twice; the last one counts"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("license: cc-by-nc-4.0\nlicense: mit\n", {"license": ["cc-by-nc-4.0", "mit"]}),
        ("license: a\nlicense: b\nlicense: c\n", {"license": ["a", "b", "c"]}),
        ("license: [a]\nlicense: [b, c]\n", {"license": ["a", ["b", "c"]]}),
        ("license: mit\nlicense: mit\n", {"license": "mit"}),
        ("license:\nlicense: mit\n", {"license": "mit"}),
        ("base_model: a/b\nbase_model: c/d\n", {"base_model": ["a/b", "c/d"]}),
        ("x:\n  license: a\n  license: b\n", {"x": {"license": "b"}}),
    ],
)
def test_a_second_licence_or_base_model_lifts_nothing_of_the_first(text: str, values: dict[str, object]) -> None:
    found = read_front_matter(f"---\n{text}---\n")

    assert found.values == values
    assert "stands twice" in (found.problem or "")


def test_a_problem_names_its_line_in_the_file() -> None:
    assert (read_front_matter("---\nlicense: mit\ntitle: a: b\n---\n").problem or "").startswith("line 3: ")


def test_prose_between_two_drawn_lines_is_left_to_the_body() -> None:
    assert read_front_matter("---\nSome words.\nMore words.\n---\n").line_end == 0


def test_nesting_within_the_cap_is_read() -> None:
    deep = MAX_DEPTH - 1

    assert read_front_matter("---\na: " + "[" * deep + "]" * deep + "\n---\n").state == "ok"
