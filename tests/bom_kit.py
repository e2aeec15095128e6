"""Audits that are hard to write bills of materials of: hostile words, many parts, merges, several models."""

from __future__ import annotations

import msgspec

from audit_sample import AUDIT, BELL, BIDI, SCRIPT, SHA
from batch_kit import SEVERAL, named
from openness_audit.model.audit import Audit, FileDoc, NotCheckedDoc, RequestsDoc, RunDoc
from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.audit_findings import FindingDoc
from openness_audit.model.audit_licenses import ChainDoc, DeclaredDoc, LicensesDoc, ResolvedLicense
from openness_audit.model.audit_origins import (
    CodeRepositoryDoc,
    EdgeDoc,
    LineageDoc,
    NodeDoc,
    ParentDoc,
    TrainingDataDoc,
)
from openness_audit.model.batch import Batch, Item
from openness_audit.model.disclosures import (
    DisclosuresDoc,
    HyperparameterDoc,
    MetricDoc,
    QuantityDoc,
    StatementDoc,
    TraitDoc,
)

change = msgspec.structs.replace
TAG_END = "a</text>\nPackageLicenseConcluded: MIT\n<text>"
XML_END = "b]]></spdx:name><spdx:name>c &amp; \x00 \ud800 \uffff"
MIXED = "数据集/naïve-Größe_ß & co"
MANY_FILES, MANY_DATA, PARENTS = 5000, 200, 12


def data(name: str, stage: str = "pretraining", **other: object) -> TrainingDataDoc:
    row = TrainingDataDoc(
        id=name,
        name=name,
        url=f"https://huggingface.co/datasets/{name}",
        stage=stage,
        availability="open",
        access="public",
        licenses=(),
        evidence=("e-00000000000a",),
    )
    return change(row, **other)


def file(path: str, sha256: str | None = "ab" * 32) -> FileDoc:
    return FileDoc(path=path, size=7, sha256=sha256, kind="weights-full")


def code(url: str, role: str, whose: str = "self", license_id: str | None = "MIT") -> CodeRepositoryDoc:
    return CodeRepositoryDoc(
        url=url, commit=SHA, role=role, whose=whose, license=license_id, evidence=("e-00000000000f",)
    )


def licensed(audit: Audit, declared: str | None, concluded: str, *, complete: bool | None = True) -> Audit:
    """Give an audit whose licences are these, without contradictions."""
    found = LicensesDoc(
        declared=DeclaredDoc(raw=(declared,) if declared else (), expression=declared, family="osi"),
        texts=(),
        prose=(),
        own=ResolvedLicense(expression=declared or "NONE", family="osi", why="as the metadata says"),
        effective=ResolvedLicense(expression=concluded, family="osi", why="nothing upstream adds to it"),
        chain_complete=complete,
    )
    return change(audit, licenses=found)


def merged(parents: int, relation: str = "merge") -> Audit:
    """Give a model made of several others, whose terms are known of every other one."""
    me = AUDIT.subject.id
    names = [f"acme/part-{number}" for number in range(parents)]
    nodes = [
        NodeDoc(id=name, kind="base", sha=SHA, access="public", license="MIT", family="osi", status="looked-up")
        for name in names
    ]
    own = NodeDoc(id=me, kind="merge", sha=SHA, access="public", license="MIT", family="osi", status="audited")
    edges = [EdgeDoc(from_=me, to=name, relation=relation, evidence=("e-00000000000a",)) for name in names]
    edges.append(EdgeDoc(from_=names[0], to=names[-1], relation="finetune", evidence=()))
    edges.append(EdgeDoc(from_=names[-1], to=names[0], relation="finetune", evidence=()))  # a circle
    rows = [
        ParentDoc(id=name, name=name, relation=relation, source="metadata", evidence=("e-00000000000a",))
        for name in names
    ]
    gone = UnknownDoc(code="gated", source=names[-1], retryable=False, detail="the owner grants access on request")
    links = tuple(
        ChainDoc(
            id=name,
            path=(me, name),
            relations=(relation,),
            expression="NOASSERTION" if number % 2 else "MIT OR Apache-2.0",
            family="unknown" if number % 2 else "osi",
            how="unknown" if number % 2 else "declared",
            binds=True,
            evidence=(),
            unknown=(gone,) if number % 2 else (),
        )
        for number, name in enumerate(names)
    )
    audit = licensed(AUDIT, "MIT", "MIT AND (MIT OR Apache-2.0)", complete=False)
    lineage = LineageDoc(parents=tuple(rows), nodes=(own, *nodes), edges=tuple(edges))
    return change(audit, lineage=lineage, licenses=change(audit.licenses, chain=links))


