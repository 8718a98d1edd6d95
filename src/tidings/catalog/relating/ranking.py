"""Scored pairs to the best of each record, block by block.

Part of the fast way of `neighbours`, which compares each block of records with those that are
older. When it has come to a block, all pairs of its records are known, so their best are chosen
at once: what is sorted stays small, and only pairs of blocks that are still to come are held.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tidings.catalog.relating.reading import Numbers, places_within
from tidings.catalog.relating.weights import UNIT

SCORES = 2 * UNIT
"""Room for the scores of a row in the numbers that pairs are sorted by."""
STEP = 8
"""Scores that are counted together."""
FEW = 2
"""How many times as many pairs as are kept are sorted without counting first."""


class Pairs(NamedTuple):
    """Scored pairs, by row, best first, equals by column."""

    rows: Numbers
    columns: Numbers
    scores: Numbers


class Ranking:
    """The best `count` pairs of each of so many rows, of which `block` are settled together."""

    def __init__(self, records: int, block: int, count: int, most: int) -> None:
        """At most about so many pairs are held before only the best of them are kept."""
        self._records = records
        self._block = block
        self._count = count
        self._most = most
        self._held = 0
        self._waiting: list[list[Numbers]] = [[] for _ in range(0, records, block)]

    def add(self, pairs: Pairs) -> None:
        """Takes pairs of rows that are not settled yet, by row; their order beyond that does
        not matter. Scores go up to `UNIT`."""
        keys = self._keys(pairs)
        starts = np.arange(len(self._waiting) + 1) * self._block
        bounds = np.searchsorted(pairs.rows, starts).tolist()
        for waiting, start, end in zip(self._waiting, bounds, bounds[1:], strict=False):
            if start < end:
                waiting.append(keys[start:end])
        self._held += len(keys)
        if self._held > self._most:
            for block, waiting in enumerate(self._waiting):
                waiting[:] = [self._best(block, waiting)]
            self._held = sum(len(keys) for (keys,) in self._waiting)
            # What is left may be that many already; the next round must be worth its work.
            self._most = max(self._most, 2 * self._held)

    def settle(self, first: int, pairs: Pairs) -> Pairs:
        """The best of the block that begins with this row, given all pairs of its rows that
        were not added; after this nothing is known of it any more."""
        block = first // self._block
        waiting = self._waiting[block]
        self._held -= sum(map(len, waiting))
        found = self._best(block, [*waiting, self._keys(pairs)])
        self._waiting[block] = []
        rest, columns = np.divmod(found, self._records)
        rows, fallen = np.divmod(rest, SCORES)
        return Pairs(rows, columns, UNIT - fallen)

    def _keys(self, pairs: Pairs) -> Numbers:
        """One number for each pair, in the order of pairs: row, falling score, column."""
        rows, columns, scores = pairs
        return (rows * SCORES + (UNIT - scores)) * self._records + columns

    def _best(self, block: int, waiting: Sequence[Numbers]) -> Numbers:
        """The best keys of the block's rows, in order."""
        if not waiting:
            return np.zeros(0, np.int64)
        keys = np.concatenate(waiting)
        first = block * self._block
        rows = np.arange(first, min(first + self._block, self._records) + 1)
        if len(keys) > FEW * self._count * self._block:
            keys = self._promising(keys, first, len(rows) - 1)
        keys.sort()
        starts = np.searchsorted(keys, rows * (SCORES * self._records))
        sizes = np.minimum(np.diff(starts), self._count)
        ahead = np.repeat(starts[:-1] - np.cumsum(sizes) + sizes, sizes)
        found: Numbers = keys[np.arange(len(ahead)) + ahead]
        return found

    def _promising(self, keys: Numbers, first: int, rows: int) -> Numbers:
        """The keys without most of those that are not among the best of these rows.

        Counting scores in steps costs much less than sorting all keys would.
        """
        steps = SCORES // STEP
        places = keys // (self._records * STEP) - first * steps
        counts = np.bincount(places, minlength=rows * steps).reshape(rows, steps)
        last = (np.cumsum(counts, axis=1) < self._count).sum(axis=1)
        good = (np.arange(steps) <= last[:, None]).ravel()
        found: Numbers = keys[good[places]]
        return found


def joined(found: Sequence[Pairs]) -> Pairs:
    """All these pairs; their rows follow each other."""
    if not found:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, nothing)
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def first_pairs(pairs: Pairs, count: int) -> Pairs:
    """The first so many of each row."""
    kept = places_within(pairs.rows) < count
    return Pairs(*(numbers[kept] for numbers in pairs))
