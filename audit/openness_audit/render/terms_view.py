"""Words that all reports share on the licence's terms: the chain, the uses, the obligations and the conflicts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.terms import by_expression
from openness_audit.render import view
from openness_audit.render.escape import clean
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit, ChainDoc, ConflictDoc, ObligationDoc, UseDoc

VERDICTS = {  # the strictest first
    "not-allowed": "not allowed",
    "not-determined": "not determined",
    "conditions": "allowed with conditions",
    "allowed": "allowed",
}
SHORT = VERDICTS | {"conditions": "with conditions"}
STATUSES = {
    "applies": "Asked of everyone who uses it",
    "conditional": "Asked with the use or above the threshold that is named",
    "unknown": "Not known: have these texts read",
}
CONFLICTS = {
    "tag-text": "the tag against the licence file",
    "tag-prose": "the tag against the words of the card",
    "tag-upstream": "the tag against the terms of what it was made from",
    "tag-data": "the tag against the licence of training data",
    "code-host": "the tag against the licence at the code's host",
}
HOW = {
    "declared": "declared in the metadata",
    "text": "read in its licence file",
    "prose": "stated in its card",
    "publisher": "known from the publisher",
    "none": "looked for, none is declared",
    "unknown": "not known",
}
MADE = {
    "finetune": "fine-tuned from",
    "merge": "merged from",
    "quantized": "quantised from",
    "adapter": "adapter for",
    "conversion": "converted from",
    "reupload": "copied from",
}
_OPEN = frozenset({"osi", "permissive", "open-data"})
_LIMITED = frozenset({"permissive-model", "behavioural-use", "community"})
_STATUS_ORDER = ("applies", "conditional", "unknown")
_NAMES = re.compile(r" AND | OR | WITH |[()]")
WEIGHTIEST = 3


class Reason(NamedTuple):
    """A reason of a verdict with its clause, told once; the models whose terms give it (none: the audited model)."""

    words: str
    clause: str
    models: tuple[str, ...]


class Step(NamedTuple):
    """A model of the chain as a tree: how deep, and the number of the conflict whose path ends there (0: none)."""

    link: ChainDoc
    depth: int
    conflict: int


def use_title(name: str) -> str:
    """Name a use in words."""
    return next((use.title for use in vocabulary().uses if use.id == name), clean(name))


def use_means(name: str) -> str:
    """Say what a use is, or nothing for one that is not known."""
    return next((use.means for use in vocabulary().uses if use.id == name), "")


def license_name(expression: str) -> str:
    """Name a licence as people do, where its id says little: a `LicenseRef-` that is known by its title."""
    if expression in ("NOASSERTION", ""):
        return "not determined"
    if expression == "NONE":
        return "no licence"
    told = expression
    for name in dict.fromkeys(part.strip() for part in _NAMES.split(expression)):
        known = by_expression(name) if name.startswith("LicenseRef-") else None
        told = told.replace(name, known.name) if known else told
    return clean(told)


def license_words(link: ChainDoc) -> str:
    """Say a link's licence with its family: `Apache-2.0, OSI-approved`."""
    if link.how == "unknown":
        return "licence not known"
    if link.expression == "NONE":
        return "no licence declared"
    return f"{license_name(link.expression)}, {view.family_words(link.family)}"


def tone(family: str, expression: str = "") -> str:
    """Give the kind of mark for a family: as a verdict it would be at most."""
    if family in _OPEN:
        return "allowed"
    if family in _LIMITED:
        return "conditions"
    return "not-determined" if family == "unknown" or expression == "NOASSERTION" else "not-allowed"


