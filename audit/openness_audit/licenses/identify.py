"""Say which licence a text is, and never more than the words bear out."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct

from openness_audit.licenses.engine import ENGINE, Region, regions
from openness_audit.licenses.normalise import MAX_CHARACTERS, digest, readable, tokens
from openness_audit.licenses.references import by_digest, grams, nearest, references
from openness_audit.licenses.terms import by_expression, terms
from openness_audit.licenses.vendor import Kin, by_title, kin, unlike
from openness_audit.licenses.verify import Verdict, even, is_non_commercial, verify

__all__ = ["Identified", "forget", "identify"]

_SHORTEST = 8  # words: less is a name or a placeholder, not a licence text
_DERIVED = 0.90  # licenses.md 1.2: at least this much of a vendor's text is "derived from X"
_ALTERED = 0.80  # of an SPDX text: below it a relative is as likely as an altered copy
_HINT = 0.40  # below it a vendor's text is not even a hint
_CANDIDATE = 0.4  # share of an SPDX text's sample: enough to compare word by word
_MOST = 8  # candidates
_KNOWN = 0.02  # of similarity
_SURE = 0.99  # alike: no other reference can be nearer
_SHORT = 600  # words: licences as short as this have near twins
_COMPARED = 2  # candidates compared word by word with any text; with a short one more
_MORE_WORDS = 3000  # words of further comparisons
_KEEP = 512  # texts remembered: the engine's own cache grows with every unlike text (licenses.md 1.3)
_CUT = f"only its first {MAX_CHARACTERS:,} characters were read"


class Identified(Struct, frozen=True, kw_only=True):
    """What a text is.

    `match`: exact (equal words), equivalent (names, layout, parts meant to be filled or left out), modified (a known
    text with other words in it: `expression` is then `LicenseRef-modified-<id>` and `similar_to` names the known one),
    closest (a guess: no expression), none. `changed` lists added words with `+`, missing ones with `-`. `license_id`
    and `version` are those of the terms file of a vendor's text; `reason` says why there is no more than this.
    """

    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None = None
    changed: tuple[str, ...] = ()
    engine: str = ""
    similar_to: str | None = None
    license_id: str = ""
    version: str = ""
    use_policy: bool = False
    reason: str = ""


NOTHING = Identified(expression=None, family="unknown", match="none", reason="it is like no licence text that is known")
_remembered: OrderedDict[str, Identified] = OrderedDict()


def identify(text: str) -> Identified:
    """Identify a licence text; only its first 262,144 characters are read, and answers are remembered by digest."""
    cut = len(text) > MAX_CHARACTERS
    text = text[:MAX_CHARACTERS]
    key = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() + "+" * cut
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]
    found = _identify(text)
    if cut:
        found = _unfinished(found)
    _remembered[key] = found
    if len(_remembered) > _KEEP:
        _remembered.popitem(last=False)
    return found


def forget() -> None:
    """Drop every remembered answer, as is needed after the tables were exchanged."""
    _remembered.clear()


def _unfinished(found: Identified) -> Identified:
    """Lower an answer about the beginning of a text: what follows was not read."""
    if found.match not in ("exact", "equivalent"):
        return msgspec.structs.replace(found, reason=f"{found.reason}; {_CUT}".removeprefix("; "))
    return msgspec.structs.replace(
        found, expression=None, family="unknown", match="closest", similar_to=found.expression, reason=_CUT
    )


def _identify(text: str) -> Identified:
    text, unread = readable(text)
    if unread:
        return msgspec.structs.replace(NOTHING, reason=unread)
    words = tokens(text)
    if len(words) < _SHORTEST:
        return msgspec.structs.replace(NOTHING, reason=f"{len(words)} words are no licence text" if words else "empty")
    whole = digest(words)
    if (entry := by_digest().get(whole)) is not None:
        known = terms(entry.id)
        return Identified(
            expression=known.expression, family=known.family, match="exact", similarity=1.0, engine="fingerprints",
            license_id=entry.id, version=entry.version, use_policy=entry.role == "use-policy",
        )  # fmt: skip
    exact = references().digests.get(whole)
    if exact and by_expression(exact[0]):
        return _exact(exact[0])
    own = grams(words)
    relative = kin(own)
    if relative is not None and relative.held >= _DERIVED:
        return _exact(exact[0]) if exact else _derived(words, relative)
    standard = _standard(text, words, own)
    if exact:  # a rare id with the words of a common one: the common one is meant
        return standard if standard.expression and by_expression(standard.expression) else _exact(exact[0])
    guess = _hint(words, relative)
    if standard.match in ("equivalent", "modified") or guess is None:
        return standard
    return guess if (guess.similarity or 0) >= (standard.similarity or 0) else standard


def _exact(expression: str) -> Identified:
    return Identified(
        expression=expression, family=_family(expression), match="exact", similarity=1.0, engine=references().version
    )


def _family(expression: str) -> str:
    known = by_expression(expression)
    return known.family if known else "unknown"


def _derived(words: list[str], relative: Kin) -> Identified:
    """Name a vendor's text with other words in it; never the version itself, which only equal words are."""
    entry, known, changed = relative.entry, terms(relative.entry.id), unlike(words, relative.entry)
    return Identified(
        expression=f"LicenseRef-modified-{_bare(known.expression)}", family=_still(known.family, changed),
        match="modified", similarity=relative.similarity, changed=changed, engine="fingerprints",
        similar_to=known.expression, license_id=entry.id, version=entry.version,
        use_policy=entry.role == "use-policy",
    )  # fmt: skip


