"""Compile the vocabularies while the network answers: the first audit of a process pays for them otherwise."""

from __future__ import annotations

import contextlib
import threading
from functools import cache

from openness_audit.collect.assemble import complete, read
from openness_audit.collect.patterns import compile_all
from openness_audit.model.capture import FileEntry, Listing, ModelCapture, Origin, Refs, RepoInfo, Text
from openness_audit.regexcode import codes
from openness_audit.ruleset import load_rules

_CARD = """---
license: mit
base_model: some/base
datasets: [some/data]
---
# Some model

A fine-tuned version of [base](https://huggingface.co/some/base), trained on [data](https://huggingface.co/datasets/some/data)
with [code](https://github.com/some/code); see the [paper](https://arxiv.org/abs/0000.00000).

| Task | Some model |
|---|---|
| MMLU | 1.0 |
"""


@cache
def warm_up() -> None:
    """Read a made-up model, once in a process, so that what most cards need is loaded and compiled."""
    origin = Origin(url="", sha256="", retrieved_at="")
    capture = ModelCapture(
        info=RepoInfo(kind="model", id="some/model", origin=origin),
        listing=Listing(files=(FileEntry(path="README.md", size=1),), complete=True, origin=origin),
        refs=Refs(refs=(), origin=origin),
        texts={"README.md": Text(path="README.md", text=_CARD, origin=origin)},
    )
    complete(capture, read(capture))


def prepare() -> None:
    """Keep what most audits need beside the bytecode: for an image that is built once and then runs read-only."""
    load_rules()
    warm_up()
    compile_all()
    codes().keep()


def _quietly() -> None:
    # a malformed vocabulary is met, and told, by the audit itself
    with contextlib.suppress(Exception):
        warm_up()


def begin() -> threading.Thread:
    """Start `warm_up` beside the caller; join the thread before the process ends."""
    thread = threading.Thread(target=_quietly, name="warm-up")
    thread.start()
    return thread
