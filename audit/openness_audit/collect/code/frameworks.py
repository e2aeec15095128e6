"""Find the training frameworks a card names: in metadata, prose, version lists and generated cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.sentences import Sentence, about, block_about, metadata_place, metadata_whose
from openness_audit.collect.code.vocabulary import Tool, code_words, framework_words, named_tools
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.evidence import Strength
from openness_audit.model.facts import Mention

_VERSIONS = re.compile(r"^(?:training )?framework versions?$|^software versions?$|^versions?$", re.IGNORECASE)
_LISTED = re.compile(r"^\s*[\w .-]{2,30}:?\s+v?\d+\.\d+")
_LABEL = re.compile(r"^\W{0,6}([\w /&-]{3,40}?)\W{0,4}[:：]")
_PRETRAINED = re.compile(r"\bpre-?\s?train(?:ed|ing)?\b|from scratch|预训练|事前学習", re.IGNORECASE)
_FORK = re.compile(r"\bfork(?:ed)?\b", re.IGNORECASE)


def _by_metadata(card: Card | None, info: RepoInfo, identity: Identity) -> Iterator[Mention]:
    """Read tags and `library_name`."""
    tags = {tag.lower() for tag in info.tags}
    listed = card.front_matter.values.get("tags") if card is not None else None
    mine = {str(tag).lower(): f"tags[{i}]" for i, tag in enumerate(listed)} if isinstance(listed, list) else {}
    library = (info.library_name or "").lower()
    words = framework_words()
    if words.tags.isdisjoint(tags) and words.tags.isdisjoint(mine) and library not in words.libraries:
        return
    for tool in words.tools:
        tag = next(iter(sorted((tags | set(mine)) & tool.tags)), None)
        by_library = library in tool.libraries
        if tag is None and not by_library:
            continue
        key = "library_name" if tag is None else mine.get(tag, "tags")
        excerpt = f"library_name: {library}" if tag is None else f"tags: {tag}"
        yield Mention(
            topic="framework",
            object=tool.id,
            whose=metadata_whose(identity),
            place=metadata_place(card, info, key, excerpt),
            strength="declared",
            attrs=frozenset({tool.kind, "library" if tag is None else "tag"}),
        )


def _speaks_of_training(sentence: Sentence, start: int) -> bool:
    """Say whether a sentence, its label or its heading says that the software named trains a model."""
    patterns = framework_words().patterns
    label = _LABEL.match(sentence.text)
    if label and label.end() <= start and patterns["labels"].search(label.group(1).strip()):
        return True
    if _VERSIONS.match(sentence.path[-1].strip() if sentence.path else "") and _LISTED.match(sentence.text):
        return True
    words = sentence.text[max(0, start - 200) : start + 200]
    if patterns["training_words"].search(words):
        return not (patterns["not_training"].search(words) and not _before(words, start, sentence))
    heading = sentence.path[-1] if sentence.path else ""
    return bool(patterns["training_headings"].search(heading)) and not patterns["not_training"].search(words)


def _before(words: str, start: int, sentence: Sentence) -> bool:
    """Say whether a training word stands close before the name ("trained with X"), whatever else is said."""
    near = sentence.text[max(0, start - 60) : start]
    return words != "" and framework_words().patterns["training_words"].search(near) is not None


def _mention(sentence: Sentence, tool: Tool, start: int, end: int, identity: Identity) -> Mention:
    linked = any(part in url.lower() for url in sentence.urls for part in tool.links)
    strength: Strength = "declared" if linked else "claimed"
    attrs = {tool.kind}
    if linked:
        attrs.add("link")
    if _FORK.search(sentence.text):
        attrs.add("fork")
    spoken = f"{sentence.text}\n{sentence.path[-1] if sentence.path else ''}"
    if code_words().roles["finetuning"].context.search(spoken) and not _PRETRAINED.search(spoken):
        attrs.add("finetuning")
    return Mention(
        topic="framework",
        object=tool.id,
        whose=about(sentence, identity, start, end),
        place=sentence.place(max(0, start - 80), end + 80),
        strength=strength,
        attrs=frozenset(attrs),
    )


def _by_badges(card: Card, identity: Identity) -> Iterator[Mention]:
    """Read linked images whose alternative text says what the model was made with ("Built with X")."""
    words = framework_words()
    for block in card.blocks:
        pictured = {link.text for link in block.links if link.image and words.patterns["badges"].search(link.text)}
        for link in block.links:
            if link.image or link.text not in pictured or block.citation:
                continue
            for tool, _, _ in named_tools(words, link.text, (link.url,)):
                yield Mention(
                    topic="framework",
                    object=tool.id,
                    whose="base" if block_about(card, block, "", identity) == "base" else "self",  # below thanks too
                    place=card.document.at(link.line, f"{link.text} {link.url}", text_kind="image"),
                    strength="declared",
                    attrs=frozenset({tool.kind, "link"}),
                )


def framework_mentions(
    card: Card | None, spoken: tuple[Sentence, ...], info: RepoInfo | None, identity: Identity
) -> list[Mention]:
    """Find the training frameworks in one card and, with `info`, in the Hub's record.

    Args:
        card: the subject's card or an own repository's README; None where there is none.
        spoken: the card's sentences.
        info: the Hub's record of the subject, only with the subject's own card.
        identity: the subject's names, for attribution.

    Returns:
        Mentions of topic `framework`; the attributes hold its kind (fine-tune, pre-train, both, infrastructure, merge)
        and `tag`, `library`, `link`, `fork`, or `finetuning` where the sentence is only about that. Software called
        proprietary or custom is not named.
    """
    found = list(_by_metadata(card, info, identity)) if info is not None else []
    if card is not None and card.role == "card":
        found += _by_badges(card, identity)
    for sentence in spoken:
        if sentence.block.kind == "heading":
            continue
        for tool, start, end in named_tools(framework_words(), sentence.text, sentence.urls):
            own_words = sentence.block.text[:2000]
            if tool.kind == "infrastructure" and framework_words().patterns["proprietary"].search(own_words):
                continue
            if _speaks_of_training(sentence, start):
                found.append(_mention(sentence, tool, start, end, identity))
    return found
