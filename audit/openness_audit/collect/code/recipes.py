"""Gather everything a card says about code: harnesses, frameworks, commands, guides, claims and snippets."""

from __future__ import annotations

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.commands import (
    claim_mentions,
    command_mentions,
    hyperparameter_mentions,
    tutorial_mentions,
)
from openness_audit.collect.code.frameworks import framework_mentions
from openness_audit.collect.code.harnesses import harness_mentions
from openness_audit.collect.code.sentences import sentences
from openness_audit.collect.code.snippets import snippet_mentions
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts import Mention
from openness_audit.model.facts_files import FileFacts

__all__ = ["code_mentions"]


def code_mentions(
    cards: tuple[Card, ...], info: RepoInfo, identity: Identity, files: FileFacts | None
) -> tuple[Mention, ...]:
    """Find what the card, the metadata and own repositories' READMEs say about code.

    Args:
        cards: the subject's card and the READMEs of its own repositories; data set cards are passed over.
        info: the Hub's record of the subject.
        identity: the subject's names, for attribution.
        files: the subject's listing; a merge configuration in it is a recipe.

    Returns:
        Mentions of the topics harness, leaderboard, framework, hyperparameters, training-command, tutorial, the three
        claims, inference-snippet and inference-mention, in the order of the texts.
    """
    found: list[Mention] = []
    mine = next((card for card in cards if card.role == "card"), None)
    if mine is None:
        found += framework_mentions(None, (), info, identity)
    for card in cards:
        if card.role == "dataset-card":
            continue
        spoken = tuple(sentences(card))
        found += harness_mentions(card, spoken, identity)
        found += framework_mentions(card, spoken, info if card is mine else None, identity)
        found += hyperparameter_mentions(card, identity)
        found += tutorial_mentions(spoken, identity)
        found += claim_mentions(spoken, identity)
        if card is mine:  # an own repository's commands are judged with its files (code_roles)
            found += command_mentions(card, identity)
            found += snippet_mentions(card, spoken, identity)
    found += _merge_files(files, identity)
    return tuple(dict.fromkeys(found))


def _merge_files(files: FileFacts | None, identity: Identity) -> list[Mention]:
    """A merge configuration among the files is the recipe of a merge."""
    if files is None or identity.derivation != "merge":
        return []
    return [
        Mention(
            topic="training-command",
            object=path,
            whose="self",
            place=place,
            strength="verified",
            attrs=frozenset({"merge", "file"}),
        )
        for group in files.groups
        if group.kind == "merge-config"
        for path, place in zip(group.paths, group.places, strict=False)
    ]
