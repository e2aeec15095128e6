"""Cards taken apart: blocks, links, tables and sections, each on its own line of the file."""

from __future__ import annotations

import pytest

from openness_audit.collect.card.markdown import MAX_CARD_BYTES, cite_at, document_of, line_at
from openness_audit.model.capture import Text
from structure_kit import ORIGIN, card


def blocks(text: str) -> list[tuple[str, str, int, int]]:
    return [(b.kind, b.text, b.line, b.line_end) for b in card(text).blocks]


def links(text: str) -> list[tuple[str, str, int, bool]]:
    return [(n.url, n.text, n.line, n.image) for b in card(text).blocks for n in b.links]


def titles(text: str) -> list[tuple[int, str, int]]:
    return [(s.level, s.title, s.line) for s in card(text).sections[1:]]


def test_lines_count_from_the_top_of_the_file() -> None:
    text = "---\nlicense: mit\n---\n\n# Title\n\nFirst line\nsecond line\n\n- one\n- two\n  1. inner\n\n> said\n"

    assert blocks(text) == [
        ("heading", "Title", 5, 5),
        ("paragraph", "First line\nsecond line", 7, 8),
        ("list-item", "one", 10, 10),
        ("list-item", "two", 11, 11),
        ("list-item", "inner", 12, 12),
        ("quote", "said", 14, 14),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_kind_of_line_end_gives_the_same_lines(end: str) -> None:
    assert [b[2] for b in blocks(f"# A{end}{end}text{end}more{end}{end}end{end}")] == [1, 3, 6]


def test_code_is_verbatim_and_begins_on_its_first_line() -> None:
    text = "Run:\n\n```python\nfrom x import y\n\ny()\n```\n\n    indented\n    code\n"

    assert blocks(text)[1:] == [
        ("code", "from x import y\n\ny()\n", 4, 6),
        ("code", "indented\ncode\n", 9, 10),
    ]
    assert card(text).blocks[1].info == "python"


def test_a_table_has_rows_with_lines() -> None:
    block = card("| Task | **Score** |\n|---|---:|\n| A [b](c) | 1.5 |\n| `x` | |\n").blocks[0]

    assert block.rows == (("Task", "Score"), ("A b", "1.5"), ("x", ""))
    assert block.row_lines == (1, 3, 4)
    assert [n.url for n in block.links] == ["c"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Results:\n| Task | Score |\n|---|---|\n| A | 1 |\nThat is all.\n", id="touching the text around it"
        ),
        pytest.param("- Results:\n  | Task | Score |\n  |---|---|\n  | A | 1 |\n\nThat is all.\n", id="in a list item"),
        pytest.param("Results:\n\n| Task | Score |\n|---|\n| A | 1 |\n\nThat is all.\n", id="too few dashes"),
    ],
)
def test_a_table_that_strict_markdown_refuses_is_a_table(text: str) -> None:
    found = card(text)

    assert [b.rows for b in found.blocks if b.kind == "table"] == [(("Task", "Score"), ("A", "1"))]
    assert [b.text for b in found.blocks if b.kind != "table"] == ["Results:", "That is all."]
    table = next(b for b in found.blocks if b.kind == "table")
    assert text.splitlines()[table.row_lines[1] - 1].strip() == "| A | 1 |"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("see [the *code*](https://a.org/x)\n", [("https://a.org/x", "the code", 1, False)], id="inline"),
        pytest.param(
            "see\n[code][1]\n\n[1]: https://a.org/x\n", [("https://a.org/x", "code", 2, False)], id="reference"
        ),
        pytest.param("<https://a.org/x>", [("https://a.org/x", "https://a.org/x", 1, False)], id="autolink"),
        pytest.param(
            "one\ntwo https://a.org/x_y_z.\n", [("https://a.org/x_y_z", "https://a.org/x_y_z", 2, False)], id="bare"
        ),
        pytest.param(
            "(https://a.org/x(y))", [("https://a.org/x(y)", "https://a.org/x(y)", 1, False)], id="in brackets"
        ),
        pytest.param(
            "at github.com/org/repo, too",
            [("https://github.com/org/repo", "https://github.com/org/repo", 1, False)],
            id="without scheme",
        ),
        pytest.param("a me@github.com/x", [], id="not within an address"),
        pytest.param("![a curve](loss.png)", [("loss.png", "a curve", 1, True)], id="image"),
        pytest.param(
            "[![badge](b.svg)](https://a.org)",
            [("b.svg", "badge", 1, True), ("https://a.org", "badge", 1, False)],
            id="badge",
        ),
        pytest.param(
            'so <a href="https://a.org">the paper</a>.', [("https://a.org", "the paper", 1, False)], id="HTML in a line"
        ),
        pytest.param(
            "[https://a.org/x](https://b.org)",
            [("https://b.org", "https://a.org/x", 1, False)],
            id="an address as a label",
        ),
        pytest.param("```\nhttps://a.org\n```\n", [], id="none in code"),
        pytest.param("<!-- https://a.org -->\n", [], id="none in comments"),
        pytest.param("a[^1]\n\n[^1]: https://a.org\n", [("https://a.org", "https://a.org", 3, False)], id="footnote"),
    ],
)
def test_links_of_every_spelling(text: str, found: list[tuple[str, str, int, bool]]) -> None:
    assert links(text) == found


