"""`tidings publish` to a branch: what its host shows, and what a checkout feels of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import SshServer
from publish_sites import PublishSite, codes, paths

from tidings.publish.git import Git


class Remote:
    """A bare repository that a host would show."""

    def __init__(self, place: Path) -> None:
        self.place = place
        git("init", "-q", "--bare", str(place))

    def say(self, *arguments: str) -> str:
        """What git answers about it."""
        return git(f"--git-dir={self.place}", *arguments)

    def files(self, branch: str = "gh-pages") -> dict[str, str]:
        """The branch's files without our notes, as blob ids."""
        lines = self.say("ls-tree", "-r", "-z", branch).split("\0")
        found = {line.partition("\t")[2]: line.split()[2] for line in lines if line}
        return {path: blob for path, blob in found.items() if ".tidings/" not in path}

    def text(self, path: str, branch: str = "gh-pages") -> str:
        """What a file of the branch holds."""
        return self.say("show", f"{branch}:{path}")

    def commits(self, branch: str = "gh-pages") -> int:
        """How many commits the branch has."""
        return int(self.say("rev-list", "--count", branch))

    def commit(self, path: str, text: str | None, branch: str = "gh-pages") -> None:
        """Somebody else's commit on the branch; it deletes the file where there is no text."""
        clone = self.place.parent / "elsewhere"
        git("clone", "-q", str(self.place), str(clone))
        there = ("-C", str(clone), "-c", "user.name=A", "-c", "user.email=a@a.a")
        checkout = "checkout", "-q", *(("--orphan",) if not self.has(branch) else ()), branch
        git(*there, *checkout)
        if text is None:
            (clone / path).unlink()
        else:
            (clone / path).parent.mkdir(exist_ok=True)
            (clone / path).write_text(text)
        git(*there, "add", path)
        git(*there, "commit", "-q", "-m", "by hand")
        git(*there, "push", "-q", "origin", branch)
        subprocess.run(["rm", "-rf", str(clone)], check=True)

    def has(self, branch: str) -> bool:
        """Whether there is such a branch."""
        return bool(self.say("branch", "--list", branch).strip())


def git(*arguments: str) -> str:
    """What git answers; it must be content."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """An empty repository."""
    return Remote(tmp_path / "bare")


@pytest.fixture
def site(tmp_path: Path, remote: Remote) -> PublishSite:
    """A site of four records, not yet published."""
    site = PublishSite(tmp_path, type="git", remote=str(remote.place))
    site.stories(4)
    return site


def blobs(site: PublishSite) -> dict[str, str]:
    """The files of the publish's own build, as blob ids."""
    top = site.source / ".tidings/publish/live/site"
    names = sorted(site.made())
    ids = git("hash-object", "--no-filters", "--", *(str(top / name) for name in names))
    return dict(zip(names, ids.split(), strict=True))


def test_the_branch_then_holds_the_site(site: PublishSite, remote: Remote) -> None:
    site.published()
    assert remote.files() == {**blobs(site), ".nojekyll": remote.files()[".nojekyll"]}
    assert remote.commits() == 1


def test_a_change_is_one_commit_on_top(site: PublishSite, remote: Remote) -> None:
    site.published()
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    report = site.published()
    assert remote.commits() == 2
    assert remote.files().keys() - {".nojekyll"} == blobs(site).keys()
    said = remote.say("log", "-1", "--format=%s", "gh-pages").strip()
    assert said == f"Publish {report.release}"
    changed = remote.say("diff", "--name-status", "gh-pages~", "gh-pages").split()
    assert "2024/01/04/story-3-of-version-0/index.html" in changed


def test_nothing_changed_nothing_pushed(site: PublishSite, remote: Remote) -> None:
    site.published()
    before = remote.say("rev-parse", "gh-pages")
    assert site.published().release == ""
    assert remote.say("rev-parse", "gh-pages") == before


def test_an_orphan_branch_keeps_one_commit(site: PublishSite, remote: Remote) -> None:
    site.target(type="git", remote=str(remote.place), orphan=True)
    remote.commit("CNAME", "digest.news\n")
    site.published()
    site.stories(5, version=1)
    site.published()
    assert remote.commits() == 1
    assert remote.text("CNAME") == "digest.news\n"
    assert remote.files().keys() - {".nojekyll", "CNAME"} == blobs(site).keys()


