"""Changes of a whole capture: a changed card with the Hub's record that follows it, and answers that are not there."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

import msgspec
from captures import failed, gone

from fuzz.mutate import Mutant
from openness_audit.collect.assemble import readme_of
from openness_audit.model.capture import DatasetAnswer, Listing, ModelCapture, Refs, RepoInfo, Text

DERIVED: Final = {"license": "license:", "datasets": "dataset:", "base_model": "base_model:", "language": "language:"}
Change = Callable[[ModelCapture, Random], ModelCapture | None]


def with_card(capture: ModelCapture, mutant: Mutant) -> ModelCapture:
    """Put a changed card into a capture; the Hub's record follows, as the Hub derives it from the card."""
    old = readme_of(capture.texts)
    assert isinstance(old, Text)
    texts = {**capture.texts, old.path: msgspec.structs.replace(old, text=mutant.text)}
    return msgspec.structs.replace(capture, texts=texts, info=_record(capture.info, mutant))


def _record(info: RepoInfo, mutant: Mutant) -> RepoInfo:
    """Derive the Hub's record again: keys that went, and tags that stood for them."""
    data = dict(info.card_data or {})
    dropped = [t for t in info.tags if t.startswith("arxiv:") and t[6:] in mutant.gone and t[6:] not in mutant.text]
    for key in mutant.keys:
        value = data.pop(key, None)
        if mutant.kind == "front-matter-item" and isinstance(value, list):
            data[key] = [v for v in value if not (isinstance(v, str) and v in mutant.gone)]
            dropped += [f"{DERIVED.get(key, '')}{v}" for v in value if v not in data[key]]
            continue
        values = value if isinstance(value, list) else [value]
        dropped += [t for t in info.tags if t.startswith(DERIVED.get(key, "\n"))]
        dropped += [str(v) for v in values] if key == "tags" else []
        dropped += ["model-index"] if key == "model-index" else []
    return msgspec.structs.replace(
        info,
        card_data=data if info.card_data is not None else None,
        tags=tuple(t for t in info.tags if t not in dropped),
        library_name=None if "library_name" in mutant.keys else info.library_name,
        pipeline_tag=None if "pipeline_tag" in mutant.keys else info.pipeline_tag,
    )


def _without_files(capture: ModelCapture, gone_paths: set[str]) -> ModelCapture:
    assert isinstance(capture.listing, Listing)
    files = tuple(f for f in capture.listing.files if f.path not in gone_paths)
    return msgspec.structs.replace(
        capture,
        listing=msgspec.structs.replace(capture.listing, files=files),
        texts={p: t for p, t in capture.texts.items() if p not in gone_paths},
        info=msgspec.structs.replace(
            capture.info, siblings=tuple(s for s in capture.info.siblings if s not in gone_paths)
        ),
    )


def _file(capture: ModelCapture, rng: Random) -> ModelCapture | None:
    if not isinstance(capture.listing, Listing):
        return None
    paths = [f.path for f in capture.listing.files if f.path.lower() != "readme.md"]
    return _without_files(capture, {rng.choice(paths)}) if paths else None


def _folder(capture: ModelCapture, rng: Random) -> ModelCapture | None:
    """Take away all files with one ending, or in one folder."""
    if not isinstance(capture.listing, Listing):
        return None
    paths = [f.path for f in capture.listing.files if f.path.lower() != "readme.md"]
    keys = sorted({p.rpartition("/")[0] or p.rpartition(".")[2] for p in paths})
    if not keys:
        return None
    key = rng.choice(keys)
    return _without_files(capture, {p for p in paths if (p.rpartition("/")[0] or p.rpartition(".")[2]) == key})


def _license_text(capture: ModelCapture, _: Random) -> ModelCapture | None:
    paths = {p for p in capture.texts if "licen" in p.lower() or "copying" in p.lower()}
    return _without_files(capture, paths) if paths and isinstance(capture.listing, Listing) else None


