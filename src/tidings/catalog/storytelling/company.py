"""Whom records are near to: the second measure of likeness, over all pairs.

Part of finding stories. *Company*, in 1024ths, compares two records' nearest records: it finds
that headlines without a common word tell of one event, and that a chance likeness does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from typing import NamedTuple

from tidings.catalog.storytelling.likeness import (
    KINDS,
    MOST_OF_ONE,
    SAME,
    VETO,
    WEAK,
)
from tidings.catalog.storytelling.pairing import Verdicts
from tidings.catalog.storytelling.texts import UNIT

NEIGHBOURS = 20
"""How many nearest records make up a record's company."""
LEAST_SELF = 410
"""A record is at least this near to itself: lists of faint likeness must not look alike."""
LEAST_COMPANY = 51
SAME_COMPANY = 614
"""What near-same titles count for at least."""
MANY = 8
"""Common neighbours from which one telling word is taken for the name of an event: many tell
of it."""

Pair = tuple[int, int]


class Pairs(NamedTuple):
    """Pairs of records as positions, the smaller first."""

    likeness: dict[Pair, int]
    company: dict[Pair, int]
    same_title: frozenset[Pair]
    vetoes: frozenset[Pair]
    """Alike, and yet different events."""


def weigh_pairs(verdicts: Verdicts) -> Pairs:
    """The pairs with their company. Weak pairs that have too little of it lose likeness."""
    likeness = {pair: verdict // KINDS for pair, verdict in verdicts.items() if verdict != VETO}
    near = _neighbours(likeness)
    company = _companies(near)
    same: list[Pair] = []
    vetoes: list[Pair] = []
    for pair, verdict in verdicts.items():
        kind = verdict % KINDS
        if kind == SAME:
            same.append(pair)
            company[pair] = max(company.get(pair, 0), SAME_COMPANY)
        elif kind == VETO:
            vetoes.append(pair)
        elif kind == WEAK and len(near[pair[0]].keys() & near[pair[1]].keys()) < MANY:
            likeness[pair] = MOST_OF_ONE
    return Pairs(likeness, company, frozenset(same), frozenset(vetoes))


def _neighbours(likeness: Mapping[Pair, int]) -> dict[int, dict[int, int]]:
    """The `NEIGHBOURS` nearest records of each record that has any, by likeness."""
    near: dict[int, dict[int, int]] = {}
    for (one, other), alike in likeness.items():
        near.setdefault(one, {})[other] = alike
        near.setdefault(other, {})[one] = alike
    for place, found in near.items():
        if len(found) > NEIGHBOURS:
            best = sorted(found.items(), key=lambda each: (-each[1], each[0]))
            near[place] = dict(best[:NEIGHBOURS])
    return near


def _companies(near: Mapping[int, Mapping[int, int]]) -> dict[Pair, int]:
    """How alike the company of two records is, for all pairs that have some in common."""
    keepers: dict[int, list[Pair]] = {}
    for place in sorted(near):
        found = near[place]
        itself = max(LEAST_SELF, *found.values())
        # Squares make the nearest count most: a long tail of faint ones does little harm.
        weights = [(other, alike * alike) for other, alike in found.items()]
        weights.append((place, itself * itself))
        length = isqrt(sum([weight * weight for _, weight in weights]))
        half = length // 2
        for other, weight in weights:
            keepers.setdefault(other, []).append((place, (weight * UNIT + half) // length))
    # A row for each record: sums of whole numbers, so that their order does not matter.
    rows: dict[int, dict[int, int]] = {place: {} for place in near}
    for keeping in keepers.values():
        for at, (one, weight) in enumerate(keeping, start=1):
            row = rows[one]
            for other, others in keeping[at:]:
                row[other] = row.get(other, 0) + weight * others
    least = LEAST_COMPANY * UNIT
    return {
        (one, other): total // UNIT
        for one, row in rows.items()
        for other, total in row.items()
        if total >= least
    }