def test_files_of_others_stay(site: PublishSite, remote: Remote) -> None:
    remote.commit("CNAME", "digest.news\n")
    site.published()
    site.stories(5, version=1)
    site.published()
    assert remote.text("CNAME") == "digest.news\n"
    assert ".nojekyll" in remote.files()


def test_a_file_of_others_is_not_replaced_without_a_word(
    site: PublishSite, remote: Remote
) -> None:
    remote.commit("index.html", "somebody's own page")
    assert codes(site.publish()) == ["replaces-foreign"]
    assert remote.text("index.html") == "somebody's own page"


def test_the_site_may_stand_in_a_folder_of_the_branch(
    site: PublishSite, remote: Remote
) -> None:
    site.target(type="git", remote=str(remote.place), branch="main", folder="docs")
    remote.commit("README", "read me", branch="main")
    site.published()
    site.stories(5, version=1)
    site.published()
    expected = {f"docs/{path}" for path in blobs(site)}
    assert remote.files("main").keys() == {*expected, "README", "docs/.nojekyll"}


def test_checkout_index_and_branches_of_the_user_are_not_touched(
    site: PublishSite, remote: Remote
) -> None:
    home = ("-C", str(site.source), "-c", "user.name=A", "-c", "user.email=a@a.a")
    git("init", "-q", "-b", "main", str(site.source))
    git(*home, "remote", "add", "origin", str(remote.place))
    site.target(type="git")
    git(*home, "add", "tidings.toml")
    git(*home, "commit", "-q", "-m", "mine")
    site.write("staged.txt", "half of an edit")
    git(*home, "add", "staged.txt")

    def state() -> list[str]:
        asked = (["status", "--porcelain"], ["show-ref"], ["ls-files", "-s"], ["stash", "list"])
        return [git(*home, *arguments) for arguments in asked]

    before = state()
    site.published()
    assert state() == before
    assert ".tidings" not in git(*home, "status", "--porcelain", "--untracked-files=all")
    assert "index.html" in remote.files()


def test_what_the_users_repository_sets_for_its_remotes_counts(
    site: PublishSite, remote: Remote
) -> None:
    """A CI's checkout keeps its token there."""
    home = ("-C", str(site.source))
    git("init", "-q", "-b", "main", str(site.source))
    git(*home, "config", "user.name", "Ann")
    git(*home, "config", "user.email", "ann@digest.news")
    git(*home, "config", f"url.{remote.place}.insteadOf", "https://token@host.invalid/x.git")
    site.target(type="git", remote="https://token@host.invalid/x.git")
    site.published()
    assert remote.say("log", "-1", "--format=%cn %ce", "gh-pages") == "Ann ann@digest.news\n"


