"""The rules that an audit was judged by, packed beside its evidence, and checked before anything is judged by them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from openness_audit.bundles.archive import Caps, pack, unpack
from openness_audit.errors import TamperedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.evidence_bundle import RulesDoc

CAPS = Caps(member=8 * 1024 * 1024, total=32 * 1024 * 1024, count=2_000)  # today's are 250 files of 2.4 million bytes
_JUDGES = ("rules/components/", "rules/findings/")
_PROFILES = ("rules/profiles/",)
_WORDS = ("rules/vocabulary/", "rules/licenses/")
_OWN = "own/"
_TRUST = "judge by the rules that are installed: leave --ruleset away"


def pack_rules(texts: Mapping[str, str]) -> bytes:
    """Pack the files of a rule set, by the names that its digest is made of."""
    return pack({name: text.encode("utf-8") for name, text in texts.items()})


def unpack_rules(data: bytes, named: RulesDoc) -> dict[str, bytes]:
    """Unpack a rule set that a stranger may have made.

    Args:
        data: the archive.
        named: what the manifest says of it.

    Returns:
        The files by name: `rules/...` and `own/...`. Raises BundleError for an archive that is unsafe, TamperedError
        where the rules are not those whose digests the manifest names.
    """
    files = unpack(data, "the archive of the rules", CAPS)
    strange = next((n for n in files if not n.startswith((*_JUDGES, *_PROFILES, *_WORDS, _OWN))), None)
    if strange is not None or any(not name.endswith((".yaml", ".json")) for name in files):
        raise TamperedError(f"the rules of the bundle hold {strange or 'a file'!r} that is no rule", hint=_TRUST)
    judging = [*_below(files, _JUDGES), *_below(files, (_OWN,)), *_below(files, _PROFILES)]
    if _digest(judging) != named.digest or _digest(_below(files, _WORDS)) != named.vocabulary_digest:
        raise TamperedError("the rules of the bundle are not those whose digests it names", hint=_TRUST)
    return files


def _below(files: Mapping[str, bytes], folders: tuple[str, ...]) -> list[tuple[str, bytes]]:
    return [(name, files[name]) for name in sorted(files) if name.startswith(folders)]


def _digest(files: list[tuple[str, bytes]]) -> str:
    """Make the digest as `ruleset` makes it of texts."""
    whole = hashlib.sha256()
    for name, body in files:
        whole.update(f"{name}\0".encode() + body + b"\0")
    return f"sha256:{whole.hexdigest()}"
