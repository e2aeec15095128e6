"""Take addresses of code hosts apart, and read what a card says around each of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from openness_audit.collect.card.links import urls_in
from openness_audit.collect.code.vocabulary import CODE_ROLES, CodeRole, code_words
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Place

MAX_AROUND: Final = 400  # characters before and after a link that count as its sentence
MAX_LINKS: Final = 400  # of one card that are looked at
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(\[])|[。！？\n]|\s[|•·]\s")
_SEPARATED = re.compile(r"\n|[•·|]|(?<=\])\s*(?=\[)|<br>|\s/\s|(?<=[.;])\s")
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_NAME = re.compile(r"^[\w.-]{1,100}$")
_COLAB: Final = "colab.research.google.com"
_GIT = re.compile(r"git@(github\.com|gitlab\.com):([\w.-]{1,100}/[\w.-]{1,100})")


class CodeUrl(Struct, frozen=True):
    """An address of a repository's content; `path` is what it points to below the repository, if anything."""

    host: str
    owner: str
    name: str
    path: str = ""

    @property
    def key(self) -> str:
        """Give `host/owner/name` in lower case."""
        return f"{self.host}/{self.owner}/{self.name}".lower()

    @property
    def url(self) -> str:
        """Give the repository's page."""
        return f"https://{self.host}/{self.owner}/{self.name}"


class Seen(Struct, frozen=True):
    """One link to a code repository, with the words around it.

    `label` says that the link's own words, or the words before a colon, name it the model's code; `ours` that the
    sentence does; `other` that it says whose else's it is; `roles` what the words say it is for.
    """

    link: CodeUrl
    place: Place
    card: str
    citation: bool
    original: bool
    label: bool
    ours: bool
    other: bool
    promised: bool
    roles: tuple[CodeRole, ...]
    own_readme: bool = False


@lru_cache(maxsize=1024)  # several collectors ask of each link
def code_url(url: str) -> CodeUrl | None:
    """Read an address as one of a repository's content; None for anything else (issues, images, badges, accounts)."""
    words = code_words()
    low = url.lower()
    if url.isprintable() and not any(host in low for host in (*words.sets["hosts"], _COLAB)):  # few links lead there
        return None
    raw = url.strip().removeprefix("git+")
    git = _GIT.search(raw)
    try:
        parts = urlsplit(f"https://{git.group(1)}/{git.group(2)}" if git else raw if "://" in raw else f"https://{raw}")
        host = (parts.hostname or "").removeprefix("www.").lower()
    except ValueError:
        return None
    if host == "raw.githubusercontent.com":
        return None
    if host == _COLAB and parts.path.startswith("/github/"):  # a notebook of a repository
        return code_url(f"https://github.com/{parts.path.removeprefix('/github/')}")
    if host not in words.sets["hosts"]:
        return None
    steps = [unquote(step).split("@")[0] for step in parts.path.split("/") if step]
    if len(steps) < 2 or not all(_NAME.match(step) for step in steps[:2]):
        return None
    owner, name = steps[0], steps[1].removesuffix(".git").rstrip(".")
    rest = [step for step in steps[2:] if step != "-"]  # GitLab writes /-/ before the kind
    if owner.lower() in words.sets["no_content.owners"] or not name:
        return None
    if rest and rest[0].lower() in words.sets["no_content.kinds"]:
        return None
    path = "/".join(rest[2:]) if rest and rest[0].lower() in {"tree", "blob", "raw", "src"} else ""
    if path.lower().endswith(tuple(words.sets["no_content.endings"])):
        return None
    return CodeUrl(host, owner, name, path.rstrip("/"))


def sentence_at(text: str, start: int, end: int) -> tuple[str, str]:
    """Give the sentence around `start`..`end`, and its part before `start`."""
    low, high = max(0, start - MAX_AROUND), min(len(text), end + MAX_AROUND)
    for match in _SENTENCE.finditer(text, low, high):
        if match.end() <= start:
            low = match.end()
        elif match.start() >= end:
            high = match.start()
            break
    return text[low:high], text[low:start]


def _bare(text: str) -> str:
    """Drop emoji, brackets and markup at both ends of a label."""
    return _EDGE.sub("", text).strip()


def _is_label(text: str) -> bool:
    bare = _bare(text)
    return 0 < len(bare) <= 80 and code_words().patterns["labels"].search(bare) is not None


