"""Files that pages refer to: styles, scripts, pictures."""

from __future__ import annotations

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One asset under the name that its bytes give it."""

    name: str
    """Path as templates and records name it, below a `static/` folder: `style.css`."""
    path: str
    """Path below the output folder: `static/style.3f9a1c07.css`. Changes whenever the bytes
    do."""
    file: str
    """The file it came from, for messages."""
    data: bytes
