"""Put the mentions of each data set together: one record per data set, stage and owner, with all its places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from openness_audit.collect.data.found import Extent, Found, plain
from openness_audit.model.facts_origins import DataSet

_EXTENTS: Final[dict[Extent, int]] = {"whole": 0, "examples": 1, "mixture": 2, "subset": 3}
_HOWS: Final = ("metadata", "link", "well-known", "named", "undisclosed")
MAX_PLACES: Final = 8
MAX_SETS: Final = 200
_LEAST_NAME: Final = 5  # letters a name needs to be recognised inside an id


def merge(found: list[Found], stages: Callable[[list[Found]], list[Found]] = list) -> tuple[DataSet, ...]:
    """Merge findings into data sets.

    Args:
        found: every mention, in the order of the texts.
        stages: looks at all of them again, once the metadata's entries are settled, and corrects their stages.

    Returns:
        Data sets in the order of their first mention; summaries only where nothing better is known of their stage.
    """
    rows = _with_ids([f for f in found if f.whose in {"self", "base"}])
    rows = _limited(rows, [f for f in found if f.whose == "other"])
    rows = stages(_settled(rows))
    rows = _released_forms(rows)
    rows = _cleaned(rows)
    rows = _without_summaries(rows)
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for one in rows:
        groups.setdefault((_key(one), one.stage, one.whose), []).append(one)
    sets = [_data_set(group) for group in list(groups.values())[:MAX_SETS]]
    return tuple(sets)


def _key(one: Found) -> str:
    if one.how == "undisclosed":
        return f"?{'soft' if one.soft else 'beside'}"
    if one.id:
        return f"id:{one.id.lower()}"
    if one.corpus is not None:
        return f"corpus:{one.corpus.slug}"
    return f"name:{plain(one.name)}" if plain(one.name) else f"url:{one.url}"


def _with_ids(rows: list[Found]) -> list[Found]:
    """Give a name the id that another mention of the same data set has."""
    ids: dict[str, Found] = {r.id.lower(): r for r in rows if r.id}
    by_corpus: dict[str, list[Found]] = {}
    for one in ids.values():
        if one.corpus is not None:
            by_corpus.setdefault(one.corpus.slug, []).append(one)
    out: list[Found] = []
    for one in rows:
        if one.id or one.how == "undisclosed":
            out.append(one)
            continue
        same = by_corpus.get(one.corpus.slug, []) if one.corpus else []
        same = same or [r for r in ids.values() if _same_name(one.name, r.id or "")]
        out += [msgspec.structs.replace(one, id=r.id, corpus=r.corpus or one.corpus) for r in same[:4]] or [one]
    return out


def _limited(rows: list[Found], others: list[Found]) -> list[Found]:
    """Take a metadata entry for a part where a sentence says so, though it is not sure whose the sentence is."""
    parts = {plain(f.name): f for f in others if f.extent == "subset" and f.stage != "evaluation"}
    slugs = {f.corpus.slug for f in parts.values() if f.corpus}
    return [
        msgspec.structs.replace(r, extent="subset")
        if r.source == "metadata" and ((r.corpus and r.corpus.slug in slugs) or plain(r.name) in parts)
        else r
        for r in rows
    ]


def _same_name(name: str, hub_id: str) -> bool:
    """Say whether a name is that of an id: equal without separators, or one inside the other and long enough."""
    short, full = plain(name), plain(hub_id)
    if short == full and short:
        return True
    return len(short) >= _LEAST_NAME and len(full) >= _LEAST_NAME and (short in full or full in short)


def _settled(rows: list[Found]) -> list[Found]:
    """Let the text say what a metadata entry is: its stage, whose it is, or that it only tests."""
    said: dict[str, list[Found]] = {}
    for one in rows:
        if one.source != "metadata" and one.how != "undisclosed":
            said.setdefault(_key(one), []).append(one)
    listed = [r for r in rows if r.source == "metadata"]
    trained = any(s.stage != "evaluation" for r in listed for s in said.get(_key(r), []))
    return [
        one
        if one.source != "metadata" or one.how == "undisclosed"
        else _settle(one, said.get(_key(one), []), trained=trained)
        for one in rows
    ]


def _settle(one: Found, about: list[Found], *, trained: bool) -> Found:
    """Let what the text says about a metadata entry decide; `trained`: of some it says that they were trained on."""
    own = [s for s in about if s.whose == "self" and s.stage != "evaluation"]
    explicit = [s for s in own if s.verb in {"pretraining", "finetuning"}]
    if one.stage == "evaluation" and own:
        return msgspec.structs.replace(one, stage=own[0].stage)
    if explicit and not any(s.stage == one.stage for s in own):
        return msgspec.structs.replace(one, stage=explicit[0].stage)
    if about and not own and all(s.whose == "base" for s in about):
        return msgspec.structs.replace(one, stage=about[0].stage, whose="base")
    if about and not own and trained and all(s.stage == "evaluation" for s in about):
        return msgspec.structs.replace(one, stage="evaluation")
    return one


def _released_forms(rows: list[Found]) -> list[Found]:
    """Drop "a filtered version of X" where the metadata lists that version: an id that carries X in its name."""
    listed = {r.id.lower(): r for r in rows if r.source == "metadata" and r.id}
    out: list[Found] = []
    for one in rows:
        if one.extent == "subset" and one.source != "metadata":
            name = plain(one.id or one.name)
            released = [
                r
                for key, r in listed.items()
                if len(name) >= _LEAST_NAME
                and name in plain(key)
                and key != (one.id or "").lower()
                and plain(key) != name
            ]
            if released:
                target = released[0]
                out.append(msgspec.structs.replace(target, place=one.place, source=one.source))
                continue
        out.append(one)
    return out


def _cleaned(rows: list[Found]) -> list[Found]:
    """Where a text says that data was filtered or left out, no set of that stage was used as it is."""
    stages = {(r.stage, r.whose) for r in rows if r.cleans}
    kept = [r for r in rows if not r.cleans]
    return [
        msgspec.structs.replace(r, extent="subset")
        if (r.stage, r.whose) in stages and r.extent == "whole" and r.how != "undisclosed" and r.source != "metadata"
        else r
        for r in kept
    ]


def _without_summaries(rows: list[Found]) -> list[Found]:
    """Drop what only sums up ("publicly available datasets") where the stage's data is named."""
    named = {(r.stage, r.whose) for r in rows if not r.soft and r.how != "undisclosed"}
    return [r for r in rows if not (r.soft and (r.stage, r.whose) in named)]


def _data_set(group: list[Found]) -> DataSet:
    """Make one record of the mentions of one data set."""
    lead = min(group, key=lambda f: _HOWS.index(f.how))
    extent = max((f.extent for f in group), key=_EXTENTS.__getitem__)
    corpus = next((f.corpus for f in group if f.corpus), None)
    url = next((f.url for f in group if f.url and "://" in f.url), None)
    hub_id = next((f.id for f in group if f.id), None)
    linked = next((f for f in group if f.how == "link" and f.url and "huggingface.co/" not in f.url), None)
    if linked is not None and corpus is None and hub_id is not None and "/" not in hub_id:
        lead, hub_id = linked, None  # a bare word in the metadata is no id where the card links what it means
    return DataSet(
        name=lead.name,
        stage=lead.stage,
        whose=lead.whose,
        how=lead.how,
        extent=extent,
        access="unresolved",
        places=tuple(dict.fromkeys(f.place for f in group))[:MAX_PLACES],
        id=hub_id,
        url=f"https://huggingface.co/datasets/{hub_id}"
        if hub_id
        else url or (corpus.url if corpus and lead.how != "named" else None),
        license=corpus.license if corpus and corpus.license not in {"unknown", "mixed"} else None,
    )
