"""Reads folders: the only step that touches the disk before writing.

Files come back sorted by path. Hidden files, editor backups and links that leave the folder are
not read; the last of these, and what cannot be read, are told.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile

BACKUP_ENDINGS = ("~", ".bak", ".swp", ".swo", ".swx", ".tmp", ".orig", ".rej")


class Found(msgspec.Struct, frozen=True):
    """A file that is there, not yet read."""

    path: str
    """Path from the site's folder, as in `SourceFile`."""
    place: str
    """Where it is on the disk."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When its bytes were last changed, in nanoseconds since 1970, as whoever wrote it says."""
    ctime_ns: int
    """When anything of it was last changed, as the system says; on Windows, when it was
    made."""


class Listing(msgspec.Struct, frozen=True):
    """What a folder holds."""

    files: tuple[Found, ...] = ()
    """Sorted by path."""
    diagnostics: tuple[Diagnostic, ...] = ()


class Scan(msgspec.Struct, frozen=True):
    """What a folder held."""

    files: tuple[SourceFile, ...] = ()
    """Sorted by path."""
    diagnostics: tuple[Diagnostic, ...] = ()


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is hidden or an editor's backup."""
    return (
        name.startswith((".", "#"))
        or name.endswith(BACKUP_ENDINGS)
        or (name.startswith("___jb_") or name == "4913")
    )


class _Visit(msgspec.Struct):
    """One scan on its way through the folders."""

    top: Path
    """The folder asked for, without links."""
    home: Path
    """The folder that links must not leave, without links."""
    wanted: Callable[[str], bool]
    problems: list[Diagnostic]
    entered: set[Path]
    """Folders that links led to; a second link to one would list its files twice."""

    def refuse(self, code: str, path: str, message: str, hint: str) -> None:
        """Notes what is not read."""
        self.problems.append(Diagnostic(code, Severity.ERROR, message, Place(path), hint))

    def refuse_unreadable(self, path: str, error: OSError) -> None:
        """Notes what the system does not let us read."""
        self.problems.append(_unreadable(path, error))

    def refuse_name(self, path: str) -> None:
        """Notes a file or folder whose name is no text."""
        message = "its name is not valid UTF-8, or holds control characters"
        self.refuse("unreadable", _printable(path), message, "rename it")

    def refuse_link(self, path: str) -> None:
        """Notes a link that leaves the folder that holds what is scanned."""
        self.refuse(
            "link-leaves-content",
            path,
            f"the link leads out of the folder {self.home.name}/",
            "replace the link with what it leads to",
        )


