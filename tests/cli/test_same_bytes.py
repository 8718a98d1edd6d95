"""The same records give the same bytes, on whatever machine and in whatever order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MACHINES = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "jobs": "1"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Halifax", "LC_ALL": "C.UTF-8", "jobs": "2"},
)


def built(source: Path, machine: dict[str, str], backwards: bool) -> dict[str, bytes]:
    """The site that a machine makes of this project's content, by path."""
    files = [
        file
        for name in ("content", "static", "tidings.toml")
        for file in [ROOT / name, *(ROOT / name).rglob("*")]
        if file.is_file()
    ]
    # The order in which files are made is the order in which many disks list them.
    for file in sorted(files, reverse=backwards):
        copy = source / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    options = ["--clock=2025-01-01T00:00:00Z", "--jobs", machine["jobs"]]
    done = subprocess.run(
        [sys.executable, "-m", "tidings", "build", *options],
        cwd=source,
        env={**os.environ, **machine},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    site = source / "site"
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in site.rglob("*")
        # What builds keep for the next one holds the times of files.
        if file.is_file() and ".tidings/cache/" not in file.as_posix()
    }


def test_two_machines_make_the_same_site(tmp_path: Path) -> None:
    one = built(tmp_path / "one", MACHINES[0], backwards=False)
    other = built(tmp_path / "other" / "deeper", MACHINES[1], backwards=True)
    assert len(one) > 100
    assert sorted(one) == sorted(other)
    assert [path for path in one if one[path] != other[path]] == []
