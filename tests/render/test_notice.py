"""The notices an adopter ships: word for word, never complete where something is not known, nothing of a stranger."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_sample import AUDIT, CHAIN, DUTIES, LICENSES, USES, duty, link
from audit_terms import crowded, poisoned
from openness_audit.model.audit import Audit
from openness_audit.render.records import notice

GOLDEN = Path(__file__).parent / "golden"
change = msgspec.structs.replace
LLAMA = link("acme/tern-7b", (), "", "LicenseRef-hf-llama3.1", "community", "declared")


def _with(**parts: object) -> Audit:
    return change(AUDIT, licenses=change(LICENSES, **parts))


PLAIN = _with(
    chain=(link("acme/tern-7b", (), "", "Apache-2.0", "osi", "text"),),
    chain_complete=True,
    conflicts=(),
    uses=tuple(change(use, verdict="conditions") for use in USES),
    obligations=(
        duty("attribution", "keep the notices", "Apache, section 4(c)", "conditional", "redistribute the weights"),
        duty("state-changes", "say in changed files that they were changed", "Apache, section 4(b)", "conditional", ""),
    ),
    texts=(change(LICENSES.texts[0], expression="Apache-2.0", match="exact"),),
)
NONE = _with(
    chain=(link("acme/tern-7b", (), "", "NONE", "none-declared", "none"),),
    conflicts=(),
    obligations=(),
    uses=(change(USES[2], verdict="not-allowed"),),
    texts=(),
    chain_complete=True,
)
SAMPLES = {"sample": AUDIT, "plain": PLAIN, "none": NONE}


@pytest.mark.parametrize("name", SAMPLES)
def test_notices_are_the_committed_ones(name: str) -> None:
    path, told = GOLDEN / f"notice-{name}.md", notice.render(SAMPLES[name])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(told, "utf-8")

    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


def _ready(audit: Audit) -> bool:
    return "Not ready to ship" not in notice.render(audit)


def test_only_what_is_known_whole_is_ready() -> None:
    parts = {"chain": PLAIN.licenses.chain, "conflicts": (), "obligations": (), "uses": ()}

    assert _ready(PLAIN)
    assert [
        _ready(_with(**{**parts, "chain_complete": True})),
        _ready(_with(**{**parts, "chain_complete": False})),
        _ready(_with(**{**parts, "chain_complete": True, "chain": CHAIN})),
        _ready(_with(**{**parts, "chain_complete": True, "conflicts": LICENSES.conflicts})),
        _ready(_with(**{**parts, "chain_complete": True, "obligations": DUTIES})),
        _ready(_with(**{**parts, "chain_complete": True, "uses": (change(USES[2], verdict="not-allowed"),)})),
        _ready(_with(**{**parts, "chain_complete": None, "chain": ()})),
        _ready(NONE),
    ] == [True, False, False, False, False, False, False, False]


def test_the_texts_to_enclose_are_named_with_their_digests() -> None:
    told = notice.render(_with(chain=(LLAMA,), chain_complete=True, conflicts=(), obligations=()))
    enclosed = told.partition("## Licence texts to enclose")[2].partition("##")[0]

    assert enclosed.count("SHA-256") == 2
    assert "Acceptable Use Policy" in enclosed


def test_a_licence_of_several_models_is_enclosed_once() -> None:
    told = notice.render(crowded())

    assert len(re.findall(r"^- .*SHA-256", told, re.MULTILINE)) == len(set(re.findall(r"SHA-256 `(\w+)`", told)))


def test_words_to_show_stand_as_they_are() -> None:
    shown = duty("notice-line", "ship a notice", "A, section 1", "conditional", "x", value="A is licensed under B_C.")

    assert "\n> A is licensed under B\\_C.\n" in notice.render(_with(obligations=(shown,)))


def test_what_is_done_while_the_model_is_used_is_no_duty_of_shipping() -> None:
    rows = (duty("output-notice", "say that a machine wrote it", "A", "conditional", "serve as a product"),)

    assert "Before passing it on" not in notice.render(_with(obligations=rows))


WORDS = st.text(
    st.sampled_from("ab <>[]()*_`~#|!&@\\\n\r\t:/.-\u202e\x1b\u200b") | st.characters(codec="utf-8"), max_size=60
)


@settings(deadline=None, max_examples=80)
@given(WORDS, WORDS)
def test_no_words_of_a_stranger_become_markup(name: str, words: str) -> None:
    strange = (link(name, ("acme/tern-7b",), words, words, words, "declared"),)
    rows = tuple(change(row, what=words, clause=words, value=words, trigger=words) for row in DUTIES)
    told = notice.render(
        _with(chain=LICENSES.chain + strange, obligations=rows, texts=(change(LICENSES.texts[0], path=words),))
    )
    outside = re.sub(r"(`+).*?\1", "", told)

    assert [c for c in told if c in "\x1b\u202e\u200b\r\t"] == []
    assert re.findall(r"<(?!https://)[^>]*>", outside) == []
    assert re.findall(r"(?<!\\)\]\(", outside) == []
    assert re.findall(r"@\w", outside) == []


def test_a_hostile_audit_makes_no_markup() -> None:
    outside = re.sub(r"(`+).*?\1", "", notice.render(poisoned()))

    assert "<script" not in outside
    assert "<img" not in outside
    assert re.findall(r"(?<!\\)\]\(", outside) == []