def steps(audit: Audit) -> list[Step]:
    """Give the chain as a tree, each model once, below the one it was read from; what has no place in it comes last."""
    links = {link.path: link for link in audit.licenses.chain}
    below: dict[tuple[str, ...], list[ChainDoc]] = {}
    for link in links.values():
        below.setdefault(link.path[:-1], []).append(link)
    failing = {c.path: number for number, c in reversed(list(enumerate(audit.licenses.conflicts, 1))) if c.path}
    told: list[Step] = []
    waiting = [(link, 0) for link in reversed(links.values()) if link.path[:-1] not in links]
    while waiting:
        link, depth = waiting.pop()
        told.append(Step(link, depth, failing.get(link.path, 0)))
        waiting += [(child, depth + 1) for child in reversed(below.get(link.path, []))]
    return told


def cut(text: str, most: int) -> str:
    """Cut a text at a word, and show that it was cut."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0].rstrip(" ,;:(") + " ..."


def made_words(link: ChainDoc) -> str:
    """Say how the model before it on the path was made from a link: `fine-tuned from`; nothing for the model itself."""
    if not link.relations:
        return ""
    return MADE.get(link.relations[-1], "made from")


def path_words(path: Iterable[str]) -> str:
    """Say a path through the chain: `org/a > org/b`."""
    return " > ".join(clean(name) for name in path)


def unread(audit: Audit) -> list[tuple[str, str]]:
    """Name what of the chain could not be read, each with its cause."""
    told = [(clean(link.id), clean(u.detail or u.code)) for link in audit.licenses.chain for u in link.unknown]
    if audit.licenses.chain_complete is False and not told:
        told = [("the chain of terms", "it is longer than what was followed, or names a model that was not identified")]
    return list(dict.fromkeys(told))


def _clause(why: str, clauses: set[str]) -> tuple[str, str]:
    """Split a reason from the clause that it names in brackets at its end: `keep the notices (MIT, section 1)`."""
    depth = 0
    for at in range(len(why) - 1, 0, -1) if why.endswith(")") else ():
        depth += {")": 1, "(": -1}.get(why[at], 0)
        if depth == 0:
            inner = why[at + 1 : -1]
            return (why[:at].rstrip(), inner) if inner in clauses or ", section" in inner else (why, "")
    return why, ""


def reasons(use: UseDoc, audit: Audit) -> list[Reason]:
    """Give the reasons of a verdict, those that several models of the chain give told once."""
    names = sorted((link.id for link in audit.licenses.chain), key=len, reverse=True)
    found: dict[str, dict[str, None]] = {}
    for why in use.why:
        name = next((name for name in names if why.startswith(f"{name}: ")), "")
        found.setdefault(why.removeprefix(f"{name}: ") if name else why, {})[name or audit.subject.id] = None
    told, clauses = [], {clean(row.clause) for row in audit.licenses.obligations}
    for why, of in found.items():
        words, clause = _clause(clean(why), clauses)
        told.append(Reason(words, clause, () if tuple(of) == (audit.subject.id,) else tuple(map(clean, of))))
    return told


def uses_words(audit: Audit) -> str:
    """Say all verdicts in a line, the strictest first: `not allowed: serve; conditions: internal, redistribute`."""
    found: dict[str, list[str]] = {name: [] for name in SHORT}
    for use in audit.licenses.uses:
        found[use.verdict].append(clean(use.use))
    count = len(audit.licenses.uses)
    told = [(SHORT[verdict], uses) for verdict, uses in found.items() if uses]
    if len(told) == 1 and count > 1:
        return f"all {count} {VERDICTS[audit.licenses.uses[0].verdict]}: {', '.join(told[0][1])}"
    return "; ".join(f"{verdict}: {', '.join(uses)}" for verdict, uses in told)


def duty_words(row: ObligationDoc) -> str:
    """Name an obligation in a few words: its term, with what the words are about."""
    term = next((term for term in vocabulary().terms if term.id == row.id), None)
    if term is None:
        return clean(row.what)
    value = clean(row.value or "")
    if value.isdigit():
        value = f"{int(value):,}"
    elif value and '"' in term.asks:
        value = f'"{value}"'
    title = term.title[:1].lower() + term.title[1:]
    return f"{title} {value}" if value and len(value) <= 48 else title


def weight(row: ObligationDoc) -> tuple[int, int, int]:
    """Weigh an obligation by what its term does: how many uses it forbids, then how many it sets conditions for."""
    term = next((term for term in vocabulary().terms if term.id == row.id), None)
    if term is None:
        return (0, 0, 0)
    done = list(term.effects.values())
    return (done.count("forbids"), done.count("conditions"), row.status == "applies")


def weightiest(audit: Audit, most: int = WEIGHTIEST) -> list[ObligationDoc]:
    """Give the obligations that change most for the adopter, each term once; unread texts are not among them."""
    known = [row for row in audit.licenses.obligations if row.status != "unknown"]
    told: dict[str, ObligationDoc] = {}
    for row in sorted(known, key=weight, reverse=True):
        told.setdefault(duty_words(row), row)
    return list(told.values())[:most]


def unread_texts(audit: Audit) -> int:
    """Count the licences of the sheet whose demands are not known."""
    return len({row.clause for row in audit.licenses.obligations if row.status == "unknown"})


def obligations_words(audit: Audit, most: int = WEIGHTIEST) -> str:
    """Say the weightiest obligations in a line, and count the rest; nothing where there is no sheet."""
    return "; ".join(filter(None, [*map(duty_words, weightiest(audit, most)), duties_left(audit, most)]))


def duty_lines(audit: Audit) -> list[tuple[str, str]]:
    """Give the weightiest obligations with their clauses, for the summary."""
    rows = [(duty_words(row), clean(row.clause)) for row in weightiest(audit)]
    return [(words[:1].upper() + words[1:], clause) for words, clause in rows]


def duties_left(audit: Audit, most: int = WEIGHTIEST) -> str:
    """Count the obligations that are not among the weightiest, and the texts that were not read; or say nothing."""
    rows = audit.licenses.obligations
    left = sum(row.status != "unknown" for row in rows) - len(weightiest(audit, most))
    texts = unread_texts(audit)
    said = [f"{left} more"] if left else []
    said += [f"{plural(texts, 'licence text')} not read"] if texts else []
    return "; ".join(said)


def grouped(audit: Audit) -> list[tuple[str, list[ObligationDoc]]]:
    """Give the obligations by whether they apply to all, where something is done, or are not known."""
    rows = audit.licenses.obligations
    found = [(status, [row for row in rows if row.status == status]) for status in _STATUS_ORDER]
    return [(STATUSES[status], told) for status, told in found if told]


def asked_by(row: ObligationDoc, audit: Audit) -> str:
    """Name the base model whose terms ask for something, or nothing where the model's own do."""
    return clean(row.source) if row.source and row.source != audit.subject.id else ""


