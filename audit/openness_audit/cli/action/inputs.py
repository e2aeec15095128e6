"""What a workflow asks of the GitHub Action: the inputs as the runner hands them over, and the call they come to."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from openness_audit.cli.base.target import is_path
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FailOn: TypeAlias = Literal["violation", "no-verdict", "never"]
FAIL_ON: tuple[FailOn, ...] = ("violation", "no-verdict", "never")
ENDINGS = {  # the formats a workflow can ask for besides those it always gets
    "html": ".html",
    "junit": ".xml",
    "csv": ".csv",
    "badge": ".svg",
    "notice": ".notice.md",
    "mof-yaml": ".mof.yaml",
}
JOINT = frozenset({"junit", "csv"})  # one file for all models; of the others one a model
_YES = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
    "": False,
}


class Inputs(Struct, frozen=True, kw_only=True):
    """The inputs of `action.yml`, understood; exactly one kind of subject is given."""

    models: tuple[str, ...]
    list_file: str
    path: str
    lock: str
    policy: str
    use: str
    formats: tuple[str, ...]
    fail_on: FailOn
    comment: bool
    offline: bool
    arguments: tuple[str, ...]
    folder: Path


class Call(Struct, frozen=True, kw_only=True):
    """One call of `modelaudit`, and where it leaves its reports; `changes` is that of a lock file alone."""

    arguments: tuple[str, ...]
    audits: Path
    changes: Path
    sarif: Path
    summary: Path
    comment: Path


def read_inputs(environ: Mapping[str, str]) -> Inputs:
    """Understand the inputs.

    Args:
        environ: `INPUT_...` for each input of `action.yml` in capitals with `_` for `-`, and `RUNNER_TEMP`.

    Returns:
        The inputs. Raises UsageError, which names the input, for what cannot be meant.
    """

    def given(name: str) -> str:
        return environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()

    found = Inputs(
        models=tuple(given("models").split()),
        list_file=given("list"),
        path=given("path"),
        lock=given("lock"),
        policy=given("policy"),
        use=given("use"),
        formats=tuple(dict.fromkeys(given("format").replace(",", " ").split())),
        fail_on=_fail_on(given("fail-on")),
        comment=_yes("comment", given("comment")),
        offline=_yes("offline", given("offline")),
        arguments=_words(given("arguments")),
        folder=_folder(given("output-dir"), environ),
    )
    kinds = [
        name
        for name, value in {
            "models or list": found.models or found.list_file,
            "path": found.path,
            "lock": found.lock,
        }.items()
        if value
    ]
    if len(kinds) != 1:
        said = f"{' and '.join(kinds)} exclude each other" if kinds else "there is nothing to audit"
        raise UsageError(said, hint="give one of the inputs `models` (and `list`), `path` or `lock`")
    for value in (*found.models, found.list_file, found.path, found.lock, found.policy, found.use):
        if value.startswith("-") and value != "-":
            raise UsageError(f"{value!r} begins with a dash", hint="options belong in the input `arguments`")
    for name in found.formats:
        if name not in ENDINGS and name not in ("json", "sarif", "markdown"):
            known = ", ".join(sorted({*ENDINGS, "json", "sarif", "markdown"}))
            raise UsageError(f"input `format`: {name!r} is not one of {known}")
    return found


def call_of(inputs: Inputs) -> Call:
    """Word the call of `modelaudit` that the inputs come to; the reports lie in `inputs.folder`."""
    folder = inputs.folder
    audits, sarif = folder / "audits", folder / "modelaudit.sarif"
    summary, comment = folder / "modelaudit.summary.md", folder / "modelaudit.comment.md"
    changes = folder / "changes.json"
    outputs = [str(changes) if inputs.lock else f"{audits}/", str(sarif), str(summary)]
    outputs += [str(comment)] if inputs.comment else []
    joint = [] if inputs.lock else [name for name in inputs.formats if name in JOINT]
    outputs += [str(folder / f"modelaudit{ENDINGS[name]}") for name in joint]
    single = [name for name in inputs.formats if name in ENDINGS and name not in JOINT]
    if single and len(inputs.models) == 1 and not inputs.list_file:
        outputs += [str(folder / f"modelaudit{ENDINGS[name]}") for name in single]
    words = ["--no-progress", *(word for path in outputs for word in ("-o", path))]
    words += ["--policy", inputs.policy] if inputs.policy else []
    words += ["--offline"] if inputs.offline else []
    if inputs.lock:
        head = ["check", "--lock", inputs.lock]
    elif inputs.path:
        head = ["scan", inputs.path, "--no-ignore"]  # a checkout holds what is tracked, whatever .gitignore names
    else:
        head = ["audit", *map(_as_id, inputs.models), *(["--list", inputs.list_file] if inputs.list_file else [])]
    words += ["--use", inputs.use] if inputs.use and not inputs.lock else []
    return Call(
        arguments=(*head, *words, *inputs.arguments),
        audits=audits,
        changes=changes,
        sarif=sarif,
        summary=summary,
        comment=comment,
    )


def _as_id(model: str) -> str:
    """Spell an id so that no folder of that name, which a pull request may add, can be meant; `./model` is one."""
    return f"hf://{model}" if "://" not in model and not is_path(model) and Path(model).is_dir() else model


def left_out(inputs: Inputs) -> tuple[str, ...]:
    """Name the formats that are left out: of several models those that hold one, of a lock file all."""
    if len(inputs.models) == 1 and not inputs.list_file:
        return ()
    return tuple(name for name in inputs.formats if name in ENDINGS and (inputs.lock or name not in JOINT))


def _fail_on(text: str) -> FailOn:
    for known in FAIL_ON:
        if (text or "no-verdict") == known:
            return known
    raise UsageError(f"input `fail-on`: {text!r} is not one of {', '.join(FAIL_ON)}")


def _yes(name: str, text: str) -> bool:
    found = _YES.get(text.lower())
    if found is None:
        raise UsageError(f"input `{name}`: {text!r} is neither true nor false")
    return found


def _words(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as problem:
        raise UsageError(f"input `arguments`: {problem}", hint="close every quotation mark") from problem


def _folder(text: str, environ: Mapping[str, str]) -> Path:
    return Path(text) if text else Path(environ.get("RUNNER_TEMP") or ".") / "modelaudit"
