"""Find the code in a card that loads a model, and say which."""

from __future__ import annotations

from typing import Final

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.sentences import MAX_BLOCK, Sentence, about, block_about
from openness_audit.collect.code.vocabulary import code_words, normal
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose
from openness_audit.model.facts import Mention

_PATTERNS: Final = ("load", "assign", "argument")


def _ids(text: str) -> list[tuple[str, int, int]]:
    """Give the ids that code loads, with their places."""
    patterns = code_words().patterns
    found = [
        (match.group("id"), match.start("id"), match.end("id"))
        for key in _PATTERNS
        for match in patterns[f"snippets.{key}"].finditer(text)
    ]
    return sorted(set(found), key=lambda item: item[1])


def _whose(repo_id: str, identity: Identity) -> Whose | None:
    """Say whose an id in code is; None for a name that is no model's (a variable, a file, a class)."""
    low = repo_id.lower().rstrip("/")
    name = low.rpartition("/")[2]
    if low == identity.id.lower() or (normal(name) == normal(identity.name) and len(normal(name)) > 4):
        return "self"
    if low in {parent.lower() for parent in identity.parent_ids}:
        return "base"
    return "other" if "/" in low else None


def _of_block(card: Card, block: Block, identity: Identity) -> Mention | None:
    """Give the model that code loads which runs one; None where it names none."""
    text = block.text[:MAX_BLOCK]
    found = [(repo_id, who) for repo_id, _, _ in _ids(text) for who in [_whose(repo_id, identity)] if who]
    if identity.id.lower() in text.lower() and not any(who == "self" for _, who in found):
        found.append((identity.id, "self"))
    if not found:
        return None
    rank = {"self": 0, "base": 1, "other": 2}
    repo_id, who = min(found, key=lambda item: rank.get(item[1], 3))
    start = text.lower().find(repo_id.lower())
    line = block.line + text.count("\n", 0, max(0, start))
    return Mention(
        topic="inference-snippet",
        object=repo_id,
        whose=who,
        place=card.document.at(line, text[max(0, start - 60) : start + 100], text_kind="code"),
        strength="verified" if who == "self" else "declared",
        attrs=frozenset({"evaluates"}) if _evaluates(text) else frozenset(),
    )


def _evaluates(text: str) -> bool:
    """Say whether code computes a metric over a data set that it loads: a whole evaluation, not a call to try."""
    patterns = code_words().patterns
    return bool(patterns["snippets.corpus"].search(text) and patterns["snippets.metric"].search(text))


def snippet_mentions(card: Card, spoken: tuple[Sentence, ...], identity: Identity) -> list[Mention]:
    """Find code that loads a model, and prose that tells how the model is used.

    Returns:
        `inference-snippet` with the id that is loaded as object (`self` only for this very model: a snippet copied
        from the base loads another id), and `inference-mention` for prose.
    """
    found = []
    for block in card.blocks:
        if block.kind != "code" or block.citation:
            continue
        if code_words().patterns["snippets.runs"].search(block.text[:MAX_BLOCK]):
            mention = _of_block(card, block, identity)
            if mention is None:
                who = block_about(card, block, "", identity)
                mention = Mention(topic="inference-mention", object="code", whose=who, place=card.cite(block))
            found.append(mention)
    pattern = code_words().patterns["inference_words"]
    for sentence in spoken:
        match = pattern.search(sentence.text)
        if match and sentence.block.kind != "table":
            found.append(
                Mention(
                    topic="inference-mention",
                    object=match.group().lower(),
                    whose=about(sentence, identity, match.start()),
                    place=sentence.place(),
                )
            )
            break
    return found
