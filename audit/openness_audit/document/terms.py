"""The chain of terms, the obligations and the uses, worded for the audit document."""

from __future__ import annotations

from openness_audit.document.causes import Cite, unknown_docs
from openness_audit.licenses.obligations import sheet
from openness_audit.licenses.uses import verdicts
from openness_audit.model.audit_licenses import ChainDoc, ObligationDoc, UseDoc
from openness_audit.model.chain import Chain, Link
from openness_audit.model.facts_licenses import LicenseConflict


def chain_docs(chain: Chain, cite: Cite) -> tuple[ChainDoc, ...]:
    """Word every link of the chain, the audited model first."""
    binding = {link.id for link in chain.binding}
    return tuple(_link(link, cite, binds=link.id in binding) for link in chain.links)


def _link(link: Link, cite: Cite, *, binds: bool) -> ChainDoc:
    return ChainDoc(
        id=link.id,
        path=link.path,
        relations=link.relations,
        expression=link.expression,
        family=link.family,
        how=link.how,
        binds=binds,
        evidence=cite(link.places, "declared"),
        unknown=unknown_docs([link.cause] if link.cause else []),
    )


def obligation_docs(chain: Chain, cite: Cite) -> tuple[ObligationDoc, ...]:
    """Word what adopting the model asks for, what applies to everyone first."""
    return tuple(
        ObligationDoc(
            id=row.id,
            what=row.what,
            clause=row.clause,
            license=row.license,
            trigger=row.trigger,
            status=row.status,
            evidence=cite(row.places, "declared"),
            source=row.source,
            value=row.value,
        )
        for row in sheet(chain)
    )


def use_docs(chain: Chain, conflicts: tuple[LicenseConflict, ...], cite: Cite) -> tuple[UseDoc, ...]:
    """Word the verdict for each use."""
    return tuple(
        UseDoc(
            use=found.use,
            verdict=found.verdict,
            why=found.why,
            license_path=found.path,
            evidence=cite(found.places, "declared"),
        )
        for found in verdicts(chain, conflicts)
    )
