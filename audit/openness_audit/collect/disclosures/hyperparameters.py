"""Read the settings of training: lists, tables, configurations and sentences below a heading that gives several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.vocabulary import code_words
from openness_audit.collect.disclosures.vocabulary import says_nothing, words
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.capture import Text
from openness_audit.model.card import Block, Card
from openness_audit.model.disclosures import Phase, Source
from openness_audit.model.evidence import Place, TextKind
from openness_audit.model.facts import Mention
from openness_audit.model.facts_disclosures import HyperparameterFact

MOST_LINES: Final = 400
LEAST_IN_CODE: Final = 3  # known settings of a code block, one of them a key one
LONGEST_NAME, LONGEST_VALUE = 50, 160
_WORDS: Final = 5  # of a name

_LINE = re.compile(
    rf"^\s*(?:[-*•+]\s+)?[\"'`*_]{{0,3}}(?P<name>[^\W_][^\n:：=|]{{0,{LONGEST_NAME}}}?)[\"'`*_]{{0,3}}\s{{0,3}}(?:[:：=|]|->|→)"
    r"\s{0,3}(?P<value>\S[^\n]{0,400})$"
)
_ARGUMENT = re.compile(r"(?:^|\s)--(?P<name>[a-zA-Z][\w-]{1,40})(?:=|\s{1,3})(?P<value>[^\s\\-][^\s\\]{0,80})")
_CODE_LINE = re.compile(
    r"^\s{0,12}[\"']?(?P<name>[a-zA-Z][\w.-]{0,40})[\"']?\s{0,3}[:=]\s{0,3}(?P<value>[^\s#{\[(][^#\n]{0,120})"
)
_KINDS: Final[dict[Source, TextKind]] = {"code": "code", "table": "table", "list": "list"}
_TRAILING = re.compile(r"[\s,;\"'`*_]+$")


def hyperparameters(card: Card, mentions: Iterable[Mention], identity: Identity) -> Iterator[HyperparameterFact]:
    """Give the settings in the sections of which `mentions` says that they give the subject's hyper-parameters.

    Args:
        card: the subject's card.
        mentions: those of the topic `hyperparameters` that are the subject's own and tied to it.
        identity: the subject's names.

    Returns:
        Each name with each value once, in the order of the card.
    """
    sections = {b.section for b in card.blocks for m in mentions if _holds(b, m.place)}
    seen: set[tuple[str, str]] = set()
    for block in card.blocks:
        if block.section not in sections or block.citation or block.kind == "heading":
            continue
        path = card.path_of(block)
        phase = _phase(path, identity)
        for name, value, line, source in _of_block(block, path[-1] if path else ""):
            key = words().settings.get(plain(name))
            if (key or plain(name), value) in seen:
                continue
            seen.add((key or plain(name), value))
            place = card.document.at(line, f"{name}: {value}", text_kind=_KINDS.get(source, "prose"))
            yield HyperparameterFact(name=name, value=value, id=key, phase=phase, source=source, place=place)


def _holds(block: Block, place: Place) -> bool:
    return place.kind == "card" and place.line is not None and block.line <= place.line <= block.line_end


def _phase(path: tuple[str, ...], identity: Identity) -> Phase:
    for title in reversed(path):
        for phase in ("finetuning", "pretraining"):
            if words().phases[phase].search(title):
                return "finetuning" if phase == "finetuning" else "pretraining"
    return "unknown" if identity.derivation == "base" else "finetuning"


def _of_block(block: Block, title: str) -> Iterator[tuple[str, str, int, Source]]:
    if block.kind == "code":
        found = list(_of_code(block))
        known = {words().settings[plain(n)] for n, *_ in found}
        if len(known) >= LEAST_IN_CODE and known & words().raw.key_hyperparameters:
            yield from found
    elif block.rows:
        yield from _of_table(block)
    else:
        listed = code_words().patterns["hyperparameters.trainer_heading"].search(title.strip().rstrip(":")) is not None
        yield from _of_lines(block, every=listed and block.kind == "list-item")


def _setting(name: str, value: str, *, every: bool = False) -> tuple[str, str] | None:
    """Give a name and its value without marks, where it is a setting; `every`: the name need not be known."""
    name, value = name.strip(" \t\"'`*_-–•"), _TRAILING.sub("", value.strip(" \t\"'`*_"))
    if not name or not value or len(name.split()) > _WORDS or says_nothing(value):
        return None
    if not every and plain(name) not in words().settings:
        return None
    return name, value[:LONGEST_VALUE]


def _of_lines(block: Block, *, every: bool) -> Iterator[tuple[str, str, int, Source]]:
    source: Source = "list" if block.kind == "list-item" else "prose"
    for offset, line in enumerate(block.text.split("\n")[:MOST_LINES]):
        match = _LINE.match(line[:600])
        setting = _setting(match["name"], match["value"], every=every) if match else None
        if setting:
            yield *setting, block.line + offset, "list"
            continue
        for pattern in (words().setting_said, words().count_said):
            for said in pattern.finditer(line[:2000]):
                yield said["name"], said["value"].rstrip(".,"), block.line + offset, source


def _of_table(block: Block) -> Iterator[tuple[str, str, int, Source]]:
    """Read a table with a name and a value in each row, or with names in its head and one row of values."""
    header = block.rows[0]
    known = [i for i, cell in enumerate(header) if plain(cell) in words().settings]
    if len(known) >= 2:
        for row, line in list(zip(block.rows, block.row_lines, strict=False))[1:2]:
            for i in known:
                setting = _setting(header[i], row[i]) if i < len(row) else None
                if setting and len(block.rows) == 2:
                    yield *setting, line, "table"
        return
    for row, line in zip(block.rows[:MOST_LINES], block.row_lines, strict=False):
        cells = [cell for cell in row if cell.strip()]
        setting = _setting(cells[0], cells[1]) if len(cells) == 2 else None
        if setting:
            yield *setting, line, "table"


def _of_code(block: Block) -> Iterator[tuple[str, str, int, Source]]:
    for offset, line in enumerate(block.text.split("\n")[:MOST_LINES]):
        matches = (
            _ARGUMENT.finditer(line[:2000]) if "--" in line else iter(filter(None, [_CODE_LINE.match(line[:300])]))
        )
        for match in matches:
            setting = _setting(match["name"], match["value"])
            if setting:
                yield *setting, block.line + offset, "code"


def adapter_settings(text: Text, place: Place) -> Iterator[HyperparameterFact]:
    """Give the settings in an adapter's own configuration (`adapter_config.json`)."""
    try:
        values = msgspec.json.decode(text.text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return
    if not isinstance(values, dict):
        return
    for name, key in words().raw.adapter_config.items():
        value = values.get(name)
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            value = ", ".join(sorted(value))
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            said = str(value)[:LONGEST_VALUE]
            where = msgspec.structs.replace(place, excerpt=f"{name}: {said}"[:200])
            yield HyperparameterFact(name=name, value=said, id=key, phase="finetuning", source="config", place=where)
