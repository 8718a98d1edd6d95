"""All records' neighbours at once, with SciPy's sparse matrices: the fast way to `nearness`.

Only whole numbers are added up, so the sums are exact and equal to those of plain Python in any
order. Records are compared in blocks with those that are older and near enough in time: what is
farther cannot reach the least likeness, and likeness is the same from both sides. So time and
memory grow with the records and not with their square.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from tidings.catalog.relating.matrices import (
    Cells,
    Matrix,
    products,
    take_all_terms,
    weigh_cells,
)
from tidings.catalog.relating.nearness import LEAST_TEXT, NEIGHBOURS, Index, covered_with
from tidings.catalog.relating.reading import Numbers
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.weights import UNIT, reach

BLOCK = 1024
"""Records whose rows are worked on together."""
MOST_HELD = 8_000_000
"""Pairs that are held before only the best are kept."""


class Pairs(NamedTuple):
    """Scored pairs, by row, best first, equals by column."""

    rows: Numbers
    columns: Numbers
    scores: Numbers


class Circumstances(NamedTuple):
    """What likeness depends on besides text, for records in the order of equals."""

    instants: Numbers
    topics: Topics
    covered: Numbers
    """Pairs of records that share a URL: two columns, by row."""


def related_pairs(
    index: Index, cells: Cells, items: Sequence[Relatable], options: RelatedOptions
) -> Pairs:
    """The pairs to show with scores from 0 to 1000; `items` in the order of equals."""
    vectors = weigh_cells(index, cells)
    facts = _circumstances(index, items, options)
    nearest = _best_of_all(vectors, facts, NEIGHBOURS, LEAST_TEXT, options)
    richer = take_all_terms(vectors, *nearest)
    # The smallest likeness whose score is at least the minimum.
    least = max(LEAST_TEXT, -(-options.minimum_score * UNIT // 1000))
    rows, columns, scores = _best_of_all(richer, facts, max(options.count, 0), least, options)
    return Pairs(rows, columns, scores * 1000 // UNIT)


class Survey(NamedTuple):
    """What a neighbourhood that will be updated starts from."""

    own: Matrix
    """The records' vectors; a column for each weighed term."""
    near: Pairs
    richer: Matrix
    """The vectors with the terms of the nearest."""
    best: Pairs


def survey(
    index: Index,
    cells: Cells,
    items: Sequence[Relatable],
    counts: tuple[int, int],
    options: RelatedOptions,
) -> Survey:
    """All vectors, and for each record so many of the first and of the second round's best."""
    vectors = weigh_cells(index, cells)
    facts = _circumstances(index, items, options)
    near = _best_of_all(vectors, facts, counts[0], LEAST_TEXT, options)
    nearest = first_pairs(near, NEIGHBOURS)
    richer = take_all_terms(vectors, *nearest)
    return Survey(
        vectors, near, richer, _best_of_all(richer, facts, counts[1], LEAST_TEXT, options)
    )


def first_pairs(pairs: Pairs, count: int) -> Pairs:
    """The first so many of each row."""
    kept = np.arange(len(pairs.rows)) - np.searchsorted(pairs.rows, pairs.rows) < count
    return Pairs(*(numbers[kept] for numbers in pairs))


def _circumstances(
    index: Index, items: Sequence[Relatable], options: RelatedOptions
) -> Circumstances:
    instants = np.array([item.instant for item in items], np.int64)
    return Circumstances(instants, _topics(index, items), _covered(index, items, options))


def _best_of_all(
    vectors: Matrix, facts: Circumstances, count: int, least: int, options: RelatedOptions
) -> Pairs:
    """The best `count` of each record, of at least this likeness."""
    found: list[Pairs] = []
    held = 0
    for start in range(0, vectors.shape[0], BLOCK):
        end = _within(facts, start, least, options)
        later = Pairs(*products(vectors, start, BLOCK, end, max(least, LEAST_TEXT) * UNIT))
        scores = _scores(later, facts, options)
        near = scores >= least
        pairs = _apart(Pairs(later.rows[near], later.columns[near], scores[near]), facts)
        found.append(pairs)
        found.append(Pairs(pairs.columns, pairs.rows, pairs.scores))
        held += 2 * len(pairs.rows)
        if held > MOST_HELD:
            found = [best_pairs(_join(found), count)]
            held = len(found[0].rows) // 2
    if len(facts.covered):
        found.append(_covered_scores(vectors, facts, least, options))
    return best_pairs(_join(found), count)


def _within(facts: Circumstances, start: int, least: int, options: RelatedOptions) -> int:
    """Where those end that are near enough in time to any record of the block."""
    apart = reach(least, options.half_life_days)
    if apart is None:
        return len(facts.instants)
    oldest = facts.instants[min(start + BLOCK, len(facts.instants)) - 1]
    return int(np.searchsorted(-facts.instants, -(oldest - apart), side="right"))


