"""The numbers of relating: all whole, all in coarse steps.

Whole numbers give the same order on every machine and in every order of adding. Coarse steps
keep a list as it is while nothing near it changes: a new record moves a count by one, and a
count that stays within its step changes no weight at all. See
`docs/adr/0010-stable-related-weights.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from math import isqrt
from operator import mul

UNIT = 1024
"""Length of a record's vector of terms, and the likeness of two equal texts."""

RARITY = (0, 0, 119, 132, 141, 150, 157, 163, 168)
"""Weight of a term by `rarity_step`: the fourth root of the step, in 100ths. Both records'
vectors carry it, so a match counts with its square root twice: once the root of its rarity."""

TOPIC_RARITY = (0, 0, 3, 8, 10)
"""Weight of a topic by half-halvings of the site down to its holders: nothing near all of
it."""
TOPIC_DAMPING = 16
"""Square of what every record's topics are measured against, so that weak topics stay weak."""

MOST_RECORDS = 512
"""A term of this many records or more tells nothing and is not followed."""
MOST_ASIDE = 128
"""A word that only the excerpt has must be rarer: it is context, and there is much of it."""

COMMON = 60
"""Percent that is left to a word that is written in small letters more often than as a name."""

DAY = 86_400


def site_step(records: int) -> int:
    """The site's size as it enters weights: doublings, of at least 32 records."""
    return max(records.bit_length(), 6)


def rarity_step(holders: int, site: int) -> int:
    """How rare a term is: halvings of the site down to its holders, 0 for all, 8 at most.

    From about a thousand records on, steps are four-fold and the first one reaches to 31
    holders, so one more holder hardly ever changes a weight.
    """
    floor = max(1, min(5, site - 6))
    size = max(holders.bit_length(), floor)
    if floor == 5:
        size += (size - floor) & 1
    return max(0, min(8, site - size))


@functools.cache
def term_weight(holders: int, common: bool, site: int) -> int:
    """Weight of a term with so many holders, `common` when it is mostly written small.

    A term of a single record cannot be shared; it counts in the length of vectors only.
    """
    if not 1 < holders < MOST_RECORDS:
        return 0
    weight = RARITY[rarity_step(holders, site)]
    return weight * COMMON // 100 if common else weight


def lone_weight(site: int) -> int:
    """Weight, in the length of a vector, of a term that no other record has.

    On a small site it is as weighty as any: most words are met only once, and two records that
    share one word of ten are not alike. Among thousands of records it is an oddity or a slip.
    """
    return max(35, 140 - 21 * max(0, site - 6))


def topic_weight(holders: int, records: int) -> int:
    """Weight of a topic: nothing for one that most of the site shares.

    The bit lengths of squares step at every factor of √2.
    """
    step = max((records * records).bit_length(), 7) - (holders * holders).bit_length()
    return TOPIC_RARITY[max(0, min(step, 4))]


def unit_vector(weights: Mapping[str, int], more: int = 0) -> dict[str, int]:
    """The weights scaled to length `UNIT`, rounded; terms that round to nothing are left out.

    `more` is what the squared length has besides these weights.
    """
    scaled = unit_weights(list(weights.values()), more)
    return {term: weight for term, weight in zip(weights, scaled, strict=False) if weight}


def unit_weights(weights: Sequence[int], more: int = 0) -> list[int]:
    """The same for numbers alone, in their order, with zeros; nothing where all are zeros."""
    length = isqrt(sum(map(mul, weights, weights)) + more)
    half = length // 2
    return [(weight * UNIT + half) // length for weight in weights] if length else []


def closeness(first: int, second: int, half_life_days: int) -> int:
    """What the time between two instants leaves of their likeness, in 1024ths.

    h² / (h² + d²) with d days between them and half-life h: 1 at once, 1/2 after h, little
    after a year; smooth, never negative, and much flatter in the first days than a halving each
    h days.
    """
    if not half_life_days:
        return UNIT
    # Hours, so that the squares of thousands of years stay within 64 bits times 1024.
    half = half_life_days * 24
    apart = abs(first - second) // 3600
    return UNIT * half * half // (half * half + apart * apart)


def reach(least: int, half_life_days: int) -> int | None:
    """The most seconds between two instants whose `closeness` is at least `least`.

    Records farther apart are never alike by `least`, whatever they share but a URL. None when
    there is no such bound. `least` is in 1024ths.
    """
    if not half_life_days or least <= 0:
        return None
    half = half_life_days * 24
    hours = isqrt(half * half * max(0, UNIT - least) // least)
    return hours * 3600 + 3599