def trigger_words(row: ObligationDoc) -> str:
    """Say for what something is asked, or nothing where it is asked of everyone: `to serve as a product`."""
    if row.status != "conditional":
        return ""
    said = clean(row.trigger).replace("; ", ", ")
    return f"in {said}" if said == "any use" else f"to {said.replace('internal use', 'use it internally')}"


def between_words(conflict: ConflictDoc) -> str:
    """Say what stands against what: `Apache-2.0 against Llama 2 Community License Agreement`."""
    return " against ".join(license_name(name) for name in conflict.between)


def conflicts_words(audit: Audit) -> str:
    """Count the conflicts by severity: `2 conflicts (1 error, 1 note)`; nothing where there is none."""
    every = audit.licenses.conflicts
    if not every:
        return ""
    counts = [(name, sum(c.severity == name for c in every)) for name in view.SEVERITIES]
    return f"{plural(len(every), 'conflict')} ({', '.join(plural(n, name) for name, n in counts if n)})"


def ranked_conflicts(audit: Audit) -> list[tuple[int, ConflictDoc]]:
    """Give the conflicts, worst first, with the number they have in the document."""
    numbered = list(enumerate(audit.licenses.conflicts, 1))
    return sorted(numbered, key=lambda row: view.SEVERITIES[row[1].severity])
