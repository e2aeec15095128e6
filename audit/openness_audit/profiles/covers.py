"""Which licence covers a component: read where the component was seen, never assumed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from openness_audit.collect.data.vocabulary import corpora
from openness_audit.licenses.expressions import STRICTNESS as FAMILIES
from openness_audit.model.assessment import Assessment
from openness_audit.model.evidence import Observed, Place
from openness_audit.model.facts import Facts
from openness_audit.model.facts_origins import CodeRepository, DataSet, Paper
from openness_audit.profiles.basis import Cover
from openness_audit.profiles.data import CoverRule, Covers
from openness_audit.profiles.mof_licenses import cover_of

UNREAD = ("NOASSERTION", "unknown")
STRICTNESS = {family: rank for rank, family in enumerate(FAMILIES)}
_MIXED = (
    "mixed",
    "unknown",
    "noassertion",
    "other",
)  # what the lists of corpora and code hosts say for "no single one"


class Release(Struct, frozen=True, kw_only=True):
    """A model whose evidence counts: its facts, its own terms, and what is left of them after upstream."""

    facts: Facts
    own: Cover
    effective: Cover


def release_of(facts: Facts, effective: Cover | None = None) -> Release:
    """Give a model's release."""
    own = Cover(facts.licenses.own.expression, facts.licenses.own.family, facts.subject.id)
    return Release(facts=facts, own=own, effective=effective or own)


def _named(text: str | None, of: str) -> Cover:
    return Cover(*UNREAD, of) if not text or text.strip().lower() in _MIXED else cover_of(text, of)


def _repository(repo: CodeRepository) -> Cover:
    """Give a code repository's licence."""
    if repo.license == "NONE":
        return Cover("NONE", "none-declared", repo.key)
    return _named(repo.license, repo.key)


def _repositories(facts: Facts, places: frozenset[Place], roles: tuple[str, ...]) -> list[Cover]:
    """Give the licences of the repositories the evidence lies in; of several that each hold all of it, one will do."""
    seen_in = {place.repo.lower() for place in places}
    rows = [
        (repo, [role for role in repo.roles if role.role in roles])
        for repo in facts.code
        if repo.key in seen_in or places & frozenset(repo.places)
    ]
    whole = [_repository(repo) for repo, held in rows if any(r.level == "full" and r.for_subject for r in held)]
    if whole:
        return [min(whole, key=lambda cover: STRICTNESS.get(cover.family, len(STRICTNESS)))]
    return [_repository(repo) for repo, held in rows if held]


def _tools(facts: Facts, places: frozenset[Place], libraries: dict[str, str]) -> list[Cover]:
    """Give the licences of harnesses and frameworks that the evidence names."""
    topics = ("harness", "leaderboard", "framework")
    return [
        _named(libraries.get(m.object), m.object) for m in facts.mentions if m.topic in topics and m.place in places
    ]


def _library(facts: Facts, libraries: dict[str, str]) -> list[Cover]:
    name = (facts.subject.library or "").lower()
    return [_named(libraries.get(name), f"the library {name}")] if name else []


def _code(release: Release, found: Assessment, rule: CoverRule, known: Covers) -> list[Cover]:
    """Give the licences of code: of the repositories and tools it was seen in, and the release's for its own files."""
    places = frozenset(found.places)
    covers = _repositories(release.facts, places, rule.roles)
    covers = covers or _tools(release.facts, places, known.libraries)
    record = release.facts.subject.place
    if record is not None and record in places and "inference" in rule.roles:
        covers += _library(release.facts, known.libraries)
        places -= {record}
    mine = any(place.repo == release.facts.subject.id for place in places)
    return [release.own] if mine and not covers else covers


def _architecture(release: Release, known: Covers, found: Assessment) -> list[Cover]:
    files = release.facts.files
    if isinstance(files, Observed) and any(group.kind == "architecture-code" for group in files.value.groups):
        return [release.own]
    library = _library(release.facts, known.libraries)
    return library or _repositories(release.facts, frozenset(found.places), ("architecture",))


def _dataset(row: DataSet) -> list[Cover]:
    of = f"datasets/{row.id}" if row.id else row.name
    texts = row.licenses or ((row.license,) if row.license else ())
    if texts:
        return [_named(text, of) for text in texts]
    return [Cover(*UNREAD, of)]


def _data(facts: Facts, stage: str) -> list[Cover]:
    rows = [row for row in facts.data if row.whose == "self" and row.stage == stage and row.how != "undisclosed"]
    return [cover for row in rows for cover in _dataset(row)]


@cache
def _corpora() -> dict[str, str]:
    """Give the licence of every well-known data set, as its publisher states it."""
    known = corpora()
    rows = (*known.by_hub.values(), *known.by_words.values(), *known.by_exact.values())
    return {corpus.slug: corpus.license for corpus in rows}


def _benchmarks(facts: Facts) -> list[Cover]:
    """Give the licences of the data sets that results are reported on."""
    names = dict.fromkeys(
        m.object for m in facts.mentions if m.topic == "benchmark" and m.whose == "self" and m.polarity == "affirmed"
    )
    return [_named(_corpora().get(name), name) for name in names]


def _documented(release: Release, found: Assessment) -> list[Cover]:
    cited = {place.repo.removeprefix("datasets/") for place in found.places if place.kind == "dataset"}
    rows = [
        row
        for row in release.facts.data
        if row.whose == "self" and (row.id in cited if cited else isinstance(row.documented, Observed))
    ]
    if rows:
        return [cover for row in rows for cover in _dataset(row)]
    return [release.own] if any(p.repo == release.facts.subject.id for p in found.places) else []


def covering_papers(facts: Facts) -> tuple[Paper, ...]:
    """Give the papers and reports that cover the model."""
    return tuple(p for p in facts.papers if p.covers in ("self", "family") and p.kind != "blog")


def paper_cover(paper: Paper, release: Release) -> Cover:
    """Give the terms of a paper: the release's where it lies in the release, a repository's there, else unread."""
    address = paper.id.lower().removeprefix("https://").removeprefix("http://")
    if address.startswith(f"huggingface.co/{release.facts.subject.id.lower()}/"):
        return release.own
    for repo in release.facts.code:
        if address.startswith(f"{repo.key}/"):
            return _repository(repo)
    return Cover(*UNREAD, paper.id)


def _papers(release: Release) -> list[Cover]:
    """Give the terms of the report: of several that cover the model, one that is known is enough."""
    covers = [paper_cover(paper, release) for paper in covering_papers(release.facts)]
    known = [cover for cover in covers if cover.family != "unknown"]
    return known[:1] or covers


def covers_of(release: Release, found: Assessment, rule: CoverRule, known: Covers) -> tuple[Cover, ...]:
    """Give the licences of everything that a component's evidence was seen in; nothing where that is not known."""
    rows: Iterable[Cover]
    match rule.by:
        case "effective":
            rows = [release.effective]
        case "own":
            rows = [release.own]
        case "architecture":
            rows = _architecture(release, known, found)
        case "data":
            rows = _data(release.facts, rule.stage)
        case "benchmarks":
            rows = _benchmarks(release.facts)
        case "documented":
            rows = _documented(release, found)
        case "paper":
            rows = _papers(release)
        case "code":
            rows = _code(release, found, rule, known)
    return tuple(dict.fromkeys(rows))
