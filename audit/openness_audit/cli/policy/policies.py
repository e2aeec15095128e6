"""Find and read policies on disk: the one that is named, or the nearest upward from the working directory."""

from __future__ import annotations

import errno
import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.errors import PolicyError, UsageError
from openness_audit.policy.parse import Source

if TYPE_CHECKING:
    from openness_audit.model.policy import Policy
    from openness_audit.policy.names import Names
    from openness_audit.ruleset import RuleSet

__all__ = ["FILE", "PACKAGED", "check_waivers", "find", "load_file", "read_source", "template", "templates"]

FILE = ".modelaudit.yaml"
TOML = "pyproject.toml"
PACKAGED = "packaged:"
LARGEST = 1 << 20  # bytes; a policy has a few thousand
_TABLE = "tool.modelaudit"
_MISSPELT = (".modelaudit.yml", "modelaudit.yaml", "modelaudit.yml")


def templates() -> tuple[str, ...]:
    """Name the packaged policies."""
    folder = resources.files("openness_audit.rules") / "policies"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def template(name: str) -> str:
    """Give the text of a packaged policy. Raises UsageError, with the names there are, for another."""
    from openness_audit.wording import choices  # noqa: PLC0415 - only for a hint

    known = templates()
    if name not in known:
        raise UsageError(f"no packaged policy is called {name!r}", hint=choices(name, known))
    return (resources.files("openness_audit.rules") / "policies" / f"{name}.yaml").read_text("utf-8")


def read_source(wanted: str, beside: str = "") -> Source:
    """Read a policy or a file of waivers.

    Args:
        wanted: a path, or `packaged:NAME`.
        beside: the file that names it; a relative path is looked for in its folder.

    Returns:
        Its text. Raises OSError, with words a user can read, for what cannot be read.
    """
    if wanted.startswith(PACKAGED):
        try:
            return Source(wanted, template(wanted.removeprefix(PACKAGED)))
        except UsageError as problem:
            raise OSError(errno.ENOENT, f"{problem.message}; {problem.hint}") from problem
    if beside.startswith(PACKAGED):
        raise OSError(errno.ENOENT, "a packaged policy can only name packaged ones")
    path = Path(beside).parent / wanted if beside else Path(wanted)
    if not path.is_file():
        raise OSError(errno.ENOENT, "it is a folder" if path.is_dir() else "there is no such file")
    if path.stat().st_size > LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {LARGEST >> 20} MB")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise OSError(errno.EINVAL, "it is not text in UTF-8") from problem
    return Source(os.path.normpath(path), text)


def find(start: Path) -> str | None:
    """Find the nearest policy upward from a folder.

    Args:
        start: the folder to begin with.

    Returns:
        The path, from `start`, of `.modelaudit.yaml` or of a pyproject.toml with a table `[tool.modelaudit]`; None
        where there is none. Raises PolicyError where a folder holds two, or one whose name is not quite right.
    """
    for folder in (start, *start.parents):
        here = [folder / FILE] if _is_there(folder / FILE) else []
        if _has_table(folder / TOML):
            here.append(folder / TOML)
        wrong = next((folder / name for name in _MISSPELT if _is_file(folder / name)), None)
        if wrong is not None:
            raise PolicyError(
                (f"{wrong}:1: a policy found by itself is called {FILE}",), hint=f"rename it, or give --policy {wrong}"
            )
        if len(here) > 1:
            raise PolicyError(
                (f"{here[0]}:1: there is a policy in {here[1]} as well",), hint="name one of them with --policy"
            )
        if here:
            return os.path.relpath(here[0], start)  # the same report wherever the checkout lies
    return None


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - never raises, whoever may look into the folders above


def _is_there(path: Path) -> bool:
    """Say whether there is a policy file. Raises PolicyError where something of its name is there, and is none."""
    if not os.path.lexists(path) or _is_file(path):
        return _is_file(path)
    what = "a link that leads nowhere" if path.is_symlink() else "no file"
    raise PolicyError((f"{path}:1: the policy is {what}",), hint="put it in order, or say --policy FILE or --no-policy")


def _has_table(path: Path) -> bool:
    """Say whether a pyproject.toml holds a policy; one that cannot be read and speaks of it is taken to hold one."""
    import tomllib  # noqa: PLC0415 - only where there is such a file

    if not _is_file(path):
        return False
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as problem:
        said = f"{path}:1: it cannot be read, so nobody can tell whether it holds a policy: {problem.strerror}"
        raise PolicyError((said,), hint="say --policy FILE or --no-policy") from problem
    if "modelaudit" not in text:
        return False
    if len(text) > LARGEST:
        return f"[{_TABLE}" in text
    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError:
        return f"[{_TABLE}" in text
    return isinstance(tool, dict) and "modelaudit" in tool


def load_file(wanted: str, rules: RuleSet, *, found: bool = False) -> Policy:
    """Load the policy in a file.

    Args:
        wanted: a path, or `packaged:NAME`.
        rules: those in force; clauses name their components and findings.
        found: nobody named it on the command line.

    Returns:
        The policy. Raises PolicyError with all that is wrong, UsageError where the file cannot be read.
    """
    from openness_audit.policy.load import load  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.policy.parse import holds_waivers  # noqa: PLC0415 - only here

    source = _named(wanted)
    if holds_waivers(source):
        raise PolicyError(
            (f"{source.name}:1: this is a file of waivers, and no policy",),
            hint="name it in `waiver-files` of a policy",
        )
    return load(source, read_source, _names(rules), found=found)


def check_waivers(wanted: str, rules: RuleSet) -> tuple[list[str], int] | None:
    """Check a file of waivers by itself.

    Args:
        wanted: a path.
        rules: those in force.

    Returns:
        What is wrong, and the number of waivers; None for a file of another kind. Raises UsageError where it cannot be
        read.
    """
    from openness_audit.policy.parse import holds_waivers, parse_waivers  # noqa: PLC0415 - only here

    source = _named(wanted)
    if not holds_waivers(source):
        return None
    parsed = parse_waivers(source, _names(rules))
    return parsed.told(), len(parsed.policy.waivers)


def _names(rules: RuleSet) -> Names:
    from openness_audit.ingest.findings import ingest_rules  # noqa: PLC0415 - only here
    from openness_audit.policy.names import names_of  # noqa: PLC0415 - only here
    from openness_audit.scan.code.findings import scan_rules  # noqa: PLC0415 - only here

    return names_of((*rules.rules, *scan_rules(), *ingest_rules()))


def _named(wanted: str) -> Source:
    """Read the file that is named. Raises UsageError where it cannot be read."""
    try:
        return read_source(wanted)
    except OSError as problem:
        raise UsageError(
            f"the policy {wanted!r} cannot be read: {problem.strerror or problem}",
            hint=f"a policy is a file, or one of: {', '.join(PACKAGED + name for name in templates())}",
        ) from problem
