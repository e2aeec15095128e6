"""Several models in one call: every one told, those without an audit too, in files that hold all of them."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from audit_sample import AUDIT
from cli_fakes import NOW, RULES, Fake, audited
from openness_audit.cli.audit.running import Call, audit_each
from openness_audit.cli.base.services import Services
from openness_audit.cli.common.options import How
from openness_audit.errors import OutputError, UsageError
from openness_audit.model.audit import Audit
from openness_audit.model.batch import Item, Origin, Problem, Wanted
from openness_audit.settings import Settings, Target

MODEL = "acme/tern-7b"
PARTS = "a part of an id holds letters, digits, single dots, hyphens and underscores only"
LIST = f"# ours\n{MODEL}\nacme/missing\nnot a model\n{MODEL}   # again\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["asked"], r["exit_code"], r["named_in"]) for r in csv.DictReader(file)]


def test_a_list_is_audited_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models.txt").write_text(LIST)

    code = Fake()("gpt2", "--list", "models.txt", "-o", "all.csv", "-q")

    assert code == 3
    assert rows(folder / "all.csv") == [
        ("gpt2", "0", ""),
        (MODEL, "0", "models.txt:2; models.txt:5"),
        ("acme/missing", "3", "models.txt:3"),
        ("not a model", "3", "models.txt:4"),
    ]
    assert [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")] == [
        "error: models.txt:3: acme/missing: not found, or private",
        f"error: models.txt:4: 'not a model' names no model: {PARTS}",
    ]


def test_a_hint_is_given_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()("a/missing", "b/missing", "gpt2", "-q") == 3
    assert capsys.readouterr().err.splitlines() == [
        "error: a/missing: not found, or private",
        "help: check the spelling; set HF_TOKEN if it is private",
        "error: b/missing: not found, or private",
    ]


def test_a_long_line_of_no_list_is_quoted_in_short(folder: Path) -> None:
    (folder / "models.txt").write_text(f"{MODEL}\n{'x y ' * 100_000}\n")

    assert Fake()("--list", "models.txt", "-o", "all.xml", "-q") == 3
    assert (folder / "all.xml").stat().st_size < 20_000


def test_each_model_is_audited_once() -> None:
    fake = Fake()

    assert fake(MODEL, f"hf://{MODEL}", MODEL, "-q") == 0
    assert [target.id for target, _, _ in fake.asked] == [MODEL]


def test_a_list_of_nothing_but_junk_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models.txt").write_text("not a model\n??\n")

    assert Fake()("--list", "models.txt", "-o", "all.csv") == 2
    assert "nothing to audit: models.txt:1: 'not a model' names no model" in capsys.readouterr().err
    assert not (folder / "all.csv").exists()


def test_a_list_of_one_is_told_like_a_longer_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models.txt").write_text(MODEL)

    assert Fake()("--list", "models.txt", "-o", "a.json") == 2
    assert Fake()("--list", "models.txt", "-o", "a.md", "-f", "json") == 0
    assert (folder / "a.md").read_text("utf-8").startswith("<!-- modelaudit -->")
    assert capsys.readouterr().out.count("\n") == 1


def test_what_holds_all_models_is_shown_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert Fake()(MODEL, "acme/missing", "-f", "csv") == 3

    told = capsys.readouterr()
    assert [line.split(",")[0] for line in told.out.splitlines()] == ["model", MODEL, "acme/missing"]
    assert told.err.splitlines()[-1] == "2 models: 1 audited, 1 no verdict: exit 3"


def test_a_model_that_is_not_there_is_in_the_table_even_alone(folder: Path) -> None:
    assert Fake()("acme/missing", "-o", "all.csv", "-o", "a.json") == 3
    assert rows(folder / "all.csv") == [("acme/missing", "3", "")]
    assert not (folder / "a.json").exists()


def test_a_folder_of_tables_has_one_for_every_model(folder: Path) -> None:
    assert Fake()(MODEL, "acme/missing", "-o", "out/", "-f", "csv", "-q") == 3
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["acme--missing.csv", "acme--tern-7b.csv"]


def test_files_of_single_models_are_there_before_the_last_is_audited(folder: Path) -> None:
    seen: list[int] = []

    def answer(target: Target) -> Audit:
        seen.append(len(list(folder.rglob("*.json"))))
        return audited(target)

    assert Fake(answer)("a/x", "a/y", "a/z", "-o", "out/", "-o", "all.csv", "-q") == 0
    assert seen == [0, 1, 2]
    assert len(rows(folder / "all.csv")) == 3


def test_an_unforeseen_error_is_a_row(folder: Path) -> None:
    def answer(target: Target) -> Audit:
        if target.id == "a/x":
            raise RecursionError
        return audited(target)

    assert Fake(answer)("a/x", "a/y", "-o", "all.csv", "-q") == 4
    assert rows(folder / "all.csv") == [("a/x", "4", ""), ("a/y", "0", "")]


def test_a_table_that_cannot_be_written_fails_the_call(folder: Path) -> None:
    def answer(target: Target) -> Audit:
        (folder / "all.csv").mkdir(exist_ok=True)
        return audited(target)

    assert Fake(answer)("a/x", "a/y", "-o", "all.csv", "-o", "all.xml", "-q") == 4
    assert (folder / "all.xml").exists()  # the others are written


@pytest.mark.parametrize(("outputs", "code"), [((), 4), (("-o", "all.csv"), 0)])
def test_a_reader_that_leaves_stops_only_what_is_for_it_alone(
    outputs: tuple[str, ...], code: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr("sys.stdout", gone)
        ended = fake("a/x", "a/y", "a/z", *outputs)
        monkeypatch.undo()

    assert ended == code  # models not audited yet earn no 0
    assert len(fake.asked) == (3 if outputs else 1)
    assert [len(rows(path)) for path in folder.glob("*.csv")] == [3] * bool(outputs)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--list", "absent.txt"], "cannot be read"),
        (["--list", "models.txt", "--fix-card"], "one card at a time"),
        (["--list", "models.txt", "-o", "a.html"], "cannot hold several models"),
        ([], "Missing argument"),
    ],
)
def test_usage_errors(words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models.txt").write_text(LIST)
    fake = Fake()

    assert (fake("audit", *words), fake.asked) == (2, [])
    assert said in capsys.readouterr().err


def test_other_commands_get_every_model_with_its_origins(folder: Path) -> None:
    fake = Fake()
    services = Services(audit_model=fake.audit_model, load_rules=fake.load_rules, now=lambda: NOW, environ={})
    how = How(
        settings=Settings(cache_dir=folder), rules_dir=None, as_of=NOW.date(), progress=False, quiet=True, verbose=False
    )
    here, there = Origin("a.py", 1, 5), Origin("b.py", 7)
    bad = Problem(message="a variable names it", hint="", code=3)

    codes, batch = audit_each(
        Call(how=how),
        services,
        [
            Wanted(MODEL, (here,)),
            Wanted("acme/missing", (there,)),
            Wanted(MODEL, (there,)),
            Wanted("x y", (here,), bad),
        ],
    )

    assert codes == [0, 3, 3]
    assert batch.rules == RULES.rules
    assert batch.items == (
        Item(asked=MODEL, audit=AUDIT, origins=(here, there)),
        Item(
            asked="acme/missing",
            problem=Problem(
                message="acme/missing: not found, or private",
                hint="check the spelling; set HF_TOKEN if it is private",
                code=3,
            ),
            origins=(there,),
        ),
        Item(asked="x y", problem=bad, origins=(here,)),
    )
    with pytest.raises(UsageError):
        audit_each(Call(how=how), services, [Wanted("x y")])
    with pytest.raises(OutputError):
        audit_each(Call(how=how, outputs=("absent/all.csv",)), services, [Wanted(MODEL)])


def test_two_folders_of_one_name_do_not_overwrite_each_others_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/m", "b/m"):
        Path(name).mkdir(parents=True)

    assert Fake()("./a/m", "./b/m", "./a/m", "-q", "-o", "out/") == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["m-2.json", "m.json"]
