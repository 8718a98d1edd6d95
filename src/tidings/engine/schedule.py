"""Batches of work over processes: which machine's core does a batch never shows in its result.

Part of the engine. Workers are forked, so that they know all that this process knew at that
moment, and nothing but small batches and results crosses between processes. This process works
too: one more would only take memory. Where a platform cannot fork, or where a worker dies, all
is done here.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

# Pools are loaded where they are opened: small sites need none, and should not wait for them.
if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Task = Callable[[Any], Any]

_tasks: Mapping[str, Task] = {}
"""What the workers can do; set just before they are forked."""


class Crew:
    """So many processes, this one among them, that know some tasks. Use it as a context; at its
    end the others are gone."""

    def __init__(self, jobs: int, tasks: Mapping[str, Task]) -> None:
        self._tasks = tasks
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1 and can_fork():
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(
                jobs - 1, mp_context=context, initializer=begin_to_work
            )

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def run(self, task: str, batches: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Does the task for every batch; gives (place of the batch, result) as they end."""
        left = dict(enumerate(batches))
        if self._pool is not None:
            from concurrent.futures.process import BrokenProcessPool

            try:
                for place, result in self._run_in_pool(self._pool, task, batches):
                    del left[place]
                    yield place, result
            except BrokenProcessPool:
                # A worker was killed, by a system without memory for one. What it had is here.
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None
        for place, batch in left.items():
            yield place, self._tasks[task](batch)

    def _run_in_pool(
        self, pool: ProcessPoolExecutor, task: str, batches: Sequence[Any]
    ) -> Iterator[tuple[int, Any]]:
        from concurrent.futures import as_completed

        global _tasks
        _tasks = self._tasks
        futures: dict[Future[Any], int] = {
            pool.submit(_run_task, task, batch): place for place, batch in enumerate(batches)
        }
        waiting = list(futures)
        # The last batch that no worker has begun is done here, while there is one.
        while waiting and _take_back(waiting[-1]):
            place = futures.pop(waiting.pop())
            yield place, _run_task(task, batches[place])
            for future in [future for future in waiting if future.done()]:
                waiting.remove(future)
                yield futures.pop(future), future.result()
        for future in as_completed(futures):
            yield futures[future], future.result()


def _take_back(future: Future[Any]) -> bool:
    """Whether no worker has begun with it, and none will."""
    if not future.cancel():
        return False
    # A pool that breaks tells all that it knows of. At one that cannot be told, Python 3.11
    # stops with a traceback, and leaves the other workers waiting for ever.
    future.set_exception = _ignore  # type: ignore[method-assign, assignment]
    return True


def _ignore(_error: BaseException | None) -> None:
    """Does nothing."""


def begin_to_work() -> None:
    """What a worker does first: it sees to it that it ends when it should.

    Ctrl-C and a polite kill end it at once: it has nothing to say, and shall not handle them as
    who it works for does. When that one is killed, nobody else would end it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_task(task: str, batch: Any) -> Any:
    return _tasks[task](batch)


def begin_aside(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begins work in a forked process, beside what this one goes on with; gives what waits for
    its result, to be called once.

    Where there should be no fork, or the process was killed, the work is done when its result
    is asked for.
    """
    if not can_fork() or threading.active_count() > 1:
        return work
    try:
        reading, writing = os.pipe()
    except OSError:
        return work
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return work
    if process == 0:
        _work_and_exit(work, writing)
    os.close(writing)

    def result() -> bytes:
        with os.fdopen(reading, "rb") as stream:
            data = stream.read()
        try:
            _, status = os.waitpid(process, 0)
        except ChildProcessError:  # Where nobody waits for children, nobody knows how they end.
            status = 1
        return data if status == 0 else work()

    return result


def _work_and_exit(work: Callable[[], bytes], writing: int) -> NoReturn:
    """What a forked process does instead of anything that its parent would do next."""
    status = 1
    try:
        # Whoever reads what this program says must not have to wait for this process too.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream_number in range(3):
            os.dup2(nothing, stream_number)
        with os.fdopen(writing, "wb") as stream:
            stream.write(work())
        status = 0
    finally:
        # No tidying up: files and locks are the parent's.
        os._exit(status)


def can_fork() -> bool:
    """Whether workers can be forked here."""
    # On macOS the system's own libraries do not survive it.
    return hasattr(os, "fork") and sys.platform != "darwin"


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_batches(total: int, most: int, least: int = 1) -> list[range]:
    """The numbers below `total` in runs of about equal length.

    So many that a core which gets slow ones does not keep the others waiting; at most `most`,
    and none, but the last, shorter than `least`.
    """
    size = max(least, -(-total // most)) if total else 1
    return [range(start, min(start + size, total)) for start in range(0, total, size)]
