"""`tidings publish` to another machine over ssh; the machine is an sshd on loopback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from publish_sites import PublishSite, broken_links, codes, paths
from remote_sites import (
    BadNetwork,
    SshServer,
    key_to_a_full_disk,
    ssh_settings,
    without_notes,
)

from tidings.publish.target import LOCK, MANIFEST, PENDING

pytestmark = pytest.mark.skipif(
    shutil.which("rsync") is None, reason="rsync is not installed (Debian: rsync)"
)
OTHER = (
    '{"owner":"ann","host":"elsewhere","process":1,"token":"abc",'
    '"taken":"2024-02-01T12:00:00Z","renewed":"2999-02-01T12:00:00Z"}\n'
)


@pytest.fixture
def site(tmp_path: Path, ssh_server: SshServer) -> PublishSite:
    """A site of four records, not yet published, whose target needs quoting."""
    site = PublishSite(tmp_path)
    site.live = tmp_path / 'the site\'s $(touch oops) "place"'
    site.target(**ssh_settings(ssh_server, site.live))
    site.stories(4)
    return site


def site_files(site: PublishSite) -> dict[str, bytes]:
    """The files there but for our own notes."""
    return without_notes(site.files(site.live))


def connections(server: SshServer) -> int:
    """How often somebody has logged in."""
    log = Path(str(ssh_settings(server, "")["identity"])).with_name("log")
    return log.read_text().count("Accepted publickey")


def test_the_folder_there_then_holds_the_site(site: PublishSite) -> None:
    report = site.published()
    assert site_files(site) == site.made()
    assert report.uploaded == len(site.made())
    assert broken_links(site.live) == []
    assert not (site.live / LOCK).exists()
    assert not (site.live / PENDING).exists()
    assert (site.live / "index.html").stat().st_mode & 0o777 == 0o644


def test_one_changed_record_takes_one_connection_and_few_programs(
    site: PublishSite, ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    (untouched,) = site.live.glob("static/style.*.css")
    inode, before = untouched.stat().st_ino, connections(ssh_server)
    started: list[str] = []
    start = subprocess.Popen.__init__

    def count(self: Any, command: list[str], *rest: Any, **options: Any) -> None:
        started.append(command[0])
        start(self, command, *rest, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", count)
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    report = site.published()
    assert connections(ssh_server) == before + 1
    assert started.count("rsync") <= 5, started
    assert len(started) <= 12, started
    assert "2024/01/04/another-story/index.html" in paths(report, "new")
    assert not (site.live / "2024/01/04/story-3-of-version-0").exists()
    assert untouched.stat().st_ino == inode
    assert site_files(site) == site.made()
    assert site.published().release == ""


def test_files_of_others_stay(site: PublishSite) -> None:
    (site.live / "topics/mine").mkdir(parents=True)
    for name in ("CNAME", "topics/mine/index.html", ".well-known"):
        (site.live / name).write_text("mine")
    site.published()
    site.stories(3)
    site.remove("content/news/3.md")
    site.published(yes=True)
    assert not (site.live / "2024/01/04").exists()
    theirs = {path: data for path, data in site_files(site).items() if data == b"mine"}
    assert set(theirs) == {"CNAME", "topics/mine/index.html", ".well-known"}
    assert site_files(site) == {**site.made(), **theirs}


def test_a_symbolic_link_is_never_followed(site: PublishSite, tmp_path: Path) -> None:
    site.published()
    (tmp_path / "elsewhere").mkdir()
    shutil.move(site.live / "2024/01/04", tmp_path / "elsewhere/04")
    (site.live / "2024/01/04").symlink_to(tmp_path / "elsewhere/04")
    kept = site.files(tmp_path / "elsewhere")
    site.remove("content/news/3.md")
    site.published(yes=True)
    assert site.files(tmp_path / "elsewhere") == kept
    site.stories(4)
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "symbolic link" in report.diagnostics[0].message
    assert site.files(tmp_path / "elsewhere") == kept


def test_a_machine_whose_key_is_not_known_is_refused(
    site: PublishSite, ssh_server: SshServer, tmp_path: Path
) -> None:
    (tmp_path / "nobody").write_text("")
    settings = ssh_settings(ssh_server, site.live)
    site.target(**{**settings, "known_hosts": str(tmp_path / "nobody")})
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert "known_hosts" in report.diagnostics[0].hint
    assert not site.live.exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", "-oProxyCommand=touch oops"),
        ("host", "a host"),
        ("user", "-oProxyCommand=touch oops"),
        ("path", "-rf"),
        ("path", "a\nb"),
        ("identity", 'a" -oProxyCommand="touch oops'),
    ],
)
def test_settings_that_ssh_would_take_for_more_are_refused(
    site: PublishSite, ssh_server: SshServer, setting: str, value: str
) -> None:
    site.target(**{**ssh_settings(ssh_server, site.live), setting: value})
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["wrong-setting-value"])


def test_only_one_publishes_at_a_time(site: PublishSite) -> None:
    site.published()
    before = site_files(site)
    (site.live / LOCK).write_text(OTHER)
    site.stories(5)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-busy"])
    assert "ann on elsewhere" in report.diagnostics[0].message
    assert (site.live / LOCK).read_text() == OTHER
    assert site_files(site) == before
    (site.live / LOCK).write_text(OTHER.replace("2999", "2001"))
    site.published()
    assert site_files(site) == site.made()
    (site.live / LOCK).write_text(OTHER)
    site.stories(4)
    site.remove("content/news/4.md")
    site.published(yes=True, break_lock=True)
    assert site_files(site) == site.made()
    assert not (site.live / LOCK).exists()


def test_a_dry_run_changes_nothing(site: PublishSite) -> None:
    report = site.publish(dry_run=True)
    assert report.ok
    assert len(report.changes) == len(site.made())
    assert not site.live.exists()
    site.published()
    (site.live / LOCK).write_text(OTHER)
    assert site.publish(dry_run=True).changes == ()


def test_a_damaged_list_there_stops_the_publish(site: PublishSite) -> None:
    site.published()
    (site.live / MANIFEST).write_bytes(b'{"version": 1}\0')
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-damaged"])


def test_a_full_disk_leaves_the_site_whole(
    site: PublishSite, ssh_server: SshServer, tmp_path: Path
) -> None:
    site.published()
    before = {path: data for path, data in site_files(site).items() if path.endswith(".html")}
    settings = ssh_settings(ssh_server, site.live)
    key = key_to_a_full_disk(ssh_server, tmp_path)
    site.target(**{**settings, "identity": str(key)})
    site.write("static/root/picture.bin", "x" * 900_000)
    site.stories(6, version=1)
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    now = {path: data for path, data in site_files(site).items() if path.endswith(".html")}
    assert now == before
    site.target(**settings)
    site.published(yes=True)
    assert site_files(site) == site.made()


def test_a_connection_that_is_cut_leaves_the_site_whole(
    site: PublishSite, ssh_server: SshServer, tmp_path: Path
) -> None:
    site.published()
    settings = ssh_settings(ssh_server, site.live)
    key = Path(str(settings["known_hosts"])).read_text().partition(" ")[2]
    known = tmp_path / "known"
    cut = 0
    for number, limit in enumerate(range(3_000, 45_000, 6_000)):
        site.stories(5 - number % 3, version=number)
        for file in list((site.source / "content/news").glob("*.md"))[5 - number % 3 :]:
            file.unlink()
        with BadNetwork(ssh_server.port, [str(limit)], for_good=True) as network:
            known.write_text(f"[127.0.0.1]:{network.port} {key}")
            site.target(**{**settings, "port": network.port, "known_hosts": str(known)})
            cut += site.publish(yes=True).exit_code == 2
        assert broken_links(site.live) == []
    assert cut >= 4
    site.target(**settings)
    site.published(yes=True)
    assert site_files(site) == site.made()


def test_a_machine_keeps_no_releases(site: PublishSite) -> None:
    site.published()
    before = site_files(site)
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "keeps no earlier releases" in report.diagnostics[0].message
    assert site_files(site) == before
    assert not (site.live / LOCK).exists()


def test_a_file_of_others_is_not_replaced_by_a_page_that_is_new(site: PublishSite) -> None:
    site.published()
    (site.live / "mine.txt").write_text("somebody's own")
    site.write("static/root/mine.txt", "the site's")
    assert codes(site.publish()) == ["replaces-foreign"]
    assert (site.live / "mine.txt").read_text() == "somebody's own"


def test_names_with_a_backslash_are_known_again_without_the_list(site: PublishSite) -> None:
    """The machine's `b2sum` writes out such names in its own way."""
    names = ("back\\slash.txt", "fold\\er/\\n\\.txt", "\\first.txt", "=\\.txt", "@\\.txt")
    for name in names:
        site.write(f"static/root/{name}", f"This is {name}")
    site.published()
    assert site_files(site) == site.made()
    assert set(names) < set(site.made())
    (site.live / MANIFEST).unlink()
    report = site.published()
    assert (report.uploaded, codes(report)) == (0, [])
    (site.live / MANIFEST).unlink()
    (site.live / names[1]).write_text("somebody's own")
    assert codes(site.publish()) == ["replaces-foreign"]
    (site.live / names[1]).write_text(f"This is {names[1]}")
    site.published()
    for name in names:
        site.remove(f"static/root/{name}")
    site.published(yes=True)
    assert site_files(site) == site.made()
    assert not set(names) & set(site_files(site))
