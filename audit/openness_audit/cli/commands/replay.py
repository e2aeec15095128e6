"""`modelaudit replay`: the audit again, from an evidence bundle, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import policy_options, rules_option

if TYPE_CHECKING:
    from datetime import datetime

    from openness_audit.cli.base.services import Services


@click.command("replay", short_help="Audit again from saved evidence, without a network.")
@click.argument("bundle", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option("-f", "--format", "format_", metavar="NAME", help="Format, as for an audit.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write to FILE, as for an audit. Repeatable."
)
@click.option("--explain", metavar="COMPONENT", help="Show everything looked at for one component; or for `licenses`.")
@click.option("--notice", metavar="FILE", help="Write the notices that whoever adopts the model must ship.")
@click.option("--sign-key", metavar="FILE", help="Sign the Statements of -o with this private key, as for an audit.")
@click.option("--fix-card", is_flag=True, help="Print what the publisher can add to the card, as a patch.")
@click.option(
    "--ruleset",
    metavar="today|recorded|VERSION|DIR",
    default="today",
    help="Judge by the installed rules (today), by those in the bundle (recorded; a stranger made them, if one made "
    "it), by a version that is installed, or by a folder of rules.",
)
@click.option("--expect", metavar="DIGEST", help="Refuse the bundle unless its manifest has this digest (sha256:...).")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0, 86400, min_open=True),
    default=180.0,
    help="Most time for judging by rules that are not installed (180).",
)
@policy_options
@rules_option
@click.option("--as-of", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day (as then).")
@click.option("-q", "--quiet", is_flag=True, help="Print errors, and what -f asks for, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding with its quoted lines, and every component.")
@click.pass_obj
def command(
    services: Services,
    *,
    bundle: Path,
    format_: str | None,
    outputs: tuple[str, ...],
    explain: str | None,
    notice: str | None,
    sign_key: str | None,
    fix_card: bool,
    ruleset: str,
    expect: str | None,
    timeout: float,
    policy: str | None,
    no_policy: bool,
    use: str | None,
    rules_dir: Path | None,
    as_of: datetime | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Audit again what BUNDLE holds, a file that `--save-evidence` wrote: every answer as it was used then.

    By the same rules it is the same audit, byte for byte but for `run`, `retrieved_at` and `from_cache`; what changed
    is told. Nothing is asked of a network: what the bundle does not hold is unknown.

    Exit codes: as for an audit; 1 too where the digests of the bundle do not hold, or the same rules give another audit
    than the recorded one; 2 where the file is no bundle that can be read.
    """
    from openness_audit.cli.audit.replaying import Call, replay_all  # noqa: PLC0415 - `--help` must stay fast

    call = Call(
        bundle=bundle,
        format=format_,
        outputs=outputs,
        explain=explain,
        notice=notice,
        sign_key=sign_key,
        fix_card=fix_card,
        ruleset=ruleset,
        expect=expect,
        timeout=timeout,
        policy=policy,
        no_policy=no_policy,
        use=use,
        rules_dir=rules_dir,
        as_of=as_of.date() if as_of else None,
        quiet=quiet,
        verbose=verbose,
    )
    return replay_all(call, services)
