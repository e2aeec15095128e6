"""Read what a bill of materials refers to: package URLs of type huggingface, addresses of the Hub, `hf://`."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from openness_audit.ingest.nouns import Ref
from openness_audit.scan.code.ids import read_id

COMMIT = re.compile(r"[0-9a-f]{7,64}", re.ASCII)  # in full or shortened
HUB = "https://huggingface.co"
_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_SSH = re.compile(r"^(?:git\+)?(?:ssh://)?git@(?=(?:www\.)?(?:huggingface\.co|hf\.co)[:/])")
_API = re.compile(r"^(/api)/(models|datasets)/((?:[^/]+/)?[^/]+)(?:/(?:revision|tree)/([^/]+))?/?$")
_FILE = re.compile(r"/(?:resolve|blob|raw)/[^/]+/(.+)$")
_PURL = re.compile(r"^pkg:/{0,2}([A-Za-z0-9.+-]+)/+", re.ASCII)
_MARKS = ("huggingface", "Huggingface", "HuggingFace", "hf.co", "hf://")
_LONGEST = 1_000  # characters of a reference
_DATASETS = "datasets"


def read(value: str, pointer: str, endpoint: str = "") -> Ref | None:
    """Read one reference.

    Args:
        value: a package URL, an address, or anything else.
        pointer: where it stands.
        endpoint: the configured Hub, whose addresses count as well.

    Returns:
        What it names on the Hub; None for all else.
    """
    if not any(mark in value for mark in _MARKS) and not (endpoint and endpoint in value):
        return None  # nearly all of a document that lists software
    if len(value) > _LONGEST or any(c.isspace() for c in value):
        return None
    if _PURL.match(value):
        return _purl(value, pointer, endpoint)
    return _address(value, pointer, endpoint)


def _purl(value: str, pointer: str, endpoint: str) -> Ref | None:
    """Read a package URL: the name as it is, the version in small letters (purl-spec, type huggingface)."""
    kind = _PURL.match(value)
    rest, _, _ = value[kind.end() :].partition("#") if kind else ("", "", "")
    rest, _, query = rest.partition("?")
    qualifiers = (
        {key.lower(): said for key, said in parse_qsl(query, max_num_fields=50)} if query.count("&") < 50 else {}
    )
    if kind is None or kind[1].lower() != "huggingface":
        said = qualifiers.get("download_url") or qualifiers.get("vcs_url") or ""
        return _address(said, pointer, endpoint) if kind and kind[1].lower() in ("generic", "mlflow") else None
    if not _is_hub(qualifiers.get("repository_url", HUB), endpoint):
        return None
    name, at, version = rest.rpartition("@")
    name, version = (name, version) if at else (rest, "")
    parts = unquote(name).strip("/").split("/")  # some tools escape the slash, too
    what = "model"
    if parts[0] in (_DATASETS, "models") and len(parts) > 1:
        what, parts = "dataset" if parts[0] == _DATASETS else "model", parts[1:]
    if len(parts) > 2 or any(not _PART.fullmatch(part) for part in parts):
        return None
    return Ref(
        kind="dataset" if what == "dataset" else "model",
        id="/".join(parts),
        revision=unquote(version).lower() or None,
        pointer=pointer,
    )


def _is_hub(url: str, endpoint: str) -> bool:
    plain = url if "://" in url else f"https://{url}"
    try:
        host = urlsplit(plain).netloc.lower()
        return host in _HOSTS or bool(endpoint and host == urlsplit(endpoint).netloc.lower())
    except ValueError:
        return False


def _address(value: str, pointer: str, endpoint: str) -> Ref | None:
    plain = _SSH.sub("https://", value)
    if plain != value:
        plain = plain.replace("huggingface.co:", "huggingface.co/").replace("hf.co:", "hf.co/")
    plain = plain.removeprefix("git+")
    if endpoint and plain.startswith(f"{endpoint.rstrip('/')}/"):
        plain = HUB + plain[len(endpoint.rstrip("/")) :]
    plain = plain.partition("?")[0].partition("#")[0]
    if not plain.startswith(("https://", "http://", "hf://", "hf.co/", "huggingface.co/")):
        return None
    try:
        path = urlsplit(plain).path
    except ValueError:
        return None
    if api := _API.match(path):
        prefix = f"{_DATASETS}/" if api[2] == _DATASETS else ""
        plain = f"{HUB}/{prefix}{api[3]}" + (f"/tree/{api[4]}" if api[4] else "")
    found = read_id(plain.replace(".git@", "@").removesuffix(".git"))
    if found.shape not in ("id", "old-id", "doubtful") or not found.id or found.kind is None:
        return None
    file = _FILE.search(path)
    return Ref(
        kind=found.kind, id=found.id, revision=found.revision, pointer=pointer, path=unquote(file[1]) if file else ""
    )
