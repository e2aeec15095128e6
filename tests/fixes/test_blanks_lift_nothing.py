"""A patch applied with its blanks unfilled lifts no level: it is no answer to anything."""

from __future__ import annotations

from datetime import date

import pytest

from openness_audit.cli.common.fix_card import additions_of
from openness_audit.collect.assemble import complete, read
from openness_audit.fixes.card_edits import applied, edits_for
from openness_audit.model.audit import Audit, RequestsDoc, RunDoc
from openness_audit.model.capture import FileEntry, Listing, ModelCapture, Origin, Refs, RepoInfo, Text
from openness_audit.model.evidence import ORDER
from openness_audit.ruleset import load_rules
from openness_audit.stages import audit_facts

ORIGIN = Origin(url="https://huggingface.co/harbour/tide", sha256="0" * 64, retrieved_at="")
RUN = RunDoc(started_at="", duration_s=0.0, endpoint="", requests=RequestsDoc(), cache_hits=0, offline=False)
CARDS = {
    "empty": "",
    "words": "# Tide\n\nA small model that tells the tides.\n",
    "metadata": "---\nlicense: mit\ntags: [x]\n---\n# Tide\n\n## Training data\n\n## Evaluation\n\nSoon.\n",
    "trainer": "---\nlicense: mit\n---\n# Tide\n\n### Training hyperparameters\n\n- learning_rate: 1e-4\n",
    "data": "---\nlicense: mit\ndatasets: [harbour/logs]\n---\n# Tide\n\nTrained on ship logs and weather reports.\n",
    "fine-tune": "---\nlicense: mit\nbase_model: northlab/cobalt\n---\n# Tide\n\nTuned on our notes with LoRA.\n",
    "fence": "# Tide\n\n```\nnever closed\n",
}


def audited(card: str) -> Audit:
    capture = ModelCapture(
        info=RepoInfo(kind="model", id="harbour/tide", origin=ORIGIN, gated=False),
        listing=Listing(
            files=(FileEntry(path="README.md", size=1), FileEntry(path="model.safetensors", size=10**9)),
            complete=True,
            origin=ORIGIN,
        ),
        refs=Refs(refs=(), origin=ORIGIN),
        texts={"README.md": Text(path="README.md", text=card, origin=ORIGIN)},
    )
    return audit_facts(complete(capture, read(capture)), load_rules(), date(2026, 11, 21), RUN)


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_blanks_lift_no_level(card: str) -> None:
    before = audited(card)
    additions = additions_of(before)
    assert additions
    assert not any(a.filled for a in additions)

    after = audited("\n".join(applied(card.split("\n"), edits_for(card, additions).edits)))

    old = {c.id: c for c in before.components}
    risen = [
        (c.id, old[c.id].availability, c.availability)
        for c in after.components
        if c.availability != old[c.id].availability
        and (c.at_least is None or ORDER[c.at_least] > ORDER[old[c.id].at_least or "closed"])
    ]
    assert risen == []
    assert (after.score.low, after.verdict.class_) <= (before.score.low, before.verdict.class_)
    assert after.licenses.own == before.licenses.own


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_second_patch_adds_nothing(card: str) -> None:
    once = "\n".join(applied(card.split("\n"), edits_for(card, additions_of(audited(card))).edits))

    assert edits_for(once, additions_of(audited(once))).edits == []
