"""A hand-written audit that exercises every report: unknowns, findings, and words of a hostile stranger."""

from __future__ import annotations

from audit_profiles import PROFILES
from openness_audit.model.audit import (
    SCHEMA_ID,
    Audit,
    EvidenceDoc,
    FileDoc,
    NotCheckedDoc,
    RequestsDoc,
    RuleSet,
    RunDoc,
    SubjectDoc,
    Tool,
)
from openness_audit.model.audit_components import AssessmentDoc, ComponentDoc, ComponentLicense, TrialDoc, UnknownDoc
from openness_audit.model.audit_findings import ClaimDoc, FindingDoc, RemediationDoc
from openness_audit.model.audit_licenses import (
    ChainDoc,
    ConflictDoc,
    DeclaredDoc,
    LicenseProseDoc,
    LicensesDoc,
    LicenseTextDoc,
    ObligationDoc,
    ResolvedLicense,
    UseDoc,
)
from openness_audit.model.audit_origins import (
    CodeRepositoryDoc,
    EdgeDoc,
    LineageDoc,
    NodeDoc,
    ParentDoc,
    TrainingDataDoc,
)
from openness_audit.model.audit_policy import WaiverDoc
from openness_audit.model.audit_verdict import CriterionDoc, IfFixed, ScoreDoc, VerdictDoc
from openness_audit.model.evidence import Availability, Level, Strength

SHA = "0123456789abcdef0123456789abcdef01234567"
HUB = f"https://huggingface.co/acme/tern-7b/blob/{SHA}"
SCRIPT = "<script>alert(1)</script>"
BIDI = "safe\u202egpj.exe"
BELL = "\x1b[31mred\x07"


def evidence(
    key: str, path: str | None, line: int | None, excerpt: str | None, *, strength: Strength = "declared", **other: str
) -> EvidenceDoc:
    return EvidenceDoc(
        id=key,
        kind=other.get("kind", "card"),
        repo=other.get("repo", "acme/tern-7b"),
        sha=SHA,
        path=path,
        url=other.get("url", f"{HUB}/{path}"),
        line=line,
        line_end=None,
        excerpt=excerpt,
        sha256="ab" * 32,
        text_kind=other.get("text_kind", "prose"),
        strength=strength,
        retrieved_at="2026-11-20T10:00:00Z",
        from_cache=False,
    )


EVIDENCE = (
    evidence("e-00000000000a", "README.md", 41, "Trained on the Tern Corpus and on a filtered version of Wikipedia."),
    evidence(
        "e-00000000000b",
        None,
        None,
        None,
        strength="verified",
        kind="listing",
        url=f"https://huggingface.co/acme/tern-7b/tree/{SHA}",
        text_kind="name",
    ),
    evidence("e-00000000000c", "README.md", 77, f"Run the {SCRIPT} & [click](javascript:alert(1)) harness | now"),
    evidence("e-00000000000d", "LICENSE", 212, "You may not use the Model for surveillance.", text_kind="licence-text"),
    evidence(
        "e-00000000000e",
        f"weights/{BIDI}",
        None,
        f"{BELL} @everyone",
        kind="file",
        url="javascript:alert(document.domain)",
    ),
    evidence(
        "e-00000000000f",
        "train/run.sh",
        3,
        "python train.py --config tern7b.yaml",
        strength="verified",
        kind="code-repository",
        repo="github.com/acme/tern",
        url=f"https://github.com/acme/tern/blob/{SHA}/train/run.sh",
        text_kind="code",
    ),
)

RATE = UnknownDoc(
    code="rate-limited",
    source="github.com/acme/tern-eval",
    retryable=True,
    detail="GitHub's hourly quota for callers without a token is used up",
)


def criterion(  # noqa: PLR0917 - reads as a table row
    name: str,
    title: str,
    status: Availability,
    points: tuple[float, float],
    why: str,
    strength: Strength,
    *cited: str,
    short: str = "",
) -> CriterionDoc:
    return CriterionDoc(
        id=name,  # type: ignore[arg-type]  # the sample names only real criteria
        title=title,
        status=status,
        points_low=points[0],
        points_high=points[1],
        weight=0 if status == "not-applicable" else 20,
        strength=strength,
        why=why,
        short=short,
        assessments={
            "data": ("pretraining-data", "finetuning-data"),
            "metrics": ("training-metrics", "evaluation-results"),
        }.get(name, (name,)),
        evidence=cited,
    )


