"""Conditions in the Common Expression Language over the audit document; what is not known is not there to read.

CEL knows no third value, but it has errors, and `&&`, `||`, `all` and `exists` pass over an error that cannot change
the answer. So whatever the audit does not know is left out of `audit`: reading it is an error, and a condition that
needs it is `unknown`. A list that may go on gets entries at its end that answer nothing, not even `has`, in several
numbers one after the other: an answer counts only where it is the same each time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from openness_audit.model.audit import Audit
from openness_audit.policy.licenses import UNSAID, more_may_bind
from openness_audit.policy.outcome import Outcome, cited, said
from openness_audit.policy.unread import unread_texts

__all__ = ["Compiled", "compile_all", "judge", "view", "views"]

CPU_S: Final = 2.0  # computing time of one expression; one over the largest audits takes milliseconds
MEMORY: Final = 1 << 30  # bytes of address space of the evaluating process
WALL_S: Final = 60.0  # for a process that waits for a busy machine
UNSEEN: Final = (0, 1, 200)  # numbers of entries that a list may still have
UNSEEN_ENTRY: Final = 0  # has no fields, so that `has(entry.x)` is an error too: of an empty one it would be false
# words of the document that stand for "nobody knows"
UNKNOWN: Final = frozenset(
    {"unknown", "undetermined", "not-determined", "not-looked-for", "unresolved", "unavailable", "NOASSERTION"}
)
_WORKER = Path(__file__).with_name("cel_worker.py")
_FREE_TEXT = frozenset({"message", "title", "text", "excerpt", "why", "detail", "what", "name", "raw", "short"})
_SIGPROF = 27


class Compiled(Struct, frozen=True):
    """What a condition names, or why it is none."""

    error: str = ""
    variables: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


def compile_all(expressions: Sequence[str]) -> list[Compiled]:
    """Compile conditions without evaluating them, in their order."""
    return [
        Compiled(error=line["error"])
        if "error" in line
        else Compiled(variables=tuple(line["variables"]), functions=tuple(line["functions"]))
        for line in _run(expressions, ())
    ]


def judge(expressions: Sequence[str], audit: Audit) -> list[Outcome]:
    """Judge conditions by an audit, in their order.

    Args:
        expressions: CEL over `audit`.
        audit: the finished document.

    Returns:
        One outcome each; `unknown` for an error, an answer that is neither true nor false, a value that the audit does
        not know, and an expression that does not come to an end.
    """
    evidence = cited(e for c in audit.criteria for e in c.evidence)
    return [
        _outcome(text, line, evidence) for text, line in zip(expressions, _run(expressions, views(audit)), strict=True)
    ]


def _outcome(text: str, line: Mapping[str, Any], evidence: tuple[str, ...]) -> Outcome:
    if "error" in line:
        return Outcome("unknown", said("no answer", text, _one_line(line["error"])))
    answers = line["answers"]
    odd = next((a for a in answers if not isinstance(a, bool)), None)
    if odd is not None:
        return Outcome("unknown", said("no answer", text, _odd(odd)))
    if len(set(answers)) > 1:
        return Outcome("unknown", said("no answer", text, "a list it asks about may have more entries than were read"))
    return Outcome("met" if answers[0] else "violated", said(str(answers[0]).lower(), text), evidence)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _odd(answer: Mapping[str, str]) -> str:
    if "type" in answer:
        return f"it gives {answer['type']}, not true or false"
    return f"the audit does not know what it asks about, or it does not fit the document: {_one_line(answer['error'])}"


def views(audit: Audit) -> tuple[dict[str, Any], ...]:
    """Give what CEL sees of an audit: the document once, or, where lists may go on, once for each number of entries."""
    lists = open_ended(audit)
    return tuple(view(audit, lists, count) for count in (UNSEEN if lists else UNSEEN[:1]))


def view(audit: Audit, lists: Sequence[str] = (), unseen: int = 0) -> dict[str, Any]:
    """Give the JSON document without anything that is not known, and with entries nobody has read in some lists."""
    document: dict[str, Any] = msgspec.to_builtins(audit)
    document["verdict"].pop("policy", None)
    for path in lists:
        *parents, last = path.split(".")
        holder: Any = document
        for name in parents:
            holder = (holder or {}).get(name)
        if holder is not None:
            rows = [row for row in holder[last] if not (last == "obligations" and row["id"] == "unread")]
            holder[last] = [*rows, *(UNSEEN_ENTRY for _ in range(unseen))]
    for row in document["training_data"]:
        if isinstance(row, dict) and row["access"] != "public" and not row["licenses"]:
            row.pop("licenses")  # nobody saw whether there are any
    if more_may_bind("effective", audit):  # the licences that are named may not be all
        document["licenses"]["effective"].update(expression=None, family=None)
    if unread_texts(audit):
        document["licenses"]["own"].update(expression=None, family=None)
        document["verdict"].update({"terms": None, "class": None, "osaid": None})
        for row in document["licenses"]["uses"]:
            row["verdict"] = row["verdict"] if row["verdict"] == "not-allowed" else None
    known = _known(document, "")
    if any(word in audit.verdict.class_ for word in UNKNOWN):
        known["verdict"].pop("class", None)
    return known  # type: ignore[no-any-return]  # a dictionary, as the document is


def _known(value: Any, key: str) -> Any:
    """Leave out what is null or stands for "nobody knows"; words in free text stay."""
    if isinstance(value, dict):
        return {name: _known(inner, name) for name, inner in value.items() if not _is_unknown(inner, name)}
    if isinstance(value, list | tuple):
        return [_known(inner, key) for inner in value]
    return value


def _is_unknown(value: Any, key: str) -> bool:
    if not isinstance(value, str):
        return value is None
    return key not in _FREE_TEXT and (value in UNKNOWN or UNSAID in value)  # `MIT AND NOASSERTION`


def open_ended(audit: Audit) -> tuple[str, ...]:
    """Name the lists of the document that may lack entries, since something could not be read."""
    found = audit.licenses
    lists: list[str] = []
    if audit.undecided:
        lists += ["findings", "licenses.conflicts"]
    unread = any(row.status == "unknown" for row in found.obligations)
    if found.chain_complete is not True or unread or found.effective.family in ("unknown", "none-declared"):
        lists += ["licenses.obligations"]
    if found.chain_complete is not True:
        lists += ["licenses.chain", "lineage.parents", "lineage.nodes", "lineage.edges", "licenses.notes"]
    if unread_texts(audit):
        lists += ["licenses.obligations"]
    if audit.not_checked:
        lists += ["claims", "training_data", "code_repositories", "files", "licenses.texts", "licenses.prose"]
    if audit.profiles.mof is not None and audit.profiles.mof.not_determined:
        lists += ["profiles.mof.missing"]
    return tuple(dict.fromkeys(lists))


def _run(expressions: Sequence[str], documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ask the worker; one that ends before its time is started again for the expressions after the one at fault."""
    lines: list[dict[str, Any]] = []
    while len(lines) < len(expressions):
        task = {"expressions": expressions[len(lines) :], "documents": documents, "cpu_s": CPU_S, "memory": MEMORY}
        done, code, told = _ask(json.dumps(task).encode("ascii"))
        lines += done
        if not done and code == 1:
            lines += [{"error": f"CEL could not be started: {told[-300:]}"}] * (len(expressions) - len(lines))
        elif len(lines) < len(expressions):
            lines.append({"error": _ended(code)})
    return lines


def _ask(task: bytes) -> tuple[list[dict[str, Any]], int, str]:
    """Run the worker once; whatever complete lines it wrote count, however it ended."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own file, by this very interpreter
            [sys.executable, "-P", str(_WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as problem:
        return [], 1, str(problem)
    with process:
        try:
            out, err = process.communicate(task, timeout=WALL_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        except BaseException:
            process.kill()
            raise
    whole = out[: out.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()], process.returncode, err.decode("utf-8", "replace")


def _ended(code: int) -> str:
    """Say why an expression has no answer."""
    if code == -_SIGPROF:
        return f"it takes more than {CPU_S:g} seconds of computing time"
    return "it takes too long or too much memory"
