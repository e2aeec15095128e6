"""The closed vocabulary of checks that rules name; importing this package registers all of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from openness_audit.checks.base import REGISTRY, call

__all__ = ["REGISTRY", "call"]

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
