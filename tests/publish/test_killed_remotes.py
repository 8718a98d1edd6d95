"""Publishes to other machines that are killed at any point: the site stays whole.

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
KILLS = [12, pytest.param(50, marks=pytest.mark.conformance)]
"""Kills of one test. Fifty take a minute for each kind, so they are in `make conformance`."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")


@contextmanager
def reader(root: str, program: str) -> Iterator[dict[str, Any]]:
    """A reader of the site; what he met is there when the block has ended."""
    met: dict[str, Any] = {}
    command = [sys.executable, str(HERE / program), root]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield met
        finally:
            said, _ = process.communicate("stop\n")
            met.update(json.loads(said))


def publish_and_kill(
    folder: Path, target: dict[str, object], root: str, points: int
) -> dict[str, Any]:
    """Kills so many publishes; how many were hit and what went wrong."""
    command = [sys.executable, str(HERE / "remote_kills.py"), str(folder), json.dumps(target)]
    done = subprocess.run(
        [*command, root, str(points), "1"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **KEYS},
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["wrong"] == [], done.stderr
    return found


@pytest.mark.parametrize("points", KILLS)
@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed")
def test_over_ssh(tmp_path: Path, ssh_server: SshServer, points: int) -> None:
    pytest.importorskip("obstore")
    live = tmp_path / "live"
    with reader(str(live), "reading.py") as met:
        found = publish_and_kill(tmp_path, ssh_settings(ssh_server, live), str(live), points)
    # Some publishes end before their kill.
    assert found["killed"] >= points // 2
    assert met["broken"] == []
    assert met["rounds"] > points


@pytest.mark.parametrize("points", KILLS)
def test_to_a_bucket(tmp_path: Path, points: int) -> None:
    for needed in ("obstore", "moto", "flask"):
        pytest.importorskip(needed)
    with s3_server(tmp_path / "log") as address:
        root = f"{address}/{BUCKET}/site"
        with reader(root, "remote_reading.py") as met:
            found = publish_and_kill(tmp_path, s3_settings(address, "site"), root, points)
    # Some publishes end before their kill.
    assert found["killed"] >= points // 2
    assert met["broken"] == []
    assert met["rounds"] >= 5
