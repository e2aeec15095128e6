"""Laws of the terminal report, for any words of strangers and any width."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from audit_sample import AUDIT
from fuzz_budget import examples
from openness_audit.model.audit import Audit, NotCheckedDoc
from openness_audit.model.audit_licenses import LicensesDoc
from openness_audit.render import escape
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.text import audit as text
from openness_audit.render.views import audit as view

EXAMPLES = sorted((Path(__file__).parents[2] / "reports" / "examples").glob("*.json"))
WIDTHS = st.integers(min_value=40, max_value=200)
_ALPHABET = st.one_of(
    st.sampled_from("aeiou- ./:()'[]|`*_<>&@\\"),
    st.sampled_from("開放性監査한글àé🤗مرحبا\u0301\u200d\u202e\u200b\x1b\x07\x9b\n\t"),
    st.characters(),
)
WORDS = st.text(_ALPHABET, max_size=60)
LONG = st.one_of(WORDS, st.text(_ALPHABET, min_size=60, max_size=400), st.just("org/" + "x-" * 60 + "name.bin"))
VERDICTS = ["allowed", "conditions", "not-allowed", "not-determined"]


@st.composite
def terms(draw: st.DrawFn) -> LicensesDoc:
    """Put strangers' words into the licence part, and leave parts of it out."""
    replace, held = msgspec.structs.replace, AUDIT.licenses
    long, words = draw(LONG), draw(WORDS)
    verdicts = draw(st.lists(st.sampled_from(VERDICTS), min_size=6, max_size=6))
    uses = tuple(replace(use, verdict=v, why=(long, words)) for use, v in zip(held.uses, verdicts, strict=True))
    duties = tuple(replace(row, what=long, clause=words, value=words) for row in held.obligations)
    return replace(
        held,
        own=replace(held.own, expression=draw(WORDS), why=draw(LONG)),
        effective=replace(held.effective, inherited_from=draw(st.none() | WORDS), why=long),
        chain=tuple(replace(link, expression=long, family=words) for link in held.chain)[: draw(st.integers(0, 3))],
        uses=draw(st.sampled_from([(), uses])),
        obligations=(duties * 9)[: draw(st.integers(0, 40))],
        conflicts=tuple(replace(c, why=long, clauses=(long,)) for c in held.conflicts),
    )


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    """Put strangers' words wherever a report shows some."""
    replace = msgspec.structs.replace
    evidence = tuple(replace(e, path=draw(st.none() | LONG), excerpt=draw(st.none() | LONG)) for e in AUDIT.evidence)
    findings = tuple(replace(f, title=draw(WORDS), message=draw(LONG)) for f in AUDIT.findings)
    missing = tuple(
        NotCheckedDoc(what=draw(LONG), code=draw(WORDS), why=draw(LONG))
        for _ in range(draw(st.integers(min_value=0, max_value=6)))
    )
    return replace(
        AUDIT,
        subject=replace(AUDIT.subject, id=draw(st.text("abc-._/", min_size=1, max_size=96))),
        criteria=tuple(replace(c, why=draw(LONG), short=draw(LONG)) for c in AUDIT.criteria),
        components=tuple(replace(c, why=draw(LONG)) for c in AUDIT.components),
        evidence=evidence,
        findings=findings * draw(st.integers(min_value=0, max_value=4)),
        licenses=draw(terms()),
        not_checked=missing,
        training_data=tuple(replace(d, id=None, name=draw(LONG)) for d in AUDIT.training_data),
    )


@settings(deadline=None, max_examples=examples(20))
@given(audits(), WIDTHS, st.booleans(), st.sampled_from(["utf-8", "ascii", "latin-1"]))
def test_no_line_is_wider_than_the_terminal(audit: Audit, width: int, verbose: bool, encoding: str) -> None:
    report = text.render(audit, width=width, verbose=verbose, encoding=encoding)

    assert [line for line in report.splitlines() if cell_len(line) > width] == []
    assert report.encode(encoding)


@settings(deadline=None, max_examples=examples(20))
@given(audits(), WIDTHS, st.booleans())
def test_colour_changes_no_word(audit: Audit, width: int, verbose: bool) -> None:
    plain = text.render(audit, width=width, verbose=verbose)
    colored = text.render(audit, width=width, verbose=verbose, color=True)

    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", colored).split("\n")] == plain.split("\n")


@settings(deadline=None, max_examples=examples(20))
@given(audits(), WIDTHS)
def test_nothing_of_a_stranger_steers_the_terminal(audit: Audit, width: int) -> None:
    told = [text.render(audit, width=width, verbose=verbose) for verbose in (True, False)]
    told += [text.explain(audit, part, width) for part in ("data", "licenses")]

    assert [c for report in told for c in report if c != "\n" and escape.hidden(c)] == []


def _first_screen(audit: Audit, width: int) -> list[str]:
    """Name what a hurried reader must see in 24 lines and does not."""
    report = text.render(audit, width=width).splitlines()
    screen = report[:24]
    wanted = [f"{c.id} " for c in audit.criteria] + [
        "licence ",
        "not checked: ",
        view.score_words(audit.score),
        "exit ",
    ]
    wanted += ["uses: "] if audit.licenses.uses else []
    wanted += ["obligations: "] if audit.licenses.obligations else []
    missing = [word for word in wanted if not any(word in line for line in screen)]
    begin = escape.clean(audit.verdict.sentence)[:30].rpartition(" ")[0]
    missing += [] if any(begin in line for line in screen) else ["the verdict"]
    return missing + (["a report of 24 lines"] if len(report) > 24 else [])


@settings(deadline=None, max_examples=examples(20))
@given(audits(), st.integers(min_value=80, max_value=200))
def test_a_screen_of_24_lines_holds_all_that_decides(audit: Audit, width: int) -> None:
    assert _first_screen(audit, width) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("width", [80, 120])
def test_each_example_fits_a_screen(path: Path, width: int) -> None:
    assert _first_screen(msgspec.json.decode(path.read_bytes(), type=Audit), width) == []


@settings(deadline=None, max_examples=examples(20))
@given(audits())
def test_markdown_stays_within_what_github_takes(audit: Audit) -> None:
    many = msgspec.structs.replace(audit, findings=audit.findings * 200, not_checked=audit.not_checked * 200)

    assert len(markdown.render(many).encode()) <= markdown.MOST_BYTES
