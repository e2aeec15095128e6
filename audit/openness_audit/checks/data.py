"""Checks on the training data: which corpora of a stage are named, who can have them, and how they are documented."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.checks.base import Answer, CouldNot, NotSeen, any_place, check, seen, texts_searched, texts_unread
from openness_audit.model.evidence import Absent, Cause, Observed, Place, Strength, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_origins import DataSet
from openness_audit.wording import few

_TUNED = frozenset({"finetune", "adapter"})
TRAINING = frozenset({"pretraining", "finetuning"})


class StageArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`stage`: the training stage asked about."""

    stage: Literal["pretraining", "finetuning"]


class CorporaArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`stage` and `which`: `all` corpora identified, to be had and presented as the data; or `some` identified.

    `tied`: at least one of all is named by the metadata or by a paragraph that is tied to the model, and the stage does
    not hang on words without a tie.
    """

    stage: Literal["pretraining", "finetuning"]
    which: Literal["all", "some"]
    tied: bool = False


class NoTuningArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`pipelines` and `libraries`: kinds of models that are trained in one go, so that a silent card hides no stage."""

    pipelines: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


class UnexplainedArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`words`: a card shorter than that explains nothing, a longer one where it speaks of one of `topics`.

    `libraries`: their models are trained in one go. `without`: statements with one of these attributes explain nothing.
    `merged`: only merges whose parents are not named are asked about; no word of the card makes a list theirs.
    """

    stage: Literal["pretraining", "finetuning"]
    words: int = 0
    merged: bool = False
    topics: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


class DocumentedArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`extents`: how much of a data set the card says was used; `hows`: how it names the set. Either is enough.

    `which`: at least half of the sets that are listed or linked, or some. `tied`: only sets that the metadata names, or
    a paragraph that is tied to the model.
    """

    extents: tuple[str, ...] = ("whole", "subset", "examples", "mixture")
    hows: tuple[str, ...] = ()
    which: Literal["most", "some"] = "some"
    tied: bool = False


def _of_stage(facts: Facts, stage: str) -> list[DataSet]:
    return [d for d in facts.data if d.whose == "self" and d.stage == stage]


_NOT_OPENED = " (linked, not opened)"
_UNSURE = frozenset({"unavailable", "unknown"})


def identified(data: DataSet) -> bool:
    """Say whether a data set is identified (criteria.md 2.1): by id, address, paper, or as a well-known corpus."""
    if data.how == "undisclosed" or data.access in {"missing", "unavailable"}:
        return False
    return data.how != "named" or data.url is not None


def obtainable(data: DataSet) -> bool:
    """Say whether a data set is identified, public, and presented as the data; a paper alone does not hand it out."""
    public = data.access == "public" or (data.access == "unresolved" and data.how == "link")
    return public and _handed_out(data)


def _may_be_obtainable(data: DataSet) -> bool:
    """Say whether only an unread gate leaves open that a data set can be had."""
    return data.access == "unknown" and _handed_out(data)


def _handed_out(data: DataSet) -> bool:
    return identified(data) and data.how != "named" and data.extent == "whole"


def _strength(rows: list[DataSet]) -> Strength:
    """Give `verified` where every one was looked up on the Hub, else `declared` (criteria.md 1)."""
    looked_up = all(any(p.kind == "dataset" for p in d.places) and d.cause is None for d in rows)
    return "verified" if looked_up else "declared"


def _places(rows: list[DataSet]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(p for d in rows for p in d.places))


def _names(rows: list[DataSet]) -> str:
    return ", ".join(dict.fromkeys(d.id or d.name for d in rows))


def _unopened(data: DataSet) -> bool:
    """Say whether all that is known of a data set is an address that was not opened."""
    return data.access == "unresolved" and data.how == "link"


def _sourced(rows: list[DataSet]) -> str:
    """Name data sets, telling for which the program's own list of corpora speaks in place of the Hub."""
    listed = [d for d in rows if d.access in {"public", "gated"} and d.how != "link"]
    listed = [d for d in listed if d.cause is not None or all(p.kind != "dataset" for p in d.places)]
    which = "" if len(listed) == len(rows) else f"{_names(listed)} "
    told = ", ".join(dict.fromkeys(f"{d.id or d.name}{_NOT_OPENED if _unopened(d) else ''}" for d in rows))
    return told + (f" ({which}by this program's list of corpora)" if listed else "")


def _causes(facts: Facts, rows: list[DataSet]) -> tuple[Cause, ...]:
    """Give why data sets could not be looked up, or texts not read."""
    return tuple(d.cause for d in rows if d.access in _UNSURE and d.cause) + texts_unread(facts)


