"""What every document that the program writes has in common."""

from __future__ import annotations

from msgspec import Struct


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of a written document, strict both ways: unknown keys are refused when it is read."""
