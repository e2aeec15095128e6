"""Policies made of a few lines of YAML, and the packaged names, for the tests of the gate."""

from __future__ import annotations

from datetime import date
from functools import cache
from textwrap import dedent

from msgspec.structs import replace

from audit_sample import AUDIT
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc
from openness_audit.model.policy import Policy
from openness_audit.policy.apply import apply
from openness_audit.policy.load import load
from openness_audit.policy.names import Names, names_of
from openness_audit.policy.parse import Source
from openness_audit.ruleset import load_rules

AS_OF = date(2026, 11, 21)


@cache
def names() -> Names:
    return names_of(load_rules().rules)


def policy(text: str, files: dict[str, str] | None = None, name: str = "policy.yaml") -> Policy:
    """Load a policy; `files` are those beside it."""
    beside = {key: dedent(value) for key, value in (files or {}).items()}

    def read(wanted: str, _beside: str) -> Source:
        if wanted not in beside:
            raise FileNotFoundError(2, "there is no such file")
        return Source(wanted, beside[wanted])

    return load(Source(name, dedent(text)), read, names())


def of_clause(text: str) -> Policy:
    """A policy of one clause, `c`, from one line of YAML."""
    return policy(f"name: test\nclauses:\n  c: {{{text}}}\n")


def judged(audit: Audit, by: Policy, as_of: date = AS_OF) -> PolicyDoc:
    found = apply(audit, by, as_of).verdict.policy
    assert found is not None
    return found


def clause(audit: Audit, text: str) -> ClauseDoc:
    """Judge one clause."""
    (row,) = judged(audit, of_clause(text)).clauses
    return row


def scored(low: int, high: int) -> Audit:
    return replace(AUDIT, score=replace(AUDIT.score, value=None, low=low, high=high))
