"""Sort branches and tags by what their names say: intermediate checkpoints, other precisions, anything else."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from openness_audit.collect.files.names import expression, tokens_of, words
from openness_audit.model.capture import Ref, Refs
from openness_audit.model.evidence import Place
from openness_audit.model.facts_files import Checkpoints

MAX_PLACES: Final = 20  # citations kept


def collect_refs(refs: Refs, repo: str) -> Checkpoints:
    """Sort the branches and tags of `repo`; the intermediate ones are cited, up to twenty of them."""
    sorted_refs: dict[str, dict[str, None]] = {"intermediate": {}, "quantization": {}, "other": {}}
    places: list[Place] = []
    for ref in refs.refs:
        kind = ref_kind(ref)
        if ref.name in sorted_refs[kind]:
            continue
        sorted_refs[kind][ref.name] = None
        if kind == "intermediate" and len(places) < MAX_PLACES:
            places.append(_place(ref, refs, repo))
    return Checkpoints(
        intermediate=tuple(sorted_refs["intermediate"]),
        quantization=tuple(sorted_refs["quantization"]),
        other=tuple(sorted_refs["other"]),
        places=tuple(places),
    )


def ref_kind(ref: Ref) -> str:
    """Give `intermediate`, `quantization` or `other`."""
    name = ref.name[:200]
    if ref.kind == "convert" or name == "main":
        return "other"
    low = name.lower()
    marks = words().quantized_tokens | words().full_tokens
    if expression("quantized_refs").fullmatch(low) or tokens_of(low) & marks:
        return "quantization"
    return "intermediate" if expression("checkpoint_refs").fullmatch(low) else "other"


def _place(ref: Ref, refs: Refs, repo: str) -> Place:
    return Place(
        kind="refs",
        repo=repo,
        url=f"https://huggingface.co/{repo}/tree/{quote(ref.name, safe='')}",
        sha=ref.sha,
        excerpt=ref.name[:200],
        sha256=refs.origin.sha256,
        text_kind="name",
        retrieved_at=refs.origin.retrieved_at,
        from_cache=refs.origin.from_cache,
    )
