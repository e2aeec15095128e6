"""Choose the rules of a replay; rules that are not installed judge in a process of their own.

What was read of rules is remembered all over the program, so a process judges by one rule set alone. Rules from a
bundle are a stranger's data: that process has a time limit, and a limit of memory where the system has one.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit import packaged
from openness_audit.errors import AuditError, BundleError, RuleError, UsageError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from openness_audit.bundles.read import Bundle

OWN = "own"
_MEMORY = 4 << 30  # bytes; an audit needs a twentieth
_NEEDED = ("components", "findings", "profiles", "vocabulary", "licenses")
_CHILD = "import sys; from openness_audit.cli.audit.rulesets import child; sys.exit(child(sys.argv[1:]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """By what is judged: `said` names it, `own` holds an organisation's own rules.

    `code` is set where another process did it all.
    """

    said: str = "today's rules"
    own: Traversable | None = None
    code: int | None = None


class _Child:
    """What a process was told that judges by other rules."""

    said: str | None = None
    own: Traversable | None = None


def choose(text: str, bundle: Bundle, path: Path, seconds: float, words: Sequence[str]) -> Chosen:
    """Understand `--ruleset`, and where the rules are not those installed, have it all done by another process.

    Args:
        text: `today`, `recorded`, a version, or a folder of rules.
        bundle: the evidence.
        path: where it lies; the archive of its rules may lie beside it.
        seconds: the most time that such a process may take.
        words: the words of the call, for such a process.

    Returns:
        The choice. Raises UsageError for rules that are not there, BundleError and TamperedError for rules of a bundle
        that cannot be used, AuditError where the other process takes too long.
    """
    if _Child.said is not None:
        return Chosen(said=_Child.said, own=_Child.own)
    from openness_audit.ruleset import RULESET_VERSION, digests  # noqa: PLC0415 - `--help` must stay fast

    made = bundle.manifest.rules
    installed = digests()
    if text in {"today", RULESET_VERSION}:
        return Chosen()
    if text == "recorded":
        if (made.digest, made.vocabulary_digest) == installed:
            return Chosen(said="the recorded rules, which are those installed,")
        return _recorded(bundle, path, seconds, words)
    if os.path.isdir(text):  # noqa: PTH112 - never raises
        missing = [name for name in _NEEDED if not Path(text, name).is_dir()]
        if missing:
            raise UsageError(
                f"{text} is no folder of rules: it has no {missing[0]}/",
                hint="give the folder that holds components/, findings/, profiles/, vocabulary/ and licenses/",
            )
        return Chosen(code=_spawn(Path(text), "unversioned", "the rules of that folder,", seconds=seconds, words=words))
    if text == made.version:
        raise UsageError(
            f"rules {clean(text)} are not installed; this modelaudit has {RULESET_VERSION}",
            hint=f"install {clean(bundle.manifest.tool)}, which has them, or judge by --ruleset recorded",
        )
    raise UsageError(
        f"no rules {clean(text)!r} are installed, and none lie there; this modelaudit has {RULESET_VERSION}",
        hint=f"use --ruleset today, recorded (rules {clean(made.version)}), or a folder of rules",
    )


@contextmanager
def plainly(bundle: Bundle) -> Iterator[None]:
    """Word whatever goes wrong with rules that are not those installed: another version may be what they need.

    Raises BundleError then; with the installed rules an error stays what it is.
    """
    try:
        yield
    except Exception as problem:
        if _Child.said is None or (isinstance(problem, AuditError) and not isinstance(problem, RuleError)):
            raise
        what = f"{type(problem).__name__}: {problem}"
        if isinstance(problem, RuleError):
            what = problem.message
        elif isinstance(problem, KeyError):
            what = f"a vocabulary of them lacks {problem}"
        raise BundleError(
            f"this modelaudit cannot judge by these rules: {what}",
            hint=f"they may need another version: {clean(bundle.manifest.tool)} made the bundle; or judge by today's",
        ) from problem


def _recorded(bundle: Bundle, path: Path, seconds: float, words: Sequence[str]) -> Chosen:
    """Judge by the rules that the bundle brings."""
    from openness_audit.bundles.rules import unpack_rules  # noqa: PLC0415 - rarely needed

    unpack_rules(_archive(bundle, path), bundle.manifest.rules)  # refused here, in words, rather than there
    said = "the rules of the bundle, which are not those installed,"
    return Chosen(code=_spawn(path, bundle.manifest.rules.version, said, seconds=seconds, words=words))


def _archive(bundle: Bundle, path: Path) -> bytes:
    """Give the packed rules: of the bundle itself, or beside it."""
    made = bundle.manifest.rules
    if bundle.ruleset is not None:
        return bundle.ruleset
    from hashlib import sha256  # noqa: PLC0415 - rarely needed

    from openness_audit.bundles.rules import CAPS  # noqa: PLC0415 - rarely needed

    beside = path.parent / Path(made.file or "ruleset.zip").name
    try:
        with beside.open("rb") as file:
            data = file.read(CAPS.total + 1)
    except OSError as problem:
        raise BundleError(
            f"the rules lie beside the bundle, in {str(beside)!r}, which cannot be read: {problem.strerror}",
            hint="put that file beside the bundle, or judge by today's rules",
        ) from problem
    if sha256(data).hexdigest() != made.sha256:
        from openness_audit.errors import TamperedError  # noqa: PLC0415 - rarely needed

        raise TamperedError(f"{str(beside)!r} does not hold the rules that the bundle names", hint="get the file again")
    return data


def _spawn(rules: Path, version: str, said: str, *, seconds: float, words: Sequence[str]) -> int:
    """Carry the same call out in a process that judges by the rules in a folder or a bundle; give its exit code."""
    command = [sys.executable, "-c", _CHILD, str(rules.absolute()), version, said, *words]
    try:
        return subprocess.run(command, check=False, timeout=seconds).returncode  # noqa: S603 - our own interpreter
    except subprocess.TimeoutExpired:
        raise AuditError(
            f"judging by these rules took more than {seconds:g} seconds", hint="raise --timeout, or judge by today's"
        ) from None


def child(words: list[str]) -> int:
    """Carry a call out by other rules: what the other process does.

    Args:
        words: a folder of rules or a bundle, the version of the rules, what to call them, and the words of the call.

    Returns:
        The exit code.
    """
    place, version, said, *rest = words
    _limit_memory()
    if Path(place).is_dir():
        packaged.use(Path(place), version)
    else:
        folder = _in_memory(Path(place))
        packaged.use(folder / "rules", version)
        _Child.own = folder / OWN if (folder / OWN).is_dir() else None
    _Child.said = said
    from openness_audit.cli.entry import run  # noqa: PLC0415 - nothing may be read before

    return run(rest)


def _in_memory(path: Path) -> zipfile.Path:
    """Give the rules that a bundle brings as a folder; nothing is laid out on a disk."""
    from openness_audit.bundles.archive import pack  # noqa: PLC0415 - rarely needed
    from openness_audit.bundles.read import read  # noqa: PLC0415 - rarely needed
    from openness_audit.bundles.rules import unpack_rules  # noqa: PLC0415 - rarely needed

    bundle = read(path)
    files = unpack_rules(_archive(bundle, path), bundle.manifest.rules)
    archive = zipfile.ZipFile(io.BytesIO(pack(files)))
    archive.filename = "the bundle's rules"  # what paths in it begin with in messages
    return zipfile.Path(archive)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
