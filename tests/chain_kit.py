"""Builders for the tests of the chain of terms: models with a licence and base models, without a network."""

from __future__ import annotations

from typing import Any

from openness_audit.licenses.chain import build_chain
from openness_audit.licenses.ids import resolve
from openness_audit.model.chain import Chain, Node, Step
from openness_audit.model.evidence import Cause, Place

ME = "acme/owl-7b"


def place(model: str) -> Place:
    return Place(kind="model-info", repo=model, url=f"https://huggingface.co/api/models/{model}")


def step(parent: str, relation: Any = "finetune", said: Any = "declared", candidates: tuple[str, ...] = ()) -> Step:
    named = said == "named"
    return Step(
        id=None if named else parent, name=parent, relation=relation, said=said, candidates=candidates,
        places=(place(parent),),
    )  # fmt: skip


def node(model: str, terms: str | None, *steps: Step | str, **more: Any) -> Node:
    """Make a model under `terms`: a licence as people write it, None for none, `?` for one that was not read."""
    rows = tuple(s if isinstance(s, Step) else step(s) for s in steps)
    values: dict[str, Any] = {"id": model, "steps": rows, "places": (place(model),)}
    if terms == "?":
        cause = Cause(code="timeout", source=model, retryable=True, detail="not read")
        return Node(
            **values | {"expression": "NOASSERTION", "family": "unknown", "how": "unknown", "cause": cause} | more
        )
    if terms is None:
        return Node(**values | {"expression": "NONE", "family": "none-declared", "how": "none"} | more)
    found = resolve(terms)
    told = {"expression": str(found.expression), "family": found.family, "how": "declared", "known": found.known}
    return Node(**values | told | {"choice": " OR " in str(found.expression)} | more)


def chain(me: Node, *above: Node, derivation: str = "finetune") -> Chain:
    return build_chain(me, {n.id.lower(): n for n in above}, derivation, me if me.how == "declared" else None)
