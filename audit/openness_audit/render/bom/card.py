"""What publishers disclose of their models and data sets, for bills of materials: their words, each with its place.

Nothing is concluded from it. Personal information is "yes" only where it is said to be used: "may contain" asserts
nothing, and stands among the sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.bom.bill import Card, Measure, Note, Result, Saying
from openness_audit.render.bom.places import at, web
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_origins import TrainingDataDoc
    from openness_audit.model.disclosures import DisclosuresDoc, HyperparameterDoc, MetricDoc, StatementDoc
    from openness_audit.render.bom.bill import Part, Personal

    Known = dict[str, str]  # evidence -> where it stands

_MOST_WORDS = 200  # characters of a sentence that the audit keeps
_RISKS = ("serious", "high", "medium", "low")  # the most serious that is stated counts


def of_model(audit: Audit) -> Card:
    """Give what the card of the audited model says of it, and of data that is no part of the bill by itself."""
    found = audit.disclosures
    if found is None:
        return Card()
    known = _places(audit)
    named = {name for row in audit.training_data for name in (row.id, row.name) if name}
    own = [row for row in found.statements if row.data_set is None or row.data_set not in named]
    levels = {row.level for row in own}
    measures = dict.fromkeys(
        Measure(row.quantity, clean(row.value), row.phase, row.number, row.unit or "", _at(known, row.evidence))
        for row in found.quantities
    )
    return Card(
        settings=_joined((_setting(row), clean(row.value)) for row in found.hyperparameters),
        results=tuple(dict.fromkeys(_result(row, known) for row in found.metrics)),
        sayings=_sayings(own, known),
        measures=tuple(measures),
        traits=_joined((row.name, clean(row.value)) for row in found.traits),
        personal=_personal(own, found),
        risk=next((level for level in _RISKS if level in levels), ""),
    )


def of_data(audit: Audit, row: TrainingDataDoc) -> Card:
    """Give what the card of the audited model says of one data set by name."""
    if audit.disclosures is None:
        return Card()
    known = _places(audit)
    own = [said for said in audit.disclosures.statements if said.data_set and said.data_set in (row.id, row.name)]
    return Card(sayings=_sayings(own, known), personal=_personal(own))


def _places(audit: Audit) -> Known:
    """Say where each evidence stands: in the audited repository by its path there, else by its address."""
    found = {}
    for row in audit.evidence:
        own = row.repo == audit.subject.id and row.path
        found[row.id] = at(clean(row.path) if own and row.path else web(row.url).partition("#")[0], row.line)
    return found


def remarks(part: Part, without: Collection[str] = ()) -> list[Note]:
    """Give what is disclosed as notes, one a subject, but for those that a standard has fields for."""
    card = part.card
    topics = dict.fromkeys(saying.topic for saying in card.sayings)
    said = {
        "hyperparameters": [f"{name}: {value}" for name, value in card.settings],
        "metrics": [f"{name}: {value}" for name, value in results(card)],
        **{topic: card.about(topic) for topic in topics},
        "computing": [measure.told() for measure in card.measures],
        "traits": [f"{name}: {value}" for name, value in card.traits],
    }
    return [
        Note(part.ref, f"disclosed:{subject}", f"its publisher says: {'; '.join(rows)}")
        for subject, rows in said.items()
        if rows and subject not in without
    ]


def results(card: Card) -> tuple[tuple[str, str], ...]:
    """Give the results of evaluation as a dictionary: what was measured on what, and all values of it."""
    return _joined((_measured(result), result.value) for result in card.results)


def _measured(result: Result) -> str:
    where = result.where()
    return f"{result.name} ({where})" if where else result.name


def _sayings(rows: Iterable[StatementDoc], known: Known) -> tuple[Saying, ...]:
    said = (Saying(row.topic, _words(row.text or ""), _at(known, row.evidence), row.said or "") for row in rows)
    return tuple(dict.fromkeys(saying for saying in said if saying.words or saying.at))


def _words(text: str) -> str:
    return clean(text) + ("..." if len(text) >= _MOST_WORDS else "")


def _personal(rows: Iterable[StatementDoc], whole: DisclosuresDoc | None = None) -> Personal:
    """Say whether personal data is used: only where a sentence says so, and no other contradicts it."""
    said = {row.said for row in rows if row.said}
    if "used" in said:
        return "yes" if "not-used" not in said else ""
    allowed = whole is None or whole.personal_information == "no"
    return "no" if allowed and said == {"not-used"} else ""


def _at(known: Known, cited: tuple[str, ...]) -> str:
    return next((known[key] for key in cited if known.get(key)), "")


def _setting(row: HyperparameterDoc) -> str:
    name = clean(row.id or row.name)
    return name if row.phase == "unknown" else f"{name} ({row.phase})"


def _result(row: MetricDoc, known: Known) -> Result:
    """Tell one result: on which data, and whose figure it is where it is not the publisher's."""
    data = clean(row.dataset or row.dataset_id or "")
    metric = clean(row.metric)
    where = ([data] if data != metric else []) + [clean(row.config or ""), clean(row.split or "")]
    by = "" if row.reported_by == "publisher" else clean(row.reported_by)
    return Result(metric, clean(row.value), ", ".join(filter(None, where)), by, _at(known, row.evidence))


def _joined(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Give each name once, with all that is said of it: a dictionary has unique keys."""
    found: dict[str, list[str]] = {}
    for name, value in rows:
        found.setdefault(name, [])
        if value and value not in found[name]:
            found[name].append(value)
    return tuple((name, "; ".join(values)) for name, values in found.items() if name)
