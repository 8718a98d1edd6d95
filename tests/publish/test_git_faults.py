"""A branch whose machine is far away: full disks, cut connections, and going back."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from publish_sites import PublishSite, codes
from remote_sites import BadNetwork, SshServer, key_to_a_full_disk
from test_git_target import Remote, blobs, git


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """An empty repository."""
    return Remote(tmp_path / "bare")


@pytest.fixture
def site(tmp_path: Path, remote: Remote) -> PublishSite:
    """A site of four records, published to the branch."""
    site = PublishSite(tmp_path, type="git", remote=str(remote.place))
    site.stories(4)
    site.published()
    return site


def shown(remote: Remote) -> set[str]:
    """The paths of the branch but for the one that we add."""
    return remote.files().keys() - {".nojekyll"}


def test_a_full_disk_leaves_the_branch_as_it_was(
    site: PublishSite,
    remote: Remote,
    ssh_server: SshServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = remote.say("rev-parse", "gh-pages")
    key = key_to_a_full_disk(ssh_server, tmp_path)
    identity = ssh_server.options[ssh_server.options.index("-i") + 1]
    command = ["ssh", *ssh_server.options]
    monkeypatch.setenv("GIT_SSH_COMMAND", " ".join(command).replace(identity, str(key)))
    place = f"{ssh_server.user}@{ssh_server.host}:{ssh_server.port}{remote.place}"
    site.target(type="git", remote=f"ssh://{place}")
    (site.source / "static/root").mkdir(parents=True)
    picture = random.Random(1).randbytes(900_000)
    (site.source / "static/root/picture.bin").write_bytes(picture)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert remote.say("rev-parse", "gh-pages") == before
    monkeypatch.setenv("GIT_SSH_COMMAND", " ".join(command))
    site.published()
    assert shown(remote) == blobs(site).keys()


def test_a_connection_that_is_cut_leaves_the_branch_whole(
    site: PublishSite,
    remote: Remote,
    ssh_server: SshServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = next(each for each in ssh_server.options if each.startswith("UserKnownHostsFile="))
    key = Path(own.partition("=")[2]).read_text().partition(" ")[2]
    known = tmp_path / "known"
    options = [each.replace(own, f"UserKnownHostsFile={known}") for each in ssh_server.options]
    monkeypatch.setenv("GIT_SSH_COMMAND", " ".join(["ssh", *options]))
    cut = 0
    for number, limit in enumerate((500, 3_000, 4_500, 6_000, 9_000)):
        site.stories(5, version=number + 1)
        before = remote.say("rev-parse", "gh-pages")
        with BadNetwork(ssh_server.port, [str(limit)], for_good=True) as network:
            known.write_text(f"[127.0.0.1]:{network.port} {key}")
            place = f"{ssh_server.user}@127.0.0.1:{network.port}{remote.place}"
            site.target(type="git", remote=f"ssh://{place}")
            report = site.publish(yes=True)
        if report.exit_code:
            cut += 1
            assert remote.say("rev-parse", "gh-pages") == before
        else:
            assert shown(remote) == blobs(site).keys()
    assert cut >= 3
    site.target(type="git", remote=str(remote.place))
    site.published(yes=True)
    assert shown(remote) == blobs(site).keys()
    subprocess.run(["git", f"--git-dir={remote.place}", "fsck", "--strict"], check=True)


def test_what_a_killed_fetch_left_behind_is_fetched_again(
    site: PublishSite, remote: Remote
) -> None:
    """It had brought the commit and its outermost tree, but nothing of what that names."""
    remote.commit("by-hand/note.txt", "by hand")
    (ours,) = (site.source / ".tidings/publish").rglob("HEAD")
    for name, kind in (("gh-pages", "commit"), ("gh-pages^{tree}", "tree")):
        data = git_bytes(f"--git-dir={remote.place}", "cat-file", kind, name)
        git_bytes(
            f"--git-dir={ours.parent}", "hash-object", "-w", "-t", kind, "--stdin", data=data
        )
    site.stories(5, version=1)
    site.published()
    assert shown(remote) == blobs(site).keys() | {"by-hand/note.txt"}


def git_bytes(*arguments: str, data: bytes = b"") -> bytes:
    """What git answers, byte for byte, to this input."""
    return subprocess.run(
        ["git", *arguments], input=data, capture_output=True, check=True
    ).stdout


def test_a_branch_goes_back_by_git(site: PublishSite, remote: Remote, tmp_path: Path) -> None:
    first = remote.files()
    site.stories(5, version=1)
    site.published()
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "git revert" in report.diagnostics[0].hint
    clone = ("-C", str(tmp_path / "clone"), "-c", "user.name=A", "-c", "user.email=a@a.a")
    git("clone", "-q", "--branch", "gh-pages", str(remote.place), str(tmp_path / "clone"))
    git(*clone, "revert", "--no-edit", "HEAD")
    git(*clone, "push", "-q", "origin", "gh-pages")
    assert remote.files() == first
    site.published()
    assert shown(remote) == blobs(site).keys()


@pytest.mark.parametrize("lost", ["gh-pages^{tree}", "gh-pages:.tidings/published.json"])
def test_a_repository_of_ours_that_has_lost_something_is_made_anew(
    site: PublishSite, remote: Remote, lost: str
) -> None:
    site.published()
    name = remote.say("rev-parse", lost).strip()
    ours = site.source / ".tidings/publish/live/git"
    (ours / "objects" / name[:2] / name[2:]).unlink()
    site.remove("content/news/1.md")
    site.published(yes=True)
    assert remote.files().keys() - {".nojekyll"} == site.made().keys()
