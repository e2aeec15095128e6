"""What the card claims of its openness x what was found -> held, contradicted or not determined. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import Struct

from openness_audit.evaluate import evaluate
from openness_audit.judge import Judgement
from openness_audit.model.assessment import Assessment, Evaluation
from openness_audit.model.chain import Chain
from openness_audit.model.claims import Claim, Held
from openness_audit.model.evidence import ORDER, Observed, Place
from openness_audit.model.facts import Facts
from openness_audit.model.facts_files import FileGroup
from openness_audit.model.facts_origins import CodeRepository
from openness_audit.model.rules import Rule

__all__ = ["RULE", "judge_claims", "with_claims"]

RULE = "claim-contradicted"  # the finding rule that reads what is judged here
MOST_PLACES = 3  # citations of each thing found
CODE = ("training-code", "finetuning-code", "evaluation-code", "inference-code", "data-preparation-code")
_CODE_FILES = {"training-code", "finetuning-code", "evaluation-code", "inference-code", "architecture-code"}
_WORST: dict[Held, int] = {"contradicted": 0, "not-determined": 1, "held": 2}
_NAMES = {
    "data": "training data",
    "pretraining-data": "pre-training data",
    "finetuning-data": "fine-tuning data",
    "checkpoints": "intermediate checkpoints",
    "training-metrics": "training logs",
}
_TERMS = {
    "behavioural-use": "which forbids some uses",
    "community": "a vendor's own terms",
    "non-commercial": "which keeps out commercial use",
    "no-derivatives": "which forbids changed versions",
    "proprietary": "which grants no free use",
}


class Verdict(Struct, frozen=True):
    """What one part of a claim comes to, why, and where that stands."""

    held: Held
    why: str
    places: tuple[Place, ...] = ()


class Basis(Struct, frozen=True, kw_only=True):
    """What claims are held against."""

    facts: Facts
    assessments: Mapping[str, Assessment]
    judgement: Judgement
    chain: Chain


def judge_claims(
    facts: Facts, assessments: Mapping[str, Assessment], judgement: Judgement, chain: Chain
) -> tuple[Claim, ...]:
    """Hold every claim against what was found.

    Args:
        facts: the subject's, with its claims.
        assessments: one per component rule.
        judgement: terms and extent.
        chain: the licence that applies, with upstream.

    Returns:
        The claims in order; promises and denials are not judged.
    """
    basis = Basis(facts=facts, assessments=assessments, judgement=judgement, chain=chain)
    return tuple(_judged(claim, basis) if claim.polarity == "affirmed" else claim for claim in facts.claims)


def with_claims(
    facts: Facts, rules: Iterable[Rule], found: Evaluation, judgement: Judgement, chain: Chain
) -> tuple[Facts, Evaluation]:
    """Judge the claims, and add what the rule on contradicted ones finds."""
    if not facts.claims:
        return facts, found
    facts = msgspec.structs.replace(facts, claims=judge_claims(facts, found.assessments, judgement, chain))
    more = evaluate(tuple(rule for rule in rules if rule.id == RULE), facts).findings
    order = {"error": 0, "warning": 1, "note": 2}
    findings = sorted((*found.findings, *more), key=lambda f: (order[f.severity], f.rule, f.key))
    return facts, msgspec.structs.replace(found, findings=tuple(findings))


def _judged(claim: Claim, basis: Basis) -> Claim:
    parts = _KINDS[claim.kind](claim, basis)
    worst = min((part.held for part in parts), key=_WORST.__getitem__, default="not-determined")
    told = [part for part in parts if part.held == worst]
    return msgspec.structs.replace(
        claim,
        held=worst,
        why="; ".join(dict.fromkeys(part.why for part in told)),
        found=tuple(dict.fromkeys(place for part in told for place in part.places[:MOST_PLACES])),
    )


def _terms(basis: Basis) -> Verdict:
    """Say whether the terms that apply to the weights are open."""
    left, terms = basis.chain.effective, basis.judgement.terms
    declared = basis.facts.licenses.declared
    places = basis.facts.licenses.own.places or (declared.places if isinstance(declared, Observed) else ())
    if terms == "open":
        return Verdict("held", f"the licence is {left.expression}", places)
    if terms == "unlicensed":
        return Verdict("contradicted", "no licence is declared, so nothing is granted", places)
    if terms == "restricted":
        above = tuple(p for link in basis.chain.binding[1:] for p in link.places)
        kept = _TERMS.get(left.family, "which restricts the use")
        named = left.expression if left.expression != "NOASSERTION" else "a licence of no known name"
        said = f"{named} applies, {kept}: not an open-source licence"
        return Verdict("contradicted", said, (*places[:1], *above[:1]))
    return Verdict("not-determined", f"the terms are not determined: {left.why}", places)


def _part(name: str, basis: Basis) -> Assessment | None:
    """Give a component's assessment; None where the question does not apply."""
    found = basis.assessments.get(name)
    return found if found is not None and found.bounds is not None else None


