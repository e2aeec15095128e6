"""Tag, texts and prose together: what is granted, and where they contradict."""

from __future__ import annotations

from typing import Any

import pytest

from licences_kit import ORIGIN, collect, failure, tagged, words
from openness_audit.model.capture import FileEntry, Listing
from openness_audit.model.evidence import Absent, Observed, Place, Unavailable
from openness_audit.model.facts_licenses import LicenseFacts
from openness_audit.model.facts_origins import CodeRepository, DataSet

PLACE = Place(kind="card", repo="org/Owl-7B", url="https://huggingface.co/org/Owl-7B", line=9)


def own(facts: LicenseFacts) -> tuple[str, str]:
    return facts.own.expression, facts.own.family


def kinds(facts: LicenseFacts) -> list[str]:
    return [conflict.kind for conflict in facts.conflicts]


def dataset(license_id: str | None, **more: Any) -> DataSet:
    values: dict[str, Any] = {
        "name": "mice", "id": "org/mice", "stage": "finetuning", "whose": "self", "how": "metadata", "extent": "whole",
        "access": "public", "places": (PLACE,), "license": license_id,
    }  # fmt: skip
    return DataSet(**(values | more))


def repository(license_id: str, **more: Any) -> CodeRepository:
    values: dict[str, Any] = {
        "url": "https://github.com/org/owl", "key": "github.com/org/owl", "whose": "self", "why": "", "roles": (),
        "opened": Observed(value=True, places=(PLACE,)), "places": (PLACE,), "license": license_id,
    }  # fmt: skip
    return CodeRepository(**(values | more))


def test_a_tag_is_cited_at_its_line() -> None:
    declared = collect("---\ntags: [a]\nlicense: mit\n---\n").declared

    assert isinstance(declared, Observed)
    assert [(p.line, p.excerpt, p.text_kind) for p in declared.places] == [(3, "license: mit", "yaml")]
    assert declared.value.expression == "MIT"


def test_the_hubs_reading_counts_where_the_card_has_none() -> None:
    declared = collect(None, card_data={"license": "mit"}).declared

    assert isinstance(declared, Observed)
    assert [p.kind for p in declared.places] == ["model-info"]


@pytest.mark.parametrize("front", ["licenses: [mit]", "licence: mit", "license: [mit]", "license: MIT"])
def test_other_spellings_of_the_key(front: str) -> None:
    assert own(collect(f"---\n{front}\n---\n")) == ("MIT", "osi")


def test_a_front_matter_no_parser_takes_is_read_by_line() -> None:
    assert own(collect("---\nlicense: mit\nbroken: [\n---\n# Owl\n")) == ("MIT", "osi")


def test_nothing_said_is_none_declared() -> None:
    facts = collect("# Owl\n\nA bird.\n")

    assert own(facts) == ("NONE", "none-declared")
    assert isinstance(facts.declared, Absent)


def test_an_unread_card_is_not_a_card_without_a_licence() -> None:
    facts = collect(failure())

    assert isinstance(facts.declared, Unavailable)
    assert own(facts) == ("NOASSERTION", "unknown")


def test_other_is_answered_by_the_cards_words() -> None:
    facts = collect(tagged("other", "License: Stability AI Community License."))

    assert own(facts) == ("LicenseRef-stability-ai-community-license", "community")
    assert [p.line for p in facts.own.places] == [6]


def test_other_with_a_restriction_only_has_a_family_only() -> None:
    assert own(collect(tagged("other", "This model is for research purposes only."))) == (
        "NOASSERTION",
        "non-commercial",
    )


def test_words_about_code_or_data_grant_no_model() -> None:
    facts = collect("# Owl\n\nThe code is released under the MIT license. The data set is licensed under CC0.\n")

    assert own(facts) == ("NONE", "none-declared")


def test_a_file_without_a_tag_is_the_licence() -> None:
    facts = collect("# Owl\n", files={"LICENSE": words("MIT")})

    assert own(facts) == ("MIT", "osi")
    assert [(t.path, t.expression, t.match) for t in facts.texts] == [("LICENSE", "MIT", "exact")]


def test_a_stricter_whole_text_wins_over_the_tag() -> None:
    facts = collect(tagged("mit"), files={"LICENSE": words("CC-BY-NC-4.0")})

    assert own(facts) == ("CC-BY-NC-4.0", "non-commercial")
    assert kinds(facts) == ["tag-text"]


def test_a_laxer_text_does_not_open_what_the_tag_closes() -> None:
    assert own(collect(tagged("cc-by-nc-4.0"), files={"LICENSE": words("MIT")})) == ("CC-BY-NC-4.0", "non-commercial")


def test_an_altered_standard_text_contradicts_its_own_tag() -> None:
    facts = collect(tagged("mit"), files={"LICENSE": words("MIT") + " non commercial use only"})

    assert [(c.kind, c.severity) for c in facts.conflicts] == [("tag-text", "error")]
    assert len(facts.conflicts[0].places) == 2


