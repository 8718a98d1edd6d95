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
from typing import Generic, TypeVar

from tidings.engine.remote_work import LACKING, OTHER_VERSION, perform
from tidings.engine.version import code_digest

Ticket = TypeVar("Ticket")
Call = tuple[str, str, bytes]
"""What stands at the start of every call of `perform`."""

LOOK_AGAIN = 5.0
"""Seconds without any result after which is asked whether workers are there."""
PATIENCE = 60.0
"""Seconds without any worker after which they count as lost."""


class WorkersLostError(Exception):
    """The workers, or the way to them, are gone; what was under way is lost with them."""


class OtherVersionError(Exception):
    """A worker runs another version of the program, of Python or of a library, or has other
    rules of the site's time zone."""


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
        self._ends: tuple[type[BaseException], ...] = (
            *(OSError, CancelledError, BrokenExecutor, OtherVersionError),
            *losses,
        )
        self._on_this_machine = on_this_machine

    def run(
        self, task: str, shared: bytes, batches: Iterable[tuple[Ticket, bytes]]
    ) -> Iterator[tuple[Ticket, bytes]]:
        """Does the task for every batch; gives (its ticket, result) as they end.

        `shared` is what all batches need. Batches are asked for only when there is a worker to
        have them. Raises WorkersLostError and OtherVersionError.
        """
        name = hashlib.blake2b(shared, digest_size=16).digest()
        flight = _Flight(self._executor, (task, code_digest(), name), iter(batches))
        try:
            yield from self._run(flight, shared)
        except self._ends as error:
            if self._on_this_machine and isinstance(error, (BrokenExecutor, OtherVersionError)):
                for ticket, batch in flight.left():
                    yield ticket, perform(*flight.call, shared, batch)[1]
            elif isinstance(error, OtherVersionError):
                raise
            else:
                raise WorkersLostError(str(error) or type(error).__name__) from error
        finally:
            for future in flight.under:
                future.cancel()

    def _run(self, flight: _Flight[Ticket], shared: bytes) -> Iterator[tuple[Ticket, bytes]]:
        workers = self._workers()
        # So many get what all need at once; who comes later asks for it.
        greeted, waited = 0, 0.0
        while True:
            while len(flight.under) < 2 * max(1, workers) and flight.take():
                flight.submit(shared if greeted < workers else b"")
                greeted += 1
            if not flight.under:
                return
            done, _ = wait(flight.under, LOOK_AGAIN, FIRST_COMPLETED)
            if not done:
                workers, waited = self._count_workers(waited)
                continue
            waited = 0.0
            for future in done:
                status, result = future.result()
                if status == OTHER_VERSION:
                    raise OtherVersionError(result.decode())
                flight.held.append(flight.under.pop(future))
                if status == LACKING:
                    flight.submit(shared)
                else:
                    yield flight.held.pop()[0], result

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


class _Flight(Generic[Ticket]):
    """Batches on their way. Each is in one place at any moment, so that none is ever lost."""

    def __init__(
        self, executor: Executor, call: Call, coming: Iterator[tuple[Ticket, bytes]]
    ) -> None:
        self.call = call
        self.under: dict[Future[tuple[str, bytes]], tuple[Ticket, bytes]] = {}
        self.held: list[tuple[Ticket, bytes]] = []
        """The one that is just being handed on."""
        self._executor = executor
        self._coming = coming

    def take(self) -> bool:
        """Holds the next batch; whether there was one."""
        following = next(self._coming, None)
        if following is None:
            return False
        self.held.append(following)
        return True

    def submit(self, shared: bytes) -> None:
        """Hands on the batch that is held."""
        _, batch = self.held[-1]
        future = self._executor.submit(perform, *self.call, shared, batch)
        self.under[future] = self.held.pop()

    def left(self) -> Iterator[tuple[Ticket, bytes]]:
        """All batches that nobody has done."""
        yield from (*self.under.values(), *self.held)
        yield from self._coming
