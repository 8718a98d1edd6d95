"""Which records have much in common with a vector, read from rows of numbers by term.

For updates, where this is most of the work. With NumPy if the program has it at hand already,
term by term if not: importing it would take longer than a small change does. Whole numbers far
below 2⁵³ are added up, so both ways give the same.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidings.catalog.relating.layers import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MANY = 100
"""Vectors to compare from which NumPy saves more time than its import takes."""


class Postings(Stored[dict[str, int]]):
    """Each term's records with their numbers."""

    __slots__ = ("_cells", "_ends", "_names", "_records", "_terms", "_weights")

    def __init__(
        self,
        terms: Mapping[str, int],
        names: Sequence[str],
        cells: tuple[memoryview, memoryview, memoryview],
        read: Callable[[int], dict[str, int]],
    ) -> None:
        """`terms` have the numbers of rows, `names` those of records; `cells` are the ends of
        rows, the records in them, and their weights."""
        super().__init__(terms, read)
        self._terms = terms
        self._names = names
        self._ends, self._records, self._weights = cells
        self._cells: tuple[Any, Any] | None = None

    def alike(self, vector: Mapping[str, int], least: int) -> dict[str, int] | None:
        """The records whose product with the vector is at least this; None without NumPy."""
        np = sys.modules.get("numpy")
        if np is None:
            return None
        if self._cells is None:
            self._cells = (
                np.frombuffer(self._records, np.uint32),
                np.frombuffer(self._weights, np.uint16),
            )
        records, weights = self._cells
        rows: list[slice] = []
        factors: list[int] = []
        ends, number_of = self._ends, self._terms.get
        for term, weight in vector.items():
            number = number_of(term)
            if number is not None:
                rows.append(slice(ends[number], ends[number + 1]))
                factors.append(weight)
        if not rows:
            return {}
        products = np.concatenate([weights[row] for row in rows]) * np.repeat(
            np.array(factors, np.float64), [row.stop - row.start for row in rows]
        )
        sums = np.bincount(np.concatenate([records[row] for row in rows]), products)
        found = np.flatnonzero(sums >= least)
        names = self._names
        return {
            names[number]: int(total)
            for number, total in zip(found.tolist(), sums[found].tolist(), strict=True)
        }


def prepare(vectors: int) -> None:
    """Has NumPy at hand where so many vectors are worth its import."""
    if vectors >= MANY and "numpy" not in sys.modules and importlib.util.find_spec("numpy"):
        importlib.import_module("numpy")
