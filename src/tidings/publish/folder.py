"""A folder whose files are replaced one by one, each old or new and never half.

All new bytes are brought into the folder's own `.tidings/incoming/` first: a disk that is full
shows itself before anything has changed. Then each file is moved to its place in the order of
the stages, and what no longer belongs is deleted.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from tidings.output.manifest import replace_file
from tidings.publish.disk import (
    FolderLock,
    digests,
    make_folder,
    read_note,
    refusals,
    remove_file,
)
from tidings.publish.lock import Claim
from tidings.publish.target import (
    NOTES,
    Done,
    How,
    Kind,
    Put,
    TargetError,
    Upload,
    read_put,
)

INCOMING = f"{NOTES}/incoming"


class Folder:
    """A target: the folder at this path."""

    how = How.FILES
    manner = ""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FolderLock(path)

    @property
    def label(self) -> str:
        """Kind and place for messages."""
        return f"folder {self._path}"

    def open(self, claim: Claim | None, break_lock: bool) -> None:
        """See that the folder can be used, and take its lock."""
        if self._path.exists() and not self._path.is_dir():
            raise TargetError("target-unreachable", f"{self._path} is not a folder")
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
        """The bytes of one of our notes."""
        return read_note(self._path, path)

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What is at these paths."""
        return digests(self._path, paths)

    def apply(self, upload: Upload, done: Done) -> None:
        """Bring all files over, then move them to their places."""
        incoming = self._path / INCOMING
        with refusals(self._path):
            shutil.rmtree(incoming, ignore_errors=True)
            make_folder(self._path, INCOMING)
            waiting: dict[Put, Path] = {}
            for stage in upload.stages:
                for put in stage.puts:
                    if stage.kind is Kind.NOTE:
                        continue
                    file = waiting[put] = incoming / str(len(waiting))
                    file.write_bytes(read_put(upload, put))
                    done(0, put.size)
            for stage in upload.stages:
                for put in stage.puts:
                    self._place(put, waiting.get(put))
                    done(1, 0 if put in waiting else put.size)
                for path in stage.deletes:
                    if not self._is_twin(path, upload.twins.get(path)):
                        remove_file(self._path, path)
                    done(1, 0)
            shutil.rmtree(incoming, ignore_errors=True)

    def renew(self, claim: Claim) -> None:
        """Say in the lock that its holder is still at work."""
        with refusals(self._path):
            self._lock.renew(claim)

    def rollback(self) -> str:
        """Impossible here: the old files are gone."""
        raise TargetError(
            "publish-failed",
            f"{self.label} keeps no earlier releases",
            "set releases = 5 for the target, or publish the site as it was",
        )

    def close(self) -> None:
        """Give the lock back."""
        self._lock.give_back()

    def _is_twin(self, path: str, other: str | None) -> bool:
        """Whether both paths name one file here, where the disk ignores the case of letters."""
        try:
            return other is not None and (self._path / path).samefile(self._path / other)
        except OSError:
            return False

    def _place(self, put: Put, waiting: Path | None) -> None:
        """Move a file to its place; readers see the old bytes or the new."""
        make_folder(self._path, put.path.rpartition("/")[0])
        file = self._path / put.path
        if waiting is None:
            assert put.data is not None
            replace_file(file, put.data)
            return
        try:
            os.replace(waiting, file)  # noqa: PTH105 - thousands are moved.
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # Something else is mounted below the folder; beside its place it is one step again.
            replace_file(file, waiting.read_bytes())
            with contextlib.suppress(OSError):
                waiting.unlink()
