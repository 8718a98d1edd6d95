"""Two publishers at one target: the second is told who is there, and abandoned locks go."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import msgspec
import pytest
from publish_sites import PublishSite, codes

from tidings.publish import disk
from tidings.publish.disk import FolderLock
from tidings.publish.lock import Claim, encode_claim, own_claim, taken_by
from tidings.publish.report import Surroundings
from tidings.publish.target import LOCK, TargetError

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)


def claim(**changed: object) -> Claim:
    """Somebody's claim, on another machine."""
    other = Claim("ann", "elsewhere", 17, "abc", NOW, NOW)
    return msgspec.structs.replace(other, **changed)


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of two records, not yet published."""
    site = PublishSite(tmp_path)
    site.stories(2)
    return site


def hold(site: PublishSite, **changed: object) -> bytes:
    """Somebody else holds the target's lock from now on."""
    now = dt.datetime.now(dt.UTC)
    data = encode_claim(claim(**{"taken": now, "renewed": now, **changed}))
    (site.live / LOCK).parent.mkdir(parents=True, exist_ok=True)
    (site.live / LOCK).write_bytes(data)
    return data


def test_who_publishes_is_told_and_nothing_is_done(site: PublishSite) -> None:
    data = hold(site)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-busy"])
    assert "ann on elsewhere (process 17), since 20" in report.diagnostics[0].message
    assert "--break-lock" in report.diagnostics[0].hint
    assert not (site.live / "index.html").exists()
    assert (site.live / LOCK).read_bytes() == data


def test_break_lock_takes_it_over(site: PublishSite) -> None:
    hold(site)
    site.published(break_lock=True)
    assert (site.live / "index.html").exists()
    assert not (site.live / LOCK).exists()


def test_a_dry_run_needs_no_lock(site: PublishSite) -> None:
    hold(site)
    site.published(dry_run=True)
    assert not (site.live / "index.html").exists()


def test_a_lock_of_a_process_that_was_killed_is_in_nobodys_way(site: PublishSite) -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)
    mine = own_claim(NOW)
    hold(site, host=mine.host, machine=mine.machine, process=child)
    site.published()


def test_another_machine_of_the_same_name_is_another_machine(site: PublishSite) -> None:
    """CI gives many machines one name; their numbers of processes mean nothing here."""
    mine = own_claim(NOW)
    for machine in ("", "another"):
        for process in (mine.process, 2**22 + 1):
            hold(site, host=mine.host, machine=machine, process=process)
            assert codes(site.publish()) == ["target-busy"]


def test_a_lock_that_nobody_renews_is_abandoned() -> None:
    mine = own_claim(NOW)
    for minutes, free in ((29, False), (31, True)):
        old = encode_claim(claim(renewed=NOW - dt.timedelta(minutes=minutes)))
        assert (taken_by(old, mine, break_lock=False) == "") is free


def test_a_lock_that_cannot_be_read_is_respected() -> None:
    assert taken_by(b"?", own_claim(NOW), break_lock=False) != ""
    assert taken_by(b"?", own_claim(NOW), break_lock=True) == ""
    assert taken_by(None, own_claim(NOW), break_lock=False) == ""


def test_a_lock_says_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "sEcReT")
    assert b"sEcReT" not in encode_claim(own_claim(NOW))


def test_of_two_who_find_a_lock_abandoned_one_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned = claim(taken=NOW - dt.timedelta(days=1), renewed=NOW - dt.timedelta(days=1))
    (tmp_path / LOCK).parent.mkdir()
    (tmp_path / LOCK).write_bytes(encode_claim(abandoned))
    slow, quick = claim(host="slow", token="slow"), claim(host="quick", token="quick")
    waits = [True]

    def looked(data: bytes | None, mine: Claim, break_lock: bool) -> str:
        holder = taken_by(data, mine, break_lock)
        if mine is slow and waits.pop():
            waits.append(False)
            FolderLock(tmp_path).take(quick, break_lock=False)
        return holder

    monkeypatch.setattr(disk, "taken_by", looked)
    with pytest.raises(TargetError, match="quick"):
        FolderLock(tmp_path).take(slow, break_lock=False)
    assert (tmp_path / LOCK).read_bytes() == encode_claim(quick)
    assert [file.name for file in (tmp_path / LOCK).parent.iterdir()] == [Path(LOCK).name]


def test_a_lock_that_is_no_plain_file_is_respected(site: PublishSite, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(hold(site))
    (site.live / LOCK).unlink()
    (site.live / LOCK).symlink_to(elsewhere)
    assert codes(site.publish()) == ["target-busy"]
    assert site.files(site.live).keys() == set()
    assert site.publish(break_lock=True).ok
    assert elsewhere.exists()


def test_a_lock_whose_instants_have_no_zone_is_respected() -> None:
    data = encode_claim(claim()).replace(b"Z", b"")
    assert taken_by(data, claim(token="mine"), break_lock=False)


def test_who_has_slept_goes_on_only_while_the_lock_is_his(site: PublishSite) -> None:
    """A machine that sleeps stops the clock that counts its own seconds."""
    slept = [dt.timedelta()]

    def sleep(phase: str, done: int, total: int) -> None:
        if phase == "upload" and 0 < done < total and not slept[0]:
            slept[0] = dt.timedelta(hours=1)
            hold(site)

    around = Surroundings(now=lambda: dt.datetime.now(dt.UTC) + slept[0], progress=sleep)
    report = site.publish(around)
    assert (report.exit_code, codes(report)) == (2, ["target-busy"])
    assert "index.html" not in site.files(site.live)