def test_alternative_text_is_no_prose() -> None:
    assert [b.text for b in card("before ![a curve](x.png) after").blocks] == ["before  after"]


def test_html_blocks_give_text_links_headings_lists_and_tables() -> None:
    text = (
        "<h1 align='center'>Name &amp; more</h1>\n"
        '<p align=center>\n  Words <b>in</b>\n  <a\n   href="https://a.org">a link</a>\n</p>\n'
        "<ul><li>one</li>\n<li>two</li></ul>\n"
        "<!-- hidden -->\n<style>p { color: red }</style>\n"
        "<table>\n<tr><th>Task</th><th>Score</th></tr>\n\n<tr><td>A</td><td>1</td></tr>\n</table>\n"
        "<img src='x.png' alt='curve'>\n"
    )

    found = card(text)

    assert [(b.kind, b.text, b.line) for b in found.blocks] == [
        ("heading", "Name & more", 1),
        ("html", "Words in\n\na link", 3),
        ("list-item", "one", 7),
        ("list-item", "two", 8),
        ("table", "Task | Score\n\nA | 1", 12),
        ("html", "", 16),
    ]
    assert found.blocks[4].rows == (("Task", "Score"), ("A", "1"))
    assert found.blocks[4].row_lines == (12, 14)
    assert links(text) == [("https://a.org", "a link", 4, False), ("x.png", "curve", 16, True)]


def test_markdown_links_within_html_are_links() -> None:
    assert links("<div>\nsee [the code](https://a.org/x)\n</div>\n")[0] == ("https://a.org/x", "the code", 2, False)


def test_markdown_between_html_tags_is_read_as_markdown() -> None:
    assert titles("<div>\n\n## Inside\n\n</div>\n") == [(2, "Inside", 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Title\n=====\n\nPart\n---\n", [(1, "Title", 1), (2, "Part", 4)], id="underlined"),
        pytest.param("**Training data**\n\nWords.\n", [(7, "Training data", 1)], id="bold and alone"),
        pytest.param("**Training data:**\nWords.\n", [(7, "Training data", 1)], id="bold, text below"),
        pytest.param("**Training data**: words.\n", [], id="bold at the start of a sentence"),
        pytest.param("**This model is not for commercial use.**\n", [], id="a sentence in bold"),
        pytest.param("- **Training data**\n", [], id="bold in a list"),
        pytest.param("##Training data\n\nWords.\n", [(2, "Training data", 1)], id="no blank after the hashes"),
        pytest.param("#1 on the list\n", [], id="a rank"),
        pytest.param("#hashtag\nand words\n", [], id="a hashtag"),
        pytest.param("# [Name](https://a.org) ![x](y.png)\n", [(1, "Name", 1)], id="a link as title"),
        pytest.param("# ![Logo](y.png)\n", [(1, "Logo", 1)], id="an image as title"),
    ],
)
def test_headings_of_every_spelling(text: str, found: list[tuple[int, str, int]]) -> None:
    assert titles(text) == found


def test_the_text_below_a_bold_heading_keeps_its_line() -> None:
    assert blocks("**Data**\nSome words\nmore\n") == [
        ("heading", "Data", 1, 1),
        ("paragraph", "Some words\nmore", 2, 3),
    ]


