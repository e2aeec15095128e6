"""Where the new state of a change was read: the citations of the newer audit. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from openness_audit.drift.snapshot import CARD
from openness_audit.model.changes import CitedDoc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.changes import Change

_MET = {"violated": "violated", "no-verdict": "unknown"}  # what the clauses are that decide a result
MOST = 3  # citations of a change: the audit itself has the rest


def cited(found: Iterable[Change], audit: Audit) -> tuple[Change, ...]:
    """Say where the new state was read.

    Args:
        found: the changes.
        audit: the newer audit, whose snapshot they were found with.

    Returns:
        The same changes with at most `MOST` citations each; what is gone or could not be read has none.
    """
    known = {row.id: row for row in audit.evidence}
    rows = []
    for change in found:
        ids = list(dict.fromkeys(_ids(change, audit)))
        places = tuple(_cited(known[key]) for key in ids if key in known)[:MOST]
        rows.append(replace(change, why=change.why or _why(change, audit), evidence=tuple(dict.fromkeys(places))))
    return tuple(rows)


def _why(change: Change, audit: Audit) -> str:
    """Give the newer audit's own words: what a new finding says, and which clauses are not met."""
    if change.kind == "finding-appeared":
        return next((f.message or f.title for f in audit.findings if f.id == change.about), "")
    policy = audit.verdict.policy
    if change.kind == "policy-result" and policy:
        broken = [c.id for c in policy.clauses if not c.accepted and c.met == _MET.get(policy.result)]
        return f"{', '.join(broken)}" if broken else ""
    return ""


def _cited(row: EvidenceDoc) -> CitedDoc:
    return CitedDoc(repo=row.repo, sha=row.sha, path=row.path, line=row.line, url=row.url)


def _ids(change: Change, audit: Audit) -> Iterator[str]:
    """Give the ids of the citations that a change is about."""
    kind, about = change.kind, change.about.lower()
    me = audit.subject.id
    if kind == "unread":
        return
    if kind.startswith("gate-"):
        yield from (e.id for e in audit.evidence if e.repo == me and e.kind == "model-info")
    elif kind.startswith("card-"):
        yield from (e.id for e in audit.evidence if e.repo == me and (e.path or "").lower() == CARD)
    elif kind.startswith(("weights-", "license-text-")):
        yield from (e.id for e in audit.evidence if e.repo == me and (e.path or "").lower() == about)
    elif kind in ("license-relabelled", "license-own", "license-effective"):
        yield from (key for link in audit.licenses.chain[:1] for key in link.evidence)
    elif kind.startswith("base-model-"):
        yield from _base(kind, about, audit)
    elif kind.startswith("data-"):
        yield from (key for d in audit.training_data if (d.id or d.name).lower() == about for key in d.evidence)
    elif kind.startswith("code-"):
        yield from (key for c in audit.code_repositories if c.url.lower() == about for key in c.evidence)
    else:
        yield from _judged(change, audit)


def _base(kind: str, about: str, audit: Audit) -> Iterator[str]:
    """Cite the base model's own words for its licence, and for the rest where it is named."""
    if kind == "base-model-relicensed":
        yield from (key for link in audit.licenses.chain if link.id.lower() == about for key in link.evidence[-1:])
    yield from (key for p in audit.lineage.parents if (p.id or p.name).lower() == about for key in p.evidence)


def _judged(change: Change, audit: Audit) -> Iterator[str]:
    kind, about = change.kind, change.about
    if kind.startswith("criterion-"):
        yield from (key for c in audit.criteria if c.id == about for key in c.evidence)
    elif kind == "use":
        yield from (key for u in audit.licenses.uses if u.use == about for key in u.evidence)
    elif kind.startswith("obligation-"):
        yield from (key for o in audit.licenses.obligations if o.id == about for key in o.evidence)
    elif kind.startswith("finding-"):
        yield from (key for f in audit.findings if f.id == about for key in f.evidence)
    elif kind == "policy-result" and audit.verdict.policy:
        broken = (c for c in audit.verdict.policy.clauses if c.met in ("violated", "unknown"))
        yield from (key for clause in broken for key in clause.evidence)
