"""Reads folders: the only step that touches the disk before writing.

Files come back sorted by path. Hidden files, editor backups and links that leave the folder are not
read; the last of these, and what cannot be read, are told.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile

BACKUP_ENDINGS = ("~", ".bak", ".swp", ".swo", ".swx", ".tmp", ".orig", ".rej")


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


def scan_folder(
    root: Path,
    folder: str,
    *,
    wanted: Callable[[str], bool],
    max_bytes: int = 0,
    inside: Path | None = None,
) -> Scan:
    """The wanted files below `root/folder`, in all its folders; an absent folder holds none.

    `wanted` gets a file's name. `max_bytes` refuses larger files (0: none is). Links are followed
    only to what lies within `inside`, by default `root/folder`.
    """
    top = root / folder
    if not top.is_dir():
        return Scan()
    home = Path(os.path.realpath(inside or top))
    files: list[SourceFile] = []
    problems: list[Diagnostic] = []
    seen: set[str] = set()

    def refuse(code: str, path: str, message: str, hint: str) -> None:
        problems.append(Diagnostic(code, Severity.ERROR, message, Place(path), hint))

    for path, relative in _walk(top, folder, home, refuse, seen):
        if not wanted(path.name):
            continue
        name = unicodedata.normalize("NFC", relative)
        try:
            size = path.stat().st_size
            if max_bytes and size > max_bytes:
                refuse(
                    "too-large",
                    name,
                    f"the file has {size:,} bytes; at most {max_bytes:,} are read",
                    "shorten it, or raise content.max_file_bytes in tidings.toml",
                )
                continue
            files.append(SourceFile(name, path.read_bytes()))
        except OSError as error:
            refuse("unreadable", name, f"cannot be read: {error.strerror}", "check its rights")
    # Sorted: the order in which a file system lists its files differs between machines.
    files.sort(key=lambda file: file.path)
    return Scan(tuple(files), tuple(problems))


def read_file(root: Path, name: str) -> SourceFile | None:
    """One file of the root folder, or None when there is none."""
    path = root / name
    return SourceFile(name, path.read_bytes()) if path.is_file() else None


def _walk(
    folder: Path,
    relative: str,
    home: Path,
    refuse: Callable[[str, str, str, str], None],
    seen: set[str],
) -> Iterator[tuple[Path, str]]:
    """All files below the folder with their paths from the site's folder."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        refuse("unreadable", relative, f"cannot be read: {error.strerror}", "check its rights")
        return
    for entry in entries:
        if is_ignored(entry.name):
            continue
        name = f"{relative}/{entry.name}"
        if not _is_text(entry.name):
            refuse("unreadable", _printable(name), "its name is not valid UTF-8", "rename it")
            continue
        if entry.is_symlink():
            target = Path(os.path.realpath(entry.path))
            if not target.is_relative_to(home):
                refuse(
                    "link-leaves-content",
                    name,
                    "the link leads out of the content folder",
                    "replace the link with the file itself",
                )
                continue
            if target.is_dir():
                # A folder is entered once; a link to it from within would list its files twice.
                continue
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real not in seen:
                seen.add(real)
                yield from _walk(Path(entry.path), name, home, refuse, seen)
        elif entry.is_file():
            yield Path(entry.path), name


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