def _hint(words: list[str], relative: Kin | None) -> Identified | None:
    """Name the vendor's text that a text is most like, or whose title it bears; None when there is none."""
    if relative is not None and max(relative.held, relative.whole) >= _HINT <= (relative.held + relative.whole) / 2:
        entry, similarity, reason = relative.entry, relative.similarity, ""
    elif (titled := by_title(words)) is not None:
        entry, similarity, reason = titled, 0.0, "it bears this title; its words are others"
    else:
        return None
    return Identified(
        expression=None, family="unknown", match="closest", similarity=similarity, engine="fingerprints",
        similar_to=terms(entry.id).expression, license_id=entry.id, version=entry.version,
        use_policy=entry.role == "use-policy", reason=reason,
    )  # fmt: skip


def _bare(expression: str) -> str:
    return expression.removeprefix("LicenseRef-").removeprefix("hf-").replace(" AND ", "-and-")


def _standard(text: str, words: list[str], own: list[int]) -> Identified:
    """Let the words decide against the likely references; ask the pattern engine where that names none plainly."""
    evened = even(words)
    verdict, expressions = _best(evened, _candidates(own))
    ids: list[str] = []
    if verdict is None or not (verdict.clean or verdict.similarity >= _DERIVED):
        found = regions(text)
        ids = list(dict.fromkeys(r.expression for r in found))
        other, named = _parts(text, found) or _best(evened, ids)
        if other is not None and (verdict is None or (other.clean, other.similarity) > (False, verdict.similarity)):
            verdict, expressions = other, named
    if verdict is None:
        if not ids:
            return NOTHING
        return Identified(
            expression=None, family="unknown", match="closest", engine=ENGINE, similar_to=" AND ".join(sorted(ids))
        )
    return _judged(verdict, expressions)


@cache
def _plainest() -> frozenset[str]:
    """Give one id of those that have the same words."""
    return frozenset(ids[0] for ids in references().digests.values())


def _candidates(own: list[int]) -> list[str]:
    """Name the likely references, likeliest first, well-known ones before rare ones of the same words."""
    plainest = _plainest()
    found = [f for f in nearest(own, _CANDIDATE) if f[0] in plainest]
    ranked = sorted(found, key=lambda f: (-f[1], by_expression(f[0]) is None, len(f[0]), f[0]))
    return [expression for expression, _ in ranked[:_MOST]]


def _judged(verdict: Verdict, expressions: list[str]) -> Identified:
    expression = " AND ".join(sorted(expressions))
    if verdict.clean:
        return Identified(
            expression=expression, family=_families(expressions), match="equivalent", similarity=verdict.similarity,
            changed=verdict.changed, engine=ENGINE if len(expressions) > 1 else references().version,
        )  # fmt: skip
    if verdict.similarity < _ALTERED and verdict.held < _DERIVED:
        return Identified(
            expression=None, family="unknown", match="closest", similarity=verdict.similarity, engine=ENGINE,
            similar_to=expression,
        )  # fmt: skip
    return Identified(
        expression=f"LicenseRef-modified-{_bare(expression)}",
        family=_still(_families(expressions), verdict.changed),
        match="modified", similarity=verdict.similarity, changed=verdict.changed, engine=references().version,
        similar_to=expression,
    )  # fmt: skip


def _families(expressions: list[str]) -> str:
    families = {_family(e) for e in expressions}
    return families.pop() if len(families) == 1 else "unknown"


def _still(family: str, changed: tuple[str, ...]) -> str:
    """A restricted text stays restricted; added non-commercial words make it so; else an altered text is unknown."""
    if is_non_commercial(changed):
        return "non-commercial"
    return family if family in ("non-commercial", "no-derivatives", "behavioural-use", "community") else "unknown"


def _best(words: list[str], ids: list[str]) -> tuple[Verdict | None, list[str]]:
    """Compare the whole text with the candidates, likeliest first: a few, and with a short text more."""
    best: tuple[Verdict, str] | None = None
    for number, expression in enumerate(ids):
        clean = best is not None and best[0].clean
        if clean and (best[0].similarity > _SURE or len(words) > _SHORT):  # type: ignore[index]  # not None: clean
            break
        if number >= _COMPARED and (number - _COMPARED) * len(words) >= _MORE_WORDS:
            break
        verdict = verify(words, expression)
        if verdict is None:
            continue
        if best is None or _rank(verdict, expression) > _rank(*best):
            best = verdict, expression
    return (best[0], [best[1]]) if best is not None else (None, [])


def _rank(verdict: Verdict, expression: str) -> tuple[bool, float]:
    """Order verdicts; of two alike the well-known licence is the one that was copied."""
    return verdict.clean, verdict.similarity + (_KNOWN if by_expression(expression) else 0)


def _parts(text: str, found: tuple[Region, ...]) -> tuple[Verdict, list[str]] | None:
    """Check every region against its own reference; None unless all are clean and no word but names is outside."""
    if len(found) < 2:
        return None
    expressions: list[str] = []
    verdicts: list[Verdict] = []
    outside: list[str] = []
    last = 0
    for region in found[:12]:
        outside += tokens(text[last : region.start])
        last = region.end
        verdict = verify(even(tokens(text[region.start : region.end])), region.expression)
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
