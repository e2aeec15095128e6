"""The page on attestations tells the truth: its Python verifies, and it names what the program uses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from securesystemslib.exceptions import VerificationError

from audit_sample import AUDIT
from openness_audit import signing
from openness_audit.cli.audit.signing import PASSWORD
from openness_audit.render import ENDINGS
from openness_audit.render.records import dsse, intoto

PAGE = Path(__file__).resolve().parents[2] / "docs" / "attestation.md"
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not beside these tests")


def verify(signed_with: ed25519.Ed25519PrivateKey, key: ed25519.Ed25519PrivateKey) -> Any:
    pem = signed_with.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    Path("olmo.dsse.json").write_text(dsse.render(AUDIT, signing.signer(pem, "the key", None)), "utf-8")
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    Path("key.pub").write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    return names["statement"]


def test_the_python_of_the_page_verifies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key, another = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()

    assert verify(key, key) == json.loads(intoto.line(AUDIT))
    with pytest.raises(VerificationError):
        verify(another, key)


def test_the_page_names_what_the_program_uses() -> None:
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| .* \| `([a-z-]+)` \| `(\.[a-z.]+)` \|", text, re.MULTILINE)

    assert {(ending, name) for name, ending in rows} <= set(ENDINGS)
    assert len(rows) == 3
    assert [
        word for word in (intoto.PREDICATE_TYPE, PASSWORD, signing.INSTALL, dsse.PAYLOAD_TYPE) if word not in text
    ] == []
