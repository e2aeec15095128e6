"""Read evaluation results from lists, lines and sentences of a card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from openness_audit.collect.results.layout import Grid
from openness_audit.collect.results.names import Names
from openness_audit.collect.results.tables import Measured, Scores
from openness_audit.collect.results.vocabulary import code_languages, plain, prose_words
from openness_audit.model.card import Block, Card

MAX_TEXT: Final = 20_000
LEAST_PRINTED: Final = 2  # metrics that make a block of code what a program printed

_LABELLED = re.compile(
    r"^\s*(?:[-*•+]\s+)?(?P<label>[^\n:=：|]{1,60}?)\s*(?:[:=：|]|\s[-–—]\s|\bis\b)\s*[*_`~≈]*"
    r"(?P<value>[-+]?\d{1,4}(?:[.,]\d{1,20})?)(?P<rest>[^\n]{0,200})$"
)
_PRINTED = re.compile(
    r"^[\s{'\"-]{0,12}(?P<label>[A-Za-z][\w @./-]{0,40}?)['\"]?\s?[:=]\s?(?P<value>[-+]?\d{1,4}\.\d{1,20})[,}\s%]*$"
)
_NUMERAL = re.compile(r"\d")
_FRACTION = re.compile(r"\d[.,]\d|%")  # in each score of a sentence
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+(?=[A-Z\[\d*\"“À-Ý一-龥ぁ-ヿ])|\n\s*\n")
_NUMBER = r"(?<![\w.,$€+-])\d{1,3}(?:[.,]\d{1,6})?(?![\w,]*[\w])\s?%?"
_SCORE = re.compile(_NUMBER)
_ON = re.compile(r"\s?(?:points?\s|score\s)?(?:on|in|for|at)\s(?:the\s|our\s)?", re.IGNORECASE)
_AFTER = re.compile(r"\s?(?:[a-z]{1,12}\s){0,2}[\s(*]{0,2}", re.IGNORECASE)
_PIPE = re.compile(r"^\s*\|?[^|\n]{0,200}\|[^\n]{0,1000}$")
_REPORT = re.compile(r"^\s*precision\s+recall\s+f1-score\s+support\s*$", re.MULTILINE)


def in_results(card: Card, block: Block, names: Names) -> bool:
    """Tell whether the heading above a block, or one further up, says that results follow."""
    words = names.words
    titles = card.path_of(block)
    if titles and plain(titles[-1]) in words.sets["not_score_sections"]:
        return False
    return any(
        plain(t) in words.sets["result_sections"]
        or any(piece in words.sets["result_sections"] for piece in plain(t).split())
        for t in titles[-3:]
    )


def excluded(card: Card, block: Block, names: Names) -> bool:
    """Tell whether the nearest heading says that something else than results follows."""
    titles = card.path_of(block)
    return bool(titles) and plain(titles[-1]) in names.words.sets["not_score_sections"]


def may_score(text: str) -> bool:
    """Say whether lines or sentences of a text may state a score: each has a number, alone behind a mark or "is"."""
    return _NUMERAL.search(text) is not None


def list_scores(block: Block, names: Names, *, expected: bool) -> tuple[Scores, ...]:
    """Find `Accuracy: 0.93` in a list item or the lines of a paragraph.

    Args:
        block: a list item or paragraph.
        names: the subject's names, with the vocabulary.
        expected: the heading or the lead-in says that results follow, so that a benchmark's name will do as a label.

    Returns:
        One entry per line with a score; a loss is none.
    """
    words, found = names.words, []
    needed = _NUMERAL if expected else _FRACTION  # what is stated outside of results has a fraction or a percent sign
    if not needed.search(block.text):
        return ()
    for offset, line in enumerate(block.text[:MAX_TEXT].split("\n")):
        match = _LABELLED.match(line) if needed.search(line) else None
        if not match:
            continue
        label, value, rest = match["label"].strip(" *_`"), match["value"], match["rest"]
        metric = words.metric(label)
        exact = metric is not None and plain(label) in words.metrics
        if not metric and not (expected and words.benchmark(label)):
            continue
        if not exact and not expected:
            continue
        whole = not _FRACTION.search(value + rest[:2])
        if whole and not expected:
            continue  # "precision: 16", "top 5: 3" are settings
        at = block.line + offset
        found.append(
            Scores(
                whose="self",
                line=at,
                excerpt=line.strip(),
                measured=(label,),
                table=False,
                values=(Measured(label, "", value + "%" * rest.lstrip().startswith("%"), at),),
            )
        )
    return tuple(found)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Give the sentences of a text with their offsets; line breaks inside a sentence stay."""
    at = 0
    for match in _SENTENCE.finditer(text[:MAX_TEXT]):
        yield at, text[at : match.start()]
        at = match.end()
    yield at, text[at:MAX_TEXT]


