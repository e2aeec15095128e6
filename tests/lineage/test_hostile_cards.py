"""Cards are written by strangers: nothing in them may stall the audit."""

from __future__ import annotations

import time

import pytest

from lineage_kit import card, info, lineage, names_of
from openness_audit.collect.card.sections import section_mentions
from openness_audit.collect.papers.coverage import find_papers

CARDS = {
    "ids": " a fine-tuned version of some-body/some-thing-1 " * 4000,
    "links": "".join(f"[x{i}](https://huggingface.co/a-b/c-{i}) and " for i in range(3000)),
    "papers": "".join(f"see arXiv:2401.{i:05d} " for i in range(6000)),
    "entries": "".join(f"@misc{{a{i},title={{Llama 2 x}},eprint={{2401.{i:05d}}}}}\n" for i in range(3000)),
    "brackets": "merge of some/thing-1" + "(" * 100_000 + "some/thing-2",
    "names": "Llama-" * 30_000,
    "blanks": "model " + " " * 150_000 + "x",
    "headings": "".join(f"# Llama {i}B fine-tuned\ntext about the model\n" for i in range(3000)),
    "word": "x" * 190_000,
    "odd address": "[Paper](http://[::1) and [x](https://huggingface.co/%2f/%00)\n" * 500,
}


@pytest.mark.parametrize("name", CARDS)
def test_a_hostile_card_is_read_in_time(name: str) -> None:
    text = CARDS[name]
    started = time.process_time()

    found = lineage(text, "acme/zeta-7b")
    me = names_of("acme/zeta-7b", found)
    find_papers((card(text),), info("acme/zeta-7b"), me, found)
    section_mentions((card(text),), me)

    assert time.process_time() - started < 60  # of the processor: a guard against hanging, not a figure
