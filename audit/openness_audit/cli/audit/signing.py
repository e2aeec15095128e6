"""Open the key of `--sign-key` before anything is audited: its file, its password, and whether anything is signed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openness_audit import signing
from openness_audit.errors import UsageError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.render.records.dsse import Sign

PASSWORD = "OPENNESS_AUDIT_SIGN_PASSWORD"  # noqa: S105 - the name of a variable
LARGEST = 64 * 1024  # bytes; the longest RSA keys in use have a fifth of it


def open_signer(name: str, services: Services) -> Sign:
    """Make what signs the envelopes of a call.

    Args:
        name: the value of `--sign-key`.
        services: the environment, which may hold the password.

    Returns:
        What signs. Raises UsageError for a key that cannot be used.
    """
    signing.require_library()
    shown = f"the key {clean(name)}"
    data = _read(name, shown)
    said = services.environ.get(PASSWORD)
    try:
        return signing.signer(data, shown, said.encode("utf-8", "surrogateescape") if said else None)
    except signing.PasswordNeededError as problem:
        if not sys.stdin.isatty():
            raise UsageError(problem.message, hint=f"set {PASSWORD}, or run it on a terminal") from None
    asked: str = click.prompt(f"Password of {shown}", hide_input=True, err=True)
    return signing.signer(data, shown, asked.encode("utf-8", "surrogateescape"))


def _read(name: str, shown: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise UsageError(f"{shown} cannot be read: {said}", hint="--sign-key takes a file") from problem
    if len(data) > LARGEST:
        raise UsageError(f"{shown} is no key: it has more than {LARGEST // 1024} KiB", hint=f"give {signing.KEYS}")
    return data
