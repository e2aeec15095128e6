"""A directory as the subject: nothing outside it is read, and weights are never opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from openness_audit.errors import SubjectNotFoundError
from openness_audit.model.capture import Ref
from openness_audit.settings import Target
from openness_audit.sources import SourceSettings, open_sources
from openness_audit.sources.local import LocalSources
from sources_kit import Opener, code, got
from standin import StandIn

Local = Callable[[Path], LocalSources]
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def local(open_at: Opener) -> Local:
    return lambda path: LocalSources(path, open_at())


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "My Model"
    (folder / "sub").mkdir(parents=True)
    (folder / "README.md").write_text("# Mine\n", encoding="utf-8")
    (folder / "sub" / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(bytes(100))
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("[core]\n", encoding="utf-8")
    return folder


def test_a_directory_is_read_as_a_repository(model: Path, local: Local) -> None:
    sources = local(model)
    info = sources.subject(str(model), None)
    listing = got(sources.listing("model", info.id, "main"))

    assert (info.id, info.sha, info.gated, info.origin.url) == ("My Model", None, False, "file:My Model")
    assert [(f.path, f.size) for f in listing.files] == [
        ("README.md", 7),
        ("model.safetensors", 100),
        ("sub/config.json", 2),
    ]
    assert (listing.complete, got(sources.refs(info.id)).refs) == (True, ())
    assert got(sources.text("model", info.id, "main", "README.md")).text == "# Mine\n"
    assert str(model.parent) not in repr((info, listing))


def test_it_is_opened_by_its_target(model: Path, hub: StandIn, tmp_path: Path) -> None:
    settings = SourceSettings(endpoint=hub.endpoint, cache_dir=tmp_path / "cache")
    sources = open_sources(settings, target=Target(kind="directory", id=str(model)))

    assert sources.subject(str(model), None).id == "My Model"
    sources.close()


def test_other_repositories_come_from_the_network(model: Path, local: Local) -> None:
    sources = local(model)

    assert got(sources.info("model", "acme/one")).id == "acme/one"
    assert got(sources.text("model", "acme/one", None, "README.md")).text.startswith("---")
    assert got(sources.listing("model", "acme/one", None)).complete
    assert got(sources.refs("acme/one")).refs
    assert got(sources.dataset("acme/data").info).id == "acme/data"
    assert got(sources.code("acme", "train").listing).files
    assert sources.stats().hub_api > 0


def test_a_namesake_on_the_hub_is_not_taken_for_the_directory(tmp_path: Path, hub: StandIn, local: Local) -> None:
    hub.repos["models"]["plain"] = {"files": {"README.md": "# Theirs"}, "sha": SHA}
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "README.md").write_text("# Mine", encoding="utf-8")
    sources = local(tmp_path / "plain")

    assert got(sources.info("model", "plain")).sha == SHA
    assert got(sources.text("model", "plain", SHA, "README.md")).text == "# Theirs"
    assert got(sources.text("model", "plain", "main", "README.md")).text == "# Mine"


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_links_are_followed_inside_only_and_pipes_never_opened(model: Path, local: Local, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("secret", encoding="utf-8")
    (model / "inside.md").symlink_to("README.md")
    (model / "escape.txt").symlink_to(tmp_path / "secret.txt")
    (model / "folder").symlink_to(tmp_path / "outside")
    (model / "loop").symlink_to("loop")
    os.mkfifo(model / "pipe.md")
    sources = local(model)
    sizes = {f.path: f.size for f in got(sources.listing("model", "My Model", None)).files}

    assert sizes["inside.md"] == 7
    assert sizes["escape.txt"] is None
    assert not {"folder", "folder/a.txt", "pipe.md"} & set(sizes)
    assert got(sources.text("model", "My Model", None, "inside.md")).text == "# Mine\n"
    for path in ("escape.txt", "folder/a.txt", "loop", "pipe.md", "sub", "none.md"):
        assert code(sources.text("model", "My Model", None, path)) == "not-found-or-private"


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a//b", "", ".git/config", "sub/../README.md"])
def test_a_path_that_leaves_the_directory_is_refused(model: Path, local: Local, path: str) -> None:
    assert code(local(model).text("model", "My Model", None, path)) == "malformed"


def test_weights_are_never_opened(model: Path, local: Local) -> None:
    assert code(local(model).text("model", "My Model", None, "model.safetensors")) == "not-requested"


def test_a_long_file_is_cut(model: Path, local: Local) -> None:
    text = got(local(model).text("model", "My Model", None, "README.md", 3))

    assert (text.text, text.truncated) == ("# M", True)


def test_a_checkout_tells_its_commit_branches_and_name(model: Path, local: Local) -> None:
    git = model / ".git"
    (git / "refs" / "heads" / "feature").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/feature/x\n", encoding="utf-8")
    (git / "refs" / "heads" / "feature" / "x").write_text(SHA + "\n", encoding="utf-8")
    (git / "packed-refs").write_text(
        f"# pack-refs\n{'a' * 40} refs/remotes/origin/step1\n{'b' * 40} refs/tags/v1\n^{'c' * 40}\n", encoding="utf-8"
    )
    (git / "config").write_text('[remote "origin"]\n\turl = https://me@huggingface.co/acme/mine\n', encoding="utf-8")
    sources = local(model)
    info = sources.subject(str(model), None)

    assert (info.id, info.sha) == ("acme/mine", SHA)
    assert got(sources.text("model", "acme/mine", SHA, "README.md")).sha == SHA
    assert got(sources.refs("acme/mine")).refs == (
        Ref(name="feature/x", kind="branch", sha=SHA),
        Ref(name="step1", kind="branch", sha="a" * 40),
        Ref(name="v1", kind="tag", sha="b" * 40),
    )


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_a_snapshot_of_the_hub_cache_is_followed_to_its_blobs(tmp_path: Path, local: Local) -> None:
    folder = tmp_path / "models--acme--one" / "snapshots" / SHA
    folder.mkdir(parents=True)
    (tmp_path / "models--acme--one" / "blobs").mkdir()
    (tmp_path / "models--acme--one" / "blobs" / "x").write_text("# One", encoding="utf-8")
    (folder / "README.md").symlink_to("../../blobs/x")
    sources = local(folder)

    assert (sources.subject("", None).id, sources.subject("", None).sha) == ("acme/one", SHA)
    assert got(sources.text("model", "acme/one", SHA, "README.md")).text == "# One"


def test_a_directory_that_is_not_there_is_not_found(tmp_path: Path, local: Local) -> None:
    with pytest.raises(SubjectNotFoundError, match="cannot be read"):
        local(tmp_path / "none").subject("./none", None)
