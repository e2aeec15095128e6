"""Every kind of conflict and its near misses, from the card to the chain (cases/conflicts.yaml)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from hostile_kit import GONE, capture_of, origin, text_of
from licences_kit import failure, words
from openness_audit.collect.assemble import complete, read
from openness_audit.model.capture import CodeAnswer, DatasetAnswer, Failure, GitRepo, Listing, RepoInfo, Text
from openness_audit.model.chain import Chain
from openness_audit.model.facts import Facts
from openness_audit.upstream import Lookups, chain_of, with_chain

CASES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "cases" / "conflicts.yaml").read_text("utf-8"), yaml.CSafeLoader
)
ME = "acme/Owl-7B"


def written(files: dict[str, str]) -> dict[str, str]:
    """Expand the id of a known licence to its text."""
    return {path: words(text) if path == "LICENSE" else text for path, text in files.items()}


class World:
    """What the case says stands on the Hub; counts what was asked."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.above: dict[str, Any] = {name.lower(): (name, told) for name, told in (case.get("above") or {}).items()}
        self.asked: list[str] = []

    def info(self, name: str) -> RepoInfo | Failure:
        self.asked.append(name)
        found = self.above.get(name.lower())
        if found is None or found[1] == "gone":
            return GONE
        if isinstance(found[1], str):
            return failure(found[1])
        files = written(found[1].get("files", {}))
        return RepoInfo(
            kind="model", id=found[0], origin=origin(name), sha="b" * 40, gated=False,
            card_data=found[1].get("card"), tags=tuple(found[1].get("tags", ())), siblings=tuple(files),
        )  # fmt: skip

    def text(self, info: RepoInfo, path: str) -> Text | Failure:
        self.asked.append(f"{info.id}/{path}")
        return text_of(path, written(self.above[info.id.lower()][1]["files"])[path])


def collected(case: dict[str, Any], world: World) -> Facts:
    card = f"---\n{yaml.safe_dump(case['card'])}---\n# Owl 7B\n\n{case.get('body', 'A model.')}\n"
    files = {"README.md": card} | written(case.get("files", {}))
    weights = () if "adapter_config.json" in files else ("model.safetensors",)
    capture = capture_of(files, paths=weights, id=case.get("id", ME))
    reading = read(capture)
    data = {
        name: DatasetAnswer(
            info=RepoInfo(kind="dataset", id=name, origin=origin(name), gated=False, card_data={"license": terms})
        )
        for name, terms in (case.get("data") or {}).items()
    }
    code = {
        key: CodeAnswer(
            repo=GitRepo(host="github.com", owner=key.split("/")[1], name=key.split("/")[2], origin=origin(key),
                         license_spdx=terms),
            listing=Listing(files=(), complete=True, origin=origin(key)),
        )
        for key, terms in (case.get("code") or {}).items()
    }  # fmt: skip
    found = msgspec.structs.replace(
        capture,
        datasets={name: DatasetAnswer(info=GONE) for name in reading.wanted_datasets()} | data,
        parents={name: world.info(name) for name in reading.wanted_parents()},
        code={key: CodeAnswer(repo=GONE, listing=GONE) for key in reading.wanted_code()} | code,
    )
    return complete(found, reading)


def judged(case: dict[str, Any]) -> tuple[Facts, Chain, World]:
    world = World(case)
    facts = collected(case, world)
    world.asked.clear()
    with ThreadPoolExecutor(1) as pool:
        terms = Lookups(world.info, pool, world.text).climb(facts, {})
    chain = chain_of(facts, {}, terms)
    return with_chain(facts, chain), chain, world


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_conflicts_are_these_and_no_others(case: dict[str, Any]) -> None:
    facts, chain, world = judged(case)

    found = [(c.kind, c.path[-1] if c.path else "", c.severity, c.confidence) for c in facts.licenses.conflicts]
    if found and found[0][0] == "tag-text":
        found[0] = (found[0][0], "LICENSE", *found[0][2:])
    assert found == [tuple(row) for row in case["expect"]]
    assert [(n.kind, n.path[-1]) for n in chain.notes] == [tuple(row) for row in case.get("notes", [])]
    assert chain.effective.family == case.get("family", chain.effective.family)
    assert case.get("through") in (None, *(list(c.path) for c in facts.licenses.conflicts))
    assert len(world.asked) == len(set(world.asked)), "each model is looked up once"


def test_there_are_sixty_cases_of_every_kind() -> None:
    kinds = {row[0] for case in CASES for row in case["expect"]}

    assert len(CASES) >= 60
    assert kinds == {"tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"}
    assert len({case["name"] for case in CASES}) == len(CASES)
