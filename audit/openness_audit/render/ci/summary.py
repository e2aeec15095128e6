"""Tell models in Markdown for a job summary: the verdict first, one line when all is well, each model folded away."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.render.ci.summary_details import details, subject_link
from openness_audit.render.escape import clean, code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.markdown import policy as policy_markdown
from openness_audit.render.markdown.parts import cut, fitted, size
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view
from openness_audit.render.views import policy as policy_view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch, Item

MARK = "<!-- modelaudit -->"  # by it a comment is found again, and rewritten in place
MOST_BYTES = 1_000_000  # GitHub loses a summary above 1,024 KiB whole
_LONGEST_WHY = 160
_MOST_CLAUSES = 3
_MOST_HINTS = 5
_ORDER = (exits.VIOLATED, exits.NO_VERDICT, exits.FAILED, exits.AUDITED)


def render_batch(batch: Batch) -> str:
    """Tell the batch for a job summary."""
    return tell(batch, MOST_BYTES, fold_all=False)


def tell(batch: Batch, room: int, *, fold_all: bool) -> str:
    """Tell the batch in as many bytes as there is room for.

    Args:
        batch: the models; the worst go first.
        room: the most bytes.
        fold_all: when all is well, leave everything but the headline away.

    Returns:
        Markdown whose first line is the hidden mark. What does not fit is counted: first the details of the mildest,
        then their lines of the table.
    """
    offline = batch_view.offline_words(batch)
    head = [MARK, *([f"> {esc(offline)}", ""] if offline else []), f"**{_headline(batch)}**", ""]
    end = list(_end(batch))
    items = sorted(batch.items, key=lambda item: (_ORDER.index(batch_view.code_of(item)), -_faults(item)))
    if fold_all and _well(batch):
        return "\n".join(head[:-1]) + "\n"
    left = room - size(head) - size(end) - 400  # for the lines that count what is left out
    if len(items) == 1:
        body = fitted([[line] for line in details(items[0], alone=True)], left, "\n*{} more lines did not fit.*")
        return "\n".join([*head, *body, *end]) + "\n"
    table = fitted([[_row(item)] for item in items], left * 2 // 3, "| and {} more: in the CSV or JSON | | | | |")
    table = ["| Model | Result | Class | Score | Why |", "|---|---|---|---|---|", *table, ""]
    if _well(batch):
        table = ["<details><summary>The models</summary>", "", *table, "</details>", ""]
    table += _todo(items)
    audited = [item for item in items if item.audit]
    return "\n".join([*head, *table, *_folded(audited, left - size(table)), *end]) + "\n"


def _todo(items: Sequence[Item]) -> list[str]:
    """Say what to do about the models that were not audited: the table has told why."""
    hints = dict.fromkeys(item.problem.hint for item in items if item.problem and item.problem.hint)
    lines = [f"- Not audited: {cut(hint)}" for hint in list(hints)[:_MOST_HINTS]]
    return [*lines, ""] if lines else []


def _folded(items: Sequence[Item], room: int) -> list[str]:
    """Give the details of as many models as fit, and count the others."""
    kept: list[str] = []
    for number, item in enumerate(items):
        block = list(details(item, alone=False))
        room -= size(block)
        if room < 0:
            return [*kept, "", f"*The details of {len(items) - number} more did not fit.*", ""]
        kept += block
    return kept


def _well(batch: Batch) -> bool:
    """Say whether there is nothing to tell: every model meets a policy."""
    return all(item.audit and item.audit.verdict.policy for item in batch.items) and batch_view.exit_code(batch) == 0


def _faults(item: Item) -> int:
    return sum(f.severity == "error" and f.waiver is None for f in item.audit.findings) if item.audit else 0


def _headline(batch: Batch) -> str:
    """Say what came of all models in one sentence."""
    if len(batch.items) == 1:
        return _alone(batch.items[0])
    counts = Counter(_result(item)[1] for item in batch.items)
    if _well(batch):
        waived = sum(_waived(item) for item in batch.items)
        rest = (f"; {waived} waived" if waived else "") + _void(batch.items)
        return f"{policy_markdown.MARKS['open']} PASS: all {len(batch.items)} models meet the policy{rest}"
    code = batch_view.exit_code(batch)
    lead = {
        exits.VIOLATED: f"{policy_markdown.MARKS['closed']} BLOCK · ",
        exits.NO_VERDICT: f"{policy_markdown.MARKS['unknown']} NO VERDICT · ",
        exits.FAILED: f"{policy_markdown.MARKS['closed']} FAILED · ",
    }.get(code, "")
    said = ", ".join(f"{count} {_COUNTED[name]}" for name, count in _by_rank(counts))
    return f"{lead}{plural(len(batch.items), 'model')}: {said}"


_COUNTED = {
    "BLOCK": "blocked by the policy",
    "NO VERDICT": "not decided by the policy",
    "not audited": "not audited",
    "failed": "failed",
    "audited": "audited",
    "PASS": "passed",
}


def _by_rank(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    return ((name, counts[name]) for name in _COUNTED if counts[name])


def _alone(item: Item) -> str:
    name = cut(batch_view.name_of(item))
    if item.audit is None:
        said = cut(batch_view.problem_words(item))
        return f"{policy_markdown.MARKS['unknown']} NO VERDICT · {name} could not be audited: {said}"
    gate = policy_view.headline(item.audit)
    if gate is None:
        return f"{name}: {cut(item.audit.verdict.sentence)}"
    return f"{policy_markdown.MARKS[gate.mark]} {name}: {cut(gate.words)}{_void([item])}"


def _result(item: Item) -> tuple[str, str]:
    """Give the mark and the word of how a model came out."""
    if item.audit is None:
        failed = batch_view.code_of(item) == exits.FAILED
        return ("closed", "failed") if failed else ("unknown", "not audited")
    policy = item.audit.verdict.policy
    return (policy_view.MARK[policy.result], policy_view.RESULTS[policy.result]) if policy else ("", "audited")


def _row(item: Item) -> str:
    mark, word = _result(item)
    shown = f"{policy_markdown.MARKS[mark]} {word}" if mark else word
    named = f"<br>{esc('; '.join(map(batch_view.named_at, item.origins[:3])))}" if item.origins else ""
    if item.audit is None:
        why = esc(_cut(batch_view.problem_words(item)))
        return f"| {code_span(batch_view.name_of(item), table=True)}{named} | {shown} | | | {why} |"
    audit = item.audit
    score = view.interval(audit.score.low, audit.score.high)
    return f"| {subject_link(audit)}{named} | {shown} | {esc(audit.verdict.class_)} | {score} | {_why(audit)} |"


def _why(audit: Audit) -> str:
    """Name the clauses that block, those that are violated first; where none does, say what the model is."""
    policy = audit.verdict.policy
    clauses = policy.clauses if policy else ()
    violated = [c.id for c in clauses if c.met == "violated"]
    unknown = [c.id for c in clauses if c.met == "unknown" and not c.accepted]
    if not violated and not unknown:
        return esc(_cut(audit.verdict.sentence))
    parts = [_named(violated), f"not known: {_named(unknown)}" if unknown else ""]
    return "; ".join(filter(None, parts))


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(code_span(name, table=True) for name in names[:_MOST_CLAUSES])
    return f"{shown} +{len(names) - _MOST_CLAUSES}" if len(names) > _MOST_CLAUSES else shown


def _cut(words: str) -> str:
    said = clean(words)
    return said if len(said) <= _LONGEST_WHY else f"{said[: _LONGEST_WHY - 4]} ..."


def _void(items: Sequence[Item]) -> str:
    """Say that waivers hold no longer: that is told even where all is well without them."""
    policies = [item.audit.verdict.policy for item in items if item.audit]
    count = sum(len(policy.void_waivers) for policy in policies if policy)
    return f"; {plural(count, 'waiver')} no longer {'holds' if count == 1 else 'hold'}" if count else ""


def _waived(item: Item) -> int:
    if item.audit is None:
        return 0
    policy = item.audit.verdict.policy
    clauses = sum(c.met == "waived" for c in policy.clauses) if policy else 0
    return clauses + sum(f.waiver is not None for f in item.audit.findings)


def _end(batch: Batch) -> Iterator[str]:
    audit = next((item.audit for item in batch.items if item.audit), None)
    yield ""
    if audit is None:
        yield f"{view.NOTICE}"
        return
    tool = f"modelaudit {esc(audit.tool.version)}, rules {esc(audit.tool.ruleset.version)}, as of {esc(audit.as_of)}"
    yield f"<sub>{tool}; exit {batch_view.exit_code(batch)}. {view.NOTICE}</sub>"
