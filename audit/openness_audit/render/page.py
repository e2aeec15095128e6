"""What only the HTML page needs: reasons as short lines, the chain of base models as a tree, what each place is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.render.escape import clean
from openness_audit.wording import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openness_audit.model.audit import Audit, CriterionDoc, EdgeDoc, NodeDoc, NotCheckedDoc

MOST_CLAUSES = 8  # lines of one reason
MOST_WORDS = 600  # characters of one line of a reason
ONE_LINE = 130  # characters up to which a reason of several parts stays one sentence
MOST_MODELS = 60  # of the tree
DASH = "\u2013"
_TITLES = {"pretraining-data": "Pre-training data", "finetuning-data": "Fine-tuning data"}
_FILES = {
    "weights-full": "Weights, full precision",
    "weights-quantized": "Weights, quantised",
    "weights-adapter": "Weights of an adapter",
    "weights-unknown": "Weights, precision not known",
    "tensorboard": "TensorBoard logs",
}
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}(?:/[\w.\-]{1,96})?", re.ASCII)
_TERMS = {
    "open": "Open terms",
    "restricted": "Restricted terms",
    "unlicensed": "No licence declared",
    "undetermined": "Terms not determined",
}
_EXTENTS = {
    "reproducible": "reproducible",
    "partly-reproducible": "partly reproducible",
    "weights-only": "weights only",
    "no-weights": "no weights",
    "undetermined": "extent not determined",
}
RELATIONS = {
    "finetune": "fine-tuned from",
    "merge": "merged from",
    "quantized": "quantised from",
    "adapter": "adapter for",
}
SOURCES = {
    "metadata": "named in the metadata",
    "card-link": "linked in the card",
    "card-id": "named in the card by its id",
    "card-name": "named in the card, without an id",
    "files": "named in a file",
}
ACCESS = {
    "not-found-or-private": "not found on the Hub, or private",
    "not-requested": "not looked up",
    "not-identified": "named without an id, so it could not be looked up",
}
STATUSES = {
    "audited": "this model",
    "evaluated": "its own card and files were read",
    "looked-up": "licence and access looked up only",
}


class Clause(NamedTuple):
    """One line of a reason, with the list it held in brackets."""

    text: str
    items: tuple[str, ...] = ()


class Branch(NamedTuple):
    """A model of the tree: how the one above was made from it, and whether it was drawn before."""

    name: str
    url: str | None
    relation: str
    evidence: tuple[str, ...]
    node: NodeDoc | None
    children: tuple[Branch, ...] = ()
    again: bool = False


class Gap(NamedTuple):
    """Places that were not checked for the same cause."""

    names: tuple[str, ...]
    left: int
    cause: str
    why: str


def title(name: str) -> str:
    """Name a component in words."""
    return _TITLES.get(name) or name.replace("-", " ").replace("finetuning", "fine-tuning").capitalize()


def clip(text: str, most: int = MOST_WORDS) -> str:
    """Cut a long text at a word, and show that it was cut."""
    if len(text) <= most:
        return text
    head = text[:most]
    return (head.rpartition(" ")[0] if " " in head[most // 2 :] else head).rstrip(" ,;:") + " \u2026"


def lead_and_rest(sentence: str) -> tuple[str, str]:
    """Split the verdict into what leads and what explains it: `Open weights, not reproducible:` and the reasons."""
    at = min((i for i in (sentence.find(": "), sentence.find("; ")) if i > 0), default=-1)
    return (sentence, "") if at < 0 else (sentence[: at + 1], sentence[at + 2 :])


def _pieces(text: str) -> list[str]:
    """Split at semicolons that stand in no brackets."""
    pieces, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == ";" and depth == 0 and text[at + 1 : at + 2] == " ":
            pieces.append(text[start:at])
            start = at + 2
    return [p.strip() for p in [*pieces, text[start:]] if p.strip()]


def _clause(piece: str) -> Clause:
    """Take a list of several things in brackets out of a line."""
    opened, closed = piece.find("("), piece.rfind(")")
    inner = piece[opened + 1 : closed] if 0 < opened < closed else ""
    if "; " not in inner or ")" in inner.replace("(", ""):
        return Clause(clip(piece))
    items = _pieces(inner)
    rest = (piece[:opened].rstrip() + piece[closed + 1 :]).strip()
    return Clause(clip(rest), tuple(clip(i, 300) for i in items[:MOST_CLAUSES]))


def clauses(why: str, most: int = MOST_CLAUSES) -> tuple[list[Clause], int]:
    """Give a reason as short lines, and how many lines are left out; a short one stays one sentence."""
    said = clean(why)
    pieces = _pieces(said) if len(said) > ONE_LINE else [said]
    if len(pieces) == 1:
        only = _clause(pieces[0])
        ends = ": " not in only.text and only.text[-1:].isalnum() and not only.items
        return [Clause(f"{only.text}.") if ends else only], 0
    return [_clause(p) for p in pieces[:most]], max(0, len(pieces) - most)


def class_words(audit: Audit) -> str:
    """Say the class in words."""
    if audit.verdict.class_ == "open-source-ai":
        return "Open source AI"
    return f"{_TERMS[audit.verdict.terms]}, {_EXTENTS[audit.verdict.extent]}"


def points(criterion: CriterionDoc) -> str:
    """Say the points of a criterion: `10 of 20`."""
    if criterion.status == "not-applicable":
        return "does not count"
    low, high = f"{criterion.points_low:g}", f"{criterion.points_high:g}"
    return f"{low if low == high else low + DASH + high} of {criterion.weight}"


def gaps(audit: Audit) -> list[Gap]:
    """Give what was not checked, one line for each cause."""
    grouped: dict[tuple[str, str], list[NotCheckedDoc]] = {}
    for n in audit.not_checked:
        grouped.setdefault((n.code, n.why.replace(n.what, "").strip()), []).append(n)
    return [
        Gap(
            names=tuple(clip(clean(n.what), 90) for n in found[:3]),
            left=len(found) - 3 if len(found) > 3 else 0,
            cause=CODES.get(found[0].code, clean(code).replace("-", " ")),  # type: ignore[call-overload]
            why=clip(clean(found[0].why), 160) if len({n.why for n in found}) == 1 else "",
        )
        for (code, _), found in grouped.items()
    ]


def hub_url(name: str, node: NodeDoc | None = None) -> str | None:
    """Give the address of a model at its commit, or None where there is nothing to see."""
    if not _HUB_ID.fullmatch(name) or ".." in name or node is None or node.access in ACCESS:
        return None
    return f"https://huggingface.co/{name}" + (f"/tree/{node.sha}" if node.sha else "")


class _Tree:
    """Draws each model once, the subject first."""

    def __init__(self, audit: Audit, most: int) -> None:
        self._most = most
        self._nodes = {n.id: n for n in audit.lineage.nodes}
        self._edges: dict[str, list[EdgeDoc]] = {}
        for edge in audit.lineage.edges:
            self._edges.setdefault(edge.from_, []).append(edge)
        self.drawn: set[str] = set()

    def grow(self, name: str, relation: str = "", evidence: tuple[str, ...] = (), depth: int = 0) -> Branch:
        again = name in self.drawn
        self.drawn.add(name)
        children = [] if again or depth > self._most else list(self._children(name, depth))
        node = self._nodes.get(name)
        return Branch(clean(name), hub_url(name, node), relation, evidence, node, tuple(children), again)

    def _children(self, name: str, depth: int) -> Iterator[Branch]:
        for edge in self._edges.get(name, ()):
            if len(self.drawn) < self._most:
                relation = RELATIONS.get(edge.relation, clean(edge.relation))
                yield self.grow(edge.to, relation, edge.evidence, depth + 1)


def tree(audit: Audit, most: int = MOST_MODELS) -> tuple[Branch, int]:
    """Give the chain of base models from the subject down, and how many models are left out."""
    grown = _Tree(audit, most)
    root = grown.grow(audit.subject.id)
    every = {n.id for n in audit.lineage.nodes} | {e.to for e in audit.lineage.edges}
    return root, len(every - grown.drawn)


def cited_for(audit: Audit) -> dict[str, list[str]]:
    """Say of each place what it is cited for."""
    found: dict[str, dict[str, None]] = {}

    def add(ids: Sequence[str], words: str) -> None:
        for key in ids:
            found.setdefault(key, {})[words] = None

    for part in audit.components:
        add(part.evidence, title(part.id).lower())
    for conflict in audit.licenses.conflicts:
        add(conflict.evidence, "licence conflict")
    for edge in audit.lineage.edges:
        add(edge.evidence, "lineage")
    for data in audit.training_data:
        add(data.evidence, "data sets")
    for code in audit.code_repositories:
        add(code.evidence, "code")
    for finding in audit.findings:
        add(finding.evidence, clean(finding.rule).replace("-", " "))
    return {key: list(words) for key, words in found.items()}


def size_words(size: int | None) -> str:
    """Say a number of bytes: `14.2 GB`."""
    if size is None:
        return "not stated"
    value, units = float(size), ["bytes", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.0f} bytes" if units[0] == "bytes" else f"{value:.1f} {units[0]}"


def files(audit: Audit) -> list[tuple[str, int, str]]:
    """Count the files that matter by kind, with the sum of their sizes (`at least` where one is not stated)."""
    kinds: dict[str, list[int | None]] = {}
    for file in audit.files:
        kinds.setdefault(file.kind, []).append(file.size)
    told = []
    for kind, sizes in sorted(kinds.items()):
        stated = [s for s in sizes if s is not None]
        words = size_words(sum(stated) if stated else None)
        partly = stated and len(stated) < len(sizes)
        told.append(
            (
                _FILES.get(kind) or clean(kind).replace("-", " ").capitalize(),
                len(sizes),
                f"at least {words}" if partly else words,
            )
        )
    return told
