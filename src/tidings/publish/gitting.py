"""Git's own program, run on a bare repository of ours, quietly and with nothing leaking.

Credentials are git's own business: agents, helpers and the user's configuration serve it as
always. What it says is redacted before anybody reads it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tidings.publish.redact import redact
from tidings.publish.target import TargetError

TIMEOUT = 3600.0
"""Seconds after which git is taken to hang."""
OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")
"""Variables that would lead git to another repository, as in a hook of the user's."""


INHERITED = ("http.", "https.", "credential.", "url.", "user.", "ssh.", "core.sshcommand")
"""Beginnings of what a site's own repository may set that reaching its remotes depends on."""


class Gitting:
    """Git in a bare repository that is made when it is needed first.

    It reaches remotes as the repository that the site lies in would: with the same helpers,
    headers and names.
    """

    def __init__(self, folder: Path, source: Path) -> None:
        self._folder = folder
        self._source = source
        self._environment: dict[str, str] | None = None

    def make(self) -> None:
        """See that the repository is there; a broken one is made anew."""
        if self._folder.is_dir() and self.good("rev-parse", "--is-bare-repository"):
            # A git that was killed may have left its locks; ours is the only one here.
            for lock in self._folder.rglob("*.lock"):
                lock.unlink(missing_ok=True)
            return
        self.make_anew()

    def make_anew(self) -> None:
        """Make an empty repository, whatever is there."""
        if self._folder.exists():
            import shutil

            shutil.rmtree(self._folder)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        done = run_git("init", "--bare", "--quiet", str(self._folder))
        if done.returncode:
            raise _trouble("publish-failed", "git cannot make a repository", done.stderr)

    def run(
        self, *arguments: str, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """One call of git, with all that it said."""
        given = self._given()
        return run_git(f"--git-dir={self._folder}", *arguments, stdin=stdin, given=given)

    def _given(self) -> dict[str, str]:
        """The environment with the settings of the site's own repository."""
        if self._environment is None:
            self._environment = environment()
            self._environment.update(_settings_of(self._source, self._environment))
        return self._environment

    def good(self, *arguments: str) -> bool:
        """Whether git is content."""
        return self.run(*arguments).returncode == 0

    def say(self, *arguments: str) -> str:
        """What git answers. Raises TargetError."""
        done = self.run(*arguments)
        if done.returncode:
            raise _trouble("publish-failed", f"git {arguments[0]} failed", done.stderr)
        return done.stdout.decode("utf-8", "surrogateescape")

    def remote_head(self, remote: str, branch: str) -> str:
        """The commit that a branch of the remote is at; empty without the branch."""
        done = self.run("ls-remote", "--quiet", "--", remote, branch)
        if done.returncode:
            raise _trouble(
                "target-unreachable", f"git cannot reach {redact(remote)}", done.stderr
            )
        for line in done.stdout.decode().splitlines():
            commit, _, name = line.partition("\t")
            if name == branch:
                return commit
        return ""

    def held(self, *refs: str) -> frozenset[str]:
        """The commits that these refs name. Git writes a ref last, so all of them is here."""
        return frozenset(self.say("for-each-ref", "--format=%(objectname)", *refs).split())

    def fetch(self, remote: str, branch: str, ref: str) -> None:
        """Bring the branch's newest commit here, under this name."""
        done = self.run(
            *("fetch", "--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head"),
            *("--", remote, f"+{branch}:{ref}"),
        )
        if done.returncode:
            raise _trouble(
                "target-unreachable", f"git cannot fetch from {redact(remote)}", done.stderr
            )

    def blob(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file in a commit; None where there is none."""
        done = self.run("cat-file", "blob", f"{commit}:{path}")
        return done.stdout if done.returncode == 0 else None

    def holds(self, commit: str, path: str) -> bool:
        """Whether the commit's file at the path is here, or the commit has none."""
        listed = self.run("ls-tree", "--name-only", "-z", commit, "--", path)
        found = not listed.stdout or self.blob(commit, path) is not None
        return listed.returncode == 0 and found

    def files(self, commit: str, folder: str) -> frozenset[str]:
        """The paths of all files in a commit's folder, below that folder."""
        names = self.say("ls-tree", "-r", "-z", "--name-only", commit).split("\0")
        return frozenset(
            name.removeprefix(folder) for name in names if name and name.startswith(folder)
        )

    def identity(self) -> bytes:
        """Name, address and time of the committer: git's own, where it has one."""
        done = self.run("var", "GIT_COMMITTER_IDENT")
        if done.returncode == 0:
            return done.stdout.strip()
        stand_in = ("-c", "user.name=tidings", "-c", "user.email=tidings@localhost")
        return self.say(*stand_in, "var", "GIT_COMMITTER_IDENT").strip().encode()

    def import_commit(self, stream: Iterable[bytes]) -> None:
        """Feed `git fast-import`. Raises TargetError, and what the stream raises."""
        command = [
            "git",
            f"--git-dir={self._folder}",
            *("fast-import", "--quiet", "--done", "--force", "--date-format=raw"),
        ]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self._given(),
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            try:
                for part in stream:
                    process.stdin.write(part)
                process.stdin.close()
            except BrokenPipeError:
                pass
            except BaseException:
                process.kill()
                raise
            said = process.stderr.read()
            if process.wait():
                raise _trouble("publish-failed", "git cannot make the commit", said)


def find_remote(name: str, source: Path) -> str:
    """The address of the repository to push to, from an address, a path or a remote's name."""
    looked = run_git("-C", str(source), "remote", "get-url", "--push", "--", name)
    if looked.returncode == 0:
        name = looked.stdout.decode("utf-8", "surrogateescape").strip()
    elif not any(mark in name for mark in "/:\\."):
        raise TargetError(
            "target-unreachable",
            f'the site\'s repository has no remote "{name}"',
            "write the repository's address as `remote`",
        )
    if "://" in name or (":" in name.partition("/")[0] and sys.platform != "win32"):
        return name
    return os.path.abspath(source / Path(name).expanduser())  # noqa: PTH100


def _settings_of(source: Path, known: dict[str, str]) -> dict[str, str]:
    """Variables that hand a repository's own settings on; none outside of a repository.

    They may hold credentials (a CI's checkout keeps its token there), so they go by the
    environment, never by the command line. See GIT_CONFIG_COUNT in git-config(1).
    """
    asked = ("config", "--local", "--includes", "--null", "--list")
    found = run_git("-C", str(source), *asked)
    if found.returncode:
        return {}
    count = int(known.get("GIT_CONFIG_COUNT") or 0)
    variables: dict[str, str] = {}
    for entry in found.stdout.decode("utf-8", "surrogateescape").split("\0"):
        key, _, value = entry.partition("\n")
        if key.startswith(INHERITED):
            variables[f"GIT_CONFIG_KEY_{count}"] = key
            variables[f"GIT_CONFIG_VALUE_{count}"] = value
            count += 1
    return {**variables, "GIT_CONFIG_COUNT": str(count)}


def run_git(
    *arguments: str, stdin: bytes | None = None, given: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """One call of git. Raises TargetError when it cannot be called, or hangs."""
    try:
        return subprocess.run(
            ["git", *arguments],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            env=given if given is not None else environment(),
        )
    except subprocess.TimeoutExpired:
        raise TargetError("target-unreachable", "git gives no answer") from None
    except OSError as error:
        raise TargetError(
            "target-unreachable", f"git cannot be run: {error.strerror or error}"
        ) from None


def environment() -> dict[str, str]:
    """The process's own environment, with git's answers in English and no way astray."""
    given = {name: value for name, value in os.environ.items() if name not in OWN}
    given.update(LC_ALL="C", LANGUAGE="C")
    if not sys.stdin.isatty():
        given["GIT_TERMINAL_PROMPT"] = "0"  # Nobody could answer.
    return given


def _trouble(code: str, message: str, said: bytes) -> TargetError:
    """What git said, in one line, without secrets."""
    lines = redact(said.decode("utf-8", "replace")).split("\n")
    words = "; ".join(line.strip() for line in lines if line.strip())[:500]
    return TargetError(
        code, f"{message}: {words}" if words else message, "look at what git says"
    )
