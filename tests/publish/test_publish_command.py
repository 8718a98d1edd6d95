"""`tidings publish` on the command line: what is said, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from publish_sites import PublishSite

from tidings.cli import commands
from tidings.publish.changes import Change
from tidings.publish.report import Surroundings
from tidings.publish.target import Kind


class Answer(NamedTuple):
    """What the command said."""

    code: int
    text: str
    errors: str


def run(site: PublishSite, *arguments: str, **environment: str | None) -> Answer:
    """Runs `tidings publish` on the site."""
    given = ["publish", "--source", str(site.source), "--clock=2025-06-01T12:00:00Z"]
    environment["GITHUB_ACTIONS"] = None
    done = CliRunner().invoke(commands, [*given, *arguments], env=environment)
    return Answer(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of four records, not yet published."""
    site = PublishSite(tmp_path)
    site.stories(4)
    return site


def test_it_says_what_was_done(site: PublishSite) -> None:
    answer = run(site, "live")
    count = len(site.made())
    assert (answer.code, answer.errors) == (0, "")
    line = answer.text.splitlines()[-1]
    assert line.startswith(f"Published to live (folder {site.live}): {count} new, ")
    assert "kB in " in line
    again = run(site)
    assert again.text.splitlines()[-2] == "The target holds this very site already"
    assert again.text.splitlines()[-1].startswith(
        f"Nothing to do for live (folder {site.live})"
    )


def test_what_will_change_is_shown_before_it_does(site: PublishSite) -> None:
    run(site)
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    shown: list[tuple[str, bool]] = []

    def show(changes: tuple[Change, ...]) -> None:
        there = (site.live / "2024/01/04/another-story/index.html").exists()
        shown.extend((str(change.kind), there) for change in changes)

    config = (site.source / "tidings.toml").read_text()
    site.published(around=Surroundings(show=show))
    assert {kind for kind, _ in shown} >= {"new pages", "changed pages", "deletes"}
    assert not any(there for _, there in shown)
    site.news("3", "One story more", "2024-01-04T10:00:00Z", topics=["Odd"])
    lines = run(site).text.splitlines()
    kinds = [re.sub(r", .*", "", line) for line in lines if re.match(r"\w.*: \d+ files?", line)]
    assert {"new pages", "deletes"} <= {line.partition(":")[0] for line in kinds}
    assert not [line for line in lines if line.startswith("  ")]
    site.write("tidings.toml", config)
    assert not [line for line in run(site).text.splitlines() if " files, " in line]


def test_a_dry_run_lists_everything_by_kind_and_reason(site: PublishSite) -> None:
    run(site)
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    before = site.files(site.live)
    answer = run(site, "--dry-run")
    assert answer.code == 0
    lines = answer.text.splitlines()
    kinds = [found.group(1) for line in lines if (found := re.match(r"(.*): \d+ files?", line))]
    assert kinds == [kind for kind in Kind if kind in kinds]
    assert {"new pages", "changed pages", "lists and front", "deletes"} <= set(kinds)
    assert lines[-1].startswith(f"Would publish to live (folder {site.live}): ")
    assert "  + 2024/01/04/another-story/index.html  (not there yet)" in answer.text
    assert "  ~ index.html  (its bytes differ)" in answer.text
    gone = "2024/01/04/story-3-of-version-0/index.html"
    assert f"  - {gone}  (no longer part of the site)" in answer.text
    assert site.files(site.live) == before


def test_json_is_one_object_and_nothing_else(site: PublishSite) -> None:
    answer = run(site, "--json")
    assert (answer.code, answer.errors) == (0, "")
    found = json.loads(answer.text)
    made = site.made()
    assert (found["ok"], found["target"], found["uploaded"]) == (True, "live", len(made))
    assert found["sent_bytes"] == sum(len(data) for data in made.values())
    assert sum(kind["files"] for kind in found["kinds"]) == len(made)
    assert {change["path"] for change in found["changes"]} == set(made)
    assert found["counts"]["records"] == 4
    assert found["release"]


def test_json_of_a_refusal(site: PublishSite) -> None:
    answer = run(site, "--json", "--base-url", "http://localhost/")
    assert (answer.code, answer.errors) == (1, "")
    found = json.loads(answer.text)
    assert not found["ok"]
    assert [each["code"] for each in found["diagnostics"]] == ["not-for-the-public"]


