"""What a preview is asked for: the value that the `serve` command hands to `run`."""

from __future__ import annotations

import msgspec

from tidings.engine.report import BuildRequest


class ServeRequest(msgspec.Struct, frozen=True):
    """One preview: what to build, and where browsers find it."""

    build: BuildRequest
    """What each build is asked for. Its clock is not used: each build is made for the instant
    that the `clock` of `run.serve` shows."""
    host: str = "127.0.0.1"
    """Name or address to listen on."""
    port: int = 8000
    """First port to try; the next ones follow if it is taken. 0 takes any free port."""
    poll: bool = False
    """Compare folders once and again, for file systems that send no events."""
    open_browser: bool = False
    """Show the front page in the publisher's browser once it can be reached."""
