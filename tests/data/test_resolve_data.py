"""What is learned of a data set from the Hub, and from the list where the Hub gives no answer."""

from __future__ import annotations

from typing import Any

import pytest

from openness_audit.checks.data import _data_words, _some_words
from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.markdown import read_card
from openness_audit.collect.data.find import data_statements, resolve_data
from openness_audit.collect.data.vocabulary import corpora
from openness_audit.model.capture import DatasetAnswer, Failure, Origin, RepoInfo, Text
from openness_audit.model.card import Document
from openness_audit.model.evidence import Cause, Observed, Place
from openness_audit.model.facts_origins import DataSet, Lineage

PLACE = Place(kind="card", repo="acme/tern-7b", url="https://huggingface.co/acme/tern-7b", line=4)
CONTENT = "---\nlicense: mit\n---\n# Birds\n\n" + "The set holds notes of birds seen at one bay between two years. " * 6


def a_set(**fields: Any) -> DataSet:
    base: dict[str, Any] = {
        "name": "acme/birds",
        "stage": "pretraining",
        "whose": "self",
        "how": "metadata",
        "extent": "whole",
        "access": "unresolved",
        "places": (PLACE,),
        "id": "acme/birds",
    }
    return DataSet(**{**base, **fields})


def answer(card: str | None = None, **fields: Any) -> DatasetAnswer:
    origin = Origin(
        url="https://huggingface.co/datasets/acme/birds", sha256="0" * 64, retrieved_at="2025-01-01T00:00:00Z"
    )
    info = RepoInfo(kind="dataset", origin=origin, **{"id": "acme/birds", "gated": False, **fields})
    return DatasetAnswer(info=info, card=Text(path="README.md", text=card, origin=origin) if card else None)


def refused(code: Any) -> DatasetAnswer:
    return DatasetAnswer(info=Failure(Cause(code=code, source="datasets/acme/birds", retryable=False, detail="no")))


@pytest.mark.parametrize(
    ("given", "access"),
    [
        (answer(), "public"),
        (answer(gated="auto"), "gated"),
        (answer(disabled=True), "missing"),
        (refused("not-found-or-private"), "missing"),
        (refused("gated"), "gated"),
        (refused("rate-limited"), "unavailable"),
    ],
)
def test_access_follows_the_answer(given: DatasetAnswer, access: str) -> None:
    (found,) = resolve_data((a_set(),), {"acme/birds": given})

    assert found.access == access


def test_an_id_that_was_not_asked_for_is_unavailable_not_missing() -> None:
    (found,) = resolve_data((a_set(),), {})

    assert (found.access, found.cause.code if found.cause else None) == ("unavailable", "budget")


@pytest.mark.parametrize(
    ("hub_id", "given", "access"),
    [
        ("c4", refused("rate-limited"), "public"),
        ("bigcode/the-stack", answer(id="bigcode/the-stack"), "gated"),
        ("common_voice", answer(id="common_voice"), "public"),
        ("the_pile_books3", answer(id="the_pile_books3"), "missing"),
    ],
)
def test_the_list_of_corpora_speaks_where_the_hub_does_not_and_is_heard_on_gates(
    hub_id: str, given: DatasetAnswer, access: str
) -> None:
    (found,) = resolve_data((a_set(id=hub_id, name=hub_id),), {hub_id: given})

    assert found.access == access


@pytest.mark.parametrize(("name", "access"), [("Objaverse", "public"), ("ImageNet-21k", "gated")])
def test_a_well_known_name_has_the_availability_of_the_list(name: str, access: str) -> None:
    (found,) = resolve_data((a_set(id=None, name=name, how="well-known"),), {})

    assert found.access == access


def test_licences_come_from_the_data_sets_metadata() -> None:
    (found,) = resolve_data((a_set(),), {"acme/birds": answer(card_data={"license": ["mit", "cc-by-4.0"]})})

    assert (found.license, found.licenses) == ("mit", ("mit", "cc-by-4.0"))


@pytest.mark.parametrize(
    ("card", "documented"),
    [(CONTENT, True), ("---\nlicense: mit\n---\n# Birds\n\n[More Information Needed]\n", False), (None, False)],
)
def test_only_a_card_with_content_documents(card: str | None, documented: bool) -> None:
    (found,) = resolve_data((a_set(),), {"acme/birds": answer(card)})

    assert isinstance(found.documented, Observed) is documented


def statements(text: str) -> list[tuple[str, list[str]]]:
    document = Document(
        kind="card",
        repo="acme/tern-7b",
        path="README.md",
        url="u",
        sha=None,
        sha256="0",
        retrieved_at="",
        from_cache=False,
    )
    me = identity("acme/tern-7b")
    found = data_statements((read_card(text, document),), me, Lineage(derivation="base", places=()))
    return [(m.object, sorted(m.attrs)) for m in found if m.whose == "self"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## Training data\n\nTern was trained on C4.\n", [("Training data", [])]),
        (
            "## Training data\n\nThe corpus holds notes of birds. They were taken down by hand on one bay.\n",
            [("Training data", ["section"])],
        ),
        ("## Training data\n\n[More Information Needed]\n", []),
        ("See the [datasheet](https://arxiv.org/abs/2001.00001).\n", [("datasheet", ["linked"])]),
        (
            "## Public summary of training content\n\nAll of it is listed.\n",
            [("Public summary of training content", ["summary"])],
        ),
    ],
)
def test_statements_say_how_much_they_say(body: str, expected: list[tuple[str, list[str]]]) -> None:
    assert statements(f"# Tern\n\n{body}") == expected


def test_no_name_and_no_id_stands_for_two_corpora() -> None:
    known = corpora()

    names = [n for c in {c.slug: c for c in known.by_hub.values()}.values() for n in {h.lower() for h in c.hub}]
    assert len(names) == len(set(names))


def test_every_corpus_that_can_be_had_says_where() -> None:
    listed = {
        c.slug: c for c in (*corpora().by_hub.values(), *corpora().by_words.values(), *corpora().by_exact.values())
    }

    assert [
        s for s, c in listed.items() if not c.url and c.availability in {"public", "mirrored", "gated", "recipe"}
    ] == []


def test_an_address_that_was_not_opened_is_told_as_such() -> None:
    rows = [
        a_set(access="public", how="metadata"),
        a_set(id=None, name="the corpus", how="link", url="https://corpus.example/"),
    ]

    words = _data_words(rows)

    assert words == {
        "names": "acme/birds, the corpus (linked, not opened) (acme/birds by this program's list of corpora)",
        "few": "acme/birds (1 more linked, not opened)",
        "count": "2",
    }


def test_each_data_set_is_counted_once_by_what_weighs_most() -> None:
    gated = a_set(access="gated", extent="subset")
    other = a_set(id="acme/gulls", name="acme/gulls", access="public", extent="subset")

    assert _some_words([gated, other], [gated, other])["lacks"] == "1 behind a gate, 1 only in part or in changed form"
