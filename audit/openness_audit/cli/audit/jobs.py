"""What a call is to audit: every model once, with all places that name it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base import output
from openness_audit.cli.base.target import EVIDENCE, is_path, parse_target
from openness_audit.errors import UsageError
from openness_audit.model.batch import STDIN, Origin, Problem, Wanted
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.settings import Target

LONGEST = 200  # characters of an entry that names no model; a file that is no list may be one long line


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One model to audit, or the problem why what was written names none."""

    asked: str
    target: Target | None = None
    problem: Problem | None = None
    origins: tuple[Origin, ...] = ()

    def placed(self, message: str) -> str:
        """Put before a message where the user's own files name the model."""
        if not self.origins:
            return message
        first = self.origins[0]
        path = "standard input" if first.path == STDIN else clean(first.path)
        return f"{path}:{first.line}: {message}"


def jobs_of(wanted: Sequence[Wanted], *, endpoint: str, quiet: bool) -> tuple[Job, ...]:
    """Understand what is wanted.

    Args:
        wanted: models as they are written, with where.
        endpoint: the configured Hub.
        quiet: say nothing of what could be meant in two ways.

    Returns:
        Every model once, in the order it was first named, with all its origins. Raises UsageError for a word without an
        origin that names no model, and where nothing that is wanted names one.
    """
    found: dict[Target | int, Job] = {}
    for number, entry in enumerate(wanted):
        job = _job(entry, endpoint)
        key: Target | int = number if job.target is None else job.target
        if key in found:
            found[key] = replace(found[key], origins=tuple(dict.fromkeys((*found[key].origins, *entry.origins))))
            continue
        found[key] = job
        if not quiet:
            _doubt(job)
    jobs = tuple(found.values())
    if jobs and all(job.target is None for job in jobs):
        first = jobs[0]
        rest = f", and {len(jobs) - 1} more like it" if len(jobs) > 1 else ""
        problem = first.problem or Problem(message="no model is named", hint="", code=exits.NO_VERDICT)
        raise UsageError(f"nothing to audit: {first.placed(problem.message)}{rest}", hint=problem.hint)
    return jobs


def _job(entry: Wanted, endpoint: str) -> Job:
    asked = entry.text if len(entry.text) <= LONGEST else f"{entry.text[:LONGEST]} ..."
    if entry.problem is not None:
        return Job(asked=asked, problem=entry.problem, origins=entry.origins)
    if not entry.origins and entry.text.endswith(EVIDENCE) and os.path.isfile(entry.text):  # noqa: PTH113 - never raises
        raise UsageError(f"{clean(entry.text)} is a file of evidence", hint=f"modelaudit replay {clean(entry.text)}")
    try:
        # a file names ids: a folder that somebody puts beside it under such a name must not take the model's place
        is_directory = _spelt_as_directory if entry.origins else os.path.isdir
        target = parse_target(entry.text, is_directory=is_directory, endpoint=endpoint)
    except UsageError as problem:
        if not entry.origins:
            raise
        why = Problem(message=problem.message, hint=problem.hint, code=exits.NO_VERDICT)
        return Job(asked=asked, problem=why, origins=entry.origins)
    return Job(asked=entry.text, target=target, origins=entry.origins)


def _spelt_as_directory(text: str) -> bool:
    return is_path(text) and os.path.isdir(text)  # noqa: PTH112 - never raises


def _doubt(job: Job) -> None:
    """Say that a word is taken for a directory where it could be an id as well."""
    if job.target and job.target.kind == "directory" and not job.asked.startswith((".", "/", "~", "\\")):
        output.tell(f"note: {job.asked} is a directory here; hf://{job.asked} is the model on the Hub")
