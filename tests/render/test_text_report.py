"""The terminal report, word for word."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from audit_sample import AUDIT, BELL, BIDI
from openness_audit.errors import UsageError
from openness_audit.render import escape, layout
from openness_audit.render.text import audit as text
from openness_audit.render.views import audit as view

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = "OPENNESS_AUDIT_REGENERATE=1 python -m pytest tests/render"
REPORTS = {
    "default-80": text.render(AUDIT),
    "default-120": text.render(AUDIT, width=120),
    "verbose-80": text.render(AUDIT, verbose=True),
    "explain-evaluation-code-80": text.explain(AUDIT, "evaluation-code"),
    "explain-data-80": text.explain(AUDIT, "data"),
}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_report_is_the_committed_one(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(REPORTS[name], "utf-8")
    committed = path.read_text("utf-8") if path.exists() else "(no golden file)"

    assert REPORTS[name] == committed, f"if the change is meant, run `{REGENERATE}` and read the diff"


@pytest.mark.parametrize("name", ["default-80", "verbose-80"])
def test_every_line_fits_eighty_columns(name: str) -> None:
    assert [line for line in REPORTS[name].splitlines() if cell_len(line) > 80] == []


def test_only_addresses_are_wider_than_an_explanation() -> None:
    wide = [line for line in REPORTS["explain-evaluation-code-80"].splitlines() if cell_len(line) > 80]

    assert [line for line in wide if not line.strip().startswith("https://")] == []


def test_report_of_a_model_with_many_faults_needs_few_lines() -> None:
    assert len(REPORTS["default-80"].splitlines()) <= 24
    assert len(REPORTS["default-120"].splitlines()) <= 24


def test_verdict_stands_first() -> None:
    assert REPORTS["default-120"].splitlines()[0] == AUDIT.verdict.sentence


def test_plain_report_holds_no_control_character() -> None:
    assert [c for report in REPORTS.values() for c in report if c != "\n" and escape.hidden(c)] == []


def test_colour_adds_only_colour() -> None:
    colored = text.render(AUDIT, color=True)

    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored).split() == REPORTS["default-80"].split()


def test_no_colour_escape_comes_from_strangers() -> None:
    assert BELL not in text.render(AUDIT, color=True, verbose=True)
    assert BIDI not in text.render(AUDIT, color=True, verbose=True)


def test_offline_notice_comes_first() -> None:
    offline = msgspec.structs.replace(AUDIT, run=msgspec.structs.replace(AUDIT.run, offline=True))

    assert text.render(offline).splitlines()[0] == "offline: no source was asked; evidence of 2026-11-20"


def test_wide_interval_has_no_single_number() -> None:
    wide = msgspec.structs.replace(AUDIT, score=msgspec.structs.replace(AUDIT.score, value=None, low=30, high=70))

    assert "score 30-70, not determined" in text.render(wide)


def test_score_stands_with_its_interval() -> None:
    assert "score 55 of 100 (50-60)" in REPORTS["default-80"]


def test_explaining_an_unknown_component_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        text.explain(AUDIT, "sandwich")

    assert "evaluation-code" in caught.value.hint


def test_wide_characters_are_counted_by_cell() -> None:
    assert layout.wrap("開放 性の 監査", 8) == ["開放", "性の", "監査"]
    assert layout.wrap("x" * 9, 4) == ["xxxx", "xxxx", "x"]
    assert layout.wrap("監査監査", 5) == ["監査", "監査"]


def test_a_long_name_goes_on_behind_its_joints() -> None:
    assert layout.wrap("organisation/model-name-7b", 16) == ["organisation/", "model-name-7b"]


@pytest.mark.parametrize(
    ("place", "room", "shown"),
    [
        ("README.md:41", 20, "README.md:41"),
        ("github.com/acme/tern train/deep/run.sh:3", 34, "github.com/acme/tern .../run.sh:3"),
        ("github.com/acme/tern train/deep/run.sh:3", 20, "github.com/acme/tern .../run.sh:3"),
        ("train/deep/run.sh:3", 14, ".../run.sh:3"),
        ("model-00001-of-00009.safetensors", 20, "model-00001-of-00009.safetensors"),
    ],
)
def test_a_place_loses_folders_and_never_a_part_of_its_file(place: str, room: int, shown: str) -> None:
    assert layout.tail(place, room) == shown


def test_no_words_are_cut_inside_a_bracket() -> None:
    assert layout.shorten(["named (base model", "tern)"], 1, 40) == ["named ..."]


def test_every_finding_is_told_or_counted() -> None:
    few = msgspec.structs.replace(AUDIT, findings=AUDIT.findings * 20)

    assert len(text.render(few).splitlines()) <= 24
    assert "20 waived" in text.render(few)
    assert text.render(few, verbose=True).count("= rule: modelaudit rules tag-text") == 20


def test_what_the_terminal_cannot_show_is_spelled_out() -> None:
    named = msgspec.structs.replace(AUDIT.verdict, sentence="開放 weights")
    said = text.render(msgspec.structs.replace(AUDIT, verdict=named), encoding="ascii")

    assert said.isascii()
    assert said.startswith("\\u958b\\u653e weights")


def test_a_narrow_terminal_gets_one_thing_a_line() -> None:
    lines = text.render(AUDIT, width=40).splitlines()
    start = lines.index("finetuning-code closed")

    assert lines[start : start + 2] == ["finetuning-code closed", "  no fine-tuning code and no recipe is"]


def test_what_was_searched_stands_for_missing_evidence() -> None:
    assert "searched: README.md, file listing, github.com/acme/tern" in REPORTS["verbose-80"]


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("a\nb\tc", "a b c"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("نمونه\u200cها", "نمونه\u200cها"),
        ("模型", "模型"),
    ],
)
def test_clean(dirty: str, cleaned: str) -> None:
    assert escape.clean(dirty) == cleaned


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://huggingface.co/a/b", "https://huggingface.co/a/b"),
        ("HTTP://host.example/x y", "http://host.example/x%20y"),
        ('https://host.example/"><script>', "https://host.example/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("java\nscript:alert(1)", None),
        ("//host.example", None),
        ("https://user:pass@host.example/", None),
        ("https://[::1", None),
        ("https://host.example:99999999/", None),
        ("", None),
        (None, None),
    ],
)
def test_safe_url(url: str | None, link: str | None) -> None:
    assert escape.safe_url(url) == link


def test_a_base_model_whose_terms_are_not_known_stands_on_the_licence_line() -> None:
    same = msgspec.structs.replace(AUDIT.licenses, effective=AUDIT.licenses.own, chain=())
    unread = msgspec.structs.replace(AUDIT, licenses=same)
    nodes = tuple(msgspec.structs.replace(n, kind="adapter") for n in AUDIT.lineage.nodes if n.id == AUDIT.subject.id)
    lineage = msgspec.structs.replace(AUDIT.lineage, parents=(), nodes=nodes, edges=())
    unnamed = msgspec.structs.replace(unread, lineage=lineage)

    assert view.license_words(unread).endswith("; terms of acme/tern-base not known")
    assert view.license_words(unnamed).endswith("; its base model is not named")


def test_data_that_is_only_spoken_of_is_not_told_as_a_name() -> None:
    spoken = msgspec.structs.replace(
        AUDIT.training_data[0], id=None, url=None, name="curated data", availability="closed", access="unresolved"
    )

    assert (view.data_words(spoken), view.access_words(spoken)) == (
        "not named (\u201ccurated data\u201d)",
        "spoken of, but not identified",
    )


def test_lines_of_a_file_and_files_of_a_repository_are_told_together() -> None:
    places = ["README.md:3", "github.com/a/b x.py:1", "README.md:9", "github.com/a/b y.py", "Hub metadata"]

    assert view.grouped(places) == "README.md:3, 9; Hub metadata; github.com/a/b x.py:1, y.py"


def test_the_place_of_another_models_card_names_that_model() -> None:
    data = AUDIT.criteria[0]
    theirs = msgspec.structs.replace(AUDIT.evidence[0], repo="acme/tern-base")
    criterion = msgspec.structs.replace(
        data, evidence=(theirs.id,), short="no corpus named (base model acme/tern-base)", status="closed"
    )
    audit = msgspec.structs.replace(AUDIT, criteria=(criterion,), evidence=(theirs,))

    assert "acme/tern-base README.md:41" in " ".join(text.render(audit).split())
