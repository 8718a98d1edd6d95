"""A branch of a git repository: each publish is one commit, pushed in one step.

All work is done in a bare repository of our own, which is kept to save fetching: the user's
checkout, index and branches are never touched. Other files of the branch stay as they are. Git
takes a push only while the branch is where we left it, so it needs no lock of ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tidings.model.publishing import GitTarget
from tidings.output.paths import folders_of
from tidings.publish.gitting import Gitting, find_remote
from tidings.publish.lock import Claim
from tidings.publish.redact import redact
from tidings.publish.target import (
    MANIFEST,
    Done,
    How,
    OvertakenError,
    TargetError,
    Upload,
    read_put,
)

NOJEKYLL = ".nojekyll"
FETCHED = "refs/tidings/fetched"
MADE = "refs/tidings/made"
BEATEN = ("[rejected]", "stale info", "fetch first", "non-fast-forward", "cannot lock ref")
"""What git says, in its C locale, when somebody else has pushed first."""


class Git:
    """A target: the branch that these settings name."""

    how = How.WHOLE
    manner = ""

    def __init__(self, config: GitTarget, source: Path, work: Path) -> None:
        self._config = config
        self._source = source
        self._folder = config.folder.strip("/") + "/" if config.folder.strip("/") else ""
        self._git = Gitting(work, source)
        self._remote = ""
        self._head = ""
        """The commit that the branch is at; empty where there is no branch."""

    @property
    def label(self) -> str:
        """Kind and place for messages."""
        return f"git {redact(self._config.remote)}, branch {self._config.branch}"

    def open(self, claim: Claim | None, break_lock: bool) -> None:  # noqa: ARG002 - no lock.
        """Fetch the branch's newest commit."""
        if shutil.which("git") is None:
            raise TargetError("target-unreachable", "git is not installed", "install git")
        self._remote = find_remote(self._config.remote, self._source)
        self._git.make()
        branch = f"refs/heads/{self._config.branch}"
        if not self._git.good("check-ref-format", branch):
            raise TargetError(
                "target-unreachable", f"{self._config.branch!r} is no name of a branch"
            )
        self._head = self._git.remote_head(self._remote, branch)
        # What we pushed ourselves is here already. Only our refs tell: a fetch that was killed
        # may have left the commit and some of its trees behind, but not the rest.
        held = self._git.held(FETCHED, MADE)
        if self._head in held and not self._git.holds(self._head, self._folder + MANIFEST):
            # A manifest that got lost here would be taken for none.
            self._git.make_anew()
            held = frozenset()
        if self._head and self._head not in held:
            self._git.fetch(self._remote, branch, FETCHED)
            self._head = self._git.say("rev-parse", "--verify", FETCHED).strip()

    def read(self, path: str) -> bytes | None:
        """The bytes of one of our notes in the branch."""
        return self._git.blob(self._head, self._folder + path) if self._head else None

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What the branch holds at these paths."""
        from tidings.output.manifest import digest_of

        if not self._head:
            return {}
        there = self._git.files(self._head, self._folder)
        found = {}
        for path in paths:
            if path in there:
                data = self._git.blob(self._head, self._folder + path)
                found[path] = "" if data is None else digest_of(data)
        return found

    def apply(self, upload: Upload, done: Done) -> None:
        """Make one commit of all changes and push it."""
        there = self._git.files(self._head, "") if self._head else frozenset[str]()
        self._refuse_blocked(upload, there)
        self._git.import_commit(self._stream(upload, there, done))
        made = self._git.say("rev-parse", "--verify", MADE).strip()
        branch = f"refs/heads/{self._config.branch}"
        # The lease makes git refuse unless the branch is where we fetched it, or still missing.
        pushed = self._git.run(
            "push",
            "--porcelain",
            f"--force-with-lease={branch}:{self._head}",
            "--",
            self._remote,
            f"{made}:{branch}",
        )
        if pushed.returncode:
            said = redact((pushed.stderr + pushed.stdout).decode("utf-8", "replace")).strip()
            kind = OvertakenError if any(mark in said for mark in BEATEN) else TargetError
            raise kind(
                "publish-failed",
                f"git would not push to {redact(self._remote)}: {_short(said)}",
                "look at what git says: the branch is as it was",
            )

    def renew(self, claim: Claim) -> None:
        """Nothing to be done: there is no lock."""

    def rollback(self) -> str:
        """Impossible: git itself does that better."""
        raise TargetError(
            "publish-failed",
            f"tidings keeps no releases of its own in {self.label}",
            "use git revert on the branch, or publish the site as it was",
        )

    def close(self) -> None:
        """Nothing is held."""

    def _refuse_blocked(self, upload: Upload, there: Collection[str]) -> None:
        """Raises TargetError where files of others would have to go: git would let them."""
        left = set(there).difference(self._folder + path for path in upload.deletes)
        folders = {above for path in left for above in folders_of(path)}
        for path in sorted(self._folder + put.path for put in upload.puts):
            files = [above for above in folders_of(path) if above in left]
            if files or path in folders:
                what = "file is where a folder" if files else "folder is where a file"
                raise TargetError(
                    "publish-failed",
                    f"a {what} must be: {files[0] if files else path} in {self.label}",
                    "move it away, then publish again",
                )

    def _stream(self, upload: Upload, there: Collection[str], done: Done) -> Iterator[bytes]:
        """The commit in the language of `git fast-import`."""
        identity = self._git.identity()
        message = self._config.message.replace("{release}", upload.release).encode()
        yield b"feature done\n"
        yield b"reset %s\n" % MADE.encode()
        yield b"commit %s\ncommitter %s\n" % (MADE.encode(), identity)
        yield b"data %d\n%s\n" % (len(message), message)
        if self._head and not self._config.orphan:
            yield b"from %s\n" % self._head.encode()
        elif self._head:
            tree = self._git.say("rev-parse", f"{self._head}^{{tree}}").strip()
            yield b'M 040000 %s ""\n' % tree.encode()
        for path in upload.deletes:
            # Git would delete a folder with all that others have put into it.
            if self._folder + path in there:
                yield b"D %s\n" % _quoted(self._folder + path)
            done(1, 0)
        for put in upload.puts:
            yield _file(self._folder + put.path, read_put(upload, put))
            done(1, put.size)
        if self._config.nojekyll and not self._has_nojekyll(upload):
            yield _file(self._folder + NOJEKYLL, b"")
        yield b"done\n"

    def _has_nojekyll(self, upload: Upload) -> bool:
        if any(put.path == NOJEKYLL for put in upload.puts):
            return True
        return self.read(NOJEKYLL) is not None


def _file(path: str, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data)


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it, whatever letters it has."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"%s"' % escaped.encode("utf-8", "surrogateescape")


def _short(said: str) -> str:
    """What git said in one line, without its repeats and hints."""
    lines = [
        line.strip()
        for line in said.splitlines()
        if line.strip() and not line.startswith(("hint:", "To ", "Done"))
    ]
    return "; ".join(dict.fromkeys(lines))[:500] or "it gave no reason"
