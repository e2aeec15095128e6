"""Find the public evaluation harnesses and leaderboards a card names, and whether their settings stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.sentences import MAX_BLOCK, Sentence, about, metadata_whose
from openness_audit.collect.code.vocabulary import Tool, harness_words, named_tools, normal
from openness_audit.model.card import Card
from openness_audit.model.evidence import Place, Whose
from openness_audit.model.facts import Mention

MAX_RESULTS: Final = 500  # of a model-index that are read
_ENOUGH: Final = 2  # benchmark names that make "the tasks"
_DETAILS = re.compile(r"details_([\w.-]{1,96})__([\w.-]{1,96})|[?&]query=([\w.%/-]{1,200})")


class _Found(Struct, frozen=True):
    tool: Tool
    whose: Whose
    place: Place
    linked: bool
    settings: frozenset[str]
    tasks: frozenset[str]


def _section_text(card: Card, index: int) -> str:
    """Give the text of a section's own blocks, code and tables included, and of the tables right below it."""
    own = [b.text[:MAX_BLOCK] for b in card.blocks if b.section == index and not b.citation]
    deeper = card.sections[index]
    below = [
        b.text[:MAX_BLOCK]
        for b in card.blocks
        if b.kind == "table" and b.section != index and deeper.level > 0 and deeper.line <= b.line <= deeper.line_end
    ]
    return "\n".join((*own, *below))[:60_000]


def _settings(text: str, after: str, urls: tuple[str, ...]) -> frozenset[str]:
    """Say which settings stand in a section, behind the harness's name, or in its address."""
    patterns = harness_words().patterns
    found = set()
    if patterns["settings.shots"].search(text):
        found.add("shots")
    if patterns["settings.command"].search(text):
        found.add("command")
    if patterns["settings.version"].search(after) or any(patterns["settings.version"].search(u) for u in urls):
        found.add("version")
    return frozenset(found)


def _tasks(text: str) -> frozenset[str]:
    """Name the benchmarks in a text, without regard to spelling."""
    return frozenset(normal(m.group()) for m in harness_words().patterns["tasks"].finditer(text))


def _details_of(card: Card, index: int, identity: Identity) -> bool | None:
    """Say whether links to a leaderboard's details are the subject's; None where there are none."""
    named = [
        normal(match.group(3).replace("%2F", "/").rpartition("/")[2] if match.group(3) else match.group(2))
        for block in card.blocks
        if block.section == index
        for link in block.links
        for match in [_DETAILS.search(link.url)]
        if match
    ]
    return normal(identity.name) in named if named else None


def _in_prose(spoken: tuple[Sentence, ...], identity: Identity) -> Iterator[_Found]:
    for sentence in spoken:
        tables = sentence.block.kind == "table"
        named = named_tools(harness_words(), sentence.text, sentence.urls)
        if not named or harness_words().patterns["pending"].search(sentence.text[:600]):
            continue
        for tool, start, end in named:
            if tables and tool.kind != "leaderboard" and not sentence.urls:
                continue  # in a table the name stands for a benchmark
            yield _one(sentence, tool, start, end, identity)


def _one(sentence: Sentence, tool: Tool, start: int, end: int, identity: Identity) -> _Found:
    card = sentence.card
    section = sentence.block.section
    text = _section_text(card, section)
    mine = tuple(u for u in sentence.urls if any(part in u.lower() for part in tool.links) or tool.id in normal(u))
    forks = tuple(
        u for u in sentence.urls if u.lower().rstrip("/").split("/tree/")[0].rpartition("/")[2] in _names(tool)
    )
    whose = about(sentence, identity, start, end)
    if whose == "self" and _details_of(card, section, identity) is False:
        whose = "other"
    return _Found(
        tool=tool,
        whose=whose,
        place=sentence.place(max(0, start - 60), end + 60),
        linked=bool(mine or forks),
        settings=_settings(text, sentence.text[end : end + 120], (*mine, *forks)),
        tasks=_tasks(text),
    )


