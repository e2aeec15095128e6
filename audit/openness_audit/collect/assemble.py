"""Put the facts of one model together: first what its own repository says, then what was linked. Pure."""

from __future__ import annotations

import threading

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.foreign import own_part
from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.attribution.ties import Ties, marked, tied_data, tied_lineage, ties_of
from openness_audit.collect.card.facts import card_facts
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.card.sections import section_mentions
from openness_audit.collect.claims.find import find_claims
from openness_audit.collect.code.recipes import code_mentions
from openness_audit.collect.code.repositories import (
    find_repositories,
    own_readmes,
    repositories_to_open,
    resolve_repositories,
)
from openness_audit.collect.compute.find import compute_mentions
from openness_audit.collect.cuts import cut_texts
from openness_audit.collect.data.find import data_statements, dataset_ids, find_data, resolve_data
from openness_audit.collect.disclosures.find import Basis, find_disclosures
from openness_audit.collect.files.checkpoints import checkpoint_mentions
from openness_audit.collect.files.kinds import collect_files
from openness_audit.collect.files.refs import collect_refs
from openness_audit.collect.licenses.find import collect_licenses
from openness_audit.collect.licenses.texts import left_out
from openness_audit.collect.lineage.base_names import with_candidates
from openness_audit.collect.lineage.find import find_lineage, resolve_parents
from openness_audit.collect.lineage.kinds import kind_of_config
from openness_audit.collect.lineage.license_hint import derived_by_license
from openness_audit.collect.pages import pages_to_check, pages_unread
from openness_audit.collect.papers.coverage import find_papers
from openness_audit.collect.places import info_place, listing_place
from openness_audit.collect.results.find import Reports, repository_results, result_mentions
from openness_audit.collect.results.history import history_mentions
from openness_audit.model.capture import Failure, Listing, ModelCapture, RepoInfo, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Absent, Fact, Observed, Unavailable
from openness_audit.model.facts import CardFacts, Facts, Mention, Subject, Unread
from openness_audit.model.facts_files import Checkpoints, FileFacts
from openness_audit.model.facts_origins import CodeRepository, DataSet, Lineage

# msgspec 0.22 builds its knowledge of a type at the first use, and crashes the process when a second thread needs
# it meanwhile; vocabularies are converted at their first use, and pure Python gains nothing from threads anyway.
TURN = threading.RLock()
PART = "a part of the file listing"
MOST_PARENTS = 8  # base models asked for; a merge of more names its first ones


class Reading(Struct, frozen=True, kw_only=True):
    """What the repository itself says, and what has to be looked up next."""

    card: Card | None
    lineage: Lineage
    identity: Identity
    data: tuple[DataSet, ...]
    repositories: tuple[CodeRepository, ...]
    ties: Ties = Ties()

    def wanted_datasets(self) -> tuple[str, ...]:
        """List the data set ids to look up."""
        return dataset_ids(self.data)

    def wanted_code(self) -> tuple[str, ...]:
        """List the code repositories to open, as `github.com/owner/name`."""
        return repositories_to_open(self.repositories)

    def wanted_parents(self) -> tuple[str, ...]:
        """List the base model ids to look up."""
        return tuple(dict.fromkeys(p.id for p in self.lineage.parents if p.id))[:MOST_PARENTS]

    def wanted_pages(self) -> tuple[str, ...]:
        """List the addresses on other hosts, which are asked for on request only."""
        return pages_to_check(self.card)


def readme_of(texts: dict[str, Text | Failure]) -> Text | Failure | None:
    """Give the card's text, its failure, or None where the listing has no card."""
    return next((text for path, text in texts.items() if path.lower() == "readme.md"), None)


def read(capture: ModelCapture) -> Reading:
    """Read what the model's own repository says; threads take turns."""
    with TURN:
        return _read(capture)


