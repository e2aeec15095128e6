"""Tell the licence's terms on a terminal: in two lines, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.layout import Page
from openness_audit.render.views import audit as view
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import terms as terms_view
from openness_audit.wording import listed

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ConflictDoc

MOST_REASONS = 3  # of a use with -v; --explain tells all
MOST_WORDS = 120  # characters of a reason of a use: its clause is told whole among the obligations
STYLE = {"allowed": "open", "conditions": "partial", "not-allowed": "closed", "not-determined": "unknown"}
_LEAD = 25


def short(page: Page, audit: Audit, *, duties: int) -> None:
    """Tell the verdict on every use, whole, and as many of the weightiest obligations as `duties` lines hold."""
    said = terms_view.uses_words(audit)
    if said:
        page.text(said, lead="uses: ")
    if not audit.licenses.obligations:
        return
    for most in range(duties_view.WEIGHTIEST, -1, -1):  # the count of what is left is never cut away
        said = duties_view.obligations_words(audit, most)
        trial = Page(page.width)
        trial.text(said, lead="obligations: ")
        if len(trial) <= duties:
            break
    page.text(said, lead="obligations: ", most=duties)


def way(page: Page, conflict: ConflictDoc, lead: str = "  ", *, most: int = 0) -> None:
    """Tell by which models a conflict comes about, and the clauses that the tag leaves out."""
    if conflict.path:
        page.text(terms_view.path_words(conflict.path), lead=f"{lead}by way of ", most=most)
    license_, clauses = terms_view.left_out(conflict)
    if clauses and not most:
        page.text(f"the tag leaves out of the {license_}:" if license_ else "the tag leaves out:", lead=lead)
    for clause in clauses if not most else ():
        page.text(terms_view.cut(clause, MOST_WORDS), lead=f"{lead}- ")


def details(page: Page, audit: Audit, *, most: int = MOST_REASONS) -> None:
    """Tell what is to be weighed, the chain, the uses with at most `most` reasons each (0: all) and the obligations."""
    if audit.licenses.notes:
        page.add()
    for note in audit.licenses.notes:
        page.text(terms_view.named(note.why), lead="to be weighed: ")
        way(page, note)
    if audit.licenses.chain:
        page.add()
        _chain(page, audit)
    if audit.licenses.uses:
        page.add()
        _uses(page, audit, most=most)
    if audit.licenses.obligations:
        page.add()
        _obligations(page, audit)


def explain(audit: Audit, width: int = 80, *, color: bool = False, encoding: str = "utf-8") -> str:
    """Tell everything about the licence.

    Args:
        audit: the document.
        width: columns of the terminal.
        color: use colour.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The text, ending in a line feed.
    """
    page = Page(width, encoding)
    offline = view.offline_words(audit)
    if offline:
        page.text(offline, style="warning")
    page.text("".join(terms_view.stand(audit)), style="strong")
    page.text(terms_view.named(audit.licenses.effective.why), lead="  ")
    own = audit.licenses.own
    page.text(f"{_named(own.expression, own.family)}: {terms_view.named(own.why)}", lead="this repository alone: ")
    statements(page, audit, "  ")
    page.add()
    _conflicts(page, audit)
    details(page, audit, most=0)
    page.add()
    page.fields(view.subject_name(audit), clean(audit.as_of), view.NOTICE, style="quiet")
    return page.render(color=color)


def statements(page: Page, audit: Audit, lead: str) -> None:
    """Tell each licence text and statement."""
    declared = ", ".join(map(clean, audit.licenses.declared.raw))
    if declared:
        page.text(f"metadata: {declared}", lead=lead)
    for text in audit.licenses.texts:
        near = f", similarity {text.similarity:.2f}" if text.similarity is not None else ""
        why = f"; {clean(text.reason)}" if text.reason else ""
        how = f"{text.match}{near}{why}" if text.match != "none" else clean(text.reason) or text.match
        page.text(f"{clean(text.path)}: {clean(text.expression or 'not identified')} ({how})", lead=lead)
    told: dict[str, None] = {}
    for said in audit.licenses.prose:
        line = f"README.md:{said.line}" if said.line else "card"
        about = "without saying what it covers" if said.scope == "unknown" else f"on the {clean(said.scope)}"
        told[f"{line}: {clean(said.expression or view.family_words(said.family))}, {about}"] = None
    for line in told:
        page.text(line, lead=lead)


def reasoning(page: Page, audit: Audit) -> None:
    """Tell the statements on the licence and what they come to, below the licence's line of a report with -v."""
    lead = " " * (2 if page.narrow else _LEAD)
    statements(page, audit, lead)
    own, effective = audit.licenses.own, audit.licenses.effective
    if own.expression != effective.expression or own.family != effective.family:
        page.text(f"on its own: {clean(own.why)}", lead=lead)
    if audit.lineage.parents or view.made_of_unnamed(audit):
        page.text(f"with its base models: {clean(effective.why)}", lead=lead)


