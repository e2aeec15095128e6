"""What holds of every chain of terms: it ends, order does not matter, and an ancestor never opens anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain_kit import ME, chain, node, step
from fuzz_budget import examples
from hostile_kit import GONE, capture_of, facts_of, origin, text_of
from licences_kit import failure, words
from openness_audit.licenses.families import OPEN
from openness_audit.model.capture import Failure, RepoInfo, Text
from openness_audit.model.chain import Chain, Node
from openness_audit.upstream import LEVELS, MOST, TEXTS, Lookups, chain_of

TERMS = st.sampled_from(
    ["mit", "apache-2.0", "gpl-3.0", "llama2", "llama3.1", "gemma", "openrail", "cc-by-nc-4.0", "cc-by-nd-4.0", "?",
     None, "some-licence-of-our-own", "MIT OR CC-BY-NC-4.0"]
)  # fmt: skip
NAMES = [f"{org}/m{number}" for org in ("acme", "nest", "hill") for number in range(3)]
RELATIONS = st.sampled_from(["finetune", "adapter", "quantized", "merge", "conversion", "reupload", "unknown"])
STEPS = st.lists(st.sampled_from([*NAMES, ME]), max_size=4, unique=True)
DERIVATIONS = st.sampled_from(["base", "finetune", "adapter", "quantized", "merge", "conversion", "reupload"])


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Node, tuple[Node, ...]]:
    """Any model with any ancestors: cycles, self references and models that are not known included."""
    known = draw(st.lists(st.sampled_from(NAMES), unique=True))
    made = [
        node(name, draw(TERMS), *(step(parent, draw(RELATIONS)) for parent in draw(STEPS))) for name in [ME, *known]
    ]
    return made[0], tuple(made[1:])


@settings(derandomize=True, max_examples=examples(40))
@given(graphs(), DERIVATIONS)
def test_every_link_is_reached_once_by_a_way_that_starts_at_the_model(
    graph: tuple[Node, tuple[Node, ...]], derivation: str
) -> None:
    found = chain(graph[0], *graph[1], derivation=derivation)

    assert len({link.id for link in found.links}) == len(found.links)
    for link in (*found.links, *found.binding):
        assert (link.path[0], link.path[-1]) == (ME, link.id)
        assert len(set(link.path)) == len(link.path) == len(link.relations) + 1
        assert link.how != "unknown" or link.cause is not None
    assert found.binding[0].id == ME
    stood_in = {link.id for link in found.binding[1:] if len(found.links) == 1}  # for a base model nobody names
    assert {link.id for link in found.binding} - stood_in <= {link.id for link in found.links}
    for conflict in found.conflicts:
        assert conflict.path[0] == ME
        assert len(conflict.path) > 1
        assert conflict.places


@settings(derandomize=True, max_examples=examples(40))
@given(graphs(), DERIVATIONS, st.randoms(use_true_random=False))
def test_the_order_of_base_models_does_not_matter(
    graph: tuple[Node, tuple[Node, ...]], derivation: str, shuffle: Random
) -> None:
    def mixed(one: Node) -> Node:
        steps = list(one.steps)
        shuffle.shuffle(steps)
        return msgspec.structs.replace(one, steps=tuple(steps))

    again = chain(mixed(graph[0]), *(mixed(one) for one in reversed(graph[1])), derivation=derivation)

    assert again == chain(graph[0], *graph[1], derivation=derivation)


def opened(found: Chain) -> bool:
    return found.effective.family in OPEN


@settings(derandomize=True, max_examples=examples(40))
@given(graphs(), st.sampled_from(["finetune", "adapter", "merge", "base"]), TERMS, st.integers(0, 20))
def test_an_ancestor_more_never_opens_anything(
    graph: tuple[Node, tuple[Node, ...]], derivation: str, terms: str | None, at: int
) -> None:
    me, above = graph
    below = (me, *above)[at % (1 + len(above))]
    more = msgspec.structs.replace(below, steps=(*below.steps, step("else/where")))
    changed = [more if one.id == below.id else one for one in (me, *above)]

    before = chain(me, *above, derivation=derivation)
    after = chain(changed[0], *changed[1:], node("else/where", terms), derivation=derivation)

    named = me.steps or derivation in {"base", "finetune"}  # else to name the base at last tells whose terms count
    assert opened(before) or not opened(after) or not named


@settings(derandomize=True, max_examples=examples(40))
@given(graphs(), DERIVATIONS)
def test_open_terms_need_every_binding_model_to_be_open(graph: tuple[Node, tuple[Node, ...]], derivation: str) -> None:
    found = chain(graph[0], *graph[1], derivation=derivation)

    if opened(found):
        assert {link.family for link in found.binding if link.how != "none"} <= OPEN
        assert all(link.how != "none" for link in found.binding[1:])


def fifty(name: str) -> RepoInfo | Failure:
    number = int(name.rpartition("-")[2])
    card = {"license": "mit", "base_model": f"deep/hole-{number + 1}"}
    return RepoInfo(kind="model", id=name, origin=origin(name), sha="c" * 40, gated=False, card_data=card)


def test_a_chain_without_an_end_is_cut_and_says_so() -> None:
    asked: list[str] = []

    def ask(name: str) -> RepoInfo | Failure:
        asked.append(name)
        return fifty(name)

    facts = facts_of(capture_of({"README.md": "---\nlicense: mit\nbase_model: deep/hole-1\n---\n# Owl\n"}))
    with ThreadPoolExecutor(2) as pool:
        found = chain_of(facts, {}, Lookups(ask, pool).climb(facts))

    assert len(asked) == LEVELS
    assert found.links[-1].cause is not None
    assert found.links[-1].cause.code == "budget"
    assert not found.complete
    assert found.effective.family == "unknown"


def test_a_merge_of_hundreds_is_cut_and_says_so() -> None:
    names = [f"wide/part-{number}" for number in range(30)]
    asked: list[str] = []

    def ask(name: str) -> RepoInfo | Failure:
        asked.append(name)
        return fifty(f"deep/hole-{len(asked)}")

    card = f"---\nlicense: mit\nbase_model: [{', '.join(names)}]\n---\n# Owl\n"
    facts = facts_of(capture_of({"README.md": card}))
    with ThreadPoolExecutor(2) as pool:
        found = chain_of(facts, {}, Lookups(ask, pool).climb(facts))

    assert len(asked) == len(set(asked)) == MOST
    assert sum(link.cause is not None and link.cause.code == "budget" for link in found.links) >= 6


def test_a_cycle_is_walked_once_and_named() -> None:
    found = chain(
        node(ME, "mit", "nest/a"), node("nest/a", "mit", "nest/b"), node("nest/b", "apache-2.0", "nest/a", ME)
    )

    assert found.cycle == (ME, "nest/a", "nest/b")
    assert [link.id for link in found.links] == [ME, "nest/a", "nest/b"]
    assert found.effective.family == "osi"


def test_a_base_that_is_gone_is_never_silent() -> None:
    facts = facts_of(capture_of({"README.md": "---\nlicense: mit\nbase_model: nest/gone\n---\n# Owl\n"}))
    with ThreadPoolExecutor(1) as pool:
        found = chain_of(facts, {}, Lookups(lambda _: GONE, pool).climb(facts))

    assert [(link.id, link.how, link.cause.code if link.cause else "") for link in found.links[1:]] == [
        ("nest/gone", "unknown", "not-found-or-private")
    ]


@pytest.mark.parametrize(("code", "family"), [("timeout", "unknown"), ("not-found-or-private", "osi")])
def test_an_unread_card_may_name_a_base_model(code: str, family: str) -> None:
    capture = capture_of({}, paths=("README.md", "model.safetensors"), card_data={"license": "mit"})
    texts: dict[str, Text | Failure] = {"README.md": failure(code)}
    if code == "not-found-or-private":
        capture, texts = capture_of({}, card_data={"license": "mit"}), {}

    found = chain_of(facts_of(msgspec.structs.replace(capture, texts=texts)), {})

    assert (found.effective.family, found.complete) == (family, family == "osi")


def test_few_licence_files_are_read_and_the_others_are_said_to_be_unread() -> None:
    names = [f"wide/part-{number}" for number in range(8)]
    read: list[str] = []

    def ask(name: str) -> RepoInfo | Failure:
        return RepoInfo(
            kind="model", id=name, origin=origin(name), sha="c" * 40, gated=False, card_data={}, siblings=("LICENSE",)
        )

    def text(info: RepoInfo, path: str) -> Text | Failure:
        read.append(f"{info.id}/{path}")
        return text_of(path, words("MIT"))

    card = f"---\nlicense: mit\nbase_model: [{', '.join(names)}]\n---\n# Owl\n"
    facts = facts_of(capture_of({"README.md": card}))
    with ThreadPoolExecutor(2) as pool:
        found = chain_of(facts, {}, Lookups(ask, pool, text).climb(facts, {}))

    assert len(read) == len(set(read)) == TEXTS
    assert [link.how for link in found.links].count("text") == TEXTS
    assert [link.cause.code for link in found.links if link.cause] == ["not-requested"] * (len(names) - TEXTS)
    assert found.effective.family == "unknown"
