"""Audit a repository of a stranger's making in this process, without a network, and hold every report to its law."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec

from openness_audit.collect.assemble import complete, read
from openness_audit.model.audit import Audit, RequestsDoc, RunDoc
from openness_audit.model.capture import (
    CodeAnswer,
    DatasetAnswer,
    Failure,
    FileEntry,
    Listing,
    ModelCapture,
    Origin,
    Ref,
    Refs,
    RepoInfo,
    Text,
)
from openness_audit.model.evidence import Cause
from openness_audit.model.facts import Facts
from openness_audit.render import FORMATS, SIGNED, renderer
from openness_audit.render.json import validate_audit
from openness_audit.ruleset import RuleSet, load_rules
from openness_audit.sources.reading import decode_text
from openness_audit.stages import audit_facts

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RUN = RunDoc(
    started_at=NOW.isoformat(),
    duration_s=0.0,
    endpoint="https://huggingface.co",
    requests=RequestsDoc(hub_api=0, hub_files=0, github=0, other=0),
    cache_hits=0,
    offline=False,
)
GONE = Failure(Cause(code="not-found-or-private", source="there", retryable=False, detail="nothing is there"))
MOST_HTML = 300_000
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@cache
def rules() -> RuleSet:
    return load_rules()


def origin(path: str, body: bytes = b"") -> Origin:
    return Origin(
        url=f"https://huggingface.co/acme/Owl-7B/{path}",
        sha256=sha256(body).hexdigest(),
        retrieved_at="2026-01-01T00:00:00Z",
    )


def text_of(path: str, body: str | bytes, *, truncated: bool = False) -> Text:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    words = body if isinstance(body, str) else decode_text(body)
    return Text(path=path, text=words, origin=origin(path, raw), sha="a" * 40, truncated=truncated)


def capture_of(
    files: Mapping[str, str | bytes],
    *,
    paths: tuple[str, ...] = ("model.safetensors",),
    refs: tuple[str, ...] = (),
    truncated: tuple[str, ...] = (),
    **info: Any,
) -> ModelCapture:
    """Capture a repository: `files` were read, `paths` only listed, those in `truncated` cut at the cap."""
    entries = tuple(FileEntry(path=path, size=10) for path in (*files, *paths))
    return ModelCapture(
        info=RepoInfo(**{"kind": "model", "id": "acme/Owl-7B", "origin": origin(""), "sha": "a" * 40, **info}),
        listing=Listing(files=entries, complete=True, origin=origin("tree")),
        refs=Refs(refs=tuple(Ref(name=name, kind="branch") for name in refs), origin=origin("refs")),
        texts={path: text_of(path, body, truncated=path in truncated) for path, body in files.items()},
    )


def facts_of(capture: ModelCapture) -> Facts:
    """Collect, with nothing but "not there" behind the links."""
    reading = read(capture)
    rest = msgspec.structs.replace(
        capture,
        datasets={name: DatasetAnswer(info=GONE) for name in reading.wanted_datasets()} | capture.datasets,
        parents=dict.fromkeys(reading.wanted_parents(), GONE) | capture.parents,
        code={key: CodeAnswer(repo=GONE, listing=GONE) for key in reading.wanted_code()} | capture.code,
    )
    return complete(rest, reading)


def audit_of(capture: ModelCapture) -> Audit:
    listing = capture.listing if isinstance(capture.listing, Listing) else None
    return audit_facts(facts_of(capture), rules(), date(2026, 1, 2), RUN, listing=listing)


def reports_of(audit: Audit) -> dict[str, str]:
    return {name: renderer(name)(audit) for name in FORMATS if name not in SIGNED}


def held(audit: Audit) -> dict[str, str]:
    """Tell an audit in every format, and hold each to what is promised of it."""
    reports = reports_of(audit)
    document = json.loads(reports["json"])
    assert validate_audit(reports["json"].encode()) == []
    assert len(reports["html"].encode()) < MOST_HTML, len(reports["html"].encode())
    for name, report in reports.items():
        plain = report.replace("\r\n", "\n") if name == "csv" else report  # lines of a table end as its standard says
        found = _STEERING.search(plain.replace("@\u2060", "@"))  # so that Markdown mentions nobody
        assert found is None, (name, report[max(0, found.start() - 60) : found.end() + 20])
    for component in document["components"]:
        known = component["evidence"] or component["searched"] or component["unknown"]
        assert known or component["inherited_from"] or component["availability"] == "not-applicable", component
    return reports


def states(audit: Audit) -> dict[str, str]:
    return {component.id: component.availability for component in audit.components}
