"""What every report says of claims of openness and of what can be mended, before it is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from openness_audit.render.escape import clean
from openness_audit.render.views.audit import interval
from openness_audit.render.views.terms import named

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import ClaimDoc, FixDoc

__all__ = ["HELD", "ClaimRow", "additions", "class_words", "found", "quoted", "rows", "score_words", "short"]

HELD = {"held": "holds", "contradicted": "not borne out", "not-determined": "not determined"}
_OPEN = " (with an open licence)"
_ORDER = {"contradicted": 0, "not-determined": 1, "held": 2}


class ClaimRow(Struct, frozen=True):
    """A claim, with the other lines that say the same."""

    claim: ClaimDoc
    lines: tuple[int, ...]

    @property
    def why(self) -> str:
        """Why it holds or not, licences by their names."""
        return named(self.claim.why)

    @property
    def where(self) -> str:
        """The lines it stands on."""
        others = self.lines[1:4]
        left = len(self.lines) - 1 - len(others)
        also = f", also {', '.join(map(str, others))}{f' and {left} more' if left else ''}" if others else ""
        return f"line {self.lines[0]}{also}" if self.lines[0] else "line not known"


def rows(audit: Audit) -> tuple[ClaimRow, ...]:
    """Give the claims, those not borne out first; sentences that say the same once."""
    groups: dict[tuple[str, str, str], list[ClaimDoc]] = {}
    for claim in audit.claims:
        groups.setdefault((claim.kind or claim.text, claim.about, claim.held), []).append(claim)
    told = [ClaimRow(same[0], tuple(dict.fromkeys(c.line for c in same))) for same in groups.values()]
    return tuple(sorted(told, key=lambda r: (_ORDER[r.claim.held], r.lines[0])))


def short(text: str, most: int) -> str:
    """Cut a sentence of the card."""
    said = clean(text)
    return said if len(said) <= most else f"{said[: most - 4].rstrip()} ..."


def quoted(claim: ClaimDoc, most: int) -> str:
    """Quote the sentence; a bundled record holds no words of a card."""
    return f'"{short(claim.text, most)}"' if claim.text else "a sentence of the card"


def found(audit: Audit) -> tuple[FixDoc, ...]:
    """Give what the publisher can mend, the greatest gain first."""
    return audit.fixes.every if audit.fixes else ()


def additions(fix: FixDoc) -> str:
    """Say in a few words what a fix adds to the card."""
    keys = [a.text.split("\n")[0] if a.filled else f"{a.key}: (to fill in)" for a in fix.additions if a.where[0] == "f"]
    heads = [f'a section "{a.key}"' for a in fix.additions if a.where == "section"]
    return ", ".join(map(clean, (*keys, *heads)))


def class_words(audit: Audit) -> str:
    """Say which fixes lead to the next class; empty where none do."""
    if audit.fixes is None or audit.fixes.next_class is None:
        return ""
    steps = [f"{clean(s)}{_OPEN if s == 'license-not-declared' else ''}" for s in audit.fixes.to_class]
    return f"to {clean(audit.fixes.next_class)}: {' and '.join(steps)}"


def score_words(audit: Audit) -> str:
    """Say which fixes lift the score as far as fixes can; empty where none do."""
    if audit.fixes is None or not audit.fixes.to_score:
        return ""
    now = interval(audit.score.low, audit.score.high)
    then = interval(audit.fixes.low, audit.fixes.high)
    return f"score {now} to {then}: {', '.join(map(clean, audit.fixes.to_score))}"