@check("corpora", CorporaArgs)
def corpora(facts: Facts, args: CorporaArgs) -> Answer:
    """The corpora of a training stage are identified: all of them and to be had by anyone, or some."""
    rows = _of_stage(facts, args.stage)
    searched = texts_searched(facts)
    if args.which == "some":
        found = [d for d in rows if identified(d)]
        if found:
            return seen(_places(found), _strength(found), **_some_words(rows, found, sure=facts.lineage.sure))
        causes = _causes(facts, rows)
        return CouldNot(causes=causes, searched=searched) if causes else _none_identified(rows, args.stage, searched)
    waiting = [d for d in rows if d.access == "unavailable" or _may_be_obtainable(d)]
    untied = args.tied and bool(rows) and not (facts.lineage.sure and any(d.tied for d in rows))
    if untied or any(not obtainable(d) and d not in waiting for d in rows):
        return NotSeen(searched=searched)
    if waiting or not rows:
        causes = _causes(facts, rows)
        return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)
    return seen(_places(rows), _strength(rows), object=rows[0].id or rows[0].name, **_data_words(rows))


def _none_identified(rows: list[DataSet], stage: str, searched: tuple[str, ...]) -> NotSeen:
    """Say of data that the texts speak of why none of it is identified; nothing where they speak of none."""
    if not rows:
        return NotSeen(searched=searched)
    named = [d for d in rows if d.how != "undisclosed"]
    told, what = _some_words(rows, rows), "pre-training" if stage == "pretraining" else "tuning"
    which = f"{what} data {few(d.id or d.name for d in named)}:" if named else f"{what} data"
    return NotSeen(
        searched=searched,
        instead=f"no {what} data is identified: {told['detail']}",
        short=f"{which} {told['lacks'] if named else _SPOKEN_OF}",
        places=_places(rows),
    )


def _data_words(rows: list[DataSet]) -> dict[str, str]:
    """Name data sets for a rule's words."""
    names = [d.id or d.name for d in rows]
    opened = [d.id or d.name for d in rows if not _unopened(d)]
    linked = len(set(names) - set(opened)) if opened else 0
    rest = f" ({linked} more linked, not opened)" if linked else ""
    return {"names": _sourced(rows), "few": few(opened or names) + rest, "count": str(len(dict.fromkeys(names)))}


_SPOKEN_OF = "spoken of, but not identified"
_UNTIED = "named only in a paragraph that nothing ties to this model"
_ORIGIN_UNTIED = "taken for this stage by a paragraph that nothing ties to this model"
_EXTENTS = {
    "subset": "only in part or in changed form",
    "examples": "only as an example",
    "mixture": "not as used: the mixture is not released",
}


def _some_words(rows: list[DataSet], found: list[DataSet], *, sure: bool = True) -> dict[str, str]:
    """Say what is identified and what stands in the way of more: in full as `detail`, in few words as `lacks`.

    `sure`: that the model had this stage is not only said in a paragraph that nothing ties to it.
    """
    groups = [([d for d in rows if d.access == "missing"], "not found on the Hub")]
    groups += [([d for d in found if d.access == "gated"], "behind a gate")]
    groups += [([d for d in found if d.extent == extent], word) for extent, word in _EXTENTS.items()]
    bare = [d for d in rows if d.how == "named" or (d.access == "unresolved" and d.how not in ("link", "undisclosed"))]
    groups += [([d for d in bare if d.access != "missing"], "named without a source")]
    groups += [([d for d in rows if d.access in _UNSURE], "not looked at")]
    groups += [([d for d in rows if d.how == "undisclosed"], _SPOKEN_OF)]
    if not any(some for some, _ in groups):
        groups += [([d for d in rows if not d.tied], _UNTIED)]
        groups += [] if sure or any(some for some, _ in groups) else [(rows, _ORIGIN_UNTIED)]
    groups = [(some, word) for some, word in groups if some]
    counted: list[str] = []
    told: set[str] = set()
    for some, word in groups:  # each data set is counted once, by what weighs most
        fresh = {d.id or d.name for d in some} - told
        told |= fresh
        counted += [f"{len(fresh)} {word.partition(':')[0]}"] if fresh else []
    single = len({d.id or d.name for d in rows}) == 1
    return {
        **_data_words(found),
        "object": found[0].id or found[0].name,
        "detail": "; ".join(f"{'data is' if word == _SPOKEN_OF else _names(some)} {word}" for some, word in groups),
        "lacks": groups[0][1].partition(":")[0] if single and groups else ", ".join(counted[:2]),
    }


