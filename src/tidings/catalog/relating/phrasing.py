"""The words that many pairs of records share: `reasons.shared_phrases`, with NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from tidings.catalog.relating.nearness import Index
from tidings.catalog.relating.ranking import Pairs
from tidings.catalog.relating.reading import Flags, Numbers, Reading
from tidings.catalog.relating.reasons import (
    SAME_STORY_SCORE,
    SAME_STORY_SECONDS,
    give_reasons,
    phrase_of,
)
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions


def link_all(
    index: Index,
    reading: Reading,
    items: Sequence[Relatable],
    pairs: Pairs,
    options: RelatedOptions,
) -> list[tuple[RelatedLink, ...]]:
    """`reasons.give_reasons` for all records; the pairs' scores go from 0 to 1000."""
    instants = np.array([item.instant for item in items], np.int64)
    apart = np.abs(instants[pairs.rows] - instants[pairs.columns])
    told = (pairs.scores < SAME_STORY_SCORE) | (apart > SAME_STORY_SECONDS)
    rows, columns = pairs.rows[told], pairs.columns[told]
    phrasing = Phrasing(reading, index)
    found = phrasing.phrases(rows, columns)
    without = np.array([place for place, phrase in enumerate(found) if not phrase], np.int64)
    others = phrasing.phrases(columns[without], rows[without])
    for place, phrase in zip(without.tolist(), others, strict=True):
        found[place] = phrase
    ids = [item.id for item in items]
    phrases: list[dict[str, str]] = [{} for _ in items]
    for row, column, phrase in zip(rows.tolist(), columns.tolist(), found, strict=True):
        phrases[row][ids[column]] = phrase
    best: list[dict[str, int]] = [{} for _ in items]
    for row, column, score in zip(*(numbers.tolist() for numbers in pairs), strict=True):
        best[row][ids[column]] = score
    return [
        give_reasons(index, item, listed, options, known)
        for item, listed, known in zip(items, best, phrases, strict=True)
    ]


class Phrasing:
    """The titles and terms of all records, ready to be compared."""

    def __init__(self, reading: Reading, index: Index) -> None:
        """`index` is that of the records that were read."""
        names = reading.names
        self._reading = reading
        self._terms = max(len(names), 1)
        rows = np.repeat(np.arange(len(reading.terms.sizes)), reading.terms.sizes)
        self._keys = rows * self._terms + reading.terms.numbers
        self._rarity = np.zeros(self._terms, np.int64)
        weighed = [names[term] for term in index.term_weights]
        self._rarity[weighed] = list(index.term_weights.values())
        self._starts = np.cumsum(reading.words.sizes) - reading.words.sizes
        self._with_last = self._pair_numbers()

    def phrases(self, rows: Numbers, columns: Numbers) -> list[str]:
        """For each pair the words of the row's title that the column has too."""
        words = self._reading.words
        sizes = words.sizes[rows]
        total = int(sizes.sum())
        at = np.arange(total) + np.repeat(self._starts[rows] - np.cumsum(sizes) + sizes, sizes)
        pairs = np.repeat(np.arange(len(rows)), sizes)
        rarity = self._rarity[words.numbers[at]]
        pairs, at, rarity = (numbers[rarity > 0] for numbers in (pairs, at, rarity))
        there, weights = self._held(columns[pairs], words.numbers[at])
        pairs, at, weights = pairs[there], at[there], (weights * rarity)[there]
        follows = np.zeros(len(at), bool)
        follows[1:] = (pairs[1:] == pairs[:-1]) & (at[1:] == at[:-1] + 1)
        follows &= self._with_last[at] >= 0
        follows[follows] = self._held(columns[pairs[follows]], self._with_last[at[follows]])[0]
        shown = self._reading.shown
        texts = [shown[piece] for piece in self._reading.pieces[at].tolist()]
        found = [""] * len(rows)
        parts = list(zip(weights.tolist(), texts, follows.tolist(), strict=True))
        starts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))[: len(at)]
        ends = pairwise([*starts.tolist(), len(at)])
        for pair, (start, end) in zip(pairs[starts].tolist(), ends, strict=True):
            found[pair] = phrase_of(parts[start:end])
        return found

    def _held(self, rows: Numbers, terms: Numbers) -> tuple[Flags, Numbers]:
        """Whether each row has the term, and then its weight there."""
        keys = rows * self._terms + terms
        at = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
        if not len(self._keys):
            return np.zeros(len(keys), bool), keys
        return self._keys[at] == keys, self._reading.weights[at]

    def _pair_numbers(self) -> Numbers:
        """For each word the term of the word before and this one, or -1."""
        words, names = self._reading.words, list(self._reading.names)
        found = np.full(len(words.numbers), -1)
        if len(found) > 1:
            keys = words.numbers[:-1] * self._terms + words.numbers[1:]
            different, places = np.unique(keys, return_inverse=True)
            first, second = np.divmod(different, self._terms)
            known = self._reading.names.get
            both: Iterable[tuple[int, int]] = zip(first.tolist(), second.tolist(), strict=True)
            numbers = [known(names[one] + names[other], -1) for one, other in both]
            found[1:] = np.array(numbers)[places]
        return found
