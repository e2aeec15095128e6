"""Facts about the repository's files, branches and tags."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.model.evidence import Cause, Place


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
