"""Text that came from elsewhere, made safe and short enough for a terminal."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of text, and so could show a line as what it is not."""

COMMAND = "##["
"""How a command of the old form begins."""


def plain(text: str) -> str:
    """The text in one line, with all that could steer a terminal written out: `\\x1b`.

    So is what would make a command to the runner of a GitHub workflow of it.
    """
    if COMMAND in text or text.lstrip()[:2] == "::":
        # Commands of the old form may stand anywhere in a line; those of the new one begin it.
        text = text.replace(COMMAND, "##\\x5b")
        text = "\\x3a" + text.lstrip()[1:] if text.lstrip()[:2] == "::" else text
    if text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _escape(letter) for letter in text)


def _is_harmless(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category not in {"Cc", "Cs", "Zl", "Zp"} and letter not in BIDI


def _escape(letter: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(letter)
    return short.get(letter) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def number_of(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 record", "27 records"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def instant_text(instant: datetime) -> str:
    """An aware UTC instant as the command line takes it, not before its second is over."""
    if instant.microsecond:
        instant = instant.replace(microsecond=0) + timedelta(seconds=1)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def short_path(path: Path) -> str:
    """A path as the user would type it: from the current folder when it lies there."""
    try:
        return plain(str(path.relative_to(Path.cwd())))
    except (ValueError, OSError):
        return plain(str(path))


def text_path(path: Path) -> str:
    """A path as valid text, whatever bytes its name is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
