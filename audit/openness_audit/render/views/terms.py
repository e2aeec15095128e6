"""Words that all reports share on the licence's terms: the chain, the uses, the obligations and the conflicts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.families import COMMERCE, OPEN
from openness_audit.licenses.terms import by_expression
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views.tree import RELATIONS
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_licenses import ChainDoc, ConflictDoc, UseDoc

VERDICTS = {  # the strictest first
    "not-allowed": "not allowed",
    "not-determined": "not determined",
    "conditions": "allowed with conditions",
    "allowed": "allowed",
}
SHORT = VERDICTS | {"conditions": "with conditions"}
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
_REF = re.compile(r"LicenseRef-[\w.\-]*\w", re.ASCII)
_ASKED = re.compile(r"^([^:(]{1,80}: )[^:(]{1,60} \((.*)\)$")  # a section, the name of its term, and what it asks
_ABOUT = "the terms of {}"  # how a reason begins that is about another model's terms
_NAMES = re.compile(r" AND | OR | WITH |[()]")


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
    return clean(told.replace(" AND ", " and ").replace(" OR ", " or "))


def named(text: str) -> str:
    """Put the names of licences for their `LicenseRef-` ids in a sentence."""
    return _REF.sub(lambda found: license_name(found[0]), clean(text))


def license_words(link: ChainDoc) -> str:
    """Say a link's licence with its family: `Apache-2.0, OSI-approved`."""
    if link.how == "unknown":
        return "licence not known"
    if link.expression == "NONE":
        return "no licence declared"
    return f"{license_name(link.expression)}, {view.family_words(link.family)}"


def tone(family: str, expression: str = "") -> str:
    """Give the kind of mark for a family: as a verdict it would be at most."""
    if family in OPEN:
        return "allowed"
    if family in COMMERCE:
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
    return RELATIONS.get(link.relations[-1], RELATIONS["unknown"])


def path_words(path: Iterable[str]) -> str:
    """Say a path through the chain: `org/a > org/b`."""
    return " > ".join(clean(name) for name in path)


def unread(audit: Audit) -> list[tuple[tuple[str, ...], str]]:
    """Name what of the chain could not be read, by cause."""
    found: dict[str, dict[str, None]] = {}
    for link in audit.licenses.chain:
        for u in link.unknown:
            found.setdefault(clean(u.detail or u.code).replace(clean(link.id), "it"), {})[clean(link.id)] = None
    if audit.licenses.chain_complete is False and not found:
        found["it is longer than was followed, or names a model that was not identified"] = {"the chain": None}
    return [(tuple(names), why) for why, names in found.items()]


def unread_files(audit: Audit) -> tuple[str, ...]:
    """Name what of the repository itself could not be read and may hold a licence text: the listing, or such files."""
    held = {f.path for f in audit.files if f.kind in ("license", "use-policy")} | {"file listing"}
    return tuple(dict.fromkeys(clean(n.what) for n in audit.not_checked if n.what in held))


def stand(audit: Audit) -> tuple[str, str, str]:
    """Say what binds whoever adopts the model, as three parts of a sentence of which the second is stressed."""
    effective = audit.licenses.effective
    if effective.expression == "NONE":
        return "", "No licence", ": nobody is granted anything that copyright reserves"
    if effective.expression in ("NOASSERTION", ""):
        return "Which terms bind whoever adopts this model is ", "not determined", ""
    own = audit.licenses.own  # a family that is unknown only for what was not read is told by the end of the sentence
    family = view.family_words(own.family if own.expression == effective.expression else effective.family)
    end = f" ({family})" + (f", inherited from {clean(effective.inherited_from)}" if effective.inherited_from else "")
    if unread(audit):
        end += ", and by terms that could not be read"
    if unread_files(audit):
        end += "; a licence file that could not be read may say otherwise"
    return "Whoever adopts this model is bound by ", license_name(effective.expression), end


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
    clauses = {clean(row.clause) for row in audit.licenses.obligations}
    found: dict[str, dict[str, None]] = {}
    for why in use.why:
        name = next((name for name in names if why.startswith(f"{name}: ")), "")
        inside = next((name for name in names if _ABOUT.format(name) in why), "")
        key = why.removeprefix(f"{name}: ") if name else why.replace(_ABOUT.format(inside), _ABOUT) if inside else why
        found.setdefault(key, {})[name or inside or audit.subject.id] = None
    told = []
    for why, of in found.items():
        whose = tuple(map(clean, of))
        many = _ABOUT in why and len(whose) > 1
        about = f"{len(whose)} models" if many else whose[0]
        words, clause = _clause(clean(why.replace(_ABOUT, _ABOUT.format(about))), clauses)
        alone = whose == (clean(audit.subject.id),) or (_ABOUT in why and not many)
        told.append(Reason(words, clause, () if alone else whose))
    return told


def alike(audit: Audit) -> list[tuple[tuple[int, UseDoc], ...]]:
    """Give the uses with their numbers, those with the same verdict for the same reasons together."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[int, UseDoc]]] = {}
    for number, use in enumerate(audit.licenses.uses, 1):
        found.setdefault((use.verdict, use.why), []).append((number, use))
    return [tuple(uses) for uses in found.values()]


def uses_words(audit: Audit) -> str:
    """Say all verdicts in a line, the strictest first: `not allowed: serve; conditions: internal, redistribute`."""
    found: dict[str, list[str]] = {name: [] for name in SHORT}
    for use in audit.licenses.uses:
        found[use.verdict].append(clean(use.use))
    count = len(audit.licenses.uses)
    told = [(SHORT[verdict], uses) for verdict, uses in found.items() if uses]
    if len(told) == 1 and count > 1:
        return f"all {count} {VERDICTS[audit.licenses.uses[0].verdict]}"
    return "; ".join(f"{verdict}: {', '.join(uses)}" for verdict, uses in told)


def _party(name: str) -> str:
    words = view.FAMILIES.get(name)
    if words is None:
        return license_name(name)
    return words if "terms" in words else f"{words} terms"


def between_words(conflict: ConflictDoc) -> str:
    """Say what stands against what: `Apache-2.0 against Llama 2 Community License Agreement`."""
    return " against ".join(_party(name) for name in conflict.between)


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


def conflict_of(finding: FindingDoc, audit: Audit) -> ConflictDoc | None:
    """Give the conflict that a finding tells of, if it is one."""
    alike = (c for c in audit.licenses.conflicts if c.kind == finding.rule)
    return next((c for c in alike if c.why in finding.message), None)


def left_out(conflict: ConflictDoc) -> tuple[str, tuple[str, ...]]:
    """Give the clauses that a tag leaves out, and the name of their licence where it is the same for all."""
    parts = [clean(clause).partition(", section ") for clause in conflict.clauses]
    names = {name for name, found, _ in parts if found}
    if len(names) != 1 or not all(found for _, found, _ in parts):
        return "", tuple(map(clean, conflict.clauses))
    return names.pop(), tuple("section " + _ASKED.sub(r"\1\2", rest) for _, _, rest in parts)
