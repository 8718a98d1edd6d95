"""What a place that a site is published to must be able to do; one file implements each kind.

The composer (`run.py`) opens a target, reads its notes, decides what is to be done, and hands
that over as an `Upload`: stages in an order that is safe for readers. A target applies them in
that order (`FILES`), or makes all of them visible in one step (`WHOLE`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from tidings.publish.lock import Claim

NOTES = ".tidings"
"""The folder of our own notes at a target. No page can stand there: builds refuse the name."""
MANIFEST = f"{NOTES}/published.json"
PENDING = f"{NOTES}/pending.json"
LOCK = f"{NOTES}/publish-lock.json"


class How(enum.Enum):
    """In what pieces readers see a publish."""

    FILES = "files"
    """File after file. Then the order of stages, and the note `PENDING`, keep it safe."""
    WHOLE = "whole"
    """All at once or not at all."""


class Kind(enum.StrEnum):
    """What a step is about. Steps go in this order, except for deletes in the way of others."""

    NOTE = "note"
    ASSET = "assets and pictures"
    NEW = "new pages"
    CHANGED = "changed pages"
    LIST = "lists and front"
    FEED = "feeds and sitemaps"
    MANIFEST = "manifest"
    DELETE = "deletes"


class Put(msgspec.Struct, frozen=True):
    """One file to be created or replaced."""

    path: str
    """Below the site's root at the target, `/` between parts."""
    digest: str
    """BLAKE2b-128 of its bytes, in hexadecimal digits."""
    size: int
    """Its length in bytes."""
    data: bytes | None = None
    """Its bytes, for our notes. None for a file of the site: `read_put` has those."""


class Stage(msgspec.Struct, frozen=True):
    """Steps that may be done in any order, or at once; the next stage waits for all of them."""

    kind: Kind
    puts: tuple[Put, ...] = ()
    """Sorted by path."""
    deletes: tuple[str, ...] = ()
    """Sorted paths. A file that is not there counts as deleted."""


class Upload(msgspec.Struct, frozen=True):
    """All that one publish does."""

    release: str
    """The publish's own id: `20250601T120000123Z-1a2b3c4d`. Later ones sort last."""
    site: Path
    """The folder that holds the finished site."""
    stages: tuple[Stage, ...]
    """In their order. `WHOLE` targets get no `NOTE` stages."""
    twins: Mapping[str, str] = {}
    """Files of the site by what is to be deleted: paths that differ in the case of letters
    only, and on some disks are one file."""

    @property
    def puts(self) -> list[Put]:
        """All files of all stages, in order."""
        return [put for stage in self.stages for put in stage.puts]

    @property
    def deletes(self) -> list[str]:
        """All paths to be deleted, in order."""
        return [path for stage in self.stages for path in stage.deletes]


Done = Callable[[int, int], None]
"""Called as (files, bytes) with what was done since the last call; a delete is one file. May
be called by one thread only."""


class TargetError(Exception):
    """The outside world refused something; the text is for the user and holds no secret."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class OvertakenError(TargetError):
    """Somebody else changed the target meanwhile: nothing was done; it can be tried again."""


class Target(Protocol):
    """One place to publish to. All methods raise TargetError for what goes wrong outside."""

    @property
    def label(self) -> str:
        """Kind and place for messages, without any secret: `folder /srv/www`."""

    @property
    def how(self) -> How:
        """In what pieces readers see a publish."""

    @property
    def manner(self) -> str:
        """A digest of what decides all that is sent along with a file, besides bytes and path;
        empty where nothing is. Files that were sent in another manner are sent again."""

    def open(self, claim: Claim | None, break_lock: bool) -> None:
        """Reach the target and take its lock in the name of the claim.

        Without a claim nothing at the target may be changed, and no lock is needed. Raises
        TargetError `target-busy` when another publisher holds it (`lock.taken_by` decides),
        `target-unreachable` when there is no reaching it.
        """

    def read(self, path: str) -> bytes | None:
        """The bytes of one of our notes; None where there is none.

        Raises DamagedError (of `published.py`) where that is there but cannot be read.
        """

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What is at these paths: the BLAKE2b-128 digest of each file that is there.

        The digest is empty where it is not known, where the file was sent in another manner,
        and where a symbolic link leads to it; paths with nothing there are left out. Asked
        about what is new, and after a cut-off publish about what that was to change.
        """

    def apply(self, upload: Upload, done: Done) -> None:
        """Do all stages. On an error, or when killed, readers keep a whole site."""

    def renew(self, claim: Claim) -> None:
        """Say in the lock that its holder is still at work."""

    def rollback(self) -> str:
        """Show the release before the present one again; its id.

        Raises TargetError `publish-failed` where there is none, or the target keeps none.
        """

    def close(self) -> None:
        """Give the lock back and let go. Never raises; may be called after a failed `open`."""


def read_put(upload: Upload, put: Put) -> bytes:
    """The bytes of the file, which are those that the comparison was made with.

    Raises TargetError when the built site has changed since.
    """
    from tidings.output.manifest import digest_of

    if put.data is not None:
        return put.data
    try:
        data = (upload.site / put.path).read_bytes()
    except OSError as error:
        raise _stale(put, error.strerror or str(error)) from None
    if digest_of(data) != put.digest:
        raise _stale(put, "its bytes are not those that were built")
    return data


def _stale(put: Put, reason: str) -> TargetError:
    return TargetError(
        "publish-failed",
        f"the built file {put.path} is of no use: {reason}",
        "publish again with --clean",
    )
