"""Signed envelopes: verified here by hand, with nothing of ours and nothing of the library that signs."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa, x25519

from audit_sample import AUDIT
from batch_kit import SEVERAL
from openness_audit import signing
from openness_audit.errors import NoVerdictError, UsageError
from openness_audit.model.batch import Batch
from openness_audit.render import SIGNED, batch_renderer, renderer
from openness_audit.render.records import dsse, intoto

PASSWORD = b"correct horse"
SHORT = 1024  # bits: too few
ED25519 = ed25519.Ed25519PrivateKey.generate()
KEYS: dict[str, Any] = {
    "ed25519": ED25519,
    "p-256": ec.generate_private_key(ec.SECP256R1()),
    "p-384": ec.generate_private_key(ec.SECP384R1()),
    "p-521": ec.generate_private_key(ec.SECP521R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}


def pem(key: Any, password: bytes | None = None, form: str = "PKCS8") -> bytes:
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    made: bytes = key.private_bytes(serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), hidden)
    return made


def public_pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    made: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return made


def payload_of(envelope: str, key: Any) -> bytes:
    """Verify an envelope as its specification says, and give what was signed. Raises InvalidSignature."""
    document = json.loads(envelope)
    kind, payload = document["payloadType"], base64.b64decode(document["payload"], validate=True)
    encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    (row,) = document["signatures"]
    signature, public = base64.b64decode(row["sig"], validate=True), key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        public.verify(signature, encoded)
    elif isinstance(public, rsa.RSAPublicKey):
        filled = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        public.verify(signature, encoded, filled, hashes.SHA256())
    else:
        sizes: dict[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
        public.verify(signature, encoded, ec.ECDSA(sizes[public.curve.key_size]))
    return payload


@pytest.mark.parametrize("name", KEYS)
def test_an_envelope_is_verified_by_hand_and_holds_the_statement(name: str) -> None:
    key = KEYS[name]
    envelope = renderer("dsse", signing.signer(pem(key), "the key", None))(AUDIT)

    assert json.loads(envelope)["payloadType"] == "application/vnd.in-toto+json"
    assert payload_of(envelope, key) == intoto.line(AUDIT).encode()
    assert envelope.count("\n") == 1


ALTERED = {
    "payload": lambda row: {**row, "payload": base64.b64encode(base64.b64decode(row["payload"]) + b" ").decode()},
    "type": lambda row: {**row, "payloadType": "application/json"},
    "signature": lambda row: {**row, "signatures": [{**row["signatures"][0], "sig": "AAAA"}]},
}


@pytest.mark.parametrize("name", ALTERED)
def test_whatever_is_altered_is_noticed(name: str) -> None:
    document = json.loads(dsse.render(AUDIT, signing.signer(pem(ED25519), "the key", None)))

    with pytest.raises(InvalidSignature):
        payload_of(json.dumps(ALTERED[name](document)), ED25519)


def test_another_key_verifies_nothing() -> None:
    with pytest.raises(InvalidSignature):
        payload_of(
            dsse.render(AUDIT, signing.signer(pem(ED25519), "the key", None)), ed25519.Ed25519PrivateKey.generate()
        )


@pytest.mark.parametrize("name", ["ed25519", "rsa"])
def test_an_encrypted_key_is_opened_by_its_password_alone(name: str) -> None:
    data = pem(KEYS[name], PASSWORD)

    assert payload_of(dsse.render(AUDIT, signing.signer(data, "the key", PASSWORD)), KEYS[name])
    with pytest.raises(UsageError, match="the password is wrong, or the file damaged"):
        signing.signer(data, "the key", b"another")
    with pytest.raises(signing.PasswordNeededError):
        signing.signer(data, "the key", None)


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_older_forms_of_pem_are_read(form: str, password: bytes | None) -> None:
    key = KEYS["p-256"]

    assert payload_of(dsse.render(AUDIT, signing.signer(pem(key, password, form), "the key", password)), key)


def test_a_password_for_a_key_that_has_none_is_not_looked_at() -> None:
    assert payload_of(dsse.render(AUDIT, signing.signer(pem(ED25519), "the key", PASSWORD)), ED25519)


BAD = {
    "public": (public_pem(ED25519), "is a public key, not a private key"),
    "empty": (b"", "holds no private key that can be read"),
    "noise": (b"\x00\xff" * 300, "holds no private key that can be read"),
    "cut": (pem(KEYS["rsa"])[:200], "holds no private key that can be read"),
    "certificate": (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is a certificate"),
    "damaged": (pem(KEYS["rsa"]).replace(b"A", b"B"), "holds no private key that can be read"),
    "short": (pem(rsa.generate_private_key(65537, SHORT)), "RSA key of 1024 bits, which is too short"),
    "exchange": (pem(x25519.X25519PrivateKey.generate()), "a kind of key that is not supported"),
    "curve": (pem(ec.generate_private_key(ec.SECP256K1())), "a kind of key that is not supported"),
    "ed448": (pem(ed448.Ed448PrivateKey.generate()), "a kind of key that is not supported"),
    "dsa": (pem(dsa.generate_private_key(2048)), "a kind of key that is not supported"),
    "ml-dsa": (pem(mldsa.MLDSA44PrivateKey.generate()), "a kind of key that is not supported"),
    "openssh": (pem(ED25519, None, "OpenSSH"), "a key of OpenSSH's own format"),
    "cosign": (
        b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\neyJr\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n",
        "a key of cosign's own format",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_key_is_refused_in_a_sentence_that_repeats_none_of_it(name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(UsageError, match=said) as raised:
        signing.signer(data, "the key", None)

    lines = [line for line in data.decode("latin-1").splitlines() if len(line) > 20 and "-----" not in line]
    assert [line for line in lines if line in repr(raised.value)] == []
    assert raised.value.__cause__ is None
    assert raised.value.hint


def test_an_ed25519_envelope_is_the_same_every_time() -> None:
    sign = signing.signer(pem(ED25519), "the key", None)

    assert dsse.render(AUDIT, sign) == dsse.render(AUDIT, sign)


def test_a_bundle_holds_an_envelope_a_line_of_every_model_that_was_audited() -> None:
    sign = signing.signer(pem(ED25519), "the key", None)
    lines = batch_renderer("in-toto-bundle", sign)(SEVERAL).splitlines()
    audits = [item.audit for item in SEVERAL.items if item.audit]

    assert [payload_of(line, ED25519) for line in lines] == [intoto.line(audit).encode() for audit in audits]
    assert renderer("in-toto-bundle", sign)(AUDIT) == renderer("dsse", sign)(AUDIT)


def test_where_no_model_was_audited_there_is_no_bundle() -> None:
    failed = Batch(items=tuple(item for item in SEVERAL.items if item.audit is None))
    with pytest.raises(NoVerdictError, match="nothing to sign"):
        dsse.render_batch(failed, signing.signer(pem(ED25519), "the key", None))


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_format_is_not_made_without_a_key(name: str) -> None:
    with pytest.raises(UsageError, match="is signed"):
        renderer(name)(AUDIT)


def test_without_the_libraries_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "securesystemslib", None)
    with pytest.raises(UsageError, match="needs libraries") as raised:
        signing.signer(pem(ED25519), "the key", None)

    assert raised.value.hint == "pip install 'openness-audit[sign]'"
