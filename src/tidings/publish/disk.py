"""What the two kinds of folder targets share: the lock, our notes, and safe ways to files."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tidings.output.manifest import digest_of, read_plain_file, replace_file
from tidings.publish.lock import Claim, encode_claim, taken_by
from tidings.publish.published import DamagedError
from tidings.publish.target import LOCK, NOTES, TargetError

ATTEMPTS = 5
"""How often a lock is tried for that others take and leave at the same moment."""


def refuse_place(folder: Path, source: Path) -> None:
    """Raises TargetError for a folder that would show more than what is published to it.

    That is the site's own folder, with its records; one that holds it; one within what the
    site is made of; and the output folder of a build, which keeps what it has read.
    """
    place, home = Path(os.path.realpath(folder)), Path(os.path.realpath(source))
    names = ("content", "templates", "static", NOTES)
    made_of = [Path(os.path.realpath(home / name)) for name in names]
    holds = any(_is_in(each, place) for each in (home, *made_of))
    if holds or any(_is_in(place, each) for each in made_of):
        raise TargetError(
            "target-unreachable",
            f"{folder} holds what the site is made of, and who reads the site would read that",
            "publish to a folder of its own",
        )
    if any((folder / NOTES / name).exists() for name in ("manifest.json", "cache")):
        raise TargetError(
            "target-unreachable",
            f"{folder} is what tidings build writes to; its {NOTES} keeps records that are held"
            " back, too",
            "publish to another folder, or remove this one first: both make it anew",
        )


def _is_in(place: Path, folder: Path) -> bool:
    return place == folder or folder in place.parents


class FolderLock:
    """The lock file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / LOCK
        self._claim: Claim | None = None

    def take(self, claim: Claim, break_lock: bool) -> None:
        """Hold the lock. Raises TargetError `target-busy` when somebody else does."""
        make_folder(self._folder, NOTES)
        data = encode_claim(claim)
        for _ in range(ATTEMPTS):
            with contextlib.suppress(FileExistsError):
                # A link appears with its bytes, all at once, and fails when one is there.
                waiting = self._file.with_name(f"publish-lock-{claim.token}")
                waiting.write_bytes(data)
                try:
                    os.link(waiting, self._file)
                except FileExistsError:
                    raise
                except OSError:  # A file system without links.
                    with self._file.open("xb") as stream:
                        stream.write(data)
                finally:
                    waiting.unlink()
                self._claim = claim
                return
            found = self._found()
            holder = taken_by(found, claim, break_lock)
            if holder:
                raise TargetError(
                    "target-busy",
                    f"{holder} is publishing to {self._folder}",
                    "wait for it to end; if it was cut off, publish with --break-lock",
                )
            if found is not None:
                self._put_aside(claim, None if break_lock else found)
        raise TargetError(
            "target-busy", f"others keep taking the lock of {self._folder}", "try again"
        )

    def _found(self) -> bytes | None:
        """The lock's bytes, none of them where it cannot be read; None without a lock."""
        data = read_plain_file(self._file)
        return b"" if data is None and os.path.lexists(self._file) else data

    def _put_aside(self, claim: Claim, seen: bytes | None) -> None:
        """Remove the lock, if it still is what was seen; None for any."""
        gone = self._file.with_name(f"publish-lock-gone-{claim.token}")
        try:
            self._file.rename(gone)
        except FileNotFoundError:
            return
        try:
            if seen is not None and read_plain_file(gone) != seen:
                # Somebody else's, taken meanwhile, goes back to its place.
                try:
                    os.link(gone, self._file)
                except FileExistsError:
                    return
                except OSError:  # A file system without links.
                    gone.rename(self._file)
        finally:
            gone.unlink(missing_ok=True)

    def renew(self, claim: Claim) -> None:
        """Write the claim's present form. Raises TargetError when the lock was taken over."""
        if self._claim is None:
            return
        found = read_plain_file(self._file)
        if found is None or taken_by(found, self._claim, break_lock=False):
            self._claim = None
            raise TargetError(
                "target-busy", f"another publish has taken over {self._folder}", "try again"
            )
        replace_file(self._file, encode_claim(claim))

    def give_back(self) -> None:
        """Leave the lock, if it is still ours. Never raises."""
        claim, self._claim = self._claim, None
        if claim is None:
            return
        with contextlib.suppress(OSError):
            if not taken_by(read_plain_file(self._file), claim, break_lock=False):
                self._file.unlink()


def read_note(folder: Path, path: str) -> bytes | None:
    """The bytes of one of our notes below the folder; None where there is none.

    Raises DamagedError for what is there and cannot be read: who took that for nothing would
    forget every file of ours.
    """
    data = read_plain_file(folder / path)
    if data is None and os.path.lexists(folder / path):
        raise DamagedError("it is not a readable file")
    return data


@contextlib.contextmanager
def refusals(folder: Path) -> Iterator[None]:
    """Turns what the system refuses meanwhile into a TargetError."""
    try:
        yield
    except OSError as error:
        place = os.fsdecode(error.filename) if error.filename else str(folder)
        raise TargetError(
            "publish-failed",
            f"{place}: {error.strerror or error}",
            "make room or mend the rights, then run the same command again: it goes on",
        ) from error


def digests(folder: Path, paths: Collection[str]) -> Mapping[str, str]:
    """The digests of the files that are there; empty for what is no plain file, or is behind a
    symbolic link."""
    found: dict[str, str] = {}
    for path in paths:
        file = folder / path
        try:
            mode = os.lstat(file).st_mode
        except OSError:
            continue
        plain = stat.S_ISREG(mode) and not is_behind_link(folder, path)
        data = read_plain_file(file) if plain else None
        found[path] = "" if data is None else digest_of(data)
    return found


def make_folder(top: Path, path: str) -> None:
    """Make a folder below the top, and those that it lies in.

    Raises TargetError where a symbolic link stands in the way: following it could lead
    anywhere. The top itself may be one.
    """
    at = top
    at.mkdir(parents=True, exist_ok=True)
    for part in path.split("/") if path else ():
        at = at / part
        try:
            at.mkdir()
        except FileExistsError:
            mode = os.lstat(at).st_mode
            if not stat.S_ISDIR(mode):
                what = "symbolic link" if stat.S_ISLNK(mode) else "file"
                raise TargetError(
                    "publish-failed",
                    f"a {what} is where a folder must be: {at}",
                    "move it away, then publish again",
                ) from None


def is_behind_link(top: Path, path: str) -> bool:
    """Whether a folder below the top that the path lies in is a symbolic link."""
    folders = path.split("/")[:-1]
    return any(
        (top / "/".join(folders[:end])).is_symlink() for end in range(1, len(folders) + 1)
    )


def remove_file(top: Path, path: str) -> None:
    """Delete a file, if it is there and no link leads to it, and folders that this empties."""
    if is_behind_link(top, path):
        return
    file = top / path
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (IsADirectoryError, PermissionError):
        if file.is_dir():
            return  # Somebody put a folder there: not ours.
        raise
    folder = path.rpartition("/")[0]
    while folder:
        try:
            (top / folder).rmdir()
        except OSError:
            return
        folder = folder.rpartition("/")[0]
