"""What the Hub answers, and what it means: every kind of no told apart, odd fields survived."""

from __future__ import annotations

import json

import pytest

from openness_audit.errors import SourceUnreachableError, SubjectDisabledError, SubjectNotFoundError
from openness_audit.model.capture import FileEntry, Ref
from openness_audit.sources.live import LiveSources
from sources_kit import INFO, Opener, code, got
from standin import GRANTED, StandIn, commit, sha1
from standin_http import Answer, as_json, problem

SHA = commit("acme/one", {})


def test_a_record_is_read_with_canonical_places(hub: StandIn, sources: LiveSources) -> None:
    info = sources.subject("acme/one", None)

    assert (info.id, info.sha, info.gated, info.card_data, info.odd) == ("acme/one", SHA, False, {"license": "mit"}, ())
    assert info.siblings == ("README.md", "config.json", "model.safetensors")
    assert info.origin.url == "https://huggingface.co/api/models/acme/one"
    assert hub.endpoint not in repr(info)


def test_a_listing_is_read_page_by_page(hub: StandIn, sources: LiveSources) -> None:
    hub.page_size = 2
    listing = got(sources.listing("model", "acme/one", SHA))

    assert [(entry.path, entry.size) for entry in listing.files] == [
        ("README.md", 27),
        ("config.json", 2),
        ("model.safetensors", 5000),
    ]
    assert len(listing.files[2].sha256 or "") == 64
    assert (listing.complete, listing.origin.url) == (True, f"https://huggingface.co/acme/one/tree/{SHA}")
    assert hub.count("*/tree/*") == 2


def test_a_listing_that_goes_on_elsewhere_or_for_ever_is_incomplete(hub: StandIn, open_at: Opener) -> None:
    row = {"type": "file", "path": "a", "size": 1}
    hub.script("*/tree/*", as_json([row], headers={"Link": '<https://evil.example/x>; rel="next"'}))
    elsewhere = got(open_at().listing("model", "acme/one", SHA))
    link = f'<{hub.endpoint}/api/models/acme/one/tree/main?cursor=1>; rel="next"'
    hub.script("*/tree/main*", as_json([row], headers={"Link": link}), forever=True)
    endless = got(open_at().listing("model", "acme/one", None))

    assert [(listing.complete, len(listing.files)) for listing in (elsewhere, endless)] == [(False, 1), (False, 20)]


def test_a_listing_that_breaks_off_keeps_what_came(hub: StandIn, open_at: Opener) -> None:
    hub.page_size = 1
    hub.script("*cursor=1", Answer(404), forever=True)
    listing = got(open_at().listing("model", "acme/one", SHA))

    assert (listing.complete, len(listing.files)) == (False, 1)


def test_odd_rows_do_not_lose_the_rest_but_leave_the_listing_incomplete(hub: StandIn, sources: LiveSources) -> None:
    rows = [
        {"type": "file", "path": "a", "size": None},
        {"type": "file", "path": 5},
        "x",
        {"type": "directory", "path": "d"},
        {"type": "file", "path": "b", "size": "9", "lfs": {"size": 7}},
        {"type": "file", "path": "c", "size": -1, "lfs": []},
    ]
    hub.script("*/tree/*", as_json(rows))
    listing = got(sources.listing("model", "acme/one", SHA))

    assert listing.files == (FileEntry(path="a"), FileEntry(path="b", size=7), FileEntry(path="c"))
    assert not listing.complete


def test_refs_are_read(sources: LiveSources) -> None:
    assert got(sources.refs("acme/one")).refs == (
        Ref(name="main", kind="branch", sha=SHA),
        Ref(name="step1000", kind="branch", sha=sha1("acme/one@step1000")),
        Ref(name="v1", kind="tag", sha=sha1("acme/one@v1")),
    )


def test_text_is_read_at_its_commit(sources: LiveSources) -> None:
    text = got(sources.text("model", "acme/one", SHA, "README.md"))

    assert (text.path, text.text[:3], text.sha, text.truncated) == ("README.md", "---", SHA, False)
    assert text.origin.url == f"https://huggingface.co/acme/one/blob/{SHA}/README.md"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\xef\xbb\xbfone\r\ntwo", "one\r\ntwo"),
        ("zwei Sätze".encode("utf-16"), "zwei Sätze"),
        ("ein Satz: ä".encode("latin-1"), "ein Satz: �"),
        (b"", ""),
    ],
    ids=["bom", "utf-16", "latin-1", "empty"],
)
def test_text_is_read_in_any_encoding(hub: StandIn, sources: LiveSources, body: bytes, expected: str) -> None:
    hub.repos["models"]["acme/one"]["files"]["README.md"] = body

    assert got(sources.text("model", "acme/one", SHA, "README.md")).text == expected


