"""`modelaudit scan --out`, as it is called: which models, which folder, what is told, and the exit code."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_fakes import NOW
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.model.audit import Audit
from openness_audit.scan.opening import read_manifest, resume_folder
from openness_audit.scan.run import leave_now
from registry_kit import rows
from standin import StandIn
from standin_http import Answer

CARD = "---\nlicense: {}\n{}---\n# {}\n\nTrained on Wikipedia.\n"


def model(name: str, terms: str = "apache-2.0", base: str = "") -> dict[str, Any]:
    card = CARD.format(terms, f"base_model: {base}\n" if base else "", name)
    return {"files": {"README.md": card, "model.safetensors": 1000, "config.json": "{}"}}


MODELS = {f"acme/m{n}": model(f"m{n}", base="sea/salt") for n in range(5)}
MODELS |= {"acme/closed": model("closed", "cc-by-nc-4.0"), "sea/salt": model("salt", "mit")}
OURS = sorted(name for name in MODELS if name.startswith("acme/"))


@pytest.fixture(scope="module")
def hub() -> Iterator[StandIn]:
    with StandIn(models=MODELS, page_size=4) as server:
        yield server


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def scan(hub: StandIn, *words: str) -> int:
    services = Services(environ=hub.environ, now=lambda: NOW)
    return run(["scan", *words, "--cache-dir", "cache", "--workers", "1"], services)


def found(out: str = "out") -> dict[str, dict[str, Any]]:
    return {row["model"]: row for row in rows(Path(out))}


def test_an_organisation(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(hub, "--org", "acme", "--out", "out") == 0
    told = found()
    assert sorted(told) == OURS
    assert told["acme/closed"]["terms"] == "restricted"
    assert [base["id"] for base in told["acme/m1"]["bases"]] == ["sea/salt"]
    manifest = read_manifest(Path("out"))
    assert (manifest.state, manifest.source.author, manifest.counts.done) == ("finished", "acme", 6)
    assert "6 models in out" in capsys.readouterr().out


def test_each_audit_is_kept_whole(hub: StandIn) -> None:
    import msgspec  # noqa: PLC0415 - only here

    assert scan(hub, "--org", "acme", "--out", "out", "-q") == 0
    audits = [msgspec.json.decode(path.read_bytes(), type=Audit) for path in Path("out/audits").rglob("*.json")]
    assert {a.subject.id: a.verdict.class_ for a in audits} == {name: row["class"] for name, row in found().items()}
    assert all(a.run.requests.hub_api for a in audits)


def test_what_models_share_is_asked_for_once(hub: StandIn) -> None:
    before = hub.count("/api/models/sea/salt/tree/*"), hub.count("*sea/salt/resolve/*README.md")
    assert scan(hub, "--org", "acme", "--out", "out", "--threads", "4") == 0
    after = hub.count("/api/models/sea/salt/tree/*"), hub.count("*sea/salt/resolve/*README.md")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_a_list_with_junk(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.txt").write_text("acme/m1\n# no\n\nacme/gone\nwhat is this\nACME/m1\n" + "?\n" * 9)
    assert scan(hub, "--list", "list.txt", "--out", "out") == 3
    told = found()
    assert sorted(told) == ["acme/gone", "acme/m1"]
    assert told["acme/gone"]["problem"] == "not-found-or-private"
    assert (told["acme/gone"]["class"], told["acme/gone"]["weights"]) == (None, None)
    said = capsys.readouterr()
    assert "passed over 10 lines without a model (line 5: 'what is this'; line 7: '?'" in said.err
    assert "passed over 1 line with a model named before (line 6: 'ACME/m1')" in said.err
    assert "not-found-or-private" in said.out


def test_standard_input_and_revisions(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfacme/m1@main\r\nacme/m1\r\n")))
    assert scan(hub, "--list", "-", "--out", "out") == 0
    assert sorted((row["model"], row["revision"]) for row in rows(Path("out")) if row["revision"]) == [
        ("acme/m1", "main")
    ]
    assert len(rows(Path("out"))) == 2


def test_a_list_without_a_model(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.txt").write_text("? ?\n")
    assert scan(hub, "--list", "list.txt", "--out", "out") == 2
    assert "no model is left to scan" in capsys.readouterr().err


def test_an_organisation_that_is_not_there(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(hub, "--org", "nobody", "--out", "out") == 3
    assert "the Hub lists no model of nobody" in capsys.readouterr().err
    assert not Path("out").exists(), "the next try, spelled well, may have the same folder"


def test_a_policy_gates_each(hub: StandIn) -> None:
    Path("policy.yaml").write_text("name: ours\nclauses:\n  open: {check: class, terms: [open]}\n")
    assert scan(hub, "--org", "acme", "--out", "out", "--policy", "policy.yaml", "-q") == 1
    told = {name: (row["policy"], row["policy_violated"], row["exit_code"]) for name, row in found().items()}
    assert told["acme/closed"] == ("violated", ["open"], 1)
    assert told["acme/m1"][0] == "met"


def test_a_dump_without_a_network(hub: StandIn) -> None:
    lines = [json.dumps({"modelId": name, "card": one["files"]["README.md"]}) for name, one in MODELS.items()]
    Path("cards.jsonl").write_text("\n".join([*lines, '{"modelId": "acme/null", "card": null}', "{"]))
    before = hub.count()
    assert scan(hub, "cards.jsonl", "--out", "out", "-q") == 3
    assert hub.count() == before
    told = found()
    assert {name: row["problem"] for name, row in told.items() if row["problem"]} == {
        "acme/null": "not-recorded", "": "malformed",
    }  # fmt: skip
    assert told["acme/closed"]["terms"] == "restricted"
    assert {row["weights"] for row in told.values()} == {None, "unknown"}


def test_two_processes_find_what_one_finds(hub: StandIn) -> None:
    lines = [json.dumps({"modelId": f"acme/n{n}", "card": CARD.format("mit", "", f"n{n}")}) for n in range(80)]
    Path("cards.jsonl").write_text("\n".join(lines))
    assert scan(hub, "cards.jsonl", "--out", "one", "-q") == 0
    words = ["scan", "cards.jsonl", "--out", "two", "-q", "--workers", "2"]
    assert run(words, Services(environ=hub.environ, now=lambda: NOW)) == 0
    assert found("one") == found("two")


def test_a_run_goes_on(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.txt").write_text("\n".join(OURS))
    hub.script("/api/models/acme/m3", *[], forever=True)
    assert scan(hub, "--list", "list.txt", "--out", "out", "-q", "--threads", "1") == 0
    told = Path("out/rows-00000.jsonl").read_bytes().splitlines(keepends=True)
    whole = found()
    begin_anew("out", told[:2])
    assert scan(hub, "--out", "out", "--resume", "-q") == 0
    assert Path("out/rows-00000.jsonl").read_bytes().startswith(b"".join(told[:2]))
    without = [
        {n: {k: v for k, v in row.items() if k != "audited_at"} for n, row in each.items()} for each in (whole, found())
    ]
    assert without[0] == without[1]
    capsys.readouterr()
    assert scan(hub, "--out", "out", "--resume") == 0
    assert "nothing is left to do" in capsys.readouterr().err


def begin_anew(out: str, kept: list[bytes]) -> None:
    """Give a finished folder the state it had after some rows."""
    import sqlite3  # noqa: PLC0415 - only here

    size = sum(map(len, kept))
    with sqlite3.connect(Path(out) / "index.sqlite") as index:
        index.execute("DELETE FROM models WHERE line >= ?", (len(kept),))
        for table in ("finding_of", "component_of", "ancestor_of", "cause_of"):
            index.execute(f"DELETE FROM {table} WHERE seq NOT IN (SELECT seq FROM models)")  # noqa: S608 - our names
        index.execute("UPDATE parts SET rows = ?, bytes = ?, closed = 0", (len(kept), size))
    index.close()
    place = Path(out) / "scan.json"
    place.write_text(place.read_text().replace('"finished"', '"running"'))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--org", "other"), "other models: author acme; asked for is author other"),
        (("--as-of", "2020-01-01"), "other day"),
        (("--policy", "packaged:research"), "other policy"),
        (("--check-links",), "other options"),
        (("--no-audits",), "other options"),
    ],
)
def test_another_run_is_refused(
    words: tuple[str, ...], said: str, hub: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(hub, "--org", "acme", "--out", "out", "-q") == 0
    assert scan(hub, "--out", "out", "--resume", *words) == 2
    assert said in capsys.readouterr().err
    assert scan(hub, "--org", "acme", "--out", "out") == 2
    assert "holds a scan already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--org", "acme"), "needs a folder for its rows: --out DIR"),
        (("cards.jsonl",), "--out DIR"),
        (("--out", "out"), "nothing says which models"),
        (
            ("--out", "out", "--org", "a", "--list", "b"),
            "--org chooses from the Hub's own list of models, and does not go with --list",
        ),
        (("--out", "out", "--sort", "likes"), "--sort alone would be every model of the Hub"),
        (("--out", "out", "--tag", ""), "--tag is empty"),
        (("--out", "out", "--org", " "), "--org is empty"),
        (("--out", "out", "--list", "b", "c.jsonl"), "of one thing, not of --list and c.jsonl"),
        (("--out", "out", "--org", "a", "-f", "json"), "for scans of code"),
        (("--out", "out", "gone.jsonl"), "cannot be read"),
        (("--out", "out", "gone"), "neither a dump nor a folder of evidence"),
        (("--out", "out", "."), "holds no evidence bundle"),
        (("--out", "out", "--resume"), "holds no scan"),
        (("--out", "out", "--org", "a", "--column", "card=x"), "--column is for dumps"),
    ],
)
def test_what_cannot_be_meant(
    words: tuple[str, ...], said: str, hub: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(hub, *words) == 2
    assert said in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_signal_leaves_a_folder_to_go_on_with(hub: StandIn) -> None:
    assert scan(hub, "--org", "acme", "--out", "out", "-q") == 0
    place = Path("out/scan.json")
    place.write_text(place.read_text().replace('"finished"', '"running"'))
    folder = resume_folder(Path("out"))
    leave_now(folder)
    assert (read_manifest(Path("out")).state, read_manifest(Path("out")).why) == ("stopped", "interrupted")
    folder.close()


def test_a_folder_of_evidence(hub: StandIn) -> None:
    services = Services(environ=hub.environ, now=lambda: NOW)
    words = ["acme/m1", "acme/closed", "--save-evidence", "kept/", "-o", "audits/", "-q", "--cache-dir", "cache"]
    assert run(words, services) == 0
    before = hub.count()
    assert scan(hub, "kept", "--out", "out", "-q") == 0
    assert hub.count() == before
    assert {name: row["terms"] for name, row in found().items()} == {"acme/m1": "open", "acme/closed": "restricted"}


def test_a_revoked_token_stops_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    others = {f"acme/x{n}": model(f"x{n}") for n in range(25)}
    Path("list.txt").write_text("\n".join([*OURS, *others]))
    with StandIn(models=MODELS | others) as server:
        revoked = Answer(401, b"Invalid credentials in Authorization header")
        for pattern in ("/api/models/acme/x*", "/api/models[?]*"):
            server.script(pattern, revoked, forever=True)
        services = Services(environ=server.environ | {"HF_TOKEN": "hf_revoked"}, now=lambda: NOW)
        words = ["--out", "out", "--cache-dir", "cache", "--workers", "1", "--threads", "1", "-q"]
        assert run(["scan", "--list", "list.txt", *words], services) == 3
        said = capsys.readouterr().err
        assert "the Hub does not accept the token (20 models in a row)" in said
        assert "set HF_TOKEN to a valid token" in said
        assert sorted(found()) == OURS
        assert read_manifest(Path("out")).state == "stopped"

        server.heal()
        services = Services(environ=server.environ | {"HF_TOKEN": "hf_granted"}, now=lambda: NOW)
        assert run(["scan", "--resume", *words], services) == 0
        assert sorted(found()) == sorted([*OURS, *others])


def test_a_list_that_breaks_off_is_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    with StandIn(models=MODELS, page_size=4) as server:
        server.script("/api/models[?]*cursor=4*", Answer(404, b"gone"), forever=True)
        assert scan(server, "--org", "acme", "--out", "out", "-q") == 3
        assert "the models of the Hub could not be listed" in capsys.readouterr().err
        assert not Path("out/targets.jsonl").exists()
        server.heal()
        Path("cache/http-1.sqlite").unlink()
        assert scan(server, "--resume", "--out", "out", "-q") == 0
        assert sorted(found()) == OURS


def test_offline_a_scan_takes_what_single_audits_take(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(hub, "--org", "acme", "--out", "before", "-q") == 0
    asked = hub.count()
    missing = [f"nobody/m{n}" for n in range(30)]
    Path("list.txt").write_text("\n".join([*missing, "bigscience/bloom", *OURS]))
    capsys.readouterr()

    assert scan(hub, "--list", "list.txt", "--offline", "--out", "out") == 3
    said, told = capsys.readouterr(), found()
    assert hub.count() == asked
    assert {name for name, row in told.items() if row["problem"] == "offline"} == set(missing), "none stops the run"
    assert {name: told[name]["class"] for name in OURS} == {n: r["class"] for n, r in found("before").items()}
    assert "nobody/m0 is neither in the cache nor bundled with the program" in " ".join(said.out.split())
    assert "what the cache holds" in said.err
    (kept,) = Path("out/audits").rglob("bigscience--bloom.json")
    alone = ["bigscience/bloom", "--offline", "--cache-dir", "cache", "-o", "alone.json", "-q"]
    assert run(alone, Services(environ=hub.environ, now=lambda: NOW)) == 0
    ours, theirs = (json.loads(path.read_bytes()) for path in (kept, Path("alone.json")))
    assert ours["run"]["bundled"] == theirs["run"]["bundled"] != []
    assert {k: v for k, v in ours.items() if k != "run"} == {k: v for k, v in theirs.items() if k != "run"}
