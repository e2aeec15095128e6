"""The page of a comparison in Chromium: accessible, quiet, whole on a phone and on paper, folded by choice alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import browser_kit
from audit_sample import AUDIT
from audit_terms import crowded, poisoned
from compare_kit import apache, compared, named, with_level, with_score
from openness_audit.comparison.table import Column, compare
from openness_audit.model.compare import Comparison, MissingDoc
from openness_audit.render.compare import html as compare_html

OTHER = named("acme/plainly-licensed-model-with-a-long-name-7b", with_score(apache(AUDIT), 80, 80))
THIRD = named("zeta/third", with_level(with_score(AUDIT, 0, 20), "data", "closed"))


def missing() -> Comparison:
    """Give a comparison of audits by different rules of which one model was not found."""
    gone = MissingDoc(asked="acme/gone", why="acme/gone was not found")
    return compare([Column(AUDIT), Column(browser_kit.older(), from_file=True), Column(browser_kit.offline())], [gone])


SAMPLES: dict[str, Callable[[], Comparison]] = {
    "two": lambda: compared(AUDIT, OTHER),
    "three": lambda: compared(AUDIT, OTHER, THIRD),
    "eight": lambda: compared(*[AUDIT, OTHER, THIRD, browser_kit.undetermined()] * 2),
    "alike": lambda: compared(AUDIT, AUDIT),
    "missing": missing,
    "hostile": lambda: compared(browser_kit.hostile(), poisoned(), OTHER),
    "big": lambda: compared(browser_kit.big(), crowded(), browser_kit.big()),
}
LOOKS = [
    *product(["three"], ["phone", "desktop"], ["light", "dark"]),
    *((name, *look) for name in SAMPLES if name != "three" for look in (("phone", "dark"), ("desktop", "light"))),
]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Render every sample; `visit` opens these instead of the reports."""
    folder = tmp_path_factory.mktemp("comparisons")
    made = {name: folder / f"{name}.html" for name in SAMPLES}
    for name, path in made.items():
        path.write_text(compare_html.render(SAMPLES[name]()), "utf-8")
    return made


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKS)
def test_axe_finds_nothing(visit: Any, axe: str, name: str, width: str, scheme: str) -> None:
    assert visit(name, width, scheme).violations(axe) == []


@pytest.mark.parametrize("width", ["phone", "desktop"])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_is_quiet_asks_for_nothing_and_fits(visit: Any, name: str, width: str) -> None:
    seen = visit(name, width)
    wide = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert (seen.said, seen.asked, seen.dialogs, wide) == ([], [], [], 0)


def test_hostile_words_make_no_element_and_no_link(visit: Any) -> None:
    page = visit("hostile").page

    assert page.locator("img, iframe, script, [onerror], [onload]").count() == 0
    assert set(page.eval_on_selector_all("a", "all => all.map(a => a.protocol)")) <= {"https:", "http:", "file:"}


def test_rows_that_are_alike_are_folded_only_when_it_is_chosen(visit: Any) -> None:
    page = visit("three").page
    same, differ = page.locator("tr.same"), page.locator("tr.differs")
    counts = same.count(), differ.count()
    assert min(counts) > 0
    before = page.locator("tr.same:visible").count(), page.locator("tr.differs:visible").count()
    page.get_by_label("Show only the rows that differ").check()
    page.get_by_text("rows in which all are the same").first.wait_for()
    after = page.locator("tr.same:visible").count(), page.locator("tr.differs:visible").count()

    assert (before, after) == (counts, (0, counts[1]))
    assert page.get_by_text("rows in which all are the same").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("tr.same:visible").count() == counts[0], "on paper nothing is folded away"


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_difference_and_lead_are_said_in_words(visit: Any, width: str) -> None:
    page = visit("three", width).page
    said = page.locator("tr.differs > th .tag").all_inner_texts()

    assert said == ["differs"] * page.locator("tr.differs").count()
    assert page.locator("td.first").count() == page.locator("td.first .ahead").count() > 0


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_table_keeps_its_rows_and_headers_for_who_cannot_see_it(visit: Any, width: str) -> None:
    page = visit("three", width).page
    table = page.get_by_role("table", name="The models side by side")

    assert table.get_by_role("columnheader").count() == 4
    row = table.get_by_role("row", name=re.compile("^Training data"))
    assert (row.get_by_role("rowheader").count(), row.get_by_role("cell").count()) == (1, 3)


def test_on_a_phone_each_answer_names_its_model(visit: Any) -> None:
    page = visit("three", "phone").page
    row = page.locator("tr.in-criteria.differs").first

    assert row.locator(".of").all_inner_texts() == ["tern-7b", "plainly-licensed-model-with-a-long-name-7b", "third"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext: apt-get install poppler-utils")
@pytest.mark.parametrize("name", SAMPLES)
def test_paper_is_a4_landscape_repeats_the_names_and_loses_no_word(visit: Any, name: str, tmp_path: Path) -> None:
    page, paper = visit(name).page, tmp_path / "compare.pdf"
    page.emulate_media(media="print")
    page.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    info = subprocess.run(["pdfinfo", str(paper)], capture_output=True, check=True).stdout.decode()  # noqa: S607 - wherever it is installed
    text = _text(paper, "-layout")
    sheets = [sheet for sheet in text.split("\f") if sheet.strip()]

    assert re.search(r"Page size:\s+84[12]\S* x 59[45]", info)
    whole = "".join(_text(paper, "-raw").split())  # a long word may go on in the next line of its cell
    told = page.locator("header.head, .side tr, .demands, .keys").all_inner_texts()
    assert [word for word in re.findall(r"[A-Za-z]{3,}", " ".join(told)) if word not in whole] == []
    assert "Evidence, not legal advice" in sheets[-1]
    assert "Openness comparison, page 1 of" in sheets[0]
    if name == "three":
        tables = [sheet for sheet in sheets if "differs" in sheet and "How to read it" not in sheet]
        assert [sheet for sheet in tables if "Question" not in sheet] == []


def _text(paper: Path, how: str) -> str:
    command = ["pdftotext", how, str(paper), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")
