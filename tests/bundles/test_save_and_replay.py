"""What was saved gives the same audit again, asks nobody, and holds no secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bundle_kit import CARD, Program, comparable, members
from standin import GRANTED
from standin_http import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from standin import StandIn


@pytest.mark.parametrize("model", ["nest/owl", "nest/egg", "nest/shut", "nest/was", "nest/bare"])
def test_a_replay_is_the_same_audit_and_asks_nobody(program: Program, hub: StandIn, model: str) -> None:
    bundle = program.saved(model)
    asked = len(hub.seen)

    assert program.replayed(bundle) == comparable(program.folder / "audit.json")
    assert len(hub.seen) == asked


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/api/datasets/nest/seeds*", Answer(403)),
        ("/api/models/nest/egg*", Answer(451)),
        ("/api/models/nest/owl/tree/*", Answer(200, b"[{")),
        ("/nest/owl/resolve/*/LICENSE", Answer(404)),
        ("/github/*", Answer(403, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"})),
        ("/api/models/nest/owl/refs", Answer(200, b"[]")),
    ],
)
def test_what_could_not_be_read_is_unknown_for_the_same_cause_again(
    program: Program, hub: StandIn, path: str, answer: Answer
) -> None:
    hub.script(path, answer, forever=True)

    bundle = program.saved("nest/owl")

    document = comparable(program.folder / "audit.json")
    assert document["not_checked"]
    assert program.replayed(bundle) == document


def test_answers_of_the_cache_are_recorded_as_they_were_used(program: Program) -> None:
    program.saved("nest/owl")

    bundle = program.saved("nest/owl", "--offline")

    requests = json.loads(members(bundle)["contents.json"])["requests"]
    assert all(row["answer"]["from_cache"] for row in requests if row["answer"])
    assert program.replayed(bundle) == comparable(program.folder / "audit.json")


def test_a_directory_is_replayed_without_the_directory(program: Program, tmp_path: Path) -> None:
    model = tmp_path / "somewhere" / "barn"
    model.mkdir(parents=True)
    (model / "README.md").write_text(CARD)
    (model / "LICENSE").write_text("Apache License")
    (model / "model.safetensors").write_bytes(b"weights")
    bundle = program.saved(str(model))
    for path in model.iterdir():
        path.unlink()

    assert program.replayed(bundle) == comparable(tmp_path / "audit.json")
    assert "somewhere" not in str(members(bundle))
    assert b"weights" not in members(bundle).values()


def test_records_that_ship_with_the_program_are_replayed(program: Program) -> None:
    bundle = program.saved("BioMistral/BioMistral-7B", "--offline")

    assert [row["id"] for row in json.loads(members(bundle)["contents.json"])["records"]]
    assert program.replayed(bundle) == comparable(program.folder / "audit.json")


def test_links_to_other_hosts_are_replayed(program: Program) -> None:
    bundle = program.saved("nest/owl", "--check-links")

    assert program.replayed(bundle) == comparable(program.folder / "audit.json")


def test_no_token_and_no_place_of_this_machine_is_in_a_bundle(program: Program, hub: StandIn, tmp_path: Path) -> None:
    hub.script("/nest/shut/resolve/*", Answer(200, f"# Shut\n\nYou came with {GRANTED}.".encode()), forever=True)

    bundle = program.saved("nest/shut", HF_TOKEN=GRANTED, GITHUB_TOKEN="ghp_quiet")

    whole = b"".join(members(bundle).values())
    assert GRANTED.encode() not in whole
    assert b"ghp_quiet" not in whole
    assert str(tmp_path).encode() not in whole
    assert b"uthorization" not in whole
    assert b"You came with ***." in whole
    assert json.loads(members(bundle)["manifest.json"])["settings"]["signed_in"] is True
    assert program.replayed(bundle) == comparable(tmp_path / "audit.json")


def test_the_signature_of_a_storage_host_is_left_out_and_the_redirect_kept(program: Program, hub: StandIn) -> None:
    signed = f"{hub.endpoint}/store/card?X-Amz-Signature=0badc0de&X-Amz-Credential=somebody"
    hub.script("/nest/egg/resolve/*/README.md", Answer(302, headers={"location": signed}), forever=True)
    hub.script("/store/card*", Answer(200, b"---\nlicense: mit\n---\n# Egg\n"), forever=True)

    bundle = program.saved("nest/egg")

    assert b"0badc0de" not in b"".join(members(bundle).values())
    rows = json.loads(members(bundle)["contents.json"])["requests"]
    card = next(row for row in rows if row["url"].endswith("/README.md"))
    assert card["answer"]["url"] == "https://huggingface.co/store/card"
    assert [hop["status"] for hop in card["answer"]["hops"]] == [302]
    assert program.replayed(bundle) == comparable(program.folder / "audit.json")


def test_the_same_answers_give_the_same_bundle(program: Program) -> None:
    program.saved("nest/owl")
    first = {n: b for n, b in members(program.saved("nest/owl", "--offline")).items() if n != "manifest.json"}
    second = {n: b for n, b in members(program.saved("nest/owl", "--offline")).items() if n != "manifest.json"}

    first.pop("audit.json")
    second.pop("audit.json")  # it tells when the run began
    assert first == second


def test_a_replay_says_first_what_it_is(program: Program, owl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("replay", str(owl)) == 0

    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert lines[0].startswith("replay: evidence of nest/owl recorded 20")
    assert "judged by today's rules 1.0.0" in lines[1]
    assert "the same as then" in lines[1]
    assert lines[-1] == "replay: the recorded audit came out, byte for byte but for run, retrieved_at and from_cache"
    assert shown.out.startswith("replay: from evidence recorded 20")


def test_another_day_is_said_and_is_no_fault(program: Program, owl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("replay", str(owl), "--as-of", "2031-01-01") == 0
    assert "and now as of 2031-01-01" in capsys.readouterr().err


def test_a_replay_is_judged_by_a_policy(program: Program, owl: Path) -> None:
    policy = program.folder / "policy.yaml"
    policy.write_text(
        "name: strict\nclauses:\n  publish: {check: use, use: fine-tune-publish, message: we publish it}\n"
    )

    codes = [
        program("replay", str(owl), "-q", "--policy", str(policy)),
        program("nest/owl", "-q", "--policy", str(policy)),
    ]

    assert codes[0] == codes[1]
    assert codes[0] in {1, 3}
    assert program("replay", str(owl), "-q") == 0


def test_the_card_of_then_is_patched(program: Program, owl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("nest/owl", "--fix-card", "-q") == 0
    patch = capsys.readouterr().out

    assert program("replay", str(owl), "--fix-card", "-q") == 0
    assert capsys.readouterr().out == patch


def test_several_models_get_a_bundle_each_and_the_rules_once(program: Program) -> None:
    folder = program.folder / "evidence"

    assert program("nest/owl", "nest/egg", "nest/none", "-q", "--save-evidence", f"{folder}/") == 3

    names = sorted(path.name for path in folder.iterdir())
    assert names[:2] == ["nest--egg.bundle", "nest--owl.bundle"]
    assert len(names) == 3
    assert names[2].startswith("ruleset-")
    assert program("replay", str(folder / "nest--owl.bundle"), "-q") == 0


def test_one_file_cannot_hold_several_models(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("nest/owl", "nest/egg", "--save-evidence", str(program.folder / "x.bundle")) == 2
    assert "name a folder: --save-evidence DIR/" in capsys.readouterr().err


def test_a_model_that_is_not_there_gets_no_bundle(program: Program) -> None:
    assert program("nest/none", "-q", "--save-evidence", str(program.folder / "x.bundle")) == 3
    assert not (program.folder / "x.bundle").exists()


def test_evidence_that_cannot_be_written_is_exit_4(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("nest/owl", "-q", "--save-evidence", str(program.folder / "nowhere" / "x.bundle")) == 4
    assert "there is no folder" in capsys.readouterr().err


def test_a_bundle_in_place_of_a_model_is_told_what_to_do_with_it(
    program: Program, hub: StandIn, owl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program(str(owl)) == 2
    assert f"help: modelaudit replay {owl}" in capsys.readouterr().err
    assert not hub.seen


def test_a_host_that_breaks_off_is_unknown_for_the_same_cause_again(program: Program, hub: StandIn) -> None:
    hub.script("/github/*", Answer(drop=True), forever=True)

    bundle = program.saved("nest/owl", "--timeout", "30")

    document = comparable(program.folder / "audit.json")
    assert "network" in {row["code"] for row in document["not_checked"]}
    assert program.replayed(bundle) == document
