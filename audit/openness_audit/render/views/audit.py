"""Words every report shares: where evidence stands, what the score says, what one fix would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.render.escape import clean, safe_url
from openness_audit.render.views.replay import replay_words
from openness_audit.wording import CODES, plural

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_origins import TrainingDataDoc
    from openness_audit.model.audit_verdict import CriterionDoc, IfFixed, ScoreDoc

NOTICE = "Evidence, not legal advice or certification."
SEVERITIES = {"error": 0, "warning": 1, "note": 2}
FAMILIES = {  # criteria.md section 4
    "osi": "OSI-approved",
    "permissive": "permissive, not OSI-approved",
    "open-data": "open data licence",
    "permissive-model": "permissive vendor terms",
    "behavioural-use": "behavioural-use restrictions",
    "community": "vendor community terms",
    "non-commercial": "non-commercial",
    "no-derivatives": "no derivatives",
    "proprietary": "proprietary",
    "none-declared": "none declared",
    "unknown": "unknown terms",
}
_KINDS = {
    "listing": "file listing",
    "refs": "branches and tags",
    "model-info": "Hub metadata",
    "bundled": "bundled record",
    "license-terms": "licence text, as read for the rules",
}
ACCESS = {
    "public": "public",
    "gated": "behind a gate",
    "missing": "not found on the Hub",
    "unavailable": "could not be looked up",
    "unknown": "not known",
}
WHOSE = {
    "self": "the publisher's",
    "base": "the base model's",
    "other": "somebody else's",
    "generic": "a general tool",
}
_NO_LICENCE = frozenset({"NONE", "NOASSERTION", ""})


def subject_name(audit: Audit) -> str:
    """Name the subject at its commit: `org/name@0123456789ab`."""
    name = clean(audit.subject.id)
    return f"{name}@{audit.subject.sha[:12]}" if audit.subject.sha else name


def evidence_by_id(audit: Audit) -> dict[str, EvidenceDoc]:
    """Index the citations."""
    return {e.id: e for e in audit.evidence}


def place(evidence: EvidenceDoc, audit: Audit) -> str:
    """Say where a citation stands: `README.md:41`, with the repository when it is not the subject's."""
    what = clean(evidence.path) if evidence.path else _KINDS.get(evidence.kind, "")
    if evidence.line is not None:
        end = f"-{evidence.line_end}" if evidence.line_end and evidence.line_end != evidence.line else ""
        what = f"{what}:{evidence.line}{end}"
    repo = clean(evidence.repo)
    if repo == clean(audit.subject.id):
        return what or repo
    return f"{repo} {what}".strip()


def link(evidence: EvidenceDoc) -> str | None:
    """Give the address of a citation at its commit and line, or None when it is not fit for a link."""
    url = safe_url(evidence.url)
    if url is None or "#" in url or evidence.line is None or "/blob/" not in url:
        return url
    # rendered Markdown has no line numbers: both hosts show the source on request
    source = "?code=true" if url.startswith("https://huggingface.co/") else "?plain=1"
    end = f"-L{evidence.line_end}" if evidence.line_end and evidence.line_end != evidence.line else ""
    return f"{url}{source if url.lower().endswith('.md') else ''}#L{evidence.line}{end}"


def score_words(score: ScoreDoc) -> str:
    """Say the score with its interval; no single number where there is none."""
    if score.value is None:
        return f"score {interval(score.low, score.high)}, not determined"
    sure = f"score {score.value} of 100"
    return sure if score.low == score.high else f"{sure} ({score.low}-{score.high})"


def interval(low: int, high: int) -> str:
    """Say an interval of points."""
    return str(low) if low == high else f"{low}-{high}"


def coverage_words(audit: Audit) -> str:
    """Say how many of the criteria that apply are known."""
    applicable = [c for c in audit.criteria if c.status != "not-applicable"]
    known = sum(c.status != "unknown" for c in applicable)
    left = len(audit.criteria) - len(applicable)
    rest = f", {left} not applicable and not counted" if left else ""
    return f"{known} of {len(applicable)} criteria known{rest}"


