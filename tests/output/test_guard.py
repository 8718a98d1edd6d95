"""Folders that no build may write to, and those that it may."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidings.model.output import Rendered
from tidings.output import write
from tidings.output.guard import refuse_output
from tidings.output.manifest import manifest_file
from tidings.output.write import write_site
from tidings.publish.published import Pending, Sent, encode_notes
from tidings.publish.target import PENDING


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A site's folder."""
    for name in ("content/news", "templates", "static"):
        (tmp_path / "project" / name).mkdir(parents=True)
    return tmp_path / "project"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (".", "source folder"),
        ("..", "contains the site's source"),
        ("/", "root of the file system"),
        ("~", "home folder"),
        ("content", "content folder"),
        ("content/news/site", "within the site's content folder"),
        ("templates", "templates folder"),
        ("static/site", "within the site's static folder"),
        (".git/site", "git"),
        ("link", "source folder"),
        ("taken", "holds files that tidings did not write"),
        ("file", "there is a file"),
    ],
)
def test_dangerous_folder_is_refused_with_a_reason(
    source: Path, monkeypatch: pytest.MonkeyPatch, output: str, words: str
) -> None:
    home = source.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    (source / "link").symlink_to(source)
    (source / "taken").mkdir()
    (source / "taken" / "diary.txt").touch()
    (source / "file").touch()
    problem = refuse_output(home if output == "~" else source / output, source)
    assert problem is not None
    assert problem.code == "output-refused"
    assert words in problem.message
    assert problem.hint


def test_folder_of_a_first_build_that_was_killed_is_fine(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = source / "site"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "store_manifest", killed)
    with pytest.raises(KeyboardInterrupt):
        write_site(output, [Rendered("index.html", "key", b"page")], {}, None)
    assert (output / "index.html").exists()
    assert refuse_output(output, source) is None
    # What a publish that was cut off leaves at its target is no build's.
    (output / PENDING).write_bytes(encode_notes(Pending(writes={"index.html": Sent("00", 1)})))
    assert refuse_output(output, source) is not None


def test_new_empty_dotted_and_own_folders_are_fine(source: Path) -> None:
    output = source / "site"
    assert refuse_output(output, source) is None
    output.mkdir()
    (output / ".gitignore").touch()
    assert refuse_output(output, source) is None
    write_site(output, [Rendered("index.html", "key", b"one")], {}, None)
    (output / "note.txt").touch()
    assert refuse_output(output, source) is None


def test_folders_are_known_by_any_name(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home and inputs are often links on machines where data have a disk of their own."""
    disk = source.parent / "disk"
    (disk / "home").mkdir(parents=True)
    (source.parent / "home").symlink_to(disk / "home")
    monkeypatch.setenv("HOME", str(source.parent / "home"))
    monkeypatch.setenv("USERPROFILE", str(source.parent / "home"))
    (source / "static").rename(disk / "static")
    (source / "static").symlink_to(disk / "static")
    for output, words in (
        (disk / "home", "home folder"),
        (disk / "static", "holds the site's static folder"),
        (disk, "holds the site's static folder"),
        (disk / "static/site", "within the site's static folder"),
    ):
        problem = refuse_output(output, source)
        assert problem is not None
        assert words in problem.message


def test_folder_whose_list_of_files_is_damaged_is_still_ours(source: Path) -> None:
    output = source / "site"
    write_site(output, [Rendered("index.html", "key", b"one")], {}, None)
    manifest_file(output).write_bytes(b"{")
    assert refuse_output(output, source) is None


def test_state_folder_that_is_a_file_is_refused(source: Path) -> None:
    (source / "site").mkdir()
    (source / "site" / ".tidings").touch()
    problem = refuse_output(source / "site", source)
    assert problem is not None
    assert "not a plain folder" in problem.message


def test_state_folder_that_is_a_link_is_refused(source: Path, tmp_path: Path) -> None:
    (source / "site").mkdir()
    (source / "site" / ".tidings").symlink_to(tmp_path)
    assert refuse_output(source / "site", source) is not None
