"""A run on a Dask cluster: the rows of the local engine, whatever happens to workers; and what is refused."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import NOW
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.cli.registry.cluster import pool_of
from openness_audit.errors import AuditError, UsageError
from openness_audit.model.registry import OptionsDoc, SourceDoc
from openness_audit.ruleset import load_rules
from openness_audit.scan.breaker import Breaker, StoppedError
from openness_audit.scan.cluster import remote
from openness_audit.scan.cluster.orders import Finished, Order, Refused, answer_of, encode
from openness_audit.scan.crew import open_pool
from openness_audit.scan.dump_read import digest_of
from openness_audit.scan.folder import Folder
from openness_audit.scan.opening import create_folder, read_manifest, resume_folder
from openness_audit.scan.outcome import Job, Spec
from openness_audit.scan.run import carry_out
from openness_audit.settings import Settings
from openness_audit.stages import tool
from registry_kit import MANIFEST, rows

CARD = "---\nlicense: {}\n---\n# m{}\n\nTrained on Wikipedia.\n"
ROWS = [{"modelId": f"acme/m{n}", "card": CARD.format(("mit", "cc-by-nc-4.0", "other")[n % 3], n)} for n in range(300)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    pytest.importorskip("distributed", reason="pip install 'openness-audit[dask]'")
    from openness_audit.scan.cluster.joining import joined  # noqa: PLC0415 - an extra

    with ExitStack() as stack:
        yield stack.enter_context(joined(None, 2))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "cards.jsonl"
    path.write_text("\n".join([*map(json.dumps, ROWS[:100]), "", "{", *map(json.dumps, ROWS[100:])]))
    return path


def manifest_of(dump: Path) -> Any:
    manifest = MANIFEST(kind="dump", author=None, path=str(dump), digest=digest_of(dump))
    return msgspec.structs.replace(manifest, tool=tool(load_rules(None)), options=OptionsDoc())


def spec_of(tmp_path: Path) -> Spec:
    return Spec(kind="dump", settings=Settings(cache_dir=tmp_path / "cache", token="hf_secret"), as_of=date(2026, 1, 1))


def begin(tmp_path: Path, dump: Path, name: str = "out") -> Folder:
    return create_folder(tmp_path / name, manifest_of(dump))


def on(client: Any, folder: Folder, tmp_path: Path, show: Any = lambda _: None) -> None:
    pool, jobs = pool_of(client, spec_of(tmp_path), folder)
    try:
        carry_out(folder, pool, Breaker(2), show, jobs)
    finally:
        folder.close()


def here(folder: Folder, tmp_path: Path) -> None:
    try:
        carry_out(folder, open_pool(spec_of(tmp_path), workers=1, threads=1), Breaker(1), lambda _: None)
    finally:
        folder.close()


def found(path: Path) -> list[dict[str, Any]]:
    told = rows(path)
    return sorted(told, key=lambda row: str(row["model"]))


def test_the_rows_of_the_local_engine_though_a_worker_dies(cluster: Any, dump: Path, tmp_path: Path) -> None:
    here(begin(tmp_path, dump, "local"), tmp_path)
    killed: list[int] = []

    def kill(told: Any) -> None:
        if told.now and not killed:
            killed.append(next(iter(cluster.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    on(cluster, begin(tmp_path, dump), tmp_path, kill)
    assert killed
    assert found(tmp_path / "out") == found(tmp_path / "local")
    manifest = read_manifest(tmp_path / "out")
    assert (manifest.state, manifest.counts.done, manifest.counts.no_verdict) == ("finished", 301, 1)


def test_a_run_goes_on_with_either_engine(cluster: Any, dump: Path, tmp_path: Path) -> None:
    def interrupt(told: Any) -> None:
        if told.now:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        on(cluster, begin(tmp_path, dump), tmp_path, interrupt)
    first = read_manifest(tmp_path / "out")
    assert (first.state, first.why) == ("stopped", "interrupted")
    assert 0 < first.counts.done < 301
    with pytest.raises(KeyboardInterrupt):
        on(cluster, resume_folder(tmp_path / "out"), tmp_path, interrupt)
    assert first.counts.done < read_manifest(tmp_path / "out").counts.done < 301
    here(resume_folder(tmp_path / "out"), tmp_path)
    assert [row["model"] for row in found(tmp_path / "out")] == sorted(["", *(str(r["modelId"]) for r in ROWS)])


def order_of(tmp_path: Path, dump: Path, **other: Any) -> Order:
    manifest = manifest_of(dump)
    fields: dict[str, Any] = {
        "run": str(tmp_path), "spec": spec_of(tmp_path), "source": manifest.source, "tool": manifest.tool,
        "begun_at": manifest.started_at,
    }  # fmt: skip
    return Order(**(fields | other))


JOB = encode(Job(seqs=(0,), items=(json.dumps(ROWS[0]).encode(),)))


def asked(order: Order, job: bytes = JOB) -> Any:
    pytest.importorskip("distributed", reason="pip install 'openness-audit[dask]'")
    return answer_of(remote.carry(order, job))


def test_a_worker_that_sees_other_things_refuses(dump: Path, tmp_path: Path) -> None:
    manifest = manifest_of(dump)
    assert isinstance(asked(order_of(tmp_path, dump)), Finished)
    spec = spec_of(tmp_path)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"tool": msgspec.structs.replace(manifest.tool, version="0.0.1")}, "other version of modelaudit"),
        ({"tool": msgspec.structs.replace(manifest.tool, vocabulary_digest="x")}, "other vocabularies"),
        ({"tool": AUDIT.tool}, "it has other "),
        ({"source": msgspec.structs.replace(manifest.source, path="/nowhere/cards.jsonl")}, "no file /nowhere/cards"),
        ({"source": msgspec.structs.replace(manifest.source, digest="sha256:0")}, "another file than the one"),
        ({"spec": msgspec.structs.replace(spec, rules_dir="/nowhere/rules")}, "no rules at /nowhere/rules"),
        ({"spec": msgspec.structs.replace(spec, folder=str(tmp_path))}, "the folder of the run is not at"),
        (
            {
                "spec": msgspec.structs.replace(spec, kind="bundles"),
                "source": SourceDoc(kind="bundles", path="/nowhere"),
            },
            "no folder /nowhere",
        ),
    ]
    for number, (other, said) in enumerate(cases):
        answer = asked(order_of(tmp_path, dump, run=f"{tmp_path}-{number}", **other))
        assert isinstance(answer, Refused)
        assert said in answer.message
        assert answer.message.startswith("worker on ")
        assert (answer.hint != "", answer.exit_code) == (True, 2)


def test_what_a_worker_refuses_stops_the_run(cluster: Any, dump: Path, tmp_path: Path) -> None:
    folder = begin(tmp_path, dump)
    dump.rename(tmp_path / "moved.jsonl")
    (tmp_path / "cards.jsonl").write_bytes((tmp_path / "moved.jsonl").read_bytes() + b"\n\n")
    with pytest.raises(AuditError, match=r"worker tcp://127.* is another file than the one") as told:
        on(cluster, folder, tmp_path)
    assert told.value.exit_code == 2
    assert read_manifest(tmp_path / "out").state == "stopped"


def test_no_token_goes_to_the_cluster(dump: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="pip install 'openness-audit[dask]'")

    class Client:
        status = "running"
        sent: list[Any] = []  # noqa: RUF012 - of this test

        def nthreads(self) -> dict[str, int]:
            return {"one": 1}

        def submit(self, *words: Any, **_: Any) -> Any:
            self.sent += words
            raise OSError("gone")

        def cancel(self, *_: Any, **__: Any) -> None:
            """Nothing is there."""

    with pytest.raises(StoppedError, match="the scheduler of the cluster is gone") as told:
        on(Client(), begin(tmp_path, dump), tmp_path)
    assert told.value.exit_code == 3
    assert "--resume" in told.value.hint
    assert Client.sent[1].spec.settings.token is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cards.jsonl", "--scheduler", "tcp://127.0.0.1:1"), "--scheduler is for --engine dask"),
        (("--org", "acme", "--engine", "dask"), "bound by the Hub's quota, not by processors"),
        (("cards.jsonl", "--engine", "dask", "--scheduler", "127.0.0.1"), "no address of a scheduler"),
        (
            ("cards.jsonl", "--engine", "dask", "--scheduler", "tcp://a:1", "--workers", "2"),
            "--workers is for a cluster of this machine's",
        ),
    ],
)
def test_what_cannot_be_meant(
    words: tuple[str, ...], said: str, dump: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dump.parent)
    assert run(["scan", *words, "--out", "out"], Services(environ={}, now=lambda: NOW)) == 2
    assert said in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_scheduler_that_is_not_there(
    dump: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="pip install 'openness-audit[dask]'")
    from openness_audit.scan.cluster import joining  # noqa: PLC0415 - an extra

    monkeypatch.setattr(joining, "CONNECT_S", 0.5)
    monkeypatch.chdir(dump.parent)
    words = ["scan", "cards.jsonl", "--out", "out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"]
    assert run(words, Services(environ={}, now=lambda: NOW)) == 3
    assert "the scheduler at tcp://127.0.0.1:9 does not answer" in capsys.readouterr().err
    assert not Path("out").exists()


def test_without_dask_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415 - only here

    from openness_audit.scan.cluster.joining import joined  # noqa: PLC0415 - as above

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as told, joined(None, 1):
        pass
    assert told.value.hint == "pip install 'openness-audit[dask]'"
