"""All records' neighbours at once, with SciPy's sparse matrices: the fast way to `nearness`.

Only whole numbers are added up, so the sums are exact and equal to those of plain Python in any
order. Rows go through in blocks, so memory grows with the records and not with their square.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from tidings.catalog.nearness import (
    LEAST_TERM,
    LEAST_TEXT,
    NEIGHBOURS,
    TAKEN,
    Index,
    covered_with,
)
from tidings.catalog.relating_types import Relatable, RelatedOptions
from tidings.catalog.terms import SIDE
from tidings.catalog.weights import MOST_ASIDE, UNIT, lone_weight, site_step

BLOCK = 256
"""Records whose rows are worked on together."""

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Matrix = Any
"""A SciPy sparse array; SciPy has no types."""


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


def related_pairs(index: Index, items: Sequence[Relatable], options: RelatedOptions) -> Pairs:
    """The pairs to show with scores from 0 to 1000; `items` in the order of equals."""
    vectors = _vectors(index, items)
    facts = _circumstances(index, items, options)
    richer = _take_terms(vectors, _best_of_all(vectors, facts, NEIGHBOURS, LEAST_TEXT, options))
    # The smallest likeness whose score is at least the minimum.
    least = max(LEAST_TEXT, -(-options.minimum_score * UNIT // 1000))
    rows, columns, scores = _best_of_all(richer, facts, max(options.count, 0), least, options)
    return Pairs(rows, columns, scores * 1000 // UNIT)


class Survey(NamedTuple):
    """What a neighbourhood that will be updated starts from, in plain Python."""

    vectors: dict[str, dict[str, int]]
    near: dict[str, dict[str, int]]
    richer: dict[str, dict[str, int]]
    best: dict[str, dict[str, int]]


def survey(
    index: Index, items: Sequence[Relatable], counts: tuple[int, int], options: RelatedOptions
) -> Survey:
    """All vectors, and for each record so many of the first and of the second round's best."""
    vectors = _vectors(index, items)
    facts = _circumstances(index, items, options)
    near = _best_of_all(vectors, facts, counts[0], LEAST_TEXT, options)
    order = np.arange(len(near.rows)) - np.searchsorted(near.rows, near.rows)
    nearest = Pairs(*(numbers[order < NEIGHBOURS] for numbers in near))
    richer = _take_terms(vectors, nearest)
    best = _best_of_all(richer, facts, counts[1], LEAST_TEXT, options)
    ids = [item.id for item in items]
    terms = list(index.counts.holders)
    return Survey(
        _by_record(ids, terms, vectors),
        _by_row(ids, near),
        _by_record(ids, terms, richer),
        _by_row(ids, best),
    )


def _by_record(ids: list[str], terms: list[str], matrix: Matrix) -> dict[str, dict[str, int]]:
    names = [terms[column] for column in matrix.indices.tolist()]
    weights, ends = matrix.data.tolist(), matrix.indptr.tolist()
    return {
        id_: dict(zip(names[first:last], weights[first:last], strict=True))
        for id_, first, last in zip(ids, ends, ends[1:], strict=False)
    }


def _by_row(ids: list[str], pairs: Pairs) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {id_: {} for id_ in ids}
    for row, column, score in zip(*(numbers.tolist() for numbers in pairs), strict=True):
        found[ids[row]][ids[column]] = score
    return found


def _circumstances(
    index: Index, items: Sequence[Relatable], options: RelatedOptions
) -> Circumstances:
    instants = np.array([item.instant for item in items], np.int64)
    return Circumstances(instants, _topics(index, items), _covered(index, items, options))


