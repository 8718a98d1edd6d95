"""One build per output folder at a time, also when two people start one each.

The operating system holds the lock for the process, so that a killed build leaves none behind.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.output.paths import STATE

PAUSE = 0.05
"""Seconds between two attempts."""
TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}

_held: set[int] = set()
"""Descriptors of the locks that this process holds."""


@contextlib.contextmanager
def locked(
    output: Path, timeout: float, on_wait: Callable[[], None]
) -> Iterator[Diagnostic | None]:
    """Hold the output folder's lock while the block runs; yields None, or why there is no lock.

    `on_wait` is called once when another build holds the lock. After `timeout` seconds of
    waiting the problem `output-busy` is yielded, and the block must leave the folder alone.
    """
    file = output / STATE / "lock"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        yield _not_lockable(output, error)
        return
    try:
        try:
            taken = _wait(descriptor, timeout, on_wait)
        except OSError as error:
            yield _not_lockable(output, error)
            return
        if not taken:
            yield _busy(output, timeout)
            return
        _forget_in_children()
        _held.add(descriptor)
        try:
            yield None
        finally:
            _held.discard(descriptor)
            _release(descriptor)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, timeout: float, on_wait: Callable[[], None]) -> bool:
    """Whether the lock was had within the time."""
    if _try(descriptor):
        return True
    on_wait()
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        time.sleep(PAUSE)
        if _try(descriptor):
            return True
    return False


@functools.cache
def _forget_in_children() -> None:
    """See to it, once per process, that forked workers do not keep a lock alive."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_close_held)


def _close_held() -> None:
    """Close the parent's locks in a forked child; this does not release them for the parent."""
    for descriptor in _held:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    _held.clear()


if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        """Whether the lock is now ours."""
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in TAKEN:
                return False
            raise
        return True

    def _release(descriptor: int) -> None:
        """Give the lock back."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        """Whether the lock is now ours."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in TAKEN:
                return False
            raise
        return True

    def _release(descriptor: int) -> None:
        """Give the lock back."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _busy(output: Path, timeout: float) -> Diagnostic:
    return Diagnostic(
        "output-busy",
        Severity.ERROR,
        f"another build has been writing to this folder for more than {timeout:g} s",
        Place(str(output)),
        hint="wait for it to end, or choose another folder with --output",
    )


def _not_lockable(output: Path, error: OSError) -> Diagnostic:
    return Diagnostic(
        "output-refused",
        Severity.ERROR,
        f"the output folder cannot be written to: {error.strerror or error}",
        Place(str(output)),
        hint="look at its rights, or choose another folder with --output",
    )
