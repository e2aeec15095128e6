"""Checks on code: who made the model from what decides which of it counts."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from openness_audit.checks.base import (
    Answer,
    CouldNot,
    FileArgs,
    MentionArgs,
    NoArgs,
    NotSeen,
    RepositoryArgs,
    check,
    file,
    from_mentions,
    listing_cut,
    mention,
    mentions_of,
    nothing_said,
    once_a_subject,
    repository,
    seen,
    texts_searched,
    texts_unread,
)
from openness_audit.model.evidence import Absent, Cause, Observed, Place, Strength, Unavailable
from openness_audit.model.facts import Facts

REPACKAGED = ("conversion", "reupload")


class MadeAsArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`any_of`: derivations; a re-packaging by the same publisher is the model itself and none of them."""

    any_of: tuple[str, ...]


class CodeMentionArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """As `mention`, for models made in one of the ways `made_as` (any if empty) and with any of `any_attrs`.

    `sure`: what the model was made from does not hang on words that nothing ties to it.
    """

    topic: str
    made_as: tuple[str, ...] = ()
    any_attrs: tuple[str, ...] = ()
    attrs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    whose: tuple[str, ...] = ("self",)
    strength: Strength = "none"
    sure: bool = False


class CodeRepositoryArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """As `repository`, for models made in one of the ways `made_as` (any if empty)."""

    role: str
    made_as: tuple[str, ...] = ()
    levels: tuple[str, ...] = ("full",)
    for_subject: bool = False


class CodeFileArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """As `file`, for models made in one of the ways `made_as` (any if empty), known for `sure`."""

    kinds: tuple[str, ...]
    made_as: tuple[str, ...] = ()
    sure: bool = False


class ArchitectureArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`described`: the card or a report about the model must also say what the architecture is.

    `without`: a statement with one of these attributes describes nothing.
    """

    described: bool
    without: tuple[str, ...] = ()


@once_a_subject
def made_as(facts: Facts) -> str:
    """Give how the model was made; a full-precision re-packaging by the same publisher is the model itself."""
    lineage = facts.lineage
    if lineage.derivation in REPACKAGED and lineage.same_publisher:
        return "finetune" if lineage.tuned else "base"
    return lineage.derivation


def _both_stages(facts: Facts) -> bool:
    """Say whether a tuned model that was made from no other one names what it was pre-trained on itself."""
    named = any(d.stage == "pretraining" and d.whose == "self" and d.how != "undisclosed" for d in facts.data)
    return made_as(facts) == "finetune" and not facts.lineage.parents and named


def _elsewhere(facts: Facts) -> NotSeen:
    return NotSeen(searched=texts_searched(facts) or ("model card",))


@check("made-as", MadeAsArgs)
def made_as_check(facts: Facts, args: MadeAsArgs) -> Answer:
    """The model is a bare quantization, conversion or copy, without tuning of its own."""
    lineage = facts.lineage
    if made_as(facts) not in args.any_of or lineage.tuned:
        return _elsewhere(facts)
    places = lineage.places or tuple(p for parent in lineage.parents for p in parent.places)
    fallback = (facts.subject.place,) if facts.subject.place is not None else ()
    cited = places or fallback
    if not cited:
        return _elsewhere(facts)
    names = ", ".join(parent.id or parent.name for parent in lineage.originals)
    return seen(cited, "declared", object=_COPIES.get(lineage.derivation, "plain"), names=names)


_COPIES = {"quantized": "quantized", "conversion": "converted", "reupload": "re-uploaded"}


@check("code-mention", CodeMentionArgs)
def code_mention(facts: Facts, args: CodeMentionArgs) -> Answer:
    """A statement about code stands in the card, and counts for a model made this way."""
    if (args.made_as and made_as(facts) not in args.made_as) or (args.sure and not facts.lineage.sure):
        return _elsewhere(facts)
    if not mentions_of(facts, args.topic):
        return nothing_said(facts)
    wanted = MentionArgs(
        topic=args.topic, attrs=args.attrs, without=args.without, whose=args.whose, strength=args.strength
    )
    if not args.any_attrs:
        return mention(facts, wanted)
    answers = [mention(facts, replace(wanted, attrs=(*args.attrs, attr))) for attr in args.any_attrs]
    return next((a for a in answers if not isinstance(a, (NotSeen, CouldNot))), answers[-1])


@check("code-repository", CodeRepositoryArgs)
def code_repository(facts: Facts, args: CodeRepositoryArgs) -> Answer:
    """A code repository of the publisher holds code of a role, and counts for a model made this way."""
    whole = args.role == "training" and "base" in args.made_as and _both_stages(facts)
    if args.made_as and made_as(facts) not in args.made_as and not whole:
        return _elsewhere(facts)
    return repository(facts, RepositoryArgs(role=args.role, levels=args.levels, for_subject=args.for_subject))


@check("code-file", CodeFileArgs)
def code_file(facts: Facts, args: CodeFileArgs) -> Answer:
    """The model's repository holds code of a kind, and counts for a model made this way."""
    if (args.made_as and made_as(facts) not in args.made_as) or (args.sure and not facts.lineage.sure):
        return _elsewhere(facts)
    return file(facts, FileArgs(kinds=args.kinds))


