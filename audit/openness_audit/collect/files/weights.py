"""Tell what the weight files of a listing are: full, quantized, adapter, delta, empty, or short of a shard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.files.names import expression, globs, tokens_of, words
from openness_audit.model.capture import FileEntry
from openness_audit.model.card import Card
from openness_audit.model.evidence import Place
from openness_audit.model.facts_files import FileGroup, WeightFacts

MAX_PLACES: Final = 20
MAX_MISSING: Final = 20  # names of missing shards kept
MAX_SHARDS: Final = 2_000  # of one model; a name that claims more is not believed
POINTER_BYTES: Final = 200  # a Git LFS pointer is about 130 bytes long

_SHARD = re.compile(r"(\d{3,6})-of-(\d{3,6})")
_LARGE: Final = frozenset({"safetensors", "gguf", "ggml", "pytorch", "tensorflow", "flax", "onnx", "adapter"})
_OWN_NAME: Final = frozenset({"gguf", "ggml", "onnx"})  # formats whose files say their precision one by one


class WeightFile(Struct, frozen=True, kw_only=True):
    """A file with the name of weights: `kind` as the vocabulary says, before its neighbours are looked at."""

    entry: FileEntry
    kind: str
    format: str


class Mark(Struct, frozen=True):
    """A sign that the repository's weights are quantized: the words for why, and where it was read."""

    why: str
    places: tuple[Place, ...]


def checkpoint_folder(path: str) -> str | None:
    """Give the folder of a path that is named as an intermediate checkpoint, if there is one."""
    parts = path.split("/")[:-1]
    for depth, part in enumerate(parts):
        if expression("checkpoint_names").fullmatch(part):
            return "/".join(parts[: depth + 1])
    return None


def is_whole(path: str) -> bool:
    """Say whether a file has the standard name of a whole model's weights."""
    return bool(globs("whole").match(path.rpartition("/")[2].lower()))


