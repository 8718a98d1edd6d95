"""Paths below the output folder: those that may be written, one by one and together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidings.output.paths import first_wrong_path, path_problem

PIECES = st.sampled_from(
    ["a", "Z0_", ".", "..", "-", "/", "\n", "!", " ", "é", ":", ".tidings"]
)


@given(st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=3))
def test_looking_at_all_paths_together_finds_what_looking_at_each_does(
    paths: list[str],
) -> None:
    wrong = sorted(path for path in paths if path_problem(path))
    assert first_wrong_path(paths) == (wrong[0] if wrong else "")
