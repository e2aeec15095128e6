"""Read the terms that a repository's gate asks to be agreed to: `extra_gated_prompt` of the card's metadata."""

from __future__ import annotations

from msgspec.structs import replace

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import read_card
from openness_audit.collect.licenses.prose import find_prose
from openness_audit.collect.places import info_place
from openness_audit.licenses.families import RESTRICTED
from openness_audit.licenses.identify import identify
from openness_audit.licenses.ids import resolve
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card, Document, FrontMatter
from openness_audit.model.evidence import Place
from openness_audit.model.facts_licenses import LicenseProse

__all__ = ["find_gate_terms"]

KEY = "extra_gated_prompt"  # https://huggingface.co/docs/hub/models-gated
_WHOLE = 1500  # characters: a shorter prompt is no licence's text
_MOST = 100_000


def find_gate_terms(
    info: RepoInfo, front: FrontMatter | None, card: Card | None, me: Identity
) -> tuple[LicenseProse, ...]:
    """Find what the words at a repository's gate say about terms.

    Args:
        info: the Hub's record, whose reading of the metadata counts where the card's own was not read.
        front: the card's front matter; None where there is no card.
        card: the subject's own card.
        me: the subject's names.

    Returns:
        Statements about terms, each citing the line of the prompt. A prompt that is a known licence's text is one
        statement; any other is read as a card's words are.
    """
    own = front is not None and front.state == "ok" and card is not None
    values = front.values if own and front is not None else info.card_data or {}
    prompt = values.get(KEY)
    if not isinstance(prompt, str) or not prompt.strip():
        return ()
    prompt = prompt[:_MOST]
    first = next(line.strip() for line in prompt.splitlines() if line.strip())
    if own and front is not None and card is not None:
        place = card.document.at(front.lines.get(KEY, 1), f"{KEY}: {first}", text_kind="yaml")
    else:
        place = info_place(info, f"{KEY}: {first[:150]}")
    whole = _whole(prompt) if len(prompt) > _WHOLE else None
    if whole is not None:
        expression, family = whole
        return (
            LicenseProse(
                expression=expression,
                family=family,
                scope="model",
                whose="self",
                restricts=family in RESTRICTED,
                text=place.excerpt or "",
                place=place,
            ),
        )
    told = find_prose(read_card(prompt, _document(place)), me)
    return tuple(replace(one, place=_at(one, place)) for one in told)


def _whole(prompt: str) -> tuple[str, str] | None:
    """Give expression and family of the licence whose text the prompt is; None for any other prompt.

    A vendor's terms stand there together with its use policy: they are the vendor's all the same.
    """
    known = identify(prompt)
    if not known.expression or known.match not in ("exact", "equivalent", "modified"):
        return None
    if known.match == "modified" and known.similar_to:
        vendor = resolve(known.similar_to)
        if vendor.expression and vendor.family in RESTRICTED:
            return vendor.expression, vendor.family
    return known.expression, known.family


def _document(place: Place) -> Document:
    """Give what is needed to cite the prompt as a text of its own."""
    return Document(
        kind=place.kind, repo=place.repo, path=place.path or "", url=place.url, sha=place.sha,
        sha256=place.sha256 or "", retrieved_at=place.retrieved_at or "", from_cache=place.from_cache,
    )  # fmt: skip


def _at(one: LicenseProse, prompt: Place) -> Place:
    """Cite the words of a statement on the line where the prompt begins: YAML folds the lines below it."""
    return replace(prompt, excerpt=one.place.excerpt)
