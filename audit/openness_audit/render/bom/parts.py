"""The parts of a bill of materials and how they belong together, from a finished audit: nothing is guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from openness_audit.render.bom import card as bom_card
from openness_audit.render.bom import licenses as terms
from openness_audit.render.bom.bill import Link, Part, Terms, reference
from openness_audit.render.bom.places import MOST_PLACES, places, web
from openness_audit.render.escape import clean
from openness_audit.render.views import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit, FileDoc
    from openness_audit.model.audit_origins import CodeRepositoryDoc, NodeDoc, TrainingDataDoc
    from openness_audit.render.bom.bill import Bond, Card

HUB = "https://huggingface.co"
_SHA = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_REACHED = frozenset({"public", "gated", "unknown"})  # how a model that is there on the Hub is described
_TOLD = ("pretraining-data", "finetuning-data", "data-preparation-code", "training-code", "finetuning-code", "compute")
_PRESENT = frozenset({"open", "partial"})
_STAGES: dict[str, Bond] = {"pretraining": "trained-on", "finetuning": "trained-on", "evaluation": "tested-on"}
_ROLES: dict[str, Bond] = {
    "training": "generates",
    "finetuning": "generates",
    "data-preparation": "generates",
    "evaluation": "tests",
    "inference": "depends-on",
    "architecture": "depends-on",
}


def commit(value: str | None) -> str:
    """Give a commit or digest in small hex digits, or nothing where the words are none."""
    low = (value or "").lower()
    return low if _SHA.fullmatch(low) else ""


def purl(kind: str, name: str, version: str) -> str:
    """Give a package URL, each part of the name escaped."""
    return f"pkg:{kind}/{_escaped(name)}" + (f"@{version}" if version else "")


def _escaped(path: str) -> str:
    """Escape a path for an address; a lone surrogate, which no address can hold, becomes a question mark."""
    return quote(path.encode("utf-8", "replace"), safe="/.-_~")


def _access(gated: str | bool | None) -> str:
    return "" if gated is None else "gated" if gated else "public"


def _account(name: str) -> str:
    return clean(name.partition("/")[0]) if "/" in name else ""


def subject(audit: Audit) -> Part:
    """Describe the audited model."""
    own, hub = audit.subject, audit.subject.kind == "model"
    sha = commit(own.sha)
    url = _home(audit)
    return Part(
        ref=model_ref(audit, own.id),
        kind="model",
        name=clean(own.id),
        url=url,
        download=f"git+{url}{f'@{sha}' if sha else ''}" if url else "",
        purl=purl("huggingface", own.id, sha) if hub else "",
        account=_account(own.id) if hub else "",
        commit=sha,
        how=_access(own.gated) if hub else "",
        task=clean(own.pipeline_tag or ""),
        library=clean(own.library or ""),
        changed=clean(own.last_modified or ""),
        training=tuple(
            f"{clean(row.id)}: {clean(row.short or row.why)}"
            for row in audit.components
            if row.id in _TOLD and row.availability in _PRESENT
        ),
        facts=tuple((f"component:{row.id}", row.availability) for row in audit.components),
        card=bom_card.of_model(audit),
        terms=terms.subject_terms(audit),
        comment=clean(audit.verdict.sentence),
        subject=True,
    )


def _home(audit: Audit) -> str:
    """Give the address of the audited repository, without a commit."""
    return web(audit.subject.url).partition("/tree/")[0] if audit.subject.kind == "model" else ""


def model_ref(audit: Audit, name: str) -> str:
    """Refer to a model of the lineage: by its commit, too, for two audits may tell of two commits."""
    if name == audit.subject.id:
        return reference("model", name, audit.subject.kind, commit(audit.subject.sha))
    node = next((node for node in audit.lineage.nodes if node.id == name), None)
    return reference("model", name, "model", commit(node.sha) if node else "")


def files(audit: Audit) -> Iterator[Part]:
    """Describe the files that matter to the audit, each with its digest where the Hub gives one."""
    above = model_ref(audit, audit.subject.id)
    base = _home(audit)
    sha = commit(audit.subject.sha)
    for row in audit.files:
        yield _file(row, above, f"{base}/resolve/{sha}/" if base and sha else "", sha)


def _file(row: FileDoc, above: str, base: str, sha: str) -> Part:
    path = _escaped(row.path)
    digest = (row.sha256 or "").removeprefix("sha256:").lower()
    return Part(
        ref=reference("file", row.path, above),
        kind="file",
        name=clean(row.path),
        url=base + path if base else "",
        download=base + path if base else "",
        commit=sha,
        sha256=digest if _SHA256.fullmatch(digest) else "",
        size=row.size,
        role=clean(row.kind),
    )


def bases(audit: Audit) -> Iterator[Part]:
    """Describe the models it was made from, to the roots as far as they are known."""
    chain = {link.id: link for link in audit.licenses.chain}
    known = {row.id: row for row in audit.evidence}
    cited = {edge.to: edge.evidence for edge in reversed(audit.lineage.edges)}
    for node in audit.lineage.nodes:
        if node.id != audit.subject.id:
            link = chain.get(node.id)
            licences = terms.link_terms(link) if link else _node_terms(node)
            yield _base(audit, node, licences, places(known, cited.get(node.id, ()))[:MOST_PLACES])


def _node_terms(node: NodeDoc) -> Terms:
    """Give the terms of a model that the chain does not hold."""
    return Terms(terms.fit(node.license), "NOASSERTION", "as the lineage tells")


def _base(audit: Audit, node: NodeDoc, licences: Terms, seen: tuple[tuple[str, int | None], ...]) -> Part:
    sha = commit(node.sha)
    there = node.access in _REACHED or bool(sha)
    url = web(tree.hub_url(node.id, node)).partition("/tree/")[0] if there else ""
    return Part(
        ref=model_ref(audit, node.id),
        kind="model",
        name=clean(node.id),
        url=url,
        download=f"git+{url}{f'@{sha}' if sha else ''}" if url else "",
        purl=purl("huggingface", node.id, sha) if url else "",
        account=_account(node.id) if url else "",
        commit=sha,
        how=node.access if node.access in {"public", "gated"} else "",
        terms=licences,
        seen=seen,
        comment="" if there else clean(tree.ACCESS.get(node.access, f"not looked up: {node.access}")),
    )


def lineage(audit: Audit) -> Iterator[Link]:
    """Say what was made from what; an adapter needs its base model to run at all."""
    for edge in audit.lineage.edges:
        source, target = model_ref(audit, edge.from_), model_ref(audit, edge.to)
        if source != target:
            yield Link(source, "descends-from", target, clean(tree.RELATIONS.get(edge.relation, edge.relation)))
            if edge.relation == "adapter":
                yield Link(source, "depends-on", target, "an adapter is loaded on top of its base model")


def named(row: TrainingDataDoc) -> bool:
    """Say whether a data set is named; of data that the words only speak of, a note is made."""
    return bool(row.id or row.url or row.availability != "closed" or row.access != "unresolved")


def data(audit: Audit) -> Iterator[Part]:
    """Describe the data sets that the model is said to be trained or tested on."""
    known = {row.id: row for row in audit.evidence}
    for row in audit.training_data:
        if named(row):
            yield _data(row, places(known, row.evidence)[:MOST_PLACES], bom_card.of_data(audit, row))


def _data_ref(row: TrainingDataDoc) -> str:
    return reference("data", row.id or row.name, row.id or row.url or "")


def _data(row: TrainingDataDoc, seen: tuple[tuple[str, int | None], ...], card: Card) -> Part:
    url = web(f"{HUB}/datasets/{_escaped(row.id)}") if row.id and row.access != "missing" else web(row.url)
    access = {
        "public": "public",
        "gated": "gated",
        "missing": "missing: the reference leads nowhere",
        "unavailable": "could not be looked up",
        "unresolved": "not looked up",
    }
    return Part(
        ref=_data_ref(row),
        kind="data",
        name=clean(row.id or row.name),
        url=url,
        download=f"git+{url}" if url and row.id and row.access in {"public", "gated"} else "",  # elsewhere it is a page
        account=_account(row.id or ""),
        how=row.access if row.access in {"public", "gated"} else "",
        terms=terms.data_terms(row.licenses),
        comment=access.get(row.access, "access not known"),
        card=card,
        seen=seen,
    )


def data_links(audit: Audit) -> Iterator[Link]:
    """Say which data the model was trained on, tested on, or which is named without saying what for."""
    above = model_ref(audit, audit.subject.id)
    for row in audit.training_data:
        if named(row):
            bond = _STAGES.get(row.stage, "named-data")
            said = row.stage if row.stage in _STAGES else "named; whether for training or for tests is not said"
            yield Link(above, bond, _data_ref(row), said)


def _code_ref(row: CodeRepositoryDoc) -> str:
    return reference("code", row.url.partition("://")[2] or row.url, row.url, commit(row.commit))


def code(audit: Audit) -> Iterator[Part]:
    """Describe the code repositories that the model's publisher links."""
    known = {row.id: row for row in audit.evidence}
    for row in audit.code_repositories:
        url, sha = web(row.url), commit(row.commit)
        parts = urlsplit(url)
        name = parts.path.strip("/").removesuffix(".git")
        github = parts.hostname == "github.com" and name.count("/") == 1
        yield Part(
            ref=_code_ref(row),
            kind="code",
            name=clean(row.url.partition("://")[2] or row.url),
            url=url,
            download=f"git+{url}{f'@{sha}' if sha else ''}" if github else url,
            purl=purl("github", name.lower(), sha) if github else "",
            account=_account(name) if github else "",
            commit=sha,
            role=clean(row.role),
            terms=terms.code_terms(row.license),
            seen=places(known, row.evidence)[:MOST_PLACES],
        )


def code_links(audit: Audit) -> Iterator[Link]:
    """Say what code did for the model, where it is the publisher's; whatever else is linked is only that."""
    above = model_ref(audit, audit.subject.id)
    for row in audit.code_repositories:
        ref, roles = _code_ref(row), row.role.split(", ")
        bonds = dict.fromkeys(_ROLES[role] for role in roles if row.whose == "self" and role in _ROLES)
        for bond in bonds:
            said = ", ".join(role for role in roles if _ROLES.get(role) == bond)
            yield Link(above, bond, ref, said) if bond == "depends-on" else Link(ref, bond, above, said)
        if not bonds:
            said = f"linked by its card; {clean(row.role)}; whose: {clean(row.whose)}"
            yield Link(above, "linked", ref, said.strip())
