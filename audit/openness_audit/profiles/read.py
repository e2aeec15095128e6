"""Facts and assessments -> the basis that every profile reads."""

from __future__ import annotations

from collections.abc import Mapping

from openness_audit.model.assessment import UNKNOWN, Assessment, Bounds
from openness_audit.model.chain import Chain
from openness_audit.model.evidence import Observed, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.profiles.basis import CLOSED, OPEN, Basis, Cover, Item, because, lowest
from openness_audit.profiles.covers import Release, covering_papers, covers_of, paper_cover, release_of
from openness_audit.profiles.data import Covers, load_profiles

Found = Mapping[str, Assessment]
Models = Mapping[str, tuple[Facts, Found]]  # base models that were read in full, by id


def _effective(facts: Facts, family: str | None, chain: Chain | None) -> Cover:
    own = facts.licenses.own
    if chain is not None:
        return Cover(chain.effective.expression, chain.effective.family, facts.subject.id)
    return Cover(own.expression, family or own.family, facts.subject.id)


def _seen_in(found: Assessment, release: Release, above: Models, chain: Chain | None) -> Release | None:
    """Give the model whose evidence a component rests on: this one, or the base model it is inherited from."""
    name = found.inherited_from
    if name is None or (found.own is not None and found.own == found.bounds):
        return release
    if name not in above:
        return None
    link = next((link for link in chain.links if link.id == name), None) if chain else None
    return release_of(above[name][0], Cover(link.expression, link.family, name) if link else None)


def _item(name: str, found: Assessment, release: Release | None, known: Covers) -> Item:
    rule = known.components.get(name)
    there = found.bounds is not None and found.bounds.high != "closed"
    covers = covers_of(release, found, rule, known) if rule and release and (there or rule.by == "effective") else ()
    return Item(id=name, bounds=found.bounds, why=found.why, covers=covers)


def basis_of(
    facts: Facts,
    found: Found,
    *,
    above: Models | None = None,
    chain: Chain | None = None,
    family: str | None = None,
) -> Basis:
    """Gather what every profile reads.

    Args:
        facts: what was read of the model.
        found: the assessments, by rule id.
        above: the base models that were read in full.
        chain: the chain of terms, where it was followed.
        family: the family of the effective licence, where there is no chain.

    Returns:
        Each component with its level, its reason and the licences that cover it.
    """
    known = load_profiles().covers
    models = above or {}
    release = release_of(facts, _effective(facts, family, chain))
    items = {name: _item(name, row, _seen_in(row, release, models, chain), known) for name, row in found.items()}
    items |= {item.id: item for item in _derived(facts, items, release, models)}
    return Basis(
        subject=facts.subject.id,
        gated=None if facts.subject.gated is None else bool(facts.subject.gated),
        items=items,
        release=release.own,
    )


def _derived(facts: Facts, items: Mapping[str, Item], release: Release, above: Models) -> tuple[Item, ...]:
    """Give what frameworks ask for and no rule of ours does, from what rules and facts say."""
    return (
        _tuning(items),
        _libraries(facts, items),
        _full_weights(facts, items),
        _base_weights(facts, items, above),
        *_papers(facts, items, release),
        _usage(items),
        _documentation(items),
        _summary(facts),
    )


def _get(items: Mapping[str, Item], name: str) -> Item:
    return items.get(name) or Item(id=name, bounds=UNKNOWN, why="not looked for", looked_for=False)


def _tuning(items: Mapping[str, Item]) -> Item:
    """Fine-tuning code, which a model without a tuning stage does not have."""
    code, data = _get(items, "finetuning-code"), _get(items, "finetuning-data")
    if data.bounds is None:
        return Item(id="tuning-code", bounds=None, why=data.why)
    return Item(id="tuning-code", bounds=code.bounds, why=code.why, covers=code.covers)


def _libraries(facts: Facts, items: Mapping[str, Item]) -> Item:
    """The libraries the code needs: a library is declared, or public code names them."""
    run, train = _get(items, "inference-code"), _get(items, "training-code")
    if facts.subject.library:
        return Item(
            id="libraries", bounds=OPEN, why=f"the library {facts.subject.library} is declared", covers=run.covers
        )
    for code in (run, train):
        if code.bounds is not None and code.bounds.low == "open":
            return Item(id="libraries", bounds=OPEN, why=f"public code names them: {code.why}", covers=code.covers)
    both = lowest((run, train))
    why = "no library is declared, and no public code names any"
    return Item(id="libraries", bounds=CLOSED if both == CLOSED else UNKNOWN, why=why)


