"""The badge: one small picture that says the class, the score and the five states, in shapes and in words."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

import browser_kit
from audit_sample import AUDIT
from batch_kit import policed
from openness_audit.render import ending_of, format_of
from openness_audit.render.ci import badge

GOLDEN = Path(__file__).parent / "golden" / "badge.svg"
SVG = "{http://www.w3.org/2000/svg}"


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_golden_badge() -> None:
    told = badge.render(AUDIT)
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        GOLDEN.write_text(told, "utf-8")

    assert told == GOLDEN.read_text("utf-8"), "OPENNESS_AUDIT_REGENERATE=1 writes the golden text anew"


@pytest.mark.parametrize("name", browser_kit.SAMPLES)
def test_badge_is_small_xml_that_needs_and_runs_nothing(name: str) -> None:
    told = badge.render(browser_kit.SAMPLES[name]())
    root = ET.fromstring(told)  # noqa: S314 - our own output
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    attributes = {key for e in root.iter() for key in e.attrib}

    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "text"}
    assert [a for a in attributes if a.startswith("on") or a.endswith("href") or a == "style"] == []
    assert "url(" not in told
    assert "\u202e" not in told
    assert len(told.encode()) < 8_000
    assert int(root.attrib["width"]) < 800


def test_words_say_all_that_the_picture_shows() -> None:
    root = ET.fromstring(badge.render(AUDIT))  # noqa: S314 - our own output
    desc = root.findtext(f"{SVG}desc") or ""

    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title", "").startswith(f"{AUDIT.subject.id}: ")
    assert [desc.count(f"{c.title}: ") for c in AUDIT.criteria] == [1] * 5
    assert "4 of 5 criteria known" in desc


def test_every_state_has_its_own_shape() -> None:
    states = ("open", "partial", "closed", "unknown", "not-applicable")
    shapes = set()
    for status in states:
        criteria = tuple(msgspec.structs.replace(c, status=status) for c in AUDIT.criteria[:1])
        body = badge.render(msgspec.structs.replace(AUDIT, criteria=criteria)).partition("</desc>")[2]
        shapes.add(re.sub(r"#[0-9a-f]{6}", "", body).replace("1 of 1", ""))

    assert len(shapes) == len(states)


def test_contrast_is_wcag_aa() -> None:
    tones = [(tone, badge.PAPER) for tone in badge.TONES.values()]
    pairs = [
        *tones,
        (badge.INK, badge.PAPER),
        ("#ffffff", badge.DARK),
        *(("#ffffff", tone) for tone in badge.GATES.values()),
    ]

    assert [(pair, round(_contrast(*pair), 2)) for pair in pairs if _contrast(*pair) < 4.5] == []


@pytest.mark.parametrize(
    ("result", "words"), [("met", "policy met"), ("violated", "policy violated"), ("no-verdict", "policy undecided")]
)
def test_the_policys_result_is_shown_in_words(result: str, words: str) -> None:
    told, plain = badge.render(policed(result)), badge.render(AUDIT)
    root = ET.fromstring(told)  # noqa: S314 - our own output
    shown = [e.text for e in root.iter(f"{SVG}text")]

    assert shown[-1] == words
    assert " by the policy commercial product: " in (root.findtext(f"{SVG}title") or "")
    assert int(root.attrib["width"]) > int(ET.fromstring(plain).attrib["width"])  # noqa: S314 - our own output
    assert "policy" not in plain


def test_golden_badge_with_a_policy() -> None:
    path, told = GOLDEN.with_name("badge-policy.svg"), badge.render(policed("violated"))
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(told, "utf-8")

    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


def test_score_is_an_interval_where_it_is_one() -> None:
    assert ">50–60 of 100<" in badge.render(AUDIT)
    assert ">0–100 of 100<" in badge.render(browser_kit.undetermined())


def test_format_follows_the_ending() -> None:
    assert (format_of("model.svg"), ending_of("badge")) == ("badge", ".svg")
