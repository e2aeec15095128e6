"""Find the code repositories a card links, and settle whose they are and what they hold."""

from __future__ import annotations

from typing import Final, Literal

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.code.links import Seen, code_links, is_document, path_name
from openness_audit.collect.code.names import subject_names
from openness_audit.collect.code.owner import (
    LABELLED,
    LABELLED_BASE,
    MAYBE,
    OUR_TOOL,
    OURS,
    OWN_TOOL,
    PROJECT,
    PUBLISHER,
    PUBLISHER_CODE,
    whose_is,
)
from openness_audit.collect.code.resolve import MOST_OWN, own_readmes, resolve_repositories
from openness_audit.collect.code.vocabulary import CODE_ROLES, CodeRole, code_words
from openness_audit.model.card import Card
from openness_audit.model.evidence import Cause, Unavailable
from openness_audit.model.facts_origins import CodeRepository, RoleFound

__all__ = ["find_repositories", "own_readmes", "repositories_to_open", "resolve_repositories"]

OPENED: Final = "github.com"
_RANK = {PUBLISHER_CODE: 0, PROJECT: 0, PUBLISHER: 2, LABELLED: 2, OURS: 3, OWN_TOOL: 4, OUR_TOOL: 4, LABELLED_BASE: 5}


def _not_asked(key: str) -> Unavailable:
    host = key.split("/", 1)[0]
    why = "has not been opened" if host == OPENED else f"is on {host}, which is not opened"
    return Unavailable(Cause(code="not-requested", source=key, retryable=host == OPENED, detail=f"{key} {why}"))


def _hinted_level(role: CodeRole, spoken: list[Seen], identity: Identity) -> Literal["full", "toolkit"]:
    """Say how much a link promises; an example to tune a derived model further is not what made it."""
    if role != "finetuning" or identity.derivation == "base":
        return "full"
    further = code_words().patterns["further_path"]
    said = (path_name(f"{s.place.excerpt or ''}/{s.link.path}") for s in spoken)
    return "toolkit" if all(further.search(words) for words in said) else "full"


def _hints(links: list[Seen], identity: Identity) -> tuple[RoleFound, ...]:
    """Give the roles the card's words say, declared; a link below the repository keeps its path."""
    found = []
    for role in CODE_ROLES:
        spoken = [s for s in links if role in s.roles and not s.citation and not s.promised]
        if not spoken:
            continue
        explicit = any((s.label or s.ours or s.link.path) and not is_document(s.link.path) for s in spoken)
        found.append(
            RoleFound(
                role=role,
                level=_hinted_level(role, spoken, identity) if explicit and role != "architecture" else "parts",
                strength="declared",
                places=tuple(dict.fromkeys(s.place for s in spoken)),
                paths=tuple(dict.fromkeys(s.link.path for s in spoken if s.link.path)),
                for_subject=explicit,
            )
        )
    return tuple(found)


def _order(repo: CodeRepository, first: int, identity: Identity) -> tuple[int, int, int, str]:
    """Sort own repositories first, those named after the model or linked as its code before the rest."""
    names, name = subject_names(identity), repo.key.rsplit("/", 1)[1]
    wanted: set[CodeRole] = {"training", "finetuning", "evaluation"}
    own = 0 if repo.whose == "self" else 1 if repo.why in MAYBE else 2
    rank = _RANK.get(repo.why, 9) - (1 if wanted & {role.role for role in repo.roles} else 0)
    if names.named_in(name):
        rank -= 0 if names.siblings_only([name]) else 1 if names.version and names.version not in name else 2
    return own, rank, first, repo.key


def find_repositories(cards: tuple[Card, ...], identity: Identity) -> tuple[CodeRepository, ...]:
    """Find the code repositories linked in the subject's card.

    Args:
        cards: the card; READMEs of own repositories are passed over, since one hop is followed (criteria.md 1).
        identity: the subject's names.

    Returns:
        One candidate per repository, own ones first, then by the order of the card. `opened` is Unavailable
        (not-requested) until `resolve_repositories`; `roles` are what the card's words say, declared.
    """
    links: dict[str, list[Seen]] = {}
    for card in cards:
        if card.role == "card":
            for seen in code_links(card):
                links.setdefault(seen.link.key, []).append(seen)
    found: list[tuple[int, CodeRepository]] = []
    for first, (key, every) in enumerate(links.items()):
        whose, why = whose_is(every, identity)
        counted = [s for s in every if not s.original] if whose == "self" or why in MAYBE else every
        repo = CodeRepository(
            url=every[0].link.url,
            key=key,
            whose=whose,
            why=why,
            opened=_not_asked(key),
            roles=_hints(counted, identity),
            places=tuple(dict.fromkeys(s.place for s in every)),
            in_citation=all(s.citation for s in every),
        )
        found.append((first, repo))
    found.sort(key=lambda item: _order(item[1], item[0], identity))
    return tuple(repo for _, repo in found)


def repositories_to_open(found: tuple[CodeRepository, ...], limit: int = 5) -> tuple[str, ...]:
    """Choose what to ask the code host for, within a quota of 60 requests an hour (DESIGN 7).

    Args:
        found: what `find_repositories` gave.
        limit: the most repositories to open.

    Returns:
        Keys: at most three of the publisher's own, then those of which only the content says whose they are.
    """
    here = [repo for repo in found if repo.key.startswith(f"{OPENED}/") and not repo.in_citation]
    own = [repo.key for repo in here if repo.whose == "self"][:MOST_OWN]
    maybe = [repo.key for repo in here if repo.why in MAYBE]
    return tuple((own + maybe)[:limit])
