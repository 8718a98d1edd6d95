"""`tidings publish` to a folder that keeps releases, and back again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from conftest import FullDisk
from publish_sites import PublishSite, broken_links, codes
from test_ssh_target import OTHER

from tidings.publish import releases
from tidings.publish.report import Surroundings
from tidings.publish.target import LOCK


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of four records, not yet published."""
    site = PublishSite(tmp_path, type="folder", path=str(tmp_path / "live"), releases=3)
    site.stories(4)
    return site


@pytest.fixture
def shown(site: PublishSite) -> Path:
    """What the web server shows."""
    return site.live / "current"


def names(site: PublishSite) -> list[str]:
    """The releases that are kept, oldest first."""
    return sorted(place.name for place in (site.live / "releases").iterdir())


def test_current_leads_to_the_site(site: PublishSite, shown: Path) -> None:
    report = site.published()
    assert site.files(shown.resolve()) == site.made()
    assert names(site) == [report.release]
    assert shown.readlink() == Path("releases") / report.release
    assert broken_links(shown) == []


def test_the_last_releases_are_kept_and_unchanged_files_take_no_room(
    site: PublishSite, shown: Path
) -> None:
    made = []
    for version in range(5):
        site.stories(4, version)
        made.append(site.published().release)
    assert names(site) == made[-3:]
    (style,) = shown.glob("static/style.*.css")
    # Three releases share it, and the tree that becomes the next one.
    assert style.stat().st_nlink == 4


def test_a_release_that_went_becomes_the_next_one(site: PublishSite, shown: Path) -> None:
    for version in range(3):
        site.stories(4, version)
        site.published()
    oldest = (site.live / "releases" / names(site)[0]).stat().st_ino
    site.stories(4, 3)
    site.published()
    before = {path: (shown / path).stat().st_ino for path in site.files(shown.resolve())}
    site.stories(4, 4)
    site.published()
    assert (site.live / "releases" / names(site)[-1]).stat().st_ino == oldest
    assert site.files(shown.resolve()) == site.made()
    # What has not changed since the release before is shared with it.
    after = {path: (shown / path).stat().st_ino for path in site.files(shown.resolve())}
    assert len(after.items() & before.items()) > len(after) // 4


