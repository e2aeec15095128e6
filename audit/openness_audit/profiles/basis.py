"""What every profile reads: each component's level, the licences that cover it, and where that was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from openness_audit.inherit import blend_bounds
from openness_audit.model.assessment import UNKNOWN, Bounds
from openness_audit.model.evidence import ORDER, Level
from openness_audit.profiles.data import load_profiles

OPEN = Bounds("open", "open")
CLOSED = Bounds("closed", "closed")


class Cover(Struct, frozen=True):
    """A licence and whose words they are ("the release", "github.com/acme/tern")."""

    expression: str
    family: str
    of: str

    @property
    def name(self) -> str:
        """The licence in words; terms without a name are told by their family."""
        nameless = self.expression == "NOASSERTION" and self.family != "unknown"
        return f"{self.family} terms" if nameless else self.expression


class Item(Struct, frozen=True, kw_only=True):
    """One component: its bounds (None where it does not apply), why, and the licences of all that it was seen in."""

    id: str
    bounds: Bounds | None
    why: str
    covers: tuple[Cover, ...] = ()
    looked_for: bool = True  # false for what no rule asks about

    @property
    def word(self) -> str:
        """The level in a word."""
        if self.bounds is None:
            return "not applicable"
        return self.bounds.low if self.bounds.known else "not determined"


class Basis(Struct, frozen=True, kw_only=True):
    """Everything a profile may read; `release` is the licence of the release as its publisher gives it."""

    subject: str
    gated: bool | None
    items: Mapping[str, Item]
    release: Cover

    def get(self, name: str) -> Item:
        """Give a component; one that nobody looked for is not determined."""
        return self.items.get(name) or Item(id=name, bounds=UNKNOWN, why="not looked for", looked_for=False)

    def all(self, names: Iterable[str]) -> tuple[Item, ...]:
        """Give those of the components that apply."""
        return tuple(item for item in map(self.get, names) if item.bounds is not None)


def named(items: Iterable[Item]) -> tuple[str, ...]:
    """Name the components of the document that these are or are made from: there the evidence is cited."""
    derived = load_profiles().covers.derived
    rows = (derived[item.id].by if item.id in derived else (item.id,) for item in items)
    return tuple(dict.fromkeys(name for row in rows for name in row))


def lowest(items: Iterable[Item]) -> Bounds | None:
    """Give the bounds of several components that are all needed: the lowest of both ends; None for none."""
    bounds = [item.bounds for item in items if item.bounds is not None]
    if not bounds:
        return None
    return Bounds(
        min((b.low for b in bounds), key=ORDER.__getitem__), min((b.high for b in bounds), key=ORDER.__getitem__)
    )


def blended(items: Iterable[Item]) -> Bounds | None:
    """Give the bounds of several components that each count for a part: partial where they differ; None for none."""
    bounds = [item.bounds for item in items if item.bounds is not None]
    return blend_bounds(bounds) if bounds else None


def reaches(level: Level, enough: Level) -> bool:
    """Say whether a level is enough."""
    return ORDER[level] >= ORDER[enough]


def because(items: Iterable[Item]) -> str:
    """Word why, one component after the other, those that are not open first."""
    ordered = sorted(items, key=lambda item: item.bounds is not None and item.bounds.low == "open")
    return "; ".join(dict.fromkeys(item.why for item in ordered if item.why))
