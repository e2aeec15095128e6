"""The gates to what a block may say of base models: most blocks say nothing, and are passed over."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from openness_audit.collect.attribution.words import phrases
from openness_audit.collect.gates import Gate
from openness_audit.collect.lineage.words import lineage_file, lineage_patterns
from openness_audit.model.card import Block


class BlockGates(Struct, frozen=True):
    """What each gate lets pass, asked of a block's whole text."""

    states: Gate  # a phrase that makes a name a parent, which is looked for in parts of the block
    tuned: Gate  # that something was fine-tuned from something
    tells: Gate  # sentences that say whether the model was tuned; what else is asked of these says no more
    scratch: Gate  # training from scratch, looked for in the first part of the block
    merge: Gate
    merged: Gate


@cache
def block_gates() -> BlockGates:
    """Make the gates, once."""
    raw, words = lineage_file(), lineage_patterns()
    groups = (*raw.strong.values(), *raw.weak.values())
    return BlockGates(
        states=Gate(phrases([phrase for group in groups for phrase in (*group.before, *group.after)]), cut=True),
        tuned=Gate(phrases(raw.strong["finetune"].before)),
        tells=Gate(
            words.not_tuned,
            words.tuned_said,
            words.tuned_is,
            words.tuned_kind,
            words.tuned_nouns,
            words.continued,
            cut=True,
        ),
        scratch=Gate(words.scratch, cut=True),
        merge=Gate(words.merge_words),
        merged=Gate(words.merge_said, cut=True),
    )


def speaks_of_merge(blocks: Iterable[Block]) -> bool:
    """Say whether any block has a word for merging models."""
    gate, words = block_gates().merge, lineage_patterns().merge_words
    return any(gate.may(block.text) and words.search(block.text) for block in blocks)
