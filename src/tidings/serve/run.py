"""Runs a preview from its first build to Ctrl-C: the one place where the parts of `serve` meet.

watch ─▸ settle ─▸ maker ─▸ edition ─▸ reload ─▸ open pages
                              └▸ answer, inject ─▸ app
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Coroutine, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import uvicorn
from starlette.concurrency import run_in_threadpool

from tidings.engine.report import BuildReport, BuildRequest
from tidings.serve.app import make_app
from tidings.serve.edition import Edition, configured_base_path, edition_of
from tidings.serve.maker import Maker, Say
from tidings.serve.port import listen, site_url
from tidings.serve.rebuild import keep_building
from tidings.serve.reload import Board
from tidings.serve.request import ServeRequest
from tidings.serve.settle import Changes
from tidings.serve.tell import change_line
from tidings.serve.watch import watching

REFUSED = {"output-refused", "no-content"}
"""Codes of problems that more likely come from a wrong command than from an edit."""

HEAD_START = 0.2
"""Seconds that open pages have to fetch a draft before a build wants the processor."""

SWITCH = 0.001
"""Seconds after which a build lets a page be answered."""

STOP_SECONDS = 0.5
"""How long open connections have to end after Ctrl-C."""


def serve(request: ServeRequest, say: Say) -> int:
    """Build the site, show it and keep it current until the process is told to stop.

    Returns the exit code: 0 after Ctrl-C, 2 where nothing can be served. `say` gets plain
    lines.
    """
    sys.setswitchinterval(SWITCH)
    try:
        return asyncio.run(_preview(request, say))
    except KeyboardInterrupt:  # Ctrl-C before or after our own handlers are in place.
        return 0
    finally:
        # A build that was cut off must not keep the process alive through its workers.
        for worker in multiprocessing.active_children():
            worker.terminate()


async def _preview(request: ServeRequest, say: Say) -> int:
    """The whole preview; its exit code."""
    changes, stop = Changes(), asyncio.Event()
    maker = Maker(request.build, say)
    with _stopped_by_signals(stop), _watched(request, changes, say):
        # Nothing half is shown: nobody can connect before the first build has ended.
        report = await _unless(stop, maker.build())
        if report is None:
            return 0
        if _never_servable(report):
            return 2
        board = Board(_edition(maker.request, report, None))
        try:
            listening = listen(request.host, request.port)
        except OSError as error:
            reason = error.strerror or error
            say(f"Cannot listen on {request.host} port {request.port}: {reason}")
            return 2
        _announce(request, listening, board.edition, say)
        building = asyncio.create_task(_keep_current(maker, board, changes, say))
        stopping = asyncio.create_task(stop.wait())
        await _serve_until({building, stopping}, board, listening, request.host)
        stopping.cancel()
        building.cancel()
        if building.done():  # It never ends by itself, so what ended it was a bug.
            building.result()
    return 0


async def _keep_current(maker: Maker, board: Board, changes: Changes, say: Say) -> None:
    """Show what has changed after every burst of changes, until cancelled."""

    async def post(report: BuildReport) -> None:
        edition = await run_in_threadpool(_edition, maker.request, report, board.edition)
        board.post(edition)

    async def rebuild(paths: tuple[Path, ...]) -> None:
        say(change_line(paths, maker.request.source))
        draft = await run_in_threadpool(maker.draft, paths)
        if draft is not None:
            board.post(msgspec.structs.replace(board.edition, draft=draft))
            await asyncio.sleep(HEAD_START)
        await post(await maker.build())

    filled = await maker.fill()
    if filled is not None:
        await post(filled)
    await keep_building(changes, rebuild)


def _edition(request: BuildRequest, report: BuildReport, before: Edition | None) -> Edition:
    """What the build left, below the path that the site is made for."""
    base_path = configured_base_path(request)
    if base_path is None:
        base_path = before.base_path if before else "/"
    return edition_of(report, base_path, before)


def _never_servable(report: BuildReport) -> bool:
    """Whether this is no site, or its output folder is taken: no page could be shown."""
    return not report.ok and any(found.code in REFUSED for found in report.diagnostics)


def _announce(
    request: ServeRequest, listening: socket.socket, edition: Edition, say: Say
) -> None:
    """Say where the site is, and show it there if so asked."""
    url = site_url(listening, edition.base_path)
    if request.port and listening.getsockname()[1] != request.port:
        say(f"Port {request.port} is taken.")
    say(f"Serving {url} (Ctrl-C ends it)")
    if request.open_browser:
        # Some browsers keep the call waiting for as long as their window is open.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


async def _serve_until(
    ends: Iterable[asyncio.Task[Any]], board: Board, listening: socket.socket, host: str
) -> None:
    """Answer browsers until one of the tasks ends; then end what is open, event streams too."""
    config = uvicorn.Config(
        make_app(board, host),
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await asyncio.wait({serving, *ends}, return_when=asyncio.FIRST_COMPLETED)
    board.close()
    server.should_exit = True
    # A browser that reads too slowly is cut off.
    await asyncio.wait({serving}, timeout=STOP_SECONDS)


class _Server(uvicorn.Server):
    """A server that leaves signals to `_stopped_by_signals`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: the base class would raise them again at the end."""
        yield


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Let Ctrl-C and a polite kill set the event while the block runs."""
    loop = asyncio.get_running_loop()

    def heed(_number: int, _frame: FrameType | None) -> None:
        # Wakes the loop as well, which would otherwise sleep on.
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _watched(request: ServeRequest, changes: Changes, say: Say) -> Iterator[None]:
    """Have changed source paths noted while the block runs."""
    from tidings.engine.build import watched_paths

    loop = asyncio.get_running_loop()

    def note(path: Path) -> None:
        # The loop may be gone while a watching thread still hands on what it saw.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(changes.note, path)

    paths = watched_paths(request.build.source)
    with watching(paths, note, request.poll, say):
        yield


async def _unless(
    stop: asyncio.Event, making: Coroutine[None, None, BuildReport]
) -> BuildReport | None:
    """The report, or None when the preview is told to stop before the build has ended."""
    stopping, made = asyncio.create_task(stop.wait()), asyncio.create_task(making)
    await asyncio.wait({made, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if made.done():
        return made.result()
    made.cancel()
    return None
