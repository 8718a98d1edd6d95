"""When builds are made: one for each burst of saves, one more for what is saved meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tidings.engine.report import BuildReport, BuildRequest, Counts
from tidings.serve.rebuild import at, keep_building, report_of, run_builder
from tidings.serve.settle import Changes
from tidings.serve.watch import watching

REQUEST = BuildRequest(Path("in"), Path("out"), datetime(2020, 11, 17, tzinfo=UTC))
REPORT = BuildReport(ok=True, output=Path("out"), counts=Counts(), diagnostics=())
A, B, C = Path("a.md"), Path("b.md"), Path("c.md")


class Loop:
    """A rebuilding loop whose builds end when the test says so."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.bursts: list[tuple[Path, ...]] = []
        self.started = asyncio.Event()
        self.finish = asyncio.Event()

    async def build(self, paths: tuple[Path, ...]) -> None:
        self.bursts.append(paths)
        self.started.set()
        await self.finish.wait()
        self.finish.clear()

    async def until_built(self) -> None:
        """Let the next build start."""
        await self.started.wait()
        self.started.clear()


def rebuild(act: Callable[[Loop], Awaitable[None]]) -> list[tuple[Path, ...]]:
    """The paths that each build was made for, while the act goes on."""

    async def preview() -> list[tuple[Path, ...]]:
        loop = Loop()
        building = asyncio.create_task(keep_building(loop.changes, loop.build))
        await act(loop)
        building.cancel()
        return loop.bursts

    return asyncio.run(asyncio.wait_for(preview(), 30))


def test_a_burst_of_saves_makes_one_build():
    async def act(loop: Loop) -> None:
        for path in (B, A, A, C):
            loop.changes.note(path)
        await loop.until_built()

    assert rebuild(act) == [(A, B, C)]


def test_saves_during_a_build_make_exactly_one_more():
    async def act(loop: Loop) -> None:
        loop.changes.note(A)
        await loop.until_built()
        loop.changes.note(B)
        loop.changes.note(A)
        loop.finish.set()
        await loop.until_built()
        loop.finish.set()
        # Anything still open would be built together with this one.
        await asyncio.sleep(0)
        loop.changes.note(C)
        await loop.until_built()

    assert rebuild(act) == [(A,), (A, B), (C,)]


def test_files_saved_during_a_build_make_exactly_one_more(tmp_path: Path):
    """The same with real files, their backups and the system's own events."""
    news = tmp_path / "content/news"
    news.mkdir(parents=True)

    def put(name: str) -> Path:
        """Put a finished file into place, which is one event, and the last of all so far."""
        written = tmp_path / name
        written.write_text("x", encoding="utf-8")
        return written.replace(news / name)

    async def act(loop: Loop) -> None:
        running, noted = asyncio.get_running_loop(), asyncio.Event()
        awaited: list[Path] = []

        def note(path: Path) -> None:
            loop.changes.note(path)
            if path in awaited:
                noted.set()

        def pass_on(path: Path) -> None:
            running.call_soon_threadsafe(note, path)

        with watching([tmp_path / "content"], pass_on, False, lambda _line: None):
            put("a.md")
            await loop.until_built()
            for name in ("b.md", "b.md~", ".c.md.swp", "c.md"):
                (news / name).write_text("x", encoding="utf-8")
            awaited.append(put("d.md"))
            await noted.wait()
            loop.finish.set()
            await loop.until_built()
            loop.finish.set()
            put("e.md")
            await loop.until_built()

    bursts = rebuild(act)
    assert [[path.name for path in burst] for burst in bursts] == [
        ["a.md"],
        ["b.md", "c.md", "d.md"],
        ["e.md"],
    ]


def test_steady_saving_does_not_put_a_build_off_for_ever():
    async def act(loop: Loop) -> None:
        while not loop.started.is_set():
            loop.changes.note(A)
            await asyncio.sleep(0.01)

    assert rebuild(act) == [(A,)]


def test_a_bug_in_building_is_told_and_the_preview_goes_on():
    def broken(_request: BuildRequest) -> BuildReport:
        raise KeyError("no such thing")

    report = report_of(broken, REQUEST)
    assert not report.ok
    (problem,) = report.diagnostics
    assert problem.code == "internal-error"
    assert "no such thing" in problem.message
    assert Path(problem.place.file).name == Path(__file__).name
    assert any("Traceback" in note for note in report.notes)


def test_builds_run_beside_the_event_loop():
    entered, leave = threading.Event(), threading.Event()

    def slow(_request: BuildRequest) -> BuildReport:
        entered.set()
        assert leave.wait(30)
        return REPORT

    async def build_and_go_on() -> BuildReport:
        building = asyncio.create_task(run_builder(slow, REQUEST))
        while not entered.is_set():
            await asyncio.sleep(0.01)
        leave.set()
        return await building

    assert asyncio.run(asyncio.wait_for(build_and_go_on(), 30)) is REPORT


def test_each_build_has_the_time_of_its_own():
    later = REQUEST.clock + timedelta(days=1)
    assert at(REQUEST, lambda: later) == BuildRequest(REQUEST.source, REQUEST.output, later)
