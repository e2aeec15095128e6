"""The sample audit as a policy judges it: every way a clause can stand, a void waiver, an exception, a wanted use."""

from __future__ import annotations

from msgspec.structs import replace

from audit_sample import AUDIT, BIDI, SCRIPT
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc, VoidWaiverDoc, WaiverDoc

WAIVER = WaiverDoc(
    reason="separate-agreement",
    approver="legal@acme.example",
    ticket="T-7",
    granted="2026-10-01",
    expires="2027-01-01",
    text=f"the vendor signed {SCRIPT}",
    commit="0" * 40,
    license_digest="sha256:" + "0" * 64,
)
CLAUSES = (
    ClauseDoc(id="weights-open", check="component", met="met", why="weights are open", evidence=("e-00000000000a",)),
    ClauseDoc(
        id="no-restricted",
        check="license-family",
        met="violated",
        why="the effective licence is of the family non-commercial, which is denied",
        message=f"talk to legal first {BIDI}",
        evidence=("e-00000000000a",),
    ),
    ClauseDoc(id="score-floor", check="score", met="unknown", why="40 points are asked for; the score is 20-60"),
    ClauseDoc(
        id="data-known", check="component", met="unknown", why="the training data is not determined", accepted=True
    ),
    ClauseDoc(id="serve", check="use", met="waived", why="serving it is not allowed", waiver=WAIVER),
)


def gated(*clauses: ClauseDoc, wanted: str | None = "serve", found: bool = True) -> Audit:
    """Give the sample audit judged by a policy of these clauses."""
    stands = {c.met for c in clauses if not c.accepted}
    result = "violated" if "violated" in stands else "no-verdict" if "unknown" in stands else "met"
    policy = PolicyDoc(
        name="Acme: models in products",
        digest="sha256:" + "5" * 64,
        path=".modelaudit.yaml",
        result=result,  # type: ignore[arg-type]  # one of the three, by the line above
        clauses=clauses,
        found=found,
        overrides=("our own models may be gated",),
        void_waivers=(VoidWaiverDoc(on="data-known", why="it ended on 2026-11-01", waiver=WAIVER),),
    )
    return replace(AUDIT, verdict=replace(AUDIT.verdict, policy=policy, wanted=wanted))


GATED = gated(*CLAUSES)
