"""What the GitHub Action hands back: outputs, annotations and the job's exit code, read from the reports."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from msgspec import Struct

from openness_audit import exits
from openness_audit.render.ci.sarif_places import ROOT
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openness_audit.cli.action.inputs import Call, FailOn

MOST_ANNOTATIONS = 10  # of one level in one step: GitHub shows no more
VERDICTS = {
    exits.AUDITED: "met",
    exits.VIOLATED: "violated",
    exits.USAGE: "error",
    exits.NO_VERDICT: "no-verdict",
    exits.FAILED: "error",
    exits.INTERRUPTED: "error",
}
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_WORST = ("violated", "no-verdict", "met")


class Result(Struct, frozen=True, kw_only=True):
    """The outputs of `action.yml`; of several models the worst verdict, and the least sure score with its class."""

    verdict: str
    exit_code: int
    score: str
    class_: str
    json: str
    sarif: str
    summary: str


def read_results(call: Call, code: int) -> Result:
    """Read what a call left behind.

    Args:
        call: what was called, and where its reports are.
        code: its exit code.

    Returns:
        The outputs; one for which there is no report is empty. `json` is a file where there is one audit, else their
        folder. Reports that are missing or broken are passed over: the exit code has told already.
    """
    files = sorted(call.audits.glob("*.json")) if call.audits.is_dir() else []
    audits = [found for path in files if (found := _read(path)) is not None]
    lowest = min(audits, key=lambda audit: (audit["score"]["low"], audit["score"]["high"]), default=None)
    verdict = VERDICTS.get(code, "error")
    if verdict == "met" and not _judged(call, audits):
        verdict = "no-policy"
    return Result(
        verdict=verdict,
        exit_code=code,
        score=_score(lowest["score"]) if lowest else "",
        class_=str(lowest["verdict"]["class"]) if lowest else "",
        json=_document(call, files),
        sarif=str(call.sarif) if call.sarif.is_file() else "",
        summary=str(call.summary) if call.summary.is_file() else "",
    )


def remove_old(call: Call) -> None:
    """Remove the reports of an earlier step with the same folder, so that they are not taken for this one's.

    Args:
        call: what is to be called. Of its folder of audits only audits go. Raises OSError.
    """
    for path in (call.changes, call.sarif, call.summary, call.comment):
        path.unlink(missing_ok=True)
    for path in call.audits.glob("*.json") if call.audits.is_dir() else ():
        if _read(path) is not None:
            path.unlink()


def _document(call: Call, files: Sequence[Path]) -> str:
    """Name the one document of a call: the changes since approval, the audit, or the folder of several audits."""
    if call.changes.is_file():
        return str(call.changes)
    return str(files[0]) if len(files) == 1 else str(call.audits) if files else ""


def _judged(call: Call, audits: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a policy judged what was audited; where nothing was, nothing says that none did."""
    if not call.changes.is_file():
        return not audits or any(audit["verdict"].get("policy") for audit in audits)
    try:
        models = json.loads(call.changes.read_text("utf-8"))["models"]
        return any((model.get("new") or {}).get("policy") for model in models)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _score(score: Mapping[str, Any]) -> str:
    low, high = score["low"], score["high"]
    return str(low) if low == high else f"{low}-{high}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
        return found if isinstance(found, dict) and {"score", "verdict"} <= found.keys() else None
    except (OSError, ValueError):
        return None


def job_code(code: int, fail_on: FailOn) -> int:
    """Give the step's exit code: what the workflow said must not fail it does not, a broken call always does."""
    if code == exits.VIOLATED:
        return exits.AUDITED if fail_on == "never" else code
    if code == exits.NO_VERDICT:
        return code if fail_on == "no-verdict" else exits.AUDITED
    return code


def output_lines(result: Result) -> str:
    """Word the outputs for the runner's file, each between marks that no value can guess."""
    values = {
        "verdict": result.verdict,
        "exit-code": str(result.exit_code),
        "score": result.score,
        "class": result.class_,
        "json": result.json,
        "sarif": result.sarif,
        "summary": result.summary,
    }
    mark = f"end-{secrets.token_hex(16)}"
    return "".join(f"{name}<<{mark}\n{value}\n{mark}\n" for name, value in values.items())


def annotation_lines(sarif: Path) -> tuple[str, ...]:
    """Word the results that point at the user's own files as workflow commands, the gravest first.

    Results about files on the Hub have no line in the checked repository; the summary tells them.
    """
    try:
        runs = json.loads(sarif.read_text("utf-8"))["runs"]
        results = [result for run in runs for result in run.get("results", ())]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    told: dict[str, list[str]] = {level: [] for level in _LEVELS}
    for result in results:
        place, level = _own_place(result), result.get("level", "warning")
        if place is None or result.get("suppressions") or level not in told:
            continue
        uri, line, column = place
        words = _data(str(result.get("message", {}).get("text", "")))
        title = _property(str(result.get("ruleId", "modelaudit")))
        told[level].append(f"::{_LEVELS[level]} file={_property(uri)},line={line},col={column},title={title}::{words}")
    return tuple(line for level in told for line in _fitted(told[level], level))


def _fitted(lines: list[str], level: str) -> Iterable[str]:
    """Keep as many as GitHub shows, the last of which counts the rest."""
    if len(lines) <= MOST_ANNOTATIONS:
        return lines
    left = len(lines) - MOST_ANNOTATIONS + 1
    return [
        *lines[: MOST_ANNOTATIONS - 1],
        f"::{_LEVELS[level]} title=modelaudit::and {left} more; see the job summary",
    ]


def _own_place(result: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """Give path, line and column of a result in the checked repository; None for one that lies elsewhere."""
    try:
        physical = result["locations"][0]["physicalLocation"]
        place, region = physical["artifactLocation"], physical.get("region", {})
        uri, base = unquote(str(place["uri"])), place.get("uriBaseId")
    except (KeyError, IndexError, TypeError):
        return None
    if base != ROOT:  # on the Hub, whose files are named without a scheme
        return None
    return uri, int(region.get("startLine", 1)), int(region.get("startColumn", 1))


def _data(text: str) -> str:
    """Escape the message of a workflow command (docs.github.com, workflow commands)."""
    flat = " ".join(clean(text).split())
    return flat.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a workflow command, in which a colon or a comma would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
