"""The rows of the models as the page of a registry's report reads them: short arrays, and the words they share once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openness_audit.render.escape import clean
from openness_audit.render.registry import words
from openness_audit.render.views.page import class_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.model.registry_report import Report
    from openness_audit.registry.table import TableRow

SIZE = 5_000  # rows of one part
LONGEST = 300  # characters of a stranger's words in a cell
_LETTERS = {"open": "o", "partial": "p", "closed": "c", "unknown": "u", "not-applicable": "n", None: "u"}
_POLICY = {None: 0, "met": 1, "violated": 2, "no-verdict": 3}


class _Words:
    """Words that many rows have, by number."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.words = list(dict.fromkeys(known))
        self._at = {word: at for at, word in enumerate(self.words)}

    def number(self, word: str) -> int:
        """Give the number of a word, a new one where it was not met before."""
        if word not in self._at:
            self._at[word] = len(self.words)
            self.words.append(word)
        return self._at[word]

    def numbers(self, every: Iterable[str]) -> list[int] | int:
        """Give the numbers of several; 0 for none."""
        return [self.number(word) for word in every] or 0


class Rows:
    """Writes the rows of a report; `about` is complete once all parts were written."""

    def __init__(self, report: Report) -> None:
        """Begin with the words that the report knows already."""
        self._classes = _Words(c.name for c in report.classes)
        self._families = _Words(f.family for f in report.families)
        self._rules = _Words(r.rule for r in report.rules)
        self._clauses = _Words(c.clause for c in report.policy.clauses) if report.policy else _Words()
        self.parts = 0
        self.models = 0

    def write(self, rows: Iterable[TableRow]) -> Iterator[str]:
        """Give the parts, each as the JSON of a list that is safe in a script and in HTML."""
        part: list[str] = []
        for row in rows:
            part.append(_json(self._row(row)))
            self.models += 1
            if len(part) == SIZE:
                self.parts += 1
                yield f"[{','.join(part)}]"
                part = []
        if part:
            self.parts += 1
            yield f"[{','.join(part)}]"

    def about(self, **more: Any) -> str:
        """Give what the script must know of the rows, as JSON that is safe in HTML."""
        classes = self._classes.words
        return _json({
            "models": self.models,
            "parts": self.parts,
            "size": SIZE,
            "classes": classes,
            "titles": [class_title(name) for name in classes],
            "terms": ["open" if name == "open-source-ai" else name.partition("-")[0] for name in classes],
            "families": [words.family(name) for name in self._families.words],
            "families_": self._families.words,
            "rules": self._rules.words,
            "clauses": self._clauses.words,
            **more,
        })  # fmt: skip

    def _row(self, row: TableRow) -> list[Any]:
        lost = row.problem is not None
        declared = row.license_declared or "nothing"
        return [
            _short(row.model), row.audit or 0, words.cause(row.problem) if row.problem else 0,
            0 if lost else self._classes.number(row.class_ or ""), 0 if lost else _short(row.license_effective or ""),
            0 if lost else self._families.number(row.license_effective_family or "unknown"),
            0 if lost else _short(declared), row.score_low, row.score_high,
            0 if lost else "".join(_LETTERS.get(level, "u") for level in row.criteria), _POLICY.get(row.policy, 0),
            self._clauses.numbers(row.violated), self._clauses.numbers(row.unknown), self._rules.numbers(row.errors),
            self._rules.numbers(row.warnings), self._rules.numbers(row.notes), [_short(n) for n in row.held_by] or 0,
            int(row.alone), row.way or 0, _short(row.change or "") or 0, row.downloads, row.sha or 0,
            _short(row.revision or "") or 0, row.gated,
        ]  # fmt: skip


def _short(text: str) -> str:
    said = clean(text)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 4]} ..."


def _json(value: Any) -> str:
    """Write JSON in plain ASCII that ends no element of HTML, whatever strangers wrote."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
