"""Tell in GitHub Markdown what changed: one line when clean, else a table and what changed of each model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.changes import said, words
from openness_audit.render.escape import markdown, safe_url
from openness_audit.render.markdown.audit import MOST_BYTES
from openness_audit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openness_audit.model.changes import Change, ChangesDoc, ModelChangesDoc

_MARK = {"worse": "❌", "void": "❌", "unknown": "❔", "not-audited": "❔", "changed": "ℹ️", "same": "✅"}
_WAY = {"worse": "❌ worse", "unknown": "❔ unknown", "better": "✅ better", "neutral": "ℹ️ neutral"}
_MOST_NAMES = 40
_RESERVE = 400  # bytes for the line that says what was left out


def render(document: ChangesDoc) -> str:
    """Give the document as Markdown of at most `MOST_BYTES` bytes; what does not fit is counted."""
    order = list(said.RESULTS)
    models = sorted(document.models, key=lambda m: (order.index(m.result), m.asked.lower()))
    worst = _MARK[models[0].result] if models else _MARK["same"]
    shared = said.shared_cautions(document)
    lines = [*said.policies(document), *(f"Mind: {caution}" for caution in shared)]
    lines = lines if worst != _MARK["same"] or shared else []
    head = f"{worst} **{markdown(said.headline(document))}**\n" + "".join(f"\n{markdown(line)}\n" for line in lines)
    foot = "".join(_groups(document))
    used, left, parts = len((head + foot).encode()), 0, []
    for model in models:
        if document.command == "check" and (model.result in ("same", *said.LEFT) or said.is_quiet(model)):
            continue
        text = _model(model, shared, check=document.command == "check")
        if used + len(text.encode()) > MOST_BYTES - _RESERVE:
            left += 1
            continue
        used += len(text.encode())
        parts.append(text)
    if left:
        parts.append(f"\n{left} more models do not fit here; `-f json` has them all.\n")
    return "".join((head, *parts, foot))


def _groups(document: ChangesDoc) -> Iterator[str]:
    """Tell by name those that were not audited, and those of which only a commit or the card changed."""
    if document.command != "check":
        return
    for (result, why, hint), models in said.without_changes(document).items():
        names = f"{said.RESULTS[result]}: {_names(models)}"
        yield f"\n{_MARK[result]} {names}\n\n{markdown(why)}. Next: {markdown(hint)}\n"
    quiet = [model for model in document.models if said.is_quiet(model)]
    if quiet:
        yield f"\n{_MARK['changed']} another commit or card, else as approved: {_names(quiet)}\n"


def _names(models: Iterable[ModelChangesDoc]) -> str:
    return listed(map(markdown, said.names(models)), _MOST_NAMES)


def _model(model: ModelChangesDoc, shared: Sequence[str], *, check: bool) -> str:
    rows = []
    if check:
        rows.append(f"\n### {_MARK[model.result]} {markdown(model.asked)}: {said.RESULTS[model.result]}\n")
        about = "; ".join(filter(None, (said.approved(model), said.commits(model))))
        rows.append(f"\n{markdown(about)}\n" if about else "")
    elif model.old and model.new:
        rows.append(f"\n- old: {markdown(said.state(model.old))}\n- new: {markdown(said.state(model.new))}\n")
    told = [change for change in model.changes if change.kind != "commit-moved"]
    if told:
        rows.append("\n| | what changed | read at |\n|---|---|---|\n")
        rows += [_row(change) for change in told]
    rows += [f"\nMind: {markdown(caution)}\n" for caution in model.cautions if caution not in shared]
    if policy := said.policy_line(model):
        rows.append(f"\n{markdown(policy)}\n")
    return "".join(rows)


def _row(change: Change) -> str:
    place, url = words.place(change), safe_url(change.evidence[0].url) if change.evidence else None
    where = f"[{markdown(place)}]({url})" if place and url else markdown(place)
    return f"| {_WAY[change.direction]} | {markdown(words.with_why(change))} | {where} |\n"