def _component(name: str, basis: Basis, claim: Claim, *, least: str = "open") -> Verdict:
    """Say whether a component is there, at least at this level."""
    found = _part(name, basis)
    called = _NAMES.get(name, name.replace("-", " "))
    if found is None or found.bounds is None:
        return Verdict("not-determined", f"{called}: does not apply to this model")
    why = found.short or found.why
    said = why if why.startswith(called) else f"{called}: {why}"
    there = ORDER[found.bounds.low] >= ORDER["open" if least == "open" else "partial"]
    if there and found.strength not in {"claimed", "none"}:  # words do not bear out words
        return Verdict("held", said, found.places)
    if found.bounds.high == "closed" and not claim.linked:
        return Verdict("contradicted", said, found.places)
    if found.bounds.high == "closed":
        said = f"{called}: not found; it may stand where the words around the sentence lead"
    return Verdict("not-determined", said, found.places)


def _weights(claim: Claim, basis: Basis, *, public: bool) -> Verdict:
    """Say whether the weights are there, and where `public` asks for it, for everyone."""
    found, gate = _part("weights", basis), basis.facts.subject.gated_cause
    if public and gate is not None:
        return Verdict("not-determined", f"whether the weights are behind a gate is not known: {gate.detail}")
    if found is not None and public and basis.facts.subject.gated and found.bounds and found.bounds.high != "closed":
        places = (basis.facts.subject.place,) if basis.facts.subject.place else ()
        return Verdict("contradicted", "the weights are behind a gate: not everyone can have them", places)
    return _component("weights", basis, claim, least="partial")


def _data(claim: Claim, basis: Basis) -> Verdict:
    """Say whether the model's own training data is there; of both stages the better counts, none is inherited."""
    found = []
    for stage in ("finetuning-data", "pretraining-data"):
        seen = _part(stage, basis)
        if seen is not None and seen.inherited_from and seen.own is not None:
            own = msgspec.structs.replace(seen, bounds=seen.own)
            basis = msgspec.structs.replace(basis, assessments={**basis.assessments, stage: own})
        if seen is not None:
            found.append(_component(stage, basis, claim))
    return max(found, key=lambda v: _WORST[v.held], default=Verdict("not-determined", "training data: not looked at"))


def _code(claim: Claim, basis: Basis) -> Verdict:
    """Say whether code of the model's own is there, of whatever use: a snippet or a harness in the card is none."""
    opened = [r for r in basis.facts.code if r.whose == "self" and isinstance(r.opened, Observed)]
    if opened:
        return Verdict("held", f"code: {opened[0].url} was opened", opened[0].places)
    files = _code_files(basis.facts)
    if files is not None:
        return Verdict("held", f"code: {files.paths[0]} in the repository", files.places)
    parts = {name: _component(name, basis, claim) for name in CODE if _part(name, basis)}
    if parts and all(v.held == "contradicted" for v in parts.values()) and not _repositories(basis):
        return Verdict("contradicted", "code not found: no repository of the model's own is linked")
    return Verdict("not-determined", "code: none that is the model's own was seen")


