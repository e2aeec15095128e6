"""`--fix-card`: print what the publisher can add to the card as a patch, and say what is left to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.cli.base import output
from openness_audit.fixes.card_patch import card_patch
from openness_audit.fixes.counterfactuals import in_card_order
from openness_audit.model.capture import Failure, Text
from openness_audit.model.fixes import Addition
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit

_NO_CARD = "not-found-or-private"


def additions_of(audit: Audit) -> tuple[Addition, ...]:
    """Give all that an audit proposes to add to the card: the greatest gain first, filled lines before blanks."""
    found = [a for fix in (audit.fixes.every if audit.fixes else ()) for a in fix.additions]
    rows = [Addition(where=a.where, key=a.key, text=a.text, filled=a.filled) for a in found]
    front = sorted((a for a in rows if a.where == "front-matter"), key=lambda a: not a.filled)
    return tuple(dict.fromkeys((*front, *in_card_order([a for a in rows if a.where == "section"]))))


def show(audit: Audit, card: Text | Failure | None, *, quiet: bool) -> bool:
    """Print the patch on standard output, and everything else on standard error; False where the card is not at hand.

    Args:
        audit: the audit, whose `fixes` say what is to be added.
        card: the card's text, why it could not be read, or None where the repository has none.
        quiet: tell nothing but the patch.
    """
    if isinstance(card, Failure) and card.cause.code != _NO_CARD:
        output.tell_error(f"the card of {audit.subject.id} is not at hand: {card.cause.detail}", _retry(card))
        return False
    wanted = additions_of(audit)
    text = card if isinstance(card, Text) else None
    made = card_patch(text.text if text else None, wanted, digest=text.origin.sha256 if text else None)
    if made.diff:
        output.emit(made.diff, machine=True)
    if quiet:
        return True
    for note in made.notes:
        output.tell(f"note: {note}")
    if not made.diff:
        left = f"; {plural(made.blanks, 'blank')} marked FILL IN still to be filled in" if made.blanks else ""
        output.tell(
            f"nothing to add to the card of {audit.subject.id}{left}" if not made.notes else "no patch was made"
        )
    elif made.blanks:
        output.tell(
            f"note: {plural(made.blanks, 'blank')} to fill in, each marked FILL IN; the rest was read in the repository"
        )
    _acts(audit)
    return True


def _retry(card: Failure) -> str:
    offline = card.cause.code in {"offline", "not-recorded"}
    return "run without --offline" if offline else "try again later"


def _acts(audit: Audit) -> None:
    """Name what no words in the card can mend."""
    acts = [fix for fix in (audit.fixes.every if audit.fixes else ()) if not fix.additions]
    for fix in acts:
        output.tell(f"note: {fix.finding} needs more than words: {fix.text}")