@check("own-stage", StageArgs)
def own_stage(facts: Facts, args: StageArgs) -> Answer:
    """The model itself had this training stage, beside what its base models had."""
    rows = _of_stage(facts, args.stage)
    if rows:
        return seen(_places(rows), "claimed", names=_names(rows), count=str(len(rows)))
    place = any_place(facts)
    unread = isinstance(facts.card, Unavailable)  # then "base" only says that nothing else named a base model
    if facts.lineage.derivation == "base" and args.stage == "pretraining" and not unread:
        return seen(place, "claimed")
    if args.stage == "finetuning" and facts.lineage.tuned:
        return seen(place, "claimed")
    if args.stage == "finetuning" and facts.lineage.derivation in _TUNED and not _only_pretrained(facts):
        return seen(place, "claimed")
    causes = texts_unread(facts)
    return CouldNot(causes=causes) if causes else NotSeen(searched=texts_searched(facts))


def _only_pretrained(facts: Facts) -> bool:
    """Say whether the only training the card speaks of goes on with pre-training."""
    return not facts.lineage.tuned and bool(_of_stage(facts, "pretraining"))


@check("no-tuning", NoTuningArgs)
def no_tuning(facts: Facts, args: NoTuningArgs) -> Answer:
    """The model is a base model without a tuning stage of its own, as it says or as its pre-training data says."""
    subject = facts.subject
    once = subject.pipeline_tag in args.pipelines or subject.library in args.libraries
    silent = facts.lineage.tuned is None and not once and not _of_stage(facts, "pretraining")
    tuned_on = [d for d in _of_stage(facts, "finetuning") if identified(d) or d.access == "unavailable"]
    named = facts.lineage.tuned is None and bool(tuned_on)
    if facts.lineage.derivation != "base" or facts.lineage.tuned or silent or named:
        return NotSeen(searched=texts_searched(facts))
    if isinstance(facts.card, Unavailable):
        return CouldNot(causes=(facts.card.cause,))
    return seen(any_place(facts), "claimed")


@check("data-unexplained", UnexplainedArgs)
def data_unexplained(facts: Facts, args: UnexplainedArgs) -> Answer:
    """Data sets are listed in the metadata alone, and the card has no word on what they were for."""
    rows = _of_stage(facts, args.stage)
    made = "merge" if args.merged else "base"
    if not isinstance(facts.card, Observed) or facts.lineage.derivation != made or facts.lineage.parents:
        return NotSeen(searched=texts_searched(facts))
    if args.merged and rows:
        return seen(_places(rows), "declared", **_data_words(rows))
    listed = bool(rows) and all(p.kind != "card" for d in rows for p in d.places)
    said = (m for m in facts.mentions if m.whose == "self" and not set(args.without) & m.attrs)
    spoken = facts.lineage.tuned is False or any(m.topic in args.topics for m in said)
    explained = facts.card.value.words >= args.words and spoken
    if not listed or explained or facts.subject.library in args.libraries:
        return NotSeen(searched=texts_searched(facts))
    return seen(_places(rows), "declared", **_data_words(rows))


@check("data-documented", DocumentedArgs)
def data_documented(facts: Facts, args: DocumentedArgs) -> Answer:
    """A data set the model was trained on has a card of its own with content."""
    rows = [d for d in facts.data if d.whose == "self" and d.stage in TRAINING]
    asked = [d for d in rows if (d.extent in args.extents or d.how in args.hows) and (d.tied or not args.tied)]
    found = [d for d in asked if isinstance(d.documented, Observed) and d.documented.value]
    unseen = [d for d in rows if isinstance(d.documented, Unavailable)]
    given = [d for d in rows if d.how in {"metadata", "link"}]  # one that is gone is undocumented, too
    rest = [d for d in given if d not in found and d not in unseen]
    hopeful = [d for d in unseen if d in asked]  # may turn out documented; those that were given may turn out not to be
    if args.which == "most" and len(rest) > len(found) + len(hopeful):
        return NotSeen(searched=texts_searched(facts))
    if found and (args.which == "some" or len(found) >= len(rest) + sum(d in unseen for d in given)):
        places = tuple(p for d in found if isinstance(d.documented, Observed) for p in d.documented.places)
        return seen(places or _places(found), _strength(found), names=_sourced(found), count=str(len(found)))
    awaited = [d.documented for d in unseen if d in asked or d in given]
    causes = tuple(d.cause for d in awaited if isinstance(d, Unavailable)) + texts_unread(facts)
    looked = tuple(s for d in asked if isinstance(d.documented, Absent) for s in d.documented.searched)
    searched = (*texts_searched(facts), *looked)
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)
