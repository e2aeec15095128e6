"""`modelaudit scan`, as it is called: what it audits, writes, shows, and the exit code."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import Fake
from openness_audit.model.audit import Audit
from openness_audit.model.usages import Code, Unread
from openness_audit.render.gathered import scan_text
from openness_audit.render.reference.schemas import schema
from openness_audit.scan.code.document import make_scan
from openness_audit.settings import Target
from scan_kit import SHA

APP = f"""from transformers import AutoModel
NAME = "acme-lab/tern-7b"
AutoModel.from_pretrained(NAME)
AutoModel.from_pretrained("acme-lab/gull-3b", revision="{SHA}")
AutoModel.from_pretrained("acme-lab/wren-1b", revision="v1")
# AutoModel.from_pretrained("acme-lab/owl-9b")
load_dataset("acme-lab/notes")
AutoModel.from_pretrained(given)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(APP)
    return tmp_path


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def asked(fake: Fake) -> list[tuple[str, str | None]]:
    return [(target.id, target.revision) for target, _, _ in fake.asked]


def test_each_model_is_audited_once_at_its_revision(capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake()

    assert fake("scan", "src") == 0
    assert asked(fake) == [("acme-lab/gull-3b", SHA), ("acme-lab/tern-7b", None), ("acme-lab/wren-1b", "v1")]
    out = capsys.readouterr().out
    assert out.startswith("3 models used in 1 of 1 file: 2 not pinned to a commit\n")
    assert "src/app.py:3" in out
    assert "3 models, 2 findings: exit 0 (no policy)" in out
    assert max(map(len, out.splitlines())) <= 80


def test_low_confidence_is_audited_on_request_only() -> None:
    fake = Fake()
    fake("scan", ".", "--include-low", "-q")

    assert ("acme-lab/owl-9b", None) in asked(fake)


def test_the_worst_finding_is_told_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "from transformers import X\nX.from_pretrained('a-lab/m-1', revision='v1')\nX.from_pretrained('b-lab/m-1')\n"
    (folder / "src" / "app.py").write_text(code)
    Fake()("scan", "src")
    out = capsys.readouterr().out

    assert out.index("warning[unpinned-model]") < out.index("note[movable-revision]")


def test_the_programs_own_files_are_no_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text("name: ours\nclauses: {}\n")
    (folder / "modelaudit.lock.json").write_text('{"model": "acme-lab/auk-1b"}')
    Fake()("scan", ".", "--no-policy")

    assert "auk" not in capsys.readouterr().out


def test_a_list_asks_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake()

    assert fake("scan", "src", "--list-only", "-f", "json") == 0
    assert fake.asked == []
    assert [(m["id"], m["audited"]) for m in document(capsys)["models"]] == [  # type: ignore[attr-defined] # JSON
        ("acme-lab/gull-3b", False),
        ("acme-lab/tern-7b", False),
        ("acme-lab/wren-1b", False),
    ]


def test_the_document_fits_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    Fake()("scan", "src", "-f", "json")
    told = document(capsys)

    jsonschema.Draft202012Validator(json.loads(schema("scan"))).validate(told)
    assert [(f["rule"], f["model"], [p["line"] for p in f["places"]]) for f in told["findings"]] == [  # type: ignore[attr-defined] # JSON
        ("unpinned-model", "acme-lab/tern-7b", [3]),
        ("movable-revision", "acme-lab/wren-1b@v1", [5]),
    ]
    assert [(d["id"], d["pinned"]) for d in told["datasets"]] == [("acme-lab/notes", "no")]  # type: ignore[attr-defined] # JSON
    assert [u["line"] for u in told["usages"] if u["id"] is None] == [8]  # type: ignore[attr-defined] # JSON


def test_a_model_that_is_not_there_is_told_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "src" / "b.py").write_text('from transformers import X\nX.from_pretrained("acme-lab/missing")\n')

    assert Fake()("scan", "src") == 3
    told = capsys.readouterr()
    assert "error: src/b.py:2: acme-lab/missing: not found, or private" in told.err
    assert "acme-lab/missing  not audited" in told.out
    assert "4 models, 3 findings: exit 3 (a model has no verdict)" in told.out


def test_code_without_models_is_said_and_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "src" / "app.py").write_text("x = 1\n")

    assert Fake()("scan", "src") == 0
    assert capsys.readouterr().out.startswith("No model of the Hub was found in 1 file\n")


@pytest.mark.parametrize("format_", ["sarif", "junit", "csv", "markdown", "json", "text"])
def test_every_format_tells_that_nothing_was_found(
    folder: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "src" / "app.py").write_text("x = 1\n")

    assert Fake()("scan", "src", "-f", format_) == 0
    assert capsys.readouterr().out


