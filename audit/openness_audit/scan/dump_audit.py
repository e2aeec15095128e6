"""Audit a model from its row in a dump of the Hub: a card and a few fields, and nothing else is known. Pure.

A dump says nothing of files, branches, gates, data sets, code or base models, so what hangs on them stays `unknown`
with the cause `not-recorded`. It is never `closed`: nobody looked.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from openness_audit.claims import with_claims
from openness_audit.collect.assemble import complete, read
from openness_audit.collect.licenses.parents import record_node, steps_of
from openness_audit.document.row import row_without_document
from openness_audit.errors import SourceUnreachableError
from openness_audit.evaluate import evaluate
from openness_audit.judge import judge
from openness_audit.model.audit import RequestsDoc, RunDoc
from openness_audit.model.capture import CodeAnswer, DatasetAnswer, Failure, ModelCapture, Origin, RepoInfo, Text
from openness_audit.model.evidence import Cause
from openness_audit.sources.exchange import TEXT_CAP
from openness_audit.sources.reading import is_sha
from openness_audit.stages import audit_facts, nothing_seen
from openness_audit.upstream import chain_of, with_chain

if TYPE_CHECKING:
    from datetime import date

    from openness_audit.collect.assemble import Reading
    from openness_audit.model.audit import Audit
    from openness_audit.model.chain import Node
    from openness_audit.model.facts import Facts
    from openness_audit.model.row import DumpRow, Row
    from openness_audit.ruleset import RuleSet

HUB = "https://huggingface.co"


def audit_row(row: DumpRow, rules: RuleSet, as_of: date) -> Audit:
    """Audit a row, with the whole document.

    Args:
        row: what the dump says.
        rules: the rule set.
        as_of: the date the audit is judged at.

    Returns:
        The audit. Raises SourceUnreachableError where the dump has no card of this model: there is nothing to judge.
    """
    facts = facts_of(row)
    run = RunDoc(started_at=row.taken, duration_s=0.0, endpoint=HUB, requests=RequestsDoc(), cache_hits=0, offline=True)
    return audit_facts(facts, rules, as_of, run, terms=_terms(facts))


def summary_of_row(row: DumpRow, rules: RuleSet) -> Row:
    """Audit a row, and give what `document.row.row_of` gives of `audit_row`, without making the document.

    Raises SourceUnreachableError as `audit_row` does.
    """
    facts = facts_of(row)
    chain = chain_of(facts, {}, _terms(facts))
    facts = with_chain(facts, chain)
    found = evaluate(rules.rules, facts, tried=False)
    judgement = judge(facts, found.assessments, chain.effective.family, brief=True)
    facts, found = with_claims(facts, rules.rules, found, judgement, chain)
    return row_without_document(facts, rules.rules, found, judgement, chain)


def facts_of(row: DumpRow) -> Facts:
    """Read a row. Raises SourceUnreachableError where it has no card."""
    capture, reading = _read(row)
    facts = complete(capture, reading)
    if nothing_seen(facts):
        raise SourceUnreachableError(
            f"nothing of {row.id} could be read: the dump has no card of it",
            hint="audit the model by its name, where the Hub can be asked",
        )
    return facts


def _read(row: DumpRow) -> tuple[ModelCapture, Reading]:
    """Take the row for a capture, in which all else failed."""
    origin = Origin(url=f"{HUB}/api/models/{row.id}", sha256=_digest(row), retrieved_at=row.taken, from_cache=True)
    first = ModelCapture(
        info=_info(row, origin),
        listing=_lacking(f"models/{row.id}: file listing", f"the files of {row.id}"),
        refs=_lacking(f"models/{row.id}: branches and tags", f"the branches and tags of {row.id}"),
        texts={"README.md": _card(row, origin)},
    )
    reading = read(first)
    code = {key: _lacking(key, key) for key in reading.wanted_code()}
    capture = msgspec.structs.replace(
        first,
        datasets={
            name: DatasetAnswer(info=_lacking(f"datasets/{name}", f"the data set {name}"))
            for name in reading.wanted_datasets()
        },
        parents={name: _base(name) for name in reading.wanted_parents()},
        code={key: CodeAnswer(repo=failed, listing=failed) for key, failed in code.items()},
    )
    return capture, reading


def _info(row: DumpRow, origin: Origin) -> RepoInfo:
    """Give the record as far as the dump tells it; whether there is a gate it does not tell."""
    return RepoInfo(
        kind="model",
        id=row.id,
        origin=origin,
        sha=row.sha if is_sha(row.sha) else None,
        last_modified=row.last_modified,
        tags=row.tags or (),
        library_name=row.library_name,
        pipeline_tag=row.pipeline_tag,
        gated_cause=_lacking(f"models/{row.id}: access conditions", f"whether access to {row.id} is gated").cause,
    )


def _card(row: DumpRow, origin: Origin) -> Text | Failure:
    if row.card is None:
        return _lacking(f"{row.id}/README.md", f"the card of {row.id}")
    body = row.card.encode("utf-8", "replace")
    whole = len(body) <= TEXT_CAP
    url = f"{HUB}/{row.id}/blob/{row.sha or 'main'}/README.md"
    return Text(
        path="README.md",
        text=row.card if whole else body[:TEXT_CAP].decode("utf-8", "ignore"),
        origin=msgspec.structs.replace(origin, url=url, sha256=sha256(body).hexdigest()),
        sha=row.sha if is_sha(row.sha) else None,
        truncated=not whole,
    )


def _digest(row: DumpRow) -> str:
    """Give the digest of all that the row says beside the card."""
    return sha256(msgspec.json.encode(msgspec.structs.replace(row, card=None))).hexdigest()


def _terms(facts: Facts) -> dict[str, Node]:
    """Give what is known of the base models' terms without asking: those that a publisher's models always bear."""
    steps = steps_of(facts.lineage.parents)
    names = (i for step in steps for i in ((step.id,) if step.id else step.candidates))
    return {i.lower(): record_node(i, _base(i)) for i in names if i.lower() != facts.subject.id.lower()}


def _base(name: str) -> Failure:
    return _lacking(f"models/{name}", f"the base model {name}")


def _lacking(source: str, what: str) -> Failure:
    detail = f"{what} is not told by the dump" if what.startswith("whether") else f"{what}: not in the dump"
    return Failure(Cause(code="not-recorded", source=source, retryable=True, detail=detail))
