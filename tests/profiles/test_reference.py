"""Profiles are told from their own files, and the page of the docs is what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from openness_audit.errors import RuleError
from openness_audit.licenses.ids import resolve
from openness_audit.profiles.data import MofRules, load_profiles, parse
from openness_audit.render.reference.profiles import explain_profile, list_profiles, page, profile_ids
from openness_audit.ruleset import load_rules

DOCS = Path(__file__).resolve().parents[2] / "docs" / "profiles.md"
RULES = load_profiles()


@pytest.mark.skipif(not DOCS.parent.is_dir(), reason="tests run against an installed wheel, without the docs")
def test_the_page_of_the_docs_is_what_the_files_say() -> None:
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        DOCS.write_text(page(), "utf-8")

    assert DOCS.read_text("utf-8") == page(), "OPENNESS_AUDIT_REGENERATE=1 pytest tests/profiles"


@pytest.mark.parametrize("name", profile_ids())
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_profile_is_explained_within_the_width(name: str, width: int) -> None:
    told = explain_profile(name, width)

    assert name in list_profiles(width)
    assert all(len(line) <= width or "://" in line for line in told.splitlines())


def test_what_profiles_read_from_is_a_component_or_derived_from_one() -> None:
    rules = {rule.component or rule.id for rule in load_rules().rules if rule.kind == "component"}
    derived = set(RULES.covers.derived)
    named = {name for row in RULES.mof.components for name in row.source}
    for element in RULES.osaid.components:
        named |= {*element.source, *element.described_by, *element.unless_open}
    named |= {name for element in RULES.osaid.terms for name in element.source}
    named |= {name for row in RULES.osai.dimensions for name in (*row.source, *sum(row.licensed, ()))}
    named |= {
        name for row in (*RULES.eu_gpai.exemption, *RULES.eu_gpai.duties) for name in (*row.source, *row.licensed)
    }

    assert derived <= named <= rules | derived
    assert set(RULES.covers.components) <= rules


def test_every_licence_in_the_files_is_known() -> None:
    unknown = [name for name in RULES.covers.libraries.values() if resolve(name).expression != name]
    unknown += [row.license for row in RULES.mof.licenses.exceptions if resolve(row.license).expression != row.license]

    assert unknown == []


def test_a_file_that_does_not_fit_is_refused_with_its_name() -> None:
    with pytest.raises(RuleError, match=r"rules/profiles/mof\.yaml"):
        parse("id: mof", MofRules, "mof.yaml")
    with pytest.raises(RuleError, match=r"rules/profiles/mof\.yaml"):
        parse("id: [", MofRules, "mof.yaml")
