"""Snapshots to compare: generated ones that agree on names, and what it takes to forget part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from audit_sample import AUDIT
from openness_audit.drift.snapshot import snapshot
from openness_audit.model.lock import (
    BaseMark,
    CardMark,
    CodeMark,
    CriterionMark,
    DataMark,
    FileMark,
    FindingMark,
    LicenseMark,
    ObligationMark,
    PlaceMark,
    PolicyMark,
    Snapshot,
    TextMark,
    UseMark,
    WeightsMark,
)

if TYPE_CHECKING:
    from collections.abc import Callable

change = msgspec.structs.replace
SAMPLE = snapshot(AUDIT)
ONE, TWO = "aa" * 32, "bb" * 32
TRUE = st.sampled_from([True])
DIGESTS = st.sampled_from([ONE, TWO])
LEVELS = {"open": (20.0, 20.0), "partial": (10.0, 10.0), "closed": (0.0, 0.0), "unknown": (0.0, 20.0)}
LICENSES = [
    LicenseMark(expression="MIT", family="osi", raw=("mit",)),
    LicenseMark(expression="Apache-2.0", family="osi", raw=("apache-2.0",)),
    LicenseMark(expression="LicenseRef-hf-llama2", family="community", raw=("llama2",)),
    LicenseMark(expression="CC-BY-NC-4.0", family="non-commercial", raw=("cc-by-nc-4.0",)),
    LicenseMark(expression="NONE", family="none-declared"),
]
UNREAD_LICENSE = LicenseMark(expression=None, family="unknown")


def some(each: st.SearchStrategy[Any], key: Callable[[Any], Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Give up to three marks of different names."""
    return st.lists(each, max_size=3, unique_by=key).map(lambda rows: tuple(sorted(rows, key=key)))


def _criterion(level: str) -> CriterionMark:
    low, high = LEVELS[level]
    return CriterionMark(id="data", status=level, low=low, high=high)  # type: ignore[arg-type]  # names of levels


def _weights(files: tuple[FileMark, ...]) -> WeightsMark:
    return WeightsMark(digest=f"sha256:{ONE}", files=files)


def _data(access: str) -> st.SearchStrategy[DataMark]:
    words = {"public": "open", "gated": "partial", "missing": "closed", "unavailable": "unknown"}
    return st.builds(
        DataMark,
        name=st.sampled_from(["a/one", "a/two"]),
        stage=st.just("pretraining"),
        availability=st.just(words[access]),
        access=st.just(access),
        licenses=st.sampled_from([("MIT",), ("CC0-1.0",), ()]) if access != "missing" else st.just(()),
    )


