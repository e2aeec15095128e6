"""Read sentences about training data: which sets they name, how much of each, and what they leave unnamed."""

from __future__ import annotations

import re
from typing import Final

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.names import names_in, tokens_of
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.data.context import Heading, VerbAt, verbs_in
from openness_audit.collect.data.found import Extent, Found, Ground
from openness_audit.collect.data.links import known_names
from openness_audit.collect.data.names import ASIDE, Named, Said, Source, named_in
from openness_audit.collect.data.vocabulary import Corpus, Verb, data_words
from openness_audit.model.evidence import Whose
from openness_audit.model.facts_origins import Stage

_CLAUSE = re.compile(r";|\.\s|(?<=[。，])")
_ORG = re.compile(r"(?<![\w/.-])[\w.-]{1,60}/(?=[\w.-])")
NEAR: Final = 80  # characters between a verb and what it is certainly about
NEXT: Final = 30  # characters between "trained on the" and a name
_BOTH: Final = frozenset({"pretraining", "speech", "image", "video", "3d", "science"})  # what either stage may use
WINDOW: Final = 120  # characters before a name in which "a filtered version of" may stand


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
    if previous is not None and previous != "whole" and words.coordinated.fullmatch(ASIDE.sub("", between)):
        return previous
    window = _CLAUSE.split(between[-WINDOW:])[-1]
    if one.reduced or words.subset_before.search(window) or words.subset_after.match(text, one.end):
        return "subset"
    if words.quantity_from.search(window[-NEAR:]):
        return "subset"
    if one.corpus is not None and one.corpus.availability in {"derived", "recipe"}:
        return "mixture"
    if words.examples_before.search(between[-200:]) or words.examples_after.search(text[one.end :][:200]):
        return "examples"
    return "whole"


def governing(verbs: list[VerbAt], one: Named, text: str) -> VerbAt | None:
    """Give the verb that says what was done with a data set: the last before it, or one behind "X was used to"."""
    before = [v for v in verbs if v.end <= one.start + 1]
    after = next((v for v in verbs if v.start >= one.end), None)
    if after is not None and data_words().stage_after.fullmatch(text[one.end : after.start]):
        return after  # "see A for pre-training and B for fine-tuning"
    if len(before) > 1 and before[-1].kind == "pretraining" and data_words().of_model.match(text, before[-1].end):
        return before[-2]  # "we fine-tuned a pretrained language model on X": the model was pretrained before
    if before:
        return before[-1]
    used = after is not None and data_words().used.search(text[one.end : after.end + 20]) is not None
    return after if after is not None and (used or after.kind != "evaluation") else None


def found_in(said: Said) -> tuple[list[Found], list[tuple[Named, VerbAt | None]]]:
    """Read one sentence.

    Returns:
        The data sets it names as used, and those names with their verbs (for what stands beside them).
    """
    text, source = said.text, said.source
    verbs = verbs_in(text)
    done = source.verb is not None or any(v.counts for v in verbs)
    if not done and not _presents(text, source.heading):
        return [], []  # of names that no verb governs, `_fragment` gives none
    named = named_in(text, said.sentence.start, source, said.ground)
    bare = {n.start for n in (_fragment(text, named, source) if source.verb is None else named)}
    accepted: list[tuple[Named, VerbAt | None]] = []
    found: list[Found] = []
    since, extent = 0, None
    for one in named:
        verb = governing(verbs, one, text) or source.verb
        before = accepted[-1][0] if accepted else None
        if not _counts(one, verb, before, said) or (verb is None and one.start not in bare):
            continue
        noun = (
            verb is not None and data_words().strong.match(text, verb.end + 1) is not None
        )  # "the training data of X"
        if verb is not None and not noun and since <= verb.start < verb.end <= one.start:
            since, extent = verb.end, None
        extent = extent_of(text, one, since, extent)
        since = one.end
        found.append(_to_found(one, verb, extent, said))
        first = _both(verbs, verb, one, text)
        found += [_to_found(one, first, extent, said)] if first is not None else []
        accepted.append((one, verb))
    return found, accepted


def _both(verbs: list[VerbAt], verb: VerbAt | None, one: Named, text: str) -> VerbAt | None:
    """Give the first verb of "pretrained and fine-tuned on X": a corpus for both stages, not one for a task."""
    at = verbs.index(verb) if verb in verbs else 0
    if verb is None or at == 0 or verb.kind != "finetuning" or one.corpus is None or one.corpus.kind not in _BOTH:
        return None
    first = verbs[at - 1]
    joined = data_words().coordinated.fullmatch(text, first.end, verb.start) is not None
    return first if joined and first.kind == "pretraining" and first.counts else None


