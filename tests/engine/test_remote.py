"""Workers that see neither the site's folder nor its output: the same pages, byte for byte."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.digest import write_digest
from tidings.engine import remote_work, workers
from tidings.engine.build import build
from tidings.engine.remote import OtherVersionError, Remote, WorkersLostError
from tidings.engine.remote_work import Look
from tidings.engine.report import BuildReport, BuildRequest
from tidings.engine.run import Run
from tidings.engine.version import zone_digest
from tidings.model.view import SiteView
from tidings.render.theme import Theme
from tidings.sources.record import ReadOptions

CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
RECORDS = 40


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digest")
    write_digest(folder, RECORDS, 1)
    return folder


def files(output: Path) -> dict[str, bytes]:
    return {
        path: file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
        and not (path := file.relative_to(output).as_posix()).startswith(".tidings/")
    }


def build_with(
    executor: Executor, source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> BuildReport:
    """Builds as on a cluster, on the executor."""

    @contextlib.contextmanager
    def opened(_run: Run) -> Iterator[Remote]:
        yield Remote(executor, lambda: 2)

    monkeypatch.setattr(workers, "open_remote", opened)
    monkeypatch.setattr(remote_work, "_opened", {})
    try:
        return build(BuildRequest(source, output, CLOCK))
    finally:
        monkeypatch.undo()


@pytest.mark.parametrize("kind", ["threads", "spawned"])
def test_remote_workers_make_the_same_site(
    digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    here = build(BuildRequest(digest, tmp_path / "here", CLOCK))
    spawn = multiprocessing.get_context("spawn")
    with (
        ThreadPoolExecutor(3) if kind == "threads" else ProcessPoolExecutor(2, mp_context=spawn)
    ) as pool:
        there = build_with(pool, digest, tmp_path / "there", monkeypatch)
        # What it left is of use to the next build, wherever that one is done.
        again = build_with(pool, digest, tmp_path / "there", monkeypatch)
    assert there.ok
    assert files(tmp_path / "there") == files(tmp_path / "here")
    assert there.counts == here.counts
    assert there.diagnostics == here.diagnostics
    assert (again.counts.parsed, again.counts.rendered) == (0, 0)
    at_home = build(BuildRequest(digest, tmp_path / "there", CLOCK))
    assert (at_home.counts.parsed, at_home.counts.rendered) == (0, 0)
    kept = "related.changes"
    assert (tmp_path / "there/.tidings/cache" / kept).is_file()


def test_a_platform_that_cannot_fork_starts_processes_from_nothing(
    digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(BuildRequest(digest, tmp_path / "here", CLOCK, jobs=1))
    sent: list[str] = []
    run = Remote.run

    def watched(self: Remote, task: str, *rest: Any) -> Any:
        sent.append(task)
        return run(self, task, *rest)

    monkeypatch.setattr(workers, "can_fork", lambda: False)
    monkeypatch.setattr(workers, "WORTH_SPAWNING", RECORDS)
    monkeypatch.setattr(Remote, "run", watched)
    there = build(BuildRequest(digest, tmp_path / "there", CLOCK, jobs=2))
    assert there.ok
    assert {"read", "render"} <= set(sent)
    assert files(tmp_path / "there") == files(tmp_path / "here")
    # Where there is little to do, starting processes is not worth it.
    sent.clear()
    assert build(BuildRequest(digest, tmp_path / "there", CLOCK, jobs=2)).written == ()
    assert sent == []


def test_a_template_that_fails_afar_is_told_as_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_digest(tmp_path, 12, 1)
    template = tmp_path / "templates/year.html"
    template.parent.mkdir()
    template.write_text("{{ page.nothing.at_all }}\n", encoding="utf-8")
    here = build(BuildRequest(tmp_path, tmp_path / "here", CLOCK))
    with ThreadPoolExecutor(1) as pool:
        there = build_with(pool, tmp_path, tmp_path / "there", monkeypatch)
    assert (there.exit_code, there.diagnostics) == (1, here.diagnostics)
    assert files(tmp_path / "there") == {}


class Counting(Executor):
    """An executor that does all at once, and notes what came along with each batch."""

    def __init__(self) -> None:
        self.shared: list[bytes] = []

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        self.shared.append(args[3])
        future: Future[Any] = Future()
        future.set_result(fn(*args))
        return future


def read_batches(count: int, asked: list[int]) -> Iterator[tuple[int, bytes]]:
    for number in range(count):
        asked.append(number)
        yield number, msgspec.msgpack.encode([("content/news/a.md", b"---\ntitle: A\n---\n")])


def test_what_batches_share_is_sent_to_few_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_work, "_opened", {})
    pool = Counting()
    shared = msgspec.msgpack.encode(ReadOptions())
    done = list(Remote(pool, lambda: 2).run("read", shared, read_batches(20, [])))
    assert sorted(number for number, _ in done) == list(range(20))
    assert [each for each in pool.shared if each] == [shared] * 2
    # A worker that came later has nothing, and asks.
    remote_work._opened.clear()
    pool.shared.clear()
    (*_,) = Remote(pool, lambda: 0).run("read", shared, read_batches(1, []))
    assert pool.shared == [b"", shared]


def test_batches_are_made_only_when_a_worker_can_have_them() -> None:
    asked: list[int] = []
    shared = msgspec.msgpack.encode(ReadOptions())
    results = Remote(Counting(), lambda: 2).run("read", shared, read_batches(1000, asked))
    next(results)
    assert len(asked) <= 4


def test_a_worker_of_another_version_makes_no_part_of_a_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remote_work, "code_digest", lambda: "0.0.1+other")
    shared = msgspec.msgpack.encode(ReadOptions())
    with pytest.raises(OtherVersionError, match=r"0\.0\.1\+other"):
        list(Remote(Counting(), lambda: 1).run("read", shared, read_batches(1, [])))


def test_a_worker_with_other_rules_of_the_time_zone_renders_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = SiteView(title="S", url="/", base_url="https://x.example/", timezone="Asia/Tokyo")
    look = Look(Theme({}, {}, {}), site, zone_digest(site.timezone))
    monkeypatch.setattr(remote_work, "zone_digest", lambda _: "others")
    with pytest.raises(OtherVersionError, match="time zone Asia/Tokyo"):
        list(
            Remote(Counting(), lambda: 1).run(
                "render", msgspec.msgpack.encode(look), [(0, b"\x90")]
            )
        )


class Broken(Executor):
    """An executor that fails with its third batch."""

    def __init__(self) -> None:
        self.done = 0

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        self.done += 1
        future: Future[Any] = Future()
        if self.done == 3:
            future.set_exception(ConnectionError("gone"))
        else:
            future.set_result(fn(*args))
        return future


def test_lost_workers_end_the_build_and_leave_the_site(
    digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(BuildRequest(digest, tmp_path, CLOCK))
    before = files(tmp_path)
    with pytest.raises(WorkersLostError, match="gone"):
        list(Remote(Broken(), lambda: 1).run("read", b"\x80", read_batches(5, [])))
    request = BuildRequest(digest, tmp_path, CLOCK, base_url="https://other.example/")
    with pytest.raises(WorkersLostError):
        build_other(Broken(), request, monkeypatch)
    assert files(tmp_path) == before
    assert not list((tmp_path / ".tidings").glob("staged-*"))
    assert build(request).ok


def build_other(
    executor: Executor, request: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> BuildReport:
    """The same for a request, with batches so small that there are many."""

    @contextlib.contextmanager
    def opened(_run: Run) -> Iterator[Remote]:
        yield Remote(executor, lambda: 1)

    with monkeypatch.context() as patched:
        patched.setattr(workers, "open_remote", opened)
        patched.setattr("tidings.engine.afar.BATCH", 10)
        return build(request)


def kill_yourself(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_where_spawned_processes_die_their_work_is_done_here() -> None:
    shared = msgspec.msgpack.encode(ReadOptions())
    wanted = dict(Remote(Counting(), lambda: 1).run("read", shared, read_batches(9, [])))

    class Dying(ProcessPoolExecutor):
        submitted = 0

        def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
            self.submitted += 1
            return super().submit(kill_yourself if self.submitted == 4 else fn, *args)

    with Dying(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        remote = Remote(pool, lambda: 1, on_this_machine=True)
        assert dict(remote.run("read", shared, read_batches(9, []))) == wanted
