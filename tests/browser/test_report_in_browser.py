"""The HTML report in Chromium: accessible, quiet, whole on a phone and on paper, usable by keyboard alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from browser_kit import FULL, SAMPLES

WORD = re.compile(r"[A-Za-z]{3,}")
LOOKS = [
    *product(["full"], ["phone", "desktop"], ["light", "dark"]),
    *((name, *look) for name in SAMPLES if name != "full" for look in (("phone", "dark"), ("desktop", "light"))),
]


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKS)
@pytest.mark.parametrize("script", ["", "-plain"], ids=["scripts", "no-scripts"])
def test_axe_finds_nothing(  # noqa: PLR0917 - one row of the table of looks
    visit: Any, axe: str, name: str, width: str, scheme: str, script: str
) -> None:
    if script and name != "full" and scheme == "dark":
        pytest.skip("told by the other look: only the filter differs")

    assert visit(name + script, width, scheme).violations(axe) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_is_quiet_and_asks_for_nothing(visit: Any, name: str, scripts: bool) -> None:
    seen = visit(name, "phone", scripts=scripts)
    wide = seen.page.evaluate("document.documentElement.scrollWidth")

    assert (seen.said, seen.asked, seen.dialogs, wide) == ([], [], [], 390)


def test_hostile_words_make_no_element_and_no_link(visit: Any) -> None:
    page = visit("hostile").page

    assert page.locator("img, iframe, [onerror], [onload], body script:not(:last-of-type)").count() == 0
    links = page.eval_on_selector_all("a", "all => all.map(a => a.protocol)")
    assert set(links) <= {"https:", "http:", "file:"}
    assert page.evaluate("document.title").endswith("openness audit")


def test_keyboard_reaches_everything_and_shows_where_it_is(visit: Any) -> None:
    page = visit("full").page
    targets = "a[href], button, input, select, summary, [tabindex='0']"
    wanted = page.eval_on_selector_all(
        targets, "all => all.filter(e => e.checkVisibility()).map((e, n) => (e.dataset.stop = n, n))"
    )

    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                return [Number(e.dataset.stop), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                        b.width > 0 && b.bottom > 0 && b.left >= 0 && b.top < innerHeight] }"""
            )
        )

    assert page.locator("[data-stop='0']").inner_text() == "Skip to the criteria"
    assert reached == [[stop, True, True] for stop in wanted]


def test_skip_link_leads_past_the_summary(visit: Any) -> None:
    page = visit("full").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**#criteria")
    page.wait_for_function("document.querySelector('#criteria').getBoundingClientRect().y < 100")


def test_filter_narrows_the_evidence_and_gives_it_back(visit: Any) -> None:
    page = visit("full").page
    rows, told = page.locator("#evidence-table tbody tr"), page.locator("[role=search] [role=status]")
    every = len(FULL.evidence)

    page.get_by_role("search").get_by_role("searchbox").fill("tern corpus")
    page.get_by_text(f"1 of {every} shown", exact=True).wait_for()
    shown = sum(row.is_visible() for row in rows.all())
    said = told.inner_text()
    page.get_by_role("button", name="Show all").click()
    page.get_by_text(f"{every} of {every} shown", exact=True).wait_for()

    assert (shown, said) == (1, f"1 of {every} shown")
    assert sum(row.is_visible() for row in rows.all()) == every


def test_citation_leads_to_its_row_even_when_it_was_filtered_away(visit: Any) -> None:
    page = visit("full").page
    link = page.locator("a.ref").first
    goal = link.get_attribute("href")
    page.get_by_role("searchbox").fill("nothing holds these words")
    link.click()

    page.locator(goal).wait_for(state="visible")  # the address changes first, the page hears of it later


def test_without_scripts_the_evidence_stands_whole_and_no_control_shows(visit: Any) -> None:
    page = visit("full", scripts=False).page

    assert page.locator("#evidence-table tbody tr:visible").count() == len(FULL.evidence)
    assert not page.get_by_role("searchbox", include_hidden=True).is_visible()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext: apt-get install poppler-utils")
@pytest.mark.parametrize("name", SAMPLES)
def test_paper_is_a4_starts_with_the_summary_alone_and_loses_no_word(visit: Any, name: str, tmp_path: Path) -> None:
    page, paper = visit(name).page, tmp_path / "report.pdf"
    page.emulate_media(media="print")
    page.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    info = subprocess.run(["pdfinfo", str(paper)], capture_output=True, check=True).stdout.decode()  # noqa: S607 - wherever it is installed
    sheets = (
        subprocess.run(
            ["pdftotext", "-layout", str(paper), "-"],  # noqa: S607 - wherever it is installed
            capture_output=True,
            check=True,
        )
        .stdout.decode("utf-8", "replace")
        .split("\f")
    )
    # a crowded summary shortens reasons, and shows that it does; what the audit decided is never cut
    crowded = name in {"big", "hostile", "poisoned"} or page.locator("header.dense").count() > 0
    bones = ":is(h2, .number, .tile .name, .tile .state, .severity, .legal)" if crowded else ""
    told = page.locator(f"header.summary {bones}".rstrip()).all_inner_texts()

    assert re.search(r"Page size:\s+59[45]\S* x 84[12]", info)
    assert _missing(" ".join(told), sheets[0]) == set(), "the summary is cut"
    assert "Evidence, not legal advice" in sheets[0]
    assert "Pretraining data" not in sheets[0]
    assert re.search(r"^\s*Criteria\b", sheets[1], re.MULTILINE)
    for table in page.locator("table").all():
        assert _missing(table.inner_text(), "".join(sheets)) == set(), "a table is cut"


def test_the_chain_of_terms_is_a_picture_with_its_words_beside_it(visit: Any) -> None:
    page = visit("full", "phone").page
    picture = page.get_by_role("img", name="Chain of terms: 3 models")
    box, beside = picture.bounding_box(), page.locator("ol.links li")

    assert picture.get_attribute("aria-labelledby") == "chain-title chain-told"
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
    assert [li.locator("strong").inner_text() for li in beside.all()] == [
        "acme/tern-7b",
        "acme/tern-base",
        "root/tern-root",
    ]


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_words_of_the_picture_stay_in_their_boxes(visit: Any, width: str) -> None:
    page = visit("merge", width).page
    wide = page.eval_on_selector_all(
        "svg.chain text", "all => all.filter(e => e.getBBox().x + e.getBBox().width > 350).map(e => e.textContent)"
    )

    assert wide == []


def test_each_verdict_of_the_summary_leads_to_its_reasons(visit: Any) -> None:
    page = visit("full").page
    links = page.locator(".terms ul a")

    assert links.count() == 6
    for link in links.all():
        goal = page.locator(link.get_attribute("href"))
        assert goal.locator("strong").first.inner_text() == link.inner_text()
        assert goal.locator("xpath=ancestor::li").locator(".because li").count() > 0


def _missing(words: str, told: str) -> set[str]:
    """Give the words that are not told; blanks are left out, since lines break inside long words."""
    whole = re.sub(r"\s+", "", told).lower()
    return {word for word in WORD.findall(words) if word.lower() not in whole}
