"""Files as the scan hands them on: the only form in which the disk reaches the pure steps."""

from __future__ import annotations

import msgspec


class SourceFile(msgspec.Struct, frozen=True):
    """One file that was read."""

    path: str
    """Path from the site's folder, with `/` between parts: `content/news/2020-11-17-x.md`."""
    data: bytes
    """The file's bytes, as they are on disk."""
