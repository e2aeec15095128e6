"""Run a command line and turn whatever happens into an exit code: the only place where errors are caught."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from openness_audit import exits
from openness_audit.cli.base import output
from openness_audit.cli.base.services import Services
from openness_audit.cli.group import command
from openness_audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str], services: Services | None = None) -> int:
    """Run one command line.

    Args:
        arguments: the words after the program's name.
        services: what the commands call; the real functions unless a test gives others.

    Returns:
        The exit code (DESIGN 5.1). Nothing is raised.
    """
    given = replace(services or Services(), arguments=tuple(arguments))
    try:
        code = command.main(list(arguments), prog_name="modelaudit", standalone_mode=False, obj=given)
        output.flush()
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
        return exits.USAGE
    except click.ClickException as problem:
        return _usage(problem)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        output.tell("interrupted")
        return exits.INTERRUPTED
    except AuditError as problem:
        output.tell_error(problem.message, problem.hint)
        return problem.exit_code
    except (BrokenPipeError, SystemExit):  # Click makes the latter of the former
        output.reader_gone()  # who reads only the beginning has what was wanted
        return exits.AUDITED
    except Exception as problem:  # noqa: BLE001 - the last resort: a report file instead of a traceback
        return _unforeseen(problem, arguments, given)
    return code if isinstance(code, int) else exits.AUDITED


def _unforeseen(problem: Exception, arguments: Sequence[str], services: Services) -> int:
    """Tell a standard output that takes nothing, met by Click itself, from an error nobody thought of."""
    if isinstance(problem, OSError) and problem.errno in output.UNWRITABLE and problem.filename is None:
        unwritten = output.unwritten(problem)
        output.tell_error(unwritten.message, unwritten.hint)
        return unwritten.exit_code
    from openness_audit.cli.base import crash  # noqa: PLC0415 - `--help` must stay fast

    return crash.tell(problem, arguments, services)


def _usage(problem: click.ClickException) -> int:
    hint = "modelaudit --help"
    if isinstance(problem, click.UsageError) and problem.ctx is not None:
        hint = f"{problem.ctx.command_path} --help"
    output.tell_error(problem.format_message().rstrip("."), hint)
    return exits.USAGE
