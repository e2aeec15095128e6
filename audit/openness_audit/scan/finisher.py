"""Make the row of a model: of its audit, judged by the policy, or of why there is none."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit import exits
from openness_audit.collect.assemble import TURN
from openness_audit.document.row import row_of
from openness_audit.errors import NoVerdictError, SubjectDisabledError, SubjectNotFoundError
from openness_audit.model.row import Row
from openness_audit.ruleset import load_rules
from openness_audit.scan.disk import make_folder, write_whole
from openness_audit.scan.outcome import Outcome, Spec
from openness_audit.scan.places import audit_name

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit

INTERNAL = "internal"  # the cause of a row whose audit met an error that nobody foresaw
UNREADABLE = "unreadable"  # neither card nor listing could be read


class Finisher:
    """Makes the row of a finished audit: judged by the policy, and put on the disk where that is wanted."""

    def __init__(self, spec: Spec) -> None:
        """Load the rules."""
        self.rules = load_rules(Path(spec.rules_dir) if spec.rules_dir else None)
        self.spec = spec

    def finished(self, seq: int, audit: Audit, asked: str, **about: Any) -> Outcome:
        """Give the outcome of an audit; threads take turns. Raises OutputError where the document cannot be written.

        Args:
            seq: the place in the source.
            audit: the document.
            asked: the id it was asked for by.
            about: what else is known of the model: fields of its row.
        """
        with TURN:
            audit = self._judged(audit, asked)
            row = msgspec.structs.replace(row_of(audit), **policy_fields(audit), **_known(about))
            line, document = msgspec.json.encode(row), self._document(audit)
        if document is None:
            return Outcome(seq=seq, row=line)
        place = audit_name(audit.subject.id, audit.subject.revision)
        path = Path(self.spec.folder or "") / place
        make_folder(path.parent)
        write_whole(path, document, durable=False)  # thousands of them
        return Outcome(seq=seq, row=line, audit=place)

    def _document(self, audit: Audit) -> bytes | None:
        if self.spec.folder is None:
            return None
        from openness_audit.render import renderer  # noqa: PLC0415 - only where audits are wanted

        return renderer("json")(audit).encode("utf-8", "replace")

    def _judged(self, audit: Audit, asked: str) -> Audit:
        spec = self.spec
        if spec.policy is not None:
            from openness_audit.policy.apply import apply  # noqa: PLC0415 - only where there is a policy

            audit = apply(audit, spec.policy, spec.as_of, asked=asked)
        use = spec.use or (spec.policy.use if spec.policy else None)
        if use is None:
            return audit
        return msgspec.structs.replace(audit, verdict=msgspec.structs.replace(audit.verdict, wanted=use))


def policy_fields(audit: Audit) -> dict[str, Any]:
    """Give what a policy's result adds to a row."""
    result = audit.verdict.policy
    if result is None:
        return {}
    by: dict[str, list[str]] = {"violated": [], "unknown": [], "waived": []}
    for clause in result.clauses:
        if clause.met in by:
            by[clause.met].append(clause.id)
    code = exits.of_audit(audit)[0]
    return {"policy": result.result, "exit_code": code} | {f"policy_{met}": tuple(ids) for met, ids in by.items()}


def failed(seq: int, name: str, code: str, message: str, *, retryable: bool = False, **about: Any) -> Outcome:
    """Give the outcome of a model that could not be audited."""
    exit_code = exits.FAILED if code == INTERNAL else exits.NO_VERDICT
    row = Row(model=name, problem=code, problem_message=message[:500], exit_code=exit_code, **_known(about))
    return Outcome(seq=seq, row=msgspec.json.encode(row), cause=code, retryable=retryable)


def unforeseen(seq: int, name: str, problem: BaseException, **about: Any) -> Outcome:
    """Give the outcome of a model whose audit met an error nobody foresaw: where it arose, and nothing it held."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return failed(seq, name, INTERNAL, f"internal error: {type(problem).__name__}{where}", **about)


def code_of(problem: NoVerdictError) -> str:
    """Give the code for an error that carries no cause."""
    if isinstance(problem, SubjectNotFoundError):
        return "not-found-or-private"
    return "disabled" if isinstance(problem, SubjectDisabledError) else UNREADABLE


def _known(about: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if value is not None}
