"""A vendor's licence on somebody else's model tells that it was made from the vendor's, even where no base is named."""

from __future__ import annotations

from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import Lineage
from openness_audit.packaged import read_as


class VendorLicense(Struct, frozen=True, forbid_unknown_fields=True):
    """Hub licence ids, and the vendor's own organisations."""

    licenses: tuple[str, ...]
    publishers: tuple[str, ...]


@cache
def _table() -> dict[str, tuple[str, ...]]:
    entries = read_as("vocabulary/base-licenses.yaml", list[VendorLicense])
    return {license_id: entry.publishers for entry in entries for license_id in entry.licenses}


def derived_by_license(lineage: Lineage, card: Card | None, info: RepoInfo) -> Lineage:
    """Turn a base model that bears another vendor's licence into a fine-tune whose base is not named.

    Args:
        lineage: what card, metadata and files say; only one without a base model is changed.
        card: for the licence in its metadata and the line it stands on.
        info: for the publisher.

    Returns:
        The lineage, with the metadata's line as its place where it was changed.
    """
    if lineage.derivation != "base" or lineage.parents or card is None:
        return lineage
    declared = card.front_matter.values.get("license")
    publishers = _table().get(declared.lower()) if isinstance(declared, str) else None
    if publishers is None or info.id.partition("/")[0].lower() in publishers:
        return lineage
    line = card.front_matter.lines.get("license", 1)
    place = card.document.at(line, f"license: {declared}", text_kind="yaml")
    return msgspec.structs.replace(lineage, derivation="finetune", places=(place,), tuned=lineage.tuned)
