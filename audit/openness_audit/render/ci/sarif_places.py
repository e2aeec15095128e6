"""Where a SARIF result points, and strangers' words as SARIF texts.

GitHub refuses a whole file for one address with a scheme other than `file` (github/codeql-action, issue 754), so places
on the Hub are told by host and path, without a scheme and without the commit: GitHub opens an alert anew when the path
changes. The address at the commit is in the message.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from openness_audit.model.batch import STDIN
from openness_audit.render.escape import clean, safe_url
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.batch import Item

    Json = dict[str, Any]

ROOT = "%SRCROOT%"
MOST_RELATED = 100  # GitHub shows as many of one result
LONGEST_TEXT = 1_000  # characters; what GitHub shows of a text at most
_UNRESERVED = "/-._~!$&'()*+,;=@"  # of a path, RFC 3986; a colon could begin a scheme
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
CODE = "code"  # the kind of evidence that stands in code that was scanned
_HUB = "huggingface.co"
USAGE = "usage"  # evidence in the user's own code, where it names the model
_CARD = "README.md"


def text(words: str) -> str:
    """Give words as a SARIF text: on one line, not too long, and without links or placeholders of a stranger.

    SARIF 2.1.0, 3.11.5 and 3.11.6: `{0}` would be filled in, and `[words](address)` is a link.
    """
    said = clean(words)
    if len(said) > LONGEST_TEXT:
        said = f"{said[: LONGEST_TEXT - 4]} ..."
    said = _PLACEHOLDER.sub(r"{{\1}}", said)
    if "](" in said:
        said = said.replace("[", "\\[").replace("]", "\\]")
    return said


def locations(item: Item, cited: Sequence[EvidenceDoc]) -> tuple[list[Json], list[Json]]:
    """Say where a result stands: the first place, of which there is always one, and the others.

    Args:
        item: the model: where the user's files name it goes before everything else.
        cited: the evidence of the result.

    Returns:
        `locations` and `relatedLocations`.
    """
    named = [_at(_file_uri(o.path), o.line, o.column, own=True) for o in item.origins if o.path != STDIN]
    coded = any(e.kind == CODE for e in cited)  # then some places that name it are at fault, not all
    read = [_evidence(item, e) for e in cited if e.kind != "license-terms"]
    every = [*([] if coded else named), *read] or [_at(_subject_uri(item), 1, own=bool(item.folder))]
    first, rest = every[0], [place for place in every[1:] if place != every[0]]
    return [first], [dict(place, id=number) for number, place in enumerate(_once(rest)[:MOST_RELATED], 1)]


def links(cited: Sequence[EvidenceDoc], most: int = 3) -> str:
    """Give the addresses of the evidence at its commit and line."""
    found = [url for e in cited if e.kind not in ("license-terms", CODE) and (url := view.link(e))]
    every = list(dict.fromkeys(found))
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def _once(places: list[Json]) -> list[Json]:
    kept: list[Json] = []
    for place in places:
        if place not in kept:
            kept.append(place)
    return kept


def _at(uri: str, line: int, column: int | None = None, *, own: bool = False) -> Json:
    """Point at a line; `own` says that the file is of the checked repository, which is what GitHub calls %SRCROOT%."""
    region: Json = {"startLine": line}
    if column is not None:
        region["startColumn"] = column
    place: Json = {"uri": uri}
    if own and not uri.startswith(("file:", "../")):
        place["uriBaseId"] = ROOT
    return {"physicalLocation": {"artifactLocation": place, "region": region}}


def _evidence(item: Item, evidence: EvidenceDoc) -> Json:
    """Point at a place that was read; what has no line is told as the beginning of its file, which GitHub demands."""
    place = _at(_evidence_uri(item, evidence), evidence.line or 1, own=_is_own(item, evidence))
    region: Json = place["physicalLocation"]["region"]
    if evidence.line and evidence.line_end and evidence.line_end > evidence.line:
        region["endLine"] = evidence.line_end
    if evidence.line and evidence.excerpt:
        region["snippet"] = {"text": clean(evidence.excerpt)}
    return place


def _is_own(item: Item, evidence: EvidenceDoc) -> bool:
    """Say whether evidence stands in a file of the user's: in code that was scanned, or in a directory with a model."""
    if evidence.kind == CODE:
        return True
    return item.audit is not None and item.audit.subject.kind == "directory" and evidence.repo == item.audit.subject.id


def _evidence_uri(item: Item, evidence: EvidenceDoc) -> str:
    if _is_own(item, evidence):
        return _file_uri(posixpath.join("" if evidence.kind == CODE else item.folder, evidence.path or ""))
    host = evidence.repo if evidence.repo.startswith("github.com/") else f"{_HUB}/{evidence.repo}"
    url = urlsplit(safe_url(evidence.url) or "")
    if url.hostname and url.hostname not in (_HUB, "github.com"):
        return _file_uri(f"{url.hostname}{url.path}")
    return _file_uri(f"{host}/{evidence.path}" if evidence.path else host)


def _subject_uri(item: Item) -> str:
    """Point at the card where there is one: what is missing would stand there."""
    audit = item.audit
    if audit is None:
        return _file_uri(f"{_HUB}/{item.asked}" if not item.folder else item.folder)
    base = item.folder if audit.subject.kind == "directory" else f"{_HUB}/{audit.subject.id}"
    return _file_uri(posixpath.join(base, _CARD) if _has_card(audit) else base)


def _has_card(audit: Audit) -> bool:
    return any(e.path == _CARD and e.repo == audit.subject.id for e in audit.evidence)


def _file_uri(path: str) -> str:
    """Write a path as a URI: relative to the root of the repository, or a `file:` address where it is whole."""
    plain = path.replace("\\", "/") if _DRIVE.match(path) else path
    encoded = quote(plain.encode("utf-8", "replace"), safe=_UNRESERVED)
    if plain.startswith("/"):
        return f"file://{encoded}"
    if _DRIVE.match(path):
        return f"file:///{encoded}"
    return posixpath.normpath(encoded) if encoded.strip("/") else "."
