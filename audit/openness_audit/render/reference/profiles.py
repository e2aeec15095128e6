"""Tell the outside frameworks' profiles from their own files: in the terminal, and as a page of the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.profiles.data import MofRules, OsaidRules, OsaiRules, load_profiles
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.profiles.data import Framework

_LEAD = 14
ASKED = ("asked", "read from")
Row = tuple[str, str]  # what is asked, and what of ours answers it


def profile_ids() -> tuple[str, ...]:
    """Give the ids of the outside frameworks' profiles."""
    return tuple(framework.id for framework in load_profiles().frameworks)


def _source(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "not looked for"


def _rows(framework: Framework) -> Iterator[tuple[str, Row, list[Row]]]:
    """Give the tables of a framework: a title, what the columns hold, and the rows."""
    if isinstance(framework, MofRules):
        for class_ in framework.classes:
            rows = [
                (c.name + ("" if c.required else " (optional)"), f"{_source(c.source)}; {c.content}")
                for c in framework.components
                if c.class_ == class_.id
            ]
            yield f"class {class_.id} {class_.name}", ("component", "read from; kind of content"), rows
        departures = [(row.license, row.departs) for row in framework.licenses.exceptions if row.departs]
        yield "licences judged otherwise than by the framework's own tool", ("licence", "why"), departures
        yield "and in general", ("", ""), [("", words) for words in framework.licenses.departures]
    elif isinstance(framework, OsaidRules):
        yield "components", ASKED, [(row.title, _source(row.source)) for row in framework.components]
        terms = [
            (row.title, "the gate" if row.gate else f"licences of {_source(row.source)}") for row in framework.terms
        ]
        yield "terms", ASKED, terms
    elif isinstance(framework, OsaiRules):
        licensed = {row.id: "licences of " + _source(sum(row.licensed, ())) for row in framework.dimensions}
        yield (
            "dimensions",
            ASKED,
            [
                (row.id, f"{row.title}: {licensed[row.id] if row.licensed else _source(row.source)}")
                for row in framework.dimensions
            ],
        )
    else:
        rules = load_profiles().eu_gpai
        for title, items in (("the exemption", rules.exemption), ("duties that stay", rules.duties)):
            yield title, ("evidence", "what is looked for"), [(row.id, row.question) for row in items]


def list_profiles(width: int, *, color: bool = False) -> str:
    """List the profiles: id and title."""
    page = Page(width)
    page.add(("profiles: the same findings, read by a framework's own rules", "strong"))
    for framework in load_profiles().frameworks:
        page.text(f"{clean(framework.title)}, {clean(framework.version)}", lead=f"  {framework.id:<24}")
    page.add()
    return page.render(color=color)


def explain_profile(name: str, width: int, *, color: bool = False) -> str:
    """Explain the profile called `name`; KeyError for another."""
    framework = {row.id: row for row in load_profiles().frameworks}[name]
    page = Page(width)
    page.text(f"{clean(framework.title)}, {clean(framework.version)}", lead=f"{framework.id}: ", lead_style="strong")
    page.text(clean(framework.rationale))
    page.add()
    for number, line in enumerate(framework.reading):
        page.text(clean(line), lead=pad("how it is read" if number == 0 else "", _LEAD + 2))
    for title, _, rows in _rows(framework):
        page.add()
        page.add((title, "strong"))
        for left, right in rows:
            page.text(clean(right), lead=f"  {clean(left)}: " if left else "  ")
    page.add()
    page.fields(f"since {clean(framework.since)}", style="quiet")
    for reference in framework.references:
        page.address(clean(reference), lead="see ")
    return page.render(color=color)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """Give docs/profiles.md: every profile in the words of its file."""
    lines = [
        "# Profiles",
        "",
        "The same findings, read by the rules of outside frameworks. Frameworks disagree: every answer stands for",
        "itself, and an audit says in a sentence where two of them part. None of it is certification or legal advice.",
        "This page is made from `rules/profiles/*.yaml` (`OPENNESS_AUDIT_REGENERATE=1 pytest tests/profiles`).",
        "",
    ]
    for framework in load_profiles().frameworks:
        lines += [f"## {framework.title} (`{framework.id}`)", "", f"{framework.version}. {framework.rationale}", ""]
        lines += [f"- {line}" for line in framework.reading] + [""]
        for title, head, rows in _rows(framework):
            lines += [f"**{title[0].upper()}{title[1:]}**", ""]
            if all(left for left, _ in rows):
                lines += [f"| {head[0]} | {head[1]} |", "|---|---|"]
                lines += [f"| {_cell(left)} | {_cell(right)} |" for left, right in rows]
            else:
                lines += [f"- {right}" for _, right in rows]
            lines.append("")
        lines += [
            f"<{reference}>" + ("" if reference == framework.references[-1] else "  ")
            for reference in framework.references
        ]
        lines.append("")
    lines += [
        "## What stands behind the names",
        "",
        "The rest are components: `modelaudit rules ID` explains each.",
        "",
    ]
    lines += ["| name | what it is |", "|---|---|"]
    lines += [f"| {name} | {_cell(row.words)} |" for name, row in load_profiles().covers.derived.items()]
    return "\n".join([*lines, ""])
