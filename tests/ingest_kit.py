"""Bills of materials as other tools write them, and a pipeline that answers for the models that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from audit_sample import AUDIT
from bom_kit import licensed
from cli_fakes import NOW, RULES
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.errors import SubjectNotFoundError
from openness_audit.ingest.compare import compare
from openness_audit.ingest.gather import Places, gather
from openness_audit.ingest.reading import Read, read
from openness_audit.model.audit_origins import LineageDoc
from openness_audit.scan.code.wanted import Key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from openness_audit.model.audit import Audit
    from openness_audit.model.ingest import ComparedDoc
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Settings, Target

    Json = dict[str, Any]

SHA = "0123456789abcdef0123456789abcdef01234567"
HEAD = "fedcba9876543210fedcba9876543210fedcba98"
DIGEST = "ab" * 32
TERN, GULL = "acme-lab/tern-7b", "acme-lab/gull-3b"
PLAIN = msgspec.structs.replace(
    AUDIT,
    findings=(),
    undecided=(),
    files=(),
    training_data=(),
    lineage=LineageDoc(parents=()),
    run=msgspec.structs.replace(AUDIT.run, offline=False, bundled=()),
)


def audit(
    name: str = TERN, declared: str | None = "Apache-2.0", binds: str | None = None, *, complete: bool | None = True
) -> Audit:
    """Give an audit whose metadata declares one licence, and which finds that another binds."""
    made = licensed(PLAIN, declared, binds or declared or "NONE", complete=complete)
    terms = "open" if declared else "unlicensed"
    return msgspec.structs.replace(
        made,
        subject=msgspec.structs.replace(made.subject, id=name, sha=SHA),
        verdict=msgspec.structs.replace(made.verdict, terms=terms, policy=None),
    )


def component(name: str = TERN, licences: object = None, **other: object) -> Json:
    """Give a component as generators of AI bills of materials write it."""
    told: Json = {
        "type": "machine-learning-model",
        "bom-ref": f"pkg:huggingface/{name}@{SHA}",
        "name": name.rpartition("/")[2],
        "group": name.partition("/")[0],
        "purl": f"pkg:huggingface/{name}@{SHA}",
    }
    if licences is not None:
        told["licenses"] = licences
    return {key: value for key, value in {**told, **other}.items() if value is not None}


def one(expression: str, about: str | None = None) -> list[Json]:
    """Give the licences of a component: an SPDX id, acknowledged or not."""
    return [{"license": {"id": expression} | ({"acknowledgement": about} if about else {})}]


def cyclonedx(*components: object, version: str = "1.6", **other: object) -> Json:
    """Give a CycloneDX document."""
    return {"bomFormat": "CycloneDX", "specVersion": version, "version": 1, "components": list(components), **other}


def package(name: str = TERN, declared: str = "Apache-2.0", concluded: str = "NOASSERTION", **other: object) -> Json:
    """Give a package of SPDX 2.3."""
    told: Json = {
        "SPDXID": f"SPDXRef-{name.replace('/', '-')}",
        "name": name,
        "downloadLocation": f"git+https://huggingface.co/{name}@{SHA}",
        "licenseDeclared": declared,
        "licenseConcluded": concluded,
    }
    return {**told, **other}


def spdx(*packages: object, version: str = "SPDX-2.3", **other: object) -> Json:
    """Give a document of SPDX 2."""
    return {"spdxVersion": version, "SPDXID": "SPDXRef-DOCUMENT", "packages": list(packages), **other}


def spdx3(*elements: object, version: str = "3.0.1") -> Json:
    """Give a document of SPDX 3 around elements."""
    info = {"type": "CreationInfo", "@id": "_:info", "specVersion": version}
    context = f"https://spdx.org/rdf/{version}/spdx-context.jsonld"
    return {"@context": context, "@graph": [info, *elements]}


def ai_package(name: str = TERN, **other: object) -> Json:
    """Give an AI package of SPDX 3."""
    purl = f"pkg:huggingface/{name}@{SHA}"
    return {"type": "ai_AIPackage", "spdxId": f"urn:{name}", "name": name, "software_packageUrl": purl, **other}


def relationship(source: str, kind: str, *targets: str) -> Json:
    """Give a relationship of SPDX 3."""
    return {
        "type": "Relationship",
        "spdxId": f"urn:r:{source}:{kind}",
        "from": source,
        "relationshipType": kind,
        "to": list(targets),
    }


def said(document: Json | str) -> Read:
    """Read a document as a file that holds it is read."""
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    return read(text.encode(), "bom.json")


def keys(document: Json | str) -> list[str]:
    """Name the models that a document names, each at its revision."""
    return [key.shown for key in gather([("bom.json", said(document))]).models]


def compared(document: Json | str, found: Audit, head: str | None = None) -> list[tuple[ComparedDoc, str | None]]:
    """Compare a document that names one model with its audit."""
    documents = (("bom.json", said(document)),)
    gathered = gather(documents)
    held = next(iter(gathered.models.values()))
    return list(compare(held, found, head, Places(documents, gathered)))


def results(document: Json | str, found: Audit, head: str | None = None) -> set[tuple[str, str, str | None]]:
    """Give what each claim is about, how it compares, and the rule that it breaks."""
    return {(row.about, row.result, rule) for row, rule in compared(document, found, head)}


@dataclass
class Hub:
    """Answers for models by their ids, tells their heads, and remembers what was asked."""

    audits: Mapping[str, Audit] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    asked: list[Key] = field(default_factory=list)
    answer: Callable[[Target], Audit] | None = None

    def audit_model(
        self,
        target: Target,
        settings: Settings,  # noqa: ARG002 - the signature of the pipeline
        *,
        rules: RuleSet,  # noqa: ARG002 - as above
        now: datetime,  # noqa: ARG002 - as above
        as_of: date,  # noqa: ARG002 - as above
        progress: Callable[[str], None],  # noqa: ARG002 - as above
    ) -> Audit:
        """Give the audit of a model that is there."""
        self.asked.append(Key(target.id, target.revision))
        if self.answer is not None:
            return self.answer(target)
        if target.id not in self.audits:
            raise SubjectNotFoundError(f"{target.id}: not found, or private", hint="check the spelling")
        return self.audits[target.id]

    def read_head(self, target: Target, _settings: Settings) -> str | None:
        """Give the present commit of a model."""
        return self.heads.get(target.id)

    def load_rules(self, _extra: Path | None) -> RuleSet:
        """Give a few rules."""
        return RULES

    def __call__(self, *words: str) -> int:
        """Run a command line."""
        services = Services(
            audit_model=self.audit_model,
            read_head=self.read_head,
            load_rules=self.load_rules,
            now=lambda: NOW,
            environ={},
        )
        return run(words, services)
