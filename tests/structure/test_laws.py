"""What holds for any text, by trying many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.builder import MAX_BLOCKS
from openness_audit.collect.card.facts import card_facts
from openness_audit.collect.card.frontmatter import normalized, read_front_matter
from openness_audit.collect.files.kinds import collect_files, wanted_texts
from openness_audit.collect.files.refs import collect_refs
from openness_audit.model.capture import Ref, Refs
from structure_kit import ORIGIN, PLACE, card, listing

PIECES = st.sampled_from(
    [
        "---\n", "license: mit\n", "# A\n", "**b**\n", "- x\n", "  - y\n", "| a | b |\n", "|---|---|\n",
        "| 1 | 2 |\n", "```\n", "    code\n", "> q\n", "<div>", "</div>\n", "<table>", "<tr><td>",
        "</td></tr>", "</table>\n", "<!--", "-->", "<a href='x'>", "</a>", "<img src=y>", "<pre>", "<li>",
        "[l](u)", "![i](u)", "[r]: z\n", "[r]", "https://a.b/c", "`c\nd`", "\n", "\n\n", "\r\n", "\r", " ",
        "text ", "漢", "\u0000", "[^1]", "[^1]: n\n", "@misc{a}", "[More Information Needed]", "===\n",
        "* * *\n", "<", "&amp;", "\\", "#b\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@given(TEXTS)
def test_any_text_gives_a_card_whose_lines_lie_within_it(text: str) -> None:
    found = card(text)

    lines = normalized(text).count("\n") + 1
    assert len(found.blocks) <= MAX_BLOCKS
    for section in found.sections:
        assert 1 <= section.line <= section.line_end
        assert section.line <= lines
    for block in found.blocks:
        assert 1 <= block.line <= block.line_end <= lines
        assert block.line + block.text.rstrip("\n").count("\n") <= block.line_end
        assert len(block.rows) == len(block.row_lines)
        assert all(1 <= n <= lines for n in (*block.row_lines, *(link.line for link in block.links)))
        assert found.sections[block.section].line <= block.line or block.section == 0
    assert card_facts(found).words >= 0


@given(TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert card(text) == card(text)


@given(st.text(alphabet=st.sampled_from(list("abx:-[]{}&*!|>'\"#%@ \n\t,?~.0123")), max_size=200))
def test_any_metadata_is_read_without_raising(text: str) -> None:
    found = read_front_matter(f"---\n{text}\n---\n")

    assert found.values == {} or found.state == "ok"
    assert all(1 <= line <= found.line_end for line in found.lines.values())


@given(st.lists(st.text(min_size=1, max_size=60), max_size=20))
def test_any_names_are_sorted_without_raising(names: list[str]) -> None:
    listed = listing(*names)

    found = collect_files(listed, {}, PLACE, identity("org/model"), None, tuple(names))
    refs = collect_refs(Refs(refs=tuple(Ref(name=n, kind="branch") for n in names), origin=ORIGIN), "org/model")

    assert found.count == len(names)
    assert len({*refs.intermediate, *refs.quantization, *refs.other}) == len(set(names))
    assert set(wanted_texts(listed)) <= set(names)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "_*",
        "> ",
        "`",
        "<",
        "<a ",
        "<!--",
        "<table><td>",
        "|",
        "t\na|b\n-|-\n",
        "#a\n",
        "http://a.b/(",
        "- \n",
        "**a**\n",
        "\x00",
        "漢",
        " ",
    ],
)
def test_hostile_repetition_ends_within_the_caps(piece: str) -> None:
    found = card(piece * (150_000 // len(piece)))

    assert len(found.blocks) <= 5 * MAX_BLOCKS
