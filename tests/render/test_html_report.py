"""The HTML page: whole, safe, and readable without colour."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from importlib import resources

import msgspec
import pytest

from audit_sample import AUDIT, EVIDENCE, SCRIPT
from openness_audit.model.audit import Audit, NotCheckedDoc
from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.audit_origins import EdgeDoc, LineageDoc, TrainingDataDoc
from openness_audit.render.html import audit as html
from openness_audit.render.markdown import audit as markdown

PAGE = html.render(AUDIT)
VOID = {"meta", "br", "circle", "rect", "path", "input"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


@pytest.fixture(scope="module")
def page() -> Reader:
    reader = Reader()
    reader.feed(PAGE)
    return reader


def test_tags_are_balanced(page: Reader) -> None:
    assert (page.unbalanced, page.open) == ([], [])


def test_nothing_is_fetched(page: Reader) -> None:
    names = {tag for tag, _ in page.tags}
    attributes = {key for _, found in page.tags for key in found}

    assert names & {"iframe", "object", "embed", "link", "img", "form", "base"} == set()
    assert [a for a in attributes if a.startswith("on") or a in ("src", "srcset", "style", "action")] == []
    assert "url(" not in PAGE
    assert "@import" not in PAGE


def _policy(page: Reader) -> dict[str, str]:
    held = next(f["content"] or "" for tag, f in page.tags if f.get("http-equiv") == "Content-Security-Policy")
    return dict(part.strip().split(" ", 1) for part in held.split(";"))


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_only_the_pages_own_script_and_style_may_run(page: Reader) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", PAGE, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL)

    assert _policy(page) == {
        "default-src": "'none'",
        "script-src": _digest(script),
        "style-src": _digest(style),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_filter_is_not_shown_without_the_script(page: Reader) -> None:
    (control,) = [found for _, found in page.tags if found.get("id") == "filter"]

    assert "hidden" in control
    assert [found for tag, found in page.tags if tag == "tr" and "hidden" in found] == []


def test_the_running_line_cannot_leave_its_string() -> None:
    subject = msgspec.structs.replace(AUDIT.subject, id='a"; } </style><script>alert(2)</script> \\22')
    told = html.render(msgspec.structs.replace(AUDIT, subject=subject))
    running = re.findall(r"@bottom-left \{ content: (.*?); \} \}\n", told)

    assert len(running) == 1
    assert re.fullmatch(r'"[A-Za-z0-9 ._/@,:\\-]*"', running[0])
    assert told.count("</style>") == 1
    assert told.count("<script>") == 1


def test_strangers_words_stay_words() -> None:
    assert SCRIPT not in PAGE
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGE
    assert "\u202e" not in PAGE
    assert "\x1b" not in PAGE


def test_links_are_http_or_inside_the_page(page: Reader) -> None:
    links = [found["href"] or "" for tag, found in page.tags if tag == "a"]

    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []


def test_inner_links_have_a_goal(page: Reader) -> None:
    goals = {found.get("id") for _, found in page.tags}
    inner = {
        (found["href"] or "")[1:] for tag, found in page.tags if tag == "a" and (found["href"] or "").startswith("#")
    }

    assert inner - goals == set()


def test_ids_are_unique(page: Reader) -> None:
    ids = [found["id"] for _, found in page.tags if "id" in found]

    assert len(ids) == len(set(ids))


def test_headings_come_in_order(page: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]

    assert levels[0] == 1
    assert [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1] == []


def test_every_cited_number_has_its_row(page: Reader) -> None:
    rows = {found.get("id") for tag, found in page.tags if tag == "tr"}
    cited = {(f["href"] or "")[1:] for tag, f in page.tags if tag == "a" and f.get("class") == "ref"}

    assert cited
    assert cited - rows == set()


def test_landmarks_and_tables_are_named(page: Reader) -> None:
    names = [tag for tag, _ in page.tags]

    assert [names.count(n) for n in ("header", "main", "footer", "nav", "h1")] == [1, 1, 1, 1, 1]
    assert names.count("table") == names.count("caption")
    assert [found for tag, found in page.tags if tag == "th" and "scope" not in found] == []


def test_evidence_links_go_to_commit_and_line() -> None:
    sha = AUDIT.subject.sha

    assert f"https://huggingface.co/acme/tern-7b/blob/{sha}/README.md?code=true#L41" in PAGE
    assert f"https://github.com/acme/tern/blob/{sha}/train/run.sh#L3" in PAGE


def test_states_are_told_in_words() -> None:
    tiles = re.findall(r'<li class="tile [a-z-]+">.*?<span class="state [a-z-]+">([a-z ]+)</span>', PAGE, re.DOTALL)

    assert tiles == ["partial", "open", "not determined", "closed", "partial"]


def test_each_state_has_its_own_shape() -> None:
    shapes = {
        status: re.sub(r' class="glyph [a-z-]+"', "", str(drawn))
        for status, drawn in re.findall(r'<svg class="glyph ([a-z-]+)"[^>]*>(.*?)</svg>', PAGE)
    }

    assert set(shapes) == set(html.STATUS_WORDS)
    assert len(set(shapes.values())) == len(shapes)


def test_page_says_what_it_is_not() -> None:
    assert "Evidence, not legal advice or certification." in PAGE


LONG = "word " * 500


def _many(kind: str) -> Audit:
    """Give the sample with very much of one thing, or of everything."""
    change = msgspec.structs.replace
    places = tuple(change(EVIDENCE[0], id=f"e-{n:012x}", line=n, excerpt="<&>" * 70) for n in range(3000))
    ids = tuple(e.id for e in places[:100])
    cause = UnknownDoc(code="rate-limited", source=LONG, retryable=True, detail=LONG)
    lots: dict[str, object] = {
        "evidence": places,
        "findings": tuple(change(f, message=LONG, evidence=ids) for f in AUDIT.findings) * 400,
        "components": tuple(
            change(c, why="; ".join([LONG] * 90), evidence=ids, unknown=(cause,) * 90, searched=(LONG,) * 90)
            for c in AUDIT.components
        ),
        "criteria": tuple(change(c, why=LONG, evidence=ids) for c in AUDIT.criteria),
        "training_data": tuple(
            TrainingDataDoc(
                id=None,
                name=LONG,
                url=f"https://example.org/{n}",
                stage="pretraining",
                availability="open",
                access="public",
                licenses=(LONG,) * 9,
                evidence=ids,
            )
            for n in range(3000)
        ),
        "not_checked": tuple(NotCheckedDoc(what=f"{n} {LONG}", code="gated", why=LONG) for n in range(3000)),
        "lineage": LineageDoc(
            parents=(),
            nodes=(),
            edges=tuple(
                EdgeDoc(from_=AUDIT.subject.id, to=f"{n}/{LONG}", relation="merge", evidence=ids) for n in range(3000)
            ),
        ),
    }
    wanted = lots if kind == "everything" else {kind: lots[kind]}
    return msgspec.structs.replace(AUDIT, **wanted)


@pytest.mark.parametrize(
    "kind", ["evidence", "findings", "components", "training_data", "not_checked", "lineage", "everything"]
)
def test_large_audit_stays_below_300_kb(kind: str) -> None:
    assert len(html.render(_many(kind)).encode()) < 300_000


def test_what_is_cut_is_counted() -> None:
    told = html.render(_many("everything"))
    rows = len(re.findall(r'<tr id="evidence-', told))

    assert f"{rows} of 3000 places" in told
    assert f"{3000 - rows} more are in the JSON document" in told
    assert re.search(r"the first [0-9]+ of 3000, the rest is in the JSON document", told)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_wcag_aa(scheme: str) -> None:
    css = (resources.files("openness_audit.reports") / "audit.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", blocks[0 if scheme == "light" else 1]))

    ratios = {}
    for ground in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "link", "open", "partial", "closed", "unknown", "none"):
            low, high = sorted((_luminance(colors[ground]), _luminance(colors[ink])))
            ratios[f"{ink} on {ground}"] = (high + 0.05) / (low + 0.05)

    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


def test_markdown_holds_no_markup_of_strangers() -> None:
    told = markdown.render(AUDIT)
    outside_code = re.sub(r"(`+).*?\1", "", told)

    assert "<script" not in outside_code
    assert "](javascript" not in told
    assert "](data" not in told
    assert re.findall(r"@\w", outside_code) == []


def test_markdown_tables_keep_their_columns() -> None:
    told = markdown.render(AUDIT)
    tables = re.findall(r"(?:^\|.*\n)+", told, re.MULTILINE)
    columns = [{len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()} for table in tables]

    assert columns == [{5}, {4}, {4}]


def test_stricter_terms_of_a_base_model_lead_the_licence() -> None:
    figure = PAGE.partition("<h2>Licence</h2>")[2].partition("</div>")[0]

    assert figure.index("CC-BY-NC-4.0") < figure.index("This repository alone")


def test_the_page_says_what_it_holds_for_and_whom_to_ask() -> None:
    sha = AUDIT.subject.sha
    told = PAGE.partition('id="provenance"')[2]

    assert f"modelaudit {AUDIT.subject.id}@{sha}" in told
    assert "/discussions" in told


def test_places_that_are_cited_are_never_called_no_evidence() -> None:
    for part in PAGE.split('<article class="criterion"')[1:]:
        assert not ("No evidence was found" in part and '<ul class="places">' in part)
