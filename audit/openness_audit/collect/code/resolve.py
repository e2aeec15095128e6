"""Settle what linked code repositories are, from what was read of them."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.code.files import sort_files
from openness_audit.collect.code.names import SubjectNames, subject_names
from openness_audit.collect.code.owner import (
    LABELLED,
    MAYBE,
    OURS,
    OWN_TOOL,
    PROJECT,
    PUBLISHER,
    PUBLISHER_CODE,
    is_fork_of_tool,
    is_tool,
)
from openness_audit.collect.code.roles import Graded, Opened, grade
from openness_audit.collect.code.vocabulary import harness_words
from openness_audit.licenses.identify import identify
from openness_audit.licenses.paths import license_role
from openness_audit.model.capture import CodeAnswer, Failure, GitRepo, Listing, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Absent, Cause, Observed, Place, Unavailable
from openness_audit.model.facts_origins import CodeRepository, RoleFound

MOST_OWN: Final = 3  # criteria.md 1: one hop, at most three own repositories
GONE: Final = "not-found-or-private"
UNRELATED: Final = (
    "a repository of the publisher for something else: neither the card nor its files tie it to this model"
)
BEYOND: Final = "one more repository of the publisher: at most three are looked into, the project's own first"
NAMES_MODEL: Final = "names this model"
_MAKING: Final = frozenset({"training", "finetuning", "evaluation", "data-preparation", "results"})


def _repo_name(repo: CodeRepository, answer: CodeAnswer | None = None) -> str:
    """Give `github.com/Owner/Name` as the host spells it where known."""
    if answer is not None and isinstance(answer.repo, GitRepo):
        return f"{answer.repo.host}/{answer.repo.owner}/{answer.repo.name}"
    return repo.url.removeprefix("https://")


def readme_card(repo: CodeRepository, answer: CodeAnswer) -> Card | None:
    """Read the README of an opened repository as a card; None where there is none or it could not be read."""
    if not isinstance(answer.readme, Text):
        return None
    document = document_of(answer.readme, "code-repository", _repo_name(repo, answer))
    return read_card(answer.readme.text, document, "own-readme", truncated=answer.readme.truncated)


def _names_subject(card: Card | None, names: SubjectNames) -> bool:
    """Say whether the README names the subject, in words or by a link to it."""
    if card is None:
        return False
    return any(
        names.named_in(block.text) or any(names.named_in(link.url) for link in block.links)
        for block in card.blocks
        if not block.citation
    )


def _file_place(repo: CodeRepository, answer: CodeAnswer, listing: Listing, path: str) -> Place:
    name = _repo_name(repo, answer)
    commit = listing.sha or (answer.repo.default_branch if isinstance(answer.repo, GitRepo) else None) or "HEAD"
    return Place(
        kind="code-repository",
        repo=name,
        url=f"https://{name}/blob/{commit}/{path}",
        sha=listing.sha,
        path=path,
        excerpt=path[:200],
        sha256=listing.origin.sha256,
        text_kind="name",
        retrieved_at=listing.origin.retrieved_at,
        from_cache=listing.origin.from_cache,
    )


def _listing_place(repo: CodeRepository, answer: CodeAnswer, listing: Listing) -> Place:
    name = _repo_name(repo, answer)
    url = f"https://{name}/tree/{listing.sha}" if listing.sha else f"https://{name}"
    return Place(
        kind="code-repository",
        repo=name,
        url=url,
        sha=listing.sha,
        sha256=listing.origin.sha256,
        text_kind="name",
        retrieved_at=listing.origin.retrieved_at,
        from_cache=listing.origin.from_cache,
    )


def _linked_paths(repo: CodeRepository) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for role in repo.roles for path in role.paths))


def _found(repo: CodeRepository, answer: CodeAnswer, listing: Listing, graded: Graded, card: Card | None) -> RoleFound:
    places = [_file_place(repo, answer, listing, path) for path in graded.paths]
    places += [card.cite(block) for block in graded.blocks[:1] if card is not None]
    return RoleFound(
        role=graded.role,
        level=graded.level,
        strength="verified" if places else "declared",
        places=tuple(places) or repo.places,
        paths=graded.paths,
        for_subject=graded.for_subject,
    )


def _settle(repo: CodeRepository, opened: Opened, graded: tuple[Graded, ...], *, readme: bool) -> CodeRepository:
    """Decide whose an opened repository is, now that its files and README are known."""
    files = opened.files
    paths = tuple(path for g in graded if g.role in _MAKING and g.for_subject for path in g.paths)
    configured = any(opened.names.named_in(path) for path in (*paths, *files.other_configs))
    if repo.why == OWN_TOOL:
        tied = configured
    elif repo.why in MAYBE:
        tied = configured or readme
    elif repo.why == PUBLISHER:
        if opened.dedicated or opened.hints or configured:
            return repo
        return replace(repo, whose="other", why=UNRELATED)
    else:
        return repo
    return replace(repo, whose="self", why=f"{repo.why}; it {NAMES_MODEL}") if tied else repo


def _open(repo: CodeRepository, answer: CodeAnswer, listing: Listing, identity: Identity) -> CodeRepository:
    names = subject_names(identity)
    if repo.why not in {PUBLISHER, PUBLISHER_CODE, OWN_TOOL}:
        names = names.whole()
    card = readme_card(repo, answer)
    name = repo.key.rsplit("/", 1)[1]
    trusted = repo.why in {PUBLISHER, PUBLISHER_CODE, PROJECT, OWN_TOOL}
    linked = _linked_paths(repo) if trusted else ()  # a deep link into somebody's tool makes it no configuration
    readme = _names_subject(card, names)
    opened = Opened(
        names=names,
        files=sort_files(listing),
        dedicated=names.named_in(name) and not names.siblings_only([name]),
        named=readme or (repo.why == PUBLISHER_CODE and not linked),
        tool=is_tool(repo.key, name) or is_fork_of_tool(name),
        harness=repo.key.split("/", 1)[1] in harness_words().by_repo,
        trusted=trusted,
        linked=linked,
        hints=frozenset(role.role for role in repo.roles),
        readme=card,
    )
    graded = grade(opened, identity)
    settled = _settle(repo, opened, graded, readme=readme)
    if settled.whose != "self":
        graded = ()
    observed = Observed(value=True, places=(_listing_place(repo, answer, listing),))
    state = observed if listing.complete else Unavailable(_cut(repo))
    return replace(
        settled,
        opened=state,
        roles=tuple(_found(repo, answer, listing, g, card) for g in graded),
        license=_license(answer, listing),
        commit=listing.sha,
    )


def _license(answer: CodeAnswer, listing: Listing) -> str | None:
    """Give the licence the code host names or, where it names none, what the words of the licence file are.

    NONE where both say that there is none; None where the host's record or the listing could not be read.
    """
    named = answer.repo.license_spdx if isinstance(answer.repo, GitRepo) else None
    if named not in (None, "NOASSERTION"):
        return named
    if isinstance(answer.license_text, Text):
        found = identify(answer.license_text.text)
        return found.expression if found.expression and found.match in ("exact", "equivalent") else "NOASSERTION"
    if any(license_role(file.path) for file in listing.files if "/" not in file.path):
        return "NOASSERTION"
    return "NONE" if named is None and isinstance(answer.repo, GitRepo) and listing.complete else named


def _cut(repo: CodeRepository) -> Cause:
    return Cause(
        code="too-large", source=repo.key, retryable=False, detail=f"the listing of {repo.key} was cut at a cap"
    )


def _beyond(repo: CodeRepository) -> CodeRepository:
    """Leave out a further repository of the publisher that nothing in the card names as the model's code."""
    if repo.why == PUBLISHER and not repo.roles:
        return replace(repo, whose="other", why=BEYOND)
    return repo


