"""`modelaudit licenses`: list the licences that are known, or explain one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.licenses.terms import Terms


@click.command("licenses", short_help="List the licences known, or explain one.")
@click.argument("license_id", required=False, metavar="[ID]")
@click.pass_obj
def command(services: Services, license_id: str | None) -> None:
    """List the licences known, or explain the one that ID stands for (an id, SPDX id or usual spelling)."""
    from openness_audit.cli.base.output import colored, emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.common.showing import terminal_width  # noqa: PLC0415 - only here
    from openness_audit.licenses.terms import all_terms  # noqa: PLC0415 - only here
    from openness_audit.render.reference.rules import explain_license, list_licenses  # noqa: PLC0415 - only here

    width, color = terminal_width(), colored(sys.stdout, services.environ)
    if license_id is None:
        emit(list_licenses(all_terms().values(), width, color=color))
        return
    emit("\n".join(explain_license(entry, width, color=color) for entry in _meant(license_id)))


def _meant(written: str) -> tuple[Terms, ...]:
    """Give the licence that a spelling stands for, or those of an expression; UsageError for one nobody knows."""
    from difflib import get_close_matches  # noqa: PLC0415 - only here

    from openness_audit.errors import UsageError  # noqa: PLC0415 - only here
    from openness_audit.licenses.ids import resolve  # noqa: PLC0415 - only here
    from openness_audit.licenses.terms import all_terms, by_expression, by_name, terms  # noqa: PLC0415 - only here

    entry = all_terms().get(written) or by_expression(written) or by_name(written)
    found = resolve(written)
    known = tuple(terms(name) for name in found.known if name not in ("other", "unknown"))
    if entry is not None or known:
        return (entry,) if entry is not None else known
    expression = found.expression or "NOASSERTION"
    if expression != "NOASSERTION" and "LicenseRef-" not in expression and " " not in expression:
        where = f"https://spdx.org/licenses/{expression}.html"
        raise UsageError(f"the terms of {expression} are not recorded here", hint=f"its text is at {where}")
    close = get_close_matches(written.lower(), all_terms(), n=3)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise UsageError(
        f"no licence is called {written!r}", hint=f"{meant}`modelaudit licenses` lists those that are known"
    )