def test_sections_nest_and_end_where_the_next_begins() -> None:
    found = card("intro\n\n# A\n\n## B\n\ntext\n\n### C\n\n## D\n\n# E\nlast\n")

    assert [(s.title, s.path, s.line, s.line_end) for s in found.sections] == [
        ("", (), 1, 2),
        ("A", ("A",), 3, 12),
        ("B", ("A", "B"), 5, 10),
        ("C", ("A", "B", "C"), 9, 10),
        ("D", ("A", "D"), 11, 12),
        ("E", ("E",), 13, 14),
    ]
    assert found.path_of(found.blocks[3]) == ("A", "B")


@pytest.mark.parametrize(
    "content",
    [
        "More information needed",
        "[More Information Needed]",
        "- **Developed by:** [More Information Needed]\n- **License:** [More Information Needed]",
        "TODO",
        "*Coming soon!*",
        "<!-- Provide a longer summary of what this model is. -->\n\n[More Information Needed]",
        "待补充",
        "Use the code below to get started with the model.\n\n[More Information Needed]",
    ],
)
def test_template_text_is_no_content(content: str) -> None:
    section = card(f"# Data\n\n{content}\n").sections[1]

    assert (section.words, section.template) == (0, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Trained on a set of letters.", 6),
        ("More information needed on hardware; trained on letters.", 8),
        ("- **Developed by:** A person", 4),
        ("本模型在中文数据上训练", 6),
    ],
)
def test_filled_text_is_content(content: str, words: int) -> None:
    section = card(f"# Data\n\n{content}\n").sections[1]

    assert (section.words, section.template) == (words, False)


def test_a_section_with_code_only_has_no_words_and_is_no_template() -> None:
    section = card("# Usage\n\n```\nrun it\n```\n").sections[1]

    assert (section.words, section.template) == (0, False)


def test_what_stands_below_a_citation_heading_or_in_bibtex_is_a_citation() -> None:
    text = (
        "# Name\n\nwords\n\n## How to cite\n\nSmith 2024.\n\n```\n@article{smith, title={X}}\n```\n\n## More\n\nwords\n"
        "\n@misc{jones, title={Y}}\n\n**APA:**\n\nJones.\n\n## Capabilities\n\nwords\n"
    )

    found = [(b.text.split("\n")[0], b.citation) for b in card(text).blocks if b.kind != "heading"]

    assert found == [
        ("words", False),
        ("Smith 2024.", True),
        ("@article{smith, title={X}}", True),
        ("words", False),
        ("@misc{jones, title={Y}}", True),
        ("Jones.", True),
        ("words", False),
    ]


def test_an_offset_has_its_line_and_a_citation_its_excerpt() -> None:
    found = card("# A\n\none\ntwo [x](y) three\nfour\n")
    block = found.blocks[1]
    at = block.text.index("three")

    place = cite_at(found, block, at, at + 10)

    assert line_at(block, at) == 4
    assert (place.line, place.line_end, place.excerpt, place.text_kind) == (4, 5, "three four", "prose")


def test_a_long_card_is_cut_and_says_so() -> None:
    found = card("---\nlicense: mit\n---\n" + "words and more\n\n" * 40_000)

    assert found.truncated
    assert found.front_matter.values == {"license": "mit"}
    assert sum(len(b.text) for b in found.blocks) <= MAX_CARD_BYTES


def test_a_metadata_block_does_not_use_up_the_body() -> None:
    found = card("---\n" + "".join(f"key{i}: {'x' * 200}\n" for i in range(1_500)) + "---\n\n# Title\n")

    assert (found.truncated, found.sections[1].title, found.sections[1].line) == (False, "Title", 1_504)


def test_lone_surrogates_and_zero_bytes_are_read() -> None:
    assert [b.kind for b in card("# a\ud800b\n\nx\x00y\n").blocks] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("repo", "url"),
    [
        ("org/model", "https://huggingface.co/org/model/blob/abc/README.md"),
        ("datasets/org/set", "https://huggingface.co/datasets/org/set/blob/abc/README.md"),
        ("github.com/org/repo", "https://github.com/org/repo/blob/abc/README.md"),
    ],
)
def test_a_document_is_cited_by_its_canonical_page(repo: str, url: str) -> None:
    assert document_of(Text(path="README.md", text="", origin=ORIGIN, sha="abc"), "card", repo).url == url
