"""Files that builds keep for the next one, in the output folder's own `.tidings/`.

They hold every record that was read, also what is not shown, so their folder is their owner's
only: a web server that runs as somebody else cannot show it.

Nothing in them is needed: who finds them gone, cut off or altered builds from nothing. They are
replaced whole, or written behind what is there; whoever reads them checks what he reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tidings.model.sealing import Data
from tidings.output.manifest import read_plain_file, replace_file
from tidings.output.paths import STATE

FOLDER = "cache"
SHARED = 0o077
"""Rights of others than the owner."""


def state_file(output: Path, name: str) -> Path:
    """Where the file of that name is."""
    return output / STATE / FOLDER / name


def read_state(output: Path, name: str) -> bytes | None:
    """The bytes of the file; None where there is no plain file."""
    return read_plain_file(state_file(output, name))


def read_start(output: Path, name: str, size: int) -> bytes:
    """The first bytes of the file, at most `size`; none where there is no plain file."""
    file = state_file(output, name)
    try:
        if file.is_symlink():
            return b""
        with file.open("rb") as stream:
            return stream.read(size)
    except OSError:
        return b""


def write_state(output: Path, name: str, *parts: Data) -> None:
    """Replaces the file by these parts, one after the other.

    Where that cannot be done, the next build takes longer, no more.
    """
    file = state_file(output, name)
    try:
        _make_folder(file.parent)
        replace_file(file, *parts)
    except OSError:
        drop_state(output, name)


def append_state(output: Path, name: str, size: int, parts: Iterable[bytes]) -> bool:
    """Writes the parts behind the first `size` bytes of the file; whether that could be done.

    What stands behind them, of a build that was killed, is cut off first.
    """
    file = state_file(output, name)
    try:
        if file.is_symlink():
            return False
        _make_folder(file.parent)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "r+b") as stream:
            if os.fstat(stream.fileno()).st_size < size:
                return False
            stream.truncate(size)
            stream.seek(size)
            for part in parts:
                stream.write(part)
    except OSError:
        return False
    return True


def drop_state(output: Path, name: str) -> None:
    """Removes the file, if it is there."""
    try:
        state_file(output, name).unlink(missing_ok=True)
    except OSError:
        return


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & SHARED and not folder.is_symlink():
        folder.chmod(0o700)
