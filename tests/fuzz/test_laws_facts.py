"""The laws of evidence over facts: taking a witness away raises nothing, and a failure leaves the truth possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laws import Reach, escaped, limits_card_of_data, limits_data, limits_mention, limits_results, risen

from cases_loader import facts_of
from fuzz_budget import examples
from openness_audit.evaluate import evaluate
from openness_audit.model.assessment import LEVELS, Assessment, Bounds
from openness_audit.model.evidence import ORDER, Absent, Cause, Fact, Observed, Place, PlaceKind, Unavailable
from openness_audit.model.facts import Facts, Mention
from openness_audit.model.facts_files import Checkpoints, FileFacts, FileGroup, WeightFacts
from openness_audit.model.facts_origins import CodeRepository, DataSet, Lineage, Paper, Parent, RoleFound
from openness_audit.ruleset import load_rules
from openness_audit.scoring import criteria

RULES = tuple(rule for rule in load_rules().rules if rule.kind == "component")
FEW = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
UNREAD = Cause(code="server-error", source="a server", retryable=True, detail="a server answered 503")


def literals(name: type[Any], field: str) -> tuple[str, ...]:
    """Give the values a field may have, from its type: the vocabulary is the model's."""
    kind: Any = next(f.type for f in msgspec.structs.fields(name) if f.name == field)
    return tuple(get_args(kind))


def attributes() -> tuple[str, ...]:
    """Collect every attribute and object that a rule asks mentions for."""
    asked = [s.args for rule in RULES for s in rule.signals]
    asked += [c.args for rule in RULES for c in rule.caps]
    return tuple(sorted({a for args in asked for key in ("attrs", "any_attrs", "without") for a in args.get(key, ())}))


LINES = st.integers(2, 60)


@st.composite
def place(draw: st.DrawFn, kind: PlaceKind = "card") -> Place:
    line = draw(LINES)
    return Place(
        kind=kind, repo="org/model", url=f"https://huggingface.co/org/model#L{line}", path="README.md", line=line
    )


def places(kind: PlaceKind = "card") -> st.SearchStrategy[tuple[Place, ...]]:
    return st.tuples(place(kind))


ATTRIBUTES = (*attributes(), "content", "public", "hub-id", "unidentified", "series")
OBJECTS = ("description", "architecture", "training", "evaluation", "limitations", "step1000", "thing")
MENTIONS = st.builds(
    Mention,
    topic=st.sampled_from(literals(Mention, "topic")),
    object=st.sampled_from(OBJECTS),
    whose=st.sampled_from(("self", "self", "self", "base", "other", "generic")),
    place=place(),
    polarity=st.sampled_from(("affirmed", "affirmed", "affirmed", "denied", "promised")),
    strength=st.sampled_from(("claimed", "declared", "verified")),
    attrs=st.frozensets(st.sampled_from(ATTRIBUTES), max_size=3),
)


@st.composite
def data_sets(draw: st.DrawFn) -> DataSet:
    how = draw(st.sampled_from(literals(DataSet, "how")))
    listed = how in {"metadata", "link"}
    number = draw(st.integers(1, 6))
    written: Fact[bool] = Observed(value=True, places=(draw(place("dataset")),))
    missing: Fact[bool] = Absent(("its card",))
    documented = written if draw(st.booleans()) else missing
    return DataSet(
        name=f"set-{number}",
        id=f"org/set-{number}" if listed else None,
        url=f"https://huggingface.co/datasets/org/set-{number}" if listed else None,
        stage=draw(st.sampled_from(literals(DataSet, "stage"))),
        whose=draw(st.sampled_from(("self", "self", "self", "base", "other"))),
        how=how,  # type: ignore[arg-type]  # drawn from the literals
        extent=draw(st.sampled_from(literals(DataSet, "extent"))),
        access=draw(st.sampled_from(("public", "public", "gated", "missing", "unresolved"))),
        places=draw(places(draw(st.sampled_from(("card", "metadata"))))),
        documented=documented if listed else None,
    )


ROLES = st.builds(
    RoleFound,
    role=st.sampled_from(literals(RoleFound, "role")),
    level=st.sampled_from(literals(RoleFound, "level")),
    strength=st.just("verified"),
    places=places("code-repository"),
    paths=st.just(("run.py",)),
    for_subject=st.booleans(),
)


@st.composite
def repositories(draw: st.DrawFn) -> CodeRepository:
    number = draw(st.integers(1, 9))
    opened = draw(st.booleans())
    return CodeRepository(
        url=f"https://github.com/org/code-{number}",
        key=f"github.com/org/code-{number}",
        whose=draw(st.sampled_from(("self", "self", "other", "base"))),
        why="linked",
        opened=Observed(value=True, places=(draw(place()),)) if opened else Absent(("the code host",)),
        roles=tuple(draw(st.lists(ROLES, max_size=3))) if opened else (),
        places=draw(places()),
    )


