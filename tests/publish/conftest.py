"""Publishing is tried on small sites and real targets; servers are started and stopped here."""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

sys.path.append(str(Path(__file__).parents[1] / "sites"))

PATIENCE = 10.0
"""Seconds that a server has to start."""


class SshServer(NamedTuple):
    """An sshd of this test run on loopback, and how to reach it."""

    host: str
    port: int
    user: str
    options: tuple[str, ...]
    """Options for ssh: the client's key, and the server's, which is checked."""

    @property
    def command(self) -> str:
        """What GIT_SSH_COMMAND or rsync's --rsh takes."""
        return shlex.join(("ssh", *self.options))


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """An sshd with a host key and an authorised key of its own, on a free port."""
    sshd = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if sshd is None or shutil.which("ssh") is None:
        pytest.skip("sshd is not installed (Debian: openssh-server)")
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "client"):
        make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name]
        subprocess.run([*make_key, "-f", str(folder / name)], check=True)
    shutil.copy(folder / "client.pub", folder / "authorized_keys")
    port = _free_port()
    (folder / "sshd_config").write_text(
        f"""\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
# So bash leaves out the ~/.bashrc of whoever runs the tests.
SetEnv SHLVL=1
Subsystem sftp internal-sftp
"""
    )
    public = (folder / "host.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # Where a privileged sshd shuts itself in.
    log = folder / "log"
    with log.open("wb") as errors:
        server = subprocess.Popen(
            [sshd, "-D", "-e", "-f", str(folder / "sshd_config")],
            stderr=errors,
            stdin=subprocess.DEVNULL,
        )
    try:
        if not _answers(port, server):
            pytest.skip(f"sshd does not run here: {log.read_text(errors='replace').strip()}")
        yield SshServer(
            "127.0.0.1",
            port,
            getpass.getuser(),
            (
                *("-i", str(folder / "client"), "-F", "none"),
                *("-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"),
                *("-o", f"UserKnownHostsFile={folder}/known_hosts"),
                *("-o", "StrictHostKeyChecking=yes"),
            ),
        )
    finally:
        server.terminate()
        server.wait()


FullDisk = Callable[[], contextlib.AbstractContextManager[None]]


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    """A context in which publishes find no room at their target for any file above 4 kB: the
    system refuses to write more. Builds, which come before, have room."""
    resource = pytest.importorskip("resource")
    from tidings.publish import run

    def narrow(work: Any) -> Any:
        def within(*arguments: Any) -> Any:
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
            try:
                return work(*arguments)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

        return within

    @contextlib.contextmanager
    def full() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(run, "take_there", narrow(run.take_there))
            yield

    return full


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            time.sleep(0.05)
    return False
