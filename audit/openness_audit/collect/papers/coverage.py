"""Say which papers, reports and blog posts a card points to, and whether each covers this model."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.attribution.foreign import repeated_names
from openness_audit.collect.attribution.foreign_names import Known, names_to_know, titled
from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import names_in, tokens_of
from openness_audit.collect.attribution.ties import ALL_TIED, Ties
from openness_audit.collect.attribution.words import patterns
from openness_audit.collect.code.vocabulary import framework_words, named_tools
from openness_audit.collect.papers.find import Candidate, candidates
from openness_audit.collect.papers.titles import head_of, is_name, title_covers
from openness_audit.collect.papers.words import Known as Listed
from openness_audit.collect.papers.words import paper_words
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import Lineage, Paper

Covers = Literal["self", "family", "base", "predecessor", "data", "method", "other", "unknown"]

_RANK: Final[dict[Covers, int]] = {
    "self": 8, "family": 7, "base": 6, "predecessor": 5, "data": 4, "method": 3, "unknown": 2, "other": 1,
}  # fmt: skip
MOST_LEAD: Final = 4  # words before a link that are only a lead: "More details in"
_COPIES: Final = frozenset({"quantized", "conversion", "reupload"})
_NAMED = re.compile(r"(?:^|[\s(\[\"'`])(?P<name>[^\W\d_][\w.+@-]{1,40})(?:['’]s?)?\s{0,2}\Z")
_CITED = re.compile(r"\bet\.? al|\b(?:19|20)\d\d[a-z]?\)?\s*\Z", re.IGNORECASE)  # "(Smith et al., 2020)"
_OUR = re.compile(r"\bour\s(?:\w+\s){0,2}\Z", re.IGNORECASE)


class _Decision(Struct, frozen=True):
    covers: Covers
    weight: int  # 3: known, 2: by its title, 1: by the words around it
    candidate: Candidate


def find_papers(
    cards: tuple[Card, ...], info: RepoInfo, identity: Identity, lineage: Lineage, ties: Ties = ALL_TIED
) -> tuple[Paper, ...]:
    """Find the papers a model's card, own READMEs and tags point to.

    Args:
        cards: the model card and own repositories' READMEs.
        info: the Hub's record; its `arxiv:` tags count where no card spells the paper out.
        identity: the subject's names.
        lineage: what the model is made from: a parent's paper is the base's.
        ties: the paragraphs that are tied to the subject; elsewhere words do not make a paper its own.

    Returns:
        One `Paper` per id, sorted: those that cover the model first. A paper counts as the model's own only where its
        title, a statement about this model, or the tool's list of well-known papers says so.
    """
    found = candidates(cards, info)
    entries = {(c.repo, c.block) for c in found if c.source == "bibtex" and _known(c) is None}
    alone = len(entries) == 1 and sum(c.source == "bibtex" and _known(c) is None for c in found) == 1
    known = names_to_know(identity, frozenset(n for card in cards if found for n in repeated_names(card)))
    decisions: dict[str, list[_Decision]] = {}
    for candidate in found:
        decision = _decide(candidate, known, lineage, alone=alone)
        by_words = decision.weight == 1 and _RANK[decision.covers] >= _RANK["family"] and candidate.role == "card"
        untied = by_words and not ties.tied(candidate.place.line, "paper")
        decisions.setdefault(candidate.id, []).append(_Decision("unknown", 1, candidate) if untied else decision)
    papers = [_paper(paper_id, rows) for paper_id, rows in decisions.items()]
    papers = [p for p in papers if p.kind != "blog" or p.covers != "other"]
    return tuple(sorted(papers, key=lambda p: (-_RANK[p.covers], p.kind == "blog", p.id)))


def _paper(paper_id: str, rows: list[_Decision]) -> Paper:
    top = max(row.weight for row in rows)
    best = max((r for r in rows if r.weight == top), key=lambda r: _RANK[r.covers])
    first = [r for r in rows if r.covers == best.covers]
    places = tuple(dict.fromkeys(r.candidate.place for r in (*first, *rows)))
    kinds = {r.candidate.kind for r in rows}
    host = paper_id.partition("://")[2].partition("/")[0]
    return Paper(
        id=paper_id,
        covers=best.covers,
        kind="blog" if kinds == {"blog"} else "report" if "report" in kinds else "paper",
        places=places[:10],
        title=next((r.candidate.title for r in rows if r.candidate.title), None),
        peer_reviewed=host in paper_words().file.reviewed
        or paper_id.startswith(("doi:10.18653", "doi:10.1145", "doi:10.1109")),
    )


def _known(candidate: Candidate) -> Listed | None:
    return paper_words().known.get(re.sub(r"\Aarxiv:|\Ahttps?://(?:www\.)?", "", candidate.id))


def _decide(candidate: Candidate, known: Known, lineage: Lineage, *, alone: bool) -> _Decision:
    identity = known.identity
    found = _judge(candidate, known, lineage, alone=alone)
    project = candidate.role == "own-readme" and not head_of(identity.name) & tokens_of(
        candidate.repo.rpartition("/")[2]
    )
    if project and found.covers not in {"self", "family"}:  # a project's README speaks of much besides this model
        return _Decision("other", found.weight, candidate)
    return found


def _judge(candidate: Candidate, known: Known, lineage: Lineage, *, alone: bool) -> _Decision:
    listed, identity = _known(candidate), known.identity
    if listed is not None:
        return _Decision(_of_known(listed, candidate, identity, lineage), 3, candidate)
    if candidate.kind == "blog":
        return _Decision(_of_blog(candidate, identity, lineage), 2, candidate)
    covered = title_covers(candidate.title, identity, derived=_derived(lineage)) if candidate.title else None
    if covered is not None:
        return _Decision(_copied(covered, lineage), 2, candidate)
    if candidate.title and _of_software(candidate.title):
        return _Decision("method", 2, candidate)
    if candidate.title and titled(candidate.title, known):
        return _Decision("unknown", 2, candidate)
    return _Decision(_copied(_of_words(candidate, identity, lineage, alone=alone), lineage), 1, candidate)


def _of_software(title: str) -> bool:
    """Say whether a title is headed by the name of software that models are trained with: "ToolName: a toolkit"."""
    head = title.strip(" {}\"'").partition(":")[0]
    return any(start == 0 and end <= len(head) for _, start, end in named_tools(framework_words(), head))


def _derived(lineage: Lineage) -> bool:
    return lineage.derivation != "base" and not lineage.same_publisher


def _copied(covers: Covers, lineage: Lineage) -> Covers:
    """Turn a copy's paper into its base's: a quantization was not written about, its ancestor was."""
    copy = lineage.derivation in _COPIES and not lineage.same_publisher
    return "base" if copy and covers in {"self", "family", "unknown"} else covers


def _of_known(known: Listed, candidate: Candidate, identity: Identity, lineage: Lineage) -> Covers:
    """Say what a well-known paper is to this model."""
    own = tokens_of(identity.name)
    models = [tokens_of(m) for m in known.models]
    named = any(m <= own and m & head_of(identity.name) for m in models)
    if named and identity.org in known.orgs and lineage.derivation not in _COPIES and not _of_task(identity, lineage):
        return (
            "predecessor"
            if own & set(known.later) or set(identity.name.lower().split("-")) & set(known.later)
            else "family"
        )
    parents = [tokens_of((p.id or p.name).rpartition("/")[2]) for p in lineage.parents]
    if any(m <= p for m in models for p in parents) or any(m <= own for m in models):
        return "base"
    if known.kind != "base":
        return "other" if known.kind == "evaluation" else known.kind
    if any(m & head_of(identity.name) for m in models):
        return "predecessor"
    around = f"{candidate.before[-120:]} {candidate.label}"
    cited = candidate.citation or candidate.source == "tag" or paper_words().patterns["method"].search(around)
    return "method" if cited else "other"


def _of_task(identity: Identity, lineage: Lineage) -> bool:
    """Say whether a model's name calls it its base fine-tuned on something: then the paper is the base's."""
    return bool(lineage.parents) and bool(set(identity.name.lower().split("-")) & paper_words().file.task_tuned)


def _of_blog(candidate: Candidate, identity: Identity, lineage: Lineage) -> Covers:
    """Say whose a blog post is: this model's by its address, title or label; a guide is nobody's."""
    words = paper_words().patterns
    slug = re.sub(r"[-_/]+", " ", candidate.id.partition("://")[2].partition("/")[2])
    text = f"{candidate.label} {candidate.title or ''}"
    if words["blog_not"].search(f"{slug} {text} {candidate.before[-60:]}"):
        return "other"
    if candidate.role == "own-readme":
        return "self" if any(n.whose == "self" and n.exact for n in names_in(text, identity)) else "other"
    kinds = {n.whose for n in names_in(f"{text} ; {slug}", identity)}
    if section_whose(candidate.path, identity) != "self":
        return "base" if "base" in kinds or "self" in kinds else "other"
    if "self" in kinds:
        return _copied("self", lineage)
    if kinds:
        return "base" if "base" in kinds else "other"
    ours = re.search(r"\bour\b", candidate.before[-60:], re.IGNORECASE) or words["blog"].search(text)
    theirs = "huggingface.co/blog/" in candidate.id or _foreign(candidate, identity)
    said = whose(candidate.before, candidate.path, identity) == "self"
    return _copied("self", lineage) if ours and said and not theirs else "other"


def _of_words(candidate: Candidate, identity: Identity, lineage: Lineage, *, alone: bool) -> Covers:
    """Say what a paper covers by where it stands and by the words that lead to it."""
    section = section_whose(candidate.path, identity)
    if section != "self" or candidate.role == "own-readme":
        return "base" if section == "base" else "other"
    if candidate.source == "tag":
        return "unknown"
    if candidate.source == "bibtex":
        return _of_citation(candidate, lineage, alone=alone)
    before, label = candidate.before, candidate.label
    if candidate.source == "link" and is_name(label, identity, derived=_derived(lineage)):
        return "family"
    if paper_words().patterns["not_ours"].search(f"{before} {label} {candidate.after[:40]}"):
        return "base" if _derived(lineage) else "unknown"
    subject = whose(before, candidate.path, identity)
    if subject != "self":
        return "base" if subject == "base" else "other"
    if _OUR.search(before) or label.lower().startswith("our "):
        return "self"
    return _not_own(candidate, identity) or ("self" if _own(candidate, identity) else "unknown")


def _not_own(candidate: Candidate, identity: Identity) -> Covers | None:
    """Say what else a paper is: the data's, a benchmark's, a method's, or somebody's who is cited."""
    words = paper_words().patterns
    before, label = candidate.before, candidate.label
    titles = " ".join(candidate.path[1:])
    if words["data"].search(before[-50:]) or words["data"].search(titles):
        return "data"
    told = len(before.split()) <= MOST_LEAD and words["ours"].search(before)  # "More details in Owl et al. (2023)"
    if _CITED.search(label) and not told:
        return "method" if words["method"].search(before[-40:]) else "other"
    if words["method_of"].search(before[-70:]):
        return "method"
    if words["evaluation"].search(titles) or words["evaluation"].search(before[-80:]):
        return "other"
    ours = words["ours"].search(f"{before[-60:]} {label}")
    if _foreign(candidate, identity) or (words["method"].search(before[-30:]) and not ours):
        return "method"
    return None


def _own(candidate: Candidate, identity: Identity) -> bool:
    """Say whether the words around a paper make it this model's: "introduced in", "for details see", "Paper: ..."."""
    words = paper_words().patterns
    before = candidate.before
    if words["ours"].search(f"{before[-60:]} {candidate.label}"):
        subject = words["subject"].search(before) or _has_own(before, identity)
        if subject or len(re.split(r"[:：]", before)[-1].split()) <= MOST_LEAD:
            return True
    if "|" in before and not _has_own(before, identity) and len(re.findall(r"\w+", before)) > 3:
        return False  # another row of a table
    return candidate.source == "link" and _labelled(candidate)


