"""Audits whose pages a browser is shown, and the words a stranger would break a page with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from audit_sample import AUDIT, CHAIN, EVIDENCE, FINDINGS, USES
from audit_terms import crowded, poisoned
from openness_audit.model.audit import Audit, BundledDoc
from openness_audit.model.audit_licenses import ResolvedLicense
from openness_audit.model.audit_origins import LineageDoc
from openness_audit.model.audit_verdict import ScoreDoc

HOSTILE = (
    '"><img src=x onerror=alert(1)><script>alert(1)</script></style></title>\u202e<svg onload=alert(1)> '
    "\x1b[31m \x00 ${alert(1)} {{ 7*7 }} \u05e9\u05dc\u05d5\u05dd [x](javascript:alert(1)) " + "W" * 300
)
_WORDS = frozenset({"why", "short", "title", "name", "excerpt", "text", "message", "detail", "source", "what", "path"})
_MORE_WORDS = frozenset({"role", "revision", "pipeline_tag", "library", "license", "expression", "sentence", "patch"})
_LISTS = frozenset({"searched", "raw", "changed", "between", "licenses"})
_URLS = frozenset({"url"})
FULL = AUDIT


def _hostile(node: Any) -> Any:
    if isinstance(node, list):
        return [_hostile(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _poisoned(key, value) for key, value in node.items()}


def _poisoned(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in _WORDS | _MORE_WORDS:
        return f"{value} {HOSTILE}"
    if isinstance(value, str) and key in _URLS:
        return "javascript:alert(1)//" + value
    if isinstance(value, list) and key in _LISTS and all(isinstance(item, str) for item in value):
        return [f"{item} {HOSTILE}" for item in value] or [HOSTILE]
    return _hostile(value)


def hostile() -> Audit:
    """Put the stranger's words into every field that a stranger can reach."""
    raw = msgspec.to_builtins(AUDIT)
    poisoned = {key: value if key in {"schema", "tool", "lineage"} else _hostile(value) for key, value in raw.items()}
    return msgspec.convert(poisoned, Audit)


def big() -> Audit:
    """Fill every list far beyond what the page shows."""
    change = msgspec.structs.replace
    cited = tuple(
        change(EVIDENCE[0], id=f"e-{n:012x}", line=n, excerpt=f"line {n} says " + "many words " * 30)
        for n in range(3000)
    )
    findings = tuple(change(FINDINGS[n % 4], id=f"{FINDINGS[n % 4].id}/{n}") for n in range(200))
    keys = tuple(e.id for e in cited)
    return change(
        AUDIT,
        evidence=cited,
        findings=findings,
        criteria=tuple(change(c, evidence=keys) for c in AUDIT.criteria),
        components=tuple(
            change(c, evidence=keys[:900], searched=tuple(f"folder/file-{n}.md" for n in range(400)))
            for c in AUDIT.components
        ),
        training_data=AUDIT.training_data * 300,
        code_repositories=AUDIT.code_repositories * 200,
        not_checked=AUDIT.not_checked * 400,
        files=AUDIT.files * 2000,
    )


def undetermined() -> Audit:
    """Give an audit that could look at nothing: no commit, no evidence, every criterion unknown."""
    change = msgspec.structs.replace
    return change(
        AUDIT,
        subject=change(AUDIT.subject, sha=None, revision=None, last_modified=None, pipeline_tag=None, library=None),
        verdict=change(
            AUDIT.verdict,
            class_="undetermined-undetermined",
            terms="undetermined",
            extent="undetermined",
            osaid="undetermined",
            sentence="Openness not determined: the card, the listing and the licence could not be read",
        ),
        score=ScoreDoc(value=None, low=0, high=100, coverage=0.0, if_fixed=()),
        criteria=tuple(
            change(
                c,
                status="unknown",
                points_low=0.0,
                points_high=20.0,
                weight=20,
                strength="none",
                why="the Hub answered 503",
                evidence=(),
            )
            for c in AUDIT.criteria
        ),
        components=tuple(change(c, availability="unknown", strength="none", evidence=()) for c in AUDIT.components),
        evidence=(),
        findings=(),
        training_data=(),
        code_repositories=(),
        files=(),
        claims=(),
        lineage=LineageDoc(parents=(), nodes=(), edges=()),
        licenses=change(
            AUDIT.licenses,
            texts=(),
            prose=(),
            conflicts=(),
            obligations=(),
            own=ResolvedLicense(expression="NOASSERTION", family="unknown", why="the Hub answered 503"),
            effective=ResolvedLicense(expression="NOASSERTION", family="unknown", why="the Hub answered 503"),
            chain=(change(CHAIN[2], id=AUDIT.subject.id, path=(AUDIT.subject.id,), relations=()),),
            uses=tuple(change(u, verdict="not-determined", why=("the Hub answered 503",), evidence=()) for u in USES),
        ),
    )


def offline() -> Audit:
    """Give an audit that was answered from a bundled record."""
    kept = BundledDoc(
        id=AUDIT.subject.id,
        recorded=("2026-10-01", "2026-10-02"),
        sources=("Hub metadata", "model card"),
        missing=("branches",),
    )
    run = msgspec.structs.replace(AUDIT.run, offline=True, bundled=(kept,))
    return msgspec.structs.replace(AUDIT, run=run)


def older() -> Audit:
    """Give an audit of a version that told no chain, no uses and no obligations."""
    licenses = msgspec.structs.replace(
        AUDIT.licenses, conflicts=(), obligations=(), uses=(), chain=(), chain_complete=None
    )
    return msgspec.structs.replace(AUDIT, licenses=licenses)


SAMPLES: dict[str, Callable[[], Audit]] = {
    "full": lambda: FULL,
    "big": big,
    "undetermined": undetermined,
    "hostile": hostile,
    "offline": offline,
    "older": older,
    "merge": crowded,
    "poisoned": poisoned,
}
