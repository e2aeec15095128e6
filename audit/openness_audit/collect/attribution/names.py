"""Find model names in running text and tell whose they are: this model's, a parent's, or another model's."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity, abbreviation_of
from openness_audit.collect.attribution.leads import Leads
from openness_audit.collect.attribution.words import LETTER, attribution_file, patterns
from openness_audit.model.evidence import Whose

_TOKEN = re.compile(r"\d+(?:\.\d+)?x\d+(?:\.\d+)?[bmk]?|\d+(?:\.\d+)?[bmk]?(?![^\W\d_])|[^\W\d_]+|\d+(?:\.\d+)?")
_PART = re.compile(
    rf"(?P<separator>[-_ ./]|(?<=[^\W\d_]))(?P<word>v?\d{{1,5}}(?:\.\d{{1,3}}){{0,3}}(?:x\d{{1,3}})?[bmk]?(?!{LETTER})"
    rf"|{LETTER}{{1,24}}(?:\.\d{{1,3}})?)"
    rf"(?!{LETTER})",
    re.IGNORECASE,
)
_SIZED = re.compile(
    rf"(?<!{LETTER})(?P<lead>[A-Z]{LETTER}{{1,24}}(?:[-_]{LETTER}{{1,16}}){{0,4}})"
    rf"[-_ ]v?\d{{1,4}}(?:\.\d{{1,2}})?(?:x\d{{1,3}})?[bBM]"
    rf"(?!{LETTER})(?:[-_]{LETTER}{{1,16}}){{0,4}}"
)
_HAS_SIZE = re.compile(r"\d[bBM]")
_WITHIN = re.compile(r"[^\W_]_\Z")  # the rest of a word such as train_asr_conformer: of a setting, not of a model
_DOT = re.compile(r"(?<=\d)_(?=\d)")
_FRACTION = re.compile(r"\d+\.\d+")
_SEPARATORS = re.compile(r"[\W_]+")
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[bmk]")
_BETWEEN = re.compile(r"[-_.\s]+")
_NUMBER = re.compile(r"v?\d")
_GLUED = re.compile(r"\d+(?:\.\d+)?$")
MAX_TEXT: Final = 4_000
MIN_JOINED: Final = 5
MAX_PARTS: Final = 12


class Named(Struct, frozen=True):
    """A model name in a text: where it stands and whose it is."""

    start: int
    end: int
    text: str
    whose: Whose
    exact: bool = False


@lru_cache(maxsize=4096)  # the same few names are compared for every sentence
def tokens_of(name: str) -> frozenset[str]:
    """Give the parts of a model name that tell it from others, without words for file formats."""
    bare = _DOT.sub(".", name.lower())
    formats = attribution_file().formats
    found = [t for t in _TOKEN.findall(bare) if t not in formats and t != "v"]
    return frozenset(f"{float(t):g}" if _FRACTION.fullmatch(t) else t for t in found)


def _joined(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


def _leads(name: str) -> set[str]:
    """Give the words a name may be recognised by: its words up to the first number, and the first word alone."""
    words = [w for w in _BETWEEN.split(name.lower()) if w]
    common, formats = attribution_file().common, attribution_file().formats
    run: list[str] = []
    for word in words:
        if _NUMBER.match(word) or word in formats:
            break
        run.append(_GLUED.sub("", word) if len(words) > 1 and not run else word)
    leads = set()
    if run and (len(run) > 1 or run[0] not in common) and not all(w in common for w in run):
        leads.add(" ".join(run))
    if run and run[0] not in common:
        leads.add(run[0])
    return {lead for lead in leads if len(lead) >= 3}


def head_tokens(name: str) -> frozenset[str]:
    """Give the parts of the first word of a name that is no ordinary word; a number glued to it may be left out."""
    common = attribution_file().common
    words = [w for w in re.split(r"[-_\s]+", name.lower()) if w]
    first = next((w for w in words if w not in common and not w[0].isdigit()), words[0] if words else "")
    return frozenset(t for t in tokens_of(first) if not t[0].isdigit()) or tokens_of(first)


class Lexicon(Struct, frozen=True):
    """How names are found in the card of one model, and the parts to compare them by.

    `own_head` are parts of the first word that is no ordinary one: "Llama 2" is not short for ELYZA-Llama-2. `short`
    are the parts of its abbreviation, if it has one. `joined` is the name without separators: "Code Llama" is
    CodeLlama. `kin`: a parent is by the same publisher.
    """

    leads: Leads
    words: frozenset[str]  # of this model's and its parents' names: they continue a name
    own: frozenset[str]
    own_head: frozenset[str]
    short: frozenset[str]
    joined: str
    parents: tuple[frozenset[str], ...]
    kin: bool
    derived: bool


@cache
def _families() -> Leads:
    return Leads({w for group in attribution_file().families for w in group})


@lru_cache(maxsize=64)
def lexicon(identity: Identity) -> Lexicon:
    """Build the lexicon of a model from its identity."""
    parents = [p.rpartition("/")[2] for p in identity.parent_ids]
    parents += [n.rpartition("/")[2] for n in identity.parent_names if "/" not in n]
    names = (identity.name, *parents)
    return Lexicon(
        leads=Leads({lead for name in names for lead in _leads(name)}),
        words=attribution_file().variants | {t for name in names for t in _TOKEN.findall(name.lower()) if t.isalpha()},
        own=tokens_of(identity.name),
        own_head=head_tokens(identity.name),
        short=tokens_of(abbreviation_of(identity.name)),
        joined=_joined(identity.name),
        parents=tuple(dict.fromkeys(t for t in (tokens_of(p) for p in parents) if t)),
        kin=any(p.partition("/")[0].lower() == identity.org for p in identity.parent_ids),
        derived=bool(parents) or identity.derivation != "base",
    )


@lru_cache(maxsize=1024)  # one text is asked about by several readers, who know the subject by different names
def _families_in(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(_families().spans(text))


def _end_of(text: str, end: int, words: frozenset[str]) -> int:
    """Give where a name ends that begins with a known word: behind its version, size and variants."""
    endings = attribution_file().endings
    for _ in range(MAX_PARTS):
        part = _PART.match(text, end)
        if part is None:
            break
        separator, word = part["separator"], part["word"].lower()
        number = word[0].isdigit() or (word[0] == "v" and word[1:2].isdigit())
        if separator in {"-", "_"}:
            wanted = word not in endings
        elif separator:
            wanted = number or word in words
        else:
            wanted = word[0].isdigit()
        if not wanted:
            break
        end = part.end()
    return end


def may_name(text: str, identity: Identity) -> bool:
    """Say whether a sentence of a text can name a model: never no where `names_in` finds a name in one."""
    if len(text) > MAX_TEXT:
        return True
    return bool(_families_in(text) or _HAS_SIZE.search(text) or lexicon(identity).leads.spans(text))


@lru_cache(maxsize=1024)  # one sentence is asked about once for each thing found in it
def names_in(text: str, identity: Identity) -> tuple[Named, ...]:
    """List the model names in a text, in order, each with whose it is."""
    text = text[:MAX_TEXT]
    known = lexicon(identity)
    found: dict[int, int] = {}
    for start, end in (*_families_in(text), *known.leads.spans(text)):
        found[start] = max(_end_of(text, end, known.words), found.get(start, 0))
    sized = _HAS_SIZE.search(text)
    if not found and sized is None:
        return ()
    skip = attribution_file().not_a_name_before_size
    for match in _SIZED.finditer(text) if sized else ():
        inside = any(begin <= match.start() < end for begin, end in found.items())
        if not inside and match["lead"].lower() not in skip and not patterns().units.match(text, match.end()):
            found[match.start()] = match.end()
    rows: list[Named] = []
    for start in sorted(found):
        end = found[start]
        if rows and start < rows[-1].end:
            continue
        whose, exact = _class_of(text[start:end], known)
        if (patterns().not_model.match(text, end) or _WITHIN.search(text[:start])) and not (exact and whose == "self"):
            continue
        rows.append(Named(start, end, text[start:end], whose, exact))
    return tuple(rows)


def _class_of(name: str, known: Lexicon) -> tuple[Whose, bool]:
    """Say whose a name is, and whether it is the model's or parent's whole name."""
    parts = tokens_of(name)
    if not parts:
        return "other", False
    parent_exact = parts in known.parents
    if parts == known.own:
        return ("base" if parent_exact and known.derived else "self"), True
    if parent_exact:
        return "base", True
    if parts == known.short:
        return "self", True
    joined = _joined(name)
    own = (parts < known.own and known.own_head <= parts) or (
        len(joined) >= MIN_JOINED and known.joined.startswith(joined)
    )
    parent = any(parts < p for p in known.parents)
    if own and parent:
        sized = any(_SIZE.fullmatch(p) for p in parts)  # "Owl 2" is the family's name, "Owl-7B" a base's
        return ("self" if known.kin and not sized else "base"), False
    if own:
        return "self", False
    return ("base" if parent else "other"), False


def names_parent_only(text: str, identity: Identity) -> bool:
    """Say whether a text names a parent and not this model."""
    whose = {n.whose for n in names_in(text, identity)}
    return "base" in whose and "self" not in whose
