"""`modelaudit MODEL ...`: what is shown, what is written, and the exit code."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import Fake
from openness_audit.errors import AuditError
from openness_audit.model.audit_policy import PolicyDoc
from openness_audit.render import json as render_json
from openness_audit.render.html import audit as html
from openness_audit.render.text import audit as text
from openness_audit.settings import Settings, Target

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit

MODEL = "acme/tern-7b"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("words", [[MODEL], ["audit", MODEL], ["--no-progress", MODEL], [MODEL, "-f", "text"]])
def test_text_report_is_the_default(words: list[str], capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code = Fake()(*words)

    assert (code, capsys.readouterr(), files(folder)) == (0, (text.render(AUDIT), ""), [])


def test_options_reach_the_pipeline(folder: Path) -> None:
    fake = Fake(environ={"HF_TOKEN": "hf_secret", "GITHUB_TOKEN": "ghp_secret", "HF_ENDPOINT": "https://a.example"})

    fake(
        f"{MODEL}@v1", "--offline", "--check-links", "--timeout", "7.5", "--cache-dir", str(folder / "c"),
        "--endpoint", "https://b.example/", "--as-of", "2026-01-02",
    )  # fmt: skip

    expected = Settings(
        endpoint="https://b.example",
        token="hf_secret",
        github_token="ghp_secret",
        cache_dir=folder / "c",
        offline=True,
        check_links=True,
        timeout_s=7.5,
    )
    assert fake.asked == [(Target(kind="hub", id=MODEL, revision="v1"), expected, date(2026, 1, 2))]
    assert "secret" not in repr(expected)


def test_day_of_the_audit_is_today_unless_told() -> None:
    fake = Fake()

    fake(MODEL)

    assert fake.asked[0][2] == date(2026, 11, 21)


def test_files_follow_their_endings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()(MODEL, "-o", "a.json", "-o", "a.html", "-o", "a.md", "-o", "a.txt")

    assert code == 0
    assert files(folder) == ["a.html", "a.json", "a.md", "a.txt"]
    assert (folder / "a.json").read_text("utf-8") == render_json.render(AUDIT)
    assert (folder / "a.html").read_text("utf-8") == html.render(AUDIT)
    assert capsys.readouterr() == (text.render(AUDIT), "wrote a.json, a.html, a.md, a.txt\n")


def test_quiet_prints_nothing_but_what_f_asks_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "-q", "-o", "a.json") == 0
    assert capsys.readouterr() == ("", "")
    assert Fake()(MODEL, "-q", "-f", "json") == 0
    assert capsys.readouterr() == (render_json.render(AUDIT), "")
    assert files(folder) == ["a.json"]


def test_verbose_and_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "-v") == 0
    assert capsys.readouterr().out == text.render(AUDIT, verbose=True)
    assert Fake()(MODEL, "--explain", "data") == 0
    assert capsys.readouterr().out == text.explain(AUDIT, "data")


@pytest.mark.parametrize("name", ["licenses", "licence"])
def test_the_licence_is_explained_whole(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert Fake()(MODEL, "--explain", name) == 0
    assert capsys.readouterr().out == text.explain(AUDIT, "licenses")


def test_several_models_as_json_are_one_document_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()(MODEL, "acme/missing", "acme/other", MODEL, "-f", "json")

    captured = capsys.readouterr()
    assert code == 3
    assert [json.loads(line)["subject"]["id"] for line in captured.out.splitlines()] == [MODEL, "acme/other"]
    assert captured.err.splitlines() == [
        "error: acme/missing: not found, or private",
        "help: check the spelling; set HF_TOKEN if it is private",
        "3 models: 2 audited, 1 no verdict: exit 3",
    ]


def test_several_models_get_a_file_each(folder: Path) -> None:
    code = Fake()(MODEL, f"{MODEL}@refs/pr/1", "gpt2", "acme/missing", "-o", "out/", "-q")

    assert code == 3
    assert files(folder) == ["out/acme--tern-7b.json", "out/acme--tern-7b@refs_pr_1.json", "out/gpt2.json"]


def test_format_of_a_folder_is_chosen_by_f(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "-o", "out/", "-f", "html") == 0
    assert files(folder) == ["out/acme--tern-7b.html"]
    assert capsys.readouterr().out == text.render(AUDIT)


def test_a_model_that_is_not_there_leaves_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("acme/missing", "-o", "a.json", "-o", "out/")

    assert (code, sorted(folder.iterdir())) == (3, [])
    assert capsys.readouterr() == (
        "",
        "error: acme/missing: not found, or private\nhelp: check the spelling; set HF_TOKEN if it is private\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([MODEL, "-f", "rtf"], "available formats: text, json, html, markdown"),
        ([MODEL, "-o", "a.docx"], "available endings"),
        ([MODEL, "gpt2", "-o", "a.json"], "-o DIR/"),
        ([MODEL, "gpt2", "-f", "html"], "-o DIR/"),
        ([MODEL, "-o", "a.json", "-o", "./a.json"], "given twice"),
        ([MODEL, "--explain", "sandwich"], "one of: data, evaluation-code"),
        ([MODEL, "--explain", "data", "-f", "json"], "as text only"),
        ([MODEL, "-q", "-v"], "contradict"),
        ([MODEL, "--timeout", "0"], "seconds"),
        ([MODEL, "--timeout", "nan"], "seconds"),
        ([MODEL, "--as-of", "tomorrow"], "--as-of"),
        ([MODEL, "--endpoint", "ftp://x"], "--endpoint"),
        ([MODEL, "--no-such", "p.yaml"], "No such option"),
        (["acme/../x"], "names no model"),
        (["-f", "json"], "Missing argument"),
    ],
)
def test_usage_errors(words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake()

    code = fake(*words)

    captured = capsys.readouterr()
    assert (code, fake.asked, files(folder), captured.out) == (2, [], [], "")
    assert said in captured.err
    assert captured.err.startswith("error: ")
    assert "\nhelp: " in captured.err


def test_places_that_cannot_be_written_are_refused_before_any_work(folder: Path) -> None:
    (folder / "file").write_text("x")
    fake = Fake()

    assert fake(MODEL, "-o", "absent/a.json") == 4
    assert fake(MODEL, "-o", "file/a.json") == 4
    assert fake(MODEL, "-o", "file/") == 4
    assert fake.asked == []
    assert files(folder) == ["file"]


def test_no_file_is_left_when_writing_fails(folder: Path) -> None:
    def answer(_target: Target) -> Audit:
        (folder / "b.html").mkdir()  # a folder where the second file was to go
        return AUDIT

    assert Fake(answer)(MODEL, "-o", "a.json", "-o", "b.html") == 4
    assert [f for f in files(folder) if f != "a.json"] == []


def test_a_report_replaces_an_old_one_and_keeps_links_and_devices(folder: Path) -> None:
    (folder / "real.json").write_text("old")
    (folder / "link.json").symlink_to("real.json")
    os.mkfifo(folder / "pipe.json")
    reader = os.open(folder / "pipe.json", os.O_RDONLY | os.O_NONBLOCK)

    code = Fake()(MODEL, "-o", "link.json", "-o", "pipe.json", "-q")
    os.close(reader)

    assert code == 0
    assert (folder / "link.json").is_symlink()
    assert (folder / "real.json").read_text("utf-8") == render_json.render(AUDIT)
    assert (folder / "pipe.json").is_fifo()


def test_full_standard_output_is_an_error(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        code = Fake()(MODEL)
        monkeypatch.undo()  # closing it no longer fails: what it could not take was dropped

    assert code == 4
    assert "standard output: No space left on device" in capfd.readouterr().err


def test_closed_pipe_ends_quietly(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr("sys.stdout", gone)
        alone = Fake()(MODEL)
        monkeypatch.undo()

    assert (alone, capfd.readouterr().err) == (0, "")


def test_an_unforeseen_error_leaves_a_report_without_tokens(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(_target: Target) -> Audit:
        raise ValueError("sent hf_abcdefghijkl and s3cret-value to https://me:pw@host.example")

    fake = Fake(answer, environ={"HF_TOKEN": "s3cret-value"})

    code = fake(MODEL, "-o", "a.json")

    captured = capsys.readouterr()
    name = "modelaudit-error-20261121T090000Z.txt"
    report = (folder / name).read_text("utf-8")
    assert (code, files(folder), captured.out) == (4, [name], "")
    assert captured.err == (
        f"error: internal error (ValueError): details are in {name}\n"
        "help: send that file to the developers; it holds no token\n"
    )
    assert "ValueError: sent *** and *** to https://***host.example" in report
    assert "s3cret" not in report


def test_an_unforeseen_error_does_not_lose_the_other_models(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(target: Target) -> Audit:
        if target.id == MODEL:
            raise RecursionError
        return AUDIT

    assert Fake(answer)(MODEL, "gpt2", "acme/missing", "-f", "json") == 4
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_interrupt(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    def answer(_target: Target) -> Audit:
        raise KeyboardInterrupt

    assert Fake(answer)(MODEL, "gpt2", "-o", "out/") == 130
    assert capsys.readouterr().err.strip() == "interrupted"
    assert files(folder) == []


def test_an_error_of_ours_keeps_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(_target: Target) -> Audit:
        raise AuditError("the audit\x1b[2J does not fit", hint="tell us")

    assert Fake(answer)(MODEL) == 4
    assert capsys.readouterr().err == "error: the audit\\x1b[2J does not fit\nhelp: tell us\n"


@pytest.mark.parametrize(("result", "code"), [("met", 0), ("violated", 1), ("no-verdict", 3)])
def test_policy_sets_the_code(result: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    policy = msgspec.convert({"name": "p", "digest": "d", "path": "p.yaml", "result": result}, PolicyDoc)

    def answer(_target: Target) -> Audit:
        return msgspec.structs.replace(AUDIT, verdict=msgspec.structs.replace(AUDIT.verdict, policy=policy))

    assert Fake(answer)(MODEL) == code
    assert f"exit {code} (policy p.yaml" in " ".join(capsys.readouterr().out.split())


def test_a_directory_is_audited_and_a_doubtful_one_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "acme" / "tern").mkdir(parents=True)
    fake = Fake()

    assert fake("./acme/tern", "acme/tern", "hf://acme/tern", "-f", "json", "-o", "out/") == 0
    assert [(t.kind, t.id) for t, _, _ in fake.asked] == [
        ("directory", "./acme/tern"),
        ("directory", "acme/tern"),
        ("hub", "acme/tern"),
    ]
    assert "note: acme/tern is a directory here" in capsys.readouterr().err
