"""Words that reports on gathered models share, whether code uses the models or a bill of materials names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from openness_audit.render.escape import clean
from openness_audit.render.markdown.audit import MOST_BYTES
from openness_audit.render.views import audit as view
from openness_audit.render.views import terms as terms_view
from openness_audit.render.views.page import clip
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from openness_audit.model.ingest import BillPlaceDoc, IngestFindingDoc, NamedModelDoc
    from openness_audit.model.scan import PlaceDoc, ScanFindingDoc, ScannedDoc
    from openness_audit.model.usages import Usage

    Model: TypeAlias = ScannedDoc | NamedModelDoc
    At: TypeAlias = PlaceDoc | BillPlaceDoc | Usage

HUB = "https://huggingface.co/"
RESULTS = {"met": "PASS", "violated": "BLOCK", "no-verdict": "NO VERDICT"}
LISTED = "Data sets are listed, not audited."


def offline(models: Iterable[Model]) -> str:
    """Say that no source was asked, and whose evidence comes with the program; nothing for a live run."""
    found = [model for model in models if model.offline]
    if not found:
        return ""
    bundled = sum(model.bundled for model in found)
    rest = f"; {plural(bundled, 'model')} from evidence bundled with the program" if bundled else ""
    return f"offline: no source was asked{rest}; what is told may have changed since"


def name(model: Model) -> str:
    """Name a model at the commit that was audited, or at the revision under which it is named."""
    at = model.sha[:12] if model.sha else model.revision
    return clean(f"{model.id}@{at}" if at else model.id)


def score(model: Model) -> str:
    """Say a model's score as an interval; nothing where it was not audited."""
    return view.interval(model.score.low, model.score.high) if model.score else ""


def clauses(model: Model) -> str:
    """Say which clauses of the policy are violated or cannot be decided, and why."""
    told = {"violated": "violated", "unknown": "not decided"}
    return "; ".join(f"{clean(c.id)} {told[c.met]}: {clean(c.why)}" for c in model.clauses if c.met in told)


def use(model: Model) -> str:
    """Say whether the licence allows what the models are wanted for; nothing where nobody said what for."""
    if model.use is None:
        return ""
    return f"{terms_view.use_title(model.use)}: {terms_view.VERDICTS.get(model.use_verdict or 'not-determined', '')}"


def place(found: At) -> str:
    """Say where something stands."""
    return f"{clean(found.path)}:{found.line}"


def places(found: Sequence[At], most: int) -> str:
    """List the first places, and count the rest."""
    told = list(dict.fromkeys(map(place, found)))
    left = len(told) - most
    return ", ".join(told[:most]) + (f" and {left} more" if left > 0 else "")


def rules_told(findings: Iterable[ScanFindingDoc | IngestFindingDoc]) -> dict[str, str]:
    """Give what to do about each rule that made a finding, once a rule."""
    return {finding.rule: finding.remediation for finding in findings}


def stands(model: Model, standing: str) -> str:
    """Say in a table's cell how a model stands, why it was not audited, and whether the use is allowed."""
    said = f"{standing}: {model.problem}" if model.problem else standing
    return clip("; ".join(filter(None, (said, use(model)))), 300)


def policy(model: Model) -> str:
    """Say in a table's cell what the policy says."""
    result, unmet = RESULTS.get(model.policy or "", ""), clauses(model)
    return f"{result}: {clip(unmet, 200)}" if unmet else result


def within(lines: Callable[[int], Iterable[str]]) -> str:
    """Give Markdown that GitHub takes: told again with fewer rows, which `lines` counts, where it would be too long."""
    for most in (500, 200, 50, 10):
        told = "\n".join(lines(most)) + "\n"
        if len(told.encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return told


def rest(left: int, what: str) -> Iterator[str]:
    """Count what a Markdown table leaves out."""
    if left > 0:
        yield f"\n{plural(left, what)} more in the JSON document."
