"""What a picture's file says of itself, and how much there is of it. Read from its first bytes;
nothing is decoded.

Formats: PNG (W3C, 11.2.1), GIF89a (18), JPEG (ITU-T T.81, B.2.2), WebP (RFC 9649, 2 and 3.3).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import PurePosixPath

import msgspec

from tidings.model.asset import Asset
from tidings.model.media import content_type

Size = tuple[int, int]
"""Width and height (pixels)."""
UNKNOWN: Size = (0, 0)

NO_FRAME = frozenset((0xC4, 0xC8, 0xCC))
"""Markers of JPEG among those of frames (C0 to CF) that begin none."""
SCAN, END = 0xDA, 0xD9


class Measure(msgspec.Struct, frozen=True):
    """A picture of the site's own."""

    bytes: int
    width: int = 0
    """Pixels; 0 when unknown, as of drawings."""
    height: int = 0
    """Pixels; 0 when unknown."""


def measure_all(assets: Iterable[Asset]) -> dict[str, Measure]:
    """The measures of all pictures among the assets, by path below the output folder."""
    found = ((asset.path, measure(asset.name, asset.data)) for asset in assets)
    return {path: each for path, each in found if each is not None}


def measure(name: str, data: bytes) -> Measure | None:
    """The measure of the file with that name; None where it is no picture."""
    if not content_type(PurePosixPath(name).name).startswith("image/"):
        return None
    try:
        width, height = _size(data)
    except struct.error:  # It ends before its size is told.
        width, height = UNKNOWN
    return Measure(len(data), width, height)


def _size(data: bytes) -> Size:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return _pair(">II", data, 16)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", data, 6)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    return UNKNOWN


def _jpeg(data: bytes) -> Size:
    at = 2
    while True:
        mark, marker, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF or marker in (SCAN, END):
            return UNKNOWN
        if marker == 0xFF:  # Segments may be filled up with these.
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in NO_FRAME:
            height, width = _pair(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + length


def _webp(data: bytes) -> Size:
    match data[12:16]:
        case b"VP8 ":
            width, height = _pair("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            across, across_high, down, down_high = struct.unpack_from("<HBHB", data, 24)
            return (across_high << 16 | across) + 1, (down_high << 16 | down) + 1
    return UNKNOWN


def _pair(form: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(form, data, at)
    return int(first), int(second)
