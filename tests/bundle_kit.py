"""What tests of evidence bundles share: a small Hub, a way to call the program, and bundles taken apart."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from openness_audit.bundles.archive import pack
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CARD = """---
license: apache-2.0
base_model: nest/egg
datasets: [nest/seeds, nest/lost]
---
# Owl

A fine-tuned version of [Egg](https://huggingface.co/nest/egg), trained on
[seeds](https://huggingface.co/datasets/nest/seeds) with [our code](https://github.com/nest/code).

| Task | Owl |
|---|---|
| MMLU | 51.2 |
"""
MODELS: dict[str, Any] = {
    "nest/owl": {
        "files": {"README.md": CARD, "LICENSE": "Apache License", "model.safetensors": 9, "config.json": "{}"}
    },
    "nest/egg": {"files": {"README.md": "---\nlicense: mit\n---\n# Egg\n", "model.safetensors": 9}},
    "nest/shut": {"files": {"README.md": "# Shut", "model.safetensors": 9}, "gated": "manual"},
    "nest/was": {"renamed_to": "nest/owl"},
    "nest/bare": {"files": {"model.safetensors": 9}},
}
DATASETS: dict[str, Any] = {"nest/seeds": {"files": {"README.md": "---\nlicense: cc-by-4.0\n---\n# Seeds\n"}}}
GITHUB: dict[str, Any] = {"nest/code": {"files": {"README.md": "# Code", "train.py": "pass"}, "license": "MIT"}}


def small_hub() -> StandIn:
    return StandIn(models=MODELS, datasets=DATASETS, github=GITHUB)


@dataclass(frozen=True)
class Program:
    """The program in this process, in one folder, against one Hub."""

    hub: StandIn
    folder: Path

    def __call__(self, *words: str, **environ: str) -> int:
        found = {**self.hub.environ, "OPENNESS_AUDIT_CACHE": str(self.folder / "cache"), "HOME": str(self.folder)}
        return run(words, Services(environ={**found, **environ}, folder=lambda: self.folder))

    def saved(self, model: str, *words: str, **environ: str) -> Path:
        """Audit a model, with `audit.json` beside its bundle."""
        bundle = self.folder / "audit.bundle"
        told = ("-q", "-o", str(self.folder / "audit.json"), "--save-evidence", str(bundle))
        assert self(model, *told, *words, **environ) == 0
        return bundle

    def replayed(self, bundle: Path, *words: str) -> dict[str, Any]:
        """Audit the bundle again, and give the document without what may differ."""
        path = self.folder / "replayed.json"
        assert self("replay", str(bundle), "-q", "-o", str(path), *words) == 0
        return comparable(path)


def comparable(path: Path) -> dict[str, Any]:
    """An audit without `run`, `retrieved_at` and `from_cache`."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: kept(inner) for key, inner in value.items() if key not in {"retrieved_at", "from_cache"}}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    document: dict[str, Any] = json.loads(path.read_bytes())
    del document["run"]
    found: dict[str, Any] = kept(document)
    return found


def members(bundle: Path | bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle) if isinstance(bundle, bytes) else bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed(files: Mapping[str, bytes], change: Callable[[dict[str, Any]], None] = lambda _: None) -> bytes:
    """Make a bundle of files whose manifest lists them as they are now, changed at will: what a liar would do."""
    manifest = json.loads(files["manifest.json"])
    rest = {name: body for name, body in files.items() if name != "manifest.json"}
    manifest["members"] = [
        {"path": name, "size": len(body), "sha256": sha256(body).hexdigest()} for name, body in sorted(rest.items())
    ]
    change(manifest)
    return pack({**rest, "manifest.json": json.dumps(manifest).encode()})
