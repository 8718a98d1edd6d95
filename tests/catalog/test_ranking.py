"""The best pairs of each record, block by block: what sorting all pairs at once would give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.catalog.relating.weights import UNIT

np = pytest.importorskip("numpy")
ranking = pytest.importorskip("tidings.catalog.relating.ranking")

Scored = dict[tuple[int, int], int]
RECORDS = 11

pairs = st.dictionaries(
    st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    st.one_of(st.integers(0, UNIT), st.sampled_from((80, 81, 512, UNIT))),
)


def columns(scored: Scored) -> Any:
    """The pairs as rows of numbers, by row."""
    cells = [(row, column, score) for (row, column), score in sorted(scored.items())]
    return ranking.Pairs(*np.array(cells, np.int64).reshape(-1, 3).T)


def best(scored: Scored, count: int) -> list[tuple[int, int, int]]:
    """The definition: of each row the first of its pairs by falling score, then by column."""
    both = scored | {(column, row): score for (row, column), score in scored.items()}
    found = []
    for row in range(RECORDS):
        own = sorted(
            (-score, column) for (first, column), score in both.items() if first == row
        )
        found += [(row, column, -fallen) for fallen, column in own[:count]]
    return found


@settings(max_examples=200, deadline=None)
@given(
    pairs,
    st.integers(1, 5),
    st.integers(0, 4),
    st.sampled_from((0, 6, 100)),
    st.sampled_from((0, 2)),
)
def test_blocks_give_what_sorting_everything_gives(
    scored: Scored, block: int, count: int, most: int, few: int
) -> None:
    """Whatever the blocks, however little is held, and whether or not scores are counted
    before they are sorted."""
    ranked = ranking.Ranking(RECORDS, block, count, most)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "FEW", few)
        for start in range(0, RECORDS, block):
            rows = range(start, start + block)
            own = {pair: score for pair, score in scored.items() if pair[0] in rows}
            ranked.add(columns({(other, row): score for (row, other), score in own.items()}))
            found.append(ranked.settle(start, columns(own)))
    cells = zip(*(numbers.tolist() for numbers in ranking.joined(found)), strict=True)
    assert list(cells) == best(scored, count)
