"""The YAML of the Model Openness Tool: read, and written so that it reads back to the same class."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from msgspec import Struct

from openness_audit.errors import UsageError
from openness_audit.model.profiles import MofComponentDoc, MofDoc, MofState
from openness_audit.profiles.basis import Cover
from openness_audit.profiles.data import MofComponent, load_profiles
from openness_audit.profiles.mof import conclude
from openness_audit.profiles.mof_licenses import NOT_SAID, cover_of, judge

UNLICENSED = "unlicensed"  # the tool's own word: blocks what the release's licence would cover
_NOT_OPEN = "other"  # terms without a name that are known not to be open
LARGEST = 1_000_000  # characters; the largest of theirs has ten thousand
_NAME = ("license", "license_name")  # newer and older files


class Listing(Struct, frozen=True, kw_only=True):
    """A release as one of their files describes it: claims of whoever wrote it."""

    name: str
    producer: str
    mof: MofDoc


def _text(value: object) -> str | None:
    """Give a string that says something."""
    return value.strip() if isinstance(value, str) and value.strip() else None


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{what} is not a mapping", hint="see the format of the Model Openness Tool")
    return value


def _global(licenses: dict[str, Any], content: str) -> str | None:
    """Give the licence the release has for a kind of content, or for everything."""
    for kind in (content, "distribution"):
        entry = licenses.get(kind)
        name = _text(entry.get("name")) if isinstance(entry, dict) else _text(entry)
        if name:
            return name
    return None


def _state(component: MofComponent, said: str | None) -> tuple[MofState, bool | None]:
    if said is None or said.lower() == UNLICENSED:
        return "unlicensed", None
    if said == NOT_SAID:
        return "unknown", None
    cover = cover_of(said, "the file")
    found = judge(cover.expression, cover.family)
    return ("included", component.content in found.fits) if found.open else ("invalid", None)


def _row(component: MofComponent, entry: dict[str, Any] | None, licenses: dict[str, Any]) -> MofComponentDoc:
    said = None
    state: MofState = "missing"
    fits = None
    if entry is not None:
        own = next((text for key in _NAME if (text := _text(entry.get(key)))), None)
        said = own or _global(licenses, component.content)
        state, fits = _state(component, said)
    return MofComponentDoc(
        name=component.name,
        class_=component.class_,
        required=component.required,
        state=state,
        license=said,
        type_appropriate=fits,
        why="as the file says",
        by=(),
    )


def read_mot(text: str) -> Listing:
    """Read a file of the Model Openness Tool.

    Args:
        text: the YAML.

    Returns:
        The release and its class by the framework's rules. Raises UsageError for what is no such file.
    """
    if len(text) > LARGEST:
        raise UsageError("the file is too large for a listing of the Model Openness Tool", hint="is it the right file?")
    try:
        whole = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        raise UsageError(f"not YAML: {problem}", hint="see the format of the Model Openness Tool") from problem
    release = _mapping(_mapping(whole, "the file").get("release"), "`release`")
    rows = release.get("components") or []
    if not isinstance(rows, list):
        raise UsageError("`release.components` is not a list", hint="see the format of the Model Openness Tool")
    given: dict[str, dict[str, Any]] = {}
    for row in rows:
        if isinstance(row, dict) and (name := _text(row.get("name"))):
            given.setdefault(name, row)
    licenses = release.get("license")
    licenses = licenses if isinstance(licenses, dict) else {}
    rules = load_profiles().mof
    found = tuple(_row(component, given.get(component.name), licenses) for component in rules.components)
    whole_release = _global(licenses, "distribution")
    cover = cover_of(whole_release, "the release") if whole_release else Cover("NONE", "none-declared", "the release")
    return Listing(
        name=_text(release.get("name")) or "",
        producer=_text(release.get("producer")) or "",
        mof=conclude(rules, found, cover),
    )


class Release(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is written of a release beside its components; empty parts are left out."""

    name: str
    producer: str
    license: dict[str, dict[str, str]]
    date: str = ""
    type: str = ""
    repository: str = ""
    huggingface: str = ""


def _said(row: MofComponentDoc) -> str:
    """Give the licence of a component so that it reads back to the same state."""
    if row.state == "unknown":
        return NOT_SAID
    if row.state == "unlicensed" or row.license is None:
        return UNLICENSED
    return _NOT_OPEN if row.license == NOT_SAID else row.license


def write_mot(release: Release, mof: MofDoc, paths: dict[str, str]) -> str:
    """Write a file of the Model Openness Tool.

    Args:
        release: what is said of the release as a whole.
        mof: the profile; what is missing is left out, and what is not determined is there without a known licence.
        paths: an address for each component by name, where there is one.

    Returns:
        YAML that fits the tool's schema.
    """
    rules = load_profiles().mof
    words = {component.name: component.description for component in rules.components}
    components = []
    for row in mof.components:
        if row.state == "missing" or (row.state == "unknown" and not row.required):
            continue
        lead = "Not determined: " if row.state == "unknown" else ""
        entry = {"name": row.name, "description": lead + (row.why if lead else words[row.name]), "license": _said(row)}
        if row.name in paths:
            entry["component_path"] = paths[row.name]
        components.append(entry)
    document = {
        "framework": {"name": rules.title, "version": rules.version, "date": rules.date},
        "release": {**msgspec.to_builtins(release), "components": components},
    }
    return yaml.safe_dump(document, sort_keys=False, width=10_000)  # ASCII: hidden characters escaped
