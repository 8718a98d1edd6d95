"""Sites published to other machines, which are this one: settings, servers, bad networks."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from tidings.publish.target import NOTES

BUCKET = "digest-news"
KEYS = {
    "AWS_ACCESS_KEY_ID": "publisher",
    "AWS_SECRET_ACCESS_KEY": "very-secret-key",
    "AWS_REGION": "us-east-1",
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        }
    ],
}
"""Readers, and others who write there, need no key."""
ANSWERS = {
    "500": "Internal Server Error",
    "503": "Slow Down",
    "507": "Insufficient Storage",
}
START = 60.0
"""Seconds that a server has to start, on a machine that has much to do."""


class SshServer(Protocol):
    """An sshd of this test run."""

    host: str
    port: int
    user: str
    options: tuple[str, ...]


def without_notes(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files but for our own notes at a target."""
    return {path: data for path, data in files.items() if not path.startswith(NOTES)}


def ssh_settings(server: SshServer, path: Path | str) -> dict[str, object]:
    """The settings of a target of type `ssh` that reaches the test run's own sshd."""
    known = next(each for each in server.options if each.startswith("UserKnownHostsFile="))
    return {
        "type": "ssh",
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "path": str(path),
        "identity": server.options[server.options.index("-i") + 1],
        "known_hosts": known.partition("=")[2],
    }


def key_to_a_full_disk(server: SshServer, folder: Path) -> Path:
    """A key with which nobody can write a file of more than half a megabyte over there."""
    key = folder / "small"
    make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(make_key, check=True)
    known = Path(str(ssh_settings(server, "")["identity"])).with_name("authorized_keys")
    limited = 'command="ulimit -f 500; trap \'\' XFSZ; sh -c \\"$SSH_ORIGINAL_COMMAND\\"" '
    known.write_text(known.read_text() + limited + key.with_suffix(".pub").read_text())
    return key


def s3_settings(endpoint: str, folder: str) -> dict[str, object]:
    """The settings of a target of type `s3` that reaches the test run's own server."""
    url = f"s3://{BUCKET}/{folder}"
    return {"type": "s3", "url": url, "endpoint": endpoint, "uploads": 4}


@contextlib.contextmanager
def s3_server(log: Path) -> Iterator[str]:
    """An S3 server as a process of its own, with an empty bucket; its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    address = f"http://127.0.0.1:{port}"
    with (
        log.open("wb") as stream,
        subprocess.Popen(command, stdout=stream, stderr=stream) as run,
    ):
        try:
            end = time.monotonic() + START
            while True:
                try:
                    ask(f"{address}/{BUCKET}", "PUT")
                    ask(f"{address}/{BUCKET}?policy", "PUT", json.dumps(POLICY).encode())
                    break
                except OSError:
                    assert time.monotonic() < end, log.read_text(errors="replace")
                    time.sleep(0.1)
            yield address
        finally:
            run.terminate()


def ask(url: str, method: str = "GET", data: bytes | None = None) -> Any:
    """The server's answer, read to its end: an object with `data` and `headers`."""
    headers = {"Content-Type": "application/octet-stream"} if data else {}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=START) as answer:
        answer.data = answer.read()
        return answer


class WebRoot:
    """A published site that is read over HTTP; as much of a `Path` as readers need."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def __truediv__(self, path: str) -> WebRoot:
        return WebRoot(f"{self.url}/{quote(path)}")

    def read_bytes(self) -> bytes:
        """The file's bytes; OSError where there is none."""
        data: bytes = ask(self.url).data
        return data

    def listed(self) -> dict[str, bytes]:
        """All files by path, without their bytes, as S3's ListObjectsV2 tells them."""
        bucket, _, folder = self.url.partition(f"/{BUCKET}/")
        answer = ask(f"{bucket}/{BUCKET}?list-type=2&prefix={folder}/")
        keys = re.findall(r"<Key>([^<]*)</Key>", answer.data.decode())
        return {unescape(key).removeprefix(f"{folder}/"): b"" for key in keys}


class BadNetwork:
    """A way to a server on which the first connections meet the faults given, one each.

    `500`, `503`, `507`: the server answers so. `silent`: nothing comes back. Any other number:
    the connection is cut after so many bytes from the client. Later connections are fine; or,
    with `for_good`, they all meet the last fault.
    """

    def __init__(self, port: int, faults: list[str], for_good: bool = False) -> None:
        self._server = port
        self._faults = faults
        self._for_good = for_good
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.met = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> BadNetwork:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listener, *self._open):
            _shut(each)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                fault = ""
                if self.met < len(self._faults) or self._for_good:
                    fault = self._faults[min(self.met, len(self._faults) - 1)]
                    self.met += 1
                threading.Thread(target=self._serve, args=(client, fault), daemon=True).start()

    def _serve(self, client: socket.socket, fault: str) -> None:
        if fault == "silent":
            return
        with contextlib.suppress(OSError):
            if fault in ANSWERS:
                client.recv(65536)
                client.sendall(
                    f"HTTP/1.1 {fault} {ANSWERS[fault]}\r\n"
                    "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
                )
                _shut(client)
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            self._open.append(server)
            back = threading.Thread(target=_carry, args=(server, client, None), daemon=True)
            back.start()
            _carry(client, server, int(fault) if fault else None)


def _carry(source: socket.socket, sink: socket.socket, limit: int | None) -> None:
    """Carry bytes over until either side ends, or so many have passed; then cut both."""
    with contextlib.suppress(OSError):
        while limit is None or limit > 0:
            data = source.recv(65536 if limit is None else min(65536, limit))
            if not data:
                break
            sink.sendall(data)
            if limit is not None:
                limit -= len(data)
    _shut(source)
    _shut(sink)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
