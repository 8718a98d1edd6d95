"""What earlier builds left in the output folder: the record that makes deleting safe.

The manifest is one JSON file. While a build writes, another one beside it says what that build
is about to write, so that the next build knows every file of ours even after a killed one.
They hold no times and no absolute paths: the same site gives the same manifest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping
from itertools import compress, islice
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.output import Manifest, Written
from tidings.model.sealing import Data
from tidings.output.paths import (
    STATE,
    first_wrong_path,
    is_temporary,
    path_problem,
    temporary_name,
)

VERSION = 2


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """Either file as it is on disk."""

    version: int
    files: dict[str, Written] = {}
    """What the last finished build left; or, in the other file, what an unfinished build was
    about to write. After a killed build each file is as in the one or as in the other."""


def manifest_file(output: Path) -> Path:
    """Where the manifest of an output folder is."""
    return output / STATE / "manifest.json"


def pending_file(output: Path) -> Path:
    """Where it is said what a build is about to write."""
    return output / STATE / "pending.json"


def digest_of(data: bytes) -> str:
    """BLAKE2b-128 of the bytes, in hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read_manifest(output: Path) -> Outcome[Manifest]:
    """What is ours in the output folder; None where nothing is known.

    After a killed build, each file that it was about to write is looked at: it counts as the
    new one, the old one, or not as ours. A manifest that cannot be read, or that another
    version wrote, gives None and a warning.
    """
    finished = _read_stored(manifest_file(output))
    begun = _read_stored(pending_file(output))
    problems = finished.diagnostics or begun.diagnostics
    if problems or (finished.value is None and begun.value is None):
        return Outcome(None, problems)
    files = dict(finished.value.files) if finished.value else {}
    for path, written in begun.value.files.items() if begun.value else ():
        data = read_plain_file(output / path)
        if data is not None and digest_of(data) == written.digest:
            files[path] = written
    return Outcome(Manifest(files))


def read_pending(output: Path) -> Mapping[str, Written]:
    """What a build that has not ended was about to write, by path; nothing where all ended."""
    stored = _read_stored(pending_file(output)).value
    return stored.files if stored else {}


def _read_stored(file: Path) -> Outcome[Stored]:
    """The file as it is on disk, without paths that lead out of the output folder."""
    data = read_plain_file(file)
    if data is None:
        if not os.path.lexists(file):
            return Outcome(None)
        return _damaged(file, "it is not a readable file")
    try:
        stored = msgspec.json.decode(data, type=Stored)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _damaged(file, str(error))
    if stored.version != VERSION:
        return _damaged(
            file, f"it has version {stored.version}, and this tidings knows {VERSION}"
        )
    # Whoever can write to the folder can edit the manifest; it must send no deletion astray.
    wrong = first_wrong_path(stored.files.keys())
    if wrong:
        return _damaged(file, f'the path "{wrong}" {path_problem(wrong)}')
    return Outcome(stored)


def store_pending(output: Path, files: Mapping[str, Written]) -> None:
    """Say what is about to be written, before it is."""
    _store(pending_file(output), files)


def store_manifest(output: Path, files: Mapping[str, Written]) -> None:
    """Write the manifest, whole or not at all, unless it says the same already; nothing is
    pending then."""
    _store(manifest_file(output), files)
    pending_file(output).unlink(missing_ok=True)


def _store(file: Path, files: Mapping[str, Written]) -> None:
    stored = Stored(VERSION, _sorted(files))
    data = msgspec.json.format(msgspec.json.encode(stored), indent=1) + b"\n"
    if read_plain_file(file) == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, data)


def look_at_files(
    output: Path, manifest: Manifest, start: int = 0, stop: int | None = None
) -> bytes:
    """A byte for each of the manifest's files, in its order: 1 where the file is there, a plain
    one, of the size that we left, else 0. Only for those from `start` on, before `stop`."""
    top = f"{os.path.realpath(output)}/"
    folders: dict[str, bool] = {"": True}
    files = list(islice(manifest.files.items(), start, stop))
    found = bytearray(len(files))
    for place, (path, written) in enumerate(files):
        folder = path.rpartition("/")[0]
        if not (folders[folder] if folder in folders else _is_ours(top, folder, folders)):
            continue
        try:
            status = os.lstat(top + path)
        except OSError:
            continue
        found[place] = status.st_size == written.size and stat.S_ISREG(status.st_mode)
    return bytes(found)


def intact_files(manifest: Manifest, found: bytes) -> dict[str, Written]:
    """The manifest's files that `look_at_files` found to be as we left them, by path."""
    return dict(compress(manifest.files.items(), found))


def _is_ours(top: str, folder: str, known: dict[str, bool]) -> bool:
    """Whether the folder, and all that it lies in, are folders and no links; notes it."""
    above = folder.rpartition("/")[0]
    ours = known[above] if above in known else _is_ours(top, above, known)
    if ours:
        try:
            ours = stat.S_ISDIR(os.lstat(top + folder).st_mode)
        except OSError:
            ours = False
    known[folder] = ours
    return ours


def read_plain_file(file: Path) -> bytes | None:
    """The bytes of a plain file; None for everything else, symbolic links included."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
        return file.read_bytes()
    except (OSError, ValueError):
        return None


def replace_file(file: Path, *parts: Data) -> None:
    """Put the bytes, one part after the other, into a file whose folder exists; readers see the
    old bytes or the new.

    The new file gets the rights that the process gives to any file. A symbolic link in its
    place is replaced, not followed.
    """
    temporary = file.with_name(temporary_name())
    try:
        with temporary.open("xb") as stream:
            for part in parts:
                stream.write(part)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_torn(folder: Path) -> None:
    """Remove what `replace_file` was writing in the folder when its process was killed."""
    try:
        torn = [file for file in folder.iterdir() if is_temporary(file.name)]
    except OSError:
        return
    for file in torn:
        with contextlib.suppress(OSError):
            file.unlink()


def _sorted(files: Mapping[str, Written]) -> dict[str, Written]:
    """The same entries by path."""
    return {path: files[path] for path in sorted(files)}


def _damaged(file: Path, reason: str) -> Outcome[Stored]:
    """No manifest, and the warning that says why."""
    problem = Diagnostic(
        "manifest-damaged",
        Severity.WARNING,
        f"the list of files that earlier builds wrote is of no use: {reason}",
        Place(str(file)),
        hint="this build writes every page anew, and deletes nothing",
    )
    return Outcome(None, (problem,))
