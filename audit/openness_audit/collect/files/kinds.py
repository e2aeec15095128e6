"""Sort a repository's files by kind, with a citation of the listing for each that counts."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

import msgspec

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.frontmatter import normalized
from openness_audit.collect.card.markdown import document_of
from openness_audit.collect.files.names import kind_of, words
from openness_audit.collect.files.weights import Weigher, WeightFile
from openness_audit.licenses.paths import license_role
from openness_audit.model.capture import Failure, FileEntry, Listing, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Place
from openness_audit.model.facts_files import FileFacts, FileGroup

MAX_PLACES: Final = 20  # citations kept for a group
MAX_PATHS: Final = 1_000  # names kept for a group
MAX_TEXTS: Final = 12
MAX_TEXT_BYTES: Final = 1_000_000
MAX_FILES: Final = 100_000
MAX_CHARACTERS: Final = 6_000_000  # of all names: they are matched one by one

MAX_LICENSES = 6  # a repository has one to five licence files (licenses.md section 1)
_RESULTS_KEY = re.compile(r"^(?:eval|test|predict|validation)[_/](?!loss|runtime|samples|steps|model_prep|jit)")


def wanted_texts(listing: Listing) -> tuple[str, ...]:
    """Name the small text files of a listing that an audit reads: the card first, at most twelve."""
    patterns = [re.compile(globs_of) for globs_of in _text_patterns()]
    small = [f for f in listing.files if f.size is None or f.size <= MAX_TEXT_BYTES]
    found = [f.path for f in listing.files if f.path.lower() == "readme.md"][:1]  # of any size: the source cuts it
    if not found and not listing.complete:
        found = ["README.md"]  # the rest of the listing may name it
    found += sorted(f.path for f in small if license_role(f.path))[:MAX_LICENSES]
    for pattern in patterns:
        found += sorted(f.path for f in small if f.path not in found and pattern.match(f.path.lower()))
        if len(found) >= MAX_TEXTS:
            break
    return tuple(found[:MAX_TEXTS])


def _text_patterns() -> tuple[str, ...]:
    import fnmatch  # noqa: PLC0415 - only here

    # A star does not cross a folder: only files at the top are read.
    return tuple(fnmatch.translate(p).replace(".*", "[^/]*") for p in words().texts)


def collect_files(  # noqa: PLR0917 - the six things a listing is read with; fixed by its callers
    listing: Listing,
    texts: dict[str, Text | Failure],
    place: Place,
    identity: Identity,
    card: Card | None,
    tags: tuple[str, ...],
) -> FileFacts:
    """Sort the files of a model repository.

    Args:
        listing: all files at the commit.
        texts: the small files that were read; one that was not is judged by its name.
        place: the citation of the listing itself.
        identity: the subject's names, in which a quantization or an adapter shows.
        card: the model card, whose title and metadata may say the same.
        tags: the Hub's tags of the model.

    Returns:
        The groups of files; weights apart, in `weights`.
    """
    sorter = _Sorter(texts, place, identity)
    read = _most(listing)
    for entry in listing.files[:read]:
        sorter.add(entry)
    config = sorter.json_of("config.json")
    weigher = Weigher(identity, card, tags, config=config, paths=sorter.paths, cite=sorter.cite)
    weights = weigher.weigh(sorter.weights, sorter.indexes())
    groups = sorter.groups(weigher.checkpoints)
    model_type, type_place = sorter.model_type(config)
    return FileFacts(
        groups=groups,
        weights=weights,
        complete=listing.complete and len(listing.files) <= read,
        count=len(listing.files),
        place=place,
        cut=listing.cut,
        strength=listing.strength,
        model_type=model_type,
        model_type_place=type_place,
    )


def _most(listing: Listing) -> int:
    """Give how many files of a listing are sorted."""
    left = MAX_CHARACTERS
    for count, entry in enumerate(listing.files[:MAX_FILES]):
        left -= len(entry.path)
        if left < 0:
            return count
    return MAX_FILES


class _Sorter:
    """Gathers paths by kind."""

    def __init__(self, texts: dict[str, Text | Failure], place: Place, identity: Identity) -> None:
        self.texts = texts
        self.place = place
        self.identity = identity
        self.by_kind: dict[str, list[str]] = {}
        self.weights: list[WeightFile] = []
        self.paths: set[str] = set()

    def add(self, entry: FileEntry) -> None:
        """Put one file where its name says it belongs."""
        self.paths.add(entry.path)
        kind, form = kind_of(entry.path)
        if kind.startswith("weights"):
            self.weights.append(WeightFile(entry=entry, kind=kind, format=form))
            return
        if kind == "train-script":
            kind = "training-code" if self.identity.derivation == "base" else "finetuning-code"
        self.by_kind.setdefault(self._by_content(entry.path, kind), []).append(entry.path)

    def _by_content(self, path: str, kind: str) -> str:
        """A Trainer's file of all results holds evaluation results only when it names some besides the loss."""
        if path.rpartition("/")[2].lower() != "all_results.json":
            return kind
        keys = self.json_of(path)
        return "evaluation-results" if any(_RESULTS_KEY.match(str(key)) for key in keys) else "other"

    def cite(self, path: str) -> Place:
        """Cite the listing for a path."""
        url = self.place.url
        if url.startswith("https://huggingface.co/"):
            url = f"https://huggingface.co/{self.place.repo}/blob/{self.place.sha or 'main'}/{quote(path)}"
        return msgspec.structs.replace(self.place, url=url, path=path, excerpt=path[:200], text_kind="name")

    def json_of(self, path: str) -> dict[str, Any]:
        """Give the mapping a JSON file holds; empty where it was not read or holds none."""
        text = self.texts.get(path)
        if not isinstance(text, Text) or text.truncated:
            return {}
        try:
            value = msgspec.json.decode(text.text.encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def indexes(self) -> dict[str, frozenset[str]]:
        """Give, for each index of shards that could be read, the paths of the shards it names."""
        found: dict[str, frozenset[str]] = {}
        for path in self.paths:
            if path.endswith(".index.json") and path in self.texts:
                folder = path.rpartition("/")[0]
                shards = self.json_of(path).get("weight_map")
                if isinstance(shards, dict) and shards:
                    names = {str(name) for name in shards.values()}
                    found[path] = frozenset(f"{folder}/{name}" if folder else name for name in names)
        return found

    def groups(self, checkpoints: tuple[str, ...]) -> tuple[FileGroup, ...]:
        """Give the groups other than weights, each kind once."""
        if checkpoints:
            self.by_kind["checkpoint-folder"] = list(checkpoints)
        return tuple(
            FileGroup(
                kind=kind,  # type: ignore[arg-type]  # the vocabulary is tested to use these kinds only
                paths=tuple(sorted(paths)[:MAX_PATHS]),
                places=tuple(self.cite(p) for p in sorted(paths)[: 1 if kind == "other" else MAX_PLACES]),
            )
            for kind, paths in sorted(self.by_kind.items())
        )

    def model_type(self, config: dict[str, Any]) -> tuple[str | None, Place | None]:
        """Give the architecture that config.json names, with its line."""
        text = self.texts.get("config.json")
        classes = config.get("architectures")
        first = classes[0] if isinstance(classes, list) and classes else None
        for key, value in (("model_type", config.get("model_type")), ("architectures", first)):
            if isinstance(value, str) and value and isinstance(text, Text):
                source = normalized(text.text)
                at = max(0, source.find(f'"{key}"'))
                document = document_of(text, "file", self.place.repo)
                excerpt = f'"{key}": "{value[:100]}"'
                return value[:100], document.at(source.count("\n", 0, at) + 1, excerpt, text_kind="json")
        return None, None
