"""A tree that is made like another one shares all its files, whatever it held before."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.publish.trees import same_tree

PATHS = ("a", "a/b", "a/b/c", "d/e", "d", "f/g/h", "f/g/i", "link")
TREES = st.dictionaries(st.sampled_from(PATHS), st.integers(0, 3), max_size=6)


def make(folder: Path, files: dict[str, int]) -> None:
    """Files with these bytes; a path that is in the way of another one is left out."""
    for path, number in sorted(files.items()):
        place = folder / path
        if any((folder / each).is_file() for each in Path(path).parents if str(each) != "."):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if path == "link":
            place.symlink_to(f"nowhere-{number}")
        else:
            place.write_text(str(number))


def held(folder: Path) -> dict[str, int]:
    """The inode of each file by its path; folders that hold nothing show as 0."""
    found = {}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        for name in [*files, *(each for each in folders if (here / each).is_symlink())]:
            path = (here / name).relative_to(folder).as_posix()
            found[path] = os.lstat(here / name).st_ino
        if not folders and not files and here != folder:
            found[here.relative_to(folder).as_posix()] = 0
    return found


@settings(max_examples=150, deadline=None)
@given(old=TREES, before=TREES, shared=st.booleans(), without=st.sets(st.sampled_from(PATHS)))
def test_the_new_tree_holds_the_old_one_s_files_and_nothing_else(
    old: dict[str, int], before: dict[str, int], shared: bool, without: set[str]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="trees-"))
    try:
        (folder / "old").mkdir()
        (folder / "new").mkdir()
        make(folder / "old", old)
        if shared:
            same_tree(folder / "old", folder / "new", set(before))
        else:
            make(folder / "new", before)
        expected = {
            path: inode for path, inode in held(folder / "old").items() if path not in without
        }
        same_tree(folder / "old", folder / "new", without)
        assert held(folder / "new") == expected
    finally:
        shutil.rmtree(folder)
