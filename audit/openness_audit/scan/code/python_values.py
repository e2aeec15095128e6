"""Work out which texts an expression of a Python file can be; what cannot be worked out is said, never guessed."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from openness_audit.scan.code.python_scopes import Bound, Module, Scope
from openness_audit.scan.code.vocabulary import index

DEEPEST = 10  # steps from a name to its text
MOST_STEPS = 2000  # in all, for one expression: alternatives of alternatives multiply
MOST = 60  # texts of one expression
_PATHS = frozenset({"join", "Path", "PurePath", "abspath", "expanduser", "realpath", "dirname", "mkdtemp", "getcwd"})
_DEFAULTS = frozenset({"field", "Field", "Option", "Argument", "ib", "attrib"})
_SAME = frozenset({"str", "strip", "cast"})


@dataclass(frozen=True, slots=True)
class Value:
    """One text an expression can be; `sure` where it is the only one, `node` is where it is written."""

    text: str
    node: ast.AST
    sure: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """All texts found; `open` says why there may be others. No text and nothing open: it names nothing of the Hub."""

    found: tuple[Value, ...] = ()
    open: str = ""


NONE = Values()


def texts(  # noqa: C901, PLR0912 - one branch a kind of node
    node: ast.expr, scope: Scope, module: Module, depth: int = 0
) -> Values:
    """Give the texts that an expression can be, seen from a scope."""
    module.steps = module.steps + 1 if depth else 0
    if depth > DEEPEST or module.steps > MOST_STEPS:
        return Values(open="it leads too far")
    step = depth + 1
    if isinstance(node, ast.Constant):
        return Values((Value(node.value, node),)) if isinstance(node.value, str) else NONE
    if isinstance(node, ast.JoinedStr):
        return _joined(node, scope, module, step)
    if isinstance(node, ast.Name):
        return _name(node, scope, module, step)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope, module, step)
    if isinstance(node, ast.IfExp):
        return _any([texts(node.body, scope, module, step), texts(node.orelse, scope, module, step)])
    if isinstance(node, ast.BoolOp):
        return _any([texts(value, scope, module, step) for value in node.values[:MOST]])
    if isinstance(node, ast.Call):
        return _call(node, scope, module, step)
    if isinstance(node, ast.Subscript):
        return _subscript(node, scope, module, step)
    if isinstance(node, ast.BinOp):
        return _joined_by_sign(node, scope, module, step)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _any([texts(item, scope, module, step) for item in node.elts[:MOST]])
    if isinstance(node, ast.Dict):
        return _any([texts(item, scope, module, step) for item in node.values[:MOST]])
    if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
        return texts(node.value, scope, module, step)
    return Values(open="an expression")


def _any(parts: list[Values]) -> Values:
    """Join alternatives: none of several is sure."""
    found = [value for part in parts for value in part.found][:MOST]
    sure = len(found) == 1 and len(parts) == 1
    told = tuple(v if sure else Value(v.text, v.node, sure=False, note=v.note) for v in found)
    return Values(told, next((part.open for part in parts if part.open), ""))


def _joined(node: ast.JoinedStr, scope: Scope, module: Module, step: int) -> Values:
    whole = node.values[0] if len(node.values) == 1 else None
    if isinstance(whole, ast.FormattedValue) and whole.format_spec is None and whole.conversion in (-1, ord("s")):
        return texts(whole.value, scope, module, step)
    parts = [v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    if len(parts) == len(node.values):
        return Values((Value("".join(parts), node),))
    start = parts[0] if parts and isinstance(node.values[0], ast.Constant) else ""
    return NONE if start.startswith(("./", "../", "/", "~")) else Values(open="an f-string")


def _of_bounds(bounds: list[Bound], name: str, scope: Scope, module: Module, step: int) -> Values:
    parts: list[Values] = []
    for bound in bounds[:MOST]:
        if bound.value is None:
            parts.append(Values(open=f"`{name}` is given from outside" if bound.default else f"`{name}` is worked out"))
            continue
        part = texts(bound.value, scope, module, step)
        if bound.default:
            note = f"the default of `{name}`"
            told = tuple(Value(v.text, v.node, sure=False, note=v.note or note) for v in part.found)
            part = Values(told, part.open or ("" if told else f"`{name}` is given from outside"))
        parts.append(part)
    return _any(parts)


def _name(node: ast.Name, scope: Scope, module: Module, step: int) -> Values:
    bounds = scope.lookup(node.id, node.lineno)
    if bounds is None:
        return Values(open=f"`{node.id}` is defined elsewhere")
    return _of_bounds(bounds, node.id, scope, module, step)


def _attribute(node: ast.Attribute, scope: Scope, module: Module, step: int) -> Values:
    base = node.value
    shown = f"`{ast.unparse(node)}`" if isinstance(base, ast.Name) else f"`.{node.attr}`"
    holder: Scope | None = None
    if isinstance(base, ast.Name) and base.id in ("self", "cls"):
        holder = scope.enclosing_class()
    elif isinstance(base, ast.Name) and base.id in module.classes:
        holder = module.classes[base.id]
    if holder is not None:
        bounds = [*holder.names.get(node.attr, ()), *holder.attributes.get(node.attr, ())]
        if bounds:
            return _of_bounds(bounds, node.attr, holder, module, step)
    elif isinstance(base, ast.Name) and node.attr in module.options:
        part = texts(module.options[node.attr], scope, module, step)
        note = f"the default of `--{node.attr}`"
        return Values(tuple(Value(v.text, v.node, sure=False, note=note) for v in part.found), part.open)
    return Values(open=f"{shown} is defined elsewhere")


def _called(node: ast.Call) -> tuple[str, str]:
    """Give the last part of what is called, and the part before it."""
    if isinstance(node.func, ast.Name):
        return node.func.id, ""
    if isinstance(node.func, ast.Attribute):
        base = node.func.value
        before = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        return node.func.attr, before
    return "", ""


def _call(node: ast.Call, scope: Scope, module: Module, step: int) -> Values:
    name, before = _called(node)
    if name == "getenv" or (name in ("get", "setdefault", "pop") and before == "environ"):
        said = _shown(node.args[0]) if node.args else ""
        default = node.args[1] if len(node.args) > 1 else _keyword(node, "default")
        return _default(default, f"the environment variable {said}", scope, module, step)
    if name == "get" and len(node.args) > 1:
        return _default(node.args[1], "a look-up", scope, module, step)
    if name in _DEFAULTS:
        first = node.args[0] if node.args else None
        return _default(_keyword(node, "default") or first, "an option", scope, module, step)
    if name in _SAME and (node.args or isinstance(node.func, ast.Attribute)):
        inner = node.args[-1] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else None
        return texts(inner, scope, module, step) if inner is not None else NONE
    if name in _PATHS or _loads(node):
        return NONE  # a path on this machine, or what another call loads and is found there
    return Values(open=f"`{name or 'a call'}()` gives it")


def _loads(node: ast.Call) -> bool:
    """Say whether a call, or one it goes on from as in `load(...).eval()`, loads a model."""
    here: ast.expr = node
    for _ in range(DEEPEST):
        if isinstance(here, ast.Call):
            if _called(here)[0] in index().calls:
                return True
            here = here.func
        elif isinstance(here, ast.Attribute):
            here = here.value
        else:
            break
    return False


def _shown(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in node.keywords if k.arg == name), None)


def _default(node: ast.expr | None, what: str, scope: Scope, module: Module, step: int) -> Values:
    if node is None or (isinstance(node, ast.Constant) and not isinstance(node.value, str)):
        return Values(open=f"{what} gives it")
    part = texts(node, scope, module, step)
    told = tuple(Value(v.text, v.node, sure=False, note=f"the default of {what}") for v in part.found)
    return Values(told, part.open)


def _subscript(node: ast.Subscript, scope: Scope, module: Module, step: int) -> Values:
    base, key = node.value, node.slice
    if isinstance(base, ast.Attribute) and base.attr == "environ":
        return Values(open=f"the environment variable {_shown(key)} gives it")
    if isinstance(base, ast.Name):
        bounds = scope.lookup(base.id, base.lineno)
        if bounds and len(bounds) == 1 and bounds[0].value is not None and not bounds[0].items:
            base = bounds[0].value
    if isinstance(base, ast.Dict):
        chosen = [v for k, v in zip(base.keys, base.values, strict=True) if _same(k, key)]
        return _any([texts(item, scope, module, step) for item in (chosen or base.values)[:MOST]])
    if isinstance(base, ast.List | ast.Tuple):
        return texts(base, scope, module, step)
    return Values(open="a look-up gives it")


def _same(one: ast.expr | None, other: ast.expr) -> bool:
    return isinstance(one, ast.Constant) and isinstance(other, ast.Constant) and one.value == other.value


def _joined_by_sign(node: ast.BinOp, scope: Scope, module: Module, step: int) -> Values:
    if isinstance(node.op, ast.Div):
        return NONE  # a path
    if isinstance(node.op, ast.Add):
        left, right = texts(node.left, scope, module, step), texts(node.right, scope, module, step)
        both = (left, right)
        if all(len(part.found) == 1 and part.found[0].sure and not part.open for part in both):
            return Values((Value(left.found[0].text + right.found[0].text, node),))
        if isinstance(node.left, ast.List) or isinstance(node.right, ast.List):
            return _any([left, right])
    return Values(open="an expression")
