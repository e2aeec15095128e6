"""Find what a training can be repeated with: commands, configurations, hyper-parameters, guides and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.whole import low_text
from openness_audit.collect.code.links import code_url
from openness_audit.collect.code.names import starts_from
from openness_audit.collect.code.sentences import MAX_BLOCK, Sentence, about, block_about, by_section, polarity
from openness_audit.collect.code.vocabulary import code_words, framework_words
from openness_audit.model.card import Block, Card
from openness_audit.model.facts import Mention, Topic

_CONTINUED = re.compile(r"\\\s*\n\s*")
_ARGUMENT = re.compile(r"(?:^|\s)-{1,2}[a-zA-Z][\w-]{0,40}|(?:^|\s)[\w.]{2,40}=[^\s=]")
_CONFIG_FILE = re.compile(r"[\w./-]{2,120}\.(?:ya?ml|json|gin|toml|cfg)\b")
_SCRIPT = re.compile(r"[\w./-]{1,80}\.(?:py|sh)\b")
_PRETRAINS = re.compile(r"(?:^|[/_.-])pre-?_?train", re.IGNORECASE)
_SPOKEN: Final = frozenset({"paragraph", "list-item", "html", "quote"})
_ENTRIES: Final = 2  # models a merge is made of at least
_KINDS: Final = 2  # hyper-parameters that make a list
_CODE_KINDS: Final = 3  # in code, where a generation call has some too


def _lines(text: str) -> list[str]:
    """Give the lines of a shell's text, continued ones in one; none where nothing is launched."""
    whole = _CONTINUED.sub(" ", text[:MAX_BLOCK])
    return whole.split("\n") if code_words().patterns["commands.launch"].search(whole) else []


def _command(line: str) -> bool:
    """Say whether a line of shell starts a training and is complete: arguments enough, and no placeholders."""
    patterns = code_words().patterns
    launch = patterns["commands.launch"].search(line[:300])
    if launch is None or not patterns["commands.train_word"].search(line[:600]):
        return False
    if patterns["commands.placeholder"].search(line):
        return False
    return len(_ARGUMENT.findall(line[:4000])) >= code_words().least_arguments or bool(_CONFIG_FILE.search(line))


def _stage(text: str) -> str:
    """Say which training a command is for: by its script's name first, then by its arguments."""
    patterns = code_words().patterns
    script = _SCRIPT.search(text)
    if script and _PRETRAINS.search(script.group()):
        return "pretraining"
    if patterns["commands.finetuning"].search(text):
        return "finetuning"
    return "pretraining" if patterns["commands.pretraining"].search(text) else "training"


def is_merge(text: str) -> bool:
    """Say whether a text is a complete mergekit configuration: what is merged, at least two of them, and how."""
    patterns = code_words().patterns
    part = text[:MAX_BLOCK]
    return (
        patterns["merge.method"].search(part) is not None  # the rarest first
        and patterns["merge.sources"].search(part) is not None
        and len(patterns["merge.entry"].findall(part)) >= _ENTRIES
    )


def _is_config(text: str) -> bool:
    patterns = code_words().patterns
    part = text[:MAX_BLOCK]
    return all(patterns[f"configs.{key}"].search(part) for key in ("model", "data", "rate", "size"))


def _further(card: Card, block: Block) -> bool:
    """Say whether the headings, or the words right before, offer the command to users of the finished model."""
    pattern = code_words().patterns["further_words"]
    before = [b for b in card.blocks if b.section == block.section and b.line < block.line and b.kind != "code"][-2:]
    return any(pattern.search(text) for text in (*card.path_of(block), *(b.text[-600:] for b in before)))


