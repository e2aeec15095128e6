"""Tell from a file's name whether it states terms."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["license_role"]

_SPLIT = re.compile(r"[-_ .]+")
_FOLDERS = frozenset({"", "license", "licenses", "licence", "licences", "legal", "model_license", "model_licenses"})
_ENDINGS = frozenset({"txt", "md", "rst", "markdown", "text", "html", "htm", "pdf", "rtf", "doc", "docx"})
_CODE = frozenset(
    {"py", "json", "js", "ts", "yaml", "yml", "ipynb", "csv", "bin", "png", "jpg", "safetensors", "pkl", "zip"}
)
_LICENSE = frozenset({"license", "licence", "licenses", "licences", "unlicense", "copying", "eula"})
_POLICY = ("use policy", "usage policy", "acceptable use", "prohibited use", "use restrictions")
_TERMS = ("terms of use", "terms of service", "terms and conditions")
_NOTICE = frozenset({"notice", "notices"})
_MOST = 8  # words: more is a sentence or somebody's data file


def license_role(path: str) -> Literal["license", "use-policy", "notice"] | None:
    """Give the role of a file of terms, None for any other file.

    Only the root and folders named for licences count: a licence deeper down is some component's. `path` is as the
    listing gives it; what is longer than 200 characters is no licence file.
    """
    folder, _, name = path.rpartition("/")
    if len(path) > 200 or folder.lower() not in _FOLDERS:
        return None
    stem, dot, ending = name.rpartition(".")
    if dot and stem:
        bare = stem.lower() in _LICENSE and ending.lower() not in _CODE  # LICENSE.apache, COPYING.LESSER
        if ending.lower() in _ENDINGS:
            name = stem
        elif not bare and not ending[:1].isdigit():
            return None  # another kind of file: license.py, license_classifier.safetensors
    words = [word for word in _SPLIT.split(name.lower()) if word]
    said = " ".join(words)
    if not words or len(words) > _MOST:
        return None
    if any(phrase in said for phrase in _POLICY) or said in ("usepolicy", "aup"):
        return "use-policy"
    if _LICENSE & set(words) or any(phrase in said for phrase in _TERMS) or said == "legal":
        return "license"
    return "notice" if _NOTICE & set(words) else None
