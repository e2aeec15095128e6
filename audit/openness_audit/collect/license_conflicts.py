"""Find statements about terms that cannot both hold; a false accusation is worse than a missed one."""

from __future__ import annotations

from openness_audit.collect.license_conflict_prose import tag_prose
from openness_audit.collect.license_declared import COMMERCE, OPEN, Declaration, stated, within
from openness_audit.collect.license_texts import text_scope
from openness_audit.licenses.chain_conflicts import lost
from openness_audit.licenses.ids import resolve
from openness_audit.model.facts import CodeRepository, DataSet, LicenseConflict, LicenseProse, LicenseText

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
    """The model was trained on data whose terms forbid commerce, under a tag that allows it: a risk, not a verdict."""
    if tag.resolved.family not in COMMERCE:
        return []
    found = []
    for dataset in data:
        stated = [name for name in (dataset.license, *dataset.licenses) if name]
        if dataset.whose != "self" or dataset.stage not in ("pretraining", "finetuning") or not stated:
            continue
        terms = resolve(list(dict.fromkeys(stated)))
        if terms.family != "non-commercial" or not dataset.places:
            continue
        found.append(
            LicenseConflict(
                kind="tag-data",
                between=(tag.resolved.expression or "", terms.expression or ""),
                why=f"the metadata says {tag.resolved.expression}, the training data {dataset.id or dataset.name} is "
                f"under {terms.expression}",
                severity="warning",
                confidence="high" if dataset.licenses else "medium",  # by its own record, else by the list
                places=(*tag.places, *dataset.places[:2]),
                path=(tag.model, dataset.id or dataset.name),
                clauses=lost(tag.resolved.known, terms.known),
            )
        )
    return found


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
