"""Laws of three-valued clauses: resolving an unknown, asking more, and finding more wrong never help a model along."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from audit_sample import AUDIT, FINDINGS
from openness_audit import exits
from openness_audit.licenses.expressions import strictest
from openness_audit.licenses.single import of_name
from openness_audit.model.audit import Audit
from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.audit_findings import FindingDoc, UndecidedDoc
from openness_audit.model.audit_licenses import ObligationDoc, ResolvedLicense
from openness_audit.model.evidence import ORDER, Level
from openness_audit.model.policy import (
    AnyClause,
    ClassClause,
    ComponentClause,
    CoverageClause,
    EuClause,
    ExpressionClause,
    FamilyClause,
    FindingClause,
    GatedClause,
    MofClause,
    ObligationClause,
    OsaiClause,
    OsaidClause,
    Policy,
    ScoreClause,
    UseClause,
)
from openness_audit.policy.apply import apply
from policy_kit import AS_OF

LEVELS: tuple[Level, ...] = ("closed", "partial", "open")
RANK = {"violated": 0, "unknown": 1, "met": 2}
CAUSE = UnknownDoc(code="timeout", source="x", retryable=True, detail="it did not answer")
CRITERIA = ("data", "weights", "evaluation-code", "finetuning-code", "metrics")
FAMILIES = ("osi", "open-data", "behavioural-use", "community", "non-commercial", "none-declared")
LICENSES = ("MIT", "Apache-2.0", "CC-BY-4.0", "CC-BY-NC-4.0", "LicenseRef-hf-llama2", "LicenseRef-hf-gpl")
DUTIES = ("user-threshold", "royalty", "attribution", "non-commercial")
RULES = ("tag-text", "dead-parent", "weights")
USES = ("internal", "serve", "redistribute")

# -- audits that are partly unknown, and the same resolved


def levelled(audit: Audit, bounds: dict[str, tuple[Level, Level]]) -> Audit:
    """Give criteria and components these bounds."""
    criteria = tuple(
        replace(
            c,
            status=(low if low == high else "unknown"),
            weight=20,
            points_low=10.0 * ORDER[low],
            points_high=10.0 * ORDER[high],
        )
        for c in audit.criteria
        for low, high in (bounds[c.id],)
    )
    components = tuple(
        replace(
            c,
            availability=(bounds[c.id][0] if bounds[c.id][0] == bounds[c.id][1] else "unknown"),
            at_least=bounds[c.id][0],
            at_most=bounds[c.id][1],
        )
        if c.id in bounds
        else c
        for c in audit.components
    )
    low, high = (10 * sum(ORDER[bounds[name][end]] for name in CRITERIA) for end in (0, 1))
    return replace(
        audit, criteria=criteria, components=components, score=replace(audit.score, value=None, low=low, high=high)
    )


def licensed(audit: Audit, own: str, above: str | None) -> Audit:
    """Put a base model above the model, under these terms; None: they could not be read."""
    families = [of_name(own, "hf-").family, *(["unknown"] if above is None else [of_name(above, "hf-").family])]
    first, base, _ = audit.licenses.chain
    chain = (
        replace(first, expression=own, family=families[0], how="declared"),
        replace(base, expression=above or "NOASSERTION", family=families[1], how="declared" if above else "unknown"),
    )
    both = own if above in (None, own) else f"{own} AND {above}"
    effective = ResolvedLicense(expression=both, family=strictest(tuple(families)), why="made up")
    return replace(
        audit,
        licenses=replace(
            audit.licenses,
            own=ResolvedLicense(expression=own, family=families[0], why="made up"),
            effective=effective,
            chain=chain,
            chain_complete=above is not None,
        ),
    )


def duty(name: str, status: str) -> ObligationDoc:
    return replace(AUDIT.licenses.obligations[0], id=name, status=status)


def finding(rule: str) -> FindingDoc:
    return replace(FINDINGS[0], id=rule, rule=rule, fingerprint=rule, severity="error", confidence="high", waiver=None)


Pair: TypeAlias = tuple[
    Audit, Audit
]  # an audit with unknowns, and the same with all of them resolved within their bounds


@st.composite
def of_levels(draw: st.DrawFn) -> Pair:
    names = (*CRITERIA, "training-code")
    spans = [(low, high) for low in LEVELS for high in LEVELS if ORDER[low] <= ORDER[high]]
    ends = {n: draw(st.sampled_from(spans)) for n in names}
    inside = {n: draw(st.sampled_from(LEVELS[ORDER[low] : ORDER[high] + 1])) for n, (low, high) in ends.items()}
    return levelled(AUDIT, ends), levelled(AUDIT, {n: (level, level) for n, level in inside.items()})


@st.composite
def of_licenses(draw: st.DrawFn) -> Pair:
    own, above = draw(st.sampled_from(LICENSES)), draw(st.sampled_from(LICENSES))
    return licensed(AUDIT, own, draw(st.sampled_from((None, above)))), licensed(AUDIT, own, above)


@st.composite
def of_gates(draw: st.DrawFn) -> Pair:
    gate = draw(st.sampled_from((False, "auto", "manual")))
    hidden = None if draw(st.booleans()) else gate
    return (
        replace(AUDIT, subject=replace(AUDIT.subject, gated=hidden)),
        replace(AUDIT, subject=replace(AUDIT.subject, gated=gate)),
    )


@st.composite
def of_uses(draw: st.DrawFn) -> Pair:
    verdict = draw(st.sampled_from(("allowed", "conditions", "not-allowed")))
    made = tuple(replace(AUDIT.licenses.uses[0], use=u, verdict=verdict) for u in USES)
    shown = made if draw(st.booleans()) else tuple(replace(u, verdict="not-determined") for u in made)
    return (
        replace(AUDIT, licenses=replace(AUDIT.licenses, uses=shown)),
        replace(AUDIT, licenses=replace(AUDIT.licenses, uses=made)),
    )


@st.composite
def of_duties(draw: st.DrawFn) -> Pair:
    first = tuple(duty(n, "applies") for n in draw(st.lists(st.sampled_from(DUTIES), max_size=1)))
    unread = draw(st.booleans())
    later = draw(st.lists(st.sampled_from(DUTIES), max_size=2, unique=True)) if unread else []
    bare = licensed(AUDIT, "MIT", "MIT")
    vague = (*first, *([duty("unread", "unknown")] if unread else []))
    clear = (*first, *(duty(n, "conditional") for n in later))
    return (
        replace(bare, licenses=replace(bare.licenses, obligations=vague)),
        replace(bare, licenses=replace(bare.licenses, obligations=clear)),
    )


@st.composite
def of_findings(draw: st.DrawFn) -> Pair:
    open_ = draw(st.lists(st.sampled_from(RULES), unique=True))
    true = draw(st.lists(st.sampled_from(open_), unique=True)) if open_ else []
    there = draw(st.lists(st.sampled_from(RULES), max_size=1))
    undecided = tuple(
        UndecidedDoc(rule=r, severity="error", confidence="high", component=None, unknown=(CAUSE,)) for r in open_
    )
    return (
        replace(AUDIT, findings=tuple(map(finding, there)), undecided=undecided),
        replace(AUDIT, findings=tuple(map(finding, [*there, *true])), undecided=()),
    )


def some(values: Iterable[str], least: int, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(tuple(values)), min_size=least, max_size=most, unique=True).map(tuple)


KINDS: dict[str, tuple[st.SearchStrategy[Pair], st.SearchStrategy[AnyClause]]] = {
    "score": (of_levels(), st.builds(ScoreClause, at_least=st.integers(0, 100))),
    "coverage": (of_levels(), st.builds(CoverageClause, at_least=st.sampled_from((0.0, 0.2, 0.6, 1.0)))),
    "class": (
        of_levels(),
        st.builds(
            ClassClause,
            classes=some(("open-*", "*-reproducible", "restricted-weights-only"), 0, 2),
            terms=some(("open", "restricted", "unlicensed"), 0, 2),
            extents=some(("reproducible", "partly-reproducible", "weights-only", "no-weights"), 0, 3),
        ),
    ),
    "component": (
        of_levels(),
        st.builds(
            ComponentClause,
            component=st.sampled_from((*CRITERIA, "training-code")),
            at_least=st.sampled_from(("open", "partial")),
        ),
    ),
    "license-family": (
        of_licenses(),
        st.builds(
            FamilyClause,
            of=st.sampled_from(("own", "effective")),
            allow=some(FAMILIES, 0, 4),
            deny=some(FAMILIES, 1, 2),
        ),
    ),
    "license": (
        of_licenses(),
        st.builds(
            ExpressionClause,
            of=st.sampled_from(("own", "effective")),
            allow=some((*LICENSES, "CC-*", "LicenseRef-*"), 0, 4),
            deny=some((*LICENSES, "CC-BY-NC*"), 0, 2),
        ),
    ),
    "use": (
        of_uses(),
        st.builds(UseClause, use=st.sampled_from(USES), verdict=st.sampled_from(("allowed", "conditions"))),
    ),
    "obligation": (of_duties(), st.builds(ObligationClause, deny=some(DUTIES, 1, 3))),
    "findings": (
        of_findings(),
        st.builds(FindingClause, at_most=st.sampled_from(("none", "note", "warning", "error")), deny=some(RULES, 0, 2)),
    ),
    "gated": (of_gates(), st.builds(GatedClause, allow=some(("none", "auto", "manual"), 1, 2))),
}
ANY_PAIR = st.one_of(*(pair for pair, _ in KINDS.values()))
ONE_CLAUSE: st.SearchStrategy[AnyClause] = st.one_of(*(clause for _, clause in KINDS.values()))


def by(*clauses: AnyClause) -> Policy:
    named = {f"c{n}": clause for n, clause in enumerate(clauses)}
    return Policy(
        name="law", path="law.yaml", digest="", use=None, clauses=named, overrides=(), waivers=(), chain=("law.yaml",)
    )


def states(audit: Audit, *clauses: AnyClause) -> list[str]:
    found = apply(audit, by(*clauses), AS_OF).verdict.policy
    assert found is not None
    return [row.met for row in found.clauses]


def result(audit: Audit, clauses: Iterable[AnyClause]) -> str:
    found = apply(audit, by(*clauses), AS_OF).verdict.policy
    assert found is not None
    return found.result


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_decided_stays_decided_when_an_unknown_is_resolved(kind: str) -> None:
    @given(*KINDS[kind])
    def law(pair: Pair, clause: AnyClause) -> None:
        vague, clear = (states(audit, clause)[0] for audit in pair)

        assert vague in ("unknown", clear)
        assert clear != "unknown" or kind == "license"  # a licence that names its family alone stays unknown

    law()


@given(ANY_PAIR, st.lists(ONE_CLAUSE, min_size=1, max_size=3), ONE_CLAUSE)
def test_one_more_clause_never_helps(pair: Pair, clauses: list[AnyClause], more: AnyClause) -> None:
    order = ("violated", "no-verdict", "met")
    before, after = result(pair[0], clauses), result(pair[0], [*clauses, more])

    assert order.index(after) <= order.index(before)


@given(ANY_PAIR, ONE_CLAUSE, st.sampled_from(RULES))
def test_one_more_finding_never_helps(pair: Pair, clause: AnyClause, rule: str) -> None:
    vague = pair[0]
    worse = replace(vague, findings=(*vague.findings, finding(rule)))

    assert RANK[states(worse, clause)[0]] <= RANK[states(vague, clause)[0]]


def tighter(clause: AnyClause) -> list[AnyClause]:
    """Give clauses that ask for the same and more."""
    match clause:
        case ScoreClause(at_least=n) if n < 100:
            return [replace(clause, at_least=n + 1), replace(clause, at_least=100)]
        case CoverageClause():
            return [replace(clause, at_least=1.0)]
        case ComponentClause():
            return [replace(clause, at_least="open"), replace(clause, not_applicable="refuse")]
        case UseClause():
            return [replace(clause, verdict="allowed")]
        case ObligationClause():
            return [replace(clause, deny=DUTIES)]
        case FindingClause():
            return [replace(clause, at_most="none"), replace(clause, deny=RULES)]
        case GatedClause(allow=allow) | FamilyClause(allow=allow) | ExpressionClause(allow=allow) if len(allow) > 1:
            fewer: list[AnyClause] = [replace(clause, allow=allow[1:])]
            more = isinstance(clause, FamilyClause | ExpressionClause)
            return fewer + ([replace(clause, deny=(*clause.deny, allow[0]))] if more else [])  # type: ignore[union-attr]  # of the two
        case ClassClause(extents=extents) if len(extents) > 1:
            return [replace(clause, extents=extents[1:])]
        case _:
            return []


@pytest.mark.parametrize("kind", KINDS)
def test_asking_more_never_helps(kind: str) -> None:
    @given(*KINDS[kind])
    def law(pair: Pair, clause: AnyClause) -> None:
        for audit, more in product(pair, tighter(clause)):
            assert RANK[states(audit, more)[0]] <= RANK[states(audit, clause)[0]]

    law()


@given(ANY_PAIR, st.lists(ONE_CLAUSE, min_size=1, max_size=4))
def test_an_unknown_never_ends_in_0_unless_accepted(pair: Pair, clauses: list[AnyClause]) -> None:
    judged = apply(pair[0], by(*clauses), AS_OF)
    found = states(pair[0], *clauses)
    accepting: list[AnyClause] = [replace(clause, unknown="accept") for clause in clauses]

    assert (exits.of_audit(judged)[0] == 0) == (set(found) == {"met"})
    assert (result(pair[0], accepting) == "met") == ("violated" not in found)


@given(ANY_PAIR, st.lists(ONE_CLAUSE, min_size=1, max_size=4))
def test_every_clause_says_why_and_cites_only_what_is_in_the_audit(pair: Pair, clauses: list[AnyClause]) -> None:
    audit = pair[0]
    found = apply(audit, by(*clauses), AS_OF).verdict.policy

    assert found is not None
    assert all("(asked: " in row.why for row in found.clauses)
    assert {e for row in found.clauses for e in row.evidence} <= {e.id for e in audit.evidence}


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.sampled_from(("I", "II", "III")))
def test_frameworks_keep_the_same_laws(a: int, b: int, asked: int, wanted: str) -> None:
    mof, osai = AUDIT.profiles.mof, AUDIT.profiles.osai
    assert mof is not None
    assert osai is not None
    low, high = sorted((a, b))
    classes = ("none", "III", "II", "I")
    least, most = sorted((classes[a % 4], classes[b % 4]), key=classes.index)

    def at(x: int, y: int, c: str, d: str) -> Audit:
        return replace(
            AUDIT,
            profiles=replace(
                AUDIT.profiles,
                osai=replace(osai, low=float(x), high=float(y)),
                mof=replace(mof, at_least=c, at_most=d),
            ),
        )

    clauses = (OsaiClause(at_least=asked), MofClause(at_least=wanted))  # type: ignore[arg-type]  # one of the classes
    vague = states(at(low, high, least, most), *clauses)
    for value in range(low, high + 1):
        for one in classes[classes.index(least) : classes.index(most) + 1]:
            clear = states(at(value, value, one, one), *clauses)
            assert all(v in ("unknown", c) for v, c in zip(vague, clear, strict=True))
            assert "unknown" not in clear


@given(
    *[st.sampled_from(("met", "not-met", "not-determined"))] * 2, st.sets(st.sampled_from(("conforms", "fails-terms")))
)
def test_the_definition_keeps_the_same_laws(components: str, terms: str, wanted: set[str]) -> None:
    osaid = AUDIT.profiles.osaid
    assert osaid is not None
    clause = OsaidClause(verdicts=tuple(sorted(wanted)) or ("fails-both",))  # type: ignore[arg-type]  # verdicts

    def at(x: str, y: str) -> str:
        found = replace(osaid, components_met=x, terms_met=y)
        return states(replace(AUDIT, profiles=replace(AUDIT.profiles, osaid=found)), clause)[0]

    ends = {"not-determined": ("met", "not-met")}
    clear = {at(x, y) for x, y in product(ends.get(components, (components,)), ends.get(terms, (terms,)))}

    assert at(components, terms) == (clear.pop() if len(clear) == 1 else "unknown")


@given(st.lists(st.sampled_from(("found", "not-found", "not-determined")), min_size=2, max_size=2))
def test_the_act_keeps_the_same_laws(results: list[str]) -> None:
    profile = AUDIT.profiles.eu_gpai
    assert profile is not None
    rows = tuple(replace(row, result=r) for row, r in zip(profile.exemption, results, strict=False))
    audit = replace(AUDIT, profiles=replace(AUDIT.profiles, eu_gpai=replace(profile, exemption=rows)))

    (state,) = states(audit, EuClause(found=tuple(row.id for row in rows)))

    expected = {"found": "met", "not-found": "violated", "not-determined": "unknown"}
    assert state == min((expected[r] for r in results), key=RANK.__getitem__)
