"""Reads a published site over and over until standard input ends; a process of its own.

    python reading.py ROOT

ROOT is a folder, an address, or `branch:REPOSITORY`. Writes, as JSON, how often it went through
the whole site and every broken link that it met.
"""

from __future__ import annotations

import io
import json
import select
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sites")]

from publish_sites import broken_links  # noqa: E402 - needs the path.
from remote_sites import WebRoot  # noqa: E402 - needs the path.

PAUSE = 0.005
"""Seconds between two rounds."""
BRANCH = "branch:"


class Commit:
    """A site as a host shows it that takes a branch's newest commit and shows that, whole."""

    def __init__(self, files: dict[str, bytes], path: str = "") -> None:
        self._files, self._path = files, path

    def __truediv__(self, path: str) -> Commit:
        return Commit(self._files, path)

    def read_bytes(self) -> bytes:
        """The file's bytes; OSError where there is none."""
        if self._path not in self._files:
            raise FileNotFoundError(self._path)
        return self._files[self._path]

    def listed(self) -> dict[str, bytes]:
        """All files by path."""
        return self._files


def newest(repository: str) -> Commit:
    """The newest commit of `gh-pages`; without a file where there is none."""
    git = ["git", f"--git-dir={repository}", "archive", "--format=tar", "refs/heads/gh-pages"]
    packed = subprocess.run(git, capture_output=True, check=False).stdout
    if not packed:
        return Commit({})
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        entries = [(each.name, archive.extractfile(each)) for each in archive]
        return Commit({name: file.read() for name, file in entries if file})


def shown(place: str) -> Any:
    """What a reader reads who comes to ROOT now."""
    if place.startswith(BRANCH):
        return newest(place.removeprefix(BRANCH))
    return WebRoot(place) if place.startswith("http") else Path(place)


def main(place: str) -> None:
    """Read until told to stop."""
    rounds, broken = 0, []
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        broken += broken_links(shown(place))
        rounds += 1
    print(json.dumps({"rounds": rounds, "broken": broken}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
