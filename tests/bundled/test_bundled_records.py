"""What ships with the program: facts alone, honest about what they lack, and enough for an audit without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openness_audit.errors import SourceUnreachableError
from openness_audit.model.audit import Audit
from openness_audit.model.bundle import Bundle
from openness_audit.model.evidence import Cause, Place
from openness_audit.model.facts_licenses import LicenseProse
from openness_audit.model.facts_origins import Paper
from openness_audit.pipeline import audit_model
from openness_audit.render import FORMATS, SIGNED, renderer
from openness_audit.render.json import validate_audit
from openness_audit.ruleset import RuleSet, load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources.offline import bundled_ids, find
from standin import StandIn

IDS = bundled_ids()
ASKED_FOR = {  # DESIGN section 6
    "allenai/OLMo-7B",
    "meta-llama/Llama-2-7b-hf",
    "elyza/ELYZA-japanese-Llama-2-7b",
    "TencentARC/LLaMA-Pro-8B",
    "mistralai/Mistral-7B-v0.1",
    "BioMistral/BioMistral-7B",
    "nvidia/OpenMath-Mistral-7B-v0.1",
    "tiiuae/falcon-7b",
    "tiiuae/falcon-40b",
    "OpenAssistant/falcon-7b-sft-top1-696",
    "nomic-ai/gpt4all-falcon",
    "EleutherAI/pythia-12b",
    "bigscience/bloom",
    "microsoft/phi-2",
    "mistralai/Mixtral-8x7B-v0.1",
}
MOST_BYTES = 1_500_000  # all records together, as the wheel carries them


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def kept(model: str) -> Bundle:
    found = find(model)
    assert found is not None
    return found


def offline(model: str, rules: RuleSet, cache: Path) -> Audit:
    return audit_model(
        Target(kind="hub", id=model),
        Settings(cache_dir=cache, offline=True),
        rules=rules,
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )


def nouns(value: Any) -> Iterator[Any]:
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from nouns(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from nouns(item)


def test_every_model_of_the_course_text_is_bundled() -> None:
    assert set(IDS) >= ASKED_FOR


def test_the_records_stay_small() -> None:
    folder = resources.files("openness_audit") / "bundled"

    assert sum(len(entry.read_bytes()) for entry in folder.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("model", IDS)
def test_a_record_is_named_as_its_model_and_says_when_and_from_what_it_was_recorded(model: str) -> None:
    record = kept(model)

    assert record.id == record.facts.subject.id == record.info.id == model
    assert record.parts[0].what == "card"
    assert record.parts[0].recorded is not None
    assert all(part.source for part in record.parts)
    assert {"commit id", "whether access is gated"} <= set(record.missing)


@pytest.mark.parametrize("model", IDS)
def test_a_record_holds_no_free_text(model: str) -> None:
    for noun in nouns(kept(model)):
        assert not (isinstance(noun, Place) and noun.excerpt), noun
        assert not (isinstance(noun, LicenseProse) and noun.text), noun
        assert not (isinstance(noun, Paper) and noun.title), noun


@pytest.mark.parametrize("model", IDS)
def test_what_was_not_recorded_has_that_cause_and_is_never_stated(model: str) -> None:
    record = kept(model)
    subject = record.facts.subject
    causes = {noun.code for noun in nouns(record) if isinstance(noun, Cause)}

    assert (subject.sha, subject.gated, subject.last_modified, record.info.tags) == (None, None, None, ())
    assert subject.gated_cause is not None
    assert subject.gated_cause.code == "not-recorded"
    assert "not-recorded" in causes
    assert not causes & {"network", "not-found-or-private", "server-error", "malformed", "offline", "too-large"}
    assert record.listing is None or not record.listing.complete


@pytest.mark.parametrize("model", IDS)
def test_places_on_the_hub_name_no_commit_and_those_of_code_hosts_do(model: str) -> None:
    for place in (noun for noun in nouns(kept(model)) if isinstance(noun, Place)):
        on_hub = place.url.startswith("https://huggingface.co/")
        assert on_hub or place.url.startswith("https://github.com/"), place
        assert (place.sha is None) == on_hub, place


@pytest.mark.parametrize("model", IDS)
def test_an_audit_from_a_record_asks_nothing_and_says_what_it_rests_on(
    model: str, rules: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    audit = offline(model, rules, tmp_path)

    assert audit.run.offline
    assert audit.run.requests == type(audit.run.requests)()
    assert audit.run.bundled[0].id == model
    assert audit.run.bundled[0].recorded
    assert audit.run.bundled[0].missing
    assert audit.subject.sha is None
    assert all(c.unknown or c.inherited_from for c in audit.components if c.availability == "unknown")
    assert not list(tmp_path.iterdir())
    assert validate_audit(renderer("json")(audit).encode()) == []


SAYING = ("sarif", "junit", "csv")
MACHINES = ("json", "in-toto", *SIGNED, *SAYING)  # in-toto's, signed or not, carry the audit itself


@pytest.mark.parametrize("name", SAYING)
def test_every_report_for_programs_says_it_too(name: str, rules: RuleSet, tmp_path: Path) -> None:
    told = renderer(name)(offline("microsoft/phi-2", rules, tmp_path))

    assert told.count("evidence recorded 2023-12-13 to 2024-11 and bundled with the program") == 1


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in MACHINES])
def test_every_report_for_people_says_in_its_first_lines_that_the_evidence_is_bundled_and_since_when(
    name: str, rules: RuleSet, tmp_path: Path
) -> None:
    if name == "badge":
        pytest.skip("a badge has no room for it")
    told = " ".join(renderer(name)(offline("microsoft/phi-2", rules, tmp_path)).split())
    verdict = told.index("## Models" if name == "notice" else "training data only partly public")
    said = told.index("evidence recorded 2023-12-13 to 2024-11 and bundled with the program")

    assert said < verdict or name == "html"


@pytest.mark.parametrize("model", ["allenai/olmo-7b", "ALLENAI/OLMO-7B"])
def test_ids_are_found_in_any_case_as_on_the_hub(model: str, rules: RuleSet, tmp_path: Path) -> None:
    assert offline(model, rules, tmp_path).subject.id == "allenai/OLMo-7B"


@pytest.mark.parametrize("model", ["nobody/nothing", "../bundled", "allenai--OLMo-7B", "allenai/OLMo-7B.json", ""])
def test_a_model_in_neither_place_is_no_verdict_and_names_what_is_bundled(
    model: str, rules: RuleSet, tmp_path: Path
) -> None:
    with pytest.raises(SourceUnreachableError, match="neither in the cache nor bundled") as told:
        offline(model, rules, tmp_path)

    assert "allenai/OLMo-7B" in told.value.hint
    assert "without --offline" in told.value.hint


def test_a_revision_is_not_answered_from_a_record_of_the_main_branch(rules: RuleSet, tmp_path: Path) -> None:
    target = Target(kind="hub", id="allenai/OLMo-7B", revision="step1000-tokens4B")

    with pytest.raises(SourceUnreachableError, match="not of that revision"):
        audit_model(
            target,
            Settings(cache_dir=tmp_path, offline=True),
            rules=rules,
            now=datetime(2026, 1, 2, tzinfo=UTC),
            as_of=date(2026, 1, 2),
        )


def test_the_levels_of_a_derived_model_rest_on_the_bundled_record_of_its_base(rules: RuleSet, tmp_path: Path) -> None:
    audit = offline("OpenAssistant/falcon-7b-sft-top1-696", rules, tmp_path)

    assert [record.id for record in audit.run.bundled] == ["OpenAssistant/falcon-7b-sft-top1-696", "tiiuae/falcon-7b"]
    assert {node.id: node.status for node in audit.lineage.nodes}["tiiuae/falcon-7b"] == "evaluated"


BASED = """---
license: apache-2.0
base_model: mistralai/Mistral-7B-v0.1
---
# Garden 7B