CRITERIA = (
    criterion(
        "data",
        "Training data",
        "partial",
        (10.0, 10.0),
        "pre-training data is partly open: one of two corpora is public as used; "
        "fine-tuning data does not apply: it is a base model without a tuning stage",
        "declared",
        "e-00000000000a",
        short="pre-trained on acme/tern-corpus and Wiki; 1 only in part or in changed form",
    ),
    criterion("weights", "Weights", "open", (20.0, 20.0), "3 of 3 shards, no gate", "verified", "e-00000000000b"),
    criterion(
        "evaluation-code",
        "Evaluation code",
        "unknown",
        (10.0, 20.0),
        f"at least partial: the harness {SCRIPT} is named; the rest is not known: {RATE.detail}",
        "claimed",
        "e-00000000000c",
        short=f"harness named: {SCRIPT}; github.com/acme/tern-eval not read (rate limit)",
    ),
    criterion(
        "finetuning-code",
        "Fine-tuning code",
        "closed",
        (0.0, 0.0),
        "no fine-tuning code and no recipe is named",
        "none",
    ),
    criterion(
        "metrics",
        "Training metrics and results",
        "partial",
        (10.0, 10.0),
        "training metrics are closed: no history; evaluation results are open: a table of results in the card",
        "declared",
        "e-00000000000c",
    ),
)


def component(
    name: str,
    availability: Availability,
    why: str,
    *,
    low: Level | None = None,
    high: Level | None = None,
    strength: Strength = "declared",
    cited: tuple[str, ...] = (),
    unknown: tuple[UnknownDoc, ...] = (),
) -> ComponentDoc:
    level: Level | None = availability if availability in ("open", "partial", "closed") else None
    return ComponentDoc(
        id=name,
        availability=availability,
        at_least=low or level,
        at_most=high or level,
        stage="pretraining" if name == "pretraining-data" else None,
        strength=strength,
        inherited_from="acme/tern-base" if name == "training-code" else None,
        licenses=(
            ComponentLicense(
                expression="LicenseRef-tern", family="behavioural-use", scope="model", declared_by="acme/tern-7b"
            ),
        )
        if name == "weights"
        else (),
        why=why,
        evidence=cited,
        unknown=unknown,
        searched=("README.md", "file listing", "github.com/acme/tern"),
    )


COMPONENTS = (
    component("architecture", "open", "library support and a described architecture", cited=("e-00000000000a",)),
    component("compute", "closed", "neither accelerator nor amount is given", strength="none"),
    component(
        "evaluation-code",
        "unknown",
        CRITERIA[2].why,
        low="partial",
        high="open",
        strength="claimed",
        cited=("e-00000000000c",),
        unknown=(RATE,),
    ),
    component("evaluation-results", "open", "a table of results in the card", cited=("e-00000000000c",)),
    component("finetuning-code", "closed", CRITERIA[3].why, strength="none"),
    component("finetuning-data", "not-applicable", "no tuning stage", strength="none"),
    component("pretraining-data", "partial", "one of two corpora is public as used", cited=("e-00000000000a",)),
    component("training-code", "open", "scripts and configuration", strength="verified", cited=("e-00000000000f",)),
    component("training-metrics", "closed", "no history of loss or metrics", strength="none"),
    component(
        "weights", "open", "3 of 3 shards, no gate", strength="verified", cited=("e-00000000000b", "e-00000000000e")
    ),
)

TRIALS = (
    TrialDoc(
        kind="signal",
        check="repository",
        gives="open",
        answer="could-not",
        why="evaluation scripts in an own repository",
    ),
    TrialDoc(kind="signal", check="mention", gives="partial", answer="seen", why=f"the harness {SCRIPT} is named"),
    TrialDoc(kind="signal", check="file", gives="open", answer="not-seen", why="evaluation scripts in the repository"),
    TrialDoc(kind="cap", check="mention", gives="partial", answer="not-seen", why="scripts for some benchmarks only"),
)

