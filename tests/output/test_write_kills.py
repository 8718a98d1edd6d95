"""Builds killed at every moment, and once more at every moment while that is mended."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from fixture_writes import folders, tree, write, write_and_die

from tidings.output.paths import folders_of

# A folder becomes a file, and the reverse; a page changes, one is new, one goes, one is back.
OLD = {"a/b/x": b"old", "c": b"old", "d/x": b"old", "e": b"old"}
NEW = {"a": b"new", "c/x": b"new", "d/x": b"new", "f/g/x": b"new"}
BACK = {"a/b/x": b"old", "d/x": b"back", "f": b"back"}
SITES = (OLD, NEW, BACK)


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize("last", SITES)
def test_two_killed_builds_are_mended_by_the_next(
    tmp_path: Path, last: dict[str, bytes], aside: bool
) -> None:
    number = 0
    for first in count():
        for second in count(0, 3):
            output = tmp_path / f"{number}"
            number += 1
            write(output, OLD)
            killed = write_and_die(output, NEW, aside, first)
            again = write_and_die(output, BACK, not aside, second)
            saved = write(output, last)
            assert saved.diagnostics == ()
            assert tree(output) == last
            assert folders(output) == {each for path in last for each in folders_of(path)}
            if not again:
                break
        if not killed:
            break
    assert number > 50
