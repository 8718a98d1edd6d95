"""One build per output folder: the second waits, and a killed build leaves no lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tidings.output.lock import locked

HOLDER = """
import sys, time
from pathlib import Path
from tidings.output.lock import locked
with locked(Path(sys.argv[1]), 0, lambda: None) as problem:
    print(problem is None, flush=True)
    sys.stdin.readline()
"""


def start_holder(output: Path, code: str = HOLDER) -> subprocess.Popen[str]:
    """Another process, in a group of its own, that holds the lock until it gets a line."""
    command = [sys.executable, "-c", code, str(output)]
    pipe = subprocess.PIPE
    holder = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, process_group=0)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    return holder


def release(holder: subprocess.Popen[str]) -> None:
    """Let the other process end."""
    holder.communicate("\n")


def test_second_build_says_that_it_waits_and_then_gets_the_lock(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    waits: list[str] = []

    def on_wait() -> None:
        waits.append("waits")
        release(holder)

    with locked(tmp_path, 30, on_wait) as problem:
        assert problem is None
    assert waits == ["waits"]


def test_second_build_gives_up_with_a_message(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    with locked(tmp_path, 0.1, lambda: None) as problem:
        assert problem is not None
        assert problem.code == "output-busy"
    release(holder)


def test_killed_build_leaves_no_lock(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with locked(tmp_path, 0, lambda: None) as problem:
        assert problem is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_worker_that_outlives_a_killed_build_does_not_keep_its_lock(tmp_path: Path) -> None:
    code = HOLDER.replace(
        "    print(", "    if not __import__('os').fork(): time.sleep(60)\n    print("
    )
    holder = start_holder(tmp_path, code)
    try:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        # A forked process lets go of the lock with its first steps, which may take a moment.
        with locked(tmp_path, 20, lambda: None) as problem:
            assert problem is None
    finally:
        os.killpg(holder.pid, signal.SIGKILL)
        holder.communicate()


def test_lock_of_this_process_counts_too_and_can_be_had_again(tmp_path: Path) -> None:
    with (
        locked(tmp_path, 0, lambda: None) as first,
        locked(tmp_path, 0, lambda: None) as second,
    ):
        assert first is None
        assert second is not None
    with locked(tmp_path, 0, lambda: None) as third:
        assert third is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_worker_leaves_alone_what_was_opened_after_the_lock_was_given_back(
    tmp_path: Path,
) -> None:
    with locked(tmp_path, 0, lambda: None) as problem:
        assert problem is None
    opened = [os.open(tmp_path, os.O_RDONLY) for _ in range(3)]  # One has the lock's number.
    child = os.fork()
    if child == 0:
        try:
            for descriptor in opened:
                os.fstat(descriptor)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    for descriptor in opened:
        os.close(descriptor)
    assert status == 0


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are followed here")
def test_lock_that_is_a_link_makes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "site/.tidings").mkdir(parents=True)
    (tmp_path / "site/.tidings/lock").symlink_to(tmp_path / "elsewhere")
    with locked(tmp_path / "site", 0, lambda: None) as problem:
        assert problem is not None
        assert problem.code == "output-refused"
    assert not (tmp_path / "elsewhere").exists()


def test_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with locked(tmp_path / "file" / "site", 0, lambda: None) as problem:
        assert problem is not None
        assert problem.code == "output-refused"
