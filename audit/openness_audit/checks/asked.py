"""What many checks ask of the same facts, worked out once a subject."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from openness_audit.model.evidence import Cause, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.facts import Facts, Mention

T = TypeVar("T")


def once_a_subject(read: Callable[[Facts], T]) -> Callable[[Facts], T]:
    """Remember the last answer of a pure function of facts, by the very facts: all rules ask one subject in turn."""
    last: tuple[Facts, T] | None = None

    @wraps(read)
    def asked(facts: Facts) -> T:
        nonlocal last
        known = last  # taken at once: another thread may put another subject's there
        if known is not None and known[0] is facts:
            return known[1]
        answer = read(facts)
        last = facts, answer
        return answer

    return asked


@once_a_subject
def _by_topic(facts: Facts) -> dict[str, tuple[Mention, ...]]:
    found: dict[str, list[Mention]] = {}
    for mention in facts.mentions:
        found.setdefault(mention.topic, []).append(mention)
    return {topic: tuple(some) for topic, some in found.items()}


def mentions_of(facts: Facts, topic: str) -> tuple[Mention, ...]:
    """Give the mentions of one topic, in their order."""
    return _by_topic(facts).get(topic, ())


@once_a_subject
def texts_unread(facts: Facts) -> tuple[Cause, ...]:
    """Give the causes why the card or an own repository's README could not be read whole, empty when all were."""
    causes = [facts.card.cause] if isinstance(facts.card, Unavailable) else []
    causes += [
        repo.opened.cause for repo in facts.code if repo.whose == "self" and isinstance(repo.opened, Unavailable)
    ]
    causes += [row.cause for row in facts.unread if row.scope in {"card", "own-readme"}]
    return tuple(dict.fromkeys(causes))


@once_a_subject
def card_unread(facts: Facts) -> tuple[Cause, ...]:
    """Give the causes why the card could not be read whole, empty when it was."""
    causes = [facts.card.cause] if isinstance(facts.card, Unavailable) else []
    return tuple(dict.fromkeys((*causes, *(row.cause for row in facts.unread if row.scope == "card"))))
