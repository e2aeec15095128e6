"""A replay can be signed as an audit can: the two Statements differ in what may differ, and nowhere else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

if TYPE_CHECKING:
    from bundle_kit import Program

KEY = ed25519.Ed25519PrivateKey.generate()


def signed(path: Path) -> dict[str, Any]:
    """Verify the envelope by hand, and give the Statement without what may differ."""
    document = json.loads(path.read_text("utf-8"))
    kind, payload = document["payloadType"].encode(), base64.b64decode(document["payload"])
    encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    KEY.public_key().verify(base64.b64decode(document["signatures"][0]["sig"]), encoded)
    statement: dict[str, Any] = json.loads(payload)
    del statement["predicate"]["run"]
    for row in statement["predicate"]["evidence"]:
        del row["retrieved_at"], row["from_cache"]
    return statement


def test_an_audit_and_its_replay_are_signed_alike(program: Program) -> None:
    key = program.folder / "key.pem"
    key.write_bytes(
        KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    now, later = program.folder / "now.dsse.json", program.folder / "later.dsse.json"
    bundle = program.saved("nest/owl", "--sign-key", str(key), "-o", str(now))

    assert program("replay", str(bundle), "-q", "--sign-key", str(key), "-o", str(later)) == 0
    assert signed(later) == signed(now)
    assert signed(now)["subject"][0]["name"] == "huggingface.co/nest/owl"
