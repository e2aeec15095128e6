"""What people write as a licence resolves to what they mean, and to nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.licenses.ids import STRICTNESS, from_link, resolve, slug, strictest
from openness_audit.licenses.terms import all_terms, by_expression, by_name, terms


@pytest.mark.parametrize(
    ("raw", "expression", "family"),
    [
        ("apache-2.0", "Apache-2.0", "osi"),
        ("MIT", "MIT", "osi"),
        ("apache-2", "Apache-2.0", "osi"),
        ("Apache License, Version 2.0", "Apache-2.0", "osi"),
        ("BSD-3", "BSD-3-Clause", "osi"),
        ("Academic Free License v3.0", "AFL-3.0", "osi"),
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0", "open-data"),
        ("CC BY-NC 4.0", "CC-BY-NC-4.0", "non-commercial"),
        ("cc-by-nc-sa", "LicenseRef-hf-cc-by-nc-sa", "non-commercial"),
        ("cc-by-nd-4.0", "CC-BY-ND-4.0", "no-derivatives"),
        ("PDDL", "PDDL-1.0", "open-data"),
        ("wtfpl", "WTFPL", "permissive"),
        ("gfdl", "LicenseRef-hf-gfdl", "open-data"),
        ("c-uda", "C-UDA-1.0", "behavioural-use"),
        ("openrail++", "LicenseRef-hf-openrail-plus-plus", "behavioural-use"),
        ("llama3.1", "LicenseRef-hf-llama3.1", "community"),
        ("gpl-3.0", "GPL-3.0-only", "osi"),
        ("GPL-2.0+", "GPL-2.0-or-later", "osi"),
        ("MPL-1.1", "MPL-1.1", "osi"),
        ("openmdw-1.0", "OpenMDW-1.0", "permissive-model"),
        ("an-owl-license", "LicenseRef-hf-an-owl-license", "unknown"),
        ("mit OR apache-2.0", "MIT OR Apache-2.0", "osi"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0", "osi"),
        ("OpenMDW-1.0 AND CC-BY-NC-4.0", "OpenMDW-1.0 AND CC-BY-NC-4.0", "non-commercial"),
        ("MIT AND (", "LicenseRef-hf-mit-and", "unknown"),
        ("MIT, Apache 2.0", "MIT AND Apache-2.0", "osi"),
        ("unknown", "NOASSERTION", "none-declared"),
        ("???", "NOASSERTION", "unknown"),
        ("other", "NOASSERTION", "unknown"),
        ("no", None, "none-declared"),
        (False, None, "none-declared"),
        (None, None, "none-declared"),
        ([], None, "none-declared"),
        (["mit", "other"], "MIT AND NOASSERTION", "unknown"),
        ({"odd": 1}, "NOASSERTION", "unknown"),
        ({"name": "MIT", "url": "x"}, "MIT", "osi"),
        ({"mit": None}, "MIT", "osi"),
        ([["mit", "apache-2.0"]], "MIT AND Apache-2.0", "osi"),
        ([[[[[["mit"]]]]]], "NOASSERTION", "unknown"),
        (True, "NOASSERTION", "unknown"),
        (3.0, "NOASSERTION", "unknown"),
        (10**6000, "NOASSERTION", "unknown"),
        (float("nan"), None, "none-declared"),
        ([[]] * 40, "NOASSERTION", "unknown"),
        ("!!!", "NOASSERTION", "unknown"),
        ("the licence", "NOASSERTION", "unknown"),
        ("No licence", None, "none-declared"),
        ("GPL v3 or later", "GPL-3.0-or-later", "osi"),
        ("GPL 2 (or any newer version)", "GPL-2.0-or-later", "osi"),
        ("apache-2.0+", "Apache-2.0+", "osi"),
        ("EUPL 1.2 or later", "EUPL-1.2+", "osi"),
        ("MIT or Apache 2", "MIT OR Apache-2.0", "osi"),
        ("(MIT)", "MIT", "osi"),
        ("MIT AND (Apache-2.0 OR CC-BY-NC-4.0)", "MIT AND (Apache-2.0 OR CC-BY-NC-4.0)", "non-commercial"),
        ("MIT OR", "LicenseRef-hf-mit-or", "unknown"),
        ("AND MIT", "LicenseRef-hf-and-mit", "unknown"),
        ("MIT WITH", "LicenseRef-hf-mit-with", "unknown"),
        ("apache-2.0 WITH llvm-exception", "Apache-2.0 WITH LLVM-exception", "osi"),
        ("Apache-2.0 WITH Commons-Clause", "Apache-2.0 WITH Commons-Clause", "unknown"),
        ("MIT License (non-commercial)", "LicenseRef-hf-mit-license-non-commercial", "non-commercial"),
        ("BSD 4 Clause", "BSD-4-Clause", "permissive"),
        ("https://opensource.org/licenses/MIT", "MIT", "osi"),
        ("https://opensource.org/licenses/mit-0", "MIT-0", "osi"),
        ("https://creativecommons.org/licenses/by-nc/4.0/deed.fr", "CC-BY-NC-4.0", "non-commercial"),
        ("https://creativecommons.org/licenses/by/3.0/de/", "LicenseRef-hf-cc-by", "open-data"),
    ],
    ids=lambda value: str(value) if not isinstance(value, int) or isinstance(value, bool) else "number",
)
def test_a_spelling_resolves(raw: object, expression: str | None, family: str) -> None:
    found = resolve(raw)

    assert (found.expression, found.family) == (expression, family)


def test_a_list_is_a_set_of_candidates_never_the_first() -> None:
    found = resolve(["mit", "cc-by-nc-4.0"])

    assert found.expression == "MIT AND CC-BY-NC-4.0"
    assert found.candidates == ("MIT", "CC-BY-NC-4.0")
    assert found.family == "non-commercial"


@pytest.mark.parametrize(
    ("name", "link", "expression", "family"),
    [
        ("llama3", None, "LicenseRef-hf-llama3", "community"),
        ("Gemma Terms of Use", None, "LicenseRef-hf-gemma", "community"),
        ("deepseek-license", "LICENSE", "LicenseRef-deepseek-license", "community"),
        ("owl non-commercial", None, "LicenseRef-owl-non-commercial", "non-commercial"),
        ("owl-community-license", None, "LicenseRef-owl-community-license", "community"),
        (None, "https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0", "non-commercial"),
        (None, "LICENSE", "NOASSERTION", "unknown"),
        ("other", None, "NOASSERTION", "unknown"),
        ("x" * 900, None, f"LicenseRef-{'x' * 80}", "unknown"),
    ],
    ids=str,
)
def test_other_is_read_from_name_and_link(name: object, link: object, expression: str, family: str) -> None:
    found = resolve("other", name, link)

    assert (found.expression, found.family) == (expression, family)


def test_a_named_tag_wins_over_license_name() -> None:
    assert resolve("llama3.1", "llama3").expression == "LicenseRef-hf-llama3.1"


def test_a_link_may_make_an_unknown_name_stricter_but_never_open() -> None:
    restricted = resolve("other", "owl", "https://llama.meta.com/llama3_1/license/")
    opened = resolve("other", "owl", "https://www.apache.org/licenses/LICENSE-2.0")

    assert (restricted.expression, restricted.family, restricted.known) == (
        "LicenseRef-owl",
        "community",
        ("llama3.1",),
    )
    assert (opened.expression, opened.family, opened.known) == ("LicenseRef-owl", "unknown", ())


def test_every_name_below_other_counts() -> None:
    assert resolve("other", ["mit", "owl-research-license"]).candidates == ("MIT", "LicenseRef-owl-research-license")


def test_an_address_that_only_begins_like_a_licence_is_not_it() -> None:
    found = [
        from_link(f"https://opensource.org/licenses/{end}") for end in ("MIT", "mit-license.php", "MIT-0", "mitten")
    ]

    assert [entry and entry.id for entry in found] == ["mit", "mit", "mit-0", None]


def test_what_is_too_long_to_be_looked_at_may_still_bind() -> None:
    many = ["mit"] * 40

    assert resolve([*many, "cc-by-nc-4.0"]).expression == "MIT AND NOASSERTION"
    assert resolve(", ".join([*many, "cc-by-nc-4.0"])).family == "unknown"
    assert resolve(" AND ".join([*many[:20], "CC-BY-NC-4.0"])).family == "non-commercial"
    assert resolve(" AND ".join([*many * 20, "CC-BY-NC-4.0"])).family == "unknown"
    assert from_link(["https://opensource.org/licenses/MIT"]) is None


def test_a_sentence_is_no_name_and_never_open() -> None:
    said = "This model is not in the public domain and may be used as the authors see fit " + "whatever " * 300

    assert resolve(said).family == "unknown"
    assert len(resolve(said).expression or "") <= 100
    assert (
        resolve("Anybody may use these weights for any purpose as long as it is non-commercial").family
        == "non-commercial"
    )


NAMED = sorted(
    {
        name
        for entry in all_terms().values()
        if entry.id not in ("other", "unknown")
        for name in (entry.id, entry.name, *entry.aliases)
        if "+" not in name
    }
)


@given(
    st.sampled_from(NAMED), st.sampled_from(["-", " ", "_", "  ", " - "]), st.sampled_from([str.upper, str.title, str])
)
def test_case_spacing_and_punctuation_do_not_matter(name: str, between: str, case: Any) -> None:
    written = f" {case(between.join(name.replace('_', ' ').replace('-', ' ').split()))} "

    assert resolve(written).expression == resolve(name).expression
    assert resolve(written).known == resolve(name).known


ANY_NAME = st.sampled_from([*NAMED, "owl-license", "owl research license", "other", "unknown", "???", "none"])


@given(st.lists(ANY_NAME, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_list_is_a_conjunction_whose_order_does_not_matter(values: list[str], random: Any) -> None:
    shuffled = random.sample(values, len(values))
    one, other = resolve(values), resolve(shuffled)

    assert (set(one.candidates), one.family, set(one.known)) == (set(other.candidates), other.family, set(other.known))
    assert resolve([values, values]).expression == one.expression
    assert resolve([*values, *values]).expression == one.expression


@given(st.lists(ANY_NAME, min_size=1, max_size=4), ANY_NAME)
def test_a_licence_more_never_makes_a_list_freer(values: list[str], more: str) -> None:
    before, after = resolve(values), resolve([*values, more])

    if before.family in STRICTNESS:
        assert STRICTNESS.index(after.family) >= STRICTNESS.index(before.family)


@given(st.sampled_from(NAMED), st.text(st.characters(categories=["Ll"]), min_size=3, max_size=12))
def test_an_exception_nobody_listed_never_leaves_a_licence_open(name: str, exception: str) -> None:
    found = resolve(f"{name.replace(' ', '-')} WITH {exception}-owl")

    assert found.family not in ("osi", "permissive", "open-data", "permissive-model")


@given(st.lists(st.sampled_from(["MIT", "AND", "OR", "WITH", "(", ")", "Apache-2.0", "owl", "", "NOT"]), max_size=12))
def test_an_expression_with_errors_is_one_name_or_an_expression(parts: list[str]) -> None:
    found = resolve(" ".join(parts))

    assert found.expression is None or found.expression.count("(") == found.expression.count(")")
    assert not ("owl" in parts and "OR" not in parts and found.family in ("osi", "permissive"))


@pytest.mark.parametrize(("raw", "precise"), [("mit", True), ("gpl", False), ("other", False), (["mit", "cc"], False)])
def test_a_family_is_not_precise(raw: object, precise: bool) -> None:
    assert resolve(raw).precise is precise


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_nothing_a_stranger_writes_raises(raw: Any) -> None:
    found = resolve(raw, raw, raw)

    assert found.expression is None or found.expression


def test_families_that_bind_together_leave_the_strictest() -> None:
    assert strictest(("osi", "unknown")) == "unknown"
    assert strictest(("open-data", "community", "osi")) == "community"


def test_a_slug_is_a_valid_license_ref() -> None:
    assert slug("Owl & Co. License++ (v2)") == "owl-co.-license-plus-plus-v2"


def test_every_hub_id_has_a_file_and_resolves_to_it() -> None:
    hub = [entry for entry in all_terms().values() if entry.hub]

    assert len(hub) == 83
    assert [e.id for e in hub if by_name(e.id) is not e] == []
    assert [e.id for e in hub if e.expression != "NOASSERTION" and by_expression(e.expression) is not e] == []


def test_every_spelling_leads_to_its_licence_and_no_other() -> None:
    spelt = [(name, entry) for entry in all_terms().values() for name in (entry.id, entry.name, *entry.aliases)]

    assert [(name, entry.id) for name, entry in spelt if by_name(name) is not entry] == []


def test_no_licence_without_osi_approval_is_called_osi() -> None:
    assert [e.id for e in all_terms().values() if e.family == "osi" and e.precise and not e.osi] == []
    assert terms("bsd-3-clause-clear").family == "permissive"
