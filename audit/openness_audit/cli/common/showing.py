"""Show one audit of a call on standard output."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from openness_audit.cli.base import output
from openness_audit.render import SIGNED, renderer

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit
    from openness_audit.render.records.dsse import Sign
    from openness_audit.settings import Target

WIDEST = 120  # longer lines are hard to read


def terminal_width() -> int:
    """Give the columns to write in: the terminal's, at most `WIDEST`; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST) if sys.stdout.isatty() else 80


def show(
    audit: Audit,
    name: str | None,
    how: How,
    services: Services,
    *,
    explain: str | None,
    many: bool,
    first: bool,
    sign: Sign | None = None,
) -> None:
    """Print one audit.

    Args:
        audit: the document.
        name: the format; None shows nothing.
        how: the shared options.
        services: the environment.
        explain: the value of `--explain`, which goes before the format.
        many: it is one of several, so JSON is one line.
        first: nothing was printed before it.
        sign: what signs, for the formats that are signed.
    """
    if name is None and explain is None:
        return
    if name in ("json", "in-toto"):
        from openness_audit.render import json  # noqa: PLC0415 - loads the schema
        from openness_audit.render.records import intoto  # noqa: PLC0415 - loads the schema

        form = json if name == "json" else intoto
        output.emit(form.line(audit) if many else form.render(audit), machine=True)
        return
    if name in ("text", None):
        from openness_audit.render.text import audit as text  # noqa: PLC0415 - only here

        width, color = terminal_width(), output.colored(sys.stdout, services.environ)
        encoding = sys.stdout.encoding or "utf-8"
        said = (
            text.explain(audit, explain, width, color=color, encoding=encoding)
            if explain
            else text.render(audit, width=width, color=color, verbose=how.verbose, encoding=encoding)
        )
        output.emit(said if first else "\n" + said)
        return
    apart = "" if first or name in SIGNED else "\n"
    output.emit(apart + renderer(name, sign)(audit), machine=True)


def show_patch(audit: Audit, target: Target, how: How, services: Services) -> bool:
    """Print the patch of the card, for `--fix-card`; False where the card could not be read."""
    from openness_audit.cli.common import fix_card  # noqa: PLC0415 - only for --fix-card
    from openness_audit.errors import NoVerdictError  # noqa: PLC0415 - only here
    from openness_audit.model.capture import Failure  # noqa: PLC0415 - only here
    from openness_audit.model.evidence import Cause  # noqa: PLC0415 - only here

    try:
        card = services.read_card(target, how.settings, audit.subject.sha)
    except NoVerdictError as problem:  # a bundled record holds facts, not the card
        card = Failure(Cause(code="offline", source="README.md", retryable=True, detail=problem.message))
    return fix_card.show(audit, card, quiet=how.quiet)