def _of_citation(candidate: Candidate, lineage: Lineage, *, alone: bool) -> Covers:
    """Say what a BibTeX entry that names no model covers: a card's only one, given as what to cite, is its own."""
    words = paper_words().patterns
    titles = " ".join(candidate.path)
    if words["data"].search(candidate.before) or words["not_ours"].search(f"{candidate.before} {titles}"):
        return "data" if words["data"].search(candidate.before) else "unknown"
    title = candidate.title or ""
    if words["data_title"].search(title) and not words["model_title"].search(title):
        return "data"
    if not alone or candidate.role == "own-readme":
        return "unknown"
    return "self" if words["cite"].search(candidate.before) or not _derived(lineage) else "unknown"


def _has_own(text: str, identity: Identity) -> bool:
    me = patterns().speakers.search(text)
    return any(n.whose == "self" for n in names_in(text, identity)) or (me is not None and me.lastgroup == "me")


def _labelled(candidate: Candidate) -> bool:
    """Say whether a link stands as "Paper", "Paper: ..." or "[arXiv] ..." with no other words."""
    paper = paper_words().patterns["paper"]
    rest = [
        w
        for w in re.split(r"[\W_]+", paper.sub(" ", candidate.label).lower())
        if w and w not in paper_words().file.plain and not w.isdigit()
    ]
    if paper.search(candidate.label) and not rest:
        return len(candidate.before.split()) <= 12
    lead = re.split(r"[:：|]\s*[\W]*\Z", candidate.before.strip())
    tail = lead[0][-50:] if len(lead) > 1 else ""
    return bool(paper.search(tail)) and len(tail.split()) <= 5


