"""Settings from the environment, and an import that loads no network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from openness_audit.errors import UsageError
from openness_audit.settings import Settings
from openness_audit.sources.settings import SourceSettings

HOME = {"HF_HOME": "/nowhere"}


def test_the_environment_is_read() -> None:
    read = SourceSettings.from_environment(
        HOME
        | {
            "HF_ENDPOINT": "http://127.0.0.1:1/",
            "HF_TOKEN": " hf_x\n",
            "GITHUB_API_URL": "http://127.0.0.1:2/api/v3/",
            "GITHUB_TOKEN": "ghp_x",
            "OPENNESS_AUDIT_CACHE": "/cache",
            "HF_HUB_OFFLINE": "YES",
            "https_proxy": "http://proxy:3",
            "NO_PROXY": "localhost",
            "REQUESTS_CA_BUNDLE": "/ca.pem",
        }
    )

    assert read == SourceSettings(
        endpoint="http://127.0.0.1:1",
        token="hf_x",
        github_api="http://127.0.0.1:2/api/v3",
        github_token="ghp_x",
        cache_dir=Path("/cache"),
        offline=True,
        proxies={"https": "http://proxy:3"},
        no_proxy="localhost",
        ca_bundle="/ca.pem",
    )


def test_empty_variables_count_as_unset_and_arguments_win() -> None:
    empty = dict.fromkeys(("HF_ENDPOINT", "HF_TOKEN", "GITHUB_API_URL", "GITHUB_TOKEN", "OPENNESS_AUDIT_CACHE"), "")

    assert SourceSettings.from_environment(HOME | empty) == SourceSettings()
    assert (
        SourceSettings.from_environment(HOME | {"HF_ENDPOINT": "http://a"}, endpoint="http://b").endpoint == "http://b"
    )


@pytest.mark.parametrize("token", ["two words", "ümlaut", "a\nb", " ", "\x00"])
def test_what_cannot_be_a_token_is_none(token: str) -> None:
    assert SourceSettings.from_environment(HOME | {"HF_TOKEN": token}).token is None


def test_the_saved_token_is_for_the_real_hub_alone(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hf_saved\n", encoding="utf-8")
    home = {"HF_HOME": str(tmp_path)}

    assert SourceSettings.from_environment(home).token == "hf_saved"
    assert SourceSettings.from_environment(home | {"HF_ENDPOINT": "http://127.0.0.1:1"}).token is None
    assert SourceSettings.from_environment(home | {"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}).token is None
    assert SourceSettings.from_environment(home | {"HF_TOKEN": "hf_given"}).token == "hf_given"


@pytest.mark.parametrize(
    "endpoint",
    ["huggingface.co", "ftp://a", "http://", "http://u:p@host", "http://host?x=1", "http://host:port", "http://[::1"],
)
def test_an_endpoint_that_is_none_is_an_error_of_usage(endpoint: str) -> None:
    with pytest.raises(UsageError):
        SourceSettings(endpoint=endpoint)


def test_a_runs_settings_are_taken_over() -> None:
    settings = Settings(
        endpoint="http://127.0.0.1:1", token="hf_x", cache_dir=Path("/c"), timeout_s=9, check_links=True
    )
    taken = SourceSettings.of(settings, {"HTTP_PROXY": "http://proxy:3"})

    assert (taken.endpoint, taken.token, taken.cache_file, taken.timeout, taken.check_links) == (
        "http://127.0.0.1:1",
        "hf_x",
        Path("/c/http-1.sqlite"),
        9,
        True,
    )
    assert taken.proxies == {"http": "http://proxy:3"}


def test_importing_the_sources_loads_no_network() -> None:
    script = (
        "import sys, openness_audit.sources\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'huggingface_hub', 'httpx2', 'requests', 'requests_cache', 'urllib3', 'sqlite3', 'platformdirs'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