def test_without_a_target_it_says_how_to_write_one(site: PublishSite) -> None:
    site.write("tidings.toml", "")
    answer = run(site)
    assert answer.code == 2
    assert "error[unknown-target]: there is no target to publish to" in answer.errors
    assert "[publish.production]" in answer.errors


def test_of_several_targets_one_must_be_named(site: PublishSite) -> None:
    config = (site.source / "tidings.toml").read_text()
    site.write("tidings.toml", config + '[publish.staging]\ntype = "folder"\npath = "s"\n')
    assert "name one of them: live, staging" in run(site).errors
    answer = run(site, "stagging")
    assert (answer.code, 'did you mean "staging"?' in answer.errors) == (2, True)
    assert run(site, "staging").code == 0
    assert (site.source / "s/index.html").exists()


def test_a_mistake_in_the_settings_is_told_with_its_line(site: PublishSite) -> None:
    site.target(type="folder", pth="x")
    answer = run(site)
    assert answer.code == 2
    assert 'tidings.toml:5:1: error[unknown-setting]: [publish.live] has no setting "pth"' in (
        answer.errors
    )


def test_errors_of_the_content_publish_nothing_under_strict(site: PublishSite) -> None:
    site.write("content/news/broken.md", "no front matter")
    answer = run(site, "--strict")
    assert answer.code == 1
    assert "error[no-front-matter]" in answer.errors
    assert answer.text.splitlines()[-1] == "Not published, 1 error"
    assert not site.live.exists()


def test_rollback_goes_with_nothing_else(site: PublishSite) -> None:
    assert run(site, "--rollback", "--dry-run").code == 2


def test_rollback_says_what_is_shown_now(site: PublishSite) -> None:
    site.target(type="folder", path=str(site.live), releases=2)
    run(site)
    first = (site.live / "current").readlink().name
    site.stories(5)
    run(site)
    answer = run(site, "--rollback")
    assert (answer.code, answer.errors) == (0, "")
    assert answer.text == f"Rolled back: live (folder {site.live}, releases) shows {first}\n"


def test_what_serve_or_a_build_left_is_never_published(site: PublishSite) -> None:
    site.write("site/index.html", "a stale page")
    site.built(output=site.source / "site2", base_url="http://localhost:8000/")
    assert run(site).code == 0
    assert b"localhost" not in b"".join(site.files(site.live).values())


def test_our_own_folder_stays_out_of_the_users_repository(site: PublishSite) -> None:
    run(site)
    assert (site.source / ".tidings/.gitignore").read_text() == "*\n"


def test_nothing_of_the_environment_is_said_or_kept(site: PublishSite) -> None:
    secrets = {"AWS_SECRET_ACCESS_KEY": "sEcReT", "GIT_ASKPASS": "sEcReT", "USER": "sEcReT"}
    said = [run(site, flag, **secrets) for flag in ("--dry-run", "--json", "--yes")]
    assert "sEcReT" not in repr(said)
    kept = [file for file in site.folder.rglob("*") if file.is_file()]
    assert [file for file in kept if b"sEcReT" in file.read_bytes()] == []


def test_progress_counts_bytes_and_files_to_the_end(site: PublishSite) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    def progress(phase: str, done: int, total: int) -> None:
        told.setdefault(phase, []).append((done, total))

    for releases in (0, 2):
        site.target(type="folder", path=str(site.folder / f"to{releases}"), releases=releases)
        told.clear()
        report = site.published(around=Surroundings(progress=progress))
        for phase, whole in (("upload", report.sent_bytes), ("files", report.uploaded)):
            counted = [done for done, _ in told[phase]]
            assert counted == sorted(counted)
            done, total = told[phase][-1]
            assert done == total >= whole > 0
        assert len(told["files"]) >= report.uploaded


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals there")
def test_a_terminal_shows_bars_of_bytes_and_files(site: PublishSite) -> None:
    import pty

    ours, theirs = pty.openpty()
    # The program as it is, but for its patience with short builds.
    patient = "from tidings.cli import main, progress; progress.PATIENCE = 0.0; main()"
    command = [sys.executable, "-c", patient, "publish", "--source", str(site.source)]
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    assert re.search(r"upload .*\d+(\.\d+)?/\d+(\.\d+)? kB", shown.decode())
    assert re.search(r"files .*\d+/\d+", shown.decode())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other side is closed.
        return b""
