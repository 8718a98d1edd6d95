"""Records as an earlier build read them, so that no file is parsed twice.

Part of the engine, between listing and parsing; pure. An entry is known by its file's path and
by the digest of its bytes. Size and times only spare the reading: a file that has those of its
entry counts as unchanged, unless it was changed so shortly before it was listed that a later
change might show the same time.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping

import msgspec

from tidings.sources.record import Reading
from tidings.sources.scan import Found

CHECK_BYTES = 16
"""Strangers write records: with half as many, one of them could make two that have one digest,
and the second would never be seen."""


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record's file as it was read."""

    size: int
    mtime_ns: int
    """-1 where the times prove nothing."""
    ctime_ns: int
    digest: bytes
    """Of the file's bytes, without what must not be kept; see `sources.digest`."""
    offset: int
    """Where its reading stands among all readings."""
    length: int
    check: bytes
    """Digest of the encoded reading: what else is made of it is known by that."""
    sum: int
    """CRC-32 of the same: tells whether it is damaged, in a quarter of the time."""


class Index(msgspec.Struct, frozen=True):
    """What is known of all readings."""

    version: str
    """Of the code that reads, with its options: readings of another are of no use."""
    entries: dict[str, Entry] = {}
    """By path."""
    size: int = 0
    """Bytes of all readings, of those too that no entry names any more."""


class KeptReadings(msgspec.Struct, frozen=True):
    """The readings of earlier builds."""

    index: Index
    data: bytes | memoryview = b""
    decoded: Mapping[str, Reading] = {}
    """Readings that this process has still, by path; where there are any, `data` is not."""

    def find(self, found: Found) -> Reading | None:
        """The reading of the file, where its times say that it has not changed."""
        entry = self.index.entries.get(found.path)
        if entry is None or not seems_unchanged(entry, found):
            return None
        return self.reading(found.path, entry)

    def reading(self, path: str, entry: Entry) -> Reading | None:
        """The entry's reading; None where the bytes are not those that were written."""
        if path in self.decoded:
            return self.decoded[path]
        data = self.data[entry.offset : entry.offset + entry.length]
        if sum_of(data) != entry.sum:
            return None
        try:
            return DECODER.decode(data)
        except (msgspec.MsgspecError, ValueError):
            return None


DECODER = msgspec.msgpack.Decoder(Reading)
ENCODER = msgspec.msgpack.Encoder()
INDEX_DECODER = msgspec.msgpack.Decoder(Index)


def open_kept(
    version: str, index: bytes | None, data: bytes | memoryview | None
) -> KeptReadings:
    """What earlier builds kept; empty where it is damaged or of another version."""
    if index is None or data is None:
        return KeptReadings(Index(version))
    try:
        found = INDEX_DECODER.decode(index)
    except (msgspec.MsgspecError, ValueError):
        return KeptReadings(Index(version))
    if found.version != version or found.size > len(data):
        return KeptReadings(Index(version))
    # Readings are looked at where they are: together they are as large as the site's files.
    return KeptReadings(found, memoryview(data))


def seems_unchanged(entry: Entry, found: Found) -> bool:
    """Whether size and times say that the file is as it was."""
    return (
        entry.mtime_ns == found.mtime_ns
        and entry.size == found.size
        and entry.ctime_ns == found.ctime_ns
    )


def check_of(data: bytes | memoryview) -> bytes:
    """What `Entry.check` must be for these bytes."""
    return hashlib.blake2b(data, digest_size=CHECK_BYTES).digest()


def sum_of(data: bytes | memoryview) -> int:
    """What `Entry.sum` must be for these bytes."""
    return zlib.crc32(data)


def encode_index(index: Index) -> bytes:
    """The index as `open_kept` takes it."""
    return ENCODER.encode(index)


def is_wasteful(index: Index) -> bool:
    """Whether more than half of the readings' bytes are of use to nobody."""
    used = sum(entry.length for entry in index.entries.values())
    return index.size > 2 * used + 65536


def compacted(kept: KeptReadings) -> tuple[Index, Iterable[bytes]]:
    """The index of the entries alone, and their readings in its order."""
    entries: dict[str, Entry] = {}
    parts: list[bytes | memoryview] = []
    offset = 0
    for path, entry in kept.index.entries.items():
        parts.append(kept.data[entry.offset : entry.offset + entry.length])
        entries[path] = msgspec.structs.replace(entry, offset=offset)
        offset += entry.length
    index = Index(kept.index.version, entries, offset)
    return index, (bytes(part) for part in parts)


NOTHING_KEPT = KeptReadings(Index(""))
"""Where there is nothing from earlier builds, or nothing that is trusted."""
