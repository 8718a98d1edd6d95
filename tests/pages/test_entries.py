"""Lists that show one entry for each story."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tidings.model.catalog import Story
from tidings.pages.entries import entries_by_time, latest_entries

NOW = datetime(2024, 1, 1, tzinfo=UTC)


@given(st.permutations("abcdef"), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_the_latest_entries_are_the_first_of_all(ids: list[str], told: list[int]) -> None:
    """`told` has for each record, best first, the number of its story; 0 for none."""
    stories = {
        each: Story(str(number), "", members, (), 1, NOW, NOW)
        for each, number in zip("abcdef", told, strict=True)
        if number
        for members in [tuple(m for m, n in zip("abcdef", told, strict=True) if n == number)]
    }
    for most in range(7):
        assert latest_entries(ids, stories, most) == entries_by_time(ids, stories)[:most]
