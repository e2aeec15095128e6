"""Sign bytes with a private key of the caller's, in an envelope (DSSE); securesystemslib does it.

The key is held in memory while a call runs, and is never written, shown, or named in an error.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.render.records.dsse import PAYLOAD_TYPE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # public, without saying so

    from openness_audit.render.records.dsse import Sign

LEAST_RSA_BITS = 2048  # NIST SP 800-131A: shorter keys sign nothing that is meant to last
KEYS = "a PEM private key: Ed25519, ECDSA (P-256, P-384, P-521), or RSA of at least 2048 bits"
INSTALL = "pip install 'openness-audit[sign]'"


class PasswordNeededError(UsageError):
    """The key is encrypted, and no password was given."""


def signer(data: bytes, shown: str, password: bytes | None) -> Sign:
    """Make what signs from a private key.

    Args:
        data: the bytes of the key file.
        shown: how errors name the file.
        password: of an encrypted key, else None.

    Returns:
        A function from the bytes of a Statement to its signed envelope: JSON on one line. Raises PasswordNeededError,
        and UsageError where the libraries are missing, or the key or the password is no good.
    """
    key = _crypto_signer(_private_key(data, shown, password), shown)

    def sign(payload: bytes) -> str:
        from securesystemslib.dsse import Envelope  # noqa: PLC0415 - 80 ms, only to sign

        envelope = Envelope(payload, PAYLOAD_TYPE, {})
        envelope.sign(key)
        return json.dumps(envelope.to_dict(), separators=(",", ":")) + "\n"

    return sign


def require_library() -> None:
    """Raise UsageError, with what to install, where the libraries that sign are missing."""
    try:
        import cryptography  # noqa: F401, PLC0415 - whether it is there
        import securesystemslib  # noqa: F401, PLC0415 - whether it is there
    except ImportError as problem:
        raise UsageError("--sign-key needs libraries that are not installed", hint=INSTALL) from problem


def _private_key(data: bytes, shown: str, password: bytes | None) -> PrivateKeyTypes:
    """Read the key. What the libraries say of it is not repeated: they may quote it."""
    require_library()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - only to sign
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - only to sign

    if other := _not_private(data):
        raise UsageError(f"{shown} is {other}, not a private key that can be used here", hint=f"give {KEYS}")
    encrypted = b"ENCRYPTED" in data
    if encrypted and password is None:
        raise PasswordNeededError(f"{shown} is encrypted, and no password is given")
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):  # never chained: it may hold parts of the key
        return load_pem_private_key(data, password if encrypted else None)
    if encrypted:
        raise UsageError(
            f"{shown} cannot be decrypted: the password is wrong, or the file damaged", hint="try the password again"
        )
    raise UsageError(f"{shown} holds no private key that can be read", hint=f"give {KEYS}")


_NOT_PRIVATE = (
    (b"SIGSTORE PRIVATE KEY", "a key of cosign's own format"),
    (b"COSIGN PRIVATE KEY", "a key of cosign's own format"),
    (b"OPENSSH PRIVATE KEY", "a key of OpenSSH's own format"),
    (b"PGP PRIVATE KEY", "an OpenPGP key"),
)


def _not_private(data: bytes) -> str:
    """Name what the file holds instead of a private key in PEM, or nothing."""
    if found := next((words for mark, words in _NOT_PRIVATE if b"-----BEGIN " in data and mark in data), ""):
        return found
    if b"PRIVATE KEY-----" in data:
        return ""
    if b"PUBLIC KEY-----" in data:
        return "a public key"
    return "a certificate" if b"BEGIN CERTIFICATE-----" in data else ""


def _crypto_signer(key: PrivateKeyTypes, shown: str) -> CryptoSigner:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey  # noqa: PLC0415 - only to sign
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - only to sign
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - only to sign
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # noqa: PLC0415 - public; only here

    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        raise UsageError(f"{shown} holds an RSA key of {key.key_size} bits, which is too short", hint=f"give {KEYS}")
    if isinstance(key, EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey):
        with suppress(ValueError, KeyError):  # of other curves
            return CryptoSigner(key)
    raise UsageError(f"{shown} holds a kind of key that is not supported", hint=f"give {KEYS}")
