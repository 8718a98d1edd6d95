"""A folder of another machine, by the system's ssh and rsync.

Each stage is one rsync of exactly its files. It brings all of them over before it moves the
first one to its place, and moves each in one step. Our own notes, the lock and the deletes,
which name exactly our own files, are short scripts. Foreign files are never looked at.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from pathlib import Path

from tidings.model.publishing import SshTarget
from tidings.publish.lock import Claim, taken_by
from tidings.publish.ssh_connection import Connection
from tidings.publish.ssh_scripts import (
    delete_commands,
    folders_above,
    give_back_script,
    links_script,
    look_script,
    put_commands,
    renew_script,
    survey_script,
    take_over_script,
    take_script,
    tidy_commands,
    work_script,
)
from tidings.publish.target import (
    LOCK,
    MANIFEST,
    PENDING,
    Done,
    How,
    Put,
    Stage,
    TargetError,
    Upload,
    read_put,
)

TOLD = (LOCK, MANIFEST, PENDING)
DIGEST_LENGTH = 32


class Ssh:
    """One folder of one machine."""

    how = How.FILES
    manner = ""

    def __init__(self, config: SshTarget, source: Path) -> None:
        self._top = _top(config.path)
        self._label = f"ssh {config.host}:{config.path}"
        self._connection = Connection(config, source, self._top)
        self._claim: Claim | None = None
        self._notes: dict[str, bytes | None] = {}
        self._shares = False
        self._unsure: Collection[str] = ()

    @property
    def label(self) -> str:
        """Kind and place for messages."""
        return self._label

    def open(self, claim: Claim | None, break_lock: bool) -> None:
        """Reach the machine, take the lock, and read the notes, all in one session."""
        if claim is None:
            self._hear(self._connection.run(look_script(self._top), reaching=True))
            return
        self._hear(self._connection.run(take_script(self._top, claim), reaching=True))
        found = self._notes[LOCK]
        if not _is_of(found, claim):
            self._refuse(taken_by(found, claim, break_lock))
            script = take_over_script(self._top, claim, None if break_lock else found)
            self._hear(self._connection.run(script, reaching=True))
            if not _is_of(self._notes[LOCK], claim):
                self._refuse("somebody who was quicker")
        self._claim = claim

    def read(self, path: str) -> bytes | None:
        """The bytes of one of our notes, as they were when the target was opened."""
        return self._notes[path]

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What is at these paths; digests are known where the machine has GNU's tools."""
        found: dict[str, str] = {}
        links: set[str] = set()
        if self._notes[PENDING] is not None:
            self._unsure = paths
        for raw in self._connection.run(survey_script(self._top, paths)).split(b"\n"):
            line = raw.decode("utf-8", "surrogateescape")
            if line.startswith("@"):
                links.add(line[1:])
                continue
            if line.startswith("="):
                found[line[1:]] = ""
                continue
            digest, _, path = line.partition("  ")
            if digest.startswith("\\"):
                # So b2sum begins a line in which each backslash of the name stands twice.
                digest, path = digest[1:], path.replace("\\\\", "\\")
            known = path in found and len(digest) == DIGEST_LENGTH
            if known and not folders_above([path]) & links:
                found[path] = digest
        return found

    def apply(self, upload: Upload, done: Done) -> None:
        """Do stage after stage."""
        claim = self._held()
        blocked = self._links(upload, claim)
        waiting: list[str] = []
        if self._notes[PENDING] is not None:
            waiting += tidy_commands({*self._unsure, *upload.deletes})
        moved = 0
        for stage in upload.stages:
            files = [put for put in stage.puts if put.data is None]
            if files:
                self._work(claim, waiting)
                done(moved, 0)
                waiting, moved = [], 0
                self._send(upload, files, done)
            for put in stage.puts:
                if put.data is not None:
                    waiting += put_commands(put.path, put.data, claim)
            waiting += _deletes(stage, blocked)
            moved += len(stage.puts) - len(files) + len(stage.deletes)
        self._work(claim, waiting)
        done(moved, sum(put.size for put in upload.puts if put.data is not None))

    def renew(self, claim: Claim) -> None:
        """Say in the lock that its holder is still at work."""
        self._connection.run(renew_script(self._top, claim))

    def rollback(self) -> str:
        """Impossible here: the old files are gone."""
        raise TargetError(
            "publish-failed",
            f"{self._label} keeps no earlier releases",
            "publish the site as it was",
        )

    def close(self) -> None:
        """Give the lock back, and the connection up."""
        claim, self._claim = self._claim, None
        if claim is not None:
            with contextlib.suppress(TargetError, OSError):
                self._connection.run(give_back_script(self._top, claim))
        self._connection.close()

    def _hear(self, answer: bytes) -> None:
        """Keep what the far side told about itself."""
        told = answer.split(b"\0")
        if len(told) != len(TOLD) + 2:
            raise TargetError(
                "target-damaged",
                f"{self._label} gives no sense when it is asked for its notes",
                f"look at the files {', '.join(TOLD)} there",
            )
        for path, each in zip(TOLD, told, strict=False):
            self._notes[path] = each[1:] if each.startswith(b"+") else None
        self._shares = told[len(TOLD)] == b"+"

    def _refuse(self, holder: str) -> None:
        if holder:
            raise TargetError(
                "target-busy",
                f"{holder} is publishing to {self._label}",
                "wait for it to end; if it was cut off, publish with --break-lock",
            )

    def _held(self) -> Claim:
        assert self._claim is not None, "opened without a claim"
        return self._claim

    def _links(self, upload: Upload, claim: Claim) -> frozenset[str]:
        """The folders that are symbolic links. Raises TargetError if a file would go there."""
        puts = [put.path for put in upload.puts if put.data is None]
        folders = folders_above([*puts, *upload.deletes])
        if not folders:
            return frozenset()
        answer = self._connection.run(links_script(self._top, claim, folders))
        links = frozenset(each.decode("utf-8", "replace") for each in answer.split(b"\0")[:-1])
        if wrong := sorted(links & folders_above(puts)):
            raise TargetError(
                "publish-failed",
                f"a symbolic link is where a folder must be: {self._label}/{wrong[0]}",
                "move it away, then publish again",
            )
        return links

    def _work(self, claim: Claim, commands: list[str]) -> None:
        if commands:
            self._connection.run(work_script(self._top, claim, commands))

    def _send(self, upload: Upload, files: list[Put], done: Done) -> None:
        for put in files:
            read_put(upload, put)  # Nobody has changed the built site meanwhile.
        left = [put.size for put in files]

        def arrived() -> None:
            if left:
                done(1, left.pop())

        self._connection.send(upload.site, [put.path for put in files], arrived, self._shares)
        done(len(left), sum(left))


def _top(path: str) -> str:
    """The folder as no shell and no rsync reads anything else into it."""
    plain = path.removeprefix("~/").rstrip("/") or "/"
    return plain if plain.startswith("/") else f"./{plain}"


def _is_of(lock: bytes | None, claim: Claim) -> bool:
    return lock is not None and f'"token":"{claim.token}"'.encode() in lock


def _deletes(stage: Stage, links: frozenset[str]) -> list[str]:
    """Deletes of the stage; nothing behind a symbolic link is ours."""
    paths = [path for path in stage.deletes if not folders_above([path]) & links]
    return delete_commands(paths) if paths else []
