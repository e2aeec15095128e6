"""`modelaudit report`, and `modelaudit diff` of two scans, as they are called."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli_fakes import Fake
from openness_audit.render.reference.schemas import schema
from openness_audit.render.registry import html as registry_html
from openness_audit.render.registry import rows as registry_rows
from registry_folder_kit import POLICY, below, folder, lost, model

HOSTILE = "</script><script>alert(1)</script>\u202e=cmd"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder(
        tmp_path / "old",
        model("a", policy="met"),
        below("b", ("sea/salt", "unknown")),
        lost("c", "network"),
        model("d"),
        policy=POLICY,
    )
    folder(
        tmp_path / "new",
        model("a", policy="violated", policy_violated=("gate",), gated=True, exit_code=1),
        below("b", ("sea/salt", "unknown")),
        lost("c", "network"),
        model(HOSTILE, license_effective="=1+1", errors=("tag-upstream",)),
        lost("=d", "not-found-or-private"),
        policy=POLICY,
    )
    return tmp_path


def valid(path: str, name: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only here

    found = json.loads(Path(path).read_bytes())
    Draft202012Validator(json.loads(schema(name))).validate(found)
    return found


def rows_of(page: str) -> list[list[Any]]:
    blocks = re.findall(r'<script type="application/json" id="rows-\d+">(.*?)</script>', page, re.DOTALL)
    return [row for block in blocks for row in json.loads(block)]


def test_the_summary_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("report", "new", "--since", "old") == 0

    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert "5 models, 3 audited, 2 could not be audited" in said
    assert "sea/salt: terms not known; named by 1" in said
    assert "gate added: no gate -> gated" in said


def test_json_fits_its_schema() -> None:
    assert Fake()("report", "new", "--since", "old", "-o", "r.json", "-q") == 0
    assert Fake()("diff", "old", "new", "-o", "c.json", "-q") == 1

    found = valid("r.json", "report")
    assert (found["models"], found["audited"], found["changes"]["code"]) == (5, 3, 1)
    assert valid("c.json", "history") == found["changes"]


def test_the_same_scan_gives_the_same_bytes() -> None:
    Fake()("report", "new", "-o", "1.json", "-o", "1.html", "-o", "1.csv", "-q")
    Fake()("report", "new", "-o", "2.json", "-o", "2.html", "-o", "2.csv", "-q")

    for kind in ("json", "html", "csv"):
        assert Path(f"1.{kind}").read_bytes() == Path(f"2.{kind}").read_bytes()


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    Fake()("report", "new", "-o", "r.csv", "-q")

    text = Path("r.csv").read_bytes().decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [r["model"][:4] for r in rows] == ["a", "b", "c", "</sc", "'=d"]
    assert [r["problem"] for r in rows] == ["", "", "network", "", "not-found-or-private"]
    assert rows[3]["license_effective"] == "'=1+1"
    assert [rows[1]["held_back_by"], rows[1]["only_by_it"]] == ["sea/salt", "yes"]
    assert "\u202e" not in text


def test_strangers_words_are_no_mark_up() -> None:
    Fake()("report", "new", "--since", "old", "-o", "r.html", "-q")

    page = Path("r.html").read_bytes().decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert page.count("<script") == page.count("</script>") == 3  # what the rows are like, the rows, and our own
    assert [row[0][:4] for row in rows_of(page)] == ["a", "b", "c", "</sc", "=d"]


def test_a_page_asks_for_nothing_from_elsewhere() -> None:
    Fake()("report", "new", "-o", "r.html", "-q")

    page = Path("r.html").read_bytes().decode()
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []


def test_each_model_leads_to_its_audit_from_where_the_page_is(here: Path) -> None:
    (here / "pages").mkdir()
    Fake()("report", "new", "-o", "pages/r.html", "-q")

    page = (here / "pages" / "r.html").read_bytes().decode()
    about = re.search(r'id="about">(.*?)</script>', page)
    assert about is not None
    assert json.loads(about[1])["base"] == "../new/"
    assert [row[1] for row in rows_of(page)][:3] == ["audits/00/a.json", "audits/00/b.json", 0]


def test_many_models_stand_beside_the_page(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_html, "ALONE", 4)
    monkeypatch.setattr(registry_rows, "SIZE", 2)
    Fake()("report", "new", "-o", "r.html", "-q")

    assert sorted(one.name for one in (here / "r.rows").iterdir()) == ["00000.js", "00001.js", "00002.js"]
    page = (here / "r.html").read_bytes().decode()
    assert rows_of(page) == []
    told = [(here / "r.rows" / f"0000{n}.js").read_text("ascii") for n in range(3)]
    rows = [row for n, text in enumerate(told) for row in json.loads(text.removeprefix(f"modelauditRows({n},")[:-2])]
    assert [row[0][:2] for row in rows] == ["a", "b", "c", "</", "=d"]
    assert all("<" not in text for text in told)


def test_every_change_stands_in_the_csv() -> None:
    assert Fake()("diff", "old", "new", "-o", "c.csv", "-q") == 1

    rows = list(csv.reader(Path("c.csv").read_bytes().decode().splitlines()))
    assert {(r[0][:4], r[2], r[3], r[4]) for r in rows[1:]} == {
        ("'=d", "appeared", "neutral", ""),
        ("</sc", "appeared", "neutral", ""),
        ("a", "changed", "worse", "gate added: no gate -> gated"),
        ("a", "changed", "worse", "policy: ours, met -> violated"),
        ("d", "not-listed", "unknown", ""),
    }


@pytest.mark.parametrize(("old", "new", "code"), [("new", "new", 0), ("old", "new", 1), ("new", "missing", 2)])
def test_the_exit_code_of_a_comparison(old: str, new: str, code: int) -> None:
    assert Fake()("diff", old, new, "-q") == code


def test_a_scan_is_not_compared_with_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("diff", "old", "acme/m1") == 2
    assert "is no folder of a scan" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("nowhere",), (".",), ("new", "-f", "sarif"), ("new", "-o", "r.xml"), ("new", "-q", "-v")]
)
def test_what_cannot_be_reported_is_a_usage_error(words: tuple[str, ...]) -> None:
    assert Fake()("report", *words) == 2


@pytest.mark.parametrize("name", ["html", "csv", "json"])
def test_a_report_can_be_shown(name: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert Fake()("report", "new", "-f", name) == 0
    assert b"sea/salt" in capsysbinary.readouterr().out


def dated(name: str, as_of: str) -> None:
    """Say that a scan was of another day."""
    place = Path(name) / "scan.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"as_of": as_of}))


@pytest.fixture
def nightly(here: Path) -> Path:
    """Make a folder of four nightly scans, whose names do not sort as their days do."""
    place = here / "nightly"
    place.mkdir()
    worse = model("a", policy="violated", policy_violated=("gate",), gated=True, exit_code=1)
    for name, day, row in (("d", 17, model("a")), ("a", 18, model("a")), ("c", 19, worse), ("b", 20, model("a"))):
        folder(place / name, row, model("b"), policy=POLICY)
        dated(f"nightly/{name}", f"2026-11-{day}")
    return place


@pytest.mark.usefixtures("nightly")
def test_what_changed_from_night_to_night(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("report", "nightly/b", "--since", "nightly", "-o", "r.json", "-o", "r.html") == 0
    found = valid("r.json", "report")
    told = [(n["as_of"], n["violated"], n["worse"], n["better"], n["unknown"]) for n in found["nights"]]
    assert told == [
        ("2026-11-17", 0, None, None, None),
        ("2026-11-18", 0, 0, 0, 0),
        ("2026-11-19", 1, 1, 0, 0),
        ("2026-11-20", 0, 0, 1, 0),
    ]
    assert [m["model"] for n in found["nights"] for m in n["named"]] == ["a"]
    assert found["changes"]["old"]["as_of"] == "2026-11-19", "the change is told since the last of them"
    assert "From scan to scan" in Path("r.html").read_text("utf-8")
    capsys.readouterr()

    assert Fake()("report", "nightly/b", "--since", "nightly/d", "--since", "nightly/c") == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("from scan to scan, the earliest first")
    assert [line.split() for line in lines[at + 2 : at + 4]] == [
        ["2026-11-17", "2", "2", "0", "-", "-", "-"], ["2026-11-19", "2", "2", "1", "1", "0", "0"],
    ]  # fmt: skip
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("nightly")
def test_one_earlier_scan_in_a_folder_is_told_as_before() -> None:
    assert Fake()("report", "nightly/b", "--since", "nightly/c", "-o", "r.json", "-q") == 0
    assert valid("r.json", "report")["nights"] == []


def test_a_folder_without_an_earlier_scan(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "none").mkdir()
    assert Fake()("report", "new", "--since", "none") == 2
    assert "is no folder of a scan, and holds none" in capsys.readouterr().err
    assert Fake()("report", "new", "--since", "new") == 2
    assert "there is no scan but new itself" in capsys.readouterr().err
