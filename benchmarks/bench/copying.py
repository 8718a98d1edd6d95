"""The copy limit: reads all records and writes all bytes of a site, and does nothing else.

No generator that reads and writes everything can be quicker on two processes. It runs as a
program of its own, `python -I -S copying.py READ WRITE FOLDER`: each line of READ names a file
to read, each line of WRITE has a size and a path below FOLDER.
"""

from __future__ import annotations

import os
import sys
from itertools import islice

PROCESSES = 2


def main(arguments: list[str]) -> int:
    """Copies, each process its part; returns the exit code."""
    read, write, folder = arguments
    children = [start(read, write, folder, number) for number in range(1, PROCESSES)]
    copy_part(read, write, folder, 0)
    return max([0, *(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)])


def start(read: str, write: str, folder: str, number: int) -> int:
    """The number of a process that copies one part."""
    child = os.fork()
    if not child:
        copy_part(read, write, folder, number)
        os._exit(0)
    return child


def copy_part(read: str, write: str, folder: str, number: int) -> None:
    """Reads and writes every second file. Plain system calls: the limit has no comfort."""
    with open(read, encoding="utf-8") as names:  # noqa: PTH123 (pathlib costs imports)
        for name in islice(names, number, None, PROCESSES):
            file = os.open(name.rstrip("\n"), os.O_RDONLY)
            while os.read(file, 1 << 20):
                pass
            os.close(file)
    # Not zeros, which some file systems store as nothing.
    stock = os.urandom(1 << 20)
    made: set[str] = set()
    with open(write, encoding="utf-8") as names:  # noqa: PTH123
        for line in islice(names, number, None, PROCESSES):
            size, _, name = line.rstrip("\n").partition(" ")
            parent, _, _ = name.rpartition("/")
            if parent not in made:
                os.makedirs(f"{folder}/{parent}", exist_ok=True)  # noqa: PTH103
                made.add(parent)
            file = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            left = int(size)
            while left:
                left -= os.write(file, memoryview(stock)[: min(left, len(stock))])
            os.close(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
