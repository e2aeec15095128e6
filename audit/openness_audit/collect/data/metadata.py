"""Read the data sets of a card's metadata, whatever type somebody wrote there."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from openness_audit.collect.data.found import TUNING_KINDS, Found, Ground, for_tuning, of_hub
from openness_audit.collect.data.links import hub_dataset_id, known_names, link_kind
from openness_audit.collect.data.vocabulary import Corpus, corpora, data_words
from openness_audit.collect.places import info_place
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.evidence import Place
from openness_audit.model.facts_origins import Stage

MAX_ENTRIES: Final = 200
MAX_NAME: Final = 300
_RAW: Final = frozenset({"pretraining", "code"})  # kinds of corpora of text as it is found


def metadata_found(card: Card | None, info: RepoInfo, ground: Ground) -> list[Found]:
    """Give one finding per entry of `datasets:`, each with its line.

    Args:
        card: the model's card; None where there is none, then the Hub's own reading of the metadata is used.
        info: the Hub's record.
        ground: decides the stage.
    """
    if card is not None and card.front_matter.state == "ok":
        raw: Any = card.front_matter.values.get("datasets")
        rows = [(value, _at(card, path, value)) for value, path in _entries(raw)]
    else:
        place = info_place(info)
        raw = (info.card_data or {}).get("datasets")
        rows = [(value, place) for value, _ in _entries(raw)]
    found = [one for value, place in rows for one in _read(value, place)]
    left = len(raw) - MAX_ENTRIES if isinstance(raw, (list, dict)) else 0
    if left > 0 and found:  # the rest counts as unnamed
        more = msgspec.structs.replace(found[-1], name=f"{left} more", id=None, url=None, corpus=None)
        found.append(msgspec.structs.replace(more, how="undisclosed", extent="mixture"))
    return _staged(found, ground)


def _entries(raw: Any) -> list[tuple[str, str]]:
    """Flatten what stands under `datasets:` to texts with their metadata paths."""
    if isinstance(raw, str):
        return [(raw, "datasets")]
    if isinstance(raw, dict):
        return [(str(v) if isinstance(v, str) else str(k), "datasets") for k, v in list(raw.items())[:MAX_ENTRIES]]
    if not isinstance(raw, list):
        return []
    rows: list[tuple[str, str]] = []
    for index, item in enumerate(raw[:MAX_ENTRIES]):
        path = f"datasets[{index}]"
        if isinstance(item, dict):
            named = next(
                (item[k] for k in ("name", "id", "dataset", "type", "path") if isinstance(item.get(k), str)), None
            )
            rows.append((named or str(next(iter(item), "")), path))
        elif isinstance(item, list):
            rows += [(str(part), path) for part in item[:20] if isinstance(part, str)]
        elif item is not None and not isinstance(item, bool):
            rows.append((str(item), path))
    return [(text[:MAX_NAME].strip(), path) for text, path in rows if text.strip()]


def _at(card: Card, path: str, value: str) -> Place:
    """Cite an entry's line, the key's where the entry's is not known."""
    lines = card.front_matter.lines
    line = lines.get(path) or lines.get("datasets") or 1
    place = card.document.at(line, value, text_kind="yaml")
    return msgspec.structs.replace(place, kind="metadata")


def placeholder(value: str) -> bool:
    """Say whether a generator or author wrote this where no data set is named."""
    words = data_words()
    low = value.lower().strip(" <>[]()\"'`.")
    return (
        not low or low in words.placeholders or low.endswith(words.placeholder_ends) or low.startswith(("/", "./", "~"))
    )


def _read(value: str, place: Place) -> list[Found]:
    """Read one entry: an id, an address, a well-known name, several of them, or a bare name."""

    def one(name: str, corpus: Corpus | None, **more: Any) -> Found:
        return Found(
            name=name,
            stage="unknown",
            whose="self",
            how="metadata",
            place=place,
            source="metadata",
            corpus=corpus,
            **more,
        )

    if placeholder(value):
        return [
            Found(
                name=value, stage="unknown", whose="self", how="undisclosed", place=place, source="metadata", soft=True
            )
        ]
    hub_id = hub_dataset_id(value)
    if hub_id is not None:
        known = of_hub(hub_id)
        named = known_names(hub_id) if known is None and "/" not in hub_id else []
        if known is None and len(named) == 1 and named[0].end - named[0].start == len(hub_id):
            return [one(value, named[0].corpus, url=named[0].corpus.url)]
        return [one(hub_id, known, id=hub_id)]
    if "://" in value:
        kind, _ = link_kind(value)
        return [one(value, None, url=value)] if kind in {"data", "code", "web"} else []
    names = known_names(value)
    exact = corpora().by_hub.get(value.lower())
    if exact is not None:
        return [one(value, exact, url=exact.url)]
    if names and sum(n.end - n.start for n in names) >= 0.5 * len(value):
        return [one(value[n.start : n.end], n.corpus, url=n.corpus.url) for n in names]
    return [Found(name=value, stage="unknown", whose="self", how="named", place=place, source="metadata")]


def _staged(found: list[Found], ground: Ground) -> list[Found]:
    """Give every entry its stage.

    A base model's are its pre-training data, a derived model's its fine-tuning data; sets of instructions or
    preferences tune whatever the model is, and so do unknown sets beside them where no corpus is listed. Beside them a
    tuned model's corpora, code among them, are its pre-training data. Sets made to test are no training data.
    """
    kinds = {f.corpus.kind for f in found if f.corpus}
    tuned = ground.derived or bool(ground.lineage.tuned)
    tunes, corpus = bool(kinds & TUNING_KINDS), "pretraining" in kinds
    mixed = tuned and tunes and bool(kinds & _RAW)
    only_tunes = tunes and not kinds & _RAW and ground.lineage.tuned is not False
    default: Stage = (
        "finetuning" if ground.derived or only_tunes or (ground.lineage.tuned and not corpus) else "pretraining"
    )
    rows = []
    for one in found:
        kind = one.corpus.kind if one.corpus else ""
        stage = default
        if kind == "evaluation":
            stage = "evaluation"
        elif mixed and (kind == "pretraining" or (kind == "code" and corpus)):
            stage = "pretraining"
        elif ground.lineage.tuned is not False and for_tuning(one.corpus, one.name):
            stage = "finetuning"
        rows.append(msgspec.structs.replace(one, stage=stage))
    return rows
