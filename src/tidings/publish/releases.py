"""A folder of releases: each publish makes a whole tree, and one link decides which is shown.

    releases/20250601T120000123Z-1a2b3c4d/   a complete site, with our notes of it
    current -> releases/20250601T…           what the web server shows

A new tree is made of hard links to the present one's files and of the new bytes, beside the
releases; once complete, it gets its name, and then `current` is replaced in one step. Of the
releases that have to go then, one is kept aside: the next tree is made from it, for nearly all
of it is right already. No file of a release is ever changed. What others put into the present
tree comes along.

Each release notes which ones were shown before it. A rollback goes back by that note, so that a
release that was rolled away from is never shown again by a later one.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from tidings.output.paths import temporary_name
from tidings.publish.disk import FolderLock, digests, make_folder, read_note, refusals
from tidings.publish.lock import Claim
from tidings.publish.published import DamagedError
from tidings.publish.target import NOTES, Done, How, TargetError, Upload, read_put
from tidings.publish.trees import same_tree

INCOMING = f"{NOTES}/incoming"
SPARE = f"{NOTES}/spare"
"""A tree that was a release, and can become the next one."""
EARLIER = f"{NOTES}/earlier.json"
"""A release's note of those that were shown before it, the one just before it first."""
RELEASES = "releases"
CURRENT = "current"
ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{8}")


class Releases:
    """A target: the folder at this path, in which so many releases are kept."""

    how = How.WHOLE
    manner = ""

    def __init__(self, path: Path, keep: int) -> None:
        self._path = path
        self._keep = keep
        self._lock = FolderLock(path)

    @property
    def label(self) -> str:
        """Kind and place for messages."""
        return f"folder {self._path}, releases"

    def open(self, claim: Claim | None, break_lock: bool) -> None:
        """See that the folder can be used, and take its lock."""
        link = self._path / CURRENT
        if self._path.exists() and not self._path.is_dir():
            raise TargetError("target-unreachable", f"{self._path} is not a folder")
        if os.path.lexists(link) and not link.is_symlink():
            raise TargetError(
                "target-unreachable",
                f"{link} is not a symbolic link",
                "move it away: with `releases` the site is in a folder that this link leads to",
            )
        if claim is None:
            return
        try:
            self._lock.take(claim, break_lock)
        except OSError as error:
            raise TargetError(
                "target-unreachable",
                f"{self._path} cannot be written to: {error.strerror or error}",
                "look at its rights, and whether it is mounted",
            ) from error

    def read(self, path: str) -> bytes | None:
        """The bytes of one of our notes on the present release."""
        present = self._present()
        return read_note(present, path) if present else None

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What is at these paths in the present release."""
        present = self._present()
        return digests(present, paths) if present else {}

    def apply(self, upload: Upload, done: Done) -> None:
        """Make the new tree, give it its name, switch to it, and prune."""
        with refusals(self._path):
            make_folder(self._path, RELEASES)
            shutil.rmtree(self._path / INCOMING, ignore_errors=True)
            make_folder(self._path, INCOMING)
            tree = self._path / INCOMING / upload.release
            puts = upload.puts
            present = self._present()
            if present is None or not self._take_spare(present, tree):
                tree.mkdir()
            if present is not None:
                ours = {EARLIER, *(put.path for put in puts), *upload.deletes}
                same_tree(present, tree, ours)
            for put in puts:
                make_folder(tree, put.path.rpartition("/")[0])
                with (tree / put.path).open("xb") as stream:
                    stream.write(read_put(upload, put))
                done(1, put.size)
            make_folder(tree, NOTES)
            with (tree / EARLIER).open("xb") as stream:
                stream.write(msgspec.json.encode(self._shown(present)))
            place = self._path / RELEASES / upload.release
            tree.rename(place)
            self._switch(upload.release)
            done(len(upload.deletes), 0)
            self._prune()

    def renew(self, claim: Claim) -> None:
        """Say in the lock that its holder is still at work."""
        with refusals(self._path):
            self._lock.renew(claim)

    def rollback(self) -> str:
        """Switch to the release that was shown before the present one was published."""
        present = self._present()
        earlier = self._shown(present)[1:] if present else []
        if not earlier:
            count = f"{len(self._names())} of {self._keep} releases are there"
            raise TargetError(
                "publish-failed",
                f"{self._path} keeps no release before the present one",
                f"{count}; one that was rolled away from does not count",
            )
        with refusals(self._path):
            self._switch(earlier[0])
        return earlier[0]

    def close(self) -> None:
        """Give the lock back."""
        self._lock.give_back()

    def _present(self) -> Path | None:
        """The release that `current` leads to; None before the first."""
        try:
            name = (self._path / CURRENT).readlink().name
        except OSError:
            return None
        place = self._path / RELEASES / name
        return place if ID.fullmatch(name) and place.is_dir() else None

    def _names(self) -> list[str]:
        """All releases, oldest first."""
        with contextlib.suppress(OSError):
            places = (self._path / RELEASES).iterdir()
            return sorted(place.name for place in places if ID.fullmatch(place.name))
        return []

    def _shown(self, present: Path | None) -> list[str]:
        """The present release and all that were shown before it and are there, latest first.

        Where that is not noted, the names tell, which begin with the time.
        """
        names = self._names()
        if present is None:
            return names[::-1]
        with contextlib.suppress(DamagedError, msgspec.DecodeError, UnicodeDecodeError):
            note = read_note(present, EARLIER)
            if note is not None:
                noted = msgspec.json.decode(note, type=list[str])
                return [present.name, *(name for name in noted if name in names)]
        return [present.name, *(name for name in reversed(names) if name < present.name)]

    def _take_spare(self, present: Path, tree: Path) -> bool:
        """Let the spare tree be the beginning of the new one; whether there is one that may."""
        spare = self._path / SPARE
        if not (_is_folder(spare) and os.lstat(spare).st_dev == os.lstat(present).st_dev):
            return False
        spare.rename(tree)
        return True

    def _switch(self, release: str) -> None:
        """Let `current` lead to the release, in one step."""
        link = self._path / temporary_name()
        link.symlink_to(f"{RELEASES}/{release}", target_is_directory=True)
        try:
            link.replace(self._path / CURRENT)
        except BaseException:
            link.unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Remove all but so many releases: those that a rollback can come to stay first."""
        spare = self._path / SPARE
        shown = self._shown(self._present())
        others = [name for name in reversed(self._names()) if name not in shown]
        for name in sorted([*shown, *others][self._keep :]):
            place = self._path / RELEASES / name
            if _is_folder(place) and not os.path.lexists(spare):
                with contextlib.suppress(OSError):  # What is mounted there stays.
                    place.rename(spare)
            else:
                shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self._path / INCOMING, ignore_errors=True)


def _is_folder(place: Path) -> bool:
    """Whether there is a folder, and no link that leads to one."""
    return place.is_dir() and not place.is_symlink()
