"""Whatever files, branches and small files are called and hold: sorted, bounded, and told harmlessly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_kit import audit_of, capture_of, facts_of, held, origin
from openness_audit.collect.files import kinds as files
from openness_audit.model.capture import FileEntry, Listing
from openness_audit.model.evidence import Observed

CARD = "---\nlicense: mit\n---\n# Owl-7B\n\nWords.\n"
NAMES = (
    "\x1b]8;;http://acme.example/\x07x\x1b]8;;\x07.md",
    "\x1b[31mred\x07.safetensors",
    "a\nb.safetensors",
    "<img src=x onerror=alert(1)>.bin",
    "[x](javascript:alert(1)).pt",
    "\u202egpj.safetensors",
    "\u200bLICENSE",
    "x" * 10_000 + ".gguf",
    "../../etc/passwd",
    "/abs/model.bin",
    "",
    "a//b/./c",
    "README.md",
    "LICENSE",
    "LICENSE",
    "LICENSE\x1b[2J",
    "../LICENSE",
    "model-00001-of-99999.safetensors",
    "a|b`c\\d.md",
    "\ud800.md",
    "\x00.bin",
    "a.json/../x",
    "{{ 7*7 }}.py",
    "%2e%2e%2f.yaml",
)
SMALL = (
    "config.json",
    "model.safetensors.index.json",
    "trainer_state.json",
    "adapter_config.json",
    "all_results.json",
    "mergekit_config.yml",
    "LICENSE",
    "NOTICE",
)
HOLDS: dict[str, str | bytes] = {
    "a list": "[1, 2]",
    "a word": '"x"',
    "infinity": "1e999",
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "NUL": "\x00" * 1_000,
    "bytes": bytes(range(256)) * 500,
    "one long line": "x" * 300_000,
    "UTF-16": '{"model_type": "llama"}'.encode("utf-16"),
    "wrong shapes": '{"weight_map": [1], "model_type": {"a": 1}, "architectures": {"x": 1}, "log_history": {"a": 1},'
    ' "base_model_name_or_path": [1], "quantization_config": [1], "auto_map": 3, "_name_or_path": 5}',
    "odd values": '{"weight_map": {"a": [1], "b": null}, "model_type": "\\u202e<b>", "architectures": [null],'
    ' "base_model_name_or_path": "\\u001b[31m/../..", "log_history": [1, {"a": 1}, null]}',
    "many shards": json.dumps({"weight_map": {f"k{n}": f"f{n}.safetensors" for n in range(10_000)}}),
    "a long log": json.dumps({"log_history": [{"loss": 1.0, "step": n, "eval_acc": 0.1} for n in range(5_000)]}),
    "many models": "models:\n" + "".join(f"- model: acme/x{n}\n" for n in range(5_000)),
    "a licence over and over": "Permission is hereby granted, free of charge, to any person " * 3_000,
}


def test_names_of_every_kind_are_told() -> None:
    held(audit_of(capture_of({"README.md": CARD}, paths=NAMES, refs=NAMES)))


@settings(max_examples=20, deadline=None)
@given(names=st.lists(st.one_of(st.text(max_size=40), st.sampled_from(NAMES)), max_size=12))
def test_no_names_break_the_audit(names: list[str]) -> None:
    held(audit_of(capture_of({"README.md": CARD}, paths=tuple(names), refs=tuple(names))))


@pytest.mark.parametrize("content", HOLDS)
def test_small_files_hold_what_they_like(content: str) -> None:
    for name in SMALL:
        audit_of(capture_of({"README.md": CARD, name: HOLDS[content]}))
    held(audit_of(capture_of({"README.md": CARD, **dict.fromkeys(SMALL, HOLDS[content])})))


@pytest.mark.parametrize("cap", ["MAX_FILES", "MAX_CHARACTERS"])
def test_a_listing_over_a_cap_is_not_whole(cap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, cap, 100)
    facts = facts_of(capture_of({"README.md": CARD}, paths=tuple(f"train_{n}.py" for n in range(200))))

    assert isinstance(facts.files, Observed)
    assert (facts.files.value.complete, facts.files.value.count) == (False, 201)
    assert sum(len(group.paths) for group in facts.files.value.groups) <= 100


def test_thousands_of_files_and_branches_are_told_within_the_caps() -> None:
    paths = tuple(f"\x1b[31mcheckpoint-{n}/model.safetensors" for n in range(3_000))
    licences = tuple(f"d{n}/LICENSE" for n in range(3_000))
    refs = tuple(f"step{n}-tokens{n}B" for n in range(3_000))

    held(audit_of(capture_of({"README.md": CARD}, paths=(*paths, *licences), refs=(*refs, *refs))))


def test_a_card_is_asked_for_whatever_its_size() -> None:
    sizes = {"README.md": 5_000_000, "config.json": 5_000_000}
    entries = tuple(FileEntry(path=path, size=size) for path, size in sizes.items())

    assert files.wanted_texts(Listing(files=entries, complete=True, origin=origin("tree"))) == ("README.md",)


def test_branches_of_one_name_count_once() -> None:
    facts = facts_of(capture_of({"README.md": CARD}, refs=("step1000",) * 500))

    assert isinstance(facts.refs, Observed)
    assert facts.refs.value.intermediate == ("step1000",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_lines_of_small_files_are_those_an_editor_shows(end: str) -> None:
    config = end.join(["{", '  "x": "\u2028\u0085",', '  "model_type": "llama"', "}"])
    licence = end.join(["\x0c", "", "Apache License", "Version 2.0, January 2004"])
    facts = facts_of(capture_of({"README.md": CARD, "config.json": config, "LICENSE": licence}))

    assert isinstance(facts.files, Observed)
    assert facts.files.value.model_type_place is not None
    assert facts.files.value.model_type_place.line == 3
    assert [text.place.line for text in facts.licenses.texts] == [3]
