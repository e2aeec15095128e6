"""Laws of recording and replaying: whatever is answered, or not, is answered the same again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openness_audit.bundles.archive import Caps, pack, unpack
from openness_audit.bundles.canonical import canonical, digest
from openness_audit.model.evidence_bundle import BundleSettingsDoc, Contents
from openness_audit.sources.addresses import Addresses, without_secrets
from openness_audit.sources.exchange import Ask, Deadline, FetchFailed, Reply
from openness_audit.sources.fetch import Fetcher
from openness_audit.sources.recording import Recorder, RecordingFetcher
from openness_audit.sources.replaying import ReplayedSources, ReplayFetcher, settings_of
from openness_audit.sources.retry import Patience
from openness_audit.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB = "http://hub.example:8080"
TOKEN = "hf_verysecret"
CODES = ["gated", "rate-limited", "server-error", "network", "timeout", "malformed", "redirect-loop", "budget"]

paths = st.sampled_from([f"/api/models/a/{name}" for name in "bcdef"])
headers = st.dictionaries(
    st.sampled_from(["content-type", "etag", "link", "x-error-code", "set-cookie", "date", "x-repo-commit"]),
    st.text("abc<>;= 1", max_size=20),
)


@dataclass
class FakeSession:
    """Answers by path; counts how often each was asked."""

    settings: SourceSettings
    answers: Mapping[str, Reply | FetchFailed]
    asked: list[str] = field(default_factory=list)

    def exchange(self, _method: str, url: str, _headers: Mapping[str, str], _ask: Ask) -> Reply:
        self.asked.append(url)
        found = self.answers[url.removeprefix(HUB)]
        if isinstance(found, FetchFailed):
            raise found
        return found


@st.composite
def outcomes(draw: st.DrawFn, path: str) -> Reply | FetchFailed:
    if draw(st.booleans()):
        return FetchFailed(draw(st.sampled_from(CODES)), draw(st.text(max_size=20)), retryable=False)
    return Reply(
        url=HUB + path,
        status=draw(st.sampled_from([200, 204, 400, 401, 403, 404, 410, 451])),
        headers=draw(headers),
        body=draw(st.binary(max_size=50)),
        retrieved_at="2026-01-01T00:00:00Z",
        truncated=draw(st.booleans()),
        from_cache=draw(st.booleans()),
        stale=draw(st.booleans()),
    )


def outcome(fetcher: Fetcher, path: str, cap: int = 100) -> tuple[Any, ...]:
    """What a caller can tell of an answer."""
    try:
        reply = fetcher.get(HUB + path, {"Accept": "*/*"}, fetcher.ask("hub_api", cap))
    except FetchFailed as error:
        return error.code, error.detail, error.retryable
    seen = {name: value for name, value in reply.headers.items() if name in {"content-type", "link", "x-error-code"}}
    return reply.url, reply.status, seen, reply.body, reply.retrieved_at, reply.truncated, reply.stale


def recording(answers: Mapping[str, Reply | FetchFailed]) -> tuple[RecordingFetcher, Recorder, FakeSession]:
    given_settings = SourceSettings(endpoint=HUB, offline=True, token=TOKEN)
    session, recorder = FakeSession(given_settings, answers), Recorder(given_settings)
    fetcher = RecordingFetcher(session, Patience(), Deadline(), recorder)  # type: ignore[arg-type]  # what it needs
    return fetcher, recorder, session


def replaying(contents: Contents, bodies: Mapping[str, bytes]) -> ReplayFetcher:
    again = msgspec.json.decode(msgspec.json.encode(contents), type=Contents)
    return ReplayFetcher(again, bodies, SourceSettings(endpoint=HUB, offline=True))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_answer_and_every_failure_comes_again(data: st.DataObject) -> None:
    asked = data.draw(st.lists(paths, min_size=1))
    fetcher, recorder, session = recording({path: data.draw(outcomes(path)) for path in set(asked)})

    first = [outcome(fetcher, path) for path in asked]

    assert len(session.asked) == len(set(asked))  # one answer to one question
    again = replaying(*recorder.contents())
    assert [outcome(again, path) for path in asked] == first


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.sampled_from(["body", "header", "url"]))
def test_a_token_that_a_server_sends_back_is_blanked_before_it_is_used(noise: bytes, where: str) -> None:
    answer = Reply(
        url=f"{HUB}/api/models/a/b" + (f"?for={TOKEN}" if where == "url" else ""),
        status=200,
        headers={"content-type": TOKEN if where == "header" else "text"},
        body=noise + (TOKEN.encode() if where == "body" else b"") + noise,
        retrieved_at="",
    )
    fetcher, recorder, _ = recording({"/api/models/a/b": answer})

    used = fetcher.get(f"{HUB}/api/models/a/b", {}, fetcher.ask("hub_api", 100))
    contents, bodies = recorder.contents()

    assert TOKEN not in repr((used.url, used.headers, used.body, contents, bodies))


def test_what_was_not_asked_then_is_unknown_for_a_cause_of_its_own() -> None:
    fetcher, recorder, _ = recording({})

    code, detail, _ = outcome(replaying(*recorder.contents()), "/api/models/a/b")

    assert (code, detail) == ("not-recorded", "not in the evidence bundle: it was not asked when the bundle was made")
    assert fetcher.session.asked == []  # type: ignore[attr-defined]  # a FakeSession


@pytest.mark.parametrize(
    ("cut", "cap", "code"), [(False, 2, "hello"[:2]), (False, 900, "hello"), (True, 3, "hel"), (True, 900, None)]
)
def test_another_cap_is_served_as_far_as_the_answer_goes(cut: bool, cap: int, code: str | None) -> None:
    answer = Reply(url=HUB + "/f", status=200, headers={}, body=b"hello", retrieved_at="", truncated=cut)
    fetcher, recorder, _ = recording({"/f": answer})
    outcome(fetcher, "/f", 5)

    found = outcome(replaying(*recorder.contents()), "/f", cap)

    assert found[0] == "not-recorded" if code is None else found[3] == code.encode()


def test_addresses_of_any_endpoint_are_those_of_the_public_hosts() -> None:
    mine = Addresses(SourceSettings(endpoint=HUB, github_api=f"{HUB}/github"))
    pairs = {
        f"{HUB}/api/models/a/b?x=1": "https://huggingface.co/api/models/a/b?x=1",
        f"{HUB}/github/repos/a/b": "https://api.github.com/repos/a/b",
        HUB: "https://huggingface.co",
        "https://elsewhere.example/a": "https://elsewhere.example/a",
        f"{HUB}0/a": f"{HUB}0/a",
    }
    assert {url: mine.public(url) for url in pairs} == pairs
    assert {mine.asked(public) for public in pairs.values()} == set(pairs)


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Signature=1",
        "a=b&Signature=1&Key-Pair-Id=2",
        "X-Goog-Credential=x",
        "sv=1&sig=2",
        "token=1",
        "hf_token=",
        "Policy=x",
    ],
)
def test_a_signed_address_loses_its_query(query: str) -> None:
    assert without_secrets(f"https://me:secret@store.example/card?{query}#part") == "https://store.example/card"


def test_an_unsigned_address_keeps_it() -> None:
    assert without_secrets("https://a.example/b?cursor=1") == "https://a.example/b?cursor=1"
    assert without_secrets("http://[") == ""


@given(st.dictionaries(st.from_regex(re.compile(r"[a-z]{1,5}(/[a-z]{1,5}){0,2}"), fullmatch=True), st.binary()))
def test_an_archive_gives_back_what_was_packed_and_the_same_bytes_each_time(files: dict[str, bytes]) -> None:
    caps = Caps(member=1 << 20, total=1 << 24, count=1000)
    reverse = dict(reversed(list(files.items())))

    assert unpack(pack(files), "it", caps) == files
    assert pack(reverse) == pack(files)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "retrieved_at"]), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), values), values, st.booleans())
def test_run_and_times_and_layout_are_not_in_the_digest_and_all_else_is(
    document: dict[str, Any], other: Any, indent: bool
) -> None:
    run = {**document, "run": other, "d": [{"retrieved_at": other, "from_cache": other}]}
    plain = {**document, "run": 1, "d": [{"retrieved_at": 2, "from_cache": 3}]}

    assert digest(json.dumps(run, indent=2 if indent else None)) == digest(json.dumps(plain))
    assert digest(json.dumps({**plain, "more": 1})) != digest(json.dumps(plain))
    assert json.loads(canonical(json.dumps({"a": other if not isinstance(other, dict | list) else 1})))


def test_the_settings_of_a_bundle_ask_nobody_and_hold_no_token() -> None:
    recorded = BundleSettingsDoc(
        endpoint=HUB,
        github_api="https://api.github.com",
        github_hosts=False,
        signed_in=True,
        github_signed_in=False,
        offline=False,
        cache=True,
        check_links=True,
        timeout_s=1.0,
    )
    found = settings_of(recorded)
    sources = ReplayedSources(Contents(), {}, recorded)
    try:
        assert (found.offline, found.token, found.github_token, found.github_hosts) == (
            True,
            "recorded",
            None,
            ("", ""),
        )
        assert sources.page("https://example.org/a").cause.code == "not-recorded"  # type: ignore[union-attr]  # a failure
    finally:
        sources.close()