CITED = ("e-00000000000a",)


def statement(topic: str, text: str | None, **other: object) -> StatementDoc:
    row = StatementDoc(
        topic="bias", text=text, line=41, heading=None, data_set=None, said=None, level=None, evidence=CITED
    )
    return change(row, topic=topic, **other)


def quantity(kind: str, value: str, number: float | None, unit: str | None, phase: str) -> QuantityDoc:
    row = QuantityDoc(
        quantity="energy",
        value=value,
        number=number,
        unit=unit,
        hardware=None,
        phase="unknown",
        source="prose",
        evidence=CITED,
    )
    return change(row, quantity=kind, phase=phase)


def metric(name: str, value: str, dataset: str | None = None, by: str = "publisher") -> MetricDoc:
    return MetricDoc(
        metric=name,
        value=value,
        number=None,
        dataset=dataset,
        dataset_id=None,
        config=None,
        split="test" if dataset else None,
        task=None,
        verified=False,
        reported_by=by,
        reported_url=None,
        source="table",
        evidence=CITED,
    )


def setting(name: str, value: str, phase: str = "unknown") -> HyperparameterDoc:
    row = HyperparameterDoc(name=name, value=value, id=None, phase="unknown", source="list", evidence=CITED)
    return change(row, phase=phase)


def trait(name: str, value: str) -> TraitDoc:
    row = TraitDoc(name="task", value=value, number=None, source="config", evidence=CITED)
    return change(row, name=name)


def disclosing(word: str = "") -> DisclosuresDoc:
    """Give one disclosure of every kind; `word` stands in each, as a stranger may have written it."""
    of_data = {"data_set": "acme/tern-corpus"}
    return DisclosuresDoc(
        topics=(),
        hyperparameters=(
            setting("learning-rate", f"2e-5{word}", "finetuning"),
            setting("epochs", "1"),
            setting("epochs", "3"),
        ),
        metrics=(metric("accuracy", f"0.7{word}", "Quiz"), metric("Quiz", "0.8", by="a board"), metric("loss", "1.2")),
        statements=(
            statement("limitations", f"It counts badly.{word}"),
            statement("bias", f"It prefers cats.{word}"),
            statement("out-of-scope-use", f"Medicine.{word}"),
            statement("intended-use", f"Telling birds apart.{word}"),
            statement("users", f"Ornithologists.{word}"),
            statement("safety", f"A team tried to misuse it.{word}", level="medium"),
            statement("ethics", None, level="low"),
            statement("personal-data", f"Names of observers were used.{word}", said="used"),
            statement("data-preprocessing", f"Doubles were taken out.{word}"),
            statement("data-collection", f"Volunteers took the pictures.{word}"),
            statement("bias", f"Gulls are missing from it.{word}", **of_data),
            statement("personal-data", f"It may hold names.{word}", said="may-contain", **of_data),
            statement("data-collection", f"It was photographed from ships.{word}", **of_data),
            statement("data-preprocessing", f"Dark pictures were left out.{word}", **of_data),
        ),
        quantities=(
            quantity("energy", f"2.5 MWh{word}", 2500.0, "kWh", "pretraining"),
            quantity("energy", "some", None, None, "inference"),
            quantity("energy", "7 kWh", 7.0, "kWh", "unknown"),
            quantity("emissions", "1.2 t", 1200.0, "kgCO2e", "pretraining"),
            quantity("hardware", f"8 A100{word}", None, None, "pretraining"),
        ),
        traits=(
            trait("model-type", f"llama{word}"),
            trait("architecture", "LlamaForCausalLM"),
            trait("task", "text-generation"),
            trait("input", "text"),
            trait("input", "image"),
            trait("output", "text"),
            trait("language", "en"),
        ),
        personal_information="yes",
    )