def _in_bracket(before: str, identity: Identity) -> bool:
    """Say whether the link stands in a bracket that names something else: "(RotaryThing; see code, paper)"."""
    inside = before.rpartition("(")[2] if before.rfind("(") > before.rfind(")") else ""
    names = re.findall(r"\b[A-Z][a-z]+[A-Z]\w+", inside)
    return bool(names) and not any(n.whose == "self" for n in names_in(inside, identity))


def _foreign(candidate: Candidate, identity: Identity) -> bool:
    """Say whether a proper name other than this model's stands right before the link or the word "paper" in it."""
    paper = paper_words().patterns["paper"]
    text = f"{candidate.before} {candidate.label}" if paper.search(candidate.label) else f"{candidate.before}"
    stem = text[: max((m.start() for m in paper.finditer(text)), default=len(text))]
    named = _NAMED.search(stem[-45:].rstrip(" :([\"'`-"))
    if _in_bracket(candidate.before, identity):
        return True
    if not named or named["name"].lower() in paper_words().file.plain:
        return False
    name = named["name"]
    proper = any(c.isupper() for c in name[1:]) or any(c.isdigit() for c in name)
    own = name.lower() in {*identity.family, *identity.aliases, identity.org}
    own = own or any(n.whose == "self" for n in names_in(name, identity))
    return proper and not own and not paper.fullmatch(name)
