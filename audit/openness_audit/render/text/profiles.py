"""Tell the outside frameworks on a terminal: in one line where there is room, all of it with -v."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.layout import Page
from openness_audit.render.views import profiles as view
from openness_audit.render.views.terms import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit

MOST_WORDS = 200  # characters of a reason: --explain tells each component whole
_LEAD = 21
_SHORT = "frameworks: "


def fits(audit: Audit, page: Page) -> int:
    """Give the lines, one or none, that class and verdict take on an empty page as wide as `page`."""
    trial = Page(page.width)
    said = view.one_line(audit)
    trial.text(said, lead=_SHORT)
    return 1 if said and len(trial) == 1 else 0


def short(page: Page, audit: Audit, room: int) -> bool:
    """Tell the class and the verdict where they fit into one line and `room` lines are left; say whether they did."""
    told = room > 0 and fits(audit, page) == 1
    if told:
        page.text(view.one_line(audit), lead=_SHORT)
    return told


def details(page: Page, audit: Audit) -> None:
    """Tell where the frameworks disagree, then each of them whole."""
    if not view.told(audit):
        return
    p, titles = audit.profiles, view.titles()
    page.add()
    for said in view.disagreements(audit):
        page.text(said, lead="frameworks disagree: ")
    if p.mof:
        name = view.mof_name(p.mof)
        page.text(f"{titles['mof']}: {view.mof_words(p.mof)}{f', {name}' if name else ''}", style="strong")
        page.text(view.mof_why(p.mof), lead="  ")
        page.text(", ".join(f"{s.name} {s.words}" for s in view.mof_steps(p.mof)), lead="  progress: ")
        page.text(f"{view.mof_tool_words(p.mof)} (by the release's licence alone)", lead="  by its own tool: ")
        _rows(page, view.mof_gaps(p.mof))
        for alike in view.mof_included(p.mof):
            page.text(f"{', '.join(alike.names)}: {alike.why}", lead=f"  {'included':<{_LEAD}}", lead_style="open")
    if p.osaid:
        page.text(f"{titles['osaid']}: {view.OSAID[p.osaid.verdict]}", style="strong")
        page.text(view.said(p.osaid.why), lead="  ")
        page.text(view.MET[p.osaid.components_met], lead="  components: ")
        _rows(page, view.osaid_rows(p.osaid, "components"))
        page.text(view.MET[p.osaid.terms_met], lead="  terms: ")
        _rows(page, view.osaid_rows(p.osaid, "terms"))
    if p.osai:
        page.text(f"{titles['osai']}: {view.osai_words(p.osai)}", style="strong")
        _rows(page, view.osai_rows(p.osai))
    if p.eu_gpai:
        page.text(f"{titles['eu_gpai']}: {clean(p.eu_gpai.note)}", style="strong")
        page.text(view.eu_words(p.eu_gpai), lead="  ")
        _rows(page, view.eu_rows(p.eu_gpai.exemption))
        _rows(page, view.eu_rows(p.eu_gpai.duties))


def _rows(page: Page, rows: Iterable[view.Row]) -> None:
    for row in rows:
        what = f"{row.what}, which decides" if row.decides else row.what
        page.text(
            f"{what}: {cut(row.why, MOST_WORDS)}" if row.why else what,
            lead=f"  {row.word:<{_LEAD}}",
            lead_style=row.state,
        )