def list_folder(
    root: Path,
    folder: str,
    *,
    wanted: Callable[[str], bool],
    max_bytes: int = 0,
    inside: Path | None = None,
) -> Listing:
    """The wanted files below `root/folder`, in all its folders; an absent folder holds none.

    `wanted` gets a file's name. `max_bytes` refuses larger files (0: none is). Links are
    followed only to what lies within `inside`, by default `root/folder`.
    """
    top = Path(os.path.realpath(root / folder))
    if not top.is_dir():
        return Listing((), _no_folder(root, folder))
    home = Path(os.path.realpath(inside)) if inside else top
    visit = _Visit(top, home, wanted, [], set())
    if not top.is_relative_to(home):
        visit.refuse_link(folder)
        return Listing((), tuple(visit.problems))
    files: list[Found] = []
    entries: Entries = []
    _walk(root / folder, folder, visit, entries)
    for entry, relative in entries:
        name = relative if relative.isascii() else unicodedata.normalize("NFC", relative)
        try:
            status = entry.stat()
        except OSError as error:
            visit.refuse_unreadable(name, error)
            continue
        if max_bytes and status.st_size > max_bytes:
            visit.refuse(
                "too-large",
                name,
                f"the file has {status.st_size:,} bytes; at most {max_bytes:,} are read",
                "shorten it, or raise content.max_file_bytes in tidings.toml",
            )
            continue
        files.append(
            Found(name, entry.path, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        )
    # Sorted: the order in which a file system lists its files differs between machines.
    files.sort(key=_path)
    return Listing(tuple(files), tuple(visit.problems))


def scan_folder(
    root: Path,
    folder: str,
    *,
    wanted: Callable[[str], bool],
    max_bytes: int = 0,
    inside: Path | None = None,
) -> Scan:
    """The files that `list_folder` finds, with their bytes."""
    listing = list_folder(root, folder, wanted=wanted, max_bytes=max_bytes, inside=inside)
    problems = list(listing.diagnostics)
    files: list[SourceFile] = []
    for found in listing.files:
        file = read_found(found)
        if isinstance(file, SourceFile):
            files.append(file)
        else:
            problems.append(file)
    return Scan(tuple(files), tuple(problems))


def read_found(found: Found) -> SourceFile | Diagnostic:
    """The file with its bytes, or why it cannot be read."""
    try:
        return SourceFile(found.path, Path(found.place).read_bytes())
    except OSError as error:
        return _unreadable(found.path, error)


def _path(found: Found) -> str:
    return found.path


def read_file(root: Path, name: str) -> SourceFile | Diagnostic | None:
    """One file of the root folder, or why it cannot be read; None when there is none."""
    path = root / name
    try:
        return SourceFile(name, path.read_bytes())
    except FileNotFoundError:
        return _dangling(name) if path.is_symlink() else None
    except OSError as error:
        return _unreadable(name, error)


def refuse_folder(root: Path, folder: str) -> Diagnostic | None:
    """Why the folder cannot be listed; None when it can, or when there is none."""
    try:
        with os.scandir(root / folder):
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _unreadable(folder, error)


def _unreadable(path: str, error: OSError) -> Diagnostic:
    reason = error.strerror or str(error)
    is_folder = isinstance(error, IsADirectoryError)
    return Diagnostic(
        "unreadable",
        Severity.ERROR,
        f"cannot be read: {reason}",
        Place(path),
        "put a file in its place" if is_folder else "check its rights",
    )


def _no_folder(root: Path, folder: str) -> tuple[Diagnostic, ...]:
    """What is told where something else stands in the folder's place."""
    if not os.path.lexists(root / folder):
        return ()
    hint = "put a folder in its place, or remove it"
    return (Diagnostic("unreadable", Severity.ERROR, "this is no folder", Place(folder), hint),)


def _dangling(path: str) -> Diagnostic:
    return Diagnostic(
        "unreadable",
        Severity.ERROR,
        "the link leads nowhere",
        Place(path),
        "remove it, or put the file there",
    )


Entries = list[tuple[os.DirEntry[str], str]]
"""Files that were found, with their paths from the site's folder."""


def _walk(folder: str | Path, relative: str, visit: _Visit, found: Entries) -> None:
    """Adds the wanted files below the folder."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_name)
    except OSError as error:
        visit.refuse_unreadable(relative, error)
        return
    wanted = visit.wanted
    for entry in entries:
        if is_ignored(entry.name):
            continue
        name = f"{relative}/{entry.name}"
        try:
            # Nearly all entries are plain files, of which nothing more need be asked.
            if entry.is_file(follow_symlinks=False) and entry.name.isascii():
                if wanted(entry.name):
                    _add(entry, name, visit, found)
            else:
                _enter(entry, name, visit, found)
        except OSError as error:  # A link to itself, for one.
            visit.refuse_unreadable(_printable(name), error)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _add(entry: os.DirEntry[str], name: str, visit: _Visit, found: Entries) -> None:
    """Adds a plain file, if its name can be shown."""
    if _is_text(entry.name):
        found.append((entry, name))
    else:
        visit.refuse_name(name)


def _enter(entry: os.DirEntry[str], name: str, visit: _Visit, found: Entries) -> None:
    """Adds the wanted files that the folder's entry stands for."""
    is_folder = entry.is_dir()
    if not is_folder and not visit.wanted(entry.name):
        return
    if not _is_text(entry.name):
        visit.refuse_name(name)
    elif entry.is_symlink() and not _may_follow(entry, name, is_folder, visit):
        return
    elif is_folder:
        _walk(entry.path, name, visit, found)
    elif entry.is_file():
        found.append((entry, name))
    elif entry.is_symlink():
        visit.problems.append(_dangling(name))


def _may_follow(entry: os.DirEntry[str], name: str, is_folder: bool, visit: _Visit) -> bool:
    """Whether the link leads to something that is read here, and not in another place too."""
    target = Path(os.path.realpath(entry.path))
    if not target.is_relative_to(visit.home):
        visit.refuse_link(name)
        return False
    if not is_folder:
        return True
    # What lies below the top is listed at its own place; what holds the top would never end.
    if target.is_relative_to(visit.top) or visit.top.is_relative_to(target):
        return False
    if target in visit.entered:
        return False
    visit.entered.add(target)
    return True


def _is_text(name: str) -> bool:
    if name.isascii():
        return name.isprintable()
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in name)


def _printable(name: str) -> str:
    """The name as it may be shown: `?` for what is no character."""
    return "".join(
        char if unicodedata.category(char) not in ("Cc", "Cs") else "?" for char in name
    )
