"""What an author does to files, and what the preview notices of it: real files, real events."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tidings.serve.settle import LONGEST, QUIET, wait_left
from tidings.serve.watch import is_source_name, watching

# Warnings are errors here, and this one would end watchdog's thread; a preview ignores it.
pytestmark = pytest.mark.filterwarnings("ignore:Callback with id:RuntimeWarning")

PATIENCE = 30.0
"""Seconds until a test gives up; on an idle machine everything is noticed within one."""


class Author:
    """A site's folder, and the paths in it that were noticed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noticed: queue.Queue[Path] = queue.Queue()

    def save(self, path: str, text: str = "x") -> Path:
        """Write a file, with its folders."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def wait_for(self, path: str) -> set[str]:
        """All paths noticed until this one is, itself included, named from the folder."""
        seen: set[str] = set()
        while path not in seen:
            found = self.noticed.get(timeout=PATIENCE)
            seen.add(found.relative_to(self.folder).as_posix())
        return seen

    def noticed_of(self, act: Callable[[], object]) -> set[str]:
        """What is noticed of the act: all that comes before a file that is saved after it."""
        act()
        self.save("content/last.md", str(time.monotonic_ns()))
        seen = self.wait_for("content/last.md")
        return seen - {"content/last.md"}


@pytest.fixture(params=["events", "polling"])
def author(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Author]:
    """An author whose site is watched, by either way of watching."""
    yield from watched(tmp_path, request.param == "polling")


@pytest.fixture
def author_with_events(tmp_path: Path) -> Iterator[Author]:
    """An author whose site is watched by the system's events, which have an order."""
    yield from watched(tmp_path, False)


def watched(folder: Path, poll: bool) -> Iterator[Author]:
    """An author, while the site is watched."""
    author = Author(folder)
    author.save("content/news/a.md")
    author.save("site/index.html")
    paths = [folder / name for name in ("content", "templates", "static", "tidings.toml")]
    with ExitStack() as stack:
        stack.enter_context(watching(paths, author.noticed.put, poll, lambda _line: None))
        yield author


def test_saving_and_removing_is_noticed(author: Author):
    author.save("content/news/a.md", "longer than before")
    author.wait_for("content/news/a.md")
    author.save("content/news/deep/er/b.md")
    author.wait_for("content/news/deep/er/b.md")
    (author.folder / "content/news/a.md").unlink()
    author.wait_for("content/news/a.md")


def test_folders_and_config_that_come_later_are_noticed(author: Author):
    author.save("tidings.toml", "[site]")
    author.wait_for("tidings.toml")
    author.save("templates/static/style.css")
    author.wait_for("templates")
    # Twice, because the first one may be noticed as part of the folder's coming.
    author.save("templates/static/style.css", "longer than before")
    author.wait_for("templates/static/style.css")


def test_a_folder_that_was_removed_and_made_again_is_still_noticed(author_with_events: Author):
    author = author_with_events
    author.save("static/a.svg")
    author.wait_for("static")
    (author.folder / "static/a.svg").unlink()
    (author.folder / "static").rmdir()
    author.wait_for("static")
    (author.folder / "static").mkdir()
    author.wait_for("static")
    # Events of the removal may still come; new files are noticed sooner or later all the same.
    end = time.monotonic() + PATIENCE
    for number in range(10_000):
        author.save("static/b.svg", str(number))
        try:
            if author.noticed.get(timeout=0.2).name == "b.svg":
                break
        except queue.Empty:
            assert time.monotonic() < end, "the new folder is not watched"


def test_an_atomic_save_is_noticed_under_the_files_own_name(author_with_events: Author):
    def save_by_renaming() -> None:
        written = author_with_events.save("content/news/.a.md.tmp", "new")
        written.replace(author_with_events.folder / "content/news/a.md")

    assert author_with_events.noticed_of(save_by_renaming) == {"content/news/a.md"}


def test_a_folder_that_is_moved_in_is_noticed(author: Author):
    author.save("elsewhere/c.md")
    (author.folder / "elsewhere").rename(author.folder / "content/news/moved")
    author.wait_for("content/news/moved")


def test_editors_own_files_are_not_noticed(author_with_events: Author):
    names = (
        "a.md~",
        ".#a.md",
        "#a.md#",
        ".a.md.swp",
        "4913",
        "a.tmp",
        ".git/index",
        ".DS_Store",
    )

    def leave_traces() -> None:
        for name in names:
            author_with_events.save(f"content/news/{name}")
        (author_with_events.folder / "content/news/4913").unlink()

    assert author_with_events.noticed_of(leave_traces) <= {"content/news"}


def test_the_builds_own_files_are_not_noticed(author_with_events: Author):
    def build() -> None:
        author_with_events.save("site/index.html", "new")
        author_with_events.save("site/.tidings/manifest.json")
        author_with_events.save(".tidings/cache")
        author_with_events.save(".git/HEAD")
        author_with_events.save("README.md")

    assert author_with_events.noticed_of(build) == set()


def test_reading_is_not_noticed(author_with_events: Author):
    file = author_with_events.folder / "content/news/a.md"
    assert author_with_events.noticed_of(file.read_bytes) == set()


@pytest.mark.parametrize(
    "name", ["a.md", "4913.md", "2020-11-17-a.markdown", "template.html", "Ä"]
)
def test_sources_may_have_such_names(name):
    assert is_source_name(name)


def test_a_burst_ends_with_quiet_but_does_not_last_for_ever():
    assert wait_left(first=0.0, last=0.0, now=0.0) == pytest.approx(QUIET)
    assert wait_left(first=0.0, last=0.2, now=0.2 + QUIET) == pytest.approx(0.0)
    assert wait_left(first=0.0, last=LONGEST, now=LONGEST) <= 0
