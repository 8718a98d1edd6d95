"""Publishes that are killed at any point: the site stays whole, the same command finishes.

Meanwhile a reader goes through the site again and again and follows every link.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
KILLS = [
    ("steps", 12),
    ("times", 6),
    pytest.param("steps", 50, marks=pytest.mark.conformance),
    pytest.param("times", 12, marks=pytest.mark.conformance),
]
"""Kills at random steps, and after random times. All of them take minutes, so `make test` does
some and `make conformance` the others."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")


@contextmanager
def reader(root: Path) -> Iterator[dict[str, Any]]:
    """A reader of the site; what he met is there when the block has ended."""
    met: dict[str, Any] = {}
    command = [sys.executable, str(HERE / "reading.py"), str(root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            yield met
        finally:
            said, _ = process.communicate("stop\n")
            met.update(json.loads(said))


def publish_and_kill(
    folder: Path, target: dict[str, object], root: Path, points: int, way: str = "steps"
) -> dict[str, Any]:
    """Kills so many publishes; how many were hit and what went wrong."""
    command = [sys.executable, str(HERE / "kill_points.py"), str(folder), json.dumps(target)]
    done = subprocess.run(
        [*command, str(root), str(points), "1", way],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("way", "points"), KILLS)
def test_a_folder(tmp_path: Path, way: str, points: int) -> None:
    live = tmp_path / "live"
    with reader(live) as met:
        target = {"type": "folder", "path": str(live)}
        found = publish_and_kill(tmp_path, target, live, points, way)
    assert found["wrong"] == []
    assert found["killed"] == points
    assert met["broken"] == []
    assert met["rounds"] > points


@pytest.mark.parametrize(("way", "points"), KILLS)
def test_a_git_branch(tmp_path: Path, way: str, points: int) -> None:
    """Readers are given each state of the branch after the kill, as a host would do."""
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    target = {"type": "git", "remote": str(tmp_path / "bare")}
    found = publish_and_kill(tmp_path, target, tmp_path / "shown", points, way)
    assert found["wrong"] == []
    assert found["killed"] == points


@pytest.mark.parametrize(("way", "points"), KILLS)
def test_releases(tmp_path: Path, way: str, points: int) -> None:
    live = tmp_path / "live"
    with reader(live / "current") as met:
        target = {"type": "folder", "path": str(live), "releases": 3}
        found = publish_and_kill(tmp_path, target, live / "current", points, way)
    assert found["wrong"] == []
    assert found["killed"] == points
    assert met["broken"] == []
    assert met["rounds"] > points