def _unread(repo: CodeRepository) -> CodeRepository:
    """Keep the publisher's own tool in play where the card ties it to the model and it could not be read."""
    tied = any(role.role in _MAKING and role.for_subject for role in repo.roles)
    return replace(repo, whose="self") if repo.why == OWN_TOOL and tied else repo


def resolve_repositories(
    found: tuple[CodeRepository, ...], answers: dict[str, CodeAnswer], identity: Identity
) -> tuple[CodeRepository, ...]:
    """Settle the candidates with what the code host answered.

    Args:
        found: what `find_repositories` gave.
        answers: by key, for those that were asked for; the others stay as they are.
        identity: the subject's names.

    Returns:
        The same repositories in the same order. A dead link is `Absent` and has no roles; one that could not be read
        is `Unavailable` and keeps the roles the card's words give, declared; one that was read has the roles its files
        show.
    """
    settled: list[CodeRepository] = []
    enough = sum(repo.whose == "self" and repo.key in answers for repo in found) >= MOST_OWN
    for repo in found:
        answer = answers.get(repo.key)
        if answer is None:
            settled.append(_beyond(repo) if enough else repo)
        elif isinstance(answer.repo, Failure):
            cause = answer.repo.cause
            gone = cause.code == GONE
            state = Absent((repo.key,)) if gone else Unavailable(cause)
            settled.append(replace(repo if gone else _unread(repo), opened=state, roles=() if gone else repo.roles))
        elif isinstance(answer.listing, Failure):
            settled.append(replace(_unread(repo), opened=Unavailable(answer.listing.cause)))
        else:
            settled.append(_open(repo, answer, answer.listing, identity))
    return tuple(settled)


def own_readmes(resolved: tuple[CodeRepository, ...], answers: dict[str, CodeAnswer]) -> tuple[Card, ...]:
    """Read the READMEs that count like the card: of the publisher's own repositories, general tools left out.

    Args:
        resolved: what `resolve_repositories` gave.
        answers: the same answers.

    Returns:
        One card per README that was read, in the order of the repositories.
    """
    cards = []
    for repo in resolved:
        answer = answers.get(repo.key)
        tool = is_tool(repo.key, repo.key.rsplit("/", 1)[1])
        if repo.whose != "self" or answer is None or tool or not isinstance(repo.opened, Observed):
            continue
        card = readme_card(repo, answer)
        if card is not None and (repo.why not in {LABELLED, OURS} or any(role.for_subject for role in repo.roles)):
            cards.append(card)
    return tuple(cards)
