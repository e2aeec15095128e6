"""Carry out `modelaudit replay`: read the bundle, choose the rules, audit, say whether the recorded audit came out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.audit.jobs import Job
from openness_audit.cli.audit.rulesets import choose, plainly
from openness_audit.cli.audit.running import Call as AuditCall
from openness_audit.cli.audit.running import audit_job
from openness_audit.cli.base import output
from openness_audit.cli.base.notes import listen
from openness_audit.cli.common.options import How, refuse_contradictions
from openness_audit.cli.policy.gate import open_gate
from openness_audit.errors import TamperedError
from openness_audit.render.escape import clean
from openness_audit.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from openness_audit.bundles.compare import Outcome
    from openness_audit.bundles.read import Bundle
    from openness_audit.cli.base.services import Services
    from openness_audit.model.audit import Audit
    from openness_audit.model.capture import Failure, Text
    from openness_audit.model.changes import Change
    from openness_audit.ruleset import Folder, RuleSet
    from openness_audit.settings import Target

MOST_CHANGES = 12  # lines; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit replay`, its words as they were given."""

    bundle: Path
    format: str | None = None
    outputs: tuple[str, ...] = ()
    explain: str | None = None
    notice: str | None = None
    sign_key: str | None = None
    fix_card: bool = False
    ruleset: str = "today"
    expect: str | None = None
    timeout: float = 180.0
    policy: str | None = None
    no_policy: bool = False
    use: str | None = None
    rules_dir: Path | None = None
    as_of: date | None = None
    quiet: bool = False
    verbose: bool = False


@dataclass(slots=True)
class _Replayer:
    """Stands in for the pipeline: audits what the bundle holds, and remembers the document."""

    bundle: Bundle
    audits: list[Audit] = field(default_factory=list)

    def audit(
        self,
        target: Target,  # noqa: ARG002 - AuditModel's signature: there is one model in a bundle
        settings: Settings,  # noqa: ARG002 - likewise: nothing is asked
        *,
        rules: RuleSet,
        now: datetime,
        as_of: date,
        progress: Callable[[str], None],
    ) -> Audit:
        """Give the document. Raises NoVerdictError as `replay` does."""
        from openness_audit.replay import replay  # noqa: PLC0415 - `--help` must stay fast

        with plainly(self.bundle):
            audit = replay(self.bundle, rules=rules, now=now, as_of=as_of, progress=progress)
        self.audits.append(audit)
        return audit

    def card(self, target: Target, _settings: Settings, sha: str | None) -> Text | Failure | None:
        """Give the card as it was read then."""
        from openness_audit.replay import sources_of  # noqa: PLC0415 - only for --fix-card

        sources = sources_of(self.bundle)
        try:
            info = sources.subject(target.id, target.revision)
            return sources.text("model", info.id, sha or info.sha or "main", "README.md")
        finally:
            sources.close()


def replay_all(call: Call, services: Services) -> int:
    """Audit again what a bundle holds.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of the audit; 1 where nothing is as it was not, and another audit came out all the same. Raises
        BundleError and TamperedError for a bundle that cannot be relied on, UsageError for rules that are not there.
    """
    from openness_audit.bundles.read import read  # noqa: PLC0415 - `--help` must stay fast

    refuse_contradictions(call.policy, no_policy=call.no_policy, quiet=call.quiet, verbose=call.verbose)
    listen(quiet=call.quiet)
    bundle = read(call.bundle)
    _expected(bundle, call)
    chosen = choose(call.ruleset, bundle, call.bundle, call.timeout, services.arguments)
    if chosen.code is not None:  # it was carried out by a process of its own
        return chosen.code
    services = replace(services, load_rules=_loader(services, bundle, chosen.own))
    if not call.quiet:
        _introduce(bundle, services.load_rules(call.rules_dir), chosen.said)
    day = call.as_of or date.fromisoformat(bundle.manifest.as_of)
    gate = open_gate(services, call.policy, call.rules_dir, day, call.use, wanted=not call.no_policy)
    replayer = _Replayer(bundle)
    how = How(
        settings=Settings(cache_dir=Path(), offline=True),
        rules_dir=call.rules_dir,
        as_of=day,
        progress=False,
        quiet=call.quiet,
        verbose=call.verbose,
        gate=gate,
    )
    code = _audit(call, how, replace(services, audit_model=replayer.audit, read_card=replayer.card), bundle)
    return exits.of_many([code, _told(bundle, replayer.audits, quiet=call.quiet)])


