"""Read the structure of a Python file: its imports, scopes, and what each name may be bound to; never by recursion."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

MOST_BOUND = 500  # things that one name is bound to
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_KEYED = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Dict, ast.Call)
_BINDING = (
    ast.Assign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.AugAssign,
    ast.For,
    ast.AsyncFor,
    ast.comprehension,
    ast.withitem,
)
_WALKED = (
    ast.stmt,
    ast.expr,
    ast.arguments,
    ast.keyword,
    ast.comprehension,
    ast.withitem,
    ast.ExceptHandler,
    ast.match_case,
)


@dataclass(slots=True)
class Bound:
    """One thing a name is bound to: an expression, its default only, its items, or nothing that can be told (None).

    `straight`: on `line`, whatever happens before, so that what it was bound to earlier no longer counts.
    """

    value: ast.expr | None
    default: bool = False
    items: bool = False
    line: int = 0
    straight: bool = False


@dataclass(slots=True)
class Scope:
    """A module, class or function, and its names."""

    parent: Scope | None
    kind: str
    name: str = ""
    names: dict[str, list[Bound]] = field(default_factory=dict)
    attributes: dict[str, list[Bound]] = field(default_factory=dict)  # of a class: `self.x = ...`
    body: frozenset[int] = frozenset()  # identities of the statements that run one after the other

    def bind(self, name: str, bound: Bound) -> None:
        """Add one thing a name is bound to; one that is bound again and again cannot be told."""
        held = self.names.setdefault(name, [])
        if len(held) < MOST_BOUND:
            held.append(bound)
        else:
            held[:] = [Bound(None)] * MOST_BOUND

    def lookup(self, name: str, line: int = 0) -> list[Bound] | None:
        """Give what a name is bound to where it is seen from here, on a line; None where it is not in this file."""
        here: Scope | None = self
        while here is not None:
            if name in here.names and (here is self or here.kind != "class"):
                found = here.names[name]
                return found if here is not self or not line else _in_force(found, line)
            here = here.parent
        return None

    def enclosing_class(self) -> Scope | None:
        """Give the nearest class around."""
        here: Scope | None = self
        while here is not None and here.kind != "class":
            here = here.parent
        return here


def _in_force(found: list[Bound], line: int) -> list[Bound]:
    """Drop what a name was bound to before the last binding that surely happened, seen from a line of its scope."""
    last = max((b.line for b in found if b.straight and b.line < line), default=0)
    kept = [b for b in found if last <= b.line <= line]
    return kept or found


@dataclass(slots=True)
class Module:
    """A parsed file: the nodes that can name something, with their scopes, in the order of the text; its imports."""

    calls: list[tuple[ast.Call, Scope]]
    keyed: list[tuple[ast.AST, Scope]]  # what gives a value to a name or a key
    strings: list[ast.Constant]  # with a slash in them
    open_ended: frozenset[int]  # identities of texts in f-strings that go on with something unknown
    imports: dict[str, str]  # alias -> dotted name
    roots: frozenset[str]  # packages imported from
    stars: frozenset[str]
    classes: dict[str, Scope]
    options: dict[str, ast.expr]  # argparse: destination -> default
    docstrings: frozenset[int]  # identities of nodes
    steps: int = 0  # taken to work out one expression


def read_module(tree: ast.Module) -> Module:  # noqa: C901 - one look at each kind of node
    """Walk a tree once."""
    top = Scope(None, "module", body=frozenset(map(id, tree.body)))
    module = Module([], [], [], frozenset(), {}, frozenset(), frozenset(), {}, {}, frozenset())
    roots: set[str] = set()
    stars: set[str] = set()
    docstrings: set[int] = set()
    open_ended: set[int] = set()
    stack: list[tuple[ast.AST, Scope]] = [(tree, top)]
    while stack:
        node, scope = stack.pop()
        inner = scope
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and "/" in node.value:
                module.strings.append(node)
            continue
        if isinstance(node, ast.Call):
            module.calls.append((node, scope))
        if isinstance(node, _KEYED):
            module.keyed.append((node, scope))
        if isinstance(node, ast.Import | ast.ImportFrom):
            _imports(node, module.imports, roots, stars)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = _inner(node, scope, module)
        elif isinstance(node, _BINDING):
            _bindings(node, scope)
        elif isinstance(node, ast.JoinedStr):
            open_ended |= {id(one) for one in node.values[:-1]}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docstrings.add(id(node.value))
        outer = _outside(node) if inner is not scope else frozenset()
        stack += [(child, scope if id(child) in outer else inner) for child in reversed(_children(node))]
    module.roots, module.stars = frozenset(roots), frozenset(stars)
    module.docstrings, module.open_ended = frozenset(docstrings), frozenset(open_ended)
    return module


def _inner(node: ast.ClassDef | Function, scope: Scope, module: Module) -> Scope:
    """Give the scope that a definition opens."""
    if isinstance(node, ast.Lambda):
        inner = Scope(scope, "function")
    else:
        scope.bind(node.name, Bound(None))
        inner = Scope(scope, "class" if isinstance(node, ast.ClassDef) else "function", node.name)
        inner.body = frozenset(map(id, node.body))
    if isinstance(node, ast.ClassDef):
        module.classes[node.name] = inner
    else:
        _parameters(node, inner)
    return inner


def _children(node: ast.AST) -> list[ast.AST]:
    """Give the nodes right below, names apart: nothing is read in them by themselves."""
    found: list[ast.AST] = []
    for name in node._fields:
        below = getattr(node, name, None)
        if isinstance(below, list):
            found += [item for item in below if isinstance(item, _WALKED)]
        elif isinstance(below, _WALKED):
            found.append(below)
    return found


def _outside(node: ast.AST) -> frozenset[int]:
    """Give the identities of what is evaluated outside a definition; defaults are read through its parameters."""
    if isinstance(node, ast.ClassDef):
        return frozenset(map(id, (*node.bases, *node.keywords, *node.decorator_list)))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset(map(id, node.decorator_list))
    return frozenset()


def _imports(node: ast.Import | ast.ImportFrom, names: dict[str, str], roots: set[str], stars: set[str]) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            root = alias.name.partition(".")[0]
            roots.add(root)
            names.setdefault(alias.asname or root, alias.name if alias.asname else root)
        return
    source = "." * node.level + (node.module or "")
    root = "." if node.level else source.partition(".")[0]
    roots.add(root)
    for alias in node.names:
        if alias.name == "*":
            stars.add(root)
        elif names.get(alias.asname or alias.name, ".").startswith("."):  # a way out for a missing package comes last
            names[alias.asname or alias.name] = f"{source}.{alias.name}"


def _parameters(node: Function, scope: Scope) -> None:
    for argument, default in parameters(node):
        scope.bind(argument.arg, Bound(default, default=True))
    for rest in (node.args.vararg, node.args.kwarg):
        if rest is not None:
            scope.bind(rest.arg, Bound(None))


def parameters(node: Function) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Give the parameters of a function with their defaults."""
    every = node.args
    plain = [*every.posonlyargs, *every.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(every.defaults))
    yield from zip(plain, [*defaults, *every.defaults], strict=True)
    yield from zip(every.kwonlyargs, every.kw_defaults, strict=True)


