"""Tell what the data of a model without a named base model was for: a silent card may be that of a tuned model."""

from __future__ import annotations

from typing import Final

import msgspec

from openness_audit.collect.data.found import Found, Ground, for_tuning
from openness_audit.collect.data.vocabulary import data_words
from openness_audit.model.capture import RepoInfo

_TASK: Final = "task"
_WHOLE: Final = frozenset({"pretraining", "finetuning"})  # verbs that name the stage outright


def staged_by_kind(rows: list[Found], info: RepoInfo, ground: Ground) -> list[Found]:
    """Move data to the fine-tuning stage where all of it is made to tune models.

    Nobody pre-trains on questions and answers alone: a card that names only sets for a task or for following
    instructions is that of a tuned model whose base model is not named. Libraries whose models are trained in one go
    are believed.

    Args:
        rows: every mention, the metadata's stages settled.
        info: the Hub's record; its library and task are asked.
        ground: whether a base model is named, or the card says that the model was trained from nothing.
    """
    words = data_words()
    if ground.derived:
        return _continued(rows)
    if ground.lineage.tuned is False or info.library_name in words.single_stage:
        return rows
    own = [r for r in rows if r.whose == "self" and r.stage == "pretraining" and r.how != "undisclosed"]
    if not own or any(r.verb in _WHOLE for r in own):
        return rows
    for_task = info.pipeline_tag in words.tuned_tasks
    for_labels = info.pipeline_tag in words.labelling_tasks
    if not all(_tunes(r, for_task=for_task, for_labels=for_labels) for r in own):
        return rows
    return [
        msgspec.structs.replace(r, stage="finetuning") if r.whose == "self" and r.stage == "pretraining" else r
        for r in rows
    ]


def _continued(rows: list[Found]) -> list[Found]:
    """Take what the metadata of a derived model lists for pre-training data where the card tells of no other training.

    That is one that went on with its base's pre-training: only such pre-training of a derived model is its own.
    """
    own = [r for r in rows if r.whose == "self" and r.stage in _WHOLE]
    said = {r.stage for r in own if r.source != "metadata"}
    listed = [r for r in own if r.source == "metadata" and r.how != "undisclosed"]
    raw = any(r.corpus is not None and r.corpus.kind == "pretraining" for r in listed)
    if said != {"pretraining"} or not raw or any(_tunes(r, for_task=False) for r in listed):
        return rows
    return [msgspec.structs.replace(r, stage="pretraining") if r in listed else r for r in rows]


def sampled(rows: list[Found], ground: Ground) -> list[Found]:
    """Take a data set for a part where the model's name says on how many samples of it the model was tuned."""
    if not data_words().sampled_names.search(ground.identity.name):
        return rows
    return [
        msgspec.structs.replace(r, extent="subset")
        if r.stage == "finetuning" and r.extent == "whole" and r.how != "undisclosed"
        else r
        for r in rows
    ]


def _tunes(one: Found, *, for_task: bool, for_labels: bool = False) -> bool:
    """Say whether a data set is for tuning: by its kind, or by the model's task where the kind is not known.

    `for_labels`: the task is one for which nobody trains a model from nothing, whatever the corpus.
    """
    if one.corpus is not None:
        return for_labels or one.corpus.kind == _TASK or for_tuning(one.corpus, one.name)
    return for_task or for_tuning(None, one.id or one.name)
