"""What was scored -> terms, class and the sentence that leads every report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from openness_audit.model.assessment import Assessment
from openness_audit.model.audit_verdict import Extent, IfFixed, Terms
from openness_audit.model.evidence import Availability
from openness_audit.model.facts import Facts
from openness_audit.model.profiles import OsaidVerdict, ProfilesDoc
from openness_audit.profiles.basis import Basis
from openness_audit.profiles.profile import read_osaid, read_profiles, seed
from openness_audit.profiles.read import basis_of
from openness_audit.scoring import Criterion, Score, criteria, extent, if_fixed, score

TERMS: dict[str, Terms] = {
    "osi": "open",
    "permissive": "open",
    "open-data": "open",
    "permissive-model": "open",
    "behavioural-use": "restricted",
    "community": "restricted",
    "non-commercial": "restricted",
    "no-derivatives": "restricted",
    "proprietary": "restricted",
    "none-declared": "unlicensed",
    "unknown": "undetermined",
}


class Judgement(Struct, frozen=True, kw_only=True):
    """Everything that is concluded."""

    criteria: tuple[Criterion, ...]
    score: Score
    if_fixed: tuple[IfFixed, ...]
    terms: Terms
    extent: Extent
    osaid: Literal["yes", "no", "undetermined"]
    class_: str
    sentence: str
    profiles: ProfilesDoc
    disagreements: tuple[str, ...]


_CONFORMS: dict[OsaidVerdict, Literal["yes", "no", "undetermined"]] = {
    "conforms": "yes",
    "not-determined": "undetermined",
}
_TERMS_WORDS: dict[Terms, str] = {
    "open": "Open {what}",
    "restricted": "Restricted {what} ({family})",
    "unlicensed": "Unlicensed {what} (no licence declared)",
    "undetermined": "{What} under undetermined terms",
}
_UNSEEN_WORDS: dict[Terms, str] = {  # nobody has seen the weights: the headline must not speak of any
    "open": "Open licence",
    "restricted": "Restricted licence ({family})",
    "unlicensed": "No licence declared",
    "undetermined": "Terms not determined",
}
_EXTENT_WORDS: dict[Extent, str] = {
    "reproducible": "reproducible",
    "partly-reproducible": "partly reproducible",
    "weights-only": "not reproducible",
    "no-weights": "no weights in the repository",
    "undetermined": "reproducibility not determined",
}
_FAMILY_WORDS = {
    "behavioural-use": "behavioural-use restrictions",
    "community": "vendor community terms",
    "non-commercial": "non-commercial",
    "no-derivatives": "no derivatives",
    "proprietary": "proprietary",
}


def _missing(found: tuple[Criterion, ...], training_code: Availability) -> str:
    """Name what keeps the model from being reproducible, most important first."""
    words: dict[tuple[str, str], str] = {
        ("data", "closed"): "training data not identified",
        ("data", "partial"): "training data only partly public",
        ("data", "unknown"): "training data not determined",
        ("weights", "partial"): "weights not freely downloadable in full precision",
        ("weights", "unknown"): "weights not determined",
        ("evaluation-code", "closed"): "no evaluation code",
        ("finetuning-code", "closed"): "no fine-tuning code",
    }
    if not _unseen(found):
        words["weights", "unknown"] = "not all is known of the weights"
    said = [words[c.id, c.status] for c in found if (c.id, c.status) in words]
    if training_code in ("closed", "partial"):
        said.append("no training code" if training_code == "closed" else "training code incomplete")
    return ", ".join(said[:2])


def _unseen(found: tuple[Criterion, ...]) -> bool:
    """Say whether it is unknown that there are any weights at all."""
    return any(
        c.id == "weights" and c.status == "unknown" and (not c.bounds or c.bounds.low == "closed") for c in found
    )


def sentence(  # noqa: PLR0917 - everything the verdict is made of
    facts: Facts, found: tuple[Criterion, ...], terms: Terms, ext: Extent, family: str, training_code: Availability
) -> str:
    """Say the verdict in one sentence, worst news included."""
    what = "model" if ext == "no-weights" else "weights"
    words = _UNSEEN_WORDS if _unseen(found) else _TERMS_WORDS
    lead = words[terms].format(what=what, What=what.capitalize(), family=_FAMILY_WORDS.get(family, family))
    gate = ", gated" if facts.subject.gated else ""
    missing = _missing(found, training_code) if ext != "reproducible" else ""
    return f"{lead}{gate}, {_EXTENT_WORDS[ext]}{': ' + missing if missing else ''}"


def judge(
    facts: Facts,
    assessments: Mapping[str, Assessment],
    family: str,
    basis: Basis | None = None,
    *,
    brief: bool = False,
) -> Judgement:
    """Conclude.

    Args:
        facts: the subject's facts (for the gate and its name).
        assessments: one per component rule.
        family: the family of the effective licence (criteria.md section 4).
        basis: what the frameworks' profiles read; without it, what the subject's own facts say.
        brief: of the frameworks' profiles read only the one that the class hangs on, and work out no gains.

    Returns:
        Criteria, score interval, class, sentence and profiles.
    """
    found = criteria(assessments)
    points = score(found)
    terms = TERMS.get(family, "undetermined")
    ext = extent(found, assessments)
    five = seed({c.id: c.status for c in found}, points.value, points.low, points.high)
    read = (read_osaid if brief else read_profiles)(basis or basis_of(facts, assessments, family=family), five)
    conforms = _CONFORMS.get(read.profiles.osaid.verdict, "no") if read.profiles.osaid else "undetermined"
    training = assessments.get("training-code")
    said = sentence(facts, found, terms, ext, family, training.availability if training else "unknown")
    return Judgement(
        criteria=found,
        score=points,
        if_fixed=() if brief else if_fixed(found, assessments),
        terms=terms,
        extent=ext,
        osaid=conforms,
        class_="open-source-ai" if conforms == "yes" else f"{terms}-{ext}",
        sentence=f"{said}; the checklist of the Open Source AI Definition is met" if conforms == "yes" else said,
        profiles=read.profiles,
        disagreements=read.disagreements,
    )
