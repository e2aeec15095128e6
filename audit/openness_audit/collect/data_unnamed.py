"""Find what a sentence about training leaves unnamed: alone, or beside the data sets it names."""

from __future__ import annotations

import re
from typing import Final

from openness_audit.collect.data_context import Sentence, VerbAt, verbs_in
from openness_audit.collect.data_found import Found, Ground
from openness_audit.collect.data_prose import Named, Source, owner_of, verb_of
from openness_audit.collect.data_vocabulary import data_words
from openness_audit.collect.markdown import cite_at

_STOP = re.compile(r"[.;:,!?()\n。，；]")
_ITEMS = re.compile(r",|;|、|，|\band\b|\bplus\b|\bund\b|\bet\b|\by\b|&|和|及")
_ASIDE = re.compile(
    r"\s*(?:which|that|who|where|an?\s|the\s|is\b|are\b|was\b|were\b|has\b|have\b|using|with|for|to|by|in|at|on\s|resulting|contain\w*|total\w*|consist\w*|it\b|its\b|this|these|they|we\b|then|also\b|such|including|each|see\b|as\b|both|not\b|\d[\d.,]*[kmbt]?\s(?:tokens|samples|examples|rows|hours|steps))",
    re.IGNORECASE,
)
REACH: Final = 160  # characters after a verb in which its object is looked for
MOST_WORDS: Final = 9  # in an unnamed item of an enumeration


def unnamed_in(sentence: Sentence, source: Source, ground: Ground, accepted: list[tuple[Named, VerbAt | None]]) -> list[Found]:
    """List what a sentence says was trained on without naming it.

    Args:
        sentence: one sentence of a block.
        source: the block and what stands above it.
        ground: decides stage and owner.
        accepted: the data sets the sentence names, with their verbs.

    Returns:
        Undisclosed findings. Those that stand beside named sets count always; one that stands alone is a summary,
        and counts only where nothing else is said of the stage (`soft`).
    """
    if accepted:
        return _beside(sentence, source, ground, accepted)
    return _alone(sentence, source, ground)


def _alone(sentence: Sentence, source: Source, ground: Ground) -> list[Found]:
    """Read "trained on a large corpus of web text": data, but not which."""
    text = sentence.text
    verbs = verbs_in(text)
    found: list[Found] = []
    for index, verb in enumerate(verbs):
        if not verb.counts or verb.kind == "evaluation":
            continue
        end = verbs[index + 1].start if index + 1 < len(verbs) else len(text)
        after = text[verb.end : min(end, verb.end + REACH)]
        noun = data_words().nouns.search(after) or data_words().withheld.search(after)
        object_of = data_words().prepositions.search(after[: noun.start()]) if noun else None
        near = noun is not None and (noun.start() <= 2 or not text.isascii())
        if noun is not None and object_of is None and not near:
            noun = None
        if noun is None and not (verb.continued and verb.kind == "pretraining"):
            continue
        stop = verb.end + (noun.end() if noun else 0)
        found.append(_undisclosed(sentence, verb.start, stop, verb, source, ground, soft=True))
    if not verbs and source.heading.role == "data":
        held = data_words().withheld.search(text)
        if held is not None and data_words().nouns.search(text):
            found.append(_undisclosed(sentence, held.start(), held.end(), None, source, ground, soft=True))
    return found[:4]


def _beside(sentence: Sentence, source: Source, ground: Ground, accepted: list[tuple[Named, VerbAt | None]]) -> list[Found]:
    """Read "trained on X, enhanced with curated corpora": a further part without a name."""
    text, words = sentence.text, data_words()
    first = accepted[0]
    verb = first[1]
    start = verb.end if verb is not None and verb.end <= first[0].start else 0
    spans = [(n.start, n.end) for n, _ in accepted]
    for match in words.beside.finditer(text, start):
        stop = _STOP.search(text, match.end() + 1)
        end = min(stop.start() if stop else len(text), match.end() + REACH)
        if words.nouns.search(text[match.end() : end]) and not _holds(spans, match.end(), end):
            return [_undisclosed(sentence, match.end(), end, verb, source, ground, soft=False)]
    for match in words.withheld.finditer(text, start):
        if words.nouns.search(text, match.start(), min(len(text), match.end() + 60)) or words.nouns.match(text, match.start()):
            return [_undisclosed(sentence, match.start(), match.end(), verb, source, ground, soft=False)]
    return _enumerated(sentence, source, ground, spans, start, verb)


def _holds(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in spans)


def _enumerated(
    sentence: Sentence, source: Source, ground: Ground, spans: list[tuple[int, int]], start: int, verb: VerbAt | None
) -> list[Found]:
    """Find an item of an enumeration that is data and has no name: "X, Y and filtered web pages"."""
    text, words = sentence.text, data_words()
    cuts = [start, *(m.start() for m in _ITEMS.finditer(text, start) if not _holds(spans, m.start(), m.end())), len(text)]
    for begin, end in zip(cuts, cuts[1:], strict=False):
        if _holds(spans, begin, end):
            continue
        joint = _ITEMS.match(text, begin)
        at = joint.end() if joint else begin
        piece = text[at : min(end, at + REACH)]
        stop = _STOP.search(piece)
        piece = piece[: stop.start()] if stop else piece
        leads = begin == start and words.prepositions.match(piece.lstrip()) is not None
        follows_name = begin != start and begin >= spans[0][1]
        if not (leads or follows_name) or _ASIDE.match(piece) or verbs_in(piece) or len(piece.split()) > MOST_WORDS:
            continue
        if words.strong.search(piece):
            return [_undisclosed(sentence, at, at + len(piece), verb, source, ground, soft=False)]
    return []


def _undisclosed(
    sentence: Sentence, start: int, end: int, verb: VerbAt | None, source: Source, ground: Ground, *, soft: bool
) -> Found:
    kind = verb_of(verb or source.verb, source.heading)
    said = source.owner or owner_of(sentence.text, source, ground, start, verb)
    continued = bool(verb and verb.continued) or data_words().continued.search(sentence.text) is not None
    return Found(
        name=" ".join(sentence.text[start:end].split())[:80],
        stage=ground.stage(kind),
        whose=ground.owner(said, kind, continued=continued),
        how="undisclosed",
        place=cite_at(source.card, source.block, sentence.start + start, sentence.start + end),
        source="prose",
        extent="whole" if soft else "mixture",
        soft=soft,
        verb=kind,
    )
