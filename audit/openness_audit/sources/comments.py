"""One comment on a pull request, found again by its mark and rewritten in place."""

from __future__ import annotations

from typing import Any

import requests

from openness_audit.errors import SourceUnreachableError

PAGES = 20  # of a hundred comments each are looked through
TIMEOUT_S = 20.0  # of one request
_HINT = "the job needs `permissions: pull-requests: write`, and a pull request from a fork has none"


def put_comment(  # noqa: PLR0917 - all that names a comment
    api: str, token: str, repository: str, number: int, mark: str, body: str
) -> str:
    """Write a comment, or rewrite the one that bears the mark.

    Args:
        api: address of GitHub's API.
        token: what the workflow was given; sent to `api` alone.
        repository: `owner/name`.
        number: of the pull request.
        mark: a string of the body by which it is found again.
        body: Markdown, at most 65,536 characters (GitHub's limit).

    Returns:
        `created` or `updated`. Raises SourceUnreachableError where GitHub refuses or does not answer.
    """
    with requests.Session() as session:
        session.auth = _Bearer(token)  # as a header alone a .netrc would replace it
        session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )
        comments = f"{api.rstrip('/')}/repos/{repository}/issues/{number}/comments"
        found = _find(session, comments, mark)
        if found is None:
            _ask(session, "POST", comments, {"body": body})
            return "created"
        _ask(session, "PATCH", f"{api.rstrip('/')}/repos/{repository}/issues/comments/{found}", {"body": body})
        return "updated"


class _Bearer(requests.auth.AuthBase):
    """Sends a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _find(session: requests.Session, comments: str, mark: str) -> int | None:
    """Find the comment that bears the mark, and that a program wrote: a person's quotation of it is not ours."""
    for page in range(1, PAGES + 1):
        answer = _ask(session, "GET", f"{comments}?per_page=100&page={page}", None)
        if not isinstance(answer, list):
            return None
        for comment in answer:
            by_program = isinstance(comment, dict) and (comment.get("user") or {}).get("type") == "Bot"
            if by_program and mark in str(comment.get("body") or "") and isinstance(comment.get("id"), int):
                return int(comment["id"])
        if len(answer) < 100:
            return None
    return None


def _ask(session: requests.Session, method: str, url: str, body: dict[str, Any] | None) -> Any:
    try:
        answer = session.request(method, url, json=body, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as problem:
        raise SourceUnreachableError(f"GitHub did not answer: {type(problem).__name__}", hint="try again") from problem
    if answer.status_code not in (200, 201):
        raise SourceUnreachableError(f"GitHub answered {answer.status_code} to the comment", hint=_HINT)
    try:
        return answer.json()
    except ValueError as problem:
        raise SourceUnreachableError("GitHub's answer to the comment cannot be read", hint="try again") from problem
