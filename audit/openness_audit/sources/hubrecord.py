"""Parse the Hub's record of a repository field by field: one odd field never loses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from openness_audit.model.capture import Ref, RepoInfo, RepoKind
from openness_audit.sources.reading import MAX_FILES, as_dict, as_size, as_text, is_deep, is_repo_id, is_sha

if TYPE_CHECKING:
    from openness_audit.model.capture import Origin

MAX_TAGS = 5000


class Odd:
    """Reads fields and remembers the names of those that could not be read."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Read from `fields`."""
        self.fields = fields
        self.names: list[str] = []

    def text(self, name: str) -> str | None:
        """A string, None if missing or null."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            self.names.append(name)
        return as_text(value)

    def flag(self, name: str) -> bool:
        """A boolean, False if missing or null."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            self.names.append(name)
        return value is True

    def mapping(self, name: str) -> dict[str, Any] | None:
        """An object, None if missing, null, or nested beyond reason."""
        value = self.fields.get(name)
        usable = isinstance(value, dict) and not is_deep(value)
        if value is not None and not usable:
            self.names.append(name)
        return value if usable else None

    def texts(self, name: str, key: str | None = None) -> tuple[str, ...]:
        """A list of strings, or of one field of a list of objects; what is not a string is left out."""
        value = self.fields.get(name)
        if value is None:
            return ()
        items = value if isinstance(value, list) else []
        found = [as_text(as_dict(item).get(key) if key else item) for item in items[:MAX_FILES]]
        if not isinstance(value, list) or None in found:
            self.names.append(name)
        return tuple(text for text in found if text)

    def gate(self) -> Literal[False, "auto", "manual"] | None:
        """The gate; None when the field is missing or unreadable."""
        value = self.fields.get("gated")
        if value is False or value in ("auto", "manual"):
            return value
        if value is True:  # the word of older servers
            return "manual"
        if value is not None:
            self.names.append("gated")
        return None


def looks_like_a_record(value: object) -> bool:
    """Whether a server's answer can be a repository's record at all."""
    return isinstance(value, dict) and any(name in value for name in ("id", "modelId", "_id", "sha", "siblings"))


def parse_info(kind: RepoKind, asked: str, revision: str | None, record: dict[str, Any], origin: Origin) -> RepoInfo:
    """The record as a capture holds it."""
    odd = Odd(record)
    named = record.get("id") or record.get("modelId")
    answered = named if isinstance(named, str) and is_repo_id(named) else asked
    if answered != named:
        odd.names.append("id")
    sha = odd.text("sha")
    if sha is not None and not is_sha(sha):
        odd.names.append("sha")
        sha = None
    card_data, config = odd.mapping("cardData"), odd.mapping("config")
    return RepoInfo(
        kind=kind,
        id=answered,
        origin=origin,
        sha=sha,
        revision=revision,
        gated=odd.gate(),
        disabled=odd.flag("disabled"),
        private=odd.flag("private"),
        last_modified=odd.text("lastModified"),
        tags=odd.texts("tags")[:MAX_TAGS],
        library_name=odd.text("library_name"),
        pipeline_tag=odd.text("pipeline_tag"),
        card_data=card_data,
        config=config or {},
        siblings=odd.texts("siblings", "rfilename"),
        odd=tuple(sorted(set(odd.names))),
        renamed_from=asked if answered != asked else None,
        parameters=_parameters(record.get("safetensors")),
        downloads=as_size(record.get("downloads")),
        likes=as_size(record.get("likes")),
        created_at=as_text(record.get("createdAt")),
    )


def _parameters(value: object) -> int | None:
    """Give the number of parameters of the `safetensors` field; None where it holds none, or an odd one."""
    total = value.get("total") if isinstance(value, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and total > 0 else None


def parse_refs(record: dict[str, Any]) -> tuple[Ref, ...]:
    """All branches, tags and conversions that can be read."""
    kinds: tuple[tuple[str, Literal["branch", "tag", "convert"]], ...] = (
        ("branches", "branch"),
        ("tags", "tag"),
        ("converts", "convert"),
    )
    refs = []
    for group, kind in kinds:
        rows = record.get(group)
        for row in rows[:MAX_FILES] if isinstance(rows, list) else []:
            name, sha = as_text(as_dict(row).get("name")), as_dict(row).get("targetCommit")
            if name:
                refs.append(Ref(name=name, kind=kind, sha=sha if is_sha(sha) else None))
    return tuple(refs)