@pytest.mark.parametrize(
    ("tag", "files"),
    [
        ("mit", {"LICENSE": words("MIT")}),
        ("gpl-3.0", {"COPYING": words("GPL-3.0-or-later")}),
        ("cc-by-nc-4.0", {"LICENSE-CODE": words("MIT"), "LICENSE-MODEL": words("CC-BY-NC-4.0")}),
        ("mit", {"LICENSE": words("MIT"), "LICENSE-APACHE": words("Apache-2.0")}),
        ("mit", {"LICENSE": "one line that stands in for a file that was not captured"}),
        ("[mit, apache-2.0]", {"LICENSE": words("Apache-2.0")}),
        ("other", {"LICENSE": words("MIT")}),
        ("mit", {"DATA_LICENSE": words("CC-BY-NC-4.0")}),
    ],
    ids=str,
)
def test_no_tag_text_conflict(tag: str, files: dict[str, str]) -> None:
    assert kinds(collect(tagged(tag), files=files)) == []


def test_a_placeholder_file_changes_nothing() -> None:
    facts = collect(tagged("mit"), files={"LICENSE": "stand-in content"})

    assert own(facts) == ("MIT", "osi")
    assert [t.match for t in facts.texts] == ["none"]


def test_words_that_bind_contradict_a_tag_that_allows() -> None:
    facts = collect(tagged("bigcode-openrail-m", "The model should only be used for research purposes."))

    assert own(facts) == ("LicenseRef-hf-bigcode-openrail-m", "behavioural-use")
    assert kinds(facts) == ["tag-prose"]


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("cc-by-nc-4.0", "This model is for non-commercial use only."),
        ("apache-2.0", "This model is intended for research."),
        ("apache-2.0", "The training data is for research purposes only."),
        ("apache-2.0", "This model is licensed under Apache 2.0."),
        ("apache-2.0", "You must not use the model for illegal acts."),
        ("other", "This model is for research purposes only."),
    ],
    ids=str,
)
def test_no_tag_prose_conflict(tag: str, body: str) -> None:
    assert kinds(collect(tagged(tag, body))) == []


def test_non_commercial_training_data_under_a_tag_that_allows_commerce() -> None:
    facts = collect(tagged("apache-2.0"), data=(dataset("cc-by-nc-4.0"),))

    assert [(c.kind, c.severity, c.between) for c in facts.conflicts] == [
        ("tag-data", "warning", ("Apache-2.0", "CC-BY-NC-4.0"))
    ]


@pytest.mark.parametrize(
    ("tag", "data"),
    [
        ("apache-2.0", dataset("cc-by-sa-4.0")),
        ("apache-2.0", dataset(None)),
        ("apache-2.0", dataset("cc-by-nc-4.0", stage="evaluation")),
        ("apache-2.0", dataset("cc-by-nc-4.0", whose="base")),
        ("cc-by-nc-4.0", dataset("cc-by-nc-4.0")),
    ],
)
def test_no_tag_data_conflict(tag: str, data: DataSet) -> None:
    assert kinds(collect(tagged(tag), data=(data,))) == []


def test_another_licence_at_the_code_host_is_a_note() -> None:
    facts = collect(
        tagged("cc-by-4.0"), code=(repository("MIT"), repository("NOASSERTION"), repository("MIT", whose="generic"))
    )

    assert [(c.kind, c.severity) for c in facts.conflicts] == [("code-host", "note")]


def test_the_same_licence_at_the_code_host_is_none() -> None:
    assert kinds(collect(tagged("gpl-3.0"), code=(repository("GPL-3.0"),))) == []


def test_an_unread_licence_file_is_said_to_be_unread() -> None:
    listing = Listing(files=(FileEntry(path="LICENSE"),), complete=True, origin=ORIGIN)

    assert isinstance(collect(tagged("mit"), listing=listing).texts_searched, Unavailable)
    assert isinstance(collect(tagged("mit"), listing=failure()).texts_searched, Unavailable)
    assert isinstance(collect(tagged("mit")).texts_searched, Observed)


def test_a_conflict_always_cites() -> None:
    facts = collect(
        tagged("mit", "This model is for research purposes only."),
        files={"LICENSE": words("GPL-3.0-only")},
        data=(dataset("cc-by-nc-4.0"),),
    )

    assert kinds(facts) == ["tag-text", "tag-prose", "tag-data"]
    assert all(len(c.places) >= 2 for c in facts.conflicts)


@pytest.mark.parametrize(
    ("added", "family"),
    [
        ("The Software may be used for non-commercial purposes only.", "non-commercial"),
        ("Whoever passes the Software on must first send a postcard to its authors.", "unknown"),
    ],
)
def test_an_open_tag_over_an_altered_text_grants_nothing_open(added: str, family: str) -> None:
    altered = f"{words('MIT')}\n\n{added}\n"
    own = collect("---\nlicense: mit\n---\n", files={"LICENSE": altered}).own
    assert (own.family, own.expression.startswith("LicenseRef-modified-")) == (family, True)
    assert "LICENSE" in own.why
    beside = collect("---\nlicense: mit\n---\n", files={"LICENSE": words("MIT"), "LICENSE-PARTS": altered}).own
    assert (beside.expression, beside.family) == ("MIT", "osi")
