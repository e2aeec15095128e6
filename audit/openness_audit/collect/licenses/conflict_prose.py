"""Find where a card's words forbid what its tag allows; a false accusation is worse than a missed one."""

from __future__ import annotations

from openness_audit.collect.licenses.declared import Declaration, within
from openness_audit.licenses.families import COMMERCE, OPEN, RESTRICTED
from openness_audit.model.facts_licenses import LicenseConflict, LicenseProse

__all__ = ["tag_prose"]


def tag_prose(tag: Declaration, prose: tuple[LicenseProse, ...]) -> list[LicenseConflict]:
    """List where the card's words forbid what the tag allows."""
    if tag.resolved.family not in COMMERCE:
        return []
    own = [p for p in prose if p.whose == "self" and p.scope in ("model", "weights", "unknown")]
    agreeing = any(p.expression and within(p.expression, tag) for p in own)
    found = []
    for said in own:
        if said.restricts and said.scope != "unknown" and _closes(said, tag):
            why = f"the metadata says {tag.resolved.expression}, the card binds users: {said.text!r}"
        elif (
            said.expression
            and said.family in RESTRICTED
            and said.scope in ("model", "weights")
            and tag.resolved.family in OPEN
            and not agreeing
            and not within(said.expression, tag)
        ):
            why = f"the metadata says {tag.resolved.expression}, the card says {said.expression}"
        else:
            continue
        found.append(
            LicenseConflict(
                kind="tag-prose",
                between=(tag.resolved.expression or "", said.expression or said.family),
                why=why,
                severity="error",
                confidence="high" if said.restricts and said.family == "non-commercial" else "medium",
                places=(*tag.places, said.place),
            )
        )
    return list({c.between: c for c in reversed(found)}.values())[::-1]


def _closes(said: LicenseProse, tag: Declaration) -> bool:
    """Tell whether words that bind take away what the tag gives; a vendor's terms often ask for registration anyway."""
    return said.family == "non-commercial" or tag.resolved.family != "community"
