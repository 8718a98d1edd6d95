"""Builds again and again, killed at random moments; run as a process of its own.

    python kill_builds.py FOLDER RECORDS ROUNDS SEED

The site goes to and fro between two configs, so that every page changes each time. A build by
two processes is killed, with all that it started, after a random time; the next build must
leave what a build from nothing leaves. Now and then it also finds nothing kept, and reads all
records anew. What went wrong is written to standard output as JSON, with the number of kills.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.digest import write_digest
from tidings.engine import finish, reading
from tidings.engine.build import build
from tidings.engine.report import BuildReport, BuildRequest

CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
TITLES = ("One", "Other")
FORGET_EVERY = 3


def main(arguments: list[str]) -> int:
    """All rounds; 0 when every one was fine."""
    folder, records, rounds, seed = Path(arguments[0]), *(int(each) for each in arguments[1:])
    dice = random.Random(seed)
    # As for large sites, so that all kinds of workers are at work.
    finish.WORTH_FORKING = reading.WORTH_FORKING = min(records, 300)
    write_digest(folder, records, 1)
    output = folder / "out"
    wanted = []
    for number, title in enumerate(TITLES):
        configure(folder, title)
        clean = folder / f"clean{number}"
        run(folder, clean)
        wanted.append(files(clean))
    started = time.monotonic()
    run(folder, output)
    seconds = time.monotonic() - started
    wrong: list[str] = []
    killed = 0
    for number in range(rounds):
        configure(folder, TITLES[number % 2])
        if number % FORGET_EVERY == 0:
            shutil.rmtree(output / ".tidings/cache", ignore_errors=True)
        killed += killed_after(dice.uniform(0, seconds), folder, output)
        if not run(folder, output).ok:
            wrong.append(f"round {number}: not built")
        elif files(output) != wanted[number % 2]:
            wrong.append(f"round {number}: another site")
        if list((output / ".tidings").glob("staged-*")):
            wrong.append(f"round {number}: files left over")
    print(json.dumps({"killed": killed, "wrong": wrong}))  # noqa: T201 - what it is asked for.
    return 1 if wrong else 0


def configure(folder: Path, title: str) -> None:
    """Gives the site its title; search has an engine of its own, and takes most of the time."""
    text = f'[site]\ntitle = "{title}"\n[search]\nenabled = false\n'
    (folder / "tidings.toml").write_text(text, encoding="utf-8")


def run(folder: Path, output: Path) -> BuildReport:
    """One build."""
    return build(BuildRequest(folder, output, CLOCK, jobs=2))


def killed_after(seconds: float, folder: Path, output: Path) -> bool:
    """Whether a build had not ended by itself after this time; it is killed then."""
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            run(folder, output)
        finally:
            os._exit(0)
    time.sleep(seconds)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # It has not come so far as to lead a group.
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def files(output: Path) -> dict[str, bytes]:
    """All files of the output by path, without the builder's own notes."""
    return {
        path: file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
        and not (path := file.relative_to(output).as_posix()).startswith(".tidings/")
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
