"""What a program and all its children cost: wall time, processor time, peak memory.

Processor time comes from the kernel's account of the program and of every child that was waited
for. Memory is sampled: shared pages of forked workers are divided among them (PSS), so that the
sum over the processes is what the machine really holds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

INTERVAL = 0.02
"""Seconds between two samples of memory."""
SHARE = 10
"""A sample may take one part in so many of the time, lest measuring slows what is measured."""
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(msgspec.Struct, frozen=True):
    """What one run cost."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all processes together."""
    peak: int
    """Bytes of all processes together; 0 where the system does not say."""


class Finished(msgspec.Struct, frozen=True):
    """A program that has ended."""

    cost: Cost
    code: int
    output: str
    errors: str


class MemoryWatch(threading.Thread):
    """Follows the memory of a process group until it is told to stop; `peak` is in bytes."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self.group = group
        self.peak = 0
        self._done = threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self._done.wait(pause):
            began = time.perf_counter()
            self.peak = max(self.peak, sum(map(memory_of, members(self.group))))
            pause = max(INTERVAL, SHARE * (time.perf_counter() - began))

    def stop(self) -> int:
        """The peak."""
        self._done.set()
        self.join()
        return self.peak


def measure(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None
) -> Finished:
    """Runs a program to its end and says what it cost and what it said."""
    environment = {**os.environ, **(variables or {})}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        watch = MemoryWatch(process.pid)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            end_group(process.pid)
            raise
        wall = time.perf_counter() - began
        # Popen must not wait for it once more.
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    cost = Cost(wall, usage.ru_utime + usage.ru_stime, watch.stop())
    return Finished(cost, process.returncode, texts[0], texts[1])


def members(group: int) -> list[int]:
    """The processes of a group that live now; none where there is no `/proc`."""
    found = []
    for name in os.listdir("/proc") if Path("/proc").is_dir() else ():  # noqa: PTH208 (quick)
        # Children have higher numbers than their leader, but when the counter starts anew. To
        # skip all lower ones keeps a sample short on a machine with many processes.
        if name.isdigit() and int(name) >= group:
            fields = _stat(int(name))
            if fields and int(fields[2]) == group:
                found.append(int(name))
    return found


def memory_of(process: int) -> int:
    """Bytes that a process holds, its part of shared pages included; 0 when it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def cpu_of(group: int) -> float:
    """Seconds of processor time that a group has taken so far, with children that ended."""
    ticks = 0
    for process in members(group):
        ticks += sum(map(int, _stat(process)[11:15]))
    return ticks / TICKS


def end_group(group: int) -> None:
    """Ends a process group that this program started."""
    try:
        os.killpg(group, signal.SIGTERM)
        for _ in range(100):
            if not members(group):
                return
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _stat(process: int) -> list[str]:
    """The fields of `/proc/N/stat` after the name, from the state on; see proc(5)."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
