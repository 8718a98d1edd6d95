"""Work that others do comes to the same, whatever becomes of them, and ends when it should."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tidings.engine.schedule import begin_aside, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """As where a daemon started this program and told the system not to keep its children."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGCHLD, before)


def test_it_comes_from_another_process() -> None:
    assert int(begin_aside(lambda: str(os.getpid()).encode())()) != os.getpid()


def test_it_is_done_here_where_the_other_process_dies() -> None:
    here = os.getpid()

    def work() -> bytes:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done"

    assert begin_aside(work)() == b"done"


def test_it_fails_here_as_it_would_have() -> None:
    def work() -> bytes:
        raise LookupError("as here")

    wait = begin_aside(work)
    with pytest.raises(LookupError, match="as here"):
        wait()


def test_who_reads_a_program_s_output_need_not_wait_for_it() -> None:
    code = (
        "import time; from tidings.engine.schedule import begin_aside; "
        "begin_aside(lambda: time.sleep(60) or b''); print('done')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "done\n"


@pytest.mark.usefixtures("nobody_waits")
def test_it_is_done_though_nobody_can_be_waited_for() -> None:
    assert begin_aside(lambda: b"done")() == b"done"


def test_it_is_done_here_where_there_can_be_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert int(begin_aside(lambda: str(os.getpid()).encode())()) == os.getpid()


INTERRUPTED = """
import signal, time
from tidings.engine.schedule import Crew

# Who is started in the background of a shell script is told to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with Crew(2, {"count": len}) as crew:
        print(sorted(crew.run("count", ["a", "bb", "ccc"])), flush=True)
        time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_workers_without_a_word() -> None:
    # A session of its own: a terminal sends Ctrl-C to all of its processes.
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "[(0, 1), (1, 2), (2, 3)]\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=30) == ("interrupted\n", "")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


KILLED = """
import os, signal, time
from tidings.engine.schedule import Crew

HERE = os.getpid()

def work(number):
    if os.getpid() == HERE:
        time.sleep(0.01)
        return number
    time.sleep(0.2)  # Until some of what nobody has begun is taken back.
    if number == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(1)
    return number

with Crew(4, {"work": work}) as crew:
    done = sorted(result for _, result in crew.run("work", range(40)))
print(done == list(range(40)))
"""


def test_a_worker_that_is_killed_takes_nothing_with_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.communicate(timeout=30) == ("True\n", "")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_workers_end_with_who_they_work_for() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED.replace("Crew(2", "Crew(4")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "[(0, 1), (1, 2), (2, 3)]\n"
        process.kill()
        # Workers have the same stream: it ends with the last of them.
        assert process.communicate(timeout=30) == ("", None)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
