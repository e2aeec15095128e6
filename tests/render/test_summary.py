"""Summary and comment: the verdict first, one line when all is well, within GitHub's sizes, no stranger's mark-up."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_sample import AUDIT, FINDINGS
from batch_kit import ALONE, BATCHES, CLEAN, EVERY_CLEAN, MISSING, SEVERAL, WAIVER, change, item, named, policed
from openness_audit.model.audit_policy import VoidWaiverDoc
from openness_audit.model.batch import Batch, Origin
from openness_audit.render import batch_renderer, renderer
from openness_audit.render.ci import comment, summary
from openness_audit.render.markdown import audit as markdown

GOLDEN = Path(__file__).parent / "golden"
MANY = Batch(items=tuple(item(policed("violated", named(f"acme/m{n}"))) for n in range(400)))


@pytest.mark.parametrize("kind", ["summary", "comment"])
@pytest.mark.parametrize("name", BATCHES)
def test_golden_text(name: str, kind: str) -> None:
    path, told = GOLDEN / f"{kind}-{name}.md", batch_renderer(kind)(BATCHES[name])
    if os.environ.get("OPENNESS_AUDIT_REGENERATE"):
        path.write_text(told, "utf-8")

    assert told == (path.read_text("utf-8") if path.exists() else "(no golden file)")


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (
            SEVERAL,
            "**❌ BLOCK · 5 models: 1 blocked by the policy, 1 not decided by the policy, 2 not audited, 1 passed**",
        ),
        (
            Batch(items=(SEVERAL.items[1], *EVERY_CLEAN.items)),
            "**❔ NO VERDICT · 2 models: 1 not decided by the policy, 1 passed**",
        ),
        (Batch(items=(item(AUDIT), MISSING)), "**❔ NO VERDICT · 2 models: 1 not audited, 1 audited**"),
        (Batch(items=(item(AUDIT), item(named("acme/gull")))), "**2 models: 2 audited**"),
        (Batch(items=(*EVERY_CLEAN.items, *EVERY_CLEAN.items)), "**✅ PASS: all 2 models meet the policy**"),
        (EVERY_CLEAN, "**✅ acme/wren: PASS by the policy commercial product: its clause is met**"),
        (ALONE, f"**acme/tern-7b: {AUDIT.verdict.sentence}**"),
    ],
)
def test_verdict_is_the_first_line(batch: Batch, said: str) -> None:
    assert summary.render_batch(batch).splitlines()[:2] == [summary.MARK, said]


def test_a_comment_is_one_line_when_all_is_well() -> None:
    told = comment.render_batch(Batch(items=(*EVERY_CLEAN.items, item(policed("met", CLEAN)))))

    assert told == f"{summary.MARK}\n**✅ PASS: all 2 models meet the policy**\n"


def test_waived_is_counted_even_when_all_is_well() -> None:
    told = comment.render_batch(Batch(items=(item(policed("met")), *EVERY_CLEAN.items)))

    assert "PASS: all 2 models meet the policy; 1 waived" in told


def test_a_waiver_that_holds_no_longer_is_said_even_when_all_is_well() -> None:
    audit = policed("met", CLEAN)
    policy = audit.verdict.policy
    assert policy is not None
    void = VoidWaiverDoc(on="family", why="it ended on 2026-01-01", waiver=WAIVER)
    told = change(audit, verdict=change(audit.verdict, policy=change(policy, void_waivers=(void,))))

    assert comment.render_batch(Batch(items=(item(told),))).endswith("its clause is met; 1 waiver no longer holds**\n")
    assert "meet the policy; 1 waiver no longer holds**" in comment.render_batch(
        Batch(items=(item(told), *EVERY_CLEAN.items))
    )


def test_the_worst_model_leads_the_table() -> None:
    rows = [line for line in summary.render_batch(SEVERAL).splitlines() if line.startswith(("| [", "| `"))]

    assert [re.findall(r"acme/[a-z0-9-]+", row)[0] for row in rows[:3]] == ["acme/tern-7b", "acme/gull", "acme/missing"]
    assert rows[0].startswith("| [`acme/tern-7b@0123456789ab`](https://huggingface.co/acme/tern-7b/tree/")
    assert "models.txt:1; src/app.py:12" in rows[0]


@pytest.mark.parametrize(("module", "most"), [(summary, 1_024 * 1_024), (comment, 64_000)])
def test_sizes_are_kept_and_what_is_left_out_is_counted(module: object, most: int) -> None:
    told = batch_renderer("summary" if module is summary else "comment")(MANY)
    shown = told.count("<details>")
    left = re.search(r"\*The details of (\d+) more did not fit\.\*", told)

    assert len(told.encode()) < most
    assert shown + (int(left.group(1)) if left else 0) == len(MANY.items)
    assert told.count("<details>") == told.count("</details>")
    rows = told.count("\n| [`acme/m")
    more = re.search(r"\| and (\d+) more", told)
    assert rows + (int(more.group(1)) if more else 0) == len(MANY.items)


@pytest.mark.parametrize("module", [summary, comment])
def test_one_model_without_measure_is_cut_and_says_so(module: object) -> None:
    long = "wordy " * 40_000
    gate = policed("violated").verdict.policy
    assert gate is not None
    clauses = tuple(change(gate.clauses[0], id=f"c{n}", why=long) for n in range(9))
    audit = change(
        AUDIT,
        subject=change(AUDIT.subject, id=long),
        verdict=change(AUDIT.verdict, policy=change(gate, clauses=clauses), sentence=long),
        findings=tuple(change(f, title=long, message=long) for f in FINDINGS),
    )
    most = 1_024 * 1_024 if module is summary else 64_000
    kind = "summary" if module is summary else "comment"
    assert MISSING.problem is not None
    missing = change(MISSING, asked=long, problem=change(MISSING.problem, message=long, hint=long))

    for batch in (Batch(items=(item(audit),)), Batch(items=(missing,)), Batch(items=(item(audit), missing))):
        told = batch_renderer(kind)(batch)
        assert len(told.encode()) < most
        assert told.startswith(summary.MARK)
    assert "more lines did not fit" in batch_renderer("comment")(Batch(items=(item(audit),)))


def test_markdown_of_one_model_is_its_report_and_of_several_their_summary() -> None:
    assert renderer("markdown")(AUDIT) == markdown.render(AUDIT)
    assert batch_renderer("markdown")(SEVERAL) == summary.render_batch(SEVERAL)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["</details>", "<img src=x>", "@octocat", "[x](javascript:1)", "a|b\n|c", "```"]),
)
def test_words_of_strangers_are_no_markup(words: str, bad: str) -> None:
    said = f"{words}{bad}"
    audit = change(
        AUDIT,
        subject=change(AUDIT.subject, id=said),
        findings=tuple(change(f, title=said, message=said) for f in FINDINGS),
    )
    missing = msgspec.structs.replace(MISSING, asked=said, origins=(Origin(said, 1),))
    told = summary.render_batch(Batch(items=(item(audit), missing)))

    outside = re.sub(r"(`+)[^\n]*?(?<!`)\1(?!`)|<code>[^<\n]*</code>", "", told)
    ours = {"<!-- modelaudit -->", "<details>", "</details>", "<summary>", "</summary>", "<br>", "<sub>", "</sub>"}
    assert set(re.findall(r"<[a-z/!][^>]*>", outside)) <= ours
    assert outside.count("<details>") == outside.count("</details>") == 1
    assert "@octocat" not in outside
    assert re.search(r"(?<!\\)\]\(javascript", outside) is None