def _code_files(facts: Facts) -> FileGroup | None:
    """Give files of code in the model's own repository."""
    groups = facts.files.value.groups if isinstance(facts.files, Observed) else ()
    return next((g for g in groups if g.kind in _CODE_FILES and g.paths), None)


def _repositories(basis: Basis) -> list[CodeRepository]:
    """Give the linked repositories that may be the model's own: all but tools in general."""
    return [r for r in basis.facts.code if r.whose != "generic"]


def _role(name: str, claim: Claim, basis: Basis) -> Verdict:
    """Say whether code of one use is there; of training, either stage's counts."""
    if name == "inference-code":  # which a snippet in the card opens
        return _code(claim, basis)
    names = ("training-code", "finetuning-code") if name == "training-code" else (name,)
    found = max((_component(n, basis, claim) for n in names), key=lambda v: _WORST[v.held])
    linked = _repositories(basis)
    if found.held != "contradicted" or not linked:
        return found
    said = f"{name.replace('-', ' ')}: {linked[0].url} is linked, and was not seen to hold it"
    return Verdict("not-determined", said, linked[0].places)


def _thing(name: str, claim: Claim, basis: Basis) -> Verdict:
    """Say whether what a claim names is there."""
    if name in {"model", "weights"}:
        return _weights(claim, basis, public=False)
    if name == "data":
        return _data(claim, basis)
    if name == "code":
        return _code(claim, basis)
    if name in CODE:
        return _role(name, claim, basis)
    return _component(name, basis, claim, least="open" if claim.whole else "partial")


def _everything(claim: Claim, basis: Basis) -> list[Verdict]:
    """Hold a claim of all being there against weights, data and the code that made the model."""
    stages = [name for name in ("pretraining-data", "finetuning-data") if _part(name, basis)]
    parts = [_component(name, basis, claim) for name in stages]
    return [_weights(claim, basis, public=True), *parts, _role("training-code", claim, basis)]


def _open_source(claim: Claim, basis: Basis) -> list[Verdict]:
    things = [name for name in claim.about if name != "model"]
    parts = [v for name in things for v in _named(name, claim, basis)]
    if set(claim.about) & {"model", "weights", "everything"}:
        weights = _weights(claim, basis, public=True)
        if weights.held == "contradicted" and basis.facts.subject.gated:
            weights = msgspec.structs.replace(weights, held="not-determined")  # open terms may stand behind a gate
        parts += [_terms(basis), weights]
    return parts


def _named(name: str, claim: Claim, basis: Basis) -> list[Verdict]:
    return _everything(claim, basis) if name == "everything" else [_thing(name, claim, basis)]


def _released(claim: Claim, basis: Basis) -> list[Verdict]:
    return [v for name in claim.about for v in _named(name, claim, basis)]


def _fully_open(claim: Claim, basis: Basis) -> list[Verdict]:
    return [_terms(basis), *_everything(claim, basis)]


def _open_weights(claim: Claim, basis: Basis) -> list[Verdict]:
    return [_weights(claim, basis, public=True)]


def _open_data(claim: Claim, basis: Basis) -> list[Verdict]:
    """Hold "public data only" against the data: what is not named can be neither confirmed nor denied."""
    found = _data(claim, basis)
    if found.held == "contradicted":
        found = msgspec.structs.replace(found, held="not-determined")
    return [found]


def _reproducible(claim: Claim, basis: Basis) -> list[Verdict]:
    return _everything(claim, basis)


_KINDS: dict[str, Callable[[Claim, Basis], list[Verdict]]] = {
    "open-source": _open_source,
    "fully-open": _fully_open,
    "open-weights": _open_weights,
    "open-data": _open_data,
    "released": _released,
    "reproducible": _reproducible,
}
