"""Answers as the cache keeps them: in requests-cache's own form, and confirmed by a server's word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from requests_cache.models.request import CachedRequest
from requests_cache.models.response import CachedResponse
from requests_cache.serializers.pipeline import SerializerPipeline, Stage
from requests_cache.serializers.preconf import json_preconf_stage

from openness_audit.sources.answer import Asked, Kept, decode, encode, ends

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
URL = "https://huggingface.co/api/models/acme/one"
THEIRS = SerializerPipeline([json_preconf_stage, Stage(dumps=json.dumps, loads=json.loads)], name="json")

latin = st.text(st.characters(min_codepoint=160, max_codepoint=255))
answers = st.builds(
    Kept,
    content=st.binary(min_size=1),  # an empty one requests-cache writes as null
    created_at=st.just(NOW),
    expires=st.none() | st.just(NOW + timedelta(hours=1)),
    headers=st.dictionaries(st.sampled_from(["ETag", "X-Error-Code", "Content-Type"]), latin),
    reason=latin,
    request=st.just(Asked(method="GET", url=URL)),
    status_code=st.sampled_from([200, 301, 404]),
    url=st.just(URL),
)


@given(answers)
def test_what_is_written_is_read_again_here_and_by_requests_cache(kept: Kept) -> None:
    theirs: CachedResponse = THEIRS.loads(encode(kept))

    assert decode(encode(kept)) == kept
    assert (theirs.content, theirs.status_code, theirs.url, theirs.reason) == (
        kept.content,
        kept.status_code,
        kept.url,
        kept.reason,
    )
    assert (dict(theirs.headers), theirs.created_at, theirs.expires) == (kept.headers, kept.created_at, kept.expires)


@given(answers)
def test_what_requests_cache_wrote_is_read(kept: Kept) -> None:
    theirs = CachedResponse(
        content=kept.content,
        created_at=kept.created_at,
        expires=kept.expires,
        headers=CaseInsensitiveDict(kept.headers),
        reason=kept.reason or "",
        request=CachedRequest(method=kept.request.method or "", url=kept.request.url or ""),
        status_code=kept.status_code,
        url=kept.url,
    )

    assert decode(THEIRS.dumps(theirs)) == kept


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"_content": 7}', b"\xff", "x" * 100])
def test_what_is_no_answer_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(text)


def test_a_confirmed_answer_keeps_its_body_and_its_date_and_takes_the_newer_headers() -> None:
    old = Kept(
        content=b"body", created_at=NOW, headers={"ETag": '"a"', "Content-Length": "4"}, status_code=200, url=URL
    )
    word = Kept(content=b"", created_at=NOW + timedelta(days=1), headers={"etag": 'W/"a"'}, status_code=304, url=URL)

    assert old.confirmed(word) == msgspec.structs.replace(old, headers={"Content-Length": "4", "etag": 'W/"a"'})


def test_an_answer_expires_at_its_time_and_never_where_it_has_none() -> None:
    kept = Kept(content=b"", created_at=NOW, status_code=200)

    assert ends(NOW, -1) is None
    assert [kept.expiring(end).is_expired for end in (None, ends(NOW, 0), ends(datetime.now(UTC), 60))] == [
        False,
        True,
        False,
    ]
    assert kept.expiring(ends(NOW, 0)).expires_unix == int(NOW.timestamp())
