"""`modelaudit audit`: audit one or more models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import audit_options

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@click.command("audit", short_help="Audit one or more models (the default command).")
@click.argument("models", nargs=-1, metavar="MODEL[@REV]...")
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="FILE|-",
    help="Audit the models of a list too: one id a line, or YAML or JSON; - reads standard input. Repeatable.",
)
@click.option(
    "-f",
    "--format",
    "format_",
    metavar="NAME",
    help="Format: text, json, html, markdown, badge, notice, mof-yaml, in-toto or dsse; of all models together: sarif, "
    "junit, csv, summary, comment or in-toto-bundle.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE (.json .html .md .txt .svg; all models together: .sarif .xml .csv .md), or one file per model "
    "to DIR/. Repeatable.",
)
@click.option(
    "--explain",
    metavar="COMPONENT",
    help="Show everything looked at for one component, and why not more; or for `licenses`.",
)
@click.option(
    "--notice", metavar="FILE", help="Write the notices that whoever adopts the model must ship, as Markdown."
)
@click.option(
    "--sign-key",
    metavar="FILE",
    help="Sign the Statements of -o FILE.dsse.json or .intoto.jsonl with this private key (PEM).",
)
@click.option(
    "--fix-card", is_flag=True, help="Print what the publisher can add to the card, as a patch, and nothing else."
)
@click.option(
    "--save-evidence",
    metavar="FILE",
    help="Keep what was answered in one file, for `modelaudit replay`; of several models in DIR/, a file each.",
)
@click.pass_obj
@audit_options(verbose="Show every finding with its quoted lines, and every component.")
def command(
    services: Services,
    *,
    how: How,
    models: tuple[str, ...],
    lists: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    explain: str | None,
    notice: str | None,
    sign_key: str | None,
    fix_card: bool,
    save_evidence: str | None,
) -> int:
    """Audit models: how open each component is, what the licence is, and where that was read.

    MODEL is org/name, name, hf://org/name, an address on the Hub, or a directory such as ./my-model. A bill of
    materials (SPDX or CycloneDX, such as bom.cdx.json) has the models audited that it names, and its claims compared.

    HF_TOKEN and GITHUB_TOKEN are used for their hosts; without the latter GitHub answers 60 requests an hour.
    """
    from openness_audit.cli.audit.running import Call, audit_all  # noqa: PLC0415 - as above
    from openness_audit.cli.gathered.bills import bills_among  # noqa: PLC0415 - `--help` must stay fast

    if not models and not lists:
        raise click.UsageError("Missing argument 'MODEL[@REV]...': name a model, or a list of models with --list")
    call = Call(
        how=how,
        models=models,
        lists=lists,
        format=format_,
        outputs=outputs,
        notice=notice,
        explain=explain,
        sign_key=sign_key,
        fix_card=fix_card,
        save_evidence=save_evidence,
    )
    if files := bills_among(models) if models else ():
        from openness_audit.cli.gathered.ingesting import ingest_files  # noqa: PLC0415 - only for a bill of materials

        return ingest_files(call, services, files)
    return audit_all(call, services)
