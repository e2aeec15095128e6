"""Compare a text with the fingerprints of vendors' texts, which are not shipped."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from openness_audit.licenses.differ import changes
from openness_audit.licenses.references import Fingerprint, fingerprints, gram_index, sketch, symbols

__all__ = ["Kin", "by_title", "kin", "unlike"]

_RUN = 8  # symbols that must agree before two texts count as in step again: four bits each
_SHOWN = 8  # changes listed
_BESIDE = 4  # words shown before a gap
_TITLE = 24  # words from the front in which a title is looked for


class Kin(Struct, frozen=True):
    """A known text, the share of it that stands in a text, and the share of the text that is known."""

    entry: Fingerprint
    held: float
    whole: float

    @property
    def similarity(self) -> float:
        """Give the lesser of both: a text embedded in another is like it one way only."""
        return round(min(self.held, self.whole), 3)


def kin(grams: list[int]) -> Kin | None:
    """Find the vendor's text that is most like a text; None when they share nothing."""
    own, index, table = sketch(grams), gram_index(), fingerprints().table
    hits: Counter[int] = Counter()
    for gram in own & index.keys():
        hits.update(index[gram])
    found = [
        Kin(table[number], min(1.0, count / max(1, len(table[number].hashes))), count / max(1, len(own)))
        for number, count in hits.items()
    ]
    return max(found, key=lambda k: (k.held + k.whole, k.entry.digest), default=None)


def by_title(words: list[str]) -> Fingerprint | None:
    """Find the text whose title stands at the front of another: the longest title, the latest version."""
    front = f" {' '.join(words[:_TITLE])} "
    named = [entry for entry in fingerprints().table if f" {entry.title} " in front]
    return max(named, key=lambda e: (len(e.title), e.date, e.version), default=None)


def unlike(words: list[str], entry: Fingerprint) -> tuple[str, ...]:
    """List the runs of words that are not in the known text, and after which words some of its words are missing.

    Words are aligned by four bits each, so one word in sixteen that was exchanged for another does not show.
    """
    stretches: list[str] = []
    for change in changes(entry.symbols, symbols(words), _RUN):
        lost, added = change.end - change.start, words[change.at : change.to]
        if added:
            stretches.append("+" + " ".join(added[:24]) + (" ..." if len(added) > 24 else ""))
        if lost:
            before = " ".join(words[max(0, change.at - _BESIDE) : change.at])
            told = f"{lost} word{'s' if lost > 1 else ''}"
            stretches.append(f"-{told} after '{before}'" if before else f"-{told} at the start")
    return tuple(stretches[:_SHOWN]) or ("a word was exchanged for another",)
