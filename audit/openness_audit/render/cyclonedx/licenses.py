"""Licences as CycloneDX writes them: declared and concluded, by SPDX id, by name with an address, or expression."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from openness_audit.packaged import read_as
from openness_audit.render.bom.bill import NOASSERTION, NONE
from openness_audit.render.bom.licenses import is_listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.render.bom.bill import Ref, Terms

    Json = dict[str, Any]

_NOTHING = frozenset({NONE, NOASSERTION})


class _Vocabulary(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    newer_ids: tuple[str, ...]


@cache
def newer_ids() -> frozenset[str]:
    """Give the SPDX ids that the schemas of CycloneDX do not know yet (`rules/interchange/cyclonedx.yaml`)."""
    return frozenset(read_as("interchange/cyclonedx.yaml", _Vocabulary).newer_ids)


def licenses(terms: Terms, refs: Mapping[str, Ref]) -> list[Json]:
    """Give the `licenses` of a component; NONE and NOASSERTION have no place there (`properties` says them).

    CycloneDX 1.6 takes licences by id and name, or one expression: the conclusion stands alone where either is an
    expression, and `properties` holds both. 1.7 would take all of them together, but its readers do not yet.
    """
    said = [(terms.declared, "declared"), (terms.concluded, "concluded")]
    told = [_one(expression, how, refs) for expression, how in said if expression not in _NOTHING]
    if any("expression" in row for row in told):
        last, how = next(pair for pair in reversed(said) if pair[0] not in _NOTHING)
        return [{"expression": last, "acknowledgement": how}]
    return told


def _one(expression: str, how: str, refs: Mapping[str, Ref]) -> Json:
    if is_listed(expression) and expression not in newer_ids():
        return {"license": {"id": expression, "acknowledgement": how}}
    ref = refs.get(expression)
    if ref is None:
        return {"expression": expression, "acknowledgement": how}
    told: Json = {"name": ref.id, "acknowledgement": how}
    told["text"] = {"contentType": "text/plain", "content": ref.text}
    if ref.urls:
        told["url"] = ref.urls[0]
    return {"license": told}


def properties(terms: Terms, prefix: str) -> list[Json]:
    """Say the licences as expressions, NONE and NOASSERTION among them, and why."""
    said = {"declared": terms.declared, "concluded": terms.concluded, "why": terms.why}
    return [{"name": f"{prefix}:license:{name}", "value": value} for name, value in said.items() if value]
