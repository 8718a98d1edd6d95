"""Whether anything has changed at all since the last build: if not, there is nothing to do.

Part of the engine. A snapshot says which files a build found, with sizes and times, by which
code and config it built, and until when that holds. Sizes and times are hints, so whoever wants
more asks for a clean build, or verifies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tidings.engine.inputs import Listed
from tidings.engine.report import BuildRequest, Counts
from tidings.engine.stamps import proving_mtime
from tidings.engine.version import code_digest, zone_digest
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic
from tidings.model.sealing import seal, unseal
from tidings.output.state import drop_state, read_state, write_state


class Snapshot(msgspec.Struct, frozen=True):
    """A finished build."""

    inputs: bytes
    """What `inputs_digest` gave for it."""
    clock: datetime
    until: datetime | None
    """The instant from which its records would not be the same ones; None for ever."""
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


SNAPSHOT = "snapshot.msgpack"
DECODER = msgspec.msgpack.Decoder(Snapshot)


def read_snapshot(data: bytes | None) -> Snapshot | None:
    """The snapshot in these bytes; None where there is none, or where one of them is wrong."""
    payload = unseal(data) if data is not None else None
    if payload is None:
        return None
    try:
        return DECODER.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return None


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """The snapshot as `read_snapshot` takes it."""
    return seal(msgspec.msgpack.encode(snapshot))


def load_snapshot(output: Path) -> Snapshot | None:
    """What the last finished build into the folder was."""
    return read_snapshot(read_state(output, SNAPSHOT))


def store_snapshot(output: Path, snapshot: Snapshot | None) -> None:
    """Keeps the snapshot; None where the next build must look for itself."""
    if snapshot is None:
        drop_state(output, SNAPSHOT)
    else:
        write_state(output, SNAPSHOT, encode_snapshot(snapshot))


def still_holds(
    snapshot: Snapshot | None, inputs: bytes | None, clock: datetime
) -> Snapshot | None:
    """The snapshot, if a build of these inputs at that instant would make the same site."""
    if snapshot is None or inputs is None or snapshot.inputs != inputs:
        return None
    if clock < snapshot.clock or (snapshot.until is not None and clock >= snapshot.until):
        return None
    return snapshot


def inputs_digest(
    listed: Listed,
    config: Config,
    asides: Sequence[Diagnostic],
    request: BuildRequest,
    listed_ns: int,
) -> bytes | None:
    """A digest of all that decides the site and what is said of it, but for the clock.

    `asides` are what the config has a build say: one without a search that cannot be made is
    the same config as one that wants none.

    None where a file was changed so shortly before `listed_ns`, the nanoseconds since 1970 at
    which listing began, that its times prove nothing.
    """
    groups = [
        [
            (file.path, file.size, proving_mtime(file, listed_ns), file.ctime_ns)
            for file in group
        ]
        for group in listed.groups()
    ]
    if any(mtime < 0 for group in groups for _, _, mtime, _ in group):
        return None
    versions = (code_digest(), zone_digest(config.site.timezone))
    said = (*asides, *listed.diagnostics)
    values = (versions, config, request.strict, groups, said)
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()
