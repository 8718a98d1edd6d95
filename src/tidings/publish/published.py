"""What is ours at a target: the notes that make comparing quick and deleting safe. Pure.

Two files at the target. The manifest names every file that the last finished publish left. The
pending note names what the publish now going on is about to write and delete; it is put there
before anything else and taken away at the end, so that whoever comes after a killed publish
knows every file of ours. Neither holds more than paths, digests, sizes and release ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from tidings.output.paths import path_problem

VERSION = 1


class Sent(msgspec.Struct, frozen=True, array_like=True):
    """One file as it was published."""

    digest: str
    """BLAKE2b-128 of its bytes, in hexadecimal digits."""
    size: int
    """Its length in bytes."""


class Retired(msgspec.Struct, frozen=True, array_like=True):
    """An asset that no page names any more, kept for pages in caches."""

    digest: str
    size: int
    since: int
    """When it was retired: seconds since 1970 by the publish's clock."""


class Published(msgspec.Struct, frozen=True, omit_defaults=True):
    """The manifest."""

    version: int = VERSION
    release: str = ""
    """The id of the publish that wrote it."""
    files: dict[str, Sent] = {}
    """Every file of the site, by path below its root."""
    retired: dict[str, Retired] = {}
    manner: str = ""
    """What was sent along with each file, as `Target.manner` tells it."""


class Pending(msgspec.Struct, frozen=True, omit_defaults=True):
    """The note of a publish that is going on, or was cut off."""

    version: int = VERSION
    writes: dict[str, Sent] = {}
    """Files that are there in these bytes, in those of the manifest, or not at all."""
    deletes: tuple[str, ...] = ()
    """Files that may be there or not."""
    hidden: tuple[str, ...] = ()
    """Those of both that no page names which readers come to; what they name themselves may be
    missing."""


class DamagedError(ValueError):
    """Notes that are of no use; the text says why."""


Notes = TypeVar("Notes", Published, Pending)


def read_published(data: bytes | None) -> Published | None:
    """The manifest; None where there is none. Raises DamagedError."""
    return None if data is None else _read(data, Published)


def read_pending(data: bytes | None) -> Pending | None:
    """The pending note; None where there is none. Raises DamagedError."""
    return None if data is None else _read(data, Pending)


def encode_notes(notes: Published | Pending) -> bytes:
    """The file's bytes: the same notes give the same bytes, a line for each path."""
    if isinstance(notes, Published):
        notes = msgspec.structs.replace(
            notes, files=_sorted(notes.files), retired=_sorted(notes.retired)
        )
    else:
        notes = msgspec.structs.replace(
            notes,
            writes=_sorted(notes.writes),
            deletes=tuple(sorted(notes.deletes)),
            hidden=tuple(sorted(notes.hidden)),
        )
    return msgspec.json.encode(notes).replace(b'],"', b'],\n"') + b"\n"


def _read(data: bytes, kind: type[Notes]) -> Notes:
    try:
        notes: Notes = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(str(error)) from None
    version = notes.version
    if version != VERSION:
        raise DamagedError(f"it has version {version}, and this tidings knows {VERSION}")
    # Whoever can write to the target can edit the notes; they must send no deletion astray.
    for path in _paths(notes):
        if problem := path_problem(path):
            raise DamagedError(f'the path "{path}" {problem}')
    return notes


def _paths(notes: Published | Pending) -> tuple[str, ...]:
    if isinstance(notes, Published):
        return (*notes.files, *notes.retired)
    return (*notes.writes, *notes.deletes, *notes.hidden)


Value = TypeVar("Value")


def _sorted(files: Mapping[str, Value]) -> dict[str, Value]:
    return {path: files[path] for path in sorted(files)}
