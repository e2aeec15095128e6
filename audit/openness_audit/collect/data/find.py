"""Find the training data of a model in its card and metadata, and say what of it was documented."""

from __future__ import annotations

from typing import Final

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.data.cards import card_found
from openness_audit.collect.data.configs import config_found
from openness_audit.collect.data.found import Ground
from openness_audit.collect.data.merge import merge
from openness_audit.collect.data.metadata import metadata_found
from openness_audit.collect.data.resolve import resolve_data
from openness_audit.collect.data.stages import sampled, staged_by_kind
from openness_audit.collect.data.statements import data_statements
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import DataSet, Lineage

__all__ = ["MAX_LOOKUPS", "data_statements", "dataset_ids", "find_data", "resolve_data"]

MAX_LOOKUPS: Final = 25  # data sets asked for in one audit; a merge may list hundreds


def find_data(cards: tuple[Card, ...], info: RepoInfo, identity: Identity, lineage: Lineage) -> tuple[DataSet, ...]:
    """Find every data set the cards name, and every statement that there was data without saying which.

    Args:
        cards: the model's card, and own repositories' READMEs.
        info: the Hub's record; its metadata stands in for a card that could not be read.
        identity: the subject's names.
        lineage: what it was made from; decides which stage "trained on" means.

    Returns:
        Data sets with stage, owner, extent and places, none looked up yet (`access` is `unresolved`).
    """
    own = next((c for c in cards if c.role == "card"), None)
    found = metadata_found(own, info, Ground(identity, lineage))
    listed = {f.id.lower() for f in found if f.id} | {f.corpus.slug for f in found if f.corpus}
    ground = Ground(identity, lineage, frozenset(listed))
    for card in cards:
        found += card_found(card, ground)
    found += config_found(own, ground) if own is not None else []
    return merge(found, lambda rows: sampled(staged_by_kind(rows, info, ground), ground))


def dataset_ids(found: tuple[DataSet, ...]) -> tuple[str, ...]:
    """List the Hub ids to look up, the subject's own training data first, at most `MAX_LOOKUPS`."""
    order = {"self": 0, "base": 1}
    rows = [d for d in found if d.id and d.stage != "evaluation" and d.whose in order]
    rows.sort(key=lambda d: (order[d.whose], d.how == "named"))
    return tuple(dict.fromkeys(d.id for d in rows if d.id))[:MAX_LOOKUPS]
