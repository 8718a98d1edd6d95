"""Named parts of one file, each read and checked when it is first asked for.

What is kept between builds lies on somebody's disk, so nothing of it is believed before its
digest is right. A part that nobody asks for costs nothing.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping

import msgspec

from tidings.model.sealing import Data

MAGIC = b"tidings relations 1\n"
DIGEST = 16
"""Bytes of a digest: enough that no accident gives the same one twice."""


class DamagedError(Exception):
    """What was kept is not what was written, or not by this version of the program."""


class _Header(msgspec.Struct, frozen=True, array_like=True):
    order: str
    """The machine's order of bytes."""
    parts: dict[str, tuple[int, int, bytes]]
    """Start after the header, size and digest."""


class Sections:
    """The parts of a file, or parts that are not in any file yet."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts: dict[str, memoryview] = {
            name: memoryview(part) for name, part in parts.items()
        }
        self._unread: dict[str, tuple[memoryview, bytes]] = {}
        self._packed: Data | None = None
        self._identity = b""

    @classmethod
    def unpacked(cls, data: Data) -> Sections:
        """The sections that `pack` wrote; `DamagedError` when the header is not right."""
        view = memoryview(data)
        header, start = checked(view)
        try:
            found = msgspec.msgpack.decode(header, type=_Header)
        except msgspec.MsgspecError as error:
            raise DamagedError from error
        if found.order != sys.byteorder:
            raise DamagedError
        sections = cls({})
        for name, (at, size, right) in found.parts.items():
            sections._unread[name] = (view[start + at : start + at + size], right)
        sections._packed = data
        sections._identity = digest(header)
        return sections

    def read(self, name: str) -> memoryview:
        """The part; `DamagedError` when there is none or its digest is not right."""
        known = self._parts.get(name)
        if known is not None:
            return known
        part, right = self._unread.get(name, (memoryview(b""), b""))
        if digest(part) != right:
            raise DamagedError
        self._parts[name] = part
        return part

    def pack(self) -> Data:
        """All parts as one file; equal parts give equal bytes."""
        if self._packed is None:
            table, at = {}, 0
            for name, part in self._parts.items():
                table[name] = (at, len(part), digest(part))
                at += len(part)
            header = msgspec.msgpack.encode(_Header(sys.byteorder, table))
            self._identity = digest(header)
            self._packed = b"".join([sealed(header), *self._parts.values()])
        return self._packed

    def identity(self) -> bytes:
        """A digest that tells these parts from all others."""
        self.pack()
        return self._identity


def digest(data: Data) -> bytes:
    """The first 16 bytes of SHA-256, which processors have a circuit for."""
    return hashlib.sha256(data).digest()[:DIGEST]


def sealed(payload: bytes) -> bytes:
    """The payload behind its length and digest."""
    return b"".join([MAGIC, len(payload).to_bytes(8, "little"), digest(payload), payload])


def checked(view: memoryview) -> tuple[memoryview, int]:
    """What `sealed` was given, and where it ends; `DamagedError` when it is not that."""
    start = len(MAGIC) + 8 + DIGEST
    size = int.from_bytes(view[len(MAGIC) : len(MAGIC) + 8], "little")
    payload = view[start : start + size]
    right = view[len(MAGIC) + 8 : start]
    if view[: len(MAGIC)] != MAGIC or len(payload) != size or digest(payload) != right:
        raise DamagedError
    return payload, start + size
