"""Batches of work over any executor, wherever its workers are: they share nothing with us.

Part of the engine, beside `schedule`, whose workers are forked and know all that we know. Here
a batch holds all that it needs, as bytes; few are under way at a time, so that neither side
holds more of them than it can work at.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from typing import TypeVar

from tidings.engine.remote_work import DONE, LACKING, perform
from tidings.engine.version import code_digest

Ticket = TypeVar("Ticket")
Under = dict[Future[tuple[str, bytes]], tuple[Ticket, bytes]]

LOOK_AGAIN = 5.0
"""Seconds without any result after which is asked whether workers are there."""
PATIENCE = 60.0
"""Seconds without any worker after which they count as lost."""


class WorkersLostError(Exception):
    """The workers, or the way to them, are gone; what was under way is lost with them."""


class OtherVersionError(Exception):
    """A worker runs another version of the program, of Python or of a library."""


class Remote:
    """Workers that need neither the site's folder nor the output folder."""

    def __init__(
        self,
        executor: Executor,
        workers: Callable[[], int],
        *,
        least: int = 1,
        losses: tuple[type[Exception], ...] = (),
        on_this_machine: bool = False,
    ) -> None:
        """`workers` says how many there are now, and raises OSError where nobody knows.

        `least` is how many files or pages are worth sending. `losses` are errors of the
        executor itself. Where workers are on this machine and die, we do their work.
        """
        self.least = least
        self._executor = executor
        self._workers = workers
        self._losses = (OSError, CancelledError, BrokenExecutor, *losses)
        self._on_this_machine = on_this_machine

    def run(
        self, task: str, shared: bytes, batches: Iterable[tuple[Ticket, bytes]]
    ) -> Iterator[tuple[Ticket, bytes]]:
        """Does the task for every batch; gives (its ticket, result) as they end.

        `shared` is what all batches need. Batches are asked for only when there is a worker to
        have them. Raises WorkersLostError and OtherVersionError.
        """
        call = _call(task, shared)
        coming = iter(batches)
        under: Under[Ticket] = {}
        try:
            yield from self._run(call, shared, coming, under)
        except self._losses as error:
            if not (self._on_this_machine and isinstance(error, BrokenExecutor)):
                raise WorkersLostError(str(error) or type(error).__name__) from error
            for ticket, batch in (*under.values(), *coming):
                yield ticket, perform(*call, shared, batch)[1]
        finally:
            for future in under:
                future.cancel()

    def _run(
        self,
        call: tuple[str, str, bytes],
        shared: bytes,
        coming: Iterator[tuple[Ticket, bytes]],
        under: Under[Ticket],
    ) -> Iterator[tuple[Ticket, bytes]]:
        workers = self._workers()
        # So many get what all need at once; who comes later asks for it.
        greeted = 0
        ended = False
        waited = 0.0
        while True:
            while not ended and len(under) < 2 * max(1, workers):
                following = next(coming, None)
                if following is None:
                    ended = True
                    break
                greeting = shared if greeted < workers else b""
                greeted += 1
                self._submit(call, greeting, *following, under)
            if not under:
                return
            done, _ = wait(under, LOOK_AGAIN, FIRST_COMPLETED)
            if not done:
                workers, waited = self._count_workers(waited)
                continue
            waited = 0.0
            for future in done:
                status, result = future.result()
                ticket, batch = under.pop(future)
                if status == DONE:
                    yield ticket, result
                elif status == LACKING:
                    self._submit(call, shared, ticket, batch, under)
                else:
                    raise OtherVersionError(result.decode())

    def _submit(
        self,
        call: tuple[str, str, bytes],
        shared: bytes,
        ticket: Ticket,
        batch: bytes,
        under: Under[Ticket],
    ) -> None:
        under[self._executor.submit(perform, *call, shared, batch)] = (ticket, batch)

    def _count_workers(self, waited: float) -> tuple[int, float]:
        """How many workers there are, and for how many seconds there has been none."""
        started = time.monotonic()
        workers = self._workers()
        if workers:
            return workers, 0.0
        waited += LOOK_AGAIN + time.monotonic() - started
        if waited > PATIENCE:
            raise WorkersLostError(f"for {PATIENCE:.0f} seconds there has been no worker")
        return 1, waited


def _call(task: str, shared: bytes) -> tuple[str, str, bytes]:
    """What stands at the start of every call of `perform`."""
    return task, code_digest(), hashlib.blake2b(shared, digest_size=16).digest()
