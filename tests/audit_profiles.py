"""The frameworks' part of the sample audit: every state of each of them, and words of a hostile stranger."""

from __future__ import annotations

from typing import Literal

from openness_audit.model import profiles as doc
from openness_audit.model.profiles import Met, MofState

HARNESS = "the harness <script>alert(1)</script> is named | only"


def _component(
    name: str, class_: Literal["I", "II", "III"], state: MofState, why: str, *by: str, required: bool = True
) -> doc.MofComponentDoc:
    return doc.MofComponentDoc(
        name=name,
        class_=class_,
        required=required,
        state=state,
        license="Apache-2.0" if state == "included" else None,
        type_appropriate=None,
        why=why,
        by=by,
    )


_MOF = (
    _component("Model architecture", "III", "included", "under Apache-2.0", "architecture"),
    _component("Model parameters (Final)", "III", "included", "under Apache-2.0", "weights"),
    _component("Evaluation results", "III", "included", "under Apache-2.0 of github.com/acme/tern"),
    _component("Data card", "III", "unknown", "the licence of datasets/acme/tern-corpus was not seen", "data-card"),
    _component("Sample model outputs", "III", "unknown", "not looked for; it is optional", required=False),
    _component("Training code", "II", "invalid", "LicenseRef-hf-llama2 is no open licence", "training-code"),
    _component("Evaluation code", "II", "missing", f"only in part: {HARNESS}", "evaluation-code"),
    _component("Supporting libraries and tools", "II", "included", "under Apache-2.0", required=False),
    _component("Research paper", "I", "missing", "no paper is linked", "technical-report"),
    _component("Datasets", "I", "unlicensed", "datasets/acme/tern-corpus declares none", "pretraining-data"),
)
_GAPS = tuple(
    doc.MofGapDoc(component=row.name, class_=row.class_, state=row.state, why=row.why)
    for row in _MOF
    if row.required and row.state != "included"
)
MOF = doc.MofDoc(
    class_="not-determined",
    label="Not determined",
    at_least="none",
    at_most="III",
    by_release_license="III",
    progress=doc.ProgressDoc(I=0.0, II=0.0, III=83.33),
    progress_at_most=doc.ProgressDoc(I=0.0, II=90.0, III=100.0),
    missing=tuple(gap for gap in _GAPS if gap.state != "unknown"),
    not_determined=tuple(gap for gap in _GAPS if gap.state == "unknown"),
    components=_MOF,
)


def _element(status: Met, why: str, *by: str) -> doc.ElementDoc:
    return doc.ElementDoc(status=status, why=why, by=by)


OSAID = doc.OsaidDoc(
    verdict="fails-terms",
    decides=("terms.parameters",),
    why="terms of the weights (LicenseRef-tern); whether every part is there is not determined",
    components_met="not-determined",
    terms_met="not-met",
    components={
        "data-information": _element("met", "one of two corpora is public as used", "pretraining-data"),
        "training-code": _element("met", "github.com/acme/tern holds training code", "training-code"),
        "inference-code": _element("not-determined", HARNESS, "inference-code"),
    },
    terms={
        "parameters": _element("not-met", "LicenseRef-tern", "weights"),
        "access": _element("met", "access is not gated"),
    },
)
OSAI = doc.OsaiDoc(
    total=None,
    low=4.5,
    high=5.5,
    of=12,
    dimensions={
        "datasources_basemodel": doc.DimensionDoc(
            status="partial", low=0.5, high=0.5, why="one of two corpora is public", by=("pretraining-data",)
        ),
        "weights_endmodel": doc.DimensionDoc(status="open", low=1.0, high=1.0, why="3 of 3 shards", by=("weights",)),
        "code": doc.DimensionDoc(status="unknown", low=0.0, high=1.0, why="how well it is documented", by=()),
        "paper": doc.DimensionDoc(status="closed", low=0.0, high=0.0, why="no peer-reviewed paper was seen", by=()),
    },
)


def _item(name: str, question: str, result: doc.EuResult, why: str) -> doc.EuItemDoc:
    return doc.EuItemDoc(id=name, question=question, result=result, why=why, by=())


EU = doc.EuGpaiDoc(
    note="evidence found or not found; never a legal conclusion",
    exemption=(
        _item("licence", "a licence that allows modification", "not-determined", "LicenseRef-tern takes a reader"),
        _item("access", "access to the weights without a gate", "found", "access is not gated"),
    ),
    duties=(
        _item("training-content-summary", "a summary of the content", "not-found", "none in the card"),
        _item("copyright-policy", "a policy to comply with copyright law", "not-looked-for", "no rule looks for it"),
    ),
)
PROFILES = doc.ProfilesDoc(mof=MOF, osaid=OSAID, osai=OSAI, eu_gpai=EU)
