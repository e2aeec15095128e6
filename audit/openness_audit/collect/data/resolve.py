"""Say whether each data set can be had, under which licence, and whether its own card documents it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.data.found import of_hub
from openness_audit.collect.data.links import known_names
from openness_audit.collect.data.vocabulary import Corpus
from openness_audit.model.capture import DatasetAnswer, Failure, RepoInfo, Text
from openness_audit.model.evidence import Absent, Cause, Fact, Observed, Place, Unavailable
from openness_audit.model.facts_origins import DataSet

LEAST_WORDS: Final = 40  # of content in a data set card that documents anything; template text does not count
_DEAD: Final = ("not-found-or-private", "disabled", "legal")


def resolve_data(found: tuple[DataSet, ...], answers: dict[str, DatasetAnswer]) -> tuple[DataSet, ...]:
    """Give the data sets with what was learned of them.

    Args:
        found: what `find_data` found.
        answers: the Hub's answers by id as written; an id without an answer was not asked for.

    Returns:
        The same data sets with access, licences, cause and documentation. A corpus on the tool's list takes the list's
        availability where the Hub gave none, and counts as gated where either says so.
    """
    return tuple(_resolved(one, answers) for one in found)


def _corpus(one: DataSet) -> Corpus | None:
    """Give the well-known corpus a data set is."""
    if one.id is not None:
        return of_hub(one.id)
    names = known_names(one.name)
    return names[0].corpus if names else of_hub(one.name)


def _resolved(one: DataSet, answers: dict[str, DatasetAnswer]) -> DataSet:
    if one.how == "undisclosed" or (one.how == "named" and one.id is None):
        return one
    corpus = _corpus(one)
    answer = answers.get(one.id or "")
    if one.id is None:
        return _listed(one, corpus) if corpus else one
    if answer is None or isinstance(answer.info, Failure):
        return _unanswered(one, corpus, answer)
    return _answered(one, corpus, answer, answer.info)


def _listed(one: DataSet, corpus: Corpus) -> DataSet:
    """Take the list's word for a corpus that has no Hub page to ask."""
    if one.how == "link" and corpus.availability not in {"gated", "closed", "withdrawn"}:
        linked: Fact[bool] = Observed(value=True, places=one.places) if corpus.card else Absent((one.url or one.name,))
        return msgspec.structs.replace(one, documented=linked)  # the card's own link says where it is
    gated = corpus.availability == "gated"
    known: Fact[bool] = Absent((f"a link to a card of {one.name}",))
    return msgspec.structs.replace(one, access="gated" if gated else "public", documented=one.documented or known)


def _unanswered(one: DataSet, corpus: Corpus | None, answer: DatasetAnswer | None) -> DataSet:
    """Read a refusal: gone, or not looked at."""
    if answer is None:
        detail = f"data set {one.id} was not looked up: more than the audit asks for"
        cause = Cause(code="budget", source=f"datasets/{one.id}", retryable=True, detail=detail)
    else:
        assert isinstance(answer.info, Failure)  # noqa: S101 - for the type checker; the caller has seen to it
        cause = answer.info.cause
    if corpus is not None and corpus.availability not in {"closed", "withdrawn"}:
        access = "gated" if corpus.gated_as(one.id) or cause.code == "gated" else "public"
        return msgspec.structs.replace(one, access=access, cause=cause, documented=_known(one, corpus))
    if cause.code in _DEAD:
        return msgspec.structs.replace(one, access="missing", cause=cause, documented=Absent((f"datasets/{one.id}",)))
    if cause.code == "gated":
        return msgspec.structs.replace(one, access="gated", cause=cause, documented=Unavailable(cause))
    return msgspec.structs.replace(one, access="unavailable", cause=cause, documented=Unavailable(cause))


def _known(one: DataSet, corpus: Corpus) -> Fact[bool]:
    """Say from the list whether a corpus' Hub page documents it."""
    return Observed(value=True, places=one.places) if corpus.card else Absent((f"datasets/{one.id}",))


def _answered(one: DataSet, corpus: Corpus | None, answer: DatasetAnswer, info: RepoInfo) -> DataSet:
    """Read the Hub's record of a data set."""
    place = Place(
        kind="dataset",
        repo=f"datasets/{info.id}",
        url=f"https://huggingface.co/datasets/{info.id}",
        sha=info.sha,
        sha256=info.origin.sha256,
        text_kind="json",
        retrieved_at=info.origin.retrieved_at,
        from_cache=info.origin.from_cache,
    )
    listed = corpus is not None and corpus.availability not in {"closed", "withdrawn"}
    gated = info.gated not in (False, None) or (corpus is not None and corpus.gated_as(one.id))
    unsure = info.gated is None and not gated and not listed  # else the list's word counts where the Hub gave none
    gone = info.disabled or info.private or (corpus is not None and corpus.availability == "withdrawn")
    licenses = _licenses(info)
    return msgspec.structs.replace(
        one,
        access="missing" if gone else "gated" if gated else "unknown" if unsure else "public",
        cause=_gate_unread(info) if info.gated is None and not gone else one.cause,
        places=(*one.places, place),
        license=licenses[0] if licenses else one.license,
        licenses=licenses,
        documented=_documented(one, corpus, answer, info),
    )


def _gate_unread(info: RepoInfo) -> Cause:
    detail = f"the Hub's record of data set {info.id} does not say whether access is gated"
    return info.gated_cause or Cause(code="malformed", source=f"datasets/{info.id}", retryable=False, detail=detail)


def _licenses(info: RepoInfo) -> tuple[str, ...]:
    """Give the licences of a data set's metadata, else of its tags."""
    raw: Any = (info.card_data or {}).get("license") or (info.card_data or {}).get("licenses")
    values = [raw] if isinstance(raw, str) else [v for v in raw if isinstance(v, str)] if isinstance(raw, list) else []
    tags = [t.removeprefix("license:") for t in info.tags if t.startswith("license:")]
    return tuple(dict.fromkeys(v.strip()[:100] for v in values or tags if v.strip()))[:10]


def _documented(one: DataSet, corpus: Corpus | None, answer: DatasetAnswer, info: RepoInfo) -> Fact[bool]:
    """Say whether the data set's card has content of its own."""
    if isinstance(answer.card, Failure):
        return _known(one, corpus) if corpus is not None and corpus.card else Unavailable(answer.card.cause)
    if isinstance(answer.card, Text):
        card = read_card(answer.card.text, document_of(answer.card, "dataset", f"datasets/{info.id}"), "dataset-card")
        if sum(section.words for section in card.sections if not section.template) >= LEAST_WORDS:
            first = next((b for b in card.blocks if b.kind in {"paragraph", "list-item", "table"}), None)
            where = card.cite(first) if first else card.document.at(1, "")
            return Observed(value=True, places=(where,))
    if corpus is not None and corpus.card:
        return _known(one, corpus)
    return Absent((f"datasets/{info.id}/README.md",))
