"""`tidings publish` to a folder, as the people see it who publish there and who read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import FullDisk
from publish_sites import PublishSite, broken_links, codes, paths

from tidings.publish import disk, folder
from tidings.publish.target import MANIFEST, PENDING, Put


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of four records, not yet published."""
    site = PublishSite(tmp_path)
    site.stories(4)
    return site


def times(folder: Path) -> dict[Path, int]:
    """When each file was last written."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


def test_the_folder_then_holds_the_site(site: PublishSite) -> None:
    report = site.published()
    assert site.files(site.live) == site.made()
    assert report.uploaded == len(site.made())
    assert broken_links(site.live) == []
    assert "index.html" in site.files(site.live)


def test_a_second_publish_does_nothing(site: PublishSite) -> None:
    site.published()
    before = times(site.live)
    report = site.published()
    assert (report.uploaded, report.deleted, report.release) == (0, 0, "")
    assert times(site.live) == before


def test_only_what_changed_is_sent_and_what_is_gone_is_deleted(site: PublishSite) -> None:
    site.published()
    (untouched,) = site.live.glob("static/style.*.css")
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    before = untouched.stat().st_ino
    report = site.published()
    assert "2024/01/04/another-story/index.html" in paths(report, "new")
    assert "index.html" in paths(report, "changed")
    assert "2024/01/04/story-3-of-version-0/index.html" in paths(report, "deleted")
    assert not (site.live / "2024/01/04/story-3-of-version-0").exists()
    assert untouched.stat().st_ino == before
    assert site.files(site.live) == site.made()


def test_files_of_others_stay(site: PublishSite) -> None:
    site.live.mkdir()
    (site.live / "CNAME").write_text("digest.news")
    (site.live / "2024").mkdir()
    (site.live / "2024/mine.html").write_text("mine")
    site.published()
    for number in range(4):
        site.remove(f"content/news/{number}.md")
    site.published(yes=True)
    assert (site.live / "CNAME").read_text() == "digest.news"
    assert (site.live / "2024/mine.html").read_text() == "mine"
    assert not (site.live / "2024/01").exists()


def test_a_file_of_others_is_not_replaced_without_a_word(site: PublishSite) -> None:
    site.live.mkdir()
    (site.live / "index.html").write_text("somebody's own page")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (1, ["replaces-foreign"])
    assert (site.live / "index.html").read_text() == "somebody's own page"
    site.published(yes=True)
    assert site.files(site.live) == site.made()


def test_a_page_that_comes_to_stand_where_a_file_of_others_is(site: PublishSite) -> None:
    site.published()
    other = site.live / "2024/01/05/story-4/index.html"
    other.parent.mkdir(parents=True)
    other.write_text("somebody's own page")
    site.stories(5)
    assert codes(site.publish()) == ["replaces-foreign"]


def test_a_symbolic_link_is_never_followed_out_of_the_folder(
    site: PublishSite, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    site.live.mkdir()
    (site.live / "topics").symlink_to(tmp_path / "elsewhere")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_folder_itself_may_be_a_link(site: PublishSite, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    site.live.symlink_to(tmp_path / "elsewhere")
    site.published()
    assert (tmp_path / "elsewhere/index.html").exists()


def test_a_full_disk_leaves_the_site_as_it_was(site: PublishSite, full_disk: FullDisk) -> None:
    site.published()
    before = site.files(site.live)
    site.stories(6, version=1)
    with full_disk():
        report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "File too large" in report.diagnostics[0].message
    assert "it goes on" in report.diagnostics[0].hint
    assert site.files(site.live) == before
    site.published()
    assert site.files(site.live) == site.made()
    assert not (site.live / folder.INCOMING).exists()


def test_a_file_becomes_a_folder_and_the_reverse(site: PublishSite) -> None:
    site.write("static/root/notes", "a file")
    site.published()
    site.remove("static/root/notes")
    site.write("static/root/notes/index.html", "a folder")
    site.published()
    assert (site.live / "notes/index.html").read_text() == "a folder"
    site.remove("static/root/notes/index.html")
    (site.source / "static/root/notes").rmdir()
    site.write("static/root/notes", "a file again")
    site.published(yes=True)
    assert (site.live / "notes").read_text() == "a file again"


def test_a_damaged_list_at_the_target_stops_the_publish(site: PublishSite) -> None:
    site.published()
    (site.live / MANIFEST).write_text('{"version": 1, "files": {"../../etc/passwd": ["", 0]}}')
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-damaged"])
    (site.live / MANIFEST).unlink()
    assert site.published().uploaded == 0


@pytest.mark.parametrize("note", [MANIFEST, PENDING])
def test_a_list_that_cannot_be_read_stops_the_publish(site: PublishSite, note: str) -> None:
    site.published()
    data = (site.live / MANIFEST).read_bytes()
    (site.live / note).unlink(missing_ok=True)
    (site.live / "elsewhere.json").write_bytes(data)
    (site.live / note).symlink_to("../elsewhere.json")
    site.stories(6)
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["target-damaged"])
    assert note in report.diagnostics[0].message
    assert (site.live / note).is_symlink()


def test_what_to_do_about_a_damaged_note_of_a_publish_that_was_cut_off(
    site: PublishSite,
) -> None:
    site.published()
    (site.live / PENDING).write_text('{"version": 1, "wri')
    report = site.publish()
    assert codes(report) == ["target-damaged"]
    assert PENDING in report.diagnostics[0].message
    # The finished publish's list alone would take for old what the other one has written.
    assert MANIFEST in report.diagnostics[0].hint


def test_a_cut_off_publish_is_known_to_the_next_one(
    site: PublishSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    site.stories(6)
    placed = [0]
    place = folder.Folder._place

    def cut(self: folder.Folder, put: Put, waiting: Path | None) -> None:
        placed[0] += 1
        if placed[0] > 5:
            raise OSError(5, "Input/output error")
        place(self, put, waiting)

    monkeypatch.setattr(folder.Folder, "_place", cut)
    assert site.publish().exit_code == 2
    assert (site.live / PENDING).exists()
    assert broken_links(site.live) == []
    monkeypatch.undo()
    # What was begun no longer belongs: it must not stay for ever.
    site.remove("content/news/4.md")
    site.remove("content/news/5.md")
    site.published()
    assert site.files(site.live) == site.made()
    assert not (site.live / PENDING).exists()


def test_a_folder_that_cannot_be_used_is_said(site: PublishSite) -> None:
    site.live.write_text("a file")
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])


def test_deleting_is_no_trouble_where_a_folder_stands_now(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/mine").write_text("mine")
    disk.remove_file(tmp_path, "a/b")
    assert (tmp_path / "a/b/mine").read_text() == "mine"


def test_it_keeps_no_releases_to_go_back_to(site: PublishSite) -> None:
    site.published()
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "releases" in report.diagnostics[0].hint


def test_a_file_behind_a_link_is_not_the_sites_though_its_bytes_are(
    site: PublishSite, tmp_path: Path
) -> None:
    site.published()
    (site.live / "2024/01/04").rename(tmp_path / "elsewhere")
    (site.live / "2024/01/04").symlink_to(tmp_path / "elsewhere")
    (site.live / MANIFEST).unlink()
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])


def test_a_file_whose_name_only_changes_its_case_stays_where_a_disk_ignores_that(
    site: PublishSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("static/root/Imprint.txt", "imprint")
    site.published()
    (site.source / "static/root/Imprint.txt").rename(site.source / "static/root/imprint.txt")
    place = folder.Folder._place

    def place_both(self: folder.Folder, put: Put, waiting: Path | None) -> None:
        """A stand-in for such a disk: the other name is one of the same file."""
        place(self, put, waiting)
        if put.path == "imprint.txt":
            (site.live / "Imprint.txt").unlink()
            (site.live / "Imprint.txt").hardlink_to(site.live / put.path)

    monkeypatch.setattr(folder.Folder, "_place", place_both)
    site.published()
    assert (site.live / "Imprint.txt").exists(), "that was the only one"
