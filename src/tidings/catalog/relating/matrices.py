"""The records' vectors as sparse matrices of whole numbers: reading, counting and enriching.

Part of the fast way of `neighbours`. Each function says which one of plain Python it equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from tidings.catalog.relating.indexing import (
    complete_index,
    count_topics,
    weigh_counts,
)
from tidings.catalog.relating.nearness import LEAST_TERM, TAKEN, Counts, Index
from tidings.catalog.relating.reading import PART, Numbers, Reading, read_all, rows_of
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.terms import SIDE
from tidings.catalog.relating.weights import MOST_ASIDE, UNIT, lone_weight, site_step

Matrix = Any
"""A SciPy sparse array; SciPy has no types."""


class Cells(NamedTuple):
    """The terms of all records as numbers, record by record."""

    read: Reading
    holders: Numbers
    """Records of each term."""
    weighed: Numbers
    """Numbers of the terms in `Index.term_weights`, in its order."""


def number_items(items: Sequence[Relatable], options: RelatedOptions) -> tuple[Index, Cells]:
    """`indexing.index_items`, and its terms as numbers.

    The index does not count terms of one record; the numbers do.
    """
    read = read_all(items, options)
    names = list(read.names)
    held = np.bincount(read.terms.numbers, minlength=len(names))
    many = np.flatnonzero(held > 1).tolist()
    counted = list(zip(map(names.__getitem__, many), held[many].tolist(), strict=True))
    counts = Counts(
        len(items),
        dict(counted),
        _counted(names, read.common.numbers),
        _counted(names, read.capital.numbers),
        count_topics(items),
    )
    weights = weigh_counts(counts, counted)
    terms = rows_of(read, [item.id for item in items])
    weighed = [number for number in many if names[number] in weights]
    index = complete_index(items, terms, counts, weights)
    return index, Cells(read, held, np.array(weighed, np.int64))


def _counted(names: list[str], found: Numbers) -> dict[str, int]:
    counts = np.bincount(found, minlength=len(names))
    there = np.flatnonzero(counts)
    texts = map(names.__getitem__, there.tolist())
    return dict(zip(texts, counts[there].tolist(), strict=True))


def weigh_cells(index: Index, cells: Cells) -> Matrix:
    """`nearness.weigh_terms` for all records; a column for each weighed term."""
    own, weights = cells.read.terms, cells.read.weights
    records, weighed = len(own.sizes), index.term_weights
    term_weights = np.fromiter(weighed.values(), np.int64, len(weighed))
    # Weighed terms are numbered among themselves: products need room for each column.
    places = np.full(len(cells.holders), -1)
    places[cells.weighed] = np.arange(len(weighed))
    rows, columns, held = (
        np.repeat(np.arange(records), own.sizes),
        places[own.numbers],
        cells.holders[own.numbers],
    )
    alone = held == 1
    more = np.bincount(rows[alone], weights[alone] ** 2, records).astype(np.int64)
    kept = (columns >= 0) & ((weights > SIDE) | (held < MOST_ASIDE))
    rows, columns = rows[kept], columns[kept]
    values = weights[kept] * term_weights[columns]
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows, None, records))))
    units = unit_rows(values, ends, more * lone_weight(site_step(index.counts.records)) ** 2)
    parts = (units.astype(np.int32), columns.astype(np.int32), ends.astype(np.int32))
    matrix = sparse.csr_array(parts, (records, max(1, len(weighed))))
    matrix.eliminate_zeros()
    return matrix


def unit_rows(weights: Numbers, ends: Numbers, more: Numbers | int = 0) -> Numbers:
    """`weights.unit_vector` for many vectors: row r is what lies between its two ends."""
    sums = np.concatenate(([0], np.cumsum(weights * weights)))
    # Squares stay below 2**52, where the rounded root of a float cuts off to the exact one.
    roots = np.sqrt((sums[ends[1:]] - sums[ends[:-1]] + more).astype(np.float64))
    lengths = np.maximum(roots.astype(np.int64), 1)
    per_cell = np.repeat(lengths, np.diff(ends))
    # Below 2**33 over below 2**23: the float is never rounded up to the next whole number.
    units: Numbers = ((weights * UNIT + per_cell // 2) / per_cell).astype(np.int64)
    return units


def take_all_terms(vectors: Matrix, rows: Numbers, columns: Numbers, scores: Numbers) -> Matrix:
    """`nearness.take_terms` for all records, given each one's nearest by row."""
    records = vectors.shape[0]
    squares = scores * scores
    wholes = np.bincount(rows, squares, records).astype(np.int64)
    shares = TAKEN * UNIT * squares // np.maximum(wholes, UNIT * UNIT)[rows]
    # Each row of the sums takes from its nearest, and last from itself.
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows, None, records) + 1)))
    own, at = ends[1:] - 1, np.arange(len(rows)) + rows
    taken, weights = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int32)
    taken[own], weights[own] = np.arange(records), UNIT
    taken[at], weights[at] = columns, shares
    sums = sparse.csr_array((weights, taken, ends.astype(np.int32)), (records, records))
    lacking = missing(vectors)
    # What is taken is much more than what is strong enough to stay.
    parts = [
        _mixed(_rows_between(sums, first, first + PART), vectors, lacking[first : first + PART])
        for first in range(0, records, PART)
    ]
    return parts[0] if len(parts) == 1 else sparse.vstack(parts, "csr")


def _mixed(sums: Matrix, vectors: Matrix, lacking: Numbers) -> Matrix:
    mixed = sums @ vectors
    units = unit_rows(mixed.data.astype(np.int64), mixed.indptr, UNIT * UNIT * lacking)
    mixed.data = units
    lacking = missing(mixed)
    mixed.data = np.where(units < LEAST_TERM, 0, units)
    mixed.eliminate_zeros()
    mixed.data = unit_rows(mixed.data, mixed.indptr, lacking).astype(np.int32)
    return mixed


def missing(matrix: Matrix) -> Numbers:
    """`nearness._missing` for all rows."""
    squares = np.concatenate(([0], np.cumsum(matrix.data.astype(np.int64) ** 2)))
    found: Numbers = np.maximum(0, UNIT * UNIT - np.diff(squares[matrix.indptr]))
    return found


def products(
    matrix: Matrix, start: int, size: int, end: int, least: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Products of `size` rows with those after them and before `end`: rows, columns, products.

    By column, and only such as are at least `least`, which is above 0 and has a number for
    each row from `start` on.
    """
    block = _rows_between(matrix, start, start + size)
    # The narrow side last: then the sums of a row stay in the processor's nearest memory.
    product = _rows_between(matrix, start, end) @ block.T.tocsr()
    ends = product.indptr
    sizes = np.diff(ends)
    # Within the block each pair is met twice, and each record with itself.
    within = slice(ends[block.shape[0]])
    earlier = np.repeat(np.arange(block.shape[0]), sizes[: block.shape[0]])
    product.data[within][product.indices[within] >= earlier] = 0
    large = np.flatnonzero(product.data >= np.repeat(least, sizes))
    later = np.repeat(np.arange(start, end), np.diff(np.searchsorted(large, ends)))
    return product.indices[large].astype(np.int64) + start, later, product.data[large]


def _rows_between(matrix: Matrix, first: int, last: int) -> Matrix:
    """The rows from `first` up to `last`, or to the end, without copying them."""
    last = min(last, matrix.shape[0])
    ends = matrix.indptr
    cells = slice(ends[first], ends[last])
    parts = (matrix.data[cells], matrix.indices[cells], ends[first : last + 1] - ends[first])
    return sparse.csr_array(parts, (last - first, matrix.shape[1]))
