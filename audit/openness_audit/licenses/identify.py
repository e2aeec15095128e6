"""Say which licence a text is, and never more than the words bear out."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from typing import Literal

import msgspec
from msgspec import Struct

from openness_audit.licenses.engine import ENGINE, Region, regions
from openness_audit.licenses.normalise import MAX_CHARACTERS, digest, tokens
from openness_audit.licenses.references import GRAM, fingerprints, gram_index, grams, nearest, references
from openness_audit.licenses.terms import by_expression, terms
from openness_audit.licenses.verify import Verdict, is_non_commercial, verify

__all__ = ["Identified", "forget", "identify"]

_SHORTEST = 8  # words: less is a name or a placeholder, not a licence text
_DERIVED = 0.90  # licenses.md 1.2: at least this much of a vendor's text is "derived from X"
_ALTERED = 0.80  # of an SPDX text: below it a relative is as likely as an altered copy
_HINT = 0.40  # below it a vendor's text is not even a hint
_CANDIDATE = 0.4  # share of an SPDX text's sample: enough to compare word by word
_KEEP = 512  # texts remembered: the engine's own cache grows with every unlike text (licenses.md 1.3)


class Identified(Struct, frozen=True, kw_only=True):
    """What a text is.

    `match`: exact (equal words), equivalent (names, layout, parts meant to be filled or left out), modified (a known
    text with other words in it: `expression` is then `LicenseRef-modified-<id>` and `similar_to` names the known one),
    closest (a guess: no expression), none. `changed` lists added words with `+`, missing ones with `-`.
    """

    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None = None
    changed: tuple[str, ...] = ()
    engine: str = ""
    similar_to: str | None = None
    version: str = ""
    use_policy: bool = False


NOTHING = Identified(expression=None, family="unknown", match="none")
_remembered: OrderedDict[str, Identified] = OrderedDict()


def identify(text: str) -> Identified:
    """Identify a licence text; only its first 262,144 characters are read, and answers are remembered by digest."""
    text = text[:MAX_CHARACTERS]
    key = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]
    found = _identify(text)
    _remembered[key] = found
    if len(_remembered) > _KEEP:
        _remembered.popitem(last=False)
    return found


def forget() -> None:
    """Drop every remembered answer, as is needed after the tables were exchanged."""
    _remembered.clear()


def _identify(text: str) -> Identified:
    words = tokens(text)
    if len(words) < _SHORTEST:
        return NOTHING
    vendor = _vendor(words)
    if vendor.match == "exact":
        return vendor
    exact = references().digests.get(digest(words))
    if exact and (by_expression(exact[0]) or vendor.match == "modified"):
        return _exact(exact[0])
    if vendor.match == "modified":
        return vendor
    standard = _standard(text, words)
    if exact:  # a rare id with the words of a common one: the common one is meant
        return standard if standard.expression and by_expression(standard.expression) else _exact(exact[0])
    if standard.match in ("exact", "equivalent", "modified") or vendor.match == "none":
        return standard
    return vendor if (vendor.similarity or 0) >= (standard.similarity or 0) else standard


def _exact(expression: str) -> Identified:
    return Identified(
        expression=expression, family=_family(expression), match="exact", similarity=1.0, engine=references().version
    )


def _family(expression: str) -> str:
    known = by_expression(expression)
    return known.family if known else "unknown"


def _vendor(words: list[str]) -> Identified:
    """Compare with the fingerprint table: equal words are exact, most of a text is derived from it."""
    table = fingerprints().table
    key = digest(words)
    own = list(dict.fromkeys(grams(words)))
    index = gram_index()
    hits: Counter[int] = Counter()
    for gram in own:
        hits.update(index.get(gram, ()))
    for entry in table:
        if entry.digest == key:
            known = terms(entry.id)
            return Identified(
                expression=known.expression, family=known.family, match="exact", similarity=1.0,
                engine="fingerprints", version=entry.version, use_policy=entry.use_policy,
            )  # fmt: skip
    best: tuple[float, float, int] = (0.0, 0.0, -1)
    for number, count in hits.items():
        held = count / max(1, table[number].words - GRAM + 1)  # share of the known text that is here
        whole = count / max(1, len(own))  # share of this text that is known
        best = max(best, (min(1.0, held), min(1.0, whole), -number - 1), key=lambda b: (b[0] + b[1], b[2]))
    held, whole, number = best[0], best[1], -best[2] - 1
    if number < 0 or max(held, whole) < _HINT or held + whole < 2 * _HINT:
        return NOTHING
    entry, known = table[number], terms(table[number].id)
    similarity = round(min(held, whole), 3)
    if held < _DERIVED:
        return Identified(
            expression=None, family="unknown", match="closest", similarity=similarity, engine="fingerprints",
            similar_to=known.expression, version=entry.version, use_policy=entry.use_policy,
        )  # fmt: skip
    return Identified(
        expression=f"LicenseRef-modified-{_bare(known.expression)}", family=known.family, match="modified",
        similarity=similarity, changed=_unknown_words(words, number), engine="fingerprints",
        similar_to=known.expression, version=entry.version, use_policy=entry.use_policy,
    )  # fmt: skip


def _bare(expression: str) -> str:
    return expression.removeprefix("LicenseRef-").removeprefix("hf-").replace(" AND ", "-and-")


def _unknown_words(words: list[str], number: int) -> tuple[str, ...]:
    """List the runs of words that no five-word run of the known text covers (one stretch per entry, at most eight)."""
    index = gram_index()
    covered = [False] * len(words)
    for at, gram in enumerate(grams(words)):
        if number in index.get(gram, ()):
            covered[at : at + GRAM] = [True] * GRAM
    stretches: list[str] = []
    run: list[str] = []
    for word, known in zip([*words, ""], [*covered, True], strict=True):
        if not known:
            run.append(word)
        elif run:
            stretches.append("+" + " ".join(run[:12]) + (" ..." if len(run) > 12 else ""))
            run = []
    return tuple(stretches[:8]) or ("words are missing or in another order",)


def _standard(text: str, words: list[str]) -> Identified:
    """Ask the engine for candidates, then let the words decide against each candidate's reference text."""
    found = regions(text)
    ids = list(dict.fromkeys(r.expression for r in found))
    near = nearest(grams(words), _CANDIDATE)  # an altered standard text often escapes the engine's patterns
    if not ids and not near:
        return NOTHING
    verdict, expressions = _best(text, words, ids, found)
    if verdict is None or not verdict.clean:
        other, named = _best(text, words, near, ())
        if other is not None and (verdict is None or other.similarity > verdict.similarity):
            # found without the engine: alike is not the same, whatever the words that differ
            verdict, expressions = msgspec.structs.replace(other, clean=False), named
    if verdict is None:
        return Identified(
            expression=None, family="unknown", match="closest", engine=ENGINE, similar_to=" AND ".join(sorted(ids))
        )
    expression = " AND ".join(sorted(expressions))
    if verdict.clean:
        family = _family(expression) if len(expressions) == 1 else _families(expressions)
        return Identified(
            expression=expression, family=family, match="equivalent", similarity=verdict.similarity,
            changed=verdict.changed, engine=ENGINE,
        )  # fmt: skip
    if verdict.similarity < _ALTERED and verdict.held < _DERIVED:
        return Identified(
            expression=None, family="unknown", match="closest", similarity=verdict.similarity, engine=ENGINE,
            similar_to=expression,
        )  # fmt: skip
    return Identified(
        expression=f"LicenseRef-modified-{_bare(expression)}",
        family=_modified_family(expressions, verdict),
        match="modified", similarity=verdict.similarity, changed=verdict.changed, engine=ENGINE, similar_to=expression,
    )  # fmt: skip


