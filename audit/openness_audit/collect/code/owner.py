"""Decide whose a linked code repository is, from its address and from what the card says around its links."""

from __future__ import annotations

from typing import Final

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.words import attribution_file
from openness_audit.collect.code.links import Seen
from openness_audit.collect.code.names import names_parent, parent_owns, publisher_owns, subject_names
from openness_audit.collect.code.vocabulary import code_words, framework_words, harness_words, normal, tool_names
from openness_audit.model.evidence import Whose

WHOLE_NAME: Final = 5  # letters of a repository called like a model
COPIES: Final = frozenset({"quantized", "conversion", "reupload"})  # cards that repeat another model's card

PUBLISHER: Final = "under the publisher's own organisation"
PUBLISHER_CODE: Final = "under the publisher's own organisation, and the card names it as the model's code"
PROJECT: Final = "named after the model, and the card calls it its own"
LABELLED: Final = "the card names it as the model's code"
OURS: Final = "the card says that its authors published it"
OWN_TOOL: Final = "a general tool of the publisher"
OUR_TOOL: Final = "a general tool the card calls its own"
OF_BASE: Final = "under the base model's organisation"
LABELLED_BASE: Final = "under the base model's organisation, named as this model's code"
COPIED: Final = "linked in a copied card of another model"
TOOL: Final = "a general tool"
CITED: Final = "linked in a citation only"
ELSEWHERE: Final = "under another organisation"
MAYBE: Final = frozenset({OWN_TOOL, OUR_TOOL, LABELLED_BASE})  # what it holds decides (see code_resolve)


def is_tool(key: str, name: str) -> bool:
    """Say whether a repository is a general tool, a harness or a framework, or a fork of one."""
    words = code_words()
    repo = key.split("/", 1)[1]
    return (
        repo in words.sets["generic"]
        or name.lower() in words.sets["generic_names"]
        or repo in harness_words().by_repo
        or repo in framework_words().by_repo
    )


def is_fork_of_tool(name: str) -> bool:
    """Say whether a repository has the name of a harness or framework, whoever owns it."""
    return name.lower() in tool_names()


def _trains(key: str) -> bool:
    """Say whether a tool is a training framework: only then can it hold a model's own configuration."""
    tool = framework_words().by_repo.get(key.split("/", 1)[1])
    return tool is not None and tool.kind != "infrastructure"


def _never_own(key: str, name: str) -> bool:
    words = code_words()
    return key.split("/", 1)[1] in words.sets["generic"] or name.lower() in words.sets["generic_names"]


def whose_is(links: list[Seen], identity: Identity) -> tuple[Whose, str]:
    """Decide whose the repository behind these links is, and say why.

    Args:
        links: every link to one repository, in any card; at least one.
        identity: the subject's names.

    Returns:
        The attribution and the reason, one of the constants of this module. The reasons in `MAYBE` are settled when
        the repository was opened.
    """
    link = links[0].link
    counted = [seen for seen in links if not seen.citation]
    if not counted:
        return "other", CITED
    if _never_own(link.key, link.name):
        return "generic", TOOL
    if all(seen.original for seen in counted):
        return "base", COPIED
    counted = [seen for seen in counted if not seen.original]
    speaks = any(seen.label or (seen.ours and not seen.other) for seen in counted)
    if publisher_owns(link.owner, link.name, identity):
        if is_tool(link.key, link.name):
            return "generic", OWN_TOOL if _trains(link.key) else TOOL
        return "self", PUBLISHER_CODE if speaks else PUBLISHER
    if parent_owns(link.owner, identity) or names_parent(link.name, identity):
        labelled = any(seen.label for seen in counted) and identity.derivation not in COPIES
        return "base", LABELLED_BASE if labelled else OF_BASE
    return _foreign(counted, identity, speaks=speaks)


def _bears_its_name(repo: str, identity: Identity, *, speaks: bool) -> bool:
    """Say whether a repository is named like the model: with its whole name, or as its name begins (`speaks`)."""
    own, name = normal(identity.name), normal(repo)
    if len(name) < WHOLE_NAME:
        return False
    known = any(normal(word) in name for group in attribution_file().families for word in group)
    return own == name or (speaks and not known and own.startswith(name))


def _foreign(counted: list[Seen], identity: Identity, *, speaks: bool) -> tuple[Whose, str]:
    """Judge a repository under an organisation that is neither the publisher's nor a base model's."""
    link = counted[0].link
    names = subject_names(identity).whole()
    tool = is_tool(link.key, link.name)
    if not tool and identity.derivation not in COPIES and _bears_its_name(link.name, identity, speaks=speaks):
        return "self", PROJECT
    if identity.derivation in COPIES or not speaks:
        return ("generic", TOOL) if tool else ("other", ELSEWHERE)
    named = names.own is not None and any(normal(w) and normal(w) in normal(link.name) for w in names.family)
    if named and names.named_in(link.name) and not tool:
        return "self", PROJECT
    ours = any(seen.ours and not seen.other for seen in counted)
    if tool:  # "our <framework>": the authors' own tool, if it speaks of this model
        return "generic", OUR_TOOL if ours and _trains(link.key) else TOOL
    if any(seen.label for seen in counted):
        return "self", LABELLED
    return ("self", OURS) if ours and any(seen.roles for seen in counted) else ("other", ELSEWHERE)