def bounds_words(criterion: CriterionDoc) -> str:
    """Say what is sure of an unknown criterion: `at least partial`."""
    if criterion.status != "unknown":
        return ""
    said = ["at least partial"] if criterion.points_low > 0 else []
    said += ["at most partial"] if criterion.points_high < criterion.weight else []
    return ", ".join(said)


def why(criterion: CriterionDoc) -> str:
    """Say why a criterion has its status, with what is sure when it is unknown."""
    bounds, said = bounds_words(criterion), clean(criterion.why)
    return said if not bounds or bounds in said else f"{bounds}; {said}"


def short(criterion: CriterionDoc) -> str:
    """Say in a few words why a criterion has its status, with what is sure when it is unknown."""
    bounds, said = bounds_words(criterion), clean(criterion.short or criterion.why)
    return said if not bounds or bounds in said else f"{bounds}; {said}"


def where(criterion: CriterionDoc, audit: Audit) -> str:
    """Say where the first evidence of a criterion stands, or nothing."""
    known = evidence_by_id(audit)
    return next((place(known[key], audit) for key in criterion.evidence if key in known), "")


def ranked(audit: Audit) -> list[FindingDoc]:
    """Give the findings, worst first, waived ones last."""
    return sorted(audit.findings, key=lambda f: (f.waiver is not None, SEVERITIES[f.severity]))


def best_fix(audit: Audit) -> tuple[IfFixed, FindingDoc | None] | None:
    """Give the fix that lifts the sure end of the score most, with the finding that names it."""
    gains = [f for f in audit.score.if_fixed if (f.low, f.high) > (audit.score.low, audit.score.high)]
    if not gains:
        return None
    best = max(gains, key=lambda f: (f.low, f.high))
    return best, next((f for f in audit.findings if best.finding in (f.id, f.rule)), None)


def family_words(family: str) -> str:
    """Say a licence family in words."""
    return FAMILIES.get(family, clean(family))


def license_words(audit: Audit) -> str:
    """Say the licence in one line: what this repository grants, and what is left after upstream."""
    own, effective = audit.licenses.own, audit.licenses.effective
    named = "" if own.expression in _NO_LICENCE else f"{clean(own.expression)} "
    said = f"{named}({family_words(own.family)})" if named else family_words(own.family)
    if effective.expression != own.expression:
        above = clean(effective.expression.removeprefix(f"{own.expression} AND "))
        return f"{said} on its own; base models: {above} ({family_words(effective.family)})"
    unread = upstream_unread(audit)
    left = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
    rest = f"; terms of {clean(unread[0])}{left} not known" if unread else ""
    rest = "; its base model is not named" if made_of_unnamed(audit) else rest
    return f"{said}: {clean(own.why)}{rest}"


def made_of_unnamed(audit: Audit) -> bool:
    """Say whether the model cannot be without another one, and none is named."""
    made = {"adapter", "merge", "quantized", "conversion", "reupload"}
    kinds = {n.kind for n in audit.lineage.nodes if n.id == audit.subject.id}
    return not audit.lineage.parents and bool(kinds & made)


def upstream_unread(audit: Audit) -> list[str]:
    """Name the models that it was made from whose terms are not known: of the chain, else the direct ones."""
    if audit.licenses.chain:
        return [link.id for link in audit.licenses.chain if link.how == "unknown" and link.id != audit.subject.id]
    known = {n.id: n for n in audit.lineage.nodes}
    names = list(dict.fromkeys(p.id or p.name for p in audit.lineage.parents))
    return [name for name in names if name not in known or (known[name].license or "") in _NO_LICENCE]


def data_words(data: TrainingDataDoc) -> str:
    """Name a data set; one that the text speaks of without naming it is quoted."""
    named = data.id or data.url or data.availability != "closed" or data.access != "unresolved"
    return clean(data.id or data.name) if named else f"not named (\u201c{clean(data.name)}\u201d)"


def access_words(data: TrainingDataDoc) -> str:
    """Say whether a data set can be had."""
    if data.access == "unresolved" and data.url:
        return "linked, not opened"
    if data.access == "unresolved":
        return "spoken of, but not identified" if data.availability == "closed" else "without an address"
    return ACCESS.get(data.access, clean(data.access))