def _families(expressions: list[str]) -> str:
    families = {_family(e) for e in expressions}
    return families.pop() if len(families) == 1 else "unknown"


def _modified_family(expressions: list[str], verdict: Verdict) -> str:
    """A restricted text stays restricted; added non-commercial words make it so; else an altered text is unknown."""
    if is_non_commercial(verdict.changed):
        return "non-commercial"
    family = _families(expressions)
    return family if family in ("non-commercial", "no-derivatives", "behavioural-use", "community") else "unknown"


def _best(text: str, words: list[str], ids: list[str], found: tuple[Region, ...]) -> tuple[Verdict | None, list[str]]:
    """Compare the whole text with each candidate alone, then, when several stand in it, part by part."""
    alone = [(verify(words, expression), expression) for expression in ids[:6]]
    known = [(v, e) for v, e in alone if v is not None]
    best = max(known, key=lambda k: (k[0].clean, k[0].similarity), default=None)
    if best is not None and best[0].clean:
        return best[0], [best[1]]
    if len(found) > 1:
        parts = _parts(text, found)
        if parts is not None and parts[0].clean:
            return parts
    return (best[0], [best[1]]) if best is not None else (None, [])


def _parts(text: str, found: tuple[Region, ...]) -> tuple[Verdict, list[str]] | None:
    """Check every region against its own reference, and count the words outside them as added."""
    expressions: list[str] = []
    verdicts: list[Verdict] = []
    outside: list[str] = []
    last = 0
    for region in found[:12]:
        outside += tokens(text[last : region.start])
        last = region.end
        inside = tokens(text[region.start : region.end])
        verdict = verify(inside, region.expression)
        if verdict is None or not verdict.clean:
            return None
        verdicts.append(verdict)
        expressions.append(region.expression)
    outside += tokens(text[last:])
    rest = verify(outside, "")
    if rest is None or not rest.clean:
        return None
    similarity = round(min(v.similarity for v in verdicts), 3)
    changed = tuple(dict.fromkeys(c for v in (*verdicts, rest) for c in v.changed))[:8]
    return Verdict(clean=True, similarity=similarity, held=1.0, changed=changed), sorted(set(expressions))
