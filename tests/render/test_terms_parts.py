"""The licence part of the reports: whole, safe, told by shape and word, and readable where there is little to tell."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from audit_sample import AUDIT, BELL, BIDI, CHAIN, DUTIES, LICENSES, SCRIPT, USES
from audit_terms import HOSTILE, crowded, poisoned
from openness_audit.model.audit import Audit, FileDoc, NotCheckedDoc
from openness_audit.render import escape
from openness_audit.render.html import audit as html
from openness_audit.render.html import chain_svg
from openness_audit.render.markdown import audit as markdown
from openness_audit.render.records import notice
from openness_audit.render.text import audit as text
from openness_audit.render.text import terms as terms_text
from openness_audit.render.views import audit as view
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import terms as terms_view

change = msgspec.structs.replace
SVG = "{http://www.w3.org/2000/svg}"


def _with(**parts: object) -> Audit:
    return change(AUDIT, licenses=change(LICENSES, **parts))


def _picture(audit: Audit) -> ET.Element:
    return ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{chain_svg.draw(audit)}</svg>')[0]  # noqa: S314 - our own words


def _words(element: ET.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


BARE = _with(uses=(), obligations=(), conflicts=(), chain=(), chain_complete=None)
NARROWEST, WIDEST = 40, 200


# --- the picture ---


def test_the_picture_tells_every_model_in_words() -> None:
    picture = _picture(AUDIT)
    told = picture.findtext(f"{SVG}desc", "").split(". ")

    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "chain-title chain-told"
    assert told == [
        "acme/tern-7b: LicenseRef-tern, behavioural-use restrictions",
        "fine-tuned from acme/tern-base: CC-BY-NC-4.0, non-commercial, conflict 3",
        "merged from root/tern-root: licence not known.",
    ]


def test_the_path_of_a_conflict_is_drawn_apart() -> None:
    edges = [p.get("class") for p in _picture(AUDIT).iter(f"{SVG}path") if (p.get("class") or "").startswith("edge")]

    assert edges == ["edge", "edge head", "edge failing", "edge failing head"]  # the failing one drawn above


def test_a_model_whose_terms_do_not_bind_is_drawn_apart_and_told() -> None:
    loose = _with(chain=(CHAIN[0], change(CHAIN[1], binds=False)), conflicts=())
    picture = _picture(loose)

    assert [r.get("class") for r in picture.iter(f"{SVG}rect")] == ["box", "box loose"]
    assert "does not bind" in picture.findtext(f"{SVG}desc", "")


def test_each_verdict_has_its_own_shape() -> None:
    assert len({chain_svg.shape(verdict) for verdict in terms_view.VERDICTS}) == len(terms_view.VERDICTS)


def test_no_chain_is_no_picture() -> None:
    assert chain_svg.draw(BARE) == ""


def test_the_path_of_a_conflict_is_drawn_however_long_the_chain_is() -> None:
    audit = crowded()
    far = change(audit.licenses.conflicts[2], path=audit.licenses.chain[-1].path)
    picture = _picture(change(audit, licenses=change(audit.licenses, conflicts=(far,))))
    drawn = [t.text for t in picture.iter(f"{SVG}text") if t.get("class") == "name"]

    assert len(drawn) == chain_svg.MOST_DRAWN
    assert drawn[-1] == "root-11/base"
    assert [t.text for t in picture.iter(f"{SVG}text") if "failing" in (t.get("class") or "")] == ["conflict 1"]


def test_a_long_chain_draws_some_and_tells_all() -> None:
    audit = crowded()
    picture = _picture(audit)
    drawn = len(list(picture.iter(f"{SVG}rect")))
    told = picture.findtext(f"{SVG}desc", "")

    assert drawn == chain_svg.MOST_DRAWN
    assert f"and {len(audit.licenses.chain) - drawn} more, in the list" in _words(picture)
    assert [link.id for link in audit.licenses.chain if link.id not in told] == []


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=80), st.text(max_size=200), st.sampled_from(["finetune", "merge", "<b>", ""]))
def test_the_picture_is_well_formed_whatever_stands_in_it(name: str, expression: str, relation: str) -> None:
    link = change(CHAIN[1], id=name, path=("acme/tern-7b", name), expression=expression, relations=(relation,))
    picture = _picture(_with(chain=(CHAIN[0], link)))

    assert {e.tag.removeprefix(SVG) for e in picture.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "text",
        "g",
    } | {"circle"}


@given(st.text(max_size=120), st.integers(8, 60))
def test_a_fitted_name_keeps_its_two_ends(name: str, room: int) -> None:
    said = chain_svg.fit(name, room)

    assert said == name or ("\u2026" in said and chain_svg._cells(said) <= room)  # noqa: SLF001 - the law is its own


# --- the tree of the chain ---


def test_a_model_stands_below_the_one_it_was_read_from() -> None:
    rows = terms_view.steps(_with(chain=tuple(reversed(CHAIN))))

    assert [(step.link.id, step.depth, step.conflict) for step in rows] == [
        ("acme/tern-7b", 0, 0),
        ("acme/tern-base", 1, 3),
        ("root/tern-root", 2, 0),
    ]


def test_a_model_without_its_place_in_the_chain_is_told_all_the_same() -> None:
    rows = terms_view.steps(_with(chain=CHAIN[1:]))

    assert [step.link.id for step in rows] == ["acme/tern-base", "root/tern-root"]


def test_what_was_not_read_is_told_by_cause() -> None:
    twin = change(CHAIN[2], id="root/twin", path=(*CHAIN[1].path, "root/twin"))

    assert terms_view.unread(_with(chain=(*CHAIN, twin))) == [
        (("root/tern-root", "root/twin"), "the owner grants access on request")
    ]


def test_a_chain_that_is_not_whole_is_never_told_as_whole() -> None:
    short = _with(chain=CHAIN[:1], chain_complete=False)

    assert "could not be read" in "".join(terms_view.stand(short))
    assert "Not read." in html.render(short)
    assert "the chain could not be read whole" in text.render(short, verbose=True)


@pytest.mark.parametrize("what", ["LICENSE", "file listing"])
def test_a_licence_file_that_was_not_read_is_told_wherever_the_licence_is(what: str) -> None:
    files = (*AUDIT.files, FileDoc(path="LICENSE", size=1, sha256=None, kind="license"))
    gap = NotCheckedDoc(what=what, code="gated", why="ask the owner")
    audit = change(AUDIT, files=files, not_checked=(gap,))
    told = [html.render(audit), terms_text.explain(audit), notice.render(audit)]

    assert [said for said in told if "may say otherwise" not in " ".join(said.split())] == []
    assert "may say otherwise" not in html.render(AUDIT)


# --- verdicts and reasons ---


def test_reasons_that_several_models_give_are_told_once() -> None:
    redistribute = terms_view.reasons(USES[2], AUDIT)

    assert redistribute == [
        terms_view.Reason(f"pass the use restrictions on {SCRIPT}", "Tern Licence (2026), section 5", ()),
        terms_view.Reason("keep the notices", "CC BY-NC 4.0, section 3.a", ("acme/tern-7b", "acme/tern-base")),
    ]


def test_the_same_cause_for_many_models_is_one_reason() -> None:
    why = tuple(f"the terms of {link.id} are not known: gone" for link in CHAIN)

    assert terms_view.reasons(change(USES[4], why=why), AUDIT) == [
        terms_view.Reason("the terms of 3 models are not known: gone", "", tuple(link.id for link in CHAIN))
    ]


def test_the_line_of_uses_tells_every_use_and_the_strictest_first() -> None:
    assert terms_view.uses_words(AUDIT) == (
        "not allowed: internal, serve; not determined: train-on-outputs; "
        "with conditions: redistribute, fine-tune-publish; allowed: relicense"
    )


def test_verdicts_that_are_all_alike_are_told_together() -> None:
    alike = _with(uses=tuple(change(use, verdict="not-determined") for use in USES))

    assert terms_view.uses_words(alike) == "all 6 not determined"


@pytest.mark.parametrize(
    ("expression", "inherited", "said"),
    [
        ("NONE", None, "No licence: nobody is granted anything that copyright reserves"),
        ("NOASSERTION", None, "Which terms bind whoever adopts this model is not determined"),
        ("MIT", "a/b", "Whoever adopts this model is bound by MIT (OSI-approved), inherited from a/b"),
        ("MIT AND Apache-2.0", None, "Whoever adopts this model is bound by MIT and Apache-2.0 (OSI-approved)"),
    ],
)
def test_what_binds_is_one_sentence(expression: str, inherited: str | None, said: str) -> None:
    effective = change(LICENSES.effective, expression=expression, family="osi", inherited_from=inherited)

    assert "".join(terms_view.stand(_with(effective=effective, chain=(), chain_complete=True))) == said


def test_uses_that_are_judged_alike_for_the_same_reasons_stand_together() -> None:
    told = " ".join(terms_text.explain(AUDIT).split())

    assert [[use.use for _, use in same] for same in terms_view.alike(AUDIT)] == [
        ["internal", "serve"],
        ["redistribute"],
        ["fine-tune-publish"],
        ["train-on-outputs"],
        ["relicense"],
    ]
    assert told.count("use it for non-commercial purposes only (CC BY-NC 4.0, section 2.a.1; acme/tern-base)") == 2
    assert "| Internal use; Serve as a product | ⊘ not allowed |" in markdown.render(AUDIT)
    assert re.findall(r'id="use-(\d)"', html.render(AUDIT)) == ["1", "2", "3", "4", "5", "6"]


# --- obligations ---


def test_the_weightiest_obligations_come_first_and_the_rest_is_counted() -> None:
    assert duties_view.obligations_words(AUDIT) == (
        f'no commercial use; forbidden uses; display "Built with Tern {SCRIPT}"; 1 more; 1 licence text not read'
    )


def test_texts_that_were_not_read_are_never_cut_from_the_line() -> None:
    for width in (60, 80, 100, 120, WIDEST):
        assert "not read" in " ".join(text.render(AUDIT, width=width).split())


def test_every_obligation_is_told_in_its_group() -> None:
    heads = {head: [row.id for row in rows] for head, rows in duties_view.grouped(AUDIT)}

    assert heads == {
        "Asked of everyone who uses it": ["use-restrictions", "non-commercial"],
        "Asked with the use or above the threshold that is named": ["naming-display", "user-threshold"],
        "Not known: have these texts read": ["unread"],
    }


def test_an_obligation_says_for_what_it_is_asked() -> None:
    assert [duties_view.trigger_words(row) for row in DUTIES] == [
        "",
        "to serve as a product, redistribute the weights",
        "",
        "in any use",
        "",
    ]


# --- conflicts ---


def test_a_finding_of_a_conflict_is_told_with_its_path() -> None:
    (conflict,) = (c for c in LICENSES.conflicts if c.kind == "tag-upstream")
    finding = change(AUDIT.findings[0], rule="tag-upstream", message=conflict.why)
    told = text.render(change(AUDIT, findings=(finding,)), verbose=True)

    assert "by way of acme/tern-7b > acme/tern-base" in told
    assert "the tag leaves out of the CC BY-NC 4.0:\n  - section 2.a.1: no commercial use" in told


def test_conflicts_come_before_the_chain_the_uses_and_the_obligations() -> None:
    for told in (html.render(AUDIT).partition('id="licence"')[2], markdown.render(AUDIT), terms_text.explain(AUDIT)):
        places = [told.lower().find(word) for word in ("by way of", "chain of terms", "use it for non-commercial")]
        assert places == sorted(places)
        assert -1 not in places


def test_what_is_to_be_weighed_is_told_apart_from_conflicts() -> None:
    told = [markdown.render(AUDIT), terms_text.explain(AUDIT), text.render(AUDIT, verbose=True)]

    assert "To be weighed" in html.render(AUDIT)
    assert all("to be weighed: the training data acme/answers" in said for said in told)


def test_terms_that_were_not_read_are_not_told_as_those_of_the_base_models() -> None:
    licenses = change(LICENSES, effective=change(LICENSES.own, family="unknown", why="x"))
    said = view.license_words(change(AUDIT, licenses=licenses))

    assert said.endswith("; terms of root/tern-root not known")
    assert "base models" not in said


# --- all formats ---


def test_a_report_without_terms_still_stands() -> None:
    page = html.render(BARE)

    assert "What the licence terms allow" not in page
    assert "What adopting it asks" not in page
    assert "uses:" not in text.render(BARE)
    assert "obligations:" not in text.render(BARE, verbose=True)
    assert "Chain of terms" not in markdown.render(BARE)
    assert "None was found between what was read" in page


@pytest.mark.parametrize("audit", [AUDIT, poisoned()], ids=["sample", "hostile"])
def test_nothing_of_a_stranger_works(audit: Audit) -> None:
    page = html.render(audit)
    told = [page, markdown.render(audit), terms_text.explain(audit), text.render(audit, verbose=True)]

    assert SCRIPT not in page
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert [c for said in told for c in (BELL[0], BIDI[4]) if c in said] == []
    assert HOSTILE not in page


def test_a_merge_of_twelve_with_sixty_obligations_stays_below_300_kb() -> None:
    audit = crowded()

    assert (len(audit.licenses.chain), len(audit.licenses.obligations)) == (25, 60)
    assert len(html.render(audit).encode()) < 300_000
    assert len(markdown.render(audit).encode()) <= markdown.MOST_BYTES
    assert len(text.render(audit).splitlines()) <= 24


@settings(deadline=None, max_examples=40)
@given(st.integers(NARROWEST, WIDEST), st.sampled_from(["utf-8", "ascii"]), st.sampled_from([AUDIT, poisoned(), BARE]))
def test_no_line_of_an_explanation_is_too_wide(width: int, encoding: str, audit: Audit) -> None:
    told = terms_text.explain(audit, width, encoding=encoding)

    assert [line for line in told.splitlines() if cell_len(line) > width] == []
    assert [c for c in told if c != "\n" and escape.hidden(c)] == []


def test_every_use_and_obligation_is_in_every_whole_report() -> None:
    page, told = html.render(AUDIT), " ".join(terms_text.explain(AUDIT).split())

    for use in USES:
        assert page.count(terms_view.use_title(use.use)) >= 2
        assert re.search(rf"{terms_view.use_title(use.use)}[^:]*: {terms_view.VERDICTS[use.verdict]}", told)
    for row in DUTIES:
        assert escape.clean(row.what) in told


@pytest.mark.parametrize("name", ["licenses", "license", "licence", "licences"])
def test_the_licence_is_explained_by_any_of_its_names(name: str) -> None:
    assert text.explain(AUDIT, name) == terms_text.explain(AUDIT)
