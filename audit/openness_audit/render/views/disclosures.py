"""What reports say of what the card discloses, before it is laid out: a line a topic, and what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.disclosures import DisclosuresDoc, MetricDoc, QuantityDoc, Topic

TITLES: Final[dict[Topic, str]] = {
    "task": "Task",
    "modalities": "Input and output",
    "languages": "Languages",
    "architecture": "Architecture",
    "parameters": "Parameters",
    "intended-use": "Intended use",
    "users": "Intended users",
    "out-of-scope-use": "Out-of-scope use",
    "limitations": "Limitations",
    "bias": "Bias and fairness",
    "safety": "Risks and safety",
    "ethics": "Ethics",
    "personal-data": "Personal data",
    "data-collection": "Collection of data",
    "data-preprocessing": "Preparation of data",
    "hyperparameters": "Hyper-parameters",
    "metrics": "Results",
    "hardware": "Hardware",
    "training-time": "Time of training",
    "energy": "Energy",
    "emissions": "Emissions",
    "region": "Cloud and region",
}
SAID: Final = {"used": "used", "may-contain": "may be contained", "removed": "removed", "not-used": "not used"}
MOST_NAMED, MOST_SAID = 8, 2  # values, and statements, of one line
LONGEST: Final = 60  # characters of one value
EXCERPT: Final = 200  # characters that a citation keeps
MOST_PLACES: Final = 2
_TRAITS: Final[dict[Topic, tuple[str, ...]]] = {
    "task": ("task",),
    "modalities": ("input", "output"),
    "languages": ("language",),
    "architecture": ("architecture", "model-type", "context-length"),
    "parameters": ("parameters",),
}
_QUANTITIES: Final[dict[Topic, tuple[str, ...]]] = {
    "hardware": ("hardware",),
    "training-time": ("training-time", "compute"),
    "energy": ("energy",),
    "emissions": ("emissions",),
    "region": ("provider", "region"),
}
_NAMED: Final = {"input": "in: ", "output": "out: ", "context-length": "context length "}


class Row(Struct, frozen=True):
    """One topic: its title, what is said in the card's words, each quoted or not, how much more, and the places."""

    title: str
    said: tuple[str, ...]
    quoted: bool
    more: int
    evidence: tuple[str, ...]


def _row(topic: Topic, said: Sequence[tuple[str, Sequence[str]]], left: int, *, quoted: bool = False) -> Row:
    most = MOST_SAID if quoted else MOST_NAMED
    shown = said[:most]
    cited = dict.fromkeys(key for _, keys in shown for key in keys)
    return Row(
        TITLES[topic], tuple(w for w, _ in shown), quoted, len(said) - len(shown) + left, tuple(cited)[:MOST_PLACES]
    )


def _short(text: str, most: int = LONGEST) -> str:
    said = clean(text)
    return said if len(said) <= most else f"{said[: most - 4].rstrip()} ..."


def _metric(metric: MetricDoc) -> str:
    on = f" on {_short(metric.dataset)}" if metric.dataset and metric.dataset != metric.metric else ""
    by = "" if metric.reported_by == "publisher" else f" ({_short(metric.reported_by)})"
    return f"{_short(metric.metric)}{on}: {_short(metric.value, 24)}{by}"


def _quantity(quantity: QuantityDoc) -> str:
    told = _short(quantity.value, 100)
    if quantity.number is None or quantity.unit is None or told.startswith(f"{quantity.number:g} {quantity.unit}"):
        return told
    return f"{told} ({quantity.number:g} {quantity.unit})"


def _said(found: DisclosuresDoc, topic: Topic) -> list[tuple[str, Sequence[str]]]:
    """Give what is said on a topic, with the places of each."""
    if topic == "hyperparameters":
        return [(f"{_short(h.name, 40)} {_short(h.value)}", h.evidence) for h in found.hyperparameters]
    if topic == "metrics":
        return [(_metric(m), m.evidence) for m in found.metrics]
    if topic in _TRAITS:
        rows = [t for t in found.traits if t.name in _TRAITS[topic]]
        return [(f"{_NAMED.get(t.name, '')}{_short(t.value)}", t.evidence) for t in rows]
    if topic in _QUANTITIES:
        return [(_quantity(q), q.evidence) for q in found.quantities if q.quantity in _QUANTITIES[topic]]
    return [(f"{_sentence(s.text)}{_mark(s.said, s.level)}", s.evidence) for s in found.statements if s.topic == topic]


def _sentence(text: str | None) -> str:
    """Quote a statement, of which only the beginning may be kept; a bundled record holds no words of a card."""
    if not text:
        return "a sentence of the card"
    return f"{clean(text).rstrip()} ..." if len(text) >= EXCERPT else clean(text)


def _mark(said: str | None, level: str | None) -> str:
    """Say what a sentence tells of personal data, or which level of risk it states."""
    words = [*([SAID[said]] if said else []), *([f"level: {level}"] if level else [])]
    return f" [{', '.join(words)}]" if words else ""


def rows(audit: Audit) -> tuple[Row, ...]:
    """Give a row for each topic on which something is stated, the kind of model first."""
    found = audit.disclosures
    if found is None:
        return ()
    left = {t.topic: t.left_out for t in found.topics if t.state == "stated"}
    known: Iterable[Topic] = (topic for topic in TITLES if topic in left)
    told = ((topic, _said(found, topic)) for topic in known)
    return tuple(
        _row(topic, said, left[topic], quoted=topic in {s.topic for s in found.statements}) for topic, said in told
    )


def absent(audit: Audit) -> tuple[str, ...]:
    """Name the topics of which the card says nothing."""
    return _in_state(audit, "absent")


def unread(audit: Audit) -> tuple[str, ...]:
    """Name the topics that could not be looked at."""
    found = _in_state(audit, "unknown")
    return ("every topic",) if len(found) == len(TITLES) else found


def why_unread(audit: Audit) -> str:
    """Say why topics could not be looked at; the first cause stands for the others."""
    topics = audit.disclosures.topics if audit.disclosures else ()
    return next((clean(cause.detail) for topic in topics for cause in topic.unknown), "")


def _in_state(audit: Audit, state: str) -> tuple[str, ...]:
    topics = audit.disclosures.topics if audit.disclosures else ()
    named = {t.topic for t in topics if t.state == state}
    return tuple(title.lower() for topic, title in TITLES.items() if topic in named)
