"""What pages and tables need: reasons as short lines, what was not checked by cause, what each place is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from openness_audit.render.escape import clean
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import terms as terms_view
from openness_audit.wording import CODES, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openness_audit.model.audit import Audit, NotCheckedDoc
    from openness_audit.model.audit_components import ComponentDoc, UnknownDoc
    from openness_audit.model.audit_verdict import CriterionDoc

MOST_CLAUSES = 8  # lines of one reason
ALIKE = 3  # lines that differ in one name only, from which they become one
ROOMY = 1400  # characters of the summary above which it is set smaller on paper
MOST_WORDS = 600  # characters of one line of a reason
ONE_LINE = 130  # characters up to which a reason of several parts stays one sentence
DASH = "\u2013"
_TITLES = {"pretraining-data": "Pre-training data", "pretraining": "Pre-training"}
_FILES = {
    "license": "Licence text",
    "weights-full": "Weights, full precision",
    "weights-quantized": "Weights, quantised",
    "weights-adapter": "Weights of an adapter",
    "weights-unknown": "Weights, precision not known",
    "tensorboard": "TensorBoard logs",
}
_NAME = re.compile(r"(?<![^\s])[\w.\-]+/[\w.\-]*\w", re.ASCII)
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


class Clause(NamedTuple):
    """One line of a reason, with the list it held in brackets."""

    text: str
    items: tuple[str, ...] = ()


class Gap(NamedTuple):
    """Places that were not checked for the same cause."""

    names: tuple[str, ...]
    left: int
    cause: str
    why: str


def title(name: str) -> str:
    """Name a component in words."""
    return _TITLES.get(name) or name.replace("-", " ").replace("finetuning", "fine-tuning").capitalize()


def dense(audit: Audit) -> bool:
    """Say whether the summary holds so much that it is set smaller on paper."""
    words = [audit.verdict.sentence, *(c.short or c.why for c in audit.criteria)]
    words += [f.title + f.message for f in audit.findings[:3]] + [" ".join(g.names) + g.why for g in gaps(audit)[:4]]
    words += [a + b for a, b in duties_view.duty_lines(audit)] if audit.licenses.uses else []
    beside = 180 if audit.licenses.uses else 0
    beside += 400 if audit.verdict.policy else 150 if audit.verdict.wanted else 0
    beside += 600 if audit.run.bundled else 200 if audit.run.offline else 0
    return beside + sum(min(len(w), 190) for w in words) > ROOMY


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


def _alike(pieces: list[str]) -> list[Clause]:
    """Tell lines that differ in one name only as one line with the names below it, and equal lines once."""
    groups: dict[str, dict[str, str]] = {}
    for piece in pieces:
        named = _NAME.findall(piece)
        key = piece.replace(named[0], "", 1) if len(named) == 1 else piece
        groups.setdefault(key, {})[piece] = named[0] if len(named) == 1 else ""
    told = []
    for key, found in groups.items():
        if len(found) < ALIKE:
            told += [_clause(piece) for piece in found]
        else:
            told.append(Clause(clip(" ".join(key.split())) + ":", (few(list(found.values()), MOST_CLAUSES),)))
    return told


def clauses(why: str, most: int = MOST_CLAUSES) -> tuple[list[Clause], int]:
    """Give a reason as short lines, and how many lines are left out; a short one stays one sentence."""
    said = clean(why)
    lines = _alike(_pieces(said)) if len(said) > ONE_LINE else [_clause(said)]
    if len(lines) == 1 and not lines[0].items:
        only = lines[0].text
        return [Clause(f"{only}." if ": " not in only and only[-1:].isalnum() else only)], 0
    return lines[:most], max(0, len(lines) - most)


def few(names: Sequence[str], most: int) -> str:
    """List the first names, and count the rest."""
    return listed((clip(n, 120) for n in names), most)


def untold(part: ComponentDoc) -> list[UnknownDoc]:
    """Give the causes that the reason does not name."""
    return [u for u in part.unknown if u.detail not in part.why]


def class_words(audit: Audit) -> str:
    """Say the class in words."""
    return class_title(audit.verdict.class_)


def class_title(name: str) -> str:
    """Say a class in words by its name."""
    if name == "open-source-ai":
        return "Open source AI"
    terms, _, extent = name.partition("-")
    return f"{_TERMS.get(terms, clean(terms))}, {_EXTENTS.get(extent, clean(extent))}"


def license_title(expression: str) -> str:
    """Name a licence as people do where its id says little: the title of a `LicenseRef-` that is known."""
    if expression == "NONE":
        return "No licence"
    if expression in ("NOASSERTION", ""):
        return "Not determined"
    return clip(terms_view.license_name(expression), 200)


def unread_texts(audit: Audit) -> list[str]:
    """Name the licence files that are there and could not be read."""
    held = {f.path for f in audit.files if f.kind in ("license", "use-policy")}
    return [clip(clean(n.what), 90) for n in audit.not_checked if n.what in held]


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
    return [_gap(found) for found in grouped.values()]


def _gap(found: list[NotCheckedDoc]) -> Gap:
    code, why = clean(found[0].code).replace("-", " "), clip(clean(found[0].why), 160)
    cause = {str(known): words for known, words in CODES.items()}.get(found[0].code, code)
    alike = len({n.why for n in found}) == 1
    return Gap(
        names=tuple(clip(clean(n.what), 90) for n in found[:3]),
        left=max(0, len(found) - 3),
        cause="" if alike and cause in why else cause,
        why=why if alike else "",
    )


def line_url(audit: Audit, line: int) -> str | None:
    """Give the address of a line of the card at its commit, or None where there is none."""
    sha = audit.subject.sha
    if audit.subject.kind != "model" or not sha:
        return None
    return f"{audit.subject.url}/blob/{sha}/README.md?code=true#L{line}"


class _Citing(Protocol):
    @property
    def evidence(self) -> tuple[str, ...]: ...


def cited_for(audit: Audit) -> dict[str, list[str]]:
    """Say of each place what it is cited for."""
    found: dict[str, dict[str, None]] = {}

    def add(ids: Sequence[str], words: str) -> None:
        for key in ids:
            found.setdefault(key, {})[words] = None

    for part in audit.components:
        add(part.evidence, title(part.id).lower())
    alike: list[tuple[Iterable[_Citing], str]] = [
        (audit.licenses.conflicts, "licence conflict"),
        (audit.licenses.notes, "terms to be weighed"),
        (audit.licenses.chain, "chain of terms"),
        (audit.licenses.uses, "uses"),
        (audit.licenses.obligations, "obligations"),
        (audit.lineage.edges, "lineage"),
        (audit.training_data, "data sets"),
        (audit.code_repositories, "code"),
    ]
    for rows, words in alike:
        for row in rows:
            add(row.evidence, words)
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
