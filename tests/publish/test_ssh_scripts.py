"""The scripts that an `ssh` target runs, tried by this machine's own shell."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from tidings.publish.lock import Claim, encode_claim
from tidings.publish.ssh_scripts import (
    MARK,
    OVERTAKEN,
    delete_commands,
    put_commands,
    survey_script,
    take_over_script,
    take_script,
    work_script,
)
from tidings.publish.target import LOCK, NOTES, PENDING

pytestmark = pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
NOW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
OURS = Claim("ann", "here", 1, "aaaa", NOW, NOW)
THEIRS = Claim("bob", "there", 2, "bbbb", NOW, NOW)
ODD = ("-rf", "a b", "it's", '$(touch oops) "x"', "ü/#.html", "~", "a;b&c", "back\\slash")


def run(script: bytes) -> subprocess.CompletedProcess[bytes]:
    """What the shell makes of the script."""
    return subprocess.run(["sh", "-s"], input=script, capture_output=True, check=False)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A folder whose lock is ours."""
    folder = tmp_path / "it's $(the) place"
    assert run(take_script(str(folder), OURS)).returncode == 0
    return folder


def test_a_script_whose_end_got_lost_does_nothing(top: Path) -> None:
    (top / "page.html").write_text("old")
    commands = [
        *put_commands(PENDING, b'{"version": 1}\n', OURS),
        *delete_commands(["page.html"]),
    ]
    script = work_script(str(top), OURS, commands)
    before = {path.name for path in (top / NOTES).iterdir()}
    for end in range(0, len(script) - 2, 7):
        run(script[:end])
        assert (top / "page.html").exists(), script[:end]
        assert {path.name for path in (top / NOTES).iterdir()} == before, script[:end]
    assert run(script).returncode == 0
    assert not (top / "page.html").exists()
    assert (top / PENDING).exists()


def test_no_name_is_more_than_a_name(top: Path) -> None:
    for name in ODD:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text("x")
    (top / "kept").mkdir()
    answer = run(survey_script(str(top), [*ODD, "kept", "nothing"]))
    told = answer.stdout.partition(MARK)[2].decode()
    assert {line[1:] for line in told.splitlines() if line.startswith("=")} == {*ODD, "kept"}
    assert run(work_script(str(top), OURS, delete_commands([*ODD, "kept"]))).returncode == 0
    assert {path.name for path in top.iterdir()} == {NOTES, "kept"}
    assert not Path("oops").exists()


def test_nobody_works_on_with_a_lock_that_he_lost(top: Path) -> None:
    (top / "page.html").write_text("theirs")
    (top / LOCK).write_bytes(encode_claim(THEIRS))
    answer = run(work_script(str(top), OURS, delete_commands(["page.html"])))
    assert answer.returncode == OVERTAKEN
    assert (top / "page.html").exists()


def test_a_lock_is_taken_over_only_as_it_was_seen(top: Path) -> None:
    run(take_script(str(top), THEIRS))
    assert (top / LOCK).read_bytes() == encode_claim(OURS)
    run(take_over_script(str(top), THEIRS, b"something else\n"))
    assert (top / LOCK).read_bytes() == encode_claim(OURS)
    run(take_over_script(str(top), THEIRS, encode_claim(OURS)))
    assert (top / LOCK).read_bytes() == encode_claim(THEIRS)
    assert {path.name for path in (top / NOTES).iterdir()} <= {
        "incoming",
        "working",
        Path(LOCK).name,
    }