def _loader(services: Services, bundle: Bundle, own: Folder | None) -> Callable[[Path | None], RuleSet]:
    """Give what loads the rules, with an organisation's `own`; where they need another program, it says so."""

    def load(extra: Path | None) -> RuleSet:
        with plainly(bundle):
            return services.load_rules(extra or own)  # type: ignore[arg-type]  # a folder in memory is read like one

    return load


def _audit(call: Call, how: How, services: Services, bundle: Bundle) -> int:
    from openness_audit.replay import target_of  # noqa: PLC0415 - `--help` must stay fast

    target = target_of(bundle)
    asked = AuditCall(
        how=how,
        models=(target.id,),
        format=call.format,
        outputs=call.outputs,
        notice=call.notice,
        explain=call.explain,
        sign_key=call.sign_key,
        fix_card=call.fix_card,
    )
    return audit_job(asked, services, Job(asked=target.id, target=target))


def _expected(bundle: Bundle, call: Call) -> None:
    """Raise TamperedError where the bundle is not the one that is expected."""
    wanted = (call.expect or bundle.name).lower()
    if wanted.removeprefix("sha256:") != bundle.name.removeprefix("sha256:"):
        raise TamperedError(
            f"{str(call.bundle)!r} is another bundle: the digest of its manifest is {bundle.name}, not {clean(wanted)}",
            hint="get the bundle whose digest was written down",
        )


def _introduce(bundle: Bundle, rules: RuleSet, said: str) -> None:
    """Say first of all that this is a replay: of when, and by which rules."""
    made = bundle.manifest
    same = (made.rules.digest, made.rules.vocabulary_digest) == (rules.digest, rules.vocabulary_digest)
    other = "of other vocabularies than then" if made.rules.digest == rules.digest else "not those of then"
    then = "the same as then" if same else f"{other}, {clean(made.rules.version)} {made.rules.digest[:19]}"
    by = f"{said} {clean(rules.version)} {rules.digest[:19]}"
    output.tell(
        f"replay: evidence of {clean(made.subject.id)} recorded {clean(made.recorded_at)} by {clean(made.tool)}"
    )
    output.tell(f"replay: judged by {by} ({then}); manifest {bundle.name}")
    if made.rules.own and not same:
        output.tell(
            f"note: {made.rules.own} rules of an organisation's own judged it then; --ruleset recorded has them"
        )
    if made.policy is not None and not same:
        output.tell(f"note: the policy {clean(made.policy.name)!r} judged it then; its result is not in the bundle")


def _told(bundle: Bundle, audits: list[Audit], *, quiet: bool) -> int:
    """Say whether the recorded audit came out; 1 where it did not, though nothing else is as it was not."""
    if not audits:
        return exits.AUDITED
    from openness_audit.bundles.compare import compare  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.render import json  # noqa: PLC0415 - likewise

    found = compare(bundle, audits[0], json.render(audits[0]))
    if not quiet:
        for line in _lines(found):
            output.tell(f"replay: {line}")
    if found.equal or found.reasons:
        return exits.AUDITED
    output.tell_error(
        "the same program and rules make another audit of this evidence than the recorded one",
        "do not rely on the recorded audit: either it was changed, or the libraries beneath are others",
    )
    return exits.VIOLATED


def _lines(found: Outcome) -> list[str]:
    """Word what came out."""
    if found.equal and not found.reasons:
        return ["the recorded audit came out, byte for byte but for run, retrieved_at and from_cache"]
    because = "; ".join(clean(reason) for reason in found.reasons)
    if found.equal:
        return [f"the recorded audit came out in every finding ({because})"]
    said = [f"the recorded audit did not come out{f': {because}' if because else ''}"]
    said += [_change(change) for change in found.changed[:MOST_CHANGES]]
    if len(found.changed) > MOST_CHANGES:
        said.append(f"and {len(found.changed) - MOST_CHANGES} more changes")
    if found.components:
        said.append(f"changed components: {clean('; '.join(found.components))}")
    if not found.changed and not found.components:
        parts = ", ".join(found.parts) or "none"
        said.append(f"no level, licence or finding changed; words or evidence differ in: {parts}")
    return said


def _change(change: Change) -> str:
    """Word one change in one line."""
    about = f" {clean(change.about)}" if change.about else ""
    values = f": {clean(change.old or 'nothing')} -> {clean(change.new or 'nothing')}"
    return f"changed, {change.direction}: {change.kind}{about}{values}"