def _best_of_all(
    vectors: Matrix, facts: Circumstances, count: int, least: int, options: RelatedOptions
) -> Pairs:
    """The best `count` of each record, of at least this likeness."""
    turned = vectors.T.tocsr()
    records = vectors.shape[0]
    found = []
    for start in range(0, records, BLOCK):
        rows, columns, dots = _products(vectors, turned, start)
        own = others = np.zeros(0, np.int64)
        if len(facts.covered):
            first, last = np.searchsorted(facts.covered[:, 0], (start, start + BLOCK))
            own, others = facts.covered[first:last].T
            far = ~np.isin(rows * records + columns, own * records + others)
            products = vectors[own].multiply(vectors[others]).sum(axis=1)
            rows = np.concatenate((rows[far], own))
            columns = np.concatenate((columns[far], others))
            dots = np.concatenate((dots[far], np.asarray(products, np.int64).ravel()))
        scores = np.minimum(dots // UNIT, UNIT)
        scores = scores * _topic_factors(facts.topics, rows, columns, options) // UNIT
        scores = scores * _closeness(facts.instants, rows, columns, options) // UNIT
        added = scores[len(scores) - len(own) :]
        added += (UNIT - added) * options.coverage_weight // 100
        kept = scores >= least
        found.append(best_pairs(Pairs(rows[kept], columns[kept], scores[kept]), count))
    return _join(found)


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


def _products(matrix: Matrix, turned: Matrix, start: int) -> tuple[Numbers, Numbers, Numbers]:
    """The products of a block of rows with all rows, where they are large enough."""
    product = matrix[start : start + BLOCK] @ turned
    large = np.flatnonzero(product.data >= LEAST_TEXT * UNIT)
    rows = np.searchsorted(product.indptr, large, side="right") + (start - 1)
    columns = product.indices[large].astype(np.int64)
    others = rows != columns
    return rows[others], columns[others], product.data[large[others]].astype(np.int64)


def _unit_rows(weights: Numbers, ends: Numbers, more: Numbers | int = 0) -> Numbers:
    """`weights.unit_vector` for many vectors: row r is what lies between its two ends."""
    lengths = np.diff(ends)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    sums = np.concatenate(([0], np.cumsum(weights * weights)))
    # Squares stay below 2**52, where the rounded root of a float cuts off to the exact one.
    roots = np.sqrt((sums[ends[1:]] - sums[ends[:-1]] + more).astype(np.float64)).astype(
        np.int64
    )
    per_cell = np.maximum(roots, 1)[rows]
    units: Numbers = (weights * UNIT + per_cell // 2) // per_cell
    return units


def _vectors(index: Index, items: Sequence[Relatable]) -> Matrix:
    holders = index.counts.holders
    numbers = {term: number for number, term in enumerate(holders)}
    held = np.fromiter(holders.values(), np.int64, len(holders))
    weighed = map(index.term_weights.get, holders, repeat(0))
    weights = np.fromiter(weighed, np.int64, len(holders))
    terms = [index.terms[item.id].weights for item in items]
    sizes = np.fromiter(map(len, terms), np.int64, len(terms))
    total = int(sizes.sum())
    every = chain.from_iterable(terms)
    columns = np.fromiter(map(numbers.__getitem__, every), np.int64, total)
    values = np.fromiter(chain.from_iterable(map(dict.values, terms)), np.int64, total)
    rows = np.repeat(np.arange(len(terms)), sizes)
    alone = held[columns] == 1
    more = np.bincount(rows[alone], values[alone] ** 2, len(terms)).astype(np.int64)
    kept = (weights[columns] > 0) & ((values > SIDE) | (held[columns] < MOST_ASIDE))
    rows, columns, values = rows[kept], columns[kept], values[kept] * weights[columns[kept]]
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows, None, len(terms)))))
    units = _unit_rows(values, ends, more * lone_weight(site_step(index.counts.records)) ** 2)
    shape = (len(terms), max(1, len(numbers)))
    matrix = sparse.csr_array((units.astype(np.int32), columns.astype(np.int32), ends), shape)
    matrix.eliminate_zeros()
    return matrix


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
    held = [[numbers[topic] for topic in found.names] for found in own]
    width = max(map(len, held), default=0)
    filled = [found + [0] * (width - len(found)) for found in held]
    return Topics(
        np.array(filled, np.int64).reshape(len(items), width),
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


def _take_terms(vectors: Matrix, near: Pairs) -> Matrix:
    """`nearness.take_terms` for all records."""
    records = vectors.shape[0]
    squares = near.scores * near.scores
    wholes = np.bincount(near.rows, squares, records).astype(np.int64)
    shares = TAKEN * UNIT * squares // np.maximum(wholes, UNIT * UNIT)[near.rows]
    every = np.arange(records)
    rows, columns = np.concatenate((near.rows, every)), np.concatenate((near.columns, every))
    weights = np.concatenate((shares, np.full(records, UNIT, np.int64)))
    mixed = sparse.csr_array((weights, (rows, columns)), (records, records)) @ vectors
    weights = mixed.data.astype(np.int64)
    weights = _unit_rows(weights, mixed.indptr, UNIT * UNIT * _missing(vectors))
    mixed.data = weights
    missing = _missing(mixed)
    mixed.data[mixed.data < LEAST_TERM] = 0
    mixed.eliminate_zeros()
    mixed.data = _unit_rows(mixed.data, mixed.indptr, missing).astype(np.int32)
    return mixed


def _missing(matrix: Matrix) -> Numbers:
    """`nearness._missing` for all rows."""
    squares = np.concatenate(([0], np.cumsum(matrix.data.astype(np.int64) ** 2)))
    found: Numbers = np.maximum(0, UNIT * UNIT - np.diff(squares[matrix.indptr]))
    return found