def _names(tool: Tool) -> frozenset[str]:
    return frozenset(repo.split("/")[1] for repo in tool.repos)


def _as_mentions(found: list[_Found]) -> list[Mention]:
    """Make mentions; the settings of one harness may stand in different sections of the card."""
    mentions = []
    for item in found:
        same = [f for f in found if f.tool.id == item.tool.id and f.whose == item.whose]
        settings = frozenset().union(*(f.settings for f in same))
        tasks = frozenset().union(*(f.tasks for f in same))
        whole = bool(settings) and len(tasks) >= _ENOUGH and item.tool.published
        mentions.append(
            Mention(
                topic="leaderboard" if item.tool.kind == "leaderboard" else "harness",
                object=item.tool.id,
                whose=item.whose,
                place=item.place,
                strength="declared" if item.linked or whole else "claimed",
                attrs=frozenset({"settings"}) if whole else frozenset(),
            )
        )
    return mentions


def _results(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the results of a model-index with their paths in the front matter, whatever its shape."""
    index = card.front_matter.values.get("model-index")
    seen = 0
    for i, model in enumerate(index if isinstance(index, list) else ()):
        results = model.get("results") if isinstance(model, dict) else None
        for j, result in enumerate(results if isinstance(results, list) else ()):
            seen += 1
            if seen > MAX_RESULTS:
                return
            if isinstance(result, dict):
                yield f"model-index[{i}].results[{j}]", result


def _line(card: Card, path: str) -> int:
    lines = card.front_matter.lines
    while path not in lines and "." in path:
        path = path.rpartition(".")[0]
    return lines.get(path, lines.get("model-index", 1))


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _in_index(card: Card, identity: Identity) -> Iterator[Mention]:
    """Read leaderboards from a model-index: the source of a result, and the arguments of its task."""
    words = harness_words()
    by_id = {tool.id: tool for tool in words.tools}
    for path, result in _results(card):
        source, data = _as_dict(result.get("source")), _as_dict(result.get("dataset"))
        url, title = str(source.get("url", "")), str(source.get("name", ""))
        named = [tool for tool, _, _ in named_tools(words, title, (url,))]
        kind = str(data.get("type", ""))
        if not named and (kind.startswith("mteb/") or str(data.get("name", "")).startswith("MTEB ")):
            named = [by_id["mteb"]]
        for tool in named[:1]:
            arguments = _as_dict(data.get("args"))
            text = f"{data.get('name', '')} {arguments}"
            settled = words.patterns["settings.shots"].search(text) or data.get("revision") or arguments
            yield Mention(
                topic="leaderboard" if tool.kind == "leaderboard" else "harness",
                object=tool.id,
                whose=_index_whose(url, identity),
                place=card.document.at(_line(card, path), f"{title or kind}: {data.get('name', '')}", text_kind="yaml"),
                strength="declared",
                attrs=frozenset({"settings"}) if settled and tool.published else frozenset(),
            )


def _index_whose(url: str, identity: Identity) -> Whose:
    """Say whose a result of the model-index is: its source's address may name the model."""
    match = _DETAILS.search(url)
    if match:
        name = (match.group(3) or match.group(2)).replace("%2F", "/").rpartition("/")[2]
        return "self" if normal(name) == normal(identity.name) else "other"
    return metadata_whose(identity)


def harness_mentions(card: Card, spoken: tuple[Sentence, ...], identity: Identity) -> list[Mention]:
    """Find the harnesses and leaderboards in one card.

    Args:
        card: the subject's card, or an own repository's README.
        spoken: its sentences.
        identity: the subject's names, for attribution.

    Returns:
        Mentions of topic `harness` or `leaderboard`; `settings` among the attributes when two tasks or more stand in
        the same sections with shots, a version or a command (criteria.md 2.3), and the harness's settings are public.
    """
    found = _as_mentions(list(_in_prose(spoken, identity)))
    if card.role == "card":
        found += _in_index(card, identity)
    return found
