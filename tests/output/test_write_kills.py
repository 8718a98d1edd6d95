"""Builds killed at every moment, and once more at every moment while that is mended."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from fixture_writes import folders, tree, write, write_and_die

from tidings.output.paths import folders_of, temporary_name

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


def test_what_a_killed_build_left_is_not_looked_for_behind_a_link(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    for after in count():
        killed = write_and_die(output, {"day/one/x": b"new"}, False, after)
        if (output / "day").exists():
            break
    assert killed
    (output / "day").rename(elsewhere)
    (output / "day").symlink_to(elsewhere)
    torn = elsewhere / "one" / temporary_name()
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"of another site")
    assert write(output, {"y": b"new"}).diagnostics == ()
    assert torn.exists()
