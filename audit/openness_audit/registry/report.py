"""Put the report of a scan together."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from openness_audit.model.changes import ComparerDoc
from openness_audit.model.registry_report import SCHEMA_ID, Report
from openness_audit.registry import tally
from openness_audit.registry.ancestry import shared

if TYPE_CHECKING:
    from collections import Counter

    from openness_audit.model.policy import Policy
    from openness_audit.model.registry_changes import ScanChanges
    from openness_audit.registry.opened import Opened
    from openness_audit.ruleset import RuleSet


def tool() -> ComparerDoc:
    """Name this program."""
    return ComparerDoc(name="modelaudit", version=version("openness-audit"))


def report_of(
    scan: Opened,
    undecided: Counter[str],
    rules: RuleSet,
    policy: Policy | None = None,
    changes: ScanChanges | None = None,
) -> Report:
    """Say what the models of a scan are like together.

    Args:
        scan: the open scan.
        undecided: what `keep_undecided` gave for it.
        rules: those whose titles are told; a rule that is not among them goes by its id.
        policy: the policy that judged, where its file is at hand.
        changes: what changed since an earlier scan.

    Returns:
        The document. Its size does not grow with the number of models.
    """
    ancestors, left = shared(scan, policy)
    models = scan.one("SELECT count(*) FROM models")
    return Report(
        schema=SCHEMA_ID,
        tool=tool(),
        scan=scan.manifest,
        complete=scan.manifest.state == "finished",
        models=models,
        audited=scan.one(f"SELECT count(*) FROM models WHERE {tally.AUDITED}"),  # noqa: S608 - our own words
        problems=tally.problems(scan),
        classes=tally.counts(scan, "class"),
        terms=tally.counts(scan, "terms"),
        extents=tally.counts(scan, "extent"),
        osaid=tally.counts(scan, "osaid"),
        gated=tally.gates(scan),
        scores=tally.scores(scan),
        coverage=tally.coverage(scan),
        criteria=tally.criteria(scan),
        components=tally.components(scan),
        families=tally.families(scan),
        shifts=tally.shifts(scan),
        licenses=tally.licenses(scan),
        rules=tally.rules(scan, undecided, rules),
        causes=tally.causes(scan),
        policy=tally.policy(scan),
        ancestors=ancestors,
        ancestors_left=left,
        changes=changes,
    )
