"""Read one model's findings by every framework."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.model.evidence import Availability
from openness_audit.model.profiles import ProfilesDoc, SeedDoc
from openness_audit.profiles.basis import Basis
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.disagreements import disagreements
from openness_audit.profiles.eu_gpai import eu_gpai
from openness_audit.profiles.mof import mof
from openness_audit.profiles.osai import osai
from openness_audit.profiles.osaid import osaid


class Read(Struct, frozen=True):
    """The profiles, and where they disagree."""

    profiles: ProfilesDoc
    disagreements: tuple[str, ...]


def seed(criteria: dict[str, Availability], value: int | None, low: int, high: int) -> SeedDoc:
    """Word the five criteria as a profile beside the others."""
    return SeedDoc(criteria=criteria, value=value, low=low, high=high)


def read_osaid(basis: Basis, five: SeedDoc) -> Read:
    """Read the findings by the Open Source AI Definition alone."""
    return Read(ProfilesDoc(seed=five, osaid=osaid(load_profiles().osaid, basis)), ())


def read_profiles(basis: Basis, five: SeedDoc) -> Read:
    """Read the findings by every framework.

    Args:
        basis: what was found.
        five: the five criteria as they were judged.

    Returns:
        All profiles, and one sentence for each disagreement.
    """
    rules = load_profiles()
    by_mof, by_osi, index = mof(rules.mof, basis), osaid(rules.osaid, basis), osai(rules.osai, basis)
    return Read(
        ProfilesDoc(seed=five, mof=by_mof, osaid=by_osi, osai=index, eu_gpai=eu_gpai(rules.eu_gpai, basis)),
        disagreements(five, by_mof, by_osi, index),
    )