def _labelled(block: Block, start: int, text: str) -> bool:
    """Say whether a link stands where cards put the model's own repository: alone, first, or after a label."""
    segment = _SEPARATED.split(block.text[max(0, start - 300) : start])[-1]
    before = _bare(segment)
    if ":" in segment or "：" in segment:
        head = re.split(r"[:：]", segment)
        if not _bare(head[-1]) and _is_label(head[-2]):
            return True
        if _is_label(head[0]) and len(before) <= 60:
            return True
    if "(" in segment.rpartition(")")[2]:  # in brackets it explains something else
        return False
    return not before and _is_label(text)


def _around(card: Card, block: Block, start: int, end: int) -> tuple[str, str, str]:
    """Give the sentence, its part before the link, and the nearest heading."""
    sentence, before = sentence_at(block.text, start, end)
    path = card.path_of(block)
    return sentence, before, path[-1] if path else ""


def is_original(card: Card, block: Block) -> bool:
    """Say whether the block stands in a copied card of another model: it runs from its heading to the end."""
    pattern = code_words().patterns["original_card"]
    return any(s.line <= block.line and pattern.search(_bare(s.title)) for s in card.sections if s.title)


def roles_in(label: str, sentence: str, heading: str, path: str) -> tuple[CodeRole, ...]:
    """Name what the words around a link say the repository is for: its own words first, then sentence, then heading."""
    words = code_words()
    if path and not is_document(path):
        name = path_name(path)
        found = [role for role in CODE_ROLES if words.roles[role].path.search(name)]
        if not found and words.patterns["train_path"].search(name):
            found = ["training"]
        if found:
            return tuple(found)
    found = [role for role in CODE_ROLES if role != "inference" and words.roles[role].context.search(label)]
    if not found and words.patterns["code_words"].search(sentence):
        found = [role for role in CODE_ROLES if role != "inference" and words.roles[role].context.search(sentence)]
    if not found and words.patterns["code_words"].search(f"{heading} {label}"):
        found = [role for role in CODE_ROLES[:4] if words.roles[role].context.search(heading)]
    return tuple(found)


def is_document(path: str) -> bool:
    """Say whether a path is a text to read or data, not code."""
    sets = code_words().sets
    return path.lower().endswith((*sets["docs_endings"], *sets["result_endings"], *sets["data_endings"]))


def path_name(path: str) -> str:
    """Give a path as file-name patterns want it: lower case, no ending, one underscore for `-`, `.` and blank."""
    low = path.lower()
    stem, dot, ending = low.rpartition(".")
    if dot and "/" not in ending and len(ending) <= 9:
        low = stem
    return re.sub(r"[-. ]+", "_", low)


def _one(card: Card, block: Block, url: CodeUrl, span: tuple[int, int], text: str) -> Seen:
    words = code_words()
    start, end = span
    sentence, before, heading = _around(card, block, start, end)
    label = _labelled(block, start, text)
    return Seen(
        link=url,
        place=card.cite(block, block.text[start:end] or text) if block.kind != "code" else card.cite(block, sentence),
        card=card.document.repo,
        citation=block.citation,
        original=is_original(card, block),
        label=label,
        ours=words.patterns["ours"].search(sentence) is not None,
        other=words.patterns["others"].search(before) is not None and not label,
        promised=words.patterns["promised"].search(sentence) is not None,
        roles=roles_in(f"{_bare(text)}\n{_bare(before[-60:])}" if label else text, sentence, heading, url.path),
        own_readme=card.role == "own-readme",
    )


def code_links(card: Card) -> list[Seen]:
    """Find every link to a repository's content in a card, in the order of the text."""
    found: list[Seen] = []
    for block in card.blocks:
        if len(found) >= MAX_LINKS:
            break
        at = 0
        for link in block.links[:MAX_LINKS]:
            url = None if link.image else code_url(link.url)
            start = block.text.find(link.text, at) if link.text else -1
            start = start if start >= 0 else max(0, block.text.find(link.text) if link.text else 0)
            if url is not None:
                seen = _one(card, block, url, (start, start + len(link.text)), link.text)
                place = card.document.at(link.line, seen.place.excerpt or link.url, text_kind="link")
                found.append(replace(seen, place=place))
            at = start + len(link.text) if link.text else at
        if block.kind == "code":
            for raw, start, end in urls_in(block.text[:20_000]):
                url = code_url(raw)
                if url is not None:
                    seen = _one(card, block, url, (start, end), raw)
                    line = block.line + block.text.count("\n", 0, start)
                    place = card.document.at(line, block.text[start:end], text_kind="code")
                    found.append(replace(seen, place=place))
    return found[:MAX_LINKS]