def subject_url(audit: Audit) -> str:
    """Give the subject's address at its whole commit."""
    s = audit.subject
    return clean(f"{s.url}/tree/{s.sha}" if s.kind == "model" and s.sha and s.sha not in s.url else s.url)


def address_words(audit: Audit) -> str:
    """Give the subject's address at its whole commit, and when it was last changed."""
    s = audit.subject
    return subject_url(audit) + (f" (last changed {clean(s.last_modified[:10])})" if s.last_modified else "")


def gate_words(audit: Audit) -> str:
    """Say that the subject is gated, or nothing."""
    kinds = {"auto": "gated: access is granted on request, automatically", "manual": "gated: access is granted by hand"}
    if audit.subject.gated:
        return kinds[audit.subject.gated]
    return "gated" if audit.verdict.gated else ""


def offline_words(audit: Audit) -> str:
    """Say that nothing was asked over the network, and how old the evidence is; nothing when the audit was live."""
    return "; ".join(said for said in (replay_words(audit), _kept_words(audit)) if said)


def _kept_words(audit: Audit) -> str:
    if not audit.run.offline:
        return ""
    dates = sorted(e.retrieved_at[:10] for e in audit.evidence if e.retrieved_at)
    bundled = audit.run.bundled
    if any(kept.id == audit.subject.id for kept in bundled):
        parts = sorted({*dates, *(date for kept in bundled for date in kept.recorded)})
        when = _span(parts, " recorded ")
        return f"offline: from evidence{when} and bundled with the program; the model may have changed since"
    others = ", ".join(clean(kept.id) for kept in bundled)
    rest = f"; {others} from the evidence bundled with the program" if others else ""
    return f"offline: no source was asked{_span(dates, '; evidence of ')}{rest}"


def _span(dates: list[str], lead: str) -> str:
    """Say the first and the last of sorted dates, or nothing where there is none."""
    return f"{lead}{dates[0]}" + (f" to {dates[-1]}" if dates[0] != dates[-1] else "") if dates else ""


def requests_words(audit: Audit) -> str:
    """Say how many requests were made and how long the run took."""
    r = audit.run.requests
    total = r.hub_api + r.hub_files + r.github + r.other
    made = plural(total, "request") if total or not audit.run.cache_hits else "all from the cache"
    return f"{made}, {audit.run.duration_s:.1f} s"


def last_line(audit: Audit) -> str:
    """Say the counts, the exit code, and what set it."""
    waived = sum(f.waiver is not None for f in audit.findings)
    unknown = sum(c.status == "unknown" for c in audit.criteria)
    counts = [(name, sum(f.severity == name and f.waiver is None for f in audit.findings)) for name in SEVERITIES]
    said = [plural(count, name) for name, count in counts if count] or ["no findings"]
    said += [f"{waived} waived"] if waived else []
    said += [f"{unknown} unknown"] if unknown else []
    said += [f"{len(audit.not_checked)} not checked"] if audit.not_checked else []
    code, cause = exits.of_audit(audit)
    return f"{', '.join(said)}: exit {code} ({clean(cause)})"


def grouped(places: list[str]) -> str:
    """List places, lines of a file and files of a repository together: `README.md:3, 15; github.com/a/b x.py, y.py`."""
    lines: dict[str, list[str]] = {}
    for place in places:
        file, colon, line = place.rpartition(":")
        named = colon and line.replace("-", "").isdigit()
        lines.setdefault(file if named else place, []).extend([line] if named else [])
    repos: dict[str, list[str]] = {}
    for file, found in lines.items():
        repo, _, path = file.partition(" ")
        apart = repo if path and "/" in repo else ""
        repos.setdefault(apart, []).append(
            (path if apart else file) + (f":{', '.join(dict.fromkeys(found))}" if found else "")
        )
    return "; ".join(f"{repo} {', '.join(files)}" if repo else "; ".join(files) for repo, files in repos.items())


def code_words(code: str) -> str:
    """Say a cause in words."""
    return next((words for known, words in CODES.items() if known == code), clean(code))