def test_one_who_was_quicker_is_let_pass(
    site: PublishSite, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    site.stories(5, version=1)
    opened = Git.open
    quicker = [True]

    def overtaken(self: Git, *arguments: object) -> None:
        opened(self, *arguments)  # type: ignore[arg-type]
        if quicker:
            quicker.pop()
            remote.commit("CNAME", "digest.news\n")

    monkeypatch.setattr(Git, "open", overtaken)
    site.published()
    assert remote.text("CNAME") == "digest.news\n"
    assert remote.files().keys() - {".nojekyll", "CNAME"} == blobs(site).keys()
    assert remote.commits() == 3


def test_nothing_follows_where_one_who_was_quicker_brought_the_same(
    site: PublishSite, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"type": "git", "remote": str(remote.place)}
    other = PublishSite(tmp_path / "other", **settings)
    site.target(**settings, after=["touch ran"])
    for each in (other, site):
        each.stories(4)
    opened = Git.open
    quicker = [other]

    def overtaken(self: Git, *arguments: object) -> None:
        opened(self, *arguments)  # type: ignore[arg-type]
        if quicker:
            quicker.pop().published()

    monkeypatch.setattr(Git, "open", overtaken)
    assert site.published().release == ""
    site.published()
    assert not (site.source / "ran").exists()


def test_one_who_is_always_quicker_is_an_error(
    site: PublishSite, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    site.stories(5, version=1)
    opened = Git.open
    count = [0]

    def overtaken(self: Git, *arguments: object) -> None:
        opened(self, *arguments)  # type: ignore[arg-type]
        count[0] += 1
        remote.commit(f"other{count[0]}", "x")

    monkeypatch.setattr(Git, "open", overtaken)
    report = site.publish()
    assert (report.exit_code, codes(report), count) == (2, ["publish-failed"], [2])


def test_a_hook_that_refuses_is_told_in_its_own_words(
    site: PublishSite, remote: Remote
) -> None:
    hook = remote.place / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'no pages on Sundays' >&2\nexit 1\n")
    hook.chmod(0o755)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "no pages on Sundays" in report.diagnostics[0].message
    assert not remote.has("gh-pages")


def test_a_dry_run_pushes_nothing(site: PublishSite, remote: Remote) -> None:
    report = site.published(dry_run=True)
    assert "index.html" in paths(report, "new")
    assert not remote.has("gh-pages")


def test_passwords_in_addresses_are_never_said(site: PublishSite) -> None:
    site.target(type="git", remote="https://me:sEcReT@127.0.0.1:9/none.git?token=sEcReT")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert "sEcReT" not in repr(report)
    assert "127.0.0.1" in repr(report.diagnostics)


def test_an_unknown_remote_is_said(site: PublishSite) -> None:
    site.target(type="git", remote="upstream")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert "upstream" in report.diagnostics[0].message


def test_letters_of_all_scripts_survive(site: PublishSite, remote: Remote) -> None:
    site.write('static/root/ein "Wort" zur Größe\\.txt', "ä")
    site.published()
    assert remote.text('ein "Wort" zur Größe\\.txt') == "ä"


def test_over_ssh(
    site: PublishSite,
    remote: Remote,
    ssh_server: SshServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_server.command)
    place = f"{ssh_server.user}@{ssh_server.host}:{ssh_server.port}{remote.place}"
    site.target(type="git", remote=f"ssh://{place}")
    site.published()
    site.stories(5, version=1)
    site.published()
    assert remote.files().keys() - {".nojekyll"} == blobs(site).keys()
    assert remote.commits() == 2


def test_a_host_with_another_key_is_refused(
    site: PublishSite,
    remote: Remote,
    ssh_server: SshServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "GIT_SSH_COMMAND",
        f"ssh -o UserKnownHostsFile={tmp_path}/none {ssh_server.command.removeprefix('ssh ')}",
    )
    place = f"{ssh_server.user}@{ssh_server.host}:{ssh_server.port}{remote.place}"
    site.target(type="git", remote=f"ssh://{place}")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert not remote.has("gh-pages")


def test_a_page_takes_no_place_from_files_of_others(site: PublishSite, remote: Remote) -> None:
    site.published()
    remote.commit("guide", "mine, and no folder")
    remote.commit("hints/mine.txt", "mine, too")
    site.write("static/root/guide/index.html", "a page")
    site.write("static/root/hints", "a file")
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "guide" in report.diagnostics[0].message
    assert remote.text("guide") == "mine, and no folder"
    (site.source / "static/root/guide/index.html").unlink()
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert remote.text("hints/mine.txt") == "mine, too"


def test_a_folder_of_others_where_a_file_of_ours_was_is_not_deleted(
    site: PublishSite, remote: Remote
) -> None:
    site.write("static/root/guide", "ours")
    site.published()
    remote.commit("guide", None)
    remote.commit("guide/mine.txt", "mine")
    (site.source / "static/root/guide").unlink()
    site.published()
    assert remote.text("guide/mine.txt") == "mine"


def test_no_alias_has_the_host_refuse_the_branch(site: PublishSite, remote: Remote) -> None:
    """GitHub looks through what is pushed in this way."""
    remote.say("config", "transfer.fsckObjects", "true")
    names = (".git", ".GIT", "git~1", "x%5C.git", ".gitmodules", ".gitattributes", "gitatt~1")
    aliases = [f"/old/{name}/x/" for name in names]
    site.news("9", "A story more", "2024-01-09T10:00:00Z", aliases=[*aliases, "/old/fine/"])
    site.published()
    there = remote.files()
    assert "old/fine/index.html" in there
    assert not [path for path in there if path.startswith("old/") and "fine" not in path]
