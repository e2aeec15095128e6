"""Write an audit as an in-toto Statement v1: what it is about by digest, and the audit itself as the predicate.

https://github.com/in-toto/attestation/tree/main/spec/v1. The predicate is the audit document whole, as `-f json` writes
it, with the run and when each place was read: whoever signs, signs what was seen and when. So two Statements of the
same answers differ where two audits of them may (`run`, `retrieved_at`, `from_cache`), and nowhere else.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from openness_audit.errors import OutputError
from openness_audit.model.audit import SCHEMA_ID
from openness_audit.render import json as audit_json
from openness_audit.render.bom.parts import purl
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = SCHEMA_ID  # one name for what the predicate is: it changes when the schema does
HUB = "huggingface.co"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)  # as the digest set names `gitCommit`
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LEAST = {"model": "its commit is not known", "directory": "a directory has no commit and no digests of its weights"}


def render(audit: Audit) -> str:
    """Give the Statement, indented. Raises OutputError where nothing of the model is known by a digest."""
    return audit_json.dumps(statement(audit), indent=2)


def line(audit: Audit) -> str:
    """Give the Statement on one line, as it is signed, and as several are written. Raises OutputError as `render`."""
    return audit_json.dumps(statement(audit), indent=None)


def statement(audit: Audit) -> dict[str, Any]:
    """Give the Statement: the repository at its commit first, then each file of weights whose digest is known.

    Raises OutputError where there is neither: a Statement is about what can be recognised.
    """
    subjects = [*_repository(audit), *_weights(audit)]
    if not subjects:
        name = clean(audit.subject.id)
        raise OutputError(
            f"no Statement can be made of {name}: {_LEAST[audit.subject.kind]}",
            hint="audit the model on the Hub, or keep the audit itself: -o audit.json",
        )
    audit_json.line(audit)  # a predicate that does not fit its own schema is never written
    return _readable(
        {
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": PREDICATE_TYPE,
            "predicate": audit_json.plain(audit),
        }
    )


def _repository(audit: Audit) -> list[dict[str, Any]]:
    sha = (audit.subject.sha or "").lower()
    if audit.subject.kind != "model" or not _COMMIT.fullmatch(sha):
        return []
    name = audit.subject.id
    return [{"name": f"{HUB}/{name}", "uri": purl("huggingface", name, sha), "digest": {"gitCommit": sha}}]


def _weights(audit: Audit) -> list[dict[str, Any]]:
    """Describe the files of weights by path and SHA-256, in the order of their paths."""
    known = {
        row.path: digest
        for row in audit.files
        if row.kind.startswith("weights") and _SHA256.fullmatch(digest := (row.sha256 or "").lower())
    }
    return [{"name": _file_name(path), "digest": {"sha256": known[path]}} for path in sorted(known)]


def _file_name(path: str) -> str:
    """Give a file's path; one that looks like the name of a repository gets `./`, so that it is taken for none."""
    return f"./{path}" if path.startswith(f"{HUB}/") else path


def _readable(document: dict[str, Any]) -> dict[str, Any]:
    """Write lone surrogates as question marks: most readers of Statements refuse JSON that holds one."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        document = json.loads(text.encode("utf-8", "replace"))
    return document