def _code_block(card: Card, block: Block, identity: Identity) -> Iterator[Mention]:
    text = block.text[:MAX_BLOCK]
    attrs: set[str] = set()
    if is_merge(text):
        attrs.add("merge")
    elif _is_config(text):
        attrs |= {"config", "finetuning" if identity.derivation != "base" else _stage(text)}
    else:
        complete = next((line for line in _lines(text) if _command(line)), None)
        if complete is None:
            return
        attrs |= {"command", _stage(complete)}
    if "merge" not in attrs and (starts_from(text, identity) or _further(card, block)):
        attrs.add("further")
    tool = next((t for t in framework_words().tools if t.command and t.command.search(text)), None)
    if tool is not None:
        attrs.add("tool")
    yield Mention(
        topic="training-command",
        object="mergekit" if "merge" in attrs else tool.id if tool else "",
        whose=block_about(card, block, "", identity),
        place=card.cite(block),
        strength="verified",  # the artefact itself stands in the card
        attrs=frozenset(attrs),
    )


def command_mentions(card: Card, identity: Identity) -> list[Mention]:
    """Find complete training commands and configurations in a card's code blocks.

    A configuration may be spread over the code blocks of one section (model, data and command apart).
    """
    found: list[Mention] = []
    spoken = "\n".join(b.text for b in card.blocks if b.kind in _SPOKEN)
    merged = code_words().patterns["merge.method"].search(spoken) is not None  # in no section without
    for blocks in by_section(card).values():
        code = [b for b in blocks if b.kind == "code"]
        mine = [m for block in code for m in _code_block(card, block, identity)]
        whole = "\n".join(b.text for b in code)
        if not any("config" in m.attrs for m in mine) and len(code) > 1 and _is_config(whole) and not is_merge(whole):
            stage = "finetuning" if identity.derivation != "base" else _stage(whole)
            who = block_about(card, code[0], "", identity)
            mine.append(
                Mention(
                    topic="training-command",
                    object="",
                    whose=who,
                    place=card.cite(code[0]),
                    strength="verified",
                    attrs=frozenset({"config", stage}),
                )
            )
        found += mine
        if merged and not mine and is_merge("\n".join(b.text for b in blocks if b.kind in _SPOKEN)):
            first = next(b for b in blocks if b.kind != "heading")
            who = block_about(card, first, "", identity)
            attrs = frozenset({"merge"})
            place = card.cite(first)
            found.append(
                Mention(
                    topic="training-command",
                    object="mergekit",
                    whose=who,
                    place=place,
                    strength="verified",
                    attrs=attrs,
                )
            )
    return found


@lru_cache(maxsize=64)  # of each block, and of all blocks of a section
def _kinds_in(text: str) -> frozenset[str]:
    """Name the hyper-parameters that stand in a text with a value, as far as they count for a list."""
    words = code_words()
    value = words.patterns["hyperparameters.value"]
    lines = [line[:500] for line in text.split("\n")[:400]]
    whole = "\n".join(lines)  # what a line holds, all lines hold together: no pattern asks for the end of a text
    named = {kind: words.hyperparameters[kind] for kind in words.sets["needed"]}
    named = {kind: pattern for kind, pattern in named.items() if pattern.search(whole)}
    found: set[str] = set()
    for line in lines if named else ():
        here = [kind for kind, pattern in named.items() if pattern.search(line)]
        if here and value.search(line):
            found.update(here)
    return frozenset(found)


def _rows(block: Block) -> str:
    return "\n".join(" : ".join(row) for row in block.rows) if block.rows else block.text


def hyperparameter_mentions(card: Card, identity: Identity) -> list[Mention]:
    """Find lists of hyper-parameters with values, one mention per section."""
    words = code_words()
    found: list[Mention] = []
    if sum(words.hyperparameters[kind].search(low_text(card)) is not None for kind in words.sets["needed"]) < _KINDS:
        return found
    for index, every in by_section(card).items():
        section = card.sections[index]
        if section.template:
            continue
        blocks = [b for b in every if b.kind != "heading"]
        prose = [b for b in blocks if b.kind != "code"]
        if len(_kinds_in("\n".join(_rows(b) for b in prose)[:60_000])) >= _KINDS:
            chosen = next((b for b in prose if _kinds_in(_rows(b))), None)
        else:
            code = (b for b in blocks if b.kind == "code")
            chosen = next((b for b in code if len(_kinds_in(b.text[:MAX_BLOCK])) >= _CODE_KINDS), None)
        if chosen is None:
            continue
        heading = words.patterns["hyperparameters.trainer_heading"].search(section.title.strip().rstrip(":"))
        found.append(
            Mention(
                topic="hyperparameters",
                object="",
                whose=block_about(card, chosen, chosen.text[:600] if chosen.kind != "code" else "", identity),
                place=card.cite(chosen),
                strength="declared" if heading else "claimed",
                attrs=frozenset({"trainer-card"}) if heading else frozenset(),
            )
        )
    return found


