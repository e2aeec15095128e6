"""Find addresses written as bare text."""

from __future__ import annotations

import re
from typing import Final

MAX_URL: Final = 2000

_BARE = re.compile(
    r"https?://[^\s<>\"'`\\|{}^\[\]（）【】「」，。；、]{1,2000}"
    r"|(?<![\w./@:-])(?:www\.[a-z0-9-]{1,63}\.[a-z]{2,10}|github\.com|gitlab\.com|huggingface\.co|hf\.co|arxiv\.org|doi\.org)"
    r"/[^\s<>\"'`\\|{}^\[\]（）【】「」，。；、]{1,2000}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?*_~…"


def urls_in(text: str) -> list[tuple[str, int, int]]:
    """Give each bare address in `text` with its start and end; an address without a scheme gets `https://`."""
    return [_trimmed(m.group(), m.start()) for m in _BARE.finditer(text)]


def _trimmed(raw: str, start: int) -> tuple[str, int, int]:
    """Leave out the punctuation that belongs to the sentence, and a bracket opened before the address."""
    end = len(raw)
    opened, closed = raw.count("("), raw.count(")")
    while end > 0:
        last = raw[end - 1]
        if last in _TRAILING:
            end -= 1
        elif last == ")" and closed > opened:
            end, closed = end - 1, closed - 1
        else:
            break
    kept = raw[:end]
    return (kept if kept[:4].lower() == "http" else f"https://{kept}"), start, start + end