def _counts(one: Named, verb: VerbAt | None, before: Named | None, said: Said) -> bool:
    """Say whether a name stands for data that was used: not denied, not ordered, not describing the one before."""
    if verb is not None and not verb.counts:
        return False
    if verb is not None and one.end <= verb.start and _is_subject(one, said):
        return False
    if verb is not None and before is not None and _describes(said.text, before, one, verb, said.ground):
        return False
    near = verb is not None and 0 <= one.start - verb.end <= NEAR
    return (
        near or said.source.heading.role != "elsewhere"
    )  # among limits or uses only what directly follows a verb counts


def _is_subject(one: Named, said: Said) -> bool:
    """Say whether a corpus's name that begins a sentence is the model's own: models are often named as their data."""
    name = one.name.lower()
    identity = said.ground.identity
    own = name in {identity.name.lower(), *identity.aliases, *identity.family} or tokens_of(name) < tokens_of(
        identity.name
    )
    called = data_words().collective.match(said.text, one.end + 1)
    return one.how == "well-known" and own and not said.text[: one.start].strip(" *_`") and called is None


def _presents(text: str, heading: Heading) -> bool:
    """Say whether a section may present names as its data in a sentence without a verb of training."""
    return heading.role == "data" or (heading.role == "training" and data_words().used.search(text) is not None)


def _fragment(text: str, named: list[Named], source: Source) -> list[Named]:
    """Of a sentence without a verb of training, keep what a section about data presents as its data."""
    words = data_words()
    if source.heading.role == "training":  # below such a heading, only "we used X" speaks of data
        used_at = words.used.search(text)
        clear = {"link", "well-known"}
        return [
            n for n in named if used_at and n.how in clear and 0 <= n.start - used_at.end() <= NEAR and not n.pointer
        ]
    if source.heading.role != "data" or not named:
        return []
    if words.pronouns.match(text):
        return []
    describes = words.describes.search(text, named[0].end)
    used = words.used.search(text[: named[0].start])
    return [n for n in named if describes is None or used or n.start < describes.start()]


def _describes(text: str, first: Named, second: Named, verb: VerbAt, ground: Ground) -> bool:
    """Say whether the second name only says what the first data set was made from; the metadata's own sets never do."""
    if (second.id or "").lower() in ground.listed or (second.corpus and second.corpus.slug in ground.listed):
        return False
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


def owner_of(said: Said, at: int, verb: VerbAt | None) -> Whose:
    """Say whose data a sentence is about; names of corpora are no names of models.

    A label ("Dataset: ...") belongs to its section; "a version of X that was trained on" is about the version.
    """
    text, path, identity = said.text, said.source.path, said.ground.identity
    if said.source.owner is not None:
        return said.source.owner
    if said.source.labelled:
        return section_whose(path, identity)
    if verb is not None and data_words().version_that.search(text[: verb.start]):
        return whose(text[: verb.start], path, identity)
    masked = _ORG.sub(lambda m: " " * len(m.group()), text)
    for name in known_names(text):
        masked = masked[: name.start] + "_" * (name.end - name.start) + masked[name.end :]
    answer = whose(masked, path, identity, at=at)
    if answer == "base" and verb is not None and verb.kind == "finetuning" and section_whose(path, identity) == "self":
        before = names_in(masked[: verb.start], identity)
        return "base" if any(n.whose == "base" for n in before) else "self"  # "fine-tuned PARENT on X" is this model's
    return answer


def stage_and_owner(
    said: Said, at: int, verb: VerbAt | None, corpus: Corpus | None, name: str = ""
) -> tuple[Verb, Stage, Whose]:
    """Give what was done with data named at an offset, which stage that is, and whose."""
    done = verb_of(verb or said.source.verb, said.source.heading)
    continued = bool(verb and verb.continued) or data_words().continued.search(said.text) is not None
    owner = said.ground.owner(owner_of(said, at, verb), done, continued=continued)
    return done, said.ground.stage(done, corpus=corpus, name=name), owner


def _to_found(one: Named, verb: VerbAt | None, extent: Extent, said: Said) -> Found:
    done, stage, owner = stage_and_owner(said, one.start, verb, one.corpus, one.id or one.name)
    told = verb is not None and 0 < verb.end <= one.start <= verb.end + NEXT
    if one.corpus is not None and one.corpus.kind == "evaluation" and not told:
        stage = "evaluation"  # a set made to test is training data only where the sentence says just that
    start = said.sentence.start
    return Found(
        name=one.name,
        stage=stage,
        whose=owner,
        how=one.how,
        place=cite_at(said.source.card, said.source.block, start + one.start, start + one.end),
        source="prose",
        extent=extent,
        id=one.id,
        url=one.url,
        corpus=one.corpus,
        soft=one.pointer or one.how == "undisclosed",
        verb=done,
    )
