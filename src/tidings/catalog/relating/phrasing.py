"""The words that many pairs of records share: `reasons.shared_phrases`, with NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np

from tidings.catalog.relating.circumstances import (
    Circumstances,
    share_urls,
    shared_topics,
)
from tidings.catalog.relating.nearness import Index
from tidings.catalog.relating.ranking import Pairs
from tidings.catalog.relating.reading import Flags, Numbers, Reading
from tidings.catalog.relating.reasons import (
    SAME_STORY_SCORE,
    SAME_STORY_SECONDS,
    fill,
    phrase_of,
)
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.settled import REASONS

Codes = np.ndarray[Any, np.dtype[np.uint8]]


class Links(NamedTuple):
    """The links of all records, record by record."""

    sizes: Numbers
    """How many links each record has."""
    columns: Numbers
    """The linked records."""
    scores: Numbers
    reasons: Codes
    """Places in `REASONS`."""
    details: list[str]


def link_all(
    index: Index,
    reading: Reading,
    items: Sequence[Relatable],
    facts: Circumstances,
    pairs: Pairs,
    options: RelatedOptions,
) -> Links:
    """`reasons.give_reasons` for all records; the pairs' scores go from 0 to 1000."""
    rows, columns, scores = pairs
    apart = np.abs(facts.instants[rows] - facts.instants[columns])
    reasons = np.full(len(rows), REASONS.index("similar"), np.uint8)
    same = (scores >= SAME_STORY_SCORE) & (apart <= SAME_STORY_SECONDS)
    reasons[same] = REASONS.index("same-story")
    reasons[share_urls(facts, rows, columns)] = REASONS.index("shared-coverage")
    told = np.flatnonzero(reasons == REASONS.index("similar"))
    details = np.full(len(rows), "", object)
    details[told] = Phrasing(reading, index).shared(rows[told], columns[told])
    bare = told[details[told] == ""]
    names = np.array(facts.topics.names, object)
    details[bare] = names[shared_topics(facts.topics, rows[bare], columns[bare])]
    reasons[bare[details[bare] != ""]] = REASONS.index("topic")
    sizes = np.bincount(rows, minlength=len(items))
    found = Links(sizes, columns, scores, reasons, details.tolist())
    if len(items) < options.fill_below:
        return _filled(index, items, found, options)
    return found


def linked(links: Links, ids: Sequence[str]) -> list[tuple[RelatedLink, ...]]:
    """The links of each record; `ids` are the records by their numbers."""
    every = list(
        map(
            RelatedLink,
            map(ids.__getitem__, links.columns.tolist()),
            links.scores.tolist(),
            map(REASONS.__getitem__, links.reasons.tolist()),
            links.details,
        )
    )
    ends = [0, *np.cumsum(links.sizes).tolist()]
    return [tuple(every[start:end]) for start, end in pairwise(ends)]


def _filled(
    index: Index, items: Sequence[Relatable], links: Links, options: RelatedOptions
) -> Links:
    """The links of a small site with free places filled."""
    numbers = {item.id: number for number, item in enumerate(items)}
    own = linked(links, list(numbers))
    found = [fill(index, item, each, options) for item, each in zip(items, own, strict=True)]
    every = list(chain.from_iterable(found))
    return Links(
        np.array([len(each) for each in found], np.int64),
        np.array([numbers[link.id] for link in every], np.int64),
        np.array([link.score for link in every], np.int64),
        np.array([REASONS.index(link.reason) for link in every], np.uint8),
        [link.detail for link in every],
    )


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

    def shared(self, rows: Numbers, columns: Numbers) -> Any:
        """For each pair the words that it shares: of the row's title if the column has them
        too, else of the column's if the row has them; else nothing."""
        found = np.array(self.phrases(rows, columns), object)
        without = np.flatnonzero(found == "")
        found[without] = self.phrases(columns[without], rows[without])
        return found

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
