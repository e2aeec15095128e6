"""Words that all reports of a comparison share: names of columns, what a cell says, who is ahead, what differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from openness_audit.comparison.rows import OPEN_QUESTIONS, questions
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import terms as terms_view
from openness_audit.render.views.profiles import OSAID
from openness_audit.wording import both, listed, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.compare import CellDoc, Comparison, Group, ItemDoc, MissingDoc, ModelDoc, RowDoc

GROUPS: dict[Group, str] = {
    "glance": "At a glance",
    "criteria": "The five criteria",
    "uses": "What the licence terms allow",
    "licence": "Licence",
    "profiles": "As the frameworks see them",
    "obligations": "What adopting one asks of you",
    "gaps": "Findings, and what is not known",
}
MUCH = 1 / 3  # of all questions
AHEAD = "ahead of all others for certain"
HOW = (
    "A model is called ahead in a row only where that is certain: above all that the others may be, or equal to the "
    "best and known. Intervals that overlap are not ranked, nor are licences, classes, counts of findings, and what "
    "the AI Act asks for."
)
SEARCHED = "Not asked: its terms were read and do not ask for it. Not known: not all of its terms could be read."
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?[,;:]?(?: |$)")
_LEVELS = {"unknown": "not determined", "not-applicable": "not applicable"}
_DUTIES = {
    "asked": "asked",
    "asked-if": "for some uses",
    "not-asked": "not asked",
    "not-known": "not known",
    "no-licence": "nothing is granted",
}
_CLASSES = {0.0: "none", 1.0: "III", 2.0: "II", 3.0: "I"}
_ACCESS = {"free": "free", "gated": "behind a gate", "not-known": "not known"}
_EVIDENCE = {"live": "read", "offline": "offline, read", "bundled": "bundled with the program, recorded"}
_THRESHOLDS = ("asks.user-threshold", "asks.revenue-threshold")
_POLICY = {"met": "met", "violated": "violated", "no-verdict": "no verdict", "none": "none"}


def names(comparison: Comparison) -> tuple[str, ...]:
    """Name the columns: the id; with the commit where two share it, and with a number where they share that too."""
    ids = [clean(m.id) for m in comparison.models]
    commits = [f"@{clean(m.sha)[:12]}" if m.sha else "" for m in comparison.models]
    told = [name + commit if ids.count(name) > 1 else name for name, commit in zip(ids, commits, strict=True)]
    return tuple(
        f"{name} ({told[: at + 1].count(name)})" if told.count(name) > 1 else name for at, name in enumerate(told)
    )


def short_names(comparison: Comparison) -> tuple[str, ...]:
    """Name the columns without the organisation, where that leaves them apart."""
    every = names(comparison)
    cut = tuple(name.rpartition("/")[2] or name for name in every)
    return cut if len(set(cut)) == len(cut) else every


def said(row: RowDoc, cell: CellDoc) -> str:
    """Say in a few words what a cell holds."""
    state = cell.state or ""
    if row.group == "criteria":
        return " ".join(filter(None, (_LEVELS.get(state, clean(state)), bounds(cell))))
    if row.group == "uses":
        return terms_view.SHORT.get(state, clean(state)) + (" by the known terms" if unsure(cell) else "")
    if row.group == "obligations":
        return _duty(cell, row.id)
    if row.id in _OTHERS:
        return _OTHERS[row.id](cell)
    return clean(cell.value if cell.value is not None else state)


def unsure(cell: CellDoc) -> bool:
    """Say whether a use is allowed by the terms that are known, and others that are not may bind."""
    return cell.state in ("allowed", "conditions") and cell.low == 0


def number(cell: CellDoc) -> str:
    """Say a score: `50`, `50 (40-60)`, or `40-80` where there is no single number."""
    return (
        f"{clean(cell.value)} ({figure(cell)})" if cell.value and cell.low != cell.high else cell.value or figure(cell)
    )


def figure(cell: CellDoc) -> str:
    """Say an interval: `10`, `10-11`, `4.5-5.5`."""
    if cell.low is None or cell.high is None:
        return ""
    return f"{cell.low:g}" if cell.low == cell.high else f"{cell.low:g}-{cell.high:g}"


def bounds(cell: CellDoc) -> str:
    """Say in brackets what is sure of a criterion that is not determined."""
    if cell.state != "unknown" or cell.low is None or cell.high is None:
        return ""
    return "(at least partial)" if cell.low > 0 else ""


def _licence(cell: CellDoc) -> str:
    return f"{terms_view.license_name(cell.value or '')} ({view.family_words(cell.state or '')})"


def _index(cell: CellDoc) -> str:
    return f"{figure(cell)} {clean(cell.value or '')}".strip() if cell.low is not None else "not determined"


def _evidence(cell: CellDoc) -> str:
    return f"{_EVIDENCE.get(cell.state or '', '')} {clean(cell.value)}" if cell.value else "no place is cited"


def _policy(cell: CellDoc) -> str:
    said = " by ".join(filter(None, (_POLICY.get(cell.state or "", ""), clean(cell.value or ""))))
    return f"{said} ({clean(cell.why)})" if cell.why else said


def _mof(cell: CellDoc) -> str:
    classes = {"none": "no class", "I": "class I", "II": "class II", "III": "class III"}
    if cell.value:
        return classes.get(cell.value, clean(cell.value))
    ends = [_CLASSES[at] for at in (cell.low, cell.high) if at in _CLASSES]
    return f"not determined ({' to '.join(ends)})" if len(set(ends)) > 1 else "not determined"


def _duty(cell: CellDoc, name: str) -> str:
    words = _DUTIES.get(cell.state or "", clean(cell.state or ""))
    if name == "asks.unread":
        return "none" if cell.state == "not-asked" else clean(cell.value or words)
    value = clean(cell.value or "")
    value = f"{int(value):,}" if value.isascii() and value.isdigit() and len(value) < 20 else value
    if name in _THRESHOLDS and value:
        return f"above {value}"
    return f"{words}: {value}" if value and len(value) <= 24 else words


_OTHERS: dict[str, Callable[[CellDoc], str]] = {
    "score": number,
    "mof": _mof,
    "osai": _index,
    "policy": _policy,
    "evidence": _evidence,
    "license-own": _licence,
    "license-effective": _licence,
    "osaid": lambda cell: OSAID.get(cell.state or "", clean(cell.state or "")),
    "access": lambda cell: _ACCESS.get(cell.state or "", clean(cell.state or "")),
    "disagreements": lambda cell: f"in {plural(len(cell.items), 'point')}" if cell.items else "nowhere",
}


def item_words(row: RowDoc, item: ItemDoc) -> str:
    """Say one thing of a cell with where it stands."""
    text = terms_view.named(item.text)
    if row.id == "not-checked":
        return f"{text} ({about(item)})"
    if row.id in ("findings", "conflicts", "notes"):
        return f"{clean(item.about)}: {text}"
    return f"{text} ({about(item)})" if item.about or item.of else text


def about(item: ItemDoc) -> str:
    """Say where a thing stands, and whose terms ask for it."""
    of = f"by way of {clean(item.of)}" if item.of else ""
    return "; ".join(filter(None, (view.code_words(item.about) if item.about else "", of)))


def demands(row: RowDoc, comparison: Comparison) -> list[tuple[ItemDoc, list[str]]]:
    """Give what is demanded in a row, each demand once, with the models that demand it, or by way of whom."""
    found: dict[tuple[str, str], tuple[ItemDoc, list[str]]] = {}
    for name, cell in zip(short_names(comparison), row.cells, strict=True):
        for item in cell.items:
            by = f"{name} (by way of {clean(item.of)})" if item.of else name
            found.setdefault((item.text, item.about), (item, []))[1].append(by)
    return list(found.values())


def headline(comparison: Comparison) -> str:
    """Say how many were compared, and where they differ."""
    count = plural(len(comparison.models), "model")
    parts = []
    for group, noun in (("criteria", "criteria"), ("uses", "uses")):
        rows = [row for row in comparison.rows if row.group == group]
        differ = sum(row.differs for row in rows)
        parts += [f"{differ} of {len(rows)} {noun}"] if differ else []
    parts += (
        ["licence"] if any(r.differs for r in comparison.rows if r.id in ("license-own", "license-effective")) else []
    )
    if parts:
        return f"{count} compared: they differ in {both(parts)}"
    rest = any(row.differs for row in comparison.rows)
    return (
        f"{count} compared: the same in all criteria, uses and licences" if rest else f"{count} compared: no difference"
    )


def ahead(comparison: Comparison) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Give the columns that are ahead for certain, alone or together, with the rows they are ahead in."""
    found: dict[tuple[int, ...], list[str]] = {}
    for row in comparison.rows:
        first = tuple(at for at, cell in enumerate(row.cells) if cell.best)
        if first:
            named = title(row)
            found.setdefault(first, []).append(named if row.group == "profiles" else named.lower())
    return sorted(((first, tuple(rows)) for first, rows in found.items()), key=lambda pair: -len(pair[1]))


