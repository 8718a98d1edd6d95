"""Whether anything has changed at all since the last build: if not, there is nothing to do.

Part of the engine. A snapshot says which files a build found, with sizes and times, by which
code and config it built, and until when that holds. Sizes and times are hints, so whoever wants
more asks for a clean build, or verifies.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

import tidings
from tidings.engine.inputs import Listed
from tidings.engine.kept import proving_mtime
from tidings.engine.report import BuildRequest, Counts
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic


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


DECODER = msgspec.msgpack.Decoder(Snapshot)


def read_snapshot(data: bytes | None) -> Snapshot | None:
    """The snapshot in these bytes; None where there is none."""
    if data is None:
        return None
    try:
        return DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """The snapshot as `read_snapshot` takes it."""
    return msgspec.msgpack.encode(snapshot)


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
    listed: Listed, config: Config, request: BuildRequest, listed_ns: int
) -> bytes | None:
    """A digest of all that decides the site, but for the clock.

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
    values = (code_digest(), config, request.strict, groups, listed.diagnostics)
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


@functools.cache
def code_digest(*parts: str) -> str:
    """The version together with a digest of the code of the named packages, or of all."""
    digest = hashlib.blake2b(digest_size=8)
    top = Path(tidings.__file__).parent
    folders = [top / part for part in parts] if parts else [top]
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.relative_to(top).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
    return f"{tidings.__version__}+{digest.hexdigest()}"
