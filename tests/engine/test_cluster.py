"""Builds on a Dask cluster: a real scheduler and workers, as processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.digest import write_digest

pytest.importorskip("distributed", reason="needs the extra dask")
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")

CLOCK = "2026-01-01T00:00:00+00:00"
RECORDS = 150

# Builds, and kills a process at the second news from a phase: in the middle of its batches.
BUILD = """
import json, os, signal, sys
from datetime import datetime
from pathlib import Path
from tidings.engine.build import build
from tidings.engine.report import BuildRequest
source, output, scheduler, victim, phase, base_url, clock = sys.argv[1:]
calls = []
def watch(name, done, total):
    if name == phase:
        calls.append(done)
        if len(calls) == 2 and int(victim):
            os.kill(int(victim), signal.SIGKILL)
report = build(
    BuildRequest(Path(source), Path(output), datetime.fromisoformat(clock),
        base_url=base_url or None, scheduler=scheduler or None, jobs=1),
    watch,
)
codes = [each.code for each in report.diagnostics if each.severity == "error"]
print(json.dumps([report.exit_code, codes, report.counts.pages, len(calls)]))
"""


class Cluster(NamedTuple):
    """Where the scheduler listens, and its and the workers' process ids."""

    address: str
    scheduler: int
    workers: tuple[int, ...]


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler and so many workers, which have neither the site nor its output in sight."""
    folder.mkdir()
    note = folder / "scheduler.json"
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    join = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(note)]
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    with contextlib.ExitStack() as stack:

        def run(command: list[str]) -> subprocess.Popen[bytes]:
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(
                [*command, *common], cwd=folder, stdout=quiet, stderr=quiet
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = run([*start, "--port", "0", "--scheduler-file", str(note)])
        ended = time.monotonic() + 60
        while not note.is_file():
            assert scheduler.poll() is None
            assert time.monotonic() < ended
            time.sleep(0.1)
        alone = ["--nthreads", "1", "--no-nanny", "--local-directory"]
        started = [run([*join, *alone, str(folder / str(n))]) for n in range(workers)]
        address = json.loads(note.read_text("utf-8"))["address"]
        yield Cluster(address, scheduler.pid, tuple(each.pid for each in started))


def build(
    source: Path,
    output: Path,
    scheduler: str = "",
    *,
    kill: int = 0,
    phase: str = "render",
    base_url: str = "",
) -> tuple[int, list[str], int, int]:
    """Exit code, codes of errors, pages, and how often the phase was heard of."""
    given = [str(source), str(output), scheduler, str(kill), phase, base_url, CLOCK]
    done = subprocess.run(
        [sys.executable, "-c", BUILD, *given],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    exit_code, codes, pages, calls = json.loads(done.stdout)
    return exit_code, codes, pages, calls


def files(output: Path) -> dict[str, bytes]:
    return {
        path: file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
        and not (path := file.relative_to(output).as_posix()).startswith(".tidings/")
    }


def is_gone(pid: int) -> bool:
    """Whether the child has ended; its parent here has not yet asked for it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.parametrize(
    "records", [RECORDS, pytest.param(2000, marks=pytest.mark.conformance)]
)
def test_a_cluster_makes_the_same_site_though_it_loses_workers(
    tmp_path: Path, records: int
) -> None:
    source, here, there = tmp_path / "site", tmp_path / "here", tmp_path / "there"
    write_digest(source, records, 1)
    assert build(source, here)[0] == 0
    with cluster(tmp_path / "cluster", 2) as joined:
        first, _ = joined.workers
        exit_code, codes, pages, calls = build(source, there, joined.address, kill=first)
        assert (exit_code, codes) == (0, [])
        assert calls > 2
        assert is_gone(first)
        assert pages == len(files(there))
        assert files(there) == files(here)

        # Without its scheduler a build ends, and the site is as it was.
        other = "https://other.example/"
        ended = build(source, there, joined.address, kill=joined.scheduler, base_url=other)
        assert ended[:2] == (2, ["cluster-lost"])
        assert files(there) == files(here)
        assert not list((there / ".tidings").glob("staged-*"))

        # Nor does one begin where there is none, though nothing is lost.
        ended = build(source, there, joined.address, base_url=other)
        assert ended[:2] == (2, ["cluster-unreachable"])
        assert files(there) == files(here)
    assert build(source, there)[0] == 0
    assert files(there) == files(here)
