"""Tell in GitHub Markdown what changed: one line when clean, else a table and what changed of each model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import changes_words as words
from openness_audit.render.escape import code_span, markdown, safe_url
from openness_audit.render.markdown import MOST_BYTES

if TYPE_CHECKING:
    from openness_audit.model.changes import Change, ChangesDoc, ModelChangesDoc

_MARK = {"worse": "❌", "void": "❌", "unknown": "❔", "not-audited": "❔", "changed": "ℹ️", "same": "✅"}
_WAY = {"worse": "❌ worse", "unknown": "❔ unknown", "better": "✅ better", "neutral": "ℹ️ neutral"}
_RESERVE = 400  # bytes for the line that says what was left out


def render(document: ChangesDoc) -> str:
    """Give the document as Markdown of at most `MOST_BYTES` bytes; what does not fit is counted."""
    order = list(words.RESULTS)
    models = sorted(document.models, key=lambda m: (order.index(m.result), m.asked.lower()))
    worst = _MARK[models[0].result] if models else _MARK["same"]
    parts = [f"{worst} **{markdown(words.headline(document))}**\n"]
    told = [m for m in models if m.result != "same"]
    used, left = len(parts[0].encode()), 0
    for model in told:
        text = _model(model, check=document.command == "check")
        if used + len(text.encode()) > MOST_BYTES - _RESERVE:
            left += 1
            continue
        used += len(text.encode())
        parts.append(text)
    if left:
        parts.append(f"\n{left} more models do not fit here; `-f json` has them all.\n")
    return "".join(parts)


def _model(model: ModelChangesDoc, *, check: bool) -> str:
    rows = []
    if check:
        rows.append(f"\n### {_MARK[model.result]} {markdown(model.asked)}: {words.RESULTS[model.result]}\n")
        about = "; ".join(filter(None, (words.approved(model), words.commits(model))))
        rows.append(f"\n{markdown(about)}\n" if about else "")
    elif model.old and model.new:
        rows.append(f"\n- old: {markdown(words.state(model.old))}\n- new: {markdown(words.state(model.new))}\n")
    if model.why:
        rows.append(f"\n{markdown(model.why)}\n")
    listed = [change for change in model.changes if change.kind != "commit-moved"]
    if listed:
        rows.append("\n| | what changed | read at |\n|---|---|---|\n")
        rows += [_row(change) for change in listed]
    rows += [f"\nMind: {markdown(caution)}\n" for caution in model.cautions]
    if policy := words.policy_line(model):
        rows.append(f"\n{markdown(policy)}\n")
    if model.hint:
        rows.append(f"\nNext: {code_span(model.hint)}\n")
    return "".join(rows)


def _row(change: Change) -> str:
    why = f" ({change.why})" if change.why else ""
    place, url = words.place(change), safe_url(change.evidence[0].url) if change.evidence else None
    where = f"[{markdown(place)}]({url})" if place and url else markdown(place)
    return f"| {_WAY[change.direction]} | {markdown(words.line(change) + why)} | {where} |\n"