def _scores(pairs: Pairs, facts: Circumstances, options: RelatedOptions) -> Numbers:
    """Likeness but for shared URLs, given the products of the pairs' vectors."""
    scores = np.minimum(pairs.scores // UNIT, UNIT)
    scores = scores * _topic_factors(facts.topics, pairs.rows, pairs.columns, options) // UNIT
    found: Numbers = (
        scores * _closeness(facts.instants, pairs.rows, pairs.columns, options) // UNIT
    )
    return found


def _apart(pairs: Pairs, facts: Circumstances) -> Pairs:
    """The pairs of some rows that follow each other, without those that share a URL."""
    if not len(pairs.rows):
        return pairs
    records, (own, others) = len(facts.instants), facts.covered.T
    ends = np.searchsorted(own, (pairs.rows.min(), pairs.rows.max() + 1))
    of_rows = slice(*ends)
    sharing = own[of_rows] * records + others[of_rows]
    if not len(sharing):
        return pairs
    keys = pairs.rows * records + pairs.columns
    places = np.minimum(np.searchsorted(sharing, keys), len(sharing) - 1)
    kept = sharing[places] != keys
    return Pairs(*(numbers[kept] for numbers in pairs))


def _covered_scores(
    vectors: Matrix, facts: Circumstances, least: int, options: RelatedOptions
) -> Pairs:
    """The pairs that share a URL, however far apart."""
    own, others = facts.covered.T
    sums = vectors[own].multiply(vectors[others]).sum(axis=1)
    pairs = Pairs(own, others, np.asarray(sums, np.int64).ravel())
    scores = _scores(pairs, facts, options)
    scores += (UNIT - scores) * options.coverage_weight // 100
    near = scores >= least
    return Pairs(own[near], others[near], scores[near])


def best_pairs(pairs: Pairs, count: int) -> Pairs:
    """The best `count` of each row, best first, equals by column."""
    if not len(pairs.rows):
        return pairs
    # One sort of one number for each pair: row, falling score, column.
    high = int(pairs.scores.max())
    columns = int(pairs.columns.max()) + 1
    first = int(pairs.rows.min())
    keys = ((pairs.rows - first) * (high + 1) + (high - pairs.scores)) * columns + pairs.columns
    keys.sort()
    rest, found = np.divmod(keys, columns)
    rows, fallen = np.divmod(rest, high + 1)
    starts = np.searchsorted(rows, np.arange(int(rows[-1]) + 1))
    kept = np.arange(len(rows)) - starts[rows] < count
    return Pairs(rows[kept] + first, found[kept], high - fallen[kept])


def _join(found: list[Pairs]) -> Pairs:
    if not found:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, nothing)
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


class Topics(NamedTuple):
    """The records' telling topics."""

    held: Numbers
    """Numbers of each record's topics, filled up with 0 to the same length."""
    squares: Numbers
    """Squared weight of each topic; none for 0, which is no topic."""
    lengths: Numbers
    """Length of each record's topics as a vector; 0 where none tells anything."""


def _topics(index: Index, items: Sequence[Relatable]) -> Topics:
    telling = [topic for topic, weight in index.topic_weights.items() if weight]
    numbers = {topic: number for number, topic in enumerate(telling, 1)}
    own = [index.topics[item.id] for item in items]
    sizes = np.fromiter([len(found.names) for found in own], np.int64, len(own))
    every = chain.from_iterable([found.names for found in own])
    held = np.array([numbers[topic] for topic in every], np.int64)
    filled = np.zeros((len(own), int(sizes.max(initial=0))), np.int64)
    filled[np.arange(filled.shape[1]) < sizes[:, None]] = held
    return Topics(
        filled,
        np.array([0, *(index.topic_weights[topic] ** 2 for topic in telling)], np.int64),
        np.array([found.length for found in own], np.int64),
    )


def _topic_factors(
    topics: Topics, rows: Numbers, columns: Numbers, options: RelatedOptions
) -> Numbers:
    """`nearness.topic_factor` for many pairs."""
    held = UNIT * options.topic_weight // 100
    shared = np.zeros(len(rows), np.int64)
    for one in topics.held.T:
        own = one[rows]
        squares = topics.squares[own]
        for other in topics.held.T:
            shared += squares * (own == other[columns])
    lengths = topics.lengths[rows] * topics.lengths[columns]
    known: Numbers = UNIT - held + held * np.minimum(shared, lengths) // np.maximum(lengths, 1)
    known[lengths == 0] = UNIT - held // 2
    return known


def _closeness(
    instants: Numbers, rows: Numbers, columns: Numbers, options: RelatedOptions
) -> Numbers:
    """`weights.closeness` for many pairs."""
    if not options.half_life_days:
        return np.full(len(rows), UNIT, np.int64)
    half = options.half_life_days * 24
    apart = np.abs(instants[rows] - instants[columns]) // 3600
    found: Numbers = UNIT * half * half // (half * half + apart * apart)
    return found


def _covered(index: Index, items: Sequence[Relatable], options: RelatedOptions) -> Numbers:
    pairs: list[tuple[int, int]] = []
    if index.sharers and options.coverage_weight:
        numbers = {item.id: number for number, item in enumerate(items)}
        holders = frozenset[str]().union(*index.sharers.values())
        for number, item in enumerate(items):
            if item.id in holders:
                pairs.extend((number, numbers[other]) for other in covered_with(index, item))
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)
