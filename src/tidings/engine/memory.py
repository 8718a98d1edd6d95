"""What a build takes from the one before it, and leaves to the next: the files of its state.

Part of the engine: the only part that knows their names. See `output.state`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from tidings.engine.kept import (
    KeptReadings,
    compacted,
    encode_index,
    is_wasteful,
    open_kept,
)
from tidings.engine.reach import KeptBases, read_bases
from tidings.engine.reading import Read
from tidings.engine.unchanged import Snapshot, code_digest, encode_snapshot, read_snapshot
from tidings.output.state import append_state, drop_state, read_state, write_state
from tidings.sources.record import ReadOptions

SNAPSHOT = "snapshot.msgpack"
BASES = "pages.msgpack"
INDEX = "records.index"
READINGS = "records.data"


def load_snapshot(output: Path) -> Snapshot | None:
    """What the last finished build was."""
    return read_snapshot(read_state(output, SNAPSHOT))


def store_snapshot(output: Path, snapshot: Snapshot | None) -> None:
    """Keeps the snapshot; None where the next build must look for itself."""
    if snapshot is None:
        drop_state(output, SNAPSHOT)
    else:
        write_state(output, SNAPSHOT, encode_snapshot(snapshot))


def load_bases(output: Path) -> KeptBases:
    """What the pages of the last finished build were planned from."""
    return read_bases(read_state(output, BASES))


def store_bases(output: Path, bases: KeptBases) -> None:
    """Keeps what pages were planned from."""
    write_state(output, BASES, msgspec.msgpack.encode(bases))


def load_readings(output: Path, options: ReadOptions) -> KeptReadings:
    """The readings of earlier builds, for these options."""
    version = f"{code_digest('sources', 'model')} {msgspec.json.encode(options).decode()}"
    index = read_state(output, INDEX)
    return open_kept(version, index, read_state(output, READINGS) if index else None)


def store_readings(output: Path, kept: KeptReadings, read: Read) -> None:
    """Keeps what was read now, beside what was kept."""
    if read.index == kept.index:
        return
    data = kept.data if kept.index.size else b""
    if is_wasteful(read.index):
        whole = KeptReadings(read.index, b"".join((data[: kept.index.size], *read.added)))
        index, parts = compacted(whole)
        drop_state(output, INDEX)
        write_state(output, READINGS, b"".join(parts))
        write_state(output, INDEX, encode_index(index))
    elif append_state(output, READINGS, kept.index.size, read.added):
        write_state(output, INDEX, encode_index(read.index))
    else:
        drop_state(output, INDEX)
