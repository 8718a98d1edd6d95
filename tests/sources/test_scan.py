"""Folders: which files are read, and what is told of the others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tidings.model.diagnostic import Diagnostic
from tidings.model.source import SourceFile
from tidings.sources.scan import Scan, is_ignored, read_file, scan_folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "content/news").mkdir(parents=True)
    return tmp_path


def write(site: Path, name: str, text: str = "x") -> Path:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def scan(site: Path, folder: str = "content/news", max_bytes: int = 0) -> Scan:
    return scan_folder(
        site,
        folder,
        wanted=lambda name: name.lower().endswith((".md", ".markdown")),
        max_bytes=max_bytes,
        inside=site / "content",
    )


def names(found: Scan) -> list[str]:
    return [file.path.removeprefix("content/news/") for file in found.files]


def told(found: Scan) -> list[tuple[str, str]]:
    return [(p.code, p.place.file.removeprefix("content/news/")) for p in found.diagnostics]


def test_records_are_found_anywhere_and_sorted(site: Path) -> None:
    for name in ("b.md", "a.markdown", "2020/11/c.MD", "2020.md", "Ä/ü ü.md", "a.txt", "md"):
        write(site, f"content/news/{name}")
    assert names(scan(site)) == ["2020.md", "2020/11/c.MD", "a.markdown", "b.md", "Ä/ü ü.md"]
    assert scan(site).diagnostics == ()


def test_hidden_files_and_backups_are_passed_over(site: Path) -> None:
    ignored = [".a.md", ".git/a.md", "a.md~", "#a.md#", ".#a.md", "a.md.swp", "a.bak", "4913"]
    for name in (*ignored, "a.md.tmp/b.md", "c.orig/d.md"):
        write(site, f"content/news/{name}")
    assert scan(site) == Scan()
    assert all(
        is_ignored(name) for name in (".a.md", "a.md~", "#a.md#", "4913", "___jb_tmp___")
    )
    assert not is_ignored("a#b~c.md")


def test_an_absent_folder_holds_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path) == Scan()


def test_names_are_composed(site: Path) -> None:
    write(site, "content/news/Cafe\u0301.md")
    assert names(scan(site)) == ["Café.md"]


def test_a_large_file_is_refused_without_reading(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write(site, "content/news/a.md").open("wb") as file:
        file.truncate(20_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was read"))
    found = scan(site, max_bytes=5_000_000)
    assert told(found) == [("too-large", "a.md")]
    assert found.diagnostics[0].message == (
        "the file has 20,000,000 bytes; at most 5,000,000 are read"
    )


def test_a_file_as_large_as_allowed_is_read(site: Path) -> None:
    write(site, "content/news/a.md", "12345")
    assert names(scan(site, max_bytes=5)) == ["a.md"]
    assert told(scan(site, max_bytes=4)) == [("too-large", "a.md")]


def test_links_that_leave_the_content_are_refused(site: Path) -> None:
    write(site, "secret/s.md")
    (site / "content/news/file.md").symlink_to(site / "secret/s.md")
    (site / "content/news/folder").symlink_to(site / "secret")
    (site / "content/news/passwd.md").symlink_to("/etc/passwd")
    (site / "content/news/up").symlink_to("../../..")
    found = scan(site)
    assert found.files == ()
    assert told(found) == [
        ("link-leaves-content", "file.md"),
        ("link-leaves-content", "folder"),
        ("link-leaves-content", "passwd.md"),
        ("link-leaves-content", "up"),
    ]
    assert {p.severity for p in found.diagnostics} == {"error"}
    assert all(p.hint for p in found.diagnostics)


def test_a_folder_beside_the_content_with_a_longer_name_is_outside(site: Path) -> None:
    write(site, "content-old/s.md")
    (site / "content/news/s.md").symlink_to(site / "content-old/s.md")
    assert told(scan(site)) == [("link-leaves-content", "s.md")]


def test_links_that_stay_within_the_content_are_followed(site: Path) -> None:
    write(site, "content/archive/2019/a.md")
    write(site, "content/drafts/b.md")
    (site / "content/news/old").symlink_to("../archive")
    (site / "content/news/b.md").symlink_to("../drafts/b.md")
    found = scan(site)
    assert names(found) == ["b.md", "old/2019/a.md"]
    assert found.diagnostics == ()


def test_no_file_is_listed_twice_by_links_to_folders(site: Path) -> None:
    write(site, "content/news/2020/a.md")
    write(site, "content/archive/b.md")
    (site / "content/news/again").symlink_to("2020")
    (site / "content/news/one").symlink_to("../archive")
    (site / "content/news/two").symlink_to("../archive")
    assert names(scan(site)) == ["2020/a.md", "one/b.md"]


def test_circles_of_links_end(site: Path) -> None:
    write(site, "content/news/a.md")
    (site / "content/news/here").symlink_to(".")
    (site / "content/news/up").symlink_to("..")
    write(site, "content/archive/b.md")
    (site / "content/archive/back").symlink_to("../archive")
    (site / "content/archive/news").symlink_to("../news")
    (site / "content/news/old").symlink_to("../archive")
    assert names(scan(site)) == ["a.md", "old/b.md"]


def test_a_link_to_itself_and_one_to_nothing_are_told(site: Path) -> None:
    write(site, "content/news/a.md")
    (site / "content/news/loop.md").symlink_to("loop.md")
    (site / "content/news/gone.md").symlink_to("nothing.md")
    (site / "content/news/gone.txt").symlink_to("nothing.txt")
    found = scan(site)
    assert names(found) == ["a.md"]
    assert told(found) == [("unreadable", "gone.md"), ("unreadable", "loop.md")]


def test_a_news_folder_that_is_itself_a_link_out_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/a.md")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/news").symlink_to("../elsewhere")
    found = scan(tmp_path)
    assert found.files == ()
    assert told(found) == [("link-leaves-content", "content/news")]


def test_content_may_lie_elsewhere_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path, "data/news/a.md")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/content").symlink_to("../data")
    assert names(scan(tmp_path / "site")) == ["a.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="names there are always text")
def test_names_that_are_not_text_are_told(site: Path) -> None:
    news = os.fsencode(site / "content/news")
    for name in (b"a\xff.md", b"b\xff.txt", b"c\n\x1b[1m.md"):
        Path(os.fsdecode(news + b"/" + name)).write_text("x")
    found = scan(site)
    assert found.files == ()
    assert told(found) == [("unreadable", "a?.md"), ("unreadable", "c??[1m.md")]


def test_unreadable_files_and_folders_are_told_and_the_rest_is_read(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rights would not do: for some users every file is readable.
    for name in ("a.md", "b/c.md", "d.md"):
        write(site, f"content/news/{name}")
    read_bytes, scandir = Path.read_bytes, os.scandir

    def refuse(path: Path) -> bytes:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    def refuse_folder(path: Path | str) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    found = scan(site)
    assert names(found) == ["d.md"]
    assert sorted(told(found)) == [("unreadable", "a.md"), ("unreadable", "b")]
    assert found.diagnostics[0].message == "cannot be read: Permission denied"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in files")
def test_a_pipe_is_no_file(site: Path) -> None:
    os.mkfifo(site / "content/news/a.md")
    assert scan(site) == Scan()


def test_one_file_is_read_by_name(site: Path) -> None:
    write(site, "tidings.toml", "x")
    file = read_file(site, "tidings.toml")
    assert isinstance(file, SourceFile)
    assert file.data == b"x"
    assert read_file(site, "nothing.toml") is None


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_stands_where_a_folder_belongs_is_told(site: Path, kind: str) -> None:
    place = site / "static"
    place.write_text("x") if kind == "file" else place.symlink_to("nowhere")
    (found,) = scan(site, "static").diagnostics
    assert (found.code, found.place.file) == ("unreadable", "static")
    assert found.message == "this is no folder"
    assert found.hint == "put a folder in its place, or remove it"


def test_a_folder_of_that_name_is_told(site: Path) -> None:
    found = read_file(site, "content")
    assert isinstance(found, Diagnostic)
    assert (found.code, found.place.file) == ("unreadable", "content")