def prose_scores(block: Block, names: Names) -> tuple[tuple[int, int, str, str], ...]:
    """Find sentences that state a score ("an accuracy of 93.5%", "81.2 on MMLU"): start, end, what was measured, value.

    The number must stand right beside the metric or benchmark, in a sentence that speaks of no change and no setting.
    """
    found: list[tuple[int, int, str, str]] = []
    if not _FRACTION.search(block.text):
        return ()
    for start, sentence in sentences(block.text):
        if not _FRACTION.search(sentence):
            continue
        flat = " ".join(sentence.split())
        if len(flat) > 1200 or not _SCORE.search(flat) or prose_words()[1].search(flat):
            continue
        stated = _stated(flat, names)
        if stated:
            found.append((start, start + len(sentence), stated[0].lower(), stated[1]))
    return tuple(found)


def _stated(flat: str, names: Names) -> tuple[str, str] | None:
    """Give the metric or benchmark that stands beside a number, and the number."""
    for match in names.words.metric_text.hits(flat):
        link = prose_words()[0].match(flat, match.end)
        number = _SCORE.match(flat, link.end() if link else match.end)
        if number and _FRACTION.search(number.group()):
            return match.text, number.group().strip()
    for number in _SCORE.finditer(flat):
        if not _FRACTION.search(number.group()):
            continue
        after = _AFTER.match(flat, number.end())
        at = (number.end(), after.end() if after else number.end())
        metric = next((m for m in (names.words.metric_text.match(flat, i) for i in at) if m), None)
        on = _ON.match(flat, number.end())
        benchmark = names.words.benchmark_text.match(flat, on.end()) if on else None
        named = metric or benchmark
        if named:
            return named.text, number.group().strip()
    return None


def printed_scores(block: Block, names: Names) -> tuple[Scores, ...]:
    """Find the metrics that a program printed into a code block, a line each: `si_sdr: 14.7`, `'accuracy': 0.93,`.

    Two lines with a fraction at least; a block that names a learning rate or a number of epochs holds settings.
    """
    words, found = names.words, []
    if block.info.lower() not in words.sets["printed_languages"]:
        return ()
    for offset, line in enumerate(block.text[:MAX_TEXT].split("\n")):
        match = _PRINTED.match(line)
        if match is None:
            continue
        label = match["label"].strip()
        if plain(label) in words.sets["settings"]:
            return ()
        if words.metric(label) and "." in match["value"]:
            at = block.line + offset
            found.append(
                Scores(
                    whose="self",
                    line=at,
                    excerpt=line.strip(),
                    measured=(label,),
                    table=False,
                    values=(Measured(label, "", match["value"].strip(), at),),
                )
            )
    return tuple(found) if len(found) >= LEAST_PRINTED else ()


def code_grids(block: Block) -> tuple[Grid, ...]:
    """Give the tables drawn with bars inside a code block (an evaluation harness prints such), and text reports."""
    if block.info.lower() in code_languages():
        return ()
    if "|" not in block.text and "f1-score" not in block.text:
        return ()
    grids: list[Grid] = []
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for offset, line in enumerate([*block.text[:MAX_TEXT].split("\n"), ""]):
        if "|" in line and _PIPE.match(line):
            cells = tuple(c.strip() for c in line.strip().strip("|").split("|"))
            if not all(set(c) <= set(":- ") for c in cells):
                rows.append(cells)
                lines.append(block.line + offset)
            continue
        if len(rows) >= 2:
            grids.append(Grid(tuple(rows), tuple(lines)))
        rows, lines = [], []
    report = _REPORT.search(block.text[:MAX_TEXT])
    if report:
        head = block.text.count("\n", 0, report.start() + 1)
        body = block.text.split("\n")[head : head + 60]
        parts = [tuple(line.rsplit(None, 4)) for line in body[1:] if len(line.rsplit(None, 4)) == 5]
        if parts:
            table = (("", "precision", "recall", "f1-score", "support"), *parts)
            grids.append(Grid(table, tuple(block.line + head + i for i in range(len(table)))))
    return tuple(grids)
