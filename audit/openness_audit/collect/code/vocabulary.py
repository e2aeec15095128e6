"""Read the vocabularies of code: tools, organisations, file names, harnesses and training frameworks."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

from openness_audit.collect.patterns import lazy
from openness_audit.packaged import read

CodeRole: TypeAlias = Literal["training", "finetuning", "evaluation", "data-preparation", "inference", "architecture"]
CODE_ROLES: tuple[CodeRole, ...] = get_args(CodeRole)

_DISCUSSION = re.compile(r"/(?:discussions?|issues?|pull)/", re.IGNORECASE)  # speaks of a tool, does not name it
_WORD = re.compile(r"[a-z0-9]+")
_FLAGS = re.IGNORECASE | re.MULTILINE


class RoleWords(Struct, frozen=True):
    """How a role is spoken of, and how its files are called."""

    context: re.Pattern[str]
    path: re.Pattern[str]


class CodeWords(Struct, frozen=True):
    """`rules/vocabulary/code.yaml`, compiled: `sets` of literals, `patterns` by key, and the words of each role."""

    sets: dict[str, frozenset[str]]
    patterns: dict[str, re.Pattern[str]]
    roles: dict[CodeRole, RoleWords]
    organisations: dict[str, frozenset[int]]  # a normal spelling -> the groups it stands in
    hyperparameters: dict[str, re.Pattern[str]]
    least_arguments: int


class Tool(Struct, frozen=True):
    """One harness, leaderboard or framework; `name` finds it in prose, `links` are beginnings of addresses."""

    id: str
    title: str
    kind: str
    name: re.Pattern[str] | None
    tokens: frozenset[str]  # the longest word of each spelling
    links: tuple[str, ...]
    repos: frozenset[str]
    tags: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    published: bool = False
    command: re.Pattern[str] | None = None
    marks: tuple[str, ...] = ()


class ToolWords(Struct, frozen=True):
    """A vocabulary of tools, the patterns that go with it, and one pattern that tells whether any tool may be named."""

    tools: tuple[Tool, ...]
    patterns: dict[str, re.Pattern[str]]
    by_repo: dict[str, Tool]
    by_link: dict[str, tuple[Tool, ...]]  # beginnings of addresses, up to a slash
    by_token: dict[str, tuple[Tool, ...]]  # a word every spelling of which holds -> tools that may be named
    tokens: frozenset[str]  # those words
    tags: frozenset[str]  # of any tool
    libraries: frozenset[str]


_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)  # names are compared with names
def normal(text: str) -> str:
    """Give letters and digits only, in lower case: `lm-sys` and `LMSYS` are one."""
    return _NOT_PLAIN.sub("", text.lower())


def any_of(parts: list[str]) -> re.Pattern[str]:
    """Compile alternatives into one pattern."""
    return lazy("|".join(f"(?:{part})" for part in parts), _FLAGS)


def _load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read(f"vocabulary/{name}.yaml")
    return found


def _patterns(raw: dict[str, Any], prefix: str = "") -> dict[str, re.Pattern[str]]:
    """Compile every string and list of strings of a mapping, nested keys joined by a dot."""
    found: dict[str, re.Pattern[str]] = {}
    for key, item in raw.items():
        if isinstance(item, dict):
            found |= _patterns(item, f"{prefix}{key}.")
        elif isinstance(item, str):
            found[prefix + key] = lazy(item, _FLAGS)
        elif isinstance(item, list) and item and all(isinstance(part, str) for part in item):
            found[prefix + key] = any_of(item)
    return found


_LITERALS = (
    *("generic", "generic_names", "organisation_words", "hosts", "code_endings", "config_endings", "result_endings"),
    *("docs_endings", "data_endings", "benchmarks"),
)


@cache
def code_words() -> CodeWords:
    """Load and compile `code.yaml` once."""
    raw = _load("code")
    groups: dict[str, set[int]] = {}
    for index, group in enumerate(raw["organisations"]):
        for name in group:
            groups.setdefault(normal(name), set()).add(index)
    sets = {key: frozenset(raw[key]) for key in _LITERALS}
    sets |= {f"no_content.{key}": frozenset(raw["no_content"][key]) for key in ("owners", "kinds", "endings")}
    sets["needed"] = frozenset(raw["hyperparameters"]["needed"])
    left = {"roles", "organisations", "no_content", *_LITERALS}
    return CodeWords(
        sets=sets,
        patterns=_patterns({key: item for key, item in raw.items() if key not in left}),
        roles={
            role: RoleWords(context=any_of(raw["roles"][role]["context"]), path=any_of(raw["roles"][role]["path"]))
            for role in CODE_ROLES
        },
        organisations={name: frozenset(found) for name, found in groups.items()},
        hyperparameters={k: lazy(v, _FLAGS) for k, v in raw["hyperparameters"]["names"].items()},
        least_arguments=raw["commands"]["least_arguments"],
    )


def _name_pattern(names: list[str], exact: list[str]) -> re.Pattern[str] | None:
    """Compile spellings: a blank in `names` stands for any short run of blanks, hyphens, underscores or dots."""
    loose = [r"[\s_.-]{1,3}".join(re.escape(part) for part in name.split()) for name in names]
    parts = [f"(?i:{part})" for part in loose] + [re.escape(name) for name in exact]
    if not parts:
        return None
    return lazy(rf"(?<![\w/.-])(?:{'|'.join(parts)})(?![\w-]*/)(?!\w)")


def _tool(raw: dict[str, Any]) -> Tool:
    repos = frozenset((*raw.get("repos", ()), *raw.get("holds", ())))
    return Tool(
        id=raw["id"],
        title=raw.get("title", raw["id"]),
        kind=raw["kind"],
        name=_name_pattern(raw.get("names", []), raw.get("exact", [])),
        tokens=frozenset(
            max(_WORD.findall(name.lower()), key=len) for name in (*raw.get("names", ()), *raw.get("exact", ()))
        ),
        links=(*raw.get("links", ()), *(f"github.com/{repo}" for repo in sorted(raw.get("repos", ())))),
        repos=repos,
        tags=frozenset(raw.get("tags", ())),
        libraries=frozenset(raw.get("libraries", ())),
        published=raw.get("published", False),
        command=lazy(raw["command"], _FLAGS) if "command" in raw else None,
        marks=tuple(raw.get("marks", ())),
    )


def _tools(name: str, key: str) -> ToolWords:
    raw = _load(name)
    tools = tuple(_tool(item) for item in raw[key])
    rest = {k: v for k, v in raw.items() if k != key}
    by_token: dict[str, list[Tool]] = {}
    by_link: dict[str, list[Tool]] = {}
    for tool in tools:
        for link in tool.links:
            by_link.setdefault(link.rstrip("/"), []).append(tool)
        for token in tool.tokens:
            by_token.setdefault(token, []).append(tool)
    return ToolWords(
        tools=tools,
        patterns=_patterns(rest),
        by_repo={r: t for t in tools for r in t.repos},
        by_link={link: tuple(found) for link, found in by_link.items()},
        by_token={token: tuple(found) for token, found in by_token.items()},
        tokens=frozenset(by_token),
        tags=frozenset(tag for tool in tools for tag in tool.tags),
        libraries=frozenset(library for tool in tools for library in tool.libraries),
    )


@cache
def harness_words() -> ToolWords:
    """Load and compile `harnesses.yaml` once."""
    return _tools("harnesses", "harnesses")


@cache
def framework_words() -> ToolWords:
    """Load and compile `frameworks.yaml` once."""
    return _tools("frameworks", "frameworks")


@cache
def tool_names() -> frozenset[str]:
    """Give the repository names of harnesses and frameworks: a fork keeps the name."""
    known = (repo.split("/")[1] for words in (harness_words(), framework_words()) for repo in words.by_repo)
    return frozenset(name for name in known if name not in {"examples", "mesh", "trl", "peft", "keras"})


@lru_cache(maxsize=512)  # harnesses and frameworks are looked for among the same links
def _prefixes(url: str) -> tuple[str, ...]:
    """Give an address's beginnings, step by step: `gpt-neox` is not below `gpt-neo`; none of a discussion's."""
    if _DISCUSSION.search(url):
        return ()
    steps = re.split(r"[?#]", re.sub(r"^https?://(?:www\.)?", "", url.lower()), maxsplit=1)[0].split("/")[:8]
    return tuple("/".join(steps[:n]) for n in range(1, len(steps) + 1))


@lru_cache(maxsize=512)  # ... and in the same sentences
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def named_tools(words: ToolWords, text: str, urls: tuple[str, ...] = ()) -> list[tuple[Tool, int, int]]:
    """Find tools named in a text, with the place of the name, or linked (then with the whole text's place)."""
    tokens = words.tokens & _words(text)
    if not tokens and not urls:
        return []
    maybe = {t.id: t for token in tokens for t in words.by_token[token]}
    found = []
    for tool in maybe.values():
        match = tool.name.search(text) if tool.name else None
        if match:
            found.append((tool, match.start(), match.end()))
    named = {tool.id for tool, _, _ in found}
    linked = {t.id: t for url in urls for part in _prefixes(url) for t in words.by_link.get(part, ())}
    found += [(tool, 0, len(text)) for tool in linked.values() if tool.id not in named]
    return sorted(found, key=lambda item: (item[1], item[0].id))
