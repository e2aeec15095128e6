"""Folders of scans whose rows a test makes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.model.registry import PolicyNameDoc
from openness_audit.model.row import AncestorRow, BaseRow, Row
from openness_audit.scan.opening import create_folder
from openness_audit.scan.outcome import Outcome
from registry_kit import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

POLICY = PolicyNameDoc(name="ours", digest="sha256:" + "a" * 64, path="policy.yaml")


def model(name: str, **fields: Any) -> Row:
    """Give an audited model: open terms, all that is asked for known, unless said otherwise."""
    plain: dict[str, Any] = {
        "sha": "1" * 40, "class_": "open-weights-only", "terms": "open", "extent": "weights-only", "gated": False,
        "osaid": "no", "score": 40, "score_low": 40, "score_high": 40, "coverage": 1.0, "data": "closed",
        "weights": "open", "evaluation_code": "closed", "finetuning_code": "partial", "metrics": "partial",
        "license_declared": "MIT", "license_declared_family": "osi", "license": "MIT", "license_family": "osi",
        "license_effective": "MIT", "license_effective_family": "osi", "sentence": "Open weights",
    }  # fmt: skip
    return Row(model=name, **(plain | fields))


def lost(name: str, code: str) -> Row:
    """Give a model that could not be audited."""
    return Row(model=name, problem=code, problem_message=code, exit_code=3)


def below(name: str, *above: tuple[str, str], relation: str = "finetune", **fields: Any) -> Row:
    """Give a model made from others, each with the family of its terms; not open where one of these is not known."""
    unknown = [base for base, family in above if family == "unknown"]
    state = {"terms": "undetermined", "class_": "undetermined-weights-only", "license_effective_family": "unknown"}
    return model(
        name,
        bases=(BaseRow(id=above[0][0], name=above[0][0], relation=relation),),
        ancestors=tuple(AncestorRow(id=base, license=family, family=family) for base, family in above),
        unresolved=tuple(unknown),
        **((state if unknown else {}) | fields),
    )


def folder(path: Path, *rows: Row, state: Any = "finished", policy: PolicyNameDoc | None = None, **how: Any) -> Path:
    """Write the folder of a scan with these rows."""
    opened = create_folder(path, MANIFEST(**how))
    opened.add(
        Outcome(seq=seq, row=msgspec.json.encode(row), audit=None if row.problem else f"audits/00/{row.model}.json")
        for seq, row in enumerate(rows)
    )
    opened.finish()
    opened.tell(msgspec.structs.replace(opened.manifest, state=state, policy=policy, counts=opened.counts()))
    opened.close()
    return path