FINDINGS = (
    FindingDoc(
        id="tag-text",
        fingerprint="1f" * 8,
        rule="tag-text",
        severity="error",
        confidence="high",
        title="The licence file adds a use restriction to Apache-2.0",
        message="LICENSE is Apache-2.0 with 34 added words: field-of-use limits",
        component="weights",
        remediation=RemediationDoc(
            text="declare the licence that the file holds, or restore its text", effort="low", patch="license: other"
        ),
        evidence=("e-00000000000d",),
    ),
    FindingDoc(
        id="finetuning-code",
        fingerprint="2f" * 8,
        rule="finetuning-code",
        severity="warning",
        confidence="medium",
        title="Fine-tuning code: closed",
        message="no fine-tuning code and no recipe is named",
        component="finetuning-code",
        remediation=RemediationDoc(text="link the scripts and the configuration that made this model", effort="medium"),
        evidence=(),
    ),
    FindingDoc(
        id="dead-link/0",
        fingerprint="3f" * 8,
        rule="dead-link",
        severity="warning",
        confidence="high",
        title=f"A link in the card is dead: {BIDI}",
        message=f"{SCRIPT} answers 404",
        component=None,
        remediation=RemediationDoc(text="mend the link or remove it", effort="low"),
        evidence=("e-00000000000e",),
    ),
    FindingDoc(
        id="card-thin",
        fingerprint="4f" * 8,
        rule="card-thin",
        severity="note",
        confidence="low",
        title="The card does not say what the model is for",
        message="no section on intended use",
        component="model-card",
        remediation=RemediationDoc(text="add a section", effort="low"),
        evidence=("e-00000000000a",),
        waiver=WaiverDoc(
            reason="accepted-risk",
            approver="legal@acme.example",
            ticket="T-1",
            expires="2027-01-01",
            text="internal use",
        ),
    ),
)

GATED = UnknownDoc(code="gated", source="root/tern-root", retryable=False, detail="the owner grants access on request")


def link(  # noqa: PLR0917 - reads as a table row
    name: str, above: tuple[str, ...], relation: str, expression: str, family: str, how: str, *, binds: bool = True
) -> ChainDoc:
    return ChainDoc(
        id=name,
        path=(*above, name),
        relations=("finetune",) * (len(above) - 1) + ((relation,) if above else ()),
        expression=expression,
        family=family,
        how=how,  # type: ignore[arg-type]  # the sample names only real ways
        binds=binds,
        evidence=() if how == "unknown" else ("e-00000000000a",),
        unknown=(GATED,) if how == "unknown" else (),
    )


CHAIN = (
    link("acme/tern-7b", (), "", "LicenseRef-tern", "behavioural-use", "text"),
    link("acme/tern-base", ("acme/tern-7b",), "finetune", "CC-BY-NC-4.0", "non-commercial", "declared"),
    link("root/tern-root", ("acme/tern-7b", "acme/tern-base"), "merge", "NOASSERTION", "unknown", "unknown"),
)


def use(name: str, verdict: str, path: tuple[str, ...], *why: str) -> UseDoc:
    return UseDoc(
        use=name,
        verdict=verdict,  # type: ignore[arg-type]  # the sample names only real verdicts
        why=why,
        license_path=path,
        evidence=("e-00000000000d",),
    )


BASE = ("acme/tern-7b", "acme/tern-base")
COMMERCE = "acme/tern-base: use it for non-commercial purposes only (CC BY-NC 4.0, section 2.a.1)"
USES = (
    use("internal", "not-allowed", BASE, COMMERCE),
    use("serve", "not-allowed", BASE, COMMERCE),
    use(
        "redistribute",
        "conditions",
        BASE[:1],
        f"pass the use restrictions on {SCRIPT} (Tern Licence (2026), section 5)",
        "keep the notices (CC BY-NC 4.0, section 3.a)",
        "acme/tern-base: keep the notices (CC BY-NC 4.0, section 3.a)",
    ),
    use("fine-tune-publish", "conditions", BASE[:1], "pass the use restrictions on (Tern Licence (2026), section 5)"),
    use(
        "train-on-outputs",
        "not-determined",
        CHAIN[2].path,
        "the terms of root/tern-root are not known: the owner grants access on request",
    ),
    use("relicense", "allowed", BASE[:1], f"a made-up grant, for the mark of it {BIDI}"),
)