def _hub_scripts(url: str, text: str, identity: Identity) -> str | None:
    """Give the Hub id of scripts that a sentence about fine-tuning points to, of the same publisher."""
    patterns = code_words().patterns
    match = patterns["hub_scripts.path"].search(url)
    if match is None or not patterns["hub_scripts.words"].search(f"{text} {match.group('path')}"):
        return None
    owner = match.group("id").split("/")[0].lower()
    return match.group("id") if owner == identity.org else None


def _is_guide(url: str, text: str) -> bool:
    """Say whether a link in a sentence about fine-tuning leads to a guide, by its address and the words around it."""
    patterns = code_words().patterns
    if not url.startswith("http") or code_url(url) or not patterns["tutorial.targets"].search(url):
        return False
    return bool(patterns["tutorial.guide"].search(text) or patterns["tutorial.about"].search(url))


def tutorial_mentions(spoken: tuple[Sentence, ...], identity: Identity) -> list[Mention]:
    """Find guides to fine-tune the model, and scripts for it in a Hub repository of the same publisher."""
    patterns = code_words().patterns
    found = []
    for sentence in spoken:
        if not sentence.urls or sentence.block.kind == "heading":
            continue
        heading = sentence.path[-1] if sentence.path else ""
        about_it = patterns["tutorial.about"].search(sentence.text) or patterns["tutorial.about"].search(heading)
        made = identity.derivation != "base" and patterns["tutorial.made"].search(sentence.text)
        if not about_it and not made:
            continue
        if patterns["tutorial.not"].search(sentence.text):
            continue
        for url in sentence.urls:
            scripts = _hub_scripts(url, sentence.text, identity)
            notebook = made and patterns["tutorial.notebooks"].search(url)
            if scripts is None and not notebook and not (about_it and _is_guide(url, sentence.text)):
                continue
            own = identity.org and identity.org in url.lower()
            attrs = {"finetuning", "link"} if scripts else {"own" if own else "third-party"}
            if scripts and identity.derivation != "base":
                attrs.add("further")
            found.append(
                Mention(
                    topic="training-command" if scripts else "tutorial",
                    object=scripts or url[:200],
                    whose=about(sentence, identity),
                    place=sentence.place(),
                    strength="declared",
                    attrs=frozenset(attrs),
                    polarity=polarity(sentence.text),
                )
            )
            break
    return found


_CLAIMS: Final[tuple[tuple[str, Topic], ...]] = (
    ("claims.evaluation", "evaluation-code-claim"),
    ("claims.training", "training-code-claim"),
    ("claims.data-preparation", "data-preparation-claim"),
)


def claim_mentions(spoken: tuple[Sentence, ...], identity: Identity) -> list[Mention]:
    """Find prose that says code is released, without a link to it."""
    patterns = code_words().patterns
    found = []
    for sentence in spoken:
        text = sentence.text[:1000]
        if sentence.block.kind in {"heading", "table"} or not patterns["claims.released"].search(text):
            continue
        code = patterns["claims.code"].search(text)
        if code is None or any(code_url(url) for url in sentence.urls):
            continue
        for key, topic in _CLAIMS:
            match = patterns[key].search(text)
            if match and abs(match.start() - code.start()) <= 60:
                found.append(
                    Mention(
                        topic=topic,
                        object=code.group().lower(),
                        whose=about(sentence, identity, code.start()),
                        place=sentence.place(),
                        polarity=polarity(text),
                        strength="claimed",
                    )
                )
    return found
