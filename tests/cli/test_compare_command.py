"""`modelaudit compare ...`: what is audited, shown and written, and the exit code."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import Fake, audited
from openness_audit.comparison.table import Column, compare
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import PolicyDoc
from openness_audit.model.compare import Comparison
from openness_audit.render import json as render_json
from openness_audit.render.compare import html as compare_html
from openness_audit.render.compare import json as compare_json
from openness_audit.render.compare import markdown as compare_markdown
from openness_audit.render.compare import text as compare_text
from openness_audit.settings import Target

ONE, TWO = "acme/tern-7b", "acme/other"
GONE = "error: acme/missing: not found, or private\nhelp: check the spelling; set HF_TOKEN if it is private\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def of(*names: str) -> Comparison:
    return compare([Column(audited(Target(kind="hub", id=name))) for name in names])


def saved(path: Path, audit: Audit = AUDIT) -> str:
    path.write_text(render_json.render(audit), "utf-8")
    return path.name


def test_table_is_the_default(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code = Fake()("compare", ONE, TWO)

    assert (code, capsys.readouterr(), files(folder)) == (0, (compare_text.render(of(ONE, TWO)), ""), [])


@pytest.mark.parametrize(
    ("name", "module"), [("json", compare_json), ("markdown", compare_markdown), ("html", compare_html)]
)
def test_formats_on_standard_output(name: str, module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("compare", ONE, TWO, "-f", name)

    assert (code, capsys.readouterr()) == (0, (module.render(of(ONE, TWO)), ""))


def test_files_follow_their_endings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("compare", ONE, TWO, "-o", "a.json", "-o", "a.html", "-o", "a.md", "-o", "a.txt", "-q")

    assert (code, files(folder), capsys.readouterr()) == (0, ["a.html", "a.json", "a.md", "a.txt"], ("", ""))
    assert (folder / "a.html").read_text("utf-8") == compare_html.render(of(ONE, TWO))


def test_options_reach_the_audits_and_each_model_is_audited_once(folder: Path) -> None:
    fake = Fake()
    code = fake(
        "compare", f"{ONE}@v1", TWO, f"{ONE}@v1", "--offline", "--timeout", "7.5", "--cache-dir", str(folder / "c"),
        "--endpoint", "https://b.example/", "--as-of", "2026-01-02",
    )  # fmt: skip

    assert code == 0
    assert [(target.id, target.revision, as_of) for target, _, as_of in fake.asked] == [
        (ONE, "v1", date(2026, 1, 2)),
        (TWO, None, date(2026, 1, 2)),
    ]
    settings = fake.asked[0][1]
    assert (settings.offline, settings.timeout_s, settings.cache_dir) == (True, 7.5, folder / "c")
    assert settings.endpoint == "https://b.example"
    assert fake.asked[1][1] == settings, "one cache for all, so that shared base models are asked for once"


def test_finished_audits_are_read_and_nothing_is_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake()
    code = fake(
        "compare", saved(folder / "a.json"), saved(folder / "b.json", audited(Target(kind="hub", id=TWO))), "-f", "json"
    )

    told = msgspec.json.decode(capsys.readouterr().out, type=Comparison)
    assert (code, fake.asked) == (0, [])
    assert [(m.id, m.source) for m in told.models] == [(ONE, "file"), (TWO, "file")]


def test_a_model_that_is_not_there_gets_a_line_and_no_column(capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("compare", ONE, "acme/missing", TWO, "-f", "json")

    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert (code, captured.err) == (3, GONE)
    assert [m["id"] for m in told["models"]] == [ONE, TWO]
    assert told["missing"] == [{"asked": "acme/missing", "why": "acme/missing: not found, or private"}]
    assert {len(row["cells"]) for row in told["rows"]} == {2}


def test_one_model_alone_is_no_comparison(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = Fake()("compare", ONE, "acme/missing", "-o", "a.html")

    captured = capsys.readouterr()
    assert (code, captured.out, files(folder)) == (3, "", [])
    assert "1 of 2 models could be audited: nothing is compared" in captured.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([ONE], "1 model cannot be compared"),
        ([ONE] * 9, "9 models cannot be compared"),
        ([ONE, "a b"], "names no model"),
        ([ONE, "none.json"], "there is no file 'none.json'"),
        ([ONE, TWO, "-f", "sarif"], "not available for a comparison"),
        ([ONE, TWO, "-o", "a.svg"], "names no format of a comparison"),
        ([ONE, TWO, "-o", "out/"], "-o names no file"),
        ([ONE, TWO, "-o", "a.md", "-o", "./a.md"], "the same file is given twice"),
        ([ONE, TWO, "-q", "-v"], "contradict"),
        ([ONE, TWO, "--timeout", "0"], "is not a number of seconds"),
    ],
)
def test_calls_that_cannot_be_understood_ask_nothing(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake()

    assert (fake("compare", *words), fake.asked) == (2, [])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"schema": "x"}',
        render_json.render(AUDIT).replace("audit-1.json", "audit-9.json").encode(),
        (render_json.render(AUDIT) * 2).encode(),
    ],
    ids=["empty", "no-fields", "list", "no-utf8", "deep", "stranger", "version", "two"],
)  # fmt: skip
def test_files_that_are_no_audit_are_refused(content: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.json").write_bytes(content)
    fake = Fake()

    assert (fake("compare", ONE, "odd.json"), fake.asked) == (2, [])
    said = "was written by a newer modelaudit" if b"audit-9.json" in content else "is no audit"
    assert f"'odd.json' {said}" in capsys.readouterr().err


def test_figures_beyond_all_measure_in_a_file_break_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wild = render_json.render(AUDIT)
    raw = json.loads(wild) | {"score": {"value": None, "low": -(10**400), "high": 10**400, "coverage": 1.0}}
    (folder / "wild.json").write_text(json.dumps(raw), "utf-8")

    code = Fake()("compare", ONE, "wild.json", "-o", "a.html", "-o", "b.json")

    assert code in {0, 2}
    assert "internal error" not in capsys.readouterr().err


def test_a_file_in_a_folder_that_cannot_be_written_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake()

    assert (fake("compare", ONE, TWO, "-o", "nowhere/a.md"), fake.asked) == (4, [])
    assert "there is no folder" in capsys.readouterr().err


def test_an_unforeseen_error_does_not_lose_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(target: Target) -> Audit:
        if target.id == "acme/odd":
            raise RecursionError
        return audited(target)

    assert Fake(answer)("compare", ONE, "acme/odd", TWO) == 4
    captured = capsys.readouterr()
    assert "not compared: acme/odd: an internal error" in captured.out
    assert files(folder) == ["modelaudit-error-20261121T090000Z.txt"]


def test_a_policy_that_was_violated_still_sets_the_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = msgspec.convert({"name": "p", "digest": "d", "path": "p.yaml", "result": "violated"}, PolicyDoc)
    audit = msgspec.structs.replace(AUDIT, verdict=msgspec.structs.replace(AUDIT.verdict, policy=policy))

    assert Fake()("compare", saved(folder / "a.json", audit), TWO) == 1
    assert "violated" in capsys.readouterr().out


def test_verbose_tells_the_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("compare", ONE, TWO, "-v") == 0
    assert capsys.readouterr().out == compare_text.render(of(ONE, TWO), verbose=True)
