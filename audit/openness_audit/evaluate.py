"""Rules x facts x parents' assessments -> assessments and findings. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from openness_audit.checks.base import Answer, CouldNot, NotSeen, Seen, call
from openness_audit.inherit import inherit
from openness_audit.model.assessment import Assessment, Bounds, Evaluation, Finding, Trial, least, most
from openness_audit.model.evidence import STRENGTHS, Cause, Level, Place, Strength
from openness_audit.model.facts import Facts
from openness_audit.model.rules import Cap, Condition, Rule, Signal
from openness_audit.wording import all_unread, both

Parents: TypeAlias = Mapping[str, Mapping[str, Assessment]]  # by parent id, then by rule id


class _Seen(dict[str, str]):
    """Placeholders of a `why` that the check did not fill become empty."""

    def __missing__(self, key: str) -> str:
        return ""


class _Unseen(dict[str, str]):
    """Placeholders of a `why` become dots where nothing was seen."""

    def __missing__(self, key: str) -> str:
        return _DOTS


_DOTS = "..."
_EMPTY = (("()", ""), (f"({_DOTS})", ""), (f": {_DOTS}", ""))


def words(template: str, answer: Answer) -> str:
    """Fill a rule's words from a check's answer; blanks left by empty placeholders are closed."""
    return _closed(template.format_map(_Seen(answer.words))) if isinstance(answer, Seen) else _unseen(template)


@lru_cache(maxsize=1024)  # most checks see nothing, and then the words of a rule are always the same
def _unseen(template: str) -> str:
    return _closed(template.format_map(_Unseen()))


def _closed(filled: str) -> str:
    for empty, rest in _EMPTY:
        filled = filled.replace(empty, rest)
    closed = " ".join(filled.split())
    for mark in ",;:)":
        closed = closed.replace(f" {mark}", mark)
    return closed.rstrip(":;,").rstrip()


def brief(entry: Signal | Cap | Condition, answer: Answer) -> str:
    """Fill a rule's short words; an entry without any is as short as its `why`."""
    return words(entry.short or entry.why, answer)


def ask(facts: Facts, entry: Signal | Cap | Condition) -> Answer:
    """Run one check; one that raises becomes an unknown that names it, never a crash (DESIGN 7)."""
    try:
        return call(facts, entry.check, entry.args)
    except Exception as problem:  # noqa: BLE001 - style.md habit 7: the one place where any error is caught
        detail = f"check {entry.check} raised {type(problem).__name__}: {problem}"
        return CouldNot(causes=(Cause(code="check-raised", source=entry.check, retryable=False, detail=detail),))


def _state(answer: Answer) -> Literal["seen", "not-seen", "could-not"]:
    if isinstance(answer, Seen):
        return "seen"
    return "not-seen" if isinstance(answer, NotSeen) else "could-not"


class _Tally:
    """Collects what the signals and caps of one rule say."""

    def __init__(self, *, tried: bool) -> None:
        self.tried = tried
        self.low: Level = "closed"
        self.high: Level = "closed"
        self.strength: Strength = "none"
        self.why = ""
        self.short = ""
        self.caps: list[str] = []
        self.short_caps: list[str] = []
        self.instead: NotSeen | None = None
        self.places: list[Place] = []
        self.causes: list[tuple[Level, Cause]] = []
        self.searched: list[str] = []
        self.trials: list[Trial] = []

    def note(self, kind: Literal["signal", "cap"], entry: Signal | Cap, answer: Answer, gives: Level) -> None:
        """Keep one trial for --explain, where they are wanted."""
        if self.tried:
            self.trials.append(
                Trial(kind=kind, check=entry.check, gives=gives, answer=_state(answer), why=words(entry.why, answer))
            )
        if not isinstance(answer, Seen):
            self.searched += answer.searched

    def signal(self, entry: Signal, answer: Answer) -> None:
        """Count a signal: the best observed one leads; prose alone never earns open (criteria.md 1)."""
        gives: Level = entry.gives
        if isinstance(answer, Seen) and answer.strength in ("claimed", "none"):
            gives = "partial"
        self.note("signal", entry, answer, gives)
        if isinstance(answer, CouldNot):
            self.high = most(self.high, gives)
            self.causes += [(gives, cause) for cause in answer.causes]
        if isinstance(answer, NotSeen) and answer.instead:
            self.instead = self.instead or answer
        if not isinstance(answer, Seen):
            return
        better = (gives, STRENGTHS[answer.strength]) != (self.low, STRENGTHS[self.strength]) and (
            most(gives, self.low) == gives
            and (gives != self.low or STRENGTHS[answer.strength] > STRENGTHS[self.strength])
        )
        if better or not self.why:
            self.why, self.strength = words(entry.why, answer), answer.strength
            self.short = brief(entry, answer)
            self.places = [*answer.places, *self.places]
        else:
            self.places += answer.places
        self.low, self.high = most(self.low, gives), most(self.high, gives)

    def cap(self, entry: Cap, answer: Answer) -> None:
        """Count a cap: seen it binds both ends; not looked at, it may bind the lower one."""
        self.note("cap", entry, answer, entry.most)
        if isinstance(answer, Seen):
            if self.high != least(self.high, entry.most):
                self.caps.append(words(entry.why, answer))
                self.short_caps.append(brief(entry, answer))
                self.places += answer.places
                if entry.denies:  # what the signal says is no longer told as a fact
                    self.why = self.short = ""
            self.low, self.high = least(self.low, entry.most), least(self.high, entry.most)
        elif isinstance(answer, CouldNot) and self.low != least(self.low, entry.most):
            self.causes += [(self.low, cause) for cause in answer.causes]
            self.low = least(self.low, entry.most)


