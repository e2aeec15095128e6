"""Load a policy: its file, all it extends, and its files of waivers, joined, the nearest winning."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openness_audit.errors import PolicyError
from openness_audit.model.policy import AnyClause, CelClause, Override, Policy
from openness_audit.policy import cel
from openness_audit.policy.digests import policy_digest
from openness_audit.policy.names import Names
from openness_audit.policy.parse import Parsed, Source, parse_policy, parse_waivers

__all__ = ["MOST_FILES", "Read", "load"]

MOST_FILES = 8  # a chain of policies that is longer is understood by nobody
MOST_CEL = 50  # conditions in CEL of one policy

Read = Callable[[str, str], Source]  # what a file names, and the name of that file -> the text; raises OSError


def load(source: Source, read: Read, names: Names, *, found: bool = False) -> Policy:
    """Load a policy.

    Args:
        source: the policy's own file.
        read: gives the text of `packaged:NAME`, or of a path beside the file that names it.
        names: what clauses can name.
        found: nobody named the file on the command line.

    Returns:
        The policy in force. Raises PolicyError with every problem of every file, each with file and line.
    """
    problems: list[str] = []
    layers = _chain(source, read, names, problems)
    waiver_files = [w for layer in layers for w in _waivers(layer, read, names, problems)]
    for file in (*layers, *waiver_files):
        problems += file.told()
    clauses, overrides, sources = _joined(layers, problems)
    problems += _conditions(layers)
    if not problems and not any(clauses.values()):
        problems.append(f"{source.name}:{layers[0].line('clauses')}: no clause is left: a policy must ask something")
    if problems:
        raise PolicyError(_in_order(problems, [file.source.name for file in (*layers, *waiver_files)]))
    nearest = layers[0].policy
    waivers = tuple(w for file in (*layers, *waiver_files) for w in file.policy.waivers)
    use = next((layer.policy.use for layer in layers if layer.policy.use is not None), None)
    return Policy(
        name=nearest.name,
        path=source.name,
        digest=policy_digest(nearest.name, use, clauses, overrides, waivers),
        use=use,
        clauses=clauses,
        overrides=overrides,
        waivers=waivers,
        chain=tuple(file.source.name for file in (*layers, *waiver_files)),
        found=found,
        description=nearest.description,
        sources=sources,
    )


def _in_order(problems: Sequence[str], files: Sequence[str]) -> tuple[str, ...]:
    """Sort problems by file, the nearest first, and line."""

    def place(words: str) -> tuple[int, int]:
        name = next((name for name in files if words.startswith(f"{name}:")), "")
        line = words.removeprefix(f"{name}:").partition(":")[0]
        return (files.index(name) if name else len(files), int(line) if line.isdigit() else 0)

    return tuple(sorted(dict.fromkeys(problems), key=place))


def _chain(source: Source, read: Read, names: Names, problems: list[str]) -> list[Parsed]:
    """Read a policy and all it extends, the nearest first."""
    layers = [parse_policy(source, names)]
    while (wanted := layers[-1].policy.extends) is not None:
        here = layers[-1]
        at = f"{here.source.name}:{here.line('extends')}"
        try:
            further = read(wanted, here.source.name)
        except OSError as problem:
            problems.append(f"{at}: extends: {wanted!r} cannot be read: {problem.strerror or problem}")
            break
        passed = [layer.source.name for layer in layers]
        if further.name in passed:
            circle = " extends ".join((*passed[passed.index(further.name) :], further.name))
            problems.append(f"{at}: extends: a circle: {circle}")
            break
        if len(layers) == MOST_FILES:
            problems.append(f"{at}: extends: more than {MOST_FILES} files: {' extends '.join(passed)}")
            break
        layers.append(parse_policy(further, names))
    return layers


def _waivers(layer: Parsed, read: Read, names: Names, problems: list[str]) -> list[Parsed]:
    files = []
    for number, wanted in enumerate(layer.policy.waiver_files):
        try:
            files.append(parse_waivers(read(wanted, layer.source.name), names))
        except OSError as problem:
            at = f"{layer.source.name}:{layer.line('waiver-files', number)}"
            problems.append(f"{at}: waiver-files: {wanted!r} cannot be read: {problem.strerror or problem}")
    return files


def _joined(
    layers: Sequence[Parsed], problems: list[str]
) -> tuple[dict[str, AnyClause], tuple[Override, ...], dict[str, str]]:
    """Join the files, the furthest first: what a nearer one says of a clause replaces it, and exceptions from it."""
    clauses: dict[str, AnyClause] = {}
    overrides: list[tuple[Override, str]] = []
    sources: dict[str, str] = {}
    for layer in reversed(layers):
        own = layer.policy.clauses
        overrides = [(_without(override, own), at) for override, at in overrides]
        for name, clause in own.items():
            at = f"{layer.source.name}:{layer.line('clauses', name)}"
            if clause is not None:
                clauses[name], sources[name] = clause, at
            elif clauses.pop(name, None) is None:
                problems.append(f"{at}: clauses.{name}: there is no such clause to drop")
            else:
                sources.pop(name)
        for number, override in enumerate(layer.policy.overrides):
            overrides.append((override, f"{layer.source.name}:{layer.line('overrides', number)}"))
            for name, changed in override.clauses.items():
                if changed is None and name not in clauses:
                    where = f"{layer.source.name}:{layer.line('overrides', number, 'clauses', name)}"
                    problems.append(f"{where}: overrides.{number + 1}.clauses.{name}: there is no such clause to drop")
    left = [(override, at) for override, at in overrides if override.clauses]
    sources |= {f"override {number}": at for number, (_, at) in enumerate(left, 1)}
    return clauses, tuple(override for override, _ in left), sources


def _without(override: Override, own: dict[str, AnyClause | None]) -> Override:
    """Take out of an exception what a nearer file says anew for all models."""
    kept = {name: clause for name, clause in override.clauses.items() if name not in own}
    return Override(models=override.models, reason=override.reason, clauses=kept)


def _conditions(layers: Sequence[Parsed]) -> list[str]:
    """Compile every condition in CEL of every file, and give what is wrong with them."""
    places: list[tuple[str, str]] = []
    for layer in layers:
        of = [(("clauses", name), clause) for name, clause in layer.policy.clauses.items()]
        for number, override in enumerate(layer.policy.overrides):
            of += [(("overrides", number, "clauses", n), c) for n, c in override.clauses.items()]  # type: ignore[misc]  # paths of two lengths
        for path, clause in of:
            if isinstance(clause, CelClause):
                where = f"{layer.source.name}:{layer.line(*path, 'expression')}: {'.'.join(map(str, path))}.expression"
                places.append((where, clause.expression))
    if len(places) > MOST_CEL:
        return [f"{places[MOST_CEL][0]}: more than {MOST_CEL} conditions in CEL"]
    said = []
    for (where, _), made in zip(places, cel.compile_all([text for _, text in places]), strict=True):
        if made.error:
            said.append(f"{where}: not CEL: {' '.join(made.error.split())}")
        elif "audit" not in made.variables:
            said.append(f"{where}: it asks nothing of `audit`, so it says the same of every model")
    return said
