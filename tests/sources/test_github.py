"""GitHub: few requests, each kind of no, the quota kept apart, the token kept at home."""

from __future__ import annotations

import time

import pytest

from openness_audit.sources.live import LiveSources
from sources_kit import Opener, code, got
from standin import StandIn, commit
from standin_http import Answer, as_json

COMMIT = commit("acme/train", {})


@pytest.mark.parametrize("real", [True, False], ids=["github.com", "enterprise"])
def test_a_repository_is_read_in_few_requests(hub: StandIn, open_at: Opener, real: bool) -> None:
    sources = open_at(github_hosts=hub.github_hosts if real else None)
    answer = sources.code("acme", "train")
    repo, listing = got(answer.repo), got(answer.listing)

    assert (repo.owner, repo.name, repo.license_spdx, repo.default_branch) == ("acme", "train", "MIT", "main")
    assert repo.origin.url == "https://github.com/acme/train"
    assert [entry.path for entry in listing.files] == ["README.md", "LICENSE", "src/train.py"]
    assert (listing.complete, listing.sha) == (True, COMMIT)
    assert answer.readme is not None
    assert got(answer.readme).text == "# Train"
    assert got(answer.readme).origin.url == f"https://github.com/acme/train/blob/{COMMIT}/README.md"
    assert answer.license_text is not None
    assert got(answer.license_text).text == "MIT"
    assert hub.count("/github/*") == (2 if real else 5)
    assert (hub.count(), sources.stats().github) == (5, 5)


@pytest.mark.parametrize("real", [True, False], ids=["github.com", "enterprise"])
def test_a_repository_that_is_not_there_costs_one_request(hub: StandIn, open_at: Opener, real: bool) -> None:
    answer = open_at(github_hosts=hub.github_hosts if real else None).code("acme", "none")

    assert (code(answer.repo), code(answer.listing)) == ("not-found-or-private", "not-found-or-private")
    assert hub.count() == 1


@pytest.mark.parametrize("real", [True, False], ids=["github.com", "enterprise"])
def test_a_renamed_repository_says_what_it_was_called(hub: StandIn, open_at: Opener, real: bool) -> None:
    repo = got(open_at(github_hosts=hub.github_hosts if real else None).code("acme", "was").repo)

    assert (repo.name, repo.renamed_from) == ("train", "acme/was")


def test_an_empty_repository_has_a_complete_listing_of_nothing(sources: LiveSources) -> None:
    listing = got(sources.code("acme", "empty").listing)

    assert (listing.files, listing.complete) == ((), True)


def test_a_truncated_tree_is_incomplete(hub: StandIn, sources: LiveSources) -> None:
    hub.github_repos["acme/train"]["truncated"] = True

    assert not got(sources.code("acme", "train").listing).complete


def test_the_token_goes_to_the_api_alone(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(token="hf_secret", github_token="ghp_secret", github_hosts=hub.github_hosts)
    sources.code("acme", "train")
    sources.info("model", "acme/one")
    sent = {seen.path.split("/")[1]: seen.headers.get("authorization") for seen in hub.seen}

    assert sent == {"web": None, "raw": None, "github": "Bearer ghp_secret", "api": "Bearer hf_secret"}


def test_without_quota_the_card_of_a_repository_is_still_read(hub: StandIn, open_at: Opener) -> None:
    late = str(int(time.time()) + 3000)
    limit = Answer(403, b"{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": late})
    hub.script("/github/*", limit, forever=True)
    started = time.monotonic()
    with StandIn(github=hub.github_repos) as free:
        sources = open_at(github_hosts=free.github_hosts)
        answer = sources.code("acme", "train")
        sources.code("acme", "was")

    assert (code(answer.repo), code(answer.listing)) == ("rate-limited", "rate-limited")
    assert "GITHUB_TOKEN" in getattr(answer.listing, "cause").detail  # noqa: B009  # a Failure, as said above
    assert answer.readme is not None
    assert got(answer.readme).text == "# Train"
    assert hub.count("/github/*") <= 2  # the second repository did not ask at all
    assert time.monotonic() - started < 20  # not until the quota returns


