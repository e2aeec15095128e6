"""Carry out an ingest: read bills of materials, audit each model they name once, compare what they claim."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit.cli.audit import running
from openness_audit.cli.base import output
from openness_audit.cli.base.progress import progress
from openness_audit.cli.base.project import project_path
from openness_audit.cli.common.showing import terminal_width
from openness_audit.cli.gathered.report import Plan, adding, planned, written
from openness_audit.errors import UsageError
from openness_audit.ingest.compare import compare
from openness_audit.ingest.document import Under, make_ingest
from openness_audit.ingest.findings import ingest_rules, with_findings
from openness_audit.ingest.gather import FULL, Places, gather, wanted
from openness_audit.ingest.reading import LARGEST, READ, Read, read
from openness_audit.ingest.references import COMMIT
from openness_audit.model.batch import Batch
from openness_audit.render import batch_renderer
from openness_audit.render.escape import clean
from openness_audit.render.gathered import ingest_formats as ingested
from openness_audit.scan.code.wanted import Key

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.model.audit import Audit
    from openness_audit.model.ingest import Ingest
    from openness_audit.settings import Settings, Target


def ingest_files(call: running.Call, services: Services, files: tuple[str, ...]) -> int:
    """Audit what bills of materials name, and compare what they claim.

    Args:
        call: what was asked for; its `models` are the files.
        services: what to call.
        files: paths of documents.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError for a document that cannot be read, RuleError and
        OutputError, all before anything is audited.
    """
    plan = _plan(call)
    documents = _read(call, services, files)
    gathered = gather(documents)
    run = Under(documents, gathered, Places(documents, gathered))
    codes, batch = _audit(call, services, plan, run)
    policy = call.how.gate.policy
    ingest = make_ingest(run, batch, codes, as_of=call.how.as_of.isoformat(), policy=policy.path if policy else None)
    written(plan, lambda name: _told(name, ingest, batch), quiet=call.how.quiet)
    try:
        _show(ingest, batch, plan.shown, call, services)
    except BrokenPipeError:
        output.reader_gone()
    return ingest.exit_code


def _plan(call: running.Call) -> Plan:
    """Work out what is shown and written, before anything is read."""
    refused = {
        "--explain": call.explain,
        "--notice": call.notice,
        "--fix-card": call.fix_card,
        "--list": call.lists,
        "--sign-key": call.sign_key,
        "--save-evidence": call.save_evidence,
    }
    for name, given in refused.items():
        if given:
            hint = "leave it away, or name the model instead of the document"
            raise UsageError(f"{name} does not go with a bill of materials", hint=hint)
    if call.format is not None:
        ingested.known_format(call.format)
    plan = planned(call.outputs, call.format, ingested.format_of, quiet=call.how.quiet)
    read_ = {Path(name).resolve() for name in call.models}
    if any(place.resolve() in read_ for place, _ in plan.files):
        raise UsageError("-o names the document that is read", hint="write to another file")
    return plan


def _read(call: running.Call, services: Services, files: tuple[str, ...]) -> tuple[tuple[str, Read], ...]:
    """Read every document; reports name them from the root of the project."""
    found: dict[str, Read] = {}
    with progress("reading", services.environ, wanted=call.how.progress) as show:
        for name in files:
            shown = clean(name)
            show(shown)
            try:
                with Path(name).open("rb") as stream:
                    data = stream.read(LARGEST + 1)
            except OSError as problem:
                raise UsageError(f"{shown} cannot be read: {problem.strerror}", hint=READ) from problem
            found[project_path(name)] = read(data, shown, call.how.settings.endpoint)
    return tuple(found.items())


def _audit(call: running.Call, services: Services, plan: Plan, run: Under) -> tuple[list[int], Batch]:
    """Audit each model once; the findings about what is claimed of it are part of its audit when a policy judges it."""
    rules = ingest_rules()
    models = run.gathered.models
    if not models:
        return [], Batch(items=(), rules=(*services.load_rules(call.how.rules_dir).rules, *rules))
    auditing = running.Call(how=replace(call.how, quiet=True), outputs=plan.folders)

    def claimed(target: Target, settings: Settings, audit: Audit) -> Audit:
        key = Key(target.id, target.revision)
        if COMMIT.fullmatch(key.revision or "") and len(key.revision or "") <= FULL:
            run.heads[key] = services.read_head(target, settings)
        run.compared[key] = compare(models.get(key, ()), audit, run.heads.get(key), run.places)
        return with_findings(audit, key.text, run.compared[key])

    codes, batch = running.audit_each(auditing, adding(services, claimed), wanted(models, run.places))
    return codes, msgspec.structs.replace(batch, rules=tuple(sorted((*batch.rules, *rules), key=lambda r: r.id)))


def _told(name: str, ingest: Ingest, batch: Batch) -> str:
    if name in ingested.BATCHES:
        return batch_renderer(name)(batch)
    return ingested.renderer(name)(ingest)


def _show(ingest: Ingest, batch: Batch, shown: str | None, call: running.Call, services: Services) -> None:
    if shown is None:
        return
    if shown != "text":
        output.emit(_told(shown, ingest, batch), machine=True)
        return
    from openness_audit.render.gathered import ingest_text  # noqa: PLC0415 - only here

    color, encoding = output.colored(sys.stdout, services.environ), sys.stdout.encoding or "utf-8"
    output.emit(
        ingest_text.render(ingest, width=terminal_width(), color=color, verbose=call.how.verbose, encoding=encoding)
    )