class Weigher:
    """Decides for one repository; `checkpoints` then names folders and files of intermediate checkpoints."""

    def __init__(
        self,
        identity: Identity,
        card: Card | None,
        tags: tuple[str, ...],
        *,
        config: dict[str, Any],
        paths: set[str],
        cite: Callable[[str], Place],
    ) -> None:
        """Keep what precision, adapters and deltas are read from."""
        self.identity = identity
        self.card = card
        self.tags = frozenset(tag.lower() for tag in tags)
        self.config = config
        self.paths = paths
        self.cite = cite
        self.checkpoints: tuple[str, ...] = ()

    def weigh(self, files: list[WeightFile], indexes: dict[str, frozenset[str]]) -> WeightFacts:
        """Sort the weight files; `indexes` gives the shards named by each index that could be read."""
        final = self._without_checkpoints(files)
        mark = self._mark()
        sorted_files: dict[tuple[str, str], list[FileEntry]] = {}
        for file in final:
            sorted_files.setdefault((self._kind(file, mark), file.format), []).append(file.entry)
        groups = tuple(self._group(kind, form, entries) for (kind, form), entries in sorted(sorted_files.items()))
        missing = self._missing(
            [e for (kind, _), es in sorted_files.items() if kind == "weights-full" for e in es], indexes
        )
        kinds = {g.kind for g in groups}
        precision: Literal["full", "quantized", "unknown"] = "unknown"
        why, places = "", ()  # type: tuple[str, tuple[Place, ...]]
        if "weights-full" in kinds:
            precision = "full"
        elif "weights-quantized" in kinds:
            precision = "quantized"
            named = tuple(p for g in groups if g.kind == "weights-quantized" for p in g.places[:1])
            why, places = (mark.why, mark.places or named) if mark else ("the names of the files", named)
        return WeightFacts(
            groups=groups, missing=missing, precision=precision, precision_why=why, precision_places=places
        )

    def _group(self, kind: str, form: str, entries: list[FileEntry]) -> FileGroup:
        paths = sorted(e.path for e in entries)
        return FileGroup(
            kind=kind,  # type: ignore[arg-type]  # the kinds are listed in `_kind`
            paths=tuple(paths),
            places=tuple(self.cite(p) for p in paths[:MAX_PLACES]),
            formats=(form,) if form else (),
        )

    def _kind(self, file: WeightFile, mark: Mark | None) -> str:
        entry = file.entry
        if entry.size == 0 or (entry.size is not None and entry.size < POINTER_BYTES and file.format in _LARGE):
            return "weights-empty"
        if file.kind == "weights-unknown":
            return "weights-full" if self._is_model_archive(entry.path) else "weights-unknown"
        if file.kind != "weights":
            return file.kind
        if self._is_adapter(entry.path):
            return "weights-adapter"
        if self._is_delta(file.format):
            return "weights-delta"
        return "weights-quantized" if self._is_quantized(file, mark) else "weights-full"

    def _is_model_archive(self, path: str) -> bool:
        name = path.rpartition("/")[2].lower()
        stem = name.rpartition(".")[0]
        own = stem in self.identity.aliases or stem == self.identity.name.lower()
        return own or bool(self.tags & words().archive_tags) or bool(globs("archive_names").match(name))

    def _is_adapter(self, path: str) -> bool:
        """A whole model may carry the tag of the method it was tuned with: only oddly named files follow the tag."""
        if is_whole(path) or {"config.json", "model_index.json"} & self.paths:
            return False
        tagged = bool(self.tags & words().adapter_tags) or "adapter_config.json" in self.paths
        return tagged or self.identity.derivation == "adapter"

    def _is_delta(self, form: str) -> bool:
        if form in _OWN_NAME or not tokens_of(self.identity.name) & words().delta_tokens:
            return False
        phrases = words().delta_phrases
        return self.card is None or any(p in b.text.lower() for b in self.card.blocks for p in phrases)

    def _is_quantized(self, file: WeightFile, mark: Mark | None) -> bool:
        marks = tokens_of(file.entry.path.rpartition("/")[2].lower())
        if marks & words().full_tokens:
            return False
        if file.format in {"gguf", "ggml"}:
            return True
        return bool(marks & (words().quantized_tokens - words().gguf_tokens)) or mark is not None

    def _mark(self) -> Mark | None:
        """Find what says that the whole repository is quantized, the most reliable first."""
        named = tokens_of(self.identity.name) & (words().quantized_tokens - words().gguf_tokens)
        tagged = self.tags & (words().quantized_tokens - words().gguf_tokens)
        relation = any(tag.startswith("base_model:quantized:") for tag in self.tags)
        settings = self.config.get("quantization_config") or self.config.get("quantization")
        if isinstance(settings, dict) and settings:
            method = str(settings.get("quant_method") or "quantization")[:40]
            if method.lower() not in words().native_methods or named or tagged or relation:
                return Mark(f"config.json sets {method}", (self.cite("config.json"),))
        beside = sorted(self.paths & words().quantized_files)
        if beside:
            return Mark(f"{beside[0]} stands beside the weights", (self.cite(beside[0]),))
        if named:
            return Mark(f"the repository's name says {min(named)}", ())
        if tagged or relation:
            return Mark(f"the tags say {min(tagged) if tagged else 'quantized'}", ())
        return self._card_mark()

    def _card_mark(self) -> Mark | None:
        if self.card is None:
            return Mark("its relation to the base model is quantized", ()) if self._derived() else None
        front = self.card.front_matter
        maker, quantizer = (str(front.values.get(key) or "") for key in ("model_creator", "quantized_by"))
        declared = {"quantized_by": quantizer if quantizer.lower() != maker.lower() else ""}
        if front.values.get("base_model_relation") == "quantized":
            declared["base_model_relation"] = "quantized"
        for key, value in declared.items():
            if value:
                place = self.card.document.at(front.lines.get(key, 1), f"{key}: {value}", text_kind="yaml")
                return Mark(f"the card's metadata says {key}: {value[:60]}", (place,))
        title = next((b for b in self.card.blocks if b.kind == "heading"), None)
        if title is not None:
            said = tokens_of(title.text) & (words().quantized_tokens - words().gguf_tokens)
            if said:
                return Mark(f"the card's title says {min(said)}", (self.card.cite(title),))
        return Mark("its relation to the base model is quantized", ()) if self._derived() else None

    def _derived(self) -> bool:
        return self.identity.derivation == "quantized"

    def _without_checkpoints(self, files: list[WeightFile]) -> list[WeightFile]:
        """Set intermediate checkpoints apart; where there is nothing else, the last one is the model."""
        final: list[WeightFile] = []
        stepped: dict[str, list[WeightFile]] = {}
        steps: dict[str, int] = {}
        for file in files:
            name, step = _step_of(file.entry.path)
            if name is None or file.format in {"gguf", "ggml"}:
                final.append(file)
            else:
                stepped.setdefault(name, []).append(file)
                steps[name] = step
        if not stepped:
            return final
        names = sorted(stepped, key=lambda n: (steps[n], n))
        if all(f.kind == "weights-unknown" for f in final):
            final += stepped[names.pop()]
        # One TensorFlow or DeepSpeed checkpoint beside the weights is the same model in its first format.
        alone = len(names) == 1 and (names[0] in self.paths or "global" in names[0].lower())
        self.checkpoints = () if alone else tuple(names)
        return final

    def _missing(self, full: list[FileEntry], indexes: dict[str, frozenset[str]]) -> tuple[str, ...]:
        """Name the shards that are not there, unless another format in the same folder is complete."""
        present = {e.path for e in full}
        folders: dict[str, list[tuple[str, ...]]] = {}
        sets: dict[str, tuple[int, set[int], str]] = {}
        indexed = {shard for shards in indexes.values() for shard in shards}
        for path in present:
            folder, _, name = path.rpartition("/")
            shard = _SHARD.search(name)
            if not shard or not 0 < int(shard[2]) <= MAX_SHARDS:
                if is_whole(path):
                    folders.setdefault(folder, []).append(())
            elif path not in indexed:
                pattern = (
                    f"{path[: len(path) - len(name)]}{name[: shard.start()]}{{}}-of-{shard[2]}{name[shard.end() :]}"
                )
                sets.setdefault(pattern, (int(shard[2]), set(), folder))[1].add(int(shard[1]))
        for shards in indexes.values():
            folder = min(shards).rpartition("/")[0]
            if shards & present:
                folders.setdefault(folder, []).append(tuple(sorted(shards - present)))
        for pattern, (total, numbers, folder) in sets.items():
            first = 0 if 0 in numbers and total not in numbers else 1
            width = len(pattern.split("-of-")[1].split(".")[0])
            lost = [n for n in range(first, total + first) if n not in numbers]
            folders.setdefault(folder, []).append(
                tuple(pattern.format(str(n).zfill(width)) for n in lost[:MAX_MISSING])
            )
        incomplete = [min(options, key=len) for options in folders.values() if all(options)]
        return tuple(sorted(name for names in incomplete for name in names)[:MAX_MISSING])


def _step_of(path: str) -> tuple[str | None, int]:
    """Give the checkpoint a file belongs to (a folder, or the file itself) and its step; None for other files."""
    folder = checkpoint_folder(path)
    if folder is not None:
        digits = re.findall(r"\d{1,12}", folder.rpartition("/")[2])
        return folder, int(digits[-1])
    stem = path.rpartition("/")[2].lower().rpartition(".")[0]
    if _SHARD.search(stem):
        return None, 0
    match = expression("checkpoint_files").search(stem)
    return (path, int(next(g for g in match.groups() if g))) if match else (None, 0)