def _full_weights(facts: Facts, items: Mapping[str, Item]) -> Item:
    """The weights whatever stands before them: a gate is a matter of terms."""
    weights = _get(items, "weights")
    bounds = weights.bounds
    if facts.subject.gated and bounds == Bounds("partial", "partial") and isinstance(facts.files, Observed):
        held = facts.files.value.weights
        if any(group.kind == "weights-full" for group in held.groups) and not held.missing:
            return Item(id="full-weights", bounds=OPEN, why="full weights, behind a gate", covers=weights.covers)
    return Item(id="full-weights", bounds=bounds, why=weights.why, covers=weights.covers)


def _base_weights(facts: Facts, items: Mapping[str, Item], above: Models) -> Item:
    """The weights the model was made from: its own where it was trained from scratch."""
    parents = facts.lineage.parents
    if not parents:
        mine = _get(items, "weights")
        if facts.lineage.derivation == "base":
            return Item(id="base-weights", bounds=mine.bounds, why=mine.why, covers=mine.covers)
        return Item(id="base-weights", bounds=UNKNOWN, why="no base model is named")
    rows = []
    for parent in parents:
        if parent.id is not None and parent.id in above:
            theirs = above[parent.id][1].get("weights")
            bounds = theirs.bounds if theirs else UNKNOWN
            rows.append(Item(id=parent.id, bounds=bounds, why=f"{parent.id}: {theirs.why if theirs else 'not read'}"))
        elif parent.gated and isinstance(parent.resolved, Observed):
            rows.append(Item(id=parent.name, bounds=Bounds("closed", "partial"), why=f"{parent.name} is gated"))
        else:
            rows.append(Item(id=parent.name, bounds=UNKNOWN, why=f"the weights of {parent.name} were not looked at"))
    return Item(id="base-weights", bounds=lowest(rows), why=because(rows))


def _papers(facts: Facts, items: Mapping[str, Item], release: Release) -> tuple[Item, Item]:
    """Papers apart from reports, and those that a venue reviewed."""
    report = _get(items, "technical-report")
    papers = [paper for paper in covering_papers(facts) if paper.kind == "paper"]
    reviewed = [paper for paper in papers if paper.peer_reviewed]
    rows = []
    for name, held, none in (
        ("research-paper", papers, "no paper that covers this model is linked"),
        ("reviewed-paper", reviewed, "no peer-reviewed paper that covers this model was seen"),
    ):
        if held and report.bounds is not None:
            ids = ", ".join(dict.fromkeys(paper.id for paper in held))
            covers = tuple(dict.fromkeys(paper_cover(paper, release) for paper in held))
            known = tuple(cover for cover in covers if cover.family != "unknown")[:1]
            rows.append(Item(id=name, bounds=report.bounds, why=f"covered by {ids}", covers=known or covers))
        elif report.bounds is not None and report.bounds.known:
            rows.append(Item(id=name, bounds=CLOSED, why=none))
        else:
            rows.append(
                Item(id=name, bounds=Bounds("closed", report.bounds.high if report.bounds else "open"), why=none)
            )
    return rows[0], rows[1]


def _usage(items: Mapping[str, Item]) -> Item:
    """Information on usage: code that runs the model, or a card that says what it is for."""
    run, card = _get(items, "inference-code"), _get(items, "model-card")
    best = run if run.bounds is not None and run.bounds.low == "open" else card
    if best.bounds is not None and best.bounds.low != "closed":
        return Item(id="usage", bounds=OPEN, why=best.why)
    both = lowest((run, card))
    return Item(id="usage", bounds=both if both == CLOSED else UNKNOWN, why=because((run, card)))


def _documentation(items: Mapping[str, Item]) -> Item:
    """Documentation of the code, which nobody judged: there is none where there is no code."""
    code = [_get(items, name) for name in ("training-code", "tuning-code", "data-preparation-code")]
    if all(item.bounds in {None, CLOSED} for item in code):
        return Item(id="code-documentation", bounds=CLOSED, why="no code of any stage of the training is public")
    return Item(
        id="code-documentation", bounds=UNKNOWN, why="how well the code is documented was not judged", looked_for=False
    )


def _summary(facts: Facts) -> Item:
    """A summary of the training content, by the headings of the Commission's template."""
    rows = [
        m
        for m in facts.mentions
        if m.topic == "data-statement" and "summary" in m.attrs and m.whose == "self" and "untied" not in m.attrs
    ]
    if rows:
        return Item(
            id="training-content-summary", bounds=OPEN, why=f"a summary of the training content: {rows[0].object}"
        )
    if isinstance(facts.card, Unavailable):
        return Item(id="training-content-summary", bounds=UNKNOWN, why=facts.card.cause.detail)
    return Item(
        id="training-content-summary",
        bounds=CLOSED,
        why="no summary of the training content in or linked from the card",
    )
