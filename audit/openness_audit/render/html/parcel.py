"""What every self-contained page of ours is made with: our own files, their digests, and words fit for each place."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

from openness_audit.render.escape import clean, safe_url

if TYPE_CHECKING:
    from jinja2 import Environment

_PLAIN = re.compile(r"[^A-Za-z0-9 ._/@,:-]")


def file(name: str) -> str:
    """Read a template, style sheet or script that comes with the program."""
    return (resources.files("openness_audit.reports") / name).read_text("utf-8")


def digest(text: str) -> str:
    """Name a style or script for the page's content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def css_text(text: str) -> str:
    """Write a stranger's words as a string of the style sheet: everything but plain characters becomes a code."""
    return '"' + _PLAIN.sub(lambda found: f"\\{ord(found[0]):x} ", clean(text)) + '"'


def clean_value(value: Any) -> str:
    """Spell out hidden characters of anything shown; escaping for HTML comes after, by the template."""
    return clean(str(value))


def environment() -> Environment:
    """Make the template engine: it escapes everything, and a name that is not given is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - 108 ms, only HTML

    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(file)
    )
    made.filters.update(clean=clean_value, web=safe_url, capital=lambda words: words[:1].upper() + words[1:])
    return made