def _read(capture: ModelCapture) -> Reading:
    text = readme_of(capture.texts)
    card = None
    if isinstance(text, Text):
        card = read_card(text.text, document_of(text, "card", capture.info.id), truncated=text.truncated)
    paths = tuple(f.path for f in capture.listing.files) if isinstance(capture.listing, Listing) else ()
    said = find_lineage(card, capture.info, paths, capture.texts)
    if card is not None:
        whole, card = card, own_part(card, capture.info, said, kind_of_config(capture.texts))
        said = said if card is whole else find_lineage(card, capture.info, paths, capture.texts)
    lineage = with_candidates(derived_by_license(said, card, capture.info), capture.info, card)
    me = identity(
        capture.info.id,
        parent_ids=tuple(p.id for p in lineage.parents if p.id),
        parent_names=tuple(p.name for p in lineage.parents),
        derivation=lineage.derivation,
    )
    cards = (card,) if card else ()
    data = find_data(cards, capture.info, me, lineage)
    if isinstance(text, Failure) and not lineage.parents:  # the card may name a base model: no stage is known
        data = tuple(msgspec.structs.replace(d, stage="unknown") for d in data)
    ties = ties_of(card, capture.info, lineage, paths)
    return Reading(
        card=card,
        lineage=tied_lineage(lineage, ties, me),
        identity=me,
        data=tied_data(data, ties, me),
        ties=ties,
        repositories=find_repositories(cards, me),
    )


def _card(capture: ModelCapture, card: Card | None) -> Fact[CardFacts]:
    text = readme_of(capture.texts)
    if isinstance(text, Failure):
        return Unavailable(text.cause)
    if card is not None:
        found = card_facts(card)
        return Observed(found, (found.place,))
    if isinstance(capture.listing, Failure):
        return Unavailable(capture.listing.cause)
    return Absent(("README.md in the file listing",))


def _files(capture: ModelCapture, me: Identity, card: Card | None) -> Fact[FileFacts]:
    if isinstance(capture.listing, Failure):
        return Unavailable(capture.listing.cause)
    place = listing_place(capture.info, capture.listing)
    return Observed(collect_files(capture.listing, capture.texts, place, me, card, capture.info.tags), (place,))


def _refs(capture: ModelCapture) -> Fact[Checkpoints]:
    if isinstance(capture.refs, Failure):
        return Unavailable(capture.refs.cause)
    found = collect_refs(capture.refs, capture.info.id)
    return Observed(found, found.places)


def _unread(capture: ModelCapture, repositories: tuple[CodeRepository, ...]) -> tuple[Unread, ...]:
    """List every place that had to be read and was not."""
    own = {r.key for r in repositories if r.whose == "self"}
    rows: list[Unread] = []

    def note(what: str, scope: str, answer: object) -> None:
        # that there is no such thing is an answer, not a place left unread
        if isinstance(answer, Failure) and answer.cause.code != "not-found-or-private":
            rows.append(Unread(what=what, scope=scope, cause=answer.cause))  # type: ignore[arg-type]  # literals below

    note("file listing", "listing", capture.listing)
    note("branches and tags", "refs", capture.refs)
    if capture.info.gated_cause is not None:
        gate = capture.info.gated_cause
        rows.append(Unread(what=gate.source, scope="record", cause=gate))
    if isinstance(capture.listing, Listing) and capture.listing.cut is not None:
        rows.append(Unread(what="file listing", scope="listing", cause=capture.listing.cut))
    for path, text in sorted(capture.texts.items()):
        note(path, "card" if path.lower() == "readme.md" else "config", text)
    for key, code in sorted(capture.code.items()):
        note(key, "code", code.repo)
        note(f"{key} file listing", "code", code.listing)
        note(f"{key}/README.md", "own-readme" if key in own else "code", code.readme)
        note(f"{key}/LICENSE", "code", code.license_text)
    for name, dataset in sorted(capture.datasets.items()):
        note(f"datasets/{name}", "dataset", dataset.info)
        if isinstance(dataset.info, RepoInfo) and dataset.info.gated_cause is not None:
            rows.append(Unread(what=dataset.info.gated_cause.source, scope="dataset", cause=dataset.info.gated_cause))
        note(f"datasets/{name}/README.md", "dataset", dataset.card)
    for name, parent in sorted(capture.parents.items()):
        note(name, "parent", parent)
    return (*rows, *pages_unread(capture.pages))


