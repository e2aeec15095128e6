"""Whatever a card holds, it is read, judged and told, and its lines are those an editor shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_kit import audit_of, capture_of, facts_of, held, states
from hostile_texts import HEAD, SHAPES, card
from openness_audit.collect.card import markdown
from openness_audit.collect.card.markdown import line_at, read_card
from openness_audit.collect.card.pieces import MAX_LINKS, MAX_TEXT
from openness_audit.model.card import Card
from structure_kit import DOCUMENT

SIZE = 1_500
CAP = 4_000
LONG = ("one line", "cjk line", "pipes", "tag name", "nested list", "quotes")
MARKS = (
    "# ",
    "\n",
    "\n\n",
    "- ",
    "> ",
    "| a | b |\n|---|---|\n| MMLU | 41.0 |\n",
    "```\n",
    "<!-- ",
    "-->",
    "<div>",
    "</table>",
    "**",
    "`",
    "[x](https://huggingface.co/datasets/acme/d) ",
    "](",
    "https://github.com/acme/owl ",
    "trained on ",
    "the training data of Owl-7B ",
    "Llama-2-7B ",
    "\x00",
    "\u202e",
    "\ud800",
    "\u2028",
    "\r",
    "---\n",
    "license: mit\n",
    "&#x1b;",
    "@misc{a, title={Owl}}",
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(MARKS), max_size=60).map("".join))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_card_of_one_shape_is_audited_and_told(shape: str) -> None:
    held(audit_of(capture_of({"README.md": card(shape, SIZE)})))


@pytest.mark.parametrize("shape", LONG)
def test_a_card_over_the_cap_is_read_in_part_and_nothing_in_it_is_said_to_be_missing(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markdown, "MAX_CARD_BYTES", CAP)
    capture = capture_of({"README.md": card(shape, 2 * CAP)})
    audit = audit_of(capture)

    rows = [row for row in audit.not_checked if row.what.startswith("README.md behind line")]
    assert [row.code for row in rows] == ["too-large"]
    assert "was not looked at" in rows[0].why
    assert {name for name, state in states(audit).items() if state == "closed"} <= {"weights"}


def test_what_was_seen_of_a_card_that_was_cut_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MAX_CARD_BYTES", CAP)
    said = "## Evaluation\n\n| Task | Owl-7B |\n|---|---|\n| MMLU | 41.0 |\n\n## More\n\n"
    whole = audit_of(capture_of({"README.md": HEAD + said}))
    cut = audit_of(capture_of({"README.md": HEAD + said + "words\n\n" * CAP}))

    seen = {c.id: c.at_least for c in whole.components if c.at_least != "closed"}
    assert seen.items() <= {c.id: c.at_least for c in cut.components}.items()


def test_a_card_that_the_source_cut_is_known_at_least() -> None:
    capture = capture_of({"README.md": HEAD + "All of it?\n"}, truncated=("README.md",))

    assert [row.scope for row in facts_of(capture).unread] == ["card"]


@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_no_card_breaks_the_audit(text: str) -> None:
    held(audit_of(capture_of({"README.md": text})))


@settings(max_examples=200, deadline=None)
@given(body=TEXTS, front=st.booleans())
def test_every_block_stands_on_lines_of_the_file(body: str, front: bool) -> None:
    text = HEAD + body if front else body
    found = read_card(text, DOCUMENT)
    last = len(_editor_lines(text))

    for block in found.blocks:
        assert 1 <= block.line <= block.line_end <= last
        assert all(1 <= link.line <= last for link in block.links)


def _editor_lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _only(found: Card, word: str) -> int:
    return next(line_at(b, b.text.index(word)) for b in found.blocks if word in b.text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("odd", ["", "\u2028", "\u0085", "\u2029", "\x0b", "\x0c", "\x1c", "\ud800", "\x00"])
@pytest.mark.parametrize(
    "block", ["a {} b", "<p>a {} b</p>", "- a {} b", "<pre>\na {} b\n</pre>", "> a {}", "*a* `{}`"]
)
def test_a_line_is_the_one_an_editor_shows(end: str, odd: str, block: str) -> None:
    lines = ["---", "license: mit", "---", "# Owl", "", *block.format(odd).split("\n"), "", "the needle is here", ""]

    assert _only(read_card(end.join(lines), DOCUMENT), "needle") == lines.index("the needle is here") + 1


@given(words=st.lists(st.sampled_from(["word", "训练数据", "a\nb", "x" * 900]), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_long_paragraph_is_cut_without_loss(words: list[str]) -> None:
    text = " ".join(f"{word} [link{n}](https://huggingface.co/acme/m-{n})" for n, word in enumerate(words)) * 9
    found = read_card(text, DOCUMENT)

    assert all(len(b.text) <= MAX_TEXT and len(b.links) <= MAX_LINKS for b in found.blocks)
    assert "".join("".join(b.text.split()) for b in found.blocks) == "".join(_plain(text).split())
    assert [link.url.rpartition("-")[2] for b in found.blocks for link in b.links] == [
        str(n) for _ in range(9) for n in range(len(words))
    ]
    rows = text.split("\n")
    for block in found.blocks:
        assert block.text.split("\n")[0].strip() in _plain(rows[block.line - 1])
        for link in block.links:
            assert f"]({link.url})" in rows[link.line - 1]


def _plain(text: str) -> str:
    import re  # noqa: PLC0415 - only here

    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
