"""What could not be read is named, and nothing is concluded from it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cases_loader import facts_of
from licences_kit import collect, failure
from openness_audit.collect.assemble import complete, read
from openness_audit.evaluate import evaluate
from openness_audit.model.capture import (
    CodeAnswer,
    DatasetAnswer,
    Failure,
    FileEntry,
    GitRepo,
    Listing,
    ModelCapture,
    Origin,
    Refs,
    RepoInfo,
    Text,
)
from openness_audit.ruleset import load_rules

ORIGIN = Origin(url="https://huggingface.co/acme/Owl-7B", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")
CARD = "---\ndatasets:\n- acme/seeds\n---\n# Owl-7B\n\nThe code is at https://github.com/acme/owl-7b.\n"


def capture(card: str | Failure = CARD, **more: Any) -> ModelCapture:
    listing = Listing(files=(FileEntry(path="README.md"),), complete=True, origin=ORIGIN)
    text = card if isinstance(card, Failure) else Text(path="README.md", text=card, origin=ORIGIN)
    info = RepoInfo(kind="model", id="acme/Owl-7B", origin=ORIGIN, sha="a" * 40, card_data={"datasets": ["acme/seeds"]})
    plain = ModelCapture(info=info, listing=listing, refs=Refs(refs=(), origin=ORIGIN), texts={"README.md": text})
    return msgspec.structs.replace(plain, **more)


@pytest.mark.parametrize(
    ("readme", "listing"),
    [(failure(), None), ("---\ntags: [x]\n---\n# Owl\n", failure())],
    ids=["the card", "the listing"],
)
def test_no_licence_is_said_to_be_missing_where_a_place_for_one_was_not_read(
    readme: str | Failure, listing: Failure | None
) -> None:
    own = collect(readme, listing=listing, card_data={"tags": ["x"]}).own

    assert (own.expression, own.family) == ("NOASSERTION", "unknown")
    assert "try later" in own.why


def test_a_tag_beside_an_unread_card_says_what_could_not_be_read() -> None:
    own = collect(failure(), card_data={"license": "apache-2.0"}).own

    assert (own.expression, own.why) == (
        "Apache-2.0",
        "declared in the metadata; the Hub was not read in full (rate limit)",
    )


def test_an_unread_card_leaves_the_stage_of_a_data_set_open() -> None:
    """It may name a base model, and then the same data set was for fine-tuning."""
    seen = capture()
    blind = capture(failure())

    assert [(d.id, d.stage) for d in complete(seen, read(seen)).data] == [("acme/seeds", "pretraining")]
    assert [(d.id, d.stage) for d in complete(blind, read(blind)).data] == [("acme/seeds", "unknown")]


def test_every_unread_text_of_a_linked_repository_and_data_set_is_named() -> None:
    repo = GitRepo(host="github.com", owner="acme", name="owl-7b", origin=ORIGIN)
    listed = Listing(files=(FileEntry(path="train.py"),), complete=True, origin=ORIGIN)
    info = RepoInfo(kind="dataset", id="acme/seeds", origin=ORIGIN)
    lame = capture(
        code={
            "github.com/acme/owl-7b": CodeAnswer(
                repo=repo, listing=listed, readme=failure("server-error"), license_text=failure("timeout")
            )
        },
        datasets={"acme/seeds": DatasetAnswer(info=info, card=failure("network"))},
    )

    assert [(u.what, u.scope, u.cause.code) for u in complete(lame, read(lame)).unread] == [
        ("github.com/acme/owl-7b/README.md", "own-readme", "server-error"),
        ("github.com/acme/owl-7b/LICENSE", "code", "timeout"),
        ("datasets/acme/seeds/README.md", "dataset", "network"),
    ]


def test_an_unread_card_may_name_a_base_model_so_what_would_be_inherited_is_not_known() -> None:
    tuned = {"derivation": "finetune", "tuned": True, "places": []}
    told = facts_of({"lineage": tuned})
    blind = facts_of({"lineage": tuned, "card": {"unavailable": "server-error"}})
    rules = load_rules(None).rules
    names = {r.id for r in rules if r.inherits}

    assert {name: evaluate(rules, told).assessments[name].availability for name in names} == dict.fromkeys(
        names, "closed"
    )
    assert {name: evaluate(rules, blind).assessments[name].availability for name in names} == dict.fromkeys(
        names, "unknown"
    )


def test_licence_files_that_are_listed_and_not_read_are_named() -> None:
    files = tuple(FileEntry(path=path) for path in ("README.md", "LICENSE", "LICENSE.old", "weights.bin"))
    large = capture(listing=Listing(files=files, complete=True, origin=ORIGIN))

    facts = complete(large, read(large))

    assert [(u.what, u.scope, u.cause.code) for u in facts.unread] == [
        ("LICENSE and 1 more", "license-text", "too-large")
    ]
    assert (facts.licenses.own.expression, facts.licenses.own.family) == ("NOASSERTION", "unknown")


def test_a_card_that_was_cut_may_state_terms_behind_the_cut() -> None:
    text = Text(path="README.md", text="# Owl-7B\n\nAn owl.\n", origin=ORIGIN, truncated=True)
    cut = capture(texts={"README.md": text})

    own = complete(cut, read(cut)).licenses.own

    assert (own.expression, own.family) == ("NOASSERTION", "unknown")
    assert "the end of README.md" in own.why
