"""Runs builds for a preview: one at a time, off the event loop, and always with an answer.

Between `settle`, which says when, and `maker`, which says what is to be made.
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tidings.engine.report import BuildReport, BuildRequest, Counts
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.serve.settle import Changes

Builder = Callable[[BuildRequest], BuildReport]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The instant that a build started now is made for."""
    return datetime.now(UTC)


async def keep_building(
    changes: Changes, build: Callable[[tuple[Path, ...]], Awaitable[None]]
) -> None:
    """Build after each settled burst of changed paths, until cancelled.

    What changes during a build waits for its end and then makes exactly one more.
    """
    while True:
        await build(await changes.settled())


async def run_builder(builder: Builder, request: BuildRequest) -> BuildReport:
    """The report of one build, made on a thread of its own."""
    return await _in_daemon_thread(lambda: report_of(builder, request))


def report_of(builder: Builder, request: BuildRequest) -> BuildReport:
    """The report of one build; a bug becomes a failed one, not the preview's end."""
    try:
        return builder(request)
    except Exception as error:  # noqa: BLE001 - the next save may well build again
        problem = Diagnostic(
            "internal-error",
            Severity.ERROR,
            f"{type(error).__name__}: {error}",
            _last_place(error),
            hint="this is a bug in tidings; please report it with what you changed",
        )
        return BuildReport(
            ok=False,
            output=request.output,
            counts=Counts(),
            diagnostics=(problem,),
            notes=tuple(traceback.format_exc().rstrip().splitlines()),
            exit_code=70,
        )


def at(request: BuildRequest, clock: Clock) -> BuildRequest:
    """The request for the instant that the clock shows."""
    return msgspec.structs.replace(request, clock=clock())


def _last_place(error: Exception) -> Place:
    """Where in the code the exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return Place(frames[-1].filename, frames[-1].lineno or 0) if frames else Place("")


async def _in_daemon_thread(work: Callable[[], BuildReport]) -> BuildReport:
    """What the work returns.

    The event loop's own threads are waited for at exit; Ctrl-C must not wait for a long build,
    and a build may be cut off at any time without harm.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[BuildReport] = loop.create_future()

    def finish(report: BuildReport) -> None:
        if not result.done():
            result.set_result(report)

    def run() -> None:
        report = work()
        if not loop.is_closed():
            loop.call_soon_threadsafe(finish, report)

    threading.Thread(target=run, name="build", daemon=True).start()
    return await result
