"""The fast path of reading YAML: front matter to plain values, by the shortest way that can.

First line by line (`lines`), which nearly all records allow; else by YAML's events (`events`).
It says nothing about what it does not accept: `nodes` reads such a file again and says
everything.
"""

from __future__ import annotations

from typing import Any

from tidings.sources.lines import read_lines


def read_plain(text: str) -> dict[str, Any] | None:
    """The text's one mapping as plain values, or None when the fast path does not accept it.

    An empty text is an empty mapping.
    """
    values = read_lines(text)
    if values is not None:
        return values
    from tidings.sources.events import read_events  # Only where lines are not enough.

    return read_events(text)