PAPERS = st.builds(
    Paper,
    id=st.sampled_from(("arxiv:2501.00001", "arxiv:2501.00002")),
    covers=st.sampled_from(literals(Paper, "covers")),
    kind=st.sampled_from(literals(Paper, "kind")),
    places=places(),
)
WEIGHTS = ("weights-full", "weights-quantized", "weights-adapter", "weights-delta", "weights-empty")


@st.composite
def files(draw: st.DrawFn) -> FileFacts:
    kinds = draw(st.lists(st.sampled_from(literals(FileGroup, "kind")), max_size=5, unique=True))
    groups = tuple(
        FileGroup(kind=kind, paths=(f"{kind}.file",), places=(draw(place("listing")),))  # type: ignore[arg-type]  # drawn from the literals
        for kind in kinds
    )
    return FileFacts(
        groups=tuple(g for g in groups if g.kind not in {*WEIGHTS, "weights-unknown"}),
        weights=WeightFacts(groups=tuple(g for g in groups if g.kind in WEIGHTS)),
        complete=True,
        count=len(groups),
        place=draw(place("listing")),
        model_type=draw(st.sampled_from((None, "llama"))),
    )


@st.composite
def lineages(draw: st.DrawFn) -> Lineage:
    derivation = draw(st.sampled_from(("base", "base", *literals(Lineage, "derivation"))))
    derived = derivation != "base"
    parent = Parent(id="org/base", name="org/base", relation="unknown", source="metadata", places=draw(places()))
    return Lineage(
        derivation=derivation,  # type: ignore[arg-type]  # drawn from the literals
        places=draw(places()),
        parents=(parent,) if derived and draw(st.booleans()) else (),
        tuned=draw(st.sampled_from((None, True, False))),
        same_publisher=draw(st.booleans()),
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    empty = facts_of({})
    names = draw(st.lists(st.sampled_from(("step1", "step2", "step3", "step4")), max_size=4, unique=True))
    refs = Checkpoints(intermediate=tuple(names), quantization=(), other=(), places=(draw(place("refs")),))
    library = draw(st.sampled_from((None, "transformers")))
    return msgspec.structs.replace(
        empty,
        subject=msgspec.structs.replace(empty.subject, library=library, gated=draw(st.sampled_from((False, "auto")))),
        mentions=tuple(draw(st.lists(MENTIONS, max_size=6))),
        data=tuple(draw(st.lists(data_sets(), max_size=4, unique_by=lambda d: (d.name, d.stage)))),
        code=tuple(draw(st.lists(repositories(), max_size=3, unique_by=lambda r: r.key))),
        papers=tuple(draw(st.lists(PAPERS, max_size=2))),
        files=Observed(draw(files()), (draw(place("listing")),)),
        refs=Observed(refs, refs.places),
        lineage=draw(lineages()),
        searched=("README.md",),
    )


@st.composite
def base_levels(draw: st.DrawFn) -> dict[str, dict[str, Assessment]]:
    """Give what is known of the base model: a level, bounds, or nothing of each component."""
    known: dict[str, Assessment] = {}
    for rule in RULES:
        high = draw(st.sampled_from(LEVELS))
        low = draw(st.sampled_from(LEVELS[: LEVELS.index(high) + 1]))
        bounds = Bounds(low, high)
        known[rule.id] = Assessment(rule=rule.id, bounds=bounds, own=bounds, strength="declared", why="it is so")
    return {"org/base": known} if draw(st.booleans()) else {}


def levels(subject: Facts, parents: dict[str, dict[str, Assessment]]) -> dict[str, Reach]:
    """Give the reach of every component and criterion."""
    found = evaluate(RULES, subject, parents).assessments
    rows = {name: one.bounds for name, one in found.items()}
    rows |= {f"criterion {one.id}": one.bounds for one in criteria(found)}
    return {name: None if b is None else (ORDER[b.low], ORDER[b.high]) for name, b in rows.items()}


@dataclass(frozen=True, slots=True)
class Taken:
    """Facts without one thing, and the components that it limited."""

    what: str
    facts: Facts
    spared: frozenset[str] = frozenset()


def without(subject: Facts) -> list[Taken]:
    """List everything that can be taken away and was no limit of all components."""
    rows: list[Taken] = []

    def take(field: str, index: int, spared: frozenset[str] = frozenset()) -> None:
        left = tuple(x for n, x in enumerate(getattr(subject, field)) if n != index)
        rows.append(Taken(f"{field}[{index}]", msgspec.structs.replace(subject, **{field: left}), spared))

    for n, mention in enumerate(subject.mentions):
        if not limits_mention(mention):
            take("mentions", n, limits_results(mention))
    for n, data in enumerate(subject.data):
        if not limits_data(data):
            take("data", n, limits_card_of_data(data))
    for n in range(len(subject.code)):
        take("code", n)
    for n in range(len(subject.papers)):
        take("papers", n)
    assert isinstance(subject.files, Observed)
    listed = subject.files.value
    for group in (*listed.groups, *listed.weights.groups):
        weights = msgspec.structs.replace(listed.weights, groups=tuple(g for g in listed.weights.groups if g != group))
        fewer = msgspec.structs.replace(listed, groups=tuple(g for g in listed.groups if g != group), weights=weights)
        rows.append(Taken(group.kind, msgspec.structs.replace(subject, files=Observed(fewer, subject.files.places))))
    refs = Absent(("branches and tags",))
    rows.append(Taken("refs", msgspec.structs.replace(subject, refs=refs)))
    return rows


@FEW
@given(facts(), base_levels())
def test_taking_a_witness_away_raises_nothing(subject: Facts, parents: dict[str, dict[str, Assessment]]) -> None:
    before = levels(subject, parents)
    for taken in without(subject):
        assert risen(before, levels(taken.facts, parents), taken.spared) == [], taken.what


def unread(subject: Facts) -> list[tuple[str, Facts]]:
    """List the facts as they would be if one place could not be read."""
    lost = Unavailable(UNREAD)
    rows = [(name, msgspec.structs.replace(subject, **{name: lost})) for name in ("files", "refs")]
    for n, data in enumerate(subject.data):
        known = msgspec.structs.replace(data, access="unavailable", cause=UNREAD, documented=lost)
        rows.append(("data", _with(subject, "data", n, known)))
    for n, repo in enumerate(subject.code):
        promised = tuple(msgspec.structs.replace(role, strength="declared") for role in repo.roles)
        said = RoleFound(role="evaluation", level="full", strength="declared", places=repo.places, for_subject=True)
        known_repo = msgspec.structs.replace(repo, opened=lost, roles=(*promised, said))
        rows.append(("code", _with(subject, "code", n, known_repo)))
    return rows


def _with(subject: Facts, field: str, index: int, new: object) -> Facts:
    rows = list(getattr(subject, field))
    rows[index] = new
    return msgspec.structs.replace(subject, **{field: tuple(rows)})


@FEW
@given(facts(), base_levels())
def test_under_a_failure_the_truth_stays_possible(subject: Facts, parents: dict[str, dict[str, Assessment]]) -> None:
    before = levels(subject, parents)
    for what, lost in unread(subject):
        assert escaped(before, levels(lost, parents)) == [], what


@FEW
@given(facts(), base_levels())
def test_an_unread_base_model_widens_and_moves_nothing(
    subject: Facts, parents: dict[str, dict[str, Assessment]]
) -> None:
    assert escaped(levels(subject, parents), levels(subject, {})) == []


@FEW
@given(facts(), MENTIONS, data_sets(), repositories(), PAPERS)
def test_what_is_another_models_opens_nothing(
    subject: Facts, mention: Mention, data: DataSet, repo: CodeRepository, paper: Paper
) -> None:
    more = msgspec.structs.replace(
        subject,
        mentions=(*subject.mentions, msgspec.structs.replace(mention, whose="other")),
        data=(*subject.data, msgspec.structs.replace(data, whose="other")),
        code=(*subject.code, msgspec.structs.replace(repo, whose="other")),
        papers=(*subject.papers, msgspec.structs.replace(paper, covers="other")),
    )
    before, after = levels(subject, {}), levels(more, {})
    opened = [name for name, now in after.items() if now is not None and now[0] == 2 and before[name] != now]
    assert opened == []


@pytest.mark.parametrize("topic", literals(Mention, "topic"))
@pytest.mark.parametrize("polarity", ["denied", "promised"])
def test_what_is_denied_or_promised_gives_no_level(topic: Any, polarity: Any) -> None:
    at = Place(kind="card", repo="org/model", url="https://huggingface.co/org/model", path="README.md", line=3)
    nothing = facts_of({})
    said = tuple(
        Mention(topic=topic, object=name, whose="self", place=at, polarity=polarity, attrs=frozenset(ATTRIBUTES))
        for name in OBJECTS
    )
    assert risen(levels(nothing, {}), levels(msgspec.structs.replace(nothing, mentions=said), {})) == []
