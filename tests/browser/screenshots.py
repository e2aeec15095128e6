"""Make the pictures of the documentation from the example reports: `python tests/browser/screenshots.py`.

Needs Chromium, poppler-utils and the extra `browser`; writes PNG files below `docs/screenshots/`.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "reports" / "examples"
PICTURES = ROOT / "docs" / "screenshots"
MODEL = "allenai--OLMo-7B"
LARGEST = 200_000  # bytes of a picture
SCREENS = {  # picture -> viewport, colour scheme, pixels per CSS pixel
    "report-light.png": ((1280, 800), "light", 1),
    "report-dark.png": ((1280, 800), "dark", 1),
    "report-phone.png": ((390, 844), "light", 2),
}
_TERMINAL = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0;padding:22px 26px;background:#16191d;color:#e8e6df;"
    "display:inline-block}pre{margin:0;font:15px/1.4 'DejaVu Sans Mono',monospace}b{color:#9ecbff;font-weight:400}"
    "</style><pre><b>$ modelaudit --offline {model}</b>\n\n{report}</pre>"
)


def take(browser: Any, folder: Path) -> None:
    """Take every picture of the page, of the badge and of the terminal's report."""
    report = EXAMPLES / f"{MODEL}.html"
    for name, ((width, height), scheme, scale) in SCREENS.items():
        view = {"width": width, "height": height}
        page = browser.new_page(viewport=view, color_scheme=scheme, device_scale_factor=scale)
        page.goto(report.as_uri())
        page.screenshot(path=str(PICTURES / name))
        page.close()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(report.as_uri())
    page.pdf(path=str(folder / "report.pdf"), prefer_css_page_size=True, print_background=True)
    told = (EXAMPLES / f"{MODEL}.txt").read_text("utf-8").rstrip()
    terminal = folder / "terminal.html"
    shown = _TERMINAL.replace("{model}", MODEL.replace("--", "/")).replace("{report}", html.escape(told))
    terminal.write_text(shown, "utf-8")
    page.goto(terminal.as_uri())
    page.locator("body").screenshot(path=str(PICTURES / "terminal.png"))
    page.close()


def print_summary(folder: Path) -> None:
    """Make a picture of the first printed page."""
    command = ["pdftoppm", "-r", "96", "-f", "1", "-l", "1", "-singlefile", "-png", str(folder / "report.pdf")]
    subprocess.run([*command, str(PICTURES / "report-print")], check=True)


def shrink() -> None:
    """Keep 128 colours of each picture: enough for a page of text, and a third of the bytes."""
    from PIL import Image  # noqa: PLC0415 - of the extra `browser`, as above

    for path in sorted(PICTURES.glob("*.png")):
        with Image.open(path) as picture:
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


def write_badge() -> None:
    """Write the example's badge."""
    import msgspec  # noqa: PLC0415 - the script starts without the package to say what is missing

    from openness_audit.model.audit import Audit  # noqa: PLC0415 - only here
    from openness_audit.render.ci import badge  # noqa: PLC0415 - only here

    audit = msgspec.json.decode((EXAMPLES / f"{MODEL}.json").read_bytes(), type=Audit)
    (PICTURES / "badge.svg").write_text(badge.render(audit), "utf-8")


def main() -> int:
    """Make all pictures; say what is missing, or which picture is too large."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here
    except ImportError:
        return _say("no Playwright: pip install -e '.[browser]'")
    program = shutil.which("chromium")
    if program is None or shutil.which("pdftoppm") is None:
        return _say("no Chromium or pdftoppm: apt-get install chromium poppler-utils")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take(browser, Path(name))
        browser.close()
        print_summary(Path(name))
    shrink()
    write_badge()
    large = [path.name for path in sorted(PICTURES.iterdir()) if path.stat().st_size > LARGEST]
    return _say(f"larger than {LARGEST} bytes: {', '.join(large)}") if large else 0


def _say(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