def missing(found: MissingDoc) -> str:
    """Say what was asked for and could not be audited, and why."""
    asked, why = clean(found.asked), clean(found.why)
    return why if asked in why else f"{asked}: {why}"


def refusals(comparison: Comparison) -> list[tuple[str, list[tuple[ItemDoc, list[str]]]]]:
    """Give for each model why uses are not allowed or not determined: each reason once, with those uses."""
    told = []
    for at, name in enumerate(short_names(comparison)):
        found: dict[str, tuple[ItemDoc, list[str]]] = {}
        for row in comparison.rows:
            if row.group == "uses" and row.cells[at].state in ("not-allowed", "not-determined"):
                for item in row.cells[at].items:
                    found.setdefault(item.text, (item, []))[1].append(title(row).lower())
        if found:
            told.append((name, list(found.values())))
    return told


def doubtful(comparison: Comparison) -> list[tuple[int, str]]:
    """Give the columns of which so much is not determined that it must be said first, and how much that is."""
    asked = questions(comparison.rows)
    left = [sum(row.cells[at].state in OPEN_QUESTIONS for row in asked) for at in range(len(comparison.models))]
    return [(at, f"{n} of {len(asked)} questions") for at, n in enumerate(left) if n > len(asked) * MUCH]


def capital(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with a name of a file, a model or a site."""
    return text[:1].upper() + text[1:] if _WORD.match(text) else text


def title(row: RowDoc) -> str:
    """Name a row."""
    return clean(row.title)


def alike(rows: Sequence[RowDoc]) -> list[RowDoc]:
    """Give the rows in which all models are the same."""
    return [row for row in rows if not row.differs]


def standing(model: ModelDoc) -> str:
    """Say as of which day a model was audited, and on evidence of which days."""
    told = [f"as of {clean(model.as_of)}"]
    if model.offline:
        span = listed(dict.fromkeys(filter(None, (model.evidence_from, model.evidence_to))), 2).replace(", ", " to ")
        told.append(f"offline{', bundled evidence' if model.bundled else ''}{f' of {clean(span)}' if span else ''}")
    if model.source == "file":
        told.append("read from a finished audit")
    return ", ".join(told)


def sentence(comparison: Comparison, at: int) -> str:
    """Give the verdict of a column."""
    verdict = next((row for row in comparison.rows if row.id == "verdict"), None)
    return clean(verdict.cells[at].value or "") if verdict else ""
