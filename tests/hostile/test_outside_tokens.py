"""Tokens go to their own hosts and nowhere else: no redirect, cache, report, error or crash file ever holds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from openness_audit.cli.base import crash
from openness_audit.cli.base.services import Services
from outside_kit import CARD, MODEL, run, small_hub
from standin import StandIn
from standin_http import Answer

HUB_TOKEN, CODE_TOKEN, PROXY_WORD = "hf_aVerySecretWord123", "ghp_anotherSecretWord456", "proxySecret789"
SECRETS = (HUB_TOKEN, CODE_TOKEN, PROXY_WORD)


def environ(hub: StandIn) -> dict[str, str]:
    return {**hub.environ, "HF_TOKEN": HUB_TOKEN, "GITHUB_TOKEN": CODE_TOKEN}


def all_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("pattern", ["/api/models/*", "*/tree/*", "*/README.md", "/api/datasets/*", "/github/*"])
@pytest.mark.parametrize("status", [302, 307])
def test_a_token_does_not_follow_to_another_host(tmp_path: Path, pattern: str, status: int) -> None:
    with small_hub() as hub, StandIn() as elsewhere:
        goal = elsewhere.endpoint.replace("127.0.0.1", "localhost")
        hub.script(pattern, Answer(status, b"", {"Location": f"{goal}/taken"}), forever=True)
        done = run(tmp_path, MODEL, "-o", "a.json", "-o", "b.html", "--check-links", env=environ(hub))

        assert "authorization" not in {name for seen in elsewhere.seen for name in seen.headers}
        sent = {seen.headers.get("authorization") for seen in hub.seen if seen.path.startswith("/github/")}
        assert sent <= {f"Bearer {CODE_TOKEN}"}
        sent = {seen.headers.get("authorization") for seen in hub.seen if not seen.path.startswith("/github/")}
        assert sent <= {f"Bearer {HUB_TOKEN}"}
    written = all_written(tmp_path) + (done.stdout + done.stderr).encode()
    assert [secret for secret in SECRETS if secret.encode() in written] == []


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ((MODEL, "-v"), {}),
        (("acme/none",), {}),
        ((MODEL, "--timeout", "3"), {"HTTP_PROXY": f"http://me:{PROXY_WORD}@127.0.0.1:9"}),
        ((MODEL,), {"HTTP_PROXY": f"ftp://me:{PROXY_WORD}@127.0.0.1:9"}),
        ((MODEL,), {"HF_ENDPOINT": f"http://me:{PROXY_WORD}@127.0.0.1:9"}),
        ((f"http://me:{PROXY_WORD}@127.0.0.1/acme/one", "-o", "x.json"), {}),
    ],
)
def test_nothing_said_or_written_holds_a_secret(tmp_path: Path, words: tuple[str, ...], given: dict[str, str]) -> None:
    with small_hub() as hub:
        echo = CARD + "\n" + "I was told nothing.\n"
        hub.repos["models"][MODEL]["files"]["README.md"] = echo
        done = run(tmp_path, *words, env={**environ(hub), **given})

    written = all_written(tmp_path) + (done.stdout + done.stderr).encode()
    leaks = [secret for secret in SECRETS if secret.encode() in written]
    assert leaks == []


def test_a_crash_file_is_new_and_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    services = Services(environ={"HF_TOKEN": HUB_TOKEN, "HTTPS_PROXY": f"http://me:{PROXY_WORD}@proxy.example"})
    name = f"modelaudit-error-{services.now():%Y%m%dT%H%M}"
    (tmp_path / "victim").write_text("mine", "utf-8")
    for second in range(60):  # a link that somebody put there beforehand
        (tmp_path / f"{name}{second:02d}Z.txt").symlink_to(tmp_path / "victim")
    problem = ValueError(f"asked with Bearer {HUB_TOKEN} by http://me:{PROXY_WORD}@proxy.example, and {CODE_TOKEN}")
    code = crash.tell(problem, ("acme/one", "--endpoint", f"http://me:{PROXY_WORD}@x"), services)

    assert code == 4
    assert (tmp_path / "victim").read_text("utf-8") == "mine"
    written = all_written(tmp_path)
    assert b"ValueError" in written
    assert [secret for secret in SECRETS if secret.encode() in written] == []


def test_no_memory_is_told_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert crash.tell(MemoryError(), (), Services(environ={})) == 4
    assert capsys.readouterr().err.startswith("error: the machine has no memory")
    assert list(tmp_path.iterdir()) == []
