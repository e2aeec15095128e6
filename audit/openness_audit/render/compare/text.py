"""Tell a comparison on a terminal: what differs first, then one table; many models go into several tables."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from openness_audit.render.compare import words
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad, shorten, showable, wrap
from openness_audit.render.text import terms as terms_text
from openness_audit.render.views import audit as view
from openness_audit.render.views import terms as terms_view
from openness_audit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.compare import CellDoc, Comparison, RowDoc

WIDTH = 80
NARROWEST = 13  # columns of a model, with the gap before it
GAP = 2
MOST_ROWS = 60  # of a group without -v: more than the vocabulary of terms has
MOST_LINES = 5  # of a cell without -v
DIFFERS, AHEAD = "*", "+"
SKIPPED = frozenset({"verdict"})  # told above the table
_STYLES = terms_text.STYLE | {
    "open": "open", "partial": "partial", "closed": "closed", "unknown": "unknown", "not-applicable": "quiet",
    "conforms": "open", "fails-terms": "closed", "fails-components": "closed", "fails-both": "closed",
    "not-known": "unknown", "not-asked": "quiet", "no-licence": "closed",
}  # fmt: skip


def render(
    comparison: Comparison, *, width: int = WIDTH, color: bool = False, verbose: bool = False, encoding: str = "utf-8"
) -> str:
    """Tell the comparison in at most `width` columns.

    Args:
        comparison: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: every row, and below the table what each model demands, lacks and leaves open.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width, encoding)
    _top(page, comparison)
    _Table(page, comparison, encoding).add(verbose=verbose)
    if verbose:
        _details(page, comparison)
    page.add()
    page.text(words.HOW, style="quiet")
    page.text(words.SEARCHED, style="quiet")
    page.fields(view.NOTICE, f"{clean(comparison.tool.name)} {clean(comparison.tool.version)}", style="quiet")
    return page.render(color=color)


def _top(page: Page, comparison: Comparison) -> None:
    """Say where they differ, what is missing, each verdict, and who is ahead in what."""
    page.text(words.headline(comparison), style="strong")
    for missing in comparison.missing:
        page.text(words.missing(missing), lead="not compared: ", style="warning")
    for caution in comparison.cautions:
        page.text(clean(caution), lead="mind: ", style="warning")
    page.add()
    names = words.names(comparison)
    for at, model in enumerate(comparison.models):
        sha = clean(model.sha or "")[:12]
        commit = f"at {sha}" if sha and sha not in names[at] else ""
        page.fields(names[at], commit, words.standing(model), style="quiet")
        page.text(words.sentence(comparison, at), lead="  ")
    page.add()
    short = words.short_names(comparison)
    for columns, rows in words.ahead(comparison):
        page.text("; ".join(rows), lead=f"{listed((short[at] for at in columns), len(columns))} ahead: ")
    if not words.ahead(comparison):
        page.text("no model is ahead of all others for certain")
    for at, much in words.doubtful(comparison):
        page.text(f"{short[at]}: {much}", lead="not determined: ", style="unknown")