@pytest.mark.parametrize("path", ["../../api/whoami-v2", "a/../b", "/etc/passwd", "a//b", ".", "a\x00b", "a/./b", ""])
def test_a_path_that_leaves_its_repository_is_not_asked(hub: StandIn, sources: LiveSources, path: str) -> None:
    assert (code(sources.text("model", "acme/one", SHA, path)), hub.count()) == ("malformed", 0)


@pytest.mark.parametrize("path", ["a b#c?.md", "ümlaut/日本.txt", "100%.md", "a\\b"])
def test_a_path_of_any_letters_is_asked_as_it_is(hub: StandIn, sources: LiveSources, path: str) -> None:
    hub.repos["models"]["acme/one"]["files"][path] = "found"

    assert got(sources.text("model", "acme/one", SHA, path)).text == "found"


@pytest.mark.parametrize(
    "repo_id", ["../x", "a/..", "a/b/c", "a b", "", "a/", "/a", "a/b?x=1", "-/-", "a" * 200, "ä/b"]
)
def test_what_cannot_be_an_id_is_not_asked(hub: StandIn, sources: LiveSources, repo_id: str) -> None:
    answers = {
        code(sources.info("model", repo_id)),
        code(sources.dataset(repo_id).info),
        code(sources.refs(repo_id)),
        code(sources.listing("model", repo_id, None)),
    }

    assert (answers, hub.count()) == ({"not-found-or-private"}, 0)


def test_a_renamed_model_says_what_it_was_called(sources: LiveSources) -> None:
    info = sources.subject("acme/old", None)

    assert (info.id, info.renamed_from) == ("acme/one", "acme/old")


def test_gated_is_told_by_the_record_and_by_the_files(open_at: Opener) -> None:
    sources = open_at()

    assert sources.subject("acme/gated", None).gated == "manual"
    assert got(sources.text("model", "acme/gated", None, "README.md")).text == "# Gated"
    assert code(sources.text("model", "acme/gated", None, "LICENSE")) == "gated"
    assert code(open_at(token=GRANTED).text("model", "acme/gated", None, "LICENSE")) == "answered"


def test_a_revision_is_resolved(sources: LiveSources) -> None:
    info = sources.subject("acme/one", "step1000")

    assert (info.sha, info.revision) == (sha1("acme/one@step1000"), "step1000")


def test_each_kind_of_no_is_told_apart(hub: StandIn, open_at: Opener) -> None:
    said = {}
    for repo_id, revision in (("acme/none", None), ("acme/one", "v9"), ("acme/gone", None), ("acme/banned", None)):
        with pytest.raises((SubjectNotFoundError, SubjectDisabledError)) as caught:
            open_at().subject(repo_id, revision)
        said[repo_id] = (type(caught.value).__name__, caught.value.message)
        assert caught.value.hint

    host = hub.endpoint.removeprefix("http://")
    assert said == {
        "acme/none": ("SubjectNotFoundError", f"acme/none was not found on {host}, or is private (no token)"),
        "acme/one": ("SubjectNotFoundError", "acme/one has no revision 'v9'"),
        "acme/gone": ("SubjectDisabledError", f"acme/gone is withheld by {host}: the Hub has disabled this repository"),
        "acme/banned": ("SubjectDisabledError", f"acme/banned is withheld by {host}: withheld for legal reasons"),
    }


def test_a_record_that_says_disabled_is_believed(hub: StandIn, sources: LiveSources) -> None:
    hub.repos["models"]["acme/one"]["info"] = {"disabled": True}
    with pytest.raises(SubjectDisabledError):
        sources.subject("acme/one", None)


