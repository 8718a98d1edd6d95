"""The `tidings` command leaves at once, and still does and says all that it has to."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_site import Site

from tidings.cli import main


def leave(code: str) -> subprocess.CompletedProcess[str]:
    """A process of `tidings check --help`, its two streams in pipes, with this before it."""
    program = (
        "import atexit, sys, threading\n"
        "from tidings.cli import console\n"
        f"{code}\n"
        "sys.argv = ['tidings', 'check', '--help']\n"
        "console()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def test_what_was_said_is_not_lost() -> None:
    done = leave("sys.stderr = open(2, 'w', buffering=4096); sys.stderr.write('said')")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: tidings check")
    assert done.stderr == "said"


def test_what_was_registered_for_the_end_is_done_once() -> None:
    assert leave("atexit.register(print, 'the end')").stdout.count("the end") == 1


def test_other_threads_are_waited_for() -> None:
    done = leave(
        "def work():\n"
        "    threading.main_thread().join()\n"
        "    print('worked')\n"
        "threading.Thread(target=work).start()"
    )
    assert done.stdout.endswith("worked\n")


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["build", "--nonsense"], 2)])
def test_the_command_ends_with_its_exit_code(words: list[str], code: int) -> None:
    command = [sys.executable, "-m", "tidings", *words]
    assert subprocess.run(command, capture_output=True, check=False).returncode == code


def test_what_a_build_has_made_is_left_to_who_ends_next(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("1", "Story")
    words = ["build", "--source", str(site.source), "--output", str(site.output)]
    left: list[object] = []
    for _ in range(2):  # The second finds nothing changed.
        before = len(left)
        with pytest.raises(SystemExit) as end:
            main([*words, "--clock", "2024-03-01T00:00:00Z"], left)
        assert end.value.code == 0
        assert len(left) > before


def test_who_calls_main_keeps_their_collector() -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert gc.isenabled()


def without_streams(site: Site, *words: str, closed: tuple[int, ...]) -> tuple[int, str, str]:
    """Exit code and what came from a command that was started with streams closed."""
    close = "; ".join(["import os", *(f"os.close({stream})" for stream in closed)])
    start = [sys.executable, "-m", "tidings", *words, "--source", str(site.source)]
    program = f"{close}; os.execv({start[0]!r}, {start!r})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("closed", [(2,), (1,), (0, 1, 2)])
def test_a_build_needs_no_stream(tmp_path: Path, closed: tuple[int, ...]) -> None:
    site = Site(tmp_path)
    site.output = site.source / "site"
    site.news("1", "Story")
    site.news("2", "Bad", webUrl="nowhere")
    code, said, errors = without_streams(site, "build", closed=closed)
    assert code == 0
    assert said.startswith("1 record, ") is (1 not in closed)
    assert errors.startswith("content/news/2.md") is (2 not in closed)
    assert "Story" in site.files()["index.html"].decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["build", "--help"]])
def test_help_that_cannot_be_written_is_no_bug(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "tidings", *words]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (2, "tidings: No space left on device\n")
