"""Trees of hard links: a release's files as another release has them. Part of `releases`.

Large sites have tens of thousands of files, and every call of the system counts: which file an
entry of a folder stands for (its inode) comes with the folder's list, without asking.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path


def same_tree(old: Path, new: Path, without: Collection[str]) -> None:
    """Make the folder `new` hold the same files as `old`, but for the paths `without`.

    Files are shared by hard links, or copied where the file system has none. What `new` has
    that `old` has not is removed. Links are taken as they are and never followed.
    """
    _Trees(f"{old}/", f"{new}/", frozenset(without)).match("")


class _Trees:
    """The two trees, and whether the file system lets them share files."""

    def __init__(self, old: str, new: str, without: frozenset[str]) -> None:
        self._old = old
        self._new = new
        self._without = without
        self._linking = True
        self._telling: bool | None = None
        """Whether the file system tells true inodes in the lists of its folders."""

    def match(self, folder: str) -> bool:
        """Matches one folder, "" or ending with a slash, and all below it; whether the new tree
        has anything there."""
        there = {entry.name: entry for entry in _entries(self._new + folder)}
        made, held = os.path.isdir(self._new + folder), False  # noqa: PTH112
        for entry in _entries(self._old + folder):
            path = folder + entry.name
            found = there.pop(entry.name, None)
            if entry.is_dir(follow_symlinks=False):
                if found is not None and not found.is_dir(follow_symlinks=False):
                    self._remove(found)
                held |= self.match(f"{path}/")
                continue
            if found is not None:
                wanted = path not in self._without and self._is_same(found, entry)
                held |= wanted
                if wanted:
                    continue
                self._remove(found)
            if path in self._without:
                continue
            if not made:
                os.makedirs(self._new + folder, exist_ok=True)  # noqa: PTH103
                made = True
            self._share(entry.path, self._new + path)
            held = True
        for found in there.values():
            self._remove(found)
        if made and folder and not held:
            os.rmdir(self._new + folder)  # noqa: PTH106
        return held

    def _is_same(self, one: os.DirEntry[str], other: os.DirEntry[str]) -> bool:
        """Whether both entries are of one file."""
        if self._telling is None:
            # Some mounts give all entries one number.
            self._telling = all(
                each.inode() == os.lstat(each.path).st_ino for each in (one, other)
            )
        if self._telling and one.inode() != other.inode():
            return False
        if not self._telling and not os.path.samestat(os.lstat(one.path), os.lstat(other.path)):
            return False
        return not one.is_dir(follow_symlinks=False)

    def _share(self, old: str, new: str) -> None:
        if self._linking:
            try:
                os.link(old, new, follow_symlinks=False)
                return
            except OSError:
                self._linking = False
        shutil.copy2(old, new, follow_symlinks=False)

    def _remove(self, entry: os.DirEntry[str]) -> None:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)  # noqa: PTH108


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """What a folder holds; nothing where there is no folder."""
    try:
        with os.scandir(folder) as listing:
            yield from listing
    except FileNotFoundError:
        return
