"""A replay by other rules: those in the bundle, those of a folder, an organisation's own; what changed is named."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from bundle_kit import Program, comparable, members, sealed
from openness_audit import packaged
from openness_audit.bundles.archive import pack
from openness_audit.bundles.read import read
from openness_audit.bundles.rules import pack_rules, unpack_rules
from openness_audit.errors import TamperedError
from openness_audit.ruleset import digests, load_rules, texts

if TYPE_CHECKING:
    from collections.abc import Callable

Replay: TypeAlias = "Callable[..., tuple[int, str]]"
RULES = Path(str(files("openness_audit.rules")))
OWN = """id: house
kind: finding
title: The house wants metadata
question: Does the card begin with metadata?
rationale: The house says so.
since: 1.0.0
severity: warning
message: "the card has {detail}"
when:
  - check: front-matter
    with: {states: [no-metadata]}
    why: "{detail}"
remediation: {text: add it, effort: low}
references: [https://example.org/house]
"""


def other_rules(folder: Path) -> Path:
    """The installed rules, but that no fine-tuning code is ever more than partial."""
    found = folder / "others"
    shutil.copytree(RULES, found, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    path = found / "components" / "finetuning-code.yaml"
    path.write_text(path.read_text("utf-8").replace("gives: open", "gives: partial"), "utf-8")
    return found


@pytest.fixture
def house(tmp_path: Path) -> Path:
    found = tmp_path / "house"
    (found / "deep").mkdir(parents=True)
    (found / "deep" / "house.yaml").write_text(OWN)
    return found


def test_the_digest_of_own_rules_does_not_hang_on_where_they_lie(house: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "house"
    shutil.copytree(house, moved)

    assert load_rules(house).digest == load_rules(moved).digest != load_rules().digest


def test_the_digests_of_what_is_installed_are_those_of_the_rule_set() -> None:
    rules = load_rules()
    assert digests() == (rules.digest, rules.vocabulary_digest)


def test_packed_rules_are_those_that_the_digests_name(owl: Path) -> None:
    named = read(owl).manifest.rules

    assert {name: body.decode() for name, body in unpack_rules(pack_rules(texts()), named).items()} == texts()
    with pytest.raises(TamperedError, match="not those whose digests"):
        unpack_rules(pack({"rules/components/weights.yaml": b"id: weights"}), named)
    with pytest.raises(TamperedError, match="no rule"):
        unpack_rules(pack({"setup.py": b"print()"}), named)


def test_other_rules_are_used_from_the_beginning_or_not_at_all(tmp_path: Path) -> None:
    load_rules()
    with pytest.raises(RuntimeError, match="a process of their own"):
        packaged.use(tmp_path, "9")


def test_recorded_rules_that_are_installed_need_no_other_process(
    program: Program, owl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program("replay", str(owl), "--ruleset", "recorded") == 0
    assert "the recorded rules, which are those installed, 1.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("9.9.9", "no rules '9.9.9' are installed"),
        ("no/such/folder", "no rules 'no/such/folder'"),
        ("{folder}", "no components/"),
    ],
)
def test_rules_that_are_not_there_are_refused(
    program: Program, owl: Path, capsys: pytest.CaptureFixture[str], word: str, said: str
) -> None:
    assert program("replay", str(owl), "--ruleset", word.format(folder=program.folder)) == 2
    assert said in capsys.readouterr().err


def test_the_release_that_has_the_recorded_rules_is_named(
    program: Program, owl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def age(manifest: dict[str, Any]) -> None:
        manifest["tool"] = "modelaudit 0.0.9"
        manifest["rules"]["version"] = "0.9.0"

    older = tmp_path / "older.bundle"
    older.write_bytes(sealed(members(owl), age))

    assert program("replay", str(older), "--ruleset", "0.9.0") == 2
    assert "install modelaudit 0.0.9, which has them" in capsys.readouterr().err


@pytest.fixture
def replay(program: Program, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Replays; what another process says is caught too."""

    def replayed(bundle: Path, *words: str) -> tuple[int, str]:
        capfd.readouterr()
        code = program("replay", str(bundle), *words)
        said = capfd.readouterr().err
        assert "Traceback" not in said
        return code, said

    return replayed


def test_rules_of_a_folder_judge_and_what_they_change_is_named(replay: Replay, owl: Path, tmp_path: Path) -> None:
    code, said = replay(owl, "--ruleset", str(other_rules(tmp_path)), "-o", str(tmp_path / "out.json"))

    assert code == 0, said
    assert "judged by the rules of that folder, unversioned" in said
    assert "the recorded audit did not come out: the rules are others" in said
    assert "changed, worse: criterion-" in said
    rows = json.loads((tmp_path / "out.json").read_text())["criteria"]
    assert {row["id"]: row["status"] for row in rows}["finetuning-code"] == "partial"
    assert "changed components: finetuning-code: open -> partial" in said


def test_rules_that_need_another_program_are_told_plainly(replay: Replay, owl: Path, tmp_path: Path) -> None:
    rules = other_rules(tmp_path)
    path = rules / "components" / "weights.yaml"
    path.write_text(path.read_text("utf-8") + "colour: green\n", "utf-8")

    code, said = replay(owl, "--ruleset", str(rules))

    assert code == 2
    assert "this modelaudit cannot judge by these rules: rules/components/weights.yaml" in said
    assert "colour" in said


def test_an_organisations_own_rules_are_recorded_and_used_on_request_only(
    program: Program, replay: Replay, house: Path
) -> None:
    bundle = program.saved("nest/owl", "--rules", str(house))
    recorded = comparable(program.folder / "audit.json")
    shutil.rmtree(house)

    plain, told = replay(bundle, "-o", str(program.folder / "plain.json"))
    own, said = replay(bundle, "--ruleset", "recorded", "-o", str(program.folder / "own.json"))

    assert (plain, own) == (0, 0), said
    assert "1 rules of an organisation's own judged it then" in told
    assert "the rules of the bundle, which are not those installed" in said
    assert "the recorded audit came out, byte for byte" in said
    assert comparable(program.folder / "own.json") == recorded
    assert comparable(program.folder / "plain.json") != recorded


def test_rules_beside_the_bundle_are_needed_only_to_judge_by_them(
    program: Program, replay: Replay, house: Path
) -> None:
    folder = program.folder / "evidence"
    assert program("nest/owl", "-q", "--rules", str(house), "--save-evidence", f"{folder}/") == 0
    rules = next(folder.glob("ruleset-*.zip"))
    bundle = folder / "nest--owl.bundle"

    assert replay(bundle, "--ruleset", "recorded", "-q")[0] == 0
    rules.write_bytes(rules.read_bytes()[:-1])
    assert replay(bundle, "--ruleset", "recorded")[0] == 1
    rules.unlink()
    assert replay(bundle, "--ruleset", "recorded")[0] == 2
    assert program("replay", str(bundle), "-q") == 0


def test_a_rule_set_that_takes_too_long_is_ended(replay: Replay, owl: Path, tmp_path: Path) -> None:
    code, said = replay(owl, "--ruleset", str(other_rules(tmp_path)), "--timeout", "0.01")

    assert code == 4
    assert "took more than 0.01 seconds" in said


def test_a_rule_file_that_is_no_text_is_refused(replay: Replay, owl: Path, tmp_path: Path) -> None:
    rules = other_rules(tmp_path)
    (rules / "components" / "weights.yaml").write_bytes(b"\xff\xfe\x00")

    code, said = replay(owl, "--ruleset", str(rules))

    assert code == 2, said
    assert "Traceback" not in said
