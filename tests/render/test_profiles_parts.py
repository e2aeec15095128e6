"""What the reports say of the outside frameworks: words, shapes, and where they stand."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from audit_profiles import EU, MOF, OSAI, OSAID, PROFILES
from audit_sample import AUDIT
from openness_audit.model import profiles as parts
from openness_audit.model.audit import Audit
from openness_audit.model.audit_findings import FindingDoc
from openness_audit.render import escape
from openness_audit.render.html import audit as html
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.text import audit as text
from openness_audit.render.views import profiles as view

replace = msgspec.structs.replace
PAGE = html.render(AUDIT)
SECTION = PAGE.partition('<section id="frameworks"')[2].partition("</section>")[0]
CLASSES = ("none", "III", "II", "I")


def _mof(class_: str, low: str = "none", high: str = "I", **other: object) -> parts.MofDoc:
    return replace(MOF, class_=class_, at_least=low, at_most=high, **other)


@pytest.mark.parametrize(
    ("mof", "words"),
    [
        (_mof("none"), "no class"),
        (_mof("II"), "class II"),
        (_mof("not-determined", "none", "I"), "not determined"),
        (_mof("not-determined", "none", "III"), "not determined (at most class III)"),
        (_mof("not-determined", "III", "I"), "not determined (at least class III)"),
        (_mof("not-determined", "III", "II"), "not determined (class III or II)"),
    ],
)
def test_the_class_is_told_with_its_bounds(mof: parts.MofDoc, words: str) -> None:
    assert view.mof_words(mof) == words


def test_why_there_is_no_class_or_no_better_one() -> None:
    keeps = "what keeps it from class II: training code not openly licensed, evaluation code only in part"

    assert [view.mof_why(mof) for mof in (MOF, _mof("none"), _mof("III"), _mof("I"))] == [
        "class III hangs on: data card not determined",
        keeps,
        f"class III is complete; {keeps}",
        "everything that the framework requires is there, under open licences",
    ]


def test_progress_is_never_rounded_up_to_complete() -> None:
    almost = replace(MOF, progress=parts.ProgressDoc(I=0.0, II=12.9, III=99.9), progress_at_most=MOF.progress_at_most)

    assert view.mof_steps(almost)[0].words == "99 to 100 %"
    assert [(step.name, step.low, step.high) for step in view.mof_steps(MOF)] == [
        ("class III", 83, 100),
        ("class II", 0, 90),
        ("class I", 0, 0),
    ]


def test_each_gap_has_its_reason_and_those_alike_stand_together() -> None:
    same = tuple(parts.MofGapDoc(component=n, class_="III", state="missing", why="none") for n in ("Model card", "B"))

    assert view.mof_gaps(replace(MOF, missing=same, not_determined=())) == (
        view.Row("Model card, B (class III)", "missing", "closed", "none"),
    )
    assert [(row.word, row.state) for row in view.mof_gaps(MOF)] == [
        ("not determined", "unknown"),
        ("not openly licensed", "closed"),
        ("only in part", "partial"),
        ("missing", "closed"),
        ("without a licence", "closed"),
    ]


def test_components_and_terms_are_told_apart_with_what_decides() -> None:
    rows = {axis: view.osaid_rows(OSAID, axis) for axis in ("components", "terms")}

    assert [row.decides for row in rows["components"]] == [False, False, False]
    assert [(row.what, row.word, row.decides) for row in rows["terms"]] == [
        ("licence of the parameters", "not met", True),
        ("access without asking for permission", "met", False),
    ]


def test_a_total_is_one_number_only_where_it_is_determined() -> None:
    assert view.osai_words(OSAI) == "4.5 to 5.5 of 12"
    assert view.osai_words(replace(OSAI, total=7.5, low=7.5, high=7.5)) == "7.5 of 12"


def test_dimensions_with_one_answer_for_one_reason_stand_together() -> None:
    one = OSAI.dimensions["weights_endmodel"]
    rows = view.osai_rows(replace(OSAI, dimensions={"weights_basemodel": one, "weights_endmodel": one}))

    assert [row.what for row in rows] == ["weights of the base model, weights of the end model"]


def test_what_was_not_looked_for_is_never_called_not_found() -> None:
    assert [(row.word, row.state) for row in view.eu_rows((*EU.exemption, *EU.duties))] == [
        ("not determined", "unknown"),
        ("found", "open"),
        ("not found", "closed"),
        ("not looked for", "not-applicable"),
    ]
    assert view.eu_words(EU) == "evidence found: 1 of 2 for the exemption, 0 of 2 for the duties that stay"


def test_reasons_name_licences_and_families_in_words() -> None:
    assert view.said("NONE (none-declared) covers it") == "no licence (none declared) covers it"
    assert view.said("LicenseRef-hf-llama2 (community); code: not determined (NOASSERTION)") == (
        "Llama 2 Community License Agreement (vendor community terms); code: not determined (not identified)"
    )


@given(st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.sampled_from(list(view.OSAID)))
def test_the_one_line_fits_eighty_columns(low: str, high: str, verdict: str) -> None:
    low, high = sorted((low, high), key=CLASSES.index)
    class_ = low if low == high else "not-determined"
    profiles = replace(PROFILES, mof=_mof(class_, low, high), osaid=replace(OSAID, verdict=verdict))

    said = view.one_line(replace(AUDIT, profiles=profiles))
    assert 0 < len(f"frameworks: {said}") <= 80


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(AUDIT.findings), max_size=8), st.integers(80, 140))
def test_the_one_line_hides_no_error_and_no_warning(findings: list[FindingDoc], width: int) -> None:
    audit = replace(AUDIT, findings=tuple(findings))
    told = [text.render(a, width=width) for a in (audit, replace(audit, profiles=parts.ProfilesDoc()))]
    severe = [re.findall(r"^(?:error|warning)\[.*?\]", report, re.MULTILINE) for report in told]

    assert severe[0] == severe[1]
    assert [len(report.splitlines()) <= 24 for report in told] == [True, True]


def test_no_framework_no_words() -> None:
    none = replace(AUDIT, profiles=parts.ProfilesDoc(), disagreements=())
    told = [text.render(none), text.render(none, verbose=True), markdown.render(none), html.render(none)]

    assert [
        word
        for word in ('id="frameworks', "frameworks:", "MOF", "European Open Source AI Index")
        for t in told
        if word in t
    ] == []


@pytest.mark.parametrize("missing", ["mof", "osaid", "osai", "eu_gpai"])
def test_one_framework_less_is_told_without_it(missing: str) -> None:
    audit = replace(AUDIT, profiles=replace(PROFILES, **{missing: None}))
    name = view.titles()[missing]
    told = [text.render(audit, verbose=True), markdown.render(audit)]
    section = html.render(audit).partition('<section id="frameworks"')[2].partition("</section>")[0]

    assert [name in t for t in (*told, section)] == [False, False, False]


def test_disagreements_come_first() -> None:
    verbose = text.render(AUDIT, verbose=True)
    for told, framework in ((SECTION, "Model Openness Framework"), (verbose, "Model Openness Framework:")):
        assert 0 < told.index("isagree") < told.index(framework)
    assert 0 < markdown.render(AUDIT).index("They disagree") < markdown.render(AUDIT).index("| Framework |")


def test_every_answer_has_a_shape_and_a_word() -> None:
    answers = re.findall(r'<span class="state ([a-z-]+)"><svg class="glyph ([a-z-]+)"[^>]*>.*?</svg>([^<]+)', SECTION)
    rows = len(view.mof_gaps(MOF)) + len(OSAID.components) + len(OSAID.terms) + len(OSAI.dimensions) + 4

    assert len(answers) == rows + 4  # the class, the verdict and the two axes
    assert [a for a in answers if a[0] != a[1] or not a[2].strip()] == []


def test_markdown_says_the_shortest_of_each() -> None:
    table = [line for line in markdown.render(AUDIT).splitlines() if re.match(r"\| (Model O|Open S|European|EU)", line)]

    assert [line.split(" | ")[1] for line in table] == [
        "? not determined (at most class III)",
        "○ not met (terms)",
        "4.5 to 5.5 of 12",
        "evidence found: 1 of 2 for the exemption, 0 of 2 for the duties that stay",
    ]


_WORDS = st.text(st.one_of(st.sampled_from("ab-/ |`<>*\\\n\x1b\u202e開"), st.characters()), max_size=300)


def _spoilt(words: str) -> Audit:
    element = parts.ElementDoc(status="not-met", why=words, by=("weights", words))
    dimension = replace(OSAI.dimensions["code"], why=words)
    gap = parts.MofGapDoc(component=words, class_="III", state="missing", why=words)
    profiles = parts.ProfilesDoc(
        mof=replace(MOF, missing=(gap,), components=(replace(MOF.components[0], why=words),)),
        osaid=replace(OSAID, why=words, components={words: element}, terms={"access": element}),
        osai=replace(OSAI, dimensions={"code": dimension, words: dimension}),
        eu_gpai=replace(EU, note=words, exemption=(replace(EU.exemption[0], why=words, question=words),)),
    )
    return replace(AUDIT, profiles=profiles, disagreements=(words,) * 20)


@settings(deadline=None, max_examples=25)
@given(_WORDS, st.integers(40, 160))
def test_nothing_of_a_stranger_steers_or_widens_a_report(words: str, width: int) -> None:
    told = [text.render(_spoilt(words), width=width, verbose=verbose) for verbose in (False, True)]

    assert [line for report in told for line in report.splitlines() if cell_len(line) > width] == []
    assert [c for report in told for c in report if c != "\n" and escape.hidden(c)] == []
    assert len(text.render(_spoilt(words)).splitlines()) <= 24


@settings(deadline=None, max_examples=10)
@given(_WORDS)
def test_nothing_of_a_stranger_breaks_a_page_or_a_table(words: str) -> None:
    hostile = f'{words}<img src=x onerror=alert(1)>"><script>alert(1)</script> | x'
    page = html.render(_spoilt(hostile))
    table = [line for line in markdown.render(_spoilt(hostile)).splitlines() if line.startswith("| Model Open")]

    assert ("<img" in page, page.count("<script"), "\u202e" in page) == (False, 1, False)
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in table] == [4]


def test_the_page_stays_small_whatever_the_frameworks_say() -> None:
    assert len(html.render(_spoilt("many words " * 5000)).encode()) < 300_000
