"""All pairs of like records, from nothing: through the rare terms that they share.

Part of finding stories. The verdicts are those of `likeness.judge`, found without comparing
records that have nothing rare in common, or cannot be alike enough for the time between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from tidings.catalog.storytelling.counting import Counts, count_terms, find_codes
from tidings.catalog.storytelling.likeness import LEAST, judge_alike, needed
from tidings.catalog.storytelling.marks import read_marks
from tidings.catalog.storytelling.texts import (
    UNIT,
    Reading,
    Text,
    outlet_of,
    rare_terms,
    read_text,
    weigh_text,
)
from tidings.model.record import Record

Verdicts = dict[tuple[int, int], int]
"""By pair of positions, the smaller first: what `likeness.judge` says of it, unless nothing."""


AHEAD = 1 << 40
"""A bit above all sums of weights."""

_Shelves = dict[str, tuple[list[int], list[int]]]
"""By term: places, and the term's weights there."""
NOWHERE: tuple[list[int], list[int]] = ([], [])


class Surveyed(NamedTuple):
    """The texts of a site, and what is found of their pairs."""

    readings: list[Reading]
    counts: Counts
    codes: list[bytes]
    """For each record a byte for each of its terms."""
    verdicts: Verdicts


def survey(records: Sequence[Record], seconds: Sequence[int], window: int) -> Surveyed:
    """All pairs of the records (oldest first) that are at most `window` seconds apart."""
    readings = list(map(read_text, records))
    counts = count_terms(
        [reading.terms for reading in readings],
        [reading.lowered for reading in readings],
        [reading.capital for reading in readings],
        len(readings),
    )
    known, alone = find_codes(counts)
    codes = [bytes([known.get(term, alone) for term in reading.terms]) for reading in readings]
    met = _meetings(readings, codes, seconds, window)
    texts = {
        place: weigh_text(
            readings[place], codes[place], seconds[place], outlet_of(records[place])
        )
        for place in sorted(met)
    }
    return Surveyed(readings, counts, codes, _compare(texts, met, window))


def _meetings(
    readings: Sequence[Reading], codes: Sequence[bytes], seconds: Sequence[int], window: int
) -> dict[int, list[str]]:
    """Of each record the rare terms that another one within the window has, if any."""
    holders: dict[str, list[int]] = {}
    for place, reading in enumerate(readings):
        for term in rare_terms(reading, codes[place]):
            holders.setdefault(term, []).append(place)
    met: dict[int, list[str]] = {}
    for term, places in holders.items():
        before = -1
        last = -1
        for place in places:
            if before >= 0 and seconds[place] - seconds[before] <= window:
                if last != before:
                    met.setdefault(before, []).append(term)
                met.setdefault(place, []).append(term)
                last = place
            before = place
    return met


def _compare(texts: dict[int, Text], met: dict[int, list[str]], window: int) -> Verdicts:
    """The verdicts on the texts, oldest first, that share any of these terms."""
    shelves: tuple[_Shelves, _Shelves] = ({}, {})
    needs = [needed(hours, window) * UNIT for hours in range(window // 3600 + 1)]
    verdicts: Verdicts = {}
    order = list(texts)
    oldest = 0
    for place, text in texts.items():
        while texts[order[oldest]].seconds < text.seconds - window:
            oldest += 1
        for other, total in _sums(place, text, met[place], order[oldest], shelves).items():
            if total >= AHEAD:
                one = texts[other]
                # No two lists of weights have a product above that of their lengths.
                most = total - AHEAD + text.rest * one.rest
                need = needs[(text.seconds - one.seconds) // 3600]
                if (most >= need or (most >= LEAST * UNIT and _have_marks(text, one))) and (
                    verdict := _judge(one, text, total - AHEAD, window)
                ):
                    verdicts[other, place] = verdict
    return verdicts


def _sums(
    place: int, text: Text, terms: list[str], first: int, shelves: tuple[_Shelves, _Shelves]
) -> dict[int, int]:
    """Of each text from `first` on the sum over the rare terms that it shares with this one,
    which is put on the shelves: what titles give, and what only excerpts do.

    `AHEAD` is in it where a title has one: what only the excerpts share is context.
    """
    sums: dict[int, int] = {}
    for term in terms:
        weight, aside = text.rare[term], term in text.aside
        for side, shelf in enumerate(shelves):
            places, weights = shelf.get(term, NOWHERE)
            # Newest last: what the window has left behind is cut off.
            if places and places[-1] >= first:
                mark = 0 if aside and side else AHEAD
                since = bisect_left(places, first)
                for other, others in zip(places[since:], weights[since:], strict=True):
                    sums[other] = sums.get(other, mark) + weight * others | mark
        places, weights = shelves[aside].setdefault(term, ([], []))
        places.append(place)
        weights.append(weight)
    return sums


def _judge(one: Text, other: Text, total: int, window: int) -> int:
    """The verdict on two texts; `total` is the sum over their rare terms."""
    ones, others = one.others, other.others
    for term in one.known & other.known:
        total += ones[term] * others[term]
    if total < LEAST * UNIT:
        return 0
    common = one.rare.keys() & other.rare.keys()
    return judge_alike(one, other, total // UNIT, common, window)


def _have_marks(one: Text, other: Text) -> bool:
    return bool(read_marks(one.reading.headline) and read_marks(other.reading.headline))
