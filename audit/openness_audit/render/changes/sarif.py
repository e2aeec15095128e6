"""Tell what changed as SARIF 2.1.0: all that is worse, or not known, at its model's line in the lock file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from openness_audit.model.batch import Item, Origin
from openness_audit.render.changes import said, words
from openness_audit.render.ci.sarif import MOST_SHOWN, SCHEMA
from openness_audit.render.ci.sarif_places import locations, text
from openness_audit.render.json import dumps
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.changes import Change, ChangesDoc, ModelChangesDoc

    Json = dict[str, Any]

DRIFT = "drift/"  # before the kind of a change
LEFT_OUT = "left-out"
_LEVELS = {"worse": "error", "unknown": "warning"}
_HELP = (
    "Read what changed. If it is acceptable, approve the model again with `modelaudit approve MODEL --approver NAME`; "
    "until then use the commit that was approved."
)
_ODD = {"void": "approval void", "not-audited": "approved model not audited"}


def render(document: ChangesDoc) -> str:
    """Give one SARIF run, the worst first; what goes beyond what GitHub shows is counted in a notification."""
    found = [result for model in document.models for result in _results(model, document.lock)]
    found.sort(key=lambda result: result["level"] != "error")
    shown, left = found[:MOST_SHOWN], max(0, len(found) - MOST_SHOWN)
    rules = sorted({result["ruleId"] for result in shown})
    index = {name: number for number, name in enumerate(rules)}
    failed = sum(model.result == "not-audited" for model in document.models)
    run: Json = {
        "tool": {"driver": _driver(document, rules)},
        "invocations": [
            {
                "executionSuccessful": failed == 0,
                "exitCode": document.code,
                "exitCodeDescription": said.headline(document),
                "toolExecutionNotifications": _left_out(left),
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [{"ruleId": r["ruleId"], "ruleIndex": index[r["ruleId"]], **r} for r in shown],
        "properties": {"models": len(document.models), "asOf": document.as_of, "resultsLeftOut": left},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _driver(document: ChangesDoc, rules: list[str]) -> Json:
    return {
        "name": document.tool.name,
        "version": document.tool.version,
        "rules": [_rule(name) for name in rules],
        "notifications": [
            {"id": LEFT_OUT, "shortDescription": {"text": "Results beyond what GitHub shows were left out."}}
        ],
    }


def _rule(name: str) -> Json:
    kind = name.removeprefix(DRIFT)
    title = words.KINDS.get(kind) or _ODD[kind]
    return {
        "id": name,
        "name": name,
        "shortDescription": {"text": f"Since the approval: {title}"},
        "fullDescription": {"text": f"Since the approval: {title}"},
        "help": {"text": _HELP, "markdown": _HELP},
        "properties": {"tags": ["openness", "drift"], "precision": "high"},
    }


def _left_out(count: int) -> list[Json]:
    if not count:
        return []
    message = f"{plural(count, 'result')} left out, the mildest; `-f json` has all"
    return [{"level": "warning", "descriptor": {"id": LEFT_OUT}, "message": {"text": message}}]


def _results(model: ModelChangesDoc, lock: str | None) -> Iterator[Json]:
    """Give the results of one model."""
    origins = (Origin(lock, model.line),) if lock and model.line else ()
    item = Item(asked=model.new.id if model.new else model.asked, origins=origins)
    if model.why:
        hint = f". What to do: {model.hint}" if model.hint else ""
        yield _result(item, model.result, "error", f"{model.why}{hint}", (model.asked, model.result))
    for change in model.changes:
        if change.direction in _LEVELS:
            key = model.asked, change.kind, change.about, change.new or ""
            yield _result(item, change.kind, _LEVELS[change.direction], _words(change), key)


def _words(change: Change) -> str:
    where = ", ".join(dict.fromkeys(place.url for place in change.evidence))
    return words.with_why(change) + (f". Read at {where}" if where else "")


def _result(item: Item, kind: str, level: str, message: str, key: tuple[str, ...]) -> Json:
    printed = hashlib.sha256("\0".join(key).encode("utf-8", "replace")).hexdigest()[:16]
    return {
        "ruleId": f"{DRIFT}{kind}",
        "level": level,
        "message": {"text": text(f"{item.asked}: {message}")},
        "locations": locations(item, ())[0],
        "partialFingerprints": {"primaryLocationLineHash": f"{printed}:1"},
        "properties": {"model": item.asked},
    }
