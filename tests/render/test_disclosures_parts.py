"""What the HTML and Markdown reports tell of what a card discloses."""

from __future__ import annotations

import re

import msgspec
import pytest

from audit_sample import AUDIT
from disclosures_kit import capture_of, disclosed
from openness_audit.model.audit import Audit
from openness_audit.render.html import audit as html
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.markdown import disclosures as disclosures_markdown
from openness_audit.render.views import disclosures as disclosures_view

CARD = """---
language: [de]
pipeline_tag: text-generation
---
# Falke-7B

Falke-7B has 7 billion parameters.

## Limitations

Falke-7B cannot read <b>tables</b> | or lists.

Falke-7B cannot count beyond the number ten.

Falke-7B cannot sing songs of its own.

## Training data

The training data of Falke-7B may contain personal data of people named on the web.

## Environmental Impact

Training emitted 1.5 tons of CO2eq.
"""


def of(card: str | None, *failing: str) -> Audit:
    return msgspec.structs.replace(AUDIT, disclosures=disclosed(capture_of(card, failing=failing)))


def table(told: str) -> dict[str, str]:
    rows = re.findall(r"^\| ([^|\n]+) \| (.*?) \| [^|\n]* \|$", told, re.MULTILINE)
    return {topic: words for topic, words in rows if topic in disclosures_view.TITLES.values()}


def test_markdown_has_a_line_a_topic_and_names_what_is_not_there() -> None:
    told = "\n".join(disclosures_markdown.lines(of(CARD), lambda _ids: ""))

    assert table(told)["Task"] == "text-generation"
    assert table(told)["Parameters"] == "7 billion parameters"
    assert table(told)["Emissions"].endswith("(1500 kgCO2e)")
    assert table(told)["Limitations"].endswith("and 1 more")
    assert "may be contained" in table(told)["Personal data"]
    assert re.search(r"\*\*Not in the card:\*\* .*hyper-parameters", told)
    assert "Could not be looked at" not in told


def test_strangers_words_are_no_markup() -> None:
    told = "\n".join(disclosures_markdown.lines(of(CARD), lambda _ids: ""))
    page = html.render(of(CARD))

    assert "<b>tables</b>" not in told
    assert "<b>tables</b>" not in page
    assert "tables" in page


def test_a_card_that_could_not_be_read_is_told_as_not_looked_at_and_never_as_silent() -> None:
    told = "\n".join(disclosures_markdown.lines(of(None, "README.md"), lambda _ids: ""))

    assert "**Could not be looked at:** every topic (the server answered 503)." in told
    assert "Not in the card" not in told


def test_a_document_that_was_made_without_disclosures_has_no_such_section() -> None:
    bare = msgspec.structs.replace(AUDIT, disclosures=None)

    assert list(disclosures_markdown.lines(bare, lambda _ids: "")) == []
    assert 'id="disclosures"' not in html.render(bare)


@pytest.mark.parametrize("card", [CARD, None])
def test_both_reports_have_the_section_once(card: str | None) -> None:
    assert html.render(of(card)).count('<section id="disclosures"') == 1
    assert markdown.render(of(card)).count("### What the card discloses") == 1
