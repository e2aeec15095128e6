"""What an extractor found about one data set, before the findings are put together."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.data.vocabulary import Corpus, Verb, corpora, data_words
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts_origins import Lineage, Stage
from openness_audit.regexcode import codes

How: TypeAlias = Literal["metadata", "link", "well-known", "named", "undisclosed"]
Extent: TypeAlias = Literal["whole", "subset", "examples", "mixture"]
TUNING_KINDS: Final = frozenset({"instruction", "preference"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "OwlMathInstruct" is of the kind "instruct"
_PLAIN = codes().compiled(r"[^a-z0-9\u0080-\uffff]+", 0)  # wide classes compile slowly


class Found(Struct, frozen=True, kw_only=True):
    """One mention of a data set.

    `source` says where it stood. `soft` marks what only counts where nothing better is known of the stage: a summary
    ("trained on web data") or a pointer to a collection. `verb` is what the sentence says was done with it.
    """

    name: str
    stage: Stage
    whose: Whose
    how: How
    place: Place
    source: Literal["metadata", "prose", "list", "table"]
    extent: Extent = "whole"
    id: str | None = None
    url: str | None = None
    corpus: Corpus | None = None
    soft: bool = False
    verb: Verb | None = None
    cleans: bool = False  # says of the stage's data that a part of it was left out


def plain(name: str) -> str:
    """Give a name without case and separators, to compare by."""
    return _PLAIN.sub("", name.lower().rpartition("/")[2])


def for_tuning(corpus: Corpus | None, name: str) -> bool:
    """Say whether a data set is made to tune a model that can already write: instructions, dialogues, preferences.

    A well-known corpus says so by its kind, another set by the words of its name.
    """
    if corpus is not None:
        return corpus.kind in TUNING_KINDS
    own = name.rpartition("/")[2]
    return any(data_words().tuning_names.search(spelled) for spelled in (own, _CAMEL.sub(" ", own)))


def of_hub(hub_id: str) -> Corpus | None:
    """Give the well-known corpus with this Hub id."""
    return corpora().by_hub.get(hub_id.lower())


class Ground(Struct, frozen=True):
    """What stages are decided by: who the subject is and what it was made from."""

    identity: Identity
    lineage: Lineage
    listed: frozenset[str] = frozenset()  # slugs and lower-case ids of the metadata's data sets

    @property
    def derived(self) -> bool:
        """Say whether the subject was made from another model."""
        return self.lineage.derivation != "base"

    def stage(self, verb: Verb, *, corpus: Corpus | None = None, name: str = "") -> Stage:
        """Give the stage a verb means for this subject; "trained" alone means the stage the subject itself had.

        Args:
            verb: what the sentence says was done.
            corpus: the data set in question, where it is a well-known one.
            name: what it is called.
        """
        if verb != "training":
            return verb
        tunes = self.lineage.tuned is not False and for_tuning(corpus, name)  # False: the card says that it was not
        return "finetuning" if self.derived or tunes else "pretraining"

    def owner(self, said: Whose, verb: Verb, *, continued: bool) -> Whose:
        """Give whose the data is: a derived model's first pre-training was its base's, where a base is named."""
        inherited = self.derived and bool(self.lineage.parents)
        return "base" if said == "self" and verb == "pretraining" and inherited and not continued else said
