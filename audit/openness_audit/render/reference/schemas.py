"""Make the JSON Schemas from the types: the committed files under `schemas/` are exactly this output."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import msgspec

from openness_audit.model import (
    changes,
    compare,
    evidence_bundle,
    ingest,
    lock,
    policy,
    registry,
    registry_changes,
    registry_report,
    scan,
    scan_plan,
)
from openness_audit.model.audit import SCHEMA_ID, Audit
from openness_audit.model.facts import Facts
from openness_audit.model.row import Row
from openness_audit.model.rules import Rule
from openness_audit.render.reference.schema_words import describe
from openness_audit.schema_versions import version_of

BASE = SCHEMA_ID.rpartition("/")[0]
_TYPES: dict[str, tuple[type[msgspec.Struct], str, str]] = {
    "audit": (Audit, SCHEMA_ID, "An audit of one model: how open it is, and the evidence"),
    "changes": (changes.ChangesDoc, changes.SCHEMA_ID, "What changed of models since they were approved, or audited"),
    "compare": (compare.Comparison, compare.SCHEMA_ID, "Finished audits side by side, one row a question"),
    "evidence": (
        evidence_bundle.Manifest,
        evidence_bundle.SCHEMA_ID,
        "The manifest of an evidence bundle: what was audited, how, by which rules, and what it holds",
    ),
    "facts": (Facts, f"{BASE}/facts-1.json", "What was read about one model, before it is judged"),
    "history": (
        registry_changes.ScanChanges,
        registry_changes.SCHEMA_ID,
        "What changed between two scans of many models",
    ),
    "ingest": (ingest.Ingest, ingest.SCHEMA_ID, "What bills of materials claim of models, against what was found"),
    "lock": (lock.Lock, lock.SCHEMA_ID, "Which models were approved, by whom, and what was seen of each"),
    "plan": (
        scan_plan.ScanPlan,
        scan_plan.PLAN_SCHEMA_ID,
        "What a scan of many models is going to ask, of whom, and how long quotas make that last",
    ),
    "policy": (policy.PolicyFile, policy.SCHEMA_ID, "A policy: what a model must be like to be adopted"),
    "registry": (
        registry.ScanRun,
        registry.SCHEMA_ID,
        "A scan of many models: what was asked for, by which rules, and how far it is",
    ),
    "report": (
        registry_report.Report,
        registry_report.SCHEMA_ID,
        "What the models of a scan are like together: how open, under which terms, and what hangs on which base model",
    ),
    "row": (Row, registry.ROW_SCHEMA_ID, "One model of a scan of many, in one line"),
    "rule": (Rule, f"{BASE}/rule-1.json", "One rule: a question, the signals that answer it, and its words"),
    "scan": (scan.Scan, scan.SCHEMA_ID, "The models that code uses, where, and what came of auditing each"),
}
NAMES = tuple(_TYPES)


def version(name: str) -> int:
    """Give the version of a document's schema; raises KeyError for a name that is none of `NAMES`."""
    return version_of(_TYPES[name][1]) or 0


def listing(width: int, *, color: bool = False) -> str:
    """List the documents, each with the version of its schema and what it is, and the version of the rules."""
    from openness_audit.render.layout import Page, pad  # noqa: PLC0415 - only to list
    from openness_audit.ruleset import RULESET_VERSION  # noqa: PLC0415 - loads every check

    page = Page(width)
    page.add(("documents that modelaudit writes and reads, and the version of each", "strong"))
    for name, (_, _, title) in _TYPES.items():
        page.text(title, lead=f"  {pad(name, 10)}{version(name):>2}  ")
    page.add()
    page.text(f"the rules themselves are version {RULESET_VERSION}")
    page.text("modelaudit schema NAME prints the JSON Schema; docs/schemas/ explains every field", style="quiet")
    return page.render(color=color)


def file_name(name: str) -> str:
    """Give the name of the committed file of a schema."""
    return f"{name}.schema.json"


@cache
def schema(name: str) -> str:
    """Make one schema (JSON Schema 2020-12), as the bytes that are committed.

    Args:
        name: one of `NAMES`; raises KeyError for another.

    Returns:
        Indented JSON, ending in a line feed.
    """
    kind, address, title = _TYPES[name]
    made: dict[str, Any] = msgspec.json.schema(kind)
    definitions: dict[str, Any] = made["$defs"]
    if name not in ("facts", "row", "rule"):  # the documents that name their schema
        definitions[kind.__name__]["properties"]["schema"] = {"const": address}
    describe(made, kind)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": title,
        **made,
        "$defs": {key: definitions[key] for key in sorted(definitions)},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