@pytest.mark.parametrize(
    ("answer", "token", "expected"),
    [
        (problem(401, "Invalid username or password."), None, "not-found-or-private"),
        (problem(401, "Invalid credentials in Authorization header"), "hf_x", "unauthorized"),
        (problem(404, "no", "RepoNotFound"), "hf_x", "not-found-or-private"),
        (problem(403, "no", "GatedRepo"), "hf_x", "gated"),
        (problem(403, "Forbidden"), "hf_x", "unauthorized"),
        (problem(410, "Gone"), None, "not-found-or-private"),
        (problem(451, "Unavailable"), None, "legal"),
        (problem(400, "Bad"), None, "malformed"),
        (Answer(302, b"", {}), None, "malformed"),
        (Answer(307, b"", {"Location": "http://[::1"}), None, "malformed"),
        (Answer(307, b"", {"Location": "file:///etc/passwd"}), None, "not-requested"),
        (Answer(307, b"", {"Location": "http://127.0.0.1:9/"}), None, "not-requested"),
        (Answer(307, b"", {"Location": INFO}), None, "redirect-loop"),
        (Answer(404, b"[1]", {"Content-Type": "application/json"}), None, "not-found-or-private"),
        (Answer(404, b"\xff\xfe", {"Content-Type": "application/json"}), None, "not-found-or-private"),
    ],
)
def test_refusals_of_every_make(
    hub: StandIn, open_at: Opener, answer: Answer, token: str | None, expected: str
) -> None:
    hub.script(INFO, answer, forever=True)

    assert code(open_at(token=token).info("model", "acme/one")) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in</html>",
        b'{"id": ',
        b"[]",
        b"5",
        b"null",
        b"{}",
        b"[" * 100_000,
    ],
    ids=["empty", "html", "cut", "list", "number", "null", "blank", "deep"],
)
def test_a_body_that_is_no_record_is_malformed(hub: StandIn, open_at: Opener, body: bytes) -> None:
    hub.script("/api/*", Answer(200, body), forever=True)
    sources = open_at()

    assert code(sources.info("model", "acme/one")) == "malformed"
    assert code(sources.refs("acme/one")) == "malformed"
    with pytest.raises(SourceUnreachableError, match="could not be read"):
        sources.subject("acme/one", None)
    if body != b"[]":
        assert code(sources.listing("model", "acme/one", None)) == "malformed"


def test_a_number_of_thousands_of_digits_never_loses_the_rest(hub: StandIn, sources: LiveSources) -> None:
    body = b'{"id": "acme/one", "downloads": ' + b"9" * 9999 + b', "tags": ["x"]}'
    hub.script(INFO, Answer(200, body))

    assert got(sources.info("model", "acme/one")).tags == ("x",)


def test_one_odd_field_never_loses_the_rest(hub: StandIn, sources: LiveSources) -> None:
    hub.repos["models"]["acme/one"]["info"] = {
        "sha": 5, "tags": ["a", 5, None], "gated": [], "siblings": {"a": 1}, "cardData": ["mit"], "lastModified": 1,
        "library_name": "x", "config": "y", "private": "no", "pipeline_tag": None, "disabled": None,
    }  # fmt: skip
    info = got(sources.info("model", "acme/one"))

    assert (info.id, info.tags, info.library_name) == ("acme/one", ("a",), "x")
    assert (info.sha, info.gated, info.card_data, info.siblings, info.config) == (None, None, None, (), {})
    assert info.odd == ("cardData", "config", "gated", "lastModified", "private", "sha", "siblings", "tags")


def test_front_matter_nested_beyond_reason_is_left_out(hub: StandIn, sources: LiveSources) -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    hub.repos["models"]["acme/one"]["info"] = {"cardData": {"license": deep}}
    info = got(sources.info("model", "acme/one"))

    assert (info.card_data, info.odd, info.id) == (None, ("cardData",), "acme/one")


def test_a_lone_surrogate_does_not_travel(hub: StandIn, sources: LiveSources) -> None:
    body = b'{"id": "acme/one", "tags": ["a\\ud800b", "\\u00e9"], "cardData": {"x": NaN, "y": Infinity}}'
    hub.script(INFO, Answer(200, body))
    info = got(sources.info("model", "acme/one"))

    assert info.tags == ("a?b", "é")
    assert info.card_data == {"x": None, "y": None}
    assert json.dumps(info.tags, ensure_ascii=False).encode()


def test_a_record_too_long_to_read_is_asked_for_in_short(hub: StandIn, sources: LiveSources) -> None:
    hub.script("/api/datasets/acme/data", Answer(200, b"[" + b"1," * 17_000_000), forever=True)
    answer = sources.dataset("acme/data")

    assert got(answer.info).odd == ("siblings",)
    assert answer.card is not None
    assert got(answer.card).text == "# Data"


def test_a_data_set_comes_with_its_card_if_it_has_one(hub: StandIn, sources: LiveSources) -> None:
    full, bare, none = (sources.dataset(name) for name in ("acme/data", "acme/bare", "acme/none"))

    assert full.card is not None
    assert got(full.card).origin.url == (
        f"https://huggingface.co/datasets/acme/data/blob/{commit('acme/data', {})}/README.md"
    )
    assert (got(bare.info).id, bare.card) == ("acme/bare", None)
    assert (code(none.info), none.card) == ("not-found-or-private", None)
    assert hub.count("*resolve*") == 1
