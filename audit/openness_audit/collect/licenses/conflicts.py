"""Find statements about terms that cannot both hold; a false accusation is worse than a missed one."""

from __future__ import annotations

from openness_audit.collect.licenses.conflict_prose import tag_prose
from openness_audit.collect.licenses.declared import Declaration, stated, within
from openness_audit.collect.licenses.texts import text_scope
from openness_audit.licenses.chain_conflicts import lost
from openness_audit.licenses.families import COMMERCE, OPEN
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.notes import beside_list
from openness_audit.model.facts_licenses import LicenseConflict, LicenseProse, LicenseText
from openness_audit.model.facts_origins import CodeRepository, DataSet
from openness_audit.wording import few

__all__ = ["conflicts"]


def _tag_text(tag: Declaration, texts: tuple[LicenseText, ...]) -> list[LicenseConflict]:
    """A licence file is another licence than the tag says, or an altered one."""
    told = [t for t in texts if t.role == "license" and t.match in ("exact", "equivalent", "modified")]
    about = [t for t in told if text_scope(t.path) in ("model", "unknown")]
    whole = [t for t in about if t.match != "modified" and t.expression and within(t.expression, tag)]
    found = []
    for text in about:
        named = (text.similar_to if text.match == "modified" else text.expression) or ""
        agrees = within(named, tag)
        if text.match != "modified" and agrees:
            continue
        if whole and text_scope(text.path) != "model":
            continue  # another file at the root is the tag's licence: this one is some component's
        told_as = f"{named} with other words in it" if text.match == "modified" else named
        # a vendor's text re-typed or of a sister version: restricted either way; an altered open text is another matter
        mild = (
            text.match == "modified" and agrees and tag.resolved.family not in OPEN and (text.similarity or 0) >= 0.97
        )
        found.append(
            LicenseConflict(
                kind="tag-text",
                between=(tag.resolved.expression or "", text.expression or named),
                why=f"the metadata says {tag.resolved.expression}, {text.path} is {told_as}",
                severity="warning" if mild else "error",
                confidence="high" if text.match in ("exact", "equivalent") else "low" if mild else "medium",
                places=(*tag.places, text.place),
            )
        )
    return found


def _tag_data(tag: Declaration, data: tuple[DataSet, ...]) -> list[LicenseConflict]:
    """The model was trained on data whose terms forbid commerce, under a tag that allows it: a risk, not a verdict.

    Data sets under the same terms are one conflict.
    """
    if tag.resolved.family not in COMMERCE:
        return []
    found: dict[str, list[DataSet]] = {}
    for dataset in data:
        said = [name for name in (dataset.license, *dataset.licenses) if name]
        if dataset.whose != "self" or dataset.stage not in ("pretraining", "finetuning") or not said:
            continue
        terms = resolve(list(dict.fromkeys(said)))
        if terms.family == "non-commercial" and dataset.places and not beside_list(dataset, data):
            found.setdefault(str(terms.expression), []).append(dataset)
    return [_data_conflict(tag, expression, sets) for expression, sets in found.items()]


def _data_conflict(tag: Declaration, expression: str, sets: list[DataSet]) -> LicenseConflict:
    names = list(dict.fromkeys(one.id or one.name for one in sets))
    places = [place for one in sets[:4] for place in one.places[:2]]
    return LicenseConflict(
        kind="tag-data",
        between=(tag.resolved.expression or "", expression),
        why=f"the metadata says {tag.resolved.expression}, the training data {few(names)} "
        f"{'is' if len(names) == 1 else 'are'} under {expression}",
        severity="warning",
        confidence="high" if any(one.licenses for one in sets) else "medium",  # by its own record, else by the list
        places=tuple(dict.fromkeys((*tag.places, *places))),
        path=(tag.model, names[0]),
        clauses=lost(tag.resolved.known, resolve(expression).known),
    )


def _code_host(tag: Declaration, code: tuple[CodeRepository, ...]) -> list[LicenseConflict]:
    """The publisher's code repository is under another licence: often meant for the code alone, hence a note."""
    found = []
    for repo in code:
        if repo.whose != "self" or repo.in_citation or not repo.license or repo.license in ("NOASSERTION", "NONE"):
            continue
        if within(repo.license, tag) or not repo.places:
            continue
        found.append(
            LicenseConflict(
                kind="code-host",
                between=(tag.resolved.expression or "", repo.license),
                why=f"the metadata says {tag.resolved.expression}, {repo.key} says {repo.license}",
                severity="note",
                confidence="medium",
                places=(*tag.places, *repo.places[:1]),
                path=(tag.model, repo.key),
            )
        )
    return found


def conflicts(
    tag: Declaration,
    texts: tuple[LicenseText, ...],
    prose: tuple[LicenseProse, ...],
    code: tuple[CodeRepository, ...],
    data: tuple[DataSet, ...],
) -> tuple[LicenseConflict, ...]:
    """List the conflicts of a tag with what the model itself says; those with its base models are `licenses.chain`'s.

    Without a tag that names terms there is nothing to conflict.
    """
    if not stated(tag):
        return ()
    return (
        *_tag_text(tag, texts),
        *tag_prose(tag, prose),
        *_tag_data(tag, data),
        *_code_host(tag, code),
    )
