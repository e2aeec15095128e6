"""The gate: every audit of a call is judged by the policy in force, if there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.model.audit import Audit
    from openness_audit.model.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The policy of one call, the day that is judged, and the use the models are wanted for (`--use`)."""

    policy: Policy | None = None
    as_of: date = date.min
    use: str | None = None

    def judge(self, audit: Audit, asked: str = "") -> Audit:
        """Give the audit with the policy's result and the wanted use in it; without either, the audit as it is.

        `asked` is the id it was asked for by: a model that was renamed is judged by both names.
        """
        if self.policy is not None:
            from openness_audit.policy.apply import apply  # noqa: PLC0415 - only where there is a policy

            audit = apply(audit, self.policy, self.as_of, asked=asked)
        use = self.use or (self.policy.use if self.policy else None)
        if use is None:
            return audit
        from msgspec.structs import replace  # noqa: PLC0415 - `--help` must stay fast

        return replace(audit, verdict=replace(audit.verdict, wanted=use))


def open_gate(
    services: Services,
    named: str | None,
    rules_dir: Path | None,
    as_of: date,
    use: str | None,
    *,
    wanted: bool,
) -> Gate:
    """Read the policy of a call.

    Args:
        services: loads the rules, whose names a policy uses, and says where the call stands.
        named: the value of `--policy`; None: the nearest policy upward from the working directory, if there is one.
        rules_dir: the folder of an organisation's own rules.
        as_of: the day that is judged.
        use: the value of `--use`; it wins over what the policy says the models are wanted for.
        wanted: False for `--no-policy`.

    Returns:
        The gate. Raises PolicyError or UsageError for a policy that cannot be used.
    """
    from openness_audit.cli.policy.policies import find, load_file  # noqa: PLC0415 - `--help` must stay fast

    path = None if not wanted else named if named is not None else find(services.folder())
    if path is None:
        return Gate(use=use)
    policy = load_file(path, services.load_rules(rules_dir), found=named is None)
    return Gate(policy=policy, as_of=as_of, use=use)
