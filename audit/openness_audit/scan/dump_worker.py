"""Audit the rows of a dump: the fast way where only the row is wanted, the whole document where more is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit import warm
from openness_audit.errors import NoVerdictError, OutputError
from openness_audit.scan.dump_audit import audit_row, summary_of_row
from openness_audit.scan.dump_rows import BadRowError, read_row
from openness_audit.scan.finisher import Finisher, failed, unforeseen
from openness_audit.scan.outcome import Job, Outcome, Spec

if TYPE_CHECKING:
    from openness_audit.model.row import DumpRow

NO_CARD = "not-recorded"


class DumpWorker:
    """Audits rows; nothing is asked of anybody."""

    def __init__(self, spec: Spec) -> None:
        """Load the rules, and compile what every card needs."""
        self._spec = spec
        self._finisher = Finisher(spec)
        self._whole = spec.policy is not None or spec.folder is not None
        warm.warm_up()

    def do(self, job: Job) -> list[Outcome]:
        """Audit the rows of a job."""
        return [self._one(seq, item) for seq, item in zip(job.seqs, job.items, strict=True)]

    def _one(self, seq: int, item: bytes) -> Outcome:
        try:
            row = read_row(item, self._spec.columns, self._spec.taken)
        except BadRowError as problem:
            return failed(seq, problem.id, problem.code, f"row {seq + 1} of the dump: {problem}")
        about = _about(row)
        try:
            if self._whole:
                audit = audit_row(row, self._finisher.rules, self._spec.as_of)
                return self._finisher.finished(seq, audit, row.id, **about)
            made = msgspec.structs.replace(summary_of_row(row, self._finisher.rules), **about)
            return Outcome(seq=seq, row=msgspec.json.encode(made))
        except NoVerdictError as problem:
            return failed(seq, row.id, NO_CARD, problem.message, **about)
        except OutputError:
            raise
        except Exception as problem:  # noqa: BLE001 - one row nobody foresaw must not lose the others
            return unforeseen(seq, row.id, problem, **about)

    def close(self) -> None:
        """Keep what was compiled for the next run."""
        from openness_audit import regexcode  # noqa: PLC0415 - only here

        regexcode.codes().keep()


def _about(row: DumpRow) -> dict[str, Any]:
    told = {"downloads": row.downloads, "likes": row.likes, "created_at": row.created_at}
    told |= {"last_modified": row.last_modified, "library": row.library_name, "pipeline_tag": row.pipeline_tag}
    told["audited_at"] = row.taken or None
    return {name: value for name, value in told.items() if value is not None}
