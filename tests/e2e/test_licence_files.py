"""A licence file that is no text, from the command line to the report: not read, told, never taken for silence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import command_kit
from openness_audit.render.json import validate_audit
from standin import StandIn

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n" + bytes(range(128, 256)) + b"\n%%EOF\n"
BODIES = {
    "a PDF, whose text is not read here": PDF,
    "an archive or an office document": b"PK\x03\x04\x14\x00" + bytes(range(256)) * 4,
    "not text": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("told", BODIES)
def test_a_licence_that_is_no_text_is_told_with_its_cause(told: str, tmp_path: Path) -> None:
    card = "---\nlicense: other\nlicense_name: lantern-terms\nlicense_link: LICENSE\n---\n# Lantern\n\nA small model.\n"
    files = {"README.md": card, "LICENSE": BODIES[told], "config.json": "{}", "model.safetensors": 4_000_000}
    with StandIn(models={"acme/lantern": {"files": files}}) as hub:
        environ = {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path)}
        done = command_kit.run(tmp_path, "acme/lantern", "-v", "-o", "audit.json", env=environ)

    written = (tmp_path / "audit.json").read_bytes()
    validate_audit(written)
    audit = json.loads(written)
    (text,) = audit["licenses"]["texts"]
    assert (done.returncode, audit["verdict"]["terms"]) == (0, "undetermined")
    assert (text["path"], text["match"], text["expression"], text["reason"]) == ("LICENSE", "none", None, told)
    assert [(row["what"], row["code"]) for row in audit["not_checked"]] == [("LICENSE", "not-text")]
    assert {use["verdict"] for use in audit["licenses"]["uses"]} == {"not-determined"}
    said = " ".join(done.stdout.split())
    assert f"LICENSE: not identified ({told})" in said
    assert "LICENSE was not read (not plain text)" in said
    assert "malformed" not in said