BASES = st.builds(
    BaseMark,
    id=st.sampled_from(["b/one", "b/two"]),
    relation=st.just("finetune"),
    license=st.sampled_from(["MIT", "Apache-2.0"]),
    family=st.just("osi"),
    access=st.sampled_from(["public", "gated", "not-found-or-private"]),
    direct=TRUE,
)
SNAPSHOTS: st.SearchStrategy[Snapshot] = st.builds(
    lambda **said: change(SAMPLE, **said),
    sha=st.sampled_from(["1" * 40, "2" * 40]),
    gated=st.sampled_from([False, "auto", "manual"]),
    card=st.sampled_from([CardMark(state="present", sha256=ONE), CardMark(state="present", sha256=TWO)]),
    declared=st.sampled_from(LICENSES),
    own=st.sampled_from(LICENSES),
    effective=st.sampled_from(LICENSES),
    texts=some(
        st.builds(
            TextMark,
            path=st.sampled_from(["LICENSE", "USE.md"]),
            sha256=DIGESTS,
            expression=st.sampled_from(["MIT", None]),
            match=st.sampled_from(["exact", "modified", "none"]),
        ),
        lambda t: t.path,
    ),
    texts_read=TRUE,
    terms_read=TRUE,
    weights=some(
        st.builds(FileMark, path=st.sampled_from(["a.bin", "b.bin"]), size=st.sampled_from([1, 2]), sha256=DIGESTS),
        lambda f: f.path,
    ).map(_weights),
    base_models=some(BASES, lambda b: b.id),
    training_data=some(st.sampled_from(["public", "gated", "missing"]).flatmap(_data), lambda d: d.name),
    code_repositories=some(
        st.builds(
            CodeMark,
            url=st.sampled_from(["https://github.com/a/one", "https://github.com/a/two"]),
            state=st.sampled_from(["read", "gone"]),
            commit=st.sampled_from(["1" * 40, "2" * 40]),
            license=st.sampled_from(["MIT", None]),
        ),
        lambda c: c.url,
    ),
    criteria=st.sampled_from(["open", "partial", "closed"]).map(lambda level: (_criterion(level),)),
    score_low=st.just(50),
    score_high=st.just(50),
    terms=st.sampled_from(["open", "restricted", "unlicensed"]),
    extent=st.sampled_from(["reproducible", "weights-only", "no-weights"]),
    osaid=st.sampled_from(["yes", "no"]),
    uses=st.builds(
        UseMark, use=st.just("serve"), verdict=st.sampled_from(["allowed", "conditions", "not-allowed"])
    ).map(lambda mark: (mark,)),
    obligations=some(
        st.builds(
            ObligationMark,
            id=st.sampled_from(["attribution", "display"]),
            status=st.sampled_from(["applies", "conditional"]),
            values=st.just(()),
            sources=st.sampled_from([("acme/tern-7b",), ("b/one",)]),
        ),
        lambda o: o.id,
    ),
    findings=some(
        st.builds(
            FindingMark,
            id=st.sampled_from(["tag-text", "no-card"]),
            severity=st.sampled_from(["error", "warning", "note"]),
        ),
        lambda f: f.id,
    ),
    undecided=st.just(()),
    policy=st.builds(
        PolicyMark,
        name=st.just("p"),
        digest=st.just(f"sha256:{ONE}"),
        path=st.just("p.yaml"),
        result=st.sampled_from(["met", "violated"]),
    ),
    not_checked=st.just(()),
)


def _forget_terms(found: Snapshot) -> Snapshot:
    return change(
        found, declared=UNREAD_LICENSE, own=UNREAD_LICENSE, effective=UNREAD_LICENSE, terms="undetermined",
        terms_read=False, uses=tuple(change(u, verdict="not-determined") for u in found.uses), obligations=(),
        undecided=("tag-text", "no-card"), findings=(), osaid="undetermined",
    )  # fmt: skip


FORGET: dict[str, Callable[[Snapshot], Snapshot]] = {  # what a failure to look leaves of a snapshot
    "README.md": lambda found: change(
        _forget_terms(found),
        card=CardMark(state="unknown"),
        base_models=(),
        training_data=(),
        code_repositories=(),
    ),
    "file listing": lambda found: change(
        found,
        weights=WeightsMark(digest=None),
        texts=(),
        texts_read=False,
        extent="undetermined",
    ),
    "data sets": lambda found: change(
        found,
        training_data=tuple(change(d, availability="unknown", access="unavailable") for d in found.training_data),
        criteria=(_criterion("unknown"),),
        score_low=0,
        score_high=100,
    ),
    "base models": lambda found: change(
        _forget_terms(found),
        base_models=tuple(
            change(b, access="network", license="NOASSERTION", family="unknown") for b in found.base_models
        ),
        declared=found.declared,
    ),
    "code": lambda found: change(
        found,
        code_repositories=tuple(change(c, state="unknown", commit=None) for c in found.code_repositories),
        criteria=(_criterion("unknown"),),
    ),
    "whose code it is": lambda found: change(found, code_repositories=(), criteria=(_criterion("unknown"),)),
    "gate": lambda found: change(found, gated=None),
    "policy": lambda found: change(found, policy=change(found.policy, result="no-verdict") if found.policy else None),
}


def forgotten(found: Snapshot, *places: str) -> Snapshot:
    """Give what is left of a snapshot when these places could not be looked at."""
    for name in places:
        found = FORGET[name](found)
    marks = {*found.not_checked, *(PlaceMark(what=name, code="network") for name in places)}
    return change(found, not_checked=tuple(sorted(marks, key=lambda m: m.what)))
