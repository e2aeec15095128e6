"""Rewrite a regular expression for text of ASCII letters in lower case, where the engine can pass over most of it.

Python's engine skips to where a match can begin only if that is one of a few letters and their case counts. Most
patterns of the vocabularies ignore case, and begin with a look behind ("no letter before"). So a second pattern is made
of the same syntax tree: in lower case, without what no ASCII text matches, without groups, and with the looks behind
moved behind the first letter: `(?<!x)ab` is `a(?<!xa)b`. It matches the same stretches of a text in lower case.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Op: TypeAlias = "tuple[Any, Any]"
Items: TypeAlias = "list[Op]"
MOST: Final = 400  # beginnings: with more the engine tries as long as it skips
_FEW: Final = 6  # characters of a class that are tried one by one
_ODD: Final = frozenset(map(ord, "\u0130\u0131\u0178\u017f\u1e9e\u212a\u212b"))  # are, or turn into, other letters
_LOOKS: Final = frozenset({"ASSERT", "ASSERT_NOT"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


class _NoneError(Exception):
    """No ASCII text matches this part."""


class _OtherError(Exception):
    """The pattern cannot be rewritten."""


def quick(parsed: Any) -> Any:
    """Give the tree of a pattern that matches a text in lower case where the first matches the text; None for none.

    Args:
        parsed: what `re._parser.parse` gives. Where it does not ignore case, the text is taken as it is.
    """
    maker = _Maker(parsed)
    try:
        items = maker.sequence(parsed, ignore=maker.lowers)
        heads = maker.heads(items, ())
    except (_NoneError, _OtherError):
        return None
    return maker.tree(maker.by_letter(heads)) if heads else None


class _Maker:
    """Makes parts of one tree."""

    def __init__(self, parsed: Any) -> None:
        self.parser: Any = import_module("re._parser")
        self.op: Any = import_module("re._constants")
        self.lowers = bool(parsed.state.flags & re.IGNORECASE)
        self.state = self.parser.State()
        self.state.flags = parsed.state.flags & ~re.IGNORECASE
        self.state.str = parsed.state.str

    def tree(self, items: Items) -> Any:
        """Make a tree of a sequence."""
        return self.parser.SubPattern(self.state, items)

    def sequence(self, items: Iterable[Op], *, ignore: bool) -> Items:
        """Rewrite a sequence; groups are dissolved."""
        made: Items = []
        for op, argument in items:
            made += self._part(op, argument, ignore=ignore)
        return made

    def _part(self, op: Any, argument: Any, *, ignore: bool) -> Items:
        name = op.name
        if name in {"LITERAL", "NOT_LITERAL"}:
            return self._literal(op, argument, ignore=ignore)
        if name == "IN":
            return [(op, self._class(argument, ignore=ignore))]
        if name in {"AT", "ANY"}:
            return [(op, argument)]
        if name == "SUBPATTERN":
            return self._group(argument, ignore=ignore)
        if name == "BRANCH":
            return self._branch(op, argument[1], ignore=ignore)
        if name in _LOOKS:
            return self._look(op, argument, ignore=ignore)
        if name in _REPEATS:
            return self._repeat(op, argument, ignore=ignore)
        if name == "ATOMIC_GROUP":
            return [(op, self.tree(self.sequence(argument, ignore=ignore)))]
        raise _OtherError  # a reference to a group

    def _group(self, argument: Any, *, ignore: bool) -> Items:
        _, add, drop, inner = argument
        if (add | drop) & ~re.IGNORECASE or (add and not self.lowers):
            raise _OtherError
        return self.sequence(inner, ignore=(ignore or bool(add & re.IGNORECASE)) and not drop & re.IGNORECASE)

    def _repeat(self, op: Any, argument: Any, *, ignore: bool) -> Items:
        least, most, inner = argument
        try:
            return [(op, (least, most, self.tree(self.sequence(inner, ignore=ignore))))]
        except _NoneError:
            if least:
                raise
            return []

    def _literal(self, op: Any, code: int, *, ignore: bool) -> Items:
        if code in _ODD or (self.lowers and not ignore and chr(code).isalpha()):
            raise _OtherError
        if code < 128:
            return [(op, ord(chr(code).lower()) if ignore else code)]
        if op.name == "LITERAL":
            raise _NoneError
        return [(op, code)]

    def _class(self, items: Iterable[Op], *, ignore: bool) -> Items:
        """Rewrite a class: capitals become small letters, what is beyond ASCII is left out."""
        made: Items = []
        for op, argument in items:
            if op.name not in {"LITERAL", "RANGE"}:
                made.append((op, argument))
                continue
            low, high = (argument, argument) if op.name == "LITERAL" else argument
            if ignore and any(low <= code <= high for code in _ODD):
                raise _OtherError
            if low < 128:
                made.append((self.op.RANGE, (low, min(high, 127))) if high > low else (op, argument))
            capitals = max(low, ord("A")), min(high, ord("Z"))
            if self.lowers and capitals[0] <= capitals[1]:
                made.append((self.op.RANGE, (capitals[0] + 32, capitals[1] + 32)))
        if self.lowers and not ignore and not self._closed(items):
            raise _OtherError
        if not made or [op.name for op, _ in made] == ["NEGATE"]:
            raise _NoneError if not made else _OtherError
        return made

    @staticmethod
    def _closed(items: Iterable[Op]) -> bool:
        """Say whether a class holds both cases of each ASCII letter that it holds one of."""
        held = {code for op, argument in items if op.name == "LITERAL" for code in (argument,)}
        for op, argument in items:
            if op.name == "RANGE":
                held |= set(range(argument[0], min(argument[1], 127) + 1))
        letters = {chr(code) for code in held if code < 128 and chr(code).isalpha()}
        return letters == {letter.swapcase() for letter in letters}

    def _branch(self, op: Any, branches: Iterable[Any], *, ignore: bool) -> Items:
        made = []
        for branch in branches:
            try:
                made.append(self.sequence(branch, ignore=ignore))
            except _NoneError:
                continue
        if not made:
            raise _NoneError
        return made[0] if len(made) == 1 else [(op, (None, [self.tree(items) for items in made]))]

    def _look(self, op: Any, argument: Any, *, ignore: bool) -> Items:
        way, inner = argument
        try:
            return [(op, (way, self.tree(self.sequence(inner, ignore=ignore))))]
        except _NoneError:
            if op.name == "ASSERT":
                raise
            return []  # what cannot be there is not

    def heads(self, items: Items, looks: tuple[Op, ...]) -> list[tuple[int, tuple[Op, ...], Items]]:
        """Give the ways a sequence can begin, in order: a letter, what has to stand before it, and what follows."""
        if not items:
            raise _OtherError
        (op, argument), rest = items[0], items[1:]
        name = op.name
        if self._looks_back(op, argument):
            return self.heads(rest, (*looks, items[0]))
        if name == "LITERAL":
            return [(argument, looks, rest)]
        if name == "IN":
            argument = self._listed(argument)
            return [(code, looks, rest) for code in dict.fromkeys(code for _, code in argument)]
        if name == "BRANCH":
            found = [head for branch in argument[1] for head in self.heads([*branch, *rest], looks)]
        elif name == "MAX_REPEAT" and argument[:2] == (0, 1):
            found = [*self.heads([*argument[2], *rest], looks), *self.heads(rest, looks)]
        else:
            raise _OtherError
        if len(found) > MOST:
            raise _OtherError
        return found

    @staticmethod
    def _listed(items: Items) -> Items:
        """List the characters of a class of a few."""
        found: Items = []
        for op, argument in items:
            low, high = (argument, argument) if op.name == "LITERAL" else argument if op.name == "RANGE" else (0, 127)
            found += [(op, code) for code in range(low, high + 1)]
        if len(found) > _FEW:
            raise _OtherError
        return found

    def _looks_back(self, op: Any, argument: Any) -> bool:
        if op.name in _LOOKS:
            return bool(argument[0] < 0)
        return bool(op.name == "AT" and argument.name == "AT_BOUNDARY")

    def by_letter(self, heads: list[tuple[int, tuple[Op, ...], Items]]) -> Items:
        """Put beginnings with the same letter together: no text begins with two, so the order is the same."""
        groups: dict[int, list[tuple[tuple[Op, ...], Items]]] = {}
        for code, looks, rest in heads:
            groups.setdefault(code, []).append((looks, rest))
        made = []
        for code, some in groups.items():
            letter = (self.op.LITERAL, code)
            runs: list[tuple[tuple[Op, ...], list[Items]]] = []
            for looks, rest in some:
                if runs and list(map(id, runs[-1][0])) == list(map(id, looks)):
                    runs[-1][1].append(rest)
                else:
                    runs.append((looks, [rest]))
            ways = [[*(self._moved(look, letter) for look in looks), *self._any(rests)] for looks, rests in runs]
            made.append([letter, *self._any(ways)])
        return self._any(made)

    def _any(self, ways: list[Items]) -> Items:
        return ways[0] if len(ways) == 1 else [(self.op.BRANCH, (None, [self.tree(items) for items in ways]))]

    def _moved(self, look: Op, letter: Op) -> Op:
        """Give a look behind, moved behind a letter."""
        op, argument = look
        if op.name in _LOOKS:
            return op, (argument[0], self.tree([*argument[1], letter]))
        word = chr(letter[1]).isalnum() or chr(letter[1]) == "_"
        before = (self.op.IN, [(self.op.CATEGORY, self.op.CATEGORY_WORD)])
        return (self.op.ASSERT_NOT if word else self.op.ASSERT), (-1, self.tree([before, letter]))
