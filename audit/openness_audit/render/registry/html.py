"""Tell the report of a scan as one HTML page that needs no server; many rows stand in files beside it."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec.structs import replace

from openness_audit.model.registry_report import LevelsDoc
from openness_audit.render.html import parcel
from openness_audit.render.html.audit import STATUS_WORDS
from openness_audit.render.registry import words
from openness_audit.render.registry.rows import Rows
from openness_audit.render.views import audit as view
from openness_audit.render.views import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import Template

    from openness_audit.model.registry_changes import ScanChanges
    from openness_audit.model.registry_report import Report, SharedDoc
    from openness_audit.registry.table import TableRow

ALONE = 10_000  # rows up to which the page holds them all itself
STATIC = 50  # rows for browsers without scripts
MOST_ANCESTORS = 60
MOST_GRAVE = 40
MOST_FLOWS = 12
LEADING = 5
_SPLIT = "\x00rows\x00"
_LEVELS = ("open", "partial", "closed", "unknown", "not_applicable")
_TERMS = {"open": "open", "restricted": "partial", "unlicensed": "closed", "undetermined": "unknown"}
_OSAID = {"yes": "meet it", "no": "do not", "undetermined": "not determined"}


@functools.cache
def _template() -> Template:
    environment = parcel.environment()
    environment.filters.update(clip=lambda text, most: page.clip(parcel.clean_value(text), most))
    return environment.get_template("registry.html.j2")


class Page:
    """One page: `files` first, which reads the rows, then `text`."""

    def __init__(self, report: Report, *, base: str, whole: bool = False) -> None:
        """Begin.

        Args:
            report: the document.
            base: the way from the page to the folder of the scan.
            whole: hold all rows in the page, however many they are.
        """
        self._report = report
        self._base = base
        self._whole = whole or report.models <= ALONE
        self._rows = Rows(report)
        self._parts: list[str] = []
        self._static: list[TableRow] = []
        self._beside = ""

    def files(self, name: str, rows: Iterable[TableRow]) -> Iterator[tuple[str, str]]:
        """Read the rows, and give the files that stand beside the page, by name below its folder.

        Args:
            name: the page's own name without its ending.
            rows: all models.
        """
        first, rows = _fork(rows)
        self._static = first
        if self._whole:
            self._parts = list(self._rows.write(rows))
            return
        self._beside = f"{name}.rows"
        for number, part in enumerate(self._rows.write(rows)):
            yield f"{self._beside}/{number:05d}.js", f"modelauditRows({number},{part})\n"

    def text(self) -> Iterator[str]:
        """Give the page, piece by piece."""
        base = "/".join(quote(step) for step in self._base.replace("\\", "/").split("/"))
        hub = self._report.scan.source.kind != "bundles"
        about = self._rows.about(beside=quote(self._beside), base=f"{base}/", hub=hub)
        head, _, foot = self._told(about).partition(_SPLIT)
        yield head
        for number, part in enumerate(self._parts):
            yield f'<script type="application/json" id="rows-{number}">{part}</script>\n'
        yield foot

    def _told(self, about: str) -> str:
        from markupsafe import Markup  # noqa: PLC0415 - only here

        report = self._report
        title = parcel.css_text(page.clip(words.source(report.scan.source), 90))
        pages = 'content: "Registry report, page " counter(page) " of " counter(pages);'
        running = f"@page {{ @bottom-left {{ content: {title}; }} @bottom-right {{ {pages} }} }}"
        style = f"\n{parcel.file('audit.css')}{parcel.file('registry.css')}{running}\n"
        script = f"\n{parcel.file('registry.js')}"
        return _template().render(
            **_words(report),
            doc=report,
            run=report.scan,
            changes=_flows(report),
            MOST_FLOWS=MOST_FLOWS,
            words=words,
            static=self._static,
            beside=self._beside,
            style=Markup(style),  # noqa: S704 - our own files, and an escaped string
            script=Markup(script),  # noqa: S704 - our own file
            about=Markup(about),  # noqa: S704 - JSON without anything that HTML knows
            SPLIT=Markup(_SPLIT),  # noqa: S704 - our own mark
            style_digest=parcel.digest(style),
            script_digest=parcel.digest(script),
            notice=view.NOTICE,
        )


def _fork(rows: Iterable[TableRow]) -> tuple[list[TableRow], Iterator[TableRow]]:
    """Give the first rows by themselves, and all of them."""
    stream = iter(rows)
    first = list(itertools.islice(stream, STATIC))
    return first, itertools.chain(first, stream)


def _words(report: Report) -> dict[str, Any]:
    """Work out what the template shows and the document does not say in so many words."""
    scores, changes = report.scores, report.changes
    declared, effective = words.open_now(report)
    low, high = scores.median_low, scores.median_high
    grave = [m for m in changes.models if m.direction != "neutral"][:MOST_GRAVE] if changes else []
    moved = sum(m.models for m in changes.moves if m.direction != "neutral") if changes else 0
    return {
        "source": words.source(report.scan.source),
        "unfinished": words.state(report),
        "left": report.models - report.audited,
        "headline": _headline(report, effective),
        "sublead": _sublead(report, declared, effective),
        "terms": _levels({_TERMS.get(c.name, "unknown"): c.models for c in report.terms}),
        "ruled": _ruled(report),
        "median": "none" if low is None else str(low) if low == high else f"{low}{page.DASH}{high}",
        "known": sum(b.sure for b in report.coverage if b.low == 100),
        "leading": _leading(report),
        "declared": declared,
        "effective": effective,
        "ancestors": report.ancestors[:MOST_ANCESTORS],
        "band_top": max((b.sure + b.possible for b in scores.bands), default=0),
        "family_top": max((max(f.declared, f.effective) for f in report.families), default=0),
        "rule_top": max((r.models for r in report.rules), default=0),
        "policy_words": words.policy(report),
        "nights_ruled": any(night.violated is not None for night in report.nights),
        "moved": words.moved(changes) if changes else "",
        "gravest": grave,
        "gravest_left": moved - len(grave),
        "columns": _columns(report),
        "width": _width,
        "pieces": _pieces,
        "number": words.number,
        "share": words.share,
        "cause": words.cause,
        "component": page.title,
        "class_title": page.class_title,
        "class_tone": _class_tone,
        "license_title": page.license_title,
        "level_words": STATUS_WORDS,
        "move_words": words.MOVES,
        "osaid": _OSAID,
        "flow": _flow,
    }


def _headline(report: Report, effective: int) -> str:
    """Say the one thing to remember."""
    if not report.audited:
        return "No model could be audited"
    return (
        f"{words.number(effective)} of {words.number(report.audited)} models are under open terms, base models counted"
    )


def _sublead(report: Report, declared: int, effective: int) -> str:
    told = []
    if declared > effective:
        told.append(f"{words.number(declared)} declare open terms.")
    open_ai = next((c.models for c in report.osaid if c.name == "yes"), 0)
    told.append(f"{words.number(open_ai)} meet the checklist of the Open Source AI Definition.")
    if report.policy:
        told.append(f"{words.policy(report)[:1].upper()}{words.policy(report)[1:]}.")
    return " ".join(told)


def _levels(counts: dict[str, int]) -> LevelsDoc:
    return LevelsDoc(id="", **{name: counts.get(name, 0) for name in _LEVELS})


def _ruled(report: Report) -> LevelsDoc:
    found = report.policy
    return _levels({"open": found.met, "closed": found.violated, "unknown": found.no_verdict} if found else {})


def _leading(report: Report) -> list[SharedDoc]:
    """Give the base models that clear most."""
    return [one for one in report.ancestors if one.clears][:LEADING]


def _flows(report: Report) -> ScanChanges | None:
    """Give the changes with what went from where to where in the order of how many models did."""
    changes = report.changes
    if changes is None:
        return None
    return replace(changes, flows=tuple(sorted(changes.flows, key=lambda f: (-f.models, f.what, f.old, f.new))))


def _columns(report: Report) -> list[tuple[str, str]]:
    """Give the columns of the table of models, each with the name the script knows it by."""
    every = [
        ("model", "Model"),
        ("class", "Class"),
        ("license", "Licence, with base models"),
        ("score", "Score"),
        ("levels", "Criteria"),
        ("policy", "Policy"),
        ("findings", "Found"),
        ("held", "Held back by"),
        ("change", "Change"),
        ("downloads", "Downloads"),
    ]
    absent = {"policy"} if report.policy is None else set()
    absent |= {"change"} if report.changes is None else set()
    return [(key, said) for key, said in every if key not in absent]


def _width(count: int, top: int) -> float:
    """Give the width of a bar; what is not nought is seen."""
    return max(0.6, round(100 * count / top, 2)) if count and top else 0


def _pieces(levels: LevelsDoc, of: int) -> list[tuple[float, float, str]]:
    """Give the pieces of a stacked bar: where each begins, how wide it is, and its tone."""
    told, at = [], 0.0
    for name in _LEVELS:
        wide = 100 * getattr(levels, name) / of if of else 0
        if wide:
            told.append((round(at, 2), round(wide, 2), name.replace("_", "-")))
        at += wide
    return told


def _class_tone(name: str) -> str:
    return "open" if name == "open-source-ai" else _TERMS.get(name.partition("-")[0], "unknown")


def _flow(what: str, name: str) -> str:
    """Word one end of a flow."""
    if what == "class":
        return page.class_title(name)
    return words.family(name) if what == "license" else parcel.clean_value(name).replace("-", " ")