@check("library", NoArgs)
def library(facts: Facts, _: NoArgs) -> Answer:
    """A library is declared that loads the model."""
    if facts.subject.library and facts.subject.place is not None:
        return seen((facts.subject.place,), "declared", object=facts.subject.library)
    return NotSeen(searched=("model metadata",))


def _described(facts: Facts, without: frozenset[str]) -> tuple[Place, ...]:
    """Give where the architecture is described: in the card, or in a report that covers the model."""
    parts = [
        m.place
        for m in mentions_of(facts, "card-section")
        if m.object == "architecture" and m.whose == "self" and "content" in m.attrs
        if m.polarity == "affirmed" and not without & m.attrs
    ]
    papers = [place for paper in facts.papers if paper.covers in ("self", "family") for place in paper.places]
    return tuple(dict.fromkeys((*parts, *papers)))


def _architecture_code(facts: Facts) -> tuple[tuple[Place, ...], str, Strength]:
    """Give where the code of the architecture is public: in a repository, or in a library that knows the model type."""
    if isinstance(facts.files, Observed):
        files = facts.files.value
        code = [g for g in files.groups if g.kind == "architecture-code"]
        if code:
            return tuple(p for g in code for p in g.places), code[0].paths[0], files.strength
        if files.model_type and facts.subject.library:
            place = files.model_type_place or files.place
            return (place,), f"{files.model_type} in {facts.subject.library}", "declared"
    for repo in facts.code:
        for role in repo.roles:
            if repo.whose == "self" and role.role == "architecture" and role.for_subject and role.level == "full":
                return role.places or repo.places, repo.key, role.strength
    return (), "", "none"


@check("architecture", ArchitectureArgs)
def architecture(facts: Facts, args: ArchitectureArgs) -> Answer:
    """The code of the architecture is public and, if asked, the architecture is described."""
    places, name, strength = _architecture_code(facts)
    described = _described(facts, frozenset(args.without))
    if places and (described or not args.described):
        return seen((*places, *(described if args.described else ())), strength, object=name)
    if isinstance(facts.files, Unavailable):
        return CouldNot(causes=(facts.files.cause,), searched=texts_searched(facts))
    config = _config(facts)
    if config and not args.described:
        return config
    unread = texts_unread(facts)
    unnamed = () if places else _config_unread(facts)
    if unnamed and (described or unread or not args.described):
        return CouldNot(causes=unnamed, searched=texts_searched(facts))
    if unread and (places or not args.described):
        return CouldNot(causes=unread, searched=texts_searched(facts))
    return from_mentions(facts, ()) if not places else NotSeen(searched=(*texts_searched(facts), "file listing"))


def _config_unread(facts: Facts) -> tuple[Cause, ...]:
    """Give why the configuration, which may name the type of the model, could not be read, or may be there unseen."""
    files = facts.files.value if isinstance(facts.files, Observed) else None
    cut = (listing_cut(files),) if files is not None and not files.complete else ()
    lost = (row.cause for row in facts.unread if row.scope == "config" and row.what.endswith("config.json"))
    return (*lost, *cut)


def _config(facts: Facts) -> Answer | None:
    """Give the configuration file, which names the architecture without its code."""
    if isinstance(facts.files, (Absent, Unavailable)):
        return None
    groups = [g for g in facts.files.value.groups if g.kind == "config"]
    if not groups:
        return None
    places = tuple(p for g in groups for p in g.places)
    return seen(places, facts.files.value.strength, object=groups[0].paths[0])
