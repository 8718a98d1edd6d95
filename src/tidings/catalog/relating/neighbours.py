"""All records' neighbours at once, with SciPy's sparse matrices: the fast way to `nearness`.

Only whole numbers are added up, so the sums are exact and equal to those of plain Python in any
order. Records are compared in blocks with those that are older and near enough in time: what is
farther cannot reach the least likeness, and likeness is the same from both sides. So time and
memory grow with the records and not with their square.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tidings.catalog.relating.circumstances import (
    Circumstances,
    closenesses,
    share_urls,
    topic_factors,
)
from tidings.catalog.relating.matrices import (
    Cells,
    Matrix,
    products,
    take_all_terms,
    weigh_cells,
)
from tidings.catalog.relating.nearness import LEAST_TEXT, NEIGHBOURS, Index
from tidings.catalog.relating.ranking import Pairs, Ranking, first_pairs, joined
from tidings.catalog.relating.reading import Numbers
from tidings.catalog.relating.relating_types import RelatedOptions
from tidings.catalog.relating.weights import UNIT, reach

BLOCK = 2048
"""Records whose rows are worked on together."""
MOST_HELD = 8_000_000
"""Pairs that are held before only the best are kept."""


def related_pairs(
    index: Index, cells: Cells, facts: Circumstances, options: RelatedOptions
) -> Pairs:
    """The pairs to show with scores from 0 to 1000."""
    vectors = weigh_cells(index, cells)
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
    facts: Circumstances,
    counts: tuple[int, int],
    options: RelatedOptions,
) -> Survey:
    """All vectors, and for each record so many of the first and of the second round's best."""
    vectors = weigh_cells(index, cells)
    near = _best_of_all(vectors, facts, counts[0], LEAST_TEXT, options)
    nearest = first_pairs(near, NEIGHBOURS)
    richer = take_all_terms(vectors, *nearest)
    return Survey(
        vectors, near, richer, _best_of_all(richer, facts, counts[1], LEAST_TEXT, options)
    )


def _best_of_all(
    vectors: Matrix, facts: Circumstances, count: int, least: int, options: RelatedOptions
) -> Pairs:
    """The best `count` of each record, of at least this likeness."""
    ranking = Ranking(vectors.shape[0], BLOCK, count, MOST_HELD)
    if options.coverage_weight and len(facts.covered):
        ranking.add(_covered_scores(vectors, facts, least, options))
    found: list[Pairs] = []
    for start in range(0, vectors.shape[0], BLOCK):
        end = _within(facts, start, least, options)
        enough = _enough(facts, start, end, least, options)
        later = Pairs(*products(vectors, start, BLOCK, end, enough))
        scores = _scores(later, facts, options)
        near = np.flatnonzero(scores >= least)
        pairs = Pairs(later.rows[near], later.columns[near], scores[near])
        if options.coverage_weight:
            apart = ~share_urls(facts, pairs.rows, pairs.columns)
            pairs = Pairs(*(numbers[apart] for numbers in pairs))
        ranking.add(Pairs(pairs.columns, pairs.rows, pairs.scores))
        found.append(ranking.settle(start, pairs))
    return joined(found)


def _within(facts: Circumstances, start: int, least: int, options: RelatedOptions) -> int:
    """Where those end that are near enough in time to any record of the block."""
    apart = reach(least, options.half_life_days)
    if apart is None:
        return len(facts.instants)
    oldest = facts.instants[min(start + BLOCK, len(facts.instants)) - 1]
    return int(np.searchsorted(-facts.instants, -(oldest - apart), side="right"))


def _enough(
    facts: Circumstances, start: int, end: int, least: int, options: RelatedOptions
) -> Numbers:
    """For the block's records and those up to `end` the least product with any of the block
    that time may leave this likeness of."""
    instants = facts.instants[start:end]
    oldest = np.full(end - start, instants[: min(BLOCK, end - start)][-1])
    near = closenesses(np.minimum(instants, oldest), oldest, options)
    texts = -(-least * UNIT // np.maximum(near, 1))
    found: Numbers = (np.minimum(texts, UNIT + 1) * UNIT).astype(np.int32)
    return found


def _scores(pairs: Pairs, facts: Circumstances, options: RelatedOptions) -> Numbers:
    """Likeness but for shared URLs, given the products of the pairs' vectors."""
    near = closenesses(facts.instants[pairs.rows], facts.instants[pairs.columns], options)
    scores = np.minimum(pairs.scores // UNIT, UNIT)
    scores = scores * topic_factors(facts.topics, pairs.rows, pairs.columns, options) // UNIT
    found: Numbers = scores * near // UNIT
    return found


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
