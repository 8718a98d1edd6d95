"""What the site knows of each term: how many records hold it, and how it is written.

Part of finding stories. All of it that matters is one byte for each term. Bytes change in
coarse steps of the counts, so that a new record leaves nearly all terms as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

RARITY = (0, 100, 119, 132, 141, 150, 157, 163, 168)
"""Weight of a word by its rarity, in 100ths: the fourth root of how many times the site must be
halved to come down to the word's holders."""
COMMON = 60
"""Percent that is left to a word that is written in small letters more often than as a name."""
LONE = 30
"""Percent that is left to a word that no other record has: it can only tell records apart."""

FEW, SHARE = 8, 8
"""A name tells something where at most so many records have it, or one record in so many."""

STEPS = 15
IN_SMALL, ALONE, NAME, RARE = 16, 32, 64, 128
"""A term's byte: its rarity in the lowest bits, then whether it is a common word, is in one
record only, is a name that tells something, is rare."""


def _percent(code: int) -> int:
    percent = RARITY[min(code & STEPS, len(RARITY) - 1)]
    if code & IN_SMALL:
        percent = percent * COMMON // 100
    return percent * LONE // 100 if code & ALONE else percent


PERCENTS = bytes(map(_percent, range(256)))
"""For `bytes.translate`: the weight of each term in percent of its weight in the record."""
IS_SHARED = bytes(not code & ALONE for code in range(256))
IS_NAME = bytes(bool(code & NAME) for code in range(256))
IS_RARE = bytes(bool(code & RARE) for code in range(256))


class Scale(NamedTuple):
    """How the number of records bears upon all terms."""

    site: int
    """How many times the site can be halved."""
    most: int
    """Records that a telling name has, at most."""


class Counts(NamedTuple):
    """How many records hold each term, and how often it is written in which case."""

    records: int
    holders: dict[str, int]
    lowered: dict[str, int]
    capital: dict[str, int]


def scale_of(records: int) -> Scale:
    """The scale of a site of so many records."""
    return Scale(max(records.bit_length(), 6), max(FEW, records // SHARE))


def code_of(holders: int, common: bool, scale: Scale) -> int:
    """The byte of a term that so many records hold (one or more)."""
    code = max(0, min(len(RARITY) - 1, scale.site - holders.bit_length()))
    if common:
        code |= IN_SMALL
    if holders == 1:
        return code | ALONE
    if holders <= scale.most and not common:
        return code | NAME | RARE
    return code | RARE if holders <= FEW else code


def is_common(term: str, counts: Counts) -> bool:
    """Whether the term is written in small letters more often than as a name."""
    small = counts.lowered.get(term, 0)
    return small > 0 and small > counts.capital.get(term, 0)


def count_terms(
    terms: Iterable[Iterable[str]],
    lowered: Iterable[Iterable[str]],
    capital: Iterable[Iterable[str]],
    records: int,
) -> Counts:
    """The counts over all records."""
    counters: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for counter, source in zip(counters, (terms, lowered, capital), strict=True):
        for each in source:
            counter.update(each)
    return Counts(records, *counters)


def find_codes(counts: Counts) -> tuple[Mapping[str, int], int]:
    """The byte of each term, and the one of all terms that are left out."""
    scale = scale_of(counts.records)
    held = set(counts.holders.values())
    plain = {count: code_of(count, False, scale) for count in held}
    codes = {term: plain[count] for term, count in counts.holders.items() if count > 1}
    capital = counts.capital
    for term, small in counts.lowered.items():
        if small > capital.get(term, 0):
            codes[term] = code_of(counts.holders[term], True, scale)
    return codes, code_of(1, False, scale)
