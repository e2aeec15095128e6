"""From usages to what is audited: each model once a revision, with all places; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openness_audit.model.batch import Origin, Wanted
from openness_audit.model.usages import Code, Kind, Usage


class Key(NamedTuple):
    """A model or data set at one revision."""

    id: str
    revision: str | None

    @property
    def text(self) -> str:
        """Spell it as the command line takes it, so that no folder of that name can be meant."""
        return f"hf://{self.id}{f'@{self.revision}' if self.revision else ''}"

    @property
    def shown(self) -> str:
        """Spell it for a reader."""
        return f"{self.id}@{self.revision}" if self.revision else self.id


def chosen(code: Code, kind: Kind, *, with_low: bool) -> dict[Key, list[Usage]]:
    """Group the places that count by what they name, in the order of the names.

    Args:
        code: what was found.
        kind: models or data sets.
        with_low: places of low confidence count too.

    Returns:
        The places of each model at each revision.
    """
    found: dict[Key, list[Usage]] = {}
    for usage in code.usages:
        if usage.id is not None and usage.kind == kind and (with_low or usage.confidence != "low"):
            found.setdefault(Key(usage.id, usage.revision), []).append(usage)
    return {key: found[key] for key in sorted(found, key=lambda k: (k.id.lower(), k.id, k.revision or ""))}


def origins(usages: Iterable[Usage]) -> tuple[Origin, ...]:
    """Give the places of usages."""
    return tuple(Origin(path=u.path, line=u.line, column=u.column) for u in usages)


def wanted(models: dict[Key, list[Usage]]) -> tuple[Wanted, ...]:
    """Give what is to be audited."""
    return tuple(Wanted(key.text, origins(usages)) for key, usages in models.items())


def unresolved(code: Code) -> Sequence[Usage]:
    """Give the places that name a model which cannot be worked out from the file."""
    return [usage for usage in code.usages if usage.id is None and usage.kind == "model"]
