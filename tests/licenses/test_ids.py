"""What people write as a licence resolves to what they mean, and to nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.licenses.ids import resolve, slug, strictest
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
        ({"odd": 1}, None, "none-declared"),
    ],
    ids=str,
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


def test_no_licence_without_osi_approval_is_called_osi() -> None:
    assert [e.id for e in all_terms().values() if e.family == "osi" and e.precise and not e.osi] == []
    assert terms("bsd-3-clause-clear").family == "permissive"
