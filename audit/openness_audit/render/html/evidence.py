"""The evidence table of the HTML page, and the numbers by which the rest of the page cites it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit, EvidenceDoc

KINDS = {
    "card": "model card",
    "metadata": "card metadata",
    "listing": "file listing",
    "model-info": "Hub metadata",
    "dataset": "data set",
    "code-repository": "code repository",
    "refs": "branches and tags",
    "file": "file",
}
MOST_EVIDENCE = 300  # rows of the evidence table, and
MOST_BYTES = 150_000  # characters of them: the page stays below 300 KB, the rest is in the JSON
MOST_EXCERPT = 320
CUT_AT = 200  # characters at which `collect` cuts an excerpt


def _excerpt(text: str) -> str:
    """Quote a place, and show where the quotation was cut."""
    said = page.clip(clean(text), MOST_EXCERPT)
    return f"{said} \u2026" if len(text) == CUT_AT and not said.endswith("\u2026") else said


class Cited:
    """Numbers the citations in the order of the page's table, and looks them up for the template."""

    def __init__(self, audit: Audit, room: float) -> None:
        """Number the citations of an audit; the table takes its share `room` of the usual length."""
        ordered = sorted(
            audit.evidence, key=lambda e: (e.repo != audit.subject.id, e.repo, e.path or "", e.line or 0, e.id)
        )
        self._audit = audit
        self._uses = page.cited_for(audit)
        self.rows = [self._row(number, e) for number, e in enumerate(ordered, 1)]
        self._by_id = {row["id"]: row for row in self.rows}
        self.shown = self._fit(MOST_BYTES * room)

    def _row(self, number: int, evidence: EvidenceDoc) -> dict[str, Any]:
        uses = self._uses.get(evidence.id, [])
        return {
            "id": evidence.id,
            "number": number,
            "anchor": f"evidence-{number}",
            "place": page.clip(view.place(evidence, self._audit), 240),
            "url": view.link(evidence),
            "excerpt": _excerpt(evidence.excerpt) if evidence.excerpt else None,
            "strength": evidence.strength,
            "kind": KINDS.get(evidence.kind, clean(evidence.kind)),
            "retrieved": clean(evidence.retrieved_at or "")[:10],
            "sha256": clean(evidence.sha256 or "")[:12],
            "uses": ", ".join(uses[:4]) + (f" and {len(uses) - 4} more" if len(uses) > 4 else ""),
        }

    def _fit(self, most: float) -> list[dict[str, Any]]:
        """Take rows from the top until the table is as large as it may get."""
        used, count = 0, 0
        for row in self.rows[:MOST_EVIDENCE]:
            # each address and place stands in the row twice at most, and escaping may lengthen the words
            used += 420 + 2 * len(row["url"] or "") + len((row["place"] + (row["excerpt"] or "")).encode()) * 2
            if used > most:
                break
            count += 1
        return self.rows[:count]

    def __call__(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Give the citations with these ids."""
        return [self._by_id[key] for key in ids if key in self._by_id]

    def at(self, path: str, line: int) -> dict[str, Any] | None:
        """Give the citation of a line of the subject's own file, if there is one."""
        place = f"{path}:{line}"
        return next((row for row in self.rows if row["place"] == place), None)

    def read(self) -> str:
        """Say when the places were read."""
        dates = sorted({row["retrieved"] for row in self.rows if row["retrieved"]})
        if not dates:
            return ""
        return f"read {dates[0]}" if len(dates) == 1 else f"read between {dates[0]} and {dates[-1]}"