def _bindings(node: ast.AST, scope: Scope) -> None:
    line = getattr(node, "lineno", 0)
    for target, value, items in _bound(node):
        if isinstance(target, ast.Name):
            scope.bind(target.id, Bound(value, items=items, line=line, straight=id(node) in scope.body))
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            holder = scope.enclosing_class()
            if holder is not None:
                holder.attributes.setdefault(target.attr, []).append(Bound(value, items=items))
                _keep_scope(holder, target.attr, value, scope)
        elif isinstance(target, ast.Tuple | ast.List):
            for at, element in enumerate(target.elts):
                part = value.elts[at] if _matches(target, value) and isinstance(value, ast.Tuple | ast.List) else None
                if isinstance(element, ast.Name):
                    straight = id(node) in scope.body
                    scope.bind(element.id, Bound(None if items else part, line=line, straight=straight))


def _keep_scope(holder: Scope, attribute: str, value: ast.expr | None, scope: Scope) -> None:
    """`self.model_id = model_id` is read where it stands: give the attribute what the parameter is bound to."""
    if isinstance(value, ast.Name):
        known = scope.lookup(value.id)
        if known:
            holder.attributes[attribute][-1:] = known


def _matches(target: ast.Tuple | ast.List, value: ast.expr | None) -> bool:
    return isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)


def _bound(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None, bool]]:
    """Give what a statement binds: target, value, and whether it is bound to the items of the value."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value, False
    elif (isinstance(node, ast.AnnAssign) and node.value is not None) or isinstance(node, ast.NamedExpr):
        yield node.target, node.value, False
    elif isinstance(node, ast.AugAssign):
        yield node.target, None, False
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter, True
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, None, False