def duty(name: str, what: str, clause: str, status: str, trigger: str, **other: str) -> ObligationDoc:
    return ObligationDoc(
        id=name,
        what=what,
        clause=clause,
        license=other.get("license", "LicenseRef-tern"),
        trigger=trigger,
        status=status,  # type: ignore[arg-type]  # the sample names only real states
        evidence=("e-00000000000d",),
        source=other.get("source", "acme/tern-7b"),
        value=other.get("value"),
    )


DUTIES = (
    duty("use-restrictions", "keep away from surveillance", "Tern Licence (2026), section 4", "applies", "any use"),
    duty(
        "naming-display",
        f'display "Built with Tern {SCRIPT}" prominently',
        "Tern Licence (2026), section 6",
        "conditional",
        "serve as a product; redistribute the weights",
        value=f"Built with Tern {SCRIPT}",
    ),
    duty(
        "non-commercial",
        "use it for non-commercial purposes only",
        "CC BY-NC 4.0, section 2.a.1",
        "applies",
        "any use",
        license="CC-BY-NC-4.0",
        source="acme/tern-base",
    ),
    duty(
        "user-threshold",
        f"ask for a licence above 700,000,000 monthly active users {BELL}",
        "Tern Licence (2026), section 7",
        "conditional",
        "any use",
        value="700000000",
    ),
    duty(
        "unread",
        "have the terms of root/tern-root read: what they demand is not recorded here",
        "the terms of root/tern-root",
        "unknown",
        "before any use",
        license="NOASSERTION",
        source="root/tern-root",
    ),
)

LICENSES = LicensesDoc(
    declared=DeclaredDoc(raw=("apache-2.0",), expression="Apache-2.0", family="osi"),
    texts=(
        LicenseTextDoc(
            path="LICENSE",
            expression="LicenseRef-tern",
            family="behavioural-use",
            match="modified",
            similarity=0.97,
            changed=("may not use", "surveillance"),
            sha256="cd" * 32,
        ),
    ),
    prose=(LicenseProseDoc(expression="Apache-2.0", family="osi", scope="code", line=90),),
    own=ResolvedLicense(
        expression="LicenseRef-tern", family="behavioural-use", why="the file's added terms win over the tag apache-2.0"
    ),
    effective=ResolvedLicense(
        expression="LicenseRef-tern AND CC-BY-NC-4.0", family="non-commercial", why="the base model is non-commercial"
    ),
    conflicts=(
        ConflictDoc(
            kind="tag-data",
            between=("Apache-2.0", f"CC-BY-NC-4.0 {SCRIPT}"),
            why=f"the training data acme/nc-set {BIDI} forbids commercial use",
            path=("acme/tern-7b", "acme/nc-set"),
            severity="warning",
            confidence="medium",
            evidence=(),
        ),
        ConflictDoc(
            kind="tag-text",
            between=("Apache-2.0", "LicenseRef-tern"),
            why="34 words are added",
            path=(),
            severity="error",
            confidence="high",
            evidence=("e-00000000000d",),
        ),
        ConflictDoc(
            kind="tag-upstream",
            between=("Apache-2.0", "CC-BY-NC-4.0"),
            why="the metadata says Apache-2.0, the base model acme/tern-base is under CC-BY-NC-4.0",
            path=BASE,
            severity="error",
            confidence="high",
            evidence=("e-00000000000a",),
            clauses=(
                f"CC BY-NC 4.0, section 2.a.1: no commercial use {BELL}",
                "CC BY-NC 4.0, section 3.a: attribution",
            ),
        ),
    ),
    obligations=DUTIES,
    uses=USES,
    chain=CHAIN,
    chain_complete=False,
    notes=(
        ConflictDoc(
            kind="tag-data",
            between=("Apache-2.0", "terms of Acme"),
            why=f"the training data acme/answers was written by a model of Acme {SCRIPT}",
            path=("acme/tern-7b", "acme/answers"),
            severity="note",
            confidence="medium",
            evidence=("e-00000000000a",),
        ),
    ),
)

