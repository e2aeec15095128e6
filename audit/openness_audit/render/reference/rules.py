"""Tell the rules and the licences from their own words, as lists and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.errors import UsageError
from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.terms import asks, cited
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.licenses.terms import Terms
    from openness_audit.model.rules import Condition, Rule

_LEAD = 14


def list_rules(rules: Iterable[Rule], width: int, *, color: bool = False) -> str:
    """List rules by kind: id, criterion, title."""
    page = Page(width)
    every = sorted(rules, key=lambda r: r.id)
    heads = {"component": "components: what a release can contain, and how open it is", "finding": "findings: faults"}
    for kind, head in heads.items():
        page.add((head, "strong"))
        for rule in (r for r in every if r.kind == kind):
            criterion = f" (criterion {rule.criterion})" if rule.criterion else ""
            page.text(f"{clean(rule.title)}{criterion}", lead=f"  {rule.id:<24}")
        page.add()
    page.text("modelaudit rules ID explains one", style="quiet")
    return page.render(color=color)


def explain_rule(rules: Iterable[Rule], name: str, width: int, *, color: bool = False) -> str:
    """Explain the rule called `name`, or every rule of the criterion called so. Raises UsageError for another name."""
    every = sorted(rules, key=lambda r: r.id)
    chosen = [r for r in every if r.id == name] or [r for r in every if r.criterion == name]
    if not chosen:
        raise UsageError(f"no rule is called {clean(name)!r}", hint=f"one of: {', '.join(r.id for r in every)}")
    pages = []
    for rule in chosen:
        page = Page(width)
        _rule(page, rule)
        pages.append(page.render(color=color))
    return "\n".join(pages)


def _rule(page: Page, rule: Rule) -> None:
    page.text(clean(rule.title), lead=f"{rule.id}: ", lead_style="strong")
    page.text(clean(rule.question))
    if rule.levels:
        page.add()
    for level, words in rule.levels.items():
        page.text(clean(words), lead=pad(level, _LEAD), lead_style=level)
    _signals(page, rule)
    page.add()
    page.text(clean(rule.rationale), lead=pad("why it counts", _LEAD))
    page.text(f"{clean(rule.remediation.text)} ({rule.remediation.effort} effort)", lead=pad("what to do", _LEAD))
    for line in (rule.remediation.patch or "").splitlines():
        indent = len(line) - len(line.lstrip())
        page.add(" " * (_LEAD) + "| " + " " * indent + clean(line))
    page.fields(
        f"severity {rule.severity}", f"confidence {rule.confidence}", f"since {clean(rule.since)}", style="quiet"
    )
    for reference in rule.references:
        page.address(clean(reference), lead="see ")


def _signals(page: Page, rule: Rule) -> None:
    """Say what the rule looks for, what limits it, and how it is inherited."""
    if rule.signals or rule.when:
        page.add()
    for number, signal in enumerate(rule.signals):
        head = pad("looks for" if number == 0 else "", _LEAD)
        page.text(f"{_template(signal.why)} [{_call(signal.check, signal.args)}]", lead=f"{head}{signal.gives:<8} ")
    for number, cap in enumerate(rule.caps):
        head = pad("limits" if number == 0 else "", _LEAD)
        page.text(f"at most {cap.most}: {_template(cap.why)} [{_call(cap.check, cap.args)}]", lead=head)
    _conditions(page, "not asked if", rule.not_applicable)
    _conditions(page, "found when", rule.when)
    if rule.message:
        page.text(_template(rule.message), lead=pad("says", _LEAD))
    for number, (derivation, how) in enumerate(rule.inherits.items()):
        page.text(f"{derivation}: {how}", lead=pad("inherits" if number == 0 else "", _LEAD))


def _conditions(page: Page, head: str, conditions: tuple[Condition, ...]) -> None:
    for number, condition in enumerate(conditions):
        lead = pad(head if number == 0 else "", _LEAD)
        page.text(f"{_template(condition.why)} [{_call(condition.check, condition.args)}]", lead=lead)


def _template(why: str) -> str:
    """Show the placeholders of a rule's words as blanks to be filled."""
    return clean(why).replace("{", "<").replace("}", ">")


def _call(check: str, args: dict[str, Any]) -> str:
    return clean(" ".join([check, *(f"{key}={_argument(value)}" for key, value in sorted(args.items()))]))


def _argument(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value is True else str(value)


def list_licenses(entries: Iterable[Terms], width: int, *, color: bool = False) -> str:
    """List the licences known, by family: id and SPDX expression."""
    page = Page(width)
    by_family: dict[str, list[Terms]] = {}
    for entry in sorted(entries, key=lambda t: t.id):
        by_family.setdefault(entry.family, []).append(entry)
    for family in (f for f in view.FAMILIES if f in by_family):
        page.add((f"{family}: {view.family_words(family)}", "strong"))
        for entry in by_family[family]:
            page.text(clean(entry.name), lead=f"  {pad(entry.id, 38)} ")
        page.add()
    page.text("modelaudit licenses ID explains one; any usual spelling of a licence will do", style="quiet")
    return page.render(color=color)


def explain_license(entry: Terms, width: int, *, color: bool = False) -> str:
    """Explain one licence: family, what it asks, what it forbids, and how that is known."""
    page = Page(width)
    page.text(clean(entry.name), lead=f"{entry.id}: ", lead_style="strong")
    page.text(clean(entry.expression), lead=pad("expression", _LEAD))
    page.text(f"{entry.family}: {view.family_words(entry.family)}", lead=pad("family", _LEAD))
    if not entry.precise:
        page.text("names a family of licences, no one text", lead=pad("note", _LEAD))
    _clauses(page, entry)
    if entry.notes:
        page.text(clean(entry.notes), lead=pad("note", _LEAD))
    if entry.aliases:
        page.text(", ".join(map(clean, entry.aliases)), lead=pad("also written", _LEAD))
    page.text(clean(entry.evidence), lead=pad("known from", _LEAD), style="quiet")
    page.address(clean(entry.source), lead=pad("text", _LEAD))
    page.text(view.NOTICE, style="quiet")
    return page.render(color=color)


def _clauses(page: Page, entry: Terms) -> None:
    """Say what the licence allows, asks and forbids, each with its section where it was read."""
    words = vocabulary()
    for number, grant in enumerate(entry.grants):
        acts = ", ".join(words.acts[act] for act in grant.acts)
        page.text(f"{acts} ({clean(cited(grant.section))})", lead=pad("allows" if number == 0 else "", _LEAD))
    for kind, head in (("condition", "asks"), ("limitation", "limits")):
        clauses = [c for c in entry.clauses if words.term(c.term).kind == kind]
        for number, clause in enumerate(clauses):
            at = f" ({clean(cited(clause.section))})" if clause.section else ""
            page.text(f"{clean(asks(clause))}{at}", lead=pad(head if number == 0 else "", _LEAD))
        if not clauses:
            page.text("nothing" if entry.known == "read" else "nothing known", lead=pad(head, _LEAD))
    for number, text in enumerate(entry.texts):
        dated = f", {clean(text.version)}" if text.version else ""
        page.text(
            f"{clean(text.title)}{dated}, sha256 {text.sha256[:12]}", lead=pad("read in" if number == 0 else "", _LEAD)
        )
