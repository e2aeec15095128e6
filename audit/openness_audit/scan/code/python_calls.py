"""Find the calls, defaults and constants of a parsed Python file that name a model or a data set."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from openness_audit.model.rules import Confidence
from openness_audit.model.usages import Kind, Pinned
from openness_audit.scan.code.gather import Sheet
from openness_audit.scan.code.lines import addresses, arguments, read_lines
from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.python_scopes import Module, Scope, parameters
from openness_audit.scan.code.python_values import Value, texts
from openness_audit.scan.code.vocabulary import Call, KeyMeaning, index, meaning_of, words, worth_reading

Place: TypeAlias = Callable[[ast.AST], tuple[int, int]]
_ENVIRONMENT = ("getenv", "environ.get", "environ.setdefault", "environ.pop")
_OPTIONS = frozenset({"add_argument", "option"})
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.IfExp, ast.BoolOp, ast.Call)


class Finder:
    """One reading of one module."""

    def __init__(self, sheet: Sheet, module: Module, place: Place) -> None:
        """Take what was parsed; `place` gives the line and column of a node in the file."""
        self._sheet, self._module, self._place = sheet, module, place
        self._used: set[int] = set()  # nodes that a call was found to load: they need no mention of their own
        self._later: list[tuple[ast.expr, Scope, str, KeyMeaning]] = []  # defaults that no call may load
        known = words().libraries
        self._roots = module.roots & known
        self._anywhere = bool(self._roots or module.stars & known)

    def find(self) -> None:
        """Find everything: options first, since calls may load their defaults; plain constants last."""
        for node, scope in self._module.calls:
            self._option(node, scope)
        for node, scope in self._module.calls:
            self._call(node, scope)
        for default, scope, how, meaning in self._later:
            self._default(default, scope, how, meaning)
        for holder, scope in self._module.keyed:
            self._keyed(holder, scope)
        for text in self._module.strings:
            if id(text) not in self._used:
                self._string(text, str(text.value), open_end=id(text) in self._module.open_ended)

    # --- options of a command line

    def _option(self, node: ast.Call, scope: Scope) -> None:
        """Remember the default of an option, so that `args.model` can be worked out."""
        name, _ = _name_of(node.func)
        default = next((k.value for k in node.keywords if k.arg == "default"), None)
        flags = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name.rpartition(".")[2] not in _OPTIONS or not flags:
            return
        said = next((k.value.value for k in node.keywords if k.arg == "dest" and isinstance(k.value, ast.Constant)), "")
        long = next((f for f in flags if f.startswith("--")), flags[0])
        destination = str(said) or long.lstrip("-").replace("-", "_")
        if default is not None:
            self._module.options.setdefault(destination, default)
            meaning = meaning_of(destination)
            if meaning is not None:
                self._later.append((default, scope, f"{name.rpartition('.')[2]}({long})", meaning))

    def _default(self, node: ast.expr, scope: Scope, how: str, meaning: KeyMeaning) -> None:
        """Note the texts of a default or a constant under a key that holds ids."""
        if not isinstance(node, _PLAIN):
            return
        for value in texts(node, scope, self._module).found:
            if id(value.node) not in self._used:
                self._used.add(id(value.node))
                bare = "old" if meaning.sure else "local"
                self._note(value, value.node, how, confidence="medium", kind=meaning.kind, bare=bare, loose=True)

    # --- calls

    def _call(self, node: ast.Call, scope: Scope) -> None:
        dotted, root = self._origin(node.func)
        last = dotted.rpartition(".")[2]
        receiver = dotted.rpartition(".")[0].rpartition(".")[2]
        for row in index().calls.get(last, ()):
            sure = self._confidence(row, root) if row.fits(receiver) else None
            if sure is not None:
                # a function is named alone, a method with its class or variable
                method = row.of or (receiver and (not receiver.islower() or root is None))
                how = f"{receiver}.{last}" if method else last
                self._row(node, scope, row, how, sure, note=f"loaded by {root}" if root in words().other_hubs else "")
                return

    def _origin(self, function: ast.expr) -> tuple[str, str | None]:
        """Give the dotted name of what is called, its imports spelled out, and the package it is of (None: unknown)."""
        name, base = _name_of(function)
        known = self._module.imports.get(base)
        if known is None:
            return name, None
        return known + name[len(base) :], "." if known.startswith(".") else known.partition(".")[0]

    def _confidence(self, row: Call, root: str | None) -> Confidence | None:
        """Say how surely a call is the one of a row, by where its name comes from."""
        if root in words().other_hubs:
            return "low"
        wanted = frozenset(row.packages) or words().libraries
        if root in wanted:
            return "high"
        if root is None and self._module.stars & wanted:
            return "high"
        if row.elsewhere == "none":
            return None
        if root is None and self._module.roots & wanted:
            return "high"  # a class or variable of this file, which works with the library
        return row.elsewhere

    def _row(self, node: ast.Call, scope: Scope, row: Call, how: str, sure: Confidence, *, note: str) -> None:
        kind = self._kind(node, row, scope)
        if kind is None:
            return
        given = next((k.value for k in node.keywords if k.arg in row.names), None)
        if given is None and row.at is not None and len(node.args) > row.at:
            given = node.args[row.at]
        if given is None:
            self._left_out(node, row, how, sure, kind)
            return
        found = texts(given, scope, self._module)
        revision, known = self._revision(node, scope)
        noted = False
        for value in found.found:
            self._used.add(id(value.node))
            noted |= self._note(
                Value(value.text, value.node, sure=value.sure, note=note or value.note),
                given,
                how,
                confidence=sure if value.sure and not found.open else _lower(sure),
                kind=kind,
                bare=row.bare if sure == "high" or row.bare != "hub" else "old",
                revision=revision,
                known=known,
                marked=row.marked,
            )
        if found.open and not noted and not row.marked and (sure != "low"):
            self._sheet.unresolved(*self._place(given), how, found.open, kind=kind)

    def _left_out(self, node: ast.Call, row: Call, how: str, sure: Confidence, kind: Kind) -> None:
        """Say that a call names no model where one is loaded all the same."""
        if row.task is not None and sure == "high" and node.args and not any(k.arg is None for k in node.keywords):
            why = "no model is named: the library's default for the task is loaded"
            self._sheet.unresolved(*self._place(node), how, why, kind=kind)
        elif sure == "high" and any(k.arg is None for k in node.keywords):
            self._sheet.unresolved(*self._place(node), how, "its arguments are given from outside", kind=kind)

    def _kind(self, node: ast.Call, row: Call, scope: Scope) -> Kind | None:
        """Say what a download is of; None for a space."""
        given = next((k.value for k in node.keywords if k.arg in words().repo_types), None)
        said = [value.text for value in texts(given, scope, self._module).found] if given is not None else []
        if "space" in said:
            return None
        return "dataset" if "dataset" in said else row.kind

    def _revision(self, node: ast.Call, scope: Scope) -> tuple[str | None, Pinned | None]:
        """Give the revision of a call, and how it is pinned where that cannot be worked out."""
        by_name = {k.arg: k.value for k in node.keywords}
        given = next((by_name[name] for name in words().revisions if name in by_name), None)
        if given is None:
            return None, "not-resolvable" if None in by_name else None
        found = texts(given, scope, self._module)
        if len(found.found) == 1 and not found.open and found.found[0].sure:
            return found.found[0].text, None
        return None, "not-resolvable" if found.found or found.open else None

    def _note(
        self,
        value: Value,
        at: ast.AST,
        how: str,
        *,
        confidence: Confidence,
        kind: Kind,
        bare: str,
        revision: str | None = None,
        known: Pinned | None = None,
        marked: bool = False,
        loose: bool = False,
    ) -> bool:
        line, column = self._place(at)
        noted = self._sheet.name(
            value.text,
            line,
            column,
            how,
            confidence=confidence,
            kind=kind,
            bare=bare,
            revision=revision,
            known=known,
            note=value.note,
            marked=marked,
            loose=loose,
        )
        if at is not value.node:
            self._used.add(id(at))
        return noted

    # --- constants, defaults and arguments under names that hold ids

    def _keyed(self, node: ast.AST, scope: Scope) -> None:  # noqa: C901 - one branch a kind of node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._pair(_target_name(target), node.value, scope)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._pair(_target_name(node.target), node.value, scope)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument, default in parameters(node):
                if default is not None:
                    self._pair(argument.arg, default, scope)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._pair(key.value, value, scope)
        elif isinstance(node, ast.Call):
            self._arguments(node, scope)

    def _arguments(self, node: ast.Call, scope: Scope) -> None:
        """Read the keyword arguments of any call, and the default of an environment variable."""
        name = _name_of(node.func)[0]
        last = name.rpartition(".")[2]
        if last in words().not_calls:
            return
        first = node.args[0] if len(node.args) > 1 else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and name.endswith(_ENVIRONMENT):
            self._pair(first.value, node.args[1], scope, call=last)
        for keyword in node.keywords:
            self._pair(keyword.arg or "", keyword.value, scope, call=last)

    def _pair(self, key: str, value: ast.expr, scope: Scope, *, call: str = "") -> None:
        if key in words().argument_keys and isinstance(value, ast.Constant) and isinstance(value.value, str):
            line, column = self._place(value)
            arguments(self._sheet, value.value, line, column + 1, key)
        meaning = meaning_of(key) if key and len(key) < 100 else None
        if meaning is not None:
            self._default(value, scope, f"{call}({key}=)" if call else key, meaning)

    # --- strings

    def _string(self, node: ast.Constant, text: str, *, open_end: bool) -> None:
        """Read the addresses in a string; in a docstring, calls as well, all with low confidence."""
        if not worth_reading(text):
            return
        line, column = self._place(node)
        if id(node) in self._module.docstrings:
            before, self._sheet.most = self._sheet.most, "low"
            read_lines(self._sheet, text, line=line, column=column + 3)
            self._sheet.most = before
            return
        lines = Lines(text, line=line, column=column + 1)
        addresses(self._sheet, text, lines, confidence="medium", open_end=open_end)


def _lower(confidence: Confidence) -> Confidence:
    return "medium" if confidence == "high" else confidence


def _target_name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return target.slice.value if isinstance(target.slice.value, str) else ""
    return ""


def _name_of(function: ast.expr) -> tuple[str, str]:
    """Give the dotted name of what is called and its first part; a call in between counts as what it calls."""
    parts: list[str] = []
    node = function
    for _ in range(20):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts)), node.id
        else:
            break
    return ".".join(reversed(parts)), ""
