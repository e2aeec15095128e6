"""Read what made-up cards and configurations disclose."""

from __future__ import annotations

from code_kit import ORIGIN, SHA, info
from openness_audit.collect.assemble import complete, read
from openness_audit.document.disclosures import disclosures_doc
from openness_audit.model.capture import Failure, FileEntry, Listing, ModelCapture, Refs, RepoInfo, Text
from openness_audit.model.disclosures import DisclosuresDoc
from openness_audit.model.evidence import Cause

FAILED = Failure(Cause(code="server-error", source="README.md", retryable=True, detail="the server answered 503"))


def text_of(path: str, text: str) -> Text:
    return Text(path=path, text=text, origin=ORIGIN, sha=SHA)


def capture_of(
    card: str | None, files: dict[str, str] | None = None, *, of: RepoInfo | None = None, failing: tuple[str, ...] = ()
) -> ModelCapture:
    """A repository with this card and these files; what is `failing` is listed and cannot be read."""
    texts: dict[str, Text | Failure] = {path: text_of(path, text) for path, text in (files or {}).items()}
    if card is not None:
        texts["README.md"] = text_of("README.md", card)
    texts |= dict.fromkeys(failing, FAILED)
    listing = Listing(files=tuple(FileEntry(path=p) for p in sorted(texts)), complete=True, origin=ORIGIN, sha=SHA)
    return ModelCapture(info=of or info(), listing=listing, refs=Refs(refs=(), origin=ORIGIN), texts=texts)


def disclosed(capture: ModelCapture | str) -> DisclosuresDoc:
    """What the document says of it; a text is a card."""
    capture = capture_of(capture) if isinstance(capture, str) else capture
    return disclosures_doc(complete(capture, read(capture), disclosed=True), lambda _places, _strength: ("e",))


def states(found: DisclosuresDoc) -> dict[str, str]:
    return {topic.topic: topic.state for topic in found.topics}


def settings(found: DisclosuresDoc) -> dict[str, str]:
    """Settings by id, or by name where there is none."""
    return {h.id or h.name: h.value for h in found.hyperparameters}


def scores(found: DisclosuresDoc) -> set[tuple[str, str, str | None]]:
    return {(m.metric, m.value, m.dataset) for m in found.metrics}


def said(found: DisclosuresDoc, topic: str) -> list[str]:
    return [statement.text or "" for statement in found.statements if statement.topic == topic]


def amounts(found: DisclosuresDoc) -> set[tuple[str, float | None, str | None]]:
    return {(q.quantity, q.number, q.unit) for q in found.quantities}


def traits(found: DisclosuresDoc) -> set[tuple[str, str]]:
    return {(t.name, t.value) for t in found.traits}
