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
POINTS = 50

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


def publish_and_kill(folder: Path, target: dict[str, object], root: str) -> dict[str, Any]:
    """Kills so many publishes; how many were hit and what went wrong."""
    command = [sys.executable, str(HERE / "remote_kills.py"), str(folder), json.dumps(target)]
    done = subprocess.run(
        [*command, root, str(POINTS), "1"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **KEYS},
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["wrong"] == [], done.stderr
    return found


@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed")
def test_over_ssh(tmp_path: Path, ssh_server: SshServer) -> None:
    pytest.importorskip("obstore")
    live = tmp_path / "live"
    with reader(str(live), "reading.py") as met:
        found = publish_and_kill(tmp_path, ssh_settings(ssh_server, live), str(live))
    assert found["killed"] >= POINTS * 8 // 10
    assert met["broken"] == []
    assert met["rounds"] > POINTS


def test_to_a_bucket(tmp_path: Path) -> None:
    for needed in ("obstore", "moto", "flask"):
        pytest.importorskip(needed)
    with s3_server(tmp_path / "log") as address:
        root = f"{address}/{BUCKET}/site"
        with reader(root, "remote_reading.py") as met:
            found = publish_and_kill(tmp_path, s3_settings(address, "site"), root)
    assert found["killed"] >= POINTS * 8 // 10
    assert met["broken"] == []
    assert met["rounds"] >= 5
