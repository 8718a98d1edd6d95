"""Plain text set well: columns that line up, and lists that end where they get too long.

Everything that is laid out here is made safe for a terminal first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click
import msgspec

from tidings.cli.text import COMMAND, plain


def heading(text: str) -> str:
    """A heading; click takes the weight away in pipes."""
    return click.style(plain(text), bold=True)


def columns(
    rows: Iterable[Sequence[str | int]], indent: int = 2, gap: int = 2
) -> Iterator[str]:
    """The rows as lines, numbers to the right; the last column is as long as it is."""
    cells = [[(plain(str(cell)), isinstance(cell, int)) for cell in row] for row in rows]
    widths = [max(len(text) for text, _ in column) for column in zip(*cells, strict=True)]
    for row in cells:
        *first, (last, number) = row
        parts = [
            text.rjust(width) if is_number else text.ljust(width)
            for (text, is_number), width in zip(first, widths, strict=False)
        ]
        parts.append(last.rjust(widths[-1]) if number else last)
        yield (" " * indent + (" " * gap).join(parts)).rstrip()


def some(items: Sequence[str], count: int) -> str:
    """The first ones with commas between, and how many follow: "a, b and 12 more"."""
    shown = ", ".join(items[:count])
    return shown if len(items) <= count else f"{shown} and {len(items) - count} more"


def json_text(value: Any) -> bytes:
    """The value as one JSON object with a closing line end, in UTF-8.

    No text in it is a command to the runner of a GitHub workflow. Commands of the new form
    begin a line, which no text does here; those of the old one may stand anywhere. Outside of
    texts JSON has no `#`, so `[` after it may always be written as its number (RFC 8259, 7).
    """
    text = msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
    return text.replace(COMMAND.encode(), b"##\\u005b")
