"""Find what a sentence about training leaves unnamed: alone, or beside the data sets it names."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.data.context import VerbAt, verbs_in
from openness_audit.collect.data.enumerated import unnamed_items
from openness_audit.collect.data.found import Found
from openness_audit.collect.data.names import Named, Said
from openness_audit.collect.data.prose import stage_and_owner
from openness_audit.collect.data.vocabulary import data_words
from openness_audit.collect.patterns import lazy

_STOP = re.compile(r"[.;:,!?()\n。，；]")
_WIDE = lazy(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ACRONYM = re.compile(r"\bthe\s[A-Za-z]{0,12}[A-Z]{2}[\w-]{0,20}\s(?:data\s?set|data|corpus)\Z")  # a set of its own
REACH: Final = 160  # characters after a verb in which its object is looked for
HELD: Final = 60  # characters after "proprietary" in which a noun of data is looked for
MOST: Final = 4  # statements kept of one sentence


def unnamed_in(said: Said, accepted: list[tuple[Named, VerbAt | None]]) -> list[Found]:
    """List what a sentence says was trained on without naming it.

    Args:
        said: the sentence.
        accepted: the data sets it names, with their verbs.

    Returns:
        Undisclosed findings. Those that stand beside named sets count always; one that stands alone is a summary,
        and counts only where nothing else is said of the stage (`soft`).
    """
    return _beside(said, accepted) if accepted else _alone(said)


def cleaned_in(said: Said) -> list[Found]:
    """Read "after de-duplicating the data": what was used is not what the named sets hold."""
    match = data_words().cleaned.search(said.text)
    if match is None or not data_words().sources.search(said.text):
        return []
    verb = next((v for v in verbs_in(said.text) if v.counts and v.kind != "evaluation"), None)
    return [msgspec.structs.replace(_undisclosed(said, match.span(), verb, soft=True), cleans=True)]


def _alone(said: Said) -> list[Found]:
    """Read "trained on a large corpus of web text": data, but not which."""
    text, words = said.text, data_words()
    found: list[Found] = []
    objects = objects_in(text)
    if not objects and said.source.heading.role != "data":
        return []
    held = words.withheld.search(text)
    for verb, stop in objects:
        if stop is not None or (verb.continued and verb.kind == "pretraining"):
            end = verb.end if stop is None else stop
            span = (min(verb.start, end), max(verb.end, end))
            found.append(_undisclosed(said, span, verb, soft=held is None and not _ACRONYM.search(text[: span[1]])))
        if len(found) == MOST:
            return found
    about_data = said.source.heading.role == "data" and not words.pronouns.match(text) and not verbs_in(text)
    if held is not None and about_data and words.nouns.search(text):
        found.append(_undisclosed(said, held.span(), None, soft=False))
    return found[:MOST]


def objects_in(text: str) -> list[tuple[VerbAt, int | None]]:
    """List the verbs of training in a sentence, each with the end of the words that say what data it was done on."""
    words = data_words()
    verbs = verbs_in(text)
    rows: list[tuple[VerbAt, int | None]] = []
    for index, verb in enumerate(verbs):
        if not verb.counts or verb.kind == "evaluation":
            continue
        end = verbs[index + 1].start if index + 1 < len(verbs) else len(text)
        after = text[verb.end : min(end, verb.end + REACH)]
        noun = words.nouns.search(after) or words.withheld.search(after)
        if noun is not None:
            near = words.strong.match(after, noun.start()) is not None if noun.start() <= 2 else not text.isascii()
            noun = noun if near or words.prepositions.search(after[: noun.start()]) else None
        before = _object_before(text, verbs[index - 1].end if index else 0, verb.start) if noun is None else None
        rows.append((verb, before if noun is None else verb.end + noun.end()))
    return rows


def _object_before(text: str, since: int, verb: int) -> int | None:
    """Give where data stands before its verb: "we used X to train", "mit X trainiert", "Xで学習"."""
    words = data_words()
    if not text.isascii() and _WIDE.search(text):
        noun = words.nouns.search(text, since, verb) or words.withheld.search(text, since, verb)
    else:
        lead = words.used.search(text, since, verb) or words.prepositions.search(text, since, verb)
        noun = words.nouns.search(text, lead.end(), verb) if lead else None
    return noun.start() if noun else None


def _beside(said: Said, accepted: list[tuple[Named, VerbAt | None]]) -> list[Found]:
    """Read "trained on X, enhanced with curated corpora": a further part without a name."""
    text, words = said.text, data_words()
    first, verb = accepted[0]
    start = verb.end if verb is not None and verb.end <= first.start else 0
    spans = [(n.start, n.end) for n, _ in accepted]
    for match in words.beside.finditer(text, start):
        stop = _STOP.search(text, match.end() + 1)
        end = min(stop.start() if stop else len(text), match.end() + REACH)
        named = any(s < end and match.end() < e for s, e in spans)
        if not named and words.nouns.search(text[match.end() : end]):
            return [_undisclosed(said, (match.end(), end), verb, soft=False)]
    for match in words.withheld.finditer(text, start):
        if words.nouns.search(text, match.start(), min(len(text), match.end() + HELD)):
            return [_undisclosed(said, match.span(), verb, soft=False)]
    for span, name in unnamed_items(said, spans, start)[:1]:
        item = _undisclosed(said, span, verb, soft=False)
        return [msgspec.structs.replace(item, how="named", name=name, extent="whole") if name else item]
    return []


def _undisclosed(said: Said, span: tuple[int, int], verb: VerbAt | None, *, soft: bool) -> Found:
    done, stage, owner = stage_and_owner(said, span[0], verb, None)
    start = said.sentence.start
    return Found(
        name=" ".join(said.text[span[0] : span[1]].split())[:80],
        stage=stage,
        whose=owner,
        how="undisclosed",
        place=cite_at(said.source.card, said.source.block, start + span[0], start + span[1]),
        source="prose",
        extent="whole" if soft else "mixture",
        soft=soft,
        verb=done,
    )
