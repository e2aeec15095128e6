"""Batches for the formats that hold several models: plain ones, a hostile one, and one of each outcome."""

from __future__ import annotations

import msgspec

from audit_sample import AUDIT, BELL, BIDI, SCRIPT, SHA
from cli_fakes import RULES
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc, WaiverDoc
from openness_audit.model.batch import Batch, Item, Origin, Problem

change = msgspec.structs.replace
WAIVER = WaiverDoc(
    reason="accepted-risk",
    approver="legal@acme.example",
    ticket="T-7",
    expires="2027-03-01",
    text="only in the laboratory",
    granted="2026-11-01",
    commit=SHA,
)
CLAUSES = {
    "minimum-score": ClauseDoc(
        id="minimum-score", met="violated", why="at least 70 is asked; the score is 50-60", message="too little is open"
    ),
    "osaid": ClauseDoc(id="osaid", met="unknown", why="the evaluation code is not known", evidence=("e-00000000000c",)),
    "family": ClauseDoc(id="family", met="waived", why="behavioural-use is not allowed", waiver=WAIVER),
    "gated": ClauseDoc(id="gated", met="met", why="it is not gated", evidence=("e-00000000000b",)),
    "mof": ClauseDoc(id="mof", met="unknown", why="the class is not determined", accepted=True),
}
RESULTS = {"violated": ("minimum-score", "family", "gated"), "no-verdict": ("osaid", "gated", "mof"), "met": ("gated",)}


def policed(result: str, audit: Audit = AUDIT) -> Audit:
    """Give an audit with a policy's result."""
    policy = PolicyDoc(
        name="commercial product",
        digest="sha256:" + "33" * 32,
        path=".modelaudit.yaml",
        result=result,  # type: ignore[arg-type]  # the kit names only real results
        clauses=tuple(CLAUSES[name] for name in RESULTS[result]),
    )
    return change(audit, verdict=change(audit.verdict, policy=policy))


def named(name: str, audit: Audit = AUDIT) -> Audit:
    """Give an audit of another model; what it cites of itself follows."""
    old, text = audit.subject.id, msgspec.json.encode(audit).decode()
    return msgspec.json.decode(text.replace(old, name), type=Audit)


def item(audit: Audit, *origins: Origin, asked: str = "") -> Item:
    return Item(asked=asked or audit.subject.id, audit=audit, origins=origins)


CLEAN = change(named("acme/wren", AUDIT), findings=(), not_checked=())
MISSING = Item(
    asked="acme/missing",
    problem=Problem(
        message="acme/missing: not found, or private", hint="check the spelling; set HF_TOKEN if it is private", code=3
    ),
    origins=(Origin("models.txt", 4),),
)
JUNK = Item(
    asked=f"=cmd|' /C calc'!A0 {SCRIPT} {BELL}",
    problem=Problem(message=f"{BIDI} names no model @everyone", hint="a model is org/name", code=3),
    origins=(Origin("lists/my models#1.txt", 9, 3),),
)
ALONE = Batch(items=(item(AUDIT),), rules=RULES.rules)
SEVERAL = Batch(
    items=(
        item(policed("violated"), Origin("models.txt", 1), Origin("src/app.py", 12, 9)),
        item(policed("no-verdict", named("acme/gull")), Origin("models.txt", 2)),
        item(policed("met", CLEAN), Origin("models.txt", 3)),
        MISSING,
        JUNK,
    ),
    rules=RULES.rules,
)
EVERY_CLEAN = Batch(items=(item(policed("met", CLEAN)),), rules=RULES.rules)
BATCHES = {"alone": ALONE, "several": SEVERAL, "clean": EVERY_CLEAN, "missing": Batch(items=(MISSING,))}
