"""The only code that touches a network or a disk cache; importing it loads neither."""

from __future__ import annotations

from openness_audit.sources.api import RequestCounts, Sources
from openness_audit.sources.opening import open_sources
from openness_audit.sources.settings import SourceSettings

__all__ = ["RequestCounts", "SourceSettings", "Sources", "open_sources"]
