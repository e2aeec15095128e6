"""Read the cases of a rule: short YAML that overrides an empty model's facts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from openness_audit.model.facts import Facts

CASES = Path(__file__).parent / "cases"
RETRYABLE = {"rate-limited", "server-error", "network", "timeout", "offline", "budget", "ancestor-not-evaluated"}


def place(text: str) -> dict[str, Any]:
    """Expand `README.md:12` to the fields of a Place."""
    path, _, line = text.partition(":")
    return {
        "kind": "card" if path.endswith(".md") else "listing",
        "repo": "org/model",
        "url": f"https://huggingface.co/org/model/blob/main/{path}",
        "path": path,
        "line": int(line) if line else None,
        "excerpt": "",
    }


def expand(value: Any) -> Any:
    """Expand the shorthands of a case, everywhere in it."""
    if isinstance(value, str) and value.startswith("@"):
        return place(value[1:])
    if isinstance(value, list):
        return [expand(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) <= {"observed", "at"} and "observed" in value:
        at = value.get("at", "@README.md:1")
        places = at if isinstance(at, list) else [at]
        return {"type": "observed", "value": expand(value["observed"]), "places": [expand(p) for p in places]}
    if set(value) == {"absent"}:
        return {"type": "absent", "searched": value["absent"] or []}
    if set(value) == {"unavailable"}:
        code = value["unavailable"]
        return {"type": "unavailable", "cause": cause(code)}
    return {key: expand(item) for key, item in value.items()}


def cause(code: str) -> dict[str, Any]:
    """Make a cause of a code."""
    return {"code": code, "source": "a source", "retryable": code in RETRYABLE, "detail": f"not read: {code}"}


EMPTY: dict[str, Any] = {
    "subject": {
        "id": "org/model",
        "sha": "a" * 40,
        "url": "https://huggingface.co/org/model",
        "gated": False,
        "place": "@model-info",
    },
    "card": {
        "observed": {
            "front_matter": "ok",
            "problem": None,
            "words": 100,
            "template_sections": 0,
            "sections": 1,
            "place": "@README.md:1",
        }
    },
    "files": {
        "observed": {
            "groups": [],
            "weights": {"groups": []},
            "complete": True,
            "count": 0,
            "place": "@file listing",
        }
    },
    "refs": {"observed": {"intermediate": [], "quantization": [], "other": [], "places": []}},
    "lineage": {"derivation": "base", "places": []},
    "searched": ["README.md"],
}


def facts_of(overrides: dict[str, Any]) -> Facts:
    """Make the facts of a case: an empty model, with `overrides` on top (mappings merge, everything else replaces)."""

    def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
        out = dict(base)
        for key, item in over.items():
            fact = isinstance(item, dict) and set(item) & {"observed", "absent", "unavailable"}
            old = out.get(key)
            out[key] = merge(old, item) if isinstance(item, dict) and isinstance(old, dict) and not fact else item
        return out

    return msgspec.convert(expand(merge(EMPTY, overrides)), Facts)


@cache
def load_cases(rule_id: str) -> list[dict[str, Any]]:
    """Read `tests/cases/<rule_id>.yaml`; whoever asks twice gets the same list, and changes nothing in it."""
    text = (CASES / f"{rule_id}.yaml").read_text("utf-8")
    cases: list[dict[str, Any]] = yaml.load(text, yaml.CSafeLoader)
    return cases
