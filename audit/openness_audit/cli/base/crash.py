"""Turn an error nobody foresaw into a report file to send: no traceback on the terminal, no token in the file."""

from __future__ import annotations

import platform
import re
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base import output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openness_audit.cli.base.services import Services

_SECRETS = re.compile(
    r"\b(?:hf|api_org|gh[opsur])_[A-Za-z0-9]{8,}|\bgithub_pat_\w{8,}|(?<=[Bb]earer )[^\s'\"]+|(?<=://)[^/\s@'\"]{1,200}@"
)
_HIDDEN_VARIABLE = re.compile(r"TOKEN|SECRET|PASSWORD|KEY", re.IGNORECASE)


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Blank out tokens: by their shape, by where they stand in addresses, and whatever such variables hold."""
    for name, value in environ.items():
        if _HIDDEN_VARIABLE.search(name) and len(value) >= 4:
            text = text.replace(value, "***")
    return _SECRETS.sub("***", text)


def report(problem: BaseException, arguments: Sequence[str], services: Services) -> str:
    """Word the report of an unforeseen error."""
    from importlib.metadata import version  # noqa: PLC0415 - only here

    lines = [
        f"modelaudit {version('openness-audit')}, Python {platform.python_version()}, {platform.platform()}",
        f"at {services.now().isoformat()}",
        f"called with: {' '.join(map(repr, arguments))}",
        "",
        "".join(traceback.format_exception(problem)),
    ]
    return without_secrets("\n".join(lines), services.environ)


def tell(problem: Exception, arguments: Sequence[str], services: Services) -> int:
    """Write the report into the working directory, else the temporary one; say so; give exit code 4."""
    if isinstance(problem, MemoryError) or "can't start new thread" in str(problem):
        output.tell_error(
            "the machine has no memory or no threads left for this", "give the process more, or end others"
        )
        return exits.FAILED
    base = f"modelaudit-error-{services.now():%Y%m%dT%H%M%SZ}"
    text = report(problem, arguments, services)
    for folder in (Path(), Path(tempfile.gettempdir())):
        path = _written(folder, base, text)
        if path is None:
            continue
        what = f"internal error ({type(problem).__name__}): details are in {path}"
        output.tell_error(what, "send that file to the developers; it holds no token")
        return exits.FAILED
    output.tell_error(f"internal error ({type(problem).__name__}), and no file could be written to say more")
    return exits.FAILED


def _written(folder: Path, base: str, text: str) -> Path | None:
    """Write a new file, whole or not at all: never over another, nor where a link put there beforehand leads."""
    for number in range(10):
        path = folder / f"{base}{f'-{number}' if number else ''}.txt"
        try:
            with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                try:
                    file.write(text)
                    file.flush()
                except OSError:
                    path.unlink(missing_ok=True)
                    raise
        except FileExistsError:
            continue
        except OSError:
            return None
        return path
    return None