Fine-tuned from Mistral 7B to answer questions about gardens.
"""


def test_a_directory_may_rest_on_a_bundled_base_model(rules: RuleSet, tmp_path: Path) -> None:
    folder = tmp_path / "garden-7b"
    folder.mkdir()
    (folder / "README.md").write_text(BASED, "utf-8")
    audit = audit_model(
        Target(kind="directory", id=str(folder)),
        Settings(cache_dir=tmp_path / "cache", offline=True),
        rules=rules,
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )

    assert [record.id for record in audit.run.bundled] == ["mistralai/Mistral-7B-v0.1"]
    assert "mistralai/Mistral-7B-v0.1 from the evidence bundled with the program" in " ".join(
        renderer("text")(audit).split()
    )


def live(server: StandIn, cache: Path, rules: RuleSet, *, offline: bool) -> Audit:
    return audit_model(
        Target(kind="hub", id="mistralai/Mistral-7B-v0.1"),
        Settings(endpoint=server.endpoint, github_api_url=server.github_api, cache_dir=cache, offline=offline),
        rules=rules,
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )


def test_the_cache_is_asked_before_the_records_and_a_live_audit_never_asks_them(
    rules: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise AssertionError("a bundled record was read")

    monkeypatch.setattr("openness_audit.offline.find", refuse)
    model = {"files": {"README.md": "---\nlicense: mit\n---\n# Mistral 7B of today\n"}}
    with StandIn(models={"mistralai/Mistral-7B-v0.1": model}) as server:
        first = live(server, tmp_path, rules, offline=False)
        server.down = True
        again = live(server, tmp_path, rules, offline=True)

    assert first.run.bundled == again.run.bundled == ()
    assert first.subject == again.subject
    assert again.subject.sha is not None


@pytest.mark.parametrize("model", IDS)
def test_the_headline_speaks_of_weights_only_where_some_were_recorded(
    model: str, rules: RuleSet, tmp_path: Path
) -> None:
    audit = offline(model, rules, tmp_path)
    lead = audit.verdict.sentence.partition(",")[0]

    assert ("weights" in lead) == any(file.kind.startswith("weights") for file in audit.files)


def test_a_directory_meets_the_terms_of_a_bundled_base_model(rules: RuleSet, tmp_path: Path) -> None:
    folder = tmp_path / "garden-7b"
    folder.mkdir()
    card = BASED.replace("apache-2.0", "mit").replace("mistralai/Mistral-7B-v0.1", "meta-llama/Llama-2-7b-chat-hf")
    (folder / "README.md").write_text(card, "utf-8")
    audit = audit_model(
        Target(kind="directory", id=str(folder)),
        Settings(cache_dir=tmp_path / "cache", offline=True),
        rules=rules,
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )

    assert [conflict.kind for conflict in audit.licenses.conflicts] == ["tag-upstream"]
    assert audit.licenses.effective.family == "community"


def test_a_cache_that_holds_other_models_does_not_hide_the_records(rules: RuleSet, tmp_path: Path) -> None:
    model = {"files": {"README.md": "---\nlicense: mit\n---\n# Mistral 7B of today\n"}}
    with StandIn(models={"mistralai/Mistral-7B-v0.1": model}) as server:
        live(server, tmp_path, rules, offline=False)
    audit = offline("microsoft/phi-2", rules, tmp_path)

    assert [record.id for record in audit.run.bundled] == ["microsoft/phi-2"]


@pytest.mark.parametrize("model", IDS)
def test_no_fix_is_proposed_for_what_was_only_not_recorded(model: str, rules: RuleSet, tmp_path: Path) -> None:
    audit = offline(model, rules, tmp_path)
    may_be_open = {a.rule for a in audit.assessments} & {c.id for c in audit.components if c.at_most == "open"}

    assert not may_be_open & {fix.finding for fix in audit.score.if_fixed}