def test_sarif_points_at_the_lines_that_are_not_pinned(folder: Path) -> None:
    (folder / "src" / "b.py").write_text(
        f'from transformers import X\nX.from_pretrained("acme-lab/tern-7b", revision="{SHA}")'
    )
    Fake()("scan", ".", "-q", "-o", "all.sarif")
    run = json.loads((folder / "all.sarif").read_text())["runs"][0]
    lines = [
        (r["ruleId"], [_place(p) for p in (*r["locations"], *r.get("relatedLocations", ()))])
        for r in run["results"]
        if r["ruleId"] in ("unpinned-model", "movable-revision")
    ]

    assert sorted(lines) == [
        ("movable-revision", [("src/app.py", 5)]),
        ("unpinned-model", [("src/app.py", 3)]),
    ]
    assert {"unpinned-model", "movable-revision"} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def _place(location: dict[str, dict[str, dict[str, object]]]) -> tuple[object, object]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_files_and_folders_are_written_together(folder: Path) -> None:
    fake = Fake()

    assert fake("scan", "src", "-q", "-o", "s.json", "-o", "s.md", "-o", "s.csv", "-o", "s.xml", "-o", "audits/") == 0
    assert len(fake.asked) == 3
    assert sorted(path.name for path in (folder / "audits").iterdir()) == [
        f"acme-lab--gull-3b@{SHA}.json",
        "acme-lab--tern-7b.json",
        "acme-lab--wren-1b@v1.json",
    ]
    assert ET.parse(folder / "s.xml").getroot().tag == "testsuites"  # noqa: S314 - our own
    audit = msgspec.json.decode((folder / "audits" / "acme-lab--tern-7b.json").read_bytes(), type=Audit)
    assert [f.rule for f in audit.findings if f.rule == "unpinned-model"] == ["unpinned-model"]


def test_the_commit_to_pin_is_told(folder: Path) -> None:
    Fake()("scan", "src", "-q", "-o", "audits/")
    audit = msgspec.json.decode((folder / "audits" / "acme-lab--tern-7b.json").read_bytes(), type=Audit)
    finding = next(f for f in audit.findings if f.rule == "unpinned-model")

    assert str(audit.subject.sha) in finding.remediation.text
    assert {e.path for e in audit.evidence if e.id in finding.evidence} == {"src/app.py"}


def test_a_policy_can_refuse_what_is_not_pinned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".modelaudit.yaml").write_text(
        "name: ours\nclauses:\n  pins: {check: findings, deny: [unpinned-model]}\n"
    )

    assert Fake()("scan", "src") == 1
    out = capsys.readouterr().out
    assert "1 against the policy" in out
    assert "pins violated" in out
    assert "exit 1 (policy .modelaudit.yaml is violated)" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_no_pass(folder: Path) -> None:
    (folder / "src" / "c.py").write_text("x")
    (folder / "src" / "c.py").chmod(0)

    assert Fake()("scan", "src", "-q") == 3


def test_what_could_not_be_read_is_no_absence() -> None:
    code = Code(roots=(".",), files=0, usages=(), unread=(Unread(path="a.py", why="Permission denied"),))
    scan = make_scan(code, None, [], as_of="2026-11-21", with_low=False)
    told = scan_text.render(scan)

    assert scan.exit_code == 3
    assert told.startswith("No model of the Hub was found in 0 files; 1 file could not be read\n")
    assert "0 models, 0 findings, 1 file not read: exit 3 (a file could not be read)" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "there is no file or folder 'nowhere'"),
        (("src", "-f", "html"), "format 'html' is not available for a scan"),
        (("src", "--list-only", "-f", "sarif"), "format 'sarif' is not available for a list without audits"),
        (("src", "-o", "x.html"), "the ending of 'x.html' names no format of a scan"),
        (("src", "--list-only", "-o", "audits/"), "--list-only makes no audits to write to a folder"),
        (("src", "-o", "a.json", "-o", "./a.json"), "the same file is given twice with -o"),
        ((), "name a PATH of code, or a registry"),
    ],
)
def test_what_cannot_be_meant_is_refused_first(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake()

    assert fake("scan", *arguments) == 2
    assert said in capsys.readouterr().err
    assert fake.asked == []


def test_an_audit_with_hidden_characters_in_names_of_files_is_harmless(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "src" / "a\x1b[2Jb|c`.py").write_text(
        'from transformers import X\nX.from_pretrained("acme-lab/tern-7b")\n'
    )
    for name in ("text", "markdown", "sarif", "junit", "csv"):
        Fake()("scan", "src", "-f", name)
        assert "\x1b" not in capsys.readouterr().out


def test_a_model_asked_for_by_two_spellings_of_a_revision_is_two_models() -> None:
    seen: list[Target] = []

    def answer(target: Target) -> Audit:
        seen.append(target)
        return AUDIT

    Path("src/b.py").write_text('from transformers import X\nX.from_pretrained("acme-lab/tern-7b", revision="main")\n')
    Fake(answer=answer)("scan", "src", "-q")

    assert [t.revision for t in seen if t.id == "acme-lab/tern-7b"] == [None, "main"]
