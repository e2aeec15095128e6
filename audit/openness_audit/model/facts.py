"""What was read about a model: typed, placed, attributed facts, the only input of the rules."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.card import FrontMatterState
from openness_audit.model.claims import Claim
from openness_audit.model.evidence import Absent, Cause, Fact, Place, Polarity, Strength, Whose
from openness_audit.model.facts_disclosures import Disclosed
from openness_audit.model.facts_files import Checkpoints, FileFacts
from openness_audit.model.facts_licenses import LicenseFacts, OwnLicense
from openness_audit.model.facts_origins import CodeRepository, DataSet, Lineage, Paper

Topic: TypeAlias = Literal[
    # evaluation
    "harness",  # a named public harness; attrs: "settings": tasks with shots, version or command
    "leaderboard",  # a public leaderboard with published settings; attrs: "settings": tasks with shots
    "evaluation-code-claim",  # prose that scripts are released, without a link
    "evaluation-results",  # numbers for a model; attrs: "table" "list" "model-index" "file"
    "benchmark",  # a named public benchmark reported on; object = its id
    # training
    "framework",  # a training framework named; object = its id; attrs: "link" "fork"
    "hyperparameters",  # values of learning rate, batch size ... given; attrs: "trainer-card"
    "training-command",  # a complete command or configuration; attrs: "finetuning" "pretraining" "merge"
    "training-code-claim",
    "tutorial",  # a guide to fine-tune the model; attrs: "own" "third-party"
    "training-history",  # metrics by step or epoch; attrs: "table" "tracker" "image" "file" "tensorboard"
    "checkpoint",  # an intermediate checkpoint named; object = its name
    "checkpoint-claim",  # said to be available, not named
    "compute-hardware",  # accelerator type used for training
    "compute-amount",  # hours, days, FLOPs, energy or CO2 of training
    # documentation; object = part: description architecture training evaluation limitations intended-use
    "card-section",  # attrs: "content" or "pointer"
    "data-statement",  # documentation of the training data in the card; attrs: "section" "summary"
    # use
    "inference-snippet",  # code that loads a model; object = the id it loads; attrs: "evaluates" (computes a metric)
    "inference-mention",
    "data-preparation-claim",
]


class Mention(Struct, frozen=True, kw_only=True):
    """A typed statement found in text, metadata or names.

    `object` is what it names (an id from a vocabulary where there is one); `whose` says which model it is about;
    `attrs` are the qualifiers listed beside each `Topic`, and `untied` where no name, link or heading makes it this
    model's.
    """

    topic: Topic
    object: str
    whose: Whose
    place: Place
    polarity: Polarity = "affirmed"
    strength: Strength = "claimed"
    attrs: frozenset[str] = frozenset()


class Unread(Struct, frozen=True, kw_only=True):
    """A place that had to be read and was not; `scope` says which facts hang on it."""

    what: str
    scope: Literal[
        "card", "record", "listing", "refs", "license-text", "dataset", "code", "own-readme", "parent", "page", "config"
    ]
    cause: Cause


class Subject(Struct, frozen=True, kw_only=True):
    """The model repository at one commit."""

    id: str
    sha: str | None
    url: str
    revision: str | None = None
    last_modified: str | None = None
    gated: Literal[False, "auto", "manual"] | None = None
    pipeline_tag: str | None = None
    library: str | None = None
    local: bool = False
    place: Place | None = None
    gated_cause: Cause | None = None  # why `gated` is None


class CardFacts(Struct, frozen=True, kw_only=True):
    """The card as a whole: its front matter's state, words of content, and where template text stands."""

    front_matter: FrontMatterState
    problem: str | None
    words: int
    template_sections: int
    sections: int
    place: Place
    trainer_generated: bool = False


class Facts(Struct, frozen=True, kw_only=True):
    """Everything the rules may ask about."""

    subject: Subject
    card: Fact[CardFacts]
    files: Fact[FileFacts]
    refs: Fact[Checkpoints]
    lineage: Lineage
    mentions: tuple[Mention, ...] = ()
    data: tuple[DataSet, ...] = ()
    code: tuple[CodeRepository, ...] = ()
    papers: tuple[Paper, ...] = ()
    licenses: LicenseFacts = LicenseFacts(
        declared=Absent(()),
        texts=(),
        prose=(),
        own=OwnLicense(expression="NONE", family="none-declared", why="not read"),
        conflicts=(),
        texts_searched=Absent(()),
    )
    unread: tuple[Unread, ...] = ()
    searched: tuple[str, ...] = ()  # names of the texts that were read, for `searched[]`
    claims: tuple[Claim, ...] = ()  # what the card says of the model's openness
    disclosed: Disclosed | None = None  # what the card discloses of the model; None: nobody asked
