"""Tell the licence's terms in GitHub Markdown: conflicts first, then the chain, the uses and the obligations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import audit as view
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import terms as terms_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ConflictDoc

MARKS = {"allowed": "●", "conditions": "◐", "not-allowed": "⊘", "not-determined": "?"}
MOST_CONFLICTS, MOST_MODELS, MOST_CLAUSES, MOST_REASONS, MOST_DUTIES = 6, 12, 6, 2, 8
MOST_WORDS = 160  # characters of a reason or of what is asked


def lines(audit: Audit, places: Callable[[tuple[str, ...]], str]) -> Iterator[str]:
    """Tell the licence, in so many lines that it takes a small part of a comment.

    Args:
        audit: the document.
        places: gives linked places for the ids of citations.

    Yields:
        Lines of Markdown; strangers' words in them are escaped.
    """
    yield f"**Licence:** {_cut(view.license_words(audit), 600)}"
    for number, (_, conflict) in enumerate(terms_view.ranked_conflicts(audit)):
        if number == MOST_CONFLICTS:
            yield f"- and {len(audit.licenses.conflicts) - number} more conflicts"
            break
        yield from _conflict(conflict, places)
    for note in audit.licenses.notes[:MOST_CONFLICTS]:
        yield f"- to be weighed: {_cut(terms_view.named(note.why), 300)}"
    if len(audit.licenses.notes) > MOST_CONFLICTS:
        yield f"- and {len(audit.licenses.notes) - MOST_CONFLICTS} more to be weighed"
    yield ""
    yield from _chain(audit)
    yield from _uses(audit)
    yield from _obligations(audit)


def _cut(text: str, most: int = MOST_WORDS) -> str:
    return esc(terms_view.cut(clean(text), most))


def _conflict(conflict: ConflictDoc, places: Callable[[tuple[str, ...]], str]) -> Iterator[str]:
    at = places(conflict.evidence)
    said = f"{conflict.kind}, confidence {conflict.confidence}" + (f", {at}" if at else "")
    between = _cut(terms_view.between_words(conflict))
    yield f"- **{conflict.severity}** conflict: {between}: {_cut(terms_view.named(conflict.why), 300)} ({said})"
    if conflict.path:
        yield f"  - by way of {_cut(terms_view.path_words(conflict.path), 400)}"
    license_, clauses = terms_view.left_out(conflict)
    if clauses:
        yield f"  - the tag leaves out of the {_cut(license_)}:" if license_ else "  - the tag leaves out:"
    for clause in clauses[:MOST_CLAUSES]:
        yield f"    - {_cut(clause)}"
    if len(clauses) > MOST_CLAUSES:
        yield f"    - and {len(clauses) - MOST_CLAUSES} more"


def _chain(audit: Audit) -> Iterator[str]:
    """Tell the chain as a nested list, where there is more than the model itself."""
    steps = terms_view.steps(audit)
    if len(steps) < 2:
        return
    yield "**Chain of terms:**"
    yield ""
    for step in steps[:MOST_MODELS]:
        made = terms_view.made_words(step.link)
        bound = "" if step.link.binds else " (does not bind)"
        name = f"{made} {esc(step.link.id)}" if made else esc(step.link.id)
        yield f"{'  ' * min(step.depth, 6)}- {name}: {_cut(terms_view.license_words(step.link))}{bound}"
    if len(steps) > MOST_MODELS:
        yield f"- and {len(steps) - MOST_MODELS} more models"
    yield ""


def _uses(audit: Audit) -> Iterator[str]:
    if not audit.licenses.uses:
        return
    yield "| Use | Verdict | Why |"
    yield "|---|---|---|"
    for uses in terms_view.alike(audit):
        use = uses[0][1]
        why = terms_view.reasons(use, audit)
        said = [f"{_cut(r.words)} ({_cut(r.clause)})" if r.clause else _cut(r.words) for r in why[:MOST_REASONS]]
        said += [f"and {len(why) - MOST_REASONS} more"] if len(why) > MOST_REASONS else []
        verdict = f"{MARKS[use.verdict]} {terms_view.VERDICTS[use.verdict]}"
        titles = "; ".join(terms_view.use_title(one.use) for _, one in uses)
        yield f"| {esc(titles)} | {verdict} | {'; '.join(said)} |"
    yield ""


def _obligations(audit: Audit) -> Iterator[str]:
    """Tell the weightiest obligations, and count the others."""
    if not audit.licenses.obligations:
        return
    yield "**What adopting it asks first:**"
    yield ""
    top = duties_view.weightiest(audit, MOST_DUTIES)
    for row in top:
        cited = "; ".join(filter(None, (clean(row.clause), duties_view.trigger_words(row))))
        yield f"- {_cut(row.what, 300)} ({_cut(cited, 200)})"
    left = duties_view.duties_left(audit, MOST_DUTIES)
    if left:
        yield f"- {left}"
    yield ""
