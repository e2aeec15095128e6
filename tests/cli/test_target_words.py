"""Every spelling of a model, and every spelling that is refused."""

from __future__ import annotations

import pytest

from openness_audit.cli.base.target import parse_target
from openness_audit.errors import UsageError
from openness_audit.settings import Target

DIRECTORIES = {"./model", "/srv/model", "checkpoints/tern", "..", "../model", "./my model", "."}
MIRROR = "https://mirror.example/hf"


def parse(text: str) -> Target:
    return parse_target(text, is_directory=DIRECTORIES.__contains__, endpoint=MIRROR)


@pytest.mark.parametrize(
    ("text", "model", "revision"),
    [
        ("acme/tern-7b", "acme/tern-7b", None),
        ("gpt2", "gpt2", None),
        ("acme/tern-7b@main", "acme/tern-7b", "main"),
        ("acme/tern-7b@step1000-tokens4B", "acme/tern-7b", "step1000-tokens4B"),
        ("acme/tern-7b@refs/pr/3", "acme/tern-7b", "refs/pr/3"),
        ("gpt2@607a30d783dfa663caf39e06633721c8d4cfcd7e", "gpt2", "607a30d783dfa663caf39e06633721c8d4cfcd7e"),
        ("hf://acme/tern-7b", "acme/tern-7b", None),
        ("hf://models/acme/tern-7b@v2", "acme/tern-7b", "v2"),
        ("hf://checkpoints/tern", "checkpoints/tern", None),
        ("https://huggingface.co/acme/tern-7b", "acme/tern-7b", None),
        ("https://huggingface.co/acme/tern-7b/", "acme/tern-7b", None),
        ("https://hf.co/acme/tern-7b/tree/main", "acme/tern-7b", "main"),
        ("https://huggingface.co/acme/tern-7b/tree/v1/sub/folder?x=1#top", "acme/tern-7b", "v1"),
        ("https://huggingface.co/acme/tern-7b/tree/feat%2Fnew", "acme/tern-7b", "feat/new"),
        ("https://huggingface.co/acme/tern-7b/tree/refs%2Fpr%2F3", "acme/tern-7b", "refs/pr/3"),
        ("https://huggingface.co/acme/tern-7b/tree/refs/pr/3", "acme/tern-7b", "refs/pr/3"),
        ("https://huggingface.co/acme/tern-7b/blob/abc123/README.md", "acme/tern-7b", "abc123"),
        ("https://huggingface.co/gpt2/tree/main", "gpt2", "main"),
        ("https://huggingface.co/gpt2", "gpt2", None),
        ("https://mirror.example/hf/acme/tern-7b/tree/main", "acme/tern-7b", "main"),
        ("rules/audit", "rules/audit", None),
        ("acme/_tern_", "acme/_tern_", None),
    ],
)
def test_models_on_the_hub(text: str, model: str, revision: str | None) -> None:
    assert parse(text) == Target(kind="hub", id=model, revision=revision)


@pytest.mark.parametrize("text", sorted(DIRECTORIES))
def test_directories(text: str) -> None:
    assert parse(text) == Target(kind="directory", id=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "acme/..",
        "../../etc",
        "./missing",
        "acme/../tern",
        "acme//tern",
        "/absent",
        "acme/tern/extra",
        "acme/tern--7b",
        "acme/-tern",
        "acme/tern.",
        "acme/tern.git",
        "acme/tern 7b",
        "acme/tern\n7b",
        "acme/tern\x1b[2J",
        "acme/tern\u202e",
        "acme/t\u200bern",
        "acme/té",
        "a" * 97,
        "acme/tern@",
        "acme/tern@..",
        "acme/tern@a..b",
        "acme/tern@-rf",
        "acme/tern@a b",
        "acme/tern@/main",
        "acme/tern@main@dev",
        "acme/tern@" + "a" * 201,
        "https://example.org/acme/tern",
        "https://huggingface.co.example.org/acme/tern",
        "https://user@huggingface.co/acme/tern",
        "https://huggingface.co/",
        "https://huggingface.co/datasets/acme/corpus",
        "https://huggingface.co/spaces/acme/demo",
        "https://huggingface.co/acme/tern/discussions/3",
        "https://huggingface.co/acme/%2e%2e/tree/main",
        "https://huggingface.co/acme/tern/tree/..%2F..",
        "https://[::1/acme/tern",
        "ftp://huggingface.co/acme/tern",
        "file:///etc/passwd",
        "hf://",
        "hf://datasets/acme/corpus",
        "hf://acme/tern/README.md",
    ],
)
def test_everything_else_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)

    assert caught.value.message.isprintable()
    assert caught.value.hint
