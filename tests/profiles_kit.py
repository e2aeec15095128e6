"""Findings to read profiles from: short tables of levels and licences."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from openness_audit.inherit import between
from openness_audit.model.assessment import LEVELS, UNKNOWN, Bounds
from openness_audit.model.evidence import ORDER
from openness_audit.profiles.basis import Basis, Cover, Item
from openness_audit.profiles.mof_licenses import cover_of

NAMES = (
    "architecture", "weights", "full-weights", "base-weights", "evaluation-results", "model-card", "data-card",
    "technical-report", "research-paper", "reviewed-paper", "training-code", "finetuning-code", "tuning-code",
    "inference-code", "evaluation-code", "evaluation-data", "libraries", "pretraining-data", "finetuning-data",
    "data-preparation-code", "checkpoints", "training-metrics", "compute", "usage", "code-documentation",
    "training-content-summary",
)  # fmt: skip
WORDS: dict[str, Bounds | None] = {
    **{level: Bounds(level, level) for level in LEVELS},
    "unknown": UNKNOWN,
    "none": None,
}
LICENSES = (
    "Apache-2.0",
    "MIT",
    "CC-BY-4.0",
    "openmdw-1.1",
    "llama2",
    "cc-by-nc-4.0",
    "NONE",
    "NOASSERTION",
    "restricted",
    "bsd",
)
SETS = ((), *((one,) for one in LICENSES), *pairwise(LICENSES))
ALL = [Bounds(low, high) for low in LEVELS for high in LEVELS if ORDER[low] <= ORDER[high]]


def cover(text: str, of: str = "the release") -> Cover:
    """Give a licence; NONE and NOASSERTION as the audit writes them."""
    if text == "NOASSERTION":
        return Cover("NOASSERTION", "unknown", of)
    if text == "restricted":
        return Cover("NOASSERTION", "community", of)
    return Cover("NONE", "none-declared", of) if text == "NONE" else cover_of(text, of)


def basis(
    levels: dict[str, str], default: str = "closed", license_: str = "Apache-2.0", *, gated: bool | None = False,
    licenses: dict[str, str] | None = None,
) -> Basis:  # fmt: skip
    """Give findings: a level for each component by name, one licence for all but those named."""
    said = licenses or {}
    items = {
        name: Item(
            id=name,
            bounds=WORDS[levels.get(name, default)],
            why=f"{name} is {levels.get(name, default)}",
            covers=(cover(said.get(name, license_), name),),
        )
        for name in NAMES
    }
    return Basis(subject="org/model", gated=gated, items=items, release=cover(license_))


@st.composite
def bases(draw: st.DrawFn) -> Basis:
    """Draw findings of every kind."""
    items = {}
    for name in NAMES:
        bounds = draw(st.sampled_from((None, *ALL)))
        covers = tuple(cover(text, name) for text in draw(st.sampled_from(SETS)))
        items[name] = Item(id=name, bounds=bounds, why=f"{name}!", covers=covers)
    gated = draw(st.sampled_from([True, False, None]))
    return Basis(subject="org/model", gated=gated, items=items, release=cover(draw(st.sampled_from(LICENSES))))


def resolutions(item: Item) -> list[Item]:
    """Give every way a component may turn out."""
    if item.bounds is None or item.bounds.known:
        return [item]
    return [
        Item(id=item.id, bounds=Bounds(level, level), why=item.why, covers=item.covers)
        for level in between(item.bounds)
    ]


def changed(base: Basis, item: Item) -> Basis:
    """Give the findings with one component changed."""
    return Basis(subject=base.subject, gated=base.gated, items={**base.items, item.id: item}, release=base.release)