def _named(expression: str, family: str) -> str:
    return f"{terms_view.license_name(expression)} ({view.family_words(family)})"


def _conflicts(page: Page, audit: Audit) -> None:
    """Tell each conflict as a block, worst first."""
    if not audit.licenses.conflicts:
        page.text("none was found between what was read", lead="conflicts: ")
        return
    known = view.evidence_by_id(audit)
    for _, conflict in terms_view.ranked_conflicts(audit):
        lead = f"{conflict.severity}[{conflict.kind}]: "
        page.text(terms_view.between_words(conflict), lead=lead, lead_style=conflict.severity)
        page.text(terms_view.named(conflict.why), lead="  ")
        way(page, conflict)
        for evidence in [known[e] for e in conflict.evidence if e in known][:3]:
            page.text(view.place(evidence, audit), lead="  --> ", style="quiet")
            if evidence.excerpt:
                page.text(clean(evidence.excerpt), lead="   |  ", most=2)
        page.text(f"confidence {conflict.confidence}", lead="   = note: ")


def _chain(page: Page, audit: Audit) -> None:
    """Tell the chain as a tree, each step set in; too deep ones are not set in further."""
    page.text("whose terms bind whoever adopts the model, this one first", lead="chain of terms: ")
    deepest = max(1, (page.width - 40) // 4)
    for step in terms_view.steps(audit):
        link, lead = step.link, "  " * (1 + min(step.depth, deepest))
        made = terms_view.made_words(link)
        said = [f"{made} {clean(link.id)}: " if made else f"{clean(link.id)}: ", terms_view.license_words(link)]
        if link.how not in ("unknown", "none"):
            said.append(f"; {terms_view.HOW[link.how]}")
        said += [f" ({view.code_words(u.code)})" for u in link.unknown]
        said.append("" if link.binds else "; does not bind (its publisher's own to give)")
        page.text("".join(said), lead=lead)
    if audit.licenses.chain_complete is False:
        page.text("the chain could not be read whole:", lead="  ", style="warning")
    for names, why in terms_view.unread(audit):
        page.text(f"{listed(names, 6)}: {why}", lead="  not read: ")


def _uses(page: Page, audit: Audit, *, most: int) -> None:
    """Tell each use with its verdict and reasons, at most `most` of them (0: all)."""
    for uses in terms_view.alike(audit):
        first = uses[0][1]
        verdict = terms_view.VERDICTS[first.verdict]
        titles = "; ".join(terms_view.use_title(use.use) for _, use in uses)
        if len(titles) > page.width // 2:
            page.text(f"{titles}: {verdict}", style=STYLE[first.verdict])
        else:
            page.text(verdict, lead=f"{titles}: ", style=STYLE[first.verdict])
        why = terms_view.reasons(first, audit)
        for reason in why[: most or None]:
            page.text(_reason(reason), lead="  - ")
        if most and len(why) > most:
            page.text(f"+ {len(why) - most} more (--explain licenses)", lead="  ", style="quiet")


def _reason(reason: terms_view.Reason) -> str:
    cited = "; ".join(filter(None, (reason.clause, listed(reason.models, 2))))
    said = terms_view.cut(reason.words, MOST_WORDS)
    return f"{said} ({cited})" if cited else said


def _obligations(page: Page, audit: Audit) -> None:
    """Tell every obligation with its clause, and when it holds."""
    for head, rows in duties_view.grouped(audit):
        page.text(f"{head[:1].lower()}{head[1:]}", lead="obligations: ")
        for row in rows:
            said = (clean(row.clause), duties_view.trigger_words(row), duties_view.asked_by(row, audit))
            page.text(f"{clean(row.what)} ({'; '.join(filter(None, said))})", lead="  - ")