def _why(tally: _Tally, rule: Rule, bounds: Bounds, causes: tuple[Cause, ...]) -> str:
    """Say in one sentence why it is this level and not more, what decides first."""
    if bounds.known and tally.caps:
        said = f"{both(tally.caps)}, hence no more than {bounds.high}"
        return f"{said}; {tally.why}" if tally.why else said
    if bounds.known:
        return tally.why or (tally.instead.instead if tally.instead else rule.closed)
    unread = "; ".join(dict.fromkeys(cause.detail for cause in causes))
    seen = "; ".join((*tally.caps, tally.why)) if tally.why and bounds.low != "closed" else ""
    return f"at least {bounds.low}: {seen}; the rest is not known: {unread}" if seen else f"not known: {unread}"


def _short(tally: _Tally, rule: Rule, bounds: Bounds, causes: tuple[Cause, ...]) -> str:
    """Say the same in a few words."""
    if bounds.known:
        said = (*tally.short_caps, *([tally.short] if tally.short else []))
        lacking = tally.instead.short if tally.instead else rule.closed_short or rule.closed
        return "; ".join(said) or lacking
    seen = f"{tally.short}; " if tally.short and bounds.low != "closed" else ""
    return f"{seen}{all_unread(causes)}"


def own_assessment(rule: Rule, facts: Facts, *, tried: bool = True) -> Assessment:
    """Judge one component rule on the subject's own evidence; `tried`: each trial is kept, for --explain."""
    for condition in rule.not_applicable:
        answer = ask(facts, condition)
        if isinstance(answer, Seen):
            return Assessment(
                rule=rule.id,
                bounds=None,
                own=None,
                strength=answer.strength,
                why=words(condition.why, answer),
                short=brief(condition, answer),
                places=answer.places,
            )
    tally = _Tally(tried=tried)
    for signal in rule.signals:
        tally.signal(signal, ask(facts, signal))
    for cap in rule.caps:
        tally.cap(cap, ask(facts, cap))
    bounds = Bounds(tally.low, tally.high)
    causes = (
        ()
        if bounds.known
        else tuple(dict.fromkeys(c for gives, c in tally.causes if gives != tally.low or tally.low != "closed"))
    )
    searched = tuple(dict.fromkeys(tally.searched)) or facts.searched
    return Assessment(
        rule=rule.id,
        bounds=bounds,
        own=bounds,
        strength=tally.strength if tally.low != "closed" or tally.why else "none",
        why=_why(tally, rule, bounds, causes),
        short=_short(tally, rule, bounds, causes),
        places=tuple(dict.fromkeys((*tally.places, *(tally.instead.places if tally.instead else ())))),
        causes=causes,
        searched=searched,
        trials=tuple(tally.trials),
    )


def _found(rule: Rule, facts: Facts) -> tuple[list[Finding], tuple[Cause, ...]]:
    """Run a finding rule's conditions."""
    findings, causes = [], []
    for index, condition in enumerate(rule.when):
        answer = ask(facts, condition)
        if isinstance(answer, CouldNot):
            causes += list(answer.causes)
        if isinstance(answer, Seen):
            message = words(rule.message, answer)
            why = words(condition.why, answer)
            findings.append(
                Finding(
                    rule=rule.id,
                    key=str(index),
                    severity=rule.severity,
                    confidence=rule.confidence,
                    title=rule.title,
                    message=message if not why or why in message else f"{message}: {why}" if message else why,
                    component=rule.component,
                    remediation=rule.remediation,
                    places=answer.places,
                )
            )
    return findings, tuple(causes)


def _gap(rule: Rule, assessment: Assessment) -> Finding | None:
    """Make the finding that names what a criterion lacks; nothing where it is open, unknown or not applicable."""
    if rule.criterion is None or assessment.availability not in ("closed", "partial"):
        return None
    return Finding(
        rule=rule.id,
        key=assessment.availability,
        severity=rule.severity,
        confidence=rule.confidence,
        title=f"{rule.title}: {assessment.availability}",
        message=assessment.why,
        component=rule.component,
        remediation=rule.remediation,
        places=assessment.places,
    )


def evaluate(
    rules: tuple[Rule, ...], facts: Facts, parents: Parents | None = None, *, tried: bool = True
) -> Evaluation:
    """Apply the rules to the facts of one subject.

    Args:
        rules: the rule set, in any order (the order changes nothing).
        facts: what was read about the subject.
        parents: assessments of base models by id; a parent that is not in it leaves what is inherited unknown.
        tried: keep each trial of a signal or cap, for --explain.

    Returns:
        One assessment per component rule, and the findings sorted by severity, rule and key.
    """
    assessments: dict[str, Assessment] = {}
    findings: list[Finding] = []
    unknown: dict[str, tuple[Cause, ...]] = {}
    for rule in sorted(rules, key=lambda r: r.id):
        if rule.kind == "component":
            own = own_assessment(rule, facts, tried=tried)
            assessments[rule.id] = inherit(rule, own, facts, parents or {}, has_stage=_has_stage(rule, facts))
            gap = _gap(rule, assessments[rule.id])
            findings += [gap] if gap else []
        else:
            found, causes = _found(rule, facts)
            findings += found
            if causes and not found:
                unknown[rule.id] = causes
    order: dict[str, int] = {"error": 0, "warning": 1, "note": 2}
    findings.sort(key=lambda f: (order[f.severity], f.rule, f.key))
    return Evaluation(assessments=assessments, findings=tuple(findings), unknown_findings=unknown)


def _has_stage(rule: Rule, facts: Facts) -> bool:
    """Say whether the subject has this stage of its own (rules that do not ask always do)."""
    if not rule.own_stage:
        return True
    return any(isinstance(ask(facts, condition), Seen) for condition in rule.own_stage)