def _mentions(
    capture: ModelCapture,
    reading: Reading,
    cards: tuple[Card, ...],
    files: Fact[FileFacts],
    reports: Reports | None,
) -> list[Mention]:
    """Run every extractor of statements over the card and the own repositories' READMEs."""
    listed = files.value if isinstance(files, Observed) else None
    me, info = reading.identity, capture.info
    return [
        *code_mentions(cards, info, me, listed),
        *result_mentions(cards, info, me, listed, reports),
        *history_mentions(cards, info, me, listed),
        *checkpoint_mentions(cards, info, me, listed),
        *compute_mentions(cards, info, me, listed),
        *section_mentions(cards, me, reading.ties),
        *data_statements(cards, me, reading.lineage),
        *repository_results(capture.code, me),
    ]


def complete(capture: ModelCapture, reading: Reading, *, local: bool = False, disclosed: bool = False) -> Facts:
    """Resolve what was linked, and give all facts; threads take turns.

    Args:
        capture: everything that was fetched, linked repositories, data sets and base models included.
        reading: what `read` found in the same capture.
        local: the subject is a directory, not a Hub repository.
        disclosed: what the card discloses of the model is wanted too; no rule asks for it.

    Returns:
        The facts, the only input of the rules.
    """
    with TURN:
        return _complete(capture, reading, local=local, disclosed=disclosed)


def _subject(info: RepoInfo, *, local: bool) -> Subject:
    return Subject(
        id=info.id,
        sha=info.sha,
        url=f"https://huggingface.co/{info.id}" if not local else info.origin.url,
        revision=info.revision,
        last_modified=info.last_modified,
        gated=info.gated,
        pipeline_tag=info.pipeline_tag,
        library=info.library_name,
        local=local,
        place=info_place(info),
        gated_cause=info.gated_cause,
    )


def _complete(capture: ModelCapture, reading: Reading, *, local: bool, disclosed: bool) -> Facts:
    info, card = capture.info, reading.card
    lineage = resolve_parents(reading.lineage, capture.parents)
    code = resolve_repositories(reading.repositories, capture.code, reading.identity)
    cards = ((card,) if card else ()) + own_readmes(code, capture.code)
    data = resolve_data(reading.data, capture.datasets)
    files = _files(capture, reading.identity, card)
    reports = Reports() if disclosed else None
    mentions = tuple(marked(_mentions(capture, reading, cards, files, reports), reading.ties))
    basis = reports and Basis(
        card=card,
        identity=reading.identity,
        lineage=lineage,
        ties=reading.ties,
        mentions=mentions,
        reports=reports,
        data=data,
    )
    return Facts(
        subject=_subject(info, local=local),
        card=_card(capture, card),
        files=files,
        refs=_refs(capture),
        lineage=lineage,
        mentions=mentions,
        data=data,
        code=code,
        papers=find_papers(cards, info, reading.identity, lineage, reading.ties),
        licenses=collect_licenses(
            info,
            card.front_matter if card else None,
            card,
            capture.listing,
            capture.texts,
            reading.identity,
            code,
            data,
        ),
        claims=find_claims(card, reading.identity),
        disclosed=find_disclosures(capture, basis) if basis else None,
        unread=(*_unread(capture, code), *left_out(capture.listing, capture.texts), *cut_texts(cards, info)),
        searched=tuple(
            dict.fromkeys(
                [c.document.path if c.role == "card" else f"{c.document.repo}/{c.document.path}" for c in cards]
                + (["file listing" if files.value.complete else PART] if isinstance(files, Observed) else [])
                + (["branches and tags"] if not isinstance(capture.refs, Failure) else [])
            )
        ),
    )
