"""What stands in a page's way and is not ours stops the write, and stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tidings.model.output import Rendered
from tidings.output.manifest import read_manifest
from tidings.output.write import Saved, write_site


def save(output: Path, *paths: str) -> Saved:
    """Write pages that hold the word `ours`."""
    pages = [Rendered(path, "key", b"ours") for path in paths]
    return write_site(output, pages, {}, read_manifest(output).value)


def edit_page(output: Path) -> None:
    """Edits a page that will go; its length stays."""
    (output / "a").write_bytes(b"mine")


def edit_below(output: Path) -> None:
    """Edits one of two pages in a folder that will go."""
    (output / "b/y").write_bytes(b"mine")


def link_below(output: Path) -> None:
    """Puts a link into such a folder."""
    (output / "b/link").symlink_to(output / "d", target_is_directory=True)


def empty_folder(output: Path) -> None:
    """Makes a folder with nothing in it."""
    (output / "c/empty").mkdir(parents=True)


def file_for_folder(output: Path) -> None:
    """Puts a file where the site has nothing yet."""
    (output / "c").write_bytes(b"mine")


@pytest.mark.parametrize(
    ("change", "wanted", "place", "words"),
    [
        (edit_page, ("a/x", "a/y"), "a", "a file is where a folder must be"),
        (edit_below, ("b",), "b/y", "with a file in it that tidings did not write"),
        (link_below, ("b",), "b/link", "with a file in it that tidings did not write"),
        (empty_folder, ("c",), "c/empty", "a folder that tidings did not make"),
        (file_for_folder, ("c/x", "c/y/z"), "c", "a file is where a folder must be"),
    ],
)
def test_what_somebody_made_or_edited_is_told_once_and_stays(
    tmp_path: Path,
    change: Callable[[Path], None],
    wanted: tuple[str, ...],
    place: str,
    words: str,
) -> None:
    save(tmp_path, "a", "b/x", "b/y", "d/x")
    change(tmp_path)
    before = {file: file.is_file() and file.read_bytes() for file in tmp_path.rglob("*")}
    saved = save(tmp_path, *wanted)
    assert [(p.code, p.place.file) for p in saved.diagnostics] == [
        ("output-blocked", str(tmp_path / place))
    ]
    assert words in saved.diagnostics[0].message
    assert {
        file: file.is_file() and file.read_bytes() for file in tmp_path.rglob("*")
    } == before


def test_a_name_that_the_disk_cannot_have_is_told(tmp_path: Path) -> None:
    # An asset's name grows by the digits of its bytes, so that its source may well have been.
    long = "a" * 300
    saved = save(tmp_path, long, f"{long}/x", "index.html")
    assert {problem.code for problem in saved.diagnostics} == {"output-blocked"}
    assert not (tmp_path / "index.html").exists()
