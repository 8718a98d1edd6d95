"""Publishes that are killed at any point: the site stays whole, the same command finishes.

Meanwhile a reader goes through the site again and again and follows every link.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from remote_sites import BUCKET, KEYS, SshServer, s3_server, s3_settings, ssh_settings

HERE = Path(__file__).parent
POINTS = 50
"""Publishes that are killed of each type of target; `make conformance` kills 200 others."""
KILLS = [(POINTS, 1), pytest.param(200, 2, marks=pytest.mark.conformance)]

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9"),
    pytest.mark.parametrize(("points", "seed"), KILLS),
]


@contextmanager
def reader(root: str) -> Iterator[dict[str, Any]]:
    """A reader of the site; what he met is there when the block has ended."""
    met: dict[str, Any] = {}
    command = [sys.executable, str(HERE / "reading.py"), root]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield met
        finally:
            said, _ = process.communicate("stop\n")
            met.update(json.loads(said))


def publish_and_kill(
    folder: Path, target: dict[str, object], root: str, points: int, seed: int
) -> None:
    """Kills so many publishes while the site is read; nothing may be wrong at any moment."""
    command = [sys.executable, str(HERE / "kills.py"), str(folder), json.dumps(target), root]
    with reader(root) as met:
        done = subprocess.run(
            [*command, str(points), str(seed)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **KEYS},
        )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == [], done.stderr
    assert found["killed"] == points
    assert met["broken"] == []
    assert met["rounds"] >= 5


def test_kills_at_a_folder(tmp_path: Path, points: int, seed: int) -> None:
    live = tmp_path / "live"
    target = {"type": "folder", "path": str(live)}
    publish_and_kill(tmp_path, target, str(live), points, seed)


def test_kills_at_releases(tmp_path: Path, points: int, seed: int) -> None:
    live = tmp_path / "live"
    target = {"type": "folder", "path": str(live), "releases": 3}
    publish_and_kill(tmp_path, target, str(live / "current"), points, seed)


def test_kills_at_a_branch(tmp_path: Path, points: int, seed: int) -> None:
    """Readers are shown the branch's newest commit, as a host shows it."""
    bare = tmp_path / "bare"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    target = {"type": "git", "remote": str(bare)}
    publish_and_kill(tmp_path, target, f"branch:{bare}", points, seed)


@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed")
def test_kills_over_ssh(tmp_path: Path, ssh_server: SshServer, points: int, seed: int) -> None:
    live = tmp_path / "live"
    publish_and_kill(tmp_path, ssh_settings(ssh_server, live), str(live), points, seed)


def test_kills_at_a_bucket(tmp_path: Path, points: int, seed: int) -> None:
    for needed in ("obstore", "moto", "flask"):
        pytest.importorskip(needed)
    with s3_server(tmp_path / "log") as address:
        root = f"{address}/{BUCKET}/site"
        publish_and_kill(tmp_path, s3_settings(address, "site"), root, points, seed)
