"""The official JSON schemas of SPDX and CycloneDX, each as a validator that is fast on documents of thousands of parts.

SPDX: `interchange/schemas/README.md`. CycloneDX: the standard's own files, which come with cyclonedx-python-lib.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs

SCHEMAS = Path(__file__).parent / "interchange" / "schemas"
SPDX = {"spdx": "spdx-2.3", "spdx3": "spdx-3.0.1"}
CYCLONEDX = {"cyclonedx": "bom-1.6", "cyclonedx-1.7": "bom-1.7"}
_ADDRESS = "http://cyclonedx.org/schema/"
_PARTS = ("spdx", "jsf-0.82", "cryptography-defs")  # schemas that those of CycloneDX refer to


def _cyclonedx(name: str) -> Any:
    text = (resources.files("cyclonedx.schema") / "_res" / f"{name}.SNAPSHOT.schema.json").read_text("utf-8")
    return json.loads(text)


@cache
def validator(form: str) -> Any:
    """Give the validator of a format."""
    if form in SPDX:
        return jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{SPDX[form]}.schema.json").read_text("utf-8")))
    resource = [(f"{_ADDRESS}{name}.SNAPSHOT.schema.json", _cyclonedx(name)) for name in _PARTS]
    registry = jsonschema_rs.Registry(resource)
    return jsonschema_rs.validator_for(_cyclonedx(CYCLONEDX[form]), validate_formats=True, registry=registry)


def problems(form: str, document: Any) -> list[str]:
    """Say what the official schema of a format finds wrong with a document."""
    return [f"{form} {error.instance_path}: {error.message[:300]}" for error in validator(form).iter_errors(document)]