def test_a_publish_that_fails_takes_no_release_away(
    site: PublishSite, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in range(5):
        site.stories(4, version)
        site.published()
    kept = names(site)
    site.stories(4, 5)

    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("tidings.publish.releases.read_put", fail)
        assert not site.publish().ok
    assert names(site) == kept
    site.published()
    assert site.files(shown.resolve()) == site.made()


def test_a_release_that_is_a_link_is_not_followed(site: PublishSite, shown: Path) -> None:
    archive = site.live.parent / "archive"
    site.published()
    (site.live / "releases" / names(site)[0]).rename(archive)
    (site.live / "releases" / "20200101T000000000Z-00000000").symlink_to(archive)
    site.live.joinpath("current").unlink()
    (archive / "precious").write_text("mine")
    for version in range(5):
        site.stories(4, version)
        site.published()
    assert (archive / "precious").read_text() == "mine"
    assert site.files(shown.resolve()) == site.made()


def test_rollback_goes_back_at_once_and_the_next_publish_forward_again(
    site: PublishSite, shown: Path
) -> None:
    first = site.published().release
    before = site.files(shown.resolve())
    site.stories(5, version=1)
    site.published()
    report = site.publish(rollback=True)
    assert (report.exit_code, report.release) == (0, first)
    assert site.files(shown.resolve()) == before
    site.published()
    assert site.files(shown.resolve()) == site.made()
    assert len(names(site)) == 3


def test_a_release_that_was_rolled_away_is_never_gone_back_to(site: PublishSite) -> None:
    made = []
    for version in range(3):
        site.stories(4, version)
        made.append(site.published().release)
    bad = made[2]
    assert site.published(rollback=True).release == made[1]
    site.stories(4, 3)
    mended = site.published().release
    # Three may be kept; the bad one goes first, and both good ones before it stay.
    assert names(site) == [*made[:2], mended]
    assert site.published(rollback=True).release == made[1]
    site.stories(4, 4)
    last = site.published().release
    assert bad not in names(site)
    assert site.published(rollback=True).release == made[1]
    assert site.published(rollback=True).release == made[0]
    assert last > mended


def test_after_a_rollback_to_the_first_release_there_is_none_before(
    site: PublishSite, shown: Path
) -> None:
    first = site.published().release
    site.stories(4, 1)
    bad = site.published().release
    site.published(rollback=True)
    site.stories(4, 2)
    site.published()
    assert site.published(rollback=True).release == first
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert shown.readlink().name == first
    assert bad in names(site), "there was room for it"


def test_a_release_that_was_never_shown_is_never_gone_back_to(
    site: PublishSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site.published().release
    site.stories(4, 1)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(releases.Releases, "_switch", fail)
        assert not site.publish().ok
    assert len(names(site)) == 2
    site.stories(4, 2)
    site.published()
    assert site.published(rollback=True).release == first


def test_releases_of_an_earlier_version_go_back_by_their_names(site: PublishSite) -> None:
    made = []
    for version in range(3):
        site.stories(4, version)
        made.append(site.published().release)
    for name in made:
        (site.live / "releases" / name / ".tidings" / "earlier.json").unlink()
    site.stories(4, 3)
    made.append(site.published().release)
    assert names(site) == made[1:]
    assert site.published(rollback=True).release == made[2]
    assert site.published(rollback=True).release == made[1]


def test_there_may_be_nothing_to_go_back_to(site: PublishSite, shown: Path) -> None:
    site.published()
    before = shown.readlink()
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert shown.readlink() == before


def test_old_releases_are_never_written_to(site: PublishSite, shown: Path) -> None:
    site.published()
    old = shown.resolve()
    before = site.files(old)
    site.stories(5, version=1)
    site.published()
    assert site.files(old) == before


def test_files_of_others_come_along(site: PublishSite, shown: Path) -> None:
    site.published()
    (shown / "mine.txt").write_text("mine")
    (shown / "link").symlink_to("mine.txt")
    site.stories(5)
    site.published()
    assert (shown / "mine.txt").read_text() == "mine"
    assert (shown / "link").readlink() == Path("mine.txt")


def test_without_hard_links_files_are_copied(
    site: PublishSite, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()

    def refused(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(releases.os, "link", refused)
    site.stories(5)
    site.published()
    assert site.files(shown.resolve()) == site.made()


def test_a_folder_named_current_is_not_replaced(site: PublishSite, shown: Path) -> None:
    shown.mkdir(parents=True)
    (shown / "index.html").write_text("somebody's own page")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert (shown / "index.html").read_text() == "somebody's own page"


def test_only_one_publishes_at_a_time(site: PublishSite, shown: Path) -> None:
    site.published()
    before, release = site.files(shown.resolve()), shown.readlink()
    (site.live / LOCK).write_text(OTHER)
    site.stories(5)
    for asked in ({}, {"rollback": True}):
        report = site.publish(**asked)
        assert (report.exit_code, codes(report)) == (2, ["target-busy"])
        assert "ann on elsewhere" in report.diagnostics[0].message
    assert (site.files(shown.resolve()), shown.readlink()) == (before, release)
    site.published(break_lock=True)
    assert site.files(shown.resolve()) == site.made()


def test_a_full_disk_leaves_the_release_before(
    site: PublishSite, shown: Path, full_disk: FullDisk
) -> None:
    site.published()
    before, release = site.files(shown.resolve()), shown.readlink()
    site.stories(6, version=1)
    with full_disk():
        report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert (site.files(shown.resolve()), shown.readlink()) == (before, release)
    site.published()
    assert site.files(shown.resolve()) == site.made()
    assert len(names(site)) == 2


def test_releases_follow_each_other_though_the_clock_was_set_back(
    site: PublishSite,
) -> None:
    clock = [dt.datetime(2031, 1, 1, tzinfo=dt.UTC)]
    around = Surroundings(now=lambda: clock[0])
    made = []
    for version in range(4):
        site.stories(4, version=version)
        made.append(site.publish(around).release)
        clock[0] = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert sorted(set(made)) == made
    assert site.published(rollback=True).release == made[2]