def test_another_limit_does_not_stop_the_hub(hub: StandIn, open_at: Opener) -> None:
    hub.script("/github/*", Answer(429, b"", {"Retry-After": "900"}), forever=True)
    sources = open_at()

    assert code(sources.code("acme", "train").listing) == "rate-limited"
    assert code(sources.info("model", "acme/one")) == "answered"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (as_json({"message": "blocked", "block": {"reason": "tos"}}, 403), "disabled"),
        (as_json({"message": "Forbidden"}, 403), "unauthorized"),
        (as_json({"message": "Bad credentials"}, 401), "unauthorized"),
        (as_json({}, 451), "legal"),
        (Answer(200, b"<html>"), "malformed"),
        (Answer(200, b"[]"), "malformed"),
        (as_json({"tree": 5}), "malformed"),
        (Answer(422), "malformed"),
    ],
)
def test_refusals_of_every_make(hub: StandIn, open_at: Opener, answer: Answer, expected: str) -> None:
    hub.script("*/git/trees/*", answer, forever=True)

    assert code(open_at().code("acme", "train").listing) == expected


def test_odd_rows_and_fields_do_not_lose_the_rest(hub: StandIn, sources: LiveSources) -> None:
    rows = [{"type": "blob", "path": "a.py", "size": "x"}, {"type": "blob"}, 5, {"type": "commit", "path": "sub"}]
    hub.script("*/git/trees/*", as_json({"tree": rows, "truncated": False}))
    hub.script("/github/repos/acme/train", as_json({"license": "MIT", "fork": "yes", "full_name": 5}))
    answer = sources.code("acme", "train")

    assert [(entry.path, entry.size) for entry in got(answer.listing).files] == [("a.py", None)]
    assert (got(answer.repo).license_spdx, got(answer.repo).fork, got(answer.repo).name) == (None, False, "train")


@pytest.mark.parametrize(
    ("names", "readme", "license_path"),
    [
        (["README.rst", "README.md", "LICENSE.md", "LICENSE"], "README.md", "LICENSE"),
        (["readme", "COPYING.LESSER", "COPYING"], "readme", "COPYING"),
        (["docs/README.md", "LICENCE.txt"], "docs/README.md", "LICENCE.txt"),
        (["src/README.md", "src/LICENSE", "licenses.json"], None, None),
        (["READMEFIRST.md", "license_check.py"], None, None),
    ],
)
def test_the_card_and_the_licence_are_found_by_name(
    hub: StandIn, sources: LiveSources, names: list[str], readme: str | None, license_path: str | None
) -> None:
    hub.github_repos["acme/train"]["files"] = dict.fromkeys(names, "text")
    answer = sources.code("acme", "train")
    found = [got(text).path if text else None for text in (answer.readme, answer.license_text)]

    assert found == [readme, license_path]


@pytest.mark.parametrize("pair", [("..", "x"), ("a", ".."), ("a/b", "c"), ("a", "b?c"), ("", "")])
def test_what_cannot_be_a_name_is_not_asked(hub: StandIn, sources: LiveSources, pair: tuple[str, str]) -> None:
    assert (code(sources.code(*pair).repo), hub.count()) == ("not-found-or-private", 0)


def test_a_file_too_large_for_the_api_says_so(hub: StandIn, sources: LiveSources) -> None:
    hub.script("*/contents/*", as_json({"type": "file", "encoding": "none", "content": ""}))

    assert code(sources.code_text("acme", "train", COMMIT, "README.md")) == "too-large"


def test_a_file_is_read_at_a_commit_and_cut_at_the_cap(sources: LiveSources) -> None:
    text = got(sources.code_text("acme", "train", COMMIT, "README.md", 3))

    assert (text.text, text.truncated, text.sha) == ("# T", True, COMMIT)
    assert code(sources.code_text("acme", "train", COMMIT, "none.md")) == "not-found-or-private"
