"""Tell a policy in force: its clauses with what they ask and where they stand, its exceptions, its waivers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from openness_audit.model.policy import AnyClause, Policy, Waiver
from openness_audit.policy.apply import in_force
from openness_audit.policy.waivers import on
from openness_audit.render.escape import clean

__all__ = ["asks", "describe"]

WIDE = 100


def asks(clause: AnyClause) -> str:
    """Say what a clause asks, in the policy's own words: its check and the keys that are not as they are anyway."""
    plain = msgspec.to_builtins(clause)
    defaults = {f.encode_name: f.default for f in msgspec.structs.fields(clause)}
    shown = [plain.pop("check")]
    plain.pop("message")
    for key, value in plain.items():
        several = isinstance(value, list | tuple)
        if value == defaults.get(key):
            continue
        shown.append(f"{key} {', '.join(map(str, value)) if several else value}")
    return clean("; ".join(shown))


def describe(policy: Policy, model: str | None = None) -> str:
    """Tell a policy as text.

    Args:
        policy: the policy in force.
        model: a model's id, to show what holds for it; None: what holds for all, and the exceptions.

    Returns:
        Lines of at most `WIDE` characters where words allow it.
    """
    clauses, said = in_force(policy, model) if model is not None else (policy.clauses, ())
    lines = [f"{clean(policy.name)}  {policy.digest}"]
    lines += _wrapped(policy.description, "") if policy.description else []
    lines += [f"from {name}" for name in policy.chain]
    lines += [f"wanted use: {policy.use}"] if policy.use else []
    lines += ["", *_clauses(clauses, policy, model)]
    if model is None:
        lines += list(_overrides(policy))
    else:
        lines += [f"exception for {clean(model)}: {clean(words)}" for words in said]
    mine = [w for w in policy.waivers if model is None or w.model.lower() == model.lower()]
    lines += ["", *_waivers(mine)] if mine else []
    return "\n".join(lines) + "\n"


def _clauses(clauses: Mapping[str, AnyClause], policy: Policy, model: str | None) -> Iterator[str]:
    wide = max((len(name) for name in clauses), default=0)
    for name, clause in clauses.items():
        changed = model is not None and policy.clauses.get(name) is not clause
        at = _changed_at(name, policy, clause) if changed else policy.sources.get(name, "")
        yield from _wrapped(f"{asks(clause)}  [{clean(at)}]", f"{name.ljust(wide)}  ")


def _changed_at(name: str, policy: Policy, clause: AnyClause) -> str:
    """Say where the exception stands that gives a clause."""
    found = [n for n, o in enumerate(policy.overrides, 1) if o.clauses.get(name) is clause]
    return policy.sources.get(f"override {found[-1]}", "") if found else ""


def _overrides(policy: Policy) -> Iterator[str]:
    for number, override in enumerate(policy.overrides, 1):
        at = policy.sources.get(f"override {number}", "")
        yield ""
        yield from _wrapped(f"{', '.join(override.models)}: {override.reason}  [{at}]", "exception for ")
        for name, clause in override.clauses.items():
            yield from _wrapped("dropped" if clause is None else asks(clause), f"  {name}  ")


def _waivers(waivers: Iterable[Waiver]) -> Iterator[str]:
    for waiver in waivers:
        ticket = f", {waiver.ticket}" if waiver.ticket else ""
        yield from _wrapped(
            f"{waiver.model}: {on(waiver)}, until {waiver.expires}, by {waiver.approver}{ticket} ({waiver.reason}): "
            f"{waiver.text}",
            "waiver  ",
        )


def _wrapped(words: str, head: str) -> list[str]:
    return textwrap.wrap(
        clean(words), WIDE, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
