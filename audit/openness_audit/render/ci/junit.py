"""Tell models as JUnit XML, for CI servers: one suite a model; a case for each criterion, clause and kind of finding.

A green case must never be read as "open": a criterion's case says only that it is known, and its output how it stands.
What keeps a policy from being decided is an error, not a skipped case, which CI servers take for a success.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view
from openness_audit.render.views import policy as policy_view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc
    from openness_audit.model.batch import Batch, Item, Problem

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def render_batch(batch: Batch) -> str:
    """Tell the batch as one XML document; its totals are those of its suites."""
    root = ET.Element("testsuites", {"name": "modelaudit"})
    kinds = tuple(rule.id for rule in batch.rules if rule.kind == "finding")
    root.extend(_suite(item, kinds) for item in batch.items)
    for suite in root:
        suite.attrib |= _totals(suite.iter("testcase"))
    root.attrib |= _totals(root.iter("testcase"))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _totals(cases: Iterable[ET.Element]) -> dict[str, str]:
    every = list(cases)
    return {"tests": str(len(every))} | {
        name: str(sum(case.find(tag) is not None for case in every)) for name, tag in _COUNTED.items()
    }


def _suite(item: Item, kinds: Sequence[str]) -> ET.Element:
    audit = item.audit
    suite = ET.Element("testsuite", {"name": _xml(view.subject_name(audit) if audit else batch_view.name_of(item))})
    _properties(suite, item)
    if item.problem is not None:
        _bad(_case(suite, item, "audit", "audited"), "error", "not-audited", *_problem(item.problem))
    if audit is not None:
        _policy(suite, item, audit)
        _criteria(suite, item, audit)
        _findings(suite, item, audit, kinds)
    return suite


def _properties(suite: ET.Element, item: Item) -> None:
    told = {"asked": item.asked, "outcome": batch_view.outcome(item)}
    audit = item.audit
    if audit is not None:
        policy = audit.verdict.policy
        told |= {
            "url": view.subject_url(audit),
            "class": audit.verdict.class_,
            "score": view.score_words(audit.score),
            "verdict": audit.verdict.sentence,
            "as-of": audit.as_of,
            "rules": audit.tool.ruleset.version,
        }
        told |= {"policy": policy.path, "policy-result": policy.result} if policy else {}
        told |= {"offline": offline} if (offline := view.offline_words(audit)) else {}
    if item.origins:
        told["named-in"] = "; ".join(map(batch_view.named_at, item.origins))
    every = ET.SubElement(suite, "properties")
    for name, value in told.items():
        ET.SubElement(every, "property", {"name": name, "value": _xml(value)})


def _case(suite: ET.Element, item: Item, group: str, name: str) -> ET.Element:
    named = {"classname": _xml(f"{batch_view.name_of(item)}.{group}"), "name": _xml(name)}
    if item.origins:
        named |= {"file": _xml(item.origins[0].path), "line": str(item.origins[0].line)}
    return ET.SubElement(suite, "testcase", named)


def _bad(case: ET.Element, tag: str, kind: str, message: str, *lines: str) -> None:
    child = ET.SubElement(case, tag, {"message": _xml(message), "type": kind})
    child.text = "\n".join(map(_xml, (message, *lines)))


def _skip(case: ET.Element, message: str) -> None:
    ET.SubElement(case, "skipped", {"message": _xml(message)})


def _say(case: ET.Element, lines: Iterable[str]) -> None:
    said = "\n".join(map(_xml, lines))
    if said:
        ET.SubElement(case, "system-out").text = said


def _problem(problem: Problem) -> tuple[str, ...]:
    return (problem.message, *([f"What to do: {problem.hint}"] if problem.hint else []))


def _policy(suite: ET.Element, item: Item, audit: Audit) -> None:
    policy = audit.verdict.policy
    for clause in policy.clauses if policy else ():
        case = _case(suite, item, "policy", clause.id)
        why, where = _clause_words(clause), [*_void(policy, clause.id), *_read_at(audit, clause.evidence)]
        if clause.met == "violated":
            _bad(case, "failure", "violated", why, *where)
        elif clause.met == "waived" and clause.waiver:
            _skip(case, f"{policy_view.waiver_words(clause.waiver)} ({why})")
        elif clause.met == "unknown" and not clause.accepted:
            _bad(case, "error", "no-verdict", f"not decided: {why}", *where)
        elif clause.met != "met":
            _skip(case, f"not known, which the policy accepts: {why}")
        else:
            _say(case, (why, *where))


def _void(policy: PolicyDoc | None, name: str) -> list[str]:
    """Say that a waiver of a clause holds no longer."""
    voids = policy.void_waivers if policy else ()
    return [f"A waiver by {v.waiver.approver} holds no longer: {v.why}" for v in voids if v.on == name]


def _clause_words(clause: ClauseDoc) -> str:
    own = f"; {clause.message}" if clause.message and clause.met in ("violated", "unknown") else ""
    return f"{clause.why}{own}"


def _criteria(suite: ET.Element, item: Item, audit: Audit) -> None:
    for criterion in audit.criteria:
        case = _case(suite, item, "criteria", f"{criterion.id}: status known")
        said = f"{criterion.title}: {criterion.status}: {view.why(criterion)}"
        if criterion.status == "unknown":
            _skip(case, said)
        else:
            _say(case, (said, *_read_at(audit, criterion.evidence)))


def _findings(suite: ET.Element, item: Item, audit: Audit, kinds: Sequence[str]) -> None:
    found: dict[str, list[FindingDoc]] = {name: [] for name in kinds}
    for finding in view.ranked(audit):
        found.setdefault(finding.rule, []).append(finding)
    causes = {u.rule: u.unknown for u in audit.undecided}
    for name in sorted(found):
        case = _case(suite, item, "findings", name)
        if not found[name] and name in causes:
            _skip(case, f"not known: {'; '.join(dict.fromkeys(c.detail for c in causes[name]))}")
        else:
            _kind(case, audit, found[name])


def _kind(case: ET.Element, audit: Audit, findings: Sequence[FindingDoc]) -> None:
    """Tell one kind of finding: a failure only where no policy decides what fails."""
    open_ = [f for f in findings if f.waiver is None]
    lines = [line for f in findings for line in _finding(audit, f)]
    errors = [f for f in open_ if f.severity == "error"]
    if errors and audit.verdict.policy is None:
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        _bad(case, "failure", "error", f"{errors[0].title}{more}", *lines)
    elif findings and not open_:
        _skip(case, f"{plural(len(findings), 'finding')} waived: {lines[0]}")
    else:
        _say(case, lines)


def _finding(audit: Audit, finding: FindingDoc) -> Iterator[str]:
    extra = "" if finding.message in ("", finding.title) else f": {finding.message}"
    yield f"{finding.severity}: {finding.title}{extra}"
    if finding.waiver:
        yield policy_view.waiver_words(finding.waiver)
    elif finding.remediation.text:
        yield f"What the publisher can do: {finding.remediation.text}"
    yield from _read_at(audit, finding.evidence)


def _read_at(audit: Audit, ids: Sequence[str], most: int = 3) -> list[str]:
    known = view.evidence_by_id(audit)
    urls = list(dict.fromkeys(url for key in ids if key in known and (url := view.link(known[key]))))
    return [f"Read at {url}" for url in urls[:most]] + ([f"and {len(urls) - most} more"] if len(urls) > most else [])


def _xml(words: str) -> str:
    """Give words on one line, without what XML cannot hold."""
    return _NO_XML.sub("", clean(words))
