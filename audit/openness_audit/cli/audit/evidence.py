"""Keep the evidence of an audit: one bundle a model, whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli.audit.plan import stem_of
from openness_audit.cli.base import output
from openness_audit.cli.base.target import EVIDENCE
from openness_audit.errors import OutputError, UsageError
from openness_audit.model.evidence_bundle import JudgedDoc

if TYPE_CHECKING:
    from typing import Unpack

    from openness_audit.cli.base.services import Run, Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit
    from openness_audit.recorded import Knowledge
    from openness_audit.settings import Settings, Target

_ELSEWHERE = "choose another place with --save-evidence"


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Audits models and writes a bundle of each: to `place`, or below it where it is a folder.

    In a folder the rules lie once, beside the bundles; `named` holds whose each file name is.
    """

    place: Path
    folder: bool
    how: How
    services: Services
    knowledge: Knowledge | None = None
    named: dict[str, Target] = field(default_factory=dict)

    def audit(self, target: Target, settings: Settings, **run: Unpack[Run]) -> Audit:
        """Audit one model and write its bundle.

        Returns:
            The document. Raises NoVerdictError where there is none, and then no bundle either; OutputError where the
            bundle cannot be written.
        """
        from openness_audit.recorded import packed  # noqa: PLC0415 - loads the network stack

        audit, recorder = self.services.record_model(target, settings, **run)
        policy = self.how.gate.policy
        judged = JudgedDoc(name=policy.name, digest=policy.digest) if policy is not None else None
        knowledge = self._knowledge()
        made = packed(target, audit, recorder, knowledge, judged)
        path = self._path(target)
        files: list[tuple[Path, str | bytes]] = [(path, made.data)]
        if knowledge.file is not None and not (self.place / knowledge.file).exists():
            files.append((self.place / knowledge.file, knowledge.packed))
        if self.folder:
            _make(self.place)
        output.write_files(files)
        if not self.how.quiet:
            output.tell(f"evidence: wrote {path}; the digest of its manifest is {made.manifest}")
        return audit

    def _path(self, target: Target) -> Path:
        if not self.folder:
            return self.place
        stem, number = stem_of(target), 1
        name = stem + EVIDENCE
        while self.named.setdefault(name, target) != target:
            number += 1
            name = f"{stem}-{number}{EVIDENCE}"
        return self.place / name

    def _knowledge(self) -> Knowledge:
        """Pack the rules in force, once a call."""
        if self.knowledge is None:
            from openness_audit.bundles.rules import pack_rules  # noqa: PLC0415 - only where evidence is kept
            from openness_audit.recorded import Knowledge  # noqa: PLC0415 - likewise
            from openness_audit.ruleset import texts  # noqa: PLC0415 - likewise

            found = texts(self.how.rules_dir)
            data = pack_rules(found)
            name = sha256(data).hexdigest()
            self.knowledge = Knowledge(
                packed=data,
                sha256=name,
                own=sum(each.startswith("own/") for each in found),
                file=f"ruleset-{name[:16]}.zip" if self.folder else None,
            )
        return self.knowledge


def keeper_of(text: str, how: How, services: Services, *, many: bool) -> Keeper:
    """Understand `--save-evidence`.

    Args:
        text: a file, or a folder where it exists or ends in a slash.
        how: the shared options.
        services: what to call.
        many: more than one model is audited.

    Returns:
        What keeps the evidence. Raises UsageError for what cannot be meant, OutputError for a place that cannot be
        written.
    """
    if not text:
        raise UsageError("--save-evidence names no file", hint="write --save-evidence audit.bundle")
    place = Path(text)
    folder = text.endswith(("/", "\\")) or os.path.isdir(text)  # noqa: PTH112 - never raises
    if many and not folder:
        raise UsageError(
            f"{text} cannot hold the evidence of several models", hint="name a folder: --save-evidence DIR/"
        )
    if folder and place.exists() and not place.is_dir():
        raise OutputError(f"{place} is a file", hint=_ELSEWHERE)
    above = next((p for p in (place, *place.absolute().parents) if p.exists()), place)
    output.check_place(above / "evidence" if folder else place)
    return Keeper(place=place, folder=folder, how=how, services=services)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(f"{folder}: {problem.strerror}", hint=_ELSEWHERE) from problem
