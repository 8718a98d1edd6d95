"""Finds the port that a preview listens on: the one asked for, or the next that is free."""

from __future__ import annotations

import errno
import socket
import sys

TRIES = 20


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the first free one of `TRIES` ports, from `port` on.

    Port 0 takes any free one. Raises OSError when none is free or the host is not this machine.
    """
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    last = port if port == 0 else min(port + TRIES - 1, 65535)
    for candidate in range(port, last + 1):
        try:
            return _listening(family, (address[0], candidate, *address[2:]))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == last:
                raise
    raise AssertionError("the loop returns or raises")


def site_url(listening: socket.socket, base_path: str) -> str:
    """The address of the front page for a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{base_path}"


def _listening(family: int, address: tuple[str | int, ...]) -> socket.socket:
    """A socket that listens on just this address."""
    # Named as TCP, so that asyncio knows to send what is written at once: otherwise the second
    # half of an answer waits until the first one is confirmed.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Elsewhere a port is free at once again; on Windows this would share a taken one.
        if sys.platform != "win32":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        # Only listening tells for sure whether another program has the port.
        opened.listen(100)
    except OSError:
        opened.close()
        raise
    return opened