class _Table:
    """The rows below the names of as many models as fit beside each other."""

    def __init__(self, page: Page, comparison: Comparison, encoding: str) -> None:
        self._page, self._comparison, self._encoding = page, comparison, encoding
        count = len(comparison.models)
        self._label = min(27, max(16, page.width // 4))
        fit = max(1, min(count, (page.width - self._label) // NARROWEST))
        tables = -(-count // fit)
        self._each = -(-count // tables)  # as many in the last table as in the first, or one less
        self._cell = (page.width - self._label) // self._each - GAP

    def add(self, *, verbose: bool) -> None:
        """Add all tables."""
        count = len(self._comparison.models)
        for start in range(0, count, self._each):
            self._one(range(start, min(start + self._each, count)), verbose=verbose)

    def _one(self, columns: range, *, verbose: bool) -> None:
        names = words.names(self._comparison)
        self._page.add()
        key = f"{DIFFERS} differs, {AHEAD} ahead"
        self._line(key, [(wrap(self._shown(names[at]), self._cell), "strong") for at in columns], style="quiet")
        for group, title in words.GROUPS.items():
            rows = [r for r in self._comparison.rows if r.group == group and r.id not in SKIPPED]
            folded = words.alike(rows) if group == "obligations" and not verbose else []
            if rows:
                self._page.add()
                self._page.add((title.lower(), "strong"))
            shown = [row for row in rows if row.differs] if folded else rows
            for row in shown if verbose else shown[:MOST_ROWS]:
                self._row(row, columns, verbose=verbose)
            if len(shown) > MOST_ROWS and not verbose:
                self._page.text(f"{len(shown) - MOST_ROWS} more rows (-v)", lead="  ", style="quiet")
            for state, alike in _by_state(folded).items():
                told = ", ".join(words.title(row).lower() for row in alike)
                self._page.text(self._shown(told), lead=f"  all {state}: ")

    def _row(self, row: RowDoc, columns: range, *, verbose: bool) -> None:
        told = []
        for at in columns:
            cell = row.cells[at]
            said = wrap(self._shown(words.said(row, cell) + (f" {AHEAD}" if cell.best else "")), self._cell)
            lines = said if verbose else shorten(said, MOST_LINES, self._cell)
            told.append((lines, _style(row, cell)))
        self._line(f"{DIFFERS if row.differs else ' '} {words.title(row)}", told)

    def _line(self, label: str, cells: Sequence[tuple[list[str], str]], *, style: str = "") -> None:
        labels = wrap(self._shown(label.lstrip()), self._label - GAP)
        if label.startswith("  "):
            labels = [f"  {line}" for line in wrap(self._shown(label), self._label - GAP)]
        elif label.startswith(DIFFERS) and not style:
            first = wrap(self._shown(label[1:]), self._label - GAP)
            labels = [f"{DIFFERS if at == 0 else ' '} {line}" for at, line in enumerate(first)]
        for head, *rest in zip_longest(labels, *(lines for lines, _ in cells), fillvalue=""):
            spans = [(pad(head, self._label), style)]
            for (_, tone), line in zip(cells, rest, strict=True):
                spans += [(" " * GAP, ""), (line, tone), (" " * max(0, self._cell - cell_len(line)), "")]
            self._page.add(*spans)

    def _shown(self, text: str) -> str:
        return showable(text, self._encoding)


def _style(row: RowDoc, cell: CellDoc) -> str:
    return _STYLES.get(cell.state or "", "") if row.group in ("criteria", "uses", "profiles", "obligations") else ""


def _by_state(rows: Sequence[RowDoc]) -> dict[str, list[RowDoc]]:
    """Gather rows in which all models are the same by what they are."""
    found: dict[str, list[RowDoc]] = {}
    for row in rows:
        found.setdefault(words.said(row, row.cells[0]), []).append(row)
    return found


def _details(page: Page, comparison: Comparison) -> None:
    """Tell the reasons of each model, then each demand once with the models that make it."""
    for at, name in enumerate(words.names(comparison)):
        page.add()
        page.text(name, style="strong")
        for row in comparison.rows:
            _reasons(page, row, row.cells[at])
    rows = [row for row in comparison.rows if row.group == "obligations" and any(cell.items for cell in row.cells)]
    if rows:
        page.add()
        page.text("who asks for what", style="strong")
    for row in rows:
        page.text(words.title(row).lower(), lead="  ")
        for item, models in words.demands(row, comparison):
            page.text(f"{terms_view.named(item.text)} ({clean(item.about)}): {', '.join(models)}", lead="    - ")


def _reasons(page: Page, row: RowDoc, cell: CellDoc) -> None:
    """Tell why a cell is what it is, and what it counts."""
    if row.group in ("criteria", "licence", "profiles") and cell.why:
        page.text(f"{words.title(row)}: {terms_view.named(cell.why)}", lead="  ")
    elif (
        row.group in ("gaps", "licence") or row.id == "disagreements" or cell.state in ("not-allowed", "not-determined")
    ):
        if cell.items:
            page.text(f"{words.title(row)}: {words.said(row, cell)}", lead="  ")
        for item in cell.items:
            page.text(words.item_words(row, item), lead="    - ")
