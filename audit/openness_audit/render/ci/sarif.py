"""Tell models as SARIF 2.1.0, for GitHub code scanning and other viewers of findings.

Limits of GitHub (docs.github.com, "SARIF support for code scanning"): 10 MB gzipped, 25,000 results a run of which the
5,000 worst are shown, 1,000 locations a result of which 100 are shown, 20 tags a rule. What is beyond them is left out
from the mildest, and counted.
"""

from __future__ import annotations

import gzip
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from openness_audit.render import json
from openness_audit.render.ci import sarif_results, sarif_rules
from openness_audit.render.ci.sarif_places import locations, text
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch, Item
    from openness_audit.render.ci.sarif_results import Ranked

    Json = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
MOST_SHOWN = 5_000
MOST_BYTES = 10_000_000  # gzipped
_INCOMPLETE, _LEFT_OUT, _OFFLINE = "not-checked", "left-out", "offline"
_NOTICES = {  # id -> what happened, and what to do
    sarif_rules.NOT_AUDITED: ("A model could not be audited.", "Read why in the notice, mend it, and run again."),
    _INCOMPLETE: ("Something of a model could not be looked at.", "Run again later, or with a token for its source."),
    _OFFLINE: ("No source was asked: the evidence is older.", "Run again without --offline."),
    _LEFT_OUT: ("Results beyond the limits of code scanning were left out.", "Read the JSON, or audit fewer models."),
}


def render_batch(batch: Batch) -> str:
    """Tell the batch as one SARIF run, the worst first; what does not fit is counted in a notification."""
    results = _results(batch)
    fit = min(len(results), MOST_RESULTS)
    while True:
        told = json.dumps(_log(batch, results[:fit], len(results) - fit), indent=1)
        size = len(gzip.compress(told.encode("utf-8", "replace"), 6, mtime=0))
        if size <= MOST_BYTES or fit == 0:
            return told
        fit = int(fit * MOST_BYTES / size * 0.9)


def _results(batch: Batch) -> list[Json]:
    """Give all results, worst first, each with a fingerprint of its own: `hash:2` is the second alike."""
    ranked: list[Ranked] = [found for item in batch.items for found in sarif_results.of_item(item)]
    seen: dict[str, int] = {}
    for found in ranked:
        prints = found.result["partialFingerprints"]
        printed = prints["primaryLocationLineHash"]
        seen[printed] = seen.get(printed, 0) + 1
        prints["primaryLocationLineHash"] = f"{printed}:{seen[printed]}"
    return [found.result for found in sorted(ranked, key=lambda r: r.rank)]


def _log(batch: Batch, results: list[Json], left_out: int) -> Json:
    rules = _rules(batch)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    told = [{"ruleId": r["ruleId"], "ruleIndex": index[r["ruleId"]], **r} for r in results]
    run: Json = {
        "tool": {"driver": _driver(batch, rules)},
        "invocations": [_invocation(batch, len(results), left_out)],
        "columnKind": "unicodeCodePoints",
        "results": told,
        "properties": _counts(batch, left_out),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(batch: Batch, rules: list[Json]) -> Json:
    audit = _first(batch)
    said = audit.tool.version if audit else version("openness-audit")
    driver: Json = {"name": "modelaudit", "version": said, "rules": rules}
    if audit:
        driver["properties"] = {"rulesVersion": audit.tool.ruleset.version, "rulesDigest": audit.tool.ruleset.digest}
    driver["notifications"] = [
        {"id": key, "shortDescription": {"text": said}, "fullDescription": {"text": said}, "help": {"text": todo}}
        for key, (said, todo) in _NOTICES.items()
    ]
    return driver


def _rules(batch: Batch) -> list[Json]:
    """Describe every rule that judged, and whatever else the results name."""
    found = {rule.id: sarif_rules.of_rule(rule) for rule in batch.rules}
    for item in batch.items:
        if item.problem is not None:
            found.setdefault(sarif_rules.NOT_AUDITED, sarif_rules.of_problem())
        if item.audit is None:
            continue
        for finding in item.audit.findings:
            if finding.rule not in found:
                found[finding.rule] = sarif_rules.of_finding(finding)
        policy = item.audit.verdict.policy
        for clause in policy.clauses if policy else ():
            key = sarif_rules.CLAUSE + clause.id
            if policy and key not in found:
                found[key] = sarif_rules.of_clause(clause, policy)
    return [found[key] for key in sorted(found)]


def _invocation(batch: Batch, results: int, left_out: int) -> Json:
    code = batch_view.exit_code(batch)
    failed = sum(item.problem is not None for item in batch.items)
    return {
        "executionSuccessful": failed == 0,
        "exitCode": code,
        "exitCodeDescription": _said(batch, failed),
        "toolExecutionNotifications": [*_left_out(left_out, batch), *_not_shown(results), *_notices(batch)],
    }


def _said(batch: Batch, failed: int) -> str:
    rest = f", {failed} of them not audited" if failed else ""
    return f"{plural(len(batch.items), 'model')}{rest}"


def _left_out(count: int, batch: Batch) -> list[Json]:
    if not count:
        return []
    said = f"{plural(count, 'result')} left out, the mildest: a file for code scanning holds {MOST_RESULTS:,} in 10 MB"
    more = f"; they are in the JSON of the {plural(len(batch.items), 'model')}"
    return [{"level": "warning", "descriptor": {"id": _LEFT_OUT}, "message": {"text": said + more}}]


def _not_shown(results: int) -> list[Json]:
    """Say that GitHub shows a part only; all are in the file."""
    if results <= MOST_SHOWN:
        return []
    said = f"GitHub shows the {MOST_SHOWN:,} worst of these {results:,} results"
    return [{"level": "note", "descriptor": {"id": _LEFT_OUT}, "message": {"text": said}}]


def _notices(batch: Batch) -> list[Json]:
    told = []
    for item in batch.items:
        if item.problem is not None:
            said = f"{batch_view.name_of(item)} could not be audited: {batch_view.problem_words(item)}"
            told.append(_notice("error", sarif_rules.NOT_AUDITED, said, item))
        if item.audit and (offline := view.offline_words(item.audit)):
            told.append(_notice("note", _OFFLINE, f"{item.audit.subject.id}: {offline}", item))
        if item.audit and item.audit.not_checked:
            missed = item.audit.not_checked
            more = f" and {len(missed) - 1} more" if len(missed) > 1 else ""
            said = f"{item.audit.subject.id}: not checked: {missed[0].what} ({missed[0].why}){more}"
            told.append(_notice("note", _INCOMPLETE, said, item))
    return told


def _notice(level: str, key: str, said: str, item: Item) -> Json:
    where = locations(item, ())[0]
    return {"level": level, "descriptor": {"id": key}, "message": {"text": text(said)}, "locations": where}


def _counts(batch: Batch, left_out: int) -> Json:
    codes = [batch_view.outcome(item) for item in batch.items]
    counts = {name: codes.count(name) for name in sorted(set(codes))}
    audit = _first(batch)
    found: Json = {"models": len(batch.items), "outcomes": counts, "resultsLeftOut": left_out}
    return found | ({"asOf": audit.as_of} if audit else {})


def _first(batch: Batch) -> Audit | None:
    return next((item.audit for item in batch.items if item.audit), None)
