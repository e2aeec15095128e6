"""Say what a paper covers by the model names in its title."""

from __future__ import annotations

import re
from typing import Final, Literal

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.names import head_tokens, names_in, tokens_of
from openness_audit.collect.attribution.words import attribution_file
from openness_audit.collect.papers.words import paper_words

MOST_NAME: Final = 4  # words of a link that is labelled with a model's name
TitleCovers = Literal["self", "family", "base", "predecessor"]
_FIRST = re.compile(r"[\s-]v?1(?:\.0)?\Z", re.IGNORECASE)  # "Tern 1.0": the family without a number
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:x\d+)?[bmk]")


def head_of(name: str) -> frozenset[str]:
    """Give the parts of the first word of a model's name that is no ordinary word."""
    return head_tokens(name)


def _borrowed(identity: Identity) -> bool:
    """Say whether a derived model goes by the name of somebody else's well-known family: its papers are the base's."""
    head = head_of(identity.name)
    if _parents(identity) and not any(head & tokens_of(parent.rpartition("/")[2]) for parent in _parents(identity)):
        return False  # the bases go by other names: the family is the model's own
    kin = any(p.partition("/")[0].lower() == identity.org for p in identity.parent_ids)
    known = any(head & tokens_of(word) for group in attribution_file().families for word in group)
    return known and not kin and not any(part in identity.org for part in head)


def _parents(identity: Identity) -> set[str]:
    return {*identity.parent_ids, *identity.parent_names}


def _unsized(name: str) -> frozenset[str]:
    return frozenset(part for part in tokens_of(name) if not _SIZE.fullmatch(part))


def title_covers(title: str, identity: Identity, *, derived: bool) -> TitleCovers | None:
    """Say whether a title names this model, its family, its base or another version of it; None where it names nobody.

    A title that names the publisher ("LLM360: ...") covers its base models, but not what was made from them.
    """
    names = names_in(title, identity)
    own = tokens_of(identity.name)
    if any(n.whose == "self" and n.exact for n in names):
        return "self"
    if any(n.whose == "self" for n in names):
        whole = _unsized(identity.name)  # "Opus-Tern": more than the family's name
        named = len(whole) > 1 and any(n.whose == "self" and _unsized(n.text) == whole for n in names)
        return "base" if derived and not named and _borrowed(identity) else "family"
    for name in names:
        parts = tokens_of(name.text)
        if name.whose == "other" and head_of(identity.name) <= parts:
            extra = parts - own
            if own < parts and any(_SIZE.fullmatch(part) for part in own):
                return "self"
            return "family" if all(_SIZE.fullmatch(part) for part in extra) else "predecessor"
    if any(n.whose == "base" for n in names):
        return "base"
    words = set(re.split(r"[\W_]+", title.lower()))
    organisation = re.sub(r"[\W_]+", "", identity.org)
    tool = paper_words().patterns["not_model_title"].search(title)
    if not derived and not tool and len(organisation) >= 4 and organisation in words:
        return "family"
    return None


def is_name(label: str, identity: Identity, *, derived: bool) -> bool:
    """Say whether a link is labelled with the model's name, or its family's, and not with a base model's."""
    if len(label.split()) > MOST_NAME:
        return False
    return title_covers(_FIRST.sub("", label.strip()), identity, derived=derived) in {"self", "family"}
