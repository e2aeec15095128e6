"""Words that all reports of a scan share: how many models, how each stands, what was passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.scan import Scan, ScannedDoc
    from openness_audit.model.usages import Usage


def headline(scan: Scan) -> str:
    """Say in one sentence how many models are used, and what is wrong with them."""
    files = len({place.path for model in scan.models for place in model.places})
    if not scan.models:
        low, unread = len(low_ids(scan)), sum(not u.partly for u in scan.unread)
        rest = f"; {plural(low, 'model')} named with low confidence" if low else ""
        rest += f"; {plural(unread, 'file')} could not be read" if unread else ""
        return f"No model of the Hub was found in {plural(scan.files, 'file')}{rest}"
    told = f"{plural(len(scan.models), 'model')} used in {files} of {plural(scan.files, 'file')}"
    troubles = [
        f"{count} {words}"
        for count, words in (
            (sum(m.policy == "violated" for m in scan.models), "against the policy"),
            (sum(m.policy == "no-verdict" for m in scan.models), "not decided by the policy"),
            (sum(m.problem is not None for m in scan.models), "not audited"),
            (sum(m.pinned in ("no", "branch-or-tag") for m in scan.models), "not pinned to a commit"),
        )
        if count
    ]
    return f"{told}: {', '.join(troubles)}" if troubles else told


def pin(model: ScannedDoc) -> str:
    """Say how the code pins a model."""
    if model.pinned == "branch-or-tag":
        return f"revision {clean(model.revision or '')}, which can move"
    return {"commit": "pinned to a commit", "no": "not pinned"}.get(model.pinned, "revision given from outside")


def standing(model: ScannedDoc) -> str:
    """Say how a model stands, in a few words."""
    if model.audited:
        return clean(model.class_ or "")
    return "not audited" if model.problem is not None else "listed"


def counts(model: ScannedDoc) -> str:
    """Count the findings of a model's audit by severity."""
    return ", ".join(plural(count, severity) for severity, count in model.findings.items())


def low_usages(scan: Scan) -> list[Usage]:
    """Give the places of models that do not count because their confidence is low."""
    if scan.with_low:
        return []
    return [u for u in scan.usages if u.id is not None and u.kind == "model" and u.confidence == "low"]


def low_ids(scan: Scan) -> list[str]:
    """Give the models that are named with low confidence only."""
    counted = {model.id for model in scan.models}
    return sorted({str(u.id) for u in low_usages(scan)} - counted)


def unresolved(scan: Scan) -> list[Usage]:
    """Give the places that name a model which cannot be worked out."""
    return [u for u in scan.usages if u.id is None and u.kind == "model"]


def skipped(scan: Scan) -> str:
    """Say what was passed over, as was to be expected."""
    return "; ".join(f"{clean(row.why)}: {row.count}" for row in scan.skipped)


def last(scan: Scan) -> str:
    """Count what was found, and say the exit code with its cause."""
    unread = [u for u in scan.unread if not u.partly]
    told = [plural(len(scan.models), "model"), plural(len(scan.findings), "finding")]
    told += [f"{plural(len(unread), 'file')} not read"] if unread else []
    return f"{', '.join(told)}: exit {scan.exit_code} ({_cause(scan, unreadable=bool(unread))})"


def _cause(scan: Scan, *, unreadable: bool) -> str:
    codes = {model.exit_code for model in scan.models}
    if scan.exit_code == 1:
        return f"policy {clean(scan.policy or '')} is violated"
    if 3 in codes:
        return "a model has no verdict"
    if unreadable and scan.exit_code:
        return "a file could not be read"
    if scan.exit_code:
        return "something failed, see above"
    if scan.listed_only:
        return "nothing was audited: --list-only"
    return f"policy {clean(scan.policy)} is met" if scan.policy and scan.models else "no policy"
