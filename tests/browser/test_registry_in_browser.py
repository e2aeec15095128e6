"""The report of a scan in Chromium: accessible, quiet, sorted and filtered without a server, also in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openness_audit.registry.compared import scan_changes
from openness_audit.registry.opened import opened
from openness_audit.registry.parts import keep_undecided
from openness_audit.registry.report import report_of
from openness_audit.registry.table import table
from openness_audit.render.registry import html as registry_html
from openness_audit.render.registry import rows as registry_rows
from openness_audit.ruleset import load_rules
from registry_folder_kit import POLICY, below, folder, lost, model

HOSTILE = "<script>alert(1)</script>\u202e<img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Render the report of a small scan; `visit` opens it instead of the reports of audits."""
    place = tmp_path_factory.mktemp("registry")
    rows = [model(f"acme/m{n}", downloads=n, score_low=n % 90, score_high=n % 90 + 10) for n in range(150)]
    rows += [below("acme/low", ("sea/salt", "unknown"), policy="no-verdict", policy_unknown=("terms",))]
    rows += [model(HOSTILE, warnings=("dead-repository",), gated=True), lost("acme/lost", "network")]
    new, old = folder(place / "new", *rows, policy=POLICY), folder(place / "old", *rows[:120], policy=POLICY)
    rules = load_rules(None)
    with opened(new) as scan, opened(old) as before:
        found = report_of(scan, keep_undecided(scan), rules, None, scan_changes(before, scan, rules))
        made = registry_html.Page(found, base="new")
        assert [*made.files("r", table(scan))] == []
    (place / "r.html").write_text("".join(made.text()), "utf-8")
    return {"registry": place / "r.html"}


def told(seen: Any) -> str:
    return str(seen.page.text_content("#told"))


def first(page: Any, model: str) -> None:
    page.locator("#table tbody tr").first.get_by_text(model, exact=True).wait_for()


def until(seen: Any, words: str) -> None:
    seen.page.get_by_text(words, exact=True).wait_for()


@pytest.mark.parametrize(("width", "scheme"), [("desktop", "light"), ("desktop", "dark"), ("phone", "light")])
def test_it_is_accessible_and_fits(visit: Any, axe: str, width: str, scheme: str) -> None:
    seen = visit("registry", width, scheme)

    found = seen.violations(axe)
    assert found == [], sorted({one.split(":")[0] for one in found})
    assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (seen.asked, seen.dialogs) == ([], [])


def test_headings_sort_and_words_filter(visit: Any) -> None:
    seen = visit("registry")
    assert told(seen) == "1 to 100 of 153 models"

    seen.page.get_by_role("button", name="Downloads").click()
    first(seen.page, "acme/m149")
    seen.page.fill("#words", "only:sea/salt")
    until(seen, "1 to 1 of 1 of 153 models")
    first(seen.page, "acme/low")
    seen.page.fill("#words", "<script>")
    until(seen, "1 to 1 of 1 of 153 models")
    assert (seen.asked, seen.dialogs) == ([], [])


def test_without_scripts_the_first_models_stand_there(visit: Any) -> None:
    seen = visit("registry", scripts=False)

    assert seen.page.locator("#table tbody tr").count() == registry_html.STATIC
    assert seen.page.locator("#controls").is_hidden()


def test_parts_beside_the_page_are_read_without_a_server(
    chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_html, "ALONE", 1)
    monkeypatch.setattr(registry_rows, "SIZE", 4)
    with opened(folder(tmp_path / "s", *(model(f"acme/m{n}", downloads=n) for n in range(10)))) as scan:
        made = registry_html.Page(report_of(scan, keep_undecided(scan), load_rules(None)), base="s")
        for name, text in made.files("r", table(scan)):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "r.html").write_text("".join(made.text()).replace('"size":5000', '"size":4'), "utf-8")
    page = chromium.new_page()

    page.goto((tmp_path / "r.html").as_uri())
    page.get_by_text("1 to 10 of 10 models", exact=True).wait_for()
    page.get_by_role("button", name="Downloads").click()
    page.get_by_text("1 to 10 of 10 models", exact=True).wait_for()

    first(page, "acme/m9")
    page.close()
