"""Read sentences about training data: which sets they name, how much of each, and what they leave unnamed."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution import section_whose, whose
from openness_audit.collect.attribution_names import names_in
from openness_audit.collect.data_context import Heading, Sentence, VerbAt, verbs_in
from openness_audit.collect.data_found import Extent, Found, Ground, How, of_hub
from openness_audit.collect.data_links import LinkAt, hub_dataset_id, known_names
from openness_audit.collect.data_metadata import placeholder
from openness_audit.collect.data_vocabulary import Corpus, Verb, corpora, data_words
from openness_audit.collect.markdown import cite_at
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose

_SET = re.compile(r"(?:the|a|an|our|my|this)\s+[`\"“*_]{0,3}(?P<name>[^`\"“”,;:()\n]{2,80}?)[`\"”*_]{0,3}\s+(?:data\s?set|corpus)\b", re.IGNORECASE)
_QUOTED_ID = re.compile(r"[`\"“](?P<id>[A-Za-z0-9][\w.-]{1,60}/[A-Za-z0-9][\w.-]{1,90})[`\"”]|(?<![\w/.:@-])(?P<bare>[A-Za-z0-9][\w.-]{1,40}/[A-Za-z0-9][\w.-]{1,90})(?=\s(?:data\s?set|corpus)\b)")
_COORDINATED = re.compile(r"[\s,]*(?:and|or|&|\+|/|,|、|和|及|と|und|et|y|e|и|\(|\))?[\s,]*(?:the\s|the)?")
_CLAUSE = re.compile(r"[;:]|\.\s|(?<=[。，])")
NEAR: Final = 80
WINDOW: Final = 120  # characters before a name in which "a filtered version of" may stand
MAX_FOUND: Final = 60  # in one sentence


class Named(Struct, frozen=True, kw_only=True):
    """A data set named in a text, with its offsets there."""

    start: int
    end: int
    name: str
    how: How
    id: str | None = None
    url: str | None = None
    corpus: Corpus | None = None
    reduced: bool = False
    pointer: bool = False


class Source(Struct, frozen=True):
    """The block a sentence stands in, and what the headings and the words that introduce a list say about it."""

    card: Card
    block: Block
    links: tuple[LinkAt, ...]
    heading: Heading
    path: tuple[str, ...]
    verb: VerbAt | None = None  # of the sentence that introduces the list or table
    owner: Whose | None = None  # whose that sentence is
    labelled: bool = False


def named_in(text: str, offset: int, source: Source, ground: Ground) -> list[Named]:
    """List the data sets a stretch of a block's text names, in order, none inside another.

    Args:
        text: the stretch; `offset` is where it begins in the block's text.
        offset: see above.
        source: gives the links.
        ground: gives the names of models, which are no data sets.
    """
    rows: list[Named] = []

    def free(start: int, end: int) -> bool:
        return not any(r.start < end and start < r.end for r in rows)

    names = known_names(text)
    for link in source.links:
        start, end = link.start - offset, link.end - offset
        if start < 0 or end > len(text):
            continue
        inside = [n for n in names if n.start < end and start < n.end]
        one = _linked(text, start, end, link, [n.corpus for n in inside], source)
        if one is not None and free(one.start, one.end):
            rows.append(one)
        if link.kind == "model":
            names = [n for n in names if n not in inside]
    for name in names:
        if free(name.start, name.end):
            corpus = name.corpus
            how: How = "named" if corpus.availability in {"closed", "withdrawn"} else "well-known"
            url = corpus.url if how == "well-known" else None
            rows.append(Named(start=name.start, end=name.end, name=text[name.start : name.end], how=how, url=url, corpus=corpus, reduced=name.reduced))
    for match in _QUOTED_ID.finditer(text):
        rows += _identified(match, text, ground) if free(match.start(), match.end()) else []
    for match in _SET.finditer(text):
        start, end = match.span("name")
        if free(start, end):
            rows += _unlisted(match["name"], start, ground)
    return sorted(rows, key=lambda r: r.start)[:MAX_FOUND]


def _linked(text: str, start: int, end: int, link: LinkAt, inside: list[Corpus], source: Source) -> Named | None:
    """Say what data set a link names; None where it names none."""
    label = " ".join(text[start:end].split())
    corpus = inside[0] if inside else None
    if link.kind == "hub" and link.id:
        return Named(start=start, end=end, name=link.id, how="link", id=link.id, url=link.url, corpus=of_hub(link.id))
    about = "://" not in label and (data_words().strong.search(label) or data_words().collective.match(text, end))
    if link.kind == "data" or (link.kind in {"code", "web"} and (corpus or about)):
        if corpus is not None and corpus.availability in {"closed", "withdrawn", "derived"}:
            return Named(start=start, end=end, name=label, how="well-known" if corpus.availability == "derived" else "named", corpus=corpus)
        return Named(start=start, end=end, name=label, how="link", url=link.url, corpus=corpus)
    if link.kind == "paper" and corpus is None and about:
        return Named(start=start, end=end, name=label, how="named", url=link.url)
    if link.kind == "pointer" and source.heading.role == "data":
        return Named(start=start, end=end, name=label, how="named", url=link.url, pointer=True)
    return None


def _identified(match: re.Match[str], text: str, ground: Ground) -> list[Named]:
    """Read `org/name` in quotes or before "dataset"."""
    found = hub_dataset_id(match["id"] or match["bare"])
    if found is None or found.lower() in {ground.identity.id.lower(), *(p.lower() for p in ground.identity.parent_ids)}:
        return []
    corpus = of_hub(found)
    if corpus is None and match["id"] and not data_words().collective.match(text, match.end()):
        return []
    return [Named(start=match.start(), end=match.end(), name=found, how="link", id=found, corpus=corpus)]


def _unlisted(raw: str, start: int, ground: Ground) -> list[Named]:
    """Read the X of "the X dataset": a well-known id in small letters, a name, or a placeholder."""
    name = raw.strip(" *_`\"'")
    end = start + len(raw)
    known = corpora().by_hub.get(name.lower())
    if known is not None:
        return [Named(start=start, end=end, name=name, how="well-known", id=name if hub_dataset_id(name) else None, url=known.url, corpus=known)]
    if placeholder(name):
        return [Named(start=start, end=end, name=name, how="undisclosed")]
    last = name.split()[-4:]
    kept = [w for w in last if w.lower().strip("'’s") not in data_words().not_names]
    proper = [w for w in kept if any(c.isupper() or c.isdigit() or c in "_/-" for c in w) and not w.isdigit()]
    if not proper or names_in(name, ground.identity):
        return []
    return [Named(start=start, end=end, name=" ".join(kept[kept.index(proper[0]) :]), how="named")]


def extent_of(text: str, one: Named, since: int, previous: Extent | None) -> Extent:
    """Say how much of a data set a sentence says was used.

    Args:
        text: the sentence.
        one: the data set named in it.
        since: where its clause begins: after the verb or the name before it.
        previous: the extent of the name before, which "and" carries on.
    """
    words = data_words()
    between = text[since : one.start]
    if previous is not None and previous != "whole" and _COORDINATED.fullmatch(between):
        return previous
    window = _CLAUSE.split(between[-WINDOW:])[-1]
    if one.reduced or words.subset_before.search(window) or words.subset_after.match(text, one.end):
        return "subset"
    if one.corpus is not None and one.corpus.availability in {"derived", "recipe"}:
        return "mixture"
    if words.examples_before.search(between[-200:]) or words.examples_after.search(text[one.end :][:200]):
        return "examples"
    return "whole"


def governing(verbs: list[VerbAt], one: Named, text: str) -> VerbAt | None:
    """Give the verb that says what was done with a data set: the last before it, or one behind "X was used to"."""
    before = [v for v in verbs if v.end <= one.start + 1]
    if before:
        return before[-1]
    after = next((v for v in verbs if v.start >= one.end), None)
    if after is not None and (data_words().used.search(text[one.end : after.end + 20]) or after.kind == "training"):
        return after
    return None


def found_in(sentence: Sentence, source: Source, ground: Ground) -> tuple[list[Found], list[tuple[Named, VerbAt | None]]]:
    """Read one sentence.

    Returns:
        The data sets it names as used, and those names with their verbs (for what stands beside them).
    """
    text = sentence.text
    verbs = verbs_in(text)
    named = named_in(text, sentence.start, source, ground)
    if not verbs and source.verb is None:
        named = _fragment(text, named, source)
    accepted: list[tuple[Named, VerbAt | None]] = []
    found: list[Found] = []
    since, extent = 0, None
    for one in named:
        verb = governing(verbs, one, text) or source.verb
        if verb is not None and (not verb.counts or (accepted and _describes(text, accepted[-1][0], one, verb))):
            continue
        if source.heading.role == "elsewhere" and not (verb and 0 <= one.start - verb.end <= NEAR):
            continue  # in a section on limits or use, only what directly follows the verb speaks of training
        if verb is not None and since <= verb.start < verb.end <= one.start:
            since, extent = verb.end, None
        extent = extent_of(text, one, since, extent)
        since = one.end
        found.append(_to_found(one, verb, extent, sentence, source, ground))
        accepted.append((one, verb))
    return found, accepted


def _fragment(text: str, named: list[Named], source: Source) -> list[Named]:
    """Of a sentence without a verb of training, keep what a section about data presents as its data."""
    words = data_words()
    if source.heading.role != "data" or not named:
        return []
    if words.pronouns.match(text):
        return []
    describes = words.describes.search(text, named[0].end)
    used = words.used.search(text[: named[0].start])
    return [n for n in named if describes is None or used or n.start < describes.start()]


def _describes(text: str, first: Named, second: Named, verb: VerbAt) -> bool:
    """Say whether the second name only says what the first data set was made from."""
    return verb.end <= first.start and data_words().description.search(text[first.end : second.start]) is not None


def verb_of(verb: VerbAt | None, heading: Heading) -> Verb:
    """Give what was done, by the verb or else by the headings."""
    said: Verb = verb.kind if verb else "training"
    if said == "training" and heading.stage == "pretraining":
        return "pretraining"
    if said == "training" and heading.stage == "finetuning":
        return "finetuning"
    if verb is None and heading.role == "evaluation":
        return "evaluation"
    return said


def owner_of(text: str, source: Source, ground: Ground, at: int, verb: VerbAt | None) -> Whose:
    """Say whose data a sentence is about; names of corpora are no names of models.

    A label ("Dataset: ...") belongs to its section; "a version of X that was trained on" is about the version.
    """
    if source.labelled:
        return section_whose(source.path, ground.identity)
    if verb is not None and data_words().version_that.search(text[: verb.start]):
        return whose(text[: verb.start], source.path, ground.identity)
    masked = text
    for name in known_names(text):
        masked = masked[: name.start] + "_" * (name.end - name.start) + masked[name.end :]
    return whose(masked, source.path, ground.identity, at=at)


def _to_found(one: Named, verb: VerbAt | None, extent: Extent, sentence: Sentence, source: Source, ground: Ground) -> Found:
    done = verb_of(verb, source.heading)
    said = source.owner or owner_of(sentence.text, source, ground, one.start, verb)
    continued = bool(verb and verb.continued) or data_words().continued.search(sentence.text) is not None
    start = sentence.start + one.start
    return Found(
        name=one.name,
        stage=ground.stage(done, corpus=one.corpus),
        whose=ground.owner(said, done, continued=continued),
        how=one.how,
        place=cite_at(source.card, source.block, start, sentence.start + one.end),
        source="prose",
        extent=extent,
        id=one.id,
        url=one.url,
        corpus=one.corpus,
        soft=one.pointer or one.how == "undisclosed",
        verb=done,
    )
