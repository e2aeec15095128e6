"""The profiles part of the audit document: one model, read by each framework's own rules."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from openness_audit.model.document import Document
from openness_audit.model.evidence import Availability

MofClass: TypeAlias = Literal["I", "II", "III", "none"]
MofState: TypeAlias = Literal["included", "invalid", "unlicensed", "missing", "unknown"]
Met: TypeAlias = Literal["met", "not-met", "not-determined"]
OsaidVerdict: TypeAlias = Literal["conforms", "fails-terms", "fails-components", "fails-both", "not-determined"]
EuResult: TypeAlias = Literal["found", "not-found", "not-determined", "not-looked-for"]


class SeedDoc(Document, frozen=True):
    """The five criteria this program grew from."""

    criteria: dict[str, Availability]
    value: int | None
    low: int
    high: int


class ProgressDoc(Document, frozen=True):
    """Percent of the required components of each class; 0 until the class before is complete."""

    I: float  # noqa: E741 - the framework's own name
    II: float
    III: float


class MofComponentDoc(Document, frozen=True):
    """One of the seventeen components.

    `state`: included; invalid (its licence is not open); unlicensed; missing; unknown. `type_appropriate` says whether
    the licence is made for this kind of content, a remark that decides nothing. `by` names the components it was read
    from.
    """

    name: str
    class_: Literal["I", "II", "III"] = field(name="class")
    required: bool
    state: MofState
    license: str | None
    type_appropriate: bool | None
    why: str
    by: tuple[str, ...]


class MofGapDoc(Document, frozen=True):
    """A required component that keeps the model from a class, or whose state is not determined, and why."""

    component: str
    class_: Literal["I", "II", "III"] = field(name="class")
    state: MofState
    why: str


class MofDoc(Document, frozen=True):
    """The class by the Model Openness Framework.

    `at_least` and `at_most` are what the class can be while components are not determined. `progress` counts what is
    surely there, `progress_at_most` what is not determined as well. `by_release_license` is the class the framework's
    own tool would give, which lets the release's licence cover whatever nobody read the terms of.
    """

    class_: Literal["I", "II", "III", "none", "not-determined"] = field(name="class")
    label: str
    at_least: MofClass
    at_most: MofClass
    by_release_license: MofClass
    progress: ProgressDoc
    progress_at_most: ProgressDoc
    missing: tuple[MofGapDoc, ...]
    not_determined: tuple[MofGapDoc, ...]
    components: tuple[MofComponentDoc, ...]


class ElementDoc(Document, frozen=True):
    """One element of the Open Source AI Definition's checklist; `by` names the components it was read from."""

    status: Met
    why: str
    by: tuple[str, ...]


class OsaidDoc(Document, frozen=True):
    """The Open Source AI Definition: components and terms apart; `decides` names the elements that decide."""

    verdict: OsaidVerdict
    decides: tuple[str, ...]
    why: str
    components_met: Met
    terms_met: Met
    components: dict[str, ElementDoc]
    terms: dict[str, ElementDoc]


class DimensionDoc(Document, frozen=True):
    """One dimension of the index: its level and the points it gives, as an interval where it is not determined."""

    status: Literal["open", "partial", "closed", "unknown"]
    low: float
    high: float
    why: str
    by: tuple[str, ...]


class OsaiDoc(Document, frozen=True):
    """The European Open Source AI Index; `total` only where every dimension is determined."""

    total: float | None
    low: float
    high: float
    of: int
    dimensions: dict[str, DimensionDoc]


class EuItemDoc(Document, frozen=True):
    """One piece of evidence the Act speaks of, and whether it was found."""

    id: str
    question: str
    result: EuResult
    why: str
    by: tuple[str, ...]


class EuGpaiDoc(Document, frozen=True):
    """Evidence for the exemption of Article 53(2), and for the two duties that stay; never a conclusion."""

    note: str
    exemption: tuple[EuItemDoc, ...]
    duties: tuple[EuItemDoc, ...]


class ProfilesDoc(Document, frozen=True):
    """All profiles."""

    seed: SeedDoc | None = None
    mof: MofDoc | None = None
    osaid: OsaidDoc | None = None
    osai: OsaiDoc | None = None
    eu_gpai: EuGpaiDoc | None = None
