"""Families of licences by what they leave free (criteria.md section 4): one place for all who ask."""

from __future__ import annotations

from typing import Final

__all__ = ["COMMERCE", "OPEN", "RESTRICTED"]

OPEN: Final = frozenset({"osi", "permissive", "open-data", "permissive-model"})
COMMERCE: Final = OPEN | {"behavioural-use", "community"}  # they allow commerce, if under conditions
RESTRICTED: Final = frozenset({"behavioural-use", "community", "non-commercial", "no-derivatives", "proprietary"})
