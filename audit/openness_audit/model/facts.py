"""What was read about a model: typed, placed, attributed facts, the only input of the rules."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.card import FrontMatterState
from openness_audit.model.claims import Claim
from openness_audit.model.evidence import Absent, Cause, Fact, Place, Polarity, Strength, Whose

Relation: TypeAlias = Literal["finetune", "adapter", "quantized", "merge", "conversion", "reupload", "unknown"]
Derivation: TypeAlias = Literal["base", "finetune", "adapter", "quantized", "merge", "conversion", "reupload"]
Stage: TypeAlias = Literal["pretraining", "finetuning", "evaluation", "unknown"]
Role: TypeAlias = Literal[
    "training",
    "finetuning",
    "evaluation",
    "data-preparation",
    "inference",
    "architecture",
    "results",
    "training-history",
]
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


class DataSet(Struct, frozen=True, kw_only=True):
    """One training or evaluation data set named anywhere, resolved as far as it could be.

    `how`: metadata (front matter), link, well-known (name on the tool's list), named (a bare name), undisclosed (the
    card says there is data but not which). `extent`: whole, subset ("a filtered version of"), examples ("such as"),
    mixture (named corpus by corpus, not released as used). `access`: public, gated, missing (a dead reference),
    unresolved (not followed: another host or a bare name), unavailable (could not be looked up: see `cause`), unknown
    (it is there, but whether it is gated could not be read: see `cause`).
    `documented`: the data set's own card has content (observed / absent / unavailable). `tied`: the metadata, or a
    paragraph that is tied to the model by name, link or heading, names it.
    """

    name: str
    stage: Stage
    whose: Whose
    how: Literal["metadata", "link", "well-known", "named", "undisclosed"]
    extent: Literal["whole", "subset", "examples", "mixture"]
    access: Literal["public", "gated", "missing", "unresolved", "unavailable", "unknown"]
    places: tuple[Place, ...]
    id: str | None = None
    url: str | None = None
    license: str | None = None  # as the data set's metadata or the tool's list says
    licenses: tuple[str, ...] = ()
    cause: Cause | None = None
    documented: Fact[bool] | None = None
    tied: bool = True


class RoleFound(Struct, frozen=True, kw_only=True):
    """A role a code repository plays for the subject.

    `level`: full (scripts or configuration of this model or its family), parts, toolkit (a library to do it with, no
    configuration of this model). `strength` is verified when the listing was seen, declared when only the link was.
    """

    role: Role
    level: Literal["full", "parts", "toolkit"]
    strength: Strength
    places: tuple[Place, ...]
    paths: tuple[str, ...] = ()
    for_subject: bool = False  # a path or the README names this very model or its family


class CodeRepository(Struct, frozen=True, kw_only=True):
    """A code repository the card links, with whose it is, why we think so, and what it holds."""

    url: str
    key: str  # "github.com/owner/name", lower case
    whose: Whose
    why: str
    opened: Fact[bool]  # Observed: listing read; Absent: dead link; Unavailable: could not look
    roles: tuple[RoleFound, ...]
    places: tuple[Place, ...]  # where the card links it
    in_citation: bool = False
    license: str | None = None
    commit: str | None = None


class Paper(Struct, frozen=True, kw_only=True):
    """A paper, report or blog post, with what it covers."""

    id: str  # "arxiv:2402.00838", "doi:...", or a URL
    covers: Literal["self", "family", "base", "predecessor", "data", "method", "other", "unknown"]
    kind: Literal["paper", "report", "blog"]
    places: tuple[Place, ...]
    title: str | None = None
    peer_reviewed: bool = False


class Parent(Struct, frozen=True, kw_only=True):
    """A base model; `id` is None where only a bare name is known, and `candidates` the models it may mean.

    `tied`: metadata, files, or a paragraph that is tied to the model by name, link or heading, name it.
    """

    id: str | None
    name: str
    relation: Relation
    source: Literal["metadata", "card-link", "card-id", "card-name", "files"]
    places: tuple[Place, ...]
    resolved: Fact[str] | None = None  # Observed sha; Absent: id does not resolve; Unavailable
    gated: bool | None = None
    license: str | None = None
    candidates: tuple[str, ...] = ()
    tied: bool = True


class Lineage(Struct, frozen=True, kw_only=True):
    """What the model is made from. `tuned` says whether the model had a tuning stage of its own (None: not said).

    `sure`: metadata, files, names, or a paragraph that is tied to the model say so, not only one that nothing ties.
    """

    derivation: Derivation
    places: tuple[Place, ...]
    parents: tuple[Parent, ...] = ()
    same_publisher: bool = False
    tuned: bool | None = None
    self_id: str | None = None
    sure: bool = True


class FileGroup(Struct, frozen=True, kw_only=True):
    """Files of one kind in the listing, with one citation of the listing per file kept (at most twenty)."""

    kind: Literal[
        "weights-full",
        "weights-quantized",
        "weights-adapter",
        "weights-delta",
        "weights-empty",  # 0 bytes, or a pointer file
        "weights-unknown",
        "training-state",
        "training-history",
        "tensorboard",
        "evaluation-results",
        "evaluation-code",
        "training-code",
        "finetuning-code",
        "inference-code",
        "architecture-code",
        "config",
        "merge-config",
        "license",
        "use-policy",
        "notice",
        "checkpoint-folder",
        "data",
        "other",
    ]
    paths: tuple[str, ...]
    places: tuple[Place, ...]
    formats: tuple[str, ...] = ()


class WeightFacts(Struct, frozen=True, kw_only=True):
    """What the listing holds of weights, by format family; `missing` names shards that are not there."""

    groups: tuple[FileGroup, ...]
    missing: tuple[str, ...] = ()
    precision: Literal["full", "quantized", "unknown"] = "unknown"
    precision_why: str = ""
    precision_places: tuple[Place, ...] = ()


class FileFacts(Struct, frozen=True, kw_only=True):
    """The listing, sorted by kind of file."""

    groups: tuple[FileGroup, ...]
    weights: WeightFacts
    complete: bool
    count: int
    place: Place  # the listing itself
    cut: Cause | None = None  # why it is not complete, where no cap was met
    strength: Literal["verified", "declared"] = "verified"  # declared: shown by a copy or by others, not by the host
    model_type: str | None = None  # config.json: model_type or architectures[0]
    model_type_place: Place | None = None


class Checkpoints(Struct, frozen=True, kw_only=True):
    """Branches and tags by what their names say."""

    intermediate: tuple[str, ...]
    quantization: tuple[str, ...]
    other: tuple[str, ...]
    places: tuple[Place, ...]  # of intermediate ones


class LicenseText(Struct, frozen=True, kw_only=True):
    """What one licence file is (DESIGN 5.2, texts[])."""

    path: str
    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None
    changed: tuple[str, ...]
    sha256: str
    place: Place
    engine: str = ""
    role: Literal["license", "use-policy", "notice"] = "license"
    similar_to: str | None = None  # of a modified or closest text: the known licence it resembles


class LicenseProse(Struct, frozen=True, kw_only=True):
    """A licence statement in the body of the card.

    `scope` says what it applies to. `restricts` is true for words that bind the licensee ("for research purposes
    only"), false for a grant ("released under Apache 2.0") or mere advice.
    """

    expression: str | None
    family: str
    scope: Literal["model", "weights", "code", "data", "outputs", "base", "unknown"]
    whose: Whose
    restricts: bool
    text: str
    place: Place


class DeclaredLicense(Struct, frozen=True, kw_only=True):
    """The metadata's licence: raw values as written and what they resolve to (a list is a set of candidates)."""

    raw: tuple[str, ...]
    expression: str | None
    family: str
    candidates: tuple[str, ...]
    places: tuple[Place, ...]
    name: str | None = None  # license_name
    link: str | None = None  # license_link


class OwnLicense(Struct, frozen=True, kw_only=True):
    """What this repository itself grants: tag, text and prose together."""

    expression: str
    family: str
    why: str
    places: tuple[Place, ...] = ()


class LicenseConflict(Struct, frozen=True, kw_only=True):
    """Two statements that cannot both hold (DESIGN 5.2, conflicts[]).

    `path` leads from the audited model to the model or data set whose terms disagree, the shortest way; `clauses` names
    the clauses that the tag leaves out ("Llama 2 Community License Agreement, section 1.b.i: ...").
    """

    kind: Literal["tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"]
    between: tuple[str, ...]
    why: str
    severity: Literal["error", "warning", "note"]
    confidence: Literal["high", "medium", "low"]
    places: tuple[Place, ...]
    path: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


class LicenseFacts(Struct, frozen=True, kw_only=True):
    """All that was read about the licence."""

    declared: Fact[DeclaredLicense]
    texts: tuple[LicenseText, ...]
    prose: tuple[LicenseProse, ...]
    own: OwnLicense
    conflicts: tuple[LicenseConflict, ...]
    texts_searched: Fact[bool]  # Observed(True): listing read and every licence file read; Unavailable: not


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
