"""The step of the GitHub Action: `python -m openness_audit.cli.action`, as `action.yml` calls it.

It reads `INPUT_...`, runs `modelaudit` once, and writes the job summary, the outputs, annotations and, if asked, one
comment on the pull request.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from openness_audit import exits
from openness_audit.cli.action.inputs import Inputs, call_of, left_out, read_inputs
from openness_audit.cli.action.results import annotation_lines, job_code, output_lines, read_results, remove_old
from openness_audit.cli.base import output
from openness_audit.cli.entry import run
from openness_audit.errors import AuditError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Run: TypeAlias = Callable[[Sequence[str]], int]

MOST_SUMMARY = 1_000_000  # bytes: of more than 1 MiB GitHub shows nothing at all
MOST_COMMENT = 64_000  # characters: GitHub takes 65,536
MARK = "<!-- openness-audit:{} -->"


def step(environ: Mapping[str, str], run_call: Run = run) -> int:
    """Do the whole step.

    Args:
        environ: the runner's environment.
        run_call: runs one command line and gives its exit code; tests give another.

    Returns:
        The exit code of the step (`fail-on` decides what fails it).
    """
    try:
        inputs = read_inputs(environ)
        inputs.folder.mkdir(parents=True, exist_ok=True)
    except UsageError as problem:
        return _refused(problem.message, problem.hint, exits.USAGE)
    except OSError as problem:
        return _refused(f"{problem.filename}: {problem.strerror}", "choose another `output-dir`", exits.FAILED)
    call = call_of(inputs)
    for name in left_out(inputs):
        _command("warning", f"format {name} is not written here: it holds one model, or knows no changes")
    try:
        remove_old(call)
    except OSError as problem:
        return _refused(f"{problem.filename}: {problem.strerror}", "choose another `output-dir`", exits.FAILED)
    with _no_commands():
        code = run_call(call.arguments)
    if code == exits.AUDITED and not call.summary.is_file():  # such as `--help` among the `arguments`
        code = _refused("the call wrote no report: nothing was audited", "see the input `arguments`", exits.USAGE)
    result = read_results(call, code)
    for line in annotation_lines(call.sarif):
        output.emit(f"{line}\n", machine=True)
    try:
        _append(environ.get("GITHUB_OUTPUT"), output_lines(result))
        _append(environ.get("GITHUB_STEP_SUMMARY"), _summary(call.summary, code))
    except OutputError as problem:
        return _refused(problem.message, problem.hint, exits.FAILED)
    if inputs.comment:
        _comment(environ, inputs, call.comment, code)
    return job_code(code, inputs.fail_on)


@contextlib.contextmanager
def _no_commands() -> Iterator[None]:
    """Let the runner take nothing that is printed for a command: reports quote cards, which strangers write.

    One stream for all: the runner reads two beside each other, and the end of the one could come before the other's.
    """
    word = secrets.token_hex(16)
    output.emit(f"::stop-commands::{word}\n", machine=True)
    try:
        with contextlib.redirect_stderr(sys.stdout):
            yield
    finally:
        output.emit(f"\n::{word}::\n", machine=True)


def _summary(path: Path, code: int) -> str:
    """Give what the job summary shows; a call that failed leaves one line."""
    try:
        text = path.read_text("utf-8")
    except OSError:
        return f"**modelaudit ended with exit code {code}** and wrote no report; its log says why.\n"
    if len(text.encode()) <= MOST_SUMMARY:
        return text
    kept = text.encode()[:MOST_SUMMARY].decode("utf-8", "ignore").rpartition("\n")[0]
    return f"{kept}\n\n*The rest did not fit into a job summary; it is in {path.name}.*\n"


def _comment(environ: Mapping[str, str], inputs: Inputs, comment: Path, code: int) -> None:
    """Write or rewrite the comment; that it cannot be written fails nothing."""
    number, repository, token = (
        _pull_request(environ),
        environ.get("GITHUB_REPOSITORY", ""),
        environ.get("GITHUB_TOKEN"),
    )
    if number is None or not repository:
        _command("notice", "no comment was written: this run belongs to no pull request")
        return
    if not token:
        _command("warning", "no comment was written: the input `github-token` is empty")
        return
    from openness_audit.sources.comments import put_comment  # noqa: PLC0415 - loads the network stack

    mark = MARK.format(_subject(inputs))
    text = _summary(comment, code)
    if len(text) > MOST_COMMENT:
        text = (
            text[:MOST_COMMENT].rpartition("\n")[0]
            + "\n\n*The rest did not fit into a comment; see the job summary.*\n"
        )
    api = environ.get("GITHUB_API_URL") or "https://api.github.com"
    try:
        done = put_comment(api, token, repository, number, mark, f"{mark}\n{text}")
        output.tell(f"comment {done} on pull request {number}")
    except AuditError as problem:
        _command("warning", f"no comment was written: {problem.message}; {problem.hint}")


def _subject(inputs: Inputs) -> str:
    """Tell the comments of several steps of one workflow apart."""
    from hashlib import sha256  # noqa: PLC0415 - only for a comment

    words = "\0".join((*inputs.models, inputs.list_file, inputs.path, inputs.lock, inputs.policy, inputs.use))
    return sha256(words.encode()).hexdigest()[:16]


def _pull_request(environ: Mapping[str, str]) -> int | None:
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        return int(event["pull_request"]["number"])
    except (KeyError, TypeError, ValueError, OSError):
        return None


def _append(path: str | None, text: str) -> None:
    """Add to one of the runner's files; outside of a runner there is none."""
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as problem:
        raise OutputError(f"{path}: {problem.strerror}", hint="the runner's file cannot be written") from problem


def _command(level: str, words: str) -> None:
    flat = " ".join(words.split()).replace("%", "%25")
    output.emit(f"::{level} title=modelaudit::{flat}\n", machine=True)


def _refused(message: str, hint: str, code: int) -> int:
    _command("error", f"{message}; {hint}" if hint else message)
    return code