def _readme(capture: ModelCapture, _: Random) -> ModelCapture | None:
    text = readme_of(capture.texts)
    if not isinstance(text, Text) or not isinstance(capture.listing, Listing):
        return None
    info = capture.info
    prefixes = (*DERIVED.values(), "arxiv:", "doi:")
    named = {str(v) for v in (info.card_data or {}).get("tags") or ()}
    tags = tuple(t for t in info.tags if not t.startswith(prefixes) and t not in named and t != "model-index")
    bare = msgspec.structs.replace(info, card_data=None, tags=tags, library_name=None, pipeline_tag=None)
    return msgspec.structs.replace(_without_files(capture, {text.path}), info=bare)


def _branch(capture: ModelCapture, rng: Random) -> ModelCapture | None:
    if not isinstance(capture.refs, Refs) or len(capture.refs.refs) < 2:
        return None
    keep = rng.sample(capture.refs.refs, rng.randrange(1, len(capture.refs.refs)))
    left = tuple(r for r in capture.refs.refs if r in keep or r.name == "main")
    return msgspec.structs.replace(capture, refs=msgspec.structs.replace(capture.refs, refs=left))


def _answers(name: str, *, missing: bool) -> Change:
    """Make the change by which one linked thing is no longer there, or cannot be asked for."""

    def change(capture: ModelCapture, rng: Random) -> ModelCapture | None:
        have = dict(getattr(capture, name))
        if not have:
            return None
        key = rng.choice(sorted(have))
        answer = gone(key) if missing else failed(key)
        if name == "datasets":
            have[key] = DatasetAnswer(info=answer)
        elif name == "code":
            have[key] = msgspec.structs.replace(
                have[key], repo=answer, listing=answer, readme=None if missing else answer
            )
        else:
            have[key] = answer
        return msgspec.structs.replace(capture, **{name: have})

    return change


def _dataset_card(capture: ModelCapture, rng: Random) -> ModelCapture | None:
    have = {k: a for k, a in capture.datasets.items() if isinstance(a.card, Text)}
    if not have:
        return None
    key = rng.choice(sorted(have))
    return msgspec.structs.replace(
        capture, datasets={**capture.datasets, key: msgspec.structs.replace(have[key], card=None)}
    )


def _code_file(capture: ModelCapture, rng: Random) -> ModelCapture | None:
    """Take away the files of a folder of a linked code repository."""
    have = {k: a for k, a in capture.code.items() if isinstance(a.listing, Listing) and a.listing.files}
    if not have:
        return None
    key = rng.choice(sorted(have))
    listing = have[key].listing
    assert isinstance(listing, Listing)
    folder = rng.choice(sorted({f.path.rpartition("/")[0] for f in listing.files}))
    left = tuple(f for f in listing.files if f.path.rpartition("/")[0] != folder)
    new = msgspec.structs.replace(have[key], listing=msgspec.structs.replace(listing, files=left))
    return msgspec.structs.replace(capture, code={**capture.code, key: new})


def _unread(part: str) -> Change:
    def change(capture: ModelCapture, rng: Random) -> ModelCapture | None:
        if part in {"listing", "refs"}:
            return msgspec.structs.replace(capture, **{part: failed(f"the {part} of {capture.info.id}")})
        readme = readme_of(capture.texts)
        card = readme.path if isinstance(readme, Text) else ""
        paths = [p for p in capture.texts if (p == card) == (part == "card")]
        if not paths:
            return None
        path = rng.choice(sorted(paths))
        return msgspec.structs.replace(capture, texts={**capture.texts, path: failed(path)})

    return change


TAKEN: Final[dict[str, Change]] = {
    "file": _file,
    "folder": _folder,
    "license-text": _license_text,
    "readme": _readme,
    "branches": _branch,
    "dataset-gone": _answers("datasets", missing=True),
    "code-gone": _answers("code", missing=True),
    "parent-gone": _answers("parents", missing=True),
    "dataset-card": _dataset_card,
    "code-files": _code_file,
}
FAILED: Final[dict[str, Change]] = {
    "dataset-unread": _answers("datasets", missing=False),
    "code-unread": _answers("code", missing=False),
    "parent-unread": _answers("parents", missing=False),
    "listing-unread": _unread("listing"),
    "refs-unread": _unread("refs"),
    "card-unread": _unread("card"),
    "text-unread": _unread("text"),
}
