"""Say what an answer of the Hub other than 200 means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openness_audit.sources.exchange import failure

if TYPE_CHECKING:
    from openness_audit.model.capture import Failure
    from openness_audit.sources.exchange import Reply

_MISSING_HINT = "the repository does not exist, or is private and this caller may not see it"


@dataclass(frozen=True, slots=True)
class Problem:
    """A Failure, and what exactly was missing where something was."""

    failure: Failure
    missing: Literal["repository", "revision", "file"] | None = None


def classify(reply: Reply, source: str, *, signed_in: bool) -> Problem:
    """What an answer other than 200 means, by huggingface_hub's own reading of it."""
    import httpx2  # noqa: PLC0415 - as for the client
    from huggingface_hub import errors, hf_raise_for_status  # noqa: PLC0415 - only here

    # without the body: huggingface_hub fails on error bodies that are JSON but no object
    bare = httpx2.Response(
        reply.status,
        headers={n: v for n, v in reply.headers.items() if n in {"x-error-code", "x-error-message"}},
        request=httpx2.Request("GET", reply.url),
    )
    try:
        hf_raise_for_status(bare)
    except errors.GatedRepoError:  # gated first: it is a subclass of not-found
        return Problem(failure("gated", source, "access has to be requested from the owner"))
    except errors.DisabledRepoError:
        return Problem(failure("disabled", source, "the Hub has disabled this repository"))
    except errors.RevisionNotFoundError:
        return Problem(failure("not-found-or-private", source, "the repository has no such revision"), "revision")
    except errors.EntryNotFoundError:
        return Problem(failure("not-found-or-private", source, "the repository has no such file"), "file")
    except errors.RepositoryNotFoundError:
        return Problem(failure("not-found-or-private", source, _MISSING_HINT), "repository")
    except errors.HfHubHTTPError:
        return _by_status(reply.status, source, signed_in=signed_in)
    return Problem(failure("malformed", source, f"the server answered {reply.status}, with nothing to read"))


def _by_status(status: int, source: str, *, signed_in: bool) -> Problem:
    """What a status means where the server names no cause."""
    if status in {404, 410} or (status == 401 and not signed_in):
        return Problem(failure("not-found-or-private", source, _MISSING_HINT), "repository")
    if status == 401:
        return Problem(failure("unauthorized", source, "the Hub does not accept the token"))
    if status == 403:
        return Problem(failure("unauthorized", source, "the Hub refuses this caller"))
    if status == 451:
        return Problem(failure("legal", source, "withheld for legal reasons"))
    if status >= 500:
        return Problem(failure("server-error", source, f"the server answered {status}", retryable=True))
    return Problem(failure("malformed", source, f"the server answered {status}"))
