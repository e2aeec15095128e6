"""A real browser, started once, its pages watched. Skips, and says how to get it, where something is missing."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from browser_kit import SAMPLES
from openness_audit.render.html import audit as html

HERE = Path(__file__).resolve().parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
PATIENCE_MS = 60_000  # a hang guard; nothing here waits for it


@dataclass
class Visit:
    """A page that is open, and all it said and asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def violations(self, axe: str) -> list[str]:
        """Let axe-core look at the page as it stands."""
        self.page.evaluate(axe + "; 0")
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", list(TAGS)
        )
        return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium: apt-get install chromium, or name one in CHROMIUM")
    driver = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install -e '.[browser]'")
    with driver.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("no axe-core: npm ci --prefix tests/browser")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Render every sample; beside each, `NAME-plain`: the same without its script, for checkers that are scripts."""
    folder = tmp_path_factory.mktemp("reports")
    made = {}
    for name, audit in SAMPLES.items():
        text = html.render(audit())
        plain = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
        for kind, body in ((name, text), (f"{name}-plain", plain)):
            made[kind] = folder / f"{kind}.html"
            made[kind].write_text(body, "utf-8")
    return made


@pytest.fixture
def visit(chromium: Any, pages: dict[str, Path]) -> Iterator[Any]:
    """Open a sample's page; whatever leaves the file is stopped and written down."""
    contexts = []

    def go(name: str, width: str = "desktop", scheme: str = "light", *, scripts: bool = True) -> Visit:
        context = chromium.new_context(
            viewport=WIDTHS[width], color_scheme=scheme, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page, address = context.new_page(), pages[name].as_uri()
        seen = Visit(page)

        def gate(route: Any) -> None:
            if route.request.url == address:
                route.continue_()
            else:
                seen.asked.append(route.request.url)
                route.abort()

        def answer(dialog: Any) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        context.route("**/*", gate)
        page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda problem: seen.said.append(str(problem)))
        page.on("dialog", answer)
        page.goto(address)
        return seen

    yield go
    for context in contexts:
        context.close()
