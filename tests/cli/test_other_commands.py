"""Help, version, rules, licences, schemas, cache, and what a start loads."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cli_fakes import Fake
from openness_audit.cli.group import COMMANDS
from openness_audit.render import escape
from openness_audit.render.reference import schemas
from openness_audit.ruleset import RULESET_VERSION
from openness_audit.settings import TIMEOUT_S

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = "huggingface_hub requests requests_cache httpx2 jinja2 jsonschema yaml rich pyromark msgspec license_expression"


def test_help_names_every_command_and_the_options_of_an_audit(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("--help") == 0
    shown = capsys.readouterr().out

    assert [c for c in COMMANDS if f"\n  {c} " not in shown] == []
    assert "--explain COMPONENT" in shown
    assert f"Most time for one model ({TIMEOUT_S:g})" in shown
    assert "Exit codes: 0 audited" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(command, "--help") == 0
    assert capsys.readouterr().out.startswith(f"Usage: modelaudit {command}")


def test_nothing_asked_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()() == 2
    assert capsys.readouterr().out == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("--version") == 0
    assert capsys.readouterr().out.startswith("modelaudit 0.")


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from openness_audit.cli.entry import run\n"
        "code = run(['--help'])\n"
        f"print(code, sorted(set({HEAVY.split()!r}) & set(sys.modules)), file=sys.stderr)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr == "0 []\n"


def test_rules_are_listed_and_explained_from_their_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("rules") == 0
    listed = capsys.readouterr().out
    assert Fake()("rules", "evaluation-code") == 0
    explained = capsys.readouterr().out
    assert Fake()("rules", "data") == 0
    criterion = capsys.readouterr().out

    assert "evaluation-code" in listed
    assert "tag-text" in listed
    for words in (
        "Is the code that evaluates the model public?",
        "open          scripts for this model",
        "looks for     open     <object> holds <names> [repository levels=full role=evaluation]",
        "limits        at most partial: only prose says so",
        "inherits      quantized: parent",
        "Results that cannot be repeated are claims.",
        "link the scripts (medium effort)",
        "|   code: URL",
        "https://example.org/criteria",
    ):
        assert " ".join(words.split()) in " ".join(explained.split())
    assert criterion.index("finetuning-data:") < criterion.index("pretraining-data:")


def test_an_unknown_rule_or_licence_or_schema_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert [Fake()(c, "sandwich") for c in ("rules", "licenses", "schema")] == [2, 2, 2]
    assert capsys.readouterr().err.count("help: ") == 3


def test_licences_are_listed_and_explained_by_any_spelling(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("licenses") == 0
    listed = capsys.readouterr().out
    assert Fake()("licenses", "Apache License, Version 2.0") == 0
    explained = capsys.readouterr().out

    assert "apache-2.0" in listed
    assert explained.startswith("apache-2.0: ")
    assert "osi: OSI-approved" in explained
    assert [c for c in listed + explained if c != "\n" and escape.hidden(c)] == []


def test_every_licence_of_an_expression_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("licenses", "MIT or GPL 3 or later") == 0

    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith(("mit: ", "gpl-3.0: "))] == [
        "mit: MIT",
        "gpl-3.0: GNU General Public License v3.0",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("psf-2.0", "the terms of PSF-2.0 are not recorded here\nhelp: its text is at https://spdx.org/"),
        ("apach-2.0", "no licence is called 'apach-2.0'\nhelp: did you mean apache-2.0"),
        ("???", "no licence is called '???'\nhelp: `modelaudit licenses`"),
    ],
)
def test_a_licence_without_a_page_says_where_to_look(
    written: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Fake()("licenses", written) == 2
    assert said in capsys.readouterr().err


def test_documents_are_listed_with_their_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("schema") == 0
    listed = capsys.readouterr().out

    assert [name for name in schemas.NAMES if f"  {name.ljust(10)} {schemas.version(name)}  " not in listed] == []
    assert f"the rules themselves are version {RULESET_VERSION}" in listed
    assert all(len(line) <= 80 for line in listed.splitlines())


@pytest.mark.parametrize("name", schemas.NAMES)
def test_schema_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("schema", name) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(schemas.schema(name))


def test_cache_is_told_and_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake(environ={"OPENNESS_AUDIT_CACHE": str(tmp_path)})
    assert (fake("cache", "info"), fake("cache", "clear")) == (0, 0)
    assert "nothing was kept yet" in capsys.readouterr().out

    connection = sqlite3.connect(tmp_path / "http-1.sqlite")
    connection.execute("CREATE TABLE responses (key TEXT)")
    connection.execute("INSERT INTO responses VALUES ('a')")
    connection.commit()
    connection.close()
    (tmp_path / "http-1.sqlite.damaged-1").write_text("x")
    (tmp_path / "mine.txt").write_text("not the cache's")

    assert fake("cache", "info") == 0
    assert "1 answers" in capsys.readouterr().out
    assert fake("cache", "clear", "--cache-dir", str(tmp_path)) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