def hostile() -> Audit:
    """Give an audit in which every word of a stranger is a trap."""
    words = (TAG_END, XML_END, BIDI, BELL, SCRIPT, MIXED, "", " ", "a" * 4000, "../../etc/passwd", "%00%", "#frag")
    rows = tuple(data(word, url=word, licenses=(word,), access="unresolved") for word in words)
    rows += tuple(data(word, id=None, url=f"https://a.example/{word}", stage="evaluation") for word in words)
    rows += (data("unnamed", id=None, url=None, availability="closed", access="unresolved"),)
    repos = tuple(code(f"https://github.com/{word}", word, whose=word, license_id=word) for word in words)
    found: FindingDoc = change(AUDIT.findings[0], title=TAG_END, message=XML_END + BIDI, rule="a\nb")
    return change(
        licensed(AUDIT, TAG_END, f"MIT AND {SCRIPT}"),
        subject=change(AUDIT.subject, id=f"acme/{MIXED}", pipeline_tag=TAG_END, library=XML_END, sha="HEAD\n"),
        files=tuple(file(word, sha256=word) for word in words),
        training_data=rows,
        code_repositories=repos,
        findings=(*AUDIT.findings, found),
        not_checked=(NotCheckedDoc(what=TAG_END, code="network", why=XML_END),),
        disclosures=disclosing(TAG_END + XML_END + BIDI + "a" * 300),
    )


ADAPTER = merged(1, "adapter")
MERGE = merged(PARENTS)
FILES = change(AUDIT, files=tuple(file(f"part/{number:05}.bin") for number in range(MANY_FILES)))
DATA = change(AUDIT, training_data=tuple(data(f"acme/set-{number}") for number in range(MANY_DATA)))
PLAIN = licensed(AUDIT, "Apache-2.0", "Apache-2.0")
COMPOUND = licensed(AUDIT, "MIT OR Apache-2.0", "(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0")
UNLICENSED = licensed(AUDIT, None, "NONE")
VENDOR = licensed(AUDIT, "LicenseRef-hf-llama2", "LicenseRef-hf-llama2 AND LicenseRef-never-heard-of")
FOLDER = change(PLAIN, subject=change(AUDIT.subject, kind="directory", id="./models/mine", url="", sha=None))
CODE = change(
    PLAIN,
    code_repositories=(
        code("https://github.com/acme/tern", "finetuning, training"),
        code("https://github.com/acme/tern-eval", "evaluation"),
        code("https://github.com/acme/tern-run", "inference"),
        code("https://github.com/tools/any", "training", whose="generic", license_id=None),
        code("https://gitlab.example/acme/x", "no role found", license_id="NONE"),
    ),
)
VERDICT = change(PLAIN.verdict, terms="undetermined")
UNDETERMINED = change(PLAIN, verdict=VERDICT)
INHERITED = licensed(AUDIT, None, "Apache-2.0")  # nothing is granted here; a base model is open
UNREAD = licensed(AUDIT, "NOASSERTION", "Apache-2.0")  # a tag that names no licence; a base model is open
SAID = change(PLAIN, disclosures=disclosing())
AUDITS = {
    "said": SAID,
    "sample": AUDIT,
    "plain": PLAIN,
    "adapter": ADAPTER,
    "merge": MERGE,
    "data": DATA,
    "compound": COMPOUND,
    "unlicensed": UNLICENSED,
    "vendor": VENDOR,
    "folder": FOLDER,
    "code": CODE,
    "hostile": hostile(),
}
TWO = (Item(asked="acme/plain", audit=named("acme/plain", PLAIN)), Item(asked="acme/m", audit=MERGE))
BATCH = Batch(items=(*SEVERAL.items, *TWO))


def another_run(audit: Audit) -> Audit:
    """Give the same audit as another run would: what may differ does, and so does the order that says nothing."""
    run = RunDoc(
        started_at="2031-01-01T00:00:00Z",
        duration_s=99.0,
        endpoint="http://mirror.example",
        requests=RequestsDoc(hub_api=9),
        cache_hits=7,
        offline=True,
    )
    rows = tuple(change(row, retrieved_at="2031-01-01T00:00:00Z", from_cache=True) for row in audit.evidence)
    return change(audit, run=run, evidence=rows, files=audit.files[::-1], not_checked=audit.not_checked[::-1])