AUDIT = Audit(
    schema=SCHEMA_ID,
    tool=Tool(
        name="modelaudit",
        version="0.1.0",
        ruleset=RuleSet(version="1.0.0", digest="sha256:" + "11" * 32),
        vocabulary_digest="sha256:" + "22" * 32,
    ),
    as_of="2026-11-21",
    subject=SubjectDoc(
        kind="model",
        id="acme/tern-7b",
        revision="main",
        sha=SHA,
        url=f"https://huggingface.co/acme/tern-7b/tree/{SHA}",
        last_modified="2026-10-01T00:00:00Z",
        gated=False,
        pipeline_tag="text-generation",
        library="transformers",
    ),
    verdict=VerdictDoc(
        class_="restricted-partly-reproducible",
        terms="restricted",
        extent="partly-reproducible",
        gated=False,
        osaid="no",
        sentence="Restricted weights (behavioural-use restrictions), partly reproducible: "
        "training data only partly public",
    ),
    score=ScoreDoc(
        value=55,
        low=50,
        high=60,
        coverage=0.8,
        if_fixed=(
            IfFixed(finding="finetuning-code", low=70, high=80),
            IfFixed(finding="pretraining-data", low=60, high=70),
        ),
    ),
    criteria=CRITERIA,
    components=COMPONENTS,
    assessments=tuple(
        AssessmentDoc(
            rule=c.id,
            outcome=c.availability,
            strength=c.strength,
            evidence=c.evidence,
            searched=c.searched,
            unknown=c.unknown,
            trials=TRIALS if c.id == "evaluation-code" else (),
        )
        for c in COMPONENTS
    ),
    findings=FINDINGS,
    licenses=LICENSES,
    lineage=LineageDoc(
        parents=(
            ParentDoc(
                id="acme/tern-base",
                name="acme/tern-base",
                relation="finetune",
                source="metadata",
                evidence=("e-00000000000a",),
            ),
        ),
        nodes=(
            NodeDoc(
                id="acme/tern-7b",
                kind="finetune",
                sha=SHA,
                access="public",
                license="LicenseRef-tern",
                family="behavioural-use",
                status="audited",
            ),
            NodeDoc(
                id="acme/tern-base",
                kind="model",
                sha=None,
                access="not-found-or-private",
                license=None,
                family=None,
                status="not-looked-up",
            ),
        ),
        edges=(EdgeDoc(from_="acme/tern-7b", to="acme/tern-base", relation="finetune", evidence=("e-00000000000a",)),),
    ),
    training_data=(
        TrainingDataDoc(
            id="acme/tern-corpus",
            name="Tern Corpus",
            url="https://huggingface.co/datasets/acme/tern-corpus",
            stage="pretraining",
            availability="open",
            access="public",
            licenses=("odc-by",),
            evidence=("e-00000000000a",),
        ),
        TrainingDataDoc(
            id=None,
            name=f"Wiki {SCRIPT}\nAdmin: yes",
            url="data:text/html,<script>alert(1)</script>",
            stage="pretraining",
            availability="unknown",
            access="unresolved",
            licenses=(),
            evidence=("e-00000000000a",),
        ),
    ),
    code_repositories=(
        CodeRepositoryDoc(
            url="https://github.com/acme/tern",
            commit=SHA,
            role="training",
            whose="self",
            license="MIT",
            evidence=("e-00000000000f",),
        ),
        CodeRepositoryDoc(
            url="javascript:alert(1)", commit=None, role="none found", whose="other", license=None, evidence=()
        ),
    ),
    files=(
        FileDoc(path="model-00001-of-00003.safetensors", size=5_000_000_000, sha256="ef" * 32, kind="weights-full"),
        FileDoc(path=f"weights/{BIDI}", size=None, sha256=None, kind="weights-unknown"),
    ),
    evidence=EVIDENCE,
    not_checked=(
        NotCheckedDoc(what="github.com/acme/tern-eval", code="rate-limited", why=RATE.detail),
        NotCheckedDoc(
            what=f"https://evil.example/{SCRIPT}", code="not-requested", why="links to other hosts: --check-links"
        ),
    ),
    run=RunDoc(
        started_at="2026-11-21T09:00:00Z",
        duration_s=1.234,
        endpoint="https://huggingface.co",
        requests=RequestsDoc(hub_api=3, hub_files=6, github=4, other=1),
        cache_hits=2,
        offline=False,
    ),
    claims=(
        ClaimDoc(
            text=f"fully open source {BELL}",
            line=12,
            about="weights",
            held="contradicted",
            evidence=("e-00000000000d",),
        ),
    ),
    profiles=PROFILES,
    disagreements=("MOF class III, not open source AI by OSI: terms of the weights (LicenseRef-tern)",),
)
