"""Make strangers' words harmless in the medium they are shown in: terminal, Markdown, links."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

_ASCII = re.compile(r"[ -~]*")
_JOINERS = frozenset("\u200c\u200d")  # scripts and emoji need them, and they cannot reorder or hide a line
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HIDDEN_TOO = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters that show as nothing
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])")
_TICKS = re.compile(r"`+")
_SAFE_PATH = "/%:@!$&'*+,;=-._~"


def hidden(char: str) -> bool:
    """Say whether a character could steer a terminal, reorder a line, or not be seen."""
    return char not in _JOINERS and (unicodedata.category(char) in _HIDDEN or char in _HIDDEN_TOO)


def _shown(char: str) -> str:
    if hidden(char):
        code = ord(char)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return char


def clean(text: str) -> str:
    r"""Give `text` on one line with everything that could steer a terminal or reorder a line spelled out.

    Blanks and line ends become single spaces; control characters, bidi overrides, invisible letters and lone
    surrogates become escapes such as `\x1b` or `\u202e`.
    """
    one_line = " ".join(text.split())
    if _ASCII.fullmatch(one_line):
        return one_line
    return "".join(map(_shown, one_line))


def safe_url(url: str | None) -> str | None:
    """Give an http or https address fit for a link, or None for any other scheme, credentials or hidden characters."""
    if not url or clean(url) != url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    netloc = re.sub(r"[^A-Za-z0-9.\-:\[\]]", "", parts.netloc)
    if netloc != parts.netloc:
        return None
    return urlunsplit(
        (
            parts.scheme.lower(),
            netloc,
            quote(parts.path, safe=_SAFE_PATH),
            quote(parts.query, safe=_SAFE_PATH + "?"),
            quote(parts.fragment, safe=_SAFE_PATH + "?"),
        )
    )


def markdown(text: str) -> str:
    """Escape `text` for the middle of a line of GitHub Markdown: no mark-up, HTML, link or mention is left in it."""
    escaped = _MARKDOWN.sub(r"\\\1", clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    # broken here, GitHub's automatic linker and its mentions do not see them
    return escaped.replace("://", "&#58;//").replace("www.", "www\\.").replace("@", "@\u2060")


def code_span(text: str, *, table: bool = False) -> str:
    """Show `text` as code in Markdown; backticks in it get a longer fence, pipes are escaped in tables."""
    shown = clean(text) or " "
    if table:
        shown = shown.replace("|", "\\|")
    fence = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{blank}{shown}{blank}{fence}"
