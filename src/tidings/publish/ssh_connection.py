"""The way to the far side of an `ssh` target: the system's ssh, and its rsync over it.

All sessions of one publish share one connection, where this system's ssh can do that.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tidings.model.publishing import SshTarget
from tidings.publish.redact import redact
from tidings.publish.ssh_scripts import INCOMING, MARK, OVERTAKEN, WORKING
from tidings.publish.target import TargetError

CONNECT = 20
"""Seconds that a connection may take to come about."""
SILENCE = 120
"""Seconds after which a far side that says nothing counts as gone."""
LINGER = 20
"""Seconds that a connection stays for the next session when its publish was killed."""
SOCKET_LIMIT = 80
"""Bytes of a socket's path that leave ssh room for its own suffix, on every system."""
UNREACHED = 255
"""ssh's exit code for its own failures."""
LAST_LINES = 3
HINTS = (
    (
        "Host key verification failed",
        "log in once by hand to learn its key, or name a file with it as known_hosts",
    ),
    ("Permission denied (", "give ssh a key that the machine knows: by its agent, or identity"),
    ("rsync: command not found", "install rsync there"),
    ("rsync: not found", "install rsync there"),
    ("No space left", "make room there, then run the same command again: it goes on"),
)


class Connection:
    """One connection to one machine; made by the first use."""

    def __init__(self, config: SshTarget, source: Path, top: str) -> None:
        self._host = config.host
        self._top = top
        self._folder: Path | None = None
        self._options = _options(config, source)

    def run(self, script: bytes, reaching: bool = False) -> bytes:
        """What the script answers after its mark. Raises TargetError.

        `reaching` says that a failure means that the target cannot be reached.
        """
        # Files, since a connection that stays keeps what it was given open.
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            command = [*self._ssh(), "--", self._host, "sh -s"]
            code = _call(command, script, said, complained)
            if code:
                raise self._failure("ssh", code, _read(complained), reaching)
            return _read(said).partition(MARK)[2]

    def send(
        self, site: Path, paths: Sequence[str], done: Callable[[], None], shares: bool
    ) -> None:
        """Bring these files of the site over by one rsync. Raises TargetError.

        `done` is called as each arrives; not for those that were there. `shares` says that the
        far side has `flock`.
        """
        server = "rsync"
        if shares:
            server = f"flock -s {shlex.quote(f'{self._top}/{WORKING}')} rsync"
        host = f"[{self._host}]" if ":" in self._host else self._host
        command = [
            *("rsync", "-s", "--from0", "--files-from=-", "--no-implied-dirs"),
            *("--checksum", "--times", "--perms", "--chmod=F644", "--delay-updates"),
            *(f"--temp-dir={INCOMING}", f"--timeout={SILENCE}", "--out-format=%l"),
            *(f"--rsync-path={server}", f"--rsh={_for_rsync(self._ssh())}"),
            *("--", f"{Path(os.path.abspath(site))}/", f"{host}:{self._top}/"),  # noqa: PTH100
        ]
        with tempfile.TemporaryFile() as names, tempfile.TemporaryFile() as complained:
            # The prefix keeps names that begin with `#` or `;` from being comments.
            names.write(b"".join(b"./%b\0" % os.fsencode(path) for path in paths))
            names.seek(0)
            process = _start(command, stdin=names, stdout=subprocess.PIPE, stderr=complained)
            with process:
                try:
                    assert process.stdout is not None
                    for _ in process.stdout:
                        done()
                except BaseException:
                    process.terminate()
                    raise
            if process.returncode:
                raise self._failure("rsync", process.returncode, _read(complained), False)

    def close(self) -> None:
        """Let go of the connection. Never raises."""
        folder, self._folder = self._folder, None
        if folder is None:
            return
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            command = [*_shared(folder, self._options), "-O", "exit", "--", self._host]
            subprocess.run(command, check=False, capture_output=True, timeout=CONNECT)
        shutil.rmtree(folder, ignore_errors=True)

    def _ssh(self) -> list[str]:
        """The command as far as the host."""
        if os.name != "posix":
            return ["ssh", *self._options]
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="tidings-"))
        if len(os.fsencode(self._folder)) > SOCKET_LIMIT:
            return ["ssh", *self._options]
        return _shared(self._folder, self._options)

    def _failure(self, tool: str, code: int, said: bytes, reaching: bool) -> TargetError:
        if code == OVERTAKEN and tool == "ssh":
            return TargetError(
                "target-busy", f"another publish has taken over {self._host}", "try again"
            )
        lines = said.decode("utf-8", "replace").strip().splitlines()
        text = redact("; ".join(line.strip() for line in lines[-LAST_LINES:]))
        hint = "run the same command again: it goes on"
        if reaching:
            hint = "look at host, path and rights; BatchMode asks for no password"
        for words, better in HINTS:
            if any(words in line for line in lines):
                hint = better
        name = "target-unreachable" if reaching else "publish-failed"
        return TargetError(name, f"{tool} failed ({code}): {text or 'it said nothing'}", hint)


def _options(config: SshTarget, source: Path) -> list[str]:
    """What every ssh of this target is told."""
    settings = [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "LogLevel=ERROR",
        "ClearAllForwardings=yes",
        "PermitLocalCommand=no",
        "RemoteCommand=none",
        f"ConnectTimeout={CONNECT}",
        "ServerAliveInterval=15",
        "ServerAliveCountMax=4",
    ]
    if config.known_hosts:
        settings.append(f"UserKnownHostsFile={_for_ssh(_file(source, config.known_hosts))}")
    if config.identity:
        settings.append(f"IdentityFile={_for_ssh(_file(source, config.identity))}")
        settings.append("IdentitiesOnly=yes")
    if config.port:
        settings.append(f"Port={config.port}")
    options = ["-T", "-x", "-a"]
    for setting in settings:
        options += ["-o", setting]
    if config.user:
        options += ["-l", config.user]
    return options


def _shared(folder: Path, options: Sequence[str]) -> list[str]:
    """ssh with a connection that later sessions use, too."""
    path = _for_ssh(folder / "ssh")
    sharing = ("ControlMaster=auto", f"ControlPersist={LINGER}", f"ControlPath={path}")
    return ["ssh", *(word for each in sharing for word in ("-o", each)), *options]


def _file(source: Path, name: str) -> Path:
    return Path(os.path.abspath(source / Path(name).expanduser()))  # noqa: PTH100


def _for_ssh(path: Path) -> str:
    """A path as ssh_config(5) wants it: in quotes, and `%` doubled."""
    return '"' + str(path).replace("%", "%%") + '"'


def _for_rsync(command: Sequence[str]) -> str:
    """A command as rsync(1) splits it: at spaces, with its own rule for quotes."""
    return " ".join("'" + word.replace("'", "''") + "'" for word in command)


def _call(command: Sequence[str], given: bytes, said: object, complained: object) -> int:
    process = _start(command, stdin=subprocess.PIPE, stdout=said, stderr=complained)
    with process:
        assert process.stdin is not None
        # A far side that has gone says so by its exit code.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(given)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    return process.returncode


def _start(command: Sequence[str], **streams: object) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, **streams)  # type: ignore[call-overload, no-any-return]
    except FileNotFoundError:
        raise TargetError(
            "target-unreachable",
            f"there is no {command[0]} on this machine",
            f"install {command[0]}; targets of type ssh need it on both machines",
        ) from None


def _read(stream: object) -> bytes:
    stream.seek(0)  # type: ignore[attr-defined]
    data: bytes = stream.read()  # type: ignore[attr-defined]
    return data
