"""Work that is done aside comes to the same, whatever becomes of who does it."""

from __future__ import annotations

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
