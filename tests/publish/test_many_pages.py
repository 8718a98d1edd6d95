"""One changed record of 10,000: what it takes at each type of target, counted and not timed.

The target notes name 10,000 pages, of which not one is there: whoever asked for one of them,
or listed them, would be found out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SshServer
from fixture_site import CLOCK
from publish_sites import PublishSite
from remote_sites import BUCKET, KEYS, ask, s3_server, s3_settings, ssh_settings

from tidings.engine.report import BuildRequest
from tidings.model.publishing import S3Target
from tidings.output.manifest import digest_of
from tidings.publish.course import Course
from tidings.publish.published import Published, Sent, encode_notes
from tidings.publish.report import PublishRequest, Surroundings
from tidings.publish.run import take_there
from tidings.publish.s3_objects import manner_of
from tidings.publish.settings import choose_target
from tidings.publish.target import MANIFEST

PAGES = 10_000
NEW = "2024/02/01/the-record/index.html"
GONE = "2024/02/01/its-old-title/index.html"
CHANGED = ("2024/01/01/story-1/index.html", "feed.xml", "index.html", "topics/even/index.html")
FILES = len(CHANGED) + 2
"""Files that differ: changed ones, a new one, and one that goes."""
HANDFUL = 12
"""Requests beside those: the lock, the manifest and the notes, each got, put and taken away."""


class Requests(list[str]):
    """What this process did with files below a folder, and the programs that it started."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._on, self._place = True, str(place)
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._on or event == "os.putenv":
            return
        if event == "subprocess.Popen":
            self.append(f"{event} {arguments[1]}")  # Its environment may hold secrets.
        elif any(self._place in str(each) for each in arguments):
            self.append(f"{event} {arguments}")

    def stop(self) -> Requests:
        """Hears no more; hooks cannot be taken away."""
        self._on = False
        return self


def before() -> dict[str, Sent]:
    """The files of the last publish."""
    pages = [
        f"2024/01/{number % 28 + 1:02}/story-{number}/index.html" for number in range(PAGES)
    ]
    return {
        path: Sent(digest_of(path.encode()), len(path)) for path in (*pages, *CHANGED, GONE)
    }


def notes(manner: str = "") -> bytes:
    """The manifest that the last publish left."""
    release = "20240101T000000000Z-00000000"
    return encode_notes(Published(release=release, files=before(), manner=manner))


def publish(folder: Path, target: dict[str, object]) -> None:
    """Publish what has changed since; only that is built at all."""
    site = PublishSite(folder, **target)
    work = site.source / ".tidings/publish/live"
    built = {path: sent for path, sent in before().items() if path != GONE}
    for path in (*CHANGED, NEW):
        file, data = work / "site" / path, f"new {path}".encode()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        built[path] = Sent(digest_of(data), len(data))
    asked = BuildRequest(source=site.source, output=work / "site", clock=CLOCK)
    course = Course(PublishRequest(build=asked), Surroundings())
    chosen = choose_target(course.request).value
    assert chosen is not None
    assert take_there(chosen, built, work, course) == 0, course.diagnostics
    report = course.report(0)
    assert (report.uploaded, report.deleted) == (len(CHANGED) + 1, 1)


def test_few_steps_at_a_folder(tmp_path: Path) -> None:
    live = tmp_path / "live"
    (live / MANIFEST).parent.mkdir(parents=True)
    (live / MANIFEST).write_bytes(notes())
    requests = Requests(live)
    publish(tmp_path, {"type": "folder", "path": str(live)})
    made = requests.stop()
    assert not [
        each
        for each in made
        if each.startswith(("os.scandir", "os.listdir")) and "incoming" not in each
    ]
    # Each file is written beside and renamed, in up to four folders that are made.
    assert len(made) <= 7 * (FILES + HANDFUL), made
    assert (live / NEW).exists()


def test_few_files_are_new_in_a_release(tmp_path: Path) -> None:
    """All others are links to those of the release before; none of them is opened."""
    live = tmp_path / "live"
    release = live / "releases/20240101T000000000Z-00000000"
    for path, data in ((MANIFEST, notes()), ("2024/01/01/story-0/index.html", b"as it was")):
        (release / path).parent.mkdir(parents=True, exist_ok=True)
        (release / path).write_bytes(data)
    (live / "current").symlink_to(f"releases/{release.name}")
    requests = Requests(live)
    publish(tmp_path, {"type": "folder", "path": str(live), "releases": 2})
    made = requests.stop()
    opened = [each for each in made if each.startswith("open ")]
    assert not [each for each in opened if "story-0" in each]
    assert len(opened) <= FILES + HANDFUL, opened
    kept = live / "current/2024/01/01/story-0/index.html"
    assert kept.stat().st_nlink == 2
    assert (live / "current" / NEW).exists()


def test_few_programs_for_a_branch(tmp_path: Path) -> None:
    bare, work = tmp_path / "bare", tmp_path / "work"
    (work / MANIFEST).parent.mkdir(parents=True)
    (work / MANIFEST).write_bytes(notes())
    git = ["git", "-C", str(work), "-c", "user.name=A", "-c", "user.email=a@a.a"]
    for command in (
        ["git", "init", "-q", "--bare", str(bare)],
        [*git, "init", "-q"],
        [*git, "add", "."],
        [*git, "commit", "-q", "-m", "published"],
        [*git, "push", "-q", str(bare), "HEAD:refs/heads/gh-pages"],
    ):
        subprocess.run(command, check=True)
    requests = Requests(bare)
    publish(tmp_path, {"type": "git", "remote": str(bare)})
    made = [each for each in requests.stop() if each.startswith("subprocess.Popen")]
    assert len(made) <= FILES + HANDFUL, made
    far = ("'ls-remote'", "'fetch'", "'push'")
    asked = [each for each in made if any(name in each for name in far)]
    assert len(asked) == 3, asked


@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed")
def test_few_programs_over_ssh(tmp_path: Path, ssh_server: SshServer) -> None:
    live = tmp_path / "live"
    (live / MANIFEST).parent.mkdir(parents=True)
    (live / MANIFEST).write_bytes(notes())
    requests = Requests(tmp_path / "nothing")
    publish(tmp_path, ssh_settings(ssh_server, live))
    made = requests.stop()
    assert len([each for each in made if "Popen ['rsync'" in each]) == 4  # One for each stage.
    assert len(made) <= FILES + HANDFUL, made
    assert (live / NEW).exists()


def test_few_requests_to_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for needed in ("obstore", "moto", "flask"):
        pytest.importorskip(needed)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    log = tmp_path / "log"
    with s3_server(log) as address:
        manner = manner_of(S3Target(url=f"s3://{BUCKET}").page_seconds)
        ask(f"{address}/{BUCKET}/site/{MANIFEST}", "PUT", notes(manner))
        heard = len(log.read_text().splitlines())
        publish(tmp_path, s3_settings(address, "site"))
        lines: list[Any] = log.read_text().splitlines()[heard:]
    made = [line.split('"')[1] for line in lines if '"' in line]
    assert FILES < len(made) <= FILES + HANDFUL, made
    assert not [each for each in made if "list-type" in each]
    assert [NEW in each for each in made if "HEAD" in each] == [True]
    assert not [each for each in made if each.startswith("GET") and "/.tidings/" not in each]
