"""One comment on the pull request: written once, rewritten in place, and never a reason to fail."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest

from openness_audit.cli.action import step as action
from openness_audit.cli.action.inputs import call_of, read_inputs
from openness_audit.errors import SourceUnreachableError
from openness_audit.sources.comments import put_comment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

TOKEN = "ghs_only-for-github"


class Issues:
    """The comments of pull requests, as GitHub's API keeps them."""

    def __init__(self, comments: Sequence[dict[str, Any]] = (), status: int = 0) -> None:
        self.comments = [dict(c) for c in comments]
        self.status = status
        self.asked: list[tuple[str, str, str]] = []
        issues = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size)) if size else {}
                issues.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
                code, answer = issues.answer(self.command, self.path, body)
                sent = json.dumps(answer).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = do_PATCH = _do  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.api = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        parts = urlsplit(path)
        if self.status:
            return self.status, {"message": "no"}
        if method == "GET":
            page = int(parse_qs(parts.query)["page"][0])
            return 200, self.comments[100 * (page - 1) : 100 * page]
        if method == "POST" and parts.path == "/repos/acme/app/issues/7/comments":
            self.comments.append({"id": 1000 + len(self.comments), "user": {"type": "Bot"}, **body})
            return 201, self.comments[-1]
        found = next(c for c in self.comments if parts.path == f"/repos/acme/app/issues/comments/{c['id']}")
        found.update(body)
        return 200, found

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def other(number: int, body: str = "looks good", kind: str = "User") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind}}


def test_first_run_writes_and_the_next_rewrites_the_same_comment() -> None:
    with Issues([other(n) for n in range(150)]) as github:
        said = [put_comment(github.api, TOKEN, "acme/app", 7, "<!-- m -->", f"<!-- m --> run {n}") for n in (1, 2)]

    assert said == ["created", "updated"]
    assert [c["body"] for c in github.comments[150:]] == ["<!-- m --> run 2"]
    assert {token for _, _, token in github.asked} == {f"Bearer {TOKEN}"}


def test_a_persons_quotation_of_the_mark_is_left_alone() -> None:
    with Issues([other(1, "> <!-- m --> quoted")]) as github:
        assert put_comment(github.api, TOKEN, "acme/app", 7, "<!-- m -->", "<!-- m --> ours") == "created"

    assert github.comments[0]["body"] == "> <!-- m --> quoted"


@pytest.mark.parametrize("status", [301, 401, 403, 404, 500])
def test_a_refusal_says_which_permission_is_wanted(status: int) -> None:
    with Issues(status=status) as github, pytest.raises(SourceUnreachableError) as caught:
        put_comment(github.api, TOKEN, "acme/app", 7, "m", "m")

    assert str(status) in caught.value.message
    assert "pull-requests: write" in caught.value.hint


def environ(tmp_path: Path, api: str, **more: str) -> dict[str, str]:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}), "utf-8")
    return {
        "RUNNER_TEMP": str(tmp_path),
        "INPUT_MODELS": "acme/one",
        "INPUT_COMMENT": "true",
        "GITHUB_API_URL": api,
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": "acme/app",
        "GITHUB_EVENT_PATH": str(event),
        **more,
    }


def test_step_comments_with_the_summary_cut_to_githubs_limit(tmp_path: Path) -> None:
    with Issues() as github:
        given = environ(tmp_path, github.api)

        def write(_: Sequence[str]) -> int:
            call_of(read_inputs(given)).comment.write_text("BLOCK\n" + "row\n" * 40_000, "utf-8")
            return 1

        codes = [action.step(given, write) for _ in range(2)]

    assert codes == [1, 1]
    assert len(github.comments) == 1
    body = github.comments[0]["body"]
    assert body.startswith("<!-- openness-audit:")
    assert len(body) < 65_536
    assert body.endswith("*The rest did not fit into a comment; see the job summary.*\n")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"GITHUB_EVENT_PATH": ""}, "belongs to no pull request"),
        ({"GITHUB_TOKEN": ""}, "`github-token` is empty"),
        ({"GITHUB_API_URL": "http://127.0.0.1:9"}, "GitHub did not answer"),
    ],
)
def test_a_comment_that_cannot_be_written_is_said_and_fails_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], more: dict[str, str], words: str
) -> None:
    given = environ(tmp_path, "http://127.0.0.1:9", **more)

    def write(_: Any) -> int:
        call_of(read_inputs(given)).summary.write_text("PASS\n", "utf-8")
        return 0

    assert action.step(given, write) == 0
    said = capfd.readouterr().out
    assert words in said
    assert TOKEN not in said
